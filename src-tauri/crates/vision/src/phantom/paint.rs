//! Skin, lesion, light.

use super::{Bite, DermoscopicColour, Look, Phantom, PhantomSpec, Truth, artefacts, dermoscopy, noise};
use std::f64::consts::TAU;

/// Narrowest soft border.
const MIN_SOFTNESS: f64 = 1e-3;

pub fn render(spec: &PhantomSpec) -> Phantom {
    let (width, height) = (spec.width.max(16), spec.height.max(16));
    let lesion = Lesion::new(spec, width, height);
    let skin = spec.skin.map(f64::from);
    let lamp = Lamp::new(spec.seed);
    let pixels = width as usize * height as usize;
    let mut rgb = Vec::with_capacity(pixels * 3);
    let mut mask = Vec::with_capacity(pixels);
    for y in 0..height {
        for x in 0..width {
            let (px, py) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
            let depth = lesion.depth(px, py);
            let (u, v) = (px / lesion.short, py / lesion.short);
            let mut colour = match spec.look {
                Look::Plain => skin_at(spec.seed, skin, u, v),
                Look::Dermoscopic => dermoscopy::skin(spec.seed, skin, u, v),
            };
            let share = cover(depth, spec.softness);
            if share > 0.0 {
                let pigment = lesion.pigment(px, py, depth);
                for (under, over) in colour.iter_mut().zip(pigment) {
                    *under += (over - *under) * share;
                }
            }
            let light = lamp.at(u, v);
            let grain = 2.2 * noise::value(spec.seed ^ 0x6772, px * 0.7, py * 0.7);
            rgb.extend((0..3).map(|k| {
                let level = colour[k] * light * spec.tint[k] + grain;
                level.round().clamp(0.0, 255.0) as u8
            }));
            mask.push(if depth >= 0.0 { 255 } else { 0 });
        }
    }
    let truth = Truth {
        area_px: mask.iter().filter(|&&m| m == 255).count() as u64,
        diameter_px: feret(&mask, width as usize),
        colours: lesion.colours.clone(),
    };
    let mut phantom = Phantom { width, height, rgb, mask, truth };
    artefacts::lay_over(&mut phantom, spec);
    phantom
}

