//! The vault against real files.

mod activation;
mod attempts;
mod backup;
mod codes;
mod database;
mod deposit;
mod full_disk;
mod intake;
mod key_change;
mod keys;
mod parcel;
mod reset;
mod sealed;
mod staff;
mod support;
mod tampered_slots;
mod timing;
