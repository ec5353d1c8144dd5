//! The total dermoscopy score of the ABCD rule.
//!
//! Stolz et al., Eur J Dermatol 1994;4:521; Nachbar et al., J Am Acad Dermatol 1994;30:551:
//! `TDS = 1.3 A + 0.1 B + 0.5 C + 0.5 D`, with below 4.75 benign, 4.75 to 5.45 suspicious, above 5.45
//! highly suspicious of melanoma. It is made for melanocytic lesions.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

use crate::measure::Texture;
use crate::outline::OutlineMethod;

/// A component lies outside its range.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{component} must lie in {low} to {high}")]
pub struct TdsError {
    pub component: &'static str,
    pub low: u8,
    pub high: u8,
}

impl TdsError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "tds_component"
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TdsRange {
    /// Below 4.75.
    Benign,
    /// 4.75 to 5.45.
    Suspicious,
    /// Above 5.45.
    HighlySuspicious,
}

/// Who counted the differential structures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StructureSource {
    Clinician,
    /// Guessed from texture; to be confirmed by a person.
    Proposal,
}

/// The ABCD rule's D: how many of network, structureless areas, branched streaks, dots and globules
/// there are, 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DifferentialStructures {
    count: u8,
    source: StructureSource,
}

impl DifferentialStructures {
    /// # Errors
    /// [`TdsError`] for a count outside 1 to 5.
    pub fn counted(count: u8) -> Result<Self, TdsError> {
        within("D", count, 1, 5)?;
        Ok(Self { count, source: StructureSource::Clinician })
    }

    /// A proposal from the entropy of the texture: 1 below 4.3 bits and one more from 4.3, 5.2, 5.8 and
    /// 6.3 bits on, steps that spread melanocytic lesions of HAM10000 and ISIC 2017 over the range. No
    /// publication maps texture to this count, and the structures themselves are not recognised: it
    /// hardly tells melanoma from naevus and waits for a person.
    #[must_use]
    pub fn proposed(texture: &Texture) -> Self {
        const LIMITS: [f64; 4] = [4.3, 5.2, 5.8, 6.3];
        let passed = LIMITS.iter().filter(|&&limit| texture.entropy >= limit).count();
        Self { count: 1 + passed as u8, source: StructureSource::Proposal }
    }

    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    #[must_use]
    pub const fn source(&self) -> StructureSource {
        self.source
    }
}

/// A score with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Tds {
    /// A, 0 to 2.
    pub asymmetry: u8,
    /// B, 0 to 8.
    pub border: u8,
    /// C, 1 to 6.
    pub colours: u8,
    /// D, 1 to 5, and who counted.
    pub structures: DifferentialStructures,
    /// 1.0 to 8.9 in steps of 0.1.
    pub score: f64,
    pub range: TdsRange,
}

impl Tds {
    /// # Errors
    /// [`TdsError`] naming the first component outside its range.
    pub fn new(
        asymmetry: u8,
        border: u8,
        colours: u8,
        structures: DifferentialStructures,
    ) -> Result<Self, TdsError> {
        within("A", asymmetry, 0, 2)?;
        within("B", border, 0, 8)?;
        within("C", colours, 1, 6)?;
        // In tenths, so that no rounding decides the range.
        let tenths =
            13 * u32::from(asymmetry) + u32::from(border) + 5 * u32::from(colours + structures.count);
        let range = match tenths {
            ..=47 => TdsRange::Benign,
            48..=54 => TdsRange::Suspicious,
            _ => TdsRange::HighlySuspicious,
        };
        Ok(Self { asymmetry, border, colours, structures, score: f64::from(tenths) / 10.0, range })
    }

    /// Whether any part of it awaits the clinician's count.
    #[must_use]
    pub fn is_proposal(&self) -> bool {
        self.structures.source == StructureSource::Proposal
    }
}

/// A score that was worked out from an outline, waiting for a person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TdsProposal {
    #[serde(flatten)]
    pub tds: Tds,
    /// 0 to 1, see [`Self::new`]. It weighs the picture and the outline, not the rule itself.
    pub confidence: f64,
}

