//! What the markers of a JPEG frame tell (ITU-T T.81, annex B).

#[derive(Debug, PartialEq, Eq)]
pub struct Markers {
    /// Low nibble of the frame's marker: 0 baseline, 1 extended, 2 progressive, 3 lossless.
    pub process: u8,
    pub precision: u8,
    pub width: u32,
    pub height: u32,
    pub components: usize,
    /// Whether the components are luminance and colour differences; nothing where the markers leave it open.
    pub differences: Option<bool>,
}

/// Reads up to the first scan; nothing for what is no JPEG.
pub fn markers(coded: &[u8]) -> Option<Markers> {
    let mut rest = coded.strip_prefix(&[0xFF, 0xD8])?;
    let (mut jfif, mut adobe) = (false, None);
    let mut frame: Option<Markers> = None;
    loop {
        let [0xFF, marker, ..] = *rest else { return None };
        if marker == 0xFF {
            rest = &rest[1..];
            continue;
        }
        let body = rest.get(2..)?;
        let length = usize::from(u16::from_be_bytes(*body.first_chunk()?));
        let segment = body.get(2..length)?;
        rest = body.get(length..)?;
        match marker {
            0xE0 => jfif |= segment.starts_with(b"JFIF\0"),
            0xEE if segment.starts_with(b"Adobe") => adobe = segment.get(11).copied(),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                frame = Some(read_frame(marker, segment)?)
            }
            0xDA => break,
            _ => {}
        }
    }
    let mut frame = frame?;
    if frame.components == 3 && frame.differences.is_none() {
        frame.differences = match adobe {
            Some(0) => Some(false),
            Some(_) => Some(true),
            None => jfif.then_some(true),
        };
    }
    Some(frame)
}

fn read_frame(marker: u8, segment: &[u8]) -> Option<Markers> {
    let [precision, high, low, wide, narrow, count, ..] = *segment else { return None };
    let components = usize::from(count);
    let named: Vec<u8> = segment.get(6..6 + 3 * components)?.chunks_exact(3).map(|part| part[0]).collect();
    Some(Markers {
        process: marker & 0x0F,
        precision,
        width: u32::from(u16::from_be_bytes([wide, narrow])),
        height: u32::from(u16::from_be_bytes([high, low])),
        components,
        differences: (named == *b"RGB").then_some(false),
    })
}
