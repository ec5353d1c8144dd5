//! What is in a WebP file, and what its decoder will hold (RFC 9649).

use super::vp8l;

/// Chunks of pixels that one picture has: colours and alpha. A file with more is none.
const MOST: usize = 2;
/// Of a moving picture's frame: where it lies, its sides less one in 24 bits each, how long it stays, how it is laid on.
const FRAME_HEAD: usize = 16;

/// The `EXIF` chunk.
pub fn exif(bytes: &[u8]) -> Option<&[u8]> {
    let (_, body) = chunks(bytes.get(12..)?).find(|(name, _)| *name == b"EXIF")?;
    Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body))
}

/// Bytes of memory that the decoder takes besides the picture it gives; nothing where the file is damaged. It reads the
/// first frame of a moving picture.
pub fn memory(bytes: &[u8], width: u32, height: u32) -> Option<u64> {
    let chunks: Vec<_> = chunks(bytes.get(12..)?).collect();
    let still = held(chunks.iter().copied(), width, height)?;
    let Some((_, frame)) = chunks.iter().find(|(name, _)| *name == b"ANMF") else { return Some(still) };
    let side = |at: usize| {
        Some(u32::from_le_bytes([*frame.get(at)?, *frame.get(at + 1)?, *frame.get(at + 2)?, 0]) + 1)
    };
    let (frame_width, frame_height) = (side(6)?, side(9)?);
    // The frame with its alpha, and the canvas that it is laid on.
    let laid = 4 * pixels(frame_width, frame_height) + 4 * pixels(width, height);
    Some(still + laid + held(self::chunks(frame.get(FRAME_HEAD..)?), frame_width, frame_height)?)
}

fn held<'a>(chunks: impl Iterator<Item = (&'a [u8], &'a [u8])>, width: u32, height: u32) -> Option<u64> {
    let pixels = pixels(width, height);
    let mut held = 0;
    for (count, (name, body)) in
        chunks.filter(|(name, _)| matches!(*name, b"VP8 " | b"VP8L" | b"ALPH")).enumerate()
    {
        (count < MOST).then_some(())?;
        held += match name {
            // Planes, of which one is whole and two are quarters.
            b"VP8 " => 2 * pixels,
            // Four bytes a pixel, and smaller pictures in it of a sixteenth at most.
            b"VP8L" => 5 * pixels + vp8l::code_memory(body)?,
            _ if body.first()? & 3 == 1 => {
                6 * pixels + vp8l::code_memory_of_alpha(&body[1..], width, height)?
            }
            _ => pixels,
        };
    }
    Some(held)
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Names of chunks and what they hold, as far as it is there.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = &after[..length.min(after.len())];
        rest = after.get(length.checked_add(length & 1)?..).unwrap_or_default();
        Some((&head[..4], body))
    })
}
