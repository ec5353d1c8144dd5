//! Things in the picture that are not the lesion and mislead classifiers.

use super::plane::{Colour, Grey, regions};
use domain::quality::{QualityCheck, QualityCode};

/// Corners darker than this share of the ring around the centre are a dermoscope's vignette.
pub const MIN_CORNER_RATIO: f64 = 0.55;
/// Evenly spaced tick marks in a row that make a ruler.
pub const MIN_RULER_TICKS: f64 = 8.0;
/// Share of the picture under pen marks.
pub const MAX_INK_SHARE: f64 = 0.003;
/// Share of the picture under dark, thin, long lines.
pub const MAX_HAIR_SHARE: f64 = 0.004;

/// Grey levels a line must stand out by.
const LINE_DEPTH: u8 = 26;

pub fn checks(colour: &Colour) -> [QualityCheck; 4] {
    let grey = colour.grey();
    let scale = |what: &str| format!("{what}, short side 448 px");
    let corners = corner_ratio(&grey);
    let ticks = ruler_ticks(&grey) as f64;
    let ink = ink_share(colour);
    let hair = hair_share(colour, &grey);
    [
        QualityCheck {
            code: QualityCode::DarkCorners,
            passed: corners >= MIN_CORNER_RATIO,
            value: corners,
            limit: MIN_CORNER_RATIO,
            scale: scale("grey of the corners over grey of the ring"),
        },
        QualityCheck {
            code: QualityCode::Ruler,
            passed: ticks < MIN_RULER_TICKS,
            value: ticks,
            limit: MIN_RULER_TICKS,
            scale: scale("evenly spaced ticks in a row"),
        },
        QualityCheck {
            code: QualityCode::InkMarks,
            passed: ink <= MAX_INK_SHARE,
            value: ink,
            limit: MAX_INK_SHARE,
            scale: scale("share of pixels"),
        },
        QualityCheck {
            code: QualityCode::Hair,
            passed: hair <= MAX_HAIR_SHARE,
            value: hair,
            limit: MAX_HAIR_SHARE,
            scale: scale("share of pixels"),
        },
    ]
}

/// Mean grey of the four corner triangles (legs of 12 % of the short side) over the mean grey of the
/// ring from 60 % to 90 % of the half short side, where a centred lesion leaves skin. At most 2.
fn corner_ratio(grey: &Grey) -> f64 {
    let short = grey.width.min(grey.height) as f64;
    let leg = short * 0.12;
    let (centre_x, centre_y) = (grey.width as f64 / 2.0, grey.height as f64 / 2.0);
    let (inner, outer) = ((short * 0.3).powi(2), (short * 0.45).powi(2));
    let (mut corner, mut corner_count, mut ring, mut ring_count) = (0u64, 0u64, 0u64, 0u64);
    for y in 0..grey.height {
        let from_edge_y = y.min(grey.height - 1 - y) as f64;
        for (x, &level) in grey.row(y).iter().enumerate() {
            let from_edge_x = x.min(grey.width - 1 - x) as f64;
            let distance = (x as f64 + 0.5 - centre_x).powi(2) + (y as f64 + 0.5 - centre_y).powi(2);
            if from_edge_x + from_edge_y < leg {
                corner += u64::from(level);
                corner_count += 1;
            } else if distance >= inner && distance <= outer {
                ring += u64::from(level);
                ring_count += 1;
            }
        }
    }
    let corner = corner as f64 / corner_count.max(1) as f64;
    let ring = ring as f64 / ring_count.max(1) as f64;
    (corner / ring.max(1.0)).min(2.0)
}

/// Share of pixels in long thin dark lines: black-hat by lines of 11 pixels in four directions
/// (DullRazor, Lee 1997), then regions at least a fifth of the short side long. Three kinds of region
/// fall out: those with many pixels to a pixel of length, as a pigment network joins into, unless
/// they span more than the picture's short side, as a growth of crossing hairs does; those that lie
/// along an axis, as rulers and frames do; and those that are more blue than red in three tenths of
/// their pixels, as pen is.
fn hair_share(colour: &Colour, grey: &Grey) -> f64 {
    const RADIUS: isize = 5;
    const MAX_DENSITY: f64 = 9.0;
    const MAX_DENSITY_WIDE: f64 = 30.0;
    const MIN_SLENDERNESS: f64 = 0.12;
    let short = grey.width.min(grey.height) as f64;
    let min_length = 0.2 * short;
    let mut lines = vec![false; grey.values.len()];
    for step in [(1, 0), (0, 1), (1, 1), (1, -1)] {
        let closed = grey.closed(step, RADIUS);
        for (line, (filled, level)) in lines.iter_mut().zip(closed.values.iter().zip(&grey.values)) {
            *line |= filled - level > LINE_DEPTH;
        }
    }
    let hair: usize = regions(&lines, grey.width)
        .iter()
        .filter(|region| {
            let (width, height) = (region.width as f64, region.height as f64);
            let length = width.hypot(height);
            let count = region.pixels.len();
            let blue = |&&at: &&usize| colour.rgb[at * 3 + 2] > colour.rgb[at * 3];
            length >= min_length
                && count as f64 / length <= if length > short { MAX_DENSITY_WIDE } else { MAX_DENSITY }
                && width.min(height) >= MIN_SLENDERNESS * width.max(height)
                && region.pixels.iter().filter(blue).count() * 10 < count * 3
        })
        .map(|region| region.pixels.len())
        .sum();
    hair as f64 / grey.values.len() as f64
}

/// Share of pixels in strongly coloured blue, violet or green regions: pen on skin, which has no such
/// hue of its own (a blue-white veil is far less saturated). Regions under 0.05 % of the picture are
/// noise; a colour over half the picture is light or cloth, no mark.
fn ink_share(colour: &Colour) -> f64 {
    let total = colour.width * colour.height;
    let mask: Vec<bool> = colour.pixels().map(is_ink).collect();
    let marks: usize = regions(&mask, colour.width)
        .iter()
        .map(|region| region.pixels.len())
        .filter(|&pixels| pixels * 2_000 >= total)
        .sum();
    let share = marks as f64 / total as f64;
    if share > 0.5 { 0.0 } else { share }
}

fn is_ink([r, g, b]: [u8; 3]) -> bool {
    const MIN_SATURATION: f64 = 0.35;
    const MIN_VALUE: f64 = 50.0;
    let [r, g, b] = [r, g, b].map(f64::from);
    let (largest, smallest) = (r.max(g).max(b), r.min(g).min(b));
    let span = largest - smallest;
    if largest < MIN_VALUE || span < MIN_SATURATION * largest {
        return false;
    }
    let hue = if largest == r {
        60.0 * ((g - b) / span).rem_euclid(6.0)
    } else if largest == g {
        60.0 * ((b - r) / span + 2.0)
    } else {
        60.0 * ((r - g) / span + 4.0)
    };
    (90.0..=300.0).contains(&hue)
}

/// Most evenly spaced ticks found in a row, over horizontal and vertical rulers, dark and light marks.
fn ruler_ticks(grey: &Grey) -> usize {
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
