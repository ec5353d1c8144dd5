//! Lesions of a patient.

use domain::audit::AuditAction;
use domain::lesion::{Lesion, LesionClosure, LesionDetails, LesionPlace};
use domain::{LesionId, PatientId};
use rusqlite::{Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE lesions (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id TEXT NOT NULL REFERENCES patients (id),
    label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
    site       TEXT NOT NULL,
    laterality TEXT NOT NULL CHECK (laterality IN ('left', 'right', 'midline', 'not_applicable')),
    note       TEXT NOT NULL CHECK (length(note) <= 2000),
    created_at INTEGER NOT NULL,
    UNIQUE (id, patient_id)
) STRICT;
CREATE INDEX lesions_by_patient ON lesions (patient_id, created_at);
";

/// Place on the body map, end of following, and the version that guards an edit.
pub(crate) const BODY_MAP: &str = "
ALTER TABLE lesions ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE lesions ADD COLUMN place_view TEXT;
ALTER TABLE lesions ADD COLUMN place_x REAL CHECK (place_x BETWEEN 0 AND 1);
ALTER TABLE lesions ADD COLUMN place_y REAL CHECK (place_y BETWEEN 0 AND 1)
    CHECK ((place_view IS NULL) = (place_x IS NULL) AND (place_view IS NULL) = (place_y IS NULL));
ALTER TABLE lesions ADD COLUMN closed_reason TEXT CHECK (closed_reason IN
    ('excised', 'treated', 'resolved', 'duplicate', 'entered_in_error', 'other'));
ALTER TABLE lesions ADD COLUMN closed_on TEXT CHECK (length(closed_on) = 10)
    CHECK ((closed_reason IS NULL) = (closed_on IS NULL));
ALTER TABLE lesions ADD COLUMN closed_note TEXT NOT NULL DEFAULT '' CHECK (length(closed_note) <= 400);
";

/// A lesion without a place.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient.
pub fn add(tx: &Writing<'_>, patient_id: PatientId, details: &LesionDetails) -> Result<Lesion, RecordsError> {
    add_at(tx, patient_id, details, None)
}

/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient.
pub fn add_at(
    tx: &Writing<'_>,
    patient_id: PatientId,
    details: &LesionDetails,
    place: Option<LesionPlace>,
) -> Result<Lesion, RecordsError> {
    crate::patients::must_exist(tx, patient_id)?;
    let lesion = Lesion {
        id: LesionId::fresh(),
        patient_id,
        details: details.clone(),
        place: place.map(LesionPlace::rounded),
        closure: None,
        created_at: tx.now(),
        version: 1,
    };
    tx.connection().execute(
        "INSERT INTO lesions (id, patient_id, label, site, laterality, note, created_at, place_view, place_x, place_y)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            id_text(&lesion.id),
            id_text(&patient_id),
            details.label,
            word(&details.site),
            word(&details.laterality),
            details.note,
            micros(tx.now()),
            lesion.place.map(|p| word(&p.view)),
            lesion.place.map(|p| p.x),
            lesion.place.map(|p| p.y),
        ],
    )?;
    let nothing = json!({
        "id": lesion.id, "patient_id": patient_id, "created_at": lesion.created_at, "version": 1, "note": "",
    });
    let added = json!({ "changed": changed(&nothing, &json!(lesion)) });
    audit::record(
        tx,
        AuditEntry::new(AuditAction::LesionAdded).on(lesion.id).of_patient(patient_id).with(added),
    )?;
    get(tx, lesion.id)
}

/// Replaces details and place. `version` is the one the edit began from.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when someone else changed the lesion meanwhile.
pub fn update(
    tx: &Writing<'_>,
    id: LesionId,
    version: u32,
    details: &LesionDetails,
    place: Option<LesionPlace>,
) -> Result<Lesion, RecordsError> {
    let old = get(tx, id)?;
    let new = Lesion { details: details.clone(), place: place.map(LesionPlace::rounded), ..old.clone() };
    store(tx, AuditAction::LesionChanged, version, &old, &new)
}

