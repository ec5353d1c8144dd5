//! DICOM photographs for tests, written element by element.

use crate::painted;

/// The few elements of a DICOM photograph, explicit little endian (PS3.5, 7.1.2).
pub struct DicomFile<'a> {
    pub class: &'a str,
    pub modality: &'a str,
    pub patient: &'a str,
    pub spacing: &'a str,
    /// Columns and rows.
    pub sides: (u16, u16),
}

impl Default for DicomFile<'_> {
    fn default() -> Self {
        Self {
            class: "1.2.840.10008.5.1.4.1.1.77.1.4",
            modality: "XC",
            patient: "",
            spacing: "0.02\\0.02",
            sides: (320, 240),
        }
    }
}

impl DicomFile<'_> {
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let (width, height) = self.sides;
        let head = [
            element(2, 1, "OB", &[0, 1]),
            element(2, 2, "UI", self.class.as_bytes()),
            element(2, 3, "UI", b"2.25.123456789"),
            element(2, 0x10, "UI", b"1.2.840.10008.1.2.1"),
            element(2, 0x12, "UI", b"2.25.1"),
        ]
        .concat();
        let length = (head.len() as u32).to_le_bytes();
        [
            vec![0; 128],
            b"DICM".to_vec(),
            element(2, 0, "UL", &length),
            head,
            element(8, 0x16, "UI", self.class.as_bytes()),
            element(8, 0x18, "UI", b"2.25.123456789"),
            element(8, 0x20, "DA", b"20260304"),
            element(8, 0x60, "CS", self.modality.as_bytes()),
            element(0x10, 0x20, "LO", self.patient.as_bytes()),
            short(0x28, 2, 3),
            element(0x28, 4, "CS", b"RGB"),
            short(0x28, 6, 0),
            short(0x28, 0x10, height),
            short(0x28, 0x11, width),
            element(0x28, 0x30, "DS", self.spacing.as_bytes()),
            short(0x28, 0x100, 8),
            short(0x28, 0x101, 8),
            short(0x28, 0x102, 7),
            short(0x28, 0x103, 0),
            element(0x7fe0, 0x10, "OB", &painted(width.into(), height.into()).rgb),
        ]
        .concat()
    }
}

fn short(group: u16, number: u16, value: u16) -> Vec<u8> {
    element(group, number, "US", &value.to_le_bytes())
}

fn element(group: u16, number: u16, kind: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    out.extend(kind.as_bytes());
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if kind == "UI" { 0 } else { b' ' });
    }
    if kind == "OB" {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    out.extend(value);
    out
}
