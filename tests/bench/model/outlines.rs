//! The outline model beside outlines that people drew or checked.

use vision::mask::Mask;
use vision::outline::Outliner;

use super::lesions::{IN_DOMAIN, Lesions, OTHER_SOURCE, Row};
use super::{each, mean, plain, share};
use crate::figure::{Figure, Target};

pub fn figures(outliner: &Outliner, lesions: &Lesions) -> Vec<Figure> {
    let mut all = Vec::new();
    let mut figures = Vec::new();
    for set in [IN_DOMAIN, OTHER_SOURCE] {
        let overlaps: Vec<f64> =
            each(&lesions.of(set), |row| overlap(outliner, row)).into_iter().flatten().collect();
        figures.extend(figures_of(set, &overlaps, false));
        all.extend(overlaps);
    }
    figures.extend(figures_of("val", &all, true));
    figures
}

fn figures_of(set: &str, overlaps: &[f64], judged: bool) -> [Figure; 2] {
    let target = |target| judged.then_some(target);
    [
        plain("outline_jaccard", set, mean(overlaps.iter().copied()), target(Target::AtLeast(0.8))),
        plain("outline_below_half", set, share(overlaps, |&j| j < 0.5), target(Target::AtMost(0.05))),
    ]
}

/// Intersection over union, 0 where no outline was found; nothing for a row without an outline.
fn overlap(outliner: &Outliner, row: &Row) -> Option<f64> {
    let truth: Mask = row.outline()?;
    Some(outliner.outline(&row.photograph()).map_or(0.0, |found| found.mask.jaccard(&truth)))
}
