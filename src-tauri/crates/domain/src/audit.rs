//! What the audit trail says was done. The closed set of words is here; the chain is in `records`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    ClinicCreated,
    ClinicChanged,
    UserAdded,
    UserChanged,
    SignedIn,
    SignInRefused,
    SignedOut,
    SessionLocked,
    RecoverySheetIssued,
    PatientRegistered,
    PatientChanged,
    PatientRead,
    PatientsSearched,
    LesionAdded,
    ImageImported,
    ImageRead,
    AnalysisStarted,
    JobStateChanged,
    AnalysisCompleted,
    AnalysisFailed,
    AnalysisCancelled,
    AnalysisRead,
    ReportCreated,
    ReportRead,
    ReportExported,
    OrphansRemoved,
    /// The chain ended before its anchor when the clinic was opened: rows are missing.
    AuditGapFound,
    UserRegistered,
    UserApproved,
    UserUnlocked,
    PasswordChanged,
    PasswordResetIssued,
    PasswordReset,
    ActivationIssued,
    AccountActivated,
    SecondFactorProposed,
    SecondFactorSet,
    SecondFactorUsed,
    SecondFactorRefused,
    SecondFactorRemoved,
    RecoveryCodesIssued,
    RecoveryCodeSpent,
    RecoverySheetUsed,
    KeysChanged,
    ClinicianAdded,
    ClinicianChanged,
    ClinicianRemoved,
    SettingChanged,
    DraftsKept,
    DraftsReturned,
    BreakGlassOpened,
    BreakGlassUsed,
    BreakGlassReviewed,
    PatientViewIssued,
    PatientViewOpened,
    AuditRead,
    AuditVerified,
    AuditExported,
    AccessLogRead,
    MailSent,
    MailFailed,
}

impl AuditAction {
    /// The word as it is stored; equal to the serde name.
    #[must_use]
    pub fn code(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(word)) => word,
            _ => unreachable!("a unit variant serialises to a string"),
        }
    }
}
