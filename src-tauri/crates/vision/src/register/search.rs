//! Where to begin: every turn and scale, and for each every shift at once.
//!
//! The later photograph is drawn at 48 turns and 9 scales, and its detail correlated with that of the
//! earlier one over all shifts by a Fourier transform. The correlation is normalised by the shared field
//! of view (after Padfield, IEEE Trans Image Process 2012;21:2706, whose local energies are level here
//! because detail is divided by its deviation).

use super::base::Base;
use super::level::{Band, Level};
use super::refine::Part;
use domain::comparison::Transform;
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Long side of the pictures searched.
const LONG: f64 = 96.0;
/// Side of the transform: both pictures, turned any way, and the largest shift fit in.
const FIELD: usize = 160;
const TURNS: usize = 48;
/// Scales are powers of this, from -4 to 4: 0.45 to 2.2.
const RATIO: f64 = 1.22;
const HALF_SCALES: i32 = 4;
/// Smallest share of the smaller field of view that both must show.
const MIN_OVERLAP: f32 = 0.3;
const BAND: Band = Band { fine: 0.8, coarse: 8.0 };

/// A place to begin from.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// From pixels of the earlier photograph to those of the later one.
    pub map: Transform,
    pub score: f32,
    turn: usize,
    scale: i32,
    shift: (f64, f64),
}

/// The best places, the best first: of the pictures as they are, or of the skin in them alone, which a lesion
/// that grew does not draw to another scale.
pub fn starts(earlier: &Base, later: &Base, part: Part, count: usize) -> Vec<Start> {
    let field = Field::new();
    let (reduce_a, reduce_b) = (LONG / earlier.long_side(), LONG / later.long_side());
    let mut found = Vec::new();
    for scale in -HALF_SCALES..=HALF_SCALES {
        // The picture that shows more is never enlarged: the other one is reduced.
        let ratio = RATIO.powi(scale);
        let mut a = Level::new(earlier, (reduce_a / ratio.max(1.0)).min(1.0), BAND);
        let mut b = Level::new(later, (reduce_b * ratio.min(1.0)).min(1.0), BAND);
        if part == Part::Skin {
            a.keep_skin();
            b.keep_skin();
        }
        let pair = Pair::new(&field, &a, &b, (earlier, later));
        found.extend((0..TURNS).filter_map(|turn| pair.at(turn, scale)));
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut chosen: Vec<Start> = Vec::with_capacity(count);
    for start in found {
        if chosen.len() == count {
            break;
        }
        if !chosen.iter().any(|other| other.is_near(&start)) {
            chosen.push(start);
        }
    }
    chosen
}

impl Start {
    /// Neighbours in the grid lead refinement to one place.
    fn is_near(&self, other: &Self) -> bool {
        let turns = self.turn.abs_diff(other.turn);
        let far = (self.shift.0 - other.shift.0).hypot(self.shift.1 - other.shift.1);
        turns.min(TURNS - turns) <= 1 && (self.scale - other.scale).abs() <= 1 && far < 10.0
    }
}

struct Pair<'a> {
    field: &'a Field,
    a: &'a Level,
    b: &'a Level,
    detail: Vec<Complex32>,
    view: Vec<Complex32>,
    strength: f32,
    smaller: f32,
    /// Shifts of the lesion's centroids that are looked at: places in a and b and the largest distance.
    lesions: Option<Meeting>,
}

struct Meeting {
    a: (f64, f64),
    b: (f64, f64),
    reach: f64,
}

