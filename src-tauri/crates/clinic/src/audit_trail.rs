//! Reading, verifying and exporting the audit trail.

use std::collections::HashMap;

use domain::audit::AuditAction;
use domain::{PatientId, UserId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::audit::{self, AuditEntry, AuditFilter, AuditRow};
use records::{ChainProblem, ChainReport, Reading, RecordsError, patients, users};
use serde_json::json;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::insight;
use crate::session::Session;
use crate::views::{
    AccessLogRequest, AuditActor, AuditExportRequest, AuditFilterRequest, AuditFormat, AuditPageView,
    AuditRowView, AuditSearchRequest, AuditVerification,
};

const MAX_ROWS: u32 = 200;
const MAX_LOG: u32 = 500;

/// A file ready to be saved.
pub struct ExportedTrail {
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Rows newest first. Looking at the trail is itself in the trail, once a search.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn search(session: &Session, request: &AuditSearchRequest) -> Result<AuditPageView> {
    let actor = session.authorise(Command::AuditSearch)?;
    let filter = filter_of(&request.filter);
    let limit = request.limit.clamp(1, MAX_ROWS);
    let page = session.store().write(&actor, |tx| {
        let mut rows = audit::search(tx, &filter, request.before, limit + 1)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let mut names = Names::of(tx)?;
        let rows = rows.into_iter().map(|row| names.view(tx, row)).collect();
        if request.before.is_none() {
            audit::record(tx, AuditEntry::new(AuditAction::AuditRead).with(described(&request.filter)))?;
            insight::of_audit_trail(tx, request)?;
        }
        Ok(AuditPageView { rows, more, actors: names.actors() })
    })?;
    Ok(page)
}

/// Recomputes the chain from the first row to its anchor, once the keyring was heard or given up.
///
/// # Errors
/// `not_permitted`, `storage_failed`. What is wrong with the trail is in the answer.
pub fn verify(session: &Session) -> Result<AuditVerification> {
    let actor = session.authorise(Command::AuditVerify)?;
    let Judgement { verdict, .. } = judge(session)?;
    let details = json!({ "intact": verdict.intact, "rows": verdict.rows, "fault": verdict.fault });
    let entry = AuditEntry::new(AuditAction::AuditVerified).with(details);
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    Ok(verdict)
}

/// What became of the trail, before anybody is told.
pub(crate) struct Judgement {
    pub verdict: AuditVerification,
    /// Every fault was found before, and a row says so.
    pub on_record: bool,
}

pub(crate) fn judge(session: &Session) -> Result<Judgement> {
    session.watch().wait();
    let report = session.store().verify_chain()?;
    // What is only on record must not hide a fault that nobody has seen yet.
    let first = report.problems.iter().min_by_key(|problem| (is_on_record(problem), place_of(problem)));
    let verdict = AuditVerification {
        intact: report.is_intact(),
        rows: report.rows,
        first_fault: first.map(place_of),
        fault: first.map(|problem| word_of(problem).to_owned()),
    };
    Ok(Judgement { verdict, on_record: first.is_some_and(is_on_record) })
}

/// The filtered trail as a file, in the order of writing.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn export(session: &Session, request: &AuditExportRequest) -> Result<ExportedTrail> {
    let actor = session.authorise(Command::AuditExport)?;
    let filter = filter_of(&request.filter);
    let rows = session.store().write(&actor, |tx| {
        let mut found = Vec::new();
        audit::each(tx, &filter, |row| found.push(row))?;
        let mut names = Names::of(tx)?;
        let rows: Vec<_> = found.into_iter().map(|row| names.view(tx, row)).collect();
        let mut details = described(&request.filter);
        details["rows"] = json!(rows.len());
        audit::record(tx, AuditEntry::new(AuditAction::AuditExported).with(details))?;
        Ok(rows)
    })?;
    match request.format {
        AuditFormat::Csv => Ok(ExportedTrail { file_name: "audit-trail.csv".into(), bytes: as_csv(&rows)? }),
        AuditFormat::JsonLines => {
            Ok(ExportedTrail { file_name: "audit-trail.jsonl".into(), bytes: as_json_lines(&rows) })
        }
    }
}

/// Who read or changed one patient's record, newest first.
///
/// # Errors
/// `not_permitted`, `not_found`.
pub fn access_log(session: &Session, request: &AccessLogRequest) -> Result<Vec<AuditRowView>> {
    let actor = session.authorise(Command::AccessLogRead)?;
    let limit = request.limit.clamp(1, MAX_LOG);
    let rows = session.store().write(&actor, |tx| {
        patients::get(tx, request.patient_id)?;
        let rows = audit::of_patient(tx, request.patient_id, limit)?;
        let mut names = Names::of(tx)?;
        audit::record(tx, AuditEntry::new(AuditAction::AccessLogRead).on(request.patient_id))?;
        Ok(rows.into_iter().map(|row| names.view(tx, row)).collect())
    })?;
    Ok(rows)
}

/// Names of those who act and numbers of patients, looked up once each.
struct Names {
    users: HashMap<UserId, String>,
    numbers: HashMap<PatientId, Option<String>>,
}

impl Names {
    fn of(tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        let users = users::all(tx)?.into_iter().map(|user| (user.id, user.details.full_name)).collect();
        Ok(Self { users, numbers: HashMap::new() })
    }

    fn view(&mut self, tx: &Reading<'_>, row: AuditRow) -> AuditRowView {
        let number = row.patient.and_then(|id| {
            let look = || patients::get(tx, id).ok().map(|patient| patient.number);
            self.numbers.entry(id).or_insert_with(look).clone()
        });
        let kind = row.subject.as_ref().and_then(|s| serde_json::to_value(s.kind).ok());
        AuditRowView {
            seq: row.seq,
            at: row.at,
            actor_name: self.users.get(&row.actor).cloned().unwrap_or_default(),
            actor: row.actor,
            role: row.role,
            action: row.action,
            subject_kind: kind.and_then(|kind| kind.as_str().map(str::to_owned)),
            subject_id: row.subject.map(|s| s.id),
            patient_id: row.patient,
            patient_number: number,
            details: row.details,
        }
    }

    fn actors(self) -> Vec<AuditActor> {
        let mut actors: Vec<_> = self.users.into_iter().map(|(id, name)| AuditActor { id, name }).collect();
        actors.sort_by(|a, b| a.name.cmp(&b.name));
        actors
    }
}

/// Days are those of the workstation's time zone; the last one counts whole.
fn filter_of(request: &AuditFilterRequest) -> AuditFilter {
    let starts = |day: Date| day.to_zoned(TimeZone::system()).ok().map(|zoned| zoned.timestamp());
    let next: fn(Date) -> Option<Date> = |day| day.tomorrow().ok();
    AuditFilter {
        from: request.from.and_then(starts),
        until: request.to.and_then(next).and_then(starts),
        actor: request.actor,
        actions: request.actions.clone(),
        patient: request.patient_id,
    }
}

fn described(filter: &AuditFilterRequest) -> serde_json::Value {
    json!({
        "from": filter.from, "to": filter.to, "actor": filter.actor, "actions": filter.actions,
        "patient": filter.patient_id,
    })
}

const fn place_of(problem: &ChainProblem) -> u64 {
    match *problem {
        ChainProblem::RowAltered { seq }
        | ChainProblem::OrderBroken { seq }
        | ChainProblem::AnchorDisagrees { seq }
        | ChainProblem::GapRecorded { seq }
        | ChainProblem::RollbackRecorded { seq } => seq,
        ChainProblem::RowsMissing { after, .. } => after + 1,
        ChainProblem::TailCut { found, .. } | ChainProblem::RolledBack { found, .. } => found + 1,
        ChainProblem::AnchorLost => 0,
    }
}

const fn word_of(problem: &ChainProblem) -> &'static str {
    match problem {
        ChainProblem::RowAltered { .. } | ChainProblem::OrderBroken { .. } => "row_altered",
        ChainProblem::RowsMissing { .. } => "row_missing",
        ChainProblem::TailCut { .. } => "tail_missing",
        ChainProblem::AnchorDisagrees { .. } => "anchor_unreadable",
        ChainProblem::AnchorLost => "anchor_missing",
        ChainProblem::GapRecorded { .. } => "gap_recorded",
        ChainProblem::RolledBack { .. } | ChainProblem::RollbackRecorded { .. } => "rolled_back",
    }
}

