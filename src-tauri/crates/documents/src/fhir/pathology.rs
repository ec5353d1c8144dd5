//! Specimens, and what the pathologist found.

use domain::biopsy::{Biopsy, Histology};
use domain::morphology;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bundle::{Bundle, derived, reference};
use super::code::{ICD_O_3, LOINC, SNOMED, category, coding, concept, note, quantity, spaced, word};

pub fn add(bundle: &mut Bundle<'_>) {
    // A specimen that was entered by mistake was never taken.
    let standing = bundle.record.biopsies.iter().filter(|(biopsy, _)| biopsy.withdrawn_at.is_none());
    for (biopsy, findings) in standing {
        let specimen = specimen(bundle, biopsy);
        bundle.add("Specimen", *biopsy.id.as_uuid(), specimen);
        let Some(found) = findings.last() else { continue };
        let id = |of: &str| derived(&[of, &biopsy.id.to_string(), &found.edition.to_string()]);
        let finding_id = id("finding");
        let finding = finding(bundle, biopsy, found);
        bundle.add("Observation", finding_id, finding);
        let report = report(bundle, biopsy, found, &finding_id);
        bundle.add("DiagnosticReport", id("pathology"), report);
    }
}

fn specimen(bundle: &Bundle<'_>, biopsy: &Biopsy) -> Value {
    let details = &biopsy.details;
    let thought = match (details.impression, details.impression_text.trim()) {
        (None, "") => String::new(),
        (None, words) => format!("Clinical impression: {words}"),
        (Some(malignancy), "") => format!("Clinical impression: {}", spaced(&malignancy)),
        (Some(malignancy), words) => format!("Clinical impression: {}. {words}", spaced(&malignancy)),
    };
    let taker = bundle.person(details.taken_by);
    json!({
        "accessionIdentifier": {
            "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN", "Accession ID"),
            "system": bundle.numbers("specimens"),
            "value": details.specimen_number,
        },
        "type": { "text": "Skin" },
        "subject": bundle.patient(),
        "collection": {
            "collector": taker,
            "collectedDateTime": details.taken_on,
            "method": bundle.own_concept(&format!("specimen-{}", word(&details.kind)), &spaced(&details.kind)),
            "bodySite": bundle.site(biopsy.lesion_id),
        },
        "note": [note(&thought, taker, None)],
    })
}

const fn edition(number: u32) -> &'static str {
    if number > 1 { "corrected" } else { "final" }
}

fn finding(bundle: &Bundle<'_>, biopsy: &Biopsy, found: &Histology) -> Value {
    let said = &found.finding;
    let mut components = vec![
        bundle.choice("behaviour", "Behaviour by ICD-O-3", &word(&said.behaviour)),
        bundle.choice("margins", "Margins", &word(&said.margins)),
    ];
    if let Some(breslow) = said.breslow_mm {
        let code = concept(SNOMED, "106243009", "Breslow depth staging for melanoma of skin");
        components.push(json!({ "code": code, "valueQuantity": quantity(breslow, "mm", "mm") }));
    }
    json!({
        "status": edition(found.edition),
        "category": category("laboratory", "Laboratory"),
        "code": concept(LOINC, "59847-4", "Histology and Behavior ICD-O-3 Cancer"),
        "subject": bundle.patient(),
        "focus": bundle.focus(biopsy.lesion_id),
        "bodySite": bundle.site(biopsy.lesion_id),
        "effectiveDateTime": said.reported_on,
        "issued": found.entered_at,
        "specimen": reference("Specimen", biopsy.id.as_uuid()),
        "valueCodeableConcept": entity(found),
        "component": components,
    })
}

/// The morphology by its code; in words where the finding is no tumour.
fn entity(found: &Histology) -> Value {
    let Some(code) = &found.finding.morphology else {
        return json!({ "text": found.finding.text });
    };
    let name = morphology::known(code).map_or(found.finding.text.as_str(), |known| known.name);
    json!({ "coding": [coding(ICD_O_3, code, name)], "text": name })
}

fn report(bundle: &Bundle<'_>, biopsy: &Biopsy, found: &Histology, finding: &Uuid) -> Value {
    let coded = found.finding.morphology.as_ref().map(|_| json!([entity(found)]));
    json!({
        "status": edition(found.edition),
        "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", "SP", "Surgical Pathology")],
        "code": concept(LOINC, "11526-1", "Pathology study"),
        "subject": bundle.patient(),
        "effectiveDateTime": found.finding.reported_on,
        "issued": found.entered_at,
        "specimen": [reference("Specimen", biopsy.id.as_uuid())],
        "result": [reference("Observation", finding)],
        "performer": (!biopsy.sent_to.trim().is_empty()).then(|| json!([{ "display": biopsy.sent_to }])),
        "conclusion": found.finding.text,
        "conclusionCode": coded,
    })
}
