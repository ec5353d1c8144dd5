//! The same picture in the transfer syntaxes and layouts of `reference/specimens.py`.

use std::path::Path;

use documents::dicom::{DicomError, DicomPictures, Picture, read};
use jiff::civil::date;
use proptest::prelude::*;

const WIDTH: u32 = 48;
const HEIGHT: u32 = 36;

pub fn specimen(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dicom");
    std::fs::read(folder.join(name)).unwrap()
}

fn pictures(name: &str) -> DicomPictures {
    read(&specimen(&format!("{name}.dcm"))).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn skin() -> Vec<u8> {
    specimen("skin.rgb")
}

fn only(name: &str) -> Vec<u8> {
    let found = pictures(name);
    let [frame] = &found.frames[..] else { panic!("{name}: {} frames", found.frames.len()) };
    assert_eq!((frame.width, frame.height), (WIDTH, HEIGHT), "{name}");
    frame.rgb.clone()
}

/// Mean and largest difference of levels.
fn distance(a: &[u8], b: &[u8]) -> (f64, u8) {
    assert_eq!(a.len(), b.len());
    let differences: Vec<u8> = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).collect();
    let sum: f64 = differences.iter().map(|step| f64::from(*step)).sum();
    (sum / differences.len() as f64, differences.into_iter().max().unwrap())
}

#[test]
fn lossless_codings_give_the_picture_itself() {
    for name in [
        "explicit",
        "implicit",
        "big_endian",
        "deflated",
        "rle",
        "jpeg_lossless",
        "jpeg_lossless_sv1",
        "jpeg2000_lossless",
        "planar",
        "planar_rle",
    ] {
        assert!(only(name) == skin(), "{name}: {:?}", distance(&only(name), &skin()));
    }
}

#[test]
fn lossy_codings_come_close() {
    for (name, mean, largest) in [
        ("jpeg_baseline", 2.0, 24),
        ("jpeg_extended", 2.0, 24),
        ("jpeg_rgb", 1.5, 12),
        ("jpeg2000", 1.5, 16),
        ("ybr_full", 0.8, 2),
        ("ybr_full_422", 1.0, 8),
    ] {
        let found = distance(&only(name), &skin());
        assert!(found.0 < mean && found.1 < largest, "{name}: {found:?}");
    }
}

#[test]
fn grey_and_palette_follow_their_tables() {
    // Stored values rise by 80 a column; the window goes from 1000 to 2999.
    let windowed = only("monochrome2");
    for x in 0..WIDTH as usize {
        let want = ((x as f64 * 80.0 - 1000.0) / 1999.0).clamp(0.0, 1.0) * 255.0;
        let level = windowed[3 * x];
        assert!((f64::from(level) - want).abs() <= 1.0, "column {x}: {level} for {want}");
        assert_eq!(windowed[3 * x..3 * x + 3], [level; 3]);
    }
    let inverted = only("monochrome1");
    let palette = only("palette");
    for x in 0..WIDTH as usize {
        let stored = (x * 80 / 16) as u8;
        assert_eq!(inverted[3 * x..3 * x + 3], [255 - stored; 3], "column {x}");
        assert_eq!(palette[3 * x..3 * x + 3], [stored, 255 - stored, stored / 2], "column {x}");
    }
}

#[test]
fn what_the_file_says_of_the_picture_is_kept() {
    for name in ["explicit", "implicit", "big_endian", "deflated", "jpeg_baseline"] {
        let found = pictures(name);
        assert_eq!(found.pixel_spacing_mm, Some([0.05, 0.06]), "{name}");
        assert_eq!(found.sop_class_uid, "1.2.840.10008.5.1.4.1.1.77.1.7");
        assert!(found.sop_instance_uid.starts_with("2.25.") || name == "jpeg_baseline", "{name}");
        assert_eq!(found.modality, "DMS");
        assert_eq!(found.study_date, Some(date(2026, 3, 4)));
        assert_eq!(found.patient_number.as_deref(), Some("Å-0042"), "{name}");
        assert_eq!(found.body_site, Some(("77568009".to_owned(), "SCT".to_owned())));
    }
    let bare = pictures("planar");
    assert_eq!((bare.pixel_spacing_mm, bare.body_site), (None, None));
}

