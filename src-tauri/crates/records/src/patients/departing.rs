//! A patient about to be erased, with what the registry itself keeps of them.

use domain::PatientId;
use domain::patient::PatientDetails;
use rusqlite::params;

use crate::error::RecordsError;
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};

use super::{get, search};

/// A record and those that were merged into it.
pub(crate) struct Departed {
    pub patients: Vec<PatientId>,
    /// Other records that were merged with one of them for a while.
    pub unmerged: Vec<PatientId>,
    registered: Vec<(i64, PatientDetails)>,
}

/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Merged`] for a record that another one stands for.
pub(crate) fn departing(tx: &Reading<'_>, patient: PatientId) -> Result<Departed, RecordsError> {
    super::must_exist(tx, patient)?;
    let records = with_merged(tx, patient)?;
    let mut row_of = tx.connection().prepare_cached("SELECT row FROM patients WHERE id = ?1")?;
    let mut others_of = tx.connection().prepare_cached(
        "SELECT merged_id AS id FROM merges WHERE survivor_id = ?1
         UNION SELECT survivor_id FROM merges WHERE merged_id = ?1",
    )?;
    let mut departed = Departed { patients: Vec::new(), unmerged: Vec::new(), registered: Vec::new() };
    for id in &records {
        let row = row_of.query_row([id_text(id)], |row| row.get(0))?;
        departed.registered.push((row, get(tx, *id)?.details));
        for other in others_of.query_map([id_text(id)], |row| row.parsed("id"))? {
            let other: PatientId = other?;
            if !records.contains(&other) && !departed.unmerged.contains(&other) {
                departed.unmerged.push(other);
            }
        }
    }
    departed.patients = records;
    Ok(departed)
}

/// The patient's identity and those of the records that were merged into this one.
pub(crate) fn with_merged(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<PatientId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "WITH RECURSIVE here (id) AS (
             VALUES (?1) UNION SELECT patients.id FROM patients JOIN here ON patients.merged_into = here.id)
         SELECT id FROM here",
    )?;
    let records = query.query_map(params![id_text(&patient)], |row| row.parsed("id"))?;
    Ok(records.collect::<Result<_, _>>()?)
}

/// Takes them out of the search and their names out of the vocabulary, after their rows went.
pub(crate) fn forget(tx: &Writing<'_>, departed: &Departed) -> Result<(), RecordsError> {
    for (row, _) in &departed.registered {
        search::withdraw(tx, *row)?;
    }
    for (_, details) in &departed.registered {
        search::forget_names(tx, details)?;
    }
    Ok(())
}
