//! Records in formats that other programs read.

pub mod fhir;
pub mod tables;
