//! The unpacked archive of lesion photographs with outlines, for surveys that are asked for by name.

use std::path::{Path, PathBuf};
use vision::mask::Mask;
use vision::{DecodeLimits, Photograph, decode};

/// A photograph with its outline.
pub struct Row {
    pub source: String,
    pub label: String,
    image: PathBuf,
    mask: PathBuf,
}

impl Row {
    pub fn photograph(&self) -> Photograph {
        read(&self.image)
    }

    pub fn outline(&self) -> Mask {
        let picture = read(&self.mask);
        let grey: Vec<u8> = picture.rgb.iter().step_by(3).copied().collect();
        Mask::from_bytes(picture.width, picture.height, &grey).unwrap()
    }
}

pub fn read(path: &Path) -> Photograph {
    decode(&std::fs::read(path).unwrap(), &DecodeLimits::default()).unwrap()
}

/// The rows of `labels.csv` in the folder `LENTIGO_LESIONS` that have an outline. `LENTIGO_SPLIT` is
/// `val` unless set, `LENTIGO_EVERY` takes every n-th row.
pub fn rows() -> Vec<Row> {
    let folder = PathBuf::from(std::env::var("LENTIGO_LESIONS").expect("LENTIGO_LESIONS names a folder"));
    let split = std::env::var("LENTIGO_SPLIT").unwrap_or_else(|_| "val".to_owned());
    let every = std::env::var("LENTIGO_EVERY").map_or(1, |n| n.parse().unwrap());
    let table = std::fs::read_to_string(folder.join("labels.csv")).unwrap();
    let fields = table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let chosen = fields.filter(|f| f[11] == split && !f[12].is_empty());
    let row = |f: Vec<&str>| Row {
        source: f[1].to_owned(),
        label: f[6].to_owned(),
        image: folder.join(f[0]),
        mask: folder.join(f[12]),
    };
    chosen.map(row).step_by(every).collect()
}
