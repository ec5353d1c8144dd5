//! The labelled lesions of the `val` split.

use std::path::{Path, PathBuf};

use support::SharedLesions;
use vision::mask::Mask;
use vision::{DecodeLimits, Photograph, decode};

/// Whole frames of HAM10000, where most of the training pictures come from.
pub const IN_DOMAIN: &str = "ham10000";
/// Sharper centre squares of the same lesions; never counted together with the frames.
pub const CROPS: &str = "ham10000_crop";
pub const OTHER_SOURCE: &str = "isic2017";

pub struct Lesions {
    pub rows: Vec<Row>,
    /// Holds the unpacked files as long as the rows are read.
    _archive: SharedLesions,
}

pub struct Row {
    pub source: String,
    pub label: String,
    image: PathBuf,
    outline: Option<PathBuf>,
}

impl Lesions {
    /// Nothing where the photographs are not at hand.
    pub fn of_val() -> Option<Self> {
        let archive = SharedLesions::at_hand()?;
        let folder = std::env::var_os("LENTIGO_LESIONS")
            .map_or_else(|| support::root().join("../shared/lesions"), PathBuf::from);
        let mut reader = csv::Reader::from_path(folder.join("labels.csv")).expect("labels.csv");
        let names = reader.headers().expect("a first line").clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let field = |row: &csv::StringRecord, name: &str| {
            let column = names.iter().position(|n| n == name).expect("a column of labels.csv");
            row[column].to_owned()
        };
        let val: Vec<_> = rows.iter().filter(|row| field(row, "split") == "val").collect();
        let files: Vec<String> = val
            .iter()
            .flat_map(|row| [field(row, "file"), field(row, "mask")])
            .filter(|file| !file.is_empty())
            .collect();
        let folder = archive.unpack(&files.iter().map(String::as_str).collect::<Vec<_>>()).to_path_buf();
        let rows = val
            .iter()
            .map(|row| Row {
                source: field(row, "source"),
                label: field(row, "label"),
                image: folder.join(field(row, "file")),
                outline: Some(field(row, "mask")).filter(|mask| !mask.is_empty()).map(|m| folder.join(m)),
            })
            .collect();
        Some(Self { rows, _archive: archive })
    }

    pub fn of(&self, source: &str) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.source == source).collect()
    }
}

impl Row {
    pub fn photograph(&self) -> Photograph {
        picture(&self.image)
    }

    /// The outline that people drew or checked; as large as the photograph.
    pub fn outline(&self) -> Option<Mask> {
        let picture = picture(self.outline.as_ref()?);
        let grey: Vec<u8> = picture.rgb.iter().step_by(3).copied().collect();
        Mask::from_bytes(picture.width, picture.height, &grey).ok()
    }
}

fn picture(path: &Path) -> Photograph {
    let bytes = std::fs::read(path).expect("an unpacked file");
    decode(&bytes, &DecodeLimits::default()).expect("a picture")
}
