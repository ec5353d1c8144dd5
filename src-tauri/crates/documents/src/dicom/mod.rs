//! DICOM, after the edition 2024 of the standard.

mod error;
mod message;
mod read;
mod store_response;
mod write;

pub use error::{DicomError, TransferSyntaxName};
pub use message::{Travelling, VERIFICATION, answered, echo_command};
pub use read::{DicomFrame, DicomPictures, is_dicom, read};
pub use store_response::{StoreAnswer, StoreResponse};
pub use write::{
    DicomDevice, DicomPatient, DicomPlace, DicomReference, DicomStudy, FileSet, MEDIA_DIRECTORY, Measurement,
    MeasurementReport, Photograph, Picture, Reading, derived_uid, encapsulated_pdf, lengths, photograph,
    photograph_class, uid,
};
