//! Two records made one, and two again.

use domain::audit::AuditAction;
use domain::consent::ConsentKind;
use domain::patient::{Patient, PatientDetails};
use jiff::SignedDuration;
use records::audit::{self, AuditFilter};
use records::patients::{self, Merge};
use records::{RecordsError, images, lesions};

use crate::world::{World, details, lesion_details};

struct Pair {
    world: World,
    kept: Patient,
    goes: Patient,
}

/// Two records of one person, each with a lesion and a photograph.
fn pair() -> Pair {
    let world = World::new();
    let kept = world.patient();
    world.clock.advance(SignedDuration::from_hours(1));
    let other = PatientDetails {
        phone: "030 555 01".into(),
        photo_consent: false,
        ai_consent: true,
        ..details("Okonkow", "Adaeze")
    };
    let goes = world.write(|tx| patients::register(tx, &other));
    for patient in [&kept, &goes] {
        let lesion = world.lesion(patient);
        world.image(&lesion);
    }
    Pair { world, kept, goes }
}

impl Pair {
    fn now(&self, patient: &Patient) -> Patient {
        self.world.store.read(|tx| patients::get(tx, patient.id)).unwrap()
    }

    fn merged(&self, details: &PatientDetails) -> Merge {
        let (kept, goes) = (self.now(&self.kept), self.now(&self.goes));
        self.world.write(|tx| patients::merge(tx, (kept.id, kept.version), (goes.id, goes.version), details))
    }

    fn lesions(&self, patient: &Patient) -> usize {
        self.world.store.read(|tx| lesions::of_patient(tx, patient.id)).unwrap().len()
    }

    fn numbers(&self, query: &str) -> Vec<String> {
        let page = self.world.write(|tx| patients::search(tx, query, 20, 0));
        let exact = page.patients.into_iter().filter(|patient| !patient.approximate);
        exact.map(|patient| patient.number).collect()
    }

    /// Every row of every table but the trail, the merges and the two counters of a patient row.
    fn content(&self) -> Vec<String> {
        let connection = self.world.raw();
        let mut tables = connection
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'audit%'
                   AND name NOT LIKE 'merge%' AND name NOT LIKE 'patient_search%' AND name NOT LIKE 'sqlite%'
                 ORDER BY name",
            )
            .unwrap();
        let names: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut content = Vec::new();
        for name in names {
            let mut query = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
            let mut rows = query.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<String> = columns
                    .iter()
                    .enumerate()
                    .filter(|(_, column)| *column != "version")
                    .map(|(at, column)| format!("{column}={:?}", row.get_ref(at).unwrap()))
                    .collect();
                content.push(format!("{name}: {}", values.join(" ")));
            }
        }
        content.sort();
        content
    }
}

#[test]
fn everything_moves_and_an_undo_restores_both_records() {
    let pair = pair();
    let before = pair.content();
    let chosen = PatientDetails {
        phone: pair.goes.details.phone.clone(),
        photo_consent: false,
        ai_consent: true,
        ..pair.kept.details.clone()
    };
    let merge = pair.merged(&chosen);
    assert_eq!(merge.merged_number, pair.goes.number);
    let kept = pair.now(&pair.kept);
    assert_eq!((&kept.details, kept.version), (&chosen, 2));
    assert_eq!(pair.now(&pair.goes).merged_into, Some(kept.id));
    assert_eq!((pair.lesions(&pair.kept), pair.lesions(&pair.goes)), (2, 0));
    assert_eq!(pair.world.store.read(|tx| patients::counts_of(tx, pair.goes.id)).unwrap(), []);
    let ruined: i64 = pair
        .world
        .raw()
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(ruined, 0);

    let undone = pair.world.write(|tx| patients::undo_merge(tx, merge.id));
    assert!(undone.undone_at.is_some());
    assert_eq!(pair.content(), before);
    assert_eq!(pair.now(&pair.kept).details, pair.kept.details);
    assert_eq!(pair.now(&pair.goes), Patient { version: 3, ..pair.goes.clone() });
    assert_eq!(pair.world.refused(|tx| patients::undo_merge(tx, merge.id)), RecordsError::Conflict);
}

