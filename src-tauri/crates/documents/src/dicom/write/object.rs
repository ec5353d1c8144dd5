//! An object on its way into a file.

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use domain::body_site::CodedTerm;
use domain::patient::Sex;
use jiff::civil::{Date, Time};

use super::DicomPlace;
use crate::error::DocumentError;

/// Names the program in the file meta information; made of a fixed UUID.
pub const IMPLEMENTATION: &str = "2.25.218613745034958116480911466298431174069";
const IMPLEMENTATION_NAME: &str = "LENTIGO";
/// Characters of a group of components (PS3.5, 6.2).
const LONGEST_NAME: usize = 64;
/// Characters of a code that is no long one (PS3.3, 8.1).
const SHORT_CODE: usize = 16;

/// An object whose texts are clean and fit their kinds.
pub struct Object(InMemDicomObject);

impl Object {
    pub fn new() -> Self {
        Self(InMemDicomObject::new_empty())
    }

    pub fn put(&mut self, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
        self.0.put(DataElement::new(tag, vr, value.into()));
    }

    /// A text in one value, cut to the length that its kind allows (PS3.5, 6.2).
    pub fn text(&mut self, tag: Tag, vr: VR, text: &str) {
        let limit = match vr {
            VR::SH | VR::CS => 16,
            VR::LO => 64,
            VR::PN => LONGEST_NAME,
            _ => usize::MAX,
        };
        // A backslash would begin a second value; the long kinds hold lines.
        let long = matches!(vr, VR::ST | VR::LT | VR::UT);
        let clean: String = text
            .trim()
            .chars()
            .filter(|letter| !letter.is_control() || long && matches!(letter, '\n' | '\r' | '\t'))
            .map(|letter| if letter == '\\' && !long { '/' } else { letter })
            .take(limit)
            .collect();
        self.put(tag, vr, clean);
    }

    pub fn empty(&mut self, tag: Tag, vr: VR) {
        self.put(tag, vr, PrimitiveValue::Empty);
    }

    pub fn sequence(&mut self, tag: Tag, items: Vec<Self>) {
        let items: Vec<InMemDicomObject> = items.into_iter().map(|item| item.0).collect();
        self.0.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
    }

    pub fn code(&mut self, tag: Tag, term: Coded<'_>) {
        self.sequence(tag, vec![term.item()]);
    }

    pub fn date(&mut self, tag: Tag, date: Option<Date>) {
        self.put(tag, VR::DA, date.map(|date| date.strftime("%Y%m%d").to_string()).unwrap_or_default());
    }

    /// Empty where it is not known.
    pub fn time(&mut self, tag: Tag, time: Option<Time>) {
        self.put(tag, VR::TM, time.map(|time| time.strftime("%H%M%S").to_string()).unwrap_or_default());
    }

    /// Modules Patient, General Study, General Series, Enhanced General Equipment and SOP Common.
    pub fn placed(place: &DicomPlace<'_>, class: &str, modality: &str) -> Self {
        let (patient, study) = (place.patient, place.study);
        let mut object = Self::new();
        object.text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
        object.text(tags::SOP_CLASS_UID, VR::UI, class);
        object.text(tags::SOP_INSTANCE_UID, VR::UI, place.instance_uid);
        object.text(tags::PATIENT_NAME, VR::PN, &person(&patient.family_name, &patient.given_names));
        object.text(tags::PATIENT_ID, VR::LO, &patient.number);
        object.date(tags::PATIENT_BIRTH_DATE, patient.birth_date);
        let sex = match patient.sex {
            Sex::Female => "F",
            Sex::Male => "M",
            Sex::Other => "O",
            Sex::Unknown => "",
        };
        object.text(tags::PATIENT_SEX, VR::CS, sex);
        object.text(tags::STUDY_INSTANCE_UID, VR::UI, &study.uid);
        object.date(tags::STUDY_DATE, Some(study.on));
        // A study is all of a day.
        object.time(tags::STUDY_TIME, None);
        object.text(tags::STUDY_ID, VR::SH, &study.id);
        object.empty(tags::ACCESSION_NUMBER, VR::SH);
        object.empty(tags::REFERRING_PHYSICIAN_NAME, VR::PN);
        object.text(tags::MODALITY, VR::CS, modality);
        object.text(tags::SERIES_INSTANCE_UID, VR::UI, place.series_uid);
        object.put(tags::SERIES_NUMBER, VR::IS, place.series_number.to_string());
        object.put(tags::INSTANCE_NUMBER, VR::IS, place.instance_number.to_string());
        object.text(tags::MANUFACTURER, VR::LO, "Lentigo");
        object.text(tags::MANUFACTURER_MODEL_NAME, VR::LO, "Lentigo workstation");
        object.text(tags::DEVICE_SERIAL_NUMBER, VR::LO, &place.device.serial_number);
        object.text(tags::SOFTWARE_VERSIONS, VR::LO, &place.device.version);
        object.text(tags::INSTITUTION_NAME, VR::LO, &study.clinic);
        object.date(tags::CONTENT_DATE, Some(place.on));
        // Of an image it may be missing, not empty (PS3.3, C.8.12.1).
        if place.time.is_some() {
            object.time(tags::CONTENT_TIME, place.time);
        }
        object
    }

