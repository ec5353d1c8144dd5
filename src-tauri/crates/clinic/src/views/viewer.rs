//! The viewer: scale, measurements by hand, devices, keys.

use domain::mark::{MarkEntry, MarkFigures};
use domain::scale::{DeviceProfile, PixelScale, RulerReading, ScaleSource};
use domain::shortcut::Shortcut;
use domain::{ImageId, ImageMarkId, ImagingDeviceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct ImageMeasuringRequest {
    pub image_id: ImageId,
}

/// What is needed to measure in a photograph, and what was measured by hand.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ImageMeasuringView {
    pub image_id: ImageId,
    /// Nothing means uncalibrated: pixels, and no millimetres.
    pub scale: Option<ImageScaleView>,
    /// Oldest first.
    pub marks: Vec<ImageMarkView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImageScaleView {
    #[serde(flatten)]
    pub scale: PixelScale,
    pub source: ScaleSource,
    /// Where the source is a device.
    pub device_name: Option<String>,
    /// Estimated error as a share of the scale.
    pub error: Option<f64>,
    pub set_by_name: String,
    #[ts(type = "string")]
    pub set_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImageMarkView {
    pub id: ImageMarkId,
    #[serde(flatten)]
    pub entry: MarkEntry,
    pub figures: MarkFigures,
    pub author_name: String,
    #[ts(type = "string")]
    pub made_at: Timestamp,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImageMarkAddRequest {
    pub image_id: ImageId,
    pub entry: MarkEntry,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImageMarkLabelRequest {
    pub id: ImageMarkId,
    pub label: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImageMarkRequest {
    pub id: ImageMarkId,
}

#[derive(Debug, Deserialize, TS)]
pub struct ScaleByRulerRequest {
    pub image_id: ImageId,
    pub reading: RulerReading,
}

#[derive(Debug, Deserialize, TS)]
pub struct ScaleByDeviceRequest {
    pub image_id: ImageId,
    pub device_id: ImagingDeviceId,
}

/// From what a photograph can get its scale.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ScaleOptionsView {
    /// As the file names its camera; empty where it does not.
    pub camera_make: String,
    pub camera_model: String,
    /// Devices that match the camera first.
    pub devices: Vec<ScaleOption>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ScaleOption {
    pub device_id: ImagingDeviceId,
    pub name: String,
    /// Of this photograph. Nothing where the profile gives none that is plausible.
    pub um_per_px: Option<f64>,
    /// The file names this camera.
    pub matches: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImagingDeviceView {
    pub id: ImagingDeviceId,
    #[serde(flatten)]
    pub profile: DeviceProfile,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImagingDeviceSaveRequest {
    /// Nothing adds a device.
    pub id: Option<ImagingDeviceId>,
    pub profile: DeviceProfile,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImagingDeviceRequest {
    pub id: ImagingDeviceId,
}

/// A key for every action of the viewer.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ShortcutsView {
    pub keys: Vec<Shortcut>,
    /// As they are until somebody changes them.
    pub usual: Vec<Shortcut>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ShortcutsSaveRequest {
    /// Keys of one's own; every other action has the usual one.
    pub keys: Vec<Shortcut>,
}
