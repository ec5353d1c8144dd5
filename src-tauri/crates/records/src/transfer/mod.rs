//! Records of another database on their way in: what [`tables::everything`](crate::tables::everything) told there,
//! sorted by person and written as it was.
//!
//! A person arrives whole or not at all, with everything that was said of them, under the identities of the other
//! database. What is written is read back by the ordinary readers before it counts, since the file may have been
//! changed by anybody.

mod admission;
mod cells;
mod nouns;
mod reading_back;
mod sorting;
mod staff;

use std::collections::BTreeMap;

use domain::{ImageId, PatientId};
use jiff::civil::Date;

use crate::files::SealedFile;
use crate::images::Rendition;
use crate::tables::TableRow;

pub use admission::{Admitted, Standing, admit, complete, standing};
pub use sorting::sorted;
pub use staff::{Staff, admit_staff};

/// Everything of one person: the record that stands, and those that were merged into it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parcel {
    /// The record that stands comes first.
    patients: Vec<PatientId>,
    /// By table, in the order of [`nouns::NOUNS`].
    rows: Vec<Vec<TableRow>>,
}

/// Who a parcel is about, as far as its row says so in the right form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: Option<Date>,
}

/// A photograph that a parcel speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    pub id: ImageId,
    /// Folder and name in the export.
    pub path: String,
    pub sha256: String,
    pub width: u64,
    pub height: u64,
}

/// The sealed files of a photograph that arrived.
pub type Photographed = (ImageId, Vec<(Rendition, SealedFile)>);

/// Sealed explanations and outlines by folder and name in the export.
pub type Drawn = BTreeMap<String, SealedFile>;

impl Parcel {
    #[must_use]
    pub fn patients(&self) -> &[PatientId] {
        &self.patients
    }

    fn of(&self, table: &str) -> &[TableRow] {
        nouns::place(table).and_then(|place| self.rows.get(place)).map_or(&[], Vec::as_slice)
    }

    /// Rows of a table.
    #[must_use]
    pub fn count(&self, table: &str) -> usize {
        self.of(table).len()
    }

    #[must_use]
    pub fn addressee(&self) -> Addressee {
        let row = self.of("patients").first();
        let text = |column: &str| {
            row.and_then(|row| row.get(column))
                .and_then(|value| value.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        Addressee {
            number: text("number"),
            family_name: text("family_name"),
            given_names: text("given_names"),
            date_of_birth: text("date_of_birth").parse().ok(),
        }
    }

    /// Photographs that are said to belong to the person. One that is not named in the right form is left out
    /// here, and refused when the parcel is admitted.
    pub fn photographs(&self) -> impl Iterator<Item = Announced> {
        self.of("images").iter().filter_map(|row| {
            let number = |column: &str| row.get(column).and_then(serde_json::Value::as_u64).unwrap_or(0);
            Some(Announced {
                id: row.get("id")?.as_str()?.parse().ok()?,
                path: crate::tables::photograph_path(row)?,
                sha256: row.get("sha256")?.as_str()?.to_owned(),
                width: number("width"),
                height: number("height"),
            })
        })
    }

    /// Explanations and outlines: folder and name in the export, and the purpose word of the picture.
    pub fn drawings(&self) -> impl Iterator<Item = (String, String)> {
        let explanations = self.of("analysis_files").iter().filter_map(|row| {
            let kind = row.get("kind")?.as_str()?.to_owned();
            Some((crate::tables::explanation_path(row)?, kind))
        });
        let outlines = self
            .of("analysis_outlines")
            .iter()
            .filter_map(|row| Some((crate::tables::outline_path(row)?, crate::outlines::PURPOSE.to_owned())));
        explanations.chain(outlines)
    }
}

/// What a file of tables holds, sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrivals {
    pub staff: Staff,
    /// In the order of the file.
    pub parcels: Vec<Parcel>,
    /// Rows that stay outside, by table: nothing here takes them, or they belong to nobody in the file.
    pub left: BTreeMap<String, u64>,
}
