//! What a file says of its picture, through `dicom-object`.

use std::io::Cursor;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries;
use jiff::civil::Date;

use super::super::error::DicomError;
use super::structure::Encoding;
use super::{DicomFrame, DicomPictures, MAX_FRAMES, MAX_PIXELS, MAX_SIDE};

pub struct Attributes {
    object: InMemDicomObject,
    pub sop_class_uid: String,
    sop_instance_uid: String,
}

/// How the samples of a frame are laid out (PS3.3, C.7.6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub columns: u32,
    pub rows: u32,
    pub frames: u32,
    /// Samples of a pixel, 1 or 3.
    pub samples: usize,
    /// 8 or 16.
    pub allocated: u32,
    pub stored: u32,
    /// Place of the lowest stored bit.
    pub shift: u32,
    pub signed: bool,
    /// Colour by colour instead of pixel by pixel.
    pub planar: bool,
    pub meaning: Meaning,
}

impl Form {
    pub const fn pixels(&self) -> usize {
        self.columns as usize * self.rows as usize
    }
}

/// Photometric interpretation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// From white to black.
    Monochrome1,
    Monochrome2,
    Palette,
    Rgb,
    YbrFull,
    /// Two pixels share their colour.
    YbrFull422,
    /// As JPEG 2000 codes it; its decoder gives RGB.
    YbrIct,
}

/// Window and rescale of grey levels (PS3.3, C.11.1 and C.11.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    pub slope: f64,
    pub intercept: f64,
    /// Centre and width.
    pub window: Option<(f64, f64)>,
}

/// Colours of a palette, eight bits a channel.
pub struct Palette {
    /// Stored value of the first colour.
    pub first: i32,
    pub colours: Vec<[u8; 3]>,
}

impl Attributes {
    pub fn read(wanted: &[u8], encoding: Encoding) -> Result<Self, DicomError> {
        let syntax = match encoding {
            Encoding::ImplicitLittle => entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
            Encoding::ExplicitLittle => entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
            Encoding::ExplicitBig => entries::EXPLICIT_VR_BIG_ENDIAN.erased(),
        };
        let object = InMemDicomObject::read_dataset_with_ts(Cursor::new(wanted), &syntax)
            .map_err(|_| DicomError::Damaged)?;
        let uid = |tag| text(&object, tag).ok_or(DicomError::Damaged);
        let (sop_class_uid, sop_instance_uid) = (uid(tags::SOP_CLASS_UID)?, uid(tags::SOP_INSTANCE_UID)?);
        Ok(Self { object, sop_class_uid, sop_instance_uid })
    }

    fn number(&self, tag: Tag) -> Option<u32> {
        self.object.get(tag)?.to_int().ok()
    }

    fn needed(&self, tag: Tag) -> Result<u32, DicomError> {
        self.number(tag).ok_or(DicomError::Damaged)
    }

    /// # Errors
    /// [`DicomError::Damaged`] without the attributes every picture has, [`DicomError::TooManyPixels`],
    /// [`DicomError::PixelLayout`].
    pub fn form(&self) -> Result<Form, DicomError> {
        let (columns, rows) = (self.needed(tags::COLUMNS)?, self.needed(tags::ROWS)?);
        let frames = self.number(tags::NUMBER_OF_FRAMES).unwrap_or(1);
        if columns == 0 || rows == 0 || frames == 0 {
            return Err(DicomError::Damaged);
        }
        let pixels = u64::from(columns) * u64::from(rows) * u64::from(frames);
        if columns.max(rows) > MAX_SIDE || frames > MAX_FRAMES || pixels > MAX_PIXELS {
            return Err(DicomError::TooManyPixels);
        }
        let allocated = self.needed(tags::BITS_ALLOCATED)?;
        let stored = self.needed(tags::BITS_STORED)?;
        let high = self.number(tags::HIGH_BIT).unwrap_or(stored.saturating_sub(1));
        if !matches!(allocated, 8 | 16) {
            return Err(DicomError::PixelLayout);
        }
        if stored == 0 || stored > allocated || high >= allocated || high + 1 < stored {
            return Err(DicomError::Damaged);
        }
        let photometric = text(&self.object, tags::PHOTOMETRIC_INTERPRETATION).ok_or(DicomError::Damaged)?;
        let meaning = match photometric.as_str() {
            "MONOCHROME1" => Meaning::Monochrome1,
            "MONOCHROME2" => Meaning::Monochrome2,
            "PALETTE COLOR" => Meaning::Palette,
            "RGB" => Meaning::Rgb,
            "YBR_FULL" => Meaning::YbrFull,
            "YBR_FULL_422" => Meaning::YbrFull422,
            "YBR_ICT" | "YBR_RCT" => Meaning::YbrIct,
            _ => return Err(DicomError::PixelLayout),
        };
        let grey = matches!(meaning, Meaning::Monochrome1 | Meaning::Monochrome2 | Meaning::Palette);
        let samples = if grey { 1 } else { 3 };
        if self.needed(tags::SAMPLES_PER_PIXEL)? != samples {
            return Err(DicomError::Damaged);
        }
        let signed = self.number(tags::PIXEL_REPRESENTATION) == Some(1);
        // Colours are unsigned; only those of a palette or of grey may have more than a byte in practice.
        if !grey && signed {
            return Err(DicomError::PixelLayout);
        }
        Ok(Form {
            columns,
            rows,
            frames,
            samples: samples as usize,
            allocated,
            stored,
            shift: high + 1 - stored,
            signed,
            planar: !grey && self.number(tags::PLANAR_CONFIGURATION) == Some(1),
            meaning,
        })
    }

