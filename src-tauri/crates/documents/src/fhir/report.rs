//! Reports of the clinic.

use domain::report::{ReportRecord, ReportState};
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

/// Of the value set DiagnosticReportStatus.
const fn status(record: &ReportRecord) -> &'static str {
    match record.state {
        ReportState::Draft => "preliminary",
        ReportState::Signed if record.editions > 1 => "appended",
        ReportState::Signed => "final",
        ReportState::Withdrawn => "entered-in-error",
        ReportState::Discarded => "cancelled",
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
    let pdf =
        report.file.as_ref().map(|file| json!([attachment(file, &record.number, &json!(record.created_at))]));
    json!({
        "identifier": [{ "system": bundle.numbers("reports"), "value": record.number }],
        "status": status(record),
        "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", "IMG", "Diagnostic Imaging")],
        "code": concept(LOINC, "18748-4", "Diagnostic imaging study"),
        "subject": bundle.patient(),
        "effectiveDateTime": reading.map_or(record.created_at, |reading| reading.analysed_at),
        "issued": record.signed_at.unwrap_or(record.created_at),
        "performer": [bundle.organisation()],
        "resultsInterpreter": [author],
        "result": bundle.reading_reference(Some(record.analysis_id)).map(|reading| json!([reading])),
        "media": media,
        "conclusion": record.conclusion,
        "presentedForm": pdf,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_status() {
        let at = |state, editions| {
            status(&ReportRecord {
                id: domain::ReportId::fresh(),
                number: String::new(),
                patient_id: domain::PatientId::fresh(),
                analysis_id: domain::AnalysisId::fresh(),
                conclusion: String::new(),
                created_at: jiff::Timestamp::UNIX_EPOCH,
                state,
                version: 1,
                editions,
                signed_at: None,
            })
        };
        assert_eq!(at(ReportState::Draft, 0), "preliminary");
        assert_eq!((at(ReportState::Signed, 1), at(ReportState::Signed, 2)), ("final", "appended"));
        assert_eq!(at(ReportState::Withdrawn, 2), "entered-in-error");
    }
}
