//! Backups to a folder: how fast the first one is, and what an unchanged clinic of 10,000 photographs costs, beside
//! one of 1,000 and one of 100.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clinic::{Session, backup};
use domain::FileId;
use records::Store;
use support::{EMAIL, PASSWORD, World};
use vault::{KdfPolicy, Vault, layout};

use crate::figure::{Figure, Target, median};
use crate::records::crowd;

const LARGE: usize = 3 << 20;
const LARGE_COUNT: usize = 170;
const PHOTOGRAPHS: usize = 10_000;
/// What the same costs in smaller clinics: every file is looked at, so that it may grow as their number does.
const GROWTHS: [(&str, &str, usize); 2] = [
    ("backup_unchanged_growth", "1,000 photographs", 10),
    ("backup_unchanged_growth_100", "100 photographs", 100),
];
/// Original, display and thumbnail.
const FILES_EACH: usize = 3;
const SMALL: usize = 4 << 10;
const RUNS: usize = 3;
const LEAST_MB_PER_S: f64 = 200.0;

pub fn run() -> Vec<Figure> {
    let disk = support::root().join("target");
    let (ours, peer) = speed(&disk);
    // The disk's own speed is enough where it is less. The system's tools read back what memory holds, ours the disk.
    let least = peer.map_or(LEAST_MB_PER_S, |peer| (LEAST_MB_PER_S / peer).min(1.0));
    let large = unchanged(&disk, PHOTOGRAPHS);
    let growths = GROWTHS.map(|(name, words, parts)| Figure {
        name,
        value: large,
        unit: "s",
        peer: Some((words, unchanged(&disk, PHOTOGRAPHS / parts))),
        target: Some(Target::AtMost(parts as f64)),
    });
    let first = [
        Figure {
            name: "backup_mb_per_s",
            value: ours,
            unit: "MB/s",
            peer: peer.map(|peer| ("cp -r, sync, diff -r", peer)),
            target: Some(Target::AtLeast(least)),
        },
        Figure {
            name: "backup_unchanged_10000_images_s",
            value: large,
            unit: "s",
            peer: None,
            target: Some(Target::AtMost(2.0)),
        },
    ];
    first.into_iter().chain(growths).collect()
}

/// Megabytes a second of a first backup with its reading back, and of the same done by the tools of the system.
fn speed(disk: &Path) -> (f64, Option<f64>) {
    let world = World::founded_on(disk);
    fill(&world.clinic_folder(), LARGE_COUNT, LARGE);
    let (mut ours, mut peers) = (vec![], vec![]);
    for _ in 0..RUNS {
        let target = tempfile::TempDir::new_in(disk).expect("a folder");
        backup::choose_folder(&world.session, target.path()).expect("a folder outside the clinic");
        let start = Instant::now();
        let bytes = backs_up(&world.session);
        ours.push(bytes as f64 / 1e6 / start.elapsed().as_secs_f64());
        let target = tempfile::TempDir::new_in(disk).expect("a folder");
        let images = world.clinic_folder().join(layout::IMAGES);
        let start = Instant::now();
        if copied_by_the_system(&images, &target.path().join("copy")) {
            peers.push((LARGE * LARGE_COUNT) as f64 / 1e6 / start.elapsed().as_secs_f64());
        }
    }
    (median(ours), (!peers.is_empty()).then(|| median(peers)))
}

/// Seconds that another backup takes when nothing but the trail has grown.
fn unchanged(disk: &Path, photographs: usize) -> f64 {
    let world = World::founded_on(disk);
    let folder = world.clinic_folder();
    let keys = Vault::unlock(&folder, EMAIL, PASSWORD, KdfPolicy::for_tests()).expect("the password");
    let connection = vault::open_database(&folder, &keys).expect("the records");
    let store = Store::open(connection, keys.audit_key.clone(), std::sync::Arc::new(domain::SystemClock));
    let patients = photographs as u32 / crowd::IMAGES_EACH;
    crowd::fill(&store.expect("the records"), keys.user_id, patients).expect("a filled clinic");
    fill(&folder, photographs * FILES_EACH, SMALL);
    let target = tempfile::TempDir::new_in(disk).expect("a folder");
    backup::choose_folder(&world.session, target.path()).expect("a folder outside the clinic");
    backs_up(&world.session);
    let seconds = (0..RUNS).map(|_| {
        let start = Instant::now();
        backs_up(&world.session);
        start.elapsed().as_secs_f64()
    });
    median(seconds.collect())
}

/// The bytes of the clinic that was backed up.
fn backs_up(session: &Session) -> u64 {
    let work = backup::begin(session).expect("a backup begins");
    backup::finish(session, work.go(|_| {})).expect("a good backup").bytes
}

/// Files that no two are alike of, as sealed ones are.
fn fill(clinic: &Path, count: usize, bytes: usize) {
    let mut noise = vec![0_u8; bytes];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for number in 0..count {
        for word in noise.chunks_exact_mut(8) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number as u64 | 1);
            word.copy_from_slice(&state.to_le_bytes());
        }
        let path: PathBuf = clinic.join(layout::sealed_file(FileId::fresh()));
        fs::write(path, &noise).expect("room on the disk");
    }
}

fn copied_by_the_system(from: &Path, to: &Path) -> bool {
    let runs = |program: &str, arguments: &[&std::ffi::OsStr]| {
        Command::new(program).args(arguments).status().is_ok_and(|status| status.success())
    };
    let (from, to) = (from.as_os_str(), to.as_os_str());
    runs("cp", &["-r".as_ref(), from, to])
        && runs("sync", &["-f".as_ref(), to])
        && runs("diff", &["-rq".as_ref(), from, to])
}
