//! Photographs, heatmaps and overlays on disk: one file each, one random key each.
//!
//! A file is `magic (4) | nonce (12) | AES-256-GCM ciphertext and tag`. Its key is wrapped with
//! XChaCha20-Poly1305 under a key derived from the clinical key and kept in the file's database row.
//! The file is bound to its identity, version and purpose, and to its key: another row's key opens nothing.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::FileId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::canonical::canonical_bytes;
use crate::deposit;
use crate::durable::{self, Existing, UNFINISHED};
use crate::error::VaultError;
use crate::layout;
use crate::secret::Secret;
use crate::wrap::{self, NONCE_BYTES, Wrapped};

const MAGIC: &[u8; 4] = b"LSF1";
const HEADER: usize = MAGIC.len() + NONCE_LEN;
/// Largest sealed file that is read, far above the largest one written.
const LARGEST: u64 = 512 << 20;
const LABEL: &str = "lentigo sealed file v1";
const KEY_LABEL: &[u8] = b"lentigo sealed file key v1";

/// A file's own key, wrapped: 72 opaque bytes for its database row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey([u8; Self::BYTES]);

impl WrappedKey {
    /// Nonce 24, key 32, tag 16.
    pub const BYTES: usize = NONCE_BYTES + 32 + 16;

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl TryFrom<&[u8]> for WrappedKey {
    type Error = VaultError;

    fn try_from(bytes: &[u8]) -> Result<Self, VaultError> {
        bytes.try_into().map(Self).map_err(|_| VaultError::Damaged)
    }
}

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Whole files that no row names.
    pub orphans: usize,
    /// Files whose writing was never finished.
    pub unfinished: usize,
}

/// A file that is to be sealed together with others.
#[derive(Clone, Copy)]
pub struct NewFile<'a> {
    pub file: FileId,
    pub version: u32,
    pub purpose: &'a str,
    pub plaintext: &'a [u8],
}

/// The sealed files of one clinic.
#[derive(Debug)]
pub struct SealedStore {
    folder: PathBuf,
    wrapping_key: Secret,
    deposit_identity: Secret,
}

