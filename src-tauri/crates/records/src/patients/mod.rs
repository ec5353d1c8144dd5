//! Patients, their numbers and consents, finding them, and making one of two records.

mod approximate;
mod attached;
mod consents;
mod departing;
mod duplicates;
mod meant;
mod merge;
mod near;
mod numbers;
mod roll;
mod search;
mod words;

#[cfg(test)]
mod old_database;

use domain::PatientId;
use domain::audit::AuditAction;
use domain::consent::ConsentKind;
use domain::patient::{Consent, Patient, PatientDetails};
use rusqlite::{Connection, Row, named_params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::{Columns, id_text, json, micros, word};
use crate::store::{Reading, Writing};

pub use consents::{read_consents, record_consent};
pub(crate) use departing::{Departed, departing, forget, with_merged};
pub use duplicates::{Probe, Suspect, duplicates};
pub(crate) use meant::{AMONG, Meant, meant};
pub(crate) use merge::no_work_under_way;
pub use merge::{Merge, counts_of, merge, merges_of, undo_merge};
pub(crate) use near::near_among;
pub use numbers::{NUMBER_PATTERN, number_example, number_pattern};
pub(crate) use numbers::{adopt as adopt_number, issue as issue_number};
pub use roll::{Likeness, OnRoll, Roll, roll};
pub(crate) use search::index;
pub use search::{PatientPage, PatientSummary, search};
pub(crate) use words::{Word, words_of};

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

/// Numbers that were issued, with what a query names them by, and the vocabulary of names.
pub(crate) const REGISTRY_TABLES: &str = "
CREATE TABLE patient_numbers (
    row      INTEGER PRIMARY KEY AUTOINCREMENT,
    number   TEXT NOT NULL UNIQUE,
    key      TEXT NOT NULL UNIQUE,
    short    TEXT NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
CREATE INDEX patient_numbers_by_short ON patient_numbers (short);
CREATE INDEX patient_numbers_by_sequence ON patient_numbers (sequence);
CREATE TABLE name_keys (
    key  TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (key, word)
) WITHOUT ROWID, STRICT;
";
/// Consents get a third kind and a note, which takes a new table; patients an alert and their end in a merge.
pub(crate) const REGISTRY: &str = "
CREATE TABLE consents_wider (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id TEXT NOT NULL REFERENCES patients (id),
    kind       TEXT NOT NULL CHECK (kind IN ('photo', 'ai', 'training')),
    given      INTEGER NOT NULL CHECK (given IN (0, 1)),
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL CHECK (length(changed_by) = 36),
    note       TEXT NOT NULL CHECK (length(note) <= 500)
) STRICT;
INSERT INTO consents_wider (row, patient_id, kind, given, changed_at, changed_by, note)
    SELECT row, patient_id, kind, given, changed_at, changed_by, '' FROM consents;
DROP TABLE consents;
ALTER TABLE consents_wider RENAME TO consents;
CREATE INDEX consents_by_patient ON consents (patient_id, kind, row);
ALTER TABLE patients ADD COLUMN alert TEXT NOT NULL DEFAULT '' CHECK (length(alert) <= 200);
ALTER TABLE patients ADD COLUMN merged_into TEXT REFERENCES patients (id) CHECK (merged_into <> id);
CREATE INDEX patients_merged ON patients (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX patients_by_birth ON patients (date_of_birth);
CREATE INDEX patients_by_email ON patients (lower(email)) WHERE email <> '';
";
pub(crate) use merge::SCHEMA as MERGES;

/// Fills what [`REGISTRY_TABLES`] made from the patients of an older database.
pub(crate) fn fill_registry(connection: &Connection) -> rusqlite::Result<()> {
    numbers::enter_existing(connection)?;
    search::index_existing(connection)
}

const COLUMNS: &str = "SELECT patients.*,
    (SELECT given FROM consents WHERE patient_id = patients.id AND kind = 'photo' ORDER BY row DESC LIMIT 1)
        AS photo_given,
    (SELECT changed_at FROM consents WHERE patient_id = patients.id AND kind = 'photo' ORDER BY row DESC LIMIT 1)
        AS photo_changed_at,
    (SELECT given FROM consents WHERE patient_id = patients.id AND kind = 'ai' ORDER BY row DESC LIMIT 1)
        AS ai_given,
    (SELECT changed_at FROM consents WHERE patient_id = patients.id AND kind = 'ai' ORDER BY row DESC LIMIT 1)
        AS ai_changed_at,
    (SELECT given FROM consents WHERE patient_id = patients.id AND kind = 'training' ORDER BY row DESC LIMIT 1)
        AS training_given,
    (SELECT changed_at FROM consents WHERE patient_id = patients.id AND kind = 'training'
        ORDER BY row DESC LIMIT 1) AS training_changed_at
    FROM patients WHERE id = ?1";

/// Registers a patient under the next number of the clinic's pattern ([`NUMBER_PATTERN`]). The details are
/// validated before ([`PatientDetails::validate`]).
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn register(tx: &Writing<'_>, details: &PatientDetails) -> Result<Patient, RecordsError> {
    let number = numbers::issue(tx)?;
    enter(tx, details, &number, "", json!({}))
}

/// Registers a patient of older records under the number they had there, or under the next one of this clinic
/// where that was issued here before. `note` goes with the consents, which are dated today.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn register_from_elsewhere(
    tx: &Writing<'_>,
    details: &PatientDetails,
    number: Option<&str>,
    note: &str,
) -> Result<Patient, RecordsError> {
    let kept = match number {
        Some(number) if numbers::adopt(tx, number)? => number.to_owned(),
        _ => numbers::issue(tx)?,
    };
    let brought = number.filter(|number| *number != kept);
    enter(tx, details, &kept, note, json!({ "imported": true, "number_elsewhere": brought }))
}

fn enter(
    tx: &Writing<'_>,
    details: &PatientDetails,
    number: &str,
    note: &str,
    mut said: serde_json::Value,
) -> Result<Patient, RecordsError> {
    let id = PatientId::fresh();
    let row: i64 = tx
        .connection()
        .prepare_cached(
            "INSERT INTO patients (id, number, family_name, given_names, date_of_birth, sex, phone, email,
                 address, fitzpatrick, alert, medical_history, risk_factors, family_key, given_key,
                 registered_at, version)
             VALUES (:id, :number, :family_name, :given_names, :date_of_birth, :sex, :phone, :email, :address,
                 :fitzpatrick, :alert, :medical_history, :risk_factors, :family_key, :given_key, :now, 1)
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
                ":alert": details.alert,
                ":medical_history": details.medical_history,
                ":risk_factors": json(&details.risk_factors),
                ":family_key": fold(&details.family_name),
                ":given_key": fold(&details.given_names),
                ":now": micros(tx.now()),
            },
            |row| row.get(0),
        )?;
    search::index(tx, id, row, details)?;
    for kind in ConsentKind::ALL {
        if consent_in(details, kind) {
            consents::enter(tx, id, kind, true, note)?;
        }
    }
    said["photo_consent"] = json!(details.photo_consent);
    said["ai_consent"] = json!(details.ai_consent);
    said["training_consent"] = json!(details.training_consent);
    audit::record(tx, AuditEntry::new(AuditAction::PatientRegistered).on(id).with(said))?;
    get(tx, id)
}

