//! Documents as a reader gets them: written, then read back with poppler's tools.

mod comparison;
mod dicom;
mod fhir;
mod fixtures;
mod golden;
mod insight;
mod letter;
mod poppler;
mod recovery;
mod report;
mod signed;
mod subject;