#[test]
fn the_number_that_went_finds_the_record_that_stays_and_is_never_given_again() {
    let pair = pair();
    let merge = pair.merged(&pair.kept.details);
    assert_eq!(pair.numbers(&pair.goes.number), [pair.kept.number.as_str()]);
    assert_eq!(pair.numbers("okonkow"), Vec::<String>::new(), "the name that went is not looked for");
    assert_eq!(pair.numbers("okon"), [pair.kept.number.as_str()]);
    assert_eq!(pair.numbers(""), [pair.kept.number.as_str()]);
    assert_eq!(pair.world.patient().number, "P-000003");
    let standing = pair.world.store.read(|tx| patients::standing(tx, pair.goes.id)).unwrap();
    assert_eq!(standing, pair.kept.id);
    pair.world.write(|tx| patients::undo_merge(tx, merge.id));
    assert_eq!(pair.numbers(&pair.goes.number)[0], pair.goes.number);
    assert_eq!(pair.numbers("okonkow"), [pair.goes.number.as_str()]);
}

#[test]
fn the_trail_of_a_record_holds_what_was_done_to_the_one_merged_into_it() {
    let pair = pair();
    let rows = |patient: &Patient| {
        let filter = AuditFilter { patient: Some(patient.id), ..AuditFilter::default() };
        let found = pair.world.store.read(|tx| audit::search(tx, &filter, None, 100)).unwrap();
        found.into_iter().filter(|row| row.patient == Some(pair.goes.id)).count()
    };
    assert_eq!(rows(&pair.kept), 0);
    let before = rows(&pair.goes);
    pair.merged(&pair.kept.details);
    assert!(before > 0 && rows(&pair.kept) >= before);
}

#[test]
fn a_merged_record_takes_nothing_and_is_not_merged_again() {
    let pair = pair();
    pair.merged(&pair.kept.details);
    let (goes, kept) = (pair.now(&pair.goes), pair.now(&pair.kept));
    let world = &pair.world;
    let add = world.refused(|tx| lesions::add(tx, goes.id, &lesion_details()));
    let edit = world.refused(|tx| patients::update(tx, goes.id, goes.version, &goes.details));
    let consent = world.refused(|tx| patients::record_consent(tx, goes.id, ConsentKind::Ai, true, ""));
    let (a, b) = ((kept.id, kept.version), (goes.id, goes.version));
    let again = world.refused(|tx| patients::merge(tx, a, b, &kept.details));
    let reverse = world.refused(|tx| patients::merge(tx, b, a, &kept.details));
    for error in [add, edit, consent, again, reverse] {
        assert_eq!(error, RecordsError::Merged);
    }
}

#[test]
fn a_record_is_not_merged_with_itself_nor_from_an_old_version() {
    let pair = pair();
    let (kept, goes) = (&pair.kept, &pair.goes);
    let merge = |a: (&Patient, u32), b: (&Patient, u32)| {
        pair.world.refused(|tx| patients::merge(tx, (a.0.id, a.1), (b.0.id, b.1), &kept.details))
    };
    assert_eq!(merge((kept, 1), (kept, 1)), RecordsError::Conflict);
    assert_eq!(merge((kept, 2), (goes, 1)), RecordsError::Conflict);
    assert_eq!(merge((kept, 1), (goes, 2)), RecordsError::Conflict);
}

