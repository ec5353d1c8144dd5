//! The audit trail: one row for every change and for every look at a patient.
//!
//! Rows are chained by a keyed hash ([`chain`]); the end of the chain is anchored in a file outside the
//! table ([`anchor`]) and may be remembered outside the folder ([`witness`]). What a change changed is in the details, old value and new, shortened where it is
//! long. The trail is as encrypted as the record itself; such values never reach a log or an error.

pub(crate) mod anchor;
pub(crate) mod chain;
pub(crate) mod erased;
pub mod witness;

use domain::audit::AuditAction;
use domain::{
    AnalysisId, AuditId, BiopsyId, CaseNoteId, ChecklistId, ClinicId, ClinicianId, ComparisonId, DecisionId,
    DeskPhotoId, FileId, ImageId, ImpressionId, JobId, LesionId, PatientId, RecallId, ReferralId, ReportId,
    Role, SessionId, TrayPhotoId, UserId, VisitId,
};
use jiff::Timestamp;
use rusqlite::types::Value as Column;
use rusqlite::{Row, ToSql, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE audit_rows (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL CHECK (length(actor) = 36),
    role         TEXT NOT NULL CHECK (role IN ('administrator', 'clinician', 'front_desk', 'auditor', 'patient_view')),
    action       TEXT NOT NULL,
    subject_kind TEXT,
    subject_id   TEXT,
    patient_id   TEXT,
    details      TEXT NOT NULL CHECK (json_valid(details)),
    previous     BLOB NOT NULL CHECK (length(previous) = 32),
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
) STRICT;
CREATE INDEX audit_rows_by_patient ON audit_rows (patient_id, seq) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_rows_by_actor ON audit_rows (actor, seq);
CREATE TRIGGER audit_rows_never_change BEFORE UPDATE ON audit_rows
    BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END;
CREATE TRIGGER audit_rows_never_go BEFORE DELETE ON audit_rows
    BEGIN SELECT RAISE(ABORT, 'audit rows never go'); END;
";

/// What kind of thing an audit row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Clinic,
    User,
    Session,
    Patient,
    Lesion,
    Image,
    Analysis,
    Job,
    Report,
    File,
    Clinician,
    Recall,
    Biopsy,
    CaseNote,
    Visit,
    DeskPhoto,
    TrayPhoto,
    Checklist,
    Impression,
    Decision,
    Referral,
    Comparison,
}

/// The thing an audit row is about. Made from any identity with `into()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
}

macro_rules! subjects {
    ($($id:ident => $kind:ident),+ $(,)?) => {$(
        impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self { kind: SubjectKind::$kind, id: id.to_string() }
            }
        }
    )+};
}

subjects! {
    ClinicId => Clinic,
    UserId => User,
    SessionId => Session,
    PatientId => Patient,
    LesionId => Lesion,
    ImageId => Image,
    AnalysisId => Analysis,
    JobId => Job,
    ReportId => Report,
    FileId => File,
    ClinicianId => Clinician,
    RecallId => Recall,
    BiopsyId => Biopsy,
    CaseNoteId => CaseNote,
    VisitId => Visit,
    DeskPhotoId => DeskPhoto,
    TrayPhotoId => TrayPhoto,
    ChecklistId => Checklist,
    ImpressionId => Impression,
    DecisionId => Decision,
    ReferralId => Referral,
    ComparisonId => Comparison,
}

/// What was done, before it gets its place in the chain.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    action: AuditAction,
    subject: Option<Subject>,
    patient: Option<PatientId>,
    details: Value,
}

impl AuditEntry {
    #[must_use]
    pub fn new(action: AuditAction) -> Self {
        Self { action, subject: None, patient: None, details: Value::Object(serde_json::Map::new()) }
    }

    #[must_use]
    pub fn on(mut self, subject: impl Into<Subject>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The patient concerned, for the access log; a patient as subject needs no second mention.
    #[must_use]
    pub const fn of_patient(mut self, patient: PatientId) -> Self {
        self.patient = Some(patient);
        self
    }

    /// Counts, codes, and under `changed` the old and new value of each field that differs ([`changed`]).
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// A stored audit row.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Place in the chain, from 1, without gaps.
    pub seq: u64,
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: UserId,
    pub role: Role,
    pub action: AuditAction,
    pub subject: Option<Subject>,
    pub patient: Option<PatientId>,
    pub details: Value,
}

/// Appends a row in the name of the transaction's actor.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn record(tx: &Writing<'_>, entry: AuditEntry) -> Result<AuditId, RecordsError> {
    let subject = entry.subject.as_ref();
    let patient = match (entry.patient, subject) {
        (Some(patient), _) => Some(id_text(&patient)),
        (None, Some(Subject { kind: SubjectKind::Patient, id })) => Some(id.clone()),
        (None, _) => None,
    };
    let id = AuditId::fresh();
    let stored = chain::StoredRow {
        seq: tx.head().get().seq + 1,
        id: id_text(&id),
        at: micros(tx.now()),
        actor: id_text(&tx.actor().user),
        role: tx.actor().role.code().to_owned(),
        action: entry.action.code(),
        subject_kind: subject.map(|s| crate::row::word(&s.kind)),
        subject_id: subject.map(|s| s.id.clone()),
        patient_id: patient,
        details: entry.details.to_string(),
        previous: tx.head().get().hash,
    };
    let head = chain::append(tx, &stored)?;
    tx.head().set(head);
    Ok(id)
}

