//! Every table that says something about a patient, and how its rows are found.

/// A table and the condition for the rows of some patients, whose identities are `?1`, a JSON array. `{here}`
/// stands for the query of these identities.
pub(super) struct Personal {
    pub table: &'static str,
    pub rows: &'static str,
}

const fn personal(table: &'static str, rows: &'static str) -> Personal {
    Personal { table, rows }
}

const BY_PATIENT: &str = "patient_id IN {here}";
const OF_ANALYSIS: &str = "analysis_id IN (SELECT id FROM analyses WHERE patient_id IN {here})";

/// What refers to a row stands before it.
pub(super) const PERSONAL: &[Personal] = &[
    personal(
        "merge_moves",
        "merge_id IN (SELECT id FROM merges WHERE survivor_id IN {here} OR merged_id IN {here})",
    ),
    personal("merges", "survivor_id IN {here} OR merged_id IN {here}"),
    personal("retention_holds", BY_PATIENT),
    personal("referrals", BY_PATIENT),
    personal("decisions", BY_PATIENT),
    personal("reading_feedback", BY_PATIENT),
    personal("impressions", BY_PATIENT),
    personal("checklists", BY_PATIENT),
    personal("histologies", "biopsy_id IN (SELECT id FROM biopsies WHERE patient_id IN {here})"),
    personal("biopsies", BY_PATIENT),
    personal("recall_contacts", "recall_id IN (SELECT id FROM recalls WHERE patient_id IN {here})"),
    personal(
        "recall_visits",
        "recall_id IN (SELECT id FROM recalls WHERE patient_id IN {here})
             OR visit_id IN (SELECT id FROM visits WHERE patient_id IN {here})",
    ),
    personal("recalls", BY_PATIENT),
    personal("case_notes", BY_PATIENT),
    personal("image_origins", BY_PATIENT),
    personal("tray_photo_files", "photo_id IN (SELECT id FROM tray_photos WHERE patient_id IN {here})"),
    personal("tray_photos", BY_PATIENT),
    personal("desk_photo_files", "photo_id IN (SELECT id FROM desk_photos WHERE patient_id IN {here})"),
    personal("desk_photos", BY_PATIENT),
    personal("visits", BY_PATIENT),
    personal("report_editions", "report_id IN (SELECT id FROM reports WHERE patient_id IN {here})"),
    personal("reports", BY_PATIENT),
    personal("report_proposals", BY_PATIENT),
    personal("jobs", BY_PATIENT),
    personal("analysis_outlines", OF_ANALYSIS),
    personal("analysis_files", OF_ANALYSIS),
    personal("analysis_images", OF_ANALYSIS),
    personal("analyses", BY_PATIENT),
    personal("comparisons", BY_PATIENT),
    personal("image_marks", "image_id IN (SELECT id FROM images WHERE patient_id IN {here})"),
    personal("image_scales", "image_id IN (SELECT id FROM images WHERE patient_id IN {here})"),
    personal("golden_images", "image_id IN (SELECT id FROM images WHERE patient_id IN {here})"),
    personal("image_embeddings", "image_id IN (SELECT id FROM images WHERE patient_id IN {here})"),
    personal("image_files", "image_id IN (SELECT id FROM images WHERE patient_id IN {here})"),
    personal("images", BY_PATIENT),
    personal("deletions", BY_PATIENT),
    personal("lesions", BY_PATIENT),
    personal("break_glass", BY_PATIENT),
    personal("consents", BY_PATIENT),
    personal("portraits", BY_PATIENT),
    // What somebody typed on a page of the patient says where it was typed.
    personal(
        "drafts",
        "EXISTS (SELECT 1 FROM json_each(?1) AS here
                 WHERE instr(drafts.key, here.value) > 0 OR instr(drafts.body, here.value) > 0)",
    ),
    personal("patients", "id IN {here}"),
];

