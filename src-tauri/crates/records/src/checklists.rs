//! Checklists that clinicians filled in. A correction is a new edition in the place of the old one; what a
//! report printed stays as it is.

use domain::audit::AuditAction;
use domain::checklist::{Answers, ChecklistKind, FilledChecklist};
use domain::{AnalysisId, ChecklistId, LesionId, PatientId, ReportId, VisitId};
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE checklists (
    id            TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id    TEXT NOT NULL REFERENCES patients (id),
    lesion_id     TEXT NOT NULL,
    analysis_id   TEXT,
    visit_id      TEXT REFERENCES visits (id),
    kind          TEXT NOT NULL
        CHECK (kind IN ('abcd', 'seven_point', 'weighted_seven_point', 'menzies', 'abcde')),
    list_version  INTEGER NOT NULL CHECK (list_version >= 1),
    answers       TEXT NOT NULL CHECK (json_valid(answers)),
    result        TEXT NOT NULL CHECK (json_valid(result)),
    score         REAL NOT NULL,
    verdict       TEXT,
    edition       INTEGER NOT NULL CHECK (edition >= 1),
    author        TEXT NOT NULL REFERENCES users (id),
    filled_at     INTEGER NOT NULL,
    filled_on     TEXT NOT NULL CHECK (length(filled_on) = 10),
    superseded_by TEXT REFERENCES checklists (id) DEFERRABLE INITIALLY DEFERRED,
    printed_in    TEXT REFERENCES reports (id),
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id)
) STRICT;
CREATE UNIQUE INDEX checklists_current ON checklists (lesion_id, kind, coalesce(analysis_id, filled_on))
    WHERE superseded_by IS NULL;
CREATE INDEX checklists_by_patient ON checklists (patient_id, filled_at);
CREATE INDEX checklists_by_analysis ON checklists (analysis_id) WHERE analysis_id IS NOT NULL;
CREATE INDEX checklists_by_report ON checklists (printed_in) WHERE printed_in IS NOT NULL;
CREATE TRIGGER checklists_are_not_edited
    BEFORE UPDATE OF lesion_id, analysis_id, kind, answers, result, edition, author, filled_at ON checklists
    BEGIN SELECT RAISE(ABORT, 'checklists are not edited'); END;
";

/// What a list is filled in for: a reading of a lesion, or the lesion as it was seen today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    pub lesion: LesionId,
    pub analysis: Option<AnalysisId>,
}

/// Whose lesion it is; the reading has to be one of it and on the lists.
///
/// # Errors
/// [`RecordsError::NotFound`] where it is not; [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn patient_of(tx: &Reading<'_>, about: About) -> Result<PatientId, RecordsError> {
    let patient = crate::lesions::get(tx, about.lesion)?.patient_id;
    if let Some(analysis) = about.analysis {
        crate::deletions::reading_stands(tx, analysis)?;
        if crate::analyses::get(tx, analysis)?.lesion_id != about.lesion {
            return Err(RecordsError::NotFound);
        }
    }
    Ok(patient)
}

/// The visit that is under way today, or was.
pub(crate) fn visit_of_today(tx: &Writing<'_>, patient: PatientId) -> Result<Option<VisitId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM visits WHERE patient_id = ?1 AND day = ?2 AND state IN ('arrived', 'in_room', 'done')
         ORDER BY state = 'done', arrived_at DESC LIMIT 1",
    )?;
    let day = tx.today().to_string();
    Ok(query.query_row(params![id_text(&patient), day], |row| row.parsed("id")).optional()?)
}

