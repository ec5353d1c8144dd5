//! Backups of the clinic, trying them out, and restoring one.

use domain::BackupId;
use domain::backup::{BackupPlan, BackupStanding};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;
use crate::error::Error;

/// How the clinic stands with its backups.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupView {
    /// The folder that was chosen for them.
    pub folder: Option<String>,
    pub plan: BackupPlan,
    pub standing: BackupStanding,
    /// The last try, whatever came of it.
    pub last: Option<BackupRunView>,
    pub last_good: Option<BackupRunView>,
    pub last_drill: Option<BackupRunView>,
    /// A backup, a drill or a restore is under way.
    pub running: bool,
}

/// A backup, or the trying out of one, that came to an end.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupRunView {
    /// Null when it failed before there was one.
    pub backup_id: Option<BackupId>,
    #[ts(type = "string")]
    pub began_at: Timestamp,
    #[ts(type = "string")]
    pub ended_at: Timestamp,
    /// Null when all is well.
    pub problem: Option<Error>,
    #[ts(type = "number")]
    pub files: u64,
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes that were new, of a backup.
    #[ts(type = "number")]
    pub written: u64,
    /// Files that the clinic itself lacks, of a backup.
    #[ts(type = "number")]
    pub missing: u64,
    /// Photographs that were opened, of a drill.
    #[ts(type = "number")]
    pub photographs: u64,
}

/// One backup as it lies in the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BackupEntry {
    pub id: BackupId,
    #[ts(type = "string")]
    pub made_at: Timestamp,
    /// Version of the program that made it.
    pub program: String,
    #[ts(type = "number")]
    pub files: u64,
    #[ts(type = "number")]
    pub bytes: u64,
    /// A newer program made it; this one cannot open it.
    pub newer: bool,
}

/// What lies in the folder for backups.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BackupListView {
    /// Newest first.
    pub backups: Vec<BackupEntry>,
    /// The folder lies on the disk that the clinic lies on.
    pub same_disk: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct BackupRequest {
    pub id: BackupId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupWork {
    Copying,
    Checking,
    Restoring,
}

/// How many bytes of a step are done.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct BackupProgress {
    pub work: BackupWork,
    #[ts(type = "number")]
    pub done: u64,
    #[ts(type = "number")]
    pub of: u64,
}

/// The backups that lie in a folder somebody chose.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RestoreOffer {
    pub folder: String,
    /// Newest first.
    pub backups: Vec<BackupEntry>,
}

/// What proves the right to a backup: as it was when the backup was made.
#[derive(Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RestoreProof {
    Password { email: String, password: Password },
    Sheet { sheet: Password },
}

#[derive(Debug, Deserialize, TS)]
pub struct RestoreRequest {
    /// One of the offered.
    pub id: BackupId,
    pub proof: RestoreProof,
    /// Restores the clinic without photographs that are damaged in the backup.
    pub without_damaged: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RestoredView {
    #[ts(type = "number")]
    pub files: u64,
    #[ts(type = "number")]
    pub bytes: u64,
    /// Files that were damaged and are not there.
    pub lost: u32,
}
