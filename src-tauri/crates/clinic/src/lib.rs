//! Use cases of the clinic: what a person can ask for, who may ask, and what happens then.
//!
//! A use case is a free function whose first argument is a [`Session`]; a session exists only
//! after sign-in. The border speaks requests and views ([`views`]) and one error shape ([`Error`]);
//! which commands there are and who may call them is the table in [`commands`].
#![forbid(unsafe_code)]

pub mod account;
pub mod analysis;
pub mod assistant;
pub mod audit_trail;
pub mod backup;
pub mod batch;
pub mod bindings;
pub mod biopsy;
pub mod break_glass;
pub mod case_note;
pub mod case_set;
pub mod checklist;
pub mod commands;
pub mod comparison;
pub mod decision;
pub mod derived;
pub mod desk_photo;
pub mod directory;
pub mod entry;
pub mod error;
pub mod events;
mod examination;
pub mod exchange;
mod exclusive;
pub mod export;
mod files_in;
pub mod follow_up;
pub mod history;
pub mod image;
pub mod imaging_device;
pub mod insight;
mod intake;
pub mod jobs;
pub mod keys;
pub mod language_model;
pub mod lesion;
pub mod letterhead;
pub mod library;
pub mod logs;
pub mod mail;
pub mod measuring;
pub mod merging;
pub mod migration;
pub mod model;
pub mod models;
mod names;
mod network;
pub mod offers;
mod outlining;
pub mod password;
pub mod patient;
pub mod patient_view;
pub mod performance;
pub mod picture;
pub mod portrait;
pub mod profile;
mod queue;
pub mod read_first;
pub mod recall;
pub mod referral;
pub mod registry;
pub mod report;
pub mod report_template;
mod resets;
mod retention;
pub mod rights;
pub mod safety_net;
pub mod second_factor;
pub mod self_test;
pub mod session;
pub mod settings;
pub mod shortcuts;
pub mod sign_in;
pub mod similar;
mod since;
pub mod slips;
pub mod staff;
pub mod taking;
mod tiles;
pub mod timeline;
pub mod tray;
pub mod views;
pub mod visit;
mod web;
mod witness;
pub mod workstation;

pub use error::{Error, ErrorCode, Result};
pub use session::Session;
pub use vault::device::DeviceKeyring;
pub use vault::process::harden_process;
pub use workstation::Workstation;

/// Parsers of records of elsewhere, to be tried with any bytes: whether these were accepted.
#[cfg(feature = "fuzzing")]
pub mod fuzzing {
    pub use crate::migration::{fuzzed_bundle as fhir, fuzzed_table as table};
}
