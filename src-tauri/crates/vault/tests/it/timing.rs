//! What a stranger could learn with a clock.

use std::path::Path;
use std::time::{Duration, Instant};

use vault::{KdfPolicy, Vault};

use crate::support::{LOGIN, owner};

fn median(folder: &Path, login: &str) -> Duration {
    let mut times: Vec<_> = (0..31)
        .map(|_| {
            let began = Instant::now();
            Vault::unlock(folder, login, "wrong password", KdfPolicy::STANDARD).unwrap_err();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[15]
}

#[test]
#[ignore = "a measurement: run it alone on a quiet machine"]
fn unknown_names_and_wrong_passwords_take_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    Vault::create(folder.path(), owner(domain::UserId::fresh()), KdfPolicy::STANDARD).unwrap();
    let (known, unknown) = (median(folder.path(), LOGIN), median(folder.path(), "nobody@c.example"));
    let difference = known.abs_diff(unknown).as_secs_f64() / known.as_secs_f64();
    eprintln!("known {known:?}, unknown {unknown:?}, difference {:.1} %", difference * 100.0);
    assert!(difference < 0.05, "{known:?} against {unknown:?}");
}
