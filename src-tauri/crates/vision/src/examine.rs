//! From the bytes of a file to a reading, with the time of each step.

use crate::classifier::{Classifier, Explain, Reading, VisionError, milliseconds};
use crate::decode::{DecodeError, DecodeLimits, Photograph, decode};
use crate::quality::{HardCheckError, check};
use domain::job::AnalysisStep;
use domain::quality::QualityReport;
use std::time::Instant;
use thiserror::Error;

/// A photograph that was examined.
#[derive(Clone, Debug)]
pub struct Examination {
    pub photograph: Photograph,
    pub quality: QualityReport,
    /// Its timings cover every step and the whole.
    pub reading: Reading,
}

/// The step that stopped an examination.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ExamineError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Check(#[from] HardCheckError),
    #[error(transparent)]
    Vision(#[from] VisionError),
}

impl ExamineError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Decode(error) => error.code(),
            Self::Check(error) => error.code(),
            Self::Vision(error) => error.code(),
        }
    }
}

/// Decodes, checks, classifies and explains one file. `cancel` is asked between the
/// steps.
///
/// # Errors
/// [`ExamineError`] of the first step that fails.
pub fn examine(
    bytes: &[u8],
    limits: &DecodeLimits,
    classifier: &Classifier,
    explain: Explain,
    progress: &mut dyn FnMut(AnalysisStep),
    cancel: &dyn Fn() -> bool,
) -> Result<Examination, ExamineError> {
    let go_on = || {
        if cancel() { Err(VisionError::Cancelled) } else { Ok(()) }
    };
    let whole = Instant::now();
    go_on()?;
    progress(AnalysisStep::Decoding);
    let photograph = decode(bytes, limits)?;
    let decode_ms = milliseconds(whole);
    go_on()?;
    progress(AnalysisStep::Checking);
    let start = Instant::now();
    let quality = check(&photograph)?;
    let check_ms = milliseconds(start);
    let mut reading = classifier.classify(&[&photograph], explain, progress, cancel)?;
    reading.timings.decode_ms = decode_ms;
    reading.timings.check_ms = check_ms;
    reading.timings.total_ms = milliseconds(whole);
    Ok(Examination { photograph, quality, reading })
}
