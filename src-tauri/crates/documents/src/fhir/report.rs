//! Reports of the clinic.

use serde_json::{Value, json};

use super::FhirReport;
use super::bundle::Bundle;
use super::code::{LOINC, attachment, concept};

pub fn add(bundle: &mut Bundle<'_>) {
    for report in bundle.record.reports {
        let resource = resource(bundle, report);
        bundle.add("DiagnosticReport", *report.record.id.as_uuid(), resource);
    }
}

fn resource(bundle: &Bundle<'_>, report: &FhirReport) -> Value {
    let record = &report.record;
    let reading = bundle.reading(record.analysis_id);
    let media: Vec<Value> = reading
        .into_iter()
        .flat_map(|reading| &reading.image_ids)
        .filter_map(|id| bundle.photograph(*id))
        .map(|link| json!({ "link": link }))
        .collect();
    let author = bundle.person(report.author);
    let pdf = report.file.as_ref().map(|file| json!([attachment(file, &record.number, record.created_at)]));
    json!({
        "identifier": [{ "system": bundle.numbers("reports"), "value": record.number }],
        "status": "final",
        "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", "IMG", "Diagnostic Imaging")],
        "code": concept(LOINC, "18748-4", "Diagnostic imaging study"),
        "subject": bundle.patient(),
        "effectiveDateTime": reading.map_or(record.created_at, |reading| reading.analysed_at),
        "issued": record.created_at,
        "performer": [bundle.organisation()],
        "resultsInterpreter": [author],
        "result": bundle.reading_reference(Some(record.analysis_id)).map(|reading| json!([reading])),
        "media": media,
        "conclusion": record.conclusion,
        "presentedForm": pdf,
    })
}
