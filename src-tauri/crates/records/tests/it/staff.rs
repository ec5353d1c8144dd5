//! Those who work at the clinic, and what is kept for each of them.

use domain::audit::AuditAction;
use domain::user::{Language, User, UserDetails, UserState};
use domain::{Actor, Role, UserId};
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditFilter, AuditRow};
use records::drafts::Draft;
use records::settings::{self, Shown};
use records::{RecordsError, break_glass, clinicians, drafts, enrolments, second_factors, users};
use serde_json::json;

use crate::world::{World, user_details};

const SECRET: [u8; 20] = [7; 20];
const OTHER_SECRET: [u8; 20] = [8; 20];

fn colleague(world: &World, role: Role) -> User {
    let email = format!("{}@clinic.example", UserId::fresh());
    world.write(|tx| users::add(tx, UserId::fresh(), &user_details(&email), role, UserState::Active))
}

fn newest(world: &World) -> AuditRow {
    let rows = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    rows.into_iter().next().unwrap()
}

fn rows(world: &World) -> u64 {
    world.store.verify_chain().unwrap().rows
}

#[test]
fn a_changed_account_leaves_the_old_and_the_new_value() {
    let world = World::new();
    let user = colleague(&world, Role::Clinician);
    let details = UserDetails { phone: Some("+41 44 555 01 02".into()), ..user.details.clone() };
    let changed = User { details, role: Role::Auditor, ..user.clone() };
    assert_eq!(world.write(|tx| users::change(tx, &changed)), changed);
    let row = newest(&world);
    assert_eq!(row.action, AuditAction::UserChanged);
    assert_eq!(row.details["changed"]["role"], json!(["clinician", "auditor"]));
    assert!(row.details["changed"].to_string().contains("+41 44 555 01 02"));
    assert_eq!(world.store.read(|tx| users::get(tx, user.id)).unwrap(), changed);
}

#[test]
fn a_chosen_language_stays_with_the_account() {
    let world = World::new();
    let user = colleague(&world, Role::FrontDesk);
    assert_eq!(user.language, None);
    for language in [Language::Es, Language::En, Language::De] {
        let chosen = world.write(|tx| users::choose_language(tx, user.id, language));
        assert_eq!(chosen.language, Some(language));
    }
    let row = newest(&world);
    assert_eq!(row.action, AuditAction::UserChanged);
    assert_eq!(row.details["changed"], json!({ "language": ["en", "de"] }));
    // What else is changed later leaves it alone.
    let details = UserDetails { phone: Some("+41 44 555 01 02".into()), ..user.details.clone() };
    let changed = world.write(|tx| users::change(tx, &User { details, ..user.clone() }));
    assert_eq!(changed.language, Some(Language::De));
    let nobody = world.refused(|tx| users::choose_language(tx, UserId::fresh(), Language::En));
    assert_eq!(nobody, RecordsError::NotFound);
}

#[test]
fn two_accounts_never_share_a_sign_in_name() {
    let world = World::new();
    let mut user = colleague(&world, Role::Clinician);
    user.details.email = "ADA@clinic.example".into();
    assert_eq!(world.refused(|tx| users::change(tx, &user)), RecordsError::Conflict);
}

#[test]
fn the_last_administrator_stays() {
    let world = World::new();
    let own = world.actor.user;
    let administrator = world.store.read(|tx| users::get(tx, own)).unwrap();
    let demoted = User { role: Role::Clinician, ..administrator };
    for state in [UserState::Locked, UserState::Deleted, UserState::Unverified] {
        let refused = world.refused(|tx| users::change_state(tx, own, state));
        assert_eq!(refused, RecordsError::LastAdministrator, "{state:?}");
    }
    assert_eq!(world.refused(|tx| users::change(tx, &demoted)), RecordsError::LastAdministrator);
    assert_eq!(world.store.read(|tx| users::get(tx, own)).unwrap().state, UserState::Active);

    let second = colleague(&world, Role::Administrator);
    world.write(|tx| users::change_state(tx, own, UserState::Locked));
    let refused = world.refused(|tx| users::change_state(tx, second.id, UserState::Deleted));
    assert_eq!(refused, RecordsError::LastAdministrator);
}

#[test]
fn a_step_of_a_one_time_password_counts_once_and_never_backwards() {
    let world = World::new();
    let user = world.actor.user;
    assert_eq!(world.refused(|tx| second_factors::confirm(tx, user, 100)), RecordsError::NotFound);
    world.write(|tx| second_factors::propose(tx, user, &SECRET));
    assert!(world.store.read(|tx| second_factors::get(tx, user)).unwrap().is_none(), "not before a code");
    assert!(!world.write(|tx| second_factors::use_step(tx, user, 101)));
    world.write(|tx| second_factors::confirm(tx, user, 100));
    for (step, accepted) in [(100, false), (99, false), (101, true), (101, false), (100, false), (103, true)]
    {
        assert_eq!(world.write(|tx| second_factors::use_step(tx, user, step)), accepted, "{step}");
    }
    let world = world.reopened();
    assert!(!world.write(|tx| second_factors::use_step(tx, user, 103)), "nor after a restart");
}