/// Replaces the details of a patient. `version` is the one the edit began from.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when someone else changed the patient meanwhile,
/// [`RecordsError::Merged`].
pub fn update(
    tx: &Writing<'_>,
    id: PatientId,
    version: u32,
    details: &PatientDetails,
) -> Result<Patient, RecordsError> {
    let old = get(tx, id)?;
    if old.merged_into.is_some() {
        return Err(RecordsError::Merged);
    }
    if old.version != version {
        return Err(RecordsError::Conflict);
    }
    store_details(tx, id, &old.details, details)?;
    for kind in ConsentKind::ALL {
        let given = consent_in(details, kind);
        if consent_in(&old.details, kind) != given {
            consents::enter(tx, id, kind, given, "")?;
        }
    }
    let changed = json!({ "changed": changed(&old.details, details), "version": version + 1 });
    audit::record(tx, AuditEntry::new(AuditAction::PatientChanged).on(id).with(changed))?;
    get(tx, id)
}

/// Writes everything but the consents, raises the version and renews the index.
fn store_details(
    tx: &Writing<'_>,
    id: PatientId,
    old: &PatientDetails,
    details: &PatientDetails,
) -> Result<(), RecordsError> {
    let row: i64 = tx
        .connection()
        .prepare_cached(
            "UPDATE patients SET family_name = :family_name, given_names = :given_names,
                 date_of_birth = :date_of_birth, sex = :sex, phone = :phone, email = :email, address = :address,
                 fitzpatrick = :fitzpatrick, alert = :alert, medical_history = :medical_history,
                 risk_factors = :risk_factors, family_key = :family_key, given_key = :given_key,
                 version = version + 1
             WHERE id = :id RETURNING row",
        )?
        .query_row(
            named_params! {
                ":id": id_text(&id),
                ":family_name": details.family_name,
                ":given_names": details.given_names,
                ":date_of_birth": details.date_of_birth.to_string(),
                ":sex": word(&details.sex),
                ":phone": details.phone,
                ":email": details.email,
                ":address": details.address,
                ":fitzpatrick": details.fitzpatrick.as_ref().map(word),
                ":alert": details.alert,
                ":medical_history": details.medical_history,
                ":risk_factors": json(&details.risk_factors),
                ":family_key": fold(&details.family_name),
                ":given_key": fold(&details.given_names),
            },
            |row| row.get(0),
        )?;
    search::index(tx, id, row, details)?;
    search::forget_names(tx, old)
}

