//! Checklists, impressions before readings, decisions, feedback and letters.

use clinic::picture::{self, PictureAddress};
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, analysis, biopsy, break_glass, checklist, decision, follow_up, history,
    letterhead, measuring, patient, read_first, referral, report, safety_net, similar, timeline,
};
use domain::analysis::Band;
use domain::biopsy::{HistologyDetails, Margins, SpecimenDetails, SpecimenKind};
use domain::checklist::{Answers, ChecklistKind, ChecklistVerdict, ProposalBasis};
use domain::decision::{DecisionEntry, FeedbackEntry, Plan, ReferralEntry};
use domain::history::HistoryNoun;
use domain::impression::{Confidence, Impression, ImpressionEntry};
use domain::insight::ShownBand;
use domain::mark::PixelPoint;
use domain::scale::RulerReading;
use domain::{AnalysisId, ImageId, LesionId, PatientId, Role};
use support::{World, marked_naevus_jpeg, melanoma_like_jpeg};

use crate::people::{NURSE, joins};
use crate::reports::signs;

pub struct Case {
    pub patient: PatientId,
    pub lesion: LesionId,
    pub image: ImageId,
    pub reading: AnalysisId,
}

pub fn examined(world: &World) -> Case {
    read(world, &melanoma_like_jpeg())
}

/// A reading that names a class: the others of the painted lesions are like nothing the model knows.
pub fn named(world: &World) -> Case {
    read(world, &marked_naevus_jpeg())
}

fn read(world: &World, jpeg: &[u8]) -> Case {
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, jpeg).unwrap().image.id;
    let reading = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    Case { patient, lesion, image, reading }
}

fn impression(term: &str) -> Impression {
    Impression { term: term.into(), text: String::new(), malignancy: None }
}

pub fn entry(term: &str, plan: Plan, reason: &str) -> DecisionEntry {
    DecisionEntry {
        impression: impression(term),
        confidence: Confidence::High,
        plan,
        note: "Discussed with the patient".into(),
        override_reason: reason.into(),
    }
}

impl Case {
    fn about(&self) -> ExaminationRequest {
        ExaminationRequest { lesion_id: self.lesion, analysis_id: Some(self.reading) }
    }

    pub fn decides(
        &self,
        session: &Session,
        previous: Option<&DecisionView>,
        entry: DecisionEntry,
    ) -> Result<DecisionView, Error> {
        let request = DecisionSaveRequest {
            lesion_id: self.lesion,
            analysis_id: Some(self.reading),
            previous: previous.map(|decision| decision.id),
            entry,
        };
        decision::save(session, request)
    }

    pub fn fills(
        &self,
        session: &Session,
        kind: ChecklistKind,
        answers: Answers,
    ) -> Result<FilledChecklistView, Error> {
        let page = checklist::page(session, &self.about()).unwrap();
        let previous = page.filled.iter().find(|list| list.kind == kind).map(|list| list.id);
        let request = ChecklistSaveRequest {
            lesion_id: self.lesion,
            analysis_id: Some(self.reading),
            kind,
            answers,
            previous,
        };
        checklist::save(session, &request)
    }

    pub fn opens(&self, session: &Session) -> Result<AnalysisView, Error> {
        analysis::read(session, &AnalysisReadRequest { id: self.reading })
    }
}

pub fn code_of<T>(result: Result<T, Error>) -> ErrorCode {
    result.err().expect("a refusal").code
}

fn fields(error: &Error) -> Vec<String> {
    let problems = error.details["problems"].as_array().unwrap();
    problems.iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect()
}

pub fn today(world: &World) -> jiff::civil::Date {
    world.now().to_zoned(jiff::tz::TimeZone::system()).date()
}

fn read_first(world: &World, on: bool) {
    read_first::change_settings(&world.session, &ReadFirstSettings { on }).unwrap();
}

fn uploads() -> HistoryRequest {
    HistoryRequest {
        noun: HistoryNoun::Reading,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        to: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: false,
        before: None,
        limit: 50,
    }
}

fn line(patient_id: PatientId) -> TimelineRequest {
    TimelineRequest { patient_id, kinds: vec![], lesion_id: None, before: None, limit: 50 }
}

