//! The words of the clinic: plain values with their rules, shared by every floor above.
//!
//! Nothing in here reads a file, a clock or a key. A type belongs in this crate when at least
//! two floors speak of it; its invariants are checked here and nowhere else.
#![forbid(unsafe_code)]

pub mod advice;
pub mod analysis;
pub mod audit;
pub mod clinic;
pub mod clock;
pub mod id;
pub mod image;
pub mod job;
pub mod lesion;
pub mod model;
pub mod patient;
pub mod problem;
pub mod quality;
pub mod report;
pub mod role;
pub mod user;

pub use clock::{Clock, FixedClock, SystemClock};
pub use id::*;
pub use role::{Actor, Role};
