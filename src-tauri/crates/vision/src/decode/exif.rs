//! The EXIF fields that are needed: tag 0x0112, orientation, tag 0x9003, when the photograph was taken, and
//! tags 0x010F and 0x0110, the camera (Exif 2.32, sections 4.6.4 and 4.6.5).

use super::camera::Camera;
use super::turn::Orientation;

const SHORT: u16 = 3;
const ASCII: u16 = 2;
const LONG: u16 = 4;
const ORIENTATION: u16 = 0x0112;
const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
/// Longest name of a camera that is read.
const MOST_NAME: usize = 80;
const EXIF_DIRECTORY: u16 = 0x8769;
const TAKEN: u16 = 0x9003;

/// Reads the orientation of the first image directory of a TIFF block. Anything odd is "upright".
pub fn orientation(tiff: &[u8]) -> Orientation {
    let read = || {
        let block = Block::of(tiff)?;
        let (kind, _, at) = block.entry(block.long(4)?, ORIENTATION)?;
        (kind == SHORT).then(|| block.word(at)).flatten().and_then(Orientation::from_exif)
    };
    read().unwrap_or_default()
}

/// Year, month and day by the clock of the camera, as they are written; no calendar is asked.
pub fn taken_on(tiff: &[u8]) -> Option<(i16, i8, i8)> {
    let block = Block::of(tiff)?;
    let (kind, _, at) = block.entry(block.long(4)?, EXIF_DIRECTORY)?;
    let inner = (kind == LONG).then(|| block.long(at)).flatten()?;
    let (kind, count, at) = block.entry(inner, TAKEN)?;
    // 20 bytes, "YYYY:MM:DD HH:MM:SS" and a zero, never fit the entry itself.
    let start = (kind == ASCII && count == 20).then(|| block.long(at)).flatten()? as usize;
    let text = std::str::from_utf8(tiff.get(start..start.checked_add(10)?)?).ok()?;
    let mut parts = text.split(':');
    let date = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(date)
}

/// Make and model of the camera, printable characters alone.
pub fn camera(tiff: &[u8]) -> Camera {
    let text = |tag| {
        let block = Block::of(tiff)?;
        let (kind, count, at) = block.entry(block.long(4)?, tag)?;
        let count = count as usize;
        let start = if count <= 4 { at } else { block.long(at)? as usize };
        let bytes = (kind == ASCII).then(|| tiff.get(start..start.checked_add(count)?)).flatten()?;
        let text = bytes.iter().take_while(|&&byte| byte != 0).take(MOST_NAME);
        let printable: String =
            text.map(|&byte| if (0x20..0x7F).contains(&byte) { char::from(byte) } else { ' ' }).collect();
        Some(printable.trim().to_owned())
    };
    Camera { make: text(MAKE).unwrap_or_default(), model: text(MODEL).unwrap_or_default() }
}

/// A TIFF block, read within its bounds.
struct Block<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Block<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => Some(Self { bytes, little: true }),
            [b'M', b'M', 0, 42] => Some(Self { bytes, little: false }),
            _ => None,
        }
    }

    fn word(&self, at: usize) -> Option<u16> {
        let pair: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    /// Type, count, and the place of the value of a tag in a directory.
    fn entry(&self, directory: u32, tag: u16) -> Option<(u16, u32, usize)> {
        let directory = directory as usize;
        let entries = self.word(directory)? as usize;
        (0..entries).find_map(|index| {
            let entry = directory.checked_add(2)?.checked_add(index * 12)?;
            (self.word(entry)? == tag)
                .then(|| Some((self.word(entry + 2)?, self.long(entry + 4)?, entry + 8)))
                .flatten()
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A TIFF block with one directory holding the orientation alone.
    pub fn block(value: u16, little: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let word = |v: u16| {
            if little { v.to_le_bytes() } else { v.to_be_bytes() }
        };
        let long = |v: u32| {
            if little { v.to_le_bytes() } else { v.to_be_bytes() }
        };
        out.extend(if little { *b"II" } else { *b"MM" });
        out.extend(word(42));
        out.extend(long(8));
        out.extend(word(1));
        out.extend(word(0x0112));
        out.extend(word(3));
        out.extend(long(1));
        out.extend(word(value));
        out.extend(word(0));
        out.extend(long(0));
        out
    }

    #[test]
    fn both_byte_orders_are_read() {
        for little in [true, false] {
            for value in 1..=8 {
                assert_eq!(orientation(&block(value, little)), Orientation::from_exif(value).unwrap());
            }
        }
    }

    #[test]
    fn garbage_is_upright() {
        assert_eq!(orientation(&block(9, true)), Orientation::default());
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), Orientation::default());
        let whole = block(6, true);
        for end in 0..whole.len() - 4 {
            orientation(&whole[..end]);
        }
    }

    /// A block whose second directory says when the photograph was taken.
    fn dated(text: &[u8; 20], little: bool) -> Vec<u8> {
        let mut out = block(1, little);
        let long = |v: u32| {
            if little { v.to_le_bytes() } else { v.to_be_bytes() }
        };
        let word = |v: u16| {
            if little { v.to_le_bytes() } else { v.to_be_bytes() }
        };
        // The only entry of the first directory becomes the pointer to the second.
        out[10..12].copy_from_slice(&word(EXIF_DIRECTORY));
        out[12..14].copy_from_slice(&word(LONG));
        out[18..22].copy_from_slice(&long(26));
        out.extend(word(1));
        out.extend(word(TAKEN));
        out.extend(word(ASCII));
        out.extend(long(20));
        out.extend(long(44));
        out.extend(long(0));
        out.extend(text);
        out
    }

    #[test]
    fn the_day_is_read_and_garbage_is_none() {
        for little in [true, false] {
            assert_eq!(taken_on(&dated(b"2026:03:09 14:02:11\0", little)), Some((2026, 3, 9)));
        }
        for bad in [b"    :  :     :  :  \0", b"2026-03-09 14:02:11\0", b"\xff026:03:09 14:02:11\0"] {
            assert_eq!(taken_on(&dated(bad, true)), None);
        }
        let whole = dated(b"2026:03:09 14:02:11\0", true);
        for end in 0..whole.len() {
            let cut = taken_on(&whole[..end]);
            assert!(cut.is_none() || end >= 54, "{end}");
        }
    }
}
