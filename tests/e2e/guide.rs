//! Pictures of the guide: pieces of the screens that the flows pass, with what the flows put there.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use image::RgbImage;

/// Screen, the file in `docs/guide/pictures`, and what is cut out: x, y, width, height in pixels.
type Cut = (&'static str, &'static str, [u32; 4]);

const CUTS: [Cut; 15] = [
    ("04-recovery-sheet-light", "recovery-sheet.png", [340, 90, 760, 710]),
    ("08-patient-light", "window.png", [0, 0, 1440, 900]),
    ("10-result-light", "reading.jpg", [0, 145, 1440, 755]),
    ("19-report-draft-light", "report.jpg", [10, 100, 1420, 760]),
    ("25-security-light", "security.png", [190, 50, 1240, 720]),
    ("30-audit-light", "audit-trail.png", [20, 55, 1400, 610]),
    ("41-visit-light", "visit.png", [0, 45, 1440, 640]),
    ("43-placing-light", "body-map.png", [10, 210, 1090, 665]),
    ("47-follow-up-light", "follow-up.jpg", [10, 155, 1090, 480]),
    ("51-tray-light", "tray.jpg", [10, 150, 1090, 720]),
    ("53-ruler-light", "scale.jpg", [10, 140, 940, 500]),
    ("54-compared-light", "compare.jpg", [0, 105, 1440, 760]),
    ("58-decision-light", "decision.png", [940, 145, 490, 565]),
    ("74-article-light", "library.png", [10, 60, 1420, 810]),
    ("77-backup-light", "backup.png", [215, 50, 1215, 680]),
];

/// Cuts the screen for the guide, when the flows run with `LENTIGO_GUIDE=write`.
pub fn keep(screen: &str, png: &[u8]) {
    let Some((_, file, [x, y, width, height])) = CUTS.iter().find(|(name, ..)| *name == screen) else {
        return;
    };
    if std::env::var("LENTIGO_GUIDE").is_ok_and(|word| word == "write") {
        let folder = support::root().join("docs/guide/pictures");
        std::fs::create_dir_all(&folder).unwrap();
        let whole = image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap();
        write(&folder.join(file), &whole.crop_imm(*x, *y, *width, *height).into_rgb8());
    }
}

/// The program and the package both carry them, so they are small: photographs as JPEG, the rest in 256 colours.
fn write(path: &Path, cut: &RgbImage) {
    if path.extension().is_some_and(|kind| kind == "jpg") {
        write_jpeg(path, cut)
    } else {
        write_indexed(path, cut)
    }
}

fn write_jpeg(path: &Path, cut: &RgbImage) {
    let (width, height) = (cut.width().try_into().unwrap(), cut.height().try_into().unwrap());
    jpeg_encoder::Encoder::new_file(path, 85)
        .unwrap()
        .encode(cut, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
}

fn write_indexed(path: &Path, cut: &RgbImage) {
    let (palette, indexes) = in_few_colours(cut);
    let mut encoder = png::Encoder::new(File::create(path).unwrap(), cut.width(), cut.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    // Neighbours in a palette are no gradient.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&indexes).unwrap();
}

/// The 256 commonest colours as they are, and for every other one the nearest of them.
fn in_few_colours(cut: &RgbImage) -> (Vec<[u8; 3]>, Vec<u8>) {
    let mut counts: HashMap<[u8; 3], u32> = HashMap::new();
    for pixel in cut.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut palette: Vec<[u8; 3]> = counts.keys().copied().collect();
    palette.sort_by_key(|colour| (std::cmp::Reverse(counts[colour]), *colour));
    palette.truncate(256);
    let distance = |a: &[u8; 3], b: &[u8; 3]| -> u32 {
        a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let nearest = |colour: &[u8; 3]| -> u8 {
        (0..=255).zip(&palette).min_by_key(|(_, known)| distance(known, colour)).unwrap().0
    };
    let index: HashMap<_, u8> = counts.keys().map(|colour| (*colour, nearest(colour))).collect();
    let indexes = cut.pixels().map(|pixel| index[&pixel.0]).collect();
    (palette, indexes)
}
