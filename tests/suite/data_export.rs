//! Records that leave for other programs: FHIR R4, and the clinic's tables.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clinic::exchange::{fhir, tables};
use clinic::views::*;
use clinic::{Error, ErrorCode, Session, history, lesion, patient, read_first, registry, report};
use domain::consent::ConsentKind;
use domain::decision::Plan;
use domain::impression::{Confidence, Impression, ImpressionEntry};
use domain::lesion::{CloseReason, LesionClosure};
use domain::patient::PatientDetails;
use domain::{PatientId, Role};
use serde_json::Value;
use sha1::{Digest, Sha1};
use support::{PASSWORD, World, details, melanoma_like_jpeg, naevus_jpeg};
use zip::ZipArchive;

use crate::decisions::{Case, code_of, entry, examined, histology, today};
use crate::people::{NURSE, joins};

#[path = "../../src-tauri/crates/documents/tests/it/fhir/schema.rs"]
mod schema;

fn bundle_asked(patient_id: PatientId, password: &str, passphrase: Option<&str>) -> FhirExportRequest {
    FhirExportRequest {
        patient_id,
        paper: PaperSize::A4,
        password: password.into(),
        passphrase: passphrase.map(Into::into),
        passphrase_repeat: passphrase.map(Into::into),
    }
}

fn tables_asked(password: &str) -> ClinicTablesRequest {
    ClinicTablesRequest {
        photographs: false,
        password: password.into(),
        passphrase: None,
        passphrase_repeat: None,
    }
}

/// An archive that was written, read back.
struct Unpacked(ZipArchive<File>);

impl Unpacked {
    fn open(place: &Path) -> Self {
        Self(ZipArchive::new(File::open(place).unwrap()).unwrap())
    }

    fn names(&self) -> Vec<String> {
        self.0.file_names().map(|name| name.unwrap().into_owned()).collect()
    }

