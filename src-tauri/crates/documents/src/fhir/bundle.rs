//! The bundle in the making: its entries, what may be referred to, and the codes of our own that it uses.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::analysis::Analysis;
use domain::lesion::{Laterality, Lesion};
use domain::{AnalysisId, ImageId, LesionId, UserId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::FhirRecord;
use super::code::{coding, concept, term, tidy};
use crate::dicom::derived_uid;
use crate::error::DocumentError;

pub struct Bundle<'a> {
    pub record: &'a FhirRecord<'a>,
    entries: Vec<Value>,
    /// Staff who are referred to.
    named: RefCell<BTreeSet<UserId>>,
    /// Codes of our own, with what they mean.
    own: RefCell<BTreeMap<String, String>>,
}

impl<'a> Bundle<'a> {
    pub fn new(record: &'a FhirRecord<'a>) -> Self {
        let named = RefCell::new(BTreeSet::from([record.made_by]));
        Self { record, entries: Vec::new(), named, own: RefCell::new(BTreeMap::new()) }
    }

    pub fn add(&mut self, kind: &str, id: Uuid, mut resource: Value) {
        resource["resourceType"] = json!(kind);
        resource["id"] = json!(id.to_string());
        self.entries.push(json!({ "fullUrl": urn(&id), "resource": resource }));
    }

    pub fn patient(&self) -> Value {
        reference("Patient", self.record.patient.id.as_uuid())
    }

    pub fn organisation(&self) -> Value {
        reference("Organization", self.record.clinic.id.as_uuid())
    }

    pub fn program(&self) -> Value {
        reference("Device", &self.program_id())
    }

    fn program_id(&self) -> Uuid {
        derived(&["program", &self.record.clinic.id.to_string()])
    }

    /// Somebody of the staff, who is named in the bundle from then on.
    pub fn person(&self, user: UserId) -> Value {
        if !self.record.staff.iter().any(|one| one.id == user) {
            return json!({ "type": "Practitioner", "display": "a former account" });
        }
        self.named.borrow_mut().insert(user);
        reference("Practitioner", user.as_uuid())
    }

