//! Messages by which files travel to another machine (PS3.7): asking whether it is there, and storing.

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTable, InMemDicomObject};
use dicom_transfer_syntax_registry::entries;

use crate::error::DocumentError;

/// The SOP class of the question whether a machine is there (PS3.4, annex A).
pub const VERIFICATION: &str = uids::VERIFICATION;
const PREAMBLE: usize = 128;
/// The prefix, and the element that holds the length of the group (PS3.10, 7.1).
const BEFORE_GROUP: usize = 4 + 12;
const NO_DATA_SET: u16 = 0x0101;
const DATA_SET: u16 = 0x0001;

/// A file as it was written here, without what only a file needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Travelling<'a> {
    pub sop_class_uid: String,
    pub sop_instance_uid: String,
    pub transfer_syntax_uid: String,
    /// In that transfer syntax.
    pub data_set: &'a [u8],
}

impl<'a> Travelling<'a> {
    /// # Errors
    /// [`DocumentError::Write`] for what is no DICOM file.
    pub fn of(file: &'a [u8]) -> Result<Self, DocumentError> {
        let rest = file.get(PREAMBLE..).ok_or(DocumentError::Write)?;
        let meta = FileMetaTable::from_reader(rest).map_err(|_| DocumentError::Write)?;
        let length = usize::try_from(meta.information_group_length).map_err(|_| DocumentError::Write)?;
        let trimmed = |uid: &str| uid.trim_end_matches('\0').to_owned();
        Ok(Self {
            sop_class_uid: trimmed(meta.media_storage_sop_class_uid()),
            sop_instance_uid: trimmed(meta.media_storage_sop_instance_uid()),
            transfer_syntax_uid: trimmed(meta.transfer_syntax()),
            data_set: rest.get(BEFORE_GROUP + length..).ok_or(DocumentError::Write)?,
        })
    }

    /// The command that goes before the data set: C-STORE-RQ of medium priority (PS3.7, 9.3.1.1).
    ///
    /// # Errors
    /// [`DocumentError::Write`].
    pub fn store_command(&self, message: u16) -> Result<Vec<u8>, DocumentError> {
        command(vec![
            text(tags::AFFECTED_SOP_CLASS_UID, &self.sop_class_uid),
            number(tags::COMMAND_FIELD, 0x0001),
            number(tags::MESSAGE_ID, message),
            number(tags::PRIORITY, 0x0000),
            number(tags::COMMAND_DATA_SET_TYPE, DATA_SET),
            text(tags::AFFECTED_SOP_INSTANCE_UID, &self.sop_instance_uid),
        ])
    }
}

/// C-ECHO-RQ (PS3.7, 9.3.5.1).
///
/// # Errors
/// [`DocumentError::Write`].
pub fn echo_command(message: u16) -> Result<Vec<u8>, DocumentError> {
    command(vec![
        text(tags::AFFECTED_SOP_CLASS_UID, VERIFICATION),
        number(tags::COMMAND_FIELD, 0x0030),
        number(tags::MESSAGE_ID, message),
        number(tags::COMMAND_DATA_SET_TYPE, NO_DATA_SET),
    ])
}

/// The status in the answer to a message (PS3.7, annex C): 0 for success. Nothing where it is no answer to it.
#[must_use]
pub fn answered(response: &[u8], message: u16) -> Option<u16> {
    let is_answer = word(response, tags::COMMAND_FIELD)? & 0x8000 != 0
        && word(response, tags::MESSAGE_ID_BEING_RESPONDED_TO)? == message;
    is_answer.then(|| word(response, tags::STATUS)).flatten()
}

/// A number of a command set, which is always in implicit little endian and flat. Read here and not by the
/// library, which sets aside whatever length a stranger names.
fn word(mut rest: &[u8], tag: Tag) -> Option<u16> {
    loop {
        let (header, after) = rest.split_first_chunk::<8>()?;
        let [g0, g1, e0, e1, length @ ..] = *header;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let (value, next) = after.split_at_checked(length)?;
        if Tag(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1])) == tag {
            return Some(u16::from_le_bytes(*value.first_chunk()?));
        }
        rest = next;
    }
}

fn command(elements: Vec<DataElement<InMemDicomObject>>) -> Result<Vec<u8>, DocumentError> {
    let mut bytes = Vec::new();
    InMemDicomObject::command_from_element_iter(elements)
        .write_dataset_with_ts(&mut bytes, &entries::IMPLICIT_VR_LITTLE_ENDIAN.erased())
        .map_err(|_| DocumentError::Write)?;
    Ok(bytes)
}

fn text(tag: Tag, value: &str) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, VR::UI, PrimitiveValue::from(value))
}

fn number(tag: Tag, value: u16) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(field: u16, message: u16, status: u16) -> Vec<u8> {
        command(vec![
            number(tags::COMMAND_FIELD, field),
            number(tags::MESSAGE_ID_BEING_RESPONDED_TO, message),
            number(tags::COMMAND_DATA_SET_TYPE, NO_DATA_SET),
            number(tags::STATUS, status),
        ])
        .unwrap()
    }

    #[test]
    fn only_the_answer_to_the_message_counts() {
        assert_eq!(answered(&response(0x8001, 7, 0), 7), Some(0));
        assert_eq!(answered(&response(0x8001, 7, 0xA700), 7), Some(0xA700));
        assert_eq!(answered(&response(0x8001, 6, 0), 7), None);
        assert_eq!(answered(&echo_command(7).unwrap(), 7), None);
        for nonsense in [&b"nonsense of some length"[..], b"", &[0xFF; 40], &[0; 7]] {
            assert_eq!(answered(nonsense, 7), None);
        }
    }

    #[test]
    fn what_is_no_file_does_not_travel() {
        assert!(Travelling::of(b"DICM").is_err());
        assert!(Travelling::of(&[0; 400]).is_err());
    }
}
