//! Two photographs of one lesion, taken at different visits, laid over each other.
//!
//! Detail (grey less its local mean, over its local deviation) is matched over every turn, scales of 0.45
//! to 2.2 and every shift by Fourier correlation ([`search`]); the best places are refined by the enhanced
//! correlation coefficient ([`refine`]); small tiles then say whether the details agree place by place
//! ([`tiles`]). Where the lesion fits and the skin does not, another scale is looked for ([`growth`]). Where the
//! skin around the lesion agrees on its own, the last refinement looks at nothing else, so that a lesion that
//! grew does not pass for another camera distance.
//!
//! The thresholds of [`accepted`] were set on 450 pairs of HAM10000, ISIC 2017 and PAD-UFES-20 and tried on 765
//! others, of other lesions: of 285 pairs that show one lesion twice (200 × 150 pixels, often at half or twice
//! the distance) 84 % are accepted, of 480 with different lesions of one diagnosis and site none, which is at
//! most 0.6 % with 95 % confidence.

mod base;
mod growth;
mod level;
mod refine;
mod search;
mod tiles;

use crate::decode::Photograph;
use crate::mask::Mask;
use base::{Base, SIDE};
use domain::comparison::{Anchor, CannotRegister, Registration, Transform};
use level::{Band, Level};
use refine::{Fit, Part, refined};

/// Places that refinement begins from, and how many are kept for the next level.
const STARTS: usize = 8;
const KEPT: usize = 3;
/// Steps of a refinement, of the skin's own, and of the last.
const STEPS: usize = 12;
const SKIN_STEPS: usize = 6;
const FINE_STEPS: usize = 20;
/// Short sides of the levels, in pixels.
const COARSE: f64 = 80.0;
const MIDDLE: f64 = 150.0;
const COARSE_BAND: Band = Band { fine: 0.8, coarse: 8.0 };
const MIDDLE_BAND: Band = Band { fine: 0.8, coarse: 7.0 };
const FINE_BAND: Band = Band { fine: 1.2, coarse: 12.0 };

/// Figures of the best alignment, accepted or not: what the thresholds are set on.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    pub registration: Registration,
    /// Correlation at the middle level of all that is shared, and of the skin alone.
    pub middle: f64,
    pub skin: f64,
    /// Tiles with detail.
    pub tiles: usize,
    /// Share of the smaller picture that the skin makes up in both.
    pub skin_share: f64,
    /// Score of the start.
    pub start: f64,
}

/// Lays the later photograph over the earlier one. The outlines, where there are any, say where to look
/// first and what is skin.
///
/// # Errors
/// [`CannotRegister`] where the evidence stays below the thresholds: see [`accepted`].
pub fn register(
    earlier: (&Photograph, Option<&Mask>),
    later: (&Photograph, Option<&Mask>),
) -> Result<Registration, CannotRegister> {
    accepted(&evidence(earlier, later)?)
}

/// The best alignment with its figures, whatever it is worth.
///
/// # Errors
/// [`CannotRegister::TooLittleDetail`] where there is nothing to match, and
/// [`CannotRegister::NoAgreement`] where no start leads anywhere.
pub fn evidence(
    earlier: (&Photograph, Option<&Mask>),
    later: (&Photograph, Option<&Mask>),
) -> Result<Evidence, CannotRegister> {
    let (a, b) = (Base::new(earlier.0, earlier.1), Base::new(later.0, later.1));
    let whole = Level::new(&a, (MIDDLE / a.short_side()).min(1.0), MIDDLE_BAND);
    let other = Level::new(&b, (MIDDLE / b.short_side()).min(1.0), MIDDLE_BAND);
    if whole.strength() < MIN_STRENGTH || other.strength() < MIN_STRENGTH {
        return Err(CannotRegister::TooLittleDetail);
    }
    // Without outlines nobody knows what is skin.
    let outlined = a.lesion.is_some() && b.lesion.is_some();
    let ((start_score, mut middle), on_skin) = std::thread::scope(|scope| {
        let on_skin = outlined.then(|| scope.spawn(|| placed_by(&a, &b, Part::Skin)));
        (placed_by(&a, &b, Part::Whole), on_skin.map(joined))
    });
    middle.extend(on_skin.into_iter().flat_map(|(_, fits)| fits));
    // Whatever a fit was refined on, it is judged on all that both show.
    let maps: Vec<Transform> = middle.iter().map(|fit| fit.map).collect();
    let middle = judged(&a, &b, &maps);
    let best = middle.into_iter().next().ok_or(CannotRegister::NoAgreement)?;
    let mut held = Held::new(&a, &b, best, outlined);
    if outlined && !held.anchored() {
        held = regrown(&a, &b, &held).unwrap_or(held);
    }
    let inner = held.pair.inward(&held.placed.map);
    let found = tiles::agreement(&held.pair.a, &held.pair.b, &inner);
    let (anchor, part, from) = match held.skin {
        Some(fit) if held.anchored() => (Anchor::Skin, Part::Skin, held.pair.outward(&fit.map)),
        _ => (Anchor::Lesion, Part::Whole, held.placed.map),
    };
    let fine = Pair::new(&a, &b, &from, f64::from(SIDE), FINE_BAND);
    let last =
        refined(&fine.a, &fine.b, fine.inward(&from), part, FINE_STEPS).ok_or(CannotRegister::NoAgreement)?;
    let rest = tiles::agreement(&fine.a, &fine.b, &last.map);
    let map = fine.outward(&last.map);
    let transform = map.inverse().ok_or(CannotRegister::NoAgreement)?;
    let registration = Registration {
        transform,
        scale: transform.scale(),
        turn_degrees: transform.turn_degrees(),
        residual_px: rest.residual * f64::from(SIDE) / (a.short_side() * fine.a.step.0 / a.step.0),
        correlation: last.correlation,
        overlap: held.placed.overlap,
        agreement: found.share,
        anchor,
    };
    Ok(Evidence {
        registration,
        middle: held.placed.correlation,
        skin: held.skin_correlation(),
        tiles: found.tiles,
        skin_share: held.skin_share(),
        start: start_score,
    })
}

