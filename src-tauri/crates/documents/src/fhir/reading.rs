//! What a classifier says, under the name of the model and marked as no diagnosis.

use std::collections::BTreeMap;

use domain::advice::DISCLAIMER;
use domain::analysis::{Analysis, ClassProbability, Gate};
use domain::impression;
use domain::model::{Label, ModelIdentity};
use serde_json::{Value, json};
use uuid::Uuid;

use super::bundle::{Bundle, derived, reference};
use super::code::{DATA_ABSENT_REASON, DICOM, SNOMED, category, coding, note, percent, quantity, word};

pub fn add(bundle: &mut Bundle<'_>) {
    let models: BTreeMap<Uuid, &ModelIdentity> =
        bundle.record.readings.iter().map(|reading| (model_id(&reading.model), &reading.model)).collect();
    for (id, model) in models {
        let device = device(bundle, model);
        bundle.add("Device", id, device);
    }
    for reading in bundle.record.readings {
        let observation = observation(bundle, reading);
        bundle.add("Observation", *reading.id.as_uuid(), observation);
    }
}

fn model_id(model: &ModelIdentity) -> Uuid {
    derived(&["model", &model.name, &model.version, &model.sha256])
}

fn device(bundle: &Bundle<'_>, model: &ModelIdentity) -> Value {
    json!({
        "deviceName": [{ "name": model.name, "type": "model-name" }],
        "type": bundle.own_concept("classifier", "Classifier of skin lesions (software, decision support)"),
        "version": [
            { "value": model.version },
            { "type": bundle.own_concept("model-sha256", "SHA-256 of the model's file"), "value": model.sha256 },
        ],
        "note": [note(DISCLAIMER, Value::Null, None)],
    })
}

fn observation(bundle: &Bundle<'_>, reading: &Analysis) -> Value {
    let assessment = &reading.assessment;
    // Of a picture that is unlike any lesion the figures say nothing; its distance says why.
    let outside = assessment.gate == Gate::OutOfDistribution;
    let told = assessment.probabilities.iter().filter(|_| !outside);
    let mut components: Vec<Value> = told.map(|class| probability(bundle, class)).collect();
    components.push(bundle.choice("gate", "Whether the reading carries", &word(&assessment.gate)));
    components.push(bundle.choice("band", "Band", &word(&assessment.band)));
    components.push(bundle.choice("urgency", "Urgency", &word(&assessment.urgency)));
    if let Some(label) = &assessment.label {
        let code = bundle.own_concept("named-class", "Class that the gate lets be named");
        components.push(json!({ "code": code, "valueCodeableConcept": class(bundle, label) }));
    }
    if assessment.malignancy_override {
        let said = "The sum over the malignant classes alone raised the band";
        components.push(json!({ "code": bundle.own_concept("override", said), "valueBoolean": true }));
    }
    if let Some(set) = assessment.prediction_set.as_ref().filter(|_| !outside) {
        components.push(bundle.words(
            "prediction-set",
            "Classes that together hold the truth with the stated coverage",
            &format!("{} (coverage {:.0} %)", set.codes.join(", "), set.coverage * 100.0),
        ));
    }
    if let Some(novelty) = &assessment.novelty {
        let code = bundle.own_concept("novelty", "Distance from the lesions the model was fitted to");
        components.push(json!({
            "code": code,
            "valueQuantity": quantity(novelty.score, "", "1"),
            "referenceRange": [{ "high": quantity(novelty.threshold, "", "1"), "text": "like those" }],
        }));
    }
    let images: Vec<Value> = reading.image_ids.iter().filter_map(|id| bundle.photograph(*id)).collect();
    let mut observation = json!({
        // Nobody has verified it: the clinician's word is an observation of its own.
        "status": "preliminary",
        "category": category("imaging", "Imaging"),
        "code": {
            "coding": [
                bundle.own("classifier-reading", "Reading by a classifier: decision support, not a diagnosis"),
                coding(DICOM, "111047", "Probability of cancer"),
            ],
            "text": "Reading by a classifier: decision support, not a diagnosis. Calibrated probability of malignancy",
        },
        "subject": bundle.patient(),
        "focus": bundle.focus(reading.lesion_id),
        "bodySite": bundle.site(reading.lesion_id),
        "effectiveDateTime": reading.analysed_at,
        "issued": reading.analysed_at,
        "device": reference("Device", &model_id(&reading.model)),
        "component": components,
        "derivedFrom": images,
        "note": notes(bundle, reading),
    });
    if outside {
        let reason = coding(DATA_ABSENT_REASON, "not-performed", "Not Performed");
        observation["dataAbsentReason"] = json!({ "coding": [reason], "text": "Not assessed" });
    } else {
        observation["valueQuantity"] = percent(assessment.malignant_sum);
    }
    observation
}

fn probability(bundle: &Bundle<'_>, share: &ClassProbability) -> Value {
    let mut code = class(bundle, &share.label);
    code["text"] = json!(format!("Calibrated probability of {}", share.label.name));
    json!({ "code": code, "valueQuantity": percent(share.probability) })
}

/// The class of the model, with the concept of SNOMED CT where one was checked.
fn class(bundle: &Bundle<'_>, label: &Label) -> Value {
    let mut code = format!("class-{}", label.code);
    // Codes are letters, digits and hyphens: what else a model has in its own must not make two of them one.
    if !label.code.chars().all(|c| c.is_ascii_alphanumeric()) {
        code.push_str(&format!("-{}", &derived(&["class", &label.code]).simple().to_string()[..8]));
    }
    let mut codings = vec![bundle.own(&code, &label.name)];
    let known = impression::known(&label.code).filter(|term| term.class == Some(term.code));
    if let Some(concept) = known.and_then(|term| term.snomed) {
        codings.push(coding(SNOMED, concept, &label.name));
    }
    json!({ "coding": codings, "text": label.name })
}

fn notes(bundle: &Bundle<'_>, reading: &Analysis) -> Vec<Value> {
    let advice = &reading.assessment.advice;
    let advised = format!("{}: {}", advice.headline, advice.text);
    let mut notes = vec![note(DISCLAIMER, Value::Null, None), note(&advised, Value::Null, None)];
    let said = bundle.record.feedback.iter().find(|said| said.analysis_id == reading.id);
    if let Some(said) = said.filter(|said| said.entry.incorrect) {
        let mut text = "A clinician reported this reading as wrong.".to_owned();
        if let Some(correct) = &said.entry.correct {
            text.push_str(&format!(" It is: {}.", correct.name()));
        }
        text.push_str(&format!(" {}", said.entry.text));
        notes.push(note(text.trim(), bundle.person(said.author), Some(said.given_at)));
    }
    notes
}
