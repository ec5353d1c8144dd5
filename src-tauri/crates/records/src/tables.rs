//! The clinic's records as tables, for whoever works with them elsewhere.
//!
//! What is off the lists stays here: photographs and readings that were deleted, with what was said of them, and
//! readings that wait for an impression. Keys, sealed files and settings of the program are no records.

use domain::PatientId;
use domain::audit::AuditAction;
use rusqlite::{OptionalExtension, params_from_iter};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::outlines;
use crate::rights::{FIELDS, PortraitFile, SubjectPicture, told};
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
    /// The photographs with their explanations and outlines; none unless they were asked for.
    pub pictures: Vec<SubjectPicture>,
    /// One a patient, likewise.
    pub portraits: Vec<PortraitFile>,
    /// Pictures of signatures of those who stand in the directory, likewise.
    pub signatures: Vec<PortraitFile>,
}

/// What an export of all tables is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Leaves out readings that wait for an impression.
    pub withhold: bool,
    /// It is sealed with a passphrase.
    pub protected: bool,
    /// Photographs go along.
    pub photographs: bool,
}

/// The readings that do not leave: those that wait for an impression while `?1` holds, and the deleted ones.
const HIDDEN: &str = "
WITH withheld AS (
    SELECT id FROM analyses WHERE ?1 AND deletion IS NULL AND opened_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id)
), hidden AS (SELECT id FROM withheld UNION ALL SELECT id FROM analyses WHERE deletion IS NOT NULL)";

const OF_SHOWN_READING: &str = "analysis_id IS NULL OR analysis_id NOT IN (SELECT id FROM hidden)";
const OF_STANDING_IMAGE: &str = "image_id NOT IN (SELECT id FROM images WHERE deletion IS NOT NULL)";
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
        OF_STANDING_IMAGE,
        "Where a photograph came from.",
    ),
    ("image_scales", "* FROM image_scales", OF_STANDING_IMAGE, "How large the pixels of a photograph are."),
    ("image_marks", "* FROM image_marks", OF_STANDING_IMAGE, "What was measured by hand in a photograph."),
    (
        "comparisons",
        "* FROM comparisons",
        "earlier_id NOT IN (SELECT id FROM images WHERE deletion IS NOT NULL)
         AND later_id NOT IN (SELECT id FROM images WHERE deletion IS NOT NULL)",
        "Two photographs of a lesion that were compared, and the change that was measured.",
    ),
    ("imaging_devices", "* FROM imaging_devices", ALL, "A camera or dermatoscope of the clinic."),
    (
        "analyses",
        "* FROM analyses",
        "id NOT IN (SELECT id FROM hidden)",
        "A reading by the classifier: decision support, not a diagnosis.",
    ),
    ("analysis_images", "* FROM analysis_images", OF_SHOWN_READING, "A photograph that was read."),
    (
        "analysis_files",
        "analysis_id, image_id, kind, class_code FROM analysis_files",
        OF_SHOWN_READING,
        "A picture that explains a reading.",
    ),
    (
        "analysis_outlines",
        "analysis_id, image_id, method, model_name, model_version, model_sha256, missing, area_px, diameter_px,
         mm_per_px, content FROM analysis_outlines",
        OF_SHOWN_READING,
        "The outline and the measures of a lesion in a photograph.",
    ),
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
    (
        "referrals",
        "* FROM referrals",
        "decision_id NOT IN (SELECT id FROM decisions WHERE analysis_id IN (SELECT id FROM hidden))",
        "A letter of referral.",
    ),
    ("recalls", "* FROM recalls", ALL, "A plan that a patient comes back."),
    ("recall_contacts", "* FROM recall_contacts", ALL, "An attempt to reach a patient."),
    ("recall_visits", "* FROM recall_visits", ALL, "The visit that was booked for such a plan."),
    (
        "biopsies",
        "* FROM biopsies",
        // One that was entered by mistake does not keep its photograph.
        "site_image_id IS NULL OR site_image_id NOT IN (SELECT id FROM images WHERE deletion IS NOT NULL)",
        "A specimen, also one that was entered by mistake while the photograph of its site is there.",
    ),
    ("histologies", "* FROM histologies", ALL, "An edition of what the pathologist found."),
    ("case_notes", "* FROM case_notes", ALL, "A note between desk and clinicians."),
    ("retention_holds", "* FROM retention_holds", ALL, "A hold that keeps a record from being erased."),
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
    ("image_width", "width of its pictures in pixels"),
    ("licence_number", "number of the licence"),
    ("make", "maker of the camera"),
    ("model", "model of the camera"),
    ("name", "name of the device"),
    ("probability", "calibrated probability, 0 to 1"),
    ("removed_at", "when it was taken off the directory"),
    ("role", "what the person may do here"),
    ("spread", "largest minus smallest probability over the photographs of the reading, 0 to 1"),
    ("um_per_px", "width of a pixel in micrometres"),
];

/// Says nothing here: what was deleted is left out.
const LEFT_OUT: &str = "deletion";

/// What a column says, with its unit.
#[must_use]
pub fn meaning(column: &str) -> Option<&'static str> {
    OWN_FIELDS.iter().chain(FIELDS).find(|(name, _)| *name == column).map(|(_, meaning)| *meaning)
}

