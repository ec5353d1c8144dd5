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

/// Everything that can be set. The window has words for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingKey {
    Analyses,
    ImpressionFirst,
    AnalysesAtOnce,
    IdleLockMinutes,
    RetentionDays,
    FollowUpMonths,
    CountsSearches,
    NumberPattern,
    Letterhead,
    Mail,
    Pacs,
    LanguageModel,
    Backup,
    SessionHours,
    PasswordLength,
    PhotographBytes,
    PhotographPixels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    Switch,
    Number,
    /// Changed by a form of its own; the value is its switch or its name.
    Form,
    /// A limit of the program.
    Fixed,
}

/// Which part of the administration changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingPlace {
    /// The list itself.
    Settings,
    Security,
    Letterhead,
    Mail,
    Pacs,
    LanguageModel,
    Backup,
    Nowhere,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum SettingValue {
    Switch(bool),
    Number(#[ts(type = "number")] u64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SettingView {
    pub key: SettingKey,
    pub kind: SettingKind,
    pub value: SettingValue,
    pub default: SettingValue,
    /// Whether the value is another than the default.
    pub changed: bool,
    /// Limits of a number, or of the length of a text.
    #[ts(type = "number | null")]
    pub least: Option<u64>,
    #[ts(type = "number | null")]
    pub most: Option<u64>,
    pub place: SettingPlace,
}

#[derive(Debug, Deserialize, TS)]
pub struct SettingUpdateRequest {
    pub key: SettingKey,
    pub value: SettingValue,
}
