//! A short slice of every torture; `./dev torture` has the whole ones.

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
#[cfg(target_os = "linux")]
fn a_call_that_fails_is_told_and_damages_nothing() {
    withstands("writes");
}

#[test]
fn a_flipped_byte_is_found() {
    withstands("flips");
}

#[test]
fn a_long_day_opens_no_file_that_it_does_not_close() {
    withstands("soak");
}
