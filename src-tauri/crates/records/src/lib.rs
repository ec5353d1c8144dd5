//! The clinic's records: the only place with SQL.
//!
//! [`Store`] holds the open database. A noun is a module with its table, its functions and their tests.
//! Functions that change something, or that show a patient to a person, take a [`Writing`], which
//! exists only in [`Store::write`] and knows who acts; each adds its audit row in the same transaction.
#![forbid(unsafe_code)]

pub mod analyses;
pub mod audit;
pub mod break_glass;
pub mod clinicians;
pub mod clinics;
mod counters;
pub mod drafts;
pub mod enrolments;
mod error;
pub mod files;
mod fold;
pub mod images;
pub mod jobs;
pub mod lesions;
mod migrations;
pub mod patients;
pub mod reports;
mod row;
pub mod second_factors;
pub mod settings;
mod store;
pub mod users;

pub use audit::chain::{ChainProblem, ChainReport};
pub use error::RecordsError;
pub use migrations::pending_migrations;
/// The database's own connection, for whoever copies it whole.
pub use rusqlite::Connection;
pub use store::{Reading, Store, Writing};
