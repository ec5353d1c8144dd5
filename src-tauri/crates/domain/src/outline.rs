//! The lesion as it was outlined in one photograph of an analysis.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::artefact::ArtefactScores;
use crate::id::ImageId;
use crate::measure::Measures;
use crate::model::ModelIdentity;
use crate::tds::TdsProposal;

/// How an outline was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutlineMethod {
    /// By the outline model.
    Learned,
    /// By colour and threshold alone; right less often.
    Classical,
}

/// Why there are no measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutlineGap {
    /// No lesion stands out in the photograph.
    OutlineNotFound,
    /// The outline holds no pixel.
    OutlineEmpty,
    /// Outline and photograph differ in size.
    OutlineSize,
    /// The scale is no positive number of millimetres a pixel.
    ScaleInvalid,
    /// The outline model is missing, altered or failed.
    ModelUnavailable,
}

/// Measures and what follows from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeasuredLesion {
    pub measures: Measures,
    /// `None` where a component of the score could not be measured.
    pub tds_proposal: Option<TdsProposal>,
}

/// `{ "measures": …, "tds_proposal": … }` or `{ "missing": code }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum OutlinedLesion {
    Measured(Box<MeasuredLesion>),
    Missing { missing: OutlineGap },
}

/// What outline and artefact detectors say of one photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OutlineFinding {
    pub method: OutlineMethod,
    /// The model that drew the outline: `None` for the classical way, and where the model is unavailable.
    pub model: Option<ModelIdentity>,
    pub lesion: OutlinedLesion,
    pub artefacts: ArtefactScores,
}

impl OutlineFinding {
    /// The measures, where the lesion was found.
    #[must_use]
    pub fn measured(&self) -> Option<&MeasuredLesion> {
        match &self.lesion {
            OutlinedLesion::Measured(lesion) => Some(lesion),
            OutlinedLesion::Missing { .. } => None,
        }
    }

    /// The reason where it was not.
    #[must_use]
    pub const fn missing(&self) -> Option<OutlineGap> {
        match self.lesion {
            OutlinedLesion::Measured(_) => None,
            OutlinedLesion::Missing { missing } => Some(missing),
        }
    }
}

/// The finding of one image of an analysis, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LesionOutline {
    pub image_id: ImageId,
    #[serde(flatten)]
    pub finding: OutlineFinding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_outline_reads_back_with_its_reason() {
        let artefacts = ArtefactScores { ruler: 0.5, ink: 0.0, dark_corners: 0.25, hair: 1.0, bubbles: 0.0 };
        let outline = LesionOutline {
            image_id: ImageId::fresh(),
            finding: OutlineFinding {
                method: OutlineMethod::Classical,
                model: None,
                lesion: OutlinedLesion::Missing { missing: OutlineGap::OutlineNotFound },
                artefacts,
            },
        };
        let text = serde_json::to_string(&outline).unwrap();
        assert!(text.contains(r#""lesion":{"missing":"outline_not_found"}"#), "{text}");
        let back: LesionOutline = serde_json::from_str(&text).unwrap();
        assert_eq!(back, outline);
        assert_eq!(
            (back.finding.missing(), back.finding.measured()),
            (Some(OutlineGap::OutlineNotFound), None)
        );
    }
}
