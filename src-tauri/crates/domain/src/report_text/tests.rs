use super::*;
use crate::analysis::{Band, Gate};
use crate::checklist::{ChecklistKind, ChecklistVerdict};
use crate::comparison::Bounded;
use crate::decision::Plan;
use crate::measure::DermoscopicColour;
use crate::model::{Label, Malignancy};
use crate::report::LONGEST_TEXT;
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn facts() -> TextFacts {
    let label = Label { code: "mel".into(), name: "Melanoma".into(), malignancy: Malignancy::Malignant };
    TextFacts {
        gate: Gate::Confident,
        band: Band::Malignant,
        class: Some((label, 0.871)),
        malignant_sum: 0.912,
        photographs: 2,
        analysed_on: date(2026, 11, 20),
        measures: Some(TextMeasures {
            diameter_mm: Some(7.24),
            area_mm2: Some(31.5),
            asymmetry: Some(2),
            border: Some(5),
            colours: Some(vec![DermoscopicColour::DarkBrown, DermoscopicColour::BlueGrey]),
            touches_frame: false,
        }),
        checklists: vec![TextChecklist {
            kind: ChecklistKind::Abcd,
            score: 6.1,
            verdict: Some(ChecklistVerdict::HighlySuspicious),
        }],
        plan: Some(Plan::Biopsy),
        impression: Some("melanoma_in_situ".into()),
        comparison: Some(TextComparison {
            earlier_on: date(2026, 3, 5),
            area: Some(Bounded { value: 1.34, low: 1.12, high: 1.6 }),
            registered: true,
        }),
        follow_up: None,
    }
}

fn written(key: &str, language: TextLanguage, facts: &TextFacts) -> String {
    Template::read(built_in(key).unwrap().text(language)).unwrap().write(facts, language)
}

fn faults(source: &str) -> Vec<(u32, FaultKind, String)> {
    let found = Template::read(source).unwrap_err();
    found.into_iter().map(|fault| (fault.line, fault.kind, fault.word)).collect()
}

