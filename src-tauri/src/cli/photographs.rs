//! The photographs that a command line names: files, and what lies below folders.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clinic::{Error, ErrorCode, Result};
use serde_json::json;

/// What a file name may end in to be taken from a folder; files named one by one are always tried.
const EXTENSIONS: [&str; 7] = ["jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp"];

pub struct Photograph {
    pub file: PathBuf,
    /// What is made of it is called so; no two photographs have the same.
    pub name: PathBuf,
}

/// Every file named, and every picture below every folder named, in a fixed order.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Photograph>> {
    let mut found = Vec::new();
    for path in paths {
        let about = fs::metadata(path)
            .map_err(|_| Error::with(ErrorCode::NotFound, json!({ "path": path.display().to_string() })))?;
        let first = found.len();
        if about.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(Photograph { file: path.clone(), name: PathBuf::new() });
        }
        for photograph in &mut found[first..] {
            let below = photograph.file.strip_prefix(path).ok().filter(|rest| rest.file_name().is_some());
            let name = below.map(Path::as_os_str).or(photograph.file.file_name()).unwrap_or_default();
            photograph.name = name.into();
        }
    }
    tell_apart(&mut found);
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<Photograph>) -> Result<()> {
    let mut entries: Vec<_> =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    entries.sort();
    for path in entries {
        let picture = path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| EXTENSIONS.contains(&e.to_ascii_lowercase().as_str()));
        if path.is_dir() {
            walk(&path, found)?;
        } else if picture {
            found.push(Photograph { file: path, name: PathBuf::new() });
        }
    }
    Ok(())
}

/// Names lose their extension, unless two differ by nothing else; what is still alike is numbered.
fn tell_apart(found: &mut [Photograph]) {
    let mut alike: HashMap<PathBuf, usize> = HashMap::new();
    for photograph in found.iter() {
        *alike.entry(photograph.name.with_extension("")).or_default() += 1;
    }
    let mut taken: HashMap<PathBuf, usize> = HashMap::new();
    for photograph in found {
        let bare = photograph.name.with_extension("");
        if alike[&bare] == 1 {
            photograph.name = bare;
            continue;
        }
        let times = taken.entry(photograph.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let mut numbered = photograph.name.clone().into_os_string();
            numbered.push(format!("-{times}"));
            photograph.name = numbered.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_of_one_name_stay_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for inside in ["a", "b"] {
            fs::create_dir(at(inside)).unwrap();
        }
        for path in ["a/1.jpg", "b/1.jpg", "b/2.JPG", "b/2.png", "b/words.txt", "scan"] {
            fs::write(at(path), b"").unwrap();
        }
        let found = find(&[folder.path().to_owned(), at("b/2.png"), at("b/2.png"), at("scan")]).unwrap();
        let names: Vec<_> = found.iter().map(|p| p.name.to_str().unwrap()).collect();
        assert_eq!(names, ["a/1", "b/1", "b/2.JPG", "b/2.png", "2.png", "2.png-2", "scan"]);
        assert_eq!(find(&[at("gone")]).err().unwrap().code, ErrorCode::NotFound);
    }
}
