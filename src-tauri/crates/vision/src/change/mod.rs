//! What has changed between two registered photographs of one lesion, from their outlines.
//!
//! Sizes are compared by calibrated scales where both photographs have one, else by the skin around the
//! lesion. Colours are compared after the later photograph was given the earlier one's skin: a gain for
//! each channel of linear light (von Kries), which takes lamp and white balance away.
//!
//! The intervals come from pairs of HAM10000 that show one lesion twice, mostly on one day: 95 of 100 such
//! pairs stay within [`AREA_NOISE`], [`DIAMETER_NOISE`] (137 pairs with the archive's outlines, none at the
//! frame; the medians are 5 % and 3 %) and [`COLOUR_NOISE`] (119 pairs; 16.5 without the gain). Nearly all
//! of it is the outline, which two photographs do not give alike. Where sizes are compared by calibrated scales, the
//! error of their ratio ([`domain::uncertainty`]) is added to the interval as an independent share.

mod light;
mod trace;

use crate::decode::Photograph;
use crate::mask::Mask;
use crate::measure::view::View;
use crate::measure::{Measures, colours_of};
use domain::comparison::{
    Anchor, Both, Bounded, Change, ColourShift, MeanColourChange, Registration, SizeBasis, SizeChange,
    Transform,
};
use domain::measure::{Colours, DermoscopicColour};
use domain::uncertainty::Spread;

pub use trace::polygon;

/// Half width of the logarithm of the ratio of areas.
pub const AREA_NOISE: f64 = 0.40;
/// Half width of the logarithm of the ratio of largest diameters.
pub const DIAMETER_NOISE: f64 = 0.21;
/// ΔE*ab of the mean colours.
pub const COLOUR_NOISE: f64 = 11.0;
/// Calibrated scales and registration may differ by this share.
const SCALE_CONFLICT: f64 = 0.05;

/// One photograph with its outline and what was measured of it.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub photo: &'a Photograph,
    pub mask: &'a Mask,
    pub measures: &'a Measures,
}

/// Compares two registered photographs. `scale_error` is the standard uncertainty of the ratio of their scales as a
/// share of it, where both are known and it is stated.
#[must_use]
pub fn change(
    earlier: Seen<'_>,
    later: Seen<'_>,
    registration: &Registration,
    scale_error: Option<f64>,
) -> Change {
    let touches_frame = earlier.measures.touches_frame || later.measures.touches_frame;
    let known = earlier.measures.mm_per_px.zip(later.measures.mm_per_px);
    let size = if touches_frame { None } else { size(&earlier, &later, registration, known, scale_error) };
    let told = (registration.anchor == Anchor::Skin && !touches_frame)
        .then(|| regions(earlier.mask, later.mask, &registration.transform))
        .flatten();
    // Laid over each other by the lesion alone, its growth is in the scale of the map.
    let conflict = known
        .filter(|_| registration.anchor == Anchor::Skin)
        .map(|(before, after)| registration.scale / (after / before))
        .filter(|ratio| (ratio - 1.0).abs() > SCALE_CONFLICT);
    let both = |before: Option<f64>, after: Option<f64>| {
        before.zip(after).map(|(earlier, later)| Both { earlier, later })
    };
    let index = |seen: &Seen<'_>| seen.measures.asymmetry.as_ref().map(|asymmetry| asymmetry.index);
    let border = |seen: &Seen<'_>| seen.measures.border.as_ref().map(|border| f64::from(border.score));
    let (colour, colours) = colour(&earlier, &later);
    Change {
        size,
        gained: told.map(|(gained, _)| gained),
        lost: told.map(|(_, lost)| lost),
        colour,
        colours,
        asymmetry: both(index(&earlier), index(&later)),
        border: both(border(&earlier), border(&later)),
        compactness: Both {
            earlier: earlier.measures.shape.compactness,
            later: later.measures.shape.compactness,
        },
        touches_frame,
        scale_conflict: conflict,
    }
}