    pub fn lesion(&self, id: LesionId) -> Option<&'a Lesion> {
        self.record.lesions.iter().find(|lesion| lesion.id == id)
    }

    pub fn photograph(&self, id: ImageId) -> Option<Value> {
        let known = self.record.photographs.iter().any(|photograph| photograph.record.id == id);
        known.then(|| reference("Media", id.as_uuid()))
    }

    pub fn reading(&self, id: AnalysisId) -> Option<&'a Analysis> {
        self.record.readings.iter().find(|reading| reading.id == id)
    }

    pub fn reading_reference(&self, id: Option<AnalysisId>) -> Option<Value> {
        self.reading(id?).map(|reading| reference("Observation", reading.id.as_uuid()))
    }

    /// What an observation of a lesion says of it.
    pub fn focus(&self, id: LesionId) -> Value {
        self.lesion(id).map_or(Value::Null, |lesion| json!([structure(lesion)]))
    }

    /// The site in words and codes, with the structure it stands for.
    pub fn site(&self, id: LesionId) -> Value {
        let Some(lesion) = self.lesion(id) else { return Value::Null };
        let mut site = term(lesion.details.site.term());
        site["text"] = json!(place(lesion));
        // A reference to the structure beside the coded site (FHIR R4, extension "Body Site").
        site["extension"] = json!([{
            "url": "http://hl7.org/fhir/StructureDefinition/bodySite",
            "valueReference": structure(lesion),
        }]);
        site
    }

    /// A code of our own; the bundle explains it.
    pub fn own(&self, code: &str, display: &str) -> Value {
        let legal = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let code: String = code.chars().map(legal).collect();
        let value = coding(&own_system(), &code, display);
        self.own.borrow_mut().insert(code, display.to_owned());
        value
    }

    pub fn own_concept(&self, code: &str, display: &str) -> Value {
        json!({ "coding": [self.own(code, display)], "text": display })
    }

    /// A component with a code of our own for its value.
    pub fn choice(&self, name: &str, display: &str, value: &str) -> Value {
        let code = format!("{name}-{value}");
        json!({
            "code": self.own_concept(name, display),
            "valueCodeableConcept": self.own_concept(&code, &value.replace('_', " ")),
        })
    }

    pub fn words(&self, name: &str, display: &str, text: &str) -> Value {
        if text.trim().is_empty() {
            return Value::Null;
        }
        json!({ "code": self.own_concept(name, display), "valueString": text })
    }

    /// A name space of this clinic, such as that of its patient numbers.
    pub fn numbers(&self, of: &str) -> String {
        format!("urn:oid:{}", derived_uid(&["numbers", of, &self.record.clinic.id.to_string()]))
    }

    /// Adds staff, program, codes and provenance, and writes everything.
    pub fn finish(mut self) -> Result<Vec<u8>, DocumentError> {
        let told: Vec<Value> =
            self.entries.iter().map(|entry| json!({ "reference": entry["fullUrl"] })).collect();
        let author = self.person(self.record.made_by);
        self.add_staff();
        self.add_program();
        self.add_codes();
        self.add_provenance(told, author);
        let at = self.record.made_at;
        let id = derived(&["bundle", &self.record.patient.id.to_string(), &at.to_string()]);
        let bundle = json!({
            "resourceType": "Bundle",
            "id": id.to_string(),
            "identifier": { "system": "urn:ietf:rfc:3986", "value": urn(&id) },
            "type": "collection",
            "timestamp": at,
            "entry": self.entries,
        });
        let bundle = tidy(bundle).ok_or(DocumentError::Write)?;
        serde_json::to_vec_pretty(&bundle).map_err(|_| DocumentError::Write)
    }

    fn add_staff(&mut self) {
        let named = self.named.take();
        for user in self.record.staff.iter().filter(|user| named.contains(&user.id)) {
            let licence = user.details.licence_number.as_ref().map(|number| {
                json!([{
                    "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MD", "Medical License number"),
                    "value": number,
                }])
            });
            let name = json!([{ "text": user.details.full_name }]);
            self.add("Practitioner", *user.id.as_uuid(), json!({ "identifier": licence, "name": name }));
        }
    }

    fn add_program(&mut self) {
        let device = json!({
            "deviceName": [{ "name": "Lentigo", "type": "user-friendly-name" }],
            "type": { "text": "Workstation for skin lesions (software)" },
            "version": [{ "value": self.record.program_version }],
            "owner": self.organisation(),
        });
        self.add("Device", self.program_id(), device);
    }

    fn add_codes(&mut self) {
        let own = self.own.take();
        if own.is_empty() {
            return;
        }
        let concepts: Vec<Value> =
            own.iter().map(|(code, display)| json!({ "code": code, "display": display })).collect();
        let codes = json!({
            "url": own_system(),
            "name": "LentigoTerms",
            "title": "Terms of Lentigo",
            "description": "Those in use here that no published coding system was found for.",
            "status": "active",
            "content": "fragment",
            "caseSensitive": true,
            "concept": concepts,
        });
        self.add("CodeSystem", derived(&["terms"]), codes);
    }

    fn add_provenance(&mut self, target: Vec<Value>, author: Value) {
        let kind = |code, display| {
            concept("http://terminology.hl7.org/CodeSystem/provenance-participant-type", code, display)
        };
        let at = self.record.made_at;
        let provenance = json!({
            "target": target,
            "recorded": at,
            "activity": { "text": "Export of a patient's record" },
            "agent": [
                { "type": kind("performer", "Performer"), "who": author, "onBehalfOf": self.organisation() },
                { "type": kind("assembler", "Assembler"), "who": self.program() },
            ],
        });
        let id = derived(&["provenance", &self.record.patient.id.to_string(), &at.to_string()]);
        self.add("Provenance", id, provenance);
    }
}

/// The site with its side in words.
pub fn place(lesion: &Lesion) -> String {
    let site = lesion.details.site.name();
    match lesion.details.laterality {
        Laterality::Left => format!("{site}, left"),
        Laterality::Right => format!("{site}, right"),
        Laterality::Midline => format!("{site}, midline"),
        Laterality::NotApplicable => site.to_owned(),
    }
}

fn structure(lesion: &Lesion) -> Value {
    let mut structure = reference("BodyStructure", lesion.id.as_uuid());
    structure["display"] = json!(lesion.details.label);
    structure
}

fn own_system() -> String {
    format!("urn:oid:{}", derived_uid(&["lentigo", "terms"]))
}

pub fn urn(id: &Uuid) -> String {
    format!("urn:uuid:{id}")
}

pub fn reference(kind: &str, id: &Uuid) -> Value {
    json!({ "reference": urn(id), "type": kind })
}

/// The identity of what has none of its own, always the same for the same parts (RFC 9562, 5.8).
pub fn derived(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"fhir");
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}
