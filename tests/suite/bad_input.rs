//! What should not come in: each is a coded error, nothing is half-written, the clinic goes on.

use std::fs;
use std::path::Path;

use clinic::sign_in::sign_in;
use clinic::views::*;
use clinic::{ErrorCode, entry, patient};
use domain::patient::PatientDetails;
use support::{World, details, melanoma_like_jpeg, naevus_jpeg, painted, root};

fn sealed_files(world: &World) -> usize {
    fs::read_dir(world.clinic_folder().join("images")).unwrap().count()
}

#[test]
fn pictures_that_cannot_be_accepted_are_refused_by_their_reason() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let good = naevus_jpeg();
    let truncated = good[..good.len() / 2].to_vec();
    let mut black = painted(400, 400);
    black.rgb.fill(4);
    let cases: Vec<(&str, Vec<u8>, ErrorCode)> = vec![
        ("empty", vec![], ErrorCode::ImageEmpty),
        ("renamed text", b"Dear colleague, thank you for".to_vec(), ErrorCode::ImageFormatUnsupported),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".to_vec(), ErrorCode::ImageFormatUnsupported),
        ("truncated", truncated, ErrorCode::ImageUnreadable),
        (
            "a JPEG of noise",
            [b"\xff\xd8\xff\xe0".as_slice(), &[0x5a; 4000]].concat(),
            ErrorCode::ImageUnreadable,
        ),
        ("223 pixels", painted(223, 400).to_png(), ErrorCode::ImageTooSmall),
        ("black", black.to_png(), ErrorCode::ImageBlack),
        ("huge", vec![0xff; (32 << 20) + 1], ErrorCode::ImageTooLarge),
    ];
    for (name, bytes, code) in cases {
        let error = world.imports(lesion, &bytes).expect_err(name);
        assert_eq!(error.code, code, "{name}");
        assert_eq!(sealed_files(&world), 0, "{name} left a file");
    }
    world.imports(lesion, &painted(224, 224).to_png()).unwrap();
    assert_eq!(sealed_files(&world), 3);
}

#[test]
fn a_form_full_of_mistakes_names_every_field() {
    let world = World::founded();
    let bad = PatientDetails { family_name: " ".into(), email: "x".into(), ..details() };
    let error = patient::create(&world.session, PatientCreateRequest { details: bad }).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let fields: Vec<_> =
        error.details["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["family_name", "email"]);
}

#[test]
fn a_weak_or_mistyped_first_password_founds_no_clinic() {
    let folder = tempfile::tempdir().unwrap();
    let workstation =
        std::sync::Arc::new(clinic::Workstation::new(folder.path().join("c"), root().join("models")));
    let weak = ClinicCreateRequest {
        password: "lantern".into(),
        password_repeat: "lantern!".into(),
        ..World::founding()
    };
    let error = entry::found(&workstation, &weak).err().unwrap();
    let fields: Vec<_> =
        error.details["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["password", "password_repeat"]);
    assert!(!workstation.is_founded());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn without_its_model_the_clinic_works_and_predicts_nothing() {
    let world = World::founded();
    let nowhere = tempfile::tempdir().unwrap();
    let world = world.reopened_with(nowhere.path());
    assert_eq!(world.session.view().model.problem, Some(ErrorCode::ModelUnavailable));
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    assert_eq!(world.analyses(&[image]).unwrap_err().code, ErrorCode::ModelUnavailable);
    copy_models(nowhere.path());
    assert_eq!(world.analyses(&[image]).unwrap().last().unwrap().error, None);
}

#[test]
fn an_altered_model_is_not_used() {
    let models = tempfile::tempdir().unwrap();
    copy_models(models.path());
    let onnx = models.path().join("lesion.onnx");
    let mut bytes = fs::read(&onnx).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&onnx, bytes).unwrap();
    let world = World::founded().reopened_with(models.path());
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    assert_eq!(world.analyses(&[image]).unwrap_err().code, ErrorCode::ModelUnavailable);
}

fn copy_models(to: &Path) {
    for entry in fs::read_dir(root().join("models")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_damaged_photograph_fails_its_analysis_and_nothing_else() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    for entry in fs::read_dir(world.clinic_folder().join("images")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let seen = world.analyses(&[image]).unwrap();
    let error = seen.last().unwrap().error.clone().expect("a failure");
    assert_eq!(error.code, ErrorCode::RecordDamaged);
    let other = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    assert_eq!(world.analyses(&[other]).unwrap().last().unwrap().error, None);
}

#[test]
fn key_slots_that_are_gone_never_make_a_new_clinic() {
    let world = World::founded();
    let folder = world.clinic_folder();
    for name in ["keyslots.json", "keyslots.json.bak"] {
        fs::remove_file(folder.join(name)).unwrap();
    }
    let again = entry::found(&world.workstation, &World::founding()).err().unwrap();
    assert_eq!(again.code, ErrorCode::ClinicExists);
    let refused = sign_in(&world.workstation, &World::credentials(support::PASSWORD)).err().unwrap();
    assert_eq!(refused.code, ErrorCode::KeySlotsDamaged);
}