/// Every answer that could tell what a reading says, as the window gets it.
fn everything_told(session: &Session, case: &Case) -> Vec<(&'static str, String)> {
    let page = patient::read(session, &PatientReadRequest { id: case.patient }).unwrap();
    let net = safety_net::read(session, &SafetyNetRequest { limit: 50 }).unwrap();
    let follow_up = follow_up::read(session, &FollowUpRequest { patient_id: case.patient }).unwrap();
    let told = [
        ("patient page", serde_json::to_string(&page)),
        ("timeline", serde_json::to_string(&timeline::read(session, line(case.patient)).unwrap())),
        ("history", serde_json::to_string(&history::read(session, uploads()).unwrap())),
        ("safety net", serde_json::to_string(&net)),
        ("follow-up", serde_json::to_string(&follow_up)),
        ("checklists", serde_json::to_string(&checklist::page(session, &case.about()).unwrap())),
        ("decision", serde_json::to_string(&decision::page(session, &case.about()).unwrap())),
    ];
    told.into_iter().map(|(name, text)| (name, text.unwrap())).collect()
}

pub fn histology(world: &World, case: &Case) {
    let details = SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: today(world),
        taken_by: world.session.user().id,
        site_image_id: case.image,
        specimen_number: "H-2026-0041".into(),
        impression: None,
        impression_text: String::new(),
    };
    let taken = biopsy::take(&world.session, BiopsyTakeRequest { lesion_id: case.lesion, details }).unwrap();
    let details = HistologyDetails {
        morphology: Some("8743/3".into()),
        behaviour: None,
        text: "Seen by Dr Pathfinder".into(),
        breslow_mm: Some(0.4),
        margins: Margins::Clear,
        reported_on: today(world),
    };
    let request = HistologyEnterRequest { id: taken.id, version: taken.version, details };
    biopsy::enter_histology(&world.session, request).unwrap();
}

#[test]
fn a_list_is_proposed_ticked_summed_printed_and_then_closed() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let page = checklist::page(session, &case.about()).unwrap();
    assert_eq!(page.lists.len(), 5);
    assert!(page.lists.iter().all(|list| !list.sources.is_empty()));
    assert!(page.proposals.iter().any(|p| p.kind == ChecklistKind::Abcd && p.item == "colours"));
    assert!(page.filled.is_empty(), "a proposal ticks nothing");
    let across = |page: &ChecklistPageView| {
        page.proposals.iter().any(|p| matches!(p.basis, ProposalBasis::Diameter { .. }))
    };
    assert!(!across(&page), "pixels are no millimetres");
    let at = |x| PixelPoint { x, y: 10.0 };
    let reading = RulerReading { from: at(10.0), to: at(210.0), distance_mm: 10.0, pointing_px: 1.0 };
    measuring::by_ruler(session, &ScaleByRulerRequest { image_id: case.image, reading }).unwrap();
    assert!(across(&checklist::page(session, &case.about()).unwrap()));

    let given: Answers =
        [("asymmetry", 2), ("border", 4), ("colours", 3)].map(|(c, v)| (c.to_owned(), v)).into();
    let judged = checklist::judge(
        session,
        &ChecklistJudgeRequest { kind: ChecklistKind::Abcd, answers: given.clone() },
    )
    .unwrap();
    assert_eq!((judged.verdict, judged.missing), (None, vec!["structures".to_owned()]));
    let mut whole = given;
    whole.insert("structures".into(), 2);
    let saved = case.fills(session, ChecklistKind::Abcd, whole.clone()).unwrap();
    assert_eq!(saved.result.verdict, Some(ChecklistVerdict::HighlySuspicious));
    let again = case.fills(session, ChecklistKind::Abcd, whole.clone()).unwrap();
    assert_eq!(again.edition, 2);
    whole.insert("colours".into(), 7);
    let bad = case.fills(session, ChecklistKind::Abcd, whole.clone()).unwrap_err();
    assert_eq!(fields(&bad), ["colours"]);

    let request =
        ReportCreateRequest { analysis_id: case.reading, conclusion: String::new(), proposal: None };
    let record = report::create(session, request).unwrap();
    let export = ReportExportRequest { id: record.id, paper: PaperSize::A4, named: false };
    let pdf = report::export(session, &export).unwrap().pdf;
    assert!(pdf.starts_with(b"%PDF"));
    // A draft leaves the list open; the signature closes what it printed.
    assert!(!checklist::page(session, &case.about()).unwrap().filled[0].printed);
    signs(session, &record);
    let page = checklist::page(session, &case.about()).unwrap();
    assert!(page.filled[0].printed);
    whole.insert("colours".into(), 4);
    assert_eq!(code_of(case.fills(session, ChecklistKind::Abcd, whole)), ErrorCode::Conflict);
    assert_eq!(world.trail(session, "checklist_saved").len(), 2);
}

