//! DICOM files, read and written.

mod reading;
mod writing;
