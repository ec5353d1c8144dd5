//! The door: replays, clocks, locks, timing, and an audit trail that somebody tampers with.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic::sign_in::{Entered, answer, sign_in};
use clinic::views::{PasswordAgainRequest, SecondFactorRequest, SignInRequest};
use clinic::{Workstation, entry, second_factor};
use domain::{Actor, FixedClock, Role, SystemClock, UserId};
use jiff::SignedDuration;
use records::{Store, second_factors};
use support::{EMAIL, PASSWORD, World, authenticator, tampering};
use vault::{Admission, Attempts, KdfPolicy, Moment, Secret, Vault};

use crate::figure::{Figure, Target, median};

const REPLAYS: usize = 10_000;
const TIMED: usize = 15;
const KILLS: usize = 50;
const TAMPERINGS: usize = 1_000;

pub fn run() -> Vec<Figure> {
    let (near_refused, far_accepted, set_back_accepted) = offsets();
    let (unknown, wrong) = timing();
    vec![
        count("auth_totp_replays_accepted", replays()),
        count("auth_totp_30_s_off_refused", near_refused),
        count("auth_totp_90_s_off_accepted", far_accepted),
        count("auth_totp_after_clock_set_back_accepted", set_back_accepted),
        Figure {
            name: "auth_unknown_name",
            value: unknown,
            unit: "ms",
            peer: Some(("wrong password", wrong)),
            target: Some(Target::AtMost(1.05)),
        },
        Figure {
            name: "auth_wrong_password",
            value: wrong,
            unit: "ms",
            peer: Some(("unknown name", unknown)),
            target: Some(Target::AtMost(1.05)),
        },
        count("auth_failures_lost_to_sigkill", lost_to_sigkill()),
        count("auth_locks_ended_by_clock", locks_ended_by_clock()),
        count("audit_tamperings_not_found", tampering::not_found(TAMPERINGS)),
    ]
}

/// A number of things that must not happen.
fn count(name: &'static str, value: usize) -> Figure {
    Figure { name, value: value as f64, unit: "", peer: None, target: Some(Target::AtMost(0.0)) }
}

/// Every accepted step again and again, the latest and older ones.
fn replays() -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("clinic.db");
    let connection = vault::create_database_at(&path, &Secret::from_bytes(&[1; 32])).expect("a database");
    let store =
        Store::open(connection, Secret::from_bytes(&[2; 32]), Arc::new(SystemClock)).expect("a store");
    let user = UserId::fresh();
    let actor = Actor { user, role: Role::Administrator };
    let details = domain::user::UserDetails {
        full_name: "Dr Ada Okonkwo".into(),
        email: EMAIL.into(),
        ..domain::user::UserDetails::default()
    };
    store
        .write(&actor, |tx| {
            records::users::add(tx, user, &details, Role::Administrator, domain::user::UserState::Active)?;
            second_factors::propose(tx, user, &[7; 20])?;
            second_factors::confirm(tx, user, 1)
        })
        .expect("a second factor");
    let mut accepted = 0;
    let steps = REPLAYS as u64 / 10;
    for step in 2..steps + 2 {
        let first = store.write(&actor, |tx| second_factors::use_step(tx, user, step)).expect("a write");
        assert!(first, "a fresh step is accepted");
        for back in 0..10_u64 {
            let old = step.saturating_sub(back * back);
            let again = store.write(&actor, |tx| second_factors::use_step(tx, user, old)).expect("a write");
            accepted += usize::from(again);
        }
    }
    accepted
}

