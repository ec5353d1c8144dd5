//! Another clinic's export comes in.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clinic::exchange::tables;
use clinic::picture::{self, PictureAddress};
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, audit_trail, case_note, decision, measuring, migration, patient, portrait,
    report, rights, visit,
};
use domain::Role;
use domain::case_note::{NoteAudience, NoteEntry};
use domain::checklist::{Answers, ChecklistKind};
use domain::decision::{FeedbackEntry, Plan};
use domain::hold::HoldDetails;
use domain::mark::{MarkEntry, MarkKind, PixelPoint};
use domain::patient::PatientDetails;
use domain::scale::RulerReading;
use serde_json::{Value, json};
use support::{PASSWORD, World, details, naevus_jpeg};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::decisions::{Case, code_of, entry, examined, histology};
use crate::people::joins;

const PASSPHRASE: &str = "two lanterns, one lake";

/// What stays in the other clinic, as README and screen say: reports with their editions, and what accounts may do.
const STAYS: [&str; 3] = ["reports", "report_editions", "accounts"];

pub fn exported(world: &World, photographs: bool, passphrase: Option<&str>) -> PathBuf {
    let place = world.folder.path().join("export.zip");
    let request = ClinicTablesRequest {
        photographs,
        password: PASSWORD.into(),
        passphrase: passphrase.map(Into::into),
        passphrase_repeat: passphrase.map(Into::into),
    };
    let permit = tables::prepare(&world.session, &request).unwrap();
    tables::write(&world.session, permit, &place).unwrap();
    place
}

