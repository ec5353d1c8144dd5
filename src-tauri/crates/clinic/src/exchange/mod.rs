//! What other systems read: files and messages in the formats of the standards.

mod association;
pub mod dicom;
mod objects;
pub mod pacs;
mod render;
pub mod sending;

pub(crate) use sending::Transfers;
