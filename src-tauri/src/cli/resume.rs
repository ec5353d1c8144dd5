//! The lines of an earlier run: what they finished is not done again.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use clinic::{ErrorCode, Result};
use serde_json::Value;

/// A file of JSON lines, one a photograph, that grows.
pub struct Earlier {
    file: File,
    finished: HashSet<String>,
}

impl Earlier {
    /// Opens the file, or begins it. A last line that a kill cut short is taken away; photographs that could
    /// not be read then are tried again.
    pub fn open(path: &Path) -> Result<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        let mut finished = HashSet::new();
        for line in text[..whole].split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            // What is no result of ours is not overwritten.
            let value: Value = serde_json::from_slice(line).map_err(|_| ErrorCode::InvalidInput)?;
            let name = value["file"].as_str().ok_or(ErrorCode::InvalidInput)?;
            if value.get("error").is_none() {
                finished.insert(name.to_owned());
            }
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, finished })
    }

    pub fn holds(&self, file: &Path) -> bool {
        self.finished.contains(&file.display().to_string())
    }

    /// Adds a line, whole or not at all.
    pub fn add(&mut self, line: &Value) -> Result<()> {
        let text = format!("{line}\n");
        let end = self.file.stream_position()?;
        if let Err(error) = self.file.write_all(text.as_bytes()) {
            // A full disk may have taken half of it.
            let _ = self.file.set_len(end);
            return Err(error.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finished_lines_are_kept_and_a_torn_one_is_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        let mut earlier = Earlier::open(&path).unwrap();
        earlier.add(&json!({ "file": "a.jpg", "top": "nv" })).unwrap();
        earlier.add(&json!({ "file": "b.jpg", "error": { "code": "image_unreadable" } })).unwrap();
        drop(earlier);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], br#"{"file":"c.jpg","to"#].concat()).unwrap();

        let mut earlier = Earlier::open(&path).unwrap();
        let done = |name: &str| earlier.holds(Path::new(name));
        assert!(done("a.jpg") && !done("b.jpg") && !done("c.jpg"));
        earlier.add(&json!({ "file": "c.jpg" })).unwrap();
        drop(earlier);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(std::str::from_utf8(&whole).unwrap()));
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "not ours\n").unwrap();
        assert_eq!(Earlier::open(&path).err().map(|error| error.code), Some(ErrorCode::InvalidInput));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not ours\n");
    }
}
