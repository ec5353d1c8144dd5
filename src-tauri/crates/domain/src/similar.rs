//! Cases of other lesions that look alike to the classifier.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How near two photographs lie in the classifier's features, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// Half of all pairs of photographs of one lesion are this near.
    Near,
    Fair,
    /// Nine in ten pairs of photographs of one lesion are nearer.
    Far,
}

/// Where the words change, in cosine distance (0 the same direction, 1 nothing in common). They belong to
/// one model and stand in its card.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NearnessBounds {
    /// Up to here near.
    pub near: f64,
    /// From here on far.
    pub far: f64,
}

impl NearnessBounds {
    #[must_use]
    pub fn judge(&self, distance: f64) -> Nearness {
        if distance <= self.near {
            Nearness::Near
        } else if distance < self.far {
            Nearness::Fair
        } else {
            Nearness::Far
        }
    }
}

/// Ten years of age. It tells enough to judge a lesion and not who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgeBand {
    /// Completed years, a multiple of ten.
    pub from: u8,
    /// `None` from 90 on: the very old are few enough to be known by their age.
    pub to: Option<u8>,
}

impl AgeBand {
    const OLDEST: i16 = 90;

    /// The band of an age in completed years; nothing for one before birth.
    #[must_use]
    pub fn of(age: i16) -> Option<Self> {
        let from = u8::try_from(age.min(Self::OLDEST) / 10 * 10).ok().filter(|_| age >= 0)?;
        Some(Self { from, to: (age < Self::OLDEST).then_some(from + 9) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_nearer_word_below_and_to_the_farther_above() {
        let bounds = NearnessBounds { near: 0.1, far: 0.3 };
        let words = [0.0, 0.1, 0.2, 0.3, 1.0].map(|distance| bounds.judge(distance));
        assert_eq!(words, [Nearness::Near, Nearness::Near, Nearness::Fair, Nearness::Far, Nearness::Far]);
    }

    #[test]
    fn ages_fall_into_decades_and_the_last_is_open() {
        assert_eq!(AgeBand::of(0), Some(AgeBand { from: 0, to: Some(9) }));
        assert_eq!(AgeBand::of(69), Some(AgeBand { from: 60, to: Some(69) }));
        assert_eq!(AgeBand::of(89), Some(AgeBand { from: 80, to: Some(89) }));
        assert_eq!(AgeBand::of(104), Some(AgeBand { from: 90, to: None }));
        assert_eq!(AgeBand::of(-1), None);
    }
}