#[test]
fn a_new_second_factor_waits_beside_the_old_one() {
    let world = World::new();
    let user = world.actor.user;
    world.write(|tx| second_factors::propose(tx, user, &SECRET));
    world.write(|tx| second_factors::confirm(tx, user, 1));
    world.write(|tx| second_factors::propose(tx, user, &OTHER_SECRET));
    let in_force = |world: &World| world.store.read(|tx| second_factors::get(tx, user)).unwrap();
    assert_eq!(in_force(&world).unwrap().as_slice(), SECRET);
    world.write(|tx| second_factors::confirm(tx, user, 2));
    assert_eq!(in_force(&world).unwrap().as_slice(), OTHER_SECRET);
    assert!(world.store.read(|tx| second_factors::proposed(tx, user)).unwrap().is_none());
    world.write(|tx| second_factors::remove(tx, user));
    assert!(in_force(&world).is_none());
    assert!(world.store.read(second_factors::holders).unwrap().is_empty());
    assert!(world.store.write(&world.actor, |tx| second_factors::propose(tx, user, &[1; 19])).is_err());
}

#[test]
fn drafts_come_back_once_and_to_their_owner_only() {
    let world = World::new();
    let other = colleague(&world, Role::Clinician);
    let kept = vec![Draft { key: "patient.new".into(), body: json!({ "family_name": "Okonkwo" }) }];
    world.write(|tx| drafts::keep(tx, world.actor.user, &kept));
    assert!(!newest(&world).details.to_string().contains("Okonkwo"), "the trail counts and does not quote");
    assert!(world.write(|tx| drafts::take(tx, other.id)).is_empty());
    assert_eq!(world.write(|tx| drafts::take(tx, world.actor.user)), kept);
    assert!(world.write(|tx| drafts::take(tx, world.actor.user)).is_empty());
}

#[test]
fn a_setting_shows_its_values_in_the_trail_or_only_its_name() {
    let world = World::new();
    world.write(|tx| settings::set(tx, "access", &json!({ "idle_lock_minutes": 10 }), Shown::Value));
    world.write(|tx| settings::set(tx, "access", &json!({ "idle_lock_minutes": 5 }), Shown::Value));
    let expected = json!([{ "idle_lock_minutes": 10 }, { "idle_lock_minutes": 5 }]);
    assert_eq!(newest(&world).details["changed"]["value"], expected);
    world.write(|tx| settings::set(tx, "mail", &json!({ "password": "quince" }), Shown::Name));
    assert!(!newest(&world).details.to_string().contains("quince"));
    let read = world.store.read(|tx| settings::get::<serde_json::Value>(tx, "mail")).unwrap();
    assert_eq!(read, Some(json!({ "password": "quince" })));
    let mistyped = world.store.read(|tx| settings::get::<u32>(tx, "mail"));
    assert_eq!(mistyped, Err(RecordsError::Damaged));
}

#[test]
fn a_registration_waits_once() {
    let world = World::new();
    let user = colleague(&world, Role::Clinician).id;
    let active = UserState::Active;
    let registers = |body: serde_json::Value| {
        world.store.write(&world.actor, |tx| {
            enrolments::put(tx, user, &body)?;
            users::change_state(tx, user, UserState::Unverified)
        })
    };
    registers(json!({ "key": "k" })).unwrap();
    assert_eq!(registers(json!({})), Err(RecordsError::Conflict));
    assert_eq!(world.store.read(|tx| enrolments::get(tx, user)).unwrap(), json!({ "key": "k" }));
    assert_eq!(world.store.read(enrolments::list).unwrap()[0].user_id, user);
    assert_eq!(world.refused(|tx| enrolments::remove(tx, user)), RecordsError::Unaudited);
    world.write(|tx| {
        enrolments::remove(tx, user)?;
        users::change_state(tx, user, active)
    });
    assert!(world.store.read(enrolments::list).unwrap().is_empty());
    assert_eq!(world.store.read(|tx| enrolments::get(tx, user)), Err(RecordsError::NotFound));
}

#[test]
fn an_entry_of_the_directory_keeps_its_signature_and_belongs_to_one_user() {
    let world = World::new();
    let user = colleague(&world, Role::Clinician).id;
    let entry = world.write(|tx| clinicians::add(tx, "Dr Ben Amsel", "L-9", Some(user)));
    assert_eq!(world.refused(|tx| clinicians::add(tx, "Twin", "", Some(user))), RecordsError::Conflict);
    assert_eq!(world.store.read(|tx| clinicians::signature(tx, entry.id)), Err(RecordsError::NotFound));
    assert!(world.write(|tx| clinicians::set_signature(tx, entry.id, b"png")).has_signature);
    world.write(|tx| clinicians::change(tx, entry.id, "Dr Ben Amsel-Roth", "L-9", Some(user)));
    assert_eq!(newest(&world).details["changed"]["full_name"], json!(["Dr Ben Amsel", "Dr Ben Amsel-Roth"]));
    assert_eq!(world.store.read(|tx| clinicians::signature(tx, entry.id)).unwrap(), b"png");
    assert!(
        world
            .store
            .write(&world.actor, |tx| { clinicians::set_signature(tx, entry.id, &vec![0; 262_145]) })
            .is_err()
    );
    world.write(|tx| clinicians::remove(tx, entry.id));
    assert!(world.store.read(clinicians::list).unwrap().is_empty());
    world.write(|tx| clinicians::add(tx, "Dr Ben Amsel", "L-9", Some(user)));
}

