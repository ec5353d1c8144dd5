//! Do the details agree place by place? Small tiles of the earlier picture are looked for around where
//! the map says they are.

use super::level::Level;
use domain::comparison::Transform;

const SIDE: usize = 20;
const STEP: usize = 12;
/// Largest distance looked at, in pixels of the level.
const REACH: i32 = 5;
/// Root mean square of the detail from which a tile can be recognised.
const MIN_DETAIL: f32 = 0.3;
/// Correlation from which a tile counts as found.
const FOUND: f32 = 0.5;
/// Distance in pixels of the level up to which a found tile agrees.
const NEAR: f64 = 1.5;

/// What the tiles say.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// Tiles with detail in the shared field.
    pub tiles: usize,
    /// Share of them that were found where the map has them.
    pub share: f64,
    /// 1.4826 × median distance of the found ones, in pixels of the level.
    pub residual: f64,
}

/// Looks for the tiles of a in b.
pub fn agreement(a: &Level, b: &Level, map: &Transform) -> Agreement {
    let drawn = Drawn::new(a, b, map);
    let (mut tiles, mut near) = (0usize, 0usize);
    let mut distances = Vec::new();
    for top in (0..a.height.saturating_sub(SIDE)).step_by(STEP) {
        for left in (0..a.width.saturating_sub(SIDE)).step_by(STEP) {
            let places =
                || (top..top + SIDE).flat_map(move |y| (left..left + SIDE).map(move |x| y * a.width + x));
            if !places().all(|at| a.valid[at] && drawn.valid[at]) {
                continue;
            }
            let tile: Vec<f32> = places().map(|at| a.values[at]).collect();
            let there: Vec<f32> = places().map(|at| drawn.values[at]).collect();
            if deviation(&tile) < MIN_DETAIL || deviation(&there) < MIN_DETAIL {
                continue;
            }
            tiles += 1;
            if let Some((correlation, dx, dy)) = drawn.find(&tile, left, top)
                && correlation >= FOUND
            {
                let distance = dx.hypot(dy);
                near += usize::from(distance <= NEAR);
                distances.push(distance);
            }
        }
    }
    distances.sort_by(f64::total_cmp);
    let residual = distances.get(distances.len() / 2).map_or(f64::INFINITY, |median| 1.4826 * median);
    Agreement { tiles, share: near as f64 / tiles.max(1) as f64, residual }
}

fn deviation(values: &[f32]) -> f32 {
    let count = values.len() as f32;
    let mean = values.iter().sum::<f32>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count).sqrt()
}

/// The later level drawn on the earlier one.
struct Drawn {
    width: usize,
    height: usize,
    values: Vec<f32>,
    valid: Vec<bool>,
}

impl Drawn {
    fn new(a: &Level, b: &Level, map: &Transform) -> Self {
        let (mut values, mut valid) = (vec![0.0; a.values.len()], vec![false; a.values.len()]);
        for y in 0..a.height {
            for x in 0..a.width {
                let (u, v) = map.apply((x as f64 + 0.5, y as f64 + 0.5));
                let (u, v) = (u - 0.5, v - 0.5);
                if u < 0.0 || v < 0.0 || u >= b.width as f64 - 1.0 || v >= b.height as f64 - 1.0 {
                    continue;
                }
                let at = v as usize * b.width + u as usize;
                let (fu, fv) = (u.fract() as f32, v.fract() as f32);
                let upper = b.values[at] * (1.0 - fu) + b.values[at + 1] * fu;
                let lower = b.values[at + b.width] * (1.0 - fu) + b.values[at + b.width + 1] * fu;
                values[y * a.width + x] = upper * (1.0 - fv) + lower * fv;
                valid[y * a.width + x] = b.valid[at];
            }
        }
        Self { width: a.width, height: a.height, values, valid }
    }

    /// The best place of a tile: correlation and distance from where it should be, to a part of a pixel.
    fn find(&self, tile: &[f32], left: usize, top: usize) -> Option<(f32, f64, f64)> {
        const SPAN: usize = 2 * REACH as usize + 1;
        let mut surface = [[-1.0f32; SPAN]; SPAN];
        let mean = tile.iter().sum::<f32>() / tile.len() as f32;
        let centred: Vec<f32> = tile.iter().map(|value| value - mean).collect();
        let energy: f32 = centred.iter().map(|value| value * value).sum();
        let mut best = (-1.0f32, 0usize, 0usize);
        for (row, dy) in (-REACH..=REACH).enumerate() {
            for (column, dx) in (-REACH..=REACH).enumerate() {
                let (x, y) = (left as i32 + dx, top as i32 + dy);
                if x < 0 || y < 0 || x as usize + SIDE > self.width || y as usize + SIDE > self.height {
                    continue;
                }
                let value = self.correlation(&centred, energy, x as usize, y as usize);
                surface[row][column] = value;
                if value > best.0 {
                    best = (value, row, column);
                }
            }
        }
        let (value, row, column) = best;
        if value <= 0.0 {
            return None;
        }
        let at =
            |row: usize, column: usize| surface.get(row).and_then(|r| r.get(column)).copied().unwrap_or(-1.0);
        let peak = |before: f32, here: f32, after: f32| {
            let bend = before - 2.0 * here + after;
            if before <= -1.0 || after <= -1.0 || bend >= 0.0 {
                0.0
            } else {
                f64::from(0.5 * (before - after) / bend)
            }
        };
        let dx = column as f64 - f64::from(REACH)
            + peak(at(row, column.wrapping_sub(1)), value, at(row, column + 1));
        let dy =
            row as f64 - f64::from(REACH) + peak(at(row.wrapping_sub(1), column), value, at(row + 1, column));
        Some((value, dx, dy))
    }

    fn correlation(&self, centred: &[f32], energy: f32, left: usize, top: usize) -> f32 {
        let (mut sum, mut squares, mut dot) = (0.0f32, 0.0f32, 0.0f32);
        for (index, line) in centred.chunks_exact(SIDE).enumerate() {
            let from = (top + index) * self.width + left;
            for (value, other) in line.iter().zip(&self.values[from..from + SIDE]) {
                sum += other;
                squares += other * other;
                dot += value * other;
            }
        }
        let spread = squares - sum * sum / centred.len() as f32;
        if spread > 1e-6 { dot / (energy * spread).sqrt() } else { -1.0 }
    }
}
