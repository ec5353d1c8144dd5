use documents::{DocumentError, Paper, render_report, render_report_in};
use domain::ReportProposalId;
use domain::advice::{DISCLAIMER, advise};
use domain::analysis::{Band, Gate, Novelty};
use domain::quality::QualityCode;
use domain::report::{Letterhead, ReportContent};
use domain::report_text::{TextLanguage, TextOrigin, TextSource, TextStanding};

use crate::fixtures::{assessment, failed, image, large, typical};
use crate::poppler::{Specimen, squeezed};

const SPREAD: [f64; 8] = [0.24, 0.31, 0.11, 0.09, 0.14, 0.05, 0.04, 0.02];

fn specimen(name: &str, content: &ReportContent) -> Option<Specimen> {
    Specimen::keep(name, &render_report(content, Paper::A4).unwrap())
}

#[test]
fn a_conclusion_that_a_language_model_drafted_says_so() {
    let origin =
        |source, standing| Some(TextOrigin { proposal_id: ReportProposalId::fresh(), source, standing });
    let language = TextLanguage::En;
    let model = TextSource::LanguageModel { model: "house-8b".into(), host: "llm.house".into(), language };
    let (key, name) = ("short".to_owned(), "Short".to_owned());
    let template = TextSource::Template { key, name, version: 1, language };
    for (name, text_origin, said) in [
        ("drafted-edited", origin(model.clone(), TextStanding::Edited), Some("the clinician edited it")),
        ("drafted-unread", origin(model, TextStanding::Unread), Some("no clinician has accepted it yet")),
        ("from-template", origin(template, TextStanding::Accepted), None),
    ] {
        let Some(specimen) = specimen(name, &ReportContent { text_origin, ..typical() }) else { return };
        let text = specimen.text();
        assert_eq!(text.contains("Drafted by the language model house-8b"), said.is_some(), "{name}");
        assert!(said.is_none_or(|said| text.contains(said)), "{name}: {text}");
    }
}

fn assert_identity(pages: &[String], content: &ReportContent, born: &str) {
    let count = pages.len();
    for (index, page) in pages.iter().enumerate() {
        let page = squeezed(page);
        let line = format!("{} · born {born} · {}", content.patient_number, content.patient_name);
        let foot = [
            line.as_str(),
            &format!("Report {}", content.number),
            &format!("Page {} of {count}", index + 1),
            "Decision support, not a diagnosis",
            "UNSIGNED DRAFT",
        ];
        for text in foot {
            assert!(page.contains(text), "page {} lacks {text:?}:\n{page}", index + 1);
        }
    }
}

#[test]
fn a_typical_report_says_everything() {
    let content = large();
    let bytes = render_report(&content, Paper::A4).unwrap();
    assert!(bytes.len() < 1_500_000, "{} bytes", bytes.len());
    let Some(specimen) = Specimen::keep("report-typical", &bytes) else {
        return;
    };
    let pages = specimen.pages();
    assert!(pages.len() <= 2, "{} pages", pages.len());
    assert_identity(&pages, &content, "9 Mar 1971");
    let text = specimen.text();
    for said in [
        "Harbour Street Dermatology",
        "12 Harbour Street, 4021 Port Ellery",
        "Skin lesion report",
        "20 Nov 2026, 14:02 UTC",
        "9 Mar 1971 (55 years)",
        "female",
        "L2, mole left calf",
        "Lower leg, left",
        "Photograph: dermoscopic, 20 Nov 2026",
        "Model attention (Grad-CAM)",
        "Quality warning: ruler or scale in the picture; hair over the lesion",
        "largest diameter 943 px (uncalibrated), 1 of 2 axes asymmetric, 3 of 8 border segments abrupt",
        "proposal: 4.1; its structures are guessed",
        "Malignancy suspected",
        &content.assessment.advice.text,
        "Recommendation table 2026-11b, row confident_malignant",
        "Melanoma (mel)",
        "Malignant",
        "Immediate",
        "Confident",
        "83.1 %",
        "< 0.1 %",
        "Malignant classes together 85.6 %",
        "Prediction set: Melanoma, Melanocytic nevus.",
        "in 90 % of lesions",
        "atypical network",
        "histology to follow.",
        "lentigo-mobilenetv3 1.2.0 · SHA-256 3fa9c1d27be0 · analysed 20 Nov 2026, 13:58 UTC",
        &content.model.sha256,
        DISCLAIMER,
        "Examiner: Dr Ines Vidal",
        "Signature",
    ] {
        assert!(text.contains(said), "lacks {said:?}:\n{text}");
    }
    assert!(!text.contains("sharpness"), "a passed check is no warning");
    assert!(!text.contains('□'));
}

