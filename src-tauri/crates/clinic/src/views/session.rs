//! First run, sign-in, status.

use std::fmt;

use domain::model::ModelIdentity;
use domain::report::PaperSize;
use domain::user::Language;
use domain::{Role, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroize;

use crate::error::ErrorCode;

/// A typed secret: it never shows in a debug print and is wiped when dropped.
#[derive(Clone, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Password(String);

impl Password {
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    FirstRun,
    SignIn,
    /// The password was right; a code of the second factor is awaited.
    SecondFactor,
    SignedIn,
    /// A patient looks at their own record.
    PatientView,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AppStatus {
    pub stage: Stage,
    pub session: Option<SessionView>,
    /// Version of the program.
    pub version: String,
    pub password_min_length: u32,
    /// Shortest password of somebody who also signs in with a second factor.
    pub password_min_length_with_factor: u32,
}

/// What must be done before anything else is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// The second factor is gone and the password is too short to stand alone.
    ChoosePassword,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SessionView {
    pub user_id: UserId,
    pub user_name: String,
    pub email: String,
    pub role: Role,
    /// The language of their own; without one, the window keeps the workstation's.
    pub language: Option<Language>,
    pub clinic_name: String,
    #[ts(type = "string")]
    pub signed_in_at: Timestamp,
    /// Seconds without a touch after which the core locks.
    pub idle_lock_seconds: u32,
    pub duty: Option<Duty>,
    /// Second factor: set up and confirmed.
    pub second_factor: bool,
    /// Accounts, registrations and emergency looks that wait for an administrator; 0 for other roles.
    pub waiting: u32,
    pub model: ModelStatus,
    /// What the clinic prints on.
    pub paper: PaperSize,
}

/// The answer to a right password.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInAnswer {
    SignedIn {
        session: Box<SessionView>,
    },
    /// `session_second_factor` comes next, within five minutes.
    SecondFactor,
}

#[derive(Debug, Deserialize, TS)]
pub struct SecondFactorRequest {
    /// Six digits of the authenticator, or one of the recovery codes.
    pub code: Password,
}

/// Typed text that outlives a lock. The core keeps it in memory and, at the lock, in the encrypted database.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Which form, e.g. `patient:new`; at most 120 characters.
    pub key: String,
    /// What the form holds; at most 64 KiB. Null forgets the draft.
    #[ts(type = "unknown")]
    pub body: serde_json::Value,
}

/// Whether there is a model to ask; without one no result is ever shown.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelStatus {
    pub identity: Option<ModelIdentity>,
    pub problem: Option<ErrorCode>,
}

#[derive(Debug, Deserialize, TS)]
pub struct PasswordJudgeRequest {
    pub password: Password,
    /// Words the password must not lean on: names, e-mail, clinic.
    pub context: Vec<String>,
    /// Whether its owner also signs in with a second factor; then 8 characters are enough.
    pub second_factor: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    TooShort,
    TooLong,
    /// Among the passwords tried first by an attacker, or close to one.
    TooCommon,
    /// Built from the person's or the clinic's own words.
    Personal,
    Guessable,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PasswordJudgement {
    /// 0 to 4 after zxcvbn (Wheeler, USENIX Security 2016).
    pub score: u8,
    pub acceptable: bool,
    pub problems: Vec<PasswordProblem>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ClinicCreateRequest {
    /// At most 120 characters.
    pub clinic_name: String,
    /// At most 100 characters.
    pub full_name: String,
    /// The sign-in name.
    pub email: String,
    pub password: Password,
    pub password_repeat: Password,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClinicCreated {
    pub session: SessionView,
    pub recovery_sheet: RecoverySheetView,
}

/// Shown once, after first run.
#[derive(Clone, Serialize, TS)]
pub struct RecoverySheetView {
    pub clinic_name: String,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    pub groups: Vec<String>,
}

impl fmt::Debug for RecoverySheetView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoverySheetView(…)")
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct RecoverySheetConfirmRequest {
    /// Which group, counted from 1.
    pub group: u32,
    pub text: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct SignInRequest {
    pub email: String,
    pub password: Password,
}
