//! Records of elsewhere: another clinic's export, folders of old records, bundles of FHIR.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clinic::exchange::{fhir, tables};
use clinic::picture::{self, PictureAddress};
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, audit_trail, case_note, checklist, migration, patient, portrait, report, tray,
};
use domain::Role;
use domain::case_note::{NoteAudience, NoteEntry};
use domain::decision::Plan;
use domain::patient::PatientDetails;
use serde_json::{Value, json};
use support::{PASSWORD, World, details, melanoma_like_jpeg, naevus_jpeg};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::decisions::{Case, code_of, entry, examined, histology};
use crate::people::joins;

const PASSPHRASE: &str = "two lanterns, one lake";

/// What stays in the other clinic, as README and screen say: reports with their editions, and what accounts may do.
const STAYS: [&str; 3] = ["reports", "report_editions", "accounts"];

fn exported(world: &World, photographs: bool, passphrase: Option<&str>) -> PathBuf {
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

fn open(session: &Session, kind: ImportKind, path: &Path) -> Result<ImportView, Error> {
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

fn planned(session: &Session, view: &ImportView) -> ImportView {
    migration::plan(session, &view.mapping.clone().unwrap_or_default()).unwrap()
}

/// Opened, planned and imported; what became of it.
fn imported(session: &Session, kind: ImportKind, path: &Path) -> ImportResults {
    let view = open(session, kind, path).unwrap();
    planned(session, &view);
    migration::run(session, |_| {}).unwrap().results.unwrap()
}

fn rows(session: &Session) -> Vec<ImportRow> {
    let request = ImportRowsRequest { outcome: None, result: None, offset: 0, limit: 200 };
    migration::rows(session, &request).unwrap().rows
}

fn words(row: &ImportRow) -> Vec<ImportWord> {
    row.remarks.iter().map(|remark| remark.word).collect()
}

fn reason(result: Result<ImportView, Error>) -> String {
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

fn patients(world: &World) -> Vec<PatientRow> {
    let request = PatientSearchRequest { text: String::new(), limit: 200, offset: 0 };
    patient::search(&world.session, &request).unwrap().rows
}

/// A clinic with something of everything that travels.
fn furnished() -> (World, Case) {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    case.opens(session).unwrap();
    let about = ExaminationRequest { lesion_id: case.lesion, analysis_id: Some(case.reading) };
    let page = checklist::page(session, &about).unwrap();
    assert!(page.filled.is_empty());
    let decided = case
        .decides(session, None, entry("mel", Plan::Monitor { months: 3 }, "Patient asks to wait"))
        .unwrap();
    case.decides(session, Some(&decided), entry("mel", Plan::Biopsy, "")).unwrap();
    histology(&world, &case);
    let request = ReportCreateRequest { analysis_id: case.reading, conclusion: "Excise soon.".into() };
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
            "recall_contacts",
            "image_marks",
            "image_scales",
            "comparisons",
            "imaging_devices",
            "reading_feedback",
            "impressions",
            "referrals",
            "retention_holds",
            "recall_visits",
            "visits",
            "checklists",
            "clinicians",
            "image_origins",
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
    let before = travelling(&unpacked(&bare));
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

/// A folder of older records in Windows-1252, with one line for everything that can be wrong.
fn old_records(world: &World) -> PathBuf {
    let folder = world.folder.path().join("old records");
    fs::create_dir_all(folder.join("A-3")).unwrap();
    fs::create_dir_all(folder.join("Bilder")).unwrap();
    fs::write(folder.join("Bilder/IMG_1.jpg"), melanoma_like_jpeg()).unwrap();
    fs::write(folder.join("A-3/overview.jpg"), naevus_jpeg()).unwrap();
    fs::write(world.folder.path().join("outside.jpg"), naevus_jpeg()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(world.folder.path().join("outside.jpg"), folder.join("link.jpg")).unwrap();
    let long = "x".repeat(200);
    let text = format!(
        "Patienten-Nr.;Name;Vorname;Geburtsdatum;Geschlecht;Lokalisation;Bild\n\
         A-1;M\u{fc}ller;Eva;09.03.1971;w;R\u{fc}cken links;Bilder\\IMG_1.jpg\n\
         A-1;M\u{fc}ller;Eva;09.03.1971;w;Wange;Bilder\\IMG_1.jpg\n\
         A-2;Lindenhoff;Brigitte;23.04.1961;w;;../../etc/passwd\n\
         A-3;Zhang;Wei;31.12.1980;m;;link.jpg\n\
         A-4;Lost;Ida;31.02.1980;w;;\n\
         A-5;{long};Ida;01.02.1980;w;;\n\
         A-6;Young;Ida;01.02.20;w;;\n\
         A-7;Short;Ida\n\
         A-8;Nul\0;Ida;01.02.1980;w;;\n\
         A-1;Other;Person;01.02.1980;w;;\n\
         A-9;Lindenhof;Brigitte;23.04.1961;w;;\n"
    );
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    fs::write(folder.join("Patients.csv"), bytes).unwrap();
    folder
}

#[test]
fn a_folder_of_old_records_is_mapped_compared_and_imported_once() {
    let world = World::founded();
    let session = &world.session;
    let here = world.registers("Lindenhoff");
    let folder = old_records(&world);
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    let table = &view.source.as_ref().unwrap().tables[0];
    assert_eq!((table.encoding, table.delimiter.as_str(), table.rows), (TextEncoding::Windows1252, ";", 11));
    let mut mapping = view.mapping.clone().unwrap();
    assert_eq!(mapping.dates, Some(DateOrder::DayFirst), "one date has a 31st day first");
    assert!(mapping.tables[0].iter().all(Option::is_some));
    mapping.consents_on_file = true;
    let outcomes = migration::plan(session, &mapping).unwrap().outcomes.unwrap();
    assert_eq!(
        (outcomes.new, outcomes.same, outcomes.doubtful, outcomes.refused),
        (2, 1, 1, 6),
        "{:#?}",
        rows(session)
    );
    assert_eq!(patients(&world).len(), 1, "a dry run writes nothing");
    let by = |number: &str, family: &str| {
        rows(session)
            .into_iter()
            .find(|row| row.number == number && row.family_name.starts_with(family))
            .unwrap()
    };
    assert_eq!(by("A-1", "M").lines, [2, 3]);
    assert_eq!((by("A-1", "M").lesions, by("A-3", "Z").photographs), (2, 1));
    assert_eq!(words(&by("A-2", "L")), [ImportWord::PhotographOutside]);
    assert_eq!(words(&by("A-3", "Z")), [ImportWord::PhotographLink]);
    for (number, family, word) in [
        ("A-4", "L", ImportWord::DateInvalid),
        ("A-5", "x", ImportWord::FieldInvalid),
        ("A-6", "Y", ImportWord::DateTwoDigits),
        ("A-7", "S", ImportWord::CellCount),
        ("A-8", "N", ImportWord::FieldInvalid),
        ("A-1", "O", ImportWord::NumberTwice),
    ] {
        assert_eq!(words(&by(number, family)), [word], "{number}");
    }
    let decision = ImportDecideRequest { index: Some(by("A-9", "L").index), decision: ImportDecision::Same };
    migration::decide(session, &decision).unwrap();
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.unchanged, results.refused), (2, 2, 6), "{:#?}", rows(session));
    assert_eq!((results.lesions, results.photographs), (2, 2), "the second lesion names the same photograph");
    let all = patients(&world);
    assert_eq!(all.len(), 3);
    let zhang = all.iter().find(|row| row.family_name == "Zhang").unwrap();
    assert_eq!(zhang.number, "A-3", "the old number is kept");
    let tray = tray::list(session, &TrayListRequest { patient_id: zhang.id }).unwrap();
    assert_eq!(tray.photos.len(), 1);

    let csv = world.folder.path().join("result.csv");
    assert_eq!(migration::prepare_result(session).unwrap(), "import-result.csv");
    migration::save_result(session, &csv).unwrap();
    let mut lines = csv::Reader::from_path(&csv).unwrap();
    assert_eq!(lines.records().count(), 10);

    let view = open(session, ImportKind::Folder, &folder).unwrap();
    let again =
        migration::plan(session, &ImportMapping { consents_on_file: true, ..view.mapping.unwrap() }).unwrap();
    assert_eq!(again.outcomes.unwrap().new, 0);
    let decision = ImportDecideRequest { index: None, decision: ImportDecision::Skip };
    migration::decide(session, &decision).unwrap();
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.added, results.unchanged), (0, 0, 3));
    assert_eq!((results.lesions, results.photographs), (0, 0));
    assert_eq!(patients(&world).len(), 3);
    let _ = here;
}

#[test]
fn lesions_may_have_a_table_of_their_own_and_ambiguous_dates_are_asked_about() {
    let world = World::founded();
    let session = &world.session;
    let folder = world.folder.path().join("lists");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("patients.csv"),
        "number,last name,first name,dob\n1,Ng,An,9/3/1971\n2,Ng,Bo,4/5/1980\n",
    )
    .unwrap();
    fs::write(
        folder.join("lesions.csv"),
        "patient,lesion,site,side\n1,L1,back,left\n1,L2,moon,\n7,L1,back,\n",
    )
    .unwrap();
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    assert_eq!(view.date_orders, [DateOrder::DayFirst, DateOrder::MonthFirst]);
    let mapping = view.mapping.unwrap();
    let refused = migration::plan(session, &mapping).unwrap_err();
    assert_eq!(refused.details["problems"][0]["field"], "dates");
    migration::plan(session, &ImportMapping { dates: Some(DateOrder::MonthFirst), ..mapping }).unwrap();
    let all = rows(session);
    assert_eq!((all[0].date_of_birth.as_str(), all[0].lesions), ("1971-09-03", 2));
    assert_eq!(words(&all[0]), [ImportWord::NotUnderstood]);
    assert_eq!(words(&all[2]), [ImportWord::NobodysLesion]);
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.lesions, results.refused), (2, 2, 1));
}

