//! Photographs that wait for a lesion, what is known already, and photographs that were put wrongly.

use domain::audit::AuditAction;
use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::quality::QualityReport;
use domain::tray::{DicomOrigin, KindProposal, PhotoOrigin, PhotoSource, TrayPhoto};
use domain::visit::VisitDetails;
use domain::{ImageId, LesionId, PatientId, TrayPhotoId};
use jiff::civil::date;
use records::images::{self, Rendition};
use records::origins::{self, Known};
use records::{RecordsError, audit, files, lesions, patients, rights, tray, visits};
use serde_json::json;

use crate::world::{World, details, lesion_details, sealed_file};

fn origin(dicom: Option<&str>) -> PhotoOrigin {
    PhotoOrigin {
        source: PhotoSource::File,
        taken_on: Some(date(2026, 3, 4)),
        proposed: Some(KindProposal { kind: ImageKind::Dermoscopic, certainty: 0.97 }),
        dicom: dicom.map(|uid| DicomOrigin {
            sop_instance_uid: uid.into(),
            frame: 0,
            modality: "XC".into(),
            pixel_spacing_mm: Some([0.02, 0.02]),
        }),
    }
}

fn waiting(world: &World, patient: PatientId, content: char, dicom: Option<&str>) -> TrayPhoto {
    let photo = TrayPhoto {
        id: TrayPhotoId::fresh(),
        patient_id: patient,
        kind: ImageKind::Dermoscopic,
        kind_chosen: false,
        format: ImageFormat::Jpeg,
        width: 800,
        height: 600,
        sha256: content.to_string().repeat(64),
        bytes: 999,
        quality: QualityReport::default(),
        origin: origin(dicom),
        added_at: "2026-03-05T10:00:00Z".parse().unwrap(),
    };
    let files =
        [Rendition::Original, Rendition::Display, Rendition::Thumbnail].map(|one| (one, sealed_file()));
    world.write(|tx| tray::add(tx, &photo, &files));
    photo
}

fn becomes(photo: &TrayPhoto, lesion: LesionId) -> ImageRecord {
    ImageRecord {
        id: ImageId::fresh(),
        patient_id: photo.patient_id,
        lesion_id: lesion,
        kind: photo.kind,
        format: photo.format,
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256.clone(),
        bytes: photo.bytes,
        quality: photo.quality.clone(),
        imported_at: photo.added_at,
    }
}

/// For those who follow everything of a patient; says how many sealed files there are now.
pub fn one_waits_and_one_is_given(world: &World, patient: PatientId, lesion: LesionId, note: &str) -> usize {
    waiting(world, patient, 'a', Some(note));
    let given = waiting(world, patient, 'b', Some(note));
    world.write(|tx| tray::assign(tx, given.id, &becomes(&given, lesion), None));
    6
}

fn actions(world: &World, patient: PatientId) -> Vec<AuditAction> {
    let rows = world.store.read(|tx| audit::of_patient(tx, patient, 100)).unwrap();
    rows.into_iter().map(|row| row.action).collect()
}

#[test]
fn a_photograph_waits_and_becomes_an_image_with_its_origin() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let details = VisitDetails {
        day: date(2026, 3, 4),
        planned_at: None,
        clinician_id: None,
        room: String::new(),
        note: String::new(),
    };
    let visit = world.write(|tx| visits::add(tx, patient.id, &details, false)).visit;
    let photo = waiting(&world, patient.id, 'a', None);
    assert_eq!(world.write(|tx| tray::list(tx, patient.id)), std::slice::from_ref(&photo));
    let changed = world.write(|tx| tray::choose_kind(tx, photo.id, ImageKind::Clinical));
    assert_eq!((changed.kind, changed.kind_chosen), (ImageKind::Clinical, true));

    let image = becomes(&changed, lesion.id);
    let original = world.store.read(|tx| tray::file(tx, photo.id, Rendition::Original)).unwrap();
    world.write(|tx| tray::assign(tx, photo.id, &image, Some(visit.id)));
    assert!(world.write(|tx| tray::list(tx, patient.id)).is_empty());
    let kept = world.store.read(|tx| images::file(tx, image.id, Rendition::Original)).unwrap();
    assert_eq!(kept, original, "the image has the very file");
    assert_eq!(
        world.store.read(|tx| origins::of_image(tx, image.id)).unwrap(),
        Some((origin(None), Some(visit.id)))
    );
    // It waits no more.
    assert_eq!(world.refused(|tx| tray::assign(tx, photo.id, &image, None)), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| tray::discard(tx, photo.id, "x")), RecordsError::NotFound);
    let done = actions(&world, patient.id);
    for action in [
        AuditAction::TrayPhotoAdded,
        AuditAction::TrayListed,
        AuditAction::TrayPhotoChanged,
        AuditAction::TrayPhotoAssigned,
        AuditAction::ImageImported,
    ] {
        assert!(done.contains(&action), "{action:?}");
    }
}

#[test]
fn nothing_goes_to_somebody_elses_lesion_or_visit() {
    let world = World::new();
    let (patient, other) = (world.patient(), world.patient());
    let (own, foreign) = (world.lesion(&patient), world.lesion(&other));
    let details = VisitDetails {
        day: date(2026, 3, 5),
        planned_at: None,
        clinician_id: None,
        room: String::new(),
        note: String::new(),
    };
    let visit = world.write(|tx| visits::add(tx, other.id, &details, false)).visit;
    let photo = waiting(&world, patient.id, 'a', None);
    let image = becomes(&photo, foreign.id);
    assert_eq!(world.refused(|tx| tray::assign(tx, photo.id, &image, None)), RecordsError::NotFound);
    let image = becomes(&photo, own.id);
    assert_eq!(
        world.refused(|tx| tray::assign(tx, photo.id, &image, Some(visit.id))),
        RecordsError::NotFound
    );
    assert_eq!(world.write(|tx| tray::list(tx, patient.id)).len(), 1);
}

