//! How the AI does in this clinic.

use domain::analysis::Band;
use domain::image::ImageKind;
use domain::model::{Malignancy, ModelIdentity};
use domain::statistics::{
    AgreementChoice, AgreementFigures, CaseChoice, DriftReport, Performance, TruthBasis,
};
use domain::{AnalysisId, LesionId, PatientId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which lesions count; a day is that of the reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PerformanceFilter {
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// The last day that counts.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    /// SHA-256 of the model that read.
    pub model: Option<String>,
    /// Of the first photograph of the reading.
    pub kind: Option<ImageKind>,
    /// Whether lesions without change count as benign.
    pub follow_up: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PerformanceView {
    pub figures: Performance,
    /// Months without change that count as benign.
    pub follow_up_months: u32,
    /// Lesions with histology that no reading came before.
    pub without_reading: u32,
    /// Readings that wait for an impression and are left out.
    pub withheld: u32,
    /// Impressions committed before the reading was shown, beside the reading.
    pub before: AgreementFigures,
    /// Decisions made on the reading, beside the reading.
    pub after: AgreementFigures,
    /// Every model that read here, the newest first.
    pub models: Vec<ModelUseView>,
}

/// A model by what readings say of it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelUseView {
    pub identity: ModelIdentity,
    #[ts(type = "string")]
    pub first_on: Date,
    #[ts(type = "string")]
    pub last_on: Date,
    /// Whether it is the one in use; of one that was deleted, its hash tells it apart.
    pub in_use: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct PerformanceDriftRequest {
    pub filter: PerformanceFilter,
    /// The first of the three months to compare with, such as 2026-03; null for the first ones there are.
    pub reference: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PerformanceDriftView {
    pub report: DriftReport,
    /// Months that a reference may begin with, oldest first.
    pub months: Vec<String>,
    /// Earlier months of the period are left out.
    pub cut_short: bool,
    /// Photographs of a month whose quality is looked at.
    pub sampled: u32,
}

/// Which list stands behind a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum PerformanceList {
    /// Lesions whose truth is known.
    Known { choice: CaseChoice },
    /// Impressions beside readings.
    Before { choice: AgreementChoice },
    /// Decisions beside readings.
    After { choice: AgreementChoice },
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct PerformanceCasesRequest {
    pub filter: PerformanceFilter,
    pub list: PerformanceList,
    /// 1 to 100.
    pub limit: u32,
    pub offset: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PerformanceCases {
    pub total: u32,
    /// The newest reading first.
    pub rows: Vec<PerformanceCase>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PerformanceCase {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_label: String,
    #[ts(type = "string")]
    pub read_on: Date,
    /// What the reading says: a class, or a row of the confusion matrix that is none.
    pub said: String,
    /// The rest is known of lesions whose truth is.
    pub band: Option<Band>,
    pub malignant_sum: Option<f64>,
    pub basis: Option<TruthBasis>,
    /// Column of the confusion matrix.
    pub found: Option<String>,
    pub malignant: Option<bool>,
    pub morphology: Option<String>,
    pub before: Option<Malignancy>,
    pub after: Option<Malignancy>,
}