impl TdsProposal {
    /// Share that is left of the confidence where the outline was found by colour alone, and where the
    /// lesion is cut off by the frame.
    const WEAKER: f64 = 0.5;

    /// `quality` is the score of the photograph's checks, 0 to 1; the confidence is that score, halved
    /// for a classical outline and halved for a lesion that is not whole in the picture.
    #[must_use]
    pub fn new(tds: Tds, quality: f64, method: OutlineMethod, whole: bool) -> Self {
        let weaker = |applies: bool| if applies { Self::WEAKER } else { 1.0 };
        let outline = weaker(method == OutlineMethod::Classical) * weaker(!whole);
        Self { tds, confidence: quality.clamp(0.0, 1.0) * outline }
    }
}

fn within(component: &'static str, value: u8, low: u8, high: u8) -> Result<(), TdsError> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(TdsError { component, low, high }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tds(a: u8, b: u8, c: u8, d: u8) -> Tds {
        Tds::new(a, b, c, DifferentialStructures::counted(d).unwrap()).unwrap()
    }

    #[test]
    fn the_score_follows_the_formula() {
        assert!((tds(2, 8, 6, 5).score - 8.9).abs() < 1e-12);
        assert!((tds(0, 0, 1, 1).score - 1.0).abs() < 1e-12);
        assert!((tds(1, 3, 4, 2).score - 4.6).abs() < 1e-12);
    }

    #[test]
    fn the_ranges_meet_at_the_published_limits() {
        // 4.7, 4.8, 5.4 and 5.5 are the scores next to 4.75 and 5.45.
        let cases = [
            ((1, 4, 3, 3), 4.7, TdsRange::Benign),
            ((1, 5, 3, 3), 4.8, TdsRange::Suspicious),
            ((2, 3, 3, 2), 5.4, TdsRange::Suspicious),
            ((2, 4, 3, 2), 5.5, TdsRange::HighlySuspicious),
        ];
        for ((a, b, c, d), score, range) in cases {
            let found = tds(a, b, c, d);
            assert!((found.score - score).abs() < 1e-12, "{found:?}");
            assert_eq!(found.range, range, "{found:?}");
        }
    }

    #[test]
    fn components_outside_their_range_are_named() {
        let d = DifferentialStructures::counted(1).unwrap();
        let component = |result: Result<Tds, TdsError>| result.unwrap_err().component;
        assert_eq!(component(Tds::new(3, 0, 1, d)), "A");
        assert_eq!(component(Tds::new(0, 9, 1, d)), "B");
        assert_eq!(component(Tds::new(0, 0, 0, d)), "C");
        assert_eq!(component(Tds::new(0, 0, 7, d)), "C");
        assert!(DifferentialStructures::counted(0).is_err());
        assert!(DifferentialStructures::counted(6).is_err());
    }

    #[test]
    fn a_proposal_says_so_and_keeps_to_the_range() {
        let texture = |entropy| Texture { contrast: 1.0, entropy, homogeneity: 0.5, energy: 0.1 };
        for (entropy, count) in [(0.0, 1), (4.3, 2), (5.5, 3), (6.0, 4), (10.0, 5)] {
            let proposed = DifferentialStructures::proposed(&texture(entropy));
            assert_eq!((proposed.count(), proposed.source()), (count, StructureSource::Proposal));
        }
        let proposed = DifferentialStructures::proposed(&texture(1.0));
        assert!(Tds::new(0, 0, 1, proposed).unwrap().is_proposal());
        assert!(!tds(0, 0, 1, 1).is_proposal());
    }

    #[test]
    fn confidence_falls_with_the_picture_and_the_outline() {
        let of =
            |quality, method, whole| TdsProposal::new(tds(1, 3, 4, 2), quality, method, whole).confidence;
        assert!((of(1.0, OutlineMethod::Learned, true) - 1.0).abs() < 1e-12);
        assert!((of(0.6, OutlineMethod::Learned, true) - 0.6).abs() < 1e-12);
        assert!((of(0.6, OutlineMethod::Classical, false) - 0.15).abs() < 1e-12);
        assert!(
            of(7.0, OutlineMethod::Learned, true) <= 1.0 && of(-1.0, OutlineMethod::Learned, true) >= 0.0
        );
    }
}
