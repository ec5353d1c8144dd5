//! Colours against Little CMS (relative colorimetric, through Pillow's `ImageCms`), turns against Pillow's
//! `exif_transpose`. The profiles are written here byte by byte, so that both sides read the same.

use domain::image::ImageFormat;
use image::{DynamicImage, ImageEncoder, RgbImage};
use std::io::Cursor;
use vision::decode::{DecodeLimits, Photograph, decode};

fn read(bytes: &[u8]) -> Photograph {
    decode(bytes, &DecodeLimits::default()).unwrap()
}

fn fixed(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| ((value * 65_536.0).round() as i32).to_be_bytes()).collect()
}

fn tag(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [kind.as_slice(), &[0; 4], body].concat()
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    tag(b"XYZ ", &fixed(&values))
}

/// A power curve, its exponent in 256ths.
fn gamma(exponent: u16) -> Vec<u8> {
    tag(b"curv", &[&1_u32.to_be_bytes()[..], &exponent.to_be_bytes(), &[0; 2]].concat())
}

/// The curve of sRGB (IEC 61966-2-1).
fn srgb_curve() -> Vec<u8> {
    let parts = fixed(&[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
    tag(b"para", &[&[0, 3, 0, 0][..], &parts].concat())
}

/// An ICC profile of version 2.4 with D50 as its white.
fn profile(class: &[u8; 4], space: &[u8; 4], connection: &[u8; 4], own: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];
    let name = [&5_u32.to_be_bytes()[..], b"test\0", &[0; 79]].concat();
    let common: [(&[u8; 4], Vec<u8>); 3] =
        [(b"desc", tag(b"desc", &name)), (b"cprt", tag(b"text", b"test\0")), (b"wtpt", xyz(WHITE))];
    let tags: Vec<_> = common.iter().chain(own).collect();
    let mut table = u32::try_from(tags.len()).unwrap().to_be_bytes().to_vec();
    let mut body = Vec::new();
    for (name, data) in &tags {
        let at = 128 + 4 + 12 * tags.len() + body.len();
        table.extend_from_slice(*name);
        table.extend(u32::try_from(at).unwrap().to_be_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(4), 0);
        let length = 128 + 4 + 12 * tags.len() + body.len() - at;
        table.extend(u32::try_from(length).unwrap().to_be_bytes());
    }
    let size = u32::try_from(128 + table.len() + body.len()).unwrap().to_be_bytes();
    let mut head = [&size[..], &[0; 4], &[2, 0x40, 0, 0], class, space, connection].concat();
    for part in [2026_u16, 1, 1, 0, 0, 0] {
        head.extend(part.to_be_bytes());
    }
    head.extend_from_slice(b"acsp");
    head.resize(68, 0);
    head.extend(fixed(&WHITE));
    head.resize(128, 0);
    [head, table, body].concat()
}

fn matrix(primaries: [[f64; 3]; 3], curve: &dyn Fn() -> Vec<u8>) -> Vec<u8> {
    let [red, green, blue] = primaries.map(xyz);
    let own: [(&[u8; 4], Vec<u8>); 6] = [
        (b"rXYZ", red),
        (b"gXYZ", green),
        (b"bXYZ", blue),
        (b"rTRC", curve()),
        (b"gTRC", curve()),
        (b"bTRC", curve()),
    ];
    profile(b"mntr", b"RGB ", b"XYZ ", &own)
}

/// Inks by a made-up but plausible table of nine steps an ink.
fn inks() -> Vec<u8> {
    let mut table = b"\x04\x03\x09\x00".to_vec();
    table.extend(fixed(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]));
    let straight: Vec<u8> = (0..=255).collect();
    for _ in 0..4 {
        table.extend(&straight);
    }
    for step in 0..6561_u32 {
        let ink = |place: u32| f64::from(step / 9_u32.pow(3 - place) % 9) / 8.0;
        let (c, m, y, k) = (ink(0), ink(1), ink(2), ink(3));
        let light = 100.0 * (1.0 - 0.85 * k) * (1.0 - 0.35 * c) * (1.0 - 0.5 * m) * (1.0 - 0.07 * y);
        let a = (-37.0 * c + 74.0 * m - 5.0 * y) * (1.0 - k);
        let b = (-50.0 * c - 3.0 * m + 93.0 * y) * (1.0 - k);
        table.extend(
            [light * 2.55, a + 128.0, b + 128.0].map(|v| v.round_ties_even().clamp(0.0, 255.0) as u8),
        );
    }
    for _ in 0..3 {
        table.extend(&straight);
    }
    profile(b"prtr", b"CMYK", b"Lab ", &[(b"A2B0", tag(b"mft1", &table))])
}

const COLOURS: [[u8; 3]; 8] = [
    [200, 150, 120],
    [90, 60, 50],
    [180, 90, 95],
    [64, 128, 192],
    [255, 255, 255],
    [0, 0, 0],
    [128, 128, 128],
    [230, 190, 170],
];

/// Each colour as a square of 8 pixels, in a PNG with a profile.
fn png(pixels: &[u8], colour: image::ExtendedColorType, profile: Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut out);
    encoder.set_icc_profile(profile).unwrap();
    encoder.write_image(pixels, 8, 1, colour).unwrap();
    out
}

fn close(photo: &Photograph, wanted: &[[u8; 3]], least: u8, name: &str) {
    for (place, (got, want)) in photo.rgb.chunks_exact(3).zip(wanted).enumerate() {
        let apart = got.iter().zip(want).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(apart <= least, "{name} {place}: {got:?} for {want:?}");
    }
}

