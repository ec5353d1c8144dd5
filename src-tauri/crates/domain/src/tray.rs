//! Photographs of a patient that were taken in and wait for a lesion.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{PatientId, TrayPhotoId};
use crate::image::{ImageFormat, ImageKind};
use crate::quality::QualityReport;

/// The way by which a photograph came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSource {
    /// Chosen in a dialog or dropped.
    File,
    Paste,
    Camera,
    /// One of a folder that was chosen or dropped.
    Folder,
    /// A device put it into the watched folder.
    Watched,
}

/// What the pixels say of the kind of a photograph; a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KindProposal {
    pub kind: ImageKind,
    /// 0.5 (either) to 1.
    pub certainty: f64,
}

/// What a DICOM file says of one of its pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DicomOrigin {
    pub sop_instance_uid: String,
    /// From 0.
    pub frame: u32,
    pub modality: String,
    /// Millimetres between rows and between columns.
    pub pixel_spacing_mm: Option<[f64; 2]>,
}

/// Where a photograph came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PhotoOrigin {
    pub source: PhotoSource,
    /// By the clock of the camera.
    #[ts(type = "string | null")]
    pub taken_on: Option<Date>,
    pub proposed: Option<KindProposal>,
    pub dicom: Option<DicomOrigin>,
}

/// A photograph that waits. `width` and `height` are upright, after EXIF orientation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrayPhoto {
    pub id: TrayPhotoId,
    pub patient_id: PatientId,
    pub kind: ImageKind,
    /// A person said so; otherwise it is what the pixels proposed.
    pub kind_chosen: bool,
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// SHA-256 of the file as it is stored, lower-case hex.
    pub sha256: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub quality: QualityReport,
    pub origin: PhotoOrigin,
    #[ts(type = "string")]
    pub added_at: Timestamp,
}
