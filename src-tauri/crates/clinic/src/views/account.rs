//! One's own account: registering, activating, forgotten password, profile, second factor.

use domain::Role;
use domain::user::{Language, UserDetails};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

/// Self-registration; an administrator gives the role later.
#[derive(Debug, Deserialize, TS)]
pub struct AccountRegisterRequest {
    pub details: UserDetails,
    pub password: Password,
    pub password_repeat: Password,
}

/// The printed one-time code of an administrator, and the password its owner chooses.
#[derive(Debug, Deserialize, TS)]
pub struct AccountActivateRequest {
    pub email: String,
    /// Four groups of five symbols; case and hyphens do not matter.
    pub code: Password,
    pub password: Password,
    pub password_repeat: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct PasswordResetCheckRequest {
    pub email: String,
    /// Six digits, as an administrator read them out.
    pub code: Password,
}

/// Good for one new password, for as long as the code was.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PasswordResetToken {
    pub token: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct PasswordResetFinishRequest {
    pub token: Password,
    pub password: Password,
    pub password_repeat: Password,
}

/// A new password by one of one's own recovery codes, with no administrator present.
#[derive(Debug, Deserialize, TS)]
pub struct PasswordRecoverRequest {
    pub email: String,
    pub recovery_code: Password,
    pub password: Password,
    pub password_repeat: Password,
}

/// The printed recovery sheet of the clinic, and a new password for its administrator.
#[derive(Debug, Deserialize, TS)]
pub struct RecoverySheetUseRequest {
    /// Eight groups of five symbols.
    pub sheet: Password,
    pub password: Password,
    pub password_repeat: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct PasswordChangeRequest {
    pub current: Password,
    pub password: Password,
    pub password_repeat: Password,
}

/// Asks for the own password again before something weighty.
#[derive(Debug, Deserialize, TS)]
pub struct PasswordAgainRequest {
    pub password: Password,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ProfileView {
    pub details: UserDetails,
    pub role: Role,
    pub second_factor: bool,
    /// Recovery codes not used yet, of ten.
    pub recovery_codes_left: u32,
    #[ts(type = "string | null")]
    pub last_sign_in_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ProfileUpdateRequest {
    pub details: UserDetails,
    /// Needed when the e-mail address, the sign-in name, changes.
    pub password: Option<Password>,
}

#[derive(Debug, Deserialize, TS)]
pub struct LanguageChooseRequest {
    pub language: Language,
}

/// A proposed second factor (RFC 6238: SHA-1, 6 digits, 30 s). It counts once a code was confirmed.
#[derive(Clone, Serialize, TS)]
pub struct SecondFactorProposal {
    /// Base 32 in groups of four, for typing by hand.
    pub manual_key: String,
    pub account: String,
    pub issuer: String,
    /// Modules of the QR code row by row, `1` dark; each row is `qr_size` long. No quiet zone.
    pub qr: String,
    pub qr_size: u32,
}

impl std::fmt::Debug for SecondFactorProposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactorProposal(…)")
    }
}

/// Ten one-time codes, shown once.
#[derive(Clone, Serialize, TS)]
pub struct RecoveryCodesView {
    pub codes: Vec<String>,
}

impl std::fmt::Debug for RecoveryCodesView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCodesView(…)")
    }
}
