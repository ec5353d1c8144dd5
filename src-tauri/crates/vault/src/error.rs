//! Why a key, a sealed file or the database could not be had.

use std::io;

use thiserror::Error;

/// Nothing in these messages names a person, a patient or a path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VaultError {
    /// Unknown sign-in name, wrong password, wrong recovery code or an altered slot: one answer for all.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// The recovery code breaks its own checksum: it was mistyped.
    #[error("the recovery code is mistyped")]
    RecoveryCodeMistyped,
    /// The code is right, but its time is over.
    #[error("the code has expired")]
    CodeExpired,
    /// What a slot says in clear, or its public key, is not what the program wrote. Nothing is sealed to it.
    #[error("a key slot was altered")]
    SlotAltered,
    /// The slot is good but wraps the keys of an earlier epoch.
    #[error("this key slot belongs to an earlier epoch of the keys")]
    StaleEpoch,
    #[error("the key slots are damaged, and so is their copy")]
    KeySlotsDamaged,
    /// There is a database but no key slots. Fresh keys would never open it, so none are made.
    #[error("the key slots are missing")]
    KeySlotsMissing,
    #[error("the clinic was written by a newer version of the program")]
    NewerFormat,
    #[error("there is no clinic in this folder")]
    NoClinic,
    #[error("there is already a clinic in this folder")]
    ClinicExists,
    #[error("this user or sign-in name already has a key slot")]
    SlotExists,
    #[error("there is no such key slot")]
    NoSuchSlot,
    /// Nobody would be left who can give out keys.
    #[error("a clinic needs an administrator's key slot")]
    NoAdministrator,
    /// The acting session does not hold the key it would have to pass on.
    #[error("the key to photographs is not held")]
    KeyNotHeld,
    /// A patient's view of their own record goes through a parcel, never through a slot.
    #[error("this role has no key slot")]
    RoleWithoutKeys,
    #[error("the key derivation is weaker than allowed")]
    WeakKdf,
    #[error("the database does not open with this key")]
    WrongKey,
    /// Stored bytes are not what was written: bit rot, truncation, a swap or tampering.
    #[error("stored data is damaged")]
    Damaged,
    #[error("a stored file is missing")]
    FileMissing,
    /// A sealed file is never overwritten.
    #[error("a sealed file of this identity already exists")]
    FileExists,
    /// Nobody has taken in what waits for a long time.
    #[error("too many notes are waiting")]
    TooManyWaiting,
    #[error("the note is too large")]
    TooLarge,
    #[error("the keys are being changed")]
    KeyChangeRunning,
    /// Another program makes a backup into the same folder.
    #[error("a backup into this folder is under way")]
    BackupRunning,
    #[error("the backups in this folder are another clinic's")]
    OtherClinic,
    /// Whoever watched the work asked it to stop.
    #[error("the work was stopped")]
    Cancelled,
    #[error("the disk is full")]
    StorageFull,
    #[error("no randomness from the operating system")]
    NoRandomness,
    #[error("storage failed: {0}")]
    Storage(io::ErrorKind),
    /// Extended result code of SQLite.
    #[error("the database failed with code {0}")]
    Database(i32),
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::StorageFull
            }
            io::ErrorKind::NotFound => Self::FileMissing,
            io::ErrorKind::AlreadyExists => Self::FileExists,
            kind => Self::Storage(kind),
        }
    }
}

impl From<getrandom::Error> for VaultError {
    fn from(_: getrandom::Error) -> Self {
        Self::NoRandomness
    }
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error() {
            Some(failure) => match failure.code {
                ErrorCode::DiskFull => Self::StorageFull,
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Damaged,
                _ => Self::Database(failure.extended_code),
            },
            None => Self::Database(rusqlite::ffi::SQLITE_ERROR),
        }
    }
}
