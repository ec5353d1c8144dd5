//! Bundles of FHIR R4, held against the schema and against what a schema cannot say.

mod person;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use documents::dicom;
use documents::fhir::render_fhir;
use serde_json::{Value, json};

use person::{Record, at, lesion};
use schema::{assert_r4, each_object};

fn written(record: &Record) -> Value {
    let bytes = render_fhir(&record.told()).unwrap();
    assert_eq!(bytes, render_fhir(&record.told()).unwrap(), "the same record gives the same bytes");
    let bundle = serde_json::from_slice(&bytes).unwrap();
    assert_r4(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.."), &bundle);
    assert_codes_are_known(&bundle);
    bundle
}

fn of_kind<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries.map(|entry| &entry["resource"]).filter(|resource| resource["resourceType"] == kind).collect()
}

/// The observation with this code of our own.
fn observations<'a>(bundle: &'a Value, code: &str) -> Vec<&'a Value> {
    let mut found = of_kind(bundle, "Observation");
    found.retain(|one| one["code"]["coding"].as_array().unwrap().iter().any(|coding| coding["code"] == code));
    found
}

fn component<'a>(observation: &'a Value, code: &str) -> &'a Value {
    let components = observation["component"].as_array().unwrap();
    let has = |one: &&Value| one["code"]["coding"].as_array().unwrap().iter().any(|c| c["code"] == code);
    components.iter().find(has).unwrap_or_else(|| panic!("no component {code}"))
}

/// Every code is of a system that is known, and looks as codes of that system do.
fn assert_codes_are_known(bundle: &Value) {
    let systems = of_kind(bundle, "CodeSystem");
    let own: BTreeMap<&str, BTreeSet<&str>> = systems
        .iter()
        .map(|system| {
            let codes = system["concept"].as_array().unwrap().iter();
            (system["url"].as_str().unwrap(), codes.map(|code| code["code"].as_str().unwrap()).collect())
        })
        .collect();
    each_object(bundle, &mut |object| {
        let (Some(system), Some(code)) = (object.get("system"), object.get("code")) else { return };
        let (system, code) = (system.as_str().unwrap(), code.as_str().unwrap());
        let fits = match system {
            "http://snomed.info/sct" => has_check_digit(code),
            "http://loinc.org" => ["11348-0", "59284-0", "59847-4", "11526-1", "18748-4"].contains(&code),
            "http://dicom.nema.org/resources/ontology/DCM" => {
                ["DMS", "XC", "111047", "121073", "130290"].contains(&code)
            }
            "http://unitsofmeasure.org" => ["%", "1", "mm", "mo", "{score}"].contains(&code),
            "http://terminology.hl7.org/CodeSystem/icd-o-3" => {
                domain::morphology::behaviour_of(code).is_some()
            }
            "http://terminology.hl7.org/CodeSystem/v2-0203" => ["MR", "MD", "ACSN"].contains(&code),
            "http://terminology.hl7.org/CodeSystem/v2-0074" => ["SP", "IMG"].contains(&code),
            "http://terminology.hl7.org/CodeSystem/v3-ActCode" => ["OPTIN", "OPTOUT"].contains(&code),
            "http://terminology.hl7.org/CodeSystem/consentscope" => {
                ["patient-privacy", "research"].contains(&code)
            }
            "http://terminology.hl7.org/CodeSystem/media-type" => code == "image",
            "http://terminology.hl7.org/CodeSystem/data-absent-reason" => code == "not-performed",
            "http://terminology.hl7.org/CodeSystem/flag-category" => code == "safety",
            "http://terminology.hl7.org/CodeSystem/observation-category" => {
                ["imaging", "exam", "laboratory", "social-history"].contains(&code)
            }
            "http://terminology.hl7.org/CodeSystem/provenance-participant-type" => {
                ["performer", "assembler"].contains(&code)
            }
            other => own.get(other).is_some_and(|codes| codes.contains(code)),
        };
        assert!(fits, "{system} {code}");
    });
}

/// Identities of SNOMED CT end in a digit after Verhoeff (SNOMED CT Release File Specification, 5.5).
fn has_check_digit(code: &str) -> bool {
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let turned = |digit: u8, place: usize| {
        let once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        (0..place % 8).fold(digit, |digit, _| once[usize::from(digit)])
    };
    let digits = code.bytes().rev().enumerate();
    code.bytes().all(|b| b.is_ascii_digit())
        && digits.fold(0, |sum, (place, b)| times(sum, turned(b - b'0', place))) == 0
}

