//! Files of every format, whole, damaged and hostile.

use domain::image::ImageFormat;
use image::{DynamicImage, ImageEncoder, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;
use proptest::prelude::*;
use std::io::Cursor;
use vision::decode::{DecodeError, DecodeLimits, Photograph, decode, sniff};
use vision::phantom::{Phantom, PhantomSpec};

fn read(bytes: &[u8]) -> Result<Photograph, DecodeError> {
    decode(bytes, &DecodeLimits::default())
}

fn phantom() -> Phantom {
    Phantom::render(&PhantomSpec { width: 64, height: 48, ..PhantomSpec::default() })
}

fn rgb_image(phantom: &Phantom) -> RgbImage {
    RgbImage::from_raw(phantom.width, phantom.height, phantom.rgb.clone()).unwrap()
}

fn saved(image: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| f64::from(x.abs_diff(*y))).sum::<f64>() / a.len() as f64
}

/// Puts a segment behind the start marker of a JPEG.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

/// Puts a chunk behind the header of a PNG.
fn with_chunk(png: &[u8], kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let header = 8 + 12 + 13;
    [&png[..header], &length, kind, body, &crc.sum().to_be_bytes(), &png[header..]].concat()
}

fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    block.extend(orientation.to_be_bytes());
    block.extend([0; 6]);
    block
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn lossless_formats_keep_every_pixel() {
    let phantom = phantom();
    let image = DynamicImage::ImageRgb8(rgb_image(&phantom));
    for (format, expected) in [
        (image::ImageFormat::Png, ImageFormat::Png),
        (image::ImageFormat::Tiff, ImageFormat::Tiff),
        (image::ImageFormat::WebP, ImageFormat::WebP),
        (image::ImageFormat::Bmp, ImageFormat::Bmp),
    ] {
        let bytes = saved(&image, format);
        assert_eq!(sniff(&bytes), Some(expected));
        let photo = read(&bytes).unwrap();
        assert_eq!((photo.width, photo.height, photo.format), (64, 48, expected));
        assert!(photo.rgb == phantom.rgb, "{expected:?}");
    }
}

#[test]
fn jpegs_of_every_kind_come_close() {
    let phantom = phantom();
    let encode = |colour: ColorType, progressive: bool, data: &[u8]| {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, 95);
        encoder.set_progressive(progressive);
        encoder.encode(data, 64, 48, colour).unwrap();
        out
    };
    for bytes in [
        encode(ColorType::Rgb, false, &phantom.rgb),
        encode(ColorType::Rgb, true, &phantom.rgb),
        phantom.to_jpeg(92),
    ] {
        assert!(mean_difference(&read(&bytes).unwrap().rgb, &phantom.rgb) < 3.0);
    }
    let grey: Vec<u8> = phantom.rgb.chunks_exact(3).map(|p| p[1]).collect();
    let photo = read(&encode(ColorType::Luma, false, &grey)).unwrap();
    let wanted: Vec<u8> = grey.iter().flat_map(|&g| [g; 3]).collect();
    assert!(mean_difference(&photo.rgb, &wanted) < 2.0);
}

#[test]
fn inks_become_light() {
    // Patches of ink written by Pillow: none, cyan, yellow with magenta, nearly black.
    let bytes = std::fs::read(crate::fixture("pillow/cmyk.jpg")).unwrap();
    let photo = read(&bytes).unwrap();
    let wanted = [[255, 255, 255], [0, 255, 255], [215, 107, 0], [49, 42, 36]];
    for (patch, colour) in wanted.iter().enumerate() {
        let at = (8 * 64 + patch * 16 + 8) * 3;
        for (got, want) in photo.rgb[at..at + 3].iter().zip(colour) {
            assert!(got.abs_diff(*want) <= 4, "{patch}: {:?}", &photo.rgb[at..at + 3]);
        }
    }
}

#[test]
fn luminance_coded_inks_match_plain_inks() {
    let stored: Vec<u8> = (0..64 * 48).flat_map(|i| [200, (i % 64 * 3) as u8, 90, 220]).collect();
    let encode = |colour| {
        let mut out = Vec::new();
        Encoder::new(&mut out, 98).encode(&stored, 64, 48, colour).unwrap();
        out
    };
    let plain = read(&encode(ColorType::Cmyk)).unwrap();
    let coded = read(&encode(ColorType::CmykAsYcck)).unwrap();
    assert!(mean_difference(&plain.rgb, &coded.rgb) < 3.0);
}

