//! The body map: where a lesion is, how it changes, and when following it ends.

use clinic::views::*;
use clinic::{ErrorCode, Session, lesion, patient, patient_view};
use domain::lesion::{
    BodySite, BodyView, CloseReason, Laterality, LesionClosure, LesionDetails, LesionPlace,
};
use domain::{Clock, PatientId, Role, SystemClock};
use serde_json::json;
use support::{World, naevus_jpeg};

use crate::people::joins;

const SHOULDER: LesionPlace = LesionPlace { view: BodyView::Back, x: 0.25, y: 0.2 };

fn details(label: &str) -> LesionDetails {
    LesionDetails {
        label: label.into(),
        site: BodySite::Shoulder,
        laterality: Laterality::Left,
        note: "  itches ".into(),
    }
}

fn added(world: &World, patient_id: PatientId, place: Option<LesionPlace>) -> LesionView {
    let request = LesionCreateRequest { patient_id, details: details("L1"), place };
    lesion::create(&world.session, request).unwrap()
}

fn only(session: &Session, id: PatientId) -> LesionView {
    patient::read(session, &PatientReadRequest { id }).unwrap().lesions.remove(0)
}

fn closure(reason: CloseReason) -> LesionClosure {
    LesionClosure { reason, on: SystemClock.today(), note: String::new() }
}

#[test]
fn the_patient_page_carries_place_code_and_identity_of_a_lesion() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let made = added(&world, patient, Some(SHOULDER));
    let shown = only(&world.session, patient);
    assert_eq!(shown.lesion, made.lesion);
    assert_eq!((shown.lesion.place, shown.lesion.version), (Some(SHOULDER), 1));
    assert_eq!(shown.lesion.details.note, "itches");
    assert_eq!((shown.site_term.scheme, shown.site_term.code), ("SCT", "76552005"));
    assert_eq!(shown.side_term.map(|t| (t.code, t.meaning)), Some(("7771000", "Left")));
    assert_eq!(shown.uid, format!("2.25.{}", made.lesion.id.as_uuid().as_u128()));
    let moved = LesionMoveRequest { id: made.lesion.id, version: 1, place: None };
    assert_eq!(lesion::relocate(&world.session, &moved).unwrap().uid, shown.uid, "a move keeps the identity");
}

#[test]
fn edits_and_moves_are_kept_and_audited_with_old_and_new_values() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, None).lesion.id;
    let edit = LesionUpdateRequest {
        id,
        version: 1,
        details: LesionDetails { laterality: Laterality::Right, ..details(" mole ") },
        place: Some(SHOULDER),
    };
    let edited = lesion::update(&world.session, edit).unwrap().lesion;
    assert_eq!((edited.details.label.as_str(), edited.version), ("mole", 2));
    let further = LesionPlace { x: 0.3, ..SHOULDER };
    let request = LesionMoveRequest { id, version: 2, place: Some(further) };
    let moved = lesion::relocate(&world.session, &request).unwrap().lesion;
    assert_eq!((moved.place, moved.version), (Some(further), 3));
    let trail = world.trail(&world.session, "lesion_changed");
    assert_eq!(trail[0]["changed"]["label"], json!(["L1", "mole"]));
    assert_eq!(trail[0]["changed"]["laterality"], json!(["left", "right"]));
    let trail = world.trail(&world.session, "lesion_moved");
    let place = |x: f64| json!({ "view": "back", "x": x, "y": 0.2 });
    assert_eq!(trail[0]["changed"], json!({ "place": [place(0.25), place(0.3)] }));
}

#[test]
fn the_later_of_two_windows_is_told() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, None).lesion.id;
    let colleague = joins(&world, "dora@seeblick.example", Role::Clinician);
    let first = LesionMoveRequest { id, version: 1, place: Some(SHOULDER) };
    lesion::relocate(&colleague, &first).unwrap();
    let edit = LesionUpdateRequest { id, version: 1, details: details("late"), place: None };
    assert_eq!(lesion::update(&world.session, edit).unwrap_err().code, ErrorCode::Conflict);
    let stale = LesionMoveRequest { id, version: 1, place: None };
    assert_eq!(lesion::relocate(&world.session, &stale).unwrap_err().code, ErrorCode::Conflict);
    let stale = LesionCloseRequest { id, version: 1, closure: closure(CloseReason::Resolved) };
    assert_eq!(lesion::close(&world.session, stale).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(only(&world.session, patient).lesion.place, Some(SHOULDER), "nothing was lost");
}

