//! Coding systems and small data types of FHIR.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::body_site::CodedTerm;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::FhirFile;

/// Systems as FHIR R4 names them (4.3.0, "Using Codes", and the terminology of HL7).
pub const SNOMED: &str = "http://snomed.info/sct";
pub const DATA_ABSENT_REASON: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
pub const LOINC: &str = "http://loinc.org";
pub const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
pub const UCUM: &str = "http://unitsofmeasure.org";
pub const ICD_O_3: &str = "http://terminology.hl7.org/CodeSystem/icd-o-3";
pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const OBSERVATION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

pub fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

pub fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [coding(system, code, display)], "text": display })
}

/// A term as DICOM names its scheme.
pub fn term(term: CodedTerm) -> Value {
    let system = match term.scheme {
        "SCT" => SNOMED,
        "UCUM" => UCUM,
        _ => DICOM,
    };
    concept(system, term.code, term.meaning)
}

/// Of an observation: `imaging`, `exam`, `survey`, `laboratory` or `social-history`.
pub fn category(code: &str, display: &str) -> Value {
    json!([concept(OBSERVATION_CATEGORY, code, display)])
}

/// `unit` in UCUM, `word` as a person reads it. A number that is none is left out.
pub fn quantity(value: f64, word: &str, unit: &str) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    json!({ "value": value, "unit": word, "system": UCUM, "code": unit })
}

/// A share of one in percent, to the millionth.
pub fn percent(share: f64) -> Value {
    quantity((share * 1e8).round() / 1e6, "%", "%")
}

/// An annotation, or nothing where nothing is said.
pub fn note(text: &str, author: Value, at: Option<Timestamp>) -> Value {
    if text.trim().is_empty() {
        return Value::Null;
    }
    json!({ "authorReference": author, "time": at, "text": text })
}

pub fn attachment(file: &FhirFile, title: &str, created: &Value) -> Value {
    json!({
        "contentType": file.media_type,
        "url": file.path,
        "size": file.bytes,
        "hash": STANDARD.encode(file.sha1),
        "title": title,
        "creation": created,
    })
}

/// A short text with its content in the bundle.
pub fn inline(text: &str, at: Timestamp) -> Value {
    json!({ "contentType": "text/plain; charset=utf-8", "data": STANDARD.encode(text), "creation": at })
}

/// The word an enum is stored as.
pub fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The same for people.
pub fn spaced(value: &impl Serialize) -> String {
    word(value).replace('_', " ")
}

/// Takes out what says nothing, for FHIR has neither `null` nor empty texts, lists and objects (2.1.0.6.1), and
/// what a string must not hold.
pub fn tidy(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => {
            let text = printable(&text);
            (!text.trim().is_empty()).then_some(Value::String(text))
        }
        Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(tidy).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(fields) => {
            let fields: serde_json::Map<_, _> =
                fields.into_iter().filter_map(|(name, value)| Some((name, tidy(value)?))).collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
        other => Some(other),
    }
}

/// Control characters have no place in a string, and of white space the plain one alone (2.24.0.1).
fn printable(text: &str) -> String {
    let plain = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        // The mark of byte order counts as white space in the pattern of the schema.
        c if c.is_control() || c.is_whitespace() || c == '\u{feff}' => ' ',
        c => c,
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let value = json!({ "a": "", "b": [null, {}], "c": { "d": " \u{3000}" }, "e": 0, "f": false });
        assert_eq!(tidy(value), Some(json!({ "e": 0, "f": false })));
        assert_eq!(tidy(json!({ "a": [] })), None);
    }

    #[test]
    fn strings_hold_what_fhir_allows() {
        assert_eq!(printable("王\u{3000}小明\0\n\u{a0}x"), "王 小明 \n x");
        assert_eq!(printable("نور\u{200f}"), "نور\u{200f}");
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        assert_eq!(tidy(quantity(f64::NAN, "mm", "mm")), None);
        assert_eq!(percent(0.123_456_789_012)["value"], json!(12.345_679));
    }
}
