//! Texts proposed from templates, what a report keeps of them, and the templates of the clinic.

use clinic::report;
use clinic::report_template as templates;
use clinic::views::*;
use clinic::{ErrorCode, Session};
use domain::Role;
use domain::analysis::Band;
use domain::decision::Plan;
use domain::mark::PixelPoint;
use domain::report::ReportRecord;
use domain::report_text::{
    FaultKind, TemplateState, TemplateTexts, TextLanguage, TextOrigin, TextSource, TextStanding,
};
use domain::scale::RulerReading;
use support::World;

use crate::decisions::{Case, code_of, entry, examined, named};
use crate::people::{NURSE, joins};
use crate::reports::{reads, saved, signing, signs, text_of};

fn proposes(session: &Session, case: &Case, template: &str, language: TextLanguage) -> ReportProposalView {
    let request = ReportTextProposeRequest { analysis_id: case.reading, template: template.into(), language };
    report::propose_text(session, &request).unwrap()
}

pub fn writes(
    session: &Session,
    case: &Case,
    conclusion: &str,
    proposal: Option<ProposalUse>,
) -> Result<ReportRecord, clinic::Error> {
    let request = ReportCreateRequest { analysis_id: case.reading, conclusion: conclusion.into(), proposal };
    report::create(session, request)
}

pub fn origin(session: &Session, report: &ReportRecord) -> Option<TextOrigin> {
    reads(session, report).text_origin
}

pub fn unread(proposal: &ReportProposalView) -> Option<ProposalUse> {
    Some(ProposalUse { id: proposal.id, accepted: false })
}

pub fn accepted(proposal: &ReportProposalView) -> Option<ProposalUse> {
    Some(ProposalUse { id: proposal.id, accepted: true })
}

fn calibrates(world: &World, case: &Case) {
    let reading = RulerReading {
        from: PixelPoint { x: 10.0, y: 10.0 },
        to: PixelPoint { x: 110.0, y: 10.0 },
        distance_mm: 5.0,
        pointing_px: 1.0,
    };
    let request = ScaleByRulerRequest { image_id: case.image, reading };
    clinic::measuring::by_ruler(&world.session, &request).unwrap();
}

#[test]
fn a_text_says_what_the_records_say_in_three_languages_and_names_nobody() {
    let world = World::founded();
    let case = named(&world);
    let session = &world.session;
    let first = proposes(session, &case, "standard", TextLanguage::En);
    assert!(first.text.contains("not calibrated"), "{}", first.text);
    assert!(!first.text.contains("Clinical assessment"));
    assert_eq!(proposes(session, &case, "standard", TextLanguage::En).text, first.text, "the same again");

    calibrates(&world, &case);
    case.decides(session, None, entry("mel", Plan::Biopsy, "")).unwrap();
    let english = proposes(session, &case, "standard", TextLanguage::En).text;
    assert!(english.starts_with("Clinical assessment: melanoma. A biopsy or excision"), "{english}");
    let said = english.split("largest diameter in the photograph is ").nth(1).unwrap();
    let (figure, _) = said.split_once(" mm.").unwrap();
    let german = proposes(session, &case, "standard", TextLanguage::De).text;
    assert!(german.contains(&format!("beträgt {} mm.", figure.replace('.', ","))), "{german}");
    let spanish = proposes(session, &case, "short", TextLanguage::Es).text;
    assert!(spanish.starts_with("Valoración clínica: melanoma. Prevista biopsia"), "{spanish}");
    for text in [&english, &german, &spanish] {
        assert!(!text.contains("Lindenhoff") && !text.contains("L1"), "{text}");
    }
    let told = world.trail(session, "report_text_proposed");
    assert_eq!(told.len(), 5);
    assert_eq!(told[0]["text"], spanish.as_str());
    assert_eq!((&told[0]["source"]["key"], &told[0]["source"]["version"]), (&"short".into(), &1.into()));
}

