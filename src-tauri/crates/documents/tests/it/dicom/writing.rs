//! What is written, read back with our reader, with pydicom and highdicom, and with `dciodvfy`.

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::DocumentError;
use documents::dicom::{
    DicomDevice, DicomPatient, DicomPlace, DicomReference, DicomStudy, FileSet, MEDIA_DIRECTORY,
    MeasurementReport, Photograph, Picture, Reading, derived_uid, encapsulated_pdf, lengths, photograph,
    read, uid,
};
use domain::analysis::{Band, Gate};
use domain::lesion::{BodySite, Laterality};
use domain::model::ModelIdentity;
use domain::patient::Sex;
use jiff::civil::{date, time};
use proptest::prelude::*;

use super::reading::specimen;
use crate::fixtures;

fn patient() -> DicomPatient {
    DicomPatient {
        number: "LT-00042".to_owned(),
        family_name: "Ångström Οικονόμου".to_owned(),
        given_names: "Zoë Мария".to_owned(),
        birth_date: Some(date(1961, 2, 28)),
        sex: Sex::Female,
    }
}

fn study() -> DicomStudy {
    DicomStudy {
        uid: uid(0x0198_1111_7222_8333_9444_5555_6666_7777),
        on: date(2026, 3, 5),
        id: "2026-03-05".to_owned(),
        clinic: "Hautpraxis am See".to_owned(),
    }
}

fn device() -> DicomDevice {
    DicomDevice { serial_number: "0198a1".to_owned(), version: "0.1.0".to_owned() }
}

struct World {
    patient: DicomPatient,
    study: DicomStudy,
    device: DicomDevice,
}

impl World {
    fn new() -> Self {
        Self { patient: patient(), study: study(), device: device() }
    }

    fn place<'a>(&'a self, series: &'a str, number: u32, instance: &'a str) -> DicomPlace<'a> {
        DicomPlace {
            patient: &self.patient,
            study: &self.study,
            device: &self.device,
            series_uid: series,
            series_number: number,
            instance_uid: instance,
            instance_number: 1,
            on: date(2026, 3, 5),
            time: Some(time(10, 31, 7, 0)),
        }
    }
}

fn shown<'a>(dermoscopic: bool, picture: Picture<'a>, lesion_uid: &'a str) -> Photograph<'a> {
    Photograph {
        dermoscopic,
        picture,
        pixel_spacing_mm: dermoscopic.then_some([0.05; 2]),
        site: BodySite::Back.term(),
        laterality: Laterality::Left,
        lesion_label: "L1",
        lesion_uid,
    }
}

const LONG_CODE: &str = "solar_lentigo_of_the_face";
const LESION: u128 = 0x0198_aaaa_7bbb_8ccc_9ddd_eeee_ffff_0000;

pub fn written(dermoscopic: bool, picture: Picture<'_>) -> (Vec<u8>, DicomReference) {
    let world = World::new();
    let lesion = uid(LESION);
    let instance = derived_uid(&["image", if dermoscopic { "d" } else { "c" }]);
    let series = derived_uid(&["series", if dermoscopic { "d" } else { "c" }]);
    // Of the one only the day is known.
    let place = world.place(&series, 1, &instance);
    let place = DicomPlace { time: place.time.filter(|_| !dermoscopic), ..place };
    photograph(&place, &shown(dermoscopic, picture, &lesion)).unwrap()
}

#[test]
fn a_photograph_comes_back_as_it_was() {
    let skin = specimen("skin.rgb");
    let picture = Picture::Rgb { width: 48, height: 36, pixels: &skin, lossy: false };
    let (file, reference) = written(true, picture);
    let found = read(&file).unwrap();
    assert!(found.frames[0].rgb == skin);
    assert_eq!(found.sop_class_uid, reference.sop_class_uid);
    assert_eq!(found.sop_instance_uid, reference.sop_instance_uid);
    assert_eq!(found.pixel_spacing_mm, Some([0.05; 2]));
    assert_eq!(found.patient_number.as_deref(), Some("LT-00042"));
    assert_eq!(found.study_date, Some(date(2026, 3, 5)));
    assert_eq!(found.body_site, Some((BodySite::Back.term().code.to_owned(), "SCT".to_owned())));
    assert_eq!(written(true, picture).0, file, "the same content gives the same bytes");
}

#[test]
fn a_jpeg_keeps_its_samples_and_loses_its_names() {
    let jpeg = specimen("skin.jpg");
    let (file, _) = written(false, Picture::Jpeg(&jpeg));
    for name in ["Kanari Optics", "Inger Brekke", "Haugesund"] {
        let holds = |bytes: &[u8]| bytes.windows(name.len()).any(|window| window == name.as_bytes());
        assert!(holds(&jpeg) && !holds(&file), "{name}");
    }
    let rgb = read(&file).unwrap().frames.remove(0).rgb;
    let far: u64 = rgb.iter().zip(specimen("skin.rgb")).map(|(a, b)| u64::from(a.abs_diff(b))).sum();
    assert!(far < 2 * rgb.len() as u64, "{far}");
    let broken = World::new();
    let (one, two, lesion) = (uid(1), uid(2), uid(3));
    for bad in [&jpeg[..40], b"GIF89a"] {
        let refused = photograph(&broken.place(&one, 1, &two), &shown(false, Picture::Jpeg(bad), &lesion));
        assert!(matches!(refused, Err(DocumentError::PhotographUnreadable(0))));
    }
}