#[test]
fn a_full_record_is_r4_and_says_what_is_on_record() {
    let bundle = written(&Record::full());
    let kinds: BTreeSet<&str> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["resourceType"].as_str().unwrap())
        .collect();
    let expected = [
        "BodyStructure",
        "CodeSystem",
        "Consent",
        "Device",
        "DiagnosticReport",
        "Flag",
        "Media",
        "Observation",
        "Organization",
        "Patient",
        "Practitioner",
        "Provenance",
        "Specimen",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));

    let patient = of_kind(&bundle, "Patient")[0];
    assert_eq!(patient["identifier"][0]["value"], "P-000123");
    assert_eq!(patient["name"][0]["family"], "Okonkwo");
    assert_eq!(patient["gender"], "female");
    assert_eq!(patient["birthDate"], "1971-03-09");
    assert_eq!(patient["telecom"].as_array().unwrap().len(), 2);
    assert_eq!(patient["address"][0]["text"], "Seestraße 4\n78464 Konstanz");

    let names: Vec<_> = of_kind(&bundle, "Practitioner").iter().map(|one| &one["name"][0]["text"]).collect();
    assert_eq!(names, ["Dr. Imke Sander", "Tomas Hoff"], "staff who had nothing to do with it is not named");
}

#[test]
fn a_lesion_keeps_its_identity_from_one_standard_to_the_other() {
    let bundle = written(&Record::full());
    let structures = of_kind(&bundle, "BodyStructure");
    let known = lesion(10, None);
    let uid = format!("urn:oid:{}", dicom::uid(known.id.as_uuid().as_u128()));
    assert_eq!(structures[0]["identifier"][0], json!({ "system": "urn:dicom:uid", "value": uid }));
    assert_eq!(structures[0]["location"]["coding"][0]["code"], "699893008");
    assert_eq!(structures[0]["location"]["text"], "Upper back, left");
    assert_eq!(structures[0]["locationQualifier"][0]["coding"][0]["code"], "7771000");
    assert_eq!((&structures[0]["active"], &structures[1]["active"]), (&json!(true), &json!(false)));
    assert_eq!(structures[1]["description"], "L2. Not followed since 2026-02-01: excised. In Ulm");
}

#[test]
fn a_photograph_is_a_file_beside_the_bundle() {
    let bundle = written(&Record::full());
    let media = of_kind(&bundle, "Media");
    let content = &media[0]["content"];
    assert_eq!(content["url"], "photographs/20.jpg");
    assert_eq!(content["size"], 3);
    // SHA-1 of "abc" (FIPS 180-4, appendix).
    assert_eq!(content["hash"], "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    assert_eq!(media[0]["modality"]["coding"][0]["code"], "DMS");
    assert_eq!(media[0]["status"], "completed");
    assert_eq!(media[1]["createdDateTime"], "2024-05-17", "the day on which it was taken");
    assert!(media[1]["content"].get("url").is_none(), "a damaged file is not named");
    assert!(media[1]["note"][0]["text"].as_str().unwrap().contains("damaged"));
}

#[test]
fn a_reading_is_no_diagnosis() {
    let bundle = written(&Record::full());
    let readings = observations(&bundle, "classifier-reading");
    assert_eq!(readings.len(), 2);
    let reading = readings[0];
    assert_eq!(reading["status"], "preliminary");
    assert!(reading["code"]["text"].as_str().unwrap().contains("not a diagnosis"));
    assert!(reading["note"][0]["text"].as_str().unwrap().starts_with("Decision support, not a diagnosis"));
    assert_eq!(reading["valueQuantity"]["value"], json!(79.0));
    assert_eq!(component(reading, "93655004")["valueQuantity"]["value"], json!(71.0));
    assert_eq!(component(reading, "gate")["valueCodeableConcept"]["text"], "confident");
    // Of a picture that is unlike any lesion nothing is said but that, and how far off it is.
    let outside = readings.iter().find(|one| one.get("dataAbsentReason").is_some()).unwrap();
    assert_eq!(outside["dataAbsentReason"]["coding"][0]["code"], "not-performed");
    assert!(outside.get("valueQuantity").is_none());
    assert_eq!(component(outside, "gate")["valueCodeableConcept"]["text"], "out of distribution");
    assert!(!outside.to_string().contains("93655004") && !outside.to_string().contains("prediction-set"));
    assert_eq!(component(reading, "band")["valueCodeableConcept"]["text"], "malignant");
    assert!(reading["note"].to_string().contains("reported this reading as wrong. It is: Benign keratosis."));
    let device = of_kind(&bundle, "Device");
    assert_eq!(reading["device"]["reference"], format!("urn:uuid:{}", device[0]["id"].as_str().unwrap()));
    assert_eq!(device[0]["version"][0]["value"], "1.2.0");
    assert_eq!(device[0]["version"][1]["value"], "cd".repeat(32));
    // Where the picture is like nothing the model knows, no class is named.
    let named = readings[1]["component"].to_string().contains("named-class");
    assert!(!named);
}

#[test]
fn what_clinicians_said_is_told_apart_from_the_reading() {
    let bundle = written(&Record::full());
    let score = observations(&bundle, "checklist-abcd")[0];
    assert_eq!(score["status"], "final");
    assert_eq!(score["valueQuantity"]["value"], json!(8.9));
    assert_eq!(component(score, "checklist-abcd-colours")["valueInteger"], 6);
    let unfinished = observations(&bundle, "checklist-seven-point")[0];
    assert_eq!(unfinished["status"], "preliminary");
    assert!(unfinished.get("interpretation").is_none(), "without all answers there is no verdict");

    let impression = observations(&bundle, "impression")[0];
    assert_eq!(impression["valueCodeableConcept"]["coding"][1]["code"], "93655004");
    let decisions = observations(&bundle, "decision");
    assert_eq!(decisions.len(), 1, "a decision that was replaced does not count");
    assert_eq!(decisions[0]["status"], "amended");
    assert_eq!(decisions[0]["valueCodeableConcept"], json!({ "text": "Recurrence in a scar" }));
    assert_eq!(component(decisions[0], "plan")["valueCodeableConcept"]["text"], "monitor");
    assert_eq!(component(decisions[0], "plan-months")["valueQuantity"]["value"], json!(3.0));
    assert_eq!(component(decisions[0], "override-reason")["valueString"], "The patient asks to wait.");
}

#[test]
fn histology_is_coded_and_the_last_edition_counts() {
    let mut record = Record::full();
    let bundle = written(&record);
    let finding = observations(&bundle, "59847-4");
    assert_eq!(finding.len(), 1);
    assert_eq!(finding[0]["status"], "corrected");
    let coding = &finding[0]["valueCodeableConcept"]["coding"][0];
    assert_eq!(coding["system"], "http://terminology.hl7.org/CodeSystem/icd-o-3");
    assert_eq!(
        (&coding["code"], &coding["display"]),
        (&json!("8743/3"), &json!("Superficial spreading melanoma"))
    );
    assert_eq!(component(finding[0], "106243009")["valueQuantity"]["code"], "mm");
    let reports = of_kind(&bundle, "DiagnosticReport");
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0]["conclusionCode"][0]["coding"][0]["code"], "8743/3");
    assert_eq!(reports[1]["conclusion"], "Excision advised.");
    assert_eq!(reports[1]["presentedForm"][0]["url"], "reports/R-2026-00012.pdf");

    record.biopsies[0].0.withdrawn_at = Some(at("2026-03-08T12:00:00Z"));
    assert!(of_kind(&written(&record), "Specimen").is_empty(), "entered by mistake");
}

