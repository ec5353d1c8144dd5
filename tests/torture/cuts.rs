//! The power fails: a recorder keeps every change of the disk, and each cut is replayed with what was not flushed
//! dropped, torn or out of order.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::figure::{Figure, Target};
use support::tampering::Random;

use crate::disk::{Disk, Flush};
use crate::recording::{self, Event};
use crate::{Length, check, clinic_here, interposer, load};

const CUTS: usize = 5_000;
const SHORT: usize = 12;
const CUTS_A_RECORDING: usize = 500;
const STEPS: usize = 40;
/// Of the control: a disk that says yes to a flush and does nothing.
const CONTROL: usize = 6;

pub fn run(length: Length) -> Vec<Figure> {
    let cuts = length.of(CUTS, SHORT);
    let workshop = tempfile::tempdir().expect("a temporary folder");
    let library = interposer::built(workshop.path());
    let mut random = Random(0x0c_07_5a);
    let (mut faults, mut acknowledged, mut done) = (vec![], 0, 0);
    let mut control = 0;
    while done < cuts {
        let now = CUTS_A_RECORDING.min(cuts - done);
        let scene = Scene::recorded(&library, random.below(u64::MAX));
        let found = scene.cut(Flush::Keeps, now, &mut random);
        if done == 0 {
            control = scene.cut(Flush::Lies, CONTROL, &mut random).len();
        }
        acknowledged += scene.acknowledged();
        faults.extend(found);
        done += now;
    }
    crate::tell("cuts", &faults);
    vec![
        Figure::count("power_cuts", cuts, Target::AtLeast(cuts as f64)),
        Figure::count("power_cuts_acknowledged_writes", acknowledged, Target::AtLeast(1.0)),
        Figure::count("power_cuts_faults_found", faults.len(), Target::AtMost(0.0)),
        Figure::count("power_cuts_faults_found_with_a_flush_that_lies", control, Target::AtLeast(1.0)),
    ]
}

/// A load that was recorded from a clinic at rest to its end.
struct Scene {
    folder: tempfile::TempDir,
    before: Disk,
    lying: Disk,
    events: Vec<Event>,
}

impl Scene {
    fn recorded(library: &Path, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("root");
        fs::create_dir(&root).expect("a folder");
        clinic_here::found(&root).expect("a clinic");
        let before = Disk::of(&root, Flush::Keeps).expect("the folder's state");
        let lying = Disk::of(&root, Flush::Lies).expect("the folder's state");
        let log = folder.path().join("recording");
        let ended = Command::new(std::env::current_exe().expect("a running program has a file"))
            .arg(load::FLAG)
            .arg(&root)
            .args([seed.to_string(), STEPS.to_string()])
            .env("LD_PRELOAD", library)
            .env("TORTURE_ROOT", &root)
            .env("TORTURE_RECORD", &log)
            .stdout(std::process::Stdio::null())
            .status()
            .expect("this program starts again");
        assert!(ended.success(), "the load ends by itself");
        let events = recording::read(&log).expect("a whole recording");
        assert!(events.iter().filter(|event| event.is_change()).count() > STEPS, "a load changes the disk");
        Self { folder, before, lying, events }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn acknowledged(&self) -> usize {
        self.events
            .iter()
            .filter(|event| matches!(event, Event::Said(line) if line.starts_with("ack")))
            .count()
    }

    /// What is wrong after so many cuts at random moments.
    fn cut(&self, flush: Flush, cuts: usize, random: &mut Random) -> Vec<String> {
        let mut moments: Vec<_> =
            (0..cuts).map(|_| random.below(self.events.len() as u64) as usize).collect();
        moments.sort_unstable();
        let mut disk = if flush == Flush::Lies { self.lying.clone() } else { self.before.clone() };
        let (mut said, mut found) = (vec![], vec![]);
        let mut moments = moments.into_iter().peekable();
        for (at, event) in self.events.iter().enumerate() {
            while moments.next_if_eq(&at).is_some() {
                let root = self.root();
                fs::remove_dir_all(&root).expect("the last cut goes away");
                fs::create_dir(&root).expect("a folder");
                disk.cut(&root, random).expect("what the cut leaves");
                found.extend(
                    check::faults(&root, &said).into_iter().map(|fault| format!("after {at}: {fault}")),
                );
            }
            if let Event::Said(line) = event
                && line.starts_with("ack")
            {
                said.push(line.trim().to_owned());
            }
            disk.happens(event);
        }
        found
    }
}
