//! Refinement by the enhanced correlation coefficient.
//!
//! Evangelidis and Psarakis, IEEE Trans Pattern Anal Mach Intell 2008;30:1858: the map that maximises the
//! correlation of two pictures, whatever the contrast and brightness between them, by steps of Gauss and
//! Newton with a gain in closed form. The map is a similarity: turn, scale, shift.

use super::level::Level;
use domain::comparison::Transform;

const PARAMETERS: usize = 4;
/// A step below this, in pixels at the picture's edge, ends the search.
const SETTLED: f64 = 0.005;

/// How well two levels lie on each other.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// From pixels of the earlier level to pixels of the later one.
    pub map: Transform,
    pub correlation: f64,
    /// Pixels of the earlier level that took part.
    pub shared: usize,
}

/// Pixels of the earlier level that take part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Whole,
    Skin,
}

/// Takes at most `steps` steps from a map; `None` where the two share next to nothing or the map runs
/// away.
pub fn refined(a: &Level, b: &Level, start: Transform, part: Part, steps: usize) -> Option<Fit> {
    let mut map = start;
    let mut best: Option<Fit> = None;
    for step in 0..=steps {
        let sums = Sums::over(a, b, &map, part)?;
        let fit = Fit { map, correlation: sums.correlation(), shared: sums.count };
        if best.is_none_or(|best| fit.correlation > best.correlation) {
            best = Some(fit);
        }
        if step == steps {
            break;
        }
        let Some(change) = sums.step() else { break };
        map = moved(&map, a, change);
        let size = map.scale();
        if !(0.3..=3.3).contains(&size) {
            break;
        }
        let edge = a.width.max(a.height) as f64 / 2.0;
        if change.iter().take(2).all(|v| (v * edge / scale_of(a)).abs() < SETTLED)
            && change.iter().skip(2).all(|v| v.abs() < SETTLED)
        {
            break;
        }
    }
    best
}

fn scale_of(a: &Level) -> f64 {
    a.short_side() as f64 / 2.0
}

fn centre_of(a: &Level) -> (f64, f64) {
    (a.width as f64 / 2.0, a.height as f64 / 2.0)
}

/// The map with its four parameters changed: growth and turn about the middle of a, and shift.
fn moved(map: &Transform, a: &Level, [grow, turn, dx, dy]: [f64; PARAMETERS]) -> Transform {
    let (cx, cy) = centre_of(a);
    let unit = scale_of(a);
    let (grow, turn) = (grow / unit, turn / unit);
    let changed =
        Transform { a: map.a + grow, b: map.b + turn, c: map.c - turn, d: map.d + grow, e: 0.0, f: 0.0 };
    // The middle moves by the shift alone.
    let (mx, my) = map.apply((cx, cy));
    let (ox, oy) = changed.apply((cx, cy));
    Transform { e: mx + dx - ox, f: my + dy - oy, ..changed }
}

/// Sums over the shared pixels.
struct Sums {
    count: usize,
    t: f64,
    w: f64,
    tt: f64,
    ww: f64,
    tw: f64,
    j: [f64; PARAMETERS],
    jt: [f64; PARAMETERS],
    jw: [f64; PARAMETERS],
    jj: [[f64; PARAMETERS]; PARAMETERS],
}

