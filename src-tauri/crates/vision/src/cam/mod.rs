//! Grad-CAM: where in the picture the evidence for a class lies (Selvaraju 2017).
//!
//! The network is split at its last spatial feature map `A`. The part before it, the trunk, runs once
//! as an optimised plan; the part behind it, the head, is small and runs on a tape, so that the
//! gradient of a class score with respect to `A` follows from a vector-Jacobian product over the
//! head's few operators. Channel `k` is weighted by the spatial mean of its gradient:
//! `w_k = mean_xy dS/dA_kxy`, and the map is `ReLU(sum_k w_k A_k)`, brought to 0..1 as the Python
//! package `grad-cam` does.

mod closing;
mod contract;
mod gradient;
mod head;
mod network;
mod pointwise;
mod pool;

pub use network::{Features, Forward, Network, NetworkError};

use crate::preprocess::CropArea;

/// Evidence for one class over the part of the photograph the model saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Heatmap {
    /// Columns of the feature map.
    pub width: usize,
    /// Rows of the feature map.
    pub height: usize,
    /// Row by row, 0 to 1; all 0 when nothing in the picture speaks for the class.
    pub values: Vec<f32>,
    /// Code of the class that is explained.
    pub class: String,
    /// Where the map lies, in pixels of the photograph.
    pub area: CropArea,
    /// Size of the photograph in pixels.
    pub photo: (u32, u32),
}

/// A map of the class's evidence in cells of the feature map, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceMap {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl EvidenceMap {
    /// Bilinear enlargement between cell centres, brought to 0..1 again, as the `grad-cam` package
    /// returns it. Shape `[height, width]`.
    #[must_use]
    pub fn upscaled(&self, width: usize, height: usize) -> Vec<f32> {
        let mut out = upscale(&self.values, (self.width, self.height), (width, height));
        to_unit_range(&mut out);
        out
    }
}

/// Weighs the channels of a map by their gradients. `features.values` and `gradient` share a layout.
fn evidence(features: &Features, gradient: &[f32]) -> EvidenceMap {
    let cells = features.width * features.height;
    let mut map = vec![0.0f32; cells];
    for channel in 0..features.channels {
        let total: f32 = (0..cells).map(|cell| gradient[features.at(channel, cell)]).sum();
        let weight = total / cells as f32;
        for (cell, value) in map.iter_mut().enumerate() {
            *value += weight * features.values[features.at(channel, cell)];
        }
    }
    for value in &mut map {
        *value = value.max(0.0);
    }
    to_unit_range(&mut map);
    EvidenceMap { width: features.width, height: features.height, values: map }
}

/// `(v - min) / (max - min + 1e-7)`, `scale_cam_image` of the `grad-cam` package.
fn to_unit_range(values: &mut [f32]) {
    let low = values.iter().copied().fold(f32::INFINITY, f32::min);
    for value in values.iter_mut() {
        *value -= low;
    }
    let high = values.iter().copied().fold(0.0, f32::max);
    for value in values {
        *value /= high + 1e-7;
    }
}

/// Bilinear between cell centres, constant beyond the outermost ones.
pub(crate) fn upscale(
    values: &[f32],
    (columns, rows): (usize, usize),
    (width, height): (usize, usize),
) -> Vec<f32> {
    let horizontal = taps(columns, width);
    // Each row of cells is drawn out once, and the rows between are mixed from two of them.
    let wide: Vec<f32> = values
        .chunks_exact(columns)
        .take(rows)
        .flat_map(|row| horizontal.iter().map(|&(left, right, u)| row[left] + (row[right] - row[left]) * u))
        .collect();
    let mut out = Vec::with_capacity(width * height);
    for (top, bottom, v) in taps(rows, height) {
        let (above, below) = (&wide[top * width..][..width], &wide[bottom * width..][..width]);
        out.extend(above.iter().zip(below).map(|(above, below)| above + (below - above) * v));
    }
    out
}

/// For each target position its two source cells and the weight of the second.
fn taps(cells: usize, length: usize) -> Vec<(usize, usize, f32)> {
    let scale = cells as f32 / length as f32;
    (0..length)
        .map(|position| {
            let place = ((position as f32 + 0.5) * scale - 0.5).clamp(0.0, (cells - 1) as f32);
            let first = place as usize;
            (first, (first + 1).min(cells - 1), place - first as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_mean_gradients_and_negative_evidence_is_dropped() {
        let features = Features {
            channels: 2,
            width: 2,
            height: 1,
            channels_last: false,
            values: vec![1.0, 3.0, 2.0, 0.0],
        };
        // Weights 1 and -1: the map is [1 - 2, 3 - 0] = [-1, 3], then [0, 3], then [0, 1].
        let map = evidence(&features, &[2.0, 0.0, -1.0, -1.0]);
        assert!((map.values[0]).abs() < 1e-6 && (map.values[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_class_without_evidence_gives_an_empty_map() {
        let features =
            Features { channels: 1, width: 2, height: 2, channels_last: true, values: vec![1.0; 4] };
        assert_eq!(evidence(&features, &[-1.0; 4]).values, [0.0; 4]);
    }

    #[test]
    fn enlarging_keeps_cell_centres_and_stays_in_range() {
        let out = upscale(&[0.0, 1.0], (2, 1), (6, 1));
        let expected = [0.0, 0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 1.0];
        for (got, want) in out.iter().zip(expected) {
            assert!((got - want).abs() < 1e-6, "{out:?}");
        }
        assert_eq!(upscale(&[0.3], (1, 1), (2, 2)), [0.3; 4]);
    }
}
