//! What photographs of skin have in them besides skin, and how surely it is there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Score from which an artefact counts as present.
pub const PRESENT: f64 = 0.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Artefact {
    Ruler,
    Ink,
    DarkCorners,
    Hair,
    Bubbles,
}

impl Artefact {
    pub const ALL: [Self; 5] = [Self::Ruler, Self::Ink, Self::DarkCorners, Self::Hair, Self::Bubbles];
}

/// Scores of 0 to 1; from [`PRESENT`] on the artefact is there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ArtefactScores {
    /// Evenly spaced ticks along a row or column: 0.5 is 8 of them.
    pub ruler: f64,
    /// Share of the picture under blue, violet or green pen: 0.5 is 0.3 %.
    pub ink: f64,
    /// Corners against the middle: 0.5 is a corner of 55 % of the middle's grey.
    pub dark_corners: f64,
    /// Share of the picture under dark, thin, long lines: 0.5 is 0.4 %.
    pub hair: f64,
    /// Bright rings: 0.5 is 2 of them.
    pub bubbles: f64,
}

impl ArtefactScores {
    #[must_use]
    pub const fn score(&self, artefact: Artefact) -> f64 {
        match artefact {
            Artefact::Ruler => self.ruler,
            Artefact::Ink => self.ink,
            Artefact::DarkCorners => self.dark_corners,
            Artefact::Hair => self.hair,
            Artefact::Bubbles => self.bubbles,
        }
    }

    /// The artefacts that are there.
    pub fn present(&self) -> impl Iterator<Item = Artefact> + '_ {
        Artefact::ALL.into_iter().filter(|&artefact| self.score(artefact) >= PRESENT)
    }
}
