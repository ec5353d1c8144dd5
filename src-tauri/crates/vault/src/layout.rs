//! What a clinic folder holds.

use domain::FileId;

/// The encrypted database (SQLCipher) of the first epoch, with `-wal` and `-shm` beside it while it is
/// open. See [`database`].
pub const DATABASE: &str = "clinic.db";
/// The wrapped keys.
pub const KEY_SLOTS: &str = "keyslots.json";
/// The same bytes again.
pub const KEY_SLOTS_COPY: &str = "keyslots.json.bak";
/// Failed sign-ins and locks.
pub const ATTEMPTS: &str = "attempts.json";
/// The same bytes again.
pub const ATTEMPTS_COPY: &str = "attempts.json.bak";
/// Folder of sealed files.
pub const IMAGES: &str = "images";
/// Folder of sealed notes left while nobody was signed in.
pub const INTAKE: &str = "intake";
/// Folder of sealed parcels that a printed code opens.
pub const PARCELS: &str = "parcels";
/// The anchor of the audit chain.
pub const AUDIT_HEAD: &str = "audit.head";

/// The public keys that the clinic's reports are checked with, for whoever has no session.
pub const VERIFICATION_KEYS: &str = "verification-keys.txt";
/// Start of the name of a folder with the records as they were before a newer program changed their shape.
pub const MIGRATION_COPY: &str = "before-migration-";
/// End of the name of a sealed file.
pub(crate) const SEALED: &str = "sealed";

/// Where a sealed file lies.
#[must_use]
pub fn sealed_file(file: FileId) -> String {
    format!("{IMAGES}/{file}.{SEALED}")
}

/// The identity of a sealed file by where it lies.
#[must_use]
pub fn sealed_file_of(path: &str) -> Option<FileId> {
    path.strip_prefix(IMAGES)?.strip_prefix('/')?.strip_suffix(SEALED)?.strip_suffix('.')?.parse().ok()
}

/// Name of the encrypted database of an epoch of the keys: `clinic.db`, then `clinic-2.db` and so on.
#[must_use]
pub fn database(epoch: u32) -> String {
    if epoch <= 1 { DATABASE.to_owned() } else { format!("clinic-{epoch}.db") }
}

/// The epoch of a database file's name, without what SQLite keeps beside it.
pub(crate) fn epoch_of(name: &str) -> Option<u32> {
    if name == DATABASE {
        return Some(1);
    }
    let epoch = name.strip_prefix("clinic-")?.strip_suffix(".db")?.parse().ok()?;
    (database(epoch) == name).then_some(epoch)
}
