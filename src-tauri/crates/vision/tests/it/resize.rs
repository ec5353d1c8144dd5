//! The preparation of the model's input against Pillow, see `tests/reference/pillow.py`.

use domain::image::ImageFormat;
use serde_json::json;
use vision::card::{Crop, InputSpec};
use vision::decode::{DecodeLimits, Photograph, decode};
use vision::preprocess::prepare;

/// The picture the reference drew.
pub fn picture(width: u32, height: u32) -> Photograph {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            for c in 0..3 {
                rgb.push(((x * x * 3 + y * 7 + c * 50 + x * y) / (4 + c) % 256) as u8);
            }
        }
    }
    Photograph::new(width, height, rgb, ImageFormat::Png).unwrap()
}

/// An input whose tensor holds the bytes themselves.
pub fn plain_input(side: u32) -> InputSpec {
    serde_json::from_value(json!({
        "name": "image", "width": side, "height": side, "layout": "nhwc", "channels": "rgb",
        "crop": "centre_square", "resample": "bilinear_antialias", "scale": 1.0,
        "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]
    }))
    .unwrap()
}

#[test]
fn the_centre_square_is_resized_as_pillow_does() {
    for (width, height, side) in [(97, 144, 32), (200, 150, 48), (61, 40, 64), (640, 480, 56), (33, 33, 33)] {
        let name = format!("pillow/{width}x{height}_{side}.png");
        let expected = std::fs::read(crate::fixture(&name)).unwrap();
        let expected = decode(&expected, &DecodeLimits::default()).unwrap();
        let prepared = prepare(&picture(width, height), &plain_input(side));
        let ours: Vec<u8> = prepared.values.iter().map(|&v| v as u8).collect();
        assert!(ours == expected.rgb, "{name}");
    }
}

#[test]
fn the_whole_picture_can_be_taken_instead() {
    let mut input = plain_input(20);
    input.crop = Crop::Whole;
    let prepared = prepare(&picture(60, 40), &input);
    assert_eq!((prepared.area.width, prepared.area.height), (60, 40));
    assert_eq!(prepared.values.len(), 20 * 20 * 3);
}
