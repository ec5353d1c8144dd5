//! Reports and what is saved outside the clinic's folder.

use domain::{AnalysisId, ReportId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct ReportCreateRequest {
    pub analysis_id: AnalysisId,
    /// At most 4,000 characters; may be empty.
    pub conclusion: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperSize {
    #[default]
    A4,
    Letter,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportExportRequest {
    pub id: ReportId,
    pub paper: PaperSize,
}

/// The outcome of a save dialog.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Saved {
    /// False when the person closed the dialog.
    pub saved: bool,
    /// Where, as the dialog named it.
    pub path: Option<String>,
}