#[test]
fn probabilities_are_sorted() {
    let Some(specimen) = specimen("report-sorted", &typical()) else {
        return;
    };
    let text = specimen.text();
    let table = &text[text.find("Class probabilities").unwrap()..];
    let order = ["(mel)", "(nv)", "(bkl)", "(bcc)", "(akiec)", "(df)", "(scc)", "(vasc)"];
    let places: Vec<_> = order.iter().map(|code| table.find(code).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn fonts_are_embedded_subsets_and_pictures_jpegs_at_print_resolution() {
    let Some(specimen) = specimen("report-parts", &large()) else {
        return;
    };
    let fonts = specimen.fonts();
    assert_eq!(fonts.len(), 3, "{fonts:?}");
    for (font, name) in fonts.iter().zip(["JetBrainsMono", "NotoSans", "NotoSans"]) {
        let cells: Vec<_> = font.split_whitespace().collect();
        assert!(cells[0].contains(name) && cells[0].as_bytes()[6] == b'+', "{font}");
        // The columns after the encoding: embedded, subset, with a Unicode map.
        let from = cells.iter().position(|cell| *cell == "Identity-H").unwrap();
        assert_eq!(cells[from + 1..from + 4], ["yes", "yes", "yes"], "{font}");
    }
    let pictures = specimen.pictures();
    assert_eq!(pictures.len(), 2);
    for (width, encoding, resolution) in pictures {
        assert_eq!(encoding, "jpeg");
        assert!((240..=302).contains(&resolution), "{resolution} dpi at {width} px");
    }
}

#[test]
fn the_file_says_what_it_is() {
    let Some(specimen) = specimen("report-about", &typical()) else {
        return;
    };
    let info = specimen.info();
    for line in ["Title: Skin lesion report R-2026-00012", "Author: Dr Ines Vidal", "(A4)"] {
        assert!(squeezed(&info).contains(line), "{info}");
    }
    assert!(info.contains("2026-11-20T14:02:31"), "{info}");
    assert!(!info.contains("Okonkwo"), "the patient stays out of the metadata");
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let content = typical();
    let first = render_report(&content, Paper::A4).unwrap();
    assert_eq!(first, render_report(&content, Paper::A4).unwrap());
    assert_ne!(first, render_report(&content, Paper::Letter).unwrap());
    let other = ReportContent { conclusion: "Other.".to_owned(), ..content };
    assert_ne!(first, render_report(&other, Paper::A4).unwrap());
}

#[test]
fn times_follow_the_zone() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(13));
    let bytes = render_report_in(&typical(), Paper::Letter, &zone).unwrap();
    let Some(specimen) = Specimen::keep("report-zone", &bytes) else {
        return;
    };
    assert!(specimen.text().contains("21 Nov 2026, 03:02 +13:00"));
    assert!(specimen.info().contains("(letter)"));
}

