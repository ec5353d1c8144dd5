//! Lesions on the body map: their place, their changes, their end.

use domain::LesionId;
use domain::audit::AuditAction;
use domain::lesion::{
    BodySite, BodyView, CloseReason, Laterality, LesionClosure, LesionDetails, LesionPlace,
};
use jiff::civil::date;
use records::audit::{self, AuditFilter, AuditRow};
use records::{RecordsError, lesions};
use serde_json::json;

use crate::world::{World, lesion_details};

const CALF: LesionPlace = LesionPlace { view: BodyView::Back, x: 0.41, y: 0.8123 };

fn last(world: &World) -> AuditRow {
    world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0)
}

fn excised() -> LesionClosure {
    LesionClosure { reason: CloseReason::Excised, on: date(2026, 3, 4), note: "2 mm margin".into() }
}

#[test]
fn lesions_are_added_with_a_place_and_without() {
    let world = World::new();
    let patient = world.patient();
    let placed = world.write(|tx| lesions::add_at(tx, patient.id, &lesion_details(), Some(CALF)));
    let plain = world.lesion(&patient);
    assert_eq!((placed.place, placed.version, &placed.closure), (Some(CALF), 1, &None));
    assert_eq!(plain.place, None);
    let added = json!({
        "label": [null, "L1"], "site": [null, "lower_leg"], "laterality": [null, "left"],
        "note": ["", "since spring"],
    });
    assert_eq!((last(&world).action, &last(&world).details["changed"]), (AuditAction::LesionAdded, &added));
    let world = world.reopened();
    assert_eq!(world.store.read(|tx| lesions::of_patient(tx, patient.id)).unwrap(), [placed, plain]);
}

#[test]
fn lesions_of_an_older_database_keep_working() {
    let world = World::new();
    let patient = world.patient();
    let id = LesionId::fresh();
    // A row as it was written before there was a map: none of the later columns is named.
    world
        .raw()
        .execute(
            "INSERT INTO lesions (id, patient_id, label, site, laterality, note, created_at)
             VALUES (?1, ?2, 'L9', 'genital_region', 'midline', '', 0)",
            [id.to_string(), patient.id.to_string()],
        )
        .unwrap();
    let old = world.store.read(|tx| lesions::get(tx, id)).unwrap();
    assert_eq!((old.place, old.closure, old.version), (None, None, 1));
    let placed = world.write(|tx| lesions::relocate(tx, id, 1, Some(CALF)));
    assert_eq!((placed.place, placed.version), (Some(CALF), 2));
}

#[test]
fn a_change_is_kept_with_old_and_new_values() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let details = LesionDetails {
        label: "mole left calf".into(),
        laterality: Laterality::Right,
        site: BodySite::Knee,
        ..lesion_details()
    };
    let changed = world.write(|tx| lesions::update(tx, lesion.id, 1, &details, Some(CALF)));
    assert_eq!((changed.version, &changed.details, changed.place), (2, &details, Some(CALF)));
    let row = last(&world);
    assert_eq!((row.action, row.patient), (AuditAction::LesionChanged, Some(patient.id)));
    assert_eq!(
        row.details,
        json!({
            "changed": {
                "label": ["L1", "mole left calf"],
                "laterality": ["left", "right"],
                "site": ["lower_leg", "knee"],
                "place": [null, { "view": "back", "x": 0.41, "y": 0.8123 }],
            },
            "version": 2,
        })
    );
}

#[test]
fn a_move_is_kept_and_can_take_a_lesion_off_the_map() {
    let world = World::new();
    let lesion = world.lesion(&world.patient());
    let finer = LesionPlace { x: 0.410_04, ..CALF };
    let moved = world.write(|tx| lesions::relocate(tx, lesion.id, 1, Some(finer)));
    assert_eq!(moved.place, Some(LesionPlace { x: 0.41, ..CALF }), "kept in steps");
    assert_eq!(last(&world).action, AuditAction::LesionMoved);
    let off = world.write(|tx| lesions::relocate(tx, lesion.id, 2, None));
    assert_eq!((off.place, off.version), (None, 3));
    assert_eq!(last(&world).details["changed"]["place"][1], json!(null));
}

#[test]
fn the_later_of_two_edits_is_refused_and_changes_nothing() {
    let world = World::new();
    let lesion = world.lesion(&world.patient());
    let first = world.write(|tx| lesions::relocate(tx, lesion.id, 1, Some(CALF)));
    let rows = last(&world).seq;
    let details = LesionDetails { label: "late".into(), ..lesion_details() };
    for refused in [
        world.refused(|tx| lesions::update(tx, lesion.id, 1, &details, None)),
        world.refused(|tx| lesions::relocate(tx, lesion.id, 1, None)),
        world.refused(|tx| lesions::close(tx, lesion.id, 1, &excised())),
        world.refused(|tx| lesions::reopen(tx, lesion.id, 1)),
    ] {
        assert_eq!(refused, RecordsError::Conflict);
    }
    assert_eq!(world.store.read(|tx| lesions::get(tx, lesion.id)).unwrap(), first);
    assert_eq!(last(&world).seq, rows);
    let nobody = LesionId::fresh();
    assert_eq!(world.refused(|tx| lesions::relocate(tx, nobody, 1, None)), RecordsError::NotFound);
}

#[test]
fn a_lesion_is_closed_once_and_taken_up_again() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.write(|tx| lesions::add_at(tx, patient.id, &lesion_details(), Some(CALF)));
    let closed = world.write(|tx| lesions::close(tx, lesion.id, 1, &excised()));
    assert_eq!((&closed.closure, closed.place, closed.version), (&Some(excised()), Some(CALF), 2));
    let row = last(&world);
    assert_eq!(row.action, AuditAction::LesionClosed);
    assert_eq!(row.details["changed"]["closure"][1]["reason"], "excised");
    assert_eq!(world.refused(|tx| lesions::close(tx, lesion.id, 2, &excised())), RecordsError::Conflict);
    let world = world.reopened();
    assert_eq!(world.store.read(|tx| lesions::get(tx, lesion.id)).unwrap(), closed);
    let open = world.write(|tx| lesions::reopen(tx, lesion.id, 2));
    assert_eq!((&open.closure, open.version), (&None, 3));
    let row = last(&world);
    assert_eq!(row.action, AuditAction::LesionReopened);
    assert_eq!(row.details["changed"]["closure"][0]["note"], "2 mm margin");
    assert_eq!(world.refused(|tx| lesions::reopen(tx, lesion.id, 3)), RecordsError::Conflict);
}

#[test]
fn half_a_place_or_half_an_end_cannot_be_stored() {
    let world = World::new();
    let lesion = world.lesion(&world.patient());
    let raw = world.raw();
    for broken in [
        "place_view = 'back'",
        "place_x = 0.5, place_y = 0.5",
        "place_view = 'back', place_x = 1.5, place_y = 0.5",
        "closed_reason = 'excised'",
        "closed_on = '2026-01-01'",
        "closed_reason = 'forgotten', closed_on = '2026-01-01'",
        "version = 0",
    ] {
        let done =
            raw.execute(&format!("UPDATE lesions SET {broken} WHERE id = ?1"), [lesion.id.to_string()]);
        assert!(done.is_err(), "{broken}");
    }
}