/// Share of pigment at a depth below the border, 0.5 on it.
fn cover(depth: f64, softness: f64) -> f64 {
    let t = (depth / softness.max(MIN_SOFTNESS) + 0.5).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Skin with blotches of blood, furrows and pores.
fn skin_at(seed: u64, skin: [f64; 3], u: f64, v: f64) -> [f64; 3] {
    let blotch = noise::fractal(seed ^ 0x51, u * 5.0, v * 5.0, 3);
    let furrow = 1.0 - noise::value(seed ^ 0x52, u * 46.0, v * 46.0).abs();
    let pore = noise::value(seed ^ 0x53, u * 110.0, v * 110.0);
    let texture = 7.0 * blotch - 7.0 * (furrow.powi(4) - 0.4) + 17.0 * pore;
    [skin[0] + texture, skin[1] + texture * 1.2 - 3.0 * blotch, skin[2] + texture * 1.1]
}

/// A lamp from one side and a slight fall-off to the edges.
struct Lamp {
    towards: (f64, f64),
}

impl Lamp {
    fn new(seed: u64) -> Self {
        let angle = TAU * noise::unit(seed ^ 0x4c, 1);
        Self { towards: (angle.cos(), angle.sin()) }
    }

    fn at(&self, u: f64, v: f64) -> f64 {
        1.0 + 0.05 * ((u - 0.6) * self.towards.0 + (v - 0.5) * self.towards.1)
    }
}

/// A wave along the border.
struct Harmonic {
    frequency: f64,
    phase: f64,
    amplitude: f64,
}

/// The lesion in its own coordinates.
struct Lesion {
    short: f64,
    centre: (f64, f64),
    semi_axes: (f64, f64),
    turn: (f64, f64),
    harmonics: Vec<Harmonic>,
    /// Direction and height of the bulge.
    bulge: (f64, f64),
    /// No part of the lesion or its soft border lies farther from the middle, in units of the
    /// semi-axes.
    reach: f64,
    bite: Option<Bite>,
    first_patch: f64,
    look: Look,
    seed: u64,
    colours: Vec<DermoscopicColour>,
}

impl Lesion {
    fn new(spec: &PhantomSpec, width: u32, height: u32) -> Self {
        let short = f64::from(width.min(height));
        let mut colours: Vec<DermoscopicColour> = Vec::new();
        for &colour in &spec.colours {
            if !colours.contains(&colour) {
                colours.push(colour);
            }
        }
        if colours.is_empty() {
            colours.push(DermoscopicColour::LightBrown);
        }
        let harmonics: Vec<Harmonic> = (3..=11i64)
            .map(|harmonic| {
                let weight = 0.5 + noise::unit(spec.seed ^ 0xB1, harmonic);
                Harmonic {
                    frequency: harmonic as f64,
                    phase: TAU * noise::unit(spec.seed ^ 0xB0, harmonic),
                    amplitude: spec.irregularity * 0.16 * weight / (harmonic as f64).sqrt(),
                }
            })
            .collect();
        let bulge = (TAU * noise::unit(spec.seed ^ 0xB2, 0), 0.4 * spec.asymmetry);
        let waves: f64 = harmonics.iter().map(|harmonic| harmonic.amplitude.abs()).sum();
        Self {
            short,
            reach: 1.0 + waves + bulge.1.abs() + spec.softness.max(MIN_SOFTNESS),
            harmonics,
            bulge,
            centre: (
                f64::from(width) / 2.0 + spec.centre.0 * short,
                f64::from(height) / 2.0 + spec.centre.1 * short,
            ),
            semi_axes: (spec.semi_axes.0 * short, spec.semi_axes.1 * short),
            turn: (spec.rotation.cos(), spec.rotation.sin()),
            bite: spec.bite,
            first_patch: spec.patch_angle.unwrap_or_else(|| TAU * noise::unit(spec.seed ^ 0xC0, 0)),
            look: spec.look,
            seed: spec.seed,
            colours,
        }
    }

    /// Place in units of the semi-axes.
    fn local(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let (cos, sin) = self.turn;
        ((dx * cos + dy * sin) / self.semi_axes.0, (dy * cos - dx * sin) / self.semi_axes.1)
    }

    /// Distance inside the border in units of the radius; negative outside, and beyond the soft border
    /// no more than that.
    fn depth(&self, x: f64, y: f64) -> f64 {
        let (lx, ly) = self.local(x, y);
        let from_middle = lx.hypot(ly);
        if from_middle > self.reach {
            return 1.0 - self.reach;
        }
        let depth = self.radius(ly.atan2(lx)) - from_middle;
        self.bite.map_or(depth, |bite| {
            let beyond = (lx - bite.angle.cos()).hypot(ly - bite.angle.sin()) - bite.radius;
            depth.min(beyond)
        })
    }

    /// Radius of the border at an angle: harmonics make it ragged, a bulge makes it one-sided.
    fn radius(&self, angle: f64) -> f64 {
        let waves = self.harmonics.iter();
        let radius = waves.fold(1.0, |sum, w| sum + w.amplitude * (w.frequency * angle + w.phase).cos());
        let (towards, height) = self.bulge;
        (radius + height * (angle - towards).cos().max(0.0).powi(3)).max(0.2)
    }

    /// Colour of the pigment.
    fn pigment(&self, x: f64, y: f64, depth: f64) -> [f64; 3] {
        let (u, v) = (x / self.short, y / self.short);
        match self.look {
            Look::Plain => {
                let wobble = 0.06 * noise::fractal(self.seed ^ 0xC1, u * 18.0, v * 18.0, 2);
                self.structured(self.patch(x, y, wobble, 0.06, 1.0), u, v, depth)
            }
            Look::Dermoscopic => {
                let patch = self.patch(x, y, dermoscopy::warp(self.seed, u, v), 0.4, 0.75);
                dermoscopy::pigment(self.seed, patch, depth, u, v)
            }
        }
    }

    /// Patches sit evenly around the middle; `edge` is how wide their soft edges are, `strength` what they hide of
    /// the ground.
    fn patch(&self, x: f64, y: f64, wobble: f64, edge: f64, strength: f64) -> [f64; 3] {
        let (lx, ly) = self.local(x, y);
        let mut colour = self.colours[0].rgb().map(f64::from);
        let patches = self.colours.len() - 1;
        for (index, patch) in self.colours[1..].iter().enumerate() {
            let angle = self.first_patch + TAU * index as f64 / patches as f64;
            let distance = (lx - 0.52 * angle.cos()).hypot(ly - 0.52 * angle.sin()) + wobble;
            let share = strength * ((0.3 - distance) / edge + 0.5).clamp(0.0, 1.0);
            for (under, over) in colour.iter_mut().zip(patch.rgb()) {
                *under += (f64::from(over) - *under) * share;
            }
        }
        colour
    }

    /// A pigment network: finer towards the border, and never strong enough to change a colour's name.
    fn structured(&self, colour: [f64; 3], u: f64, v: f64, depth: f64) -> [f64; 3] {
        let ridge = 1.0 - noise::value(self.seed ^ 0xC2, u * 70.0, v * 70.0).abs();
        let network = 10.0 * (ridge.powi(3) - 0.3) * (1.0 - depth.clamp(0.0, 1.0) * 0.6);
        let cloud = 6.0 * noise::fractal(self.seed ^ 0xC3, u * 12.0, v * 12.0, 2);
        colour.map(|c| c - network + cloud)
    }
}

/// Largest extent of the mask over all directions, a degree apart, pixel edges included.
pub fn feret(mask: &[u8], width: usize) -> f64 {
    // The ends of each row hold every extreme point.
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for (y, row) in mask.chunks_exact(width).enumerate() {
        let Some(first) = row.iter().position(|&m| m == 255) else {
            continue;
        };
        let last = row.iter().rposition(|&m| m == 255).unwrap_or(first);
        ends.push((first as f64, y as f64));
        ends.push((last as f64, y as f64));
    }
    if ends.is_empty() {
        return 0.0;
    }
    (0..180)
        .map(|degree| {
            let (sin, cos) = f64::from(degree).to_radians().sin_cos();
            let (low, high) = ends.iter().fold((f64::MAX, f64::MIN), |(low, high), (x, y)| {
                let along = x * cos + y * sin;
                (low.min(along), high.max(along))
            });
            high - low
        })
        .fold(0.0, f64::max)
        + 1.0
}
