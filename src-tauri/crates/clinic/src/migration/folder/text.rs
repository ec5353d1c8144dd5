//! Which signs the bytes of an old table stand for.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::views::TextEncoding;

/// Bytes that are looked at to tell UTF-16 without a mark.
const SAMPLE: usize = 4096;

/// Reads a text, and says how. UTF-16 is known by its mark or by its many zero bytes; what is not UTF-8 is taken
/// for Windows-1252, line by line where other lines are plainly UTF-8. Nothing is refused: signs without meaning
/// become U+FFFD.
pub(super) fn decoded(bytes: &[u8]) -> (String, TextEncoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let wide = encoding == UTF_16LE || encoding == UTF_16BE;
        if wide {
            return (whole(encoding, &bytes[mark..]), TextEncoding::Utf16);
        }
        return narrow(&bytes[mark..]);
    }
    match wide_without_mark(bytes) {
        Some(encoding) => (whole(encoding, bytes), TextEncoding::Utf16),
        None => narrow(bytes),
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Latin text in UTF-16 has a zero in nearly every second byte.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let pairs = sample.chunks_exact(2);
    let all = pairs.len();
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    if all < 4 {
        return None;
    }
    match (first * 2 > all, second * 2 > all) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

fn narrow(bytes: &[u8]) -> (String, TextEncoding) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), TextEncoding::Utf8);
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let beyond_ascii = |line: &&[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    if !lines.iter().any(beyond_ascii) {
        return (whole(WINDOWS_1252, bytes), TextEncoding::Windows1252);
    }
    let read = lines.iter().map(|line| match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => whole(WINDOWS_1252, line),
    });
    (read.collect(), TextEncoding::Mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_told_by_mark_and_by_content() {
        let text = "Name;Ort\nMüller;Köln\n";
        assert_eq!(decoded(text.as_bytes()), (text.into(), TextEncoding::Utf8));
        let marked = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
        assert_eq!(decoded(&marked), (text.into(), TextEncoding::Utf8));
        for big in [false, true] {
            assert_eq!(decoded(&wide(text, big)), (text.into(), TextEncoding::Utf16));
            let marked = wide(&format!("\u{feff}{text}"), big);
            assert_eq!(decoded(&marked), (text.into(), TextEncoding::Utf16));
        }
        assert_eq!(decoded(b"M\xfcller\n"), ("Müller\n".into(), TextEncoding::Windows1252));
        let mixed = [b"M\xfcller\n".as_slice(), "Köln\n".as_bytes(), b"plain\n"].concat();
        assert_eq!(decoded(&mixed), ("Müller\nKöln\nplain\n".into(), TextEncoding::Mixed));
        // A zero byte here and there makes no UTF-16.
        assert_eq!(decoded(b"a;b\nc\0;d\n").1, TextEncoding::Utf8);
    }
}