    pub fn levels(&self) -> Levels {
        let first = |tag| {
            let values = self.object.get(tag)?.to_multi_float64().ok()?;
            values.first().copied().filter(|value| value.is_finite())
        };
        let width = first(tags::WINDOW_WIDTH).filter(|width| *width >= 1.0);
        Levels {
            slope: first(tags::RESCALE_SLOPE).filter(|slope| *slope != 0.0).unwrap_or(1.0),
            intercept: first(tags::RESCALE_INTERCEPT).unwrap_or(0.0),
            window: first(tags::WINDOW_CENTER).zip(width),
        }
    }

    /// Nothing for a picture that has no palette.
    pub fn palette(&self, form: &Form) -> Result<Option<Palette>, DicomError> {
        if form.meaning != Meaning::Palette {
            return Ok(None);
        }
        let red = self.channel(
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            form,
        )?;
        let green = self.channel(
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            form,
        )?;
        let blue = self.channel(
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            form,
        )?;
        if red.1.len() != green.1.len() || red.1.len() != blue.1.len() {
            return Err(DicomError::Damaged);
        }
        let colours = (0..red.1.len()).map(|at| [red.1[at], green.1[at], blue.1[at]]).collect();
        Ok(Some(Palette { first: red.0, colours }))
    }

    /// The first value and the levels of one colour (PS3.3, C.7.6.3.1.5 and 6).
    fn channel(&self, descriptor: Tag, data: Tag, form: &Form) -> Result<(i32, Vec<u8>), DicomError> {
        let descriptor: Vec<i32> = self
            .object
            .get(descriptor)
            .and_then(|element| element.to_multi_int().ok())
            .ok_or(DicomError::PixelLayout)?;
        let [count, first, bits] = descriptor[..] else { return Err(DicomError::Damaged) };
        let count = match count & 0xFFFF {
            0 => 65_536,
            count => count as usize,
        };
        let first = if form.signed { i32::from(first as i16) } else { i32::from(first as u16) };
        let words: Vec<u16> = self
            .object
            .get(data)
            .and_then(|element| element.to_multi_int().ok())
            .ok_or(DicomError::PixelLayout)?;
        let levels: Vec<u8> = match bits {
            8 if words.len() >= count => words[..count].iter().map(|word| *word as u8).collect(),
            // Two levels to a word.
            8 => words.iter().flat_map(|word| word.to_le_bytes()).take(count).collect(),
            16 => words.iter().take(count).map(|word| (word >> 8) as u8).collect(),
            _ => return Err(DicomError::PixelLayout),
        };
        if levels.len() < count {
            return Err(DicomError::Damaged);
        }
        Ok((first, levels))
    }

    pub fn profile(&self) -> Option<Vec<u8>> {
        let bytes = self.object.get(tags::ICC_PROFILE)?.to_bytes().ok()?;
        Some(bytes.into_owned()).filter(|bytes| !bytes.is_empty())
    }

    pub fn into_pictures(self, frames: Vec<DicomFrame>) -> DicomPictures {
        DicomPictures {
            frames,
            pixel_spacing_mm: self.spacing(),
            modality: text(&self.object, tags::MODALITY).unwrap_or_default(),
            study_date: text(&self.object, tags::STUDY_DATE).and_then(|date| day(&date)),
            patient_number: text(&self.object, tags::PATIENT_ID),
            body_site: self.site(),
            sop_instance_uid: self.sop_instance_uid,
            sop_class_uid: self.sop_class_uid,
        }
    }

    fn spacing(&self) -> Option<[f64; 2]> {
        let shared = || {
            let groups = self.object.get(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE)?.items()?.first()?;
            groups.get(tags::PIXEL_MEASURES_SEQUENCE)?.items()?.first()?.get(tags::PIXEL_SPACING)
        };
        let values = self.object.get(tags::PIXEL_SPACING).or_else(shared)?.to_multi_float64().ok()?;
        let spacing: [f64; 2] = values.try_into().ok()?;
        spacing.iter().all(|step| step.is_finite() && *step > 0.0).then_some(spacing)
    }

    fn site(&self) -> Option<(String, String)> {
        let region = self.object.get(tags::ANATOMIC_REGION_SEQUENCE)?.items()?.first()?;
        Some((text(region, tags::CODE_VALUE)?, text(region, tags::CODING_SCHEME_DESIGNATOR)?))
    }
}

/// A value of text without its padding; nothing where it is empty.
fn text(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    let value = object.get(tag)?.to_str().ok()?;
    let value = value.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// `YYYYMMDD`, or `YYYY.MM.DD` as before 1993 (PS3.5, 6.2).
fn day(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(|letter| *letter != '.').collect();
    Date::strptime("%Y%m%d", digits).ok()
}
