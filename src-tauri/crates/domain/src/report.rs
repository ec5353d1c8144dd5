//! What a report says, independent of the paper it is printed on.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::Assessment;
use crate::checklist::PrintedChecklist;
use crate::comparison::Comparison;
use crate::id::{AnalysisId, PatientId, ReportId};
use crate::model::ModelIdentity;
use crate::outline::MeasuredLesion;
use crate::patient::Sex;
use crate::quality::QualityReport;
use crate::report_text::TextOrigin;

/// Longest conclusion, addendum or reason of a withdrawal, in characters.
pub const LONGEST_TEXT: usize = 4_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Letterhead {
    pub clinic_name: String,
    /// Address, telephone and the like, a line each.
    pub lines: Vec<String>,
}

/// Where a report stands between writing and the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// May be changed or discarded; printed with a watermark.
    Draft,
    /// Locked for good; addenda follow it.
    Signed,
    /// Signed and taken back; it stays readable.
    Withdrawn,
    /// A draft that was given up.
    Discarded,
}

/// What the clinic prints on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperSize {
    #[default]
    A4,
    Letter,
}

/// What a signature means (21 CFR 11.50 (a) (3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignatureMeaning {
    Author,
    Review,
    Responsibility,
}

impl SignatureMeaning {
    /// As it is printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "Author of this report",
            Self::Review => "Reviewed and approved",
            Self::Responsibility => "Responsible for the examination",
        }
    }
}

/// What an edition of a signed report adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EditionKind {
    /// The first: the report itself.
    Signed,
    Addendum,
    Withdrawn,
}

/// A report as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRecord {
    pub id: ReportId,
    /// Printed number, such as `R-2026-00012`.
    pub number: String,
    pub patient_id: PatientId,
    pub analysis_id: AnalysisId,
    /// The clinician's own words; at most 4,000 characters.
    pub conclusion: String,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    pub state: ReportState,
    /// Counts the changes of the draft, from 1.
    pub version: u32,
    /// How many editions were signed.
    pub editions: u32,
    #[ts(type = "string | null")]
    pub signed_at: Option<Timestamp>,
}

/// One signed edition: the report, an addendum, or its withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportEdition {
    /// From 1.
    pub edition: u32,
    pub kind: EditionKind,
    /// The addendum, or why the report was withdrawn; empty in the first edition.
    pub text: String,
    pub meaning: SignatureMeaning,
    /// As it was at the time of signing.
    pub signer_name: String,
    #[ts(type = "string")]
    pub signed_at: Timestamp,
    /// Fingerprint of the clinic's key that signed.
    pub key_id: String,
}

/// What a printed report shows of its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedSignatures {
    /// In order; never empty.
    pub editions: Vec<ReportEdition>,
    /// The text of the QR code.
    pub code: String,
}

/// One photograph with its overlay, as encoded pictures (JPEG or PNG, upright, sRGB).
#[derive(Clone, Debug)]
pub struct ReportImage {
    pub caption: String,
    pub photograph: Vec<u8>,
    /// Absent when the model yields no heatmap.
    pub overlay: Option<Vec<u8>>,
    pub quality: QualityReport,
    /// What the automatic outline measured; absent where there is none to rely on.
    pub measured: Option<MeasuredLesion>,
}

/// A photograph of a comparison; corners of outlines count in its pixels.
#[derive(Clone, Debug)]
pub struct ComparedPicture {
    pub day: Date,
    pub width: u32,
    pub height: u32,
    /// Absent where the photograph was destroyed since.
    pub photograph: Option<Vec<u8>>,
}

/// A photograph of the reading beside an earlier one of the lesion, with the change that was measured.
#[derive(Clone, Debug)]
pub struct PrintedComparison {
    pub comparison: Comparison,
    /// Earlier and later.
    pub pictures: [ComparedPicture; 2],
    pub author: String,
}

/// Everything a report prints, gathered once. `documents` adds nothing to it.
#[derive(Clone, Debug)]
pub struct ReportContent {
    pub letterhead: Letterhead,
    pub number: String,
    pub created_at: Timestamp,
    pub patient_number: String,
    pub patient_name: String,
    pub date_of_birth: Date,
    pub age: i16,
    pub sex: Sex,
    pub lesion_label: String,
    pub body_site: String,
    pub images: Vec<ReportImage>,
    pub assessment: Assessment,
    pub model: ModelIdentity,
    pub analysed_at: Timestamp,
    /// Those that were filled in beside the reading.
    pub checklists: Vec<PrintedChecklist>,
    /// At most one for each photograph of the reading.
    pub comparisons: Vec<PrintedComparison>,
    pub conclusion: String,
    /// Where the conclusion came from; absent where it was written by hand.
    pub text_origin: Option<TextOrigin>,
    pub author: String,
    /// Absent in a draft.
    pub signatures: Option<PrintedSignatures>,
    /// The clinic's own mark, as an encoded picture (JPEG or PNG).
    pub logo: Option<Vec<u8>>,
}
