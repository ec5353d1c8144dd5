//! Writing: photographs, reports as PDF, structured reports, and the directory over them. No private element is
//! written, and the same content gives the same bytes.

mod content;
mod file_set;
mod measurement_report;
mod object;
mod pdf;
mod photograph;

use domain::patient::Sex;
use jiff::civil::{Date, Time};
use sha2::{Digest, Sha256};

pub use file_set::{FileSet, MEDIA_DIRECTORY};
pub use measurement_report::{Measurement, MeasurementReport, Reading, lengths};
pub use pdf::encapsulated_pdf;
pub use photograph::{Photograph, Picture, photograph, photograph_class};

/// Whose it is (PS3.3, C.7.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DicomPatient {
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub birth_date: Option<Date>,
    pub sex: Sex,
}

/// The visit it belongs to (C.7.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DicomStudy {
    pub uid: String,
    /// In the time zone of the workstation.
    pub on: Date,
    /// At most 16 characters.
    pub id: String,
    pub clinic: String,
}

/// The program that writes (C.7.5.1 and C.7.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DicomDevice {
    /// What tells this installation from others.
    pub serial_number: String,
    pub version: String,
}

/// Where an object stands among those of its study.
#[derive(Clone, Copy, Debug)]
pub struct DicomPlace<'a> {
    pub patient: &'a DicomPatient,
    pub study: &'a DicomStudy,
    pub device: &'a DicomDevice,
    pub series_uid: &'a str,
    pub series_number: u32,
    pub instance_uid: &'a str,
    pub instance_number: u32,
    /// When what it shows was taken or said, in the time zone of the workstation; of some only the day is known.
    pub on: Date,
    pub time: Option<Time>,
}

/// An object as it is referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DicomReference {
    pub sop_class_uid: String,
    pub sop_instance_uid: String,
    pub series_uid: String,
    pub study_uid: String,
}

impl DicomReference {
    fn at(place: &DicomPlace<'_>, class: &str) -> Self {
        Self {
            sop_class_uid: class.to_owned(),
            sop_instance_uid: place.instance_uid.to_owned(),
            series_uid: place.series_uid.to_owned(),
            study_uid: place.study.uid.clone(),
        }
    }
}

/// The UID of a UUID (PS3.5, B.2).
#[must_use]
pub fn uid(uuid: u128) -> String {
    format!("2.25.{uuid}")
}

/// The UID of what has no UUID of its own, always the same for the same parts: a UUID of version 8 (RFC 9562,
/// 5.8) over their SHA-256.
#[must_use]
pub fn derived_uid(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    uid(u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_uids_differ_by_parts_and_stay() {
        let one = derived_uid(&["study", "0198"]);
        assert_eq!(one, derived_uid(&["study", "0198"]));
        assert_ne!(one, derived_uid(&["study0", "198"]));
        assert!(one.len() <= 64 && one.starts_with("2.25."));
    }
}
