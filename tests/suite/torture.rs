//! Short slices of the tortures; `./dev torture` has the whole ones, and those that take longer.

use std::process::Command;

fn withstands(torture: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_torture")).args([torture, "--short"]).output().unwrap();
    let figures = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_killed_program_loses_nothing_it_acknowledged() {
    withstands("kills");
}

#[test]
#[cfg(target_os = "linux")]
fn a_power_cut_loses_nothing_that_was_flushed() {
    withstands("cuts");
}

#[test]
fn a_flipped_byte_is_found() {
    withstands("flips");
}