    /// The file around it (PS3.10, 7.1).
    pub fn into_file(self, class: &str, instance: &str, syntax: &str) -> Result<Vec<u8>, DocumentError> {
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax(syntax)
            .media_storage_sop_class_uid(class)
            .media_storage_sop_instance_uid(instance)
            .implementation_class_uid(IMPLEMENTATION)
            .implementation_version_name(IMPLEMENTATION_NAME)
            .build()
            .map_err(|_| DocumentError::Write)?;
        let mut bytes = Vec::new();
        self.0.with_exact_meta(meta).write_all(&mut bytes).map_err(|_| DocumentError::Write)?;
        Ok(bytes)
    }

    pub fn into_explicit_file(self, class: &str, instance: &str) -> Result<Vec<u8>, DocumentError> {
        self.into_file(class, instance, uids::EXPLICIT_VR_LITTLE_ENDIAN)
    }

    pub fn into_inner(self) -> InMemDicomObject {
        self.0
    }
}

impl From<InMemDicomObject> for Object {
    fn from(object: InMemDicomObject) -> Self {
        Self(object)
    }
}

/// The components of a name (PS3.5, 6.2.1). Both are cut where they do not fit, so that none is lost behind the other.
pub fn person(family: &str, given: &str) -> String {
    let clean = |part: &str| part.trim().replace(['^', '=', '\\'], " ");
    let (family, given) = (clean(family), clean(given));
    let room = LONGEST_NAME - 1;
    let first = given.chars().count().min((room / 2).max(room.saturating_sub(family.chars().count())));
    let cut = |part: &str, most: usize| part.chars().take(most).collect::<String>();
    format!("{}^{}", cut(&family, room - first), cut(&given, first)).trim_end_matches('^').to_owned()
}

/// A term with its scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coded<'a> {
    pub scheme: &'a str,
    pub code: &'a str,
    pub meaning: &'a str,
}

impl<'a> Coded<'a> {
    pub const fn new(scheme: &'a str, code: &'a str, meaning: &'a str) -> Self {
        Self { scheme, code, meaning }
    }

    pub fn item(self) -> Object {
        let mut item = Object::new();
        if self.code.chars().count() <= SHORT_CODE {
            item.text(tags::CODE_VALUE, VR::SH, self.code);
        } else {
            item.text(tags::LONG_CODE_VALUE, VR::UC, self.code);
        }
        item.text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, self.scheme);
        item.text(tags::CODE_MEANING, VR::LO, self.meaning);
        item
    }
}

impl From<CodedTerm> for Coded<'static> {
    fn from(term: CodedTerm) -> Self {
        Self::new(term.scheme, term.code, term.meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_components_apart() {
        assert_eq!(person("Okonkwo", "Adaeze"), "Okonkwo^Adaeze");
        assert_eq!(person("O^k=o\\n", ""), "O k o n");
        let (long, given) = ("ä".repeat(80), "b".repeat(40));
        assert_eq!(person(&long, "Ada"), format!("{}^Ada", "ä".repeat(60)));
        assert_eq!(person("Li", &long), format!("Li^{}", "ä".repeat(61)));
        assert_eq!(person(&long, &given), format!("{}^{}", "ä".repeat(32), "b".repeat(31)));
    }

    #[test]
    fn a_text_is_one_value_and_fits() {
        let mut object = Object::new();
        object.text(tags::STUDY_ID, VR::SH, &"å\\".repeat(20));
        let kept = object.0.get(tags::STUDY_ID).unwrap().to_str().unwrap();
        assert_eq!(kept, "å/".repeat(8));
    }
}