/// The score of the best start and the fits at the middle level, found by the whole picture or by the skin.
fn placed_by(a: &Base, b: &Base, part: Part) -> (f64, Vec<Placed>) {
    let starts = search::starts(a, b, part, STARTS);
    let score = starts.first().map_or(0.0, |start| f64::from(start.score));
    let coarse = refine_all(a, b, starts.iter().map(|start| start.map), (COARSE, COARSE_BAND), part);
    let kept = coarse.iter().take(KEPT).map(|fit| fit.map);
    (score, refine_all(a, b, kept, (MIDDLE, MIDDLE_BAND), part))
}

/// What a thread found; its panic goes on here.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Root mean square of the detail from which a photograph has something to hold on to.
const MIN_STRENGTH: f64 = 0.1;
/// Correlation of the skin alone from which it holds the scale, and the share of the smaller picture that
/// it must make up.
const MIN_SKIN_CORRELATION: f64 = 0.45;
const MIN_SKIN_SHARE: f64 = 0.12;
/// Correlation of as much skin below which it speaks against the alignment.
const MAX_SKIN_AGAINST: f64 = 0.2;
/// Smallest share of the smaller field that both must show.
const MIN_OVERLAP: f64 = 0.25;
/// Lengths in one photograph over those in the other.
const SCALES: std::ops::RangeInclusive<f64> = 0.4..=2.5;
/// Correlation at the middle level.
const MIN_CORRELATION: f64 = 0.45;
/// Share of the tiles that agree, and how many at least.
const MIN_AGREEMENT: f64 = 0.25;
const MIN_AGREEING: f64 = 6.0;

/// The decision.
///
/// # Errors
/// [`CannotRegister`] by the thresholds.
pub fn accepted(evidence: &Evidence) -> Result<Registration, CannotRegister> {
    let found = &evidence.registration;
    if found.overlap < MIN_OVERLAP {
        return Err(CannotRegister::TooLittleOverlap);
    }
    let agrees = SCALES.contains(&found.scale)
        && evidence.middle >= MIN_CORRELATION
        && found.agreement >= MIN_AGREEMENT
        && found.agreement * evidence.tiles as f64 >= MIN_AGREEING;
    // Skin that is there and does not lie on itself belongs to another place, or the scale is wrong.
    let against = evidence.skin_share >= MIN_SKIN_SHARE && evidence.skin < MAX_SKIN_AGAINST;
    if agrees && !against { Ok(*found) } else { Err(CannotRegister::NoAgreement) }
}

/// An alignment at the middle level, and what the skin says of it.
struct Held {
    placed: Placed,
    pair: Pair,
    skin: Option<Fit>,
}

impl Held {
    fn new(a: &Base, b: &Base, placed: Placed, outlined: bool) -> Self {
        let pair = Pair::new(a, b, &placed.map, MIDDLE, MIDDLE_BAND);
        let inner = pair.inward(&placed.map);
        let skin = if outlined { refined(&pair.a, &pair.b, inner, Part::Skin, SKIN_STEPS) } else { None };
        Self { placed, pair, skin }
    }

    fn skin_correlation(&self) -> f64 {
        self.skin.map_or(0.0, |fit| fit.correlation)
    }