/// Reads every table for an export, which is recorded with every patient.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn everything(tx: &Writing<'_>, leaving: Leaving) -> Result<RecordTables, RecordsError> {
    let withhold = leaving.withhold;
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
    let (mut shown, mut faces, mut signed) = (Vec::new(), Vec::new(), Vec::new());
    if leaving.photographs {
        shown = pictures(tx, &tables)?;
        faces = portraits(tx)?;
        signed = signatures(tx)?;
    }
    let told = RecordTables { tables, withheld, pictures: shown, portraits: faces, signatures: signed };
    record(tx, &told, leaving.protected)?;
    Ok(told)
}

/// Folder and name of a photograph in an export; nothing for a row that names none.
pub(crate) fn photograph_path(image: &TableRow) -> Option<String> {
    let format = image.get("format")?.as_str()?;
    let ending = match format {
        "jpeg" => "jpg",
        "tiff" => "tif",
        other => other,
    };
    Some(format!("photographs/{}.{ending}", image.get("id")?.as_str()?))
}

/// The same of a picture that explains a reading.
pub(crate) fn explanation_path(row: &TableRow) -> Option<String> {
    let text = |column: &str| row.get(column).and_then(Value::as_str);
    let (analysis, image) = (text("analysis_id")?, text("image_id")?);
    Some(format!("explanations/{analysis}/{image}-{}-{}.png", text("class_code")?, text("kind")?))
}

/// The same of an outline; nothing where the lesion was not found.
pub(crate) fn outline_path(row: &TableRow) -> Option<String> {
    let text = |column: &str| row.get(column).and_then(Value::as_str);
    if text("missing").is_some() {
        return None;
    }
    Some(format!("explanations/{}/{}-{}.png", text("analysis_id")?, text("image_id")?, outlines::PURPOSE))
}

/// The pictures that rows of the tables speak of.
fn pictures(tx: &Reading<'_>, tables: &[RecordTable]) -> Result<Vec<SubjectPicture>, RecordsError> {
    let rows = |name: &str| {
        tables.iter().find(|table| table.name == name).map_or(&[][..], |table| table.rows.as_slice())
    };
    let text =
        |row: &TableRow, column: &str| row.get(column).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut found = Vec::new();
    let mut add = |path: Option<String>, purpose: &str, file: Option<SealedFile>| {
        if let (Some(path), Some(file)) = (path, file) {
            found.push(SubjectPicture { path, purpose: purpose.to_owned(), file });
        }
    };
    let sealed =
        "SELECT file_id, version, wrapped_key FROM {} JOIN sealed_files ON sealed_files.id = file_id";
    let file =
        |table: &str, condition: &str, values: &[String]| -> Result<Option<SealedFile>, RecordsError> {
            let sql = format!("{} WHERE {condition}", sealed.replace("{}", table));
            let mut query = tx.connection().prepare_cached(&sql)?;
            Ok(query.query_row(params_from_iter(values), files::from_row).optional()?)
        };
    for row in rows("images") {
        let original = file("image_files", "rendition = 'original' AND image_id = ?1", &[text(row, "id")])?;
        add(photograph_path(row), "original", original);
    }
    for row in rows("analysis_files") {
        let key = ["analysis_id", "image_id", "kind", "class_code"].map(|column| text(row, column));
        let condition = "analysis_id = ?1 AND image_id = ?2 AND kind = ?3 AND class_code = ?4";
        add(explanation_path(row), &key[2], file("analysis_files", condition, &key)?);
    }
    for row in rows("analysis_outlines") {
        let key = ["analysis_id", "image_id"].map(|column| text(row, column));
        let outline = file("analysis_outlines", "analysis_id = ?1 AND image_id = ?2", &key)?;
        add(outline_path(row), outlines::PURPOSE, outline);
    }
    Ok(found)
}

/// Folder and name of the picture of a signature in an export.
pub(crate) fn signature_path(clinician: &str) -> String {
    format!("signatures/{clinician}.png")
}

fn signatures(tx: &Reading<'_>) -> Result<Vec<PortraitFile>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT id, signature FROM clinicians WHERE signature IS NOT NULL AND removed_at IS NULL ORDER BY id",
    )?;
    let found = query
        .query_map([], |row| Ok((signature_path(&row.text("id")?), Zeroizing::new(row.get("signature")?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn portraits(tx: &Reading<'_>) -> Result<Vec<PortraitFile>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT patient_id, jpeg, max(row) FROM portraits WHERE jpeg IS NOT NULL GROUP BY patient_id ORDER BY 1",
    )?;
    let found = query.query_map([], |row| {
        Ok((format!("portraits/{}.jpg", row.text("patient_id")?), Zeroizing::new(row.get("jpeg")?)))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
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

fn record(tx: &Writing<'_>, told: &RecordTables, protected: bool) -> Result<(), RecordsError> {
    let mut query = tx.connection().prepare("SELECT id FROM patients ORDER BY row")?;
    let patients = query.query_map([], |row| row.parsed("id"))?.collect::<Result<Vec<PatientId>, _>>()?;
    for patient in patients {
        audit::record(tx, AuditEntry::new(AuditAction::ClinicTablesExported).on(patient))?;
    }
    let rows: usize = told.tables.iter().map(|table| table.rows.len()).sum();
    let said = json!({
        "rows": rows, "withheld": told.withheld, "protected": protected, "pictures": told.pictures.len(),
    });
    audit::record(tx, AuditEntry::new(AuditAction::ClinicTablesExported).with(said))?;
    Ok(())
}
