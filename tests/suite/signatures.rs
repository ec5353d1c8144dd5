//! Pictures of clinicians' signatures go along when a clinic moves.

use std::path::Path;

use clinic::views::*;
use clinic::{directory, picture};
use domain::ClinicianId;
use support::{World, naevus_jpeg};
use vision::encode::encode_png;

use crate::migration::{exported, imported};

/// A line on white paper.
fn signature(shade: u8) -> Vec<u8> {
    let (width, height) = (320, 120);
    let rgb: Vec<u8> = (0..width * height)
        .flat_map(|at| [if (at / width + at % width) % 40 < 4 { shade } else { 255 }; 3])
        .collect();
    encode_png(&rgb, width, height).unwrap()
}

fn enters(world: &World, name: &str) -> ClinicianId {
    let request = ClinicianSaveRequest {
        id: None,
        full_name: name.into(),
        licence_number: "BE-1".into(),
        user_id: None,
    };
    directory::save(&world.session, &request).unwrap().id
}

fn signs(world: &World, id: ClinicianId, png: &[u8]) {
    directory::signature_save(&world.session, &ClinicianRequest { id }, png).unwrap();
}

fn kept(world: &World, id: ClinicianId) -> Option<Vec<u8>> {
    let address = format!("/clinician/{id}/signature").parse().unwrap();
    picture::read(&world.session, &address).ok().map(|found| found.bytes.to_vec())
}

fn holds(place: &Path, name: &str) -> bool {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(place).unwrap()).unwrap();
    archive.by_name(name).is_ok()
}

#[test]
fn a_signature_travels_with_the_photographs_and_is_never_written_over() {
    let old = World::founded();
    let lesion = old.adds_lesion(old.registers("Lindenhoff"));
    old.imports(lesion, &naevus_jpeg()).unwrap();
    let (with, without, left) =
        (enters(&old, "Dr Berta Quell"), enters(&old, "Dr Cem Arslan"), enters(&old, "Dr Dora Steiner"));
    signs(&old, with, &signature(20));
    signs(&old, left, &signature(40));
    directory::remove(&old.session, &ClinicianRequest { id: left }).unwrap();
    let before = kept(&old, with).unwrap();

    let bare = exported(&old, false, None);
    assert!(!holds(&bare, &format!("signatures/{with}.png")), "pictures were not asked for");
    let new = World::founded();
    imported(&new.session, ImportKind::Clinic, &bare);
    let entries = directory::list(&new.session).unwrap();
    let entry = |id| entries.iter().find(|entry| entry.id == id).map(|entry| entry.has_signature);
    assert_eq!((entry(with), entry(without), entry(left)), (Some(false), Some(false), None));

    // An import with pictures completes it, also where nothing else is new.
    let whole = exported(&old, true, None);
    assert!(holds(&whole, &format!("signatures/{with}.png")));
    assert!(!holds(&whole, &format!("signatures/{left}.png")), "whoever left signs nothing");
    imported(&new.session, ImportKind::Clinic, &whole);
    assert_eq!(kept(&new, with), Some(before.clone()));
    assert_eq!((kept(&new, without), kept(&new, left)), (None, None));
    assert_eq!(new.trail(&new.session, "clinician_changed").len(), 1);

    // It leaves the other clinic as it came, and a fresh one takes it at once.
    let third = World::founded();
    imported(&third.session, ImportKind::Clinic, &exported(&new, true, None));
    assert_eq!(kept(&third, with), Some(before));

    signs(&new, with, &signature(90));
    let own = kept(&new, with);
    imported(&new.session, ImportKind::Clinic, &whole);
    assert_eq!(kept(&new, with), own, "the one that stands here stays");
}
