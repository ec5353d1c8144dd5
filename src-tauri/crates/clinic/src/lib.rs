//! Use cases of the clinic: what a person can ask for, who may ask, and what happens then.
//!
//! A use case is a free function whose first argument is a [`Session`]; a session exists only
//! after sign-in. The border speaks requests and views ([`views`]) and one error shape ([`Error`]);
//! which commands there are and who may call them is the table in [`commands`].
#![forbid(unsafe_code)]

pub mod account;
pub mod analysis;
pub mod audit_trail;
pub mod bindings;
pub mod biopsy;
pub mod break_glass;
pub mod case_note;
pub mod commands;
pub mod desk_photo;
pub mod directory;
pub mod entry;
pub mod error;
pub mod events;
mod examination;
pub mod export;
pub mod follow_up;
pub mod history;
pub mod image;
mod intake;
pub mod jobs;
pub mod keys;
pub mod lesion;
pub mod mail;
pub mod merging;
pub mod model;
mod names;
mod outlining;
pub mod password;
pub mod patient;
pub mod patient_view;
pub mod picture;
pub mod portrait;
pub mod profile;
pub mod recall;
pub mod registry;
pub mod report;
mod resets;
pub mod rights;
pub mod safety_net;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod slips;
pub mod staff;
pub mod timeline;
pub mod views;
pub mod visit;
mod witness;
pub mod workstation;

pub use error::{Error, ErrorCode, Result};
pub use session::Session;
pub use vault::device::DeviceKeyring;
pub use vault::process::harden_process;
pub use workstation::Workstation;
