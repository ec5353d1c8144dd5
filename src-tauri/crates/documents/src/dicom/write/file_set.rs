//! A file-set with its directory (PS3.3, annex F; PS3.10, 8).

use dicom_core::{Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries;
use jiff::civil::Time;

use super::object::Object;
use super::{DicomPatient, DicomReference, DicomStudy, derived_uid};
use crate::error::DocumentError;

/// The name of the directory, at the root of the file-set.
pub const MEDIA_DIRECTORY: &str = "DICOMDIR";
const ITEM_HEADER: usize = 8;

struct Instance {
    study: DicomStudy,
    reference: DicomReference,
    modality: String,
    series_number: u32,
    number: u32,
    path: String,
    syntax: String,
    /// As the file says them.
    content_date: String,
    content_time: String,
    title: String,
}

/// The files of one patient on their way to a medium.
pub struct FileSet {
    patient: DicomPatient,
    instances: Vec<Instance>,
}

impl FileSet {
    #[must_use]
    pub const fn new(patient: DicomPatient) -> Self {
        Self { patient, instances: Vec::new() }
    }

    /// Takes note of a file as it was written, and gives the path it has in the file-set: upper-case components of
    /// at most eight characters, joined by `/`.
    ///
    /// # Errors
    /// [`DocumentError::Write`] for a file that is not one of DICOM.
    pub fn add(
        &mut self,
        study: &DicomStudy,
        reference: &DicomReference,
        file: &[u8],
    ) -> Result<String, DocumentError> {
        // No value that is asked for lies behind the pixels.
        let object = dicom_object::OpenFileOptions::new()
            .read_until(tags::PIXEL_DATA)
            .from_reader(file)
            .map_err(|_| DocumentError::Write)?;
        let number = |tag| object.get(tag).and_then(|element| element.to_int().ok()).unwrap_or(1);
        let text = |tag| {
            let value = object.get(tag).and_then(|element| element.to_str().ok());
            value.map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let path = format!("DICOM/{:08}", self.instances.len() + 1);
        self.instances.push(Instance {
            study: study.clone(),
            reference: reference.clone(),
            modality: text(tags::MODALITY),
            series_number: number(tags::SERIES_NUMBER),
            number: number(tags::INSTANCE_NUMBER),
            path: path.clone(),
            syntax: object.meta().transfer_syntax().to_owned(),
            content_date: text(tags::CONTENT_DATE),
            content_time: text(tags::CONTENT_TIME),
            title: text(tags::DOCUMENT_TITLE),
        });
        Ok(path)
    }

    /// The directory over all files: patient, studies, series, and what lies in them.
    ///
    /// # Errors
    /// [`DocumentError::Write`].
    pub fn directory(&self) -> Result<Vec<u8>, DocumentError> {
        let mut records = self.records();
        // Offsets count from the first byte of the file, and all fields that hold them have one size: the first
        // rendering tells where the records lie.
        let bare = self.file(&records)?;
        let sizes = records.iter().map(Record::size).collect::<Result<Vec<_>, _>>()?;
        let total: usize = sizes.iter().sum();
        let mut at = bare.len() - total;
        let mut offsets = Vec::with_capacity(sizes.len());
        for size in sizes {
            offsets.push(u32::try_from(at).map_err(|_| DocumentError::Write)?);
            at += size;
        }
        for record in &mut records {
            record.next_offset = record.next.map_or(0, |index| offsets[index]);
            record.lower_offset = record.lower.map_or(0, |index| offsets[index]);
        }
        self.file(&records)
    }

    fn records(&self) -> Vec<Record<'_>> {
        let mut records = vec![Record::of(Kind::Patient(&self.patient))];
        let mut last_study = None;
        for study in unique(self.instances.iter().map(|one| one.study.uid.as_str())) {
            let of_study: Vec<_> = self.instances.iter().filter(|one| one.study.uid == study).collect();
            let place = hang(&mut records, 0, &mut last_study, Kind::Study(&of_study[0].study));
            let mut last_series = None;
            for series in unique(of_study.iter().map(|one| one.reference.series_uid.as_str())) {
                let of_series: Vec<_> =
                    of_study.iter().filter(|one| one.reference.series_uid == series).copied().collect();
                let place = hang(&mut records, place, &mut last_series, Kind::Series(of_series[0]));
                let mut last = None;
                for instance in of_series {
                    hang(&mut records, place, &mut last, Kind::Instance(instance));
                }
            }
        }
        records
    }

    /// The file, its sequence of records last.
    fn file(&self, records: &[Record<'_>]) -> Result<Vec<u8>, DocumentError> {
        let class = uids::MEDIA_STORAGE_DIRECTORY_STORAGE;
        let uids: Vec<&str> =
            self.instances.iter().map(|one| one.reference.sop_instance_uid.as_str()).collect();
        let instance = derived_uid(&[&["directory"], &uids[..]].concat());
        let items = records.iter().map(Record::rendered).collect::<Result<Vec<_>, _>>()?;
        let total: usize = items.iter().map(|item| item.len() + ITEM_HEADER).sum();
        // What comes before the sequence has one size, whatever the offsets in it.
        let probe = object_with_roots(0, 0).into_explicit_file(class, &instance)?;
        let first = u32::try_from(probe.len() + 12).map_err(|_| DocumentError::Write)?;
        let mut file = object_with_roots(first, first).into_explicit_file(class, &instance)?;
        let length = u32::try_from(total).map_err(|_| DocumentError::Write)?;
        element_header(&mut file, tags::DIRECTORY_RECORD_SEQUENCE, length);
        for item in items {
            file.extend_from_slice(&[0xFE, 0xFF, 0x00, 0xE0]);
            file.extend_from_slice(&(item.len() as u32).to_le_bytes());
            file.extend_from_slice(&item);
        }
        Ok(file)
    }
}

/// The file-set with the places of its first and last root record.
fn object_with_roots(first: u32, last: u32) -> Object {
    let mut object = Object::new();
    object.text(tags::FILE_SET_ID, VR::CS, "LENTIGO");
    object.put(tags::OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY, VR::UL, first);
    object.put(tags::OFFSET_OF_THE_LAST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY, VR::UL, last);
    object.put(tags::FILE_SET_CONSISTENCY_FLAG, VR::US, 0_u16);
    object
}

/// An explicit header of a sequence of known length.
fn element_header(file: &mut Vec<u8>, tag: Tag, length: u32) {
    file.extend_from_slice(&tag.group().to_le_bytes());
    file.extend_from_slice(&tag.element().to_le_bytes());
    file.extend_from_slice(b"SQ\0\0");
    file.extend_from_slice(&length.to_le_bytes());
}

fn unique<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

/// Adds a record below `parent`, after its sibling where it has one.
fn hang<'a>(records: &mut Vec<Record<'a>>, parent: usize, last: &mut Option<usize>, kind: Kind<'a>) -> usize {
    let place = records.len();
    records.push(Record::of(kind));
    match *last {
        Some(sibling) => records[sibling].next = Some(place),
        None => records[parent].lower = Some(place),
    }
    *last = Some(place);
    place
}

enum Kind<'a> {
    Patient(&'a DicomPatient),
    Study(&'a DicomStudy),
    Series(&'a Instance),
    Instance(&'a Instance),
}

struct Record<'a> {
    kind: Kind<'a>,
    next: Option<usize>,
    lower: Option<usize>,
    next_offset: u32,
    lower_offset: u32,
}

impl<'a> Record<'a> {
    const fn of(kind: Kind<'a>) -> Self {
        Self { kind, next: None, lower: None, next_offset: 0, lower_offset: 0 }
    }

    fn size(&self) -> Result<usize, DocumentError> {
        Ok(self.rendered()?.len() + ITEM_HEADER)
    }

    fn rendered(&self) -> Result<Vec<u8>, DocumentError> {
        let mut object = Object::new();
        object.put(tags::OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, VR::UL, self.next_offset);
        object.put(tags::RECORD_IN_USE_FLAG, VR::US, 0xFFFF_u16);
        object.put(tags::OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY, VR::UL, self.lower_offset);
        object.text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
        let kind = match self.kind {
            Kind::Patient(patient) => {
                let name = super::object::person(&patient.family_name, &patient.given_names);
                object.text(tags::PATIENT_NAME, VR::PN, &name);
                object.text(tags::PATIENT_ID, VR::LO, &patient.number);
                "PATIENT"
            }
            Kind::Study(study) => {
                object.date(tags::STUDY_DATE, Some(study.on));
                // A directory must name one (PS3.3, F.5.2).
                object.time(tags::STUDY_TIME, Some(Time::midnight()));
                object.empty(tags::ACCESSION_NUMBER, VR::SH);
                object.empty(tags::STUDY_DESCRIPTION, VR::LO);
                object.text(tags::STUDY_INSTANCE_UID, VR::UI, &study.uid);
                object.text(tags::STUDY_ID, VR::SH, &study.id);
                "STUDY"
            }
            Kind::Series(one) => {
                object.text(tags::MODALITY, VR::CS, &one.modality);
                object.text(tags::SERIES_INSTANCE_UID, VR::UI, &one.reference.series_uid);
                object.put(tags::SERIES_NUMBER, VR::IS, one.series_number.to_string());
                "SERIES"
            }
            Kind::Instance(one) => instance(&mut object, one),
        };
        object.text(tags::DIRECTORY_RECORD_TYPE, VR::CS, kind);
        written(&object.into_inner())
    }
}

/// Fills the record of a file and names its type.
fn instance(object: &mut Object, one: &Instance) -> &'static str {
    let file_id: Vec<String> = one.path.split('/').map(str::to_owned).collect();
    object.put(
        tags::REFERENCED_FILE_ID,
        VR::CS,
        dicom_core::PrimitiveValue::Strs(file_id.into_iter().collect()),
    );
    object.text(tags::REFERENCED_SOP_CLASS_UID_IN_FILE, VR::UI, &one.reference.sop_class_uid);
    object.text(tags::REFERENCED_SOP_INSTANCE_UID_IN_FILE, VR::UI, &one.reference.sop_instance_uid);
    object.text(tags::REFERENCED_TRANSFER_SYNTAX_UID_IN_FILE, VR::UI, &one.syntax);
    object.put(tags::INSTANCE_NUMBER, VR::IS, one.number.to_string());
    match one.reference.sop_class_uid.as_str() {
        uids::ENCAPSULATED_PDF_STORAGE => {
            dated(object, one);
            object.text(tags::DOCUMENT_TITLE, VR::ST, &one.title);
            object.text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, VR::LO, "application/pdf");
            let title = super::object::Coded::new("LN", "18748-4", "Diagnostic imaging report");
            object.code(tags::CONCEPT_NAME_CODE_SEQUENCE, title);
            "ENCAP DOC"
        }
        uids::COMPREHENSIVE3_DSR_STORAGE => {
            dated(object, one);
            object.text(tags::COMPLETION_FLAG, VR::CS, "COMPLETE");
            object.text(tags::VERIFICATION_FLAG, VR::CS, "UNVERIFIED");
            let title = super::object::Coded::new("DCM", "126000", "Imaging Measurement Report");
            object.code(tags::CONCEPT_NAME_CODE_SEQUENCE, title);
            "SR DOCUMENT"
        }
        _ => "IMAGE",
    }
}

fn dated(object: &mut Object, one: &Instance) {
    object.text(tags::CONTENT_DATE, VR::DA, &one.content_date);
    object.text(tags::CONTENT_TIME, VR::TM, &one.content_time);
}

fn written(object: &InMemDicomObject) -> Result<Vec<u8>, DocumentError> {
    let mut bytes = Vec::new();
    object
        .write_dataset_with_ts(&mut bytes, &entries::EXPLICIT_VR_LITTLE_ENDIAN.erased())
        .map_err(|_| DocumentError::Write)?;
    Ok(bytes)
}
