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
use crate::lab::{Lab, difference};
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
    let fold = Fold { view, smooth: view.smooth(), centre: view.mask.centroid()? };
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

struct Fold<'a> {
    view: &'a View,
    smooth: Vec<Lab>,
    centre: (f64, f64),
}

impl Fold<'_> {
    fn pair(&self, angle: f64) -> [AxisFold; 2] {
        [self.over(angle), self.over(angle + FRAC_PI_2)]
    }

    fn over(&self, angle: f64) -> AxisFold {
        let (sin, cos) = (2.0 * angle).sin_cos();
        let mask = &self.view.mask;
        let (mut lonely, mut differing, mut partners) = (0u32, 0u32, 0u32);
        for (x, y) in mask.places() {
            let (dx, dy) = (x as f64 - self.centre.0, y as f64 - self.centre.1);
            let u = (self.centre.0 + cos * dx + sin * dy).round() as i64;
            let v = (self.centre.1 + sin * dx - cos * dy).round() as i64;
            if !mask.contains(u, v) {
                lonely += 1;
                continue;
            }
            partners += 1;
            let here = self.smooth[y * self.view.width + x];
            let there = self.smooth[v as usize * self.view.width + u as usize];
            differing += u32::from(difference(here, there) >= VISIBLE);
        }
        AxisFold {
            angle: if angle > FRAC_PI_2 { angle - PI } else { angle },
            contour: f64::from(lonely) / f64::from(lonely + partners),
            colour: f64::from(differing) / f64::from(partners.max(1)),
        }
    }
}
