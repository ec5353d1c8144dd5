//! A folder of older records: tables of patients and lesions, and photographs.

mod columns;
mod dates;
mod files;
mod reading;
mod table;
mod text;
mod words;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use jiff::civil::Date;

use crate::error::Result;
use crate::offers::files::reason;
use crate::views::{DateOrder, ImportField, ImportKind, ImportMapping, ImportSource};

use super::row::Row;
use super::source::name_of;
use super::state::number;
use super::unreadable;
use files::Photographs;
use table::Table;

const PATIENTS: &str = "patients.csv";
const LESIONS: &str = "lesions.csv";
/// Largest table.
const LARGEST_TABLE: u64 = 128 << 20;

pub(super) struct FolderSource {
    name: String,
    patients: Table,
    lesions: Option<Table>,
    photographs: Photographs,
    mapping: ImportMapping,
    today: Date,
}

impl FolderSource {
    /// # Errors
    /// `import_unreadable` with `no_table`, `empty`, `header_only`, `too_many_rows` or `too_large`; `file_gone`,
    /// `file_denied`.
    pub fn open(path: &Path, today: Date) -> Result<Self> {
        let patients = table(path, PATIENTS)?.ok_or_else(|| unreadable("no_table"))?;
        let lesions = table(path, LESIONS)?;
        Ok(Self::of(name_of(path), patients, lesions, Photographs::below(path)?, today))
    }

    fn of(
        name: String,
        patients: Table,
        lesions: Option<Table>,
        photographs: Photographs,
        today: Date,
    ) -> Self {
        let proposed = columns::proposed(&patients.header, false);
        let of_lesions = lesions.as_ref().map(|table| columns::proposed(&table.header, true));
        let mut source = Self {
            name,
            patients,
            lesions,
            photographs,
            mapping: ImportMapping {
                tables: std::iter::once(proposed).chain(of_lesions).collect(),
                dates: None,
                consents_on_file: false,
            },
            today,
        };
        if let [order] = source.date_orders()[..] {
            source.mapping.dates = Some(order);
        }
        source
    }

    pub fn view(&self) -> ImportSource {
        ImportSource {
            kind: ImportKind::Folder,
            name: self.name.clone(),
            clinic: None,
            made_at: None,
            tables: self.tables().map(Table::view).collect(),
            people: number(self.patients.lines.len()),
            photographs: number(self.photographs.count()),
            left: Vec::new(),
        }
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        std::iter::once(&self.patients).chain(&self.lesions)
    }

    pub const fn mapping(&self) -> &ImportMapping {
        &self.mapping
    }

    /// The orders in which the column of births can be read.
    pub fn date_orders(&self) -> Vec<DateOrder> {
        let columns = self.mapping.tables.first();
        let column = columns
            .and_then(|columns| columns.iter().position(|field| *field == Some(ImportField::DateOfBirth)));
        let Some(column) = column else { return Vec::new() };
        let cells = self.patients.lines.iter().filter_map(|line| line.cells.get(column));
        dates::orders(cells.map(String::as_str), self.today)
    }

    /// # Errors
    /// `invalid_input`.
    pub fn map(&mut self, mapping: &ImportMapping) -> Result<bool> {
        let before = std::mem::replace(&mut self.mapping, mapping.clone());
        let widths: Vec<usize> = self.tables().map(|table| table.header.len()).collect();
        let lesions = self.lesions.as_ref().map(|_| 1);
        let orders = self.date_orders();
        if let Err(error) = columns::check(mapping, &widths, lesions, &orders) {
            self.mapping = before;
            return Err(error);
        }
        if self.mapping.dates.is_none() {
            self.mapping.dates = orders.first().copied();
        }
        Ok(self.mapping != before)
    }

    pub fn rows(&self, today: Date) -> Vec<Row> {
        reading::rows(self, today)
    }

    /// # Errors
    /// `file_gone`, `file_denied`.
    pub fn still_holds(&self, path: &Path) -> Result<()> {
        self.photographs.still_holds(path)
    }
}

/// A table of patients that is a table of lesions as well, read to its rows.
#[cfg(feature = "fuzzing")]
#[must_use]
pub fn fuzzed(bytes: &[u8]) -> bool {
    let read = || Table::read(PATIENTS, bytes);
    let (Ok(patients), Ok(lesions)) = (read(), read()) else { return false };
    let today = jiff::civil::date(2026, 1, 1);
    let source = FolderSource::of(String::new(), patients, Some(lesions), Photographs::default(), today);
    let _ = source.view();
    !source.rows(today).is_empty()
}

/// A table of the folder; nothing where it has none of that name, whatever its case.
fn table(folder: &Path, name: &str) -> Result<Option<Table>> {
    let entries = fs::read_dir(folder).map_err(reason)?;
    let found = entries
        .filter_map(std::result::Result::ok)
        .find(|entry| entry.file_name().to_string_lossy().eq_ignore_ascii_case(name));
    let Some(entry) = found else { return Ok(None) };
    // What the folder says of the entry itself: a link is not followed.
    let about = entry.metadata().map_err(reason)?;
    if !about.is_file() {
        return Err(reason(ErrorKind::NotFound.into()));
    }
    if about.len() > LARGEST_TABLE {
        return Err(unreadable("too_large"));
    }
    let bytes = fs::read(entry.path()).map_err(reason)?;
    Table::read(name, &bytes).map(Some)
}
