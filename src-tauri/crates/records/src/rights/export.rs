//! Everything that is stored about a person.

use domain::audit::AuditAction;
use domain::{PatientId, ReportId};
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Row, params};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::audit::{self, AuditEntry, AuditRow};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::outlines;
use crate::patients;
use crate::row::Columns;
use crate::store::{Reading, Writing};

use super::fields::{SECTIONS, TECHNICAL};
use super::personal::PERSONAL;

/// One table's rows about the person.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectSection {
    pub name: &'static str,
    /// Columns by name. Moments are RFC 3339 in UTC, days ISO 8601; texts that hold JSON are JSON.
    pub rows: Vec<Map<String, Value>>,
}

/// A picture that goes with the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPicture {
    /// Folder and name in the export; no name of a person is in it.
    pub path: String,
    /// The purpose word it is sealed with.
    pub purpose: String,
    pub file: SealedFile,
}

/// Folder and name in the export, and the JPEG.
pub type PortraitFile = (String, Zeroizing<Vec<u8>>);

/// Everything about one person, as it was at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The record and those merged into it.
    pub patients: Vec<PatientId>,
    pub sections: Vec<SubjectSection>,
    /// Newest first.
    pub access_log: Vec<AuditRow>,
    pub photographs: Vec<SubjectPicture>,
    pub explanations: Vec<SubjectPicture>,
    pub portraits: Vec<PortraitFile>,
    /// Identity and number, oldest first.
    pub reports: Vec<(ReportId, String)>,
}

impl Subject {
    /// The rows of a section; none of an unknown one.
    #[must_use]
    pub fn rows(&self, name: &str) -> &[Map<String, Value>] {
        self.sections.iter().find(|section| section.name == name).map_or(&[], |section| &section.rows)
    }
}

/// Reads everything about a patient for an export, which is recorded. `protected` says whether the export is
/// sealed with a passphrase.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Merged`].
pub fn everything(tx: &Writing<'_>, patient: PatientId, protected: bool) -> Result<Subject, RecordsError> {
    patients::must_exist(tx, patient)?;
    let records = patients::with_merged(tx, patient)?;
    let here = json!(records).to_string();
    let sections = SECTIONS
        .iter()
        .map(|(name, _)| Ok(SubjectSection { name, rows: rows_of(tx, name, &here)? }))
        .collect::<Result<_, RecordsError>>()?;
    let subject = Subject {
        sections,
        access_log: audit::of_patient(tx, patient, u32::MAX)?,
        photographs: photographs(tx, &here)?,
        explanations: explanations(tx, &here)?,
        portraits: portraits(tx, &here)?,
        reports: reports(tx, &here)?,
        patients: records,
    };
    let said = json!({
        "photographs": subject.photographs.len(),
        "explanations": subject.explanations.len(),
        "reports": subject.reports.len(),
        "protected": protected,
    });
    audit::record(tx, AuditEntry::new(AuditAction::SubjectExported).on(patient).with(said))?;
    Ok(subject)
}

fn rows_of(tx: &Reading<'_>, table: &str, here: &str) -> Result<Vec<Map<String, Value>>, RecordsError> {
    let Some(personal) = PERSONAL.iter().find(|personal| personal.table == table) else {
        return Ok(Vec::new());
    };
    let sql = format!("SELECT * FROM {table} WHERE {} ORDER BY 1, 2", personal.condition());
    let mut query = tx.connection().prepare(&sql)?;
    let columns: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = query.query(params![here])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(told(row, &columns)?);
    }
    Ok(found)
}

pub(crate) fn told(row: &Row<'_>, columns: &[String]) -> Result<Map<String, Value>, RecordsError> {
    let mut fields = Map::new();
    for (at, column) in columns.iter().enumerate() {
        if TECHNICAL.contains(&column.as_str()) {
            continue;
        }
        let value = match row.get_ref(at)? {
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
            ValueRef::Integer(number) if is_moment(column) => {
                json!(Timestamp::from_microsecond(number).map_err(|_| RecordsError::Damaged)?)
            }
            ValueRef::Integer(number) if column == "given" => json!(number != 0),
            ValueRef::Integer(number) => json!(number),
            ValueRef::Real(number) => json!(number),
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|_| RecordsError::Damaged)?;
                if JSON.contains(&column.as_str()) {
                    serde_json::from_str(text).map_err(|_| RecordsError::Damaged)?
                } else {
                    json!(text)
                }
            }
        };
        fields.insert(column.clone(), value);
    }
    Ok(fields)
}

