use std::fs;
use std::time::Duration;

use domain::{Role, UserId};
use jiff::{SignedDuration, Timestamp};
use vault::{Admission, Attempts, Moment, Vault, layout};

use crate::support::{LOGIN, clinic, colleague};

const HOUR: Duration = Duration::from_secs(3600);

fn start() -> Moment {
    let wall: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    Moment { wall, boot: [1; 16], since_boot: Duration::from_secs(100) }
}

/// Time that passes with the machine running.
fn after(moment: Moment, time: Duration) -> Moment {
    let wall = moment.wall + SignedDuration::try_from(time).unwrap();
    Moment { wall, since_boot: moment.since_boot + time, ..moment }
}

fn clock_set(moment: Moment, by: SignedDuration) -> Moment {
    Moment { wall: moment.wall + by, ..moment }
}

fn rebooted(moment: Moment) -> Moment {
    Moment { boot: moment.boot.map(|b| b + 1), since_boot: Duration::from_secs(5), ..moment }
}

fn begin(folder: &tempfile::TempDir, login: &str, now: Moment) -> Admission {
    Attempts::begin(folder.path(), login, now).unwrap()
}

fn locked_for(folder: &tempfile::TempDir, now: Moment) -> Duration {
    Attempts::state(folder.path(), LOGIN, now).unwrap().locked_for
}

/// A clinic whose administrator has failed five times.
fn locked() -> tempfile::TempDir {
    let (folder, ..) = clinic();
    for _ in 0..5 {
        assert_eq!(begin(&folder, LOGIN, start()), Admission::Go);
    }
    folder
}

#[test]
fn the_fifth_failure_locks_for_an_hour() {
    let folder = locked();
    let later = after(start(), HOUR / 4);
    assert_eq!(begin(&folder, LOGIN, start()), Admission::Locked { remaining: HOUR });
    assert_eq!(begin(&folder, " ADA@clinic.example", later), Admission::Locked { remaining: HOUR * 3 / 4 });
    assert_eq!(locked_for(&folder, later), HOUR * 3 / 4);
    // Tries meanwhile do not make it longer, and afterwards there are five again.
    let over = after(start(), HOUR);
    assert_eq!(locked_for(&folder, over), Duration::ZERO);
    for _ in 0..5 {
        assert_eq!(begin(&folder, LOGIN, over), Admission::Go);
    }
    assert_eq!(begin(&folder, LOGIN, over), Admission::Locked { remaining: HOUR });
}

#[test]
fn a_right_try_sets_the_counter_back() {
    let (folder, ..) = clinic();
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(begin(&folder, LOGIN, start()), Admission::Go);
        }
        assert_eq!(Attempts::state(folder.path(), LOGIN, start()).unwrap().failures, 4);
        // The fifth is right.
        assert_eq!(begin(&folder, LOGIN, start()), Admission::Go);
        Attempts::succeeded(folder.path(), LOGIN).unwrap();
        assert_eq!(Attempts::state(folder.path(), LOGIN, start()).unwrap().failures, 0);
    }
}

#[test]
fn the_failure_is_on_the_disk_before_the_try_is_judged() {
    let (folder, ..) = clinic();
    begin(&folder, LOGIN, start());
    for name in [layout::ATTEMPTS, layout::ATTEMPTS_COPY] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(text.contains("\"failures\":1") && !text.contains("clinic.example"), "{text}");
    }
}

#[test]
fn setting_the_clock_changes_nothing_while_the_machine_runs() {
    let folder = locked();
    for hours in [-100_000, -1, 1, 24, 100_000] {
        let set = clock_set(after(start(), HOUR / 2), SignedDuration::from_hours(hours));
        assert_eq!(locked_for(&folder, set), HOUR / 2);
        assert_eq!(begin(&folder, LOGIN, set), Admission::Locked { remaining: HOUR / 2 });
    }
    let set = clock_set(after(start(), HOUR), SignedDuration::from_hours(-100));
    assert_eq!(begin(&folder, LOGIN, set), Admission::Go);
}

#[test]
fn the_lock_survives_a_restart_of_the_machine() {
    let folder = locked();
    let up = Duration::from_secs(5);
    // Whoever turns the machine off and the clock on has not waited: only time with the machine on counts.
    let set = clock_set(rebooted(start()), SignedDuration::from_hours(48));
    assert_eq!(begin(&folder, LOGIN, set), Admission::Locked { remaining: HOUR - up });
    let back = clock_set(rebooted(set), SignedDuration::from_hours(-100));
    assert_eq!(begin(&folder, LOGIN, back), Admission::Locked { remaining: HOUR - 2 * up });
    assert_eq!(begin(&folder, LOGIN, after(back, HOUR - 2 * up)), Admission::Go);
}

#[test]
fn an_administrator_ends_a_lock() {
    let folder = locked();
    Attempts::unlock(folder.path(), LOGIN).unwrap();
    assert_eq!(begin(&folder, LOGIN, start()), Admission::Go);
    assert_eq!(Attempts::unreported(folder.path()).unwrap().len(), 6);
}

