//! Everything that reads bytes from outside, by name, with small seeds that our own writers made.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use documents::dicom::StoreResponse;
use domain::image::ImageFormat as Format;
use domain::report_text::{Template, TextLanguage};
use domain::{assistant, report_text};
use image::{ExtendedColorType, ImageFormat};
use serde_json::json;
use vision::card::ModelCard;
use vision::decode::{camera, decode_small, sniff, taken_on};
use vision::outline::OutlineCard;
use vision::{DecodeLimits, Photograph, decode};

use crate::dicom_file::DicomFile;
use crate::onnx::Tiny;
use crate::tampering::Random;
use crate::{painted, root};

/// What takes bytes from outside, with some that it accepts.
pub struct Reader {
    pub name: &'static str,
    /// Comes back for any bytes at all; whether they were accepted.
    pub read: fn(&[u8]) -> bool,
    pub seeds: fn() -> Vec<Vec<u8>>,
}

pub const READERS: [Reader; 17] = [
    Reader { name: "jpeg", read: photograph, seeds: || vec![JPEG.clone()] },
    Reader { name: "png", read: photograph, seeds: || vec![painted(SIDES.0, SIDES.1).to_png()] },
    Reader { name: "tiff", read: photograph, seeds: || vec![encoded(ImageFormat::Tiff)] },
    Reader { name: "webp", read: photograph, seeds: || vec![encoded(ImageFormat::WebP)] },
    Reader { name: "bmp", read: photograph, seeds: || vec![encoded(ImageFormat::Bmp)] },
    Reader { name: "exif", read: exif, seeds: || vec![exif_block()] },
    Reader { name: "icc", read: icc, seeds: profiles },
    Reader { name: "dicom", read: dicom, seeds: dicom_files },
    Reader { name: "card", read: card, seeds: cards },
    Reader { name: "onnx", read: onnx, seeds: || vec![Tiny::default().bytes()] },
    Reader { name: "backup", read: vault::fuzzing::manifest, seeds: || vec![manifest()] },
    Reader { name: "parcel", read: vault::fuzzing::parcel, seeds: || vec![parcel()] },
    Reader { name: "table", read: clinic::fuzzing::table, seeds: tables },
    Reader { name: "fhir", read: clinic::fuzzing::fhir, seeds: || vec![bundle()] },
    Reader { name: "rules", read: rules, seeds: rule_sheets },
    Reader { name: "template", read: template, seeds: templates },
    Reader { name: "stow", read: store_response, seeds: || vec![response()] },
];

/// Of the painted pictures: small ones are altered at more places that matter.
const SIDES: (u32, u32) = (24, 16);
static JPEG: LazyLock<Vec<u8>> = LazyLock::new(|| painted(SIDES.0, SIDES.1).to_jpeg(80));
/// Most that is altered at once.
const MOST_CHANGES: u64 = 8;

/// The next bytes that are nearly a seed: flipped, cut, doubled, overwritten with numbers at the edge.
#[must_use]
pub fn altered(seed: &[u8], random: &mut Random) -> Vec<u8> {
    const EDGES: [u8; 6] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(MOST_CHANGES) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len() as u64) as usize;
        match random.below(5) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = EDGES[random.below(EDGES.len() as u64) as usize],
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + 1 + random.below(16) as usize).min(bytes.len()))),
            _ => {
                let end = (at + 1 + random.below(32) as usize).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

fn photograph(bytes: &[u8]) -> bool {
    let limits = DecodeLimits::default();
    // Of a JPEG alone the small copy is read in another way.
    let small = sniff(bytes) != Some(Format::Jpeg) || decode_small(bytes, &limits, 256).is_ok();
    decode(bytes, &limits).is_ok() && small
}

/// The bytes as the Exif block of a photograph that is otherwise good; accepted where it names the camera and the day.
fn exif(bytes: &[u8]) -> bool {
    let file = with_segment(0xe1, b"Exif\0\0", bytes);
    photograph(&file) && !camera(&file).model.is_empty() && taken_on(&file).is_some()
}

/// The bytes as the colour profile of a photograph that is otherwise good; accepted where it changes the colours by more
/// than another decoder does, which steps in where the first warns of a profile.
fn icc(bytes: &[u8]) -> bool {
    const BETWEEN_DECODERS: u8 = 4;
    let file = with_segment(0xe2, b"ICC_PROFILE\0\x01\x01", bytes);
    let pixels = |file: &[u8]| decode(file, &DecodeLimits::default()).map_or(vec![], |photo| photo.rgb);
    let differ = |(one, other): (&u8, &u8)| one.abs_diff(*other) > BETWEEN_DECODERS;
    photograph(&file) && pixels(&file).iter().zip(&pixels(&JPEG)).any(differ)
}

fn dicom(bytes: &[u8]) -> bool {
    documents::dicom::read(bytes).is_ok()
}

fn card(bytes: &[u8]) -> bool {
    let (of_classes, of_outlines) = (ModelCard::parse(bytes), OutlineCard::parse(bytes));
    of_classes.is_ok() || of_outlines.is_ok()
}

/// Our own look at the file must come back. What comes after it runs in a process of its own, which may end.
fn onnx(bytes: &[u8]) -> bool {
    let card = serde_json::to_vec(&Tiny::default().card(bytes)).unwrap_or_default();
    vision::onnx::outline(bytes).is_ok()
        && catch_unwind(AssertUnwindSafe(|| vision::trial::run(&card, bytes, None).is_ok())).unwrap_or(false)
}

fn rules(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let (plain, talk) = (assistant::Sheet::read(text, false), assistant::Sheet::read(text, true));
    plain.is_ok() || talk.is_ok()
}

fn template(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| Template::read(text).is_ok())
}

