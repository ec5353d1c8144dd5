//! A large clinic: search, pages, queue, opening and memory; beside a tenth and a hundredth of it, and beside
//! plain FTS5.

pub mod crowd;
mod examination;
mod peer;
pub mod probe;
mod work;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clinic::{Workstation, entry};
use domain::UserId;
use support::World;
use tempfile::TempDir;
use vault::KdfPolicy;

use crate::figure::{Figure, Target};

pub use probe::{FLAG, run as probe};

pub const LARGE: u32 = 200_000;
/// The smaller clinics beside it: how many such fit into the large one, in words, and the ratio that is good enough.
const SMALLER: [(u32, &str, f64); 2] = [(10, "a tenth of it", 2.0), (100, "a hundredth of it", 3.0)];

pub fn run() -> Vec<Figure> {
    let large = clinic_of(scaled(LARGE));
    let smaller = SMALLER.map(|(parts, ..)| clinic_of(scaled(LARGE / parts)));
    let plain = peer::keystrokes(scaled(LARGE));
    let mut figures = vec![];
    for (name, unit, limit) in probe::FIGURES {
        let Some(value) = large.get(name).copied() else { continue };
        figures.push(Figure { name, value, unit, peer: None, target: Some(Target::AtMost(limit)) });
    }
    for [name, growths @ ..] in probe::GROWN {
        for ((grown, small), (_, words, most)) in growths.into_iter().zip(&smaller).zip(SMALLER) {
            let (Some(&value), Some(&before)) = (large.get(name), small.get(name)) else { continue };
            let peer = Some((words, before));
            figures.push(Figure { name: grown, value, unit: "ms", peer, target: Some(Target::AtMost(most)) });
        }
    }
    if let (Some(&value), Some(plain)) = (large.get("records_search_alone_p99"), plain) {
        let peer = Some(("SQLite FTS5, not encrypted", plain));
        figures.push(Figure { name: "records_search_beside_fts5", value, unit: "ms", peer, target: None });
    }
    figures
}

/// `LENTIGO_BENCH_PATIENTS` makes the large clinic smaller, for a quick look.
pub fn scaled(count: u32) -> u32 {
    let asked = std::env::var("LENTIGO_BENCH_PATIENTS").ok().and_then(|text| text.parse::<u32>().ok());
    asked.map_or(count, |large| (large / (LARGE / count)).max(100))
}

/// Measures a clinic in a process of its own that did not make it.
fn clinic_of(count: u32) -> probe::Measured {
    let folder = filled(count);
    let this = std::env::current_exe().expect("a running program has a file");
    let output = Command::new(this)
        .args([FLAG.as_ref(), folder.path().as_os_str()])
        .env("LENTIGO_BENCH_COUNT", count.to_string())
        .output()
        .expect("the probe runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("figures")
}

/// The folder of a filled clinic. The large one takes a quarter of an hour: `LENTIGO_BENCH_CLINICS` names a folder
/// that keeps it for the next run of the same day and program.
pub fn filled(count: u32) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // What came today is part of it.
    let today = jiff::Zoned::now().date();
    let kept = std::env::var_os("LENTIGO_BENCH_CLINICS")
        .map(|all| PathBuf::from(all).join(format!("{count}-{today}")));
    if let Some(kept) = kept.as_deref().filter(|kept| kept.exists()) {
        copy(&kept.join("clinic"), folder.path());
        settle();
        return folder;
    }
    let founder = found(folder.path());
    crowd::fill(&probe::opened(folder.path(), &probe::keys(folder.path())), founder, count)
        .expect("a filled clinic");
    if let Some(kept) = kept {
        std::fs::create_dir_all(&kept).expect("a folder for clinics");
        copy(&folder.path().join("clinic"), &kept);
    }
    settle();
    folder
}

/// Gigabytes on their way to the disk would hold up every row of the trail that is measured after them.
fn settle() {
    assert!(Command::new("sync").status().is_ok_and(|status| status.success()), "the disk does not settle");
}

fn copy(clinic: &Path, into: &Path) {
    let copied = Command::new("cp").arg("-r").args([clinic, into]).status();
    assert!(copied.is_ok_and(|status| status.success()), "no room for a copy of {}", clinic.display());
}

pub fn workstation(folder: &Path) -> Arc<Workstation> {
    let models = support::root().join("models");
    Arc::new(Workstation::new(folder.join("clinic"), models).with_kdf(KdfPolicy::for_tests()))
}

pub fn found(folder: &Path) -> UserId {
    entry::found(&workstation(folder), &World::founding()).expect("a clinic").0.view().user_id
}
