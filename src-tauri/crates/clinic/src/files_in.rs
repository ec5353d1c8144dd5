//! The sealed files of a photograph that is being recorded: they go again unless the record was kept.

use records::files::SealedFile;
use records::images::Rendition;
use vault::SealedStore;
use vision::Photograph;
use vision::overlay::{self, Copies};

use crate::error::{ErrorCode, Result};
use crate::image::seal_all;

pub(crate) struct SealedFiles<'a> {
    sealed: &'a SealedStore,
    files: Vec<(Rendition, SealedFile)>,
    kept: bool,
}

impl<'a> SealedFiles<'a> {
    /// Seals a file and makes its copies for screen and list.
    pub fn of(sealed: &'a SealedStore, bytes: &[u8], photo: &Photograph) -> Result<Self> {
        let copies = overlay::copies(photo).map_err(|_| ErrorCode::Internal)?;
        Self::with_copies(sealed, bytes, &copies)
    }

    /// Seals a file with its copies.
    pub fn with_copies(sealed: &'a SealedStore, bytes: &[u8], copies: &Copies) -> Result<Self> {
        let contents = [
            (Rendition::Original, bytes),
            (Rendition::Display, copies.display.as_slice()),
            (Rendition::Thumbnail, copies.thumbnail.as_slice()),
        ];
        let files = seal_all(sealed, &contents.map(|(rendition, content)| (rendition.purpose(), content)))?;
        let files = contents.iter().map(|(rendition, _)| *rendition).zip(files).collect();
        Ok(Self { sealed, files, kept: false })
    }

    pub fn list(&self) -> &[(Rendition, SealedFile)] {
        &self.files
    }

    /// Their rows are written.
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for SealedFiles<'_> {
    /// What this misses the next start sweeps.
    fn drop(&mut self) {
        if !self.kept {
            for (_, file) in &self.files {
                let _ = self.sealed.discard(file.id);
            }
        }
    }
}
