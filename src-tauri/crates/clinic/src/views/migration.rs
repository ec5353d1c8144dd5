//! Records of elsewhere on their way into the clinic.

use domain::PatientId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// What Lentigo exports of a whole clinic: the ZIP, or its `clinic.json`.
    Clinic,
    /// A folder with `patients.csv`, perhaps `lesions.csv`, and photographs.
    Folder,
    /// A bundle of FHIR R4, or a ZIP that holds one.
    Fhir,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImportOpenRequest {
    pub kind: ImportKind,
    /// Of a sealed ZIP.
    pub passphrase: Option<Password>,
}

/// What a column of old records means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    Number,
    FamilyName,
    GivenNames,
    DateOfBirth,
    Sex,
    Phone,
    Email,
    Address,
    Fitzpatrick,
    Alert,
    MedicalHistory,
    PhotoConsent,
    AiConsent,
    Lesion,
    Site,
    Side,
    LesionNote,
    Photographs,
}

/// In which order dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 1980-12-31
    YearFirst,
    /// 31.12.1980
    DayFirst,
    /// 12/31/1980
    MonthFirst,
}

/// How the text of a table was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    Utf8,
    Utf16,
    Windows1252,
    /// Lines in UTF-8 and lines in Windows-1252.
    Mixed,
}

/// What the columns of a folder's tables mean, and what no source says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportMapping {
    /// By table, then by column; null for a column that is left out.
    pub tables: Vec<Vec<Option<ImportField>>>,
    /// Null while nobody has said what the dates leave open.
    pub dates: Option<DateOrder>,
    /// The consents to photographs are on file: every patient of the source gave one.
    pub consents_on_file: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportColumn {
    pub name: String,
    /// The first entries that are not empty, at most three.
    pub samples: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportTable {
    pub file: String,
    pub encoding: TextEncoding,
    /// The sign between cells.
    pub delimiter: String,
    pub rows: u32,
    pub columns: Vec<ImportColumn>,
}

/// Something of the source that stays outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportLeft {
    /// A table of an export, or a type of FHIR.
    pub what: String,
    pub count: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportSource {
    pub kind: ImportKind,
    /// Name of the file or folder.
    pub name: String,
    /// Of an export: the clinic it is of, and when it was made.
    pub clinic: Option<String>,
    #[ts(type = "string | null")]
    pub made_at: Option<Timestamp>,
    pub tables: Vec<ImportTable>,
    pub people: u32,
    /// Photographs that lie beside the records.
    pub photographs: u32,
    pub left: Vec<ImportLeft>,
}

/// What would become of a row, and of whatever it brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    New,
    /// The patient is here; what is missing of lesions and photographs is added.
    Same,
    /// A person decides.
    Doubtful,
    Refused,
}

/// What a person says of a doubtful row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportDecision {
    /// Register as a patient of their own.
    New,
    /// It is the patient who is here.
    Same,
    Skip,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportResult {
    Created,
    /// Something was added to a patient who was here.
    Added,
    Unchanged,
    Skipped,
    Refused,
    /// It should have gone and did not; importing again takes it up.
    Failed,
    /// The import ended before it.
    NotReached,
}

/// Why a row is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportWord {
    /// More or fewer cells than the first line has names.
    CellCount,
    /// A quotation mark that is never closed.
    Quoting,
    /// A field that must be there; `detail` names it.
    FieldMissing,
    /// A field that breaks its rule.
    FieldInvalid,
    /// No day of the calendar.
    DateInvalid,
    /// The year has two digits and could be of either century.
    DateTwoDigits,
    /// An earlier row has the number for somebody else.
    NumberTwice,
    /// A lesion of a patient who is not in the source.
    NobodysLesion,
    /// The number belongs to another patient here.
    NumberOfAnother,
    /// Somebody here is nearly the same person.
    LikeSomebody,
    /// The record was erased here.
    ErasedHere,
    /// Some records of the person are here and some are not.
    PartlyHere,
    /// What no export writes.
    Damaged,
    /// The patient keeps no number, or not that one: `detail` is the number here.
    NumberChanged,
    /// A word that was not understood and is left out; `detail` names the field.
    NotUnderstood,
    /// So many photographs of the row have no file; `detail` is their number.
    PhotographsMissing,
    /// A path that leads out of the folder.
    PhotographOutside,
    PhotographNotFound,
    PhotographLink,
    /// A photograph was refused; `detail` is the code of the error.
    PhotographRefused,
    /// The same photograph is stored for another patient.
    PhotographOfAnother,
    ConsentMissing,
    /// Several lines of the source are one patient.
    LinesJoined,
    /// Nobody decided.
    Undecided,
    /// `detail` is the code of the error.
    Failure,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportRemark {
    pub word: ImportWord,
    pub detail: Option<String>,
}

/// Somebody of this clinic whom a row is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportMatch {
    pub patient_id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string")]
    pub date_of_birth: Date,
}

/// One person of the source.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportRow {
    /// From 0; what a decision names.
    pub index: u32,
    /// Of a table: the lines it comes from, at most ten.
    pub lines: Vec<u32>,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    /// As the source writes it where it is no date.
    pub date_of_birth: String,
    pub lesions: u32,
    pub photographs: u32,
    pub outcome: ImportOutcome,
    pub remarks: Vec<ImportRemark>,
    pub found: Option<ImportMatch>,
    /// Whether a person may say that it is the patient who was found.
    pub may_be_same: bool,
    pub decision: Option<ImportDecision>,
    /// Null until it was imported.
    pub result: Option<ImportResult>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ImportOutcomes {
    pub new: u32,
    pub same: u32,
    pub doubtful: u32,
    /// Of the doubtful: those nobody has decided.
    pub undecided: u32,
    pub refused: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ImportResults {
    pub created: u32,
    pub added: u32,
    pub unchanged: u32,
    pub skipped: u32,
    pub refused: u32,
    pub failed: u32,
    pub not_reached: u32,
    pub lesions: u32,
    pub photographs: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ImportProgress {
    pub done: u32,
    pub of: u32,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    Nothing,
    /// A source is open; nothing was compared yet.
    Opened,
    /// The dry run is done.
    Planned,
    Running,
    Ended,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportView {
    pub stage: ImportStage,
    /// Null while nothing is open, and while an import runs.
    pub source: Option<ImportSource>,
    /// What is proposed, or was chosen; null for an export of a clinic, which says everything itself.
    pub mapping: Option<ImportMapping>,
    /// The orders in which every date of birth could be read; two of them leave it to a person.
    pub date_orders: Vec<DateOrder>,
    pub outcomes: Option<ImportOutcomes>,
    pub progress: Option<ImportProgress>,
    pub results: Option<ImportResults>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImportRowsRequest {
    /// Null for all.
    pub outcome: Option<ImportOutcome>,
    pub result: Option<ImportResult>,
    pub offset: u32,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImportRows {
    pub total: u32,
    pub rows: Vec<ImportRow>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImportDecideRequest {
    /// Null for every doubtful row.
    pub index: Option<u32>,
    pub decision: ImportDecision,
}
