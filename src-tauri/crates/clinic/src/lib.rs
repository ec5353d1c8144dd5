//! Use cases of the clinic: what a person can ask for, who may ask, and what happens then.
//!
//! A use case is a free function whose first argument is a [`Session`]; a session exists only
//! after sign-in. The border speaks requests and views ([`views`]) and one error shape ([`Error`]);
//! which commands there are and who may call them is the table in [`commands`].
#![forbid(unsafe_code)]

pub mod analysis;
pub mod bindings;
pub mod commands;
pub mod entry;
pub mod error;
pub mod events;
mod examination;
pub mod export;
pub mod image;
pub mod jobs;
pub mod lesion;
pub mod model;
pub mod password;
pub mod patient;
pub mod picture;
pub mod report;
pub mod session;
pub mod views;
pub mod workstation;

pub use error::{Error, ErrorCode, Result};
pub use session::Session;
pub use vault::process::harden_process;
pub use workstation::Workstation;
