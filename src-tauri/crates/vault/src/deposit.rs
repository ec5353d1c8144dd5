//! Deposits: sealed files left by somebody who may not open them.
//!
//! The file itself is like any other of [`SealedStore`]; its own key is sealed to a public key whose
//! private half comes from the clinical key. Whoever holds that takes the key over ([`SealedStore::adopt`]).

use std::path::{Path, PathBuf};

use domain::FileId;
use serde::{Deserialize, Serialize};

use crate::durable;
use crate::error::VaultError;
use crate::layout;
use crate::sealed::{self, SealedStore, WrappedKey};
use crate::sealing::{self, PUBLIC_BYTES, PublicKey, Sealed};
use crate::secret::Secret;

const KEY_LABEL: &str = "lentigo deposit key v1";
const LABEL: &str = "lentigo deposit v1";
const TAG_BYTES: usize = 16;

/// The public key that deposits are sealed to. It belongs to one clinical key and changes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DepositKey(PublicKey);

/// The key of a deposited file, sealed: 80 opaque bytes for its database row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositedKey([u8; Self::BYTES]);

impl DepositedKey {
    /// Encapsulated key 32, key 32, tag 16.
    pub const BYTES: usize = PUBLIC_BYTES + 32 + TAG_BYTES;

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl TryFrom<&[u8]> for DepositedKey {
    type Error = VaultError;

    fn try_from(bytes: &[u8]) -> Result<Self, VaultError> {
        bytes.try_into().map(Self).map_err(|_| VaultError::Damaged)
    }
}

/// Where deposits are left.
#[derive(Debug)]
pub struct Depository {
    folder: PathBuf,
    to: DepositKey,
}

impl Depository {
    /// The sealed files of a clinic folder, for leaving more of them. The folder is made if it is missing.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn open(clinic_folder: &Path, to: DepositKey) -> Result<Self, VaultError> {
        let folder = clinic_folder.join(layout::IMAGES);
        durable::private_folder(&folder)?;
        Ok(Self { folder, to })
    }

    /// Encrypts and writes a new file; when this returns, it is on the disk. Nothing of what remains
    /// with the caller opens it again. Write the row after the file.
    ///
    /// # Errors
    /// Those of [`SealedStore::seal`]; [`VaultError::SlotAltered`] for a public key nobody made honestly.
    pub fn seal(
        &self,
        file: FileId,
        version: u32,
        purpose: &str,
        plaintext: &[u8],
    ) -> Result<DepositedKey, VaultError> {
        let key = Secret::random()?;
        let associated = sealed::associated(file, version, purpose);
        let sealed = sealing::seal(&self.to.0, LABEL, &associated, key.expose())?;
        let mut row = [0; DepositedKey::BYTES];
        row[..PUBLIC_BYTES].copy_from_slice(&sealed.encapsulated);
        row[PUBLIC_BYTES..].copy_from_slice(&sealed.ciphertext);
        sealed::write(&self.folder, file, version, purpose, &key, plaintext)?;
        Ok(DepositedKey(row))
    }

    /// Removes a file whose row will not be written after all. A missing one is fine.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn discard(&self, file: FileId) -> Result<(), VaultError> {
        sealed::remove(&self.folder, file)
    }
}

impl SealedStore {
    /// The public key that deposits for this store are sealed to.
    #[must_use]
    pub fn deposit_key(&self) -> DepositKey {
        DepositKey(PublicKey::of(self.deposit_identity()))
    }

    /// Takes a deposited file over: its key is kept like those of the store's own files from now on.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it was sealed to another clinical key, or its identity, version or
    /// purpose is not what was sealed.
    pub fn adopt(
        &self,
        file: FileId,
        version: u32,
        purpose: &str,
        key: &DepositedKey,
    ) -> Result<WrappedKey, VaultError> {
        let (encapsulated, ciphertext) =
            key.0.split_first_chunk::<PUBLIC_BYTES>().ok_or(VaultError::Damaged)?;
        let sealed = Sealed { encapsulated: *encapsulated, ciphertext: ciphertext.to_vec() };
        let associated = sealed::associated(file, version, purpose);
        let own = sealing::open(self.deposit_identity(), LABEL, &associated, &sealed)
            .and_then(|bytes| bytes.as_slice().try_into().ok().map(Secret::from_bytes))
            .ok_or(VaultError::Damaged)?;
        self.wrap(&own)
    }
}

/// The private key that opens deposits.
pub(crate) fn identity(clinical_key: &Secret) -> Secret {
    sealing::identity_from(&clinical_key.derive(KEY_LABEL))
}
