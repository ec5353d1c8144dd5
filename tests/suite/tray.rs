//! Photographs come in before a lesion is chosen: from files, folders, a watched folder, DICOM.

use std::fs;

use clinic::views::*;
use clinic::{ErrorCode, Result, patient, picture, taking, tray};
use domain::image::{ImageFormat, ImageKind};
use domain::patient::PatientDetails;
use domain::tray::PhotoSource;
use domain::{LesionId, PatientId};
use support::dicom_file::DicomFile;
use support::{SharedLesions, World, details, melanoma_like_jpeg, naevus_jpeg, painted};

pub fn about(patient_id: PatientId) -> TrayAddRequest {
    TrayAddRequest { patient_id, lesion_id: None, kind: None, source: PhotoSource::File, accepted: vec![] }
}

fn adds(world: &World, request: &TrayAddRequest, bytes: &[u8]) -> Result<TrayAdded> {
    taking::add(&world.session, request, bytes)
}

fn photos(added: TrayAdded) -> Vec<TakenPhoto> {
    match added {
        TrayAdded::Taken { photos } => photos,
        TrayAdded::Doubted { doubts } => panic!("{doubts:?}"),
    }
}

pub fn one(added: TrayAdded) -> TakenPhoto {
    photos(added).remove(0)
}

fn doubts(added: TrayAdded) -> Vec<DoubtView> {
    match added {
        TrayAdded::Doubted { doubts } => doubts,
        TrayAdded::Taken { photos } => panic!("{photos:?}"),
    }
}

pub fn waiting(world: &World, patient_id: PatientId) -> TrayView {
    tray::list(&world.session, &TrayListRequest { patient_id }).unwrap()
}

fn assigns(
    world: &World,
    ids: Vec<domain::TrayPhotoId>,
    lesion_id: LesionId,
) -> Result<Vec<domain::image::ImageRecord>> {
    tray::assign(&world.session, &TrayAssignRequest { ids, lesion_id, visit_id: None })
}

fn sealed_files(world: &World) -> usize {
    fs::read_dir(world.clinic_folder().join("images")).unwrap().count()
}

#[test]
fn photographs_wait_are_seen_and_go_to_a_lesion() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let first = one(adds(&world, &about(patient), &naevus_jpeg()).unwrap());
    let chosen = TrayAddRequest { kind: Some(ImageKind::Clinical), ..about(patient) };
    one(adds(&world, &chosen, &melanoma_like_jpeg()).unwrap());
    assert!(!first.already && first.image.is_none() && first.quality.is_some());

    let view = waiting(&world, patient);
    assert_eq!(view.photos.iter().map(|photo| photo.kind_chosen).collect::<Vec<_>>(), [false, true]);
    let proposed = view.photos[0].origin.proposed.expect("a proposal");
    assert_eq!(view.photos[0].kind, proposed.kind);
    let address = format!("/tray/{}/display", view.photos[0].id).parse().unwrap();
    let seen = picture::read(&world.session, &address).unwrap();
    assert!(seen.bytes.starts_with(&[0xff, 0xd8]));

    let ids: Vec<_> = view.photos.iter().map(|photo| photo.id).collect();
    let kinds = TrayKindRequest { ids: ids.clone(), kind: ImageKind::Overview };
    tray::change_kind(&world.session, &kinds).unwrap();
    let lesion = world.adds_lesion(patient);
    let images = assigns(&world, ids.clone(), lesion).unwrap();
    assert!(images.iter().all(|image| image.kind == ImageKind::Overview && image.lesion_id == lesion));
    assert!(waiting(&world, patient).photos.is_empty());
    assert_eq!(assigns(&world, ids, lesion).unwrap_err().code, ErrorCode::NotFound);
    let original = format!("/image/{}/original", images[0].id).parse().unwrap();
    assert!(picture::read(&world.session, &original).unwrap().bytes.as_slice() == naevus_jpeg());
    assert_eq!(sealed_files(&world), 6);
}

