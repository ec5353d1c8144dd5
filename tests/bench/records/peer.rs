//! The same words in a plain SQLite FTS5 table without encryption, audit row or ranking by field: Python's own.

use std::io::Write;
use std::process::{Command, Stdio};

use super::crowd::person;
use super::probe::typed;

/// The 99th percentile of a keystroke in milliseconds; nothing where Python has no FTS5.
pub fn keystrokes(count: u32) -> Option<f64> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = support::root().join("tests/bench/records/peer.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut input = std::io::BufWriter::new(child.stdin.take()?);
    for n in 0..count {
        let p = person(n);
        writeln!(input, "{} {} {} {n}", p.family_name, p.given_names, p.phone).ok()?;
    }
    writeln!(input).ok()?;
    for text in typed(count) {
        writeln!(input, "{text}").ok()?;
    }
    drop(input);
    let output = child.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
