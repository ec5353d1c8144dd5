//! Rights of the patient: everything in one archive, the hold, the end of the record.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command as Tool;

use clinic::views::*;
use clinic::{ErrorCode, audit_trail, patient, patient_view, rights};
use domain::PatientId;
use domain::erasure::ErasureReason;
use domain::hold::HoldDetails;
use domain::patient::PatientDetails;
use serde_json::Value;
use support::{PASSWORD, World, details, melanoma_like_jpeg};
use zip::ZipArchive;

use crate::reports::signs;

const CANARY: &str = "Kanariensis";

struct Story {
    world: World,
    patient: PatientId,
    number: String,
}

/// A patient with a photograph, a reading, a report and a slip.
fn story() -> Story {
    let world = World::founded();
    let details = PatientDetails {
        family_name: CANARY.into(),
        address: format!("{CANARY} Lane 4"),
        medical_history: format!("{CANARY} allergy"),
        ..details()
    };
    let made = patient::create(&world.session, PatientCreateRequest { details }).unwrap().patient;
    let lesion = world.adds_lesion(made.id);
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    let done = world.analyses(&[image]).unwrap().pop().unwrap();
    let request = ReportCreateRequest {
        analysis_id: done.analysis_id.unwrap(),
        conclusion: "Excise soon.".into(),
        proposal: None,
    };
    let draft = clinic::report::create(&world.session, request).unwrap();
    signs(&world.session, &draft);
    Story { world, patient: made.id, number: made.number }
}

impl Story {
    fn export(&self, passphrase: Option<(&str, &str)>, to: &Path) -> Result<(), clinic::Error> {
        let request = SubjectExportRequest {
            patient_id: self.patient,
            paper: PaperSize::A4,
            password: PASSWORD.into(),
            passphrase: passphrase.map(|(first, _)| first.into()),
            passphrase_repeat: passphrase.map(|(_, second)| second.into()),
        };
        let permit = rights::prepare(&self.world.session, &request)?;
        assert_eq!(permit.file_name, format!("{}-record.zip", self.number));
        rights::write(&self.world.session, permit, to)
    }

    fn erase(&self, number: &str, password: &str) -> Result<ErasureView, clinic::Error> {
        let request = PatientEraseRequest {
            patient_id: self.patient,
            number: number.into(),
            reason: ErasureReason::PatientRequest,
            password: password.into(),
        };
        rights::erase(&self.world.session, &request)
    }

    fn sealed(&self) -> Vec<std::path::PathBuf> {
        let folder = self.world.clinic_folder().join("images");
        self.world.files().into_iter().filter(|path| path.starts_with(&folder)).collect()
    }

    fn trail_is_intact(&self) -> bool {
        audit_trail::verify(&self.world.session).unwrap().intact
    }
}

fn entry(archive: &mut ZipArchive<File>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The text of a PDF, or nothing where poppler is not installed.
fn text_of(folder: &Path, pdf: &[u8]) -> Option<String> {
    let path = folder.join("read.pdf");
    fs::write(&path, pdf).unwrap();
    let output = Tool::new("pdftotext").arg("-layout").arg(&path).arg("-").output().ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn an_export_holds_the_whole_record() {
    let story = story();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("record.zip");
    story.export(None, &place).unwrap();
    let mut archive = ZipArchive::new(File::open(&place).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains(CANARY)));
    let record: Value = serde_json::from_slice(&entry(&mut archive, "record.json")).unwrap();
    assert_eq!((&record["schema"], &record["version"]), (&"lentigo.subject-export".into(), &1.into()));
    assert_eq!(record["sections"]["patients"][0]["family_name"], CANARY);
    assert_eq!(record["missing_files"].as_array().map(Vec::len), Some(0));
    let actor = record["access_log"][0]["account"].as_str().unwrap();
    assert_eq!(record["accounts"][actor], "Dr Ada Okonkwo");
    let image = record["sections"]["images"][0]["id"].as_str().unwrap();
    assert_eq!(entry(&mut archive, &format!("photographs/{image}.jpg")), melanoma_like_jpeg());
    assert!(names.iter().any(|name| name.starts_with("explanations/") && name.ends_with("heatmap.png")));
    let readme = String::from_utf8(entry(&mut archive, "README.txt")).unwrap();
    for (section, rows) in record["sections"].as_object().unwrap() {
        assert!(readme.contains(&format!("\n{section} ")), "{section}");
        for field in rows.as_array().unwrap().iter().flat_map(|row| row.as_object().unwrap().keys()) {
            assert!(readme.contains(&format!("\n{field} ")), "{field} is not explained");
        }
    }
    let report = names.iter().find(|name| name.starts_with("reports/")).unwrap();
    if let Some(text) = text_of(folder.path(), &entry(&mut archive, report)) {
        assert!(text.contains("Excise soon.") && text.contains(CANARY));
    }
    if let Some(text) = text_of(folder.path(), &entry(&mut archive, "summary.pdf")) {
        for said in [CANARY, &story.number, "Excise soon.", "Who read or changed", "patient registered"] {
            assert!(text.contains(said), "{said}:\n{text}");
        }
    }
    let said = story.world.trail(&story.world.session, "subject_exported");
    assert_eq!((said.len(), &said[0]["photographs"], &said[0]["protected"]), (1, &1.into(), &false.into()));
}

#[test]
fn a_passphrase_seals_the_archive_and_a_wrong_password_makes_none() {
    let story = story();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("record.zip");
    let refused = |passphrase| story.export(Some(passphrase), &place).unwrap_err();
    assert_eq!(refused(("short", "short")).details["problems"][0]["code"], "too_short");
    assert_eq!(
        refused(("two lanterns", "two lamps in")).details["problems"][0]["field"],
        "passphrase_repeat"
    );
    assert!(!place.exists());
    story.export(Some(("two lanterns", "two lanterns")), &place).unwrap();
    let bytes = fs::read(&place).unwrap();
    assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()));
    let mut archive = ZipArchive::new(File::open(&place).unwrap()).unwrap();
    assert!(archive.by_name("record.json").is_err());
    let mut text = String::new();
    archive.by_name_decrypt("record.json", b"two lanterns").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains(CANARY));
    let request = SubjectExportRequest {
        patient_id: story.patient,
        paper: PaperSize::A4,
        password: "not the password at all".into(),
        passphrase: None,
        passphrase_repeat: None,
    };
    let refused = rights::prepare(&story.world.session, &request).err().unwrap();
    assert_eq!(refused.code, ErrorCode::InvalidCredentials);
    // A place that cannot be written to leaves nothing behind.
    let nowhere = folder.path().join("no folder").join("record.zip");
    assert_eq!(story.export(None, &nowhere).unwrap_err().code, ErrorCode::StorageFailed);
}