/// A file-set on disk, with what it should say.
fn file_set(folder: &Path) -> Vec<PathBuf> {
    let world = World::new();
    let (skin, jpeg) = (specimen("skin.rgb"), specimen("skin.jpg"));
    let lesion = uid(LESION);
    let plain = Picture::Rgb { width: 48, height: 36, pixels: &skin, lossy: false };
    let images = [written(true, plain), written(false, Picture::Jpeg(&jpeg))];
    let (series, instance) = (derived_uid(&["series", "pdf"]), derived_uid(&["pdf"]));
    let pdf = b"%PDF-1.7\n% a report of odd length\n%%EOF".to_vec();
    let printed = encapsulated_pdf(&world.place(&series, 3, &instance), "Report of L1", &pdf).unwrap();
    let references: Vec<_> = images.iter().map(|(_, reference)| reference.clone()).collect();
    let measures = fixtures::measured(Some(0.01)).measures;
    let shares = [0.62, 0.2, 0.05, 0.03, 0.04, 0.02, 0.02, 0.02];
    let mut assessment = fixtures::assessment(Gate::Confident, Band::Malignant, shares);
    // Longer than a short code may be, as a model from elsewhere may have it.
    assessment.probabilities[5].label.code = LONG_CODE.to_owned();
    let model = ModelIdentity { name: "Lesion net".into(), version: "3".into(), sha256: "00".repeat(32) };
    let measurements = lengths(&measures);
    assert_eq!(measurements.len(), 4);
    assert!(lengths(&domain::measure::Measures { touches_frame: true, ..measures }).is_empty());
    let report = MeasurementReport {
        lesion_label: "L1",
        lesion_uid: &lesion,
        site: BodySite::Back.term(),
        laterality: Laterality::Left,
        images: &references,
        measurements: &measurements,
        reading: Some(Reading { model: &model, assessment: &assessment }),
        impression: Some("Melanoma suspected, excision.\nZweite Zeile: Größe 9 mm"),
        author_family_name: "Brekke",
        author_given_names: "Inger",
    };
    let (series, instance) = (derived_uid(&["series", "sr"]), derived_uid(&["sr"]));
    let structured = report.render(&world.place(&series, 4, &instance)).unwrap();
    assert_eq!(report.render(&world.place(&series, 4, &instance)).unwrap().0, structured.0);

    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder.join("DICOM")).unwrap();
    let mut set = FileSet::new(patient());
    let mut paths = Vec::new();
    for (file, reference) in images.iter().chain([&printed, &structured]) {
        let path = folder.join(set.add(&world.study, reference, file).unwrap());
        std::fs::write(&path, file).unwrap();
        paths.push(path);
    }
    std::fs::write(folder.join(MEDIA_DIRECTORY), set.directory().unwrap()).unwrap();
    paths.push(folder.join(MEDIA_DIRECTORY));
    let by_code: Vec<String> =
        measurements.iter().map(|one| format!("\"{}\": {}", one.term.code, one.value)).collect();
    let expected = format!(
        "{{\"files\": 4, \"family_name\": \"{}\", \"given_names\": \"{}\", \"number\": \"{}\", \
         \"lesion_uid\": \"{lesion}\", \"lesion_label\": \"L1\", \"site\": \"{}\", \"long_code\": \"{LONG_CODE}\", \
         \"measurements\": {{{}}}}}",
        world.patient.family_name,
        world.patient.given_names,
        world.patient.number,
        BodySite::Back.term().code,
        by_code.join(", ")
    );
    std::fs::write(folder.join("expected.json"), expected).unwrap();
    std::fs::write(folder.join("skin.rgb"), skin).unwrap();
    std::fs::write(folder.join("report.pdf"), pdf).unwrap();
    paths
}

#[test]
fn pydicom_and_highdicom_read_the_file_set() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dicom-pydicom");
    file_set(&folder);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../../target/dicom-venv/bin/python");
    if !python.exists() {
        eprintln!("pydicom is not installed: the file-set was written but not read back");
        return;
    }
    let script = here.join("tests/reference/conformance.py");
    // Away from a folder whose modules would be taken for those of Python.
    let output = Command::new(python).arg("-I").arg(script).arg(&folder).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn dciodvfy_finds_no_error() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dicom-dciodvfy");
    let files = file_set(&folder);
    if Command::new("dciodvfy").arg("-version").output().is_err() {
        eprintln!("dciodvfy is not installed: the file-set was written but not verified");
        return;
    }
    let faults: Vec<String> = files.iter().flat_map(|file| verified(file)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The errors of a file, by its name.
fn verified(file: &Path) -> Vec<String> {
    let output = Command::new("dciodvfy").arg("-new").arg(file).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let name = file.file_name().unwrap().to_string_lossy();
    said.lines().filter(|line| line.starts_with("Error")).map(|line| format!("{name}: {line}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any picture and any names come back.
    #[test]
    fn what_is_written_reads_back(
        width in 1..40_u32,
        height in 1..40_u32,
        level in any::<u8>(),
        number in "[^\\p{C}\\p{Z}\\\\]{1,20}",
        family in "\\PC{0,30}",
        dermoscopic in any::<bool>(),
    ) {
        let pixels: Vec<u8> =
            (0..width * height * 3).map(|at| (at as u8).wrapping_mul(31).wrapping_add(level)).collect();
        let mut world = World::new();
        world.patient.number.clone_from(&number);
        world.patient.family_name = family;
        let (one, two, lesion) = (uid(1), uid(2), uid(3));
        let picture = Picture::Rgb { width, height, pixels: &pixels, lossy: false };
        let (file, _) =
            photograph(&world.place(&one, 1, &two), &shown(dermoscopic, picture, &lesion)).unwrap();
        let found = read(&file).unwrap();
        prop_assert_eq!(&found.frames[0].rgb, &pixels);
        prop_assert_eq!(found.patient_number, Some(number));
    }
}
