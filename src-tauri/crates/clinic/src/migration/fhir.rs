//! A bundle of FHIR R4 from another program: patients, lesions, photographs, and what else is understood. The rest
//! is counted by its type and never passed over in silence.

mod lesion;
mod patient;
mod resource;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use serde_json::Value;
use vision::decode::MAX_FILE_BYTES;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode, Result};
use crate::views::{ImportKind, ImportLeft, ImportMapping, ImportSource};

use super::archive::{Chosen, LARGEST_TEXT, Packed};
use super::row::Row;
use super::source::name_of;
use super::state::number;
use super::unreadable;
use patient::Told;
use resource::{kind, reference};

/// Where our own archive, and those of others, keep the bundle.
const BUNDLE: &str = "bundle.json";
/// Most entries of a bundle.
const MOST_ENTRIES: usize = 200_000;

pub(super) struct FhirSource {
    name: String,
    people: Vec<Told>,
    left: BTreeMap<String, u64>,
    archive: Option<Packed>,
    mapping: ImportMapping,
}

impl FhirSource {
    /// # Errors
    /// `import_unreadable` with `empty`, `archive`, `not_json`, `not_a_bundle`, `header_only`, `too_many_rows` or
    /// `too_large`; `passphrase_wrong`, `file_gone`, `file_denied`.
    pub fn open(path: &Path, passphrase: Option<Zeroizing<String>>) -> Result<Self> {
        let (bytes, archive) = match Chosen::open(path, passphrase)? {
            Chosen::Plain(bytes) => (bytes, None),
            Chosen::Packed(mut packed) => {
                let bundle = packed.read(BUNDLE, LARGEST_TEXT)?.ok_or_else(|| unreadable("not_a_bundle"))?;
                (bundle, Some(packed))
            }
        };
        Self::of(name_of(path), &bytes, archive)
    }

    fn of(name: String, bytes: &[u8], archive: Option<Packed>) -> Result<Self> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(unreadable("empty"));
        }
        let mut bundle: Value = serde_json::from_slice(bytes).map_err(|_| unreadable("not_json"))?;
        if bundle["resourceType"] != "Bundle" {
            return Err(unreadable("not_a_bundle"));
        }
        let Value::Array(entries) = bundle["entry"].take() else { return Err(unreadable("header_only")) };
        if entries.len() > MOST_ENTRIES {
            return Err(unreadable("too_many_rows"));
        }
        let (people, left) = sorted(entries);
        if people.is_empty() {
            return Err(unreadable("header_only"));
        }
        Ok(Self { name, people, left, archive, mapping: ImportMapping::default() })
    }

    pub fn view(&self) -> ImportSource {
        let left = self.left.iter().map(|(what, count)| ImportLeft {
            what: what.clone(),
            count: u32::try_from(*count).unwrap_or(u32::MAX),
        });
        ImportSource {
            kind: ImportKind::Fhir,
            name: self.name.clone(),
            clinic: None,
            made_at: None,
            tables: Vec::new(),
            people: number(self.people.len()),
            photographs: self.people.iter().map(Told::photographs).sum(),
            left: left.collect(),
        }
    }

    pub const fn mapping(&self) -> &ImportMapping {
        &self.mapping
    }

    /// Of a mapping, the consents that are on file are all there is to say.
    pub fn map(&mut self, mapping: &ImportMapping) -> bool {
        let other = self.mapping.consents_on_file != mapping.consents_on_file;
        self.mapping.consents_on_file = mapping.consents_on_file;
        other
    }

    pub fn rows(&self, today: Date) -> Vec<Row> {
        let on_file = self.mapping.consents_on_file;
        self.people.iter().map(|told| told.row(today, on_file)).collect()
    }

    /// A file of the archive beside the bundle.
    ///
    /// # Errors
    /// `file_gone` where there is none, `image_unreadable`, `image_too_large`.
    pub fn entry(&mut self, name: &str) -> Result<Vec<u8>> {
        let found = super::clinic_export::ClinicExport::file(&mut self.archive, name)?;
        found.map(|bytes| bytes.to_vec()).ok_or_else(|| ErrorCode::FileGone.into())
    }
}

/// A bundle, read to its rows.
#[cfg(feature = "fuzzing")]
#[must_use]
pub fn fuzzed(bytes: &[u8]) -> bool {
    let Ok(source) = FhirSource::of(String::new(), bytes, None) else { return false };
    let _ = source.view();
    !source.rows(jiff::civil::date(2026, 1, 1)).is_empty()
}

/// The bytes of an attachment.
///
/// # Errors
/// `image_too_large`, `image_unreadable`.
pub(super) fn decoded(data: &str) -> Result<Vec<u8>> {
    if data.len() / 4 * 3 > MAX_FILE_BYTES {
        let details = serde_json::json!({ "limit_bytes": MAX_FILE_BYTES });
        return Err(Error::with(ErrorCode::ImageTooLarge, details));
    }
    let plain: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(plain).map_err(|_| ErrorCode::ImageUnreadable.into())
}

/// People with what is said of them; everything else by its type.
fn sorted(entries: Vec<Value>) -> (Vec<Told>, BTreeMap<String, u64>) {
    let mut people: Vec<Told> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut others = Vec::new();
    for mut entry in entries {
        let full_url = entry["fullUrl"].as_str().map(str::to_owned);
        let resource = entry.get_mut("resource").map(Value::take).unwrap_or_default();
        if kind(&resource) != "Patient" {
            others.push((full_url, resource));
            continue;
        }
        let place = people.len();
        names.extend(full_url.map(|url| (url, place)));
        names.extend(resource["id"].as_str().map(|id| (format!("Patient/{id}"), place)));
        people.push(Told::of(resource));
    }
    let mut structures: HashMap<String, (usize, usize)> = HashMap::new();
    let mut left = BTreeMap::new();
    // Lesions first: photographs name them.
    others.sort_by_key(|(_, resource)| kind(resource) != "BodyStructure");
    for (full_url, resource) in others {
        let kind = kind(&resource).to_owned();
        let person = ["subject", "patient", "individual"]
            .iter()
            .find_map(|field| names.get(reference(&resource[*field])?))
            .copied();
        let understood = match (person, kind.as_str()) {
            (Some(person), "BodyStructure") => {
                let place = people[person].add_lesion(&resource);
                structures.extend(full_url.map(|url| (url, (person, place))));
                let id = resource["id"].as_str();
                structures.extend(id.map(|id| (format!("BodyStructure/{id}"), (person, place))));
                true
            }
            (Some(person), "Media") => {
                let lesion = lesion::named_by(&resource).and_then(|name| structures.get(name));
                let lesion = lesion.filter(|(owner, _)| *owner == person).map(|(_, lesion)| *lesion);
                people[person].add_photograph(resource, lesion)
            }
            (Some(person), "Observation") => people[person].add_observation(&resource),
            (Some(person), "Condition") => people[person].add_condition(&resource),
            (Some(person), "Flag") => people[person].add_flag(&resource),
            (Some(person), "Consent") => people[person].add_consent(&resource),
            _ => false,
        };
        if !understood {
            let what = if kind.is_empty() { "?".to_owned() } else { kind.chars().take(40).collect() };
            *left.entry(what).or_default() += 1;
        }
    }
    (people, left)
}
