//! Asymmetry about two perpendicular axes, as the ABCD rule has it.
//!
//! Stolz et al. 1994 and Nachbar et al. 1994 (J Am Acad Dermatol 30:551) lay two perpendicular axes
//! through the lesion so that the asymmetry comes out as small as it can, and give a point for each
//! axis on whose two sides contour or colours differ: 0, 1 or 2. Here the lesion is folded over each
//! axis through its centroid. Contour is the share of the lesion that finds no partner, half the area
//! of the symmetric difference over the area (Stoecker et al., Comput Med Imaging Graph 1992;16:191);
//! colour is the share of the partnered pixels whose colours differ visibly in CIE L*a*b*.

use super::geometry::principal_angle;
use super::view::View;
use crate::lab::Lab;
use domain::measure::{Asymmetry, AxisFold};
use std::f64::consts::{FRAC_PI_2, PI};

/// Share of the lesion without a partner from which the contour counts as asymmetric. This limit and the
/// next are set between the naevi and the melanomas of HAM10000 and ISIC 2017 (training parts).
const CONTOUR_LIMIT: f64 = 0.12;
/// Share of differing partners from which the colours count as asymmetric.
const COLOUR_LIMIT: f64 = 0.15;
/// ΔE*ab from which two colours differ clearly at a glance.
const VISIBLE: f32 = 15.0;
/// Directions tried for the pair of axes over a quarter turn, besides the principal axes.
const DIRECTIONS: usize = 30;
/// Fewest pixels of the view that have a symmetry.
const MIN_AREA: usize = 50;

/// `None` for a lesion of fewer than 50 pixels in the view.
pub fn measure(view: &View) -> Option<Asymmetry> {
    if view.area < MIN_AREA {
        return None;
    }
    let fold = Fold::new(view)?;
    let principal = fold.pair(principal_angle(&view.mask)?);
    let turned = (0..DIRECTIONS).map(|k| fold.pair(FRAC_PI_2 * k as f64 / DIRECTIONS as f64));
    let key = |pair: &[AxisFold; 2]| (score(pair), index(&pair[0]) + index(&pair[1]));
    let axes = std::iter::once(principal).chain(turned).min_by(|a, b| {
        let ((points_a, index_a), (points_b, index_b)) = (key(a), key(b));
        points_a.cmp(&points_b).then(index_a.total_cmp(&index_b))
    })?;
    let index = f64::midpoint(index(&axes[0]), index(&axes[1]));
    Some(Asymmetry { score: score(&axes), index, axes, principal })
}

fn score(pair: &[AxisFold; 2]) -> u8 {
    pair.iter().map(|axis| u8::from(index(axis) >= 1.0)).sum()
}

/// The larger of contour and colour over its limit; from 1 on the axis has a point.
fn index(axis: &AxisFold) -> f64 {
    (axis.contour / CONTOUR_LIMIT).max(axis.colour / COLOUR_LIMIT)
}

struct Fold {
    width: usize,
    height: usize,
    /// Colour of each pixel inside, in L*a*b*.
    colours: Vec<Option<Lab>>,
    places: Vec<(i32, i32, Lab)>,
    centre: (f64, f64),
}

impl Fold {
    fn new(view: &View) -> Option<Self> {
        let (mask, centre) = (&view.mask, view.mask.centroid()?);
        let smooth = view.smooth();
        let place = |(x, y): (usize, usize)| (x as i32, y as i32, smooth[y * view.width + x]);
        Some(Self {
            width: mask.width(),
            height: mask.height(),
            colours: mask.pixels().iter().zip(&smooth).map(|(&inside, &lab)| inside.then_some(lab)).collect(),
            places: mask.places().map(place).collect(),
            centre,
        })
    }

    fn pair(&self, angle: f64) -> [AxisFold; 2] {
        [self.over(angle), self.over(angle + FRAC_PI_2)]
    }

    fn over(&self, angle: f64) -> AxisFold {
        let (sin, cos) = (2.0 * angle).sin_cos();
        let (x, y) = self.centre;
        let (across, down) = (Line::new(x, (cos, sin), (x, y)), Line::new(y, (sin, -cos), (x, y)));
        let (mut differing, mut partners) = (0u32, 0u32);
        for &(x, y, here) in &self.places {
            let (u, v) = (across.at(x, y), down.at(x, y));
            if u >= self.width || v >= self.height {
                continue;
            }
            if let Some(there) = self.colours[v * self.width + u] {
                partners += 1;
                differing += u32::from(differs(here, there));
            }
        }
        let lonely = self.places.len() as u32 - partners;
        AxisFold {
            angle: if angle > FRAC_PI_2 { angle - PI } else { angle },
            contour: f64::from(lonely) / self.places.len() as f64,
            colour: f64::from(differing) / f64::from(partners.max(1)),
        }
    }
}

/// A coordinate of the mirrored place, with 32 binary digits behind the point: there are millions of places, and whole
/// numbers are the quicker ones.
struct Line {
    start: i64,
    by_x: i64,
    by_y: i64,
}

impl Line {
    /// `from` where the place is at the centre, and more by `by` for every pixel across and down.
    fn new(from: f64, by: (f64, f64), centre: (f64, f64)) -> Self {
        let fixed = |value: f64| (value * 4_294_967_296.0).round() as i64;
        Self {
            start: fixed(from - by.0 * centre.0 - by.1 * centre.1 + 0.5),
            by_x: fixed(by.0),
            by_y: fixed(by.1),
        }
    }

    /// The nearest pixel; one before the first is very far.
    fn at(&self, x: i32, y: i32) -> usize {
        ((self.start + self.by_x * i64::from(x) + self.by_y * i64::from(y)) >> 32) as usize
    }
}

/// ΔE*ab (CIE 1976) of at least [`VISIBLE`].
fn differs(a: Lab, b: Lab) -> bool {
    let squares: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    squares >= VISIBLE * VISIBLE
}