/// Puts a lesion at another place of the map, or takes it off.
///
/// # Errors
/// As [`update`].
pub fn relocate(
    tx: &Writing<'_>,
    id: LesionId,
    version: u32,
    place: Option<LesionPlace>,
) -> Result<Lesion, RecordsError> {
    let old = get(tx, id)?;
    let new = Lesion { place: place.map(LesionPlace::rounded), ..old.clone() };
    store(tx, AuditAction::LesionMoved, version, &old, &new)
}

/// Ends the following of a lesion. The closure is validated before ([`LesionClosure::validate`]).
///
/// # Errors
/// As [`update`]; also [`RecordsError::Conflict`] for a lesion that is closed.
pub fn close(
    tx: &Writing<'_>,
    id: LesionId,
    version: u32,
    closure: &LesionClosure,
) -> Result<Lesion, RecordsError> {
    let old = get(tx, id)?;
    if old.closure.is_some() {
        return Err(RecordsError::Conflict);
    }
    let new = Lesion { closure: Some(closure.clone()), ..old.clone() };
    store(tx, AuditAction::LesionClosed, version, &old, &new)
}

/// Takes a closed lesion up again.
///
/// # Errors
/// As [`update`]; also [`RecordsError::Conflict`] for a lesion that is open.
pub fn reopen(tx: &Writing<'_>, id: LesionId, version: u32) -> Result<Lesion, RecordsError> {
    let old = get(tx, id)?;
    if old.closure.is_none() {
        return Err(RecordsError::Conflict);
    }
    let new = Lesion { closure: None, ..old.clone() };
    store(tx, AuditAction::LesionReopened, version, &old, &new)
}

fn store(
    tx: &Writing<'_>,
    action: AuditAction,
    version: u32,
    old: &Lesion,
    new: &Lesion,
) -> Result<Lesion, RecordsError> {
    let closure = new.closure.as_ref();
    let found = tx
        .connection()
        .prepare_cached(
            "UPDATE lesions SET label = :label, site = :site, laterality = :laterality, note = :note,
                 place_view = :place_view, place_x = :place_x, place_y = :place_y,
                 closed_reason = :closed_reason, closed_on = :closed_on, closed_note = :closed_note,
                 version = version + 1
             WHERE id = :id AND version = :version",
        )?
        .execute(named_params! {
            ":id": id_text(&old.id),
            ":version": version,
            ":label": new.details.label,
            ":site": word(&new.details.site),
            ":laterality": word(&new.details.laterality),
            ":note": new.details.note,
            ":place_view": new.place.map(|p| word(&p.view)),
            ":place_x": new.place.map(|p| p.x),
            ":place_y": new.place.map(|p| p.y),
            ":closed_reason": closure.map(|c| word(&c.reason)),
            ":closed_on": closure.map(|c| c.on.to_string()),
            ":closed_note": closure.map_or("", |c| c.note.as_str()),
        })?;
    if found == 0 {
        return Err(RecordsError::Conflict);
    }
    let details = json!({ "changed": changed(old, new), "version": version + 1 });
    audit::record(tx, AuditEntry::new(action).on(old.id).of_patient(old.patient_id).with(details))?;
    get(tx, old.id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: LesionId) -> Result<Lesion, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM lesions WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The patient's lesions, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Lesion>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM lesions WHERE patient_id = ?1 ORDER BY created_at, id")?;
    let lesions = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(lesions)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Lesion> {
    let place = match row.get::<_, Option<String>>("place_view")? {
        Some(_) => Some(LesionPlace {
            view: row.word("place_view")?,
            x: row.get("place_x")?,
            y: row.get("place_y")?,
        }),
        None => None,
    };
    let closure = match row.get::<_, Option<String>>("closed_reason")? {
        Some(_) => Some(LesionClosure {
            reason: row.word("closed_reason")?,
            on: row.parsed("closed_on")?,
            note: row.text("closed_note")?,
        }),
        None => None,
    };
    Ok(Lesion {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        details: LesionDetails {
            label: row.text("label")?,
            site: row.word("site")?,
            laterality: row.word("laterality")?,
            note: row.text("note")?,
        },
        place,
        closure,
        created_at: row.time("created_at")?,
        version: row.get("version")?,
    })
}
