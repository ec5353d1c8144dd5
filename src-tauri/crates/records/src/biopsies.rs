//! Biopsies of lesions and their histology. A finding is never overwritten: a correction is a new edition.

mod findings;

use domain::audit::AuditAction;
use domain::biopsy::{Biopsy, SpecimenDetails};
use domain::{BiopsyId, LesionId, PatientId};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub use findings::{editions, enter_histology, finding_of_lesion};

// A specimen number is unique without regard to case and spaces, as it is read aloud and typed from a pot.
pub(crate) const SCHEMA: &str = "
CREATE TABLE biopsies (
    id               TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id       TEXT NOT NULL REFERENCES patients (id),
    lesion_id        TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('shave', 'punch', 'incision', 'excision', 're_excision',
                                                   'curettage', 'other')),
    taken_on         TEXT NOT NULL CHECK (length(taken_on) = 10),
    taken_by         TEXT NOT NULL REFERENCES users (id),
    site_image_id    TEXT NOT NULL,
    specimen_number  TEXT NOT NULL CHECK (length(specimen_number) BETWEEN 1 AND 40),
    specimen_key     TEXT NOT NULL,
    impression       TEXT CHECK (impression IN ('benign', 'premalignant', 'malignant')),
    impression_text  TEXT NOT NULL CHECK (length(impression_text) <= 500),
    state            TEXT NOT NULL CHECK (state IN ('taken', 'sent', 'result', 'read')),
    sent_to          TEXT NOT NULL CHECK (length(sent_to) <= 120),
    sent_on          TEXT CHECK (length(sent_on) = 10),
    resulted_at      INTEGER,
    read_by          TEXT REFERENCES users (id),
    read_at          INTEGER,
    withdrawn_by     TEXT REFERENCES users (id),
    withdrawn_at     INTEGER,
    withdrawn_reason TEXT NOT NULL CHECK (length(withdrawn_reason) <= 500),
    recorded_by      TEXT NOT NULL REFERENCES users (id),
    recorded_at      INTEGER NOT NULL,
    version          INTEGER NOT NULL CHECK (version >= 1),
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    FOREIGN KEY (site_image_id, patient_id) REFERENCES images (id, patient_id),
    CHECK ((state IN ('result', 'read')) = (resulted_at IS NOT NULL)),
    CHECK ((state = 'read') = (read_at IS NOT NULL)),
    CHECK ((read_by IS NULL) = (read_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK (withdrawn_at IS NULL OR length(withdrawn_reason) > 0)
) STRICT;
CREATE UNIQUE INDEX biopsies_by_number ON biopsies (specimen_key) WHERE withdrawn_at IS NULL;
CREATE INDEX biopsies_by_patient ON biopsies (patient_id, taken_on);
CREATE INDEX biopsies_pending ON biopsies (taken_on, id, resulted_at, withdrawn_at)
    WHERE resulted_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX biopsies_unread ON biopsies (resulted_at, id, read_at) WHERE resulted_at IS NOT NULL AND read_at IS NULL;
CREATE TABLE histologies (
    biopsy_id   TEXT NOT NULL REFERENCES biopsies (id),
    edition     INTEGER NOT NULL CHECK (edition >= 1),
    morphology  TEXT CHECK (length(morphology) = 6),
    behaviour   TEXT NOT NULL CHECK (behaviour IN ('benign', 'uncertain', 'in_situ', 'malignant')),
    text        TEXT NOT NULL CHECK (length(text) <= 4000),
    breslow_mm  REAL CHECK (breslow_mm BETWEEN 0.01 AND 100),
    margins     TEXT NOT NULL CHECK (margins IN ('clear', 'close', 'involved', 'not_stated')),
    reported_on TEXT NOT NULL CHECK (length(reported_on) = 10),
    analysis_id TEXT REFERENCES analyses (id),
    entered_by  TEXT NOT NULL REFERENCES users (id),
    entered_at  INTEGER NOT NULL,
    PRIMARY KEY (biopsy_id, edition)
) STRICT;
";

/// Records a specimen in the actor's name.
///
/// # Errors
/// [`RecordsError::NotFound`] when lesion, photograph or person is unknown, or the photograph is not one of
/// that lesion; [`RecordsError::Conflict`] for a specimen number in use.
pub fn take(tx: &Writing<'_>, lesion: LesionId, details: &SpecimenDetails) -> Result<Biopsy, RecordsError> {
    let patient = crate::lesions::get(tx, lesion)?.patient_id;
    shows(tx, lesion, details)?;
    let id = BiopsyId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO biopsies (id, patient_id, lesion_id, kind, taken_on, taken_by, site_image_id,
                 specimen_number, specimen_key, impression, impression_text, state, sent_to, withdrawn_reason,
                 recorded_by, recorded_at, version)
             VALUES (:id, :patient, :lesion, :kind, :taken_on, :taken_by, :image, :number, :key, :impression,
                 :impression_text, 'taken', '', '', :by, :now, 1)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&patient),
            ":lesion": id_text(&lesion),
            ":kind": word(&details.kind),
            ":taken_on": details.taken_on.to_string(),
            ":taken_by": id_text(&details.taken_by),
            ":image": id_text(&details.site_image_id),
            ":number": details.specimen_number,
            ":key": key_of(&details.specimen_number),
            ":impression": details.impression.as_ref().map(word),
            ":impression_text": details.impression_text,
            ":by": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
        })?;
    let entry = AuditEntry::new(AuditAction::BiopsyTaken).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "lesion": lesion, "number": details.specimen_number })))?;
    get(tx, id)
}

