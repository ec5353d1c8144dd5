//! Derived data looked through and made anew.

use domain::derived::{DerivedKind, DerivedPurpose, DerivedState, DerivedTally};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ModelStatus;
use crate::error::Error;

/// How the clinic stands with its derived data.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DerivedView {
    /// The model in use: heatmaps and features are made by it alone.
    pub model: ModelStatus,
    /// The pass that is open.
    pub current: Option<DerivedRunView>,
    /// The last look that has ended, whatever came of it.
    pub last_look: Option<DerivedRunView>,
    pub last_make: Option<DerivedRunView>,
}

/// One pass.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DerivedRunView {
    pub purpose: DerivedPurpose,
    pub state: DerivedState,
    /// Why it failed.
    pub problem: Option<Error>,
    /// What it is at.
    pub kind: DerivedKind,
    /// Photographs and readings it has looked at, of about so many.
    pub done: u32,
    pub total: u32,
    pub tally: DerivedTally,
    pub asked_by_name: String,
    #[ts(type = "string")]
    pub began_at: Timestamp,
    #[ts(type = "string | null")]
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct DerivedStartRequest {
    pub purpose: DerivedPurpose,
}
