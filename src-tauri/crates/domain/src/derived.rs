//! What follows from photographs and a model and can be made again: pictures for the screen, heatmaps, the
//! directions by which like cases are found. A pass looks all of it through, and makes anew what is missing or
//! cannot be opened.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// In the order in which a pass goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DerivedKind {
    /// The copies of a photograph for screen and list. Tiles are cut from the original in memory and never kept.
    Pictures,
    /// The heatmaps and the overlay of a reading. They are made again only by the very model that made the reading.
    Heatmaps,
    /// The features of photographs in the model in use.
    Directions,
}

impl DerivedKind {
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Pictures => Some(Self::Heatmaps),
            Self::Heatmaps => Some(Self::Directions),
            Self::Directions => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DerivedPurpose {
    /// Opens everything and counts; nothing is changed.
    Look,
    /// Makes anew what is missing or cannot be opened.
    Make,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DerivedState {
    /// Also while nobody is signed in: it goes on at the next sign-in.
    Running,
    Finished,
    Cancelled,
    Failed,
}

/// What a pass found in one kind: photographs, or readings where it is heatmaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DerivedCounts {
    pub looked: u32,
    /// Something of it is missing or cannot be opened, and can be made again.
    pub stale: u32,
    /// Of these, made anew.
    pub made: u32,
    /// Stale, but the model that it takes is not in use.
    pub without_model: u32,
    /// Stale, but the patient does not agree to models that look at photographs.
    pub without_consent: u32,
    /// It could not be made: the photograph itself cannot be opened.
    pub failed: u32,
}

/// What a pass found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DerivedTally {
    pub pictures: DerivedCounts,
    pub heatmaps: DerivedCounts,
    pub directions: DerivedCounts,
}

impl DerivedTally {
    pub const fn of(&mut self, kind: DerivedKind) -> &mut DerivedCounts {
        match kind {
            DerivedKind::Pictures => &mut self.pictures,
            DerivedKind::Heatmaps => &mut self.heatmaps,
            DerivedKind::Directions => &mut self.directions,
        }
    }

    #[must_use]
    pub const fn looked(&self) -> u32 {
        self.pictures.looked + self.heatmaps.looked + self.directions.looked
    }

    /// Another model came into use in the middle: what was found of the one before does not hold.
    pub fn forget_models(&mut self) {
        self.heatmaps = DerivedCounts::default();
        self.directions = DerivedCounts::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_model_keeps_what_no_model_made() {
        let mut tally = DerivedTally::default();
        for (kind, looked) in
            [(DerivedKind::Pictures, 5), (DerivedKind::Heatmaps, 3), (DerivedKind::Directions, 2)]
        {
            tally.of(kind).looked = looked;
        }
        assert_eq!(tally.looked(), 10);
        tally.forget_models();
        assert_eq!((tally.looked(), tally.pictures.looked), (5, 5));
    }

    #[test]
    fn a_pass_goes_through_every_kind_once() {
        let mut kinds = vec![DerivedKind::Pictures];
        while let Some(next) = kinds[kinds.len() - 1].next() {
            kinds.push(next);
        }
        assert_eq!(kinds, [DerivedKind::Pictures, DerivedKind::Heatmaps, DerivedKind::Directions]);
    }
}
