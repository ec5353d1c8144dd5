//! A small JSON file and its copy, each with a digest that tells bit rot from a wrong password.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::durable::{self, Existing};
use crate::error::VaultError;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    /// SHA-256 of the content as it stands in the file. It guards against accidents only.
    #[serde(with = "hex::serde")]
    sha256: [u8; 32],
    content: Box<RawValue>,
}

/// Only what is needed to tell a newer file from a damaged one.
#[derive(Deserialize)]
struct AnyEnvelope {
    content: AnySchema,
}

#[derive(Deserialize)]
struct AnySchema {
    schema: u32,
}

/// # Errors
/// [`VaultError::NewerFormat`] for a schema above `newest`, [`VaultError::Damaged`],
/// [`VaultError::FileMissing`], [`VaultError::Storage`].
pub(crate) fn read<T: DeserializeOwned>(path: &Path, newest: u32) -> Result<T, VaultError> {
    parse(&fs::read(path)?, newest)
}

/// The content of such a file's bytes.
///
/// # Errors
/// As [`read`], of the bytes alone.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8], newest: u32) -> Result<T, VaultError> {
    if serde_json::from_slice::<AnyEnvelope>(bytes).is_ok_and(|any| any.content.schema > newest) {
        return Err(VaultError::NewerFormat);
    }
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| VaultError::Damaged)?;
    let text = envelope.content.get();
    let whole = Sha256::digest(text).as_slice() == envelope.sha256;
    serde_json::from_str(text).ok().filter(|_| whole).ok_or(VaultError::Damaged)
}

/// # Errors
/// [`VaultError::StorageFull`], [`VaultError::Storage`]; an older file is untouched then.
pub(crate) fn write<T: Serialize>(path: &Path, content: &T) -> Result<(), VaultError> {
    let content = serde_json::value::to_raw_value(content)
        .unwrap_or_else(|_| unreachable!("the content is plain data with text for keys"));
    let envelope = Envelope { sha256: Sha256::digest(content.get()).into(), content };
    let mut bytes =
        serde_json::to_vec(&envelope).unwrap_or_else(|_| unreachable!("an envelope is plain data"));
    bytes.push(b'\n');
    durable::write(path, &bytes, Existing::Replace)
}
