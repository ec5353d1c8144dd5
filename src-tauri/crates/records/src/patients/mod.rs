//! Patients, their consents, and finding them.

mod search;
mod words;

use domain::PatientId;
use domain::audit::AuditAction;
use domain::patient::{Consent, Patient, PatientDetails};
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::counters;
use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::{Columns, id_text, json, micros, word};
use crate::store::{Reading, Writing};

pub use search::{PatientPage, PatientSummary, search};

// The words in the search table are folded already; the `ascii` tokenizer splits them at spaces alone, where
// `unicode61` would also split at letters younger than its tables.
pub(crate) const SCHEMA: &str = "
CREATE TABLE patients (
    row             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    number          TEXT NOT NULL UNIQUE,
    family_name     TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    given_names     TEXT NOT NULL CHECK (length(given_names) BETWEEN 1 AND 100),
    date_of_birth   TEXT NOT NULL CHECK (length(date_of_birth) = 10),
    sex             TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    phone           TEXT NOT NULL CHECK (length(phone) <= 40),
    email           TEXT NOT NULL CHECK (length(email) <= 254),
    address         TEXT NOT NULL CHECK (length(address) <= 400),
    fitzpatrick     TEXT CHECK (fitzpatrick IN ('I', 'II', 'III', 'IV', 'V', 'VI')),
    medical_history TEXT NOT NULL CHECK (length(medical_history) <= 10000),
    risk_factors    TEXT NOT NULL CHECK (json_valid(risk_factors)),
    family_key      TEXT NOT NULL,
    given_key       TEXT NOT NULL,
    registered_at   INTEGER NOT NULL,
    version         INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX patients_by_name ON patients (family_key, given_key, row);
CREATE TABLE consents (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id TEXT NOT NULL REFERENCES patients (id),
    kind       TEXT NOT NULL CHECK (kind IN ('photo', 'ai')),
    given      INTEGER NOT NULL CHECK (given IN (0, 1)),
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL CHECK (length(changed_by) = 36)
) STRICT;
CREATE INDEX consents_by_patient ON consents (patient_id, kind, row);
CREATE VIRTUAL TABLE patient_search USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '1 2 3', detail = 'none',
    tokenize = 'ascii'
);
";

const COLUMNS: &str = "SELECT patients.*,
    (SELECT given FROM consents WHERE patient_id = patients.id AND kind = 'photo' ORDER BY row DESC LIMIT 1)
        AS photo_given,
    (SELECT changed_at FROM consents WHERE patient_id = patients.id AND kind = 'photo' ORDER BY row DESC LIMIT 1)
        AS photo_changed_at,
    (SELECT given FROM consents WHERE patient_id = patients.id AND kind = 'ai' ORDER BY row DESC LIMIT 1)
        AS ai_given,
    (SELECT changed_at FROM consents WHERE patient_id = patients.id AND kind = 'ai' ORDER BY row DESC LIMIT 1)
        AS ai_changed_at
    FROM patients WHERE id = ?1";

/// Registers a patient under the next number of the clinic, `P-000001` and on. The details are
/// validated before ([`PatientDetails::validate`]).
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn register(tx: &Writing<'_>, details: &PatientDetails) -> Result<Patient, RecordsError> {
    let id = PatientId::fresh();
    let number = number_of(counters::next(tx, "patient")?);
    let row: i64 = tx
        .connection()
        .prepare_cached(
            "INSERT INTO patients (id, number, family_name, given_names, date_of_birth, sex, phone, email,
                 address, fitzpatrick, medical_history, risk_factors, family_key, given_key, registered_at,
                 version)
             VALUES (:id, :number, :family_name, :given_names, :date_of_birth, :sex, :phone, :email, :address,
                 :fitzpatrick, :medical_history, :risk_factors, :family_key, :given_key, :now, 1)
             RETURNING row",
        )?
        .query_row(
            named_params! {
                ":id": id_text(&id),
                ":number": number,
                ":family_name": details.family_name,
                ":given_names": details.given_names,
                ":date_of_birth": details.date_of_birth.to_string(),
                ":sex": word(&details.sex),
                ":phone": details.phone,
                ":email": details.email,
                ":address": details.address,
                ":fitzpatrick": details.fitzpatrick.as_ref().map(word),
                ":medical_history": details.medical_history,
                ":risk_factors": json(&details.risk_factors),
                ":family_key": fold(&details.family_name),
                ":given_key": fold(&details.given_names),
                ":now": micros(tx.now()),
            },
            |row| row.get(0),
        )?;
    search::index(tx, row, &number, details)?;
    for (kind, given) in [("photo", details.photo_consent), ("ai", details.ai_consent)] {
        if given {
            set_consent(tx, id, kind, given)?;
        }
    }
    let consents = json!({ "photo_consent": details.photo_consent, "ai_consent": details.ai_consent });
    audit::record(tx, AuditEntry::new(AuditAction::PatientRegistered).on(id).with(consents))?;
    get(tx, id)
}

