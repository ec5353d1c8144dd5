//! Search as you type: every word must begin some word of the patient's name, number, telephone number or
//! date of birth, without regard to case and accents. When hardly anybody is found that way, names and
//! digits that are nearly what was typed follow, marked as such.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::patient::{PatientDetails, Sex};
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};

use super::approximate;
use super::near;
use super::numbers::named_by;
use super::words::{Word, indexed_words, words_of};

/// Up to so many hits are ranked; more than that and the query is too short for a ranking to mean much.
const RANKED: u64 = 400;
/// With fewer hits than this, near ones follow.
const FEW: u64 = 5;
/// Hits beyond so many are not counted: a letter that half the clinic begins with costs no more than a rare one.
const COUNTED: u64 = 500;
const EVERY: u64 = u32::MAX as u64;
pub(super) const SUMMARY: &str =
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
    /// Found although what was typed is a little different.
    pub approximate: bool,
}

/// One page of hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientPage {
    pub patients: Vec<PatientSummary>,
    /// Hits on all pages, as far as they were counted.
    pub total: u64,
    /// There are more than `total`.
    pub more: bool,
}

/// Finds patients; an empty query lists all of them by name. An exact number comes first, then family
/// names that begin with the first word, then the rest by name; a query that matches very many is only
/// sorted by family names that begin with it, then by registration. Near hits come last, nearest first. The
/// audit row holds the number of hits and not the query, which may be a name.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn search(tx: &Writing<'_>, query: &str, limit: u32, offset: u32) -> Result<PatientPage, RecordsError> {
    let words = words_of(query);
    let page = if words.is_empty() {
        everyone(tx, limit, offset)?
    } else {
        matching(tx, query, &words, limit, offset)?
    };
    audit::record(tx, AuditEntry::new(AuditAction::PatientsSearched).with(json!({ "count": page.total })))?;
    Ok(page)
}

/// Enters or renews a patient's words in the index and in the vocabulary of names; the numbers of records
/// that were merged into this one are among them.
pub(crate) fn index(
    tx: &Writing<'_>,
    id: PatientId,
    row: i64,
    details: &PatientDetails,
) -> Result<(), RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "WITH RECURSIVE here (id) AS (
             VALUES (?1) UNION SELECT patients.id FROM patients JOIN here ON patients.merged_into = here.id)
         SELECT number FROM patients JOIN here USING (id)",
    )?;
    let numbers: Vec<String> =
        query.query_map([id_text(&id)], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let words = indexed_words(&numbers, details);
    tx.connection()
        .prepare_cached("INSERT OR REPLACE INTO patient_search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![row, words.into_iter().collect::<Vec<_>>().join(" ")])?;
    for name in [&details.family_name, &details.given_names] {
        near::learn(tx.connection(), fold(name).split(' '))?;
    }
    Ok(())
}

/// Enters the vocabulary of a database that has patients already, and what the index did not hold yet:
/// umlauts without their second letter, numbers written in one piece.
pub(super) fn index_existing(connection: &Connection) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT row, number, family_name, given_names, date_of_birth, sex, phone FROM patients ORDER BY row",
    )?;
    let mut enter =
        connection.prepare("INSERT OR REPLACE INTO patient_search (rowid, words) VALUES (?1, ?2)")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let details = PatientDetails {
            family_name: row.text("family_name")?,
            given_names: row.text("given_names")?,
            date_of_birth: row.parsed("date_of_birth")?,
            sex: row.word("sex")?,
            phone: row.text("phone")?,
            email: String::new(),
            address: String::new(),
            fitzpatrick: None,
            alert: String::new(),
            medical_history: String::new(),
            risk_factors: Vec::new(),
            photo_consent: false,
            ai_consent: false,
            training_consent: false,
        };
        let words = indexed_words(&[row.text("number")?], &details);
        let at: i64 = row.get("row")?;
        enter.execute(params![at, words.into_iter().collect::<Vec<_>>().join(" ")])?;
        for name in [&details.family_name, &details.given_names] {
            near::learn(connection, fold(name).split(' '))?;
        }
    }
    Ok(())
}

/// Takes a patient out of the index.
pub(super) fn withdraw(tx: &Writing<'_>, row: i64) -> Result<(), RecordsError> {
    tx.connection().prepare_cached("DELETE FROM patient_search WHERE rowid = ?1")?.execute([row])?;
    Ok(())
}

/// Forgets name words that no indexed patient has any more.
pub(super) fn forget_names(tx: &Writing<'_>, details: &PatientDetails) -> Result<(), RecordsError> {
    for name in [&details.family_name, &details.given_names] {
        near::unlearn(tx.connection(), fold(name).split(' '))?;
    }
    Ok(())
}

