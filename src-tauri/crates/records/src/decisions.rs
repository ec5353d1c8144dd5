//! Decisions on lesions, feedback on readings, letters of referral. A change is a new decision that stands in
//! the place of the old one.

use domain::analysis::Band;
use domain::audit::AuditAction;
use domain::decision::{Decision, DecisionEntry, Plan};
use domain::impression::Impression;
use domain::recall::RecallDetails;
use domain::{DecisionId, LesionId};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::checklists::{About, patient_of, visit_of_today};
use crate::error::RecordsError;
use crate::recalls;
use crate::row::{Columns, id_text, micros, unreadable, word};
use crate::store::{Reading, Writing};

/// Readings that a report was written on count as decided.
pub(crate) const SCHEMA: &str = "
CREATE TABLE decisions (
    id              TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id      TEXT NOT NULL REFERENCES patients (id),
    lesion_id       TEXT NOT NULL,
    analysis_id     TEXT,
    visit_id        TEXT REFERENCES visits (id),
    term            TEXT NOT NULL CHECK (length(term) BETWEEN 1 AND 40),
    text            TEXT NOT NULL CHECK (length(text) <= 200),
    malignancy      TEXT CHECK (malignancy IN ('benign', 'premalignant', 'malignant')),
    confidence      TEXT NOT NULL CHECK (confidence IN ('low', 'moderate', 'high')),
    plan            TEXT NOT NULL CHECK (plan IN ('reassure', 'monitor', 'biopsy', 'refer')),
    months          INTEGER CHECK (months BETWEEN 1 AND 60),
    note            TEXT NOT NULL CHECK (length(note) <= 2000),
    override_reason TEXT NOT NULL CHECK (length(override_reason) <= 500),
    band            TEXT CHECK (band IN ('benign', 'suspicious', 'malignant')),
    recall_id       TEXT REFERENCES recalls (id),
    edition         INTEGER NOT NULL CHECK (edition >= 1),
    author          TEXT NOT NULL REFERENCES users (id),
    decided_at      INTEGER NOT NULL,
    decided_on      TEXT NOT NULL CHECK (length(decided_on) = 10),
    superseded_by   TEXT REFERENCES decisions (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id),
    CHECK ((plan = 'monitor') = (months IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX decisions_current ON decisions (lesion_id, coalesce(analysis_id, decided_on))
    WHERE superseded_by IS NULL;
CREATE INDEX decisions_by_patient ON decisions (patient_id, decided_at);
CREATE INDEX decisions_by_analysis ON decisions (analysis_id) WHERE analysis_id IS NOT NULL;
CREATE TRIGGER decisions_are_not_edited
    BEFORE UPDATE OF lesion_id, analysis_id, term, text, malignancy, confidence, plan, months, note, override_reason,
        band, edition, author, decided_at ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are not edited'); END;
CREATE TABLE reading_feedback (
    row                INTEGER PRIMARY KEY,
    patient_id         TEXT NOT NULL REFERENCES patients (id),
    analysis_id        TEXT NOT NULL,
    incorrect          INTEGER NOT NULL CHECK (incorrect IN (0, 1)),
    correct_term       TEXT CHECK (length(correct_term) BETWEEN 1 AND 40),
    correct_text       TEXT NOT NULL CHECK (length(correct_text) <= 200),
    correct_malignancy TEXT CHECK (correct_malignancy IN ('benign', 'premalignant', 'malignant')),
    text               TEXT NOT NULL CHECK (length(text) <= 1000),
    author             TEXT NOT NULL REFERENCES users (id),
    given_at           INTEGER NOT NULL,
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id)
) STRICT;
CREATE INDEX reading_feedback_by_analysis ON reading_feedback (analysis_id, row);
CREATE INDEX reading_feedback_by_patient ON reading_feedback (patient_id);
CREATE TABLE referrals (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    decision_id TEXT NOT NULL REFERENCES decisions (id),
    recipient   TEXT NOT NULL CHECK (length(recipient) BETWEEN 1 AND 300),
    findings    TEXT NOT NULL CHECK (length(findings) BETWEEN 1 AND 4000),
    question    TEXT NOT NULL CHECK (length(question) BETWEEN 1 AND 1000),
    urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    content     TEXT NOT NULL CHECK (json_valid(content)),
    author      TEXT NOT NULL REFERENCES users (id),
    written_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX referrals_by_decision ON referrals (decision_id);
CREATE INDEX referrals_by_patient ON referrals (patient_id);
ALTER TABLE analyses ADD COLUMN decided_at INTEGER;
UPDATE analyses SET decided_at =
    (SELECT min(created_at) FROM reports WHERE reports.analysis_id = analyses.id);
CREATE INDEX analyses_undecided ON analyses (analysed_at, id, opened_at, decided_at, deletion, band)
    WHERE decided_at IS NULL AND opened_at IS NOT NULL AND deletion IS NULL AND band <> 'benign';
";

/// A decision that was checked, with the recall its plan makes.
#[derive(Clone, Debug)]
pub struct NewDecision {
    pub about: About,
    /// The decision the edit began from.
    pub previous: Option<DecisionId>,
    pub entry: DecisionEntry,
    /// The band it was held against.
    pub band: Option<Band>,
    /// For monitoring, and for no other plan.
    pub recall: Option<RecallDetails>,
}

/// Decides in the actor's name. The recall of the earlier decision is changed, or cancelled when the new plan
/// needs none.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when somebody else decided meanwhile.
pub fn decide(tx: &Writing<'_>, new: &NewDecision) -> Result<Decision, RecordsError> {
    let patient = patient_of(tx, new.about)?;
    let old = current(tx, new.about)?;
    if old.as_ref().map(|old| old.id) != new.previous {
        return Err(RecordsError::Conflict);
    }
    let recall = recall_of(tx, patient, old.as_ref(), new.recall.as_ref())?;
    let id = DecisionId::fresh();
    let edition = old.as_ref().map_or(1, |old| old.edition + 1);
    if let Some(old) = &old {
        tx.connection()
            .prepare_cached("UPDATE decisions SET superseded_by = ?2 WHERE id = ?1")?
            .execute(params![id_text(&old.id), id_text(&id)])?;
    }
    let entry = &new.entry;
    tx.connection()
        .prepare_cached(
            "INSERT INTO decisions (id, patient_id, lesion_id, analysis_id, visit_id, term, text, malignancy, confidence,
                 plan, months, note, override_reason, band, recall_id, edition, author, decided_at, decided_on)
             VALUES (:id, :patient, :lesion, :analysis, :visit, :term, :text, :malignancy, :confidence, :plan, :months,
                 :note, :reason, :band, :recall, :edition, :author, :now, :today)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&patient),
            ":lesion": id_text(&new.about.lesion),
            ":analysis": new.about.analysis.as_ref().map(id_text),
            ":visit": visit_of_today(tx, patient)?.as_ref().map(id_text),
            ":term": entry.impression.term,
            ":text": entry.impression.text,
            ":malignancy": entry.impression.malignancy.as_ref().map(word),
            ":confidence": word(&entry.confidence),
            ":plan": entry.plan.word(),
            ":months": entry.plan.months(),
            ":note": entry.note,
            ":reason": entry.override_reason,
            ":band": new.band.as_ref().map(word),
            ":recall": recall.as_ref().map(id_text),
            ":edition": edition,
            ":author": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
            ":today": tx.today().to_string(),
        })?;
    if let Some(analysis) = new.about.analysis {
        crate::safety_net::note_opened(tx, analysis)?;
        tx.connection()
            .prepare_cached("UPDATE analyses SET decided_at = coalesce(decided_at, ?2) WHERE id = ?1")?
            .execute(params![id_text(&analysis), micros(tx.now())])?;
    }
    let row = AuditEntry::new(AuditAction::DecisionMade).on(id).of_patient(patient);
    let details = json!({
        "lesion": new.about.lesion, "analysis": new.about.analysis, "plan": entry.plan.word(), "edition": edition,
        "override": !entry.override_reason.is_empty(),
    });
    audit::record(tx, row.with(details))?;
    get(tx, id)
}

