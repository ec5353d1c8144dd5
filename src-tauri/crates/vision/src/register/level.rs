//! A photograph as registration looks at it: detail alone, at one size.

use super::base::Base;
use crate::plane::Colour;
use crate::resize::scale;

/// Deviation of grey levels that counts as one: what is fainter than this stays faint.
const FLOOR: f32 = 3.0;
/// Largest value of a pixel: a hair or a reflection counts no more than that.
const CLIP: f32 = 2.5;

/// Which detail is kept, in pixels of the level.
#[derive(Clone, Copy)]
pub struct Band {
    /// Gaussian against noise.
    pub fine: f64,
    /// Gaussian whose mean and deviation are taken away.
    pub coarse: f64,
}

/// Detail of a photograph: grey (ITU-R BT.601) less its local mean over its local deviation, which takes
/// lamp, exposure and most of a colour cast away.
pub struct Level {
    pub width: usize,
    pub height: usize,
    /// Pixels of the level a pixel of the photograph.
    pub step: (f64, f64),
    /// 0 where nothing can be seen.
    pub values: Vec<f32>,
    /// Part of the field of view.
    pub valid: Vec<bool>,
    /// Field of view beyond the lesion and its border; all of it without an outline.
    pub skin: Vec<bool>,
    pub slope_x: Vec<f32>,
    pub slope_y: Vec<f32>,
}

impl Level {
    /// `reduction` is the wanted number of pixels a pixel of the base, at most 1.
    pub fn new(base: &Base, reduction: f64, band: Band) -> Self {
        let side = |length: usize| ((length as f64 * reduction).round() as usize).clamp(8, length.max(8));
        let (width, height) = (side(base.picture.width), side(base.picture.height));
        let from = (base.picture.width as u32, base.picture.height as u32);
        let to = (width as u32, height as u32);
        let rgb = if from == to { base.picture.rgb.clone() } else { scale(&base.picture.rgb, from, to) };
        let grey: Vec<f32> = Colour::new(to, rgb).grey().values.into_iter().map(f32::from).collect();
        let nearest = |mask: &[bool]| -> Vec<bool> {
            let place = |at: usize, length: usize, count: usize| {
                ((2 * at + 1) * length / (2 * count)).min(length - 1)
            };
            (0..width * height)
                .map(|at| {
                    let x = place(at % width, base.picture.width, width);
                    let y = place(at / width, base.picture.height, height);
                    mask[y * base.picture.width + x]
                })
                .collect()
        };
        let (valid, skin) = (nearest(&base.valid), nearest(&base.skin));
        let values = detail(&grey, &valid, width, band);
        let (slope_x, slope_y) = slopes(&values, width);
        let step = (
            width as f64 / base.picture.width as f64 * base.step.0,
            height as f64 / base.picture.height as f64 * base.step.1,
        );
        Self { width, height, step, values, valid, skin, slope_x, slope_y }
    }

    pub const fn short_side(&self) -> usize {
        if self.width < self.height { self.width } else { self.height }
    }

    /// Leaves the skin alone in the field of view.
    pub fn keep_skin(&mut self) {
        for (value, skin) in self.values.iter_mut().zip(&self.skin) {
            if !skin {
                *value = 0.0;
            }
        }
        self.valid.copy_from_slice(&self.skin);
    }

    /// Root mean square of the detail in the field of view.
    pub fn strength(&self) -> f64 {
        let count = self.valid.iter().filter(|&&valid| valid).count().max(1);
        let sum: f64 = self.values.iter().map(|&value| f64::from(value).powi(2)).sum();
        (sum / count as f64).sqrt()
    }
}

fn detail(grey: &[f32], valid: &[bool], width: usize, band: Band) -> Vec<f32> {
    let weight: Vec<f32> = valid.iter().map(|&valid| f32::from(u8::from(valid))).collect();
    let masked = |values: &[f32]| -> Vec<f32> { values.iter().zip(&weight).map(|(v, w)| v * w).collect() };
    let mean = |values: &[f32], sigma: f64, weights: &[f32]| -> Vec<f32> {
        let sums = blurred(&masked(values), width, sigma);
        sums.iter().zip(weights).map(|(sum, weight)| sum / weight.max(1e-3)).collect()
    };
    let (near, far) = (blurred(&weight, width, band.fine), blurred(&weight, width, band.coarse));
    let smooth = mean(grey, band.fine, &near);
    let ground = mean(grey, band.coarse, &far);
    let over: Vec<f32> = smooth.iter().zip(&ground).map(|(smooth, ground)| smooth - ground).collect();
    let squares: Vec<f32> = over.iter().map(|value| value * value).collect();
    let spread = mean(&squares, band.coarse, &far);
    over.iter()
        .zip(spread)
        .zip(valid)
        .map(
            |((over, spread), valid)| {
                if *valid { (over / (spread.sqrt() + FLOOR)).clamp(-CLIP, CLIP) } else { 0.0 }
            },
        )
        .collect()
}

