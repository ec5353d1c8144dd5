//! Changes of a lesion: details, place on the body map, end and return.

use domain::LesionId;
use domain::lesion::{LesionClosure, LesionDetails, LesionPlace};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct LesionUpdateRequest {
    pub id: LesionId,
    /// The version the form was filled from; an older one is refused.
    pub version: u32,
    pub details: LesionDetails,
    pub place: Option<LesionPlace>,
}

#[derive(Debug, Deserialize, TS)]
pub struct LesionMoveRequest {
    pub id: LesionId,
    /// The version on the screen; an older one is refused.
    pub version: u32,
    /// Nothing takes the lesion off the map.
    pub place: Option<LesionPlace>,
}

#[derive(Debug, Deserialize, TS)]
pub struct LesionCloseRequest {
    pub id: LesionId,
    /// The version on the screen; an older one is refused.
    pub version: u32,
    pub closure: LesionClosure,
}

#[derive(Debug, Deserialize, TS)]
pub struct LesionReopenRequest {
    pub id: LesionId,
    /// The version on the screen; an older one is refused.
    pub version: u32,
}