fn size(
    earlier: &Seen<'_>,
    later: &Seen<'_>,
    registration: &Registration,
    known: Option<(f64, f64)>,
    scale_error: Option<f64>,
) -> Option<SizeChange> {
    let (basis, scale) = match (known, registration.anchor) {
        (Some((before, after)), _) => (SizeBasis::Calibrated, after / before),
        (None, Anchor::Skin) => (SizeBasis::Skin, registration.scale),
        (None, Anchor::Lesion) => return None,
    };
    let (before, after) = (&earlier.measures.size, &later.measures.size);
    let area = after.area_px as f64 * scale * scale / before.area_px as f64;
    let diameter = after.feret_px * scale / before.feret_px;
    let scale_error = scale_error.filter(|_| basis == SizeBasis::Calibrated);
    let spread = Spread::of_scale(scale_error.unwrap_or(0.0));
    let pair = |value: fn(&domain::measure::Size) -> Option<f64>| Some([value(before)?, value(after)?]);
    Some(SizeChange {
        basis,
        area: Bounded::ratio(area, AREA_NOISE.hypot(spread.area)),
        diameter: Bounded::ratio(diameter, DIAMETER_NOISE.hypot(spread.length)),
        diameters_mm: pair(|size| size.feret_mm),
        areas_mm2: pair(|size| size.area_mm2),
        scale_error,
    })
}

/// Shares of the earlier area that are new and that are lost. `None` for an empty outline.
fn regions(earlier: &Mask, later: &Mask, to_earlier: &Transform) -> Option<(f64, f64)> {
    let to_later = to_earlier.inverse()?;
    let (mut before, mut shared) = (0u64, 0u64);
    for (x, y) in earlier.places() {
        let (u, v) = to_later.apply((x as f64 + 0.5, y as f64 + 0.5));
        before += 1;
        shared += u64::from(later.contains(u.floor() as i64, v.floor() as i64));
    }
    if before == 0 {
        return None;
    }
    // The later lesion may reach beyond the earlier picture: its area is counted in its own.
    let after = later.area() as f64 * to_earlier.determinant().abs();
    let (before, shared) = (before as f64, shared as f64);
    Some((((after - shared) / before).max(0.0), 1.0 - shared / before))
}

fn colour(earlier: &Seen<'_>, later: &Seen<'_>) -> (Option<MeanColourChange>, Vec<ColourShift>) {
    let views = View::new(earlier.photo, earlier.mask).zip(View::new(later.photo, later.mask));
    let Some((before, mut after)) = views else { return (None, Vec::new()) };
    let gains = light::skin(&before).zip(light::skin(&after)).map(|(to, from)| light::gains(from, to));
    if let Some(gains) = gains {
        light::relight(&mut after, gains);
    }
    let shift = gains.and_then(|_| light::mean(&before).zip(light::mean(&after))).map(|(before, after)| {
        let [lightness, red_green, yellow_blue]: [f64; 3] =
            std::array::from_fn(|k| f64::from(after[k] - before[k]));
        let difference = (lightness.powi(2) + red_green.powi(2) + yellow_blue.powi(2)).sqrt();
        MeanColourChange { lightness, red_green, yellow_blue, difference, noise: COLOUR_NOISE }
    });
    let share = |colours: &Option<Colours>, colour: DermoscopicColour| {
        let found = colours.as_ref().and_then(|all| all.present.iter().find(|one| one.colour == colour));
        found.map_or(0.0, |one| one.share)
    };
    let (old, new) = (colours_of(&before), colours_of(&after));
    let shifts = DermoscopicColour::ALL
        .into_iter()
        .map(|colour| ColourShift { colour, earlier: share(&old, colour), later: share(&new, colour) })
        .filter(|shift| shift.earlier > 0.0 || shift.later > 0.0)
        .collect();
    (shift, shifts)
}
