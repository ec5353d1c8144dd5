//! Two records of one person become one, and two again.
//!
//! The record that goes keeps its row and its number, which is never issued again and finds the record that
//! stays. Everything that hangs on it ([`super::attached`]) moves; which rows those were is kept, and with it what
//! the record that stays said before, so that an undo restores both. What was added or changed after the
//! merge stays where it is, except what hangs on something that goes back.

use domain::audit::AuditAction;
use domain::consent::ConsentKind;
use domain::merge::undone;
use domain::patient::{Patient, PatientDetails};
use domain::{MergeId, PatientId, UserId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

use super::attached::{Moving, moving};
use super::{consent_in, consents, get, search, store_details};

pub(crate) const SCHEMA: &str = "
CREATE TABLE merges (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    survivor_id TEXT NOT NULL REFERENCES patients (id),
    merged_id   TEXT NOT NULL REFERENCES patients (id),
    before      TEXT NOT NULL CHECK (json_valid(before)),
    after       TEXT NOT NULL CHECK (json_valid(after)),
    last_consent INTEGER NOT NULL,
    merged_at   INTEGER NOT NULL,
    merged_by   TEXT NOT NULL REFERENCES users (id),
    undone_at   INTEGER,
    undone_by   TEXT REFERENCES users (id),
    CHECK (survivor_id <> merged_id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX merges_standing ON merges (merged_id) WHERE undone_at IS NULL;
CREATE INDEX merges_by_survivor ON merges (survivor_id, merged_at);
CREATE TABLE merge_moves (
    merge_id TEXT NOT NULL REFERENCES merges (id),
    moved    TEXT NOT NULL,
    key      TEXT NOT NULL,
    PRIMARY KEY (merge_id, moved, key)
) WITHOUT ROWID, STRICT;
";

/// Under this name stand consents that the merge itself entered.
const ENTERED: &str = "consents entered";
const MERGED_NOTE: &str = "Merged records";
const WITHDRAWN_NOTE: &str = "Withdrawn while the records were merged";

/// A merge as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub id: MergeId,
    /// The record that stays.
    pub survivor_id: PatientId,
    pub merged_id: PatientId,
    pub merged_number: String,
    pub merged_family_name: String,
    pub merged_given_names: String,
    pub merged_at: Timestamp,
    pub merged_by: UserId,
    pub undone_at: Option<Timestamp>,
    pub undone_by: Option<UserId>,
}

/// Merges `other` into `kept`, each named with the version that the choice was made from. `details` is what
/// the kept record says afterwards, validated before.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] for one and the same record, for an old version, and
/// where both records have something of which a patient can have only one; [`RecordsError::Merged`];
/// [`RecordsError::WorkUnderWay`] while an analysis of either runs.
pub fn merge(
    tx: &Writing<'_>,
    kept: (PatientId, u32),
    other: (PatientId, u32),
    details: &PatientDetails,
) -> Result<Merge, RecordsError> {
    let (survivor, goes) = (get(tx, kept.0)?, get(tx, other.0)?);
    if survivor.merged_into.is_some() || goes.merged_into.is_some() {
        return Err(RecordsError::Merged);
    }
    if survivor.id == goes.id || survivor.version != kept.1 || goes.version != other.1 {
        return Err(RecordsError::Conflict);
    }
    no_work_under_way(tx, survivor.id)?;
    no_work_under_way(tx, goes.id)?;
    let id = MergeId::fresh();
    defer_references(tx)?;
    tx.connection()
        .prepare_cached(
            "INSERT INTO merges (id, survivor_id, merged_id, before, after, last_consent, merged_at, merged_by)
             VALUES (:id, :survivor, :goes, :before, :after, (SELECT coalesce(max(row), 0) FROM consents), :now, :by)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":survivor": id_text(&survivor.id),
            ":goes": id_text(&goes.id),
            ":before": text_of(&survivor.details),
            ":after": text_of(details),
            ":now": micros(tx.now()),
            ":by": id_text(&tx.actor().user),
        })?;
    let mut rows = 0;
    for table in moving(tx)? {
        rows += hand_over(tx, id, &table, goes.id, survivor.id)?;
    }
    retire(tx, &goes, Some(survivor.id))?;
    settle_consents(tx, id, survivor.id, details)?;
    store_details(tx, survivor.id, &survivor.details, details)?;
    search::forget_names(tx, &goes.details)?;
    let merged = json!({
        "kept": survivor.number, "merged": goes.number, "rows": rows,
        "changed": changed(&survivor.details, details),
    });
    for patient in [survivor.id, goes.id] {
        audit::record(tx, AuditEntry::new(AuditAction::PatientsMerged).on(patient).with(merged.clone()))?;
    }
    find(tx, id)
}

/// Makes two records of one again.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when it was undone before, or when something that
/// goes back hangs on something that does not; [`RecordsError::Merged`] while the kept record is itself merged
/// into another; [`RecordsError::WorkUnderWay`].
pub fn undo_merge(tx: &Writing<'_>, id: MergeId) -> Result<Merge, RecordsError> {
    let merge = find(tx, id)?;
    if merge.undone_at.is_some() {
        return Err(RecordsError::Conflict);
    }
    let (survivor, back) = (get(tx, merge.survivor_id)?, get(tx, merge.merged_id)?);
    if survivor.merged_into.is_some() {
        return Err(RecordsError::Merged);
    }
    no_work_under_way(tx, survivor.id)?;
    let (before, after, last_consent) = kept_state(tx, id)?;
    defer_references(tx)?;
    tx.connection()
        .prepare_cached("UPDATE merges SET undone_at = ?2, undone_by = ?3 WHERE id = ?1")?
        .execute(params![id_text(&id), micros(tx.now()), id_text(&tx.actor().user)])?;
    let tables = moving(tx)?;
    let withdrawn = withdrawn_since(tx, survivor.id, last_consent, id)?;
    tx.connection()
        .prepare_cached(
            "DELETE FROM consents WHERE json_array(row) IN (SELECT key FROM merge_moves WHERE merge_id = ?1 AND moved = ?2)",
        )?
        .execute(params![id_text(&id), ENTERED])?;
    let mut rows = 0;
    for table in &tables {
        rows += hand_back(tx, id, table, survivor.id, back.id)?;
    }
    follow(tx, &tables, survivor.id, back.id)?;
    retire(tx, &back, None)?;
    for kind in withdrawn {
        if consents::current(tx, back.id, kind)? {
            consents::enter(tx, back.id, kind, false, WITHDRAWN_NOTE)?;
        }
    }
    let restored = undone(&before, &after, &survivor.details);
    store_details(tx, survivor.id, &survivor.details, &restored)?;
    let undone = json!({
        "kept": survivor.number, "merged": back.number, "rows": rows,
        "changed": changed(&survivor.details, &get(tx, survivor.id)?.details),
    });
    for patient in [survivor.id, back.id] {
        audit::record(tx, AuditEntry::new(AuditAction::PatientsUnmerged).on(patient).with(undone.clone()))?;
    }
    find(tx, id)
}

const LISTED: &str = "SELECT merges.*, patients.number, patients.family_name, patients.given_names
    FROM merges JOIN patients ON patients.id = merges.merged_id";

/// Merges into a patient's record, newest first; those that were undone are among them.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn merges_of(tx: &Reading<'_>, survivor: PatientId) -> Result<Vec<Merge>, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!(
        "{LISTED} WHERE survivor_id = ?1 ORDER BY merged_at DESC, merges.id DESC"
    ))?;
    Ok(query.query_map([id_text(&survivor)], from_row)?.collect::<Result<_, _>>()?)
}

