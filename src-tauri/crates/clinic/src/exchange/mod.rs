//! What other systems read: files and messages in the formats of the standards.

mod association;
pub mod dicom;
pub mod fhir;
mod objects;
pub mod pacs;
mod render;
pub mod sending;
pub mod tables;