#[test]
fn a_proposed_text_is_a_draft_until_somebody_accepts_or_changes_it() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let proposal = proposes(session, &case, "short", TextLanguage::De);
    let draft = writes(session, &case, &proposal.text, unread(&proposal)).unwrap();
    let kept = origin(session, &draft).unwrap();
    assert_eq!((kept.proposal_id, kept.standing), (proposal.id, TextStanding::Unread));
    let TextSource::Template { key, version, language, .. } = &kept.source else { panic!("{kept:?}") };
    assert_eq!((key.as_str(), *version, *language), ("short", 1, TextLanguage::De));
    assert_eq!(code_of(report::sign(session, &signing(&draft))), ErrorCode::ReportTextUnread);

    let change = |draft: &ReportRecord, words: &str, proposal| {
        let conclusion = words.into();
        let request = ReportUpdateRequest { id: draft.id, version: draft.version, conclusion, proposal };
        report::update(session, &request).unwrap()
    };
    let draft = change(&draft, "In my own words.", unread(&proposal));
    assert_eq!(origin(session, &draft).unwrap().standing, TextStanding::Edited);
    let draft = change(&draft, &proposal.text, accepted(&proposal));
    assert_eq!(origin(session, &draft).unwrap().standing, TextStanding::Accepted);
    let signed = signs(session, &draft);
    assert!(signed.intact && signed.text_origin.is_some());
    let printed = text_of(&saved(session, &signed.report).unwrap());
    assert!(!printed.contains("Drafted by"), "a template is not told on paper");
}

#[test]
fn a_refused_text_and_one_of_another_reading_are_taken_by_no_report() {
    let world = World::founded();
    let (case, other) = (examined(&world), examined(&world));
    let session = &world.session;
    let proposal = proposes(session, &case, "standard", TextLanguage::En);
    let elsewhere = writes(session, &other, &proposal.text, accepted(&proposal));
    assert_eq!(code_of(elsewhere), ErrorCode::NotFound);
    for _ in 0..2 {
        report::refuse_text(session, &ReportProposalRequest { id: proposal.id }).unwrap();
    }
    assert_eq!(world.trail(session, "report_text_refused").len(), 1);
    assert_eq!(code_of(writes(session, &case, &proposal.text, accepted(&proposal))), ErrorCode::NotFound);
    let by_hand = writes(session, &case, "By hand.", None).unwrap();
    assert_eq!(origin(session, &by_hand), None);
    let nothing = proposes(session, &case, "standard", TextLanguage::En);
    let empty = writes(session, &case, " ", accepted(&nothing)).unwrap();
    assert_eq!(origin(session, &empty), None, "nothing of it is left");
}

#[test]
fn nothing_is_proposed_before_the_impression_where_the_clinic_reads_first() {
    let world = World::founded();
    let case = examined(&world);
    clinic::read_first::change_settings(&world.session, &ReadFirstSettings { on: true }).unwrap();
    let request = ReportTextProposeRequest {
        analysis_id: case.reading,
        template: "standard".into(),
        language: TextLanguage::En,
    };
    let refused = report::propose_text(&world.session, &request);
    assert_eq!(code_of(refused), ErrorCode::ImpressionRequired);
    assert!(world.trail(&world.session, "report_text_proposed").is_empty());
}

fn texts(en: &str) -> TemplateTexts {
    TemplateTexts { en: en.into(), ..TemplateTexts::default() }
}

fn template_of<'a>(view: &'a ReportTemplatesView, key: &str) -> &'a ReportTemplateView {
    view.templates.iter().find(|one| one.key == key).expect(key)
}