#[test]
fn a_record_under_a_hold_stays() {
    let story = story();
    let session = &story.world.session;
    let hold = HoldDetails { reason: "Lawsuit".into(), until: None };
    let request = HoldSetRequest { patient_id: story.patient, details: hold };
    assert_eq!(rights::set_hold(session, request).unwrap().set_by, "Dr Ada Okonkwo");
    let page = patient::read(session, &PatientReadRequest { id: story.patient }).unwrap();
    assert!(page.hold.is_some());
    let before = story.sealed();
    assert_eq!(story.erase(&story.number, PASSWORD).unwrap_err().code, ErrorCode::PatientOnHold);
    assert_eq!(story.sealed(), before);
    let which = HoldReadRequest { patient_id: story.patient };
    rights::lift_hold(session, &which).unwrap();
    assert_eq!(rights::hold(session, &which).unwrap(), None);
    story.erase(&story.number, PASSWORD).unwrap();
}

#[test]
fn an_erased_patient_is_in_no_file_of_the_clinic() {
    let story = story();
    let session = &story.world.session;
    let issue = PatientViewIssueRequest { patient_id: story.patient, hours: 24 };
    let slip = patient_view::issue(session, &issue).unwrap();
    let parcels = story.world.clinic_folder().join("parcels");
    assert_eq!(fs::read_dir(&parcels).unwrap().count(), 1);
    let draft =
        Draft { key: format!("patient:{}", story.patient), body: serde_json::json!({ "typed": CANARY }) };
    session.keep_draft(draft).unwrap();
    assert!(story.sealed().len() >= 4);
    let mistyped = story.erase("P-999999", PASSWORD).unwrap_err();
    assert_eq!(mistyped.details["problems"][0]["field"], "number");
    let wrong = story.erase(&story.number, "not the password at all").unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidCredentials);
    let erased = story.erase(&story.number, PASSWORD).unwrap();
    assert!(erased.clean && erased.files >= 4);
    assert_eq!(
        story.sealed().len(),
        1,
        "the key that signs the clinic's reports, and nothing of the patient"
    );
    assert_eq!(fs::read_dir(&parcels).unwrap().count(), 0, "{} opens nothing now", slip.code);
    assert!(session.drafts().unwrap().is_empty());
    for path in story.world.files() {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()), "{}", path.display());
        if path.extension().is_some_and(|ending| ending == "db-wal") {
            assert_eq!(bytes.len(), 0);
        }
    }
    let gone = patient::read(session, &PatientReadRequest { id: story.patient }).unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    let said = story.world.trail(session, "patient_erased");
    assert_eq!(said.len(), 1);
    assert!(!said[0].to_string().contains(&story.number) && said[0]["reason"] == "patient_request");
    assert!(story.trail_is_intact());
    assert_ne!(patient_number(&story.world), story.number);
}

fn patient_number(world: &World) -> String {
    let id = world.registers("Lindenhoff");
    patient::read(&world.session, &PatientReadRequest { id }).unwrap().patient.patient.number
}

#[test]
fn files_that_a_power_cut_left_go_at_the_next_start() {
    let mut story = story();
    let mut kept: Vec<_> = story.sealed().into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    story.erase(&story.number, PASSWORD).unwrap();
    let stays = story.sealed();
    kept.retain(|(_, path)| !stays.contains(path));
    // As if the program had ended between the transaction and the files.
    for (bytes, path) in &kept {
        fs::write(path, bytes).unwrap();
    }
    story.world = story.world.reopened_with(&support::root().join("models"));
    assert_eq!(story.sealed(), stays);
    let swept = story.world.trail(&story.world.session, "orphans_removed");
    assert_eq!(swept[0]["orphans"], kept.len());
    assert!(story.trail_is_intact());
}
