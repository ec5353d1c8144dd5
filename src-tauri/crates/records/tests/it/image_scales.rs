//! Scales, devices and measurements by hand.

use domain::audit::AuditAction;
use domain::mark::{MarkEntry, MarkKind, PixelPoint};
use domain::scale::{DeviceProfile, NewScale, PixelScale, ScaleSource};
use domain::{ImageId, ImageMarkId, ImagingDeviceId};
use records::audit::{self, AuditFilter, AuditRow};
use records::{RecordsError, deletions, image_marks, image_scales, imaging_devices};
use serde_json::json;

use crate::world::World;

fn world() -> (World, ImageId) {
    let world = World::new();
    let image = world.image(&world.lesion(&world.patient())).id;
    (world, image)
}

fn last_row(world: &World) -> AuditRow {
    world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0)
}

fn ruler(um_per_px: f64) -> NewScale {
    NewScale {
        scale: PixelScale::square(um_per_px).unwrap(),
        source: ScaleSource::Ruler,
        device: None,
        error: Some(0.014),
    }
}

fn profile(name: &str) -> DeviceProfile {
    DeviceProfile {
        name: name.into(),
        make: "Heine".into(),
        model: "DELTA 30".into(),
        image_width: 4000,
        um_per_px: 5.5,
    }
}

fn line(label: &str) -> MarkEntry {
    let points = vec![PixelPoint { x: 10.25, y: 20.0 }, PixelPoint { x: 110.5, y: 20.0 }];
    MarkEntry { kind: MarkKind::Line, points, label: label.into() }
}

#[test]
fn a_photograph_has_one_scale_and_the_trail_knows_the_others() {
    let (world, image) = world();
    assert_eq!(world.store.read(|tx| image_scales::get(tx, image)), Ok(None));
    let first = world.write(|tx| image_scales::set(tx, image, &NewScale::dicom(7.5, 7.25).unwrap()));
    assert_eq!((first.source, first.set_by, first.error), (ScaleSource::Dicom, world.actor.user, None));
    let row = last_row(&world);
    assert_eq!((row.action, row.patient.is_some()), (AuditAction::ImageScaleSet, true));
    assert_eq!(row.details["changed"]["scale"][0], json!(null));

    let second = world.write(|tx| image_scales::set(tx, image, &ruler(10.0)));
    assert_eq!(second.error, Some(0.014));
    let told = &last_row(&world).details["changed"]["scale"];
    assert_eq!((&told[0]["um_per_px"], &told[0]["source"]), (&json!([7.5, 7.25]), &json!("dicom")));
    assert_eq!((&told[1]["um_per_px"], &told[1]["source"]), (&json!([10.0, 10.0]), &json!("ruler")));
    assert_eq!(world.store.read(|tx| image_scales::get(tx, image)), Ok(Some(second)));
    assert_eq!(world.store.read(|tx| image_scales::get(tx, ImageId::fresh())), Ok(None));

    world.write(|tx| image_scales::remove(tx, image));
    assert_eq!(world.store.read(|tx| image_scales::get(tx, image)), Ok(None));
    assert_eq!(last_row(&world).action, AuditAction::ImageScaleRemoved);
    assert_eq!(world.refused(|tx| image_scales::remove(tx, image)), RecordsError::NotFound);
}

#[test]
fn a_photograph_that_is_not_there_has_no_scale_and_no_measurement() {
    let (world, image) = world();
    let stranger = ImageId::fresh();
    assert_eq!(world.refused(|tx| image_scales::set(tx, stranger, &ruler(10.0))), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| image_marks::add(tx, stranger, &line(""))), RecordsError::NotFound);
    let mark = world.write(|tx| image_marks::add(tx, image, &line("")));
    world.write(|tx| deletions::delete_photograph(tx, image, "blurred"));
    assert_eq!(world.refused(|tx| image_scales::set(tx, image, &ruler(10.0))), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| image_marks::add(tx, image, &line(""))), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| image_marks::delete(tx, mark.id)), RecordsError::NotFound);
}

