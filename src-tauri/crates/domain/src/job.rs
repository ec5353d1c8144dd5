//! Long work as the user sees it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    Pending,
    Processing,
    Completed,
    Failed,
    /// Stopped by a person; an outcome of its own, not a failure.
    Cancelled,
}

impl JobState {
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Processing => "PROCESSING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// The step an analysis is at, for the progress line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnalysisStep {
    Queued,
    Opening,
    Decoding,
    Checking,
    Classifying,
    Explaining,
    Outlining,
    Saving,
    Done,
}

impl AnalysisStep {
    /// Share of the work behind this step, 0 to 1.
    #[must_use]
    pub const fn fraction(self) -> f64 {
        match self {
            Self::Queued => 0.0,
            Self::Opening => 0.05,
            Self::Decoding => 0.15,
            Self::Checking => 0.4,
            Self::Classifying => 0.5,
            Self::Explaining => 0.65,
            Self::Outlining => 0.75,
            Self::Saving => 0.9,
            Self::Done => 1.0,
        }
    }
}
