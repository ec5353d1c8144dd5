//! The photographs of a folder, by the names that tables give them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{ErrorCode, Result};
use crate::offers::files::{Found, Walk, name_below, reason};
use crate::views::ImportWord;

use super::super::unreadable;
use super::words::key;

const DEEPEST: usize = 16;
const MOST_FILES: usize = 200_000;
/// Endings of what may be a photograph; what it is, its content says.
const ENDINGS: [&str; 10] = ["jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "dcm", "heic", "heif"];

#[cfg_attr(feature = "fuzzing", derive(Default))]
pub(super) struct Photographs {
    root: PathBuf,
    files: Vec<Found>,
    /// By path below the folder, in lower case with `/` between the parts.
    by_path: HashMap<String, usize>,
    /// By name alone; nothing where two files have it.
    by_name: HashMap<String, Option<usize>>,
    /// By the folder they lie in, at whatever depth.
    by_folder: HashMap<String, Vec<usize>>,
}

impl Photographs {
    /// Everything below a folder that may be a photograph. Links are left out.
    ///
    /// # Errors
    /// `file_gone`, `file_denied`; `import_unreadable` with `too_large` for more than 200,000 files.
    pub fn below(root: &Path) -> Result<Self> {
        let root = root.canonicalize().map_err(reason)?;
        let walk = Walk::through(&root, DEEPEST, MOST_FILES).map_err(reason)?;
        if walk.more {
            return Err(unreadable("too_large"));
        }
        let mut all = Self {
            root,
            files: Vec::new(),
            by_path: HashMap::new(),
            by_name: HashMap::new(),
            by_folder: HashMap::new(),
        };
        walk.files.into_iter().for_each(|file| all.enter(file));
        Ok(all)
    }

    fn enter(&mut self, file: Found) {
        let path = plain(&name_below(&self.root, &file.path));
        let ending = path.rsplit('.').next().unwrap_or_default();
        if !ENDINGS.contains(&ending) {
            return;
        }
        let place = self.files.len();
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop().unwrap_or_default().to_owned();
        for folder in parts {
            self.by_folder.entry(key(folder)).or_default().push(place);
        }
        self.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(place));
        self.by_path.insert(path, place);
        self.files.push(file);
    }

    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// The file that a cell names, by its path below the folder or by its name alone.
    ///
    /// # Errors
    /// Why there is none: the path leads out of the folder, is a link, or nothing is there.
    pub fn named(&self, cell: &str) -> std::result::Result<&Found, ImportWord> {
        let path = plain(cell);
        let path = path.strip_prefix("./").unwrap_or(&path);
        let drive = path.as_bytes().get(1) == Some(&b':');
        if path.starts_with('/') || drive || path.split('/').any(|part| part == "..") {
            return Err(ImportWord::PhotographOutside);
        }
        let place = self.by_path.get(path).copied().or_else(|| self.by_name.get(path).copied().flatten());
        if let Some(place) = place {
            return Ok(&self.files[place]);
        }
        let below = self.root.join(cell.trim().replace('\\', "/"));
        match fs::symlink_metadata(below) {
            Ok(about) if about.is_symlink() => Err(ImportWord::PhotographLink),
            _ => Err(ImportWord::PhotographNotFound),
        }
    }

    /// What lies in a folder that is named like the patient's number.
    pub fn in_folder(&self, number: &str) -> impl Iterator<Item = &Found> {
        let key = key(number);
        let places = if key.is_empty() { None } else { self.by_folder.get(&key) };
        places.into_iter().flatten().map(|place| &self.files[*place])
    }

    /// Whether a file is still below the folder: a folder on the way may have become a link since.
    ///
    /// # Errors
    /// `file_gone`, `file_denied`.
    pub fn still_holds(&self, path: &Path) -> Result<()> {
        let folder = path.parent().unwrap_or(path).canonicalize().map_err(reason)?;
        if folder.starts_with(&self.root) { Ok(()) } else { Err(ErrorCode::FileGone.into()) }
    }
}

fn plain(path: &str) -> String {
    path.trim().replace('\\', "/").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_path_name_and_folder_and_nowhere_else() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.jpg"), b"x").unwrap();
        let root = tempfile::tempdir().unwrap();
        for path in ["images/IMG 1.JPG", "a/same.png", "b/same.png", "P-17/back.jpg", "notes.txt"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink(outside.path().join("secret.jpg"), root.path().join("link.jpg")).unwrap();
            symlink(outside.path(), root.path().join("linked")).unwrap();
        }
        let all = Photographs::below(root.path()).unwrap();
        assert_eq!(all.count(), 4);
        let named = |cell: &str| all.named(cell).map(|found| name_below(&all.root, &found.path));
        for cell in ["images/IMG 1.JPG", "images\\img 1.jpg", "./images/IMG 1.jpg", "img 1.jpg"] {
            assert_eq!(named(cell), Ok("images/IMG 1.JPG".into()), "{cell}");
        }
        assert_eq!(named("same.png"), Err(ImportWord::PhotographNotFound), "two have that name");
        for cell in ["../../etc/passwd", "/etc/passwd", "a/../../x.jpg", "C:\\x.jpg", "..\\x.jpg"] {
            assert_eq!(named(cell), Err(ImportWord::PhotographOutside), "{cell}");
        }
        if cfg!(unix) {
            assert_eq!(named("link.jpg"), Err(ImportWord::PhotographLink));
            assert_eq!(named("linked/secret.jpg"), Err(ImportWord::PhotographNotFound));
        }
        assert_eq!(all.in_folder("p 17").count(), 1);
        assert_eq!(all.in_folder("").count(), 0);
        let inside = all.named("img 1.jpg").unwrap().path.clone();
        assert_eq!(all.still_holds(&inside), Ok(()));
        assert!(all.still_holds(&outside.path().join("secret.jpg")).is_err());
    }
}
