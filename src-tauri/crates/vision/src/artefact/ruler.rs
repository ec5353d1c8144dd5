//! Rulers: evenly spaced ticks.

use super::LINE_DEPTH;
use crate::plane::Grey;

/// Evenly spaced tick marks in a row that make a ruler.
pub const MIN_TICKS: f64 = 8.0;

/// Most evenly spaced ticks found in a row, over horizontal and vertical rulers, dark and light marks.
pub fn ticks(grey: &Grey) -> usize {
    let turned = grey.transposed();
    [grey, &turned]
        .into_iter()
        .flat_map(|plane| [ticks_along_rows(plane), ticks_along_rows(&plane.inverted())])
        .max()
        .unwrap_or(0)
}

/// A tick is a thin dark line across a band of rows; a ruler has many of them at one distance.
fn ticks_along_rows(grey: &Grey) -> usize {
    const RADIUS: isize = 4;
    let closed = grey.closed((1, 0), RADIUS);
    let band = (grey.width.min(grey.height) / 56).max(4);
    let mut best = 0;
    let mut top = 0;
    while top + band <= grey.height {
        let mut rows_hit = vec![0usize; grey.width];
        for y in top..top + band {
            for (hits, (filled, level)) in rows_hit.iter_mut().zip(closed.row(y).iter().zip(grey.row(y))) {
                *hits += usize::from(filled - level > LINE_DEPTH);
            }
        }
        best = best.max(longest_even_run(&tick_positions(&rows_hit, band)));
        top += band / 2;
    }
    best
}

/// Centres of the runs of columns that are dark through at least three quarters of the band.
fn tick_positions(rows_hit: &[usize], band: usize) -> Vec<f64> {
    let mut positions = Vec::new();
    let mut start = None;
    for (x, &hits) in rows_hit.iter().chain(std::iter::once(&0)).enumerate() {
        match (hits * 4 >= band * 3, start) {
            (true, None) => start = Some(x),
            (false, Some(from)) => {
                positions.push((from + x - 1) as f64 / 2.0);
                start = None;
            }
            _ => {}
        }
    }
    positions
}

/// Length of the longest run of positions whose gaps stay within 15 % (at least 1.2 pixels) of the
/// run's first gap.
fn longest_even_run(positions: &[f64]) -> usize {
    const MIN_GAP: f64 = 4.0;
    let mut best = 0;
    for start in 0..positions.len().saturating_sub(1) {
        let first = positions[start + 1] - positions[start];
        if first < MIN_GAP {
            continue;
        }
        let tolerance = (first * 0.15).max(1.2);
        let gaps = positions[start..]
            .windows(2)
            .take_while(|pair| (pair[1] - pair[0] - first).abs() <= tolerance)
            .count();
        best = best.max(gaps + 1);
    }
    best
}
