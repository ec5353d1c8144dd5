//! The one EXIF field that is needed: tag 0x0112, orientation (Exif 2.32, section 4.6.4).

use super::turn::Orientation;

/// Reads the orientation of the first image directory of a TIFF block. Anything odd is "upright".
pub fn orientation(tiff: &[u8]) -> Orientation {
    read(tiff).unwrap_or_default()
}

fn read(tiff: &[u8]) -> Option<Orientation> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let word = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| -> Option<u32> {
        let four: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    const SHORT: u16 = 3;
    let directory = long(4)? as usize;
    let entries = word(directory)? as usize;
    for index in 0..entries {
        let entry = directory.checked_add(2)?.checked_add(index * 12)?;
        if word(entry)? == 0x0112 {
            return (word(entry + 2)? == SHORT)
                .then(|| word(entry + 8))
                .flatten()
                .and_then(Orientation::from_exif);
        }
    }
    None
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
}
