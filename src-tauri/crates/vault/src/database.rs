//! The encrypted database: SQLCipher with a raw key.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use crate::durable;
use crate::error::VaultError;
use crate::key_change;
use crate::layout;
use crate::secret::Secret;
use crate::unlocked::Unlocked;

/// SQLCipher keeps its salt in the first bytes of the file, in clear.
const SALT_BYTES: usize = 16;
/// SQLCipher's page.
const PAGE_BYTES: u64 = 4096;
const SNAPSHOT_TRIES: u32 = 20;
const SALT_LABEL: &str = "lentigo database salt v1";

/// Makes the empty encrypted database of a clinic folder.
///
/// # Errors
/// [`VaultError::ClinicExists`] when there is one, [`VaultError::StorageFull`], [`VaultError::Storage`].
pub fn create_database(folder: &Path, keys: &Unlocked) -> Result<Connection, VaultError> {
    create_database_at(&folder.join(layout::database(keys.epoch)), &keys.database_key)
}

/// Opens the encrypted database of a clinic folder. What an interrupted change of keys left behind is
/// removed then.
///
/// # Errors
/// [`VaultError::FileMissing`]; [`VaultError::WrongKey`]; [`VaultError::Damaged`] when the key is right and the
/// first page is not readable. Damage further inside shows when it is read.
pub fn open_database(folder: &Path, keys: &Unlocked) -> Result<Connection, VaultError> {
    let connection = open_database_at(&folder.join(layout::database(keys.epoch)), &keys.database_key)?;
    if !key_change::is_running(folder) {
        // Best effort: a file that cannot be removed now is removed another time.
        remove_others(folder, keys.epoch).ok();
    }
    Ok(connection)
}

/// Makes an empty encrypted database at a path.
///
/// # Errors
/// As [`create_database`].
pub fn create_database_at(path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    reserve(path)?;
    connect(path, key)
}

/// Opens the encrypted database at a path.
///
/// # Errors
/// As [`open_database`].
pub fn open_database_at(path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    // SQLite takes a file shorter than a page for an empty database, and would start a new one in it.
    let salt = salt_of(path)?.ok_or(VaultError::Damaged)?;
    connect(path, key).map_err(|error| match error {
        VaultError::Damaged if salt != derived_salt(key) => VaultError::WrongKey,
        other => other,
    })
}

/// Copies everything in `from` into a new encrypted database at `path`, checks the copy page by page
/// and flushes it to the disk.
pub(crate) fn copy(from: &Connection, path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    reserve(path)?;
    let name = path.to_str().ok_or(VaultError::Storage(std::io::ErrorKind::InvalidInput))?;
    from.execute("ATTACH DATABASE ?1 AS fresh KEY ?2", (name, raw_key(key).as_str()))?;
    let copied = export(from);
    let detached = from.execute_batch("DETACH DATABASE fresh");
    copied?;
    detached?;
    let connection = open_database_at(path, key)?;
    check_database(&connection)?;
    File::options().write(true).open(path)?.sync_all()?;
    if let Some(folder) = path.parent() {
        durable::sync_folder(folder)?;
    }
    Ok(connection)
}

fn export(from: &Connection) -> Result<(), VaultError> {
    from.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))?;
    for pragma in ["user_version", "application_id"] {
        let value: i64 = from.query_row(&format!("PRAGMA main.{pragma}"), [], |row| row.get(0))?;
        from.execute_batch(&format!("PRAGMA fresh.{pragma} = {value}"))?;
    }
    Ok(())
}

/// Copies the database file as it lies, page by encrypted page, at a moment when nothing is in its log. Nobody
/// writes meanwhile. The copy is not flushed.
///
/// # Errors
/// [`VaultError::Database`] when others keep the log busy, [`VaultError::StorageFull`], [`VaultError::Storage`].
pub(crate) fn snapshot(connection: &Connection, to: &mut File) -> Result<(), VaultError> {
    let path = connection.path().ok_or(VaultError::Storage(std::io::ErrorKind::NotFound))?;
    for _ in 0..SNAPSHOT_TRIES {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let still = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        let log = fs::metadata(format!("{path}-wal")).map_or(0, |log| log.len());
        if log == 0 {
            // Closing this file gives up locks against other programs; there is none, for the clinic is claimed.
            std::io::copy(&mut File::open(path)?, to)?;
            return Ok(still.rollback()?);
        }
        // Somebody wrote between the two steps.
        still.rollback()?;
    }
    Err(VaultError::Database(rusqlite::ffi::SQLITE_BUSY))
}

/// Every page of a database file against its authentication tag.
///
/// # Errors
/// [`VaultError::Damaged`], and those of [`open_database_at`].
pub(crate) fn check_pages(path: &Path, key: &Secret) -> Result<(), VaultError> {
    if pages_are_sealed(&open_database_at(path, key)?)? { Ok(()) } else { Err(VaultError::Damaged) }
}

fn pages_are_sealed(connection: &Connection) -> Result<bool, VaultError> {
    Ok(!connection.prepare("PRAGMA cipher_integrity_check")?.exists([])?)
}

/// Checks every page against its authentication tag, then the structure.
///
/// # Errors
/// [`VaultError::Damaged`], [`VaultError::Database`].
pub fn check_database(connection: &Connection) -> Result<(), VaultError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let sealed = pages_are_sealed(connection)?;
    let report: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sealed && report == "ok" { Ok(()) } else { Err(VaultError::Damaged) }
}

/// Whether the folder holds a database of any epoch.
pub(crate) fn any_in(folder: &Path) -> bool {
    files_in(folder).is_ok_and(|files| !files.is_empty())
}

/// Removes the databases of every epoch but one.
pub(crate) fn remove_others(folder: &Path, epoch: u32) -> Result<(), VaultError> {
    let others: Vec<_> = files_in(folder)?.into_iter().filter(|(_, of)| *of != epoch).collect();
    for (name, _) in &others {
        for suffix in ["-wal", "-shm", ""] {
            match fs::remove_file(folder.join(format!("{name}{suffix}"))).map_err(VaultError::from) {
                Ok(()) | Err(VaultError::FileMissing) => {}
                Err(error) => return Err(error),
            }
        }
    }
    if others.is_empty() { Ok(()) } else { durable::sync_folder(folder) }
}

fn files_in(folder: &Path) -> Result<Vec<(String, u32)>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string()
            && let Some(epoch) = layout::epoch_of(&name)
        {
            found.push((name, epoch));
        }
    }
    Ok(found)
}

fn reserve(path: &Path) -> Result<(), VaultError> {
    durable::private_file(path).map_err(|error| match error {
        VaultError::FileExists => VaultError::ClinicExists,
        other => other,
    })?;
    path.parent().map_or(Ok(()), durable::sync_folder)
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
         PRAGMA cache_size = -131072;
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

fn key_statement(key: &Secret) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    text.push_str("PRAGMA key = \"");
    text.push_str(&raw_key(key));
    text.push_str("\";");
    text
}

/// Raw key and salt in SQLCipher's own notation, so that no password derivation runs. The salt comes
/// from the key, which lets a wrong key be told from a damaged first page.
fn raw_key(key: &Secret) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    text.push_str("x'");
    for byte in key.expose().iter().chain(&derived_salt(key)) {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text.push('\'');
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
