//! A ZIP archive that is written through: one entry is in memory at a time.

use std::io::{self, Seek, Write};

use jiff::civil::DateTime;
use zeroize::Zeroizing;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, ZipWriter};

use crate::error::DocumentError;

/// How an entry is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// For text.
    Deflated,
    /// For what is compressed already, such as photographs.
    Stored,
}

/// An archive on its way into a file. Under a passphrase every entry is sealed with AES-256 (WinZip AE-2); the
/// names of the entries stay legible.
pub struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
    passphrase: Option<Zeroizing<String>>,
    made_at: zip::DateTime,
}

impl<W: Write + Seek> Archive<W> {
    /// `made_at` is what every entry is dated with, in local time; years outside 1980 to 2107 have no place in
    /// a ZIP and are left out.
    pub fn new(target: W, passphrase: Option<Zeroizing<String>>, made_at: DateTime) -> Self {
        Self { zip: ZipWriter::new(target), passphrase, made_at: dated(made_at) }
    }

    /// # Errors
    /// [`DocumentError::Target`] when the archive cannot be written on.
    pub fn add(&mut self, path: &str, bytes: &[u8], packing: Packing) -> Result<(), DocumentError> {
        let method = match packing {
            Packing::Deflated => CompressionMethod::Deflated,
            Packing::Stored => CompressionMethod::Stored,
        };
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(self.made_at);
        let started = match &self.passphrase {
            Some(passphrase) => {
                self.zip.start_file(path, options.with_aes_encryption(AesMode::Aes256, passphrase.as_str()))
            }
            None => self.zip.start_file(path, options),
        };
        started.map_err(failed)?;
        self.zip.write_all(bytes).map_err(|error| DocumentError::Target(error.kind()))
    }

    /// Writes the directory and gives the target back.
    ///
    /// # Errors
    /// [`DocumentError::Target`].
    pub fn finish(self) -> Result<W, DocumentError> {
        self.zip.finish().map_err(failed)
    }
}

fn failed(error: ZipError) -> DocumentError {
    match error {
        ZipError::Io(error) => DocumentError::Target(error.kind()),
        _ => DocumentError::Target(io::ErrorKind::Other),
    }
}

fn dated(at: DateTime) -> zip::DateTime {
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        year,
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use jiff::civil::datetime;
    use zip::ZipArchive;

    use super::*;

    fn archive(passphrase: Option<&str>) -> Vec<u8> {
        let passphrase = passphrase.map(|text| Zeroizing::new(text.to_owned()));
        let mut archive =
            Archive::new(Cursor::new(Vec::new()), passphrase, datetime(2026, 3, 5, 10, 30, 0, 0));
        archive.add("README.txt", &b"kanariensis ".repeat(50), Packing::Deflated).unwrap();
        archive.add("photographs/a.jpg", &[7; 300_000], Packing::Stored).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_reads_back() {
        let bytes = archive(None);
        let mut read = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut text = String::new();
        read.by_name("README.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "kanariensis ".repeat(50));
        let picture = read.by_name("photographs/a.jpg").unwrap();
        assert_eq!((picture.size(), picture.compressed_size()), (300_000, 300_000));
        assert_eq!(picture.last_modified().map(|at| (at.year(), at.hour())), Some((2026, 10)));
    }

    #[test]
    fn under_a_passphrase_only_the_passphrase_opens() {
        let bytes = archive(Some("two lanterns, one lake"));
        assert!(!bytes.windows(11).any(|window| window == b"kanariensis"));
        let mut read = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert!(read.by_name("README.txt").is_err());
        assert!(read.by_name_decrypt("README.txt", b"two lanterns, one lamp").is_err());
        let mut picture = read.by_name_decrypt("photographs/a.jpg", b"two lanterns, one lake").unwrap();
        let mut content = Vec::new();
        picture.read_to_end(&mut content).unwrap();
        assert_eq!(content, [7; 300_000]);
    }

    #[test]
    fn a_target_that_fails_says_how() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let mut archive = Archive::new(Full, None, datetime(2026, 3, 5, 10, 30, 0, 0));
        let refused = archive.add("README.txt", b"text", Packing::Stored);
        assert!(matches!(refused, Err(DocumentError::Target(io::ErrorKind::StorageFull))), "{refused:?}");
        // Dropping it would try to finish what cannot be finished.
        std::mem::forget(archive);
    }
}
