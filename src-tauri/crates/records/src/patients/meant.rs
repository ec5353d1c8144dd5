//! Whom a typed text means, for lists of something else than patients.

use domain::PatientId;
use rusqlite::params;

use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::Reading;

use super::approximate;
use super::numbers::named_by;
use super::words::{Word, words_of};

/// The patients whom a text means.
pub(crate) enum Meant {
    /// The text names nobody in particular.
    Everybody,
    These(Vec<PatientId>),
    /// More than are worth naming: an expression for [`AMONG`].
    Many(String),
}

/// The condition that a row's `patient_id` is among many; its parameter is the expression.
pub(crate) const AMONG: &str = "(SELECT row FROM patients WHERE patients.id = patient_id)
    IN (SELECT rowid FROM patient_search WHERE patient_search MATCH ?)";

/// The patient whose number the text is; else everybody who has every word of it; else, where there is nobody,
/// those who nearly have. Names up to `most`.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub(crate) fn meant(tx: &Reading<'_>, text: &str, most: u32) -> Result<Meant, RecordsError> {
    let words = words_of(text);
    if words.is_empty() {
        return Ok(Meant::Everybody);
    }
    let named = named_by(tx, text)?;
    // Digits alone may also be a year of birth or a telephone number.
    if let Some(patient) = named.filter(|_| text.chars().any(char::is_alphabetic)) {
        return Ok(Meant::These(vec![patient]));
    }
    let expression = words.iter().map(Word::expression).collect::<Vec<_>>().join(" AND ");
    let mut query = tx.connection().prepare_cached(
        "SELECT patients.id FROM patient_search CROSS JOIN patients ON patients.row = patient_search.rowid
         WHERE patient_search MATCH ?1 LIMIT ?2",
    )?;
    let mut found: Vec<PatientId> = query
        .query_map(params![expression, most.saturating_add(1)], |row| row.parsed("id"))?
        .collect::<Result<_, _>>()?;
    if found.len() > most as usize {
        return Ok(Meant::Many(expression));
    }
    found.extend(named.filter(|patient| !found.contains(patient)));
    if found.is_empty() {
        let near = approximate::hits(tx, &words, &expression, "")?;
        return Ok(Meant::These(near.into_iter().map(|patient| patient.id).collect()));
    }
    Ok(Meant::These(found))
}
