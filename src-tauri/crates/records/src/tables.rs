//! The clinic's records as tables, for whoever works with them elsewhere.
//!
//! What is off the lists stays here: photographs and readings that were deleted, with what was said of them, and
//! readings that wait for an impression. Keys, sealed files and settings of the program are no records.

use domain::PatientId;
use domain::audit::AuditAction;
use serde_json::{Map, Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::rights::{FIELDS, told};
use crate::row::Columns;
use crate::store::{Reading, Writing};

pub type TableRow = Map<String, Value>;

/// One noun.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordTable {
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// In the order of the database.
    pub columns: Vec<String>,
    /// Columns by name. Moments are RFC 3339 in UTC, days ISO 8601; texts that hold JSON are JSON.
    pub rows: Vec<TableRow>,
}

/// Every table, as it was at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordTables {
    pub tables: Vec<RecordTable>,
    /// Readings that wait for an impression and are left out.
    pub withheld: u64,
}

/// The readings that do not leave: those that wait for an impression while `?1` holds, and the deleted ones.
const HIDDEN: &str = "
WITH withheld AS (
    SELECT id FROM analyses WHERE ?1 AND deletion IS NULL AND opened_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id)
), hidden AS (SELECT id FROM withheld UNION ALL SELECT id FROM analyses WHERE deletion IS NOT NULL)";

const OF_SHOWN_READING: &str = "analysis_id IS NULL OR analysis_id NOT IN (SELECT id FROM hidden)";
const ALL: &str = "TRUE";

/// Name, what is read, which rows, and what a row is.
const NOUNS: &[(&str, &str, &str, &str)] = &[
    ("accounts", "id, full_name, role, state FROM users", ALL, "Somebody who works or worked here."),
    (
        "clinicians",
        "id, full_name, licence_number, user_id, added_at, removed_at FROM clinicians",
        ALL,
        "An entry of the directory of clinicians.",
    ),
    ("patients", "* FROM patients", ALL, "A patient, also one whose record was merged into another."),
    (
        "consents",
        "* FROM consents",
        ALL,
        "A consent that was given or withdrawn; the newest of a kind counts.",
    ),
    ("lesions", "* FROM lesions", ALL, "A lesion, also one that is not followed any more."),
    ("visits", "* FROM visits", ALL, "A visit."),
    (
        "images",
        "* FROM images",
        "deletion IS NULL",
        "A photograph of a lesion; the picture itself is not here.",
    ),
    (
        "image_origins",
        "* FROM image_origins",
        "image_id NOT IN (SELECT id FROM images WHERE deletion IS NOT NULL)",
        "Where a photograph came from.",
    ),
    (
        "analyses",
        "* FROM analyses",
        "id NOT IN (SELECT id FROM hidden)",
        "A reading by the classifier: decision support, not a diagnosis.",
    ),
    ("analysis_images", "* FROM analysis_images", OF_SHOWN_READING, "A photograph that was read."),
    (
        "impressions",
        "* FROM impressions",
        OF_SHOWN_READING,
        "What a clinician said before a reading was shown.",
    ),
    ("checklists", "* FROM checklists", OF_SHOWN_READING, "An edition of a checklist."),
    ("decisions", "* FROM decisions", OF_SHOWN_READING, "An edition of a decision about a lesion."),
    (
        "reading_feedback",
        "* FROM reading_feedback",
        OF_SHOWN_READING,
        "That a reading was wrong, or was not.",
    ),
    ("recalls", "* FROM recalls", ALL, "A plan that a patient comes back."),
    ("recall_contacts", "* FROM recall_contacts", ALL, "An attempt to reach a patient."),
    ("biopsies", "* FROM biopsies", ALL, "A specimen, also one that was entered by mistake."),
    ("histologies", "* FROM histologies", ALL, "An edition of what the pathologist found."),
    ("reports", "* FROM reports", "analysis_id NOT IN (SELECT id FROM withheld)", "A report."),
    (
        "report_editions",
        "report_id, edition, kind, text, meaning, signer, signer_name, signed_at, key_id FROM report_editions",
        "report_id NOT IN (SELECT id FROM reports WHERE analysis_id IN (SELECT id FROM withheld))",
        "A signed edition of a report: the report itself, an addendum, its withdrawal.",
    ),
];

