//! A person is written as they were elsewhere.

use std::collections::HashMap;

use domain::audit::AuditAction;
use domain::{FileId, ImageId, PatientId};
use rusqlite::types::Value as Stored;
use rusqlite::{OptionalExtension, params, params_from_iter};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};
use crate::tables::{self, TableRow};
use crate::{biopsies, files, images, patients};

use super::cells::columns;
use super::nouns::{LOOSE, NOUNS};
use super::{Drawn, Parcel, Photographed};

/// Most specimens of one number that are told apart.
const ALIKE: u32 = 99;

/// How a person stands here before anything is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No record of the parcel is here.
    New,
    /// Every record is here. The photographs named are, too, but without their pictures.
    Here { bare: Vec<ImageId> },
    /// Some records are here and others are not, as when they were merged since.
    Partly,
    /// A record was erased here.
    Erased,
}

/// What was written of a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    pub rows: u64,
    /// Numbers of patients and specimens that were taken here, and what stands in their place.
    pub renumbered: Vec<(String, String)>,
}

/// # Errors
/// [`RecordsError::Storage`].
pub fn standing(tx: &Reading<'_>, parcel: &Parcel) -> Result<Standing, RecordsError> {
    let mut here = 0;
    for patient in &parcel.patients {
        let id = id_text(patient);
        if exists(tx, "SELECT 1 FROM patients WHERE id = ?1", &id)? {
            here += 1;
        } else if exists(
            tx,
            "SELECT 1 FROM audit_rows WHERE patient_id = ?1 AND action = 'patient_erased'",
            &id,
        )? {
            return Ok(Standing::Erased);
        }
    }
    Ok(match here {
        0 => Standing::New,
        n if n == parcel.patients.len() => Standing::Here { bare: bare(tx, parcel)? },
        _ => Standing::Partly,
    })
}

/// Photographs of the parcel that are recorded here for its patients and have no picture.
fn bare(tx: &Reading<'_>, parcel: &Parcel) -> Result<Vec<ImageId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT patient_id FROM images WHERE id = ?1 AND sha256 = ?2 AND deletion IS NULL
             AND NOT EXISTS (SELECT 1 FROM image_files WHERE image_id = images.id)",
    )?;
    let mut found = Vec::new();
    for image in parcel.photographs() {
        let owner: Option<PatientId> = query
            .query_row(params![id_text(&image.id), image.sha256], |row| row.parsed("patient_id"))
            .optional()?;
        if let Some(owner) = owner
            && parcel.patients.contains(&patients::standing(tx, owner)?)
        {
            found.push(image.id);
        }
    }
    Ok(found)
}

/// Writes a person of whom nothing is here. Photographs without files keep their place without a picture;
/// explanations and outlines without files stay away.
///
/// # Errors
/// [`RecordsError::Conflict`] when a record of the parcel is here already; [`RecordsError::Damaged`] for what no
/// export writes, also where rows contradict each other or do not read back.
pub fn admit(
    tx: &Writing<'_>,
    parcel: &Parcel,
    photographs: &[Photographed],
    drawn: &Drawn,
) -> Result<Admitted, RecordsError> {
    admitted(tx, parcel, photographs, drawn).map_err(contradiction)
}

/// A value outside its bounds, or a reference to what is not there: no export holds such rows.
pub(super) fn contradiction(error: RecordsError) -> RecordsError {
    const CONSTRAINT: i32 = 19;
    match error {
        RecordsError::Storage(code) if code & 0xff == CONSTRAINT => RecordsError::Damaged,
        other => other,
    }
}

fn admitted(
    tx: &Writing<'_>,
    parcel: &Parcel,
    photographs: &[Photographed],
    drawn: &Drawn,
) -> Result<Admitted, RecordsError> {
    for patient in &parcel.patients {
        if exists(tx, "SELECT 1 FROM patients WHERE id = ?1", &id_text(patient))? {
            return Err(RecordsError::Conflict);
        }
    }
    let taken = taken_identities(tx, parcel)?;
    let mut admission = Admission { tx, parcel, taken, drawn, told: Admitted::default() };
    for (place, (table, _)) in NOUNS.iter().enumerate() {
        for row in parcel.rows.get(place).map_or(&[][..], Vec::as_slice) {
            admission.enter(table, row)?;
        }
    }
    for (image, renditions) in photographs {
        let image = admission.now_called(*image)?;
        enter_renditions(tx, image, renditions)?;
    }
    for patient in parcel.patients.iter().rev() {
        admission.welcome(*patient)?;
    }
    Ok(admission.told)
}

struct Admission<'a> {
    tx: &'a Writing<'a>,
    parcel: &'a Parcel,
    /// Identities that something else has here, and those that stand in their place.
    taken: HashMap<String, String>,
    drawn: &'a Drawn,
    told: Admitted,
}