impl<'a> Pair<'a> {
    fn new(field: &'a Field, a: &'a Level, b: &'a Level, bases: (&Base, &Base)) -> Self {
        let offset = |level: &Level| (FIELD / 2 - level.width / 2, FIELD / 2 - level.height / 2);
        let (left, top) = offset(a);
        let (mut detail, mut view) =
            (vec![Complex32::default(); FIELD * FIELD], vec![Complex32::default(); FIELD * FIELD]);
        for y in 0..a.height.min(FIELD) {
            for x in 0..a.width.min(FIELD) {
                let (from, to) = (y * a.width + x, (y + top) * FIELD + x + left);
                detail[to].re = a.values[from];
                view[to].re = f32::from(u8::from(a.valid[from]));
            }
        }
        field.forward(&mut detail);
        field.forward(&mut view);
        let seen = |level: &Level| level.valid.iter().filter(|&&valid| valid).count() as f32;
        let lesions = bases.0.lesion.zip(bases.1.lesion).map(|((a_at, a_radius), (b_at, b_radius))| {
            let (down_a, down_b) = (a.step.0 / bases.0.step.0, b.step.0 / bases.1.step.0);
            let inner = |at: (f64, f64), down: f64| (at.0 * down, at.1 * down);
            let reach = 0.4 * (a_radius * down_a + b_radius * down_b) + 5.0;
            Meeting { a: inner(a_at, down_a), b: inner(b_at, down_b), reach }
        });
        Self {
            field,
            a,
            b,
            detail,
            view,
            strength: (a.strength() * b.strength()) as f32,
            smaller: seen(a).min(seen(b)),
            lesions,
        }
    }

    /// The best shift at a turn.
    fn at(&self, turn: usize, scale: i32) -> Option<Start> {
        let (sin, cos) = (TAU * turn as f64 / TURNS as f64).sin_cos();
        let drawn = self.turned(sin, cos);
        let surface = self.field.correlation(drawn, &self.detail, &self.view);
        let half = (FIELD / 2) as f64;
        let limit = (0.42 * self.a.width as f64, 0.42 * self.a.height as f64);
        let mut best: Option<(f32, f64, f64)> = None;
        for (at, value) in surface.iter().enumerate() {
            let signed =
                |index: usize| if index >= FIELD / 2 { index as f64 - FIELD as f64 } else { index as f64 };
            let (dx, dy) = (signed(at % FIELD), signed(at / FIELD));
            let (score, shared) = (value.re, value.im);
            if shared < MIN_OVERLAP * self.smaller || best.is_some_and(|best| score <= best.0 * shared.sqrt())
            {
                continue;
            }
            let allowed = match &self.lesions {
                Some(lesions) => {
                    let (u, v) =
                        (lesions.b.0 - self.b.width as f64 / 2.0, lesions.b.1 - self.b.height as f64 / 2.0);
                    let there = (
                        cos * u - sin * v + self.a.width as f64 / 2.0 - dx,
                        sin * u + cos * v + self.a.height as f64 / 2.0 - dy,
                    );
                    (there.0 - lesions.a.0).hypot(there.1 - lesions.a.1) <= lesions.reach
                }
                None => dx.abs() <= limit.0 && dy.abs() <= limit.1,
            };
            if allowed {
                best = Some((score / shared.sqrt(), dx, dy));
            }
        }
        let (score, dx, dy) = best?;
        // A place of a goes to the field, by the shift, back through the turn, and to b.
        let to_field = Transform::similarity(
            1.0,
            0.0,
            (half - (self.a.width / 2) as f64 + dx - half, half - (self.a.height / 2) as f64 + dy - half),
        );
        let turned = Transform {
            a: cos,
            b: -sin,
            c: sin,
            d: cos,
            e: self.b.width as f64 / 2.0,
            f: self.b.height as f64 / 2.0,
        };
        let inner = to_field.then(&turned);
        let map = Transform::scaling(self.a.step.0, self.a.step.1)
            .then(&inner)
            .then(&Transform::scaling(1.0 / self.b.step.0, 1.0 / self.b.step.1));
        let score = score / (self.strength * self.smaller.sqrt());
        Some(Start { map, score, turn, scale, shift: (dx, dy) })
    }