/// Central differences, 0 at the frame.
fn slopes(values: &[f32], width: usize) -> (Vec<f32>, Vec<f32>) {
    let height = values.len() / width;
    let (mut across, mut down) = (vec![0.0; values.len()], vec![0.0; values.len()]);
    for y in 1..height - 1 {
        for at in y * width + 1..(y + 1) * width - 1 {
            across[at] = 0.5 * (values[at + 1] - values[at - 1]);
            down[at] = 0.5 * (values[at + width] - values[at - width]);
        }
    }
    (across, down)
}

/// A Gaussian by three running means (Wells 1986); beyond the frame is 0.
pub fn blurred(values: &[f32], width: usize, sigma: f64) -> Vec<f32> {
    let radius = (((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0).round() as usize;
    let mut out = values.to_vec();
    if radius == 0 {
        return out;
    }
    for _ in 0..3 {
        for row in out.chunks_exact_mut(width) {
            mean_along(row, radius);
        }
        out = mean_down(&out, width, radius);
    }
    out
}

fn mean_along(row: &mut [f32], radius: usize) {
    let source = row.to_vec();
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut sum: f32 = source.iter().take(radius).sum();
    for (x, out) in row.iter_mut().enumerate() {
        sum += source.get(x + radius).copied().unwrap_or(0.0);
        if x > radius {
            sum -= source[x - radius - 1];
        }
        *out = sum * share;
    }
}

fn mean_down(values: &[f32], width: usize, radius: usize) -> Vec<f32> {
    let height = values.len() / width;
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut sums = vec![0.0f32; width];
    let row = |y: usize| &values[y * width..(y + 1) * width];
    for y in 0..radius.min(height) {
        sums.iter_mut().zip(row(y)).for_each(|(sum, value)| *sum += value);
    }
    let mut out = Vec::with_capacity(values.len());
    for y in 0..height {
        if y + radius < height {
            sums.iter_mut().zip(row(y + radius)).for_each(|(sum, value)| *sum += value);
        }
        if y > radius {
            sums.iter_mut().zip(row(y - radius - 1)).for_each(|(sum, value)| *sum -= value);
        }
        out.extend(sums.iter().map(|sum| sum * share));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blur_keeps_the_sum_and_spreads_like_a_gaussian() {
        let (width, sigma) = (101usize, 5.0);
        let mut values = vec![0.0; width * width];
        values[50 * width + 50] = 1.0;
        let out = blurred(&values, width, sigma);
        let sum: f32 = out.iter().sum();
        let spread: f64 = out
            .iter()
            .enumerate()
            .map(|(at, &value)| (at as f64 % width as f64 - 50.0).powi(2) * f64::from(value))
            .sum();
        assert!((sum - 1.0).abs() < 1e-3 && (spread.sqrt() / sigma - 1.0).abs() < 0.1, "{sum} {spread}");
    }

    #[test]
    fn a_lamp_and_an_exposure_leave_the_detail_as_it_is() {
        let (width, height) = (80usize, 60usize);
        let texture = |at: usize| 20.0 * (((at * 7919) % 97) as f32 / 97.0 - 0.5);
        let plain: Vec<f32> = (0..width * height).map(|at| 150.0 + texture(at)).collect();
        let lit: Vec<f32> =
            (0..width * height).map(|at| 100.0 + 0.8 * (at % width) as f32 + 1.4 * texture(at)).collect();
        let band = Band { fine: 0.0, coarse: 6.0 };
        let valid = vec![true; width * height];
        let (a, b) = (detail(&plain, &valid, width, band), detail(&lit, &valid, width, band));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let correlation = dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt();
        assert!(correlation > 0.95, "{correlation}");
    }
}