impl Admission<'_> {
    fn enter(&mut self, table: &'static str, row: &TableRow) -> Result<(), RecordsError> {
        let Some(made) = self.made(table, row)? else { return Ok(()) };
        let known = columns(self.tx, table)?;
        if row.keys().any(|column| known.iter().all(|k| k.name != *column)) {
            return Err(RecordsError::Damaged);
        }
        let mut names = Vec::new();
        let mut values = Vec::new();
        for column in &known {
            let value = match made.iter().find(|(name, _)| *name == column.name) {
                Some((_, value)) => value.clone(),
                None => match row.get(&column.name) {
                    Some(value) => column.stored(&self.renamed(value))?,
                    None => continue,
                },
            };
            names.push(column.name.as_str());
            values.push(value);
        }
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
        self.tx.connection().prepare_cached(&sql)?.execute(params_from_iter(values))?;
        self.told.rows += 1;
        Ok(())
    }

    /// The columns that no export holds, or that cannot stay as they were. Nothing for a row that stays away.
    fn made(
        &mut self,
        table: &'static str,
        row: &TableRow,
    ) -> Result<Option<Vec<(&'static str, Stored)>>, RecordsError> {
        let text = |column: &str| row.get(column).and_then(Value::as_str).ok_or(RecordsError::Damaged);
        let mut made: Vec<(&'static str, Stored)> = LOOSE
            .iter()
            .filter(|(of, column, target)| *of == table && !self.came(row, column, target))
            .map(|(_, column, _)| (*column, Stored::Null))
            .collect();
        match table {
            "patients" => {
                let number = self.number(text("number")?)?;
                made.push(("number", number.into()));
                made.push(("family_key", fold(text("family_name")?).into()));
                made.push(("given_key", fold(text("given_names")?).into()));
            }
            "biopsies" => {
                let standing = row.get("withdrawn_at").is_none_or(Value::is_null);
                let number = self.specimen(text("specimen_number")?, standing)?;
                made.push(("specimen_key", biopsies::key_of(&number).into()));
                made.push(("specimen_number", number.into()));
            }
            // This reference waits until the end of the transaction, where nobody could be refused any more.
            "checklists" | "decisions" if !self.came(row, "superseded_by", table) => {
                return Err(RecordsError::Damaged);
            }
            "recalls" => {
                let booked = row.get("booked_for").and_then(Value::as_str);
                made.push(("next_on", booked.map_or_else(|| text("due_on"), Ok)?.to_owned().into()));
            }
            "analysis_files" => {
                let path = tables::explanation_path(row).ok_or(RecordsError::Damaged)?;
                let Some(file) = self.file(&path)? else { return Ok(None) };
                made.push(("file_id", file.into()));
            }
            "analysis_outlines" => {
                if let Some(path) = tables::outline_path(row) {
                    let Some(file) = self.file(&path)? else { return Ok(None) };
                    made.push(("file_id", file.into()));
                }
            }
            _ => {}
        }
        Ok(Some(made))
    }

    fn file(&self, path: &str) -> Result<Option<String>, RecordsError> {
        let Some(file) = self.drawn.get(path) else { return Ok(None) };
        files::insert(self.tx, file)?;
        Ok(Some(id_text(&file.id)))
    }

    /// Whether what a row refers to is in the parcel.
    fn came(&self, row: &TableRow, column: &str, target: &str) -> bool {
        let Some(id) = row.get(column).and_then(Value::as_str) else { return true };
        self.parcel.of(target).iter().any(|other| other.get("id").and_then(Value::as_str) == Some(id))
    }

    /// The number a patient keeps, or gets.
    fn number(&mut self, brought: &str) -> Result<String, RecordsError> {
        if patients::adopt_number(self.tx, brought)? {
            return Ok(brought.to_owned());
        }
        let issued = patients::issue_number(self.tx)?;
        self.told.renumbered.push((brought.to_owned(), issued.clone()));
        Ok(issued)
    }

    /// Two specimens that stand have two numbers.
    fn specimen(&mut self, brought: &str, standing: bool) -> Result<String, RecordsError> {
        if !standing || biopsies::numbered(self.tx, brought)?.is_none() {
            return Ok(brought.to_owned());
        }
        for other in 2..=ALIKE {
            let number = format!("{brought} ({other})");
            if biopsies::numbered(self.tx, &number)?.is_none() {
                self.told.renumbered.push((brought.to_owned(), number.clone()));
                return Ok(number);
            }
        }
        Err(RecordsError::Damaged)
    }

    fn renamed(&self, value: &Value) -> Value {
        if self.taken.is_empty() {
            return value.clone();
        }
        match value {
            Value::String(text) => self.taken.get(text).map_or_else(|| value.clone(), |to| json!(to)),
            Value::Array(items) => items.iter().map(|item| self.renamed(item)).collect(),
            Value::Object(fields) => {
                let renamed = fields.iter().map(|(name, value)| (name.clone(), self.renamed(value)));
                Value::Object(renamed.collect())
            }
            other => other.clone(),
        }
    }

    fn now_called(&self, image: ImageId) -> Result<ImageId, RecordsError> {
        match self.taken.get(&id_text(&image)) {
            Some(other) => other.parse().map_err(|_| RecordsError::Damaged),
            None => Ok(image),
        }
    }

    /// What was written reads back; the patient is found from now on, and the trail tells of the arrival.
    fn welcome(&self, id: PatientId) -> Result<(), RecordsError> {
        let patient = super::reading_back::legible(self.tx, id)?;
        if patient.merged_into.is_none() {
            let row = self.tx.connection().query_row(
                "SELECT row FROM patients WHERE id = ?1",
                [id_text(&id)],
                |row| row.get(0),
            )?;
            patients::index(self.tx, id, row, &patient.details)?;
        }
        let said = json!({ "rows": self.told.rows, "number": patient.number });
        audit::record(self.tx, AuditEntry::new(AuditAction::PatientImported).on(id).with(said))?;
        Ok(())
    }
}