/// Corrects the details of a specimen that has no result yet.
///
/// # Errors
/// Those of [`take`]; [`RecordsError::Conflict`] also when it was changed meanwhile, withdrawn or has a result.
pub fn change(
    tx: &Writing<'_>,
    id: BiopsyId,
    version: u32,
    details: &SpecimenDetails,
) -> Result<Biopsy, RecordsError> {
    let old = without_result(tx, id, version)?;
    shows(tx, old.lesion_id, details)?;
    tx.connection()
        .prepare_cached(
            "UPDATE biopsies SET kind = :kind, taken_on = :taken_on, taken_by = :taken_by, site_image_id = :image,
                 specimen_number = :number, specimen_key = :key, impression = :impression,
                 impression_text = :impression_text, version = version + 1
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":kind": word(&details.kind),
            ":taken_on": details.taken_on.to_string(),
            ":taken_by": id_text(&details.taken_by),
            ":image": id_text(&details.site_image_id),
            ":number": details.specimen_number,
            ":key": key_of(&details.specimen_number),
            ":impression": details.impression.as_ref().map(word),
            ":impression_text": details.impression_text,
        })?;
    let details = json!({ "changed": changed(&old.details, details), "version": version + 1 });
    record(tx, AuditAction::BiopsyChanged, &old, details)?;
    get(tx, id)
}

/// The specimen leaves the house.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed meanwhile, withdrawn or has a
/// result.
pub fn send(
    tx: &Writing<'_>,
    id: BiopsyId,
    version: u32,
    to: &str,
    on: Date,
) -> Result<Biopsy, RecordsError> {
    let old = without_result(tx, id, version)?;
    tx.connection()
        .prepare_cached(
            "UPDATE biopsies SET state = 'sent', sent_to = ?2, sent_on = ?3, version = version + 1 WHERE id = ?1",
        )?
        .execute(params![id_text(&id), to, on.to_string()])?;
    let view = |to: &str, on: Option<Date>| json!({ "sent_to": to, "sent_on": on });
    let details = json!({ "changed": changed(&view(&old.sent_to, old.sent_on), &view(to, Some(on))) });
    record(tx, AuditAction::BiopsySent, &old, details)?;
    get(tx, id)
}

/// The actor has read the result.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed meanwhile or has nothing unread.
pub fn acknowledge(tx: &Writing<'_>, id: BiopsyId, version: u32) -> Result<Biopsy, RecordsError> {
    let old = at_version(tx, id, version)?;
    let marked = tx
        .connection()
        .prepare_cached(
            "UPDATE biopsies SET state = 'read', read_by = ?2, read_at = ?3, version = version + 1
             WHERE id = ?1 AND state = 'result'",
        )?
        .execute(params![id_text(&id), id_text(&tx.actor().user), micros(tx.now())])?;
    if marked == 0 {
        return Err(RecordsError::Conflict);
    }
    record(tx, AuditAction::HistologyAcknowledged, &old, json!({}))?;
    get(tx, id)
}

