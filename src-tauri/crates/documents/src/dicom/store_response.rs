//! What a server of DICOMweb says of the objects that it was given (PS3.18, 10.5.3; PS3.3, C.12.1), in JSON
//! (PS3.18, annex F) or XML (PS3.19, annex A).

use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

const FAILED: &str = "00081198";
const REFERENCED: &str = "00081199";
/// Failures of parts that the server could not read far enough to name an object.
const OTHER_FAILURES: &str = "0008119A";
const INSTANCE_UID: &str = "00081155";
const FAILURE_REASON: &str = "00081197";
const WARNING_REASON: &str = "00081196";
/// For a failure without a reason: "Processing failure" (PS3.7, C.5.6).
const PROCESSING_FAILURE: u16 = 0x0110;
/// Deeper than any answer.
const DEEPEST: usize = 16;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreAnswer {
    Stored,
    StoredWithWarning(u16),
    Failed(u16),
}

/// An answer to a request to store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreResponse {
    items: Vec<Item>,
}

/// An item of one of the three sequences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Item {
    sequence: String,
    instance: Option<String>,
    failure: Option<u16>,
    warning: Option<u16>,
}

impl Item {
    fn of(sequence: &str) -> Self {
        Self { sequence: sequence.to_owned(), ..Self::default() }
    }

    /// Takes up the value of an element, as text.
    fn hear(&mut self, tag: &str, value: &str) {
        let value = value.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        match tag {
            INSTANCE_UID => self.instance = Some(value.to_owned()),
            FAILURE_REASON => self.failure = value.parse().ok(),
            WARNING_REASON => self.warning = value.parse().ok(),
            _ => {}
        }
    }
}

impl StoreResponse {
    /// Nothing for another kind of content, and for what is no such answer.
    #[must_use]
    pub fn read(content_type: &str, body: &[u8]) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let items = match kind.as_str() {
            "application/dicom+json" | "application/json" => of_json(body)?,
            "application/dicom+xml" | "application/xml" | "text/xml" => of_xml(body)?,
            _ => return None,
        };
        Some(Self { items })
    }

    /// What it says of an object that went alone; nothing where it is not mentioned.
    #[must_use]
    pub fn of(&self, instance: &str) -> Option<StoreAnswer> {
        let named = |sequence: &str| {
            self.items
                .iter()
                .find(|item| item.sequence == sequence && item.instance.as_deref() == Some(instance))
        };
        let unnamed = || {
            self.items.iter().find(|item| {
                item.sequence == OTHER_FAILURES || (item.sequence == FAILED && item.instance.is_none())
            })
        };
        let failed = |item: &Item| StoreAnswer::Failed(item.failure.unwrap_or(PROCESSING_FAILURE));
        if let Some(item) = named(FAILED) {
            return Some(failed(item));
        }
        match named(REFERENCED) {
            Some(item) => Some(item.warning.map_or(StoreAnswer::Stored, StoreAnswer::StoredWithWarning)),
            None => unnamed().map(failed),
        }
    }
}

fn is_heard(tag: &str) -> bool {
    [FAILED, REFERENCED, OTHER_FAILURES].contains(&tag)
}

fn of_json(body: &[u8]) -> Option<Vec<Item>> {
    let whole: Value = serde_json::from_slice(body).ok()?;
    // Some servers answer with a list of one.
    let data_set = match &whole {
        Value::Array(list) => list.first()?.as_object()?,
        other => other.as_object()?,
    };
    let mut items = Vec::new();
    for (tag, element) in data_set {
        let tag = tag.to_ascii_uppercase();
        if !is_heard(&tag) {
            continue;
        }
        for said in element["Value"].as_array().into_iter().flatten() {
            let mut item = Item::of(&tag);
            for (tag, element) in said.as_object()? {
                match &element["Value"][0] {
                    Value::String(text) => item.hear(&tag.to_ascii_uppercase(), text),
                    Value::Number(number) => item.hear(&tag.to_ascii_uppercase(), &number.to_string()),
                    _ => {}
                }
            }
            items.push(item);
        }
    }
    Some(items)
}

fn of_xml(body: &[u8]) -> Option<Vec<Item>> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = quick_xml::Reader::from_str(text);
    // The elements around a value; those without a tag, such as items, stand as an empty text.
    let mut within: Vec<(&'static str, String)> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut is_model = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = name_of(&start);
                is_model |= name == "model";
                within.push((name, tag_of(&start)));
                if within.len() > DEEPEST {
                    return None;
                }
                if let [("model", _), ("attribute", sequence), ("item", _)] = within.as_slice()
                    && is_heard(sequence)
                {
                    items.push(Item::of(sequence));
                }
            }
            Event::End(_) => _ = within.pop()?,
            Event::Text(value) => {
                if let [_, (_, sequence), ("item", _), ("attribute", tag), ("value", _)] = within.as_slice()
                    && is_heard(sequence)
                    && let Some(item) = items.last_mut()
                {
                    item.hear(tag, &value.xml10_content());
                }
            }
            Event::Eof => return (is_model && within.is_empty()).then_some(items),
            _ => {}
        }
    }
}