#[test]
fn a_reading_is_told_in_three_languages() {
    let text = written("short", TextLanguage::En, &facts());
    assert_eq!(
        text,
        "Clinical assessment: melanoma in situ. Biopsy or excision with histology planned. Automated reading: \
         melanoma (87.1 %). Malignancy is suspected (malignant classes 91.2 %); prompt specialist assessment is \
         indicated. Largest diameter 7.2 mm. No diagnosis: the assessment of the clinician takes precedence."
    );
    let text = written("standard", TextLanguage::De, &facts());
    for part in [
        "Klinische Einschätzung: Melanoma in situ.",
        "(2 Aufnahmen) steht an erster Stelle: Melanom (87,1 %).",
        "Durchmesser auf der Aufnahme beträgt 7,2 mm. Die Fläche beträgt 31,5 mm².",
        "dunkelbraun, blaugrau",
        "beträgt 6,1 (über 5,45)",
        "vom 5. März 2026 ist die Läsion gewachsen: Die Fläche änderte sich um +34 % (95-%-Intervall +12 % bis +60 %).",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let text = written("course", TextLanguage::Es, &facts());
    assert!(text.contains("Desde la fotografía del 5 de marzo de 2026 la lesión ha crecido"), "{text}");
    assert!(text.contains("El diámetro máximo es ahora de 7,2 mm."), "{text}");
}

#[test]
fn the_clinicians_word_stands_first() {
    for language in TextLanguage::ALL {
        for one in BUILT_IN {
            let text = written(one.key, language, &facts());
            let [impression, class] =
                ["melanoma_in_situ", "mel"].map(|code| terms::term(code, language).unwrap().to_owned());
            let first = text.find(&impression).unwrap();
            assert!(text.find(&format!("{class} (")).is_none_or(|at| first < at), "{text}");
        }
    }
}

#[test]
fn a_sentence_without_its_figure_is_left_out() {
    let template = Template::read("Size {diameter}, area {area}.\nSeen on {analysed_on}.\nEnd.").unwrap();
    let mut known = facts();
    assert_eq!(
        template.write(&known, TextLanguage::En),
        "Size 7.2 mm, area 31.5 mm². Seen on 20 November 2026. End."
    );
    known.measures = None;
    assert_eq!(template.write(&known, TextLanguage::De), "Seen on 20. November 2026. End.");
}

#[test]
fn a_condition_names_words_or_all_others() {
    let template = Template::read(
        "[band: suspicious | malignant; decision: none]\nOne.\n[band: not benign]\nTwo.\n[always]\n\nThree.",
    )
    .unwrap();
    let with = |band, plan| template.write(&TextFacts { band, plan, ..facts() }, TextLanguage::En);
    assert_eq!(with(Band::Malignant, None), "One. Two.\n\nThree.");
    assert_eq!(with(Band::Malignant, Some(Plan::Refer)), "Two.\n\nThree.");
    assert_eq!(with(Band::Benign, None), "Three.");
}

#[test]
fn every_fault_is_named_with_its_line() {
    assert_eq!(
        faults(
            "# A remark\n[band: bening]\nOne {diametre}.\n[bands: benign]\nTwo {area.\n[gate confident]\n[gate"
        ),
        [
            (2, FaultKind::UnknownWord, "bening".to_owned()),
            (3, FaultKind::UnknownPlaceholder, "diametre".to_owned()),
            (4, FaultKind::UnknownCondition, "bands".to_owned()),
            (5, FaultKind::BadBrace, "{area.".to_owned()),
            (6, FaultKind::BadHead, "gate confident".to_owned()),
            (7, FaultKind::BadHead, "[gate".to_owned()),
        ]
    );
    for empty in ["", "# Nothing", "[band: benign]\nOnly then.", "Always {class}.", "[always]"] {
        assert_eq!(faults(empty), [(0, FaultKind::MayBeEmpty, String::new())], "{empty}");
    }
    assert_eq!(faults(&"x".repeat(1_001))[0].1, FaultKind::TooLong);
    assert_eq!(faults(&"A sentence.\n".repeat(1_200))[0].0, 0);
    assert_eq!(faults("One\u{7}.")[0].1, FaultKind::BadSign);
}

#[test]
fn the_languages_of_a_template_ask_for_the_same() {
    let skeleton = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with('[')).map(str::to_owned).collect()
    };
    let figures = |text: &str| -> Vec<String> {
        let mut found: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect();
        found.sort_unstable();
        found
    };
    for one in BUILT_IN {
        for language in TextLanguage::ALL {
            let (english, other) = (one.text(TextLanguage::En), one.text(language));
            assert_eq!(skeleton(english), skeleton(other), "{}, {}", one.key, language.code());
            assert_eq!(figures(english), figures(other), "{}, {}", one.key, language.code());
        }
    }
}

#[test]
fn changing_the_words_accepts_them_and_leaving_them_does_not() {
    let proposal = ReportProposal {
        id: ReportProposalId::fresh(),
        patient_id: PatientId::fresh(),
        analysis_id: AnalysisId::fresh(),
        source: TextSource::LanguageModel {
            model: "local".into(),
            host: "127.0.0.1".into(),
            language: TextLanguage::En,
        },
        text: "As proposed. ".into(),
        refused: false,
    };
    for (conclusion, accepted, standing) in [
        ("As proposed.", false, TextStanding::Unread),
        ("As proposed.", true, TextStanding::Accepted),
        ("Mine first.\n\nAs proposed.", false, TextStanding::Unread),
        ("As I say.", false, TextStanding::Edited),
        ("As I say.", true, TextStanding::Edited),
    ] {
        assert_eq!(TextOrigin::of(&proposal, conclusion, accepted).standing, standing, "{conclusion}");
    }
}

