//! Reports from the draft to the withdrawal.

use clinic::report::{KnownKeys, verify_with};
use clinic::views::*;
use clinic::{Error, ErrorCode, Session, keys, patient_view, report, rights, safety_net};
use domain::erasure::ErasureReason;
use domain::report::{EditionKind, ReportRecord, ReportState, SignatureMeaning};
use domain::{FixedClock, Role};
use jiff::SignedDuration;
use support::{PASSWORD, World, authenticator};

use crate::decisions::{Case, code_of, examined};
use crate::people::{NURSE, joins};

pub fn drafts(world: &World, case: &Case) -> ReportRecord {
    let request = ReportCreateRequest {
        analysis_id: case.reading,
        conclusion: "Excision planned.".into(),
        proposal: None,
    };
    report::create(&world.session, request).unwrap()
}

pub fn signing(report: &ReportRecord) -> ReportSignRequest {
    ReportSignRequest {
        id: report.id,
        version: report.version,
        meaning: SignatureMeaning::Author,
        paper: PaperSize::A4,
        password: PASSWORD.into(),
        code: None,
    }
}

pub fn signs(session: &Session, report: &ReportRecord) -> ReportView {
    report::sign(session, &signing(report)).unwrap()
}

pub fn amends(
    session: &Session,
    report: &ReportRecord,
    amendment: Amendment,
    text: &str,
) -> Result<ReportView, Error> {
    let request = ReportAmendRequest {
        id: report.id,
        editions: report.editions,
        amendment,
        text: text.into(),
        password: PASSWORD.into(),
        code: None,
    };
    report::amend(session, &request)
}

pub fn reads(session: &Session, report: &ReportRecord) -> ReportView {
    report::read(session, &ReportRequest { id: report.id }).unwrap()
}

pub fn saved(session: &Session, report: &ReportRecord) -> Result<Vec<u8>, Error> {
    let request = ReportExportRequest { id: report.id, paper: PaperSize::A4, named: false };
    report::export(session, &request).map(|document| document.pdf)
}

fn shown(session: &Session, report: &ReportRecord, print: bool) -> Result<Vec<u8>, Error> {
    report::shown(session, &ReportPdfRequest { id: report.id, paper: PaperSize::A4, print })
}

fn listed(session: &Session, text: &str, state: Option<ReportState>) -> Vec<ReportRow> {
    let request =
        ReportListRequest { text: text.into(), state, from: None, to: None, before: None, limit: 20 };
    report::list(session, &request).unwrap().reports
}

fn changes(session: &Session, report: &ReportRecord, words: &str) -> Result<ReportRecord, Error> {
    let request = ReportUpdateRequest {
        id: report.id,
        version: report.version,
        conclusion: words.into(),
        proposal: None,
    };
    report::update(session, &request)
}

#[test]
fn a_draft_changes_and_a_signed_report_does_not() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let first = drafts(&world, &case);
    assert_eq!((first.state, first.version, first.editions), (ReportState::Draft, 1, 0));
    let second = changes(session, &first, "Excision with 2 mm.").unwrap();
    assert_eq!((second.version, second.number.as_str()), (2, first.number.as_str()));
    assert_eq!(code_of(changes(session, &first, "An older window")), ErrorCode::Conflict);
    assert_eq!(code_of(report::sign(session, &signing(&first))), ErrorCode::Conflict);

    let wrong = ReportSignRequest { password: "not the password".into(), ..signing(&second) };
    assert_eq!(code_of(report::sign(session, &wrong)), ErrorCode::InvalidCredentials);
    assert_eq!(reads(session, &second).report.state, ReportState::Draft, "nothing was signed");

    let view = signs(session, &second);
    assert_eq!((view.report.state, view.report.editions, view.intact), (ReportState::Signed, 1, true));
    let edition = &view.editions[0];
    assert_eq!((edition.kind, edition.signer_name.as_str()), (EditionKind::Signed, "Dr Ada Okonkwo"));
    assert_eq!(code_of(changes(session, &view.report, "After the fact")), ErrorCode::ReportLocked);
    let discard = ReportDiscardRequest { id: first.id, version: 2 };
    assert_eq!(code_of(report::discard(session, &discard)), ErrorCode::ReportLocked);
    assert_eq!(code_of(report::sign(session, &signing(&second))), ErrorCode::ReportLocked);
    assert_eq!(saved(session, &first).unwrap(), saved(session, &first).unwrap());
    assert_eq!(world.trail(session, "report_signed").len(), 1);
}

