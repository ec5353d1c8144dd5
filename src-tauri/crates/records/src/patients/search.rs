//! Search as you type: every word must begin some word of the patient's name, number, telephone number or
//! date of birth, without regard to case and accents.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::patient::{PatientDetails, Sex};
use jiff::civil::Date;
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::{Reading, Writing};

use super::words::{Word, exact_number, indexed_words, words_of};

/// Up to so many hits are ranked; more than that and the query is too short for a ranking to mean much.
const RANKED: u64 = 400;
const SUMMARY: &str =
    "SELECT patients.id, number, family_name, given_names, date_of_birth, sex, phone FROM patients";

/// A line of the result list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientSummary {
    pub id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: Date,
    pub sex: Sex,
    pub phone: String,
}

/// One page of hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientPage {
    pub patients: Vec<PatientSummary>,
    /// Hits on all pages.
    pub total: u64,
}

/// Finds patients; an empty query lists all of them by name. An exact number comes first, then family
/// names that begin with the first word, then the rest by name; a query that matches very many is only
/// sorted by family names that begin with it, then by registration. The audit row holds the number of hits
/// and not the query, which may be a name.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn search(tx: &Writing<'_>, query: &str, limit: u32, offset: u32) -> Result<PatientPage, RecordsError> {
    let words = words_of(query);
    let page =
        if words.is_empty() { everyone(tx, limit, offset)? } else { matching(tx, &words, limit, offset)? };
    audit::record(tx, AuditEntry::new(AuditAction::PatientsSearched).with(json!({ "count": page.total })))?;
    Ok(page)
}

/// Enters or renews a patient's words in the index.
pub(super) fn index(
    tx: &Writing<'_>,
    row: i64,
    number: &str,
    details: &PatientDetails,
) -> Result<(), RecordsError> {
    let words = indexed_words(number, details);
    tx.connection()
        .prepare_cached("INSERT OR REPLACE INTO patient_search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![row, words.into_iter().collect::<Vec<_>>().join(" ")])?;
    Ok(())
}

fn everyone(tx: &Reading<'_>, limit: u32, offset: u32) -> Result<PatientPage, RecordsError> {
    let total =
        tx.connection().prepare_cached("SELECT count(*) FROM patients")?.query_row([], |row| row.get(0))?;
    let sql = format!("{SUMMARY} ORDER BY family_key, given_key, row LIMIT ?1 OFFSET ?2");
    let patients = list(tx, &sql, params![limit, offset])?;
    Ok(PatientPage { patients, total })
}

fn matching(tx: &Reading<'_>, words: &[Word], limit: u32, offset: u32) -> Result<PatientPage, RecordsError> {
    let expression = words.iter().map(Word::expression).collect::<Vec<_>>().join(" AND ");
    let total: u64 = tx
        .connection()
        .prepare_cached("SELECT count(*) FROM patient_search WHERE patient_search MATCH ?1")?
        .query_row([&expression], |row| row.get(0))?;
    // The patient with exactly this number stands before all others; the rest is counted without it.
    let first = match exact_number(words) {
        Some(number) => list(tx, &format!("{SUMMARY} WHERE number = ?1"), [number])?,
        None => Vec::new(),
    };
    let except = first.first().map_or("", |patient| patient.number.as_str());
    let ahead = u32::try_from(first.len()).unwrap_or(0);
    let hits = Hits { expression: &expression, lead: &words[0].text, single: words.len() == 1, except };
    let mut patients: Vec<_> = first.iter().skip(offset as usize).take(limit as usize).cloned().collect();
    let wanted = limit - u32::try_from(patients.len()).unwrap_or(0);
    let skipped = offset.saturating_sub(ahead);
    patients.extend(if total <= RANKED {
        hits.ranked(tx, wanted, skipped)?
    } else {
        hits.broad(tx, wanted, skipped)?
    });
    Ok(PatientPage { patients, total })
}

/// What a query found, less the patient whose number it names.
struct Hits<'a> {
    expression: &'a str,
    /// The first word.
    lead: &'a str,
    /// There is no other word.
    single: bool,
    /// Number of the patient listed already, or nothing.
    except: &'a str,
}

impl Hits<'_> {
    fn ranked(&self, tx: &Reading<'_>, limit: u32, offset: u32) -> Result<Vec<PatientSummary>, RecordsError> {
        let sql = format!(
            "{SUMMARY} JOIN patient_search ON patient_search.rowid = patients.row
             WHERE patient_search MATCH ?1 AND number <> ?2
             ORDER BY substr(family_key, 1, length(?3)) = ?3 DESC, family_key, given_key, row
             LIMIT ?4 OFFSET ?5"
        );
        list(tx, &sql, params![self.expression, self.except, self.lead, limit, offset])
    }

    /// A page of very many hits without sorting them all: first the stretch of the name index that begins
    /// with the word, in its own order, then the other hits as they were registered.
    fn broad(&self, tx: &Reading<'_>, limit: u32, offset: u32) -> Result<Vec<PatientSummary>, RecordsError> {
        // Sorts behind every name that begins with the word.
        let end = format!("{}\u{10FFFF}", self.lead);
        // A family name that begins with the only word is a hit by itself.
        let also = if self.single {
            "?4 = ?4"
        } else {
            "row IN (SELECT rowid FROM patient_search WHERE patient_search MATCH ?4)"
        };
        let stretch = format!("family_key >= ?1 AND family_key < ?2 AND number <> ?3 AND {also}");
        let by_name =
            format!("{SUMMARY} WHERE {stretch} ORDER BY family_key, given_key, row LIMIT ?5 OFFSET ?6");
        let mut patients =
            list(tx, &by_name, params![self.lead, end, self.except, self.expression, limit, offset])?;
        let wanted = limit - u32::try_from(patients.len()).unwrap_or(0);
        if wanted > 0 {
            let named: u32 = tx
                .connection()
                .prepare_cached(&format!("SELECT count(*) FROM patients WHERE {stretch}"))?
                .query_row(params![self.lead, end, self.except, self.expression], |row| row.get(0))?;
            let others = format!(
                "{SUMMARY} JOIN patient_search ON patient_search.rowid = patients.row
                 WHERE patient_search MATCH ?4 AND number <> ?3
                   AND NOT (family_key >= ?1 AND family_key < ?2)
                 ORDER BY patient_search.rowid LIMIT ?5 OFFSET ?6"
            );
            let skipped = offset.saturating_sub(named);
            patients.extend(list(
                tx,
                &others,
                params![self.lead, end, self.except, self.expression, wanted, skipped],
            )?);
        }
        Ok(patients)
    }
}

fn list(
    tx: &Reading<'_>,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<PatientSummary>, RecordsError> {
    let mut query = tx.connection().prepare_cached(sql)?;
    let patients = query.query_map(parameters, summary)?.collect::<Result<_, _>>()?;
    Ok(patients)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<PatientSummary> {
    Ok(PatientSummary {
        id: row.parsed("id")?,
        number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        date_of_birth: row.parsed("date_of_birth")?,
        sex: row.word("sex")?,
        phone: row.text("phone")?,
    })
}
