//! Parcels: bytes that a printed code opens once, without an account.
//!
//! A file is one line of JSON, what it says in clear, and then the ciphertext: XChaCha20-Poly1305 under
//! Argon2id of the code. The code's first five symbols are in the file's name and say which one it is for.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::canonical::canonical_bytes;
use crate::code::{LOCATOR_SYMBOLS, OneTimeCode};
use crate::durable::{self, Existing, UNFINISHED};
use crate::error::VaultError;
use crate::kdf::{KdfParameters, KdfPolicy};
use crate::layout;
use crate::secret::Secret;
use crate::wrap::{self, NONCE_BYTES, Wrapped};

const EXTENSION: &str = "parcel";
const LABEL: &str = "lentigo parcel v1";
/// Largest parcel that is written or read.
const LARGEST: u64 = 256 << 20;

/// A parcel's identity, for the audit trail and for taking it back. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParcelId(Uuid);

impl fmt::Display for ParcelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ParcelId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    expires_at: Timestamp,
    kdf: KdfParameters,
    #[serde(with = "hex::serde")]
    nonce: [u8; NONCE_BYTES],
}

/// The parcels of one clinic folder.
#[derive(Debug)]
pub struct Parcel;

struct Found {
    id: ParcelId,
    locator: String,
    path: PathBuf,
}

impl Parcel {
    /// Seals bytes (at most 256 MiB) until `expires_at`; when this returns, they are on the disk.
    ///
    /// # Errors
    /// [`VaultError::TooLarge`], [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn write(
        clinic_folder: &Path,
        bytes: &[u8],
        expires_at: Timestamp,
        policy: KdfPolicy,
    ) -> Result<(ParcelId, OneTimeCode), VaultError> {
        if bytes.len() as u64 > LARGEST {
            return Err(VaultError::TooLarge);
        }
        let folder = clinic_folder.join(layout::PARCELS);
        durable::private_folder(&folder)?;
        let taken = all_in(&folder)?;
        let code = loop {
            let code = OneTimeCode::random()?;
            if taken.iter().all(|parcel| parcel.locator != code.locator()) {
                break code;
            }
        };
        let (id, kdf) = (ParcelId(Uuid::now_v7()), KdfParameters::fresh(policy)?);
        let key = key(&kdf, &code)?;
        let sealed = wrap::wrap(&key, &associated(id, expires_at, &kdf), bytes)?;
        let header = Header { expires_at, kdf, nonce: sealed.nonce };
        let mut file = serde_json::to_vec(&header).unwrap_or_else(|_| unreachable!("a header is plain data"));
        file.push(b'\n');
        file.extend_from_slice(&sealed.ciphertext);
        let name = format!("{id}.{}.{EXTENSION}", code.locator());
        durable::write(&folder.join(name), &file, Existing::Refuse)?;
        Ok((id, code))
    }

    /// Opens a parcel, which is removed before this returns.
    ///
    /// # Errors
    /// [`VaultError::RecoveryCodeMistyped`] when the code breaks its checksum;
    /// [`VaultError::InvalidCredentials`] for a wrong or a used code and for an altered parcel alike;
    /// [`VaultError::CodeExpired`] for the right code at `expires_at` or later; [`VaultError::Storage`].
    pub fn open(
        clinic_folder: &Path,
        code: &str,
        now: Timestamp,
    ) -> Result<(ParcelId, Zeroizing<Vec<u8>>), VaultError> {
        let code = OneTimeCode::read(code)?;
        let folder = clinic_folder.join(layout::PARCELS);
        let found = all_in(&folder)?.into_iter().find(|parcel| parcel.locator == code.locator());
        let Some(Found { id, path, .. }) = found else {
            // The work of a code that has a parcel.
            key(&KdfParameters::fresh(KdfPolicy::STANDARD)?, &code)?;
            return Err(VaultError::InvalidCredentials);
        };
        let (header, ciphertext) = read(&path)?.ok_or(VaultError::InvalidCredentials)?;
        let key = key(&header.kdf, &code)?;
        let associated = associated(id, header.expires_at, &header.kdf);
        let sealed = Wrapped { nonce: header.nonce, ciphertext };
        let bytes = wrap::unwrap(&key, &associated, &sealed).ok_or(VaultError::InvalidCredentials)?;
        remove(&folder, &path)?;
        if now >= header.expires_at { Err(VaultError::CodeExpired) } else { Ok((id, bytes)) }
    }

    /// Removes parcels whose time is over or that are damaged; returns how many.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn sweep(clinic_folder: &Path, now: Timestamp) -> Result<usize, VaultError> {
        let folder = clinic_folder.join(layout::PARCELS);
        let mut swept = 0;
        for parcel in all_in(&folder)? {
            let waits = read(&parcel.path)?.is_some_and(|(header, _)| now < header.expires_at);
            if !waits {
                remove(&folder, &parcel.path)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Takes a parcel back. A missing one is fine.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn revoke(clinic_folder: &Path, id: ParcelId) -> Result<(), VaultError> {
        let folder = clinic_folder.join(layout::PARCELS);
        match all_in(&folder)?.into_iter().find(|parcel| parcel.id == id) {
            Some(parcel) => remove(&folder, &parcel.path),
            None => Ok(()),
        }
    }
}

fn key(kdf: &KdfParameters, code: &OneTimeCode) -> Result<Secret, VaultError> {
    Ok(kdf.derive(code.text())?.derive(LABEL))
}

fn associated(id: ParcelId, expires_at: Timestamp, kdf: &KdfParameters) -> Vec<u8> {
    canonical_bytes(LABEL, &[id.0.as_bytes(), &expires_at.as_nanosecond().to_be_bytes(), &kdf.canonical()])
}

/// What a file says in clear, and its ciphertext; nothing when it is none of ours.
fn read(path: &Path) -> Result<Option<(Header, Vec<u8>)>, VaultError> {
    // The header and the tag add less than a kilobyte.
    if fs::metadata(path)?.len() > LARGEST + 1024 {
        return Ok(None);
    }
    Ok(split(&fs::read(path)?))
}

fn split(bytes: &[u8]) -> Option<(Header, Vec<u8>)> {
    let (line, rest) = bytes.split_at(bytes.iter().position(|&byte| byte == b'\n')?);
    let header: Header = serde_json::from_slice(line).ok()?;
    header.kdf.is_bearable().then_some((header, rest[1..].to_vec()))
}

#[cfg(feature = "fuzzing")]
#[must_use]
pub fn fuzzed(bytes: &[u8]) -> bool {
    split(bytes).is_some()
}

fn remove(folder: &Path, path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path).map_err(VaultError::from) {
        Ok(()) => durable::sync_folder(folder),
        // Somebody else was first.
        Err(VaultError::FileMissing) => Err(VaultError::InvalidCredentials),
        Err(error) => Err(error),
    }
}

fn all_in(folder: &Path) -> Result<Vec<Found>, VaultError> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with(UNFINISHED) {
            fs::remove_file(entry.path()).ok();
        } else if let Some((id, locator)) = parts(&name) {
            found.push(Found { id, locator: locator.to_owned(), path: entry.path() });
        }
    }
    Ok(found)
}

fn parts(name: &str) -> Option<(ParcelId, &str)> {
    let (id, rest) = name.split_once('.')?;
    let (locator, extension) = rest.split_once('.')?;
    (extension == EXTENSION && locator.len() == LOCATOR_SYMBOLS).then_some((id.parse().ok()?, locator))
}