fn store_response(bytes: &[u8]) -> bool {
    let read = |kind| StoreResponse::read(kind, bytes).is_some();
    let (json, xml) = (read("application/dicom+json"), read("application/dicom+xml"));
    json || xml
}

/// A good JPEG with a segment behind its first marker.
fn with_segment(marker: u8, label: &[u8], bytes: &[u8]) -> Vec<u8> {
    let most = usize::from(u16::MAX) - 2 - label.len();
    let bytes = &bytes[..bytes.len().min(most)];
    let length = (2 + label.len() + bytes.len()) as u16;
    [&JPEG[..2], &[0xff, marker], &length.to_be_bytes(), label, bytes, &JPEG[2..]].concat()
}

/// The painted picture in a format of the image library.
fn encoded(format: ImageFormat) -> Vec<u8> {
    let Photograph { width, height, rgb, .. } = painted(SIDES.0, SIDES.1).photograph();
    let mut out = std::io::Cursor::new(vec![]);
    image::write_buffer_with_format(&mut out, &rgb, width, height, ExtendedColorType::Rgb8, format)
        .expect("a picture");
    out.into_inner()
}

/// Orientation and the time of the photograph, big endian (Exif 2.32, 4.6).
fn exif_block() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let second = 8 + 2 + 3 * 12 + 4;
    let date = second + 2 + 12 + 4;
    [
        b"MM\0*".to_vec(),
        8_u32.to_be_bytes().to_vec(),
        3_u16.to_be_bytes().to_vec(),
        entry(0x0112, 3, 1, [0, 6, 0, 0]),
        entry(0x0110, 2, 4, *b"DL5\0"),
        entry(0x8769, 4, 1, (second as u32).to_be_bytes()),
        0_u32.to_be_bytes().to_vec(),
        1_u16.to_be_bytes().to_vec(),
        entry(0x9003, 2, 20, (date as u32).to_be_bytes()),
        0_u32.to_be_bytes().to_vec(),
        b"2026:03:04 10:20:30\0".to_vec(),
    ]
    .concat()
}

fn profiles() -> Vec<Vec<u8>> {
    let profiles = [moxcms::ColorProfile::new_display_p3(), moxcms::ColorProfile::new_adobe_rgb()];
    profiles.iter().map(|profile| profile.encode().expect("a profile")).collect()
}

fn dicom_files() -> Vec<Vec<u8>> {
    let sides = (SIDES.0 as u16, SIDES.1 as u16);
    vec![DicomFile { sides, ..DicomFile::default() }.bytes()]
}

fn cards() -> Vec<Vec<u8>> {
    let models = root().join("models");
    let shipped = ["lesion.card.json", "outline.card.json"].map(|name| std::fs::read(models.join(name)));
    shipped.into_iter().map(|card| card.expect("a shipped card")).collect()
}

fn manifest() -> Vec<u8> {
    let (digest, id) = ("0".repeat(64), "01a2052f-13ba-7558-a84d-54abd993d198");
    let generation = json!({
        "schema": 1, "id": id, "clinic": id, "made_at": "2026-03-04T10:20:30Z", "program": "0.1.0",
        "database_schema": 3, "epoch": 1, "files": 1, "bytes": 5, "contents": digest,
    });
    format!("{}\n[]\n", json!({ "mac": digest, "generation": generation })).into_bytes()
}

fn parcel() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let expires = "2126-01-01T00:00:00Z".parse().expect("a time");
    vault::Parcel::write(folder.path(), b"{}", expires, vault::KdfPolicy::for_tests()).expect("a parcel");
    let parcels = std::fs::read_dir(folder.path().join(vault::layout::PARCELS)).expect("their folder");
    let file = parcels.flatten().next().expect("one").path();
    std::fs::read(file).expect("its bytes")
}

fn tables() -> Vec<Vec<u8>> {
    let table = "number;family name;given names;date of birth;sex;phone\n\
                 P-1;Lindenhoff;Ada;09.03.1971;f;+49 171 2345\nP-2;\"O'Hara; jr\";Bo;1971-03-09;m;\n";
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![table.as_bytes().to_vec(), utf16]
}

fn bundle() -> Vec<u8> {
    let patient = json!({
        "resourceType": "Patient", "id": "p1", "birthDate": "1971-03-09", "gender": "female",
        "name": [{ "family": "Lindenhoff", "given": ["Ada"] }],
        "telecom": [{ "system": "phone", "value": "+49 171 2345" }],
    });
    let media = json!({
        "resourceType": "Media", "status": "completed", "subject": { "reference": "Patient/p1" },
        "content": { "contentType": "image/jpeg", "data": "AAAA" },
    });
    let entries = [patient, media].map(|resource| json!({ "fullUrl": "urn:x", "resource": resource }));
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string().into_bytes()
}

fn rule_sheets() -> Vec<Vec<u8>> {
    assistant::BUILT_IN.iter().map(|sheet| sheet.source.as_bytes().to_vec()).collect()
}

fn templates() -> Vec<Vec<u8>> {
    report_text::BUILT_IN.iter().map(|template| template.text(TextLanguage::En).as_bytes().to_vec()).collect()
}

/// PS3.18, 10.5.3.2.
fn response() -> Vec<u8> {
    let instance = json!({
        "00081150": { "vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.77.1.4"] },
        "00081155": { "vr": "UI", "Value": ["2.25.1"] },
        "00081197": { "vr": "US", "Value": [272] },
    });
    json!({ "00081198": { "vr": "SQ", "Value": [instance] } }).to_string().into_bytes()
}
