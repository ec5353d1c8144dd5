//! RLE of frames: segments of one byte of one sample each, highest first, packed after PackBits (PS3.5, annex G).

/// The bytes of a frame, sample by sample with their bytes in little-endian order; nothing for a damaged one.
pub fn unpacked(frame: &[u8], pixels: usize, samples: usize, bytes: usize) -> Option<Vec<u8>> {
    let (header, _) = frame.split_at_checked(64)?;
    let (words, _) = header.as_chunks::<4>();
    let word = |at: usize| u32::from_le_bytes(words[at]) as usize;
    let segments = samples * bytes;
    if word(0) != segments || segments > 15 {
        return None;
    }
    let mut out = vec![0; pixels * segments];
    for segment in 0..segments {
        let start = word(segment + 1);
        let end = if segment + 1 < segments { word(segment + 2) } else { frame.len() };
        let packed = frame.get(start..end).filter(|_| start >= 64)?;
        let (sample, byte) = (segment / bytes, segment % bytes);
        let offset = sample * bytes + (bytes - 1 - byte);
        spread(packed, &mut out[offset..], segments, pixels)?;
    }
    Some(out)
}

/// Writes `count` bytes, each `step` after the last.
fn spread(packed: &[u8], out: &mut [u8], step: usize, count: usize) -> Option<()> {
    let mut places = out.iter_mut().step_by(step).take(count);
    let mut rest = packed;
    let mut written = 0;
    while written < count {
        let (&control, after) = rest.split_first()?;
        match control {
            0..=127 => {
                let (literal, after) = after.split_at_checked(usize::from(control) + 1)?;
                for (byte, place) in literal.iter().zip(places.by_ref()) {
                    *place = *byte;
                }
                written += literal.len();
                rest = after;
            }
            128 => rest = after,
            129..=255 => {
                let (&byte, after) = after.split_first()?;
                let run = 257 - usize::from(control);
                places.by_ref().take(run).for_each(|place| *place = byte);
                written += run;
                rest = after;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(segments: &[&[u8]]) -> Vec<u8> {
        let mut header = vec![segments.len() as u32];
        let mut at = 64;
        for segment in segments {
            header.push(at);
            at += segment.len() as u32;
        }
        header.resize(16, 0);
        let mut frame: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
        segments.iter().for_each(|segment| frame.extend_from_slice(segment));
        frame
    }

    #[test]
    fn runs_and_literals_interleave() {
        // Three equal bytes; two literals; a run of two after a byte that says nothing.
        let coded = frame(&[&[254, 9], &[1, 1, 2, 0, 3], &[128, 255, 7, 0, 8]]);
        assert_eq!(unpacked(&coded, 3, 3, 1).unwrap(), [9, 1, 7, 9, 2, 7, 9, 3, 8]);
    }

    #[test]
    fn the_high_byte_comes_first() {
        let coded = frame(&[&[1, 0x12, 0x34], &[1, 0x56, 0x78]]);
        assert_eq!(unpacked(&coded, 2, 1, 2).unwrap(), [0x56, 0x12, 0x78, 0x34]);
    }

    #[test]
    fn a_frame_that_is_short_or_lies_about_its_segments_is_refused() {
        let whole = frame(&[&[254, 9], &[2, 1, 2, 3], &[255, 7, 0, 8]]);
        for end in 0..whole.len() {
            assert_eq!(unpacked(&whole[..end], 3, 3, 1), None, "{end}");
        }
        let mut far = whole.clone();
        far[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(unpacked(&far, 3, 3, 1), None);
        assert_eq!(unpacked(&whole, 3, 1, 1), None);
    }
}
