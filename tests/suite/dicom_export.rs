//! A patient's record as a DICOM file-set, read back with our own reader, with pydicom and with `dciodvfy`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command as Tool;

use clinic::exchange::dicom;
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, history, image, lesion, measuring, patient, read_first, registry, report,
};
use documents::dicom::{Travelling, read};
use domain::consent::ConsentKind;
use domain::image::ImageKind;
use domain::lesion::{BodySite, CloseReason, Laterality, LesionClosure, LesionDetails};
use domain::mark::PixelPoint;
use domain::scale::RulerReading;
use domain::{AnalysisId, ImageId, LesionId, PatientId, Role};
use serde_json::{Value, json};
use support::{PASSWORD, World, marked_naevus_jpeg, melanoma_like_jpeg, painted};
use zip::ZipArchive;

use crate::people::{NURSE, joins};
use crate::reports::signs;

/// A patient with a lesion that was read and reported on, one with photographs of other kinds, and what should
/// never have been on record.
pub struct Story {
    pub world: World,
    pub patient: PatientId,
    pub number: String,
    pub lesion: LesionId,
    pub other: LesionId,
    pub photograph: ImageId,
    pub reading: AnalysisId,
}

pub fn story() -> Story {
    let world = World::founded();
    let patient = world.registers("Lindenhoff-Ängström");
    let page = patient::read(&world.session, &PatientReadRequest { id: patient }).unwrap();
    let lesion = world.adds_lesion(patient);
    let other = adds(&world, patient, "Mole, left calf");
    let error = adds(&world, patient, "Not hers");
    let photograph = world.imports(lesion, &marked_naevus_jpeg()).unwrap().image.id;
    let reading = RulerReading {
        from: PixelPoint { x: 10.0, y: 10.0 },
        to: PixelPoint { x: 210.0, y: 10.0 },
        distance_mm: 4.0,
        pointing_px: 1.0,
    };
    let ruler = ScaleByRulerRequest { image_id: photograph, reading };
    measuring::by_ruler(&world.session, &ruler).unwrap();
    let reading = world.analyses(&[photograph]).unwrap().pop().unwrap().analysis_id.unwrap();
    let request =
        || ReportCreateRequest { analysis_id: reading, conclusion: "Excise soon.".into(), proposal: None };
    signs(&world.session, &report::create(&world.session, request()).unwrap());
    // A draft stays.
    report::create(&world.session, request()).unwrap();
    clinical(&world, other, &painted(640, 480).to_png());
    let deleted = clinical(&world, other, &painted(500, 400).to_png());
    let request =
        PhotographDeleteRequest { id: deleted, reason: "Blurred".into(), password: PASSWORD.into() };
    history::delete_photograph(&world.session, &request).unwrap();
    world.imports(error, &melanoma_like_jpeg()).unwrap();
    let on = world.now().to_zoned(jiff::tz::TimeZone::system()).date();
    let closure = LesionClosure { reason: CloseReason::EnteredInError, on, note: String::new() };
    lesion::close(&world.session, LesionCloseRequest { id: error, version: 1, closure }).unwrap();
    Story { world, patient, number: page.patient.patient.number, lesion, other, photograph, reading }
}

fn adds(world: &World, patient_id: PatientId, label: &str) -> LesionId {
    let details = LesionDetails {
        label: label.into(),
        site: BodySite::Back,
        laterality: Laterality::NotApplicable,
        note: String::new(),
    };
    let request = LesionCreateRequest { patient_id, details, place: None };
    lesion::create(&world.session, request).unwrap().lesion.id
}

fn clinical(world: &World, lesion_id: LesionId, bytes: &[u8]) -> ImageId {
    let request = ImageImportRequest { lesion_id, kind: ImageKind::Clinical };
    image::import(&world.session, &request, bytes).unwrap().image.id
}

impl Story {
    pub fn selection(&self, lesion_ids: Option<Vec<LesionId>>) -> DicomSelection {
        DicomSelection { patient_id: self.patient, lesion_ids, reports: true, readings: true }
    }