impl Sums {
    fn over(a: &Level, b: &Level, map: &Transform, part: Part) -> Option<Self> {
        let wanted = if part == Part::Skin { &a.skin } else { &a.valid };
        let b_wanted = if part == Part::Skin { &b.skin } else { &b.valid };
        let (cx, cy) = centre_of(a);
        let unit = scale_of(a);
        let mut sums = Self {
            count: 0,
            t: 0.0,
            w: 0.0,
            tt: 0.0,
            ww: 0.0,
            tw: 0.0,
            j: [0.0; 4],
            jt: [0.0; 4],
            jw: [0.0; 4],
            jj: [[0.0; 4]; 4],
        };
        let (last_x, last_y) = (b.width as f64 - 1.0, b.height as f64 - 1.0);
        for y in 0..a.height {
            let (mut t, mut w, mut tt, mut ww, mut tw) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
            let (mut j, mut jt, mut jw, mut jj) = ([0.0f32; 4], [0.0f32; 4], [0.0f32; 4], [[0.0f32; 4]; 4]);
            for x in 0..a.width {
                let at = y * a.width + x;
                if !wanted[at] {
                    continue;
                }
                let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
                let (u, v) = map.apply((px, py));
                let (u, v) = (u - 0.5, v - 0.5);
                if u < 0.0 || v < 0.0 || u >= last_x || v >= last_y {
                    continue;
                }
                let place = v as usize * b.width + u as usize;
                if !b_wanted[place] {
                    continue;
                }
                let (fu, fv) = (u.fract() as f32, v.fract() as f32);
                let (gx, gy) =
                    (blend(&b.slope_x, place, b.width, fu, fv), blend(&b.slope_y, place, b.width, fu, fv));
                let there = blend(&b.values, place, b.width, fu, fv);
                let here = a.values[at];
                let (dx, dy) = (((px - cx) / unit) as f32, ((py - cy) / unit) as f32);
                let slope = [gx * dx + gy * dy, gy * dx - gx * dy, gx, gy];
                sums.count += 1;
                t += here;
                w += there;
                tt += here * here;
                ww += there * there;
                tw += here * there;
                for k in 0..4 {
                    j[k] += slope[k];
                    jt[k] += slope[k] * here;
                    jw[k] += slope[k] * there;
                    for l in k..4 {
                        jj[k][l] += slope[k] * slope[l];
                    }
                }
            }
            for (sum, value) in [
                (&mut sums.t, t),
                (&mut sums.w, w),
                (&mut sums.tt, tt),
                (&mut sums.ww, ww),
                (&mut sums.tw, tw),
            ] {
                *sum += f64::from(value);
            }
            for k in 0..4 {
                sums.j[k] += f64::from(j[k]);
                sums.jt[k] += f64::from(jt[k]);
                sums.jw[k] += f64::from(jw[k]);
                for (sum, value) in sums.jj[k].iter_mut().zip(jj[k]).skip(k) {
                    *sum += f64::from(value);
                }
            }
        }
        (sums.count >= 200).then(|| sums.centred())
    }

    /// Both pictures less their means over the shared part.
    fn centred(mut self) -> Self {
        let count = self.count as f64;
        let (t, w) = (self.t / count, self.w / count);
        self.tt -= count * t * t;
        self.ww -= count * w * w;
        self.tw -= count * t * w;
        let mean = self.j.map(|sum| sum / count);
        for k in 0..PARAMETERS {
            self.jt[k] -= self.j[k] * t;
            self.jw[k] -= self.j[k] * w;
            for l in k..PARAMETERS {
                self.jj[k][l] -= count * mean[k] * mean[l];
                self.jj[l][k] = self.jj[k][l];
            }
        }
        self
    }

    fn correlation(&self) -> f64 {
        let norm = (self.tt * self.ww).sqrt();
        if norm > 0.0 { self.tw / norm } else { 0.0 }
    }

    /// The change of the parameters that raises the correlation most.
    fn step(&self) -> Option<[f64; PARAMETERS]> {
        let from_w = solved(self.jj, self.jw)?;
        let from_t = solved(self.jj, self.jt)?;
        let dot =
            |a: &[f64; PARAMETERS], b: &[f64; PARAMETERS]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let above = self.ww - dot(&self.jw, &from_w);
        let below = self.tw - dot(&self.jt, &from_w);
        if below <= 0.0 {
            return None;
        }
        let gain = above / below;
        Some(std::array::from_fn(|k| gain * from_t[k] - from_w[k]))
    }
}

fn blend(values: &[f32], at: usize, width: usize, fu: f32, fv: f32) -> f32 {
    let upper = values[at] * (1.0 - fu) + values[at + 1] * fu;
    let lower = values[at + width] * (1.0 - fu) + values[at + width + 1] * fu;
    upper * (1.0 - fv) + lower * fv
}

/// Gaussian elimination with pivots.
fn solved(
    mut matrix: [[f64; PARAMETERS]; PARAMETERS],
    mut right: [f64; PARAMETERS],
) -> Option<[f64; PARAMETERS]> {
    for column in 0..PARAMETERS {
        let pivot = (column..PARAMETERS)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-9 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..PARAMETERS {
            let factor = matrix[row][column] / matrix[column][column];
            let above = matrix[column];
            for (value, upper) in matrix[row].iter_mut().zip(above).skip(column) {
                *value -= factor * upper;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..PARAMETERS).rev() {
        let known: f64 = (row + 1..PARAMETERS).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}
