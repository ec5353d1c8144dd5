//! The clinic's records: the only place with SQL.
//!
//! [`Store`] holds the open database. A noun is a module with its table, its functions and their tests.
//! Functions that change something, or that show a patient to a person, take a [`Writing`], which
//! exists only in [`Store::write`] and knows who acts; each adds its audit row in the same transaction.
#![forbid(unsafe_code)]

pub mod analyses;
pub mod articles;
pub mod assistant;
pub mod assistant_sheets;
pub mod audit;
pub mod backups;
pub mod batches;
pub mod biopsies;
pub mod break_glass;
pub mod case_notes;
pub mod case_sets;
pub mod checklists;
pub mod clinicians;
pub mod clinics;
pub mod comparisons;
mod counters;
pub mod decisions;
pub mod deletions;
pub mod derived;
pub mod desk_photos;
pub mod drafts;
pub mod embeddings;
pub mod enrolments;
mod error;
pub mod feedback;
pub mod files;
pub mod golden_images;
pub mod history;
pub mod holds;
pub mod image_marks;
pub mod image_scales;
pub mod images;
pub mod imaging_devices;
pub mod impressions;
pub mod insight;
pub mod integrity;
pub mod jobs;
pub mod lesions;
pub mod logos;
mod migrations;
pub mod models;
pub mod origins;
pub mod outlines;
pub mod patients;
pub mod performance;
pub mod portraits;
pub mod purges;
pub mod recalls;
pub mod referrals;
pub mod report_proposals;
pub mod report_templates;
pub mod reports;
pub mod rights;
mod row;
pub mod safety_net;
pub mod second_factors;
pub mod settings;
pub mod signing_keys;
mod store;
pub mod tables;
pub mod timeline;
pub mod transfer;
pub mod tray;
pub mod unread;
pub mod users;
pub mod visits;

use domain::fold;

pub use audit::chain::{ChainProblem, ChainReport};
pub use error::RecordsError;
pub use migrations::{newest_schema, pending_migrations};
/// The database's own connection, for whoever copies it whole.
pub use rusqlite::Connection;
pub use store::{Reading, Store, Writing};
