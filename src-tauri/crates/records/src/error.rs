//! Why a record could not be read or written.

use thiserror::Error;

/// Nothing in these messages names a patient or quotes a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecordsError {
    #[error("there is no such record")]
    NotFound,
    /// The record changed meanwhile, is a duplicate, or is not in a state that allows this.
    #[error("the record conflicts with what is stored")]
    Conflict,
    #[error("the disk is full")]
    StorageFull,
    /// What is stored cannot be what was written.
    #[error("stored data is damaged")]
    Damaged,
    /// The database was written by a newer version of the program.
    #[error("the database was written by a newer version of the program")]
    NewerSchema,
    /// A transaction changed rows and left no audit row; it was undone.
    #[error("a change without an audit row was refused")]
    Unaudited,
    /// The patient's record was merged into another one.
    #[error("the record was merged into another one")]
    Merged,
    /// A retention hold stands on the patient's record.
    #[error("the record is under a retention hold")]
    OnHold,
    /// An analysis of the patient has not ended.
    #[error("work on the record is under way")]
    WorkUnderWay,
    /// The last active administrator stays.
    #[error("the last active administrator cannot be taken away")]
    LastAdministrator,
    /// What belongs to the record could not be done to the key slots.
    #[error(transparent)]
    Vault(vault::VaultError),
    /// Extended result code of SQLite, or -1 for a failure outside it.
    #[error("storage failed with code {0}")]
    Storage(i32),
}

impl From<rusqlite::Error> for RecordsError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode, ffi};
        match &error {
            Error::QueryReturnedNoRows => Self::NotFound,
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..)
            | Error::InvalidColumnType(..) => Self::Damaged,
            Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::StorageFull,
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Damaged,
                ErrorCode::ConstraintViolation
                    if matches!(
                        failure.extended_code,
                        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                    ) =>
                {
                    Self::Conflict
                }
                _ => Self::Storage(failure.extended_code),
            },
            _ => Self::Storage(-1),
        }
    }
}

impl From<rusqlite_migration::Error> for RecordsError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error, MigrationDefinitionError};
        match error {
            Error::RusqliteError { err, .. } => err.into(),
            Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::NewerSchema,
            _ => Self::Storage(-1),
        }
    }
}

impl From<vault::VaultError> for RecordsError {
    fn from(error: vault::VaultError) -> Self {
        match error {
            vault::VaultError::StorageFull => Self::StorageFull,
            vault::VaultError::NoAdministrator => Self::LastAdministrator,
            other => Self::Vault(other),
        }
    }
}

impl From<std::io::Error> for RecordsError {
    fn from(error: std::io::Error) -> Self {
        match vault::VaultError::from(error) {
            vault::VaultError::StorageFull => Self::StorageFull,
            _ => Self::Storage(-1),
        }
    }
}