#[test]
fn a_long_conclusion_flows_over_pages_and_loses_nothing() {
    let mut content = typical();
    content.patient_name = "Maximiliane-Theodora von Hohenberg-Lichtenstein".to_owned();
    content.images = vec![
        image("dermoscopic", vec![failed(QualityCode::Blurred, 63.0, 100.0)]),
        image("clinical, at arm's length", vec![]),
        image("overview", vec![failed(QualityCode::TooDark, 24.0, 30.0)]),
    ];
    for (index, class) in content.assessment.probabilities.iter_mut().enumerate() {
        class.spread = 0.011 * (8 - index) as f64;
    }
    content.conclusion = (0..160)
        .map(|n| format!("Sentence {n} on the border, the network and the colours of the lesion."))
        .collect::<Vec<_>>()
        .chunks(7)
        .map(|chunk| chunk.join(" "))
        .collect::<Vec<_>>()
        .join("\n\n");
    let Some(specimen) = specimen("report-long", &content) else {
        return;
    };
    let pages = specimen.pages();
    assert!((4..=6).contains(&pages.len()), "{} pages", pages.len());
    assert_identity(&pages, &content, "9 Mar 1971");
    let text = specimen.text();
    for n in 0..160 {
        assert!(text.contains(&format!("Sentence {n} ")), "sentence {n} is lost");
    }
    assert!(text.contains("Photograph 2 of 3") && text.contains("clinical, at arm's length"));
    for said in ["Quality warning:", "blurred (sharpness", "No quality warning"] {
        assert!(text.contains(said), "lacks {said:?}");
    }
    assert!(text.contains("Range: largest minus smallest"));
    assert_eq!(specimen.pictures().len(), 6);
}

#[test]
fn a_table_is_never_split() {
    // Whatever stands above it, the table's head and its sum share a page.
    for lines in [0, 3, 6, 9, 12] {
        let mut content = typical();
        content.body_site = vec!["Lower leg"; 1 + lines * 12].join(" ");
        let Some(specimen) = specimen("report-table", &content) else {
            return;
        };
        let pages = specimen.pages();
        let head = pages.iter().position(|page| page.contains("Class probabilities"));
        let sum = pages.iter().position(|page| page.contains("Malignant classes together"));
        assert_eq!(head, sum, "{lines} extra lines");
    }
}

#[test]
fn a_lesion_that_the_frame_cuts_off_has_bounds_and_no_shape() {
    let mut content = typical();
    let [image, ..] = content.images.as_mut_slice() else { panic!("a photograph") };
    let lesion = image.measured.as_mut().unwrap();
    lesion.measures.touches_frame = true;
    let Some(specimen) = specimen("report-cut-off", &content) else { return };
    let text = specimen.text();
    assert!(text.contains("largest diameter at least 943 px (uncalibrated)"), "{text}");
    assert!(text.contains("reaches the edge of the photograph"), "{text}");
    for unsaid in ["axes asymmetric", "segments abrupt", "proposal: 4.1"] {
        assert!(!text.contains(unsaid), "says {unsaid:?}:\n{text}");
    }
}

#[test]
fn an_unknown_picture_names_no_class_and_does_not_reassure() {
    let mut content = typical();
    content.assessment = assessment(Gate::OutOfDistribution, Band::Benign, SPREAD);
    content.assessment.novelty = Some(Novelty { score: 58.31, threshold: 31.7, outside: true });
    content.conclusion.clear();
    let Some(specimen) = specimen("report-outside", &content) else {
        return;
    };
    let text = specimen.text();
    for said in [
        "Not assessed",
        "None named",
        "Clinical judgement",
        "Out of distribution",
        "Novelty 58.31 exceeds its limit of 31.70",
        "Model output, not a finding",
        "say nothing about this lesion",
        "No conclusion has been entered.",
    ] {
        assert!(text.contains(said), "lacks {said:?}:\n{text}");
    }
    let reading = &text[text.find("Automated reading").unwrap()..text.find("Model output").unwrap()];
    for word in ["nevus", "Melan", "Benign", "Routine"] {
        assert!(!reading.contains(word), "{word:?} in {reading}");
    }
    assert!(!text.contains("Prediction set") && !text.contains("In set"));
}

#[test]
fn an_inconclusive_reading_names_no_class() {
    for band in [Band::Benign, Band::Suspicious] {
        let mut content = typical();
        content.assessment = assessment(Gate::Inconclusive, band, SPREAD);
        let Some(specimen) = specimen("report-inconclusive", &content) else {
            return;
        };
        let text = specimen.text();
        let reading = &text[text.find("Automated reading").unwrap()..text.find("Model output").unwrap()];
        assert!(reading.contains("None named") && !reading.contains("nevus"), "{reading}");
        assert!(reading.contains(&advise(Gate::Inconclusive, band).text));
        assert_eq!(reading.contains("Appointment"), band == Band::Suspicious);
        assert!(!reading.contains("Routine"));
    }
}

