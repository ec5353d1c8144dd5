//! Photographs come in: checked, then sealed, then recorded.

use std::fmt::Write as _;

use domain::image::ImageRecord;
use domain::{FileId, ImageId};
use records::files::SealedFile;
use records::images;
use records::{lesions, patients};
use serde_json::json;
use sha2::{Digest, Sha256};
use vault::{NewFile, SealedStore};
use vision::overlay;
use vision::{DecodeError, DecodeLimits, ExamineError, HardCheckError, Photograph};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::files_in::SealedFiles;
use crate::session::Session;
use crate::views::{ImageImportRequest, ImageImported};

/// Sealed files are written once; a changed picture would be a new file.
pub(crate) const FILE_VERSION: u32 = 1;

/// Checks a photograph and stores it with its copies for screen and list. The same file a second
/// time for the same lesion adds nothing.
///
/// # Errors
/// The `image_…` codes for what cannot be accepted, `consent_missing`, `not_found`, `storage_full`,
/// `storage_failed`. Nothing is stored then.
pub fn import(session: &Session, request: &ImageImportRequest, bytes: &[u8]) -> Result<ImageImported> {
    let actor = session.authorise(Command::ImageImport)?;
    let sealed = session.sealed()?;
    let (lesion, patient) = session.store().read(|tx| {
        let lesion = lesions::get(tx, request.lesion_id)?;
        let patient = patients::get(tx, lesion.patient_id)?;
        Ok((lesion, patient))
    })?;
    if !patient.details.photo_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    let (sha256, decoded) = digested_and_decoded(bytes)?;
    let stored = session.store().read(|tx| images::of_lesion(tx, lesion.id))?;
    if let Some(image) = stored.into_iter().find(|image| image.sha256 == sha256) {
        return Ok(ImageImported { image, already_stored: true });
    }
    let photo = decoded?;
    let (quality, copies) = std::thread::scope(|scope| {
        let checks = scope.spawn(|| vision::check(&photo));
        let copies = overlay::copies(&photo);
        (checks.join(), copies)
    });
    let quality = quality.map_err(|_| ErrorCode::Internal)??;
    let copies = copies.map_err(|_| ErrorCode::Internal)?;
    let files = SealedFiles::with_copies(sealed, bytes, &copies)?;
    let image = ImageRecord {
        id: ImageId::fresh(),
        patient_id: patient.id,
        lesion_id: lesion.id,
        kind: request.kind,
        format: photo.format,
        width: photo.width,
        height: photo.height,
        sha256,
        bytes: bytes.len() as u64,
        quality,
        imported_at: session.workstation().clock().now(),
    };
    session.store().write(&actor, |tx| images::insert(tx, &image, files.list()))?;
    files.keep();
    session.workstation().events().changed(Subject::Image, image.id);
    Ok(ImageImported { image, already_stored: false })
}

/// The digest of a file and its pixels, each on a thread of its own: a person waits.
pub(crate) fn digested_and_decoded(
    bytes: &[u8],
) -> Result<(String, std::result::Result<Photograph, DecodeError>)> {
    std::thread::scope(|scope| {
        let digest = scope.spawn(|| hex_digest(bytes));
        let decoded = vision::decode(bytes, &DecodeLimits::default());
        Ok((digest.join().map_err(|_| ErrorCode::Internal)?, decoded))
    })
}

/// Writes one new sealed file.
pub(crate) fn seal(sealed: &SealedStore, purpose: &str, content: &[u8]) -> Result<SealedFile> {
    let id = FileId::fresh();
    let key = sealed.seal(id, FILE_VERSION, purpose, content)?;
    Ok(SealedFile { id, version: FILE_VERSION, key })
}

/// Writes new sealed files, purpose and content of each; all of them or none.
pub(crate) fn seal_all(sealed: &SealedStore, contents: &[(&str, &[u8])]) -> Result<Vec<SealedFile>> {
    let files: Vec<NewFile<'_>> = contents
        .iter()
        .map(|&(purpose, plaintext)| NewFile {
            file: FileId::fresh(),
            version: FILE_VERSION,
            purpose,
            plaintext,
        })
        .collect();
    let keys = sealed.seal_all(&files)?;
    let named = files.iter().zip(keys);
    Ok(named.map(|(new, key)| SealedFile { id: new.file, version: new.version, key }).collect())
}

pub(crate) fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Empty => ErrorCode::ImageEmpty.into(),
            DecodeError::UnsupportedFormat => ErrorCode::ImageFormatUnsupported.into(),
            DecodeError::Heic => ErrorCode::ImageHeic.into(),
            DecodeError::Corrupt | DecodeError::TooManyScans { .. } => ErrorCode::ImageUnreadable.into(),
            DecodeError::FileTooLarge { bytes, limit } => {
                let details = json!({ "bytes": bytes, "limit_bytes": limit });
                Self::with(ErrorCode::ImageTooLarge, details)
            }
            DecodeError::TooManyPixels { width, height } => {
                let details = json!({ "width": width, "height": height });
                Self::with(ErrorCode::ImageTooManyPixels, details)
            }
        }
    }
}

impl From<HardCheckError> for Error {
    fn from(error: HardCheckError) -> Self {
        match error {
            HardCheckError::TooSmall { width, height } => {
                let min = vision::quality::MIN_SIDE;
                let details = json!({ "width": width, "height": height, "min_side": min });
                Self::with(ErrorCode::ImageTooSmall, details)
            }
            HardCheckError::TooBlack { share } => {
                Self::with(ErrorCode::ImageBlack, json!({ "black_share": share }))
            }
        }
    }
}

impl From<ExamineError> for Error {
    fn from(error: ExamineError) -> Self {
        match error {
            ExamineError::Decode(error) => error.into(),
            ExamineError::Check(error) => error.into(),
            ExamineError::Vision(error) => error.into(),
        }
    }
}
