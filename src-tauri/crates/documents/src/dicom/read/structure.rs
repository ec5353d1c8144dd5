//! The bounded walk over the elements of a data set (PS3.5, section 7).

use std::ops::Range;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};

use super::super::error::DicomError;

/// Elements, items and fragments of one file; photographs have some two hundred.
const MAX_ELEMENTS: usize = 200_000;
const MAX_DEPTH: usize = 16;
const MAX_FRAGMENTS: usize = 100_000;
/// Of the elements that are kept, together; an ICC profile is the largest of them.
const MAX_WANTED_BYTES: usize = 8 << 20;
const UNDEFINED: u32 = u32::MAX;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    ImplicitLittle,
    ExplicitLittle,
    ExplicitBig,
}

/// Where the pixels lie in the body.
#[derive(Debug, PartialEq, Eq)]
pub enum Stored {
    Native(Range<usize>),
    /// Offsets of the frames from the first fragment, where the file has them, and the fragments.
    Encapsulated {
        offsets: Vec<u32>,
        fragments: Vec<Range<usize>>,
    },
}

#[derive(Debug)]
pub struct Scanned {
    /// The elements that are read, one after the other, in the encoding of the file.
    pub wanted: Vec<u8>,
    pub pixels: Option<Stored>,
}

/// The elements at the top that a photograph is read from.
const WANTED: &[Tag] = &[
    tags::SPECIFIC_CHARACTER_SET,
    tags::SOP_CLASS_UID,
    tags::SOP_INSTANCE_UID,
    tags::STUDY_DATE,
    tags::MODALITY,
    tags::ANATOMIC_REGION_SEQUENCE,
    tags::PATIENT_ID,
    tags::SAMPLES_PER_PIXEL,
    tags::PHOTOMETRIC_INTERPRETATION,
    tags::PLANAR_CONFIGURATION,
    tags::NUMBER_OF_FRAMES,
    tags::ROWS,
    tags::COLUMNS,
    tags::PIXEL_SPACING,
    tags::BITS_ALLOCATED,
    tags::BITS_STORED,
    tags::HIGH_BIT,
    tags::PIXEL_REPRESENTATION,
    tags::WINDOW_CENTER,
    tags::WINDOW_WIDTH,
    tags::RESCALE_INTERCEPT,
    tags::RESCALE_SLOPE,
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::ICC_PROFILE,
    tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
];

/// As the dictionary says, for elements that do not say so themselves.
fn is_sequence(tag: Tag) -> bool {
    StandardDataDictionary.by_tag(tag).is_some_and(|entry| entry.vr() == VirtualVr::Exact(VR::SQ))
}

/// The transfer syntax of the file meta information (PS3.10, 7.1) and the data set after it.
pub fn transfer_syntax(file: &[u8]) -> Result<(String, &[u8]), DicomError> {
    let mut walk = Walk::new(file, Encoding::ExplicitLittle);
    let mut syntax = None;
    while walk.at < file.len() && walk.peek_group()? == 2 {
        let element = walk.element()?;
        let value = walk.value(element.length)?;
        if element.tag == tags::TRANSFER_SYNTAX_UID {
            syntax = Some(uid(&file[value])?);
        }
    }
    Ok((syntax.ok_or(DicomError::Damaged)?, &file[walk.at..]))
}

/// A UID without its padding (PS3.5, 9.1).
fn uid(value: &[u8]) -> Result<String, DicomError> {
    let text = value.strip_suffix(b"\0").unwrap_or(value).trim_ascii();
    let fits = (1..=64).contains(&text.len());
    if !fits || !text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return Err(DicomError::Damaged);
    }
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// Walks over a data set up to its pixels.
pub fn scan(body: &[u8], encoding: Encoding) -> Result<Scanned, DicomError> {
    let mut walk = Walk::new(body, encoding);
    let mut wanted = Vec::new();
    let mut last = Tag(0, 0);
    while walk.at < body.len() {
        let start = walk.at;
        let element = walk.element()?;
        if element.tag <= last {
            return Err(DicomError::Damaged);
        }
        last = element.tag;
        if element.tag == tags::PIXEL_DATA {
            let pixels = walk.pixels(element.length)?;
            return Ok(Scanned { wanted, pixels: Some(pixels) });
        }
        let read = WANTED.contains(&element.tag);
        walk.pass(&element, read, 0)?;
        if read {
            wanted.extend_from_slice(&body[start..walk.at]);
            if wanted.len() > MAX_WANTED_BYTES {
                return Err(DicomError::TooLarge);
            }
        }
    }
    Ok(Scanned { wanted, pixels: None })
}

struct Element {
    tag: Tag,
    length: u32,
    /// Items of an element of unknown kind are implicit (PS3.5, 6.2.2).
    unknown: bool,
    sequence: bool,
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
    elements: usize,
}

impl<'a> Walk<'a> {
    const fn new(bytes: &'a [u8], encoding: Encoding) -> Self {
        Self { bytes, at: 0, encoding, elements: 0 }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], DicomError> {
        let taken = self.bytes.get(self.at..self.at + N).ok_or(DicomError::Damaged)?;
        self.at += N;
        taken.try_into().map_err(|_| DicomError::Damaged)
    }

