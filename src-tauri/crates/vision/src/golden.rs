//! Reference readings: what a model made of painted pictures on the day it was trained.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

use crate::classifier::{Classifier, Explain, VisionError};
use crate::decode::{DecodeLimits, decode};

/// Folder beside the card.
const FOLDER: &str = "parity";
const REFERENCE: &str = "phantoms.json";
/// Largest difference of a calibrated probability that the arithmetic of another processor may make.
pub const TOLERANCE: f64 = 0.002;

/// How the readings of today compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub pictures: usize,
    /// Pictures with a probability further than [`TOLERANCE`] from its reference.
    pub different: usize,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GoldenError {
    #[error("there are no reference readings of this model")]
    Absent,
    #[error("the reference readings are damaged")]
    Damaged,
    #[error(transparent)]
    Reading(#[from] VisionError),
}

#[derive(Deserialize)]
struct Reference {
    model_sha256: String,
    images: Vec<Picture>,
}

#[derive(Deserialize)]
struct Picture {
    file: String,
    probabilities: Vec<f64>,
}

/// Reads the pictures in `parity` beside the model and compares.
///
/// # Errors
/// [`GoldenError`]; references of another model count as absent.
pub fn compare(classifier: &Classifier, models: &Path) -> Result<Compared, GoldenError> {
    let folder = models.join(FOLDER);
    let text = fs::read(folder.join(REFERENCE)).map_err(|_| GoldenError::Absent)?;
    let reference: Reference = serde_json::from_slice(&text).map_err(|_| GoldenError::Damaged)?;
    if reference.model_sha256 != classifier.identity().sha256 {
        return Err(GoldenError::Absent);
    }
    let mut compared = Compared { pictures: reference.images.len(), different: 0 };
    for picture in &reference.images {
        let bytes = fs::read(folder.join(&picture.file)).map_err(|_| GoldenError::Damaged)?;
        let photo = decode(&bytes, &DecodeLimits::default()).map_err(|_| GoldenError::Damaged)?;
        let reading = classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false)?;
        let read: Vec<f64> = reading.assessment.probabilities.iter().map(|class| class.probability).collect();
        compared.different += usize::from(!equal(&read, &picture.probabilities));
    }
    if compared.pictures == 0 { Err(GoldenError::Absent) } else { Ok(compared) }
}

pub(crate) fn equal(read: &[f64], reference: &[f64]) -> bool {
    read.len() == reference.len() && read.iter().zip(reference).all(|(a, b)| (a - b).abs() <= TOLERANCE)
}