#[test]
fn nothing_tells_of_a_reading_before_an_impression_is_committed() {
    let world = World::founded();
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    read_first(&world, true);
    let case = examined(&world);
    histology(&world, &case);
    let session = &world.session;
    for (view, told) in everything_told(session, &case) {
        for leak in
            ["malignant_sum", "\"band\":\"", "\"gate\":\"", "probabilit", "headline", "\"reading\":\""]
        {
            assert!(!told.contains(leak), "{view} tells {leak}: {told}");
        }
    }
    let page = patient::read(session, &PatientReadRequest { id: case.patient }).unwrap();
    assert_eq!((page.lesions[0].analyses.len(), page.lesions[0].withheld.len()), (0, 1));
    let entries = history::read(session, uploads()).unwrap().entries;
    assert!(entries[0].withheld && entries[0].said.is_none());
    for band in ShownBand::ALL {
        let asked = HistoryRequest { band: Some(band), limit: 1, ..uploads() };
        let answer = history::read(session, asked).unwrap();
        assert!(answer.entries.is_empty() && answer.next.is_none(), "asking is telling");
    }
    let refused = case.opens(session).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ImpressionRequired);
    assert_eq!(refused.details["analysis_id"], case.reading.to_string());
    for kind in ["heatmap/mel", "overlay/mel", "outline"] {
        let address: PictureAddress =
            format!("/analysis/{}/{}/{kind}", case.reading, case.image).parse().unwrap();
        assert_eq!(code_of(picture::read(session, &address)), ErrorCode::ImpressionRequired, "{kind}");
    }
    let asked = AnalysisReadRequest { id: case.reading };
    assert_eq!(code_of(similar::read(session, &asked)), ErrorCode::ImpressionRequired);
    let written =
        ReportCreateRequest { analysis_id: case.reading, conclusion: String::new(), proposal: None };
    assert_eq!(code_of(report::create(session, written)), ErrorCode::ImpressionRequired);
    let decided = case.decides(session, None, entry("mel", Plan::Biopsy, ""));
    assert_eq!(code_of(decided), ErrorCode::ImpressionRequired);
    let wrong = FeedbackEntry { incorrect: true, correct: None, text: String::new() };
    let said =
        decision::give_feedback(session, FeedbackGiveRequest { analysis_id: case.reading, entry: wrong });
    assert_eq!(code_of(said), ErrorCode::ImpressionRequired);

    // An emergency look is not held up, and the desk sees no more and no less than before.
    assert_eq!(code_of(case.opens(&nurse)), ErrorCode::NotPermitted);
    let reason = "Patient collapsed in the waiting room".into();
    break_glass::open(&nurse, &BreakGlassOpenRequest { patient_id: case.patient, reason, minutes: 30 })
        .unwrap();
    case.opens(&nurse).unwrap();
    assert_eq!(code_of(case.opens(session)), ErrorCode::ImpressionRequired, "a nurse's look reveals nothing");

    let commit = |term: &str| {
        let entry = ImpressionEntry {
            impression: impression(term),
            confidence: Confidence::Moderate,
            note: String::new(),
        };
        read_first::commit(session, ImpressionCommitRequest { analysis_id: case.reading, entry })
    };
    assert_eq!(fields(&commit("").unwrap_err()), ["term"]);
    let view = commit("mel").unwrap();
    assert_eq!(view.analysis.id, case.reading);
    assert_eq!(code_of(commit("nv")), ErrorCode::Conflict);
    let page = decision::page(session, &case.about()).unwrap();
    let kept = page.impression.unwrap();
    assert_eq!(kept.entry.impression.term, "mel");
    let statistics = read_first::statistics(session).unwrap();
    let count = statistics.malignancy;
    assert_eq!((statistics.committed, count.agree + count.disagree + count.open), (1, 1));
    assert_eq!(world.trail(session, "impression_committed").len(), 1);

    // What was opened stays open, also for colleagues and when the rule comes back.
    read_first(&world, false);
    read_first(&world, true);
    case.opens(session).unwrap();
    assert_eq!(code_of(read_first::settings(&nurse)), ErrorCode::NotPermitted);
}