    fn short(&mut self) -> Result<u16, DicomError> {
        let bytes = self.take()?;
        Ok(if self.encoding == Encoding::ExplicitBig {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    }

    fn long(&mut self) -> Result<u32, DicomError> {
        let bytes = self.take()?;
        Ok(if self.encoding == Encoding::ExplicitBig {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    fn peek_group(&mut self) -> Result<u16, DicomError> {
        let group = self.short()?;
        self.at -= 2;
        Ok(group)
    }

    fn tag(&mut self) -> Result<Tag, DicomError> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(DicomError::TooLarge);
        }
        Ok(Tag(self.short()?, self.short()?))
    }

    fn element(&mut self) -> Result<Element, DicomError> {
        let tag = self.tag()?;
        if tag.group() == 0xFFFE || self.encoding == Encoding::ImplicitLittle {
            return Ok(Element { tag, length: self.long()?, unknown: false, sequence: is_sequence(tag) });
        }
        let kind: [u8; 2] = self.take()?;
        // A kind that is not known has a length of unknown size: two readers would not go on at the same place.
        if VR::from_binary(kind).is_none() {
            return Err(DicomError::Damaged);
        }
        let wide = matches!(
            &kind,
            b"OB"
                | b"OD"
                | b"OF"
                | b"OL"
                | b"OV"
                | b"OW"
                | b"SQ"
                | b"SV"
                | b"UC"
                | b"UN"
                | b"UR"
                | b"UT"
                | b"UV"
        );
        let length = if wide {
            self.take::<2>()?;
            self.long()?
        } else {
            u32::from(self.short()?)
        };
        let unknown = &kind == b"UN";
        Ok(Element { tag, length, unknown, sequence: &kind == b"SQ" || unknown && is_sequence(tag) })
    }

    /// The bytes of a value of known length, passed over.
    fn value(&mut self, length: u32) -> Result<Range<usize>, DicomError> {
        let end = self.at.checked_add(length as usize).filter(|end| *end <= self.bytes.len());
        let range = self.at..end.ok_or(DicomError::Damaged)?;
        self.at = range.end;
        Ok(range)
    }

    /// Passes over the value of an element. What will be read is walked to its leaves; else only what has no
    /// length of its own.
    fn pass(&mut self, element: &Element, read: bool, depth: usize) -> Result<(), DicomError> {
        if element.length != UNDEFINED && !(read && element.sequence) {
            return self.value(element.length).map(drop);
        }
        // The picture of an icon.
        if element.tag == tags::PIXEL_DATA {
            return self.pixels(element.length).map(drop);
        }
        if depth >= MAX_DEPTH {
            return Err(DicomError::Damaged);
        }
        let outer = self.encoding;
        if element.unknown {
            self.encoding = Encoding::ImplicitLittle;
        }
        let end = self.end(element.length)?;
        while end != Some(self.at) {
            let item = self.element()?;
            match item.tag {
                ITEM => self.item(item.length, read, depth)?,
                SEQUENCE_END if end.is_none() => break,
                _ => return Err(DicomError::Damaged),
            }
            self.within(end)?;
        }
        self.encoding = outer;
        Ok(())
    }

    fn item(&mut self, length: u32, read: bool, depth: usize) -> Result<(), DicomError> {
        let end = self.end(length)?;
        while end != Some(self.at) {
            let element = self.element()?;
            match element.tag {
                ITEM_END if end.is_none() => break,
                tag if tag.group() == 0xFFFE => return Err(DicomError::Damaged),
                _ => self.pass(&element, read, depth + 1)?,
            }
            self.within(end)?;
        }
        Ok(())
    }

    /// Where a value of this length ends; nothing where a delimiter ends it.
    fn end(&self, length: u32) -> Result<Option<usize>, DicomError> {
        if length == UNDEFINED {
            return Ok(None);
        }
        let end = self.at.checked_add(length as usize).filter(|end| *end <= self.bytes.len());
        end.map(Some).ok_or(DicomError::Damaged)
    }

    fn within(&self, end: Option<usize>) -> Result<(), DicomError> {
        if end.is_some_and(|end| self.at > end) { Err(DicomError::Damaged) } else { Ok(()) }
    }

    /// Pixel data, native or in fragments (PS3.5, A.4).
    fn pixels(&mut self, length: u32) -> Result<Stored, DicomError> {
        if length != UNDEFINED {
            return self.value(length).map(Stored::Native);
        }
        let table = self.element()?;
        if table.tag != ITEM {
            return Err(DicomError::Damaged);
        }
        let offsets = self.value(table.length)?;
        let (words, rest) = self.bytes[offsets].as_chunks::<4>();
        if !rest.is_empty() || words.len() > MAX_FRAGMENTS {
            return Err(DicomError::Damaged);
        }
        let offsets = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        let mut fragments = Vec::new();
        loop {
            let item = self.element()?;
            match item.tag {
                ITEM if fragments.len() < MAX_FRAGMENTS => fragments.push(self.value(item.length)?),
                SEQUENCE_END => return Ok(Stored::Encapsulated { offsets, fragments }),
                _ => return Err(DicomError::Damaged),
            }
        }
    }
}