/// Keeps answers in the actor's name. `previous` is the edition the edit began from. The answers are judged
/// before.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when somebody else saved the list meanwhile or a report
/// printed it; [`RecordsError::Damaged`] for answers that the list does not have.
pub fn save(
    tx: &Writing<'_>,
    about: About,
    kind: ChecklistKind,
    answers: &Answers,
    previous: Option<ChecklistId>,
) -> Result<FilledChecklist, RecordsError> {
    let patient = patient_of(tx, about)?;
    let result = kind.judge(answers).map_err(|_| RecordsError::Damaged)?;
    let old = current(tx, about, kind)?;
    if old.as_ref().map(|old| old.id) != previous || old.as_ref().is_some_and(|old| old.printed_in.is_some())
    {
        return Err(RecordsError::Conflict);
    }
    let id = ChecklistId::fresh();
    let edition = old.as_ref().map_or(1, |old| old.edition + 1);
    if let Some(old) = &old {
        tx.connection()
            .prepare_cached("UPDATE checklists SET superseded_by = ?2 WHERE id = ?1")?
            .execute(params![id_text(&old.id), id_text(&id)])?;
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO checklists (id, patient_id, lesion_id, analysis_id, visit_id, kind, list_version, answers,
                 result, score, verdict, edition, author, filled_at, filled_on)
             VALUES (:id, :patient, :lesion, :analysis, :visit, :kind, :version, :answers, :result, :score, :verdict,
                 :edition, :author, :now, :today)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&patient),
            ":lesion": id_text(&about.lesion),
            ":analysis": about.analysis.as_ref().map(id_text),
            ":visit": visit_of_today(tx, patient)?.as_ref().map(id_text),
            ":kind": word(&kind),
            ":version": kind.list().version,
            ":answers": text_of(answers),
            ":result": text_of(&result),
            ":score": result.score,
            ":verdict": result.verdict.as_ref().map(word),
            ":edition": edition,
            ":author": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
            ":today": tx.today().to_string(),
        })?;
    let entry = AuditEntry::new(AuditAction::ChecklistSaved).on(id).of_patient(patient);
    let details = json!({
        "lesion": about.lesion, "analysis": about.analysis, "list": kind, "edition": edition,
        "score": result.score, "complete": result.is_complete(),
    });
    audit::record(tx, entry.with(details))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ChecklistId) -> Result<FilledChecklist, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM checklists WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The edition that counts: of a reading, or without one the newest of the lesion on a day.
fn current(
    tx: &Writing<'_>,
    about: About,
    kind: ChecklistKind,
) -> Result<Option<FilledChecklist>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM checklists WHERE lesion_id = ?1 AND kind = ?2 AND superseded_by IS NULL
             AND coalesce(analysis_id, filled_on) = ?3",
    )?;
    let key = about.analysis.as_ref().map_or_else(|| tx.today().to_string(), id_text);
    Ok(query.query_row(params![id_text(&about.lesion), word(&kind), key], from_row).optional()?)
}

/// The lists that are being filled in now, one of a kind at most.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn open_for(tx: &Writing<'_>, about: About) -> Result<Vec<FilledChecklist>, RecordsError> {
    let mut found = Vec::new();
    for kind in ChecklistKind::ALL {
        found.extend(current(tx, about, kind)?);
    }
    Ok(found)
}

/// Every list of the lesion in its last edition, newest first, those of deleted readings left out.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Vec<FilledChecklist>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM checklists WHERE lesion_id = ?1 AND superseded_by IS NULL
             AND NOT EXISTS (SELECT 1 FROM analyses
                             WHERE analyses.id = checklists.analysis_id AND deletion IS NOT NULL)
         ORDER BY filled_at DESC, id DESC",
    )?;
    let found = query.query_map([id_text(&lesion)], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// The lists that a report of a reading prints: those of the reading, and those filled in without a reading on
/// the day of the report.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn for_report(tx: &Writing<'_>, analysis: AnalysisId) -> Result<Vec<FilledChecklist>, RecordsError> {
    let lesion = crate::analyses::get(tx, analysis)?.lesion_id;
    let of_reading = open_for(tx, About { lesion, analysis: Some(analysis) })?;
    let of_today = open_for(tx, About { lesion, analysis: None })?;
    let mut found = Vec::new();
    for kind in ChecklistKind::ALL {
        let mut both = of_reading.iter().chain(&of_today);
        found.extend(both.find(|list| list.kind == kind && !list.answers.is_empty()).cloned());
    }
    Ok(found)
}

/// Part of writing a report, which leaves the audit row: what it printed is closed.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn close_in_report(
    tx: &Writing<'_>,
    lists: &[FilledChecklist],
    report: ReportId,
) -> Result<(), RecordsError> {
    for list in lists {
        tx.connection()
            .prepare_cached("UPDATE checklists SET printed_in = ?2 WHERE id = ?1 AND printed_in IS NULL")?
            .execute(params![id_text(&list.id), id_text(&report)])?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<FilledChecklist> {
    Ok(FilledChecklist {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        analysis_id: row.parsed_or_none("analysis_id")?,
        visit_id: row.parsed_or_none("visit_id")?,
        kind: row.word("kind")?,
        list_version: row.get("list_version")?,
        answers: row.json("answers")?,
        result: row.json("result")?,
        edition: row.get("edition")?,
        author: row.parsed("author")?,
        filled_at: row.time("filled_at")?,
        printed_in: row.parsed_or_none("printed_in")?,
    })
}
