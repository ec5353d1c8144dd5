//! One unambiguous byte string out of several fields, for authentication.

/// The label and then every field, each behind its length as a 32-bit big-endian number, so that no
/// two different lists of fields give the same bytes.
///
/// # Panics
/// If a field is longer than 4 GiB.
#[must_use]
pub fn canonical_bytes(label: &str, fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(fields.iter().map(|f| f.len() + 4).sum::<usize>() + label.len() + 4);
    for field in std::iter::once(&label.as_bytes()).chain(fields) {
        let length = u32::try_from(field.len()).expect("fields are far shorter than 4 GiB");
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_across_a_border_changes_the_bytes() {
        assert_ne!(canonical_bytes("x", &[b"ab", b"c"]), canonical_bytes("x", &[b"a", b"bc"]));
        assert_ne!(canonical_bytes("xa", &[b"b"]), canonical_bytes("x", &[b"ab"]));
        assert_ne!(canonical_bytes("x", &[b""]), canonical_bytes("x", &[]));
    }
}
