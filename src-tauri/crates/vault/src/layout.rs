//! What a clinic folder holds.

/// The encrypted database (SQLCipher), with `-wal` and `-shm` beside it while it is open.
pub const DATABASE: &str = "clinic.db";
/// The wrapped keys.
pub const KEY_SLOTS: &str = "keyslots.json";
/// The same bytes again.
pub const KEY_SLOTS_COPY: &str = "keyslots.json.bak";
/// Folder of sealed files.
pub const IMAGES: &str = "images";
/// The anchor of the audit chain.
pub const AUDIT_HEAD: &str = "audit.head";
