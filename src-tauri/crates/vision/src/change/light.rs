//! The light of two photographs brought to one by their skin.

use crate::lab::{self, Lab};
use crate::measure::view::View;

/// Skin is taken between these distances from the outline, as shares of the radius of the circle with the
/// lesion's area.
const SKIN: (f64, f64) = (0.12, 0.45);
/// Depth of the rim that is left out of the mean, as a share of the same radius.
const RIM: f64 = 0.06;
/// Fewest pixels of skin to trust.
const MIN_SKIN: usize = 60;
/// Largest gain or its inverse: beyond it the skins are not of one person in any light.
const MOST: f32 = 2.5;

/// The skin's median in linear light.
pub fn skin(view: &View) -> Option<[f32; 3]> {
    let mut channels: [Vec<u8>; 3] = Default::default();
    for index in view.skin(SKIN) {
        for (channel, value) in channels.iter_mut().zip(&view.rgb[index]) {
            channel.push(*value);
        }
    }
    if channels[0].len() < MIN_SKIN {
        return None;
    }
    let middle = channels[0].len() / 2;
    Some(channels.map(|mut channel| linear(*channel.select_nth_unstable(middle).1)))
}

/// Gains that give `from` the colour `to`.
pub fn gains(from: [f32; 3], to: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|k| (to[k].max(1e-3) / from[k].max(1e-3)).clamp(1.0 / MOST, MOST))
}

/// Gives every pixel of a view the gains.
pub fn relight(view: &mut View, gains: [f32; 3]) {
    let table: [[u8; 256]; 3] =
        gains.map(|gain| std::array::from_fn(|byte| encoded(linear(byte as u8) * gain)));
    for (pixel, lab) in view.rgb.iter_mut().zip(&mut view.lab) {
        *pixel = std::array::from_fn(|k| table[k][usize::from(pixel[k])]);
        *lab = lab::from_srgb(*pixel);
    }
}

/// Mean colour of the lesion without its rim.
pub fn mean(view: &View) -> Option<Lab> {
    let rim = (view.radius() * RIM) as f32;
    let (mut sums, mut count) = ([0.0f64; 3], 0u32);
    for (lab, _) in view.lab.iter().zip(&view.depth).filter(|(_, depth)| **depth > rim) {
        count += 1;
        for (sum, value) in sums.iter_mut().zip(lab) {
            *sum += f64::from(*value);
        }
    }
    (count > 0).then(|| sums.map(|sum| (sum / f64::from(count)) as f32))
}

/// IEC 61966-2-1.
fn linear(byte: u8) -> f32 {
    let value = f32::from(byte) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn encoded(light: f32) -> u8 {
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_undoes_linear_light() {
        assert!((0..=255u8).all(|byte| encoded(linear(byte)) == byte));
    }

    #[test]
    fn the_gain_is_that_between_the_skins_and_bounded() {
        let found = gains([0.4, 0.2, 0.1], [0.5, 0.2, 0.05]);
        assert!(
            (found[0] - 1.25).abs() < 1e-6 && (found[1] - 1.0).abs() < 1e-6 && (found[2] - 0.5).abs() < 1e-6
        );
        assert_eq!(gains([0.0; 3], [1.0; 3]), [MOST; 3]);
    }
}