    fn exports(&self, selection: DicomSelection, to: &Path) -> Result<DicomCounts, Error> {
        let permit = self.permit(selection, PASSWORD)?;
        assert_eq!(permit.file_name, format!("{}-dicom.zip", self.number));
        dicom::write(&self.world.session, &permit, to)
    }

    fn permit(&self, selection: DicomSelection, password: &str) -> Result<dicom::DicomPermit, Error> {
        let request = PatientDicomExportRequest { selection, password: password.into() };
        dicom::prepare(&self.world.session, request)
    }

    fn told(&self) -> Vec<Value> {
        self.world.trail(&self.world.session, "dicom_exported")
    }
}

/// The archive laid out in a folder, and the files of the set in their order.
fn laid_out(archive: &Path, folder: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(folder);
    ZipArchive::new(File::open(archive).unwrap()).unwrap().extract(folder).unwrap();
    assert!(folder.join("DICOMDIR").exists());
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.join("DICOM")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn uids(files: &[PathBuf]) -> BTreeSet<String> {
    let of = |path: &PathBuf| Travelling::of(&fs::read(path).unwrap()).unwrap().sop_instance_uid;
    files.iter().map(of).collect()
}

fn code<T>(result: Result<T, Error>) -> ErrorCode {
    result.err().expect("a refusal").code
}

#[test]
fn a_file_set_holds_the_record_and_reads_back_everywhere() {
    let story = story();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dicom-export");
    fs::create_dir_all(&folder).unwrap();
    let archive = folder.join("set.zip");
    let counts = story.exports(story.selection(None), &archive).unwrap();
    let expected = DicomCounts { photographs: 2, reports: 1, readings: 1, withheld: 0, damaged: 0 };
    assert_eq!(counts, expected);
    let said = story.told();
    assert_eq!((said.len(), &said[0]["photographs"], &said[0]["reports"]), (1, &2.into(), &1.into()));

    let files = laid_out(&archive, &folder.join("set"));
    let dermoscopic = read(&fs::read(&files[0]).unwrap()).unwrap();
    assert_eq!(dermoscopic.pixel_spacing_mm, Some([0.02, 0.02]));
    assert_eq!(dermoscopic.patient_number.as_deref(), Some(story.number.as_str()));
    let truth = vision::decode(&marked_naevus_jpeg(), &vision::DecodeLimits::default()).unwrap();
    let frame = &dermoscopic.frames[0];
    let far: u64 = frame.rgb.iter().zip(&truth.rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(far < frame.rgb.len() as u64, "the samples of the JPEG are those that came in: {far}");
    let plain = read(&fs::read(&files[1]).unwrap()).unwrap();
    assert!(plain.pixel_spacing_mm.is_none() && plain.frames[0].rgb == painted(640, 480).rgb);

    verified(&files, &folder.join("set"));
    read_by_pydicom(&folder.join("set"), &story);
}

/// Every file, and the directory, by `dciodvfy`.
fn verified(files: &[PathBuf], folder: &Path) {
    if Tool::new("dciodvfy").arg("-version").output().is_err() {
        eprintln!("dciodvfy is not installed: the file-set was written but not verified");
        return;
    }
    for file in files.iter().chain([&folder.join("DICOMDIR")]) {
        let output = Tool::new("dciodvfy").arg("-new").arg(file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let faults: Vec<&str> = said.lines().filter(|line| line.starts_with("Error")).collect();
        assert!(faults.is_empty(), "{}: {}", file.display(), faults.join("\n"));
    }
}

fn read_by_pydicom(folder: &Path, story: &Story) {
    let python = support::root().join("target/dicom-venv/bin/python");
    if !python.exists() {
        eprintln!("pydicom is not installed: the file-set was written but not read back");
        return;
    }
    let lesion_uid = format!("2.25.{}", story.lesion.as_uuid().as_u128());
    let expected =
        json!({ "number": story.number, "family_name": "Lindenhoff-Ängström", "lesion_uid": lesion_uid });
    fs::write(folder.join("expected.json"), expected.to_string()).unwrap();
    let script = support::root().join("tests/suite/dicom_export.py");
    let output = Tool::new(python).arg("-I").arg(script).arg(folder).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_same_object_keeps_its_identity_and_a_changed_one_gets_another() {
    let story = story();
    let folder = tempfile::tempdir().unwrap();
    let exported = |lesions: Option<Vec<LesionId>>| {
        let archive = folder.path().join("set.zip");
        story.exports(story.selection(lesions), &archive).unwrap();
        uids(&laid_out(&archive, &folder.path().join("set")))
    };
    let first = exported(None);
    assert_eq!(first.len(), 4);
    assert_eq!(exported(None), first);
    let part = exported(Some(vec![story.lesion]));
    assert!(part.len() == 3 && part.is_subset(&first));
    assert_eq!(exported(Some(vec![story.other])).len(), 1);
    // Without its scale the photograph says something else, and so does the reading that rests on it.
    let request = ImageMeasuringRequest { image_id: story.photograph };
    measuring::remove_scale(&story.world.session, &request).unwrap();
    let changed = exported(None);
    assert_eq!(changed.intersection(&first).count(), 2, "the other photograph, and the report");
}

#[test]
fn what_a_clinician_may_not_see_yet_stays() {
    let story = story();
    read_first::change_settings(&story.world.session, &ReadFirstSettings { on: true }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("set.zip");
    let counts = story.exports(story.selection(None), &archive).unwrap();
    let expected = DicomCounts { photographs: 2, withheld: 1, ..DicomCounts::default() };
    assert_eq!(counts, expected);
    let read = clinic::analysis::read(&story.world.session, &AnalysisReadRequest { id: story.reading });
    assert_eq!(code(read), ErrorCode::ImpressionRequired, "and is as unseen as before");
}

#[test]
fn consents_rights_and_the_password_are_asked_for() {
    let story = story();
    let world = &story.world;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("set.zip");
    assert_eq!(code(story.permit(story.selection(None), "not it at all")), ErrorCode::InvalidCredentials);
    let strange = world.adds_lesion(world.registers("Somebody"));
    assert_eq!(code(story.permit(story.selection(Some(vec![strange])), PASSWORD)), ErrorCode::NotFound);
    assert_eq!(code(story.permit(story.selection(Some(vec![])), PASSWORD)), ErrorCode::NotFound);
    let desk: Session = joins(world, NURSE, Role::FrontDesk);
    let request = PatientDicomExportRequest { selection: story.selection(None), password: PASSWORD.into() };
    assert_eq!(code(dicom::prepare(&desk, request)), ErrorCode::NotPermitted);

    let withdraw = |kind: ConsentKind| {
        let request =
            ConsentRecordRequest { patient_id: story.patient, kind, given: false, note: String::new() };
        registry::record_consent(&world.session, &request).unwrap();
    };
    withdraw(ConsentKind::Ai);
    let counts = story.exports(story.selection(None), &archive).unwrap();
    assert_eq!((counts.photographs, counts.readings, counts.reports), (2, 0, 1));
    let permit = story.permit(story.selection(None), PASSWORD).unwrap();
    withdraw(ConsentKind::Photo);
    let before = (story.told().len(), fs::read(&archive).unwrap());
    assert_eq!(code(dicom::write(&world.session, &permit, &archive)), ErrorCode::ConsentMissing);
    assert_eq!(code(story.permit(story.selection(None), PASSWORD)), ErrorCode::ConsentMissing);
    assert!((story.told().len(), fs::read(&archive).unwrap()) == before, "nothing was written or told");
}

#[test]
fn a_damaged_photograph_does_not_hold_back_the_others() {
    let story = story();
    let folder = story.world.clinic_folder().join("images");
    let sealed = story.world.files().into_iter().filter(|path| path.starts_with(&folder));
    // Sealing adds little to the PNG of the clinical photograph.
    let plain = painted(640, 480).to_png().len() as u64;
    let file = sealed.min_by_key(|path| fs::metadata(path).unwrap().len().abs_diff(plain)).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let place = story.world.folder.path().join("set.zip");
    let counts = story.exports(story.selection(None), &place).unwrap();
    assert_eq!((counts.photographs, counts.damaged, counts.readings), (1, 1, 1));
}