    /// Share of the smaller picture that the skin makes up in both.
    fn skin_share(&self) -> f64 {
        self.skin.map_or(0.0, |fit| fit.shared as f64 / self.pair.seen().max(1.0))
    }

    fn anchored(&self) -> bool {
        self.skin_correlation() >= MIN_SKIN_CORRELATION && self.skin_share() >= MIN_SKIN_SHARE
    }
}

/// Another alignment that the skin agrees with, at another scale of the lesion.
fn regrown(a: &Base, b: &Base, held: &Held) -> Option<Held> {
    let pair = &held.pair;
    let ((x, y), _) = a.lesion?;
    let middle = (x * pair.a.step.0 / a.step.0, y * pair.a.step.1 / a.step.1);
    let maps = growth::starts(&pair.a, &pair.b, &pair.inward(&held.placed.map), middle, KEPT);
    let outward: Vec<Transform> = maps.iter().map(|map| pair.outward(map)).collect();
    let fits = refine_all(a, b, outward.into_iter(), (MIDDLE, MIDDLE_BAND), Part::Skin);
    let maps: Vec<Transform> = fits.iter().map(|fit| fit.map).collect();
    judged(a, b, &maps).into_iter().map(|placed| Held::new(a, b, placed, true)).find(Held::anchored)
}

/// A fit in pixels of the photographs.
struct Placed {
    map: Transform,
    correlation: f64,
    overlap: f64,
}

/// Every map refined at one level, the best first.
fn refine_all(
    a: &Base,
    b: &Base,
    maps: impl Iterator<Item = Transform>,
    (short, band): (f64, Band),
    part: Part,
) -> Vec<Placed> {
    sorted(maps.filter_map(|map| Placed::after(a, b, &map, (short, band), part, STEPS)).collect())
}

/// Every map at the middle level as it is, the best first.
fn judged(a: &Base, b: &Base, maps: &[Transform]) -> Vec<Placed> {
    let level = (MIDDLE, MIDDLE_BAND);
    sorted(maps.iter().filter_map(|map| Placed::after(a, b, map, level, Part::Whole, 0)).collect())
}

fn sorted(mut placed: Vec<Placed>) -> Vec<Placed> {
    let worth = |fit: &Placed| fit.correlation * (fit.overlap / 0.5).min(1.0).sqrt();
    placed.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    placed
}

impl Placed {
    fn after(
        a: &Base,
        b: &Base,
        map: &Transform,
        (short, band): (f64, Band),
        part: Part,
        steps: usize,
    ) -> Option<Self> {
        let pair = Pair::new(a, b, map, short, band);
        let fit = refined(&pair.a, &pair.b, pair.inward(map), part, steps)?;
        Some(Self { map: pair.outward(&fit.map), correlation: fit.correlation, overlap: pair.overlap(&fit) })
    }
}

/// Both photographs at one level, a pixel of either showing about the same length of skin.
struct Pair {
    a: Level,
    b: Level,
}

impl Pair {
    /// `map` goes from pixels of the earlier photograph to those of the later one; neither short side
    /// exceeds `short`, and nothing is enlarged.
    fn new(a: &Base, b: &Base, map: &Transform, short: f64, band: Band) -> Self {
        let zoom = map.scale() * b.step.0 / a.step.0;
        let most = |base: &Base| (short / base.short_side()).min(1.0);
        let reduction = most(a).min(zoom * most(b));
        Self { a: Level::new(a, reduction, band), b: Level::new(b, reduction / zoom, band) }
    }

    /// A map of the photographs as one of the levels.
    fn inward(&self, map: &Transform) -> Transform {
        Transform::scaling(1.0 / self.a.step.0, 1.0 / self.a.step.1)
            .then(map)
            .then(&Transform::scaling(self.b.step.0, self.b.step.1))
    }

    fn outward(&self, map: &Transform) -> Transform {
        Transform::scaling(self.a.step.0, self.a.step.1)
            .then(map)
            .then(&Transform::scaling(1.0 / self.b.step.0, 1.0 / self.b.step.1))
    }

    /// Pixels of the smaller field, in those of the earlier level; both levels have pixels of one size.
    fn seen(&self) -> f64 {
        let seen = |level: &Level| level.valid.iter().filter(|&&valid| valid).count() as f64;
        seen(&self.a).min(seen(&self.b))
    }

    /// Share of the smaller field that both show.
    fn overlap(&self, fit: &Fit) -> f64 {
        let seen = |level: &Level| level.valid.iter().filter(|&&valid| valid).count() as f64;
        fit.shared as f64 / seen(&self.a).min(seen(&self.b) / fit.map.determinant().abs()).max(1.0)
    }
}
