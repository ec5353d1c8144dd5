//! What the measures of a picture suggest for a list. Nothing here is an answer: the clinician gives those.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChecklistKind, ChecklistKind::*};
use crate::measure::{DermoscopicColour, Measures};
use crate::tds::DifferentialStructures;

/// Colours from which a lesion counts as varied in colour. The clinical lists give no number.
const VARIED: u8 = 3;

/// From this share on by which its border is longer than a smooth ellipse's, an outline counts as irregular. The
/// clinical list gives no number. Of 250 naevi of HAM10000, drawn by lot from those whose outline in the archive does
/// not reach the frame, 25 reach it, and of 250 melanomas 71.
const RAGGED: f64 = 0.10;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum ProposalBasis {
    /// Axes of asymmetry, 0 to 2.
    Asymmetry {
        axes: u8,
    },
    /// Eighths of the border that end abruptly, 0 to 8.
    Border {
        eighths: u8,
    },
    /// Share by which the border is longer than that of the ellipse with the same area and roundness: 0 for every
    /// smooth ellipse, long or round.
    Outline {
        excess: f64,
    },
    Colours {
        present: Vec<DermoscopicColour>,
    },
    /// Guessed from the entropy of the texture: the structures themselves are not recognised.
    Texture {
        entropy: f64,
    },
    /// Largest diameter; a lower bound where the lesion reaches the frame.
    Diameter {
        mm: f64,
        at_least: bool,
    },
}

/// A value that a picture suggests for an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Proposal {
    pub kind: ChecklistKind,
    /// Code of the item.
    pub item: String,
    pub value: u8,
    pub basis: ProposalBasis,
}

/// Everything the measures suggest. Where the lesion reaches the frame its symmetry and border say nothing,
/// and a diameter counts only when it is large enough already.
#[must_use]
pub fn proposals(measures: &Measures) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut propose = |kind, item: &str, value: u8, basis: &ProposalBasis| {
        found.push(Proposal { kind, item: item.to_owned(), value, basis: basis.clone() });
    };
    if let Some(asymmetry) = measures.whole_asymmetry() {
        let axes = asymmetry.score;
        let basis = ProposalBasis::Asymmetry { axes };
        propose(Abcd, "asymmetry", axes, &basis);
        propose(WeightedSevenPoint, "shape", u8::from(axes > 0), &basis);
        propose(Menzies, "symmetry", u8::from(axes == 0), &basis);
        propose(Abcde, "asymmetry", u8::from(axes > 0), &basis);
    }
    if let Some(border) = measures.whole_border() {
        propose(Abcd, "border", border.score, &ProposalBasis::Border { eighths: border.score });
    }
    if let Some(excess) = measures.shape.border_excess().filter(|_| !measures.touches_frame) {
        propose(Abcde, "border", u8::from(excess >= RAGGED), &ProposalBasis::Outline { excess });
    }
    if let Some(colours) = &measures.colours {
        let count = colours.count();
        let present = colours.present.iter().map(|share| share.colour).collect();
        let basis = ProposalBasis::Colours { present };
        propose(Abcd, "colours", count, &basis);
        propose(WeightedSevenPoint, "colour", u8::from(count >= VARIED), &basis);
        propose(Menzies, "single_colour", u8::from(count == 1), &basis);
        propose(Menzies, "many_colours", u8::from(count >= 5), &basis);
        propose(Abcde, "colour", u8::from(count >= VARIED), &basis);
    }
    if let Some(texture) = &measures.texture {
        let count = DifferentialStructures::proposed(texture).count();
        propose(Abcd, "structures", count, &ProposalBasis::Texture { entropy: texture.entropy });
    }
    if let Some(mm) = measures.size.feret_mm {
        let at_least = measures.touches_frame;
        let basis = ProposalBasis::Diameter { mm, at_least };
        for (kind, reached) in [(WeightedSevenPoint, mm >= 7.0), (Abcde, mm > 6.0)] {
            if reached || !at_least {
                propose(kind, "diameter", u8::from(reached), &basis);
            }
        }
    }
    found
}
