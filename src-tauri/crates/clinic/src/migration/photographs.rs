//! Photographs and drawings of an export on their way into sealed files.

use std::mem;

use records::files::SealedFile;
use records::transfer::{Announced, Drawn, Parcel, Photographed};
use vault::SealedStore;
use vision::{DecodeLimits, Photograph};

use crate::error::{Error, ErrorCode, Result};
use crate::files_in::SealedFiles;
use crate::image::{hex_digest, seal};
use crate::views::{ImportRemark, ImportWord};

use super::archive::Packed;
use super::clinic_export::ClinicExport;

/// The sealed files of a parcel; they go again unless their rows were kept.
pub(super) struct Sealed<'a> {
    sealed: &'a SealedStore,
    photographs: Vec<(Announced, SealedFiles<'a>)>,
    drawn: Drawn,
    pub remarks: Vec<ImportRemark>,
}

impl<'a> Sealed<'a> {
    /// Reads, judges and seals what came along with a parcel, of its photographs those that are `wanted`. What
    /// is damaged is left out and told.
    ///
    /// # Errors
    /// `passphrase_wrong`, `storage_full`, `storage_failed`.
    pub fn of(
        sealed: &'a SealedStore,
        archive: &mut Option<Packed>,
        parcel: &Parcel,
        wanted: impl Fn(&Announced) -> bool,
        drawings: bool,
    ) -> Result<Self> {
        let mut done = Self { sealed, photographs: Vec::new(), drawn: Drawn::new(), remarks: Vec::new() };
        for photograph in parcel.photographs().filter(wanted) {
            match photographed(sealed, archive, &photograph) {
                Ok(None) => {}
                Ok(Some(files)) => done.photographs.push((photograph, files)),
                Err(error) => done.refuse(error)?,
            }
        }
        let drawings = drawings.then(|| parcel.drawings()).into_iter().flatten();
        for (path, purpose) in drawings {
            match drawing(sealed, archive, &path, &purpose) {
                Ok(None) => {}
                Ok(Some(file)) => _ = done.drawn.insert(path, file),
                Err(error) => done.refuse(error)?,
            }
        }
        Ok(done)
    }

    fn refuse(&mut self, error: Error) -> Result<()> {
        let concerns_all = matches!(
            error.code,
            ErrorCode::StorageFull | ErrorCode::StorageFailed | ErrorCode::PassphraseWrong
        );
        if concerns_all {
            return Err(error);
        }
        let remark = refused(&error);
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
        Ok(())
    }

    pub fn count(&self) -> usize {
        self.photographs.len()
    }

    pub fn photographed(&self) -> Vec<Photographed> {
        self.photographs.iter().map(|(photo, files)| (photo.id, files.list().to_vec())).collect()
    }

    pub const fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// Their rows are written.
    pub fn keep(mut self) {
        mem::take(&mut self.photographs).into_iter().for_each(|(_, files)| files.keep());
        self.drawn.clear();
    }
}

impl Drop for Sealed<'_> {
    /// What this misses the next start sweeps.
    fn drop(&mut self) {
        for file in self.drawn.values() {
            let _ = self.sealed.discard(file.id);
        }
    }
}

/// Why a photograph was not taken.
pub(super) fn refused(error: &Error) -> ImportRemark {
    let code = serde_json::to_value(error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
    ImportRemark { word: ImportWord::PhotographRefused, detail: code }
}

/// The photograph whose row the parcel has: to the byte, and of the size that is said of it.
fn photographed<'a>(
    sealed: &'a SealedStore,
    archive: &mut Option<Packed>,
    announced: &Announced,
) -> Result<Option<SealedFiles<'a>>> {
    let Some(bytes) = ClinicExport::file(archive, &announced.path)? else { return Ok(None) };
    if hex_digest(&bytes) != announced.sha256 {
        return Err(ErrorCode::ImageUnreadable.into());
    }
    let photo = vision::decode(&bytes, &limits())?;
    if (u64::from(photo.width), u64::from(photo.height)) != (announced.width, announced.height) {
        return Err(ErrorCode::ImageUnreadable.into());
    }
    SealedFiles::of(sealed, &bytes, &photo).map(Some)
}

fn drawing(
    sealed: &SealedStore,
    archive: &mut Option<Packed>,
    path: &str,
    purpose: &str,
) -> Result<Option<SealedFile>> {
    let Some(bytes) = ClinicExport::file(archive, path)? else { return Ok(None) };
    // It is shown as it is: it must be a picture.
    let _: Photograph = vision::decode(&bytes, &limits())?;
    seal(sealed, purpose, &bytes).map(Some)
}

/// What was taken in under wider limits elsewhere comes in here, too.
const fn limits() -> DecodeLimits {
    DecodeLimits { max_file_bytes: vision::decode::MAX_FILE_BYTES }
}
