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
pub mod break_glass;
pub mod commands;
pub mod directory;
pub mod entry;
pub mod error;
pub mod events;
mod examination;
pub mod export;
pub mod image;
mod intake;
pub mod jobs;
pub mod keys;
pub mod lesion;
pub mod mail;
pub mod model;
pub mod password;
pub mod patient;
pub mod patient_view;
pub mod picture;
pub mod profile;
pub mod report;
mod resets;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod slips;
pub mod staff;
pub mod views;
pub mod workstation;

pub use error::{Error, ErrorCode, Result};
pub use session::Session;
pub use vault::process::harden_process;
pub use workstation::Workstation;