#[test]
fn a_lesion_is_closed_with_a_reason_and_reopened() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, Some(SHOULDER)).lesion.id;
    let close = |version, closure| LesionCloseRequest { id, version, closure };
    let unexplained = lesion::close(&world.session, close(1, closure(CloseReason::Other))).unwrap_err();
    assert_eq!(unexplained.details["problems"][0]["field"], "close_note");
    let tomorrow =
        LesionClosure { on: SystemClock.today().tomorrow().unwrap(), ..closure(CloseReason::Excised) };
    let early = lesion::close(&world.session, close(1, tomorrow)).unwrap_err();
    assert_eq!(
        (early.code, &early.details["problems"][0]["code"]),
        (ErrorCode::InvalidInput, &json!("in_the_future"))
    );

    let closed = lesion::close(&world.session, close(1, closure(CloseReason::Excised))).unwrap().lesion;
    assert_eq!(closed.closure, Some(closure(CloseReason::Excised)));
    assert_eq!(only(&world.session, patient).lesion, closed, "it stays on the page and on the map");
    let again = lesion::close(&world.session, close(2, closure(CloseReason::Excised))).unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict);
    let open = lesion::reopen(&world.session, &LesionReopenRequest { id, version: 2 }).unwrap().lesion;
    assert_eq!((open.closure, open.version), (None, 3));
    let trail = world.trail(&world.session, "lesion_closed");
    assert_eq!(trail[0]["changed"]["closure"][1]["reason"], "excised");
    assert_eq!(world.trail(&world.session, "lesion_reopened")[0]["changed"]["closure"][1], json!(null));
}

#[test]
fn a_lesion_entered_in_error_is_not_shown_to_the_patient() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, None).lesion.id;
    world.imports(id, &naevus_jpeg()).unwrap();
    let pictures = || {
        let request = PatientViewIssueRequest { patient_id: patient, hours: 1 };
        patient_view::issue(&world.session, &request).unwrap().pictures
    };
    assert_eq!(pictures(), 1);
    let request = LesionCloseRequest { id, version: 1, closure: closure(CloseReason::EnteredInError) };
    lesion::close(&world.session, request).unwrap();
    assert_eq!(pictures(), 0);
}

#[test]
fn places_off_the_figure_are_refused() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, None).lesion.id;
    for (x, y) in [(-0.1, 0.5), (0.5, 1.1), (f64::NAN, 0.5), (0.5, f64::NEG_INFINITY)] {
        let place = Some(LesionPlace { view: BodyView::Front, x, y });
        let refused = [
            lesion::relocate(&world.session, &LesionMoveRequest { id, version: 1, place }),
            lesion::create(
                &world.session,
                LesionCreateRequest { patient_id: patient, details: details("L2"), place },
            ),
        ];
        for refused in refused {
            assert_eq!(refused.unwrap_err().details["problems"][0]["field"], "place");
        }
    }
    assert_eq!(only(&world.session, patient).lesion.version, 1);
}

#[test]
fn the_front_desk_sees_no_map_and_changes_no_lesion() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let id = added(&world, patient, Some(SHOULDER)).lesion.id;
    let desk = joins(&world, "cem@seeblick.example", Role::FrontDesk);
    assert!(patient::read(&desk, &PatientReadRequest { id: patient }).unwrap().lesions.is_empty());
    let edit = LesionUpdateRequest { id, version: 1, details: details("L1"), place: None };
    let end = LesionCloseRequest { id, version: 1, closure: closure(CloseReason::Excised) };
    for refused in [
        lesion::update(&desk, edit),
        lesion::relocate(&desk, &LesionMoveRequest { id, version: 1, place: None }),
        lesion::close(&desk, end),
        lesion::reopen(&desk, &LesionReopenRequest { id, version: 1 }),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::NotPermitted);
    }
}