impl SealedStore {
    /// The sealed files of a clinic folder, opened with its clinical key. The folder for them is made if
    /// it is missing.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn open(clinic_folder: &Path, clinical_key: &Secret) -> Result<Self, VaultError> {
        let folder = clinic_folder.join(layout::IMAGES);
        durable::private_folder(&folder)?;
        let deposit_identity = deposit::identity(clinical_key);
        Ok(Self { folder, wrapping_key: clinical_key.derive(LABEL), deposit_identity })
    }

    /// Encrypts and writes a new file; when this returns, it is on the disk. `purpose` is a word such as
    /// `original` or `heatmap`, and the same one opens it. Write the row after the file: a file without
    /// a row is swept away, a row without a file would be a loss.
    ///
    /// # Errors
    /// [`VaultError::FileExists`] for an identity already used, [`VaultError::StorageFull`] with nothing
    /// left behind, [`VaultError::NoRandomness`], [`VaultError::Storage`].
    pub fn seal(
        &self,
        file: FileId,
        version: u32,
        purpose: &str,
        plaintext: &[u8],
    ) -> Result<WrappedKey, VaultError> {
        let key = Secret::random()?;
        let wrapped = self.wrap(&key)?;
        write(&self.folder, file, version, purpose, &key, plaintext)?;
        Ok(wrapped)
    }

    /// [`Self::seal`] for files that belong together: all of them are on the disk when this returns, or none is left.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_all(&self, files: &[NewFile<'_>]) -> Result<Vec<WrappedKey>, VaultError> {
        let mut keys = Vec::with_capacity(files.len());
        let mut sealed = Vec::with_capacity(files.len());
        for new in files {
            let key = Secret::random()?;
            keys.push(self.wrap(&key)?);
            let bytes = encrypted(new.file, new.version, new.purpose, &key, new.plaintext)?;
            sealed.push((path(&self.folder, new.file), bytes));
        }
        durable::write_new(&self.folder, &sealed)?;
        Ok(keys)
    }

    /// Reads and decrypts a file. The plaintext is wiped when dropped.
    ///
    /// # Errors
    /// [`VaultError::FileMissing`]; [`VaultError::Damaged`] when a bit of the file, its wrapped key,
    /// identity, version or purpose is not what was sealed.
    pub fn open_file(
        &self,
        file: FileId,
        version: u32,
        purpose: &str,
        key: &WrappedKey,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let associated = associated(file, version, purpose);
        let own = self.unwrap(key)?;
        let mut bytes = Zeroizing::new(self.read(file)?);
        let nonce = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.first_chunk::<NONCE_LEN>())
            .copied()
            .ok_or(VaultError::Damaged)?;
        let length = cipher(&own)
            .open_within(Nonce::assume_unique_for_key(nonce), Aad::from(&associated), &mut bytes, HEADER..)
            .map_err(|_| VaultError::Damaged)?
            .len();
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Moves a file's key under the clinical key of `to`. The file itself stays as it is.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when this store's clinical key does not open the wrapped key.
    pub fn rewrap(&self, key: &WrappedKey, to: &Self) -> Result<WrappedKey, VaultError> {
        to.wrap(&self.unwrap(key)?)
    }

    /// Removes a file whose row will not be written after all. A missing one is fine.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn discard(&self, file: FileId) -> Result<(), VaultError> {
        remove(&self.folder, file)
    }

    /// Removes files that no row names and files that were never finished. Call it before anything else
    /// writes, at the start. Files of other kinds are left alone.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn sweep(&self, known: &HashSet<FileId>) -> Result<Swept, VaultError> {
        let mut swept = Swept::default();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let unfinished =
                path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(UNFINISHED));
            if unfinished {
                fs::remove_file(&path)?;
                swept.unfinished += 1;
            } else if identity_of(&path).is_some_and(|file| !known.contains(&file)) {
                fs::remove_file(&path)?;
                swept.orphans += 1;
            }
        }
        if swept != Swept::default() {
            durable::sync_folder(&self.folder)?;
        }
        Ok(swept)
    }

    pub(crate) const fn deposit_identity(&self) -> &Secret {
        &self.deposit_identity
    }

    pub(crate) fn wrap(&self, key: &Secret) -> Result<WrappedKey, VaultError> {
        let wrapped = wrap::wrap(&self.wrapping_key, KEY_LABEL, key.expose())?;
        let mut row = [0; WrappedKey::BYTES];
        row[..NONCE_BYTES].copy_from_slice(&wrapped.nonce);
        row[NONCE_BYTES..].copy_from_slice(&wrapped.ciphertext);
        Ok(WrappedKey(row))
    }

    fn unwrap(&self, key: &WrappedKey) -> Result<Secret, VaultError> {
        let (nonce, ciphertext) = key.0.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Damaged)?;
        let wrapped = Wrapped { nonce: *nonce, ciphertext: ciphertext.to_vec() };
        wrap::unwrap_key(&self.wrapping_key, KEY_LABEL, &wrapped).ok_or(VaultError::Damaged)
    }

    fn read(&self, file: FileId) -> Result<Vec<u8>, VaultError> {
        let source = File::open(path(&self.folder, file))?;
        let length = source.metadata()?.len();
        if length > LARGEST {
            return Err(VaultError::Damaged);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        source.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Encrypts under the file's own key and puts the file in place; when this returns, it is on the disk.
pub(crate) fn write(
    folder: &Path,
    file: FileId,
    version: u32,
    purpose: &str,
    key: &Secret,
    plaintext: &[u8],
) -> Result<(), VaultError> {
    let bytes = encrypted(file, version, purpose, key, plaintext)?;
    durable::write(&path(folder, file), &bytes, Existing::Refuse)
}

fn encrypted(
    file: FileId,
    version: u32,
    purpose: &str,
    key: &Secret,
    plaintext: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let associated = associated(file, version, purpose);
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce)?;
    let mut bytes = Vec::with_capacity(HEADER + plaintext.len() + AES_256_GCM.tag_len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(plaintext);
    let tag = cipher(key)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(&associated),
            &mut bytes[HEADER..],
        )
        .unwrap_or_else(|_| unreachable!("a file is far below the limit of AES-GCM"));
    bytes.extend_from_slice(tag.as_ref());
    Ok(bytes)
}

/// Removes a file; a missing one is fine.
pub(crate) fn remove(folder: &Path, file: FileId) -> Result<(), VaultError> {
    match fs::remove_file(path(folder, file)).map_err(VaultError::from) {
        Err(VaultError::FileMissing) => Ok(()),
        other => other,
    }
}

fn path(folder: &Path, file: FileId) -> PathBuf {
    folder.join(format!("{file}.{}", layout::SEALED))
}

fn identity_of(path: &Path) -> Option<FileId> {
    if path.extension()? != layout::SEALED {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}

pub(crate) fn associated(file: FileId, version: u32, purpose: &str) -> Vec<u8> {
    canonical_bytes(LABEL, &[file.as_uuid().as_bytes(), &version.to_be_bytes(), purpose.as_bytes()])
}

fn cipher(key: &Secret) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, key.expose())
        .unwrap_or_else(|_| unreachable!("a key of AES-256 has 32 bytes"));
    LessSafeKey::new(key)
}
