//! Standard output: whole lines, and a closed pipe is no reason to panic.

use std::io::Write;

use serde_json::Value;

pub fn line(value: &Value) {
    text(&value.to_string());
}

pub fn text(line: &str) {
    // One write, so that whatever ends the program leaves whole lines. A reader that went away (`| head`)
    // wants nothing more.
    let whole = format!("{line}\n");
    let _ = std::io::stdout().lock().write_all(whole.as_bytes());
}
