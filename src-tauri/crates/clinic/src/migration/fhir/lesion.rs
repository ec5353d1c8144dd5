//! Lesions and the photographs that name them.

use domain::lesion::{BodySite, Laterality, LesionDetails};
use serde_json::Value;

use super::resource::{has_code, items, reference, said};

const LABEL: usize = 60;
const NOTE: usize = 2_000;

/// The lesion that a photograph says it shows, by the extension of R4 for a body structure, or plainly.
pub(super) fn named_by(media: &Value) -> Option<&str> {
    let site = &media["bodySite"];
    let extended = items(&site["extension"]).find_map(|extension| reference(&extension["valueReference"]));
    extended.or_else(|| reference(site))
}

/// `place` is its number among the lesions of the patient, from 1.
pub(super) fn details(structure: &Value, place: usize) -> LesionDetails {
    let named = items(&structure["identifier"]).find_map(|identifier| {
        let uid = identifier["system"].as_str() == Some("urn:dicom:uid");
        identifier["value"].as_str().filter(|value| !uid && !value.trim().is_empty())
    });
    let described = structure["description"].as_str().map(str::trim).unwrap_or_default();
    let label = named.map_or_else(|| format!("L{place}"), str::to_owned);
    let site = site(&structure["location"]);
    let mut notes = vec![described.to_owned()];
    if site.is_none() {
        notes.extend(said(&structure["location"]));
    }
    notes.retain(|note| !note.is_empty() && *note != label);
    let clean = |text: &str, most: usize| -> String {
        text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect()
    };
    LesionDetails {
        label: clean(label.trim(), LABEL),
        site: site.unwrap_or(BodySite::Other),
        laterality: side(structure),
        note: clean(&notes.join("\n"), NOTE),
    }
}

fn site(location: &Value) -> Option<BodySite> {
    BodySite::ALL.iter().copied().find(|site| has_code(location, &[site.term().code]))
}

fn side(structure: &Value) -> Laterality {
    let qualifiers = || items(&structure["locationQualifier"]);
    let sides = [Laterality::Left, Laterality::Right, Laterality::Midline];
    let named = |side: &Laterality| {
        side.term().is_some_and(|term| qualifiers().any(|qualifier| has_code(qualifier, &[term.code])))
    };
    sides.into_iter().find(|side| named(side)).unwrap_or(Laterality::NotApplicable)
}
