//! What a person may ask of the clinic about their own record: all of it, or the end of it.
//!
//! Both start from one list ([`personal`]) of the tables that say something about a patient.

mod erasure;
mod export;
mod fields;
mod personal;
mod traces;

pub use erasure::{Erased, erase};
pub(crate) use export::{JSON, is_moment, told};
pub use export::{PortraitFile, Subject, SubjectPicture, SubjectSection, everything};
pub(crate) use fields::TECHNICAL;
pub use fields::{FIELDS, SECTIONS};
pub(crate) use traces::{SCHEMA, clean_traces, empty_log};