/// The columns that name sealed files.
pub(super) const FILES: &[(&str, &str)] = &[
    ("image_files", "file_id"),
    ("analysis_files", "file_id"),
    ("analysis_outlines", "file_id"),
    ("desk_photo_files", "file_id"),
    ("tray_photo_files", "file_id"),
    ("report_editions", "file_id"),
];

/// Tables that an erasure does not take rows from by [`PERSONAL`].
#[cfg(test)]
const OTHERS: &[&str] = &[
    // Rows stay, their details go.
    "audit_rows",
    "audit_erasures",
    // Rows of the files that are erased go with them.
    "sealed_files",
    // A name word goes when no other patient has it.
    "name_keys",
    // A number is never issued again.
    "patient_numbers",
    "counters",
    // A count of what went.
    "embedding_removals",
    // What a batch is of is said by its jobs, which go.
    "batches",
    // The clinic and its staff.
    "clinics",
    "users",
    "settings",
    "enrolments",
    "second_factors",
    "clinicians",
    "imaging_devices",
    "traces_due",
    "signing_keys",
    "logos",
    "backup_runs",
    // Where a pass is: the identity of a photograph or a reading, without anything of it.
    "derived_runs",
    "report_templates",
    // A person's questions to the assistant, which the window asks to keep free of patients.
    "assistant_conversations",
    "assistant_exchanges",
    "assistant_sheets",
    // Numbers that name nobody; triggers take away what is erased.
    "insight_slots",
    "insight_totals",
    "search_usage",
    "article_editions",
    "article_index",
    "open_locks",
    "model_versions",
    "model_files",
    "model_activations",
];

impl Personal {
    pub fn condition(&self) -> String {
        self.rows.replace("{here}", "(SELECT value FROM json_each(?1))")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::migrations::MIGRATIONS;
    use rusqlite::Connection;

    fn strings(connection: &Connection, sql: &str) -> Vec<String> {
        let mut query = connection.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// A new table must say here whether it tells of a patient: erasure and export follow this list.
    #[test]
    fn every_table_is_spoken_for() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let found: BTreeSet<String> = strings(
            &connection,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
               AND name NOT LIKE 'patient_search%' AND name NOT LIKE 'article_search%'",
        )
        .into_iter()
        .collect();
        let listed: Vec<&str> = PERSONAL.iter().map(|p| p.table).chain(OTHERS.iter().copied()).collect();
        assert_eq!(found, listed.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(found.len(), listed.len(), "a table is listed twice");
    }

    #[test]
    fn what_refers_to_a_row_stands_before_it_and_every_condition_reads() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        for (place, personal) in PERSONAL.iter().enumerate() {
            let sql = format!("SELECT count(*) FROM {} WHERE {}", personal.table, personal.condition());
            let none: i64 = connection.query_row(&sql, ["[]"], |row| row.get(0)).unwrap();
            assert_eq!(none, 0, "{}", personal.table);
            let parents = strings(
                &connection,
                &format!("SELECT \"table\" FROM pragma_foreign_key_list('{}')", personal.table),
            );
            for parent in parents.iter().filter(|parent| *parent != personal.table) {
                let earlier = PERSONAL[..place].iter().any(|other| other.table == parent);
                assert!(!earlier, "{} refers to {parent}, which goes before it", personal.table);
            }
        }
    }

    #[test]
    fn every_reference_to_a_sealed_file_is_followed() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let referring = strings(
            &connection,
            "SELECT tables.name || '.' || keys.\"from\" FROM sqlite_schema AS tables,
                 pragma_foreign_key_list(tables.name) AS keys
             WHERE tables.type = 'table' AND keys.\"table\" = 'sealed_files'",
        );
        // The key that signs and the classifiers are the clinic's and nobody's record.
        let clinics = ["signing_keys.file_id", "model_files.file_id"];
        for column in referring.iter().filter(|column| !clinics.contains(&column.as_str())) {
            assert!(FILES.iter().any(|(table, file)| format!("{table}.{file}") == *column), "{column}");
        }
        for (table, _) in FILES {
            assert!(PERSONAL.iter().any(|p| p.table == *table), "{table}");
        }
    }
}
