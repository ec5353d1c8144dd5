//! The words of the clinic: plain values with their rules, shared by every floor above.
//!
//! Nothing in here reads a file, a clock or a key. A type belongs in this crate when at least
//! two floors speak of it; its invariants are checked here and nowhere else.
#![forbid(unsafe_code)]

pub mod advice;
pub mod analysis;
pub mod artefact;
pub mod article;
pub mod assistant;
pub mod audit;
pub mod backup;
pub mod batch;
pub mod biopsy;
pub mod body_site;
pub mod case_note;
pub mod checklist;
pub mod clinic;
pub mod clock;
pub mod comparison;
pub mod consent;
pub mod decision;
pub mod derived;
pub mod desk_photo;
pub mod disagreement;
pub mod duplicate;
pub mod erasure;
pub mod fold;
pub mod history;
pub mod hold;
pub mod id;
pub mod image;
pub mod impression;
pub mod insight;
pub mod job;
pub mod lesion;
pub mod mark;
pub mod measure;
pub mod merge;
pub mod model;
pub mod model_version;
pub mod morphology;
pub mod numbering;
pub mod outline;
pub mod patient;
pub mod place;
pub mod problem;
pub mod quality;
pub mod recall;
pub mod report;
pub mod report_text;
pub mod role;
pub mod scale;
pub mod shortcut;
pub mod similar;
pub mod spelling;
pub mod statistics;
pub mod tds;
pub mod timeline;
pub mod tray;
pub mod uncertainty;
pub mod user;
pub mod visit;

pub use clock::{Clock, FixedClock, SystemClock};
pub use id::*;
pub use role::{Actor, Role};
