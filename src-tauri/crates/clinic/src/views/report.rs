//! Reports and what is saved outside the clinic's folder.

pub use domain::report::PaperSize;
use domain::report::{ReportEdition, ReportRecord, ReportState, SignatureMeaning};
use domain::report_text::TextOrigin;
use domain::{AnalysisId, LesionId, PatientId, ReportId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Password, ProposalUse};

#[derive(Debug, Deserialize, TS)]
pub struct ReportCreateRequest {
    pub analysis_id: AnalysisId,
    /// At most 4,000 characters; may be empty.
    pub conclusion: String,
    /// The proposed text it began with; null where it was written by hand.
    pub proposal: Option<ProposalUse>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportUpdateRequest {
    pub id: ReportId,
    /// Of the draft as it was read.
    pub version: u32,
    /// At most 4,000 characters; may be empty.
    pub conclusion: String,
    /// The proposed text it began with; null where it was written by hand.
    pub proposal: Option<ProposalUse>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportDiscardRequest {
    pub id: ReportId,
    pub version: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportRequest {
    pub id: ReportId,
}

/// Who signs proves it again: the password, and the code where a second factor is set.
#[derive(Debug, Deserialize, TS)]
pub struct ReportSignRequest {
    pub id: ReportId,
    /// Of the draft as it was read.
    pub version: u32,
    pub meaning: SignatureMeaning,
    pub paper: PaperSize,
    pub password: Password,
    pub code: Option<Password>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportAmendRequest {
    pub id: ReportId,
    /// How many editions there were when it was read.
    pub editions: u32,
    pub amendment: Amendment,
    /// The addendum, or why the report is withdrawn: 1 to 4,000 characters.
    pub text: String,
    pub password: Password,
    pub code: Option<Password>,
}

/// What a signed report can still get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Amendment {
    Addendum,
    Withdrawal,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportView {
    pub report: ReportRecord,
    pub author_name: String,
    pub lesion_id: LesionId,
    /// In order; empty for a draft.
    pub editions: Vec<ReportEdition>,
    /// False when the stored report is no longer what was signed: somebody changed the database by hand.
    pub intact: bool,
    /// Null where the conclusion was written by hand.
    pub text_origin: Option<TextOrigin>,
    /// The text as it was proposed, word for word; null where there is no origin.
    pub proposed_text: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportListRequest {
    /// The beginning of a report's number or file name, a patient's number, or words of a name; at most 200
    /// characters.
    pub text: String,
    /// Nothing for all that were not discarded.
    pub state: Option<ReportState>,
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// The last day that is listed.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    pub before: Option<ReportPlace>,
    /// 1 to 100.
    pub limit: u32,
}

/// Where a page of reports begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportPlace {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub number: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportListView {
    /// Newest first.
    pub reports: Vec<ReportRow>,
    /// Where the next page begins; null when there is no older report.
    pub next: Option<ReportPlace>,
}

/// A report as everybody at the desk may list it: nothing that was found.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportRow {
    pub id: ReportId,
    pub number: String,
    /// Under which it is saved.
    pub file_name: String,
    pub state: ReportState,
    pub editions: u32,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    #[ts(type = "string | null")]
    pub signed_at: Option<Timestamp>,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: LesionId,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportExportRequest {
    pub id: ReportId,
    /// Of a draft; what is signed stays on the paper it was signed on.
    pub paper: PaperSize,
    /// Whether the name of the file tells the patient's name beside the numbers.
    pub named: bool,
}

/// The PDF as a page shows it: of a draft as it would be printed, of a signed report its last edition.
#[derive(Debug, Deserialize, TS)]
pub struct ReportPdfRequest {
    pub id: ReportId,
    /// Of a draft.
    pub paper: PaperSize,
    /// Whether it is put on paper, which the trail tells apart.
    pub print: bool,
}

/// A PDF; it travels as bytes, not as JSON.
#[derive(TS)]
#[ts(type = "ArrayBuffer")]
#[allow(dead_code, reason = "stands in the command table for raw bytes")]
pub struct PdfBytes(());

#[derive(Debug, Deserialize, TS)]
pub struct ReportShareRequest {
    /// 1 to 50 signed reports of one patient.
    pub ids: Vec<ReportId>,
    /// 12 to 128 characters, typed twice.
    pub passphrase: Password,
    pub passphrase_repeat: Password,
    /// 1 to 90.
    pub days: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct SharePackOpenRequest {
    pub passphrase: Password,
}

/// What a share pack holds, opened in memory.
#[derive(Clone, Debug, Default, Serialize, TS)]
pub struct SharePackView {
    /// False when the person closed the dialog.
    pub opened: bool,
    pub clinic_name: String,
    #[ts(type = "string | null")]
    pub expires_at: Option<Timestamp>,
    /// Their places are those of `share_pack_pdf`.
    pub reports: Vec<SharedReport>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SharedReport {
    pub number: String,
    pub edition: u32,
    #[ts(type = "string")]
    pub signed_at: Timestamp,
    pub signer_name: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct SharePackPdfRequest {
    pub place: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportCodeRequest {
    /// As a scanner reads it from the paper.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Signed by this clinic and unchanged since.
    Genuine,
    /// It carries this clinic's mark and was changed after it was signed.
    Altered,
    /// Signed with a key of this clinic that was retired by then: perhaps by somebody who kept a copy of it.
    KeyRetired,
    /// No report of Lentigo, or signed with a key that this clinic does not know.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReportVerdict {
    /// False when the person closed the dialog.
    pub chosen: bool,
    pub verdict: Verdict,
    /// What the signature says, as far as it can be read.
    pub claim: Option<ReportClaim>,
    /// Where the report stands in this clinic now; null when it is not on record.
    pub now: Option<ReportStanding>,
}

impl ReportVerdict {
    /// The person closed the dialog.
    #[must_use]
    pub const fn not_chosen() -> Self {
        Self { chosen: false, verdict: Verdict::Unknown, claim: None, now: None }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReportClaim {
    pub number: String,
    pub edition: u32,
    #[ts(type = "string")]
    pub signed_at: Timestamp,
    /// Not in the code on the paper, which has no room for it.
    pub signer_name: Option<String>,
    pub key_id: String,
    /// From when the key signs no more; null while it does, and where it is not known.
    #[ts(type = "string | null")]
    pub key_retired_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReportStanding {
    pub id: ReportId,
    pub state: ReportState,
    pub editions: u32,
}

/// The public half of the key that signs this clinic's reports.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SigningKeyView {
    /// Null until the first report is signed.
    pub key: Option<SigningKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SigningKey {
    /// First eight bytes of the SHA-256 of the public key, in hex and groups of four.
    pub id: String,
    /// Ed25519 (RFC 8032), in hex.
    pub public: String,
    #[ts(type = "string")]
    pub made_at: Timestamp,
}

/// The head of everything that is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LetterheadRequest {
    /// Empty for the name of the clinic as it was founded.
    pub clinic_name: String,
    /// At most six of 120 characters.
    pub lines: Vec<String>,
    pub paper: PaperSize,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct LetterheadView {
    pub letterhead: LetterheadRequest,
    /// Changes with every change of the logo: `vault://localhost/logo` with it shows the new one. Null when
    /// there is none.
    pub logo: Option<u32>,
}

/// The outcome of a save dialog.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Saved {
    /// False when the person closed the dialog.
    pub saved: bool,
    /// Where, as the dialog named it.
    pub path: Option<String>,
}
