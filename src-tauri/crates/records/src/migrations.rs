//! The steps from an empty database to today's, in order. A released step never changes; new ones are
//! appended. The SQL of each stands in the module of its noun.

use std::sync::LazyLock;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::RecordsError;
use crate::{
    analyses, audit, batches, biopsies, break_glass, case_notes, clinicians, clinics, counters, deletions,
    desk_photos, drafts, embeddings, enrolments, files, holds, images, jobs, lesions, outlines, patients,
    portraits, purges, recalls, reports, rights, safety_net, second_factors, settings, users, visits,
};

pub(crate) static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![
        M::up(audit::SCHEMA).comment("audit"),
        M::up(counters::SCHEMA).comment("counters"),
        M::up(clinics::SCHEMA).comment("clinics"),
        M::up(users::SCHEMA).comment("users"),
        M::up(patients::SCHEMA).comment("patients"),
        M::up(lesions::SCHEMA).comment("lesions"),
        M::up(files::SCHEMA).comment("files"),
        M::up(images::SCHEMA).comment("images"),
        M::up(analyses::SCHEMA).comment("analyses"),
        M::up(jobs::SCHEMA).comment("jobs"),
        M::up(reports::SCHEMA).comment("reports"),
        M::up(settings::SCHEMA).comment("settings"),
        M::up(enrolments::SCHEMA).comment("enrolments"),
        M::up(second_factors::SCHEMA).comment("second factors"),
        M::up(drafts::SCHEMA).comment("drafts"),
        M::up(clinicians::SCHEMA).comment("clinicians"),
        M::up(break_glass::SCHEMA).comment("break glass"),
        M::up(lesions::BODY_MAP).comment("body map"),
        M::up(break_glass::ENDED_EARLY).comment("emergency looks ended early"),
        M::up(recalls::SCHEMA).comment("recalls"),
        M::up(biopsies::SCHEMA).comment("biopsies"),
        M::up(case_notes::SCHEMA).comment("case notes"),
        M::up(safety_net::SCHEMA).comment("safety net"),
        M::up(visits::SCHEMA).comment("visits"),
        M::up(desk_photos::SCHEMA).comment("photographs of the front desk"),
        M::up(outlines::SCHEMA).comment("outlines"),
        M::up(patients::REGISTRY).comment("consents and alerts"),
        M::up_with_hook(patients::REGISTRY_TABLES, |tx: &rusqlite::Transaction<'_>| {
            Ok(patients::fill_registry(tx)?)
        })
        .comment("patient numbers and names"),
        M::up(patients::MERGES).comment("merges"),
        M::up(holds::SCHEMA).comment("retention holds"),
        M::up(rights::SCHEMA).comment("traces of erasures"),
        M::up(audit::erased::SCHEMA).comment("erased details of the trail"),
        M::up(portraits::SCHEMA).comment("portraits"),
        M::up(deletions::SCHEMA).comment("deletions"),
        M::up(purges::SCHEMA).comment("purges of what was deleted"),
        M::up(recalls::BOOKINGS).comment("visits of booked recalls"),
        M::up(crate::imaging_devices::SCHEMA).comment("imaging devices"),
        M::up(crate::image_scales::SCHEMA).comment("scales of photographs"),
        M::up(crate::image_marks::SCHEMA).comment("measurements by hand"),
        M::up(embeddings::SCHEMA).comment("embeddings of photographs"),
        M::up(batches::SCHEMA).comment("batches"),
        M::up(crate::tray::SCHEMA).comment("photographs that wait for a lesion"),
        M::up(crate::origins::SCHEMA).comment("origins of photographs"),
        M::up(crate::checklists::SCHEMA).comment("checklists"),
        M::up(crate::impressions::SCHEMA).comment("impressions"),
        M::up(crate::decisions::SCHEMA).comment("decisions, feedback and referrals"),
        M::up(crate::comparisons::SCHEMA).comment("comparisons"),
        M::up(crate::signing_keys::SCHEMA).comment("keys that sign reports"),
        M::up(reports::SIGNED).comment("signed reports"),
        M::up(crate::logos::SCHEMA).comment("logos"),
        M::up(reports::PAPER).comment("paper of signed reports"),
        M::up(crate::backups::SCHEMA).comment("backups"),
        M::up(crate::report_templates::SCHEMA).comment("templates of report texts"),
        M::up(crate::report_proposals::SCHEMA).comment("texts proposed for reports"),
        M::up(users::LANGUAGE).comment("languages of accounts"),
        M::up(crate::derived::SCHEMA).comment("passes over derived data"),
        M::up(crate::models::SCHEMA).comment("versions of the classifier"),
        M::up(crate::golden_images::SCHEMA).comment("the golden set"),
        M::up(crate::performance::SCHEMA).comment("indexes of what is known of lesions"),
        M::up(crate::assistant::SCHEMA).comment("conversations with the assistant"),
        M::up(crate::assistant_sheets::SCHEMA).comment("rules of the assistant"),
        M::up(crate::insight::SCHEMA).comment("counts of the clinic"),
        M::up(crate::insight::USAGE).comment("use of searches"),
        M::up(crate::articles::SCHEMA).comment("articles of the library"),
        M::up(crate::performance::LABELS).comment("malignancy of readings' labels"),
        M::up(users::RELEASED).comment("addresses of deleted accounts are free"),
    ])
});

/// How many steps [`crate::Store::open`] would take. When it is more than none and the database is not
/// new, make a backup first.
///
/// # Errors
/// [`RecordsError::NewerSchema`], [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn pending_migrations(connection: &Connection) -> Result<usize, RecordsError> {
    let pending = MIGRATIONS.pending_migrations(connection)?;
    usize::try_from(pending).map_err(|_| RecordsError::NewerSchema)
}

/// The steps that a database of today has gone through.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn newest_schema() -> Result<u32, RecordsError> {
    let steps = pending_migrations(&Connection::open_in_memory()?)?;
    u32::try_from(steps).map_err(|_| RecordsError::NewerSchema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_runs_from_an_empty_database() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn steps_are_counted_and_a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        let all = pending_migrations(&connection).unwrap();
        MIGRATIONS.to_version(&mut connection, 4).unwrap();
        assert_eq!(pending_migrations(&connection), Ok(all - 4));
        MIGRATIONS.to_latest(&mut connection).unwrap();
        assert_eq!(pending_migrations(&connection), Ok(0));
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(pending_migrations(&connection), Err(RecordsError::NewerSchema));
    }

    #[test]
    fn every_table_is_strict_and_has_no_cascade() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let mut tables = connection
            .prepare(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' \
                      AND name NOT LIKE 'patient_search%' AND name NOT LIKE 'article_search%' AND name NOT LIKE 'sqlite_%'",
            )
            .unwrap();
        let rows = tables.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        for (name, sql) in rows.unwrap().map(Result::unwrap) {
            assert!(sql.trim_end().ends_with("STRICT"), "{name}");
            assert!(!sql.to_uppercase().contains("CASCADE"), "{name}");
        }
    }
}
