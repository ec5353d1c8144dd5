//! A photograph of a lesion.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{ImageId, LesionId, PatientId};
use crate::quality::QualityReport;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImageKind {
    Dermoscopic,
    Clinical,
    Overview,
}

/// The file formats that can be imported, named by content and never by extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImageFormat {
    Jpeg,
    Png,
    Tiff,
    WebP,
    Bmp,
}

impl ImageFormat {
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
        }
    }
}

/// What is known of a stored photograph. `width` and `height` are upright, after EXIF orientation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageRecord {
    pub id: ImageId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub kind: ImageKind,
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// SHA-256 of the file as it was imported, lower-case hex.
    pub sha256: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub quality: QualityReport,
    #[ts(type = "string")]
    pub imported_at: Timestamp,
}