#[test]
fn an_import_is_stopped_after_the_row_it_is_at_and_goes_on_later() {
    let world = World::founded();
    let session = &world.session;
    let folder = world.folder.path().join("many");
    fs::create_dir_all(&folder).unwrap();
    let lines: String = (0..40).map(|n| format!("{n},Family{n},Given,1980-01-{:02}\n", n % 28 + 1)).collect();
    fs::write(folder.join("patients.csv"), format!("number,surname,first name,dob\n{lines}")).unwrap();
    let view = open(session, ImportKind::Folder, &folder).unwrap();
    planned(session, &view);
    let stop = |step: ImportProgress| {
        if step.done == 10 {
            assert_eq!(migration::read(session).unwrap().stage, ImportStage::Running);
            assert_eq!(code_of(migration::close(session)), ErrorCode::Busy);
            migration::cancel(session).unwrap();
        }
    };
    let results = migration::run(session, stop).unwrap().results.unwrap();
    assert_eq!((results.created, results.not_reached), (10, 30));
    let results = imported(session, ImportKind::Folder, &folder);
    assert_eq!((results.created, results.unchanged), (30, 10));
    assert_eq!(world.trail(session, "patient_registered").len(), 40);
    assert_eq!(migration::close(session).unwrap().stage, ImportStage::Nothing);
}