fn everyone(tx: &Reading<'_>, limit: u32, offset: u32) -> Result<PatientPage, RecordsError> {
    let total = tx
        .connection()
        .prepare_cached(
            "SELECT (SELECT count(*) FROM patients)
                  - (SELECT count(*) FROM patients WHERE merged_into IS NOT NULL)",
        )?
        .query_row([], |row| row.get(0))?;
    let sql =
        format!("{SUMMARY} WHERE merged_into IS NULL ORDER BY family_key, given_key, row LIMIT ?1 OFFSET ?2");
    let patients = list(tx, &sql, params![limit, offset])?;
    Ok(PatientPage { patients, total, more: false })
}

fn matching(
    tx: &Reading<'_>,
    query: &str,
    words: &[Word],
    limit: u32,
    offset: u32,
) -> Result<PatientPage, RecordsError> {
    let expression = words.iter().map(Word::expression).collect::<Vec<_>>().join(" AND ");
    let found = found(tx, words, &expression)?;
    // The patient with exactly this number stands before all others; the rest is counted without it.
    let first = match named_by(tx, query)? {
        Some(id) => list(tx, &format!("{SUMMARY} WHERE id = ?1"), [id_text(&id)])?,
        None => Vec::new(),
    };
    let except = first.first().map_or("", |patient| patient.number.as_str());
    let ahead = u32::try_from(first.len()).unwrap_or(0);
    let exact = found.max(u64::from(ahead));
    let hits = Hits { expression: &expression, lead: &words[0].text, single: words.len() == 1, except };
    let mut patients: Vec<_> = first.iter().skip(offset as usize).take(limit as usize).cloned().collect();
    let wanted = limit - u32::try_from(patients.len()).unwrap_or(0);
    let skipped = offset.saturating_sub(ahead);
    patients.extend(if found <= RANKED {
        hits.ranked(tx, wanted, skipped)?
    } else {
        hits.broad(tx, wanted, skipped)?
    });
    if found > COUNTED {
        // A page that is not full is the last one: there the total is looked up after all.
        let more = patients.len() == limit as usize;
        let seen = u64::from(offset) + u64::from(limit);
        let total = if more { COUNTED.max(seen) } else { counted(tx, &expression, EVERY)? };
        return Ok(PatientPage { patients, total, more });
    }
    if exact >= FEW {
        return Ok(PatientPage { patients, total: exact, more: false });
    }
    let near = approximate::hits(tx, words, &expression, except)?;
    let total = exact + near.len() as u64;
    let skipped = usize::try_from(u64::from(offset).saturating_sub(exact)).unwrap_or(usize::MAX);
    let room = limit as usize - patients.len();
    patients.extend(near.into_iter().skip(skipped).take(room));
    Ok(PatientPage { patients, total, more: false })
}

/// Hits of a query, at most one more than are counted. A family name that begins with the only word is a hit by
/// itself: where these suffice, the index of words is not asked, for which a short word stands for very many.
fn found(tx: &Reading<'_>, words: &[Word], expression: &str) -> Result<u64, RecordsError> {
    if let [word] = words {
        let named = named(tx, &word.text)?;
        if named > COUNTED {
            return Ok(named);
        }
    }
    counted(tx, expression, COUNTED + 1)
}

/// At least so many patients have a family name that begins with the word; at most one more than are counted. Only
/// the index is read, so that merged records are taken off as if all of them had such a name.
fn named(tx: &Reading<'_>, word: &str) -> Result<u64, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "WITH merged (gone) AS (SELECT count(*) FROM patients WHERE merged_into IS NOT NULL)
         SELECT max(0, (SELECT count(*) FROM (
             SELECT 1 FROM patients WHERE family_key >= ?1 AND family_key < ?2 LIMIT ?3 + (SELECT gone FROM merged))) - gone)
         FROM merged",
    )?;
    Ok(query.query_row(params![word, end_of(word), COUNTED + 1], |row| row.get(0))?)
}

/// Sorts behind every name that begins with the word.
fn end_of(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

/// Hits of a query, at most so many.
fn counted(tx: &Reading<'_>, expression: &str, most: u64) -> Result<u64, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM patient_search WHERE patient_search MATCH ?1 LIMIT ?2)",
    )?;
    Ok(query.query_row(params![expression, most], |row| row.get(0))?)
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
        let end = end_of(self.lead);
        // A family name that begins with the only word is a hit by itself.
        let also = if self.single {
            "?4 = ?4"
        } else {
            "row IN (SELECT rowid FROM patient_search WHERE patient_search MATCH ?4)"
        };
        let stretch = format!(
            "family_key >= ?1 AND family_key < ?2 AND number <> ?3 AND merged_into IS NULL AND {also}"
        );
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

pub(super) fn summary(row: &Row<'_>) -> rusqlite::Result<PatientSummary> {
    Ok(PatientSummary {
        id: row.parsed("id")?,
        number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        date_of_birth: row.parsed("date_of_birth")?,
        sex: row.word("sex")?,
        phone: row.text("phone")?,
        approximate: false,
    })
}