/// Codes of half a minute and of a minute and a half off, and codes after the clock was set back.
fn offsets() -> (usize, usize, usize) {
    let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().expect("a time")));
    let world = World::founded_at(&clock);
    let now = || domain::Clock::now(&*clock);
    let again = PasswordAgainRequest { password: PASSWORD.into() };
    let key = second_factor::propose(&world.session, &again).expect("a proposal").manual_key;
    let first = authenticator(&key, now());
    second_factor::confirm(&world.session, &SecondFactorRequest { code: first.as_str().into() })
        .expect("confirmed");
    let tries = |at: jiff::Timestamp| {
        let request = SignInRequest { email: EMAIL.into(), password: PASSWORD.into() };
        let Ok(Entered::Challenge(challenge)) = sign_in(&world.workstation, &request) else { return false };
        let code = authenticator(&key, at);
        let held = answer(challenge, &SecondFactorRequest { code: code.as_str().into() }).is_ok();
        // A lock would hide what is measured.
        Attempts::unlock(&world.clinic_folder(), EMAIL).expect("unlocked");
        held
    };
    let (mut near, mut far, mut back) = (0, 0, 0);
    for round in 0..20 {
        clock.advance(SignedDuration::from_mins(10));
        let seconds = if round % 2 == 0 { 30 } else { -30 };
        near += usize::from(!tries(now() + SignedDuration::from_secs(seconds)));
        far += usize::from(tries(now() + SignedDuration::from_secs(seconds * 3)));
        clock.advance(SignedDuration::from_mins(-5));
        back += usize::from(tries(now()));
        clock.advance(SignedDuration::from_mins(5));
    }
    (near, far, back)
}

/// Medians of a name nobody has and of a wrong password, with the real cost of a password.
fn timing() -> (f64, f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("clinic");
    let workstation = Arc::new(Workstation::new(place.clone(), support::root().join("models")));
    drop(entry::found(&workstation, &World::founding()).expect("a clinic"));
    let (mut unknown, mut wrong) = (vec![], vec![]);
    for round in 0..=TIMED {
        // In turns, so that a busy moment of the machine falls on both.
        for (email, times) in [("nobody@seeblick.example", &mut unknown), (EMAIL, &mut wrong)] {
            let request = SignInRequest { email: email.into(), password: "not the password at all".into() };
            let begun = Instant::now();
            assert!(sign_in(&workstation, &request).is_err());
            if round > 0 {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            Attempts::unlock(&place, email).expect("unlocked");
        }
    }
    (median(unknown), median(wrong))
}

/// A process that counts a failure and is killed at that moment; the failure must be on the disk.
fn lost_to_sigkill() -> usize {
    let folder = clinic();
    let mut lost = 0;
    for _ in 0..KILLS {
        let this = std::env::current_exe().expect("a running program has a file");
        let mut child = std::process::Command::new(this)
            .arg("--begin-and-die")
            .arg(folder.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("a child");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        let _ = std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line);
        let _ = child.kill();
        let _ = child.wait();
        let door = Attempts::state(folder.path(), EMAIL, Moment::now()).expect("a state");
        lost += usize::from(door.failures != 1);
        Attempts::unlock(folder.path(), EMAIL).expect("unlocked");
    }
    lost
}

/// What the killed child does: it counts, says so, and waits for its end.
pub fn begin_and_die(folder: &Path) {
    let counted = Attempts::begin(folder, EMAIL, Moment::now());
    let _ = writeln!(std::io::stdout(), "{}", counted.is_ok());
    std::thread::sleep(std::time::Duration::from_secs(30));
}

/// Locks that end early because the wall clock jumped, or because the machine started again.
fn locks_ended_by_clock() -> usize {
    let mut ended = 0;
    for hours in [-48, -1, 1, 48, 24 * 365] {
        let folder = clinic();
        let now = Moment::now();
        for _ in 0..5 {
            Attempts::begin(folder.path(), EMAIL, now).expect("counted");
        }
        let wall = now.wall + SignedDuration::from_hours(hours);
        let later = Moment { wall, ..now };
        ended += usize::from(Attempts::begin(folder.path(), EMAIL, later).expect("counted") == Admission::Go);
        // The machine was turned off and on, and its clock set meanwhile.
        let restarted = Moment { wall, boot: [9; 16], since_boot: Duration::from_secs(90) };
        ended +=
            usize::from(Attempts::begin(folder.path(), EMAIL, restarted).expect("counted") == Admission::Go);
    }
    ended
}

fn clinic() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let owner = vault::NewOwner {
        user_id: UserId::fresh(),
        login: EMAIL,
        role: Role::Administrator,
        password: PASSWORD,
    };
    Vault::create(folder.path(), owner, KdfPolicy::for_tests()).expect("a clinic");
    folder
}
