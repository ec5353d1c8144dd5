//! Tiles have the right pixels at every level, and there are none outside.

use domain::image::ImageFormat;
use vision::Photograph;
use vision::decode::camera;
use vision::pyramid::{OutsideError, Pyramid, TILE_SIDE, Tile, TilePlace};

/// Every pixel tells its place, with fine grain over slow change.
fn photo(width: u32, height: u32) -> Photograph {
    let rgb = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| [(x * 7 + y * 3) as u8, ((x / 9) ^ (y / 5)) as u8, ((x + y) / 40) as u8])
        .collect();
    Photograph::new(width, height, rgb, ImageFormat::Jpeg).unwrap()
}

/// Means of two by two pixels, straight from the definition; the edge repeats itself.
fn halved(rgb: &[u8], from: (u32, u32)) -> (Vec<u8>, (u32, u32)) {
    let to = (from.0.div_ceil(2), from.1.div_ceil(2));
    let at = |x: u32, y: u32, channel: u32| {
        let (x, y) = (x.min(from.0 - 1), y.min(from.1 - 1));
        f64::from(rgb[((y * from.0 + x) * 3 + channel) as usize])
    };
    let mut out = Vec::new();
    for (y, x) in (0..to.1).flat_map(|y| (0..to.0).map(move |x| (2 * y, 2 * x))) {
        for c in 0..3 {
            let mean = (at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c)) / 4.0;
            out.push(mean.round() as u8);
        }
    }
    (out, to)
}

/// The tiles of a level put together again.
fn level(pyramid: &Pyramid, level: u32, (width, height): (u32, u32)) -> Vec<u8> {
    let mut rgb = vec![0; (width * height * 3) as usize];
    for row in 0..height.div_ceil(TILE_SIDE) {
        for column in 0..width.div_ceil(TILE_SIDE) {
            let tile = pyramid.tile(TilePlace { level, column, row }).unwrap();
            assert_eq!(tile.width, TILE_SIDE.min(width - column * TILE_SIDE));
            assert_eq!(tile.height, TILE_SIDE.min(height - row * TILE_SIDE));
            for (y, line) in tile.rgb.chunks_exact(tile.width as usize * 3).enumerate() {
                let start = ((row * TILE_SIDE + y as u32) * width + column * TILE_SIDE) as usize * 3;
                rgb[start..start + line.len()].copy_from_slice(line);
            }
        }
    }
    rgb
}

#[test]
fn tiles_of_every_level_make_up_the_photograph() {
    for size in [(1301, 777), (512, 512), (513, 40), (300, 1025)] {
        let original = photo(size.0, size.1);
        let (mut wanted, mut at) = (original.rgb.clone(), size);
        let pyramid = Pyramid::new(original);
        let sizes: Vec<_> = pyramid.sizes().collect();
        assert_eq!(sizes[0], size);
        for (index, &found) in sizes.iter().enumerate() {
            let shown = level(&pyramid, index as u32, found);
            if index == 0 {
                assert!(shown == wanted, "the first level is the photograph itself");
            } else {
                (wanted, at) = halved(&wanted, at);
                assert!(shown == wanted, "level {index} of {size:?}");
            }
            assert_eq!(found, at);
        }
        let last = sizes.last().unwrap();
        assert!(last.0.max(last.1) <= TILE_SIDE);
        assert_eq!(pyramid.bytes(), sizes.iter().map(|&(w, h)| (w * h * 3) as usize).sum::<usize>());
    }
}

#[test]
fn there_is_nothing_outside_the_photograph() {
    let pyramid = Pyramid::new(photo(1301, 777));
    let tile = |level, column, row| pyramid.tile(TilePlace { level, column, row }).map(drop);
    assert_eq!(tile(0, 2, 1), Ok(()));
    for (level, column, row) in [
        (0, 3, 0),
        (0, 0, 2),
        (1, 2, 0),
        (2, 1, 0),
        (3, 0, 0),
        (u32::MAX, 0, 0),
        (0, u32::MAX, 0),
        (0, 0, 1 << 23),
    ] {
        assert_eq!(tile(level, column, row), Err(OutsideError), "{level} {column} {row}");
    }
}

#[test]
fn a_tile_reads_back_from_its_file_to_the_pixel() {
    let pyramid = Pyramid::new(photo(701, 530));
    for place in [TilePlace { level: 0, column: 1, row: 1 }, TilePlace { level: 1, column: 0, row: 0 }] {
        let tile: Tile = pyramid.tile(place).unwrap();
        let read = vision::decode(&tile.bmp(), &Default::default()).unwrap();
        assert_eq!((read.width, read.height, read.format), (tile.width, tile.height, ImageFormat::Bmp));
        assert!(read.rgb == *tile.rgb);
    }
}

/// A TIFF block with Make inside its entry and Model outside it.
fn block() -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0\x02\0".to_vec();
    out.extend(b"\x0f\x01\x02\0\x04\0\0\0ABC\0");
    out.extend(b"\x10\x01\x02\0\x09\0\0\0\x26\0\0\0");
    out.extend([0; 4]);
    out.extend(b"DELTA 30\0");
    out
}

#[test]
fn a_photograph_names_its_camera() {
    let body = [b"Exif\0\0".as_slice(), &block()].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    let jpeg = [&b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xE1"[..], &length, &body, b"\xFF\xDA\0\x02"].concat();
    let found = camera(&jpeg);
    assert_eq!((found.make.as_str(), found.model.as_str()), ("ABC", "DELTA 30"));
    assert_eq!(camera(&block()), found);
    for end in 0..jpeg.len() {
        let _ = camera(&jpeg[..end]);
    }
    assert_eq!(camera(b"\xFF\xD8\xFF\xDA\0\x02"), Default::default());
    assert_eq!(camera(b""), Default::default());
}
