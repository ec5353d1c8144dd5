//! The program's own log, and what is packed for whoever helps from outside.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogLine {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub level: LogLevel,
    /// The part of the program that wrote it.
    pub area: String,
    pub message: String,
    pub fields: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct LogReadRequest {
    /// This grave or graver.
    pub level: LogLevel,
    /// Null for every part of the program.
    pub area: Option<String>,
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// Included.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    /// In message or fields, without regard to case; empty for all.
    pub text: String,
    /// Newest lines to leave out.
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogPageView {
    /// Newest first.
    pub lines: Vec<LogLine>,
    /// Lines that match in all.
    pub total: u32,
    /// Every part of the program that wrote anything.
    pub areas: Vec<String>,
}

/// One file of the bundle, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SupportFile {
    pub name: String,
    pub text: String,
}

/// Everything that leaves with a support bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SupportBundleView {
    pub files: Vec<SupportFile>,
}
