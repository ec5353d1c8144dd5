//! Keys and data at rest.
//!
//! [`Vault`] makes and opens the key slots of a clinic folder. What comes out, [`Unlocked`], opens the
//! database ([`open_database`]) and the photographs ([`SealedStore`]). [`KeyChange`] gives the clinic new
//! keys. What has to work while nobody is signed in is beside it: counting failed sign-ins ([`Attempts`]),
//! leaving sealed notes ([`Intake`]) and handing out sealed parcels ([`Parcel`]). [`BackupSet`] is where the clinic is kept
//! a second time. Nothing here knows what
//! the data mean. The names of the files are in [`layout`].
#![forbid(unsafe_code)]

mod attempts;
mod backup;
mod canonical;
mod code;
mod database;
mod deposit;
pub mod device;
mod durable;
mod error;
mod intake;
mod kdf;
mod key_change;
pub mod layout;
mod migration_copy;
mod moment;
mod parcel;
pub mod process;
mod recovery;
mod sealed;
mod sealing;
mod secret;
mod signing;
mod slot;
mod slots;
mod twin;
mod unlocked;
mod vault;
mod wrap;

pub use attempts::{Admission, Attempts, Door, Refusal};
pub use backup::{
    BackupDraft, BackupMade, BackupProof, BackupSet, BackupStep, BackupWatch, DraftOrigin, Examined,
    Generation, OpenSet, OpenedBackup, Placed,
};
pub use canonical::canonical_bytes;
pub use code::OneTimeCode;
pub use database::{check_database, create_database, create_database_at, open_database, open_database_at};
pub use deposit::{DepositKey, DepositedKey, Depository};
pub use error::VaultError;
pub use intake::{Collected, Intake, Note};
pub use kdf::KdfPolicy;
pub use key_change::KeyChange;
pub use migration_copy::MigrationCopy;
pub use moment::Moment;
pub use parcel::{Parcel, ParcelId};
pub use recovery::RecoverySheet;
pub use sealed::{NewFile, SealedStore, Swept, WrappedKey};
pub use secret::Secret;
pub use signing::{Signature, SigningKey, VerifyingKey};
pub use unlocked::Unlocked;
pub use vault::{Enrolment, NewOwner, Presence, ResetKey, Vault};

/// Parsers of what lies in files, to be tried with any bytes: whether these were accepted.
#[cfg(feature = "fuzzing")]
pub mod fuzzing {
    pub use crate::backup::fuzzed_manifest as manifest;
    pub use crate::parcel::fuzzed as parcel;
}
