//! The record in words, for the person to read.

use documents::{SubjectSummary, SummaryLine, SummarySection};
use domain::patient::Patient;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::rights::Subject;
use serde_json::{Map, Value};

use crate::session::Session;

type Row = Map<String, Value>;

/// What a section is made with.
struct Words<'a> {
    subject: &'a Subject,
    names: &'a Row,
    zone: TimeZone,
}

pub(super) fn of(
    session: &Session,
    subject: &Subject,
    patient: &Patient,
    names: &Row,
    made_at: Timestamp,
) -> SubjectSummary {
    let words = Words { subject, names, zone: TimeZone::system() };
    SubjectSummary {
        clinic_name: session.office().clinic.name.clone(),
        patient_number: patient.number.clone(),
        patient_name: patient.details.full_name(),
        issued_at: made_at,
        issued: format!("Made on {}", words.printed(made_at)),
        sections: vec![
            section("Person", person(patient)),
            words.section("Consents", "consents", |row| {
                let given = if row["given"] == true { "given" } else { "withdrawn" };
                let said =
                    format!("{}: {given}, recorded by {}", word(row, "kind"), words.name(row, "changed_by"));
                (words.moment(row, "changed_at"), sentence([said, text(row, "note")]))
            }),
            words.section("Visits", "visits", |row| {
                let room = prefixed("room ", row, "room");
                (text(row, "day"), sentence([word(row, "state"), room, text(row, "note")]))
            }),
            words.section("Lesions", "lesions", |row| {
                let closed = prefixed("closed: ", row, "closed_reason");
                let site = [word(row, "site"), word(row, "laterality")];
                (text(row, "label"), sentence([site.join(", "), text(row, "note"), closed]))
            }),
            words.section("Photographs", "images", |row| {
                let size = format!("{}, {} × {} pixels", word(row, "kind"), row["width"], row["height"]);
                (words.moment(row, "imported_at"), size)
            }),
            words.section("Readings by the classifier", "analyses", |row| {
                let sum = row["malignant_sum"].as_f64().unwrap_or_default() * 100.0;
                let model = format!("{} {}", text(row, "model_name"), text(row, "model_version"));
                let said = format!(
                    "{}, probability of malignancy {sum:.0} %, urgency {}",
                    word(row, "band"),
                    word(row, "urgency")
                );
                (words.moment(row, "analysed_at"), sentence([said, format!("model {model}")]))
            }),
            words.section("Reports", "reports", |row| {
                let said = format!("{} by {}", text(row, "number"), words.name(row, "author"));
                (words.moment(row, "created_at"), sentence([said, text(row, "conclusion")]))
            }),
            words.section("Recalls", "recalls", |row| {
                (
                    text(row, "due_on"),
                    sentence([text(row, "reason"), word(row, "state"), text(row, "closing_note")]),
                )
            }),
            words.section("Attempts to reach you", "recall_contacts", |row| {
                let said = format!("{}: {}", word(row, "means"), word(row, "outcome"));
                (words.moment(row, "at"), sentence([said, text(row, "note")]))
            }),
            words.section("Biopsies", "biopsies", |row| {
                let said = format!("{} {}", word(row, "kind"), text(row, "specimen_number"));
                let taken_back = prefixed("taken back: ", row, "withdrawn_reason");
                (
                    text(row, "taken_on"),
                    sentence([said, word(row, "state"), text(row, "impression_text"), taken_back]),
                )
            }),
            words.section("Histology", "histologies", |row| {
                let said = format!("{} {}", word(row, "behaviour"), text(row, "morphology"));
                (text(row, "reported_on"), sentence([said, text(row, "text")]))
            }),
            words.section("Notes", "case_notes", |row| {
                let struck = prefixed("struck out: ", row, "strike_reason");
                let said = format!("{}: {}", words.name(row, "author"), text(row, "text"));
                (words.moment(row, "written_at"), sentence([said, struck]))
            }),
            words.section("Holds that keep the record", "retention_holds", |row| {
                let until = prefixed("until ", row, "until");
                (words.moment(row, "set_at"), sentence([text(row, "reason"), until]))
            }),
            section("Who read or changed the record", words.access_log()),
        ],
    }
}

impl Words<'_> {
    fn section(&self, title: &str, name: &str, said: impl Fn(&Row) -> (String, String)) -> SummarySection {
        let lines = self.subject.rows(name).iter().map(|row| {
            let (left, right) = said(row);
            SummaryLine { left, right }
        });
        section(title, lines.collect())
    }

    fn access_log(&self) -> Vec<SummaryLine> {
        let said = |row: &records::audit::AuditRow| {
            let who =
                self.names.get(&row.actor.to_string()).and_then(Value::as_str).unwrap_or("a former account");
            SummaryLine {
                left: self.printed(row.at),
                right: format!("{who} ({}): {}", spaced(row.role.code()), spaced(&row.action.code())),
            }
        };
        self.subject.access_log.iter().map(said).collect()
    }

    fn printed(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%-d %b %Y, %H:%M").to_string()
    }

    fn moment(&self, row: &Row, field: &str) -> String {
        let at = row.get(field).and_then(Value::as_str).and_then(|at| at.parse().ok());
        at.map_or_else(String::new, |at| self.printed(at))
    }

    fn name(&self, row: &Row, field: &str) -> String {
        let name = row.get(field).and_then(Value::as_str).and_then(|id| self.names.get(id));
        name.and_then(Value::as_str).unwrap_or("a former account").to_owned()
    }
}

fn section(title: &str, lines: Vec<SummaryLine>) -> SummarySection {
    SummarySection { title: title.to_owned(), lines }
}

fn person(patient: &Patient) -> Vec<SummaryLine> {
    let details = &patient.details;
    let spoken = |value: Option<String>| value.map(|word| spaced(&word)).unwrap_or_default();
    let risks = details.risk_factors.iter().filter_map(spoken_word).collect::<Vec<_>>();
    [
        ("Number", patient.number.clone()),
        ("Family name", details.family_name.clone()),
        ("Given names", details.given_names.clone()),
        ("Date of birth", details.date_of_birth.to_string()),
        ("Sex", details.sex.name().to_owned()),
        ("Telephone", details.phone.clone()),
        ("E-mail", details.email.clone()),
        ("Address", details.address.clone()),
        ("Skin phototype", spoken(details.fitzpatrick.as_ref().and_then(spoken_word))),
        ("Alert", details.alert.clone()),
        ("Medical history", details.medical_history.clone()),
        ("Risk factors", spaced(&risks.join(", "))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| SummaryLine { left: label.to_owned(), right: value })
    .collect()
}

fn spoken_word(value: &impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

fn text(row: &Row, field: &str) -> String {
    row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A code as words.
fn word(row: &Row, field: &str) -> String {
    spaced(&text(row, field))
}

fn spaced(code: &str) -> String {
    code.replace('_', " ")
}

fn prefixed(prefix: &str, row: &Row, field: &str) -> String {
    let value = word(row, field);
    if value.is_empty() { value } else { format!("{prefix}{value}") }
}

/// The parts that say something, one after the other.
fn sentence<const N: usize>(parts: [String; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}
