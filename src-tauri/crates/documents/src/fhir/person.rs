//! The patient, the clinic, and what the patient agreed to.

use domain::consent::{ConsentEntry, ConsentKind};
use domain::patient::{Patient, Sex};
use serde_json::{Value, json};

use super::bundle::{Bundle, derived};
use super::code::{ACT_CODE, LOINC, category, concept, inline, spaced, word};

pub fn add(bundle: &mut Bundle<'_>) {
    let clinic = bundle.record.clinic;
    bundle.add("Organization", *clinic.id.as_uuid(), json!({ "name": clinic.name }));
    let patient = patient(bundle);
    bundle.add("Patient", *bundle.record.patient.id.as_uuid(), patient);
    add_alert(bundle);
    add_history(bundle);
    for (place, entry) in bundle.record.consents.iter().enumerate() {
        // The newest entry of a kind counts.
        let counts = !bundle.record.consents[..place].iter().any(|newer| newer.kind == entry.kind);
        let consent = consent(bundle, entry, counts);
        let age = (bundle.record.consents.len() - place).to_string();
        let id = derived(&["consent", &bundle.record.patient.id.to_string(), &word(&entry.kind), &age]);
        bundle.add("Consent", id, consent);
    }
}

fn patient(bundle: &Bundle<'_>) -> Value {
    let Patient { number, details, .. } = bundle.record.patient;
    let telecom = [("phone", &details.phone), ("email", &details.email)]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(system, value)| json!({ "system": system, "value": value }))
        .collect::<Vec<_>>();
    let address = (!details.address.trim().is_empty()).then(|| json!([{ "text": details.address }]));
    json!({
        "identifier": [{
            "use": "usual",
            "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number"),
            "system": bundle.numbers("patients"),
            "value": number,
            "assigner": bundle.organisation(),
        }],
        "name": [{
            "use": "official",
            "text": details.full_name(),
            "family": details.family_name,
            "given": [details.given_names],
        }],
        "gender": match details.sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Other => "other",
            Sex::Unknown => "unknown",
        },
        "birthDate": details.date_of_birth,
        "telecom": telecom,
        "address": address,
        "managingOrganization": bundle.organisation(),
    })
}

/// What everybody must know before touching the patient.
fn add_alert(bundle: &mut Bundle<'_>) {
    let patient = bundle.record.patient;
    if patient.details.alert.trim().is_empty() {
        return;
    }
    let system = "http://terminology.hl7.org/CodeSystem/flag-category";
    let flag = json!({
        "status": "active",
        "category": [concept(system, "safety", "Safety")],
        "code": { "text": patient.details.alert },
        "subject": bundle.patient(),
    });
    bundle.add("Flag", derived(&["alert", &patient.id.to_string()]), flag);
}

fn add_history(bundle: &mut Bundle<'_>) {
    let patient = bundle.record.patient;
    let id = |of: &str| derived(&[of, &patient.id.to_string()]);
    let details = &patient.details;
    if !details.medical_history.trim().is_empty() {
        let history = json!({
            "status": "final",
            "category": category("social-history", "Social History"),
            "code": concept(LOINC, "11348-0", "History of Past illness Narrative"),
            "subject": bundle.patient(),
            "valueString": details.medical_history,
        });
        bundle.add("Observation", id("history"), history);
    }
    if let Some(fitzpatrick) = details.fitzpatrick {
        let kind = word(&fitzpatrick);
        let value = bundle.own_concept(&format!("phototype-{kind}"), &format!("Type {kind}"));
        let phototype = json!({
            "status": "final",
            "category": category("exam", "Exam"),
            "code": bundle.own_concept("phototype", "Skin phototype by Fitzpatrick"),
            "subject": bundle.patient(),
            "valueCodeableConcept": value,
        });
        bundle.add("Observation", id("phototype"), phototype);
    }
    for factor in &details.risk_factors {
        let of = format!("risk-{}", word(factor));
        let risk = json!({
            "status": "final",
            "category": category("social-history", "Social History"),
            "code": bundle.own_concept("risk", "Risk factor for skin cancer"),
            "subject": bundle.patient(),
            "valueCodeableConcept": bundle.own_concept(&of, &spaced(factor)),
        });
        bundle.add("Observation", id(&of), risk);
    }
}

/// A giving stands until another entry of its kind follows. A withdrawal is no consent in force: whoever looks at
/// the status alone must not take it for one.
fn consent(bundle: &Bundle<'_>, entry: &ConsentEntry, counts: bool) -> Value {
    let scope = |code, display| concept("http://terminology.hl7.org/CodeSystem/consentscope", code, display);
    let privacy = || scope("patient-privacy", "Privacy Consent");
    let (scope, asked) = match entry.kind {
        ConsentKind::Photo => (privacy(), "Photographs may be taken and stored"),
        ConsentKind::Ai => (privacy(), "A classifier may read the photographs"),
        ConsentKind::Training => (
            scope("research", "Research"),
            "Photographs may leave the clinic without identity for the training of models",
        ),
    };
    let rule = if entry.given { ("OPTIN", "opt-in") } else { ("OPTOUT", "opt-out") };
    json!({
        "status": if entry.given && counts { "active" } else { "inactive" },
        "scope": scope,
        "category": [
            concept(LOINC, "59284-0", "Patient Consent"),
            bundle.own_concept(&format!("consent-{}", word(&entry.kind)), asked),
        ],
        "patient": bundle.patient(),
        "dateTime": entry.at,
        "organization": [bundle.organisation()],
        "policyRule": concept(ACT_CODE, rule.0, rule.1),
        // Consent has no notes in R4; what is noted is mostly where the signed paper lies.
        "sourceAttachment": (!entry.note.trim().is_empty()).then(|| inline(&entry.note, entry.at)),
    })
}