#[test]
fn sixteen_bits_grey_and_alpha_become_eight_bit_colour() {
    let phantom = phantom();
    let eight = DynamicImage::ImageRgb8(rgb_image(&phantom));
    for format in [image::ImageFormat::Png, image::ImageFormat::Tiff] {
        let sixteen = DynamicImage::ImageRgb16(eight.to_rgb16());
        assert!(read(&saved(&sixteen, format)).unwrap().rgb == phantom.rgb);
        let grey = DynamicImage::ImageLuma16(eight.to_luma16());
        let photo = read(&saved(&grey, format)).unwrap();
        let wanted: Vec<u8> = eight.to_luma8().iter().flat_map(|&g| [g; 3]).collect();
        assert!(mean_difference(&photo.rgb, &wanted) < 0.6);
    }
    let mut clear = eight.to_rgba8();
    clear.pixels_mut().for_each(|pixel| pixel[3] = 0);
    let photo = read(&saved(&DynamicImage::ImageRgba8(clear), image::ImageFormat::Png)).unwrap();
    assert!(photo.rgb.iter().all(|&v| v == 255));
}

#[test]
fn orientation_is_honoured_in_jpeg_and_png() {
    let phantom = phantom();
    let jpeg = phantom.to_jpeg(95);
    let png = phantom.to_png();
    let upright = read(&jpeg).unwrap();
    for orientation in 1..=8 {
        let body = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
        let turned_jpeg = read(&with_segment(&jpeg, 0xE1, &body)).unwrap();
        let turned_png = read(&with_chunk(&png, b"eXIf", &exif(orientation))).unwrap();
        let expected = if orientation < 5 { (64, 48) } else { (48, 64) };
        assert_eq!((turned_jpeg.width, turned_jpeg.height), expected);
        assert_eq!((turned_png.width, turned_png.height), expected);
        // Six o'clock: the stored top left lies at the upright top right.
        if orientation == 6 {
            let right = 47 * 3;
            assert_eq!(turned_jpeg.rgb[right..right + 3], upright.rgb[..3]);
            assert_eq!(turned_png.rgb[right..right + 3], phantom.rgb[..3]);
        }
    }
}

#[test]
fn profiles_are_applied_from_jpeg_and_png() {
    let phantom = phantom();
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let segment = [b"ICC_PROFILE\0\x01\x01".as_slice(), &p3].concat();
    let chunk = [b"P3\0\0".as_slice(), &compressed(&p3)].concat();
    let jpeg = phantom.to_jpeg(95);
    let plain = read(&jpeg).unwrap();
    let wide_jpeg = read(&with_segment(&jpeg, 0xE2, &segment)).unwrap();
    let wide_png = read(&with_chunk(&phantom.to_png(), b"iCCP", &chunk)).unwrap();
    // Skin gets redder in numbers when its primaries were wide.
    let red = |photo: &Photograph| photo.rgb.chunks_exact(3).map(|p| u64::from(p[0])).sum::<u64>();
    assert!(red(&wide_jpeg) > red(&plain));
    assert!(mean_difference(&wide_jpeg.rgb, &wide_png.rgb) < 3.0);
}

#[test]
fn a_profile_bomb_costs_nothing() {
    // 512 MiB of zeros in half a megabyte; the bound is 4 MiB.
    let bomb = [b"x\0\0".as_slice(), &compressed(&vec![0; 512 << 20])].concat();
    let phantom = phantom();
    let photo = read(&with_chunk(&phantom.to_png(), b"iCCP", &bomb)).unwrap();
    assert!(photo.rgb == phantom.rgb);
}

#[test]
fn names_do_not_matter_and_other_files_are_refused() {
    assert_eq!(read(&[]), Err(DecodeError::Empty));
    for bytes in [b"GIF89a".as_slice(), b"%PDF-1.7", b"PK\x03\x04", b"<svg>", b"BM notes", &[0; 64]] {
        assert_eq!(read(bytes), Err(DecodeError::UnsupportedFormat));
    }
}

