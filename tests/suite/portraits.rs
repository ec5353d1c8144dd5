//! The portrait beside the patient's name.

use clinic::views::*;
use clinic::{ErrorCode, Session, patient, picture, portrait, registry};
use domain::consent::ConsentKind;
use domain::{PatientId, Role};
use support::{World, melanoma_like_jpeg};

use crate::people::{NURSE, joins};

fn page(session: &Session, id: PatientId) -> PatientPageView {
    patient::read(session, &PatientReadRequest { id }).unwrap()
}

fn look(session: &Session, id: PatientId) -> Result<Vec<u8>, ErrorCode> {
    let address = format!("/portrait/{id}").parse().unwrap();
    picture::read(session, &address).map(|picture| picture.bytes.to_vec()).map_err(|error| error.code)
}

#[test]
fn a_portrait_is_the_desks_to_take_and_everybodys_to_see() {
    let world = World::founded();
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let id = world.registers("Lindenhoff");
    let request = PortraitRequest { patient_id: id };
    assert_eq!((page(&desk, id).portrait, look(&desk, id)), (None, Err(ErrorCode::NotFound)));

    let original = melanoma_like_jpeg();
    let first = portrait::save(&desk, &request, &original).unwrap();
    assert_eq!(page(&world.session, id).portrait, Some(first.edition));
    let kept = look(&desk, id).unwrap();
    assert!(kept.len() <= 64 * 1024 && kept != original && kept.starts_with(&[0xff, 0xd8, 0xff]));
    assert!(!kept.windows(4).any(|bytes| bytes == b"Exif"), "nothing but pixels is kept");
    assert_eq!(look(&world.session, id).unwrap(), kept);

    let second = portrait::save(&world.session, &request, &original).unwrap();
    assert_ne!(first.edition, second.edition);
    let refused = portrait::save(&desk, &request, b"%PDF-1.7").unwrap_err();
    assert_eq!(refused.code, ErrorCode::ImageFormatUnsupported);
    assert_eq!(page(&desk, id).portrait, Some(second.edition), "a refusal leaves the one there is");

    let consent = |given| {
        let note = String::new();
        let request = ConsentRecordRequest { patient_id: id, kind: ConsentKind::Photo, given, note };
        registry::record_consent(&desk, &request).unwrap();
    };
    consent(false);
    assert_eq!((page(&desk, id).portrait, look(&desk, id)), (None, Err(ErrorCode::NotFound)));
    let refused = portrait::save(&desk, &request, &original).unwrap_err();
    assert_eq!((refused.code, &refused.details["consent"]), (ErrorCode::ConsentMissing, &"photo".into()));
    consent(true);
    assert_eq!(look(&desk, id).unwrap(), kept);

    portrait::remove(&desk, &request).unwrap();
    assert_eq!(page(&desk, id).portrait, None);
    assert_eq!(portrait::remove(&desk, &request).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.trail(&world.session, "portrait_set").len(), 2);
    assert_eq!(world.trail(&world.session, "portrait_removed").len(), 1);
    // The page names a hold only while one stands.
    assert_eq!(page(&desk, id).hold, None);
}
