//! What a dermoscope shows of skin and pigment.

use super::noise;

/// Cells of the pigment network along the short side of the picture.
const NETWORK_CELLS: f64 = 34.0;
const GLOBULE_CELLS: f64 = 22.0;

/// Skin under a contact fluid: no furrows, faint blotches of blood, hardly any grain.
pub fn skin(seed: u64, skin: [f64; 3], u: f64, v: f64) -> [f64; 3] {
    let blood = noise::fractal(seed ^ 0x51, u * 3.0, v * 3.0, 4);
    let relief = noise::fractal(seed ^ 0x52, u * 26.0, v * 26.0, 3);
    [
        skin[0] + 5.0 * blood + 3.0 * relief,
        skin[1] - 6.0 * blood + 4.0 * relief,
        skin[2] - 5.0 * blood + 4.0 * relief,
    ]
}

/// How far a place is moved before it is asked which patch it lies in, in units of the semi-axes.
pub fn warp(seed: u64, u: f64, v: f64) -> f64 {
    0.35 * noise::fractal(seed ^ 0xC1, u * 9.0, v * 9.0, 4)
}

/// Pigment of a place: the patch's colour, paler towards the border, with lines, globules and clouds.
pub fn pigment(seed: u64, patch: [f64; 3], depth: f64, u: f64, v: f64) -> [f64; 3] {
    let inner = depth.clamp(0.0, 1.0);
    let (bent_u, bent_v) = (
        u + 0.012 * noise::value(seed ^ 0xC4, u * 20.0, v * 20.0),
        v + 0.012 * noise::value(seed ^ 0xC5, u * 20.0, v * 20.0),
    );
    let (nearest, second) = noise::cellular(seed ^ 0xC2, bent_u * NETWORK_CELLS, bent_v * NETWORK_CELLS);
    let line = (1.0 - (second - nearest) / 0.35).clamp(0.0, 1.0);
    let (centre, _) = noise::cellular(seed ^ 0xC6, u * GLOBULE_CELLS, v * GLOBULE_CELLS);
    let globule = ((0.22 - centre) / 0.12).clamp(0.0, 1.0);
    let cloud = noise::fractal(seed ^ 0xC3, u * 7.0, v * 7.0, 4);
    let pale = 26.0 * (1.0 - inner).powi(2);
    let dark = 20.0 * line * (1.0 - 0.7 * inner) + 22.0 * globule * inner - 26.0 * cloud;
    [patch[0] + pale - dark, patch[1] + pale - dark, patch[2] + pale - 0.8 * dark]
}
