//! Lines of the log as they were written by `tracing`'s JSON format.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::error::Result;
use crate::views::{LogLevel, LogLine};

#[derive(Deserialize)]
struct Written {
    timestamp: Timestamp,
    level: String,
    target: String,
    #[serde(default)]
    fields: BTreeMap<String, Value>,
}

/// Every line of these files, newest first. A line that a kill cut short is left out.
pub(super) fn of(files: &[PathBuf]) -> Result<Vec<LogLine>> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read(file)?;
        found.extend(text.split(|&byte| byte == b'\n').rev().filter_map(line));
    }
    Ok(found)
}

fn line(bytes: &[u8]) -> Option<LogLine> {
    let mut written: Written = serde_json::from_slice(bytes).ok()?;
    let message = written.fields.remove("message").map_or_else(String::new, plain);
    Some(LogLine {
        at: written.timestamp,
        level: level(&written.level)?,
        area: written.target.split("::").next().unwrap_or_default().to_owned(),
        message,
        fields: written.fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
    })
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn level(word: &str) -> Option<LogLevel> {
    Some(match word {
        "TRACE" => LogLevel::Trace,
        "DEBUG" => LogLevel::Debug,
        "INFO" => LogLevel::Info,
        "WARN" => LogLevel::Warn,
        "ERROR" => LogLevel::Error,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_are_read_newest_first_and_a_torn_one_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let said = |at: &str, message: &str| {
            format!(
                r#"{{"timestamp":"2026-03-01T10:00:{at}Z","level":"WARN","fields":{{"message":"{message}","code":7}},"target":"clinic::queue"}}"#
            )
        };
        let newer = write("b", &format!("{}\n{{\"timest", said("02", "third")));
        let older = write("a", &format!("{}\n{}\n", said("00", "first"), said("01", "second")));
        let lines = of(&[newer, older]).unwrap();
        let messages: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
        assert_eq!(messages, ["third", "second", "first"]);
        assert_eq!((lines[0].level, lines[0].area.as_str()), (LogLevel::Warn, "clinic"));
        assert_eq!(lines[0].fields["code"], "7");
    }
}
