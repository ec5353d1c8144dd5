//! A clinic on a file system that takes no more: nothing is half there, and making room is enough.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use clinic::views::{PatientCreateRequest, PatientReadRequest, TrayAddRequest, TrayAdded, TrayListRequest};
use clinic::{ErrorCode, patient, taking, tray};
use domain::tray::PhotoSource;
use support::{World, details, naevus_jpeg};

const DISK: &str = "LENTIGO_TEST_DISK";

/// Runs the ignored half of the test with a small file system mounted over a folder, in a mount
/// namespace of its own.
#[test]
#[cfg(target_os = "linux")]
fn an_import_without_space_leaves_nothing_behind() {
    let may = Command::new("unshare").args(["-Urm", "true"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no mount namespaces here");
        return;
    }
    let disk = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=24m tmpfs \"${DISK}\" && exec \"$0\" \"$@\"");
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", &mount])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full_disk::child_imports", "--ignored", "--nocapture"])
        .env(DISK, disk.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}\n{trouble}");
}

#[test]
#[ignore = "run by an_import_without_space_leaves_nothing_behind on a small disk"]
fn child_imports() {
    let disk = PathBuf::from(std::env::var_os(DISK).expect("run by its parent test"));
    let world = World::founded_on(&disk);
    let patient_id = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient_id);
    let images = world.clinic_folder().join("images");
    let count = || fs::read_dir(&images).unwrap().count();

    let ballast = disk.join("ballast");
    fill(&ballast);
    let refused = world.imports(lesion, &naevus_jpeg()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::StorageFull);
    assert_eq!(count(), 0, "no part of a refused photograph stays");
    let about = TrayAddRequest {
        patient_id,
        lesion_id: None,
        kind: None,
        source: PhotoSource::Folder,
        accepted: vec![],
    };
    let refused = taking::add(&world.session, &about, &naevus_jpeg()).unwrap_err();
    assert_eq!((refused.code, count()), (ErrorCode::StorageFull, 0));
    let request = PatientCreateRequest { details: details() };
    assert_eq!(patient::create(&world.session, request).unwrap_err().code, ErrorCode::StorageFull);

    fs::remove_file(&ballast).unwrap();
    let page = patient::read(&world.session, &PatientReadRequest { id: patient_id }).unwrap();
    assert!(page.lesions[0].images.is_empty());
    let added = taking::add(&world.session, &about, &naevus_jpeg()).unwrap();
    assert!(matches!(added, TrayAdded::Taken { photos } if !photos[0].already));
    let waiting = tray::list(&world.session, &TrayListRequest { patient_id }).unwrap();
    assert_eq!((waiting.photos.len(), count()), (1, 3));
    world.imports(lesion, &naevus_jpeg()).unwrap();
    assert!(count() > 3);
}

/// Takes all the room there is.
fn fill(ballast: &std::path::Path) {
    use std::io::Write;
    let mut file = fs::File::create(ballast).unwrap();
    for piece in [1 << 20, 4096, 1] {
        while file.write_all(&vec![0; piece]).is_ok() {}
    }
}
