//! The administrator's view of those who work here, and the directory of clinicians.

use domain::user::{UserDetails, UserState};
use domain::{BreakGlassId, ClinicianId, PatientId, Role, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

#[derive(Clone, Debug, Serialize, TS)]
pub struct UserRow {
    pub id: UserId,
    pub details: UserDetails,
    pub role: Role,
    pub state: UserState,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    #[ts(type = "string | null")]
    pub last_sign_in_at: Option<Timestamp>,
    pub second_factor: bool,
    /// Invited and not yet activated.
    pub invited: bool,
    /// Failed sign-ins in a row.
    pub failures: u32,
    /// Seconds until sign-in is tried again after five failures.
    pub locked_for_seconds: u32,
    pub is_self: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct UserRequest {
    pub id: UserId,
}

/// Approves a registration, or changes a role.
#[derive(Debug, Deserialize, TS)]
pub struct UserRoleRequest {
    pub id: UserId,
    pub role: Role,
}

#[derive(Debug, Deserialize, TS)]
pub struct UserInviteRequest {
    pub details: UserDetails,
    pub role: Role,
}

/// Shown once, and printable as a slip.
#[derive(Clone, Serialize, TS)]
pub struct ActivationView {
    pub id: UserId,
    pub full_name: String,
    pub email: String,
    pub code: String,
    #[ts(type = "string")]
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ActivationView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActivationView(…)")
    }
}

/// To be read out to its owner; it works on this workstation only.
#[derive(Clone, Serialize, TS)]
pub struct PasswordResetView {
    /// Six digits.
    pub code: String,
    #[ts(type = "string")]
    pub expires_at: Timestamp,
    /// Whether it was also sent by e-mail.
    pub mailed: bool,
}

impl std::fmt::Debug for PasswordResetView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordResetView(…)")
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct UserDeleteRequest {
    pub id: UserId,
    /// The administrator's own password.
    pub password: Password,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClinicianView {
    pub id: ClinicianId,
    pub full_name: String,
    pub licence_number: String,
    pub user_id: Option<UserId>,
    /// Whether `vault://localhost/clinician/<id>/signature` has a picture.
    pub has_signature: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct ClinicianSaveRequest {
    /// Null adds a new entry.
    pub id: Option<ClinicianId>,
    /// At most 100 characters.
    pub full_name: String,
    /// At most 40 characters.
    pub licence_number: String,
    pub user_id: Option<UserId>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ClinicianRequest {
    pub id: ClinicianId,
}

#[derive(Debug, Deserialize, TS)]
pub struct BreakGlassOpenRequest {
    pub patient_id: PatientId,
    /// 10 to 500 characters.
    pub reason: String,
    /// 1 to 60.
    pub minutes: u32,
}

/// An emergency look at results the role does not include.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BreakGlassView {
    pub id: BreakGlassId,
    pub user_id: UserId,
    pub user_name: String,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub reason: String,
    #[ts(type = "string")]
    pub opened_at: Timestamp,
    #[ts(type = "string")]
    pub until: Timestamp,
    /// When whoever opened it ended it before its time.
    #[ts(type = "string | null")]
    pub ended_at: Option<Timestamp>,
    /// How often it was used.
    pub uses: u32,
    pub reviewed_by: Option<String>,
    #[ts(type = "string | null")]
    pub reviewed_at: Option<Timestamp>,
    pub review_note: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct BreakGlassEndRequest {
    pub patient_id: PatientId,
}

#[derive(Debug, Deserialize, TS)]
pub struct BreakGlassReviewRequest {
    pub id: BreakGlassId,
    /// At most 500 characters.
    pub note: String,
}
