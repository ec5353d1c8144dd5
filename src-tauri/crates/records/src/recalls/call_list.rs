//! The call list: open recalls of a stretch of days, with whom to call.

use domain::audit::AuditAction;
use domain::recall::{Contact, Recall};
use jiff::civil::Date;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::{Reading, Writing};

use super::{contacts, from_row};

/// A stretch of open recalls, oldest day first.
#[derive(Clone, Copy, Debug)]
pub struct CallWindow {
    /// The first day that is listed; nothing lists everything left over from before.
    pub from: Option<Date>,
    /// The last day that is listed.
    pub to: Date,
}

/// A recall on the call list, with whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub recall: Recall,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub phone: String,
    pub email: String,
    pub attempts: u32,
    pub last: Option<Contact>,
}

/// Open recalls of a stretch of days and how many there are; recorded as a read of the list.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn call_list(
    tx: &Writing<'_>,
    window: CallWindow,
    limit: u32,
    offset: u32,
) -> Result<(Vec<Call>, u32), RecordsError> {
    let from = window.from.map_or_else(String::new, |day| day.to_string());
    let to = window.to.to_string();
    let total = tx
        .connection()
        .prepare_cached("SELECT count(*) FROM recalls WHERE closed_at IS NULL AND next_on BETWEEN ?1 AND ?2")?
        .query_row([&from, &to], |row| row.get(0))?;
    let mut query = tx.connection().prepare_cached(
        "SELECT recalls.*, number, family_name, given_names, phone, email,
                (SELECT count(*) FROM recall_contacts WHERE recall_id = recalls.id) AS attempts
         FROM recalls JOIN patients ON patients.id = patient_id
         WHERE closed_at IS NULL AND next_on BETWEEN ?1 AND ?2
         ORDER BY next_on, recalls.id LIMIT ?3 OFFSET ?4",
    )?;
    let rows = query.query_map(params![from, to, limit, offset], |row| {
        Ok(Call {
            recall: from_row(row)?,
            number: row.text("number")?,
            family_name: row.text("family_name")?,
            given_names: row.text("given_names")?,
            phone: row.text("phone")?,
            email: row.text("email")?,
            attempts: row.get("attempts")?,
            last: None,
        })
    })?;
    let mut calls: Vec<Call> = rows.collect::<Result<_, _>>()?;
    for call in calls.iter_mut().filter(|call| call.attempts > 0) {
        call.last = contacts(tx, call.recall.id)?.into_iter().next();
    }
    let entry = AuditEntry::new(AuditAction::CallListRead);
    audit::record(tx, entry.with(json!({ "count": calls.len(), "from": window.from, "to": window.to })))?;
    Ok((calls, total))
}

/// How many open recalls are past their day.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn overdue(tx: &Reading<'_>, today: Date) -> Result<u32, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT count(*) FROM recalls WHERE closed_at IS NULL AND next_on < ?1")?;
    Ok(query.query_row([today.to_string()], |row| row.get(0))?)
}
