//! The most memory a batch of 12-megapixel photographs takes, in a process of its own.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use clinic::Workstation;
use domain::PatientId;
use support::{EMAIL, PASSWORD, World, signed_in};
use vault::KdfPolicy;

use super::clinic::{large_photograph, patient_with, read_all};
use crate::figure::{Figure, Target, megabytes};

/// Tells the program that it is the child.
pub const FLAG: &str = "--exam-memory";
/// Two at once, twice.
const PHOTOGRAPHS: usize = 4;
const PATIENT: &str = "LENTIGO_BENCH_PATIENT";

pub fn figures() -> Vec<Figure> {
    let world = World::founded();
    let patient = patient_with(&world, &[large_photograph()], PHOTOGRAPHS);
    let World { folder, workstation, session, .. } = world;
    drop((session, workstation));
    let this = std::env::current_exe().expect("a running program has a file");
    let output = Command::new(this)
        .args([FLAG.as_ref(), folder.path().as_os_str()])
        .env(PATIENT, patient.to_string())
        .output()
        .expect("the probe runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let megabytes = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a figure");
    vec![Figure {
        name: "exam_batch_12mp_peak_memory",
        value: megabytes,
        unit: "MB",
        peer: None,
        target: Some(Target::AtMost(600.0)),
    }]
}

/// The child: reads everything of the patient and prints its high-water mark in megabytes.
pub fn run(folder: &Path) {
    let models = support::root().join("models");
    let workstation =
        Arc::new(Workstation::new(folder.join("clinic"), models).with_kdf(KdfPolicy::for_tests()));
    let session = signed_in(&workstation, EMAIL, PASSWORD).expect("the clinic opens");
    let patient: PatientId = std::env::var(PATIENT).expect("a patient").parse().expect("an identity");
    read_all(&session, patient, || {});
    let mut out = std::io::stdout().lock();
    let _ = std::io::Write::write_fmt(&mut out, format_args!("{}\n", megabytes("VmHWM")));
}
