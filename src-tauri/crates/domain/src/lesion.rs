//! A lesion: a place on the body that is followed over time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{LesionId, PatientId};
use crate::problem::{FieldProblem, Problems};

/// Coded body sites, coarse enough for a front desk and mapped to SNOMED CT body structures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BodySite {
    Scalp,
    Face,
    Ear,
    Neck,
    Chest,
    Abdomen,
    Back,
    Buttock,
    GenitalRegion,
    Shoulder,
    UpperArm,
    Forearm,
    Hand,
    Thigh,
    LowerLeg,
    Foot,
    Other,
}

impl BodySite {
    pub const ALL: [Self; 17] = [
        Self::Scalp,
        Self::Face,
        Self::Ear,
        Self::Neck,
        Self::Chest,
        Self::Abdomen,
        Self::Back,
        Self::Buttock,
        Self::GenitalRegion,
        Self::Shoulder,
        Self::UpperArm,
        Self::Forearm,
        Self::Hand,
        Self::Thigh,
        Self::LowerLeg,
        Self::Foot,
        Self::Other,
    ];

    /// English name for documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalp => "Scalp",
            Self::Face => "Face",
            Self::Ear => "Ear",
            Self::Neck => "Neck",
            Self::Chest => "Chest",
            Self::Abdomen => "Abdomen",
            Self::Back => "Back",
            Self::Buttock => "Buttock",
            Self::GenitalRegion => "Genital region",
            Self::Shoulder => "Shoulder",
            Self::UpperArm => "Upper arm",
            Self::Forearm => "Forearm",
            Self::Hand => "Hand",
            Self::Thigh => "Thigh",
            Self::LowerLeg => "Lower leg",
            Self::Foot => "Foot",
            Self::Other => "Other site",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Laterality {
    Left,
    Right,
    Midline,
    NotApplicable,
}

/// What a person enters about a lesion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LesionDetails {
    /// Short label on the lists, such as "L1" or "mole left calf"; at most 60 characters.
    pub label: String,
    pub site: BodySite,
    pub laterality: Laterality,
    /// Free text, at most 2,000 characters.
    pub note: String,
}

impl LesionDetails {
    /// # Errors
    /// Every field that breaks a limit.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("label", &self.label, 60);
        problems.text("note", &self.note, 2_000);
        problems.into_result()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lesion {
    pub id: LesionId,
    pub patient_id: PatientId,
    #[serde(flatten)]
    pub details: LesionDetails,
    #[ts(type = "string")]
    pub created_at: Timestamp,
}