#[test]
fn a_decision_needs_a_reason_for_doing_less_and_plans_what_it_says() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let band = case.opens(session).unwrap().analysis.assessment.band;
    assert!(band > Band::Benign, "the phantom is suspicious at least");
    let waits = |world: &World| safety_net::count(&world.session).unwrap().undecided_readings;
    assert_eq!(waits(&world), 1);
    let refused = case.decides(session, None, entry("nv", Plan::Reassure, " ")).unwrap_err();
    assert_eq!(fields(&refused), ["override_reason"]);
    let first =
        case.decides(session, None, entry("nv", Plan::Reassure, "Unchanged for twenty years")).unwrap();
    assert_eq!((first.edition, waits(&world)), (1, 0));
    assert_eq!(code_of(case.decides(session, None, entry("nv", Plan::Biopsy, ""))), ErrorCode::Conflict);

    let months = Plan::Monitor { months: 3 };
    let second = case.decides(session, Some(&first), entry("nv", months, "Short term")).unwrap();
    let recalls = follow_up::read(session, &FollowUpRequest { patient_id: case.patient }).unwrap().recalls;
    assert_eq!((recalls.len(), Some(recalls[0].id)), (1, second.recall_id));
    assert_eq!(second.recall_on, Some(recalls[0].due_on));

    let letter = |id| ReferralWriteRequest {
        decision_id: id,
        entry: ReferralEntry {
            recipient: "Dr Brandt\nHarbour Clinic".into(),
            findings: "Atypical network, blue veil".into(),
            question: "Excision?".into(),
            urgent: true,
        },
    };
    assert_eq!(fields(&referral::write(session, letter(second.id)).unwrap_err()), ["plan"]);
    let third = case.decides(session, Some(&second), entry("mel", Plan::Refer, "")).unwrap();
    assert_eq!(third.recall_id, None);
    assert_eq!(code_of(referral::write(session, letter(second.id))), ErrorCode::Conflict);
    let written = referral::write(session, letter(third.id)).unwrap();
    let request = ReferralExportRequest { id: written.id, paper: PaperSize::A4 };
    let document = referral::export(session, &request).unwrap();
    assert!(document.pdf.starts_with(b"%PDF") && !document.file_name.contains("Lindenhoff"));
    // A letter carries the logo of its day, and no later one.
    letterhead::save_logo(session, &support::naevus_jpeg()).unwrap();
    assert_eq!(referral::export(session, &request).unwrap().pdf, document.pdf);
    let under_logo = referral::write(session, letter(third.id)).unwrap();
    let under_logo = ReferralExportRequest { id: under_logo.id, paper: PaperSize::A4 };
    assert!(referral::export(session, &under_logo).unwrap().pdf.len() > document.pdf.len() + 1_000);

    let mut longest = letter(third.id);
    longest.entry.findings = "é".repeat(4_000);
    longest.entry.question = "é".repeat(1_000);
    referral::write(session, longest).unwrap();

    let page = decision::page(session, &case.about()).unwrap();
    assert_eq!((page.earlier.len(), page.letters.len(), page.band), (2, 3, Some(band)));
    let elsewhere =
        ExaminationRequest { lesion_id: world.adds_lesion(case.patient), analysis_id: Some(case.reading) };
    assert_eq!(
        code_of(decision::page(session, &elsewhere)),
        ErrorCode::NotFound,
        "a reading of another lesion"
    );
    assert_eq!(code_of(checklist::page(session, &elsewhere)), ErrorCode::NotFound);
    let kinds: Vec<_> = timeline::read(session, line(case.patient))
        .unwrap()
        .events
        .iter()
        .filter(|event| event.content.kind() == domain::timeline::TimelineKind::Decision)
        .map(|event| event.lesion_id)
        .collect();
    assert_eq!(kinds, [Some(case.lesion); 3]);
    assert_eq!(world.trail(session, "decision_made").len(), 3);
    let desk = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(code_of(decision::page(&desk, &case.about())), ErrorCode::NotPermitted);
    assert_eq!(code_of(checklist::page(&desk, &case.about())), ErrorCode::NotPermitted);
}