/// Columns that hold JSON.
pub(crate) const JSON: &[&str] = &[
    "risk_factors",
    "quality",
    "content",
    "request",
    "before",
    "after",
    "body",
    "answers",
    "result",
    "origin",
    "points",
    "statement",
];

pub(crate) fn is_moment(column: &str) -> bool {
    column == "at" || column == "until" || column.ends_with("_at")
}

fn photographs(tx: &Reading<'_>, here: &str) -> Result<Vec<SubjectPicture>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT images.id AS name, format, rendition AS purpose, file_id, version, wrapped_key
         FROM images JOIN image_files ON image_id = images.id JOIN sealed_files ON sealed_files.id = file_id
         WHERE rendition = 'original' AND patient_id IN (SELECT value FROM json_each(?1))
         UNION ALL
         SELECT desk_photos.id, format, rendition, file_id, sealed_files.version, wrapped_key
         FROM desk_photos JOIN desk_photo_files ON photo_id = desk_photos.id
             JOIN sealed_files ON sealed_files.id = file_id
         WHERE rendition = 'original' AND state = 'waiting'
           AND patient_id IN (SELECT value FROM json_each(?1))
         UNION ALL
         SELECT tray_photos.id, format, rendition, file_id, version, wrapped_key
         FROM tray_photos JOIN tray_photo_files ON photo_id = tray_photos.id
             JOIN sealed_files ON sealed_files.id = file_id
         WHERE rendition = 'original' AND patient_id IN (SELECT value FROM json_each(?1))
         ORDER BY 1",
    )?;
    let found = query.query_map([here], |row| {
        let format = row.text("format")?;
        let ending = match format.as_str() {
            "jpeg" => "jpg",
            "tiff" => "tif",
            other => other,
        };
        picture(row, format!("photographs/{}.{ending}", row.text("name")?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn explanations(tx: &Reading<'_>, here: &str) -> Result<Vec<SubjectPicture>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT analysis_id, image_id, kind AS purpose, class_code || '-' AS class, file_id, version, wrapped_key
         FROM analysis_files JOIN analyses ON analyses.id = analysis_id
             JOIN sealed_files ON sealed_files.id = file_id
         WHERE patient_id IN (SELECT value FROM json_each(?1))
         UNION ALL
         SELECT analysis_id, image_id, ?2, '', file_id, version, wrapped_key
         FROM analysis_outlines JOIN analyses ON analyses.id = analysis_id
             JOIN sealed_files ON sealed_files.id = file_id
         WHERE patient_id IN (SELECT value FROM json_each(?1))
         ORDER BY 1, 2, 4, 3",
    )?;
    let found = query.query_map(params![here, outlines::PURPOSE], |row| {
        let class = row.text("class")?;
        let (analysis, image, purpose) =
            (row.text("analysis_id")?, row.text("image_id")?, row.text("purpose")?);
        picture(row, format!("explanations/{analysis}/{image}-{class}{purpose}.png"))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn picture(row: &Row<'_>, path: String) -> rusqlite::Result<SubjectPicture> {
    Ok(SubjectPicture { path, purpose: row.text("purpose")?, file: files::from_row(row)? })
}

fn portraits(tx: &Reading<'_>, here: &str) -> Result<Vec<PortraitFile>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT row, jpeg FROM portraits
         WHERE jpeg IS NOT NULL AND patient_id IN (SELECT value FROM json_each(?1)) ORDER BY row",
    )?;
    let found = query.query_map([here], |row| {
        let number: i64 = row.get("row")?;
        Ok((format!("portraits/{number}.jpg"), Zeroizing::new(row.get("jpeg")?)))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn reports(tx: &Reading<'_>, here: &str) -> Result<Vec<(ReportId, String)>, RecordsError> {
    let mut query = tx.connection().prepare(
        "SELECT id, number FROM reports WHERE patient_id IN (SELECT value FROM json_each(?1))
         ORDER BY created_at, id",
    )?;
    let found = query.query_map([here], |row| Ok((row.parsed("id")?, row.text("number")?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}