    /// The later picture turned about its middle into the middle of the field: detail in the real part,
    /// field of view in the imaginary one.
    fn turned(&self, sin: f64, cos: f64) -> Vec<Complex32> {
        let mut out = vec![Complex32::default(); FIELD * FIELD];
        let (half, w, h) = (FIELD as f64 / 2.0, self.b.width as f64, self.b.height as f64);
        let reach = ((w.hypot(h) / 2.0).ceil() as usize + 1).min(FIELD / 2);
        for y in FIELD / 2 - reach..FIELD / 2 + reach {
            for x in FIELD / 2 - reach..FIELD / 2 + reach {
                let (dx, dy) = (x as f64 + 0.5 - half, y as f64 + 0.5 - half);
                let (u, v) = (cos * dx + sin * dy + w / 2.0 - 0.5, cos * dy - sin * dx + h / 2.0 - 0.5);
                if u < 0.0 || v < 0.0 || u >= w - 1.0 || v >= h - 1.0 {
                    continue;
                }
                let at = v as usize * self.b.width + u as usize;
                if !self.b.valid[at] {
                    continue;
                }
                let (fu, fv) = (u.fract() as f32, v.fract() as f32);
                let rows = &self.b.values[at..];
                let upper = rows[0] * (1.0 - fu) + rows[1] * fu;
                let lower = rows[self.b.width] * (1.0 - fu) + rows[self.b.width + 1] * fu;
                out[y * FIELD + x] = Complex32::new(upper * (1.0 - fv) + lower * fv, 1.0);
            }
        }
        out
    }
}

/// Fourier transforms of the square field, not normalised.
struct Field {
    forward: Arc<dyn Fft<f32>>,
    back: Arc<dyn Fft<f32>>,
}

impl Field {
    fn new() -> Self {
        let mut planner = FftPlanner::new();
        Self { forward: planner.plan_fft_forward(FIELD), back: planner.plan_fft_inverse(FIELD) }
    }

    /// The result lies transposed, as [`Self::correlation`] takes it.
    fn forward(&self, field: &mut Vec<Complex32>) {
        self.forward.process(field);
        *field = transposed(field);
        self.forward.process(field);
    }

    /// Correlation of a's detail with the drawn detail in the real part, and of the two fields of view in
    /// the imaginary part, by shift.
    fn correlation(
        &self,
        mut drawn: Vec<Complex32>,
        detail: &[Complex32],
        view: &[Complex32],
    ) -> Vec<Complex32> {
        self.forward(&mut drawn);
        let mut product = vec![Complex32::default(); FIELD * FIELD];
        let turn = Complex32::new(0.0, 1.0);
        for y in 0..FIELD {
            let opposite_y = (FIELD - y) % FIELD;
            for x in 0..FIELD {
                let at = y * FIELD + x;
                let here = drawn[at];
                let there = drawn[opposite_y * FIELD + (FIELD - x) % FIELD].conj();
                // Two real pictures were transformed at once; their spectra come apart by symmetry.
                let (b_detail, b_view) = ((here + there) * 0.5, (here - there) * Complex32::new(0.0, -0.5));
                product[at] = detail[at].conj() * b_detail + turn * (view[at].conj() * b_view);
            }
        }
        self.back.process(&mut product);
        let mut out = transposed(&product);
        self.back.process(&mut out);
        let norm = 1.0 / (FIELD * FIELD) as f32;
        out.iter_mut().for_each(|value| *value *= norm);
        out
    }
}

fn transposed(field: &[Complex32]) -> Vec<Complex32> {
    const TILE: usize = 16;
    let mut out = vec![Complex32::default(); FIELD * FIELD];
    for top in (0..FIELD).step_by(TILE) {
        for left in (0..FIELD).step_by(TILE) {
            for y in top..top + TILE {
                for x in left..left + TILE {
                    out[x * FIELD + y] = field[y * FIELD + x];
                }
            }
        }
    }
    out
}