#[test]
fn truncated_files_are_errors_and_never_half_a_picture() {
    let phantom = Phantom::render(&PhantomSpec { width: 320, height: 240, ..PhantomSpec::default() });
    let image = DynamicImage::ImageRgb8(rgb_image(&phantom));
    let mut progressive = Vec::new();
    let mut encoder = Encoder::new(&mut progressive, 90);
    encoder.set_progressive(true);
    encoder.encode(&phantom.rgb, 320, 240, ColorType::Rgb).unwrap();
    let mut files = vec![phantom.to_jpeg(90), progressive];
    for format in
        [image::ImageFormat::Png, image::ImageFormat::Tiff, image::ImageFormat::WebP, image::ImageFormat::Bmp]
    {
        files.push(saved(&image, format));
    }
    for file in files {
        assert!(read(&file).is_ok());
        for share in [0.02, 0.2, 0.5, 0.8, 0.97] {
            let end = (file.len() as f64 * share) as usize;
            assert_eq!(read(&file[..end]), Err(DecodeError::Corrupt), "{:?}", sniff(&file));
        }
    }
}

#[test]
fn caps_are_told_apart() {
    let phantom = phantom();
    let png = phantom.to_png();
    let limits = DecodeLimits { max_file_bytes: 100 };
    let too_large = DecodeError::FileTooLarge { bytes: png.len(), limit: 100 };
    assert_eq!(decode(&png, &limits), Err(too_large));
    // Sides in the header alone: nothing of that size is ever allocated.
    let mut jpeg = phantom.to_jpeg(90);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x40, 0x00, 0x40, 0x00]);
    let too_many = DecodeError::TooManyPixels { width: 16_384, height: 16_384 };
    assert_eq!(read(&jpeg), Err(too_many));
    let mut wide = png.clone();
    wide[16..20].copy_from_slice(&20_000u32.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&wide[12..29]);
    wide[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    let too_many = DecodeError::TooManyPixels { width: 20_000, height: 48 };
    assert_eq!(read(&wide), Err(too_many));
}

#[test]
fn scans_are_counted_before_decoding() {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_progressive(true);
    encoder.encode(&phantom().rgb, 64, 48, ColorType::Rgb).unwrap();
    let start = file.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let scan = file[start..file.len() - 2].to_vec();
    let body = file[..start].to_vec();
    let hostile = [body, scan.repeat(80), vec![0xFF, 0xD9]].concat();
    assert!(matches!(read(&hostile), Err(DecodeError::TooManyScans { scans }) if scans >= 80));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Mutated files of every format give a picture or an error, and never a panic.
    #[test]
    fn mutated_files_never_panic(
        which in 0usize..8,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = seeds()[which].clone();
        for (at, value) in &edits {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(photo) = read(&bytes) {
            prop_assert_eq!(photo.rgb.len(), photo.width as usize * photo.height as usize * 3);
        }
    }
}

/// One file of each kind, made once.
fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SEEDS.get_or_init(|| {
        let phantom = Phantom::render(&PhantomSpec { width: 40, height: 30, ..PhantomSpec::default() });
        let image = DynamicImage::ImageRgb8(rgb_image(&phantom));
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let icc = [b"ICC_PROFILE\0\x01\x01".as_slice(), &p3].concat();
        let orientation = [b"Exif\0\0".as_slice(), &exif(6)].concat();
        let chunk = [b"P3\0\0".as_slice(), &compressed(&p3)].concat();
        let jpeg = with_segment(&with_segment(&phantom.to_jpeg(80), 0xE2, &icc), 0xE1, &orientation);
        let mut progressive = Vec::new();
        let mut encoder = Encoder::new(&mut progressive, 80);
        encoder.set_progressive(true);
        encoder.encode(&phantom.rgb, 40, 30, ColorType::Rgb).unwrap();
        let mut inks = Vec::new();
        let ink = [90, 200, 30, 250].repeat(40 * 30);
        Encoder::new(&mut inks, 80).encode(&ink, 40, 30, ColorType::CmykAsYcck).unwrap();
        let mut alpha = Vec::new();
        image::codecs::png::PngEncoder::new(&mut alpha)
            .write_image(&[128; 40 * 30 * 4], 40, 30, image::ExtendedColorType::Rgba8)
            .unwrap();
        vec![
            jpeg,
            progressive,
            inks,
            with_chunk(&phantom.to_png(), b"iCCP", &chunk),
            alpha,
            saved(&image, image::ImageFormat::Tiff),
            saved(&image, image::ImageFormat::WebP),
            saved(&image, image::ImageFormat::Bmp),
        ]
    })
}