#[test]
fn the_same_photograph_is_known_across_the_patient_and_asked_for_others() {
    let world = World::founded();
    let (patient, other) = (world.registers("Lindenhoff"), world.registers("Okonkwo"));
    let (lesion, elsewhere) = (world.adds_lesion(patient), world.adds_lesion(patient));
    let jpeg = naevus_jpeg();
    let straight = TrayAddRequest { lesion_id: Some(lesion), ..about(patient) };
    let image = one(adds(&world, &straight, &jpeg).unwrap()).image.unwrap();
    let again = TrayAddRequest { lesion_id: Some(elsewhere), ..about(patient) };
    let known = one(adds(&world, &again, &jpeg).unwrap());
    assert!(known.already);
    assert_eq!(known.image.unwrap().id, image.id, "and the answer says where it is");

    let asked = doubts(adds(&world, &about(other), &jpeg).unwrap());
    assert_eq!(asked, [DoubtView { doubt: Doubt::StoredForAnother, detail: None }]);
    let told = serde_json::to_string(&asked).unwrap();
    assert!(!told.contains("Lindenhoff") && !told.contains(&patient.to_string()));
    assert!(waiting(&world, other).photos.is_empty());
    let accepted = TrayAddRequest { accepted: vec![Doubt::StoredForAnother], ..about(other) };
    assert!(!one(adds(&world, &accepted, &jpeg).unwrap()).already);
}

#[test]
fn what_cannot_be_accepted_is_refused_by_its_reason_and_leaves_nothing() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let good = naevus_jpeg();
    let heic = [&24_u32.to_be_bytes()[..], b"ftypheic\0\0\0\0mif1heic", &[0; 64]].concat();
    let avif = [&24_u32.to_be_bytes()[..], b"ftypavif\0\0\0\0mif1avif", &[0; 64]].concat();
    let cases: Vec<(&str, Vec<u8>, ErrorCode)> = vec![
        ("empty", vec![], ErrorCode::ImageEmpty),
        ("HEIC", heic, ErrorCode::ImageHeic),
        ("AVIF", avif, ErrorCode::ImageFormatUnsupported),
        ("half a JPEG", good[..good.len() / 2].to_vec(), ErrorCode::ImageUnreadable),
        ("a tiny PNG", painted(100, 300).to_png(), ErrorCode::ImageTooSmall),
        ("half a DICOM", DicomFile::default().bytes()[..200].to_vec(), ErrorCode::DicomUnreadable),
    ];
    for (name, bytes, code) in cases {
        assert_eq!(adds(&world, &about(patient), &bytes).unwrap_err().code, code, "{name}");
        assert_eq!(sealed_files(&world), 0, "{name} left a file");
    }
    let without = PatientDetails { photo_consent: false, ..details() };
    let created = patient::create(&world.session, PatientCreateRequest { details: without }).unwrap();
    let refused = adds(&world, &about(created.patient.id), &good).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ConsentMissing);
}

#[test]
fn a_dicom_photograph_becomes_a_picture_without_loss_and_keeps_what_it_says() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let strange = DicomFile { patient: "P-999999", ..DicomFile::default() }.bytes();
    let asked = doubts(adds(&world, &about(patient), &strange).unwrap());
    assert_eq!(asked, [DoubtView { doubt: Doubt::PatientNumber, detail: Some("P-999999".into()) }]);
    assert!(waiting(&world, patient).photos.is_empty() && sealed_files(&world) == 0);
    let accepted = TrayAddRequest { accepted: vec![Doubt::PatientNumber], ..about(patient) };
    assert!(!one(adds(&world, &accepted, &strange).unwrap()).already);

    let photo = waiting(&world, patient).photos.remove(0);
    assert_eq!((photo.format, photo.width, photo.height), (ImageFormat::Png, 320, 240));
    assert_eq!(photo.origin.taken_on, Some(jiff::civil::date(2026, 3, 4)));
    let origin = photo.origin.dicom.clone().unwrap();
    assert_eq!((origin.sop_instance_uid.as_str(), origin.frame), ("2.25.123456789", 0));
    // The same instance is known, whoever it names.
    let again = DicomFile { patient: "", ..DicomFile::default() }.bytes();
    assert_eq!(one(adds(&world, &about(patient), &again).unwrap()).tray_id, Some(photo.id));

    let image = assigns(&world, vec![photo.id], lesion).unwrap().remove(0);
    let original = format!("/image/{}/original", image.id).parse().unwrap();
    let png = picture::read(&world.session, &original).unwrap();
    let kept = vision::decode(&png.bytes, &vision::DecodeLimits::default()).unwrap();
    assert!(kept.rgb == painted(320, 240).rgb, "pixels are those of the file");
    assert!(adds(&world, &about(patient), &again).is_ok_and(|added| one(added).image.is_some()));
    if origin.pixel_spacing_mm.is_some() {
        assert!(!world.trail(&world.session, "image_scale_set").is_empty(), "its spacing is the scale");
    }
}

