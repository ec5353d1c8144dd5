//! Small pieces of FHIR.

use serde_json::Value;

pub(super) fn kind(resource: &Value) -> &str {
    resource["resourceType"].as_str().unwrap_or_default()
}

/// Whom a reference names, literally.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value["reference"].as_str()
}

pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Whether a concept has one of the codes, whatever its system.
pub(super) fn has_code(concept: &Value, codes: &[&str]) -> bool {
    items(&concept["coding"]).any(|coding| coding["code"].as_str().is_some_and(|code| codes.contains(&code)))
}

/// What a concept says to people.
pub(super) fn said(concept: &Value) -> Option<String> {
    let text = concept["text"].as_str().filter(|text| !text.trim().is_empty());
    let display = || items(&concept["coding"]).find_map(|coding| coding["display"].as_str());
    let code = || items(&concept["coding"]).find_map(|coding| coding["code"].as_str());
    text.or_else(display).or_else(code).map(|text| text.trim().to_owned())
}