#[test]
fn frames_come_in_their_order() {
    let native = pictures("frames");
    assert_eq!(native.frames.len(), 3);
    assert_eq!(native.pixel_spacing_mm, Some([0.02, 0.02]));
    assert!(native.frames[0].rgb == skin());
    assert!(native.frames[0].rgb != native.frames[1].rgb);
    for name in ["frames_jpeg", "frames_fragments"] {
        assert!(pictures(name).frames == native.frames, "{name}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    let error = read(&specimen("jpeg_ls.dcm")).unwrap_err();
    assert_eq!(error.code(), "dicom_transfer_syntax");
    assert_eq!(error.to_string(), "transfer syntax JPEG-LS Lossless Image Compression is not read");
    assert_eq!(read(b"\xFF\xD8\xFF\xE0 a JPEG").unwrap_err(), DicomError::NotDicom);
    assert_eq!(read(&[0; 200]).unwrap_err(), DicomError::NotDicom);
}

/// The bytes of the element of this tag in an explicit little-endian file, its value changed in place.
fn changed(mut file: Vec<u8>, tag: [u8; 4], value: &[u8]) -> Vec<u8> {
    let at = file.windows(4).position(|window| window == tag).unwrap() + 8;
    file[at..at + value.len()].copy_from_slice(value);
    file
}

#[test]
fn sizes_are_bounded_before_anything_is_laid_out() {
    let huge = |value: u16| {
        let tall = changed(specimen("explicit.dcm"), [0x28, 0, 0x10, 0], &value.to_le_bytes());
        changed(tall, [0x28, 0, 0x11, 0], &value.to_le_bytes())
    };
    assert_eq!(read(&huge(20_000)).unwrap_err(), DicomError::TooManyPixels);
    assert_eq!(read(&huge(9_000)).unwrap_err(), DicomError::TooManyPixels);
    assert_eq!(read(&huge(7_000)).unwrap_err(), DicomError::Damaged);
    assert_eq!(read(&huge(0)).unwrap_err(), DicomError::Damaged);
    let mut large = specimen("explicit.dcm");
    large.resize((64 << 20) + 1, 0);
    assert_eq!(read(&large).unwrap_err(), DicomError::TooLarge);
}

#[test]
fn an_object_that_is_no_photograph_is_told_apart() {
    let class = b"1.2.840.10008.5.1.4.1.1.77.1.4";
    let tomograph = b"1.2.840.10008.5.1.4.1.1.2\0\0\0\0\0";
    let mut file = specimen("planar.dcm");
    let places: Vec<usize> =
        file.windows(class.len()).enumerate().filter(|(_, w)| w == class).map(|(at, _)| at).collect();
    for at in places {
        file[at..at + class.len()].copy_from_slice(tomograph);
    }
    assert_eq!(read(&file).unwrap_err(), DicomError::NotAPhotograph);
}

#[test]
fn a_file_cut_anywhere_is_refused_and_never_panics() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dicom");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "dcm") {
            continue;
        }
        let whole = std::fs::read(&path).unwrap();
        // Behind the pixels there may be a byte of padding or the end of a sequence.
        for end in (0..whole.len()).step_by(if whole.len() > 4_000 { 97 } else { 13 }) {
            let code = read(&whole[..end]).expect_err(&format!("{} at {end}", path.display())).code();
            assert!(code.starts_with("dicom_"), "{code}");
        }
    }
}

/// Photographs of a usual size, cut at every thousandth byte: a code, or the whole picture where only padding went.
#[test]
fn a_large_file_cut_at_every_thousandth_byte_gives_a_code_or_the_picture() {
    let (width, height) = (640, 480);
    let pixels: Vec<u8> = (0..width * height * 3).map(|at| (at * 31 / 7) as u8).collect();
    let plain = Picture::Rgb { width, height, pixels: &pixels, lossy: false };
    let mut jpeg = Vec::new();
    let noise: Vec<u8> =
        (0..pixels.len() as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 95)
        .encode(&noise, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    for picture in [plain, Picture::Jpeg(&jpeg)] {
        let whole = super::writing::written(true, picture).0;
        let truth = read(&whole).unwrap();
        assert!(whole.len() > 300_000);
        for end in (0..whole.len()).step_by(1_000) {
            match read(&whole[..end]) {
                Ok(found) => assert!(found.frames == truth.frames, "at {end}"),
                Err(error) => assert!(error.code().starts_with("dicom_"), "at {end}: {}", error.code()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written over a file, reading ends with pictures of the right size or a code.
    #[test]
    fn bytes_written_over_do_no_harm(
        name in prop::sample::select(vec!["explicit", "implicit", "big_endian", "deflated", "rle", "jpeg_baseline",
            "jpeg_lossless", "jpeg2000", "palette", "monochrome2", "frames_fragments"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut file = specimen(&format!("{name}.dcm"));
        for (place, byte) in changes {
            let at = place.index(file.len());
            file[at] = byte;
        }
        if let Ok(found) = read(&file) {
            for frame in found.frames {
                prop_assert_eq!(frame.rgb.len(), (frame.width * frame.height * 3) as usize);
            }
        }
    }
}