fn name_of(start: &BytesStart<'_>) -> &'static str {
    match start.local_name().as_ref() {
        "NativeDicomModel" => "model",
        "DicomAttribute" => "attribute",
        "Item" => "item",
        "Value" => "value",
        _ => "other",
    }
}

fn tag_of(start: &BytesStart<'_>) -> String {
    let tag = start.try_get_attribute("tag").ok().flatten();
    tag.map(|tag| tag.value.to_ascii_uppercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "00081190": {"vr": "UR", "Value": ["http://pacs/studies/1"]},
        "00081198": {"vr": "SQ", "Value": [{
            "00081150": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.77.1.4"]},
            "00081155": {"vr": "UI", "Value": ["2.25.1"]},
            "00081197": {"vr": "US", "Value": [42752]}}]},
        "00081199": {"vr": "SQ", "Value": [
            {"00081155": {"vr": "UI", "Value": ["2.25.2"]}},
            {"00081155": {"vr": "UI", "Value": ["2.25.3"]}, "00081196": {"vr": "US", "Value": ["45056"]}}]}
    }"#;

    const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
          <DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence"><Item number="1">
            <DicomAttribute tag="00081155" vr="UI"><Value number="1">2.25.1</Value></DicomAttribute>
            <DicomAttribute tag="00081197" vr="US"><Value number="1">42752</Value></DicomAttribute>
          </Item></DicomAttribute>
          <DicomAttribute tag="00081199" vr="SQ"><Item number="1">
            <DicomAttribute tag="00081155" vr="UI"><Value number="1">2.25.2</Value></DicomAttribute>
            <DicomAttribute tag="00081190" vr="UR"><Value number="1">http://pacs</Value></DicomAttribute>
          </Item><Item number="2">
            <DicomAttribute tag="00081155" vr="UI"><Value number="1">2.25.3</Value></DicomAttribute>
            <DicomAttribute tag="00081196" vr="US"><Value number="1">45056</Value></DicomAttribute>
          </Item></DicomAttribute>
        </NativeDicomModel>"#;

    #[test]
    fn json_and_xml_say_the_same_of_every_object() {
        let json = StoreResponse::read("application/dicom+json; charset=utf-8", JSON.as_bytes()).unwrap();
        let listed = format!("[{JSON}]");
        let listed = StoreResponse::read("application/json", listed.as_bytes()).unwrap();
        let xml = StoreResponse::read("Application/DICOM+xml", XML.as_bytes()).unwrap();
        for said in [json, listed, xml] {
            assert_eq!(said.of("2.25.1"), Some(StoreAnswer::Failed(0xA700)));
            assert_eq!(said.of("2.25.2"), Some(StoreAnswer::Stored));
            assert_eq!(said.of("2.25.3"), Some(StoreAnswer::StoredWithWarning(0xB000)));
            assert_eq!(said.of("2.25.4"), None);
        }
    }

    #[test]
    fn a_failure_without_a_name_or_a_reason_is_one_all_the_same() {
        let read = |text: &str| StoreResponse::read("application/dicom+json", text.as_bytes()).unwrap();
        let nameless = read(r#"{"0008119A":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}}"#);
        assert_eq!(nameless.of("2.25.1"), Some(StoreAnswer::Failed(0x0110)));
        let reasonless =
            read(r#"{"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["2.25.1"]}}]}}"#);
        assert_eq!(reasonless.of("2.25.1"), Some(StoreAnswer::Failed(0x0110)));
        assert_eq!(read("{}").of("2.25.1"), None);
    }

    #[test]
    fn nonsense_is_no_answer() {
        for (kind, body) in [
            ("text/html", JSON),
            ("application/dicom+json", ""),
            ("application/dicom+json", "null"),
            ("application/dicom+json", "[]"),
            ("application/dicom+json", "<html>"),
            ("application/dicom+xml", ""),
            ("application/dicom+xml", "{}"),
            ("application/dicom+xml", "<html></html>"),
            ("application/dicom+xml", "<NativeDicomModel>"),
            ("application/dicom+xml", "</NativeDicomModel>"),
            ("", ""),
        ] {
            assert_eq!(StoreResponse::read(kind, body.as_bytes()), None, "{kind}: {body}");
        }
        let deep = format!("<NativeDicomModel>{}", "<Item>".repeat(40));
        assert_eq!(StoreResponse::read("text/xml", deep.as_bytes()), None);
        for end in 0..XML.len() {
            let _ = StoreResponse::read("text/xml", &XML.as_bytes()[..end]);
        }
    }
}