#[test]
fn a_bundle_of_another_program_is_taken_as_far_as_it_is_understood() {
    let world = World::founded();
    let session = &world.session;
    let bundle = json!({
        "resourceType": "Bundle", "type": "collection", "entry": [
            { "fullUrl": "urn:uuid:p1", "resource": { "resourceType": "Patient",
                "identifier": [{ "value": "H-77" }],
                "name": [{ "family": "García", "given": ["Ana", "María"] }],
                "gender": "female", "birthDate": "1969-07-20" } },
            { "resource": { "resourceType": "Patient", "id": "p2", "name": [{ "family": "Year" , "given": ["Only"] }],
                "birthDate": "1969" } },
            { "fullUrl": "urn:uuid:b1", "resource": { "resourceType": "BodyStructure",
                "patient": { "reference": "urn:uuid:p1" }, "identifier": [{ "value": "Mole 1" }],
                "location": { "coding": [{ "system": "http://snomed.info/sct", "code": "66643007" }] },
                "locationQualifier": [{ "coding": [{ "code": "7771000" }] }] } },
            { "resource": { "resourceType": "Media", "subject": { "reference": "urn:uuid:p1" },
                "bodySite": { "extension": [{ "valueReference": { "reference": "urn:uuid:b1" } }] },
                "content": { "contentType": "image/jpeg", "data": STANDARD.encode(melanoma_like_jpeg()) } } },
            { "resource": { "resourceType": "Condition", "subject": { "reference": "urn:uuid:p1" },
                "code": { "text": "Melanoma in situ" }, "onsetDateTime": "2019-05" } },
            { "resource": { "resourceType": "Encounter", "subject": { "reference": "urn:uuid:p1" } } },
            { "resource": { "resourceType": "Observation", "subject": { "reference": "urn:uuid:p1" },
                "code": { "text": "Body height" } } },
        ]
    });
    let path = world.folder.path().join("bundle.json");
    fs::write(&path, bundle.to_string()).unwrap();
    let view = open(session, ImportKind::Fhir, &path).unwrap();
    let source = view.source.clone().unwrap();
    assert_eq!((source.people, source.photographs), (2, 1));
    let left: Vec<(&str, u32)> = source.left.iter().map(|left| (left.what.as_str(), left.count)).collect();
    assert_eq!(left, [("Encounter", 1), ("Observation", 1)]);
    let mapping = ImportMapping { consents_on_file: true, ..view.mapping.unwrap() };
    migration::plan(session, &mapping).unwrap();
    assert_eq!(words(&rows(session)[1]), [ImportWord::DateInvalid]);
    let results = migration::run(session, |_| {}).unwrap().results.unwrap();
    assert_eq!((results.created, results.refused, results.lesions, results.photographs), (1, 1, 1, 1));
    let id = patients(&world)[0].id;
    let page = patient::read(session, &PatientReadRequest { id }).unwrap();
    assert_eq!(page.patient.patient.number, "H-77");
    assert_eq!(page.patient.patient.details.medical_history, "Melanoma in situ (2019-05)");
    assert_eq!(page.lesions[0].lesion.details.laterality, domain::lesion::Laterality::Left);
}