/// Whether something is wrong with a trail beyond what it tells of itself.
pub(crate) fn has_unrecorded_fault(report: &ChainReport) -> bool {
    !report.problems.iter().all(is_on_record)
}

const fn is_on_record(problem: &ChainProblem) -> bool {
    matches!(problem, ChainProblem::GapRecorded { .. } | ChainProblem::RollbackRecorded { .. })
}

const COLUMNS: [&str; 10] = [
    "seq",
    "at",
    "actor",
    "role",
    "action",
    "subject_kind",
    "subject_id",
    "patient_number",
    "patient_id",
    "details",
];

fn as_csv(rows: &[AuditRowView]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |_| ErrorCode::Internal;
    writer.write_record(COLUMNS).map_err(failed)?;
    for row in rows {
        let record = [
            row.seq.to_string(),
            row.at.to_string(),
            row.actor_name.clone(),
            row.role.code().to_owned(),
            row.action.code(),
            row.subject_kind.clone().unwrap_or_default(),
            row.subject_id.clone().unwrap_or_default(),
            row.patient_number.clone().unwrap_or_default(),
            row.patient_id.map(|id| id.to_string()).unwrap_or_default(),
            row.details.to_string(),
        ];
        writer.write_record(record.map(|text| as_text(&text))).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| ErrorCode::Internal.into())
}

/// A cell that a spreadsheet would take for a formula is marked as text (OWASP, CSV injection).
pub(crate) fn as_text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn as_json_lines(rows: &[AuditRowView]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        out.extend(serde_json::to_vec(row).unwrap_or_default());
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_formula_in_a_cell_is_text() {
        assert_eq!(as_text("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(as_text("plain"), "plain");
    }

    #[test]
    fn the_last_day_counts_whole() {
        let day: Date = "2026-03-01".parse().unwrap();
        let request = AuditFilterRequest { from: Some(day), to: Some(day), ..AuditFilterRequest::default() };
        let filter = filter_of(&request);
        let span = filter
            .until
            .zip(filter.from)
            .map(|(until, from): (Timestamp, Timestamp)| until.duration_since(from));
        assert!(span.is_some_and(|span| span.as_hours() >= 23 && span.as_hours() <= 25));
    }
}
