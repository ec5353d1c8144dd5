//! The patient's portrait.

use domain::PatientId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct PortraitRequest {
    pub patient_id: PatientId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PortraitView {
    /// Another number, another picture.
    #[ts(type = "number")]
    pub edition: i64,
}

/// The record may not be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BannerHold {
    /// The last day of the hold; null while it stands until it is lifted.
    #[ts(type = "string | null")]
    pub until: Option<Date>,
}
