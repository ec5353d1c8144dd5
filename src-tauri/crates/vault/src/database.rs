//! The encrypted database: SQLCipher with a raw key.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::durable;
use crate::error::VaultError;
use crate::layout;
use crate::secret::Secret;

/// SQLCipher keeps its salt in the first bytes of the file, in clear.
const SALT_BYTES: usize = 16;
/// SQLCipher's page.
const PAGE_BYTES: u64 = 4096;
const SALT_LABEL: &str = "lentigo database salt v1";

/// Makes an empty encrypted database in a clinic folder.
///
/// # Errors
/// [`VaultError::ClinicExists`] when there is one, [`VaultError::StorageFull`], [`VaultError::Storage`].
pub fn create_database(folder: &Path, key: &Secret) -> Result<Connection, VaultError> {
    let path = folder.join(layout::DATABASE);
    durable::private_file(&path).map_err(|error| match error {
        VaultError::FileExists => VaultError::ClinicExists,
        other => other,
    })?;
    durable::sync_folder(folder)?;
    connect(&path, key)
}

/// Opens the encrypted database of a clinic folder.
///
/// # Errors
/// [`VaultError::FileMissing`]; [`VaultError::WrongKey`]; [`VaultError::Damaged`] when the key is right and the
/// first page is not readable. Damage further inside shows when it is read.
pub fn open_database(folder: &Path, key: &Secret) -> Result<Connection, VaultError> {
    let path = folder.join(layout::DATABASE);
    // SQLite takes a file shorter than a page for an empty database, and would start a new one in it.
    let salt = salt_of(&path)?.ok_or(VaultError::Damaged)?;
    connect(&path, key).map_err(|error| match error {
        VaultError::Damaged if salt != derived_salt(key) => VaultError::WrongKey,
        other => other,
    })
}

fn connect(path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // Before the key: its messages would name pages and files on standard error.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&key_statement(key))?;
    // Locking every freed page in memory slows search 7 to 16 times; keys are wiped all the same.
    connection.execute_batch("PRAGMA cipher_memory_security = OFF;")?;
    // The first read is what tries the key.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA cache_size = -65536;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA secure_delete = FAST;
         PRAGMA busy_timeout = 5000;",
    )?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Raw key and salt in SQLCipher's own notation, so that no password derivation runs. The salt comes
/// from the key, which lets a wrong key be told from a damaged first page.
fn key_statement(key: &Secret) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    text.push_str("PRAGMA key = \"x'");
    for byte in key.expose().iter().chain(&derived_salt(key)) {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text.push_str("'\";");
    text
}

fn derived_salt(key: &Secret) -> [u8; SALT_BYTES] {
    let mut salt = [0; SALT_BYTES];
    salt.copy_from_slice(&key.derive(SALT_LABEL).expose()[..SALT_BYTES]);
    salt
}

/// The salt in the file, or nothing for a file shorter than a page.
fn salt_of(path: &Path) -> Result<Option<[u8; SALT_BYTES]>, VaultError> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() < PAGE_BYTES {
        return Ok(None);
    }
    let mut salt = [0; SALT_BYTES];
    file.read_exact(&mut salt)?;
    Ok(Some(salt))
}