/// Identities of the parcel that a row of the same table has here already, each with a fresh one.
fn taken_identities(tx: &Reading<'_>, parcel: &Parcel) -> Result<HashMap<String, String>, RecordsError> {
    let mut taken = HashMap::new();
    for (place, (table, _)) in NOUNS.iter().enumerate().filter(|(_, (table, _))| *table != "patients") {
        for id in parcel.rows.get(place).into_iter().flatten().filter_map(|row| row.get("id")) {
            let id = id.as_str().ok_or(RecordsError::Damaged)?;
            // An identity of whatever kind is written like any other.
            id.parse::<FileId>().map_err(|_| RecordsError::Damaged)?;
            if exists(tx, &format!("SELECT 1 FROM {table} WHERE id = ?1"), id)? {
                taken.insert(id.to_owned(), id_text(&FileId::fresh()));
            }
        }
    }
    Ok(taken)
}

fn enter_renditions(
    tx: &Writing<'_>,
    image: ImageId,
    renditions: &[(images::Rendition, files::SealedFile)],
) -> Result<(), RecordsError> {
    for (rendition, file) in renditions {
        files::insert(tx, file)?;
        tx.connection()
            .prepare_cached("INSERT INTO image_files (image_id, rendition, file_id) VALUES (?1, ?2, ?3)")?
            .execute(params![id_text(&image), rendition.purpose(), id_text(&file.id)])?;
    }
    Ok(())
}

/// Gives photographs that have none their pictures.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown photograph, [`RecordsError::Conflict`] for one that has a picture.
pub fn complete(tx: &Writing<'_>, photographs: &[Photographed]) -> Result<(), RecordsError> {
    for (image, renditions) in photographs {
        let record = images::get(tx, *image)?;
        enter_renditions(tx, *image, renditions)?;
        let entry = AuditEntry::new(AuditAction::ImageImported).on(*image).of_patient(record.patient_id);
        audit::record(tx, entry.with(json!({ "completed": true, "sha256": record.sha256 })))?;
    }
    Ok(())
}

fn exists(tx: &Reading<'_>, sql: &str, id: &str) -> Result<bool, RecordsError> {
    Ok(tx.connection().prepare_cached(sql)?.exists([id])?)
}

#[cfg(test)]
mod tests {
    use super::super::nouns;
    use super::*;
    use crate::migrations::MIGRATIONS;
    use rusqlite::Connection;

    /// A reference that is neither loose nor inside the parcel would keep a person away.
    #[test]
    fn what_arrives_refers_to_what_arrives_before_it() {
        const STAFF: [&str; 3] = ["users", "clinicians", "imaging_devices"];
        // Emptied by the export, or filled with the file that came along.
        const ABSENT: [&str; 2] = ["deletions", "sealed_files"];
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        for (place, (table, _)) in NOUNS.iter().enumerate() {
            let mut query =
                connection.prepare("SELECT \"table\", \"from\" FROM pragma_foreign_key_list(?1)").unwrap();
            let keys = query.query_map([table], |row| {
                Ok((row.get::<_, String>(0).unwrap(), row.get::<_, String>(1).unwrap()))
            });
            for (target, column) in keys.unwrap().map(Result::unwrap) {
                let arrives = nouns::place(&target).is_some_and(|other| other <= place);
                let loose = LOOSE.iter().any(|(of, from, _)| of == table && *from == column);
                let known = STAFF.contains(&target.as_str()) || ABSENT.contains(&target.as_str());
                assert!(arrives || loose || known, "{table}.{column} refers to {target}");
            }
        }
    }
}