#[test]
fn what_came_after_the_merge_stays_and_what_hangs_on_a_lesion_goes_back_with_it() {
    let pair = pair();
    let moved = pair.world.store.read(|tx| lesions::of_patient(tx, pair.goes.id)).unwrap().remove(0);
    let merge = pair.merged(&pair.kept.details);
    let kept = pair.now(&pair.kept);
    let moved = pair.world.store.read(|tx| lesions::get(tx, moved.id)).unwrap();
    assert_eq!(moved.patient_id, kept.id);
    let later = pair.world.image(&moved);
    pair.world.lesion(&kept);
    let edited = PatientDetails { address: "Valley 2".into(), ..kept.details.clone() };
    pair.world.write(|tx| patients::update(tx, kept.id, kept.version, &edited));

    pair.world.write(|tx| patients::undo_merge(tx, merge.id));
    assert_eq!((pair.lesions(&pair.kept), pair.lesions(&pair.goes)), (2, 1));
    let image = pair.world.store.read(|tx| images::get(tx, later.id)).unwrap();
    assert_eq!(image.patient_id, pair.goes.id);
    assert_eq!(pair.now(&pair.kept).details.address, "Valley 2");
}

#[test]
fn a_consent_withdrawn_meanwhile_is_withdrawn_for_both() {
    let pair = pair();
    let both = PatientDetails { ai_consent: true, ..pair.kept.details.clone() };
    let merge = pair.merged(&both);
    pair.world.write(|tx| patients::record_consent(tx, pair.kept.id, ConsentKind::Ai, false, "by telephone"));
    pair.world.write(|tx| patients::undo_merge(tx, merge.id));
    let (kept, goes) = (pair.now(&pair.kept), pair.now(&pair.goes));
    assert!(!kept.details.ai_consent && !goes.details.ai_consent);
    assert!(kept.details.photo_consent && !goes.details.photo_consent);
}

#[test]
fn merges_in_a_row_are_undone_from_the_last() {
    let pair = pair();
    let third = pair.world.write(|tx| patients::register(tx, &details("Okonkwo", "Ada")));
    let first = pair.merged(&pair.kept.details);
    let kept = pair.now(&pair.kept);
    let second = pair
        .world
        .write(|tx| patients::merge(tx, (third.id, third.version), (kept.id, kept.version), &third.details));
    assert_eq!(pair.lesions(&third), 2);
    assert_eq!(pair.numbers(&pair.goes.number), [third.number.as_str()]);
    assert_eq!(pair.world.refused(|tx| patients::undo_merge(tx, first.id)), RecordsError::Merged);
    pair.world.write(|tx| patients::undo_merge(tx, second.id));
    pair.world.write(|tx| patients::undo_merge(tx, first.id));
    let each = [&pair.kept, &pair.goes, &third].map(|patient| pair.lesions(patient));
    assert_eq!(each, [1, 1, 0]);
    let listed = pair.world.store.read(|tx| patients::merges_of(tx, pair.kept.id)).unwrap();
    assert_eq!(listed.len(), 1);
}

#[test]
fn both_records_tell_of_the_merge_and_the_log_shows_both_lives() {
    let pair = pair();
    let merge = pair.merged(&pair.kept.details);
    let log = pair.world.store.read(|tx| audit::of_patient(tx, pair.kept.id, 100)).unwrap();
    for patient in [pair.kept.id, pair.goes.id] {
        assert!(
            log.iter().any(|row| row.patient == Some(patient) && row.action == AuditAction::PatientsMerged)
        );
    }
    assert!(
        log.iter().any(|row| row.patient == Some(pair.goes.id) && row.action == AuditAction::ImageImported)
    );
    pair.world.write(|tx| patients::undo_merge(tx, merge.id));
    let filter = AuditFilter { actions: vec![AuditAction::PatientsUnmerged], ..AuditFilter::default() };
    assert_eq!(pair.world.store.read(|tx| audit::search(tx, &filter, None, 9)).unwrap().len(), 2);
    let log = pair.world.store.read(|tx| audit::of_patient(tx, pair.kept.id, 100)).unwrap();
    assert!(log.iter().all(|row| row.patient == Some(pair.kept.id)));
}