#[test]
fn an_emergency_look_ends_by_the_clock_and_is_reviewed_once() {
    let world = World::new();
    let patient = world.patient().id;
    let reason = "collapsed in the waiting room";
    assert!(!world.write(|tx| break_glass::note_use(tx, patient)));
    let too_long = later(&world, 61);
    assert!(world.store.write(&world.actor, |tx| break_glass::open(tx, patient, reason, too_long)).is_err());
    let ends = later(&world, 60);
    let look = world.write(|tx| break_glass::open(tx, patient, reason, ends));
    assert!(world.write(|tx| break_glass::note_use(tx, patient)));
    assert_eq!(newest(&world).action, AuditAction::BreakGlassUsed);
    world.clock.advance(SignedDuration::from_mins(60));
    assert!(!world.write(|tx| break_glass::note_use(tx, patient)));
    assert_eq!(world.store.read(break_glass::waiting).unwrap()[0].uses, 1);
    world.write(|tx| break_glass::review(tx, look.id, "justified"));
    assert_eq!(world.refused(|tx| break_glass::review(tx, look.id, "again")), RecordsError::Conflict);
    assert!(world.store.read(break_glass::waiting).unwrap().is_empty());
}

fn later(world: &World, minutes: i64) -> Timestamp {
    use domain::Clock;
    world.clock.now() + SignedDuration::from_mins(minutes)
}

#[test]
fn the_trail_is_filtered_by_time_person_action_and_patient() {
    let world = World::new();
    let first = world.patient();
    world.clock.advance(SignedDuration::from_hours(24));
    let second = world.patient();
    let find = |filter: AuditFilter| world.store.read(|tx| audit::search(tx, &filter, None, 50)).unwrap();
    let of = |patient| AuditFilter { patient: Some(patient), ..AuditFilter::default() };
    assert_eq!(find(of(first.id)).len(), 1);
    assert_eq!(find(of(second.id))[0].patient, Some(second.id));
    let registered = AuditFilter { actions: vec![AuditAction::PatientRegistered], ..AuditFilter::default() };
    assert_eq!(find(registered.clone()).len(), 2);
    let since = AuditFilter { from: Some(second.registered_at), ..registered };
    assert_eq!(find(since).len(), 1);
    let nobody = AuditFilter { actor: Some(UserId::fresh()), ..AuditFilter::default() };
    assert!(find(nobody).is_empty());
    let total = rows(&world);
    let page = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), Some(total), 50)).unwrap();
    assert_eq!(page[0].seq, total - 1, "older than the row named");
    let mut exported = 0;
    world.store.read(|tx| audit::each(tx, &AuditFilter::default(), |_| exported += 1)).unwrap();
    assert_eq!(exported, total);
}

#[test]
fn an_emergency_look_is_ended_early_only_by_whoever_opened_it() {
    let world = World::new();
    let (patient, other) = (world.patient().id, world.patient().id);
    assert_eq!(world.refused(|tx| break_glass::end(tx, patient)), RecordsError::NotFound);
    let ends = [10, 30].map(|minutes| {
        let until = later(&world, minutes);
        world.write(|tx| break_glass::open(tx, patient, "collapsed in the waiting room", until)).until
    });
    assert_eq!(world.write(|tx| break_glass::open_until(tx, patient)), Some(ends[1]));
    assert_eq!(world.write(|tx| break_glass::open_until(tx, other)), None);
    assert_eq!(world.refused(|tx| break_glass::end(tx, other)), RecordsError::NotFound);
    let colleague = Actor { user: UserId::fresh(), ..world.actor };
    let refused = world.store.write(&colleague, |tx| break_glass::end(tx, patient));
    assert_eq!(refused, Err(RecordsError::NotFound));
    world.write(|tx| break_glass::end(tx, patient));
    assert_eq!(newest(&world).action, AuditAction::BreakGlassEnded);
    assert!(!world.write(|tx| break_glass::note_use(tx, patient)));
    assert_eq!(world.write(|tx| break_glass::open_until(tx, patient)), None);
    assert_eq!(world.refused(|tx| break_glass::end(tx, patient)), RecordsError::NotFound);
    for look in world.store.read(break_glass::waiting).unwrap() {
        assert!(look.ended_at.is_some_and(|at| at < look.until), "the granted time stays on record");
    }
}