const fn consent_in(details: &PatientDetails, kind: ConsentKind) -> bool {
    match kind {
        ConsentKind::Photo => details.photo_consent,
        ConsentKind::Ai => details.ai_consent,
        ConsentKind::Training => details.training_consent,
    }
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

/// The patient is on record and stands for itself, so that something may be added.
pub(crate) fn must_exist(tx: &Reading<'_>, id: PatientId) -> Result<(), RecordsError> {
    match merged_into(tx, id)? {
        None => Ok(()),
        Some(_) => Err(RecordsError::Merged),
    }
}

/// The record that stands in the place of a merged one; the record itself when it was not merged.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn standing(tx: &Reading<'_>, id: PatientId) -> Result<PatientId, RecordsError> {
    let mut standing = id;
    while let Some(next) = merged_into(tx, standing)? {
        standing = next;
    }
    Ok(standing)
}

fn merged_into(tx: &Reading<'_>, id: PatientId) -> Result<Option<PatientId>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT merged_into FROM patients WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], parent)?)
}

fn parent(row: &Row<'_>) -> rusqlite::Result<Option<PatientId>> {
    match row.get::<_, Option<String>>("merged_into")? {
        Some(_) => Ok(Some(row.parsed("merged_into")?)),
        None => Ok(None),
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Patient> {
    let consent = |given: &str, changed_at: &str| -> rusqlite::Result<Consent> {
        let given = row.get::<_, Option<bool>>(given)?.unwrap_or(false);
        Ok(Consent { given, changed_at: row.time_or_none(changed_at)? })
    };
    let photo = consent("photo_given", "photo_changed_at")?;
    let ai = consent("ai_given", "ai_changed_at")?;
    let training = consent("training_given", "training_changed_at")?;
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
            alert: row.text("alert")?,
            fitzpatrick,
            medical_history: row.text("medical_history")?,
            risk_factors: row.json("risk_factors")?,
            photo_consent: photo.given,
            ai_consent: ai.given,
            training_consent: training.given,
        },
        photo_consent_record: photo,
        ai_consent_record: ai,
        training_consent_record: training,
        merged_into: parent(row)?,
        registered_at: row.time("registered_at")?,
        version: row.get("version")?,
    })
}
