//! Quality of a photograph: hard checks reject it, soft checks warn and lower the score.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One soft check. The measured value and its limits are stored with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QualityCode {
    /// Variance of the Laplacian of the grey image at 224 px below 100.
    Blurred,
    /// Mean grey level below 30.
    TooDark,
    /// Mean grey level above 225.
    TooBright,
    /// Standard deviation of the grey level below 30.
    LowContrast,
    DarkCorners,
    Ruler,
    InkMarks,
    Hair,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QualityCheck {
    pub code: QualityCode,
    pub passed: bool,
    /// The measured figure, in the unit of the check.
    pub value: f64,
    pub limit: f64,
    /// What the figure was measured on, such as "grey, short side 224 px".
    pub scale: String,
}

/// The checks of one photograph. `score` runs from 0 (useless) to 1 (nothing to note).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct QualityReport {
    pub checks: Vec<QualityCheck>,
    pub score: f64,
}

impl QualityReport {
    pub fn warnings(&self) -> impl Iterator<Item = &QualityCheck> {
        self.checks.iter().filter(|check| !check.passed)
    }
}