    fn bytes(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn text(&mut self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    fn json(&mut self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The patient's archive, with its bundle held against the schema.
fn exported(world: &World, patient: PatientId) -> (Unpacked, Value) {
    let place = world.folder.path().join("fhir.zip");
    let permit = fhir::prepare(&world.session, &bundle_asked(patient, PASSWORD, None)).unwrap();
    fhir::write(&world.session, permit, &place).unwrap();
    let mut archive = Unpacked::open(&place);
    let bundle = archive.json("bundle.json");
    schema::assert_r4(&root(), &bundle);
    (archive, bundle)
}

fn tabled(world: &World) -> Unpacked {
    let place = world.folder.path().join("tables.zip");
    let permit = tables::prepare(&world.session, &tables_asked(PASSWORD)).unwrap();
    assert_eq!(permit.file_name, "clinic-tables.zip");
    tables::write(&world.session, permit, &place).unwrap();
    Unpacked::open(&place)
}

fn of_kind<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries.map(|entry| &entry["resource"]).filter(|resource| resource["resourceType"] == kind).collect()
}

fn says(session: &Session, patient_id: PatientId, kind: ConsentKind, given: bool) {
    let request = ConsentRecordRequest { patient_id, kind, given, note: "Folder 7".into() };
    registry::record_consent(session, &request).unwrap();
}

/// Opened, decided, excised, reported.
fn finished(world: &World) -> Case {
    let case = examined(world);
    case.opens(&world.session).unwrap();
    case.decides(&world.session, None, entry("mel", Plan::Biopsy, "")).unwrap();
    histology(world, &case);
    let request =
        ReportCreateRequest { analysis_id: case.reading, conclusion: "Excise soon.".into(), proposal: None };
    report::create(&world.session, request).unwrap();
    case
}

fn is_reading(resource: &&&Value) -> bool {
    resource["code"].to_string().contains("classifier-reading")
}

#[test]
fn a_record_leaves_as_r4_with_its_files() {
    let world = World::founded();
    let case = finished(&world);
    says(&world.session, case.patient, ConsentKind::Training, true);
    let (mut archive, bundle) = exported(&world, case.patient);

    let patient = of_kind(&bundle, "Patient")[0];
    assert_eq!(patient["name"][0]["family"], "Lindenhoff");
    assert!(archive.names().iter().all(|name| !name.contains("Lindenhoff")));
    let media = of_kind(&bundle, "Media");
    assert_eq!(media.len(), 1);
    let content = &media[0]["content"];
    let photograph = archive.bytes(content["url"].as_str().unwrap());
    assert_eq!(photograph, melanoma_like_jpeg());
    assert_eq!(content["size"], photograph.len());
    assert_eq!(content["hash"], STANDARD.encode(Sha1::digest(&photograph)));

    let observations = of_kind(&bundle, "Observation");
    let reading = observations.iter().find(is_reading).unwrap();
    assert_eq!(reading["id"], case.reading.to_string());
    assert_eq!(reading["status"], "preliminary");
    let reports = of_kind(&bundle, "DiagnosticReport");
    let report = reports.iter().find(|one| one["conclusion"] == "Excise soon.").unwrap();
    let pdf = archive.bytes(report["presentedForm"][0]["url"].as_str().unwrap());
    assert!(pdf.starts_with(b"%PDF"));
    assert_eq!(report["presentedForm"][0]["hash"], STANDARD.encode(Sha1::digest(&pdf)));
    let pathology = reports.iter().find(|one| one["category"][0]["coding"][0]["code"] == "SP").unwrap();
    assert_eq!(pathology["conclusionCode"][0]["coding"][0]["code"], "8743/3");
    let who = of_kind(&bundle, "Practitioner");
    assert_eq!((who.len(), &who[0]["name"][0]["text"]), (1, &"Dr Ada Okonkwo".into()));
    assert!(!archive.text("README.txt").contains("Left out of this archive"));

    let said = world.trail(&world.session, "fhir_exported");
    assert_eq!((said.len(), &said[0]["readings"], &said[0]["protected"]), (1, &1.into(), &false.into()));
}

#[test]
fn a_bundle_needs_the_password_and_keeps_to_its_passphrase() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    let asked =
        |password, passphrase| fhir::prepare(session, &bundle_asked(case.patient, password, passphrase));
    assert_eq!(code_of(asked("not it at all", None)), ErrorCode::InvalidCredentials);
    assert_eq!(code_of(asked(PASSWORD, Some("short"))), ErrorCode::InvalidInput);
    let place = world.folder.path().join("fhir.zip");
    fhir::write(session, asked(PASSWORD, Some("two lanterns, one lake")).unwrap(), &place).unwrap();
    let bytes = std::fs::read(&place).unwrap();
    assert!(!bytes.windows(10).any(|window| window == b"Lindenhoff"));
    let mut archive = ZipArchive::new(File::open(&place).unwrap()).unwrap();
    assert!(archive.by_name("bundle.json").is_err());
    assert!(archive.by_name_decrypt("bundle.json", b"two lanterns, one lake").is_ok());
    let nowhere = world.folder.path().join("no folder").join("fhir.zip");
    let failed = fhir::write(session, asked(PASSWORD, None).unwrap(), &nowhere);
    assert_eq!(code_of(failed), ErrorCode::StorageFailed);
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    let refused = fhir::prepare(&nurse, &bundle_asked(case.patient, PASSWORD, None));
    assert_eq!(code_of(refused), ErrorCode::NotPermitted);
}

#[test]
fn what_does_not_count_does_not_travel() {
    let world = World::founded();
    let case = finished(&world);
    let session = &world.session;
    let wrong = world.adds_lesion(case.patient);
    let photograph = world.imports(wrong, &naevus_jpeg()).unwrap().image.id;
    world.analyses(&[photograph]).unwrap();
    assert_eq!(of_kind(&exported(&world, case.patient).1, "BodyStructure").len(), 2);

    let closure =
        LesionClosure { reason: CloseReason::EnteredInError, on: today(&world), note: String::new() };
    lesion::close(session, LesionCloseRequest { id: wrong, version: 1, closure }).unwrap();
    let reason = "Blurred".to_owned();
    let request = ReadingDeleteRequest { id: case.reading, reason, password: PASSWORD.into() };
    history::delete_reading(session, &request).unwrap();
    let (mut archive, bundle) = exported(&world, case.patient);
    let lesions = of_kind(&bundle, "BodyStructure");
    assert_eq!((lesions.len(), &lesions[0]["id"]), (1, &case.lesion.to_string().into()));
    assert_eq!(of_kind(&bundle, "Media").len(), 1);
    assert!(of_kind(&bundle, "Observation").iter().find(is_reading).is_none());
    for gone in [wrong.to_string(), photograph.to_string(), case.reading.to_string()] {
        assert!(!archive.text("bundle.json").contains(&gone));
        assert!(!archive.names().iter().any(|name| name.contains(&gone)));
    }
    // The report was issued and stands.
    assert!(archive.names().iter().any(|name| name.starts_with("reports/")));
}

#[test]
fn pictures_and_readings_leave_under_their_consents_alone() {
    let world = World::founded();
    let case = finished(&world);
    says(&world.session, case.patient, ConsentKind::Ai, false);
    let (mut archive, bundle) = exported(&world, case.patient);
    assert!(of_kind(&bundle, "Observation").iter().find(is_reading).is_none());
    assert_eq!(of_kind(&bundle, "Media").len(), 1);
    let reports = of_kind(&bundle, "DiagnosticReport");
    let report = reports.iter().find(|one| one["conclusion"] == "Excise soon.").unwrap();
    assert!(report.get("presentedForm").is_none(), "the reading is printed in it");
    assert!(archive.text("README.txt").contains("Readings by a classifier, for there is no consent"));

    says(&world.session, case.patient, ConsentKind::Photo, false);
    let (archive, bundle) = exported(&world, case.patient);
    assert!(of_kind(&bundle, "Media").is_empty());
    assert_eq!(archive.names().len(), 2, "{:?}", archive.names());
    let consents = of_kind(&bundle, "Consent");
    assert!(consents.iter().all(|consent| consent["status"] == "inactive"), "{consents:#?}");
}

#[test]
fn a_reading_that_waits_for_an_impression_stays() {
    let world = World::founded();
    let session = &world.session;
    read_first::change_settings(session, &ReadFirstSettings { on: true }).unwrap();
    let case = examined(&world);
    let reading = case.reading.to_string();
    let (mut archive, bundle) = exported(&world, case.patient);
    assert!(!bundle.to_string().contains(&reading));
    assert!(archive.text("README.txt").contains("wait for a clinician's first impression"));
    let mut archive = tabled(&world);
    assert_eq!(archive.json("clinic.json")["withheld_readings"], 1);
    for name in archive.names() {
        assert!(!archive.text(&name).contains(&reading), "{name} tells of it");
    }

    let impression = Impression { term: "mel".into(), text: String::new(), malignancy: None };
    let entry = ImpressionEntry { impression, confidence: Confidence::Low, note: String::new() };
    let request = ImpressionCommitRequest { analysis_id: case.reading, entry };
    read_first::commit(session, request).unwrap();
    let (_, bundle) = exported(&world, case.patient);
    assert!(of_kind(&bundle, "Observation").iter().find(is_reading).is_some());
    assert!(tabled(&world).text("analyses.csv").contains(&reading));
}

#[test]
fn tables_say_the_same_in_both_formats_and_hold_no_formula() {
    let world = World::founded();
    let case = finished(&world);
    let formula = PatientDetails {
        family_name: "=HYPERLINK(\"http://x\")".into(),
        given_names: "+1, \"نور\"".into(),
        address: "-2\nline".into(),
        ..details()
    };
    patient::create(&world.session, PatientCreateRequest { details: formula }).unwrap();
    let mut archive = tabled(&world);
    let readme = archive.text("README.txt");
    let all = archive.json("clinic.json");
    assert_eq!((&all["schema"], &all["version"]), (&"lentigo.clinic-tables".into(), &2.into()));
    let tables = all["tables"].as_object().unwrap();
    for noun in [
        "patients",
        "lesions",
        "visits",
        "images",
        "analyses",
        "analysis_classes",
        "checklists",
        "decisions",
        "recalls",
        "biopsies",
        "histologies",
        "reports",
    ] {
        assert!(tables.contains_key(noun), "{noun}");
    }
    for (name, rows) in tables {
        let rows = rows.as_array().unwrap();
        let mut reader =
            csv::Reader::from_reader(std::io::Cursor::new(archive.bytes(&format!("{name}.csv"))));
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), rows.len(), "{name}");
        let section =
            readme.split(&format!("\n{name}.csv\n")).nth(1).unwrap().split(".csv\n").next().unwrap();
        let explained: BTreeSet<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| line.split_whitespace().count() > 1)
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        for (row, line) in rows.iter().zip(&lines) {
            let told: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(told, explained, "{name}");
            for (column, cell) in columns.iter().zip(line) {
                let expected = match &row[column] {
                    Value::Null => String::new(),
                    Value::String(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(cell, expected, "{name}.{column}");
            }
        }
    }
    let patients = archive.text("patients.csv");
    assert!(patients.contains("'=HYPERLINK") && patients.contains("'+1") && patients.contains("نور"));
    let classes = tables["analysis_classes"].as_array().unwrap();
    let sum: f64 = classes.iter().map(|class| class["probability"].as_f64().unwrap()).sum();
    assert!(classes.len() > 2 && (sum - 1.0).abs() < 1e-6, "{sum}");
    assert_eq!(tables["analyses"][0]["id"], case.reading.to_string());
    assert_eq!(tables["histologies"][0]["breslow_mm"], 0.4);
    assert!(!archive.text("accounts.csv").contains('@'), "addresses of the staff stay");

    let said = world.trail(&world.session, "clinic_tables_exported");
    assert_eq!(said.len(), 3, "one for each patient and one for all");
    assert!(said.iter().any(|row| row["rows"].as_u64() > Some(10)));
}

#[test]
fn tables_are_an_administrators_and_leave_out_what_was_deleted() {
    let world = World::founded();
    let case = finished(&world);
    let session = &world.session;
    let refused = |session: &Session, password| -> Result<(), Error> {
        tables::prepare(session, &tables_asked(password)).map(|_| ())
    };
    assert_eq!(code_of(refused(session, "not it at all")), ErrorCode::InvalidCredentials);
    let clinician = joins(&world, "mira@seeblick.example", Role::Clinician);
    assert_eq!(code_of(refused(&clinician, PASSWORD)), ErrorCode::NotPermitted);
    let permit = tables::prepare(session, &tables_asked(PASSWORD)).unwrap();
    let nowhere = world.folder.path().join("no folder").join("tables.zip");
    assert_eq!(code_of(tables::write(session, permit, &nowhere)), ErrorCode::StorageFailed);

    let request =
        ReadingDeleteRequest { id: case.reading, reason: "Blurred".into(), password: PASSWORD.into() };
    history::delete_reading(session, &request).unwrap();
    let all = tabled(&world).json("clinic.json");
    for gone in ["analyses", "analysis_classes", "analysis_images", "decisions"] {
        assert_eq!(all["tables"][gone].as_array().unwrap().len(), 0, "{gone}");
    }
    for stays in ["images", "reports", "histologies"] {
        assert_eq!(all["tables"][stays].as_array().unwrap().len(), 1, "{stays}");
    }
}