#[test]
fn our_own_bundle_and_a_bundle_of_fifty_thousand_entries_are_read() {
    let (old, case) = furnished();
    let place = old.folder.path().join("fhir.zip");
    let request = FhirExportRequest {
        patient_id: case.patient,
        paper: PaperSize::A4,
        password: PASSWORD.into(),
        passphrase: None,
        passphrase_repeat: None,
    };
    fhir::write(&old.session, fhir::prepare(&old.session, &request).unwrap(), &place).unwrap();
    let world = World::founded();
    let results = imported(&world.session, ImportKind::Fhir, &place);
    assert_eq!(
        (results.created, results.lesions, results.photographs),
        (1, 1, 1),
        "{:?}",
        rows(&world.session)
    );

    let person = |n: u32| {
        json!({ "resource": { "resourceType": "Patient", "id": n.to_string(),
        "name": [{ "family": format!("F{n}"), "given": ["G"] }], "birthDate": "1980-01-01" } })
    };
    let bundle = json!({ "resourceType": "Bundle", "entry": (0..50_000).map(person).collect::<Vec<_>>() });
    let path = world.folder.path().join("big.json");
    fs::write(&path, bundle.to_string()).unwrap();
    let view = open(&world.session, ImportKind::Fhir, &path).unwrap();
    assert_eq!(planned(&world.session, &view).outcomes.unwrap().new, 50_000);
}