#[test]
fn a_discarded_photograph_leaves_neither_file_nor_key() {
    let world = World::new();
    let patient = world.patient();
    let photo = waiting(&world, patient.id, 'a', None);
    let gone = world.write(|tx| tray::discard(tx, photo.id, "Somebody else's arm"));
    assert_eq!(gone.len(), 3);
    let known = world.store.read(files::known).unwrap();
    assert!(gone.iter().all(|file| !known.contains(file)));
    assert_eq!(world.store.read(|tx| origins::known(tx, patient.id, &photo.sha256, None)).unwrap(), None);
}

#[test]
fn the_same_content_is_known_with_the_patient_and_told_of_others() {
    let world = World::new();
    let (patient, other) = (world.patient(), world.patient());
    let lesion = world.lesion(&patient);
    let (a, b) = (waiting(&world, patient.id, 'a', None), waiting(&world, patient.id, 'b', Some("1.2.3")));
    let image = becomes(&b, lesion.id);
    world.write(|tx| tray::assign(tx, b.id, &image, None));
    let known = |content: &str, instance| {
        world.store.read(|tx| origins::known(tx, patient.id, &content.repeat(64), instance)).unwrap()
    };
    assert_eq!(known("a", None), Some(Known::Tray(a.id)));
    let Some(Known::Image(found)) = known("b", None) else { panic!("an image") };
    assert_eq!(found.id, image.id);
    // Another encoder may write another file of the same instance.
    assert!(matches!(known("c", Some(("1.2.3", 0))), Some(Known::Image(_))));
    assert_eq!(known("c", Some(("1.2.3", 1))), None);
    assert_eq!(known("c", None), None);
    for (patient, content, wanted) in
        [(patient.id, "a", false), (other.id, "a", true), (other.id, "b", true), (other.id, "c", false)]
    {
        let sha256 = content.repeat(64);
        let elsewhere = world.store.read(|tx| origins::stored_for_another(tx, patient, &sha256)).unwrap();
        assert_eq!(elsewhere, wanted, "{content}");
    }
}

#[test]
fn a_photograph_put_wrongly_moves_within_its_patient() {
    let world = World::new();
    let (patient, other) = (world.patient(), world.patient());
    let (from, foreign) = (world.lesion(&patient), world.lesion(&other));
    let to = world.write(|tx| lesions::add(tx, patient.id, &lesion_details()));
    let image = world.image(&from);
    let moved = world.write(|tx| origins::relocate(tx, image.id, to.id, "Wrong leg"));
    assert_eq!(moved.lesion_id, to.id);
    assert!(world.store.read(|tx| images::of_lesion(tx, from.id)).unwrap().is_empty());
    let again = world.refused(|tx| origins::relocate(tx, image.id, to.id, ""));
    assert_eq!(again, RecordsError::Conflict);
    let away = world.refused(|tx| origins::relocate(tx, image.id, foreign.id, ""));
    assert_eq!(away, RecordsError::NotFound);
    let kind = world.write(|tx| origins::change_kind(tx, image.id, ImageKind::Overview)).kind;
    assert_eq!(kind, ImageKind::Overview);
    let rows = world.store.read(|tx| audit::of_patient(tx, patient.id, 100)).unwrap();
    let row = rows.iter().find(|row| row.action == AuditAction::PhotographMoved).unwrap();
    assert_eq!(row.details["changed"]["lesion_id"], json!([from.id, to.id]));
    assert_eq!(row.details["reason"], json!("Wrong leg"));
}

#[test]
fn merging_and_erasing_follow_the_tray() {
    let world = World::new();
    let (stays, goes) = (world.patient(), world.patient());
    let lesion = world.lesion(&goes);
    let (waits, put) = (waiting(&world, goes.id, 'a', None), waiting(&world, goes.id, 'b', None));
    let image = becomes(&put, lesion.id);
    world.write(|tx| tray::assign(tx, put.id, &image, None));
    let merge = world.write(|tx| {
        patients::merge(tx, (stays.id, stays.version), (goes.id, goes.version), &details("Okonkwo", "Adaeze"))
    });
    let there = world.write(|tx| tray::list(tx, stays.id));
    assert_eq!(there.iter().map(|photo| photo.id).collect::<Vec<_>>(), [waits.id]);
    world.write(|tx| patients::undo_merge(tx, merge.id));
    assert_eq!(world.write(|tx| tray::list(tx, goes.id)).len(), 1);

    let exported = world.write(|tx| rights::everything(tx, goes.id, false));
    assert_eq!(exported.rows("tray_photos").len(), 2);
    assert_eq!(exported.rows("image_origins")[0]["origin"]["taken_on"], json!("2026-03-04"));
    assert_eq!(exported.photographs.len(), 2, "one that waits and one of a lesion");

    let erased = world.write(|tx| rights::erase(tx, goes.id, domain::erasure::ErasureReason::PatientRequest));
    assert_eq!(erased.files.len(), 6);
    assert!(world.store.read(files::known).unwrap().is_empty());
}
