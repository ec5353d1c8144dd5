//! A log file that is closed and counted on when it has grown, so that the log never fills a disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{FILE_BYTES, FILES, file};

/// Where lines go; one write is one line.
pub struct Rotating {
    folder: PathBuf,
    file: File,
    bytes: u64,
    most: u64,
}

impl Rotating {
    /// Opens the log in a folder, which is made and closed to others.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::with_limit(folder, FILE_BYTES)
    }

    fn with_limit(folder: &Path, most: u64) -> io::Result<Self> {
        private_folder(folder)?;
        let file = append(folder)?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder: folder.to_owned(), file, bytes, most })
    }

    fn turn(&mut self) -> io::Result<()> {
        for age in (1..FILES).rev() {
            match fs::rename(file(&self.folder, age - 1), file(&self.folder, age)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        self.file = append(&self.folder)?;
        self.bytes = 0;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.bytes >= self.most {
            self.turn()?;
        }
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn append(folder: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file(folder, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_files_are_kept_and_no_line_is_split() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        for number in 0..60 {
            // Opened anew, as after a restart.
            let mut log = Rotating::with_limit(&logs, 100).unwrap();
            log.write_all(format!("line {number:03}\n").as_bytes()).unwrap();
        }
        let files = super::super::files(&logs);
        assert_eq!(files.len(), FILES as usize);
        let text: String = files.iter().rev().map(|path| fs::read_to_string(path).unwrap()).collect();
        let kept: Vec<_> = text.lines().map(|line| line[5..].parse::<u32>().unwrap()).collect();
        assert_eq!(kept.last(), Some(&59));
        assert!(kept.windows(2).all(|pair| pair[1] == pair[0] + 1), "{kept:?}");
        assert!(files.iter().all(|path| fs::metadata(path).unwrap().len() <= 110));
    }
}
