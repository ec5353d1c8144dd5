//! The viewer's side of the clinic: tiles, scale, measurements by hand, keys.

use clinic::views::*;
use clinic::{
    ErrorCode, Session, analysis, entry, history, imaging_device, measuring, picture, report, shortcuts,
};
use domain::mark::{MarkEntry, MarkKind, PixelPoint};
use domain::scale::{DeviceProfile, RulerReading};
use domain::shortcut::{Shortcut, ViewerAction};
use domain::{ImageId, Role};
use support::{PASSWORD, World, painted};
use vision::{DecodeLimits, decode};

use crate::people::{NURSE, administrator, joins};

fn with_photograph(width: u32, height: u32) -> (World, ImageId, Vec<u8>) {
    let world = World::founded();
    let jpeg = painted(width, height).to_jpeg(95);
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &jpeg).unwrap().image.id;
    (world, image, jpeg)
}

fn tile(session: &Session, image: ImageId, place: [u32; 3]) -> Result<Vec<u8>, ErrorCode> {
    let [level, column, row] = place;
    let address = format!("/tile/{image}/{level}/{column}/{row}").parse().unwrap();
    picture::read(session, &address).map(|picture| picture.bytes.to_vec()).map_err(|error| error.code)
}

fn ruler(image_id: ImageId, length_px: f64, distance_mm: f64) -> ScaleByRulerRequest {
    let from = PixelPoint { x: 50.0, y: 60.0 };
    let to = PixelPoint { x: 50.0 + length_px, y: 60.0 };
    ScaleByRulerRequest { image_id, reading: RulerReading { from, to, distance_mm, pointing_px: 1.0 } }
}

fn line(image_id: ImageId, to: f64) -> ImageMarkAddRequest {
    let points = vec![PixelPoint { x: 0.0, y: 10.0 }, PixelPoint { x: to, y: 10.0 }];
    let entry = MarkEntry { kind: MarkKind::Line, points, label: " Across ".into() };
    ImageMarkAddRequest { image_id, entry }
}

#[test]
fn tiles_have_the_pixels_of_the_photograph_and_one_look_is_recorded() {
    let (world, image, jpeg) = with_photograph(1200, 800);
    let whole = decode(&jpeg, &DecodeLimits::default()).unwrap();
    for (column, row, width, height) in [(0, 0, 512, 512), (2, 1, 176, 288)] {
        let found = decode(&tile(&world.session, image, [0, column, row]).unwrap(), &DecodeLimits::default());
        let found = found.unwrap();
        assert_eq!((found.width, found.height), (width, height));
        for y in 0..height {
            let start = (((row * 512 + y) * whole.width + column * 512) * 3) as usize;
            let length = (width * 3) as usize;
            let at = (y * width * 3) as usize;
            assert!(found.rgb[at..at + length] == whole.rgb[start..start + length]);
        }
    }
    assert!(tile(&world.session, image, [2, 0, 0]).is_ok());
    let looks = world.trail(&world.session, "image_read");
    assert_eq!(looks.len(), 1, "{looks:?}");
    for place in [[0, 3, 0], [0, 0, 2], [3, 0, 0], [u32::MAX, 0, 0]] {
        assert_eq!(tile(&world.session, image, place), Err(ErrorCode::NotFound), "{place:?}");
    }
    assert_eq!(tile(&world.session, ImageId::fresh(), [0, 0, 0]), Err(ErrorCode::NotFound));

    let desk = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(tile(&desk, image, [0, 0, 0]), Err(ErrorCode::NotPermitted));
    entry::lock(&world.session).unwrap();
    assert_eq!(tile(&world.session, image, [0, 0, 0]), Err(ErrorCode::SessionLocked));
    let back = administrator(&world);
    assert!(tile(&back, image, [0, 0, 0]).is_ok());
    assert_eq!(world.trail(&back, "image_read").len(), 2, "the lock let it go");
    let delete = PhotographDeleteRequest { id: image, reason: "Blurred".into(), password: PASSWORD.into() };
    history::delete_photograph(&back, &delete).unwrap();
    assert_eq!(tile(&back, image, [0, 0, 0]), Err(ErrorCode::NotFound));
}