#[test]
fn names_of_the_world_are_printed_or_boxed() {
    let names = [
        ("Αλέξανδρος Παπαδόπουλος", "Αλέξανδρος Παπαδόπουλος"),
        ("Щербакова Їжак Ђорђевић", "Щербакова Їжак Ђорђевић"),
        ("Nguye\u{0302}\u{0303}n Thị Ánh Tuyết", "Nguyễn Thị Ánh Tuyết"),
        ("Þórunn Ægisdóttir Łukaszewicz Ştefănescu", "Þórunn Ægisdóttir Łukaszewicz Ştefănescu"),
        ("李小龍 Bruce", "□□□ Bruce"),
        ("محمد Ali", "□□□□ Ali"),
        ("Zoë \u{1F642}\u{0007}\u{202E}Ng", "Zoë □Ng"),
        ("", ""),
    ];
    for (number, (name, printed)) in names.into_iter().enumerate() {
        let content = ReportContent {
            patient_name: name.to_owned(),
            images: Vec::new(),
            author: name.to_owned(),
            ..typical()
        };
        let Some(specimen) = specimen(&format!("report-name-{number}"), &content) else {
            return;
        };
        let pages = specimen.pages();
        let printed = ReportContent { patient_name: printed.trim().to_owned(), ..content };
        if !printed.patient_name.is_empty() {
            assert_identity(&pages, &printed, "9 Mar 1971");
        }
        let text = specimen.text();
        assert!(text.contains(DISCLAIMER) && text.contains("P-000123"), "{name}");
    }
}

#[test]
fn optional_parts_may_be_missing() {
    let mut content = typical();
    content.letterhead = Letterhead::default();
    content.images[0].overlay = None;
    content.images[0].caption.clear();
    content.images[0].quality.checks.clear();
    content.assessment.prediction_set = None;
    content.assessment.novelty = None;
    content.assessment.not_named = Some(vec!["bcc".to_owned()]);
    content.conclusion = " \n ".to_owned();
    let Some(specimen) = specimen("report-bare", &content) else {
        return;
    };
    let text = specimen.text();
    assert!(text.contains("No attention map for this photograph"));
    assert!(!text.contains("Grad-CAM") && !text.contains("In set"));
    assert!(!text.contains("Quality warning"));
    let told = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("that check was not made") && told.contains("does not name: bcc"), "{told}");
    assert!(text.contains("No conclusion has been entered."));
    assert_eq!(specimen.pictures().len(), 1);
}

#[test]
fn a_spoilt_picture_is_named_by_its_place() {
    let mut content = typical();
    content.images.push(image("second", vec![]));
    content.images[1].overlay = Some(b"spoilt".to_vec());
    let error = render_report(&content, Paper::A4).unwrap_err();
    assert!(matches!(error, DocumentError::OverlayUnreadable(1)), "{error}");
    assert_eq!(error.code(), "overlay_unreadable");
    content.images[0].photograph.truncate(20);
    let error = render_report(&content, Paper::A4).unwrap_err();
    assert!(matches!(error, DocumentError::PhotographUnreadable(0)), "{error}");
}

#[test]
fn odd_shapes_and_figures_do_not_break_the_page() {
    let mut content = typical();
    content.images[0].photograph = crate::fixtures::encoded(900, 3, false, image::ImageFormat::Png);
    content.images[0].overlay = Some(crate::fixtures::encoded(3, 900, true, image::ImageFormat::Png));
    content.assessment.probabilities[3].probability = f64::NAN;
    content.assessment.malignant_sum = 1.7;
    content.lesion_label = "w".repeat(60);
    content.patient_name = "W".repeat(201);
    content.age = 0;
    let Some(specimen) = specimen("report-odd", &content) else {
        return;
    };
    let text = specimen.text();
    assert!(text.contains("under 1 year"));
    assert_eq!(text.matches('W').count() / 201, 1 + specimen.pages().len());
}
