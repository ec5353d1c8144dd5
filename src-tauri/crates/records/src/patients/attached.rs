//! What hangs on a patient: every column of the database that names one, and what a merge does with it.

use rusqlite::params;

use crate::error::RecordsError;
use crate::store::Reading;

/// What becomes of the rows when their patient's record is merged into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// They go over to the record that stays.
    Moves,
    /// They stay with the record they were written for.
    Stays,
}

/// Table, column, fate; parents before what refers to them.
pub(super) const ATTACHED: &[(&str, &str, Fate)] = &[
    // The trail says what happened to which record at the time, and its rows never change.
    ("audit_rows", "patient_id", Fate::Stays),
    ("patients", "merged_into", Fate::Stays),
    ("merges", "survivor_id", Fate::Stays),
    ("merges", "merged_id", Fate::Stays),
    ("consents", "patient_id", Fate::Moves),
    ("deletions", "patient_id", Fate::Moves),
    ("lesions", "patient_id", Fate::Moves),
    ("images", "patient_id", Fate::Moves),
    ("analyses", "patient_id", Fate::Moves),
    ("jobs", "patient_id", Fate::Moves),
    ("reports", "patient_id", Fate::Moves),
    ("break_glass", "patient_id", Fate::Moves),
    ("recalls", "patient_id", Fate::Moves),
    ("biopsies", "patient_id", Fate::Moves),
    ("case_notes", "patient_id", Fate::Moves),
    ("visits", "patient_id", Fate::Moves),
    ("desk_photos", "patient_id", Fate::Moves),
    ("tray_photos", "patient_id", Fate::Moves),
    ("image_origins", "patient_id", Fate::Moves),
    ("retention_holds", "patient_id", Fate::Moves),
    ("portraits", "patient_id", Fate::Moves),
    ("checklists", "patient_id", Fate::Moves),
    ("impressions", "patient_id", Fate::Moves),
    ("decisions", "patient_id", Fate::Moves),
    ("reading_feedback", "patient_id", Fate::Moves),
    ("referrals", "patient_id", Fate::Moves),
    ("comparisons", "patient_id", Fate::Moves),
    ("report_proposals", "patient_id", Fate::Moves),
];

/// A table whose rows move, as the database describes it.
pub(super) struct Moving {
    pub table: &'static str,
    /// The column that names the patient.
    pub column: &'static str,
    /// Expression for the identity of a row: its primary key, as JSON text.
    pub key: String,
    /// Conditions under which a row refers to a moving parent row that belongs to patient `?1`, and to one
    /// that belongs to somebody else.
    pub parents: Vec<Parent>,
}

/// A reference to another moving table.
pub(super) struct Parent {
    pub table: &'static str,
    pub column: &'static str,
    /// How the parent's row is found from the child's, without the patient.
    pub join: String,
}

/// Every table whose rows move, in order.
pub(super) fn moving(tx: &Reading<'_>) -> Result<Vec<Moving>, RecordsError> {
    let tables = ATTACHED.iter().filter(|(_, _, fate)| *fate == Fate::Moves);
    tables.map(|(table, column, _)| describe(tx, table, column)).collect()
}

fn describe(tx: &Reading<'_>, table: &'static str, column: &'static str) -> Result<Moving, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 AND name <> ?2 ORDER BY pk")?;
    let keys: Vec<String> =
        query.query_map(params![table, column], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let keys: Vec<String> = keys.iter().map(|key| format!("{table}.{key}")).collect();
    let mut query = tx.connection().prepare_cached(
        "SELECT id, \"table\", \"from\", coalesce(\"to\", 'id') FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut parents: Vec<(i64, Parent)> = Vec::new();
    let mut rows = query.query([table])?;
    while let Some(row) = rows.next()? {
        let (id, parent, from, to): (i64, String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let known = ATTACHED.iter().find(|(name, _, fate)| *name == parent && *fate == Fate::Moves);
        let Some((parent, owner, _)) = known.filter(|_| from != column) else { continue };
        let condition = format!("parent.{to} = {table}.{from}");
        match parents.last_mut() {
            Some((last, reference)) if *last == id => {
                reference.join = format!("{} AND {condition}", reference.join);
            }
            _ => parents.push((id, Parent { table: parent, column: owner, join: condition })),
        }
    }
    let parents = parents.into_iter().map(|(_, parent)| parent).collect();
    Ok(Moving { table, column, key: format!("json_array({})", keys.join(", ")), parents })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::migrations::MIGRATIONS;
    use rusqlite::Connection;

    /// A new table with a patient in it must say above what a merge does with its rows.
    #[test]
    fn every_column_that_names_a_patient_is_spoken_for() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let mut query = connection
            .prepare(
                "SELECT tables.name, columns.name FROM sqlite_schema AS tables,
                     pragma_table_info(tables.name) AS columns
                 WHERE tables.type = 'table' AND (
                     columns.name LIKE '%patient_id' OR EXISTS (
                         SELECT 1 FROM pragma_foreign_key_list(tables.name) AS keys
                         WHERE keys.\"table\" = 'patients' AND keys.\"from\" = columns.name))",
            )
            .unwrap();
        let found: BTreeSet<(String, String)> = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let listed: BTreeSet<(String, String)> =
            ATTACHED.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
        assert_eq!(found, listed);
    }
}
