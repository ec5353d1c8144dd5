//! Like cases.

use domain::analysis::{Band, Gate};
use domain::lesion::BodySite;
use domain::model::Label;
use domain::morphology::Behaviour;
use domain::similar::{AgeBand, Nearness};
use domain::{AnalysisId, ImageId, LesionId, PatientId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, Serialize, TS)]
pub struct SimilarView {
    /// At most eight, nearest first.
    pub cases: Vec<SimilarCase>,
    /// Photographs of the archive that were compared.
    pub compared: u32,
    /// Readings from before are still being added.
    pub filling: bool,
}

/// A case of another lesion, without anything that says whose it is.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SimilarCase {
    pub image_id: ImageId,
    /// Another lesion of the same patient.
    pub same_patient: bool,
    /// Cosine distance, 0 to 2.
    pub distance: f64,
    /// Null for a model whose card does not say what near is.
    pub nearness: Option<Nearness>,
    pub gate: Gate,
    pub band: Band,
    /// The class of that reading, where its gate let one be named.
    pub label: Option<Label>,
    pub histology: Option<SimilarHistology>,
    /// At the time of the reading.
    pub age: Option<AgeBand>,
    pub site: BodySite,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SimilarHistology {
    pub behaviour: Behaviour,
    /// Null where the finding has no code of the table.
    pub name: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct SimilarOpenRequest {
    /// The reading that like cases were asked for.
    pub analysis_id: AnalysisId,
    /// The photograph of the case.
    pub image_id: ImageId,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct SimilarOpened {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
}
