//! Reports of the whole clinic, a page at a time.

use domain::audit::AuditAction;
use domain::report::ReportState;
use domain::{LesionId, PatientId, ReportId};
use jiff::Timestamp;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::patients::{self, Meant};
use crate::row::{Columns, micros, word};
use crate::store::{Reading, Writing};

/// Longest page.
pub const MOST_LISTED: u32 = 100;
/// Patients that a text may mean before they are sought for each report instead.
const MOST_PATIENTS: u32 = 200;
const LONGEST_NUMBER: usize = 40;

/// Which reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The number of a report or its beginning, or whom it is about.
    pub text: String,
    /// Nothing for all that were not discarded.
    pub state: Option<ReportState>,
    pub from: Option<Timestamp>,
    /// The first instant after.
    pub until: Option<Timestamp>,
    pub before: Option<Place>,
    pub limit: u32,
}

/// Where a page begins: after this report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: Timestamp,
    pub number: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: ReportId,
    pub number: String,
    pub state: ReportState,
    pub editions: u32,
    pub created_at: Timestamp,
    pub signed_at: Option<Timestamp>,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: LesionId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub reports: Vec<Row>,
    pub next: Option<Place>,
}

/// A page as a person is about to see it; recorded as a read. Numbers of reports are found by their beginning,
/// patients as everywhere.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Writing<'_>, filter: &Filter) -> Result<Page, RecordsError> {
    let limit = filter.limit.clamp(1, MOST_LISTED) as usize;
    let mut reports = page(tx, filter, limit + 1)?;
    let more = reports.len() > limit;
    reports.truncate(limit);
    let last = reports.last().filter(|_| more);
    let next = last.map(|row| Place { at: row.created_at, number: row.number.clone() });
    audit::record(tx, AuditEntry::new(AuditAction::ReportsListed).with(json!({ "count": reports.len() })))?;
    Ok(Page { reports, next })
}

fn page(tx: &Reading<'_>, filter: &Filter, most: usize) -> Result<Vec<Row>, RecordsError> {
    let mut values: Vec<Sql> = Vec::new();
    let mut conditions = vec!["1".to_owned()];
    let mut add = |sql: String, value: Sql| {
        conditions.push(sql);
        values.push(value);
    };
    match filter.state {
        Some(state) => add("state = ?".to_owned(), Sql::Text(word(&state))),
        None => add("state <> ?".to_owned(), Sql::Text(word(&ReportState::Discarded))),
    }
    if let Some(number) = beginning_of_number(&filter.text) {
        // The first text that no longer begins so.
        let past = format!("{number}\u{10FFFF}");
        add("reports.number >= ?".to_owned(), Sql::Text(number));
        add("reports.number < ?".to_owned(), Sql::Text(past));
    } else {
        match patients::meant(tx, filter.text.trim(), MOST_PATIENTS)? {
            Meant::Everybody => {}
            Meant::These(these) => {
                let among = "patient_id IN (SELECT value FROM json_each(?))".to_owned();
                add(among, Sql::Text(json!(these).to_string()));
            }
            Meant::Many(expression) => add(patients::AMONG.to_owned(), Sql::Text(expression)),
        }
    }
    if let Some(from) = filter.from {
        add("reports.created_at >= ?".to_owned(), Sql::Integer(micros(from)));
    }
    if let Some(until) = filter.until {
        add("reports.created_at < ?".to_owned(), Sql::Integer(micros(until)));
    }
    if let Some(place) = &filter.before {
        add("reports.created_at <= ?".to_owned(), Sql::Integer(micros(place.at)));
        add("(reports.created_at, reports.number) < (?".to_owned(), Sql::Integer(micros(place.at)));
        values.push(Sql::Text(place.number.clone()));
        if let Some(last) = conditions.last_mut() {
            last.push_str(", ?)");
        }
    }
    values.push(Sql::Integer(i64::try_from(most).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT reports.id, reports.number, state, reports.created_at, reports.patient_id,
                (SELECT count(*) FROM report_editions WHERE report_id = reports.id) AS editions,
                (SELECT signed_at FROM report_editions WHERE report_id = reports.id AND edition = 1) AS signed_at,
                (SELECT lesion_id FROM analyses WHERE analyses.id = analysis_id) AS lesion_id,
                patients.number AS patient_number, family_name, given_names
         FROM reports JOIN patients ON patients.id = reports.patient_id
         WHERE {} ORDER BY reports.created_at DESC, reports.number DESC LIMIT ?",
        conditions.join(" AND ")
    );
    let mut query = tx.connection().prepare_cached(&sql)?;
    Ok(query.query_map(params_from_iter(values), from_row)?.collect::<Result<_, _>>()?)
}

/// `R-2026-00012`, the beginning of it, or the name of its file; nothing for another text.
fn beginning_of_number(text: &str) -> Option<String> {
    let text = text.trim().to_uppercase();
    let text = text.strip_suffix(".PDF").unwrap_or(&text);
    let rest = text.strip_prefix("R-")?;
    // A file of a later edition ends in its number; one with names goes on after an underscore.
    let number: Vec<&str> = rest.split(['_', ' ']).next()?.splitn(3, '-').take(2).collect();
    let fits = rest.len() <= LONGEST_NUMBER && number.concat().bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("R-{}", number.join("-")))
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.parsed("id")?,
        number: row.text("number")?,
        state: row.word("state")?,
        editions: row.get("editions")?,
        created_at: row.time("created_at")?,
        signed_at: row.time_or_none("signed_at")?,
        patient_id: row.parsed("patient_id")?,
        patient_number: row.text("patient_number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        lesion_id: row.parsed("lesion_id")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_by_its_beginning_or_its_file() {
        for (text, number) in [
            ("R-2026-00012", "R-2026-00012"),
            (" r-2026-0 ", "R-2026-0"),
            ("R-2026", "R-2026"),
            ("R-", "R-"),
            ("R-2026-00012.pdf", "R-2026-00012"),
            ("R-2026-00012-2.pdf", "R-2026-00012"),
            ("R-2026-00012-2_P-000012_Lindenhoff.pdf", "R-2026-00012"),
        ] {
            assert_eq!(beginning_of_number(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "Lindenhoff", "P-000012", "R-Tadesse", "Rousseau"] {
            assert_eq!(beginning_of_number(text), None, "{text}");
        }
    }
}
