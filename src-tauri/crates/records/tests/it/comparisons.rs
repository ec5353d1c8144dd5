//! Comparisons: found again for their pair, bound to one lesion, and gone with what they are of.

use domain::ComparisonId;
use domain::audit::AuditAction;
use domain::comparison::{
    Alignment, Anchor, COMPARISON_VERSION, CannotRegister, ComparedOutline, Comparison, Registration,
    Transform,
};
use domain::erasure::ErasureReason;
use domain::image::ImageRecord;
use domain::outline::{OutlineGap, OutlineMethod};
use records::audit::{self, AuditFilter, AuditRow};
use records::{RecordsError, comparisons, patients, rights};

use crate::world::{World, details};

fn pair(world: &World) -> (ImageRecord, ImageRecord) {
    let lesion = world.lesion(&world.patient());
    (world.image(&lesion), world.image(&lesion))
}

fn comparison(world: &World, earlier: &ImageRecord, later: &ImageRecord, alignment: Alignment) -> Comparison {
    Comparison {
        id: ComparisonId::fresh(),
        patient_id: earlier.patient_id,
        earlier_id: earlier.id,
        later_id: later.id,
        alignment,
        change: None,
        earlier_outline: ComparedOutline::Found { polygon: vec![[1.0, 2.0], [3.0, 2.0], [3.0, 5.5]] },
        later_outline: ComparedOutline::Missing { reason: OutlineGap::OutlineNotFound },
        outline_method: OutlineMethod::Learned,
        outline_model: None,
        mm_per_px: [Some(0.02), None],
        version: COMPARISON_VERSION,
        author: world.actor.user,
        compared_at: "2026-03-05T10:00:00Z".parse().unwrap(),
    }
}

fn registered() -> Alignment {
    let transform = Transform::similarity(1.1, 0.2, (4.0, -7.5));
    Alignment::Registered {
        registration: Registration {
            transform,
            scale: transform.scale(),
            turn_degrees: transform.turn_degrees(),
            residual_px: 0.8,
            correlation: 0.7,
            overlap: 0.9,
            agreement: 0.8,
            anchor: Anchor::Skin,
        },
    }
}

/// A comparison of the pair is on record.
pub fn compared(world: &World, earlier: &ImageRecord, later: &ImageRecord) {
    let found = comparison(world, earlier, later, registered());
    world.write(|tx| comparisons::insert(tx, &found));
}

const REFUSED: Alignment = Alignment::Refused { reason: CannotRegister::NoAgreement };

fn last_row(world: &World) -> AuditRow {
    world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0)
}

#[test]
fn a_pair_finds_its_newest_comparison_again_and_both_are_told() {
    let world = World::new();
    let (earlier, later) = pair(&world);
    assert_eq!(world.store.read(|tx| comparisons::of_pair(tx, earlier.id, later.id)), Ok(None));
    let first = comparison(&world, &earlier, &later, REFUSED);
    world.write(|tx| comparisons::insert(tx, &first));
    let row = last_row(&world);
    assert_eq!((row.action, row.patient), (AuditAction::ComparisonMade, Some(earlier.patient_id)));
    assert_eq!(row.details["reason"], "no_agreement");
    let mut second = comparison(&world, &earlier, &later, registered());
    second.compared_at = "2026-03-05T11:00:00Z".parse().unwrap();
    world.write(|tx| comparisons::insert(tx, &second));

    let world = world.reopened();
    assert_eq!(world.write(|tx| comparisons::read(tx, earlier.id, later.id)), Some(second));
    assert_eq!(last_row(&world).action, AuditAction::ComparisonRead);
    // The other way round is another pair.
    assert_eq!(world.write(|tx| comparisons::read(tx, later.id, earlier.id)), None);
}

#[test]
fn photographs_of_two_lesions_are_not_compared() {
    let world = World::new();
    let ((one, _), (other, _)) = (pair(&world), pair(&world));
    let mixed = comparison(&world, &one, &other, registered());
    assert_eq!(world.refused(|tx| comparisons::insert(tx, &mixed)), RecordsError::NotFound);
    let patient = world.patient();
    let (left, right) = (world.image(&world.lesion(&patient)), world.image(&world.lesion(&patient)));
    let mixed = comparison(&world, &left, &right, registered());
    assert_eq!(world.refused(|tx| comparisons::insert(tx, &mixed)), RecordsError::NotFound);
    let (earlier, later) = pair(&world);
    let wrong =
        Comparison { patient_id: one.patient_id, ..comparison(&world, &earlier, &later, registered()) };
    assert_eq!(world.refused(|tx| comparisons::insert(tx, &wrong)), RecordsError::NotFound);
}

#[test]
fn a_comparison_is_not_rewritten() {
    let world = World::new();
    let (earlier, later) = pair(&world);
    world.write(|tx| comparisons::insert(tx, &comparison(&world, &earlier, &later, registered())));
    let raw = world.raw();
    assert!(raw.execute("UPDATE comparisons SET content = '{}'", []).is_err());
}

#[test]
fn it_goes_over_with_a_merge_comes_with_the_export_and_goes_with_the_patient() {
    let world = World::new();
    let (earlier, later) = pair(&world);
    world.write(|tx| comparisons::insert(tx, &comparison(&world, &earlier, &later, registered())));
    let survivor = world.write(|tx| patients::register(tx, &details("Okonkwo", "Ada")));
    let versions = world
        .store
        .read(|tx| {
            Ok((patients::get(tx, survivor.id)?.version, patients::get(tx, earlier.patient_id)?.version))
        })
        .unwrap();
    world.write(|tx| {
        patients::merge(
            tx,
            (survivor.id, versions.0),
            (earlier.patient_id, versions.1),
            &patients::get(tx, survivor.id)?.details,
        )
    });
    let found = world.write(|tx| comparisons::read(tx, earlier.id, later.id)).unwrap();
    assert_eq!(found.patient_id, survivor.id);

    let subject = world.write(|tx| rights::everything(tx, survivor.id, true));
    let rows = subject.rows("comparisons");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["content"]["alignment"]["state"], "registered");

    world.write(|tx| rights::erase(tx, survivor.id, ErasureReason::PatientRequest));
    let left: i64 = world.raw().query_row("SELECT count(*) FROM comparisons", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