#[test]
fn a_radiograph_is_no_photograph_and_a_doubtful_one_is_asked_for() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let radiograph =
        DicomFile { class: "1.2.840.10008.5.1.4.1.1.1.1", modality: "DX", ..DicomFile::default() }.bytes();
    let refused = adds(&world, &about(patient), &radiograph).unwrap_err();
    assert_eq!(refused.code, ErrorCode::DicomNotPhotograph);
    // A secondary capture may show anything.
    let capture =
        DicomFile { class: "1.2.840.10008.5.1.4.1.1.7", modality: "MR", ..DicomFile::default() }.bytes();
    let asked = doubts(adds(&world, &about(patient), &capture).unwrap());
    assert_eq!(asked, [DoubtView { doubt: Doubt::NotAPhotograph, detail: Some("MR".into()) }]);
    assert_eq!(sealed_files(&world), 0);
}

#[test]
fn a_photograph_with_a_reading_moves_only_with_a_reason() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let (from, to) = (world.adds_lesion(patient), world.adds_lesion(patient));
    let image = world.imports(from, &naevus_jpeg()).unwrap().image.id;
    world.analyses(&[image]).unwrap();
    let moves = |reason: &str| {
        let request = ImageMoveRequest { id: image, lesion_id: to, reason: reason.into() };
        tray::move_image(&world.session, &request)
    };
    assert_eq!(moves(" ").unwrap_err().code, ErrorCode::InvalidInput);
    assert_eq!(moves("Taken of the other mole").unwrap().lesion_id, to);
    let page = patient::read(&world.session, &PatientReadRequest { id: patient }).unwrap();
    let at = |id| page.lesions.iter().find(|view| view.lesion.id == id).unwrap();
    assert_eq!((at(from).images.len(), at(from).analyses.len()), (0, 1), "the reading stays");
    assert_eq!((at(to).images.len(), at(to).analyses.len()), (1, 0));
    // And it still opens.
    let reading = at(from).analyses[0].id;
    let view = clinic::analysis::read(&world.session, &AnalysisReadRequest { id: reading }).unwrap();
    assert_eq!(view.images[0].id, image);
}

/// The proposal on photographs of both kinds; figures of the fit are in `vision::kind`.
#[test]
fn the_kind_is_proposed_rightly_nine_times_in_ten() {
    let Some(lesions) = SharedLesions::at_hand() else { return };
    let listed = lesions.sample(&["ham10000", "isic2017", "pad_ufes20"], 60);
    for (source, least) in [("ham10000", 0.9), ("isic2017", 0.8), ("pad_ufes20", 0.8)] {
        let members: Vec<&str> =
            listed.iter().map(String::as_str).filter(|member| member.starts_with(source)).collect();
        let folder = lesions.unpack(&members);
        let wanted = if source == "pad_ufes20" { ImageKind::Clinical } else { ImageKind::Dermoscopic };
        let right = members.iter().filter(|member| {
            let bytes = fs::read(folder.join(member)).unwrap();
            let photo = vision::decode(&bytes, &vision::DecodeLimits::default()).unwrap();
            vision::kind::propose(&photo).kind == wanted
        });
        let share = right.count() as f64 / members.len() as f64;
        eprintln!("{source}: {share:.3} of {}", members.len());
        assert!(members.len() >= 50 && share >= least, "{source}: {share}");
    }
}
