//! Every call that changes the disk fails once: for each of ten flows, each call with EIO and with ENOSPC, and the
//! whole folder read-only. A coded error or success is an answer; damage, a panic or a lost record is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::figure::{Figure, Target};
use support::tampering::Random;

use crate::flows::{self, FLOWS};
use crate::{Length, check, clinic_here, interposer};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EROFS: i32 = 30;
/// Calls of a flow that are tried in the short slice.
const SHORT: usize = 3;

pub fn run(length: Length) -> Vec<Figure> {
    let stage = Stage::set();
    let mut random = Random(0x0e_10);
    let (mut tried, mut faults) = (0, vec![]);
    for flow in FLOWS {
        let calls = stage.calls_of(flow);
        assert!(calls > 0, "{flow} changes the disk");
        let chosen: Vec<_> = match length {
            Length::Long => (1..=calls).collect(),
            Length::Short => (0..SHORT).map(|_| 1 + random.below(calls as u64) as usize).collect(),
        };
        for (call, error) in chosen.into_iter().flat_map(|call| [(call, EIO), (call, ENOSPC)]) {
            let found = stage.fails(flow, call, error);
            faults.extend(
                found.into_iter().map(|fault| format!("{flow}, call {call}, error {error}: {fault}")),
            );
            tried += 1;
        }
        let found = stage.fails(flow, 0, EROFS);
        faults.extend(found.into_iter().map(|fault| format!("{flow}, read-only: {fault}")));
        tried += 1;
    }
    crate::tell("writes", &faults);
    vec![
        Figure::count("failing_writes_flows", FLOWS.len(), Target::AtLeast(10.0)),
        Figure::count("failing_writes_tried", tried, Target::AtLeast(1.0)),
        Figure::count("failing_writes_faults_found", faults.len(), Target::AtMost(0.0)),
    ]
}

/// A founded clinic that every try begins with, always at the same place.
struct Stage {
    folder: tempfile::TempDir,
    library: PathBuf,
    about: String,
}

impl Stage {
    fn set() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("root");
        fs::create_dir(&root).expect("a folder");
        let about = flows::prepare(&root).expect("a clinic");
        copy(&root, &folder.path().join("before"));
        let library = interposer::built(folder.path());
        Self { folder, library, about }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn again(&self) {
        fs::remove_dir_all(self.root()).expect("the last try goes away");
        copy(&self.folder.path().join("before"), &self.root());
    }

    fn calls_of(&self, flow: &str) -> usize {
        self.again();
        let counted = self.folder.path().join("count");
        let output = self.plays(flow, &[("TORTURE_COUNT", counted.as_os_str())]);
        assert!(
            said(&output).iter().any(|line| line == "ok"),
            "{flow} works undisturbed: {:?}",
            said(&output)
        );
        fs::read_to_string(counted).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    fn fails(&self, flow: &str, call: usize, error: i32) -> Vec<String> {
        self.again();
        let fail = format!("{call} {error}");
        let output = self.plays(flow, &[("TORTURE_FAIL", fail.as_ref())]);
        let lines = said(&output);
        let mut found = vec![];
        if !output.status.success() {
            let trouble = String::from_utf8_lossy(&output.stderr);
            found.push(format!("the program ended with {}: {}", output.status, trouble.trim()));
        }
        if lines.iter().any(|line| line == "error Internal") {
            found.push("an error without a word for it".into());
        }
        if flow == flows::FOUND && !lines.iter().any(|line| line == "ok") {
            // No clinic was promised: the next try founds one, or finds a sound one in its place.
            let again = said(&self.plays(flow, &[]));
            let there = again.iter().any(|line| line == "error ClinicExists");
            if !there && !again.iter().any(|line| line == "ok") {
                found.push(format!("no second try: {again:?}"));
                return found;
            }
        }
        let acknowledged: Vec<_> = lines.into_iter().filter(|line| line.starts_with("ack")).collect();
        found.extend(check::faults(&self.place_of(flow), &acknowledged));
        found
    }

    fn place_of(&self, flow: &str) -> PathBuf {
        if flow == flows::FOUND { self.root().join(flows::FRESH) } else { self.root() }
    }

    fn plays(&self, flow: &str, settings: &[(&str, &std::ffi::OsStr)]) -> Output {
        Command::new(std::env::current_exe().expect("a running program has a file"))
            .arg(flows::FLAG)
            .arg(self.root())
            .args([flow, &self.about])
            .env("LD_PRELOAD", &self.library)
            .env("TORTURE_ROOT", self.root())
            .envs(settings.iter().copied())
            .output()
            .expect("this program starts again")
    }
}

fn said(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(done.is_ok_and(|status| status.success()), "room for a copy");
    debug_assert!(to.join(clinic_here::CLINIC).exists());
}
