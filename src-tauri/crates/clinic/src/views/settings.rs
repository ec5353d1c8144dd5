//! Settings of the clinic that concern access.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, required (RFC 3207).
    StartTls,
    /// No encryption: allowed to a server on this machine only.
    None,
}

/// The clinic's own SMTP server. Off unless an administrator switches it on.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MailSettingsView {
    pub enabled: bool,
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// Empty where the server asks for none.
    pub user: String,
    pub has_password: bool,
    pub from: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct MailSettingsRequest {
    pub enabled: bool,
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub user: String,
    /// Null keeps the stored one.
    pub password: Option<Password>,
    pub from: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AccessSettingsView {
    /// Minutes without a touch until the session locks, 1 to 60.
    pub idle_lock_minutes: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct AccessSettingsRequest {
    pub idle_lock_minutes: u32,
}
