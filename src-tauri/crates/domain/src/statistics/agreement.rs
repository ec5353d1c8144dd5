//! How far two opinions of the same lesions agree beyond chance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Interval, LEAST, Opinion, Proportion, count};
use crate::model::Malignancy;

/// Agreement of two opinions over lesions in which both have one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Kappa {
    /// How often they say the same.
    pub agree: Proportion,
    /// How often they would by chance.
    pub by_chance: Option<f64>,
    /// Nothing with fewer than [`LEAST`] lesions, and where chance alone explains everything.
    pub kappa: Option<f64>,
    pub interval: Option<Interval>,
}

/// What a clinician and a reading said of one lesion.
#[derive(Clone, Debug, PartialEq)]
pub struct OpinionPair {
    pub clinician: Opinion,
    pub reading: Opinion,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AgreementFigures {
    pub lesions: u32,
    /// Benign, premalignant or malignant alike.
    pub malignancy: Kappa,
    /// The same class of the model.
    pub class: Kappa,
}

/// Agreement on malignancy and on class, where both say something.
#[must_use]
pub fn opinions_agree(pairs: &[OpinionPair]) -> AgreementFigures {
    let place = |malignancy: Malignancy| malignancy as u8;
    let malignancy: Vec<(u8, u8)> = pairs
        .iter()
        .filter_map(|pair| pair.clinician.malignancy.map(place).zip(pair.reading.malignancy.map(place)))
        .collect();
    let class: Vec<(&str, &str)> = pairs
        .iter()
        .filter_map(|pair| pair.clinician.class.as_deref().zip(pair.reading.class.as_deref()))
        .collect();
    AgreementFigures { lesions: count(pairs.len()), malignancy: kappa(&malignancy), class: kappa(&class) }
}

/// Cohen's kappa (Educ Psychol Meas 1960;20:37–46) with the large-sample standard error of Fleiss, Cohen and
/// Everitt (Psychol Bull 1969;72:323–327).
#[must_use]
pub fn kappa<T: Copy + Ord>(pairs: &[(T, T)]) -> Kappa {
    let same = count(pairs.iter().filter(|(a, b)| a == b).count());
    let agree = Proportion::judged(same, count(pairs.len()));
    let mut figures = Kappa { agree, by_chance: None, kappa: None, interval: None };
    if count(pairs.len()) < LEAST {
        return figures;
    }
    let n = pairs.len() as f64;
    let mut cells: BTreeMap<(T, T), f64> = BTreeMap::new();
    let mut first: BTreeMap<T, f64> = BTreeMap::new();
    let mut second: BTreeMap<T, f64> = BTreeMap::new();
    for (a, b) in pairs {
        *cells.entry((*a, *b)).or_default() += 1.0 / n;
        *first.entry(*a).or_default() += 1.0 / n;
        *second.entry(*b).or_default() += 1.0 / n;
    }
    let of = |margin: &BTreeMap<T, f64>, category: &T| margin.get(category).copied().unwrap_or_default();
    let observed = f64::from(same) / n;
    let by_chance: f64 = first.iter().map(|(category, share)| share * of(&second, category)).sum();
    figures.by_chance = Some(by_chance);
    if 1.0 - by_chance < 1e-12 {
        return figures;
    }
    let kappa = (observed - by_chance) / (1.0 - by_chance);
    let left = 1.0 - kappa;
    let mut spread = 0.0;
    for ((a, b), share) in &cells {
        if a == b {
            spread += share * (1.0 - (of(&first, a) + of(&second, a)) * left).powi(2);
        } else {
            spread += share * (left * (of(&second, a) + of(&first, b))).powi(2);
        }
    }
    spread -= (kappa - by_chance * left).powi(2);
    let variance = spread.max(0.0) / (n * (1.0 - by_chance).powi(2));
    figures.kappa = Some(kappa);
    figures.interval = (variance > 0.0).then(|| Interval::around(kappa, variance.sqrt(), (-1.0, 1.0)));
    figures
}
