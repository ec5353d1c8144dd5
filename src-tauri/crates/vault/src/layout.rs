//! What a clinic folder holds.

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
