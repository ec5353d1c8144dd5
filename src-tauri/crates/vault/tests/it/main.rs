//! The vault against real files: key slots, sealed files, the encrypted database, a full disk.

mod database;
mod full_disk;
mod keys;
mod sealed;
mod tampered_slots;