fn days() -> impl Strategy<Value = Date> {
    (2000i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn share() -> impl Strategy<Value = f64> {
    0.0..=1.0f64
}

fn measured() -> impl Strategy<Value = TextMeasures> {
    let colours = prop::sample::subsequence(DermoscopicColour::ALL.to_vec(), 0..=6);
    let sizes = prop::option::of((0.1..90.0f64, 0.1..900.0f64));
    (sizes, prop::option::of(0u8..=2), prop::option::of(0u8..=8), prop::option::of(colours), any::<bool>())
        .prop_map(|(sizes, asymmetry, border, colours, touches_frame)| TextMeasures {
            diameter_mm: sizes.map(|(diameter, _)| diameter),
            area_mm2: sizes.map(|(_, area)| area),
            asymmetry,
            border,
            colours,
            touches_frame,
        })
}

fn compared() -> impl Strategy<Value = TextComparison> {
    let area = prop::option::of((0.2..4.0f64, 0.01..0.5f64));
    (days(), area, any::<bool>()).prop_map(|(earlier_on, area, registered)| TextComparison {
        earlier_on,
        area: area.map(|(value, width)| Bounded::ratio(value, width)),
        registered,
    })
}

fn filled() -> impl Strategy<Value = TextChecklist> {
    use ChecklistVerdict as V;
    let lists = vec![
        (ChecklistKind::Abcd, Some(V::Suspicious)),
        (ChecklistKind::Abcd, None),
        (ChecklistKind::SevenPoint, Some(V::Melanoma)),
        (ChecklistKind::WeightedSevenPoint, Some(V::NoReferral)),
        (ChecklistKind::Menzies, Some(V::NotMelanoma)),
        (ChecklistKind::Abcde, Some(V::WarningSigns)),
    ];
    (prop::sample::select(lists), 0.0..9.0f64).prop_map(|((kind, verdict), score)| TextChecklist {
        kind,
        score,
        verdict,
    })
}

prop_compose! {
    fn readings()(
        gate in prop::sample::select(vec![
            Gate::Inconclusive, Gate::Uncertain, Gate::Confident, Gate::OutOfDistribution,
        ]),
        band in prop::sample::select(vec![Band::Benign, Band::Suspicious, Band::Malignant]),
        class in prop::option::of((prop::sample::select(vec!["mel", "nv", "bkl", "scc"]), share())),
        malignant_sum in share(),
        photographs in 1usize..=3,
        analysed_on in days(),
        measures in prop::option::of(measured()),
        checklists in prop::collection::vec(filled(), 0..3),
        plan in prop::option::of(prop::sample::select(vec![
            Plan::Reassure, Plan::Monitor { months: 1 }, Plan::Monitor { months: 6 }, Plan::Biopsy, Plan::Refer,
        ])),
        impression in prop::option::of(prop::sample::select(vec!["nv", "melanoma_in_situ", "other"])),
        comparison in prop::option::of(compared()),
        follow_up in prop::option::of(days()),
    ) -> TextFacts {
        let class = class.map(|(code, probability)| {
            (Label { code: code.into(), name: code.into(), malignancy: Malignancy::Benign }, probability)
        });
        TextFacts {
            gate, band, class, malignant_sum, photographs, analysed_on, measures, checklists, plan,
            impression: impression.map(str::to_owned), comparison, follow_up,
        }
    }
}

/// What must not be said where malignancy is possible or nothing was assessed, in the words of the templates.
const LOWEST: [&str; 3] =
    ["the lowest of three bands", "das niedrigste von drei Bändern", "la más baja de tres bandas"];

proptest! {
    #[test]
    fn the_same_reading_gives_the_same_whole_text(facts in readings()) {
        for one in BUILT_IN {
            for language in TextLanguage::ALL {
                let text = written(one.key, language, &facts);
                prop_assert_eq!(&text, &written(one.key, language, &facts.clone()));
                prop_assert!(!text.trim().is_empty() && text.chars().count() <= LONGEST_TEXT);
                prop_assert!(!text.contains(['{', '}', '[', ']', '#']), "{}", text);
                prop_assert!(!text.contains("  ") && !text.contains("\n\n\n"), "{}", text);
                if facts.band != Band::Benign || !facts.assessed() {
                    prop_assert!(!text.contains(LOWEST[language as usize]), "{}", text);
                }
                if !facts.assessed() {
                    prop_assert!(!text.contains(" mm"), "{}", text);
                    let classes = ["mel", "nv", "bkl", "scc"].map(|code| terms::term(code, language).unwrap());
                    let said = classes.iter().any(|class| text.contains(&format!("{class} (")));
                    prop_assert!(!said, "{}", text);
                }
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_a_template_or_has_faults(source in "(\\[?[a-z]{0,9}[:;|\\] {}\n.#]){0,40}", facts in readings()) {
        match Template::read(&source) {
            Ok(template) => {
                for language in TextLanguage::ALL {
                    prop_assert!(!template.write(&facts, language).is_empty());
                }
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }
}
