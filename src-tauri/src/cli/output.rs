//! Standard output: whole lines, and a closed pipe is no reason to panic.

use std::io::Write;

use serde_json::Value;

pub fn line(value: &Value) {
    text(&value.to_string());
}

pub fn text(line: &str) {
    // A reader that went away (`| head`) wants nothing more.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