fn recall_of(
    tx: &Writing<'_>,
    patient: domain::PatientId,
    old: Option<&Decision>,
    wanted: Option<&RecallDetails>,
) -> Result<Option<domain::RecallId>, RecordsError> {
    let open = match old.and_then(|old| old.recall_id) {
        Some(id) => Some(recalls::get(tx, id)?).filter(|recall| !recall.state.is_closed()),
        None => None,
    };
    Ok(match (open, wanted) {
        (Some(open), Some(wanted)) => {
            // Only what the plan says anew; the words somebody gave the recall stay.
            let same = open.details.interval == wanted.interval;
            if !same {
                let details = RecallDetails {
                    due_on: wanted.due_on,
                    interval: wanted.interval,
                    ..open.details.clone()
                };
                recalls::change(tx, open.id, open.version, &details)?;
            }
            Some(open.id)
        }
        (Some(open), None) => {
            let cancelled = domain::recall::RecallState::Cancelled;
            recalls::close(tx, open.id, open.version, cancelled, "The plan for the lesion changed.")?;
            None
        }
        (None, Some(wanted)) => Some(recalls::plan(tx, patient, wanted)?.id),
        (None, None) => None,
    })
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: DecisionId) -> Result<Decision, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM decisions WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The decision that counts: of a reading, or without one that of today.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn current(tx: &Writing<'_>, about: About) -> Result<Option<Decision>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM decisions WHERE lesion_id = ?1 AND superseded_by IS NULL
             AND coalesce(analysis_id, decided_on) = ?2",
    )?;
    let key = about.analysis.as_ref().map_or_else(|| tx.today().to_string(), id_text);
    Ok(query.query_row(params![id_text(&about.lesion), key], from_row).optional()?)
}

/// Every decision on the lesion, newest first, those on deleted readings left out.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Vec<Decision>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM decisions WHERE lesion_id = ?1
             AND NOT EXISTS (SELECT 1 FROM analyses
                             WHERE analyses.id = decisions.analysis_id AND deletion IS NOT NULL)
         ORDER BY decided_at DESC, edition DESC, id DESC",
    )?;
    let found = query.query_map([id_text(&lesion)], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let plan = Plan::stored(&row.text("plan")?, row.get("months")?);
    Ok(Decision {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        analysis_id: row.parsed_or_none("analysis_id")?,
        visit_id: row.parsed_or_none("visit_id")?,
        entry: DecisionEntry {
            impression: Impression {
                term: row.text("term")?,
                text: row.text("text")?,
                malignancy: row.word_or_none("malignancy")?,
            },
            confidence: row.word("confidence")?,
            plan: plan.ok_or_else(|| unreadable(Type::Text))?,
            note: row.text("note")?,
            override_reason: row.text("override_reason")?,
        },
        band: row.word_or_none("band")?,
        recall_id: row.parsed_or_none("recall_id")?,
        edition: row.get("edition")?,
        author: row.parsed("author")?,
        decided_at: row.time("decided_at")?,
        superseded_by: row.parsed_or_none("superseded_by")?,
    })
}