#[test]
fn names_that_nobody_has_are_counted_alike_and_push_nobody_out() {
    let folder = locked();
    for _ in 0..5 {
        assert_eq!(begin(&folder, "eve@clinic.example", start()), Admission::Go);
    }
    assert_eq!(begin(&folder, "eve@clinic.example", start()), Admission::Locked { remaining: HOUR });
    for i in 0..300 {
        begin(&folder, &format!("x{i}@clinic.example"), start());
    }
    assert_eq!(begin(&folder, LOGIN, start()), Admission::Locked { remaining: HOUR });
    let text = fs::read_to_string(folder.path().join(layout::ATTEMPTS)).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["content"]["counters"].as_array().unwrap().len(), 257);
}

#[test]
fn a_damaged_file_comes_back_from_its_copy_and_two_damaged_ones_lock_everybody() {
    let folder = locked();
    let paths = [layout::ATTEMPTS, layout::ATTEMPTS_COPY].map(|name| folder.path().join(name));
    for path in &paths {
        for bytes in [&b""[..], b"{}", b"\xff\xff"] {
            fs::write(path, bytes).unwrap();
            assert_eq!(locked_for(&folder, start()), HOUR);
            begin(&folder, LOGIN, start());
        }
        fs::remove_file(path).unwrap();
        assert_eq!(begin(&folder, LOGIN, start()), Admission::Locked { remaining: HOUR });
    }
    Attempts::unlock(folder.path(), LOGIN).unwrap();
    assert_eq!(locked_for(&folder, start()), Duration::ZERO);
    fs::write(&paths[0], b"{").unwrap();
    fs::remove_file(&paths[1]).unwrap();
    assert_eq!(begin(&folder, LOGIN, start()), Admission::Locked { remaining: HOUR });
    assert_eq!(begin(&folder, "eve@clinic.example", start()), Admission::Locked { remaining: HOUR });
    let later = after(start(), HOUR / 2);
    assert_eq!(begin(&folder, LOGIN, later), Admission::Locked { remaining: HOUR / 2 });
    // Somebody who is let in by an administrator is free before the hour is over.
    Attempts::unlock(folder.path(), LOGIN).unwrap();
    assert_eq!(begin(&folder, LOGIN, later), Admission::Go);
    Attempts::succeeded(folder.path(), LOGIN).unwrap();
    assert_eq!(begin(&folder, LOGIN, later), Admission::Go);
    assert_eq!(begin(&folder, "eve@clinic.example", later), Admission::Locked { remaining: HOUR / 2 });
    let over = after(start(), HOUR);
    assert_eq!(begin(&folder, "eve@clinic.example", over), Admission::Go);
}

#[test]
fn a_file_that_asks_for_a_longer_lock_gets_an_hour() {
    let folder = locked();
    for name in [layout::ATTEMPTS, layout::ATTEMPTS_COPY] {
        let path = folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut content = file["content"].clone();
        content["counters"][0]["lock"]["remaining_ms"] = u64::MAX.into();
        let content = content.to_string();
        use sha2::{Digest, Sha256};
        let digest = hex::encode(Sha256::digest(&content));
        fs::write(&path, format!(r#"{{"sha256":"{digest}","content":{content}}}"#)).unwrap();
    }
    assert_eq!(begin(&folder, LOGIN, start()), Admission::Locked { remaining: HOUR });
}

#[test]
fn failures_wait_for_the_audit_trail_and_right_tries_do_not() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    let desk = colleague(path, &admin, "desk@c.example", Role::FrontDesk);
    begin(&folder, "desk@c.example", start());
    begin(&folder, "eve@c.example", after(start(), HOUR));
    begin(&folder, LOGIN, start());
    Attempts::succeeded(path, LOGIN).unwrap();
    for _ in 0..5 {
        begin(&folder, LOGIN, start());
    }
    let waiting = Attempts::unreported(path).unwrap();
    let users: Vec<Option<UserId>> = waiting.iter().map(|refusal| refusal.user).collect();
    let mut expected = vec![Some(desk), None];
    expected.extend([Some(admin.user_id); 5]);
    assert_eq!(users, expected);
    assert_eq!((waiting[0].at, waiting[1].at), (start().wall, after(start(), HOUR).wall));
    assert_eq!(waiting.iter().filter(|refusal| refusal.locked).count(), 1);
    Attempts::reported(path, 3).unwrap();
    assert_eq!(Attempts::unreported(path).unwrap(), waiting[3..]);
    Attempts::reported(path, 100).unwrap();
    assert!(Attempts::unreported(path).unwrap().is_empty());
    assert!(!Vault::has_slot(path, UserId::fresh()).unwrap());
}

#[test]
fn tries_at_the_same_time_are_all_counted() {
    let (folder, ..) = clinic();
    let path = folder.path();
    let admitted = std::thread::scope(|scope| {
        let tries: Vec<_> =
            (0..12).map(|_| scope.spawn(|| Attempts::begin(path, LOGIN, start()).unwrap())).collect();
        tries.into_iter().filter_map(|t| (t.join().unwrap() == Admission::Go).then_some(())).count()
    });
    assert_eq!(admitted, 5);
}