/// How many rows of each table hang on a patient, tables without any left out.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn counts_of(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<(&'static str, u64)>, RecordsError> {
    let mut counts = Vec::new();
    for Moving { table, column, .. } in moving(tx)? {
        let mut query =
            tx.connection().prepare_cached(&format!("SELECT count(*) FROM {table} WHERE {column} = ?1"))?;
        let count: u64 = query.query_row([id_text(&patient)], |row| row.get(0))?;
        if count > 0 {
            counts.push((table, count));
        }
    }
    Ok(counts)
}

fn find(tx: &Reading<'_>, id: MergeId) -> Result<Merge, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!("{LISTED} WHERE merges.id = ?1"))?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Merge> {
    let undone_by = match row.get::<_, Option<String>>("undone_by")? {
        Some(_) => Some(row.parsed("undone_by")?),
        None => None,
    };
    Ok(Merge {
        id: row.parsed("id")?,
        survivor_id: row.parsed("survivor_id")?,
        merged_id: row.parsed("merged_id")?,
        merged_number: row.text("number")?,
        merged_family_name: row.text("family_name")?,
        merged_given_names: row.text("given_names")?,
        merged_at: row.time("merged_at")?,
        merged_by: row.parsed("merged_by")?,
        undone_at: row.time_or_none("undone_at")?,
        undone_by,
    })
}

fn kept_state(tx: &Reading<'_>, id: MergeId) -> Result<(PatientDetails, PatientDetails, i64), RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT before, after, last_consent FROM merges WHERE id = ?1")?;
    let state = query.query_row([id_text(&id)], |row| {
        Ok((row.json("before")?, row.json("after")?, row.get("last_consent")?))
    })?;
    Ok(state)
}

pub(crate) fn no_work_under_way(tx: &Reading<'_>, patient: PatientId) -> Result<(), RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT 1 FROM jobs WHERE finished_at IS NULL AND patient_id = ?1")?;
    match query.exists([id_text(&patient)])? {
        true => Err(RecordsError::WorkUnderWay),
        false => Ok(()),
    }
}

/// Rows change hands table by table; their references are checked when all have.
fn defer_references(tx: &Writing<'_>) -> Result<(), RecordsError> {
    Ok(tx.connection().pragma_update(None, "defer_foreign_keys", true)?)
}