/// Replaces the details of a patient. `version` is the one the edit began from.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when someone else changed the patient meanwhile.
pub fn update(
    tx: &Writing<'_>,
    id: PatientId,
    version: u32,
    details: &PatientDetails,
) -> Result<Patient, RecordsError> {
    let old = get(tx, id)?;
    let row: Option<i64> = tx
        .connection()
        .prepare_cached(
            "UPDATE patients SET family_name = :family_name, given_names = :given_names,
                 date_of_birth = :date_of_birth, sex = :sex, phone = :phone, email = :email, address = :address,
                 fitzpatrick = :fitzpatrick, medical_history = :medical_history, risk_factors = :risk_factors,
                 family_key = :family_key, given_key = :given_key, version = version + 1
             WHERE id = :id AND version = :version RETURNING row",
        )?
        .query_row(
            named_params! {
                ":id": id_text(&id),
                ":version": version,
                ":family_name": details.family_name,
                ":given_names": details.given_names,
                ":date_of_birth": details.date_of_birth.to_string(),
                ":sex": word(&details.sex),
                ":phone": details.phone,
                ":email": details.email,
                ":address": details.address,
                ":fitzpatrick": details.fitzpatrick.as_ref().map(word),
                ":medical_history": details.medical_history,
                ":risk_factors": json(&details.risk_factors),
                ":family_key": fold(&details.family_name),
                ":given_key": fold(&details.given_names),
            },
            |row| row.get(0),
        )
        .optional()?;
    let row = row.ok_or(RecordsError::Conflict)?;
    search::index(tx, row, &old.number, details)?;
    for (kind, was, given) in [
        ("photo", old.details.photo_consent, details.photo_consent),
        ("ai", old.details.ai_consent, details.ai_consent),
    ] {
        if was != given {
            set_consent(tx, id, kind, given)?;
        }
    }
    let changed = json!({ "changed": changed(&old.details, details), "version": version + 1 });
    audit::record(tx, AuditEntry::new(AuditAction::PatientChanged).on(id).with(changed))?;
    get(tx, id)
}

/// The patient as a person is about to see it; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read(tx: &Writing<'_>, id: PatientId) -> Result<Patient, RecordsError> {
    let patient = get(tx, id)?;
    audit::record(tx, AuditEntry::new(AuditAction::PatientRead).on(id))?;
    Ok(patient)
}

/// The patient without a trace, for work that leaves its own, such as making a report.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: PatientId) -> Result<Patient, RecordsError> {
    let mut query = tx.connection().prepare_cached(COLUMNS)?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

pub(crate) fn must_exist(tx: &Reading<'_>, id: PatientId) -> Result<(), RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT 1 FROM patients WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], |_| Ok(()))?)
}

/// The printed number of the n-th patient.
fn number_of(sequence: u64) -> String {
    format!("P-{sequence:06}")
}

fn set_consent(tx: &Writing<'_>, id: PatientId, kind: &str, given: bool) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO consents (patient_id, kind, given, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id_text(&id), kind, given, micros(tx.now()), id_text(&tx.actor().user)])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Patient> {
    let consent = |given: &str, changed_at: &str| -> rusqlite::Result<Consent> {
        let given = row.get::<_, Option<bool>>(given)?.unwrap_or(false);
        Ok(Consent { given, changed_at: row.time_or_none(changed_at)? })
    };
    let photo = consent("photo_given", "photo_changed_at")?;
    let ai = consent("ai_given", "ai_changed_at")?;
    let fitzpatrick = match row.get::<_, Option<String>>("fitzpatrick")? {
        Some(_) => Some(row.word("fitzpatrick")?),
        None => None,
    };
    Ok(Patient {
        id: row.parsed("id")?,
        number: row.text("number")?,
        details: PatientDetails {
            family_name: row.text("family_name")?,
            given_names: row.text("given_names")?,
            date_of_birth: row.parsed("date_of_birth")?,
            sex: row.word("sex")?,
            phone: row.text("phone")?,
            email: row.text("email")?,
            address: row.text("address")?,
            fitzpatrick,
            medical_history: row.text("medical_history")?,
            risk_factors: row.json("risk_factors")?,
            photo_consent: photo.given,
            ai_consent: ai.given,
        },
        photo_consent_record: photo,
        ai_consent_record: ai,
        registered_at: row.time("registered_at")?,
        version: row.get("version")?,
    })
}