fn unpacked(place: &Path) -> Value {
    let mut archive = ZipArchive::new(File::open(place).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name("clinic.json").unwrap().read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn open(session: &Session, kind: ImportKind, path: &Path) -> Result<ImportView, Error> {
    opened_with(session, kind, path, None)
}

fn opened_with(
    session: &Session,
    kind: ImportKind,
    path: &Path,
    passphrase: Option<&str>,
) -> Result<ImportView, Error> {
    let request = ImportOpenRequest { kind, passphrase: passphrase.map(Into::into) };
    migration::open(session, migration::prepare(session, &request)?, path)
}

pub fn planned(session: &Session, view: &ImportView) -> ImportView {
    migration::plan(session, &view.mapping.clone().unwrap_or_default()).unwrap()
}

/// Opened, planned and imported; what became of it.
pub fn imported(session: &Session, kind: ImportKind, path: &Path) -> ImportResults {
    let view = open(session, kind, path).unwrap();
    planned(session, &view);
    migration::run(session, |_| {}).unwrap().results.unwrap()
}

pub fn rows(session: &Session) -> Vec<ImportRow> {
    let request = ImportRowsRequest { outcome: None, result: None, offset: 0, limit: 200 };
    migration::rows(session, &request).unwrap().rows
}

pub fn words(row: &ImportRow) -> Vec<ImportWord> {
    row.remarks.iter().map(|remark| remark.word).collect()
}

pub fn reason(result: Result<ImportView, Error>) -> String {
    let error = result.expect_err("a refusal");
    assert_eq!(error.code, ErrorCode::ImportUnreadable);
    error.details["reason"].as_str().unwrap().to_owned()
}

fn looks(session: &Session, address: &str) -> Result<usize, Error> {
    let address: PictureAddress = address.parse()?;
    picture::read(session, &address).map(|picture| picture.bytes.len())
}

fn is_whole(session: &Session) -> bool {
    audit_trail::verify(session).unwrap().intact
}

pub fn patients(world: &World) -> Vec<PatientRow> {
    let request = PatientSearchRequest { text: String::new(), limit: 200, offset: 0 };
    patient::search(&world.session, &request).unwrap().rows
}

/// A clinic with something of everything that travels.
pub fn furnished() -> (World, Case) {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    case.opens(session).unwrap();
    let at = |x| PixelPoint { x, y: 10.0 };
    let reading = RulerReading { from: at(10.0), to: at(210.0), distance_mm: 10.0, pointing_px: 1.0 };
    measuring::by_ruler(session, &ScaleByRulerRequest { image_id: case.image, reading }).unwrap();
    let mark = MarkEntry { kind: MarkKind::Line, points: vec![at(0.0), at(90.0)], label: "Across".into() };
    measuring::add_mark(session, ImageMarkAddRequest { image_id: case.image, entry: mark }).unwrap();
    let answers = [("asymmetry", 2), ("border", 4), ("colours", 3), ("structures", 2)];
    let answers: Answers = answers.map(|(item, value)| (item.to_owned(), value)).into();
    case.fills(session, ChecklistKind::Abcd, answers).unwrap();
    let wrong = FeedbackEntry { incorrect: true, correct: None, text: "Compared with histology".into() };
    decision::give_feedback(session, FeedbackGiveRequest { analysis_id: case.reading, entry: wrong })
        .unwrap();
    let hold = HoldDetails { reason: "Lawsuit".into(), until: None };
    rights::set_hold(session, HoldSetRequest { patient_id: case.patient, details: hold }).unwrap();
    let visit =
        VisitEntry { day: None, planned: None, clinician_id: None, room: String::new(), note: String::new() };
    visit::add(session, VisitAddRequest { patient_id: case.patient, arrived: true, entry: visit }).unwrap();
    let decided = case
        .decides(session, None, entry("mel", Plan::Monitor { months: 3 }, "Patient asks to wait"))
        .unwrap();
    case.decides(session, Some(&decided), entry("mel", Plan::Biopsy, "")).unwrap();
    histology(&world, &case);
    let request =
        ReportCreateRequest { analysis_id: case.reading, conclusion: "Excise soon.".into(), proposal: None };
    report::create(session, request).unwrap();
    let note = CaseNoteWriteRequest {
        patient_id: case.patient,
        entry: NoteEntry { audience: NoteAudience::All, text: "Calls back on Monday".into(), follows: None },
    };
    case_note::write(session, note).unwrap();
    portrait::save(session, &PortraitRequest { patient_id: case.patient }, &naevus_jpeg()).unwrap();
    let right_to_left =
        PatientDetails { family_name: "محمد".into(), given_names: "نور".into(), ..details() };
    patient::create(session, PatientCreateRequest { details: right_to_left }).unwrap();
    (world, case)
}

/// The tables that travel, by name.
fn travelling(whole: &Value) -> BTreeMap<String, Value> {
    let tables = whole["tables"].as_object().unwrap().clone();
    let mut kept: BTreeMap<String, Value> =
        tables.into_iter().filter(|(name, _)| !STAYS.contains(&name.as_str())).collect();
    // Rows that other programs number themselves come in the order of those numbers.
    for rows in kept.values_mut().filter_map(Value::as_array_mut) {
        rows.sort_by_key(ToString::to_string);
    }
    kept
}

#[test]
fn a_clinic_that_moves_is_the_same_clinic_afterwards() {
    let (old, case) = furnished();
    let place = exported(&old, true, None);
    let before = unpacked(&place);
    let new = World::founded();
    let view = open(&new.session, ImportKind::Clinic, &place).unwrap();
    let source = view.source.clone().unwrap();
    assert_eq!((source.people, source.photographs), (2, 1));
    assert!(source.left.iter().any(|left| left.what == "reports" && left.count == 1));
    let outcomes = planned(&new.session, &view).outcomes.unwrap();
    assert_eq!((outcomes.new, outcomes.same, outcomes.doubtful, outcomes.refused), (2, 0, 0, 0));
    assert!(patients(&new).is_empty(), "a dry run writes nothing");
    let heard = std::cell::RefCell::new(Vec::new());
    let ended = migration::run(&new.session, |step| heard.borrow_mut().push(step.done)).unwrap();
    assert_eq!(heard.into_inner(), [1, 2]);
    let results = ended.results.unwrap();
    assert_eq!((results.created, results.failed, results.photographs), (2, 0, 1), "{:?}", rows(&new.session));

    let after = unpacked(&exported(&new, true, None));
    let (told, kept) = (travelling(&before), travelling(&after));
    assert!(told.len() > 20);
    for (name, rows) in &told {
        assert_eq!(&kept[name], rows, "{name}");
        let lacking = [
            "clinicians",
            "comparisons",
            "image_origins",
            "imaging_devices",
            "impressions",
            "recall_contacts",
            "recall_visits",
            "referrals",
        ];
        assert!(
            lacking.contains(&name.as_str()) || !rows.as_array().unwrap().is_empty(),
            "{name} tests nothing"
        );
    }
    assert!(after["tables"]["reports"].as_array().unwrap().is_empty());
    let names = |whole: &Value| -> Vec<String> {
        let accounts = whole["tables"]["accounts"].as_array().unwrap();
        accounts.iter().map(|account| account["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&before).iter().all(|id| names(&after).contains(id)), "names stay beside what was written");

    // The photograph and what explains the reading open, and the search knows the people.
    let looked = |address: String| looks(&new.session, &address);
    assert!(looked(format!("/image/{}/original", case.image)).is_ok());
    assert!(looked(format!("/analysis/{}/{}/heatmap/mel", case.reading, case.image)).is_ok());
    let found = PatientSearchRequest { text: "Lindenhoff".into(), limit: 10, offset: 0 };
    assert_eq!(patient::search(&new.session, &found).unwrap().rows.len(), 1);
    assert_eq!(new.trail(&new.session, "patient_imported").len(), 2);
    assert_eq!(new.trail(&new.session, "import_ended").len(), 1);
    assert!(is_whole(&new.session));
}

#[test]
fn importing_again_changes_nothing_and_pictures_that_were_missing_are_completed() {
    let (old, case) = furnished();
    let bare = exported(&old, false, None);
    let before = travelling(&unpacked(&bare));
    let new = World::founded();
    let first = imported(&new.session, ImportKind::Clinic, &bare);
    assert_eq!((first.created, first.photographs), (2, 0));
    assert!(rows(&new.session).iter().any(|row| words(row).contains(&ImportWord::PhotographsMissing)));
    let address = format!("/image/{}/original", case.image);
    assert!(looks(&new.session, &address).is_err());

    let sealed = exported(&old, true, Some(PASSPHRASE));
    let refused = opened_with(&new.session, ImportKind::Clinic, &sealed, Some("another lake altogether"));
    assert_eq!(code_of(refused), ErrorCode::PassphraseWrong);
    assert_eq!(code_of(open(&new.session, ImportKind::Clinic, &sealed)), ErrorCode::PassphraseWrong);
    for (added, unchanged) in [(1, 1), (0, 2)] {
        let view = opened_with(&new.session, ImportKind::Clinic, &sealed, Some(PASSPHRASE)).unwrap();
        assert_eq!(planned(&new.session, &view).outcomes.unwrap().same, 2);
        let results = migration::run(&new.session, |_| {}).unwrap().results.unwrap();
        assert_eq!((results.created, results.added, results.unchanged), (0, added, unchanged));
    }
    assert!(looks(&new.session, &address).is_ok());
    let after = travelling(&unpacked(&exported(&new, false, None)));
    for (name, rows) in before.iter().filter(|(name, _)| !name.starts_with("analysis_")) {
        assert_eq!(&after[name], rows, "{name}");
    }
}

#[test]
fn numbers_that_are_taken_are_given_anew_and_namesakes_are_asked_about() {
    let (old, _) = furnished();
    let place = exported(&old, false, None);
    let new = World::founded();
    // The first number of both clinics, and a person who is in both.
    let namesake = PatientDetails { family_name: "Lindenhof".into(), ..details() };
    patient::create(&new.session, PatientCreateRequest { details: namesake }).unwrap();
    let other = PatientDetails {
        family_name: "Zhang".into(),
        given_names: "Wei".into(),
        date_of_birth: jiff::civil::date(1950, 1, 1),
        ..details()
    };
    patient::create(&new.session, PatientCreateRequest { details: other }).unwrap();
    let view = open(&new.session, ImportKind::Clinic, &place).unwrap();
    let outcomes = planned(&new.session, &view).outcomes.unwrap();
    assert_eq!((outcomes.doubtful, outcomes.undecided), (1, 1), "{:?}", rows(&new.session));
    let all = rows(&new.session);
    let doubtful = all.iter().find(|row| row.outcome == ImportOutcome::Doubtful).unwrap();
    assert_eq!(doubtful.found.as_ref().unwrap().family_name, "Lindenhof");
    assert!(!doubtful.may_be_same, "records of an export are merged by a person");
    let same = ImportDecideRequest { index: Some(doubtful.index), decision: ImportDecision::Same };
    assert_eq!(code_of(migration::decide(&new.session, &same)), ErrorCode::InvalidInput);
    let as_new = ImportDecideRequest { index: Some(doubtful.index), decision: ImportDecision::New };
    assert_eq!(migration::decide(&new.session, &as_new).unwrap().outcomes.unwrap().undecided, 0);
    let results = migration::run(&new.session, |_| {}).unwrap().results.unwrap();
    assert_eq!(results.created, 2, "{:?}", rows(&new.session));
    let numbers: Vec<String> = patients(&new).into_iter().map(|row| row.number).collect();
    assert_eq!(numbers.len(), 4);
    assert!(rows(&new.session).iter().all(|row| words(row).contains(&ImportWord::NumberChanged)));
}

fn rewritten(world: &World, place: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    let mut whole = unpacked(place);
    change(&mut whole);
    let path = world.folder.path().join("clinic.json");
    fs::write(&path, serde_json::to_vec(&whole).unwrap()).unwrap();
    path
}

#[test]
fn what_no_export_writes_is_refused_person_by_person() {
    let (old, _) = furnished();
    let place = exported(&old, false, None);
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 7] = [
        ("a reading that is none", |whole| whole["tables"]["analyses"][0]["content"] = json!({ "band": 1 })),
        ("an unknown column", |whole| whole["tables"]["lesions"][0]["row; DROP TABLE lesions"] = json!(1)),
        ("a lesion of nobody", |whole| {
            let nobody = domain::LesionId::fresh();
            whole["tables"]["images"][0]["lesion_id"] = json!(nobody);
        }),
        ("a number for a text", |whole| whole["tables"]["lesions"][0]["label"] = json!(7)),
        ("a name that turns", |whole| {
            let patients = whole["tables"]["patients"].as_array_mut().unwrap();
            let patient = patients.iter_mut().find(|p| p["family_name"] == "Lindenhoff").unwrap();
            patient["family_name"] = json!("A\u{202e}B");
        }),
        ("a word of no list", |whole| whole["tables"]["lesions"][0]["site"] = json!("moon")),
        ("an identity that is none", |whole| whole["tables"]["lesions"][0]["id"] = json!("../../etc/passwd")),
    ];
    for (what, change) in changes {
        let new = World::founded();
        let path = rewritten(&old, &place, change);
        let results = imported(&new.session, ImportKind::Clinic, &path);
        assert_eq!((results.created, results.refused), (1, 1), "{what}: {:?}", rows(&new.session));
        assert_eq!(patients(&new).len(), 1, "{what}: nothing of a refused person stays");
        assert!(is_whole(&new.session));
    }
}

#[test]
fn sources_that_cannot_be_read_say_why() {
    let world = World::founded();
    let session = &world.session;
    let file = |name: &str, bytes: &[u8]| {
        let path = world.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let clinic = |bytes: &[u8]| reason(open(session, ImportKind::Clinic, &file("x.json", bytes)));
    assert_eq!(clinic(b""), "empty");
    assert_eq!(clinic(b" \n"), "empty");
    assert_eq!(clinic(b"{"), "not_json");
    assert_eq!(clinic(b"[]"), "not_ours");
    assert_eq!(clinic(br#"{"schema":"another","version":1}"#), "not_ours");
    assert_eq!(clinic(br#"{"schema":"lentigo.clinic-tables","version":99,"tables":7}"#), "newer_version");
    assert_eq!(clinic(b"PK\x03\x04 and no more"), "archive");
    let whole = fs::read(exported(&world, false, None)).unwrap();
    assert_eq!(clinic(&whole[..whole.len() / 2]), "archive");
    assert_eq!(reason(open(session, ImportKind::Clinic, &exported(&world, false, None))), "header_only");
    let mut other = ZipWriter::new(File::create(world.folder.path().join("o.zip")).unwrap());
    other.start_file("notes.txt", SimpleFileOptions::default()).unwrap();
    other.write_all(b"x").unwrap();
    other.finish().unwrap();
    assert_eq!(
        reason(open(session, ImportKind::Clinic, &world.folder.path().join("o.zip"))),
        "no_clinic_file"
    );
    let bundle = |bytes: &[u8]| reason(open(session, ImportKind::Fhir, &file("b.json", bytes)));
    assert_eq!(bundle(br#"{"resourceType":"Patient"}"#), "not_a_bundle");
    assert_eq!(bundle(br#"{"resourceType":"Bundle","entry":[]}"#), "header_only");
    assert_eq!(reason(open(session, ImportKind::Folder, &world.clinic_folder())), "no_table");
    let gone = open(session, ImportKind::Clinic, &world.folder.path().join("nowhere.zip"));
    assert_eq!(code_of(gone), ErrorCode::FileGone);

    assert_eq!(migration::read(session).unwrap().stage, ImportStage::Nothing);
    assert_eq!(code_of(migration::plan(session, &ImportMapping::default())), ErrorCode::NotFound);
    assert_eq!(code_of(migration::run(session, |_| {})), ErrorCode::NotFound);
    let clinician = joins(&world, "mira@seeblick.example", Role::Clinician);
    let request = ImportOpenRequest { kind: ImportKind::Folder, passphrase: None };
    assert_eq!(code_of(migration::prepare(&clinician, &request).map(drop)), ErrorCode::NotPermitted);
}
