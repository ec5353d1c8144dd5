//! Every socket that the program and its web processes open, as strace(1) sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const CALLS: &str = "trace=connect,bind,sendto,sendmmsg";

/// A program that starts Lentigo and writes its network calls down; none where tracing is not allowed.
pub fn traced(folder: &Path) -> Option<PathBuf> {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !tried.is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: network calls are not watched, strace does not work here");
        return None;
    }
    let program = folder.join("traced");
    let script = format!(
        "#!/bin/sh\nexec strace -f -qq -e {CALLS} -e signal=none -o '{}' '{}' \"$@\"\n",
        trace(folder).display(),
        env!("CARGO_BIN_EXE_lentigo"),
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    Some(program)
}

pub fn trace(folder: &Path) -> PathBuf {
    folder.join("network.trace")
}

/// The calls of a trace that name an internet address other than this machine's own. The driver of these
/// tests speaks to the program over loopback.
pub fn outward(trace: &str) -> Vec<&str> {
    trace.lines().filter(|line| line.contains("AF_INET")).filter(|line| !is_loopback(line)).collect()
}

fn is_loopback(line: &str) -> bool {
    ["inet_addr(\"127.", "inet_pton(AF_INET6, \"::1\""].iter().any(|own| line.contains(own))
}

#[test]
fn only_addresses_of_other_machines_are_outward() {
    let trace = "7 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/dbus\"}, 12) = 0\n\
        7 connect(4, {sa_family=AF_INET, sin_port=htons(9222), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0\n\
        8 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"192.0.2.7\")}, 16) = 0\n\
        8 connect(5, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr)}, 28) = 0";
    assert_eq!(outward(trace).len(), 2);
}
