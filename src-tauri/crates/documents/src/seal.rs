//! The seal of a PDF: a place of fixed length in its document information, filled in after the file is written.
//!
//! What is hashed is the whole file with that place blank, so that every other byte of it is covered: changed,
//! added and cut bytes alike. Filling the place moves nothing else.

use std::ops::Range;

use sha2::{Digest, Sha256};

/// The key of the place in the document information dictionary (ISO 32000-1, 14.3.3, lets an application add
/// its own).
pub(crate) const KEY: &str = "LentigoSeal";
const MARK: &[u8] = b"LENTIGO-SEAL-1:";
/// Room for the seal, in bytes.
const ROOM: usize = 4_096;
const BLANK: u8 = b'.';

/// What a file says of its seal.
#[derive(Debug, PartialEq, Eq)]
pub enum Seal {
    /// It has no place for one, or an empty one.
    None,
    /// The place is there and cannot be one that this program filled.
    Broken,
    Found {
        content: Vec<u8>,
        /// SHA-256 of the file with the place blank.
        digest: [u8; 32],
    },
}

/// The blank place as it is written into a new file.
pub(crate) fn blank() -> Vec<u8> {
    let mut text = MARK.to_vec();
    text.resize(MARK.len() + ROOM, BLANK);
    text
}

/// SHA-256 of a file with its place for a seal blank; nothing where there is not exactly one such place.
#[must_use]
pub fn digest(pdf: &[u8]) -> Option<[u8; 32]> {
    Some(blanked(pdf, &place(pdf)?))
}

/// Fills the place of a file; nothing where it has none, or the content does not fit it. The content is text of
/// hexadecimal digits, or of base 64 for addresses (RFC 4648, 5).
#[must_use]
pub fn affix(mut pdf: Vec<u8>, content: &[u8]) -> Option<Vec<u8>> {
    let place = place(&pdf)?;
    let plain = content.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !plain || content.is_empty() || content.len() > place.len() {
        return None;
    }
    pdf[place.start..place.start + content.len()].copy_from_slice(content);
    Some(pdf)
}

#[must_use]
pub fn read(pdf: &[u8]) -> Seal {
    let marks = marks(pdf).take(2).count();
    if marks == 0 {
        return Seal::None;
    }
    let Some(place) = place(pdf) else { return Seal::Broken };
    let filled = &pdf[place.clone()];
    let length = filled.iter().position(|byte| *byte == BLANK).unwrap_or(ROOM);
    let (content, rest) = filled.split_at(length);
    if rest.iter().any(|byte| *byte != BLANK) {
        return Seal::Broken;
    }
    if content.is_empty() {
        return Seal::None;
    }
    Seal::Found { content: content.to_vec(), digest: blanked(pdf, &place) }
}

/// The one place, where there is exactly one.
fn place(pdf: &[u8]) -> Option<Range<usize>> {
    let mut found = marks(pdf);
    let start = found.next()? + MARK.len();
    let end = start.checked_add(ROOM)?;
    (found.next().is_none() && end < pdf.len()).then_some(start..end)
}

fn marks(pdf: &[u8]) -> impl Iterator<Item = usize> + '_ {
    pdf.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK).map(|(at, _)| at)
}

fn blanked(pdf: &[u8], place: &Range<usize>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(&pdf[..place.start]);
    hash.update(vec![BLANK; place.len()]);
    hash.update(&pdf[place.end..]);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        [b"%PDF-1.7 before (".as_slice(), &blank(), b") after %%EOF\n"].concat()
    }

    #[test]
    fn what_is_affixed_is_read_and_moves_nothing() {
        let before = digest(&file()).unwrap();
        let sealed = affix(file(), b"c2VhbA-_").unwrap();
        assert_eq!(sealed.len(), file().len());
        assert_eq!(read(&sealed), Seal::Found { content: b"c2VhbA-_".to_vec(), digest: before });
        assert_eq!(read(&file()), Seal::None);
        assert_eq!(read(b"%PDF of somebody else"), Seal::None);
    }

    #[test]
    fn every_other_byte_counts() {
        let sealed = affix(file(), b"seal").unwrap();
        let Seal::Found { digest: whole, .. } = read(&sealed) else { panic!("no seal") };
        for at in (0..sealed.len()).filter(|at| *at < 17 || *at >= 17 + MARK.len() + ROOM) {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(!matches!(read(&bent), Seal::Found { digest, .. } if digest == whole), "{at}");
        }
        let longer = [sealed.as_slice(), b"more"].concat();
        assert!(!matches!(read(&longer), Seal::Found { digest, .. } if digest == whole));
    }

    #[test]
    fn two_places_a_cut_one_and_scribbles_are_broken() {
        let twice = [file(), file()].concat();
        assert_eq!((read(&twice), digest(&twice), affix(twice.clone(), b"x")), (Seal::Broken, None, None));
        assert_eq!(read(&file()[..200]), Seal::Broken);
        let mut scribbled = affix(file(), b"seal").unwrap();
        scribbled[17 + MARK.len() + 900] = b'x';
        assert_eq!(read(&scribbled), Seal::Broken);
        assert_eq!(affix(file(), &[b'x'; ROOM + 1]), None);
        assert_eq!(affix(file(), b"no (brackets)"), None);
    }
}
