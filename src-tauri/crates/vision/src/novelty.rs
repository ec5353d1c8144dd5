//! How far a picture lies from the lesions the model was fitted to.
//!
//! Features are the spatial means of the last map. The score is their Mahalanobis distance to the
//! training lesions (Lee 2018), by whitening: `z = (f - mean) W` with `W Wᵀ` the inverse covariance,
//! and `score = |z|`.

use domain::analysis::Novelty;
use serde::Deserialize;
use thiserror::Error;

/// The parameters do not fit together. The text names the field.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("novelty parameters: {0}")]
pub struct NoveltyError(String);

/// Fitted parameters, as stored in the file the card names. Other fields of it are for people.
#[derive(Clone, Debug, Deserialize)]
pub struct NoveltyModel {
    /// `[features]`.
    mean: Vec<f64>,
    /// `[features][components]`.
    whitening: Vec<Vec<f64>>,
}

impl NoveltyModel {
    /// # Errors
    /// [`NoveltyError`] when the file is no JSON of this shape or a number is not finite.
    pub fn parse(json: &[u8]) -> Result<Self, NoveltyError> {
        let model: Self = serde_json::from_slice(json).map_err(|e| NoveltyError(e.to_string()))?;
        let fail = |what: &str| Err(NoveltyError(what.to_owned()));
        if model.mean.is_empty() || model.mean.len() != model.whitening.len() {
            return fail("mean and whitening must have one row for each feature");
        }
        let components = model.whitening[0].len();
        if components == 0 || model.whitening.iter().any(|row| row.len() != components) {
            return fail("the rows of whitening must have one length");
        }
        if model.whitening.iter().flatten().chain(&model.mean).any(|v| !v.is_finite()) {
            return fail("numbers must be finite");
        }
        Ok(model)
    }

    /// Number of features.
    #[must_use]
    pub fn size(&self) -> usize {
        self.mean.len()
    }

    /// Distance from the training lesions, 0 upwards; infinite for features of another size.
    #[must_use]
    pub fn score(&self, features: &[f32]) -> f64 {
        if features.len() != self.size() {
            return f64::INFINITY;
        }
        let mut whitened = vec![0.0; self.whitening[0].len()];
        for ((feature, mean), row) in features.iter().zip(&self.mean).zip(&self.whitening) {
            let offset = f64::from(*feature) - mean;
            for (z, weight) in whitened.iter_mut().zip(row) {
                *z += offset * weight;
            }
        }
        whitened.iter().map(|z| z * z).sum::<f64>().sqrt()
    }

    /// The score against a threshold.
    #[must_use]
    pub fn judge(&self, features: &[f32], threshold: f64) -> Novelty {
        let score = self.score(features);
        // A network can give features that no number holds; they are as far away as can be.
        let score = if score.is_finite() { score } else { f64::MAX };
        Novelty { score, threshold, outside: score > threshold }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str =
        r#"{"method": "mahalanobis", "mean": [1, 2], "whitening": [[1, 0], [1, 0.5]], "note": ""}"#;

    #[test]
    fn the_distance_follows_the_formula() {
        let model = NoveltyModel::parse(JSON.as_bytes()).unwrap();
        assert!(model.score(&[1.0, 2.0]).abs() < 1e-12);
        // Offset (2, 4): z = (2 + 4, 2), |z| = sqrt(40).
        let score = model.score(&[3.0, 6.0]);
        assert!((score - 40f64.sqrt()).abs() < 1e-9);
        assert!(model.judge(&[3.0, 6.0], 6.3).outside);
        assert!(!model.judge(&[3.0, 6.0], 6.4).outside);
    }

    #[test]
    fn features_of_another_network_are_outside() {
        let model = NoveltyModel::parse(JSON.as_bytes()).unwrap();
        assert!(model.judge(&[0.0], 1e9).outside);
    }

    #[test]
    fn features_that_no_number_holds_are_outside() {
        let model = NoveltyModel::parse(JSON.as_bytes()).unwrap();
        for odd in [[f32::INFINITY, f32::NEG_INFINITY], [f32::NAN, 0.0], [f32::INFINITY, 0.0]] {
            let novelty = model.judge(&odd, 1e9);
            assert!(novelty.outside && novelty.score.is_finite(), "{odd:?}: {novelty:?}");
        }
    }

    #[test]
    fn sizes_must_agree() {
        for json in [
            r#"{"mean": [0, 0, 0], "whitening": [[1, 0], [0, 1]]}"#,
            r#"{"mean": [0, 0], "whitening": [[1, 0], [0]]}"#,
            r#"{"mean": [], "whitening": []}"#,
        ] {
            assert!(NoveltyModel::parse(json.as_bytes()).is_err(), "{json}");
        }
    }
}
