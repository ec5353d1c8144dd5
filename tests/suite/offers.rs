//! Files that are offered: a folder that was chosen, and a folder that a device writes to.

use std::fs;
use std::path::Path;
use std::time::Duration;

use clinic::offers::Look;
use clinic::views::*;
use clinic::{Error, ErrorCode, Result, offers};
use domain::PatientId;
use domain::tray::PhotoSource;
use support::{World, melanoma_like_jpeg, naevus_jpeg, painted};

use crate::tray::{about, one, waiting};

fn takes(world: &World, key: u32, watched: bool, patient: PatientId) -> Result<TrayAdded> {
    let source = if watched { PhotoSource::Watched } else { PhotoSource::Folder };
    let about = TrayAddRequest { source, ..about(patient) };
    let request = OfferTakeRequest { key, watched, about };
    let bytes = offers::claim(&world.session, &request)?.read()?;
    offers::take(&world.session, &request, &bytes)
}

fn picks(world: &World, folder: &Path) -> Result<FolderOffer> {
    offers::pick(&world.session, Look::into(folder.to_path_buf(), &world.workstation)?)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_folder_is_taken_in_file_by_file_and_each_says_what_became_of_it() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let folder = tempfile::tempdir().unwrap();
    let names =
        ["a.jpg", "deep/c.png", "deep/er/b.jpeg", "deep/notes.txt", "empty.jpg", "gone.jpg", "same.jpg"];
    let png = painted(300, 300).to_png();
    let contents = [
        naevus_jpeg(),
        png,
        melanoma_like_jpeg(),
        b"Dear colleague".to_vec(),
        vec![],
        vec![1],
        naevus_jpeg(),
    ];
    for (name, bytes) in names.iter().zip(&contents) {
        write(folder.path(), name, bytes);
    }
    let offer = picks(&world, folder.path()).unwrap();
    let mut listed: Vec<_> = offer.files.iter().map(|file| file.name.as_str()).collect();
    listed.sort_unstable();
    assert_eq!(listed, names);
    fs::remove_file(folder.path().join("gone.jpg")).unwrap();
    let outcome = |name: &str| {
        let key = offer.files.iter().find(|file| file.name == name).unwrap().key;
        takes(&world, key, false, patient).map(one).map_err(|error: Error| error.code)
    };
    assert!(outcome("a.jpg").is_ok_and(|photo| !photo.already));
    assert!(outcome("deep/er/b.jpeg").is_ok());
    assert!(outcome("deep/c.png").is_ok());
    assert_eq!(outcome("deep/notes.txt").unwrap_err(), ErrorCode::ImageFormatUnsupported);
    assert_eq!(outcome("empty.jpg").unwrap_err(), ErrorCode::ImageEmpty);
    assert_eq!(outcome("gone.jpg").unwrap_err(), ErrorCode::FileGone);
    assert!(outcome("same.jpg").is_ok_and(|photo| photo.already));
    assert_eq!(takes(&world, 99, false, patient).unwrap_err().code, ErrorCode::NotFound);
    // The share goes away in the middle.
    fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(outcome("a.jpg").unwrap_err(), ErrorCode::FileGone);
    assert_eq!(picks(&world, folder.path()).unwrap_err().code, ErrorCode::FileGone);
    assert_eq!(waiting(&world, patient).photos.len(), 3);
    // What is sealed is not offered.
    let own = picks(&world, &world.clinic_folder().join("images")).unwrap_err();
    assert_eq!(own.code, ErrorCode::InvalidInput);
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "locked.jpg", &naevus_jpeg());
    let locked = folder.path().join("locked.jpg");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&locked).is_ok() {
        eprintln!("skipped: this account reads everything");
        return;
    }
    picks(&world, folder.path()).unwrap();
    assert_eq!(takes(&world, 0, false, patient).unwrap_err().code, ErrorCode::FileDenied);
}

#[test]
fn ten_thousand_files_are_listed() {
    let world = World::founded();
    let folder = tempfile::tempdir().unwrap();
    for part in 0..20 {
        for file in 0..500 {
            write(folder.path(), &format!("{part:02}/{file:03}.jpg"), b"");
        }
    }
    let offer = picks(&world, folder.path()).unwrap();
    assert_eq!((offer.files.len(), offer.more), (10_000, false));
}

#[test]
fn a_watched_folder_offers_what_is_new_and_touches_nothing() {
    let world = World::founded();
    let (patient, other) = (world.registers("Lindenhoff"), world.registers("Okonkwo"));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "old.jpg", &melanoma_like_jpeg());
    let look = |patient_id| {
        let found = offers::watched_folder(&world.session).unwrap().map(|folder| {
            let look = Look::of_device(folder.clone(), &world.workstation);
            (folder, look)
        });
        offers::watch(&world.session, &WatchReadRequest { patient_id }, found).unwrap()
    };
    let choose = |folder: &Path| {
        offers::choose_watched(&world.session, &Look::of_device(folder.to_path_buf(), &world.workstation)?)
    };
    assert_eq!(look(patient).folder, None);
    choose(folder.path()).unwrap();
    assert!(look(patient).files.is_empty(), "what was there before is not new");

    let jpeg = naevus_jpeg();
    write(folder.path(), "DCIM/new.jpg", &jpeg);
    assert!(look(patient).files.is_empty(), "it may still grow");
    std::thread::sleep(Duration::from_millis(1_000));
    let files = look(patient).files;
    assert_eq!((files.len(), files[0].file.name.as_str()), (1, "DCIM/new.jpg"));
    assert!(!files[0].before_this_patient && look(other).files[0].before_this_patient);
    assert!(waiting(&world, patient).photos.is_empty(), "nothing is taken in by itself");

    // The share goes away and comes back.
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away).unwrap();
    let view = look(patient);
    assert!(!view.reachable && view.files.is_empty());
    assert_eq!(takes(&world, files[0].file.key, true, patient).unwrap_err().code, ErrorCode::FileGone);
    fs::rename(&away, folder.path()).unwrap();
    let files = look(patient).files;
    assert_eq!(files.len(), 1, "nothing old is offered after it came back");
    one(takes(&world, files[0].file.key, true, patient).unwrap());
    assert!(look(patient).files.is_empty());
    assert_eq!(fs::read(folder.path().join("DCIM/new.jpg")).unwrap(), jpeg, "the original stays as it was");
    assert_eq!(waiting(&world, patient).photos[0].origin.source, PhotoSource::Watched);

    offers::end_watching(&world.session).unwrap();
    assert_eq!(look(patient).folder, None);
}