#[test]
fn a_discarded_draft_is_off_the_lists_and_its_number_is_gone() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let first = drafts(&world, &case);
    let unsigned = || {
        let view = safety_net::read(session, &SafetyNetRequest { limit: 10 }).unwrap();
        view.lists.iter().flat_map(|list| &list.items).filter(|item| item.label == first.number).count()
    };
    assert_eq!(unsigned(), 1);
    report::discard(session, &ReportDiscardRequest { id: first.id, version: 1 }).unwrap();
    assert_eq!(unsigned(), 0);
    assert!(listed(session, "", None).is_empty());
    assert_eq!(listed(session, "", Some(ReportState::Discarded)).len(), 1);
    assert_ne!(drafts(&world, &case).number, first.number);
}

#[test]
fn addenda_follow_a_signature_until_the_report_is_withdrawn() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let draft = drafts(&world, &case);
    assert_eq!(code_of(amends(session, &draft, Amendment::Addendum, "Too early")), ErrorCode::ReportLocked);
    let on_letter = ReportSignRequest { paper: PaperSize::Letter, ..signing(&draft) };
    let signed = report::sign(session, &on_letter).unwrap().report;
    let first = saved(session, &draft).unwrap();
    assert_eq!(code_of(amends(session, &signed, Amendment::Addendum, "  ")), ErrorCode::InvalidInput);
    let view = amends(session, &signed, Amendment::Addendum, "Histology: naevus.").unwrap();
    assert_eq!((view.report.editions, view.intact), (2, true));
    assert_eq!(code_of(amends(session, &signed, Amendment::Addendum, "Twice")), ErrorCode::Conflict);
    let second = saved(session, &draft).unwrap();
    assert!(first != second && text_of(&second).contains("Histology: naevus."));
    assert!(text_of(&second).contains("SIGNED, EDITION 2"));
    assert!(read_by("pdfinfo", &[], &second).contains("(letter)"), "it stays on its paper");

    let view = amends(session, &view.report, Amendment::Withdrawal, "Wrong patient.").unwrap();
    assert_eq!((view.report.state, view.report.editions), (ReportState::Withdrawn, 3));
    assert_eq!(code_of(amends(session, &view.report, Amendment::Addendum, "More")), ErrorCode::ReportLocked);
    let last = text_of(&saved(session, &draft).unwrap());
    for said in ["WITHDRAWN", "Wrong patient.", "Histology: naevus.", "Excision planned."] {
        assert!(last.contains(said), "{said}");
    }
    assert!(reads(session, &draft).intact);
}

