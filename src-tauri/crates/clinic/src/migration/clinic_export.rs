//! The records of a whole clinic, as Lentigo exports them.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use records::tables::TableRow;
use records::transfer::{self, Arrivals, Parcel};
use serde::Deserialize;
use vision::decode::MAX_FILE_BYTES;
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Result};
use crate::exchange::tables::{SCHEMA, VERSION, WHOLE};
use crate::views::{ImportKind, ImportLeft, ImportSource};

use super::archive::{Chosen, LARGEST_TEXT, Packed};
use super::source::name_of;
use super::state::number;
use super::unreadable;

pub(super) struct ClinicExport {
    name: String,
    clinic: String,
    made_at: Timestamp,
    pub arrivals: Arrivals,
    archive: Option<Packed>,
}

/// What every version says in the same place.
#[derive(Deserialize)]
struct Head {
    schema: String,
    version: u32,
}

#[derive(Deserialize)]
struct Whole {
    made_at: Timestamp,
    clinic: ClinicName,
    #[serde(default)]
    withheld_readings: u64,
    tables: BTreeMap<String, Vec<TableRow>>,
}

#[derive(Deserialize)]
struct ClinicName {
    name: String,
}

impl ClinicExport {
    /// # Errors
    /// `import_unreadable` with `empty`, `archive`, `no_clinic_file`, `not_json`, `not_ours`, `newer_version` or
    /// `too_large`; `passphrase_wrong`, `file_gone`, `file_denied`.
    pub fn open(path: &Path, passphrase: Option<Zeroizing<String>>) -> Result<Self> {
        let (bytes, archive) = match Chosen::open(path, passphrase)? {
            Chosen::Plain(bytes) => (bytes, None),
            Chosen::Packed(mut packed) => {
                let whole = packed.read(WHOLE, LARGEST_TEXT)?.ok_or_else(|| unreadable("no_clinic_file"))?;
                (whole, Some(packed))
            }
        };
        let whole = whole(&bytes)?;
        let mut arrivals = transfer::sorted(whole.tables);
        if whole.withheld_readings > 0 {
            arrivals.left.insert("withheld_readings".to_owned(), whole.withheld_readings);
        }
        if arrivals.parcels.is_empty() {
            return Err(unreadable("header_only"));
        }
        Ok(Self { name: name_of(path), clinic: whole.clinic.name, made_at: whole.made_at, arrivals, archive })
    }

    pub fn view(&self) -> ImportSource {
        let left = self.arrivals.left.iter().map(|(what, count)| ImportLeft {
            what: what.clone(),
            count: u32::try_from(*count).unwrap_or(u32::MAX),
        });
        ImportSource {
            kind: ImportKind::Clinic,
            name: self.name.clone(),
            clinic: Some(self.clinic.clone()),
            made_at: Some(self.made_at),
            tables: Vec::new(),
            people: number(self.arrivals.parcels.len()),
            photographs: number(self.archive.as_ref().map_or(0, |archive| archive.count_in("photographs/"))),
            left: left.collect(),
        }
    }

    /// Photographs of a parcel whose files did not come along.
    pub fn missing(&self, parcel: &Parcel) -> usize {
        let here = |path: &str| self.archive.as_ref().is_some_and(|archive| archive.holds(path));
        parcel.photographs().filter(|photograph| !here(&photograph.path)).count()
    }

    /// A file of the export; nothing where it did not come along.
    ///
    /// # Errors
    /// `image_too_large`, `image_unreadable` for an entry that is damaged, `passphrase_wrong`.
    pub fn file(archive: &mut Option<Packed>, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(packed) = archive else { return Ok(None) };
        packed.read(path, MAX_FILE_BYTES as u64).map_err(|error| match error.code {
            ErrorCode::ImportUnreadable if error.details["reason"] == "too_large" => {
                ErrorCode::ImageTooLarge.into()
            }
            ErrorCode::ImportUnreadable => ErrorCode::ImageUnreadable.into(),
            _ => error,
        })
    }

    /// The people, and the archive with their photographs.
    pub fn parts(&mut self) -> (&Arrivals, &mut Option<Packed>) {
        (&self.arrivals, &mut self.archive)
    }
}

fn whole(bytes: &[u8]) -> Result<Whole> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(unreadable("empty"));
    }
    let syntax = |error: serde_json::Error| unreadable(if error.is_data() { "not_ours" } else { "not_json" });
    let head: Head = serde_json::from_slice(bytes).map_err(syntax)?;
    if head.schema != SCHEMA {
        return Err(unreadable("not_ours"));
    }
    if head.version > VERSION {
        return Err(unreadable("newer_version"));
    }
    serde_json::from_slice(bytes).map_err(syntax)
}