fn hand_over(
    tx: &Writing<'_>,
    merge: MergeId,
    moving: &Moving,
    from: PatientId,
    to: PatientId,
) -> Result<usize, RecordsError> {
    let Moving { table, column, key, .. } = moving;
    tx.connection()
        .prepare_cached(&format!(
            "INSERT INTO merge_moves (merge_id, moved, key) SELECT ?1, ?2, {key} FROM {table} WHERE {column} = ?3"
        ))?
        .execute(params![id_text(&merge), table, id_text(&from)])?;
    let moved = tx
        .connection()
        .prepare_cached(&format!("UPDATE {table} SET {column} = ?2 WHERE {column} = ?1"))?
        .execute(params![id_text(&from), id_text(&to)])?;
    Ok(moved)
}

fn hand_back(
    tx: &Writing<'_>,
    merge: MergeId,
    moving: &Moving,
    from: PatientId,
    to: PatientId,
) -> Result<usize, RecordsError> {
    let Moving { table, column, key, .. } = moving;
    let moved = tx
        .connection()
        .prepare_cached(&format!(
            "UPDATE {table} SET {column} = ?2 WHERE {column} = ?1
               AND {key} IN (SELECT key FROM merge_moves WHERE merge_id = ?3 AND moved = ?4)"
        ))?
        .execute(params![id_text(&from), id_text(&to), id_text(&merge), table])?;
    Ok(moved)
}

/// What was added after the merge goes with what it hangs on, such as a photograph with its lesion.
fn follow(tx: &Writing<'_>, tables: &[Moving], from: PatientId, to: PatientId) -> Result<(), RecordsError> {
    let (from, to) = (id_text(&from), id_text(&to));
    loop {
        let mut moved = 0;
        for Moving { table, column, parents, .. } in tables {
            for parent in parents {
                moved += tx
                    .connection()
                    .prepare_cached(&format!(
                        "UPDATE {table} SET {column} = ?2 WHERE {column} = ?1 AND EXISTS (
                             SELECT 1 FROM {} AS parent WHERE {} AND parent.{} = ?2)",
                        parent.table, parent.join, parent.column
                    ))?
                    .execute([&from, &to])?;
            }
        }
        if moved == 0 {
            break;
        }
    }
    for Moving { table, column, parents, .. } in tables {
        for parent in parents {
            let mut torn = tx.connection().prepare_cached(&format!(
                "SELECT 1 FROM {table} JOIN {} AS parent ON {} WHERE {table}.{column} = ?1 AND parent.{} <> ?1",
                parent.table, parent.join, parent.column
            ))?;
            if torn.exists([&to])? {
                return Err(RecordsError::Conflict);
            }
        }
    }
    Ok(())
}

/// Sets what a record was merged into, and takes it out of the search or brings it back.
fn retire(tx: &Writing<'_>, patient: &Patient, into: Option<PatientId>) -> Result<(), RecordsError> {
    let row = tx
        .connection()
        .prepare_cached(
            "UPDATE patients SET merged_into = ?2, version = version + 1 WHERE id = ?1 RETURNING row",
        )?
        .query_row(params![id_text(&patient.id), into.as_ref().map(id_text)], |row| row.get(0))?;
    match into {
        Some(_) => search::withdraw(tx, row),
        None => search::index(tx, patient.id, row, &patient.details),
    }
}

/// After the histories were joined, the newest entry may not say what was chosen.
fn settle_consents(
    tx: &Writing<'_>,
    merge: MergeId,
    survivor: PatientId,
    details: &PatientDetails,
) -> Result<(), RecordsError> {
    for kind in ConsentKind::ALL {
        let chosen = consent_in(details, kind);
        if consents::current(tx, survivor, kind)? != chosen {
            let row = consents::enter(tx, survivor, kind, chosen, MERGED_NOTE)?;
            tx.connection()
                .prepare_cached(
                    "INSERT INTO merge_moves (merge_id, moved, key) VALUES (?1, ?2, json_array(?3))",
                )?
                .execute(params![id_text(&merge), ENTERED, row])?;
        }
    }
    Ok(())
}

/// Consents that somebody withdrew after the merge. Whose they were cannot be told, so they count for both.
fn withdrawn_since(
    tx: &Reading<'_>,
    survivor: PatientId,
    last: i64,
    merge: MergeId,
) -> Result<Vec<ConsentKind>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT given FROM consents WHERE patient_id = ?1 AND kind = ?2 AND row > ?3
           AND json_array(row) NOT IN (SELECT key FROM merge_moves WHERE merge_id = ?4 AND moved = ?5)
         ORDER BY row DESC LIMIT 1",
    )?;
    let mut withdrawn = Vec::new();
    for kind in ConsentKind::ALL {
        let parameters = params![id_text(&survivor), word(&kind), last, id_text(&merge), ENTERED];
        if query.query_row(parameters, |row| row.get::<_, bool>(0)).optional()? == Some(false) {
            withdrawn.push(kind);
        }
    }
    Ok(withdrawn)
}
