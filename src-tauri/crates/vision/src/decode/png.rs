//! PNG: only the chunks that carry pixels reach the decoder.
//!
//! The decoder inflates an `iCCP` chunk without a bound of its own, so a few hundred kilobytes can
//! ask for hundreds of megabytes. All ancillary chunks but `tRNS` are left out; the profile and the
//! orientation are read here, within limits.

use super::colour::MAX_PROFILE_BYTES;
use super::{DecodeError, Orientation, Stored, exif, raster};
use domain::image::ImageFormat;
use flate2::read::ZlibDecoder;
use std::io::Read;

const SIGNATURE: usize = 8;

/// When the camera says it was taken.
pub fn taken_on(bytes: &[u8]) -> Option<(i16, i8, i8)> {
    let mut at = SIGNATURE;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let body = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match &head[4..8] {
            b"eXIf" => return exif::taken_on(body),
            b"IEND" => return None,
            _ => at += 12 + length,
        }
    }
}

pub fn decode(bytes: &[u8]) -> Result<Stored, DecodeError> {
    let mut bare = bytes[..SIGNATURE].to_vec();
    let mut profile = None;
    let mut orientation = Orientation::default();
    let mut at = SIGNATURE;
    loop {
        let head = bytes.get(at..at + 8).ok_or(DecodeError::Corrupt)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = at
            .checked_add(12)
            .and_then(|fixed| fixed.checked_add(length))
            .filter(|&end| end <= bytes.len())
            .ok_or(DecodeError::Corrupt)?;
        let chunk = &bytes[at..end];
        let body = &chunk[8..8 + length];
        at = end;
        match &head[4..8] {
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" => bare.extend_from_slice(chunk),
            b"IEND" => {
                bare.extend_from_slice(chunk);
                break;
            }
            b"iCCP" => profile = inflate_profile(body),
            b"eXIf" => orientation = exif::orientation(body),
            // Bit 5 of the first letter: set for ancillary chunks (PNG 3rd edition, 5.4).
            [first, ..] if first & 0x20 != 0 => {}
            _ => return Err(DecodeError::Corrupt),
        }
    }
    let mut stored = raster::decode_with(&bare, ImageFormat::Png, profile)?;
    stored.orientation = orientation;
    Ok(stored)
}

/// `iCCP`: a name of up to 79 bytes, a zero, the method (0, zlib), the compressed profile.
fn inflate_profile(body: &[u8]) -> Option<Vec<u8>> {
    let name = body.iter().take(80).position(|&byte| byte == 0)?;
    let [0, compressed @ ..] = body.get(name + 1..)? else {
        return None;
    };
    let mut profile = Vec::new();
    let bound = MAX_PROFILE_BYTES as u64 + 1;
    ZlibDecoder::new(compressed).take(bound).read_to_end(&mut profile).ok()?;
    (profile.len() <= MAX_PROFILE_BYTES).then_some(profile)
}