#[test]
fn an_administrator_changes_restores_adds_and_removes_templates() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let first = templates::list(session).unwrap();
    assert_eq!(first.templates.len(), 3);
    assert_eq!(template_of(&first, "short").version, 1);

    let request = |key: Option<&str>, version, name: &str, en: &str| ReportTemplateSaveRequest {
        key: key.map(str::to_owned),
        version,
        name: name.into(),
        texts: texts(en),
    };
    let changed = templates::save(session, request(Some("short"), 1, "Our short one", "Seen.")).unwrap();
    let short = template_of(&changed, "short");
    assert_eq!((short.version, short.name.as_str(), short.state), (2, "Our short one", TemplateState::Own));
    assert_eq!(proposes(session, &case, "short", TextLanguage::En).text, "Seen.");
    let german = ReportTextProposeRequest {
        analysis_id: case.reading,
        template: "short".into(),
        language: TextLanguage::De,
    };
    assert_eq!(code_of(report::propose_text(session, &german)), ErrorCode::NotFound);
    assert_eq!(
        code_of(templates::save(session, request(Some("short"), 1, "Late", "Late."))),
        ErrorCode::Conflict
    );
    let short = ReportTemplateRequest { key: "short".into(), version: 2 };
    assert_eq!(code_of(templates::remove(session, &short)), ErrorCode::InvalidInput);
    let restored = templates::restore(session, &short).unwrap();
    let short = template_of(&restored, "short");
    assert_eq!((short.version, short.state), (3, TemplateState::BuiltIn));
    assert_eq!(short.texts, template_of(&first, "short").texts);

    let added = templates::save(session, request(None, 0, "Naevus control", "Seen on {analysed_on}.\nEnd."));
    let added = added.unwrap().templates.pop().unwrap();
    assert_eq!((added.version, added.of_program), (1, false));
    assert!(proposes(session, &case, &added.key, TextLanguage::En).text.ends_with("End."));
    let own = ReportTemplateRequest { key: added.key.clone(), version: 1 };
    assert_eq!(code_of(templates::restore(session, &own)), ErrorCode::NotFound);
    assert_eq!(templates::remove(session, &own).unwrap().templates.len(), 3);
    assert_eq!(code_of(templates::remove(session, &own)), ErrorCode::NotFound);
    let told = world.trail(session, "report_template_changed");
    let states: Vec<_> = told.iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["removed", "own", "built_in", "own"]);

    let clinician = joins(&world, NURSE, Role::Clinician);
    assert_eq!(code_of(templates::list(&clinician)), ErrorCode::NotPermitted);
    assert_eq!(report::text_options(&clinician).unwrap().templates.len(), 3);
}

#[test]
fn a_template_with_a_mistake_is_refused_with_its_lines_and_the_old_one_stays() {
    let world = World::founded();
    let session = &world.session;
    let wrong = TemplateTexts {
        en: "[band: bening]\nOne.\n[always]\nTwo.".into(),
        de: "Eins {durchmesser}.\nZwei.".into(),
        es: String::new(),
    };
    let request = ReportTemplateSaveRequest {
        key: Some("standard".into()),
        version: 1,
        name: " ".into(),
        texts: wrong,
    };
    let refused = templates::save(session, request).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    let fields: Vec<_> = refused.details["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["name", "en", "de"]);
    let faults: Vec<_> = refused.details["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            (
                fault["language"].as_str().unwrap(),
                fault["line"].as_u64().unwrap(),
                fault["word"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(faults, [("en", 1, "bening"), ("de", 1, "durchmesser")]);
    let after = templates::list(session).unwrap();
    assert_eq!((template_of(&after, "standard").version, after.templates.len()), (1, 3));
    assert!(world.trail(session, "report_template_changed").is_empty());

    let tried = |text: &str| {
        let request =
            ReportTemplateTryRequest { text: text.into(), language: TextLanguage::Es, band: Band::Malignant };
        templates::try_out(session, &request).unwrap()
    };
    assert_eq!(
        tried("Visto.\n[band: malignant]\nDiámetro {diameter}.").text.unwrap(),
        "Visto. Diámetro 6,3 mm."
    );
    let fault = &tried("[gate]\nx").faults[0];
    assert_eq!((fault.line, fault.kind), (1, FaultKind::BadHead));
}
