//! The dark surround of a dermoscope's round field of view.

use crate::plane::Grey;

/// Corners darker than this share of the ring around the centre are a dermoscope's vignette.
pub const MIN_RATIO: f64 = 0.55;

/// Mean grey of the four corner triangles (legs of 12 % of the short side) over the mean grey of the
/// ring from 60 % to 90 % of the half short side, where a centred lesion leaves skin. At most 2.
pub fn ratio(grey: &Grey) -> f64 {
    let short = grey.width.min(grey.height) as f64;
    let leg = short * 0.12;
    let (centre_x, centre_y) = (grey.width as f64 / 2.0, grey.height as f64 / 2.0);
    let (inner, outer) = ((short * 0.3).powi(2), (short * 0.45).powi(2));
    let (mut corner, mut corner_count, mut ring, mut ring_count) = (0u64, 0u64, 0u64, 0u64);
    for y in 0..grey.height {
        let from_edge_y = y.min(grey.height - 1 - y) as f64;
        for (x, &level) in grey.row(y).iter().enumerate() {
            let from_edge_x = x.min(grey.width - 1 - x) as f64;
            let distance = (x as f64 + 0.5 - centre_x).powi(2) + (y as f64 + 0.5 - centre_y).powi(2);
            if from_edge_x + from_edge_y < leg {
                corner += u64::from(level);
                corner_count += 1;
            } else if distance >= inner && distance <= outer {
                ring += u64::from(level);
                ring_count += 1;
            }
        }
    }
    let corner = corner as f64 / corner_count.max(1) as f64;
    let ring = ring as f64 / ring_count.max(1) as f64;
    (corner / ring.max(1.0)).min(2.0)
}