#[test]
fn a_scale_by_a_device_outlives_the_profile() {
    let (world, image) = world();
    let device = world.write(|tx| imaging_devices::add(tx, &profile("Delta")));
    let scale = device.profile.scale_at(1024).unwrap();
    let by = NewScale { scale, source: ScaleSource::Device, device: Some(device.id), error: None };
    world.write(|tx| image_scales::set(tx, image, &by));

    let changed = DeviceProfile { um_per_px: 6.0, ..profile("Delta 30") };
    world.write(|tx| imaging_devices::change(tx, device.id, &changed));
    assert_eq!(last_row(&world).details["changed"]["um_per_px"], json!([5.5, 6.0]));
    world.write(|tx| imaging_devices::remove(tx, device.id));
    assert!(world.store.read(imaging_devices::list).unwrap().is_empty());
    let kept = world.store.read(|tx| image_scales::get(tx, image)).unwrap().unwrap();
    assert_eq!((kept.scale, kept.device_id), (scale, Some(device.id)));
    assert_eq!(world.store.read(|tx| imaging_devices::name(tx, device.id)).unwrap(), "Delta 30");
    assert_eq!(world.refused(|tx| imaging_devices::remove(tx, device.id)), RecordsError::NotFound);
    let none = ImagingDeviceId::fresh();
    assert_eq!(world.refused(|tx| imaging_devices::change(tx, none, &changed)), RecordsError::NotFound);
}

#[test]
fn two_devices_in_use_have_two_names() {
    let (world, _) = world();
    let first = world.write(|tx| imaging_devices::add(tx, &profile("Delta")));
    assert_eq!(world.refused(|tx| imaging_devices::add(tx, &profile("Delta"))), RecordsError::Conflict);
    world.write(|tx| imaging_devices::remove(tx, first.id));
    world.write(|tx| imaging_devices::add(tx, &profile("Delta")));
}

#[test]
fn measurements_are_labelled_taken_away_and_brought_back_but_never_redrawn() {
    let (world, image) = world();
    let mark = world.write(|tx| image_marks::add(tx, image, &line("largest")));
    assert_eq!((mark.author, &mark.entry), (world.actor.user, &line("largest")));
    let row = last_row(&world);
    assert_eq!((row.action, &row.details["mark"]), (AuditAction::ImageMarkAdded, &json!(mark.id)));

    let renamed = world.write(|tx| image_marks::relabel(tx, mark.id, "across"));
    assert_eq!(renamed.entry.label, "across");
    assert_eq!(last_row(&world).details["changed"]["label"], json!(["largest", "across"]));
    assert_eq!(world.refused(|tx| image_marks::restore(tx, mark.id)), RecordsError::Conflict);

    world.write(|tx| image_marks::delete(tx, mark.id));
    assert!(world.store.read(|tx| image_marks::of_image(tx, image)).unwrap().is_empty());
    assert_eq!(world.refused(|tx| image_marks::delete(tx, mark.id)), RecordsError::NotFound);
    assert_eq!(world.refused(|tx| image_marks::relabel(tx, mark.id, "x")), RecordsError::NotFound);
    world.write(|tx| image_marks::restore(tx, mark.id));
    assert_eq!(last_row(&world).action, AuditAction::ImageMarkRestored);
    assert_eq!(world.store.read(|tx| image_marks::of_image(tx, image)).unwrap(), [renamed]);
    assert_eq!(world.refused(|tx| image_marks::restore(tx, ImageMarkId::fresh())), RecordsError::NotFound);
    world.raw().execute("UPDATE image_marks SET points = '[]'", []).unwrap_err();
}

#[test]
fn a_photograph_is_not_buried_under_measurements() {
    let (world, image) = world();
    world.write(|tx| {
        (0..image_marks::MOST_MARKS).try_for_each(|_| image_marks::add(tx, image, &line("")).map(drop))
    });
    assert_eq!(world.refused(|tx| image_marks::add(tx, image, &line(""))), RecordsError::Conflict);
}
