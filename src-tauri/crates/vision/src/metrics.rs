//! Figures of a classifier on labelled pictures.

/// Area under the ROC curve by ranks, ties counted half (Mann–Whitney; Hanley 1982).
/// `None` without a positive or without a negative.
#[must_use]
pub fn auc(scores: &[f64], positive: &[bool]) -> Option<f64> {
    let positives = positive.iter().filter(|&&p| p).count();
    let negatives = positive.len() - positives;
    if positives == 0 || negatives == 0 || scores.len() != positive.len() {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let mut rank_sum = 0.0;
    let mut start = 0;
    while start < order.len() {
        let value = scores[order[start]];
        let end = start + order[start..].iter().take_while(|&&i| scores[i] == value).count();
        // Ranks count from 1; equal scores share the mean of theirs.
        let rank = (start + 1 + end) as f64 / 2.0;
        rank_sum += rank * order[start..end].iter().filter(|&&i| positive[i]).count() as f64;
        start = end;
    }
    let (p, n) = (positives as f64, negatives as f64);
    Some((rank_sum - p * (p + 1.0) / 2.0) / (p * n))
}

/// Mean over the classes that occur of the share of their pictures that was called rightly.
/// `None` without a picture.
#[must_use]
pub fn balanced_accuracy(predicted: &[usize], truth: &[usize]) -> Option<f64> {
    let classes = truth.iter().max()? + 1;
    let mut right = vec![0usize; classes];
    let mut count = vec![0usize; classes];
    for (&p, &t) in predicted.iter().zip(truth) {
        count[t] += 1;
        right[t] += usize::from(p == t);
    }
    let recalls: Vec<f64> =
        right.iter().zip(&count).filter(|(_, n)| **n > 0).map(|(r, n)| *r as f64 / *n as f64).collect();
    Some(recalls.iter().sum::<f64>() / recalls.len() as f64)
}

/// Expected calibration error of the top probability over 15 bins of equal width (Guo 2017): the
/// mean gap between confidence and accuracy, weighted by the bins' pictures. `None` without one.
#[must_use]
pub fn calibration_error(top: &[f64], correct: &[bool]) -> Option<f64> {
    const BINS: usize = 15;
    if top.is_empty() || top.len() != correct.len() {
        return None;
    }
    let mut confidence = [0.0; BINS];
    let mut right = [0.0; BINS];
    for (&p, &c) in top.iter().zip(correct) {
        let bin = ((p * BINS as f64) as usize).min(BINS - 1);
        confidence[bin] += p;
        right[bin] += f64::from(u8::from(c));
    }
    let gaps: f64 = confidence.iter().zip(&right).map(|(p, r)| (p - r).abs()).sum();
    Some(gaps / top.len() as f64)
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Proportion {
    pub hits: usize,
    pub total: usize,
    pub value: f64,
    /// Lower end of the Wilson score interval (Wilson 1927).
    pub low: f64,
    pub high: f64,
}

impl Proportion {
    /// `None` when there is nothing to count.
    #[must_use]
    pub fn of(hits: usize, total: usize) -> Option<Self> {
        const Z: f64 = 1.959_963_984_540_054;
        if total == 0 || hits > total {
            return None;
        }
        let n = total as f64;
        let value = hits as f64 / n;
        let centre = value + Z * Z / (2.0 * n);
        let half = Z * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Some(Self {
            hits,
            total,
            value,
            low: ((centre - half) / scale).max(0.0),
            high: ((centre + half) / scale).min(1.0),
        })
    }
}

/// Sensitivity and specificity of a yes-or-no call; each `None` when its side is empty.
#[must_use]
pub fn sensitivity_specificity(
    called: &[bool],
    positive: &[bool],
) -> (Option<Proportion>, Option<Proportion>) {
    let pairs = || called.iter().zip(positive);
    let positives = positive.iter().filter(|&&p| p).count();
    let hits = pairs().filter(|&(&c, &p)| c && p).count();
    let rejections = pairs().filter(|&(&c, &p)| !c && !p).count();
    (Proportion::of(hits, positives), Proportion::of(rejections, positive.len() - positives))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_pairs(scores: &[f64], positive: &[bool]) -> f64 {
        let (mut won, mut pairs) = (0.0, 0.0);
        for (i, &a) in scores.iter().enumerate().filter(|(i, _)| positive[*i]) {
            let _ = i;
            for (_, &b) in scores.iter().enumerate().filter(|(j, _)| !positive[*j]) {
                pairs += 1.0;
                won += if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                };
            }
        }
        won / pairs
    }

    #[test]
    fn known_values() {
        let auc = auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]).unwrap();
        assert!((auc - 0.75).abs() < 1e-12);
        let accuracy = balanced_accuracy(&[0, 0, 1, 1, 2], &[0, 0, 0, 1, 1]).unwrap();
        assert!((accuracy - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
        // One bin with confidence 0.9 and accuracy 0.5, one with confidence 0.3 and accuracy 0.
        let ece = calibration_error(&[0.9, 0.9, 0.3], &[true, false, false]).unwrap();
        assert!((ece - (0.8 + 0.3) / 3.0).abs() < 1e-12);
        // R: binom::binom.wilson(81, 263).
        let p = Proportion::of(81, 263).unwrap();
        assert!((p.low - 0.2553).abs() < 1e-4 && (p.high - 0.3662).abs() < 1e-4, "{p:?}");
    }

    #[test]
    fn nothing_to_count_is_none() {
        assert_eq!(auc(&[0.1], &[true]), None);
        assert_eq!(balanced_accuracy(&[], &[]), None);
        assert_eq!(calibration_error(&[], &[]), None);
        assert_eq!(Proportion::of(0, 0), None);
        let (sensitivity, specificity) = sensitivity_specificity(&[true], &[true]);
        assert!(sensitivity.is_some() && specificity.is_none());
    }

    proptest! {
        #[test]
        fn ranks_agree_with_counting_pairs(
            rows in prop::collection::vec((0u8..6, any::<bool>()), 2..40)
        ) {
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let positive: Vec<bool> = rows.iter().map(|row| row.1).collect();
            if let Some(auc) = auc(&scores, &positive) {
                prop_assert!((auc - by_pairs(&scores, &positive)).abs() < 1e-9);
            }
        }
    }
}