#[test]
fn who_has_a_second_factor_signs_with_it() {
    let clock = std::sync::Arc::new(FixedClock::new("2026-03-05T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let case = examined(&world);
    let session = &world.session;
    let draft = drafts(&world, &case);
    let again = PasswordAgainRequest { password: PASSWORD.into() };
    let key = clinic::second_factor::propose(session, &again).unwrap().manual_key;
    let code = authenticator(&key, world.now());
    clinic::second_factor::confirm(session, &SecondFactorRequest { code: code.as_str().into() }).unwrap();
    assert_eq!(code_of(report::sign(session, &signing(&draft))), ErrorCode::InvalidInput);
    let with = |code: &str| ReportSignRequest { code: Some(code.into()), ..signing(&draft) };
    assert_eq!(code_of(report::sign(session, &with(&code))), ErrorCode::SecondFactorWrong, "used before");
    clock.advance(SignedDuration::from_secs(60));
    let fresh = authenticator(&key, world.now());
    assert_eq!(report::sign(session, &with(&fresh)).unwrap().report.state, ReportState::Signed);
}

#[test]
fn the_front_desk_hands_out_what_is_signed_and_sees_nothing_else() {
    let world = World::founded();
    let case = examined(&world);
    let draft = drafts(&world, &case);
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    let listed = listed(&nurse, "Lindenhoff", None);
    assert_eq!((listed.len(), listed[0].file_name.as_str()), (1, format!("{}.pdf", draft.number).as_str()));
    for refused in [saved(&nurse, &draft), shown(&nurse, &draft, true), shown(&nurse, &draft, false)] {
        assert_eq!(code_of(refused), ErrorCode::NotPermitted);
    }
    assert_eq!(code_of(report::read(&nurse, &ReportRequest { id: draft.id })), ErrorCode::NotPermitted);
    let signed = signs(&world.session, &draft).report;
    assert_eq!(saved(&nurse, &draft).unwrap(), saved(&world.session, &draft).unwrap());
    assert_eq!(shown(&nurse, &draft, true).unwrap(), saved(&nurse, &draft).unwrap());
    assert_eq!(code_of(shown(&nurse, &draft, false)), ErrorCode::NotPermitted);
    amends(&world.session, &signed, Amendment::Withdrawal, "Wrong patient.").unwrap();
    assert_eq!(code_of(saved(&nurse, &draft)), ErrorCode::NotPermitted);
    assert_eq!(world.trail(&world.session, "report_printed").len(), 1);
}

#[test]
fn reports_are_found_by_number_file_patient_and_state() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let (one, two) = (drafts(&world, &case), drafts(&world, &case));
    signs(session, &two);
    let numbers = |text: &str, state| -> Vec<String> {
        listed(session, text, state).into_iter().map(|row| row.number).collect()
    };
    assert_eq!(numbers("", None), [two.number.clone(), one.number.clone()]);
    assert_eq!(numbers("lindenhoff", Some(ReportState::Signed)), std::slice::from_ref(&two.number));
    assert_eq!(numbers(&format!("{}.pdf", one.number), None), std::slice::from_ref(&one.number));
    assert!(numbers("Okonkwo", None).is_empty());
    let request = |before| ReportListRequest {
        text: String::new(),
        state: None,
        from: None,
        to: None,
        before,
        limit: 1,
    };
    let page = report::list(session, &request(None)).unwrap();
    let next = report::list(session, &request(page.next)).unwrap();
    assert_eq!((next.reports[0].number.as_str(), next.next), (one.number.as_str(), None));
}

#[test]
fn signed_reports_outlive_new_keys_and_go_with_their_patient() {
    let world = World::founded();
    let case = examined(&world);
    let draft = drafts(&world, &case);
    signs(&world.session, &draft);
    let before = saved(&world.session, &draft).unwrap();
    let again = PasswordAgainRequest { password: PASSWORD.into() };
    let (session, _) = keys::change(&world.session, &again).unwrap();
    assert_eq!(saved(&session, &draft).unwrap(), before);
    let other = report::create(
        &session,
        ReportCreateRequest { analysis_id: case.reading, conclusion: String::new(), proposal: None },
    );
    let other = signs(&session, &other.unwrap());
    let key = report::key(&session).unwrap().key.unwrap();
    let earlier = reads(&session, &draft);
    assert_eq!(other.editions[0].key_id, key.id);
    assert_ne!(earlier.editions[0].key_id, key.id, "who left may hold the old key");
    assert!(earlier.intact);
    let keys = KnownKeys::of_clinic(&world.clinic_folder());
    assert_eq!(verify_with(&keys, &before).verdict, Verdict::Genuine);
    assert_eq!(verify_with(&keys, &saved(&session, &other.report).unwrap()).verdict, Verdict::Genuine);
    let files = world.files().len();
    let number = listed(&session, "Lindenhoff", None)[0].patient_number.clone();
    let erasure = PatientEraseRequest {
        patient_id: case.patient,
        number,
        reason: ErasureReason::PatientRequest,
        password: PASSWORD.into(),
    };
    rights::erase(&session, &erasure).unwrap();
    assert_eq!(code_of(report::read(&session, &ReportRequest { id: draft.id })), ErrorCode::NotFound);
    assert!(world.files().len() <= files - 2);
}

#[test]
fn patients_take_their_signed_reports_along() {
    let world = World::founded();
    let case = examined(&world);
    let request = PatientViewIssueRequest { patient_id: case.patient, hours: 2 };
    let signed = drafts(&world, &case);
    drafts(&world, &case);
    signs(&world.session, &signed);
    let slip = patient_view::issue(&world.session, &request).unwrap();
    assert_eq!(slip.reports, 1);
    let request = PatientViewOpenRequest { code: slip.code.as_str().into() };
    let visit = patient_view::open(&world.workstation, &request).unwrap();
    let own = visit.viewing().record.reports;
    assert_eq!((own.len(), own[0].number.as_str()), (1, signed.number.as_str()));
    let pdf = visit.picture(own[0].place).unwrap();
    assert_eq!(pdf.media_type, "application/pdf");
    assert!(pdf.bytes[..] == saved(&world.session, &signed).unwrap()[..]);
    assert_eq!(visit.picture(0).unwrap().media_type, "image/jpeg");
}

/// What poppler reads in a PDF.
pub fn text_of(pdf: &[u8]) -> String {
    read_by("pdftotext", &["-"], pdf)
}

fn read_by(tool: &str, after: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    std::fs::write(&file, pdf).unwrap();
    let read = std::process::Command::new(tool).arg(&file).args(after).output().unwrap();
    assert!(read.status.success());
    String::from_utf8(read.stdout).unwrap()
}