#[test]
fn a_scale_turns_every_pixel_into_millimetres_until_it_is_removed() {
    let (world, image, _) = with_photograph(1000, 800);
    let session = &world.session;
    let id = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    let outline = || {
        let read = analysis::read(session, &AnalysisReadRequest { id }).unwrap().outlines.remove(0);
        read.finding.measured().unwrap().measures.clone()
    };
    let bare = outline();
    assert_eq!((bare.mm_per_px, bare.size.feret_mm), (None, None));
    let marked = measuring::add_mark(session, line(image, 400.0)).unwrap().marks.remove(0);
    assert_eq!((marked.entry.label.as_str(), marked.figures.length_mm), ("Across", None));

    for (length, distance, field) in [
        (10.0, 10.0, "points"),
        (400.0, 0.1, "distance_mm"),
        (949.0, 2000.0, "distance_mm"),
        (951.0, 10.0, "points"),
    ] {
        let refused = measuring::by_ruler(session, &ruler(image, length, distance)).unwrap_err();
        let problem = &refused.details["problems"][0]["field"];
        assert_eq!((refused.code, problem), (ErrorCode::InvalidInput, &field.into()), "{length} {distance}");
    }
    let view = measuring::by_ruler(session, &ruler(image, 500.0, 10.0)).unwrap();
    let scale = view.scale.unwrap();
    assert!((scale.scale.um_per_px_x - 20.0).abs() < 1e-9 && scale.error.is_some_and(|e| e < 0.01));
    assert!((view.marks[0].figures.length_mm.unwrap() - 8.0).abs() < 1e-9);
    let scaled = outline();
    assert_eq!(scaled.size.feret_px, bare.size.feret_px, "what was measured stays");
    assert!((scaled.size.feret_mm.unwrap() - bare.size.feret_px * 0.02).abs() < 1e-9);
    assert!((scaled.size.area_mm2.unwrap() - bare.size.area_px as f64 * 0.0004).abs() < 1e-9);

    let request = ReportCreateRequest { analysis_id: id, conclusion: String::new(), proposal: None };
    let written = report::create(session, request).unwrap();
    let export = ReportExportRequest { id: written.id, paper: PaperSize::A4, named: false };
    let calibrated = report::export(session, &export).unwrap().pdf;
    let none = measuring::remove_scale(session, &ImageMeasuringRequest { image_id: image }).unwrap();
    assert!(none.scale.is_none() && none.marks[0].figures.length_mm.is_none());
    assert_eq!(outline(), bare);
    assert!(report::export(session, &export).unwrap().pdf == calibrated, "a report says what it said");
    assert_eq!(world.trail(session, "image_scale_set").len(), 1);
    assert_eq!(world.trail(session, "image_scale_removed")[0]["changed"]["scale"][0]["source"], "ruler");
}

#[test]
fn a_device_gives_the_scale_that_a_person_chose() {
    let (world, image, _) = with_photograph(1000, 800);
    let session = &world.session;
    let profile = DeviceProfile {
        name: " Delta ".into(),
        make: "Heine".into(),
        model: String::new(),
        image_width: 4000,
        um_per_px: 5.0,
    };
    let save = |id, profile: &DeviceProfile| {
        imaging_device::save(session, ImagingDeviceSaveRequest { id, profile: profile.clone() })
    };
    let device = save(None, &profile).unwrap();
    assert_eq!(device.profile.name, "Delta");
    let again = save(None, &profile).unwrap_err();
    assert_eq!(again.details["problems"][0]["code"], "already_used");
    let options = measuring::options(session, &ImageMeasuringRequest { image_id: image }).unwrap();
    assert_eq!((options.camera_make.as_str(), options.devices[0].matches), ("", false));
    assert_eq!(options.devices[0].um_per_px, Some(20.0));
    let request = ScaleByDeviceRequest { image_id: image, device_id: device.id };
    let scale = measuring::by_device(session, &request).unwrap().scale.unwrap();
    assert_eq!((scale.scale.um_per_px_x, scale.device_name.as_deref()), (20.0, Some("Delta")));
    imaging_device::remove(session, &ImagingDeviceRequest { id: device.id }).unwrap();
    assert_eq!(measuring::by_device(session, &request).unwrap_err().code, ErrorCode::NotFound);
    let kept = measuring::read(session, &ImageMeasuringRequest { image_id: image }).unwrap();
    assert_eq!(kept.scale.unwrap().device_name.as_deref(), Some("Delta"));
}

#[test]
fn measurements_belong_to_the_photograph_and_not_to_the_desk() {
    let (world, image, _) = with_photograph(600, 400);
    let session = &world.session;
    let refused = measuring::add_mark(session, line(image, 601.0)).unwrap_err();
    assert_eq!(refused.details["problems"][0]["field"], "points");
    let mark = measuring::add_mark(session, line(image, 600.0)).unwrap().marks.remove(0);
    let label = ImageMarkLabelRequest { id: mark.id, label: "Largest".into() };
    assert_eq!(measuring::label_mark(session, &label).unwrap().marks[0].entry.label, "Largest");
    let request = ImageMarkRequest { id: mark.id };
    assert!(measuring::delete_mark(session, &request).unwrap().marks.is_empty());
    assert_eq!(measuring::delete_mark(session, &request).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(measuring::restore_mark(session, &request).unwrap().marks.len(), 1);

    let desk = joins(&world, NURSE, Role::FrontDesk);
    let read = ImageMeasuringRequest { image_id: image };
    for refused in [
        measuring::read(&desk, &read).map(drop),
        measuring::options(&desk, &read).map(drop),
        measuring::add_mark(&desk, line(image, 9.0)).map(drop),
        measuring::by_ruler(&desk, &ruler(image, 500.0, 10.0)).map(drop),
        measuring::delete_mark(&desk, &request).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::NotPermitted);
    }
}

#[test]
fn keys_are_ones_own_and_never_do_two_things() {
    let world = World::founded();
    let doctor = joins(&world, NURSE, Role::Clinician);
    let keys = |action, key: &str| ShortcutsSaveRequest { keys: vec![Shortcut { action, key: key.into() }] };
    let saved = shortcuts::save(&doctor, &keys(ViewerAction::Heatmap, "k")).unwrap();
    assert_eq!((saved.keys[0].key.as_str(), saved.usual[0].key.as_str()), ("k", "h"));
    assert_eq!(shortcuts::read(&doctor).unwrap().keys, saved.keys);
    assert_eq!(shortcuts::read(&world.session).unwrap().keys[0].key, "h");
    let refused = shortcuts::save(&doctor, &keys(ViewerAction::Heatmap, "o")).unwrap_err();
    assert_eq!(refused.details["problems"][1]["code"], "already_used");
}