#[test]
fn a_consent_that_was_withdrawn_is_none() {
    let bundle = written(&Record::full());
    let consents: Vec<_> = of_kind(&bundle, "Consent")
        .iter()
        .map(|one| {
            (one["status"].as_str().unwrap(), one["policyRule"]["coding"][0]["code"].as_str().unwrap())
        })
        .collect();
    let expected = [("inactive", "OPTOUT"), ("inactive", "OPTIN"), ("active", "OPTIN"), ("active", "OPTIN")];
    assert_eq!(consents, expected);
}

#[test]
fn a_registration_alone_is_r4() {
    let bundle = written(&Record::bare());
    let patient = of_kind(&bundle, "Patient")[0];
    assert_eq!(patient["gender"], "unknown");
    for absent in ["telecom", "address"] {
        assert!(patient.get(absent).is_none(), "{absent}");
    }
    assert!(of_kind(&bundle, "Observation").is_empty());
    assert!(!bundle.to_string().contains("null"));
}

#[test]
fn what_refers_to_what_is_left_out_says_so_without_the_reference() {
    let mut record = Record::full();
    record.readings.clear();
    record.photographs.clear();
    record.staff.retain(|user| user.details.full_name == "Dr. Imke Sander");
    let bundle = written(&record);
    let decision = observations(&bundle, "decision")[0];
    assert!(decision.get("derivedFrom").is_none());
    assert_eq!(decision["performer"][0]["display"], "a former account");
}

#[test]
fn odd_texts_are_r4() {
    let odd = [
        "ن".repeat(200),
        "x".repeat(200),
        "\u{202b}עברית\u{202c} and more".to_owned(),
        "王\u{3000}小明\u{feff}".to_owned(),
        "\0\u{1}\u{7f}\u{85}\u{2028}a".to_owned(),
        "</script>\"\\{}&<>'\r\n\t🌻".to_owned(),
        " \u{a0} ".to_owned(),
    ];
    for text in odd {
        let mut record = Record::full();
        let details = &mut record.patient.details;
        let lesion = &mut record.lesions[0].details;
        let decision = &mut record.decisions[0].entry;
        let (biopsy, findings) = &mut record.biopsies[0];
        let reading = &mut record.readings[0];
        for field in [
            &mut details.phone,
            &mut details.email,
            &mut details.address,
            &mut details.alert,
            &mut details.medical_history,
            &mut details.family_name,
            &mut details.given_names,
            &mut lesion.label,
            &mut lesion.note,
            &mut record.clinic.name,
            &mut record.staff[0].details.full_name,
            &mut record.consents[0].note,
            &mut record.feedback[0].entry.text,
            &mut record.impressions[0].entry.note,
            &mut decision.note,
            &mut decision.override_reason,
            &mut biopsy.details.specimen_number,
            &mut biopsy.sent_to,
            &mut findings[1].finding.text,
            &mut record.reports[0].record.conclusion,
            &mut reading.assessment.probabilities[1].label.code,
            &mut reading.model.name,
        ] {
            *field = text.clone();
        }
        written(&record);
    }
}
