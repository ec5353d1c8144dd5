//! The bounded walk over the elements of a data set (PS3.5, section 7).

use std::ops::Range;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
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
fn kind_of(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}

/// Bytes of one number of a kind; 1 of text and of bytes (PS3.5, 6.2).
const fn unit(kind: VR) -> u32 {
    match kind {
        VR::US | VR::SS | VR::OW => 2,
        VR::AT | VR::FL | VR::OF | VR::OL | VR::SL | VR::UL => 4,
        VR::FD | VR::OD | VR::OV | VR::SV | VR::UV => 8,
        _ => 1,
    }
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
    /// Bytes of one number of it.
    unit: u32,
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
            let kind = kind_of(tag);
            let (length, sequence) = (self.long()?, kind == VR::SQ);
            return Ok(Element { tag, length, unknown: false, sequence, unit: unit(kind) });
        }
        let kind: [u8; 2] = self.take()?;
        // A kind that is not known has a length of unknown size: two readers would not go on at the same place.
        let known = VR::from_binary(kind).ok_or(DicomError::Damaged)?;
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
        let unknown = known == VR::UN;
        let sequence = known == VR::SQ || unknown && kind_of(tag) == VR::SQ;
        Ok(Element { tag, length, unknown, sequence, unit: unit(known) })
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
            // Whoever reads whole numbers stops before a rest, and takes it for the next element.
            if read && !element.length.is_multiple_of(element.unit) {
                return Err(DicomError::Damaged);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(tag: [u8; 4], kind: &str, length: u8) -> Result<usize, DicomError> {
        let head = [&tag[..], kind.as_bytes(), &[length, 0]].concat();
        let body = [head, vec![b'1'; usize::from(length)]].concat();
        scan(&body, Encoding::ExplicitLittle).map(|scanned| scanned.wanted.len())
    }

    /// Found by fuzzing: the rest was taken for an element with a length of hundreds of megabytes.
    #[test]
    fn a_value_that_is_read_has_whole_numbers() {
        let (instance, private) = ([8, 0, 0x18, 0], [9, 0, 0x18, 0]);
        for (kind, unit) in [("US", 2), ("SS", 2), ("UL", 4), ("FL", 4), ("AT", 4), ("FD", 8)] {
            for length in 0..=16_u8 {
                let want = if length.is_multiple_of(unit) {
                    Ok(8 + usize::from(length))
                } else {
                    Err(DicomError::Damaged)
                };
                assert_eq!(scanned(instance, kind, length), want, "{kind} of {length} bytes");
                assert_eq!(scanned(private, kind, length), Ok(0));
            }
        }
        assert_eq!(scanned(instance, "UI", 13), Ok(21));
        // Where the element does not say its kind, the dictionary does: rows are US.
        let rows = |length: u8| {
            let body = [vec![0x28, 0, 0x10, 0, length, 0, 0, 0], vec![1; usize::from(length)]].concat();
            scan(&body, Encoding::ImplicitLittle).map(|scanned| scanned.wanted.len())
        };
        assert_eq!([rows(2), rows(3)], [Ok(10), Err(DicomError::Damaged)]);
    }
}
