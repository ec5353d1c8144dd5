//! Photographs coming in: the tray of a patient, folders, and what a tethered device leaves.

use domain::image::{ImageKind, ImageRecord};
use domain::quality::QualityReport;
use domain::tray::{PhotoSource, TrayPhoto};
use domain::visit::VisitState;
use domain::{ImageId, LesionId, PatientId, TrayPhotoId, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrayAddRequest {
    pub patient_id: PatientId,
    /// Straight to this lesion; otherwise it waits in the tray.
    pub lesion_id: Option<LesionId>,
    /// What a person says it is; otherwise it is proposed from the pixels.
    pub kind: Option<ImageKind>,
    pub source: PhotoSource,
    /// What a person was told of this file and accepted.
    pub accepted: Vec<Doubt>,
}

/// Why a person is asked before a file is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The same content is stored for somebody else; who that is stays untold.
    StoredForAnother,
    /// The file names another patient number.
    PatientNumber,
    /// The file says that it is a picture of another kind.
    NotAPhotograph,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DoubtView {
    pub doubt: Doubt,
    /// The number or the modality that the file names.
    pub detail: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TrayAdded {
    /// One entry a picture of the file; only DICOM has several.
    Taken { photos: Vec<TakenPhoto> },
    /// Nothing was stored: a person must accept this first.
    Doubted { doubts: Vec<DoubtView> },
}

/// Where one picture is now. With neither a place in the tray nor an image it waits with a visit.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TakenPhoto {
    /// It was there before; nothing was added.
    pub already: bool,
    pub tray_id: Option<TrayPhotoId>,
    pub image: Option<ImageRecord>,
    /// None for one that was there before.
    pub quality: Option<QualityReport>,
}

#[derive(Debug, Deserialize, TS)]
pub struct TrayListRequest {
    pub patient_id: PatientId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TrayView {
    /// Oldest first.
    pub photos: Vec<TrayPhoto>,
    /// Visits to which they can belong, latest first.
    pub visits: Vec<TrayVisit>,
    /// Today by the clock of the core.
    #[ts(type = "string")]
    pub today: Date,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TrayVisit {
    pub id: VisitId,
    #[ts(type = "string")]
    pub day: Date,
    pub state: VisitState,
}

#[derive(Debug, Deserialize, TS)]
pub struct TrayAssignRequest {
    /// 1 to 200.
    pub ids: Vec<TrayPhotoId>,
    pub lesion_id: LesionId,
    pub visit_id: Option<VisitId>,
}

#[derive(Debug, Deserialize, TS)]
pub struct TrayKindRequest {
    /// 1 to 200.
    pub ids: Vec<TrayPhotoId>,
    pub kind: ImageKind,
}

#[derive(Debug, Deserialize, TS)]
pub struct TrayDiscardRequest {
    /// 1 to 200.
    pub ids: Vec<TrayPhotoId>,
    /// 1 to 500 characters.
    pub reason: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImageMoveRequest {
    pub id: ImageId,
    pub lesion_id: LesionId,
    /// Required when readings look at the photograph; at most 500 characters.
    pub reason: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImageKindRequest {
    pub id: ImageId,
    pub kind: ImageKind,
}

/// A small JPEG for the list of what is coming in, as raw bytes.
#[derive(TS)]
#[ts(type = "ArrayBuffer")]
#[allow(dead_code, reason = "stands in the command table for raw bytes")]
pub struct PreviewJpeg(());

/// A file that can be taken in by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OfferedFile {
    pub key: u32,
    /// Path below the folder.
    pub name: String,
    #[ts(type = "number")]
    pub bytes: u64,
}

/// The files of a folder that a person chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FolderOffer {
    pub name: String,
    pub files: Vec<OfferedFile>,
    /// Links, hidden files and the like, which are never followed.
    pub left_out: u32,
    /// Folders below that could not be opened.
    pub closed: u32,
    /// There were more files than one import takes.
    pub more: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct OfferTakeRequest {
    pub key: u32,
    /// Of the watched folder; otherwise of the folder chosen last.
    pub watched: bool,
    pub about: TrayAddRequest,
}

#[derive(Debug, Deserialize, TS)]
pub struct WatchReadRequest {
    pub patient_id: PatientId,
}

/// The folder into which a device puts its photographs, and what is new there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WatchView {
    /// None while no folder is watched.
    pub folder: Option<String>,
    /// False while it is away, as when a share is not connected.
    pub reachable: bool,
    pub files: Vec<WatchedFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WatchedFile {
    #[serde(flatten)]
    pub file: OfferedFile,
    /// When it was complete.
    #[ts(type = "string")]
    pub seen_at: Timestamp,
    /// It came while another patient was open.
    pub before_this_patient: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct WatchDismissRequest {
    pub keys: Vec<u32>,
}
