//! The receiver operating characteristic of a score, with the area under it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Interval, LEAST, count};

/// Corners of the curve that are given at most; a curve of more is thinned evenly.
const MOST_POINTS: usize = 400;

/// A corner: calling everything from `threshold` on malignant gives these shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RocPoint {
    pub threshold: f64,
    pub sensitivity: f64,
    pub false_positives: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Roc {
    /// From the strictest threshold, which calls nothing malignant, to the loosest.
    pub points: Vec<RocPoint>,
    pub auc: f64,
    /// Nothing where the score parts the two without an overlap: its variance is then none.
    pub interval: Option<Interval>,
}

/// The curve of scores with their truth; nothing with fewer than [`LEAST`] malignant or benign ones.
///
/// The variance of the area is that of DeLong et al. (Biometrics 1988;44:837–845), by the midranks of Sun and Xu
/// (IEEE Signal Process Lett 2014;21:1389–1393).
#[must_use]
pub fn roc(scores: &[(f64, bool)]) -> Option<Roc> {
    let malignant: Vec<f64> = scores.iter().filter(|(_, truth)| *truth).map(|(score, _)| *score).collect();
    let benign: Vec<f64> = scores.iter().filter(|(_, truth)| !*truth).map(|(score, _)| *score).collect();
    if count(malignant.len()) < LEAST || count(benign.len()) < LEAST {
        return None;
    }
    let (auc, variance) = delong(&malignant, &benign);
    let interval = (variance > 0.0).then(|| Interval::around(auc, variance.sqrt(), (0.0, 1.0)));
    Some(Roc { points: points(scores, malignant.len() as f64, benign.len() as f64), auc, interval })
}

fn delong(malignant: &[f64], benign: &[f64]) -> (f64, f64) {
    let (m, n) = (malignant.len() as f64, benign.len() as f64);
    let all = midranks(&[malignant, benign].concat());
    let (among_malignant, among_benign) = (midranks(malignant), midranks(benign));
    let (of_malignant, of_benign) = all.split_at(malignant.len());
    let above: Vec<f64> = of_malignant.iter().zip(&among_malignant).map(|(z, x)| (z - x) / n).collect();
    let below: Vec<f64> = of_benign.iter().zip(&among_benign).map(|(z, y)| 1.0 - (z - y) / m).collect();
    let auc = above.iter().sum::<f64>() / m;
    (auc, variance(&above, auc) / m + variance(&below, auc) / n)
}

fn variance(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// Ranks from 1, equals at the mean of theirs.
fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let value = values[order[first]];
        let next =
            order[first..].iter().position(|at| values[*at] != value).map_or(order.len(), |n| first + n);
        let rank = 0.5 * (first + next + 1) as f64;
        for at in &order[first..next] {
            ranks[*at] = rank;
        }
        first = next;
    }
    ranks
}

fn points(scores: &[(f64, bool)], malignant: f64, benign: f64) -> Vec<RocPoint> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut all = vec![RocPoint { threshold: 1.0, sensitivity: 0.0, false_positives: 0.0 }];
    let (mut hits, mut false_hits) = (0.0, 0.0);
    for (at, (score, truth)) in sorted.iter().enumerate() {
        if *truth {
            hits += 1.0;
        } else {
            false_hits += 1.0;
        }
        if sorted.get(at + 1).is_none_or(|(next, _)| next != score) {
            all.push(RocPoint {
                threshold: *score,
                sensitivity: hits / malignant,
                false_positives: false_hits / benign,
            });
        }
    }
    let corners = corners(all);
    if corners.len() <= MOST_POINTS {
        return corners;
    }
    let last = corners.len() - 1;
    (0..MOST_POINTS).map(|at| corners[at * last / (MOST_POINTS - 1)]).collect()
}

/// Without what lies on a level or upright stretch between two others.
fn corners(all: Vec<RocPoint>) -> Vec<RocPoint> {
    let mut kept: Vec<RocPoint> = Vec::with_capacity(all.len());
    for point in all {
        while let [.., before, last] = kept.as_slice() {
            let level = before.sensitivity == last.sensitivity && last.sensitivity == point.sensitivity;
            let upright = before.false_positives == last.false_positives
                && last.false_positives == point.false_positives;
            if !level && !upright {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
