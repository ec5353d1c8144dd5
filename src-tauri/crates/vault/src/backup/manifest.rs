//! What belongs to a generation.
//!
//! The first line of the file says what the list of backups shows, with the digest of the rest; its code is
//! HMAC-SHA-256. The second line is the list of files.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path};

use domain::{BackupId, ClinicId};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;

use super::objects::{Digest, digest};
use crate::error::VaultError;
use crate::secret::Secret;

/// Version of the format written here, and the newest one understood.
const SCHEMA: u32 = 1;
const LABEL: &str = "lentigo backup manifest v1";
const LONGEST_HEADER: u64 = 16 << 10;
/// A million files need a third of it.
const LARGEST: u64 = 1 << 30;

/// What a backup says of itself without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    schema: u32,
    pub id: BackupId,
    pub clinic: ClinicId,
    pub made_at: Timestamp,
    /// Version of the program that made it.
    pub program: String,
    /// Steps that its database's shape has gone through.
    pub database_schema: u32,
    /// Generation of the keys.
    pub epoch: u32,
    pub files: u64,
    pub bytes: u64,
    #[serde(with = "hex::serde")]
    contents: Digest,
}

impl Generation {
    pub(super) fn new(made_at: Timestamp, clinic: ClinicId, program: &str, schema: u32, epoch: u32) -> Self {
        Self {
            schema: SCHEMA,
            id: BackupId::fresh(),
            clinic,
            made_at,
            program: program.to_owned(),
            database_schema: schema,
            epoch,
            files: 0,
            bytes: 0,
            contents: [0; 32],
        }
    }
}

/// A file of the clinic and the pieces it is put together from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileEntry {
    /// Inside the clinic's folder, with `/` between the names.
    pub path: String,
    pub length: u64,
    /// Nanoseconds since 1970, as the disk tells them; a file that has another time is read again.
    pub modified: i64,
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    #[serde(with = "hex::serde")]
    pub sha256: Digest,
    pub length: u64,
}

impl FileEntry {
    /// Whether the path stays inside the folder it is put into.
    fn is_sound(&self) -> bool {
        let inside = Path::new(&self.path).components().all(|part| matches!(part, Component::Normal(_)));
        !self.path.is_empty()
            && inside
            && self.parts.iter().map(|part| part.length).sum::<u64>() == self.length
    }
}

/// A generation with its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub generation: Generation,
    pub files: Vec<FileEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstLine {
    #[serde(with = "hex::serde")]
    mac: [u8; 32],
    generation: Box<RawValue>,
}

/// Only what is needed to tell a newer file from a damaged one.
#[derive(Deserialize)]
struct AnyLine {
    generation: AnySchema,
}

#[derive(Deserialize)]
struct AnySchema {
    schema: u32,
}

/// A manifest as it was read, before its key is known.
pub(super) struct Unproven {
    mac: [u8; 32],
    generation_text: String,
    manifest: Manifest,
}

impl Unproven {
    /// # Errors
    /// [`VaultError::Damaged`] when somebody without the keys wrote it.
    pub fn prove(self, key: &Secret) -> Result<Manifest, VaultError> {
        let code = code(key, &self.generation_text);
        code.verify_slice(&self.mac).map_err(|_| VaultError::Damaged)?;
        Ok(self.manifest)
    }

    /// The files, which an accident did not change: the digest is right.
    pub fn claimed(&self) -> &Manifest {
        &self.manifest
    }
}

/// The key that authenticates manifests; it opens nothing.
pub(super) fn key(database_key: &Secret) -> Secret {
    database_key.derive(LABEL)
}

fn code(key: &Secret, text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose())
        .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(text.as_bytes());
    mac
}

impl Manifest {
    /// The bytes of the file.
    pub fn seal(&mut self, key: &Secret) -> Vec<u8> {
        let files = json(&self.files);
        self.generation.contents = digest(&files);
        let generation = serde_json::value::to_raw_value(&self.generation)
            .unwrap_or_else(|_| unreachable!("a generation is plain data"));
        let mac = code(key, generation.get()).finalize().into_bytes().into();
        let mut bytes = json(&FirstLine { mac, generation });
        bytes.push(b'\n');
        bytes.extend_from_slice(&files);
        bytes.push(b'\n');
        bytes
    }

    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.files.iter().flat_map(|file| &file.parts)
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|_| unreachable!("a manifest is plain data with text for keys"))
}

/// What the first line says.
///
/// # Errors
/// [`VaultError::NewerFormat`], [`VaultError::Damaged`], [`VaultError::Storage`].
pub(super) fn read_generation(path: &Path) -> Result<Generation, VaultError> {
    first_line(&mut BufReader::new(File::open(path)?)).map(|(_, generation, _)| generation)
}

/// The whole file.
///
/// # Errors
/// As [`read_generation`].
pub(super) fn read(path: &Path) -> Result<Unproven, VaultError> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mac, generation, generation_text) = first_line(&mut reader)?;
    let mut rest = Vec::new();
    reader.take(LARGEST).read_to_end(&mut rest)?;
    let rest = rest.strip_suffix(b"\n").unwrap_or(&rest);
    if digest(rest) != generation.contents {
        return Err(VaultError::Damaged);
    }
    Ok(Unproven { mac, generation_text, manifest: Manifest { generation, files: files(rest)? } })
}

fn files(list: &[u8]) -> Result<Vec<FileEntry>, VaultError> {
    let files: Vec<FileEntry> = serde_json::from_slice(list).map_err(|_| VaultError::Damaged)?;
    if files.iter().all(FileEntry::is_sound) { Ok(files) } else { Err(VaultError::Damaged) }
}

/// Both lines, whatever the digest says: whoever alters one can alter the other.
#[cfg(feature = "fuzzing")]
#[must_use]
pub fn fuzzed(bytes: &[u8]) -> bool {
    let mut reader = bytes;
    let first = first_line(&mut reader);
    files(reader).is_ok() && first.is_ok()
}

fn first_line(reader: &mut impl BufRead) -> Result<([u8; 32], Generation, String), VaultError> {
    let mut line = Vec::new();
    reader.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)?;
    if serde_json::from_slice::<AnyLine>(&line).is_ok_and(|any| any.generation.schema > SCHEMA) {
        return Err(VaultError::NewerFormat);
    }
    let FirstLine { mac, generation } = serde_json::from_slice(&line).map_err(|_| VaultError::Damaged)?;
    let text = generation.get().to_owned();
    Ok((mac, serde_json::from_str(&text).map_err(|_| VaultError::Damaged)?, text))
}
