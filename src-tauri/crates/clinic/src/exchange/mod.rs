//! What other systems read: files and messages in the formats of the standards.

mod association;
pub mod dicom;
mod dicomweb;
mod failure;
pub mod fhir;
mod objects;
pub mod pacs;
mod render;
mod route;
pub mod sending;
pub mod tables;
