//! The audit trail as it is read, filtered, verified and exported.

use domain::audit::AuditAction;
use domain::{PatientId, Role, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, Default, Deserialize, TS)]
pub struct AuditFilterRequest {
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// The last day that counts.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    pub actor: Option<UserId>,
    /// Empty means every action.
    pub actions: Vec<AuditAction>,
    pub patient_id: Option<PatientId>,
}

#[derive(Debug, Deserialize, TS)]
pub struct AuditSearchRequest {
    pub filter: AuditFilterRequest,
    /// Rows older than this sequence number; null begins with the newest.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditRowView {
    #[ts(type = "number")]
    pub seq: u64,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub actor: UserId,
    pub actor_name: String,
    pub role: Role,
    pub action: AuditAction,
    pub subject_kind: Option<String>,
    pub subject_id: Option<String>,
    pub patient_id: Option<PatientId>,
    pub patient_number: Option<String>,
    #[ts(type = "Record<string, unknown>")]
    pub details: serde_json::Value,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditPageView {
    pub rows: Vec<AuditRowView>,
    pub more: bool,
    /// Everybody who ever had an account, for the filter.
    pub actors: Vec<AuditActor>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditActor {
    pub id: UserId,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditVerification {
    pub intact: bool,
    #[ts(type = "number")]
    pub rows: u64,
    /// First row that is wrong or missing; where all is sound but the trail tells of an earlier finding, that row.
    #[ts(type = "number | null")]
    pub first_fault: Option<u64>,
    /// A stable word: `row_altered`, `row_missing`, `tail_missing`, `anchor_missing`, `anchor_unreadable`,
    /// `gap_recorded`, `rolled_back`.
    pub fault: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditFormat {
    Csv,
    /// One JSON object a line.
    JsonLines,
}

#[derive(Debug, Deserialize, TS)]
pub struct AuditExportRequest {
    pub filter: AuditFilterRequest,
    pub format: AuditFormat,
}

#[derive(Debug, Deserialize, TS)]
pub struct AccessLogRequest {
    pub patient_id: PatientId,
    /// 1 to 500, newest first.
    pub limit: u32,
}