/// Of the tables that belong to no single patient.
const OWN_FIELDS: &[(&str, &str)] = &[
    ("class_name", "name of the class"),
    ("full_name", "name of the person"),
    ("licence_number", "number of the licence"),
    ("probability", "calibrated probability, 0 to 1"),
    ("removed_at", "when it was taken off the directory"),
    ("role", "what the person may do here"),
    ("spread", "largest minus smallest probability over the photographs of the reading, 0 to 1"),
];

/// Says nothing here: what was deleted is left out.
const LEFT_OUT: &str = "deletion";

/// What a column says, with its unit.
#[must_use]
pub fn meaning(column: &str) -> Option<&'static str> {
    OWN_FIELDS.iter().chain(FIELDS).find(|(name, _)| *name == column).map(|(_, meaning)| *meaning)
}

/// Reads every table for an export, which is recorded with every patient. `withhold` leaves out readings that wait
/// for an impression; `protected` says whether the export is sealed with a passphrase.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn everything(tx: &Writing<'_>, withhold: bool, protected: bool) -> Result<RecordTables, RecordsError> {
    let mut tables = Vec::with_capacity(NOUNS.len() + 1);
    for (name, read, condition, about) in NOUNS {
        let table = table(tx, name, about, &format!("{read} WHERE {condition}"), withhold)?;
        let classes = (*name == "analyses").then(|| classes(&table.rows)).transpose()?;
        tables.push(table);
        tables.extend(classes);
    }
    let withheld =
        tx.connection()
            .query_row(&format!("{HIDDEN} SELECT count(*) FROM withheld"), [withhold], |row| row.get(0))?;
    record(tx, &tables, withheld, protected)?;
    Ok(RecordTables { tables, withheld })
}

fn table(
    tx: &Reading<'_>,
    name: &'static str,
    about: &'static str,
    read: &str,
    withhold: bool,
) -> Result<RecordTable, RecordsError> {
    let mut query = tx.connection().prepare(&format!("{HIDDEN} SELECT {read} ORDER BY 1, 2"))?;
    let all: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = query.query([withhold])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut fields = told(row, &all)?;
        fields.remove(LEFT_OUT);
        found.push(fields);
    }
    let columns = all.into_iter().filter(|column| column != LEFT_OUT && !is_technical(column)).collect();
    Ok(RecordTable { name, about, columns, rows: found })
}

fn is_technical(column: &str) -> bool {
    crate::rights::TECHNICAL.contains(&column)
}

/// The probabilities that stand in the content of readings, a row each.
fn classes(readings: &[TableRow]) -> Result<RecordTable, RecordsError> {
    let mut rows = Vec::new();
    for reading in readings {
        let shares = reading["content"]["assessment"]["probabilities"].as_array();
        for share in shares.ok_or(RecordsError::Damaged)? {
            let row = json!({
                "analysis_id": reading["id"],
                "class_code": share["code"],
                "class_name": share["name"],
                "malignancy": share["malignancy"],
                "probability": share["probability"],
                "spread": share["spread"],
            });
            if let Value::Object(row) = row {
                rows.push(row);
            }
        }
    }
    let columns = ["analysis_id", "class_code", "class_name", "malignancy", "probability", "spread"];
    Ok(RecordTable {
        name: "analysis_classes",
        about: "What a reading says of one class of the model.",
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    })
}

fn record(
    tx: &Writing<'_>,
    tables: &[RecordTable],
    withheld: u64,
    protected: bool,
) -> Result<(), RecordsError> {
    let mut query = tx.connection().prepare("SELECT id FROM patients ORDER BY row")?;
    let patients = query.query_map([], |row| row.parsed("id"))?.collect::<Result<Vec<PatientId>, _>>()?;
    for patient in patients {
        audit::record(tx, AuditEntry::new(AuditAction::ClinicTablesExported).on(patient))?;
    }
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    let said = json!({ "rows": rows, "withheld": withheld, "protected": protected });
    audit::record(tx, AuditEntry::new(AuditAction::ClinicTablesExported).with(said))?;
    Ok(())
}