/// Which rows are wanted; what is empty or nothing does not narrow.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub from: Option<Timestamp>,
    /// Not included.
    pub until: Option<Timestamp>,
    pub actor: Option<UserId>,
    pub actions: Vec<AuditAction>,
    /// With the records that were merged into it.
    pub patient: Option<PatientId>,
}

/// Rows of a patient and of records merged into it.
const OF_PATIENT: &str = "patient_id IN (
    WITH RECURSIVE here (id) AS (
        VALUES (:patient) UNION SELECT patients.id FROM patients JOIN here ON patients.merged_into = here.id)
    SELECT id FROM here)";

impl AuditFilter {
    /// The question with its values. Only what narrows is asked, so that an index serves.
    fn question(&self, before: i64, order: &str) -> (String, Vec<(&'static str, Column)>) {
        let actions = (!self.actions.is_empty()).then(|| crate::row::json(&self.actions));
        let wishes: [(&str, &str, Option<Column>); 5] = [
            ("at >= :from", ":from", self.from.map(|at| micros(at).into())),
            ("at < :until", ":until", self.until.map(|at| micros(at).into())),
            ("actor = :actor", ":actor", self.actor.as_ref().map(|id| id_text(id).into())),
            (OF_PATIENT, ":patient", self.patient.as_ref().map(|id| id_text(id).into())),
            ("action IN (SELECT value FROM json_each(:actions))", ":actions", actions.map(Column::from)),
        ];
        let mut text = String::from("SELECT * FROM audit_rows WHERE seq < :before");
        let mut values = vec![(":before", Column::from(before))];
        for (condition, name, value) in wishes {
            if let Some(value) = value {
                text.push_str(" AND ");
                text.push_str(condition);
                values.push((name, value));
            }
        }
        (format!("{text} {order}"), values)
    }
}

/// Matching rows, newest first; older than `before` when it is given.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn search(
    tx: &Reading<'_>,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditRow>, RecordsError> {
    let mut rows = Vec::new();
    visit(tx, &format!("ORDER BY seq DESC LIMIT {limit}"), filter, before, |row| rows.push(row))?;
    Ok(rows)
}

/// Every matching row in the order of writing.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn each(
    tx: &Reading<'_>,
    filter: &AuditFilter,
    visitor: impl FnMut(AuditRow),
) -> Result<(), RecordsError> {
    visit(tx, "ORDER BY seq", filter, None, visitor)
}

fn visit(
    tx: &Reading<'_>,
    order: &str,
    filter: &AuditFilter,
    before: Option<u64>,
    mut visitor: impl FnMut(AuditRow),
) -> Result<(), RecordsError> {
    let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
    let (question, values) = filter.question(before, order);
    let values: Vec<(&str, &dyn ToSql)> = values.iter().map(|(name, value)| (*name, value as _)).collect();
    let mut query = tx.connection().prepare_cached(&question)?;
    let mut rows = query.query(&values[..])?;
    while let Some(row) = rows.next()? {
        visitor(from_row(row)?);
    }
    Ok(())
}

/// The latest time that any row carries.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn latest_at(tx: &Reading<'_>) -> Result<Option<Timestamp>, RecordsError> {
    let latest: Option<i64> =
        tx.connection().query_row("SELECT max(at) FROM audit_rows", [], |row| row.get(0))?;
    latest.map(|at| Timestamp::from_microsecond(at).map_err(|_| RecordsError::Damaged)).transpose()
}

/// The newest rows that concern a patient, newest first; those of records merged into it among them.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId, limit: u32) -> Result<Vec<AuditRow>, RecordsError> {
    let mut rows = tx
        .connection()
        .prepare_cached(
            "WITH RECURSIVE here (id) AS (
                 VALUES (?1) UNION SELECT patients.id FROM patients JOIN here ON patients.merged_into = here.id)
             SELECT * FROM audit_rows WHERE patient_id IN here ORDER BY seq DESC LIMIT ?2",
        )?;
    let rows = rows.query_map(params![id_text(&patient), limit], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let subject = match row.get::<_, Option<String>>("subject_id")? {
        Some(id) => Some(Subject { kind: row.word("subject_kind")?, id }),
        None => None,
    };
    let patient = match row.get::<_, Option<String>>("patient_id")? {
        Some(_) => Some(row.parsed("patient_id")?),
        None => None,
    };
    Ok(AuditRow {
        seq: row.get("seq")?,
        id: row.parsed("id")?,
        at: row.time("at")?,
        actor: row.parsed("actor")?,
        role: row.word("role")?,
        action: row.word("action")?,
        subject,
        patient,
        details: row.json("details")?,
    })
}

/// Longest text that a row keeps of a value, in characters.
const LONGEST: usize = 400;

/// Old and new value of every field in which two records differ, as `{ "field": [old, new] }`.
pub(crate) fn changed<T: Serialize>(old: &T, new: &T) -> Value {
    let (Ok(Value::Object(old)), Ok(Value::Object(new))) =
        (serde_json::to_value(old), serde_json::to_value(new))
    else {
        return Value::Null;
    };
    let differs = |(field, value): (String, Value)| {
        let before = old.get(&field).cloned().unwrap_or_default();
        (before != value).then(|| (field, Value::Array(vec![shortened(before), shortened(value)])))
    };
    new.into_iter().filter_map(differs).collect::<serde_json::Map<_, _>>().into()
}

fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            Value::String(text.chars().take(LONGEST).chain(['…']).collect())
        }
        other => other,
    }
}
