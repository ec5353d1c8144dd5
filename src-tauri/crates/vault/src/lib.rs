//! Keys and data at rest.
//!
//! [`Vault`] makes and opens the key slots of a clinic folder. What comes out, [`Unlocked`], opens the
//! database ([`open_database`]) and the photographs ([`SealedStore`]). Nothing here knows what the data
//! mean. The names of the files are in [`layout`].
#![forbid(unsafe_code)]

mod canonical;
mod database;
pub mod device;
mod durable;
mod error;
mod kdf;
mod keys;
pub mod layout;
pub mod process;
mod recovery;
mod sealed;
mod secret;
mod slots;
mod wrap;

pub use canonical::canonical_bytes;
pub use database::{create_database, open_database};
pub use error::VaultError;
pub use kdf::KdfPolicy;
pub use keys::{NewOwner, Presence, Unlocked, Vault};
pub use recovery::RecoverySheet;
pub use sealed::{SealedStore, Swept, WrappedKey};
pub use secret::Secret;