/// Takes back what was entered by mistake; it stays on record and its number is free again.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed meanwhile or has a result.
pub fn withdraw(tx: &Writing<'_>, id: BiopsyId, version: u32, reason: &str) -> Result<Biopsy, RecordsError> {
    let old = without_result(tx, id, version)?;
    tx.connection()
        .prepare_cached(
            "UPDATE biopsies SET withdrawn_by = ?2, withdrawn_at = ?3, withdrawn_reason = ?4,
                 version = version + 1
             WHERE id = ?1",
        )?
        .execute(params![id_text(&id), id_text(&tx.actor().user), micros(tx.now()), reason])?;
    record(tx, AuditAction::BiopsyWithdrawn, &old, json!({ "reason": reason }))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: BiopsyId) -> Result<Biopsy, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM biopsies WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The patient's biopsies, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Biopsy>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM biopsies WHERE patient_id = ?1 ORDER BY taken_on DESC, recorded_at DESC, id DESC",
    )?;
    let biopsies = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(biopsies)
}

/// The biopsy that has this specimen number, if there is one.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn numbered(tx: &Reading<'_>, number: &str) -> Result<Option<BiopsyId>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT id FROM biopsies WHERE specimen_key = ?1 AND withdrawn_at IS NULL")?;
    Ok(query.query_row([key_of(number)], |row| row.parsed("id")).optional()?)
}

fn shows(tx: &Reading<'_>, lesion: LesionId, details: &SpecimenDetails) -> Result<(), RecordsError> {
    crate::users::get(tx, details.taken_by)?;
    crate::deletions::image_stands(tx, details.site_image_id)?;
    if crate::images::get(tx, details.site_image_id)?.lesion_id == lesion {
        Ok(())
    } else {
        Err(RecordsError::NotFound)
    }
}

fn at_version(tx: &Reading<'_>, id: BiopsyId, version: u32) -> Result<Biopsy, RecordsError> {
    let biopsy = get(tx, id)?;
    if biopsy.version == version && biopsy.withdrawn_at.is_none() {
        Ok(biopsy)
    } else {
        Err(RecordsError::Conflict)
    }
}

fn without_result(tx: &Reading<'_>, id: BiopsyId, version: u32) -> Result<Biopsy, RecordsError> {
    use domain::biopsy::BiopsyState::{Sent, Taken};
    let biopsy = at_version(tx, id, version)?;
    if matches!(biopsy.state, Taken | Sent) { Ok(biopsy) } else { Err(RecordsError::Conflict) }
}

fn record(
    tx: &Writing<'_>,
    action: AuditAction,
    biopsy: &Biopsy,
    details: serde_json::Value,
) -> Result<(), RecordsError> {
    let entry = AuditEntry::new(action).on(biopsy.id).of_patient(biopsy.patient_id);
    audit::record(tx, entry.with(details))?;
    Ok(())
}

pub(crate) fn key_of(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Biopsy> {
    Ok(Biopsy {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        details: SpecimenDetails {
            kind: row.word("kind")?,
            taken_on: row.parsed("taken_on")?,
            taken_by: row.parsed("taken_by")?,
            site_image_id: row.parsed("site_image_id")?,
            specimen_number: row.text("specimen_number")?,
            impression: row.word_or_none("impression")?,
            impression_text: row.text("impression_text")?,
        },
        state: row.word("state")?,
        sent_to: row.text("sent_to")?,
        sent_on: row.parsed_or_none("sent_on")?,
        read_by: row.parsed_or_none("read_by")?,
        read_at: row.time_or_none("read_at")?,
        withdrawn_by: row.parsed_or_none("withdrawn_by")?,
        withdrawn_at: row.time_or_none("withdrawn_at")?,
        withdrawn_reason: row.text("withdrawn_reason")?,
        recorded_by: row.parsed("recorded_by")?,
        recorded_at: row.time("recorded_at")?,
        version: row.get("version")?,
    })
}
