//! The sealed files of a photograph that is being recorded: they go again unless the record was kept.

use records::files::SealedFile;
use records::images::Rendition;
use vault::SealedStore;
use vision::Photograph;
use vision::overlay::{self, Copies};

use crate::error::{ErrorCode, Result};
use crate::image::seal;

pub(crate) struct SealedFiles<'a> {
    sealed: &'a SealedStore,
    files: Vec<(Rendition, SealedFile)>,
    kept: bool,
}

impl<'a> SealedFiles<'a> {
    /// Seals a file with its copies for screen and list.
    pub fn of(sealed: &'a SealedStore, bytes: &[u8], photo: &Photograph) -> Result<Self> {
        let Copies { display, thumbnail } = overlay::copies(photo).map_err(|_| ErrorCode::Internal)?;
        let mut done = Self { sealed, files: Vec::new(), kept: false };
        for (rendition, content) in [
            (Rendition::Original, bytes),
            (Rendition::Display, display.as_slice()),
            (Rendition::Thumbnail, thumbnail.as_slice()),
        ] {
            let file = seal(sealed, rendition.purpose(), content)?;
            done.files.push((rendition, file));
        }
        Ok(done)
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