#[test]
fn wide_gamuts_become_srgb_as_little_cms_makes_them() {
    let adobe = matrix(
        [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]],
        &|| gamma(563),
    );
    let p3 = matrix(
        [[0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407]],
        &srgb_curve,
    );
    let pixels: Vec<u8> = COLOURS.concat();
    let from_adobe = [
        [217, 151, 119],
        [99, 57, 46],
        [205, 90, 95],
        [0, 129, 196],
        [255, 255, 255],
        [0, 0, 0],
        [129, 129, 129],
        [244, 191, 171],
    ];
    let from_p3 = [
        [209, 147, 115],
        [95, 58, 48],
        [193, 83, 93],
        [32, 130, 197],
        [255, 255, 255],
        [0, 0, 0],
        [128, 128, 128],
        [238, 188, 167],
    ];
    for (name, profile, wanted) in [("Adobe RGB", adobe, from_adobe), ("Display P3", p3, from_p3)] {
        close(&read(&png(&pixels, image::ExtendedColorType::Rgb8, profile)), &wanted, 2, name);
    }
}

#[test]
fn grey_with_a_curve_becomes_srgb_as_little_cms_makes_it() {
    let grey = profile(b"mntr", b"GRAY", b"XYZ ", &[(b"kTRC", gamma(461))]);
    let wanted = [0, 20, 81, 119, 146, 176, 210, 255].map(|level| [level; 3]);
    let photo = read(&png(&[0, 16, 64, 100, 128, 160, 200, 255], image::ExtendedColorType::L8, grey));
    close(&photo, &wanted, 2, "grey of gamma 1.8");
}

#[test]
fn inks_with_a_profile_become_srgb_as_little_cms_makes_them() {
    // 8 by 8 pixels an ink, so that neither blocks nor chroma of neighbours mix.
    let ink: [[u8; 4]; 8] = [
        [0, 0, 0, 0],
        [255, 0, 0, 0],
        [0, 255, 0, 0],
        [0, 0, 255, 0],
        [0, 0, 0, 255],
        [60, 100, 120, 20],
        [20, 90, 100, 0],
        [128, 128, 128, 0],
    ];
    let wanted = [
        [255, 255, 255],
        [0, 178, 247],
        [223, 28, 128],
        [255, 235, 0],
        [37, 37, 37],
        [202, 150, 112],
        [243, 177, 135],
        [179, 132, 109],
    ];
    let row: Vec<u8> = ink.iter().flat_map(|one| one.repeat(8)).collect();
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 100);
    encoder.add_icc_profile(&inks()).unwrap();
    encoder.encode(&row.repeat(8), 64, 8, jpeg_encoder::ColorType::Cmyk).unwrap();
    let photo = read(&out);
    let middles: Vec<u8> = (0..8).flat_map(|i| photo.rgb[(3 * 64 + i * 8 + 4) * 3..][..3].to_vec()).collect();
    let photo = Photograph::new(8, 1, middles, ImageFormat::Jpeg).unwrap();
    // Pure inks lie outside sRGB, where the two clip a little differently.
    close(&photo, &wanted, 8, "inks");
}

#[test]
fn sixteen_bits_are_rounded_and_not_cut() {
    let levels: [u16; 9] = [0, 128, 129, 257, 385, 386, 32_896, 65_406, 65_407];
    let pixels: Vec<u16> = levels.iter().flat_map(|&level| [level; 3]).collect();
    let picture = image::ImageBuffer::<image::Rgb<u16>, _>::from_raw(9, 1, pixels).unwrap();
    for format in [image::ImageFormat::Png, image::ImageFormat::Tiff] {
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageRgb16(picture.clone()).write_to(&mut out, format).unwrap();
        let reds: Vec<u8> = read(&out.into_inner()).rgb.chunks_exact(3).map(|p| p[0]).collect();
        let wanted: Vec<u8> = levels.map(|level| (f64::from(level) / 257.0).round() as u8).to_vec();
        assert_eq!(reds, wanted, "{format:?}");
    }
}

#[test]
fn all_eight_turns_are_those_of_pillow() {
    let table: [(u16, (u32, u32), [u8; 6]); 8] = [
        (1, (3, 2), [0, 1, 2, 3, 4, 5]),
        (2, (3, 2), [2, 1, 0, 5, 4, 3]),
        (3, (3, 2), [5, 4, 3, 2, 1, 0]),
        (4, (3, 2), [3, 4, 5, 0, 1, 2]),
        (5, (2, 3), [0, 3, 1, 4, 2, 5]),
        (6, (2, 3), [3, 0, 4, 1, 5, 2]),
        (7, (2, 3), [5, 2, 4, 1, 3, 0]),
        (8, (2, 3), [2, 5, 1, 4, 0, 3]),
    ];
    let stored = RgbImage::from_fn(3, 2, |x, y| image::Rgb([(y * 3 + x) as u8; 3]));
    for (value, size, wanted) in table {
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend(value.to_le_bytes());
        exif.extend([0; 6]);
        let mut out = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut out);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.write_image(stored.as_raw(), 3, 2, image::ExtendedColorType::Rgb8).unwrap();
        let photo = read(&out);
        let reds: Vec<u8> = photo.rgb.chunks_exact(3).map(|p| p[0]).collect();
        assert_eq!(((photo.width, photo.height), reds.as_slice()), (size, wanted.as_slice()), "{value}");
    }
}
