//! What must not be forgotten: reports nobody signed, results nobody read, histology that has not come,
//! recalls past their day. Nothing leaves these lists by age; only somebody's work takes it away.
//!
//! Each list is read from an index that holds its open entries alone, oldest first, so that its cost
//! follows what is open and not what the clinic ever stored.

use domain::analysis::{Band, Gate};
use domain::audit::AuditAction;
use domain::{AnalysisId, LesionId, PatientId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Params, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

/// Readings that the trail shows a clinician looking at are not unread. An index ends with the columns of its
/// condition, so that counting never opens a row.
pub(crate) const SCHEMA: &str = "
ALTER TABLE analyses ADD COLUMN opened_by TEXT REFERENCES users (id);
ALTER TABLE analyses ADD COLUMN opened_at INTEGER;
UPDATE analyses SET opened_at = seen.at, opened_by = seen.actor
    FROM (SELECT subject_id, actor, min(at) AS at FROM audit_rows
          WHERE action = 'analysis_read' AND role IN ('administrator', 'clinician') GROUP BY subject_id) AS seen
    WHERE seen.subject_id = analyses.id;
CREATE INDEX analyses_unopened ON analyses (analysed_at, id, opened_at) WHERE opened_at IS NULL;
CREATE INDEX jobs_by_analysis ON jobs (analysis_id) WHERE analysis_id IS NOT NULL;
";

/// Counting stops here: beyond it the exact number says nothing more.
pub const MOST_COUNTED: u32 = 9_999;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetKind {
    UnsignedReport,
    UnreadReading,
    UnreadHistology,
    PendingHistology,
    OverdueRecall,
    /// A reading of a suspicious or worse band that a clinician saw and nobody decided on.
    UndecidedReading,
}

impl NetKind {
    pub const ALL: [Self; 6] = [
        Self::UnsignedReport,
        Self::UnreadReading,
        Self::UnreadHistology,
        Self::PendingHistology,
        Self::OverdueRecall,
        Self::UndecidedReading,
    ];

    /// The open entries as `id, patient_id, lesion_id, responsible, since, day, label, band, gate`, oldest first.
    /// Instants and days are in columns of their own; `?1` is today, `?2` how many.
    const fn query(self) -> &'static str {
        match self {
            Self::UnsignedReport => {
                "SELECT reports.id, reports.patient_id, lesion_id, author AS responsible,
                        created_at AS since, NULL AS day, reports.number AS label, NULL AS band, NULL AS gate
                 FROM reports JOIN analyses ON analyses.id = analysis_id
                 WHERE state = 'draft' AND ?1 IS NOT NULL ORDER BY created_at, reports.rowid LIMIT ?2"
            }
            Self::UnreadReading => {
                "SELECT id, patient_id, lesion_id,
                        (SELECT asked_by FROM jobs WHERE analysis_id = analyses.id) AS responsible,
                        analysed_at AS since, NULL AS day, '' AS label, band, gate
                 FROM analyses WHERE opened_at IS NULL AND deletion IS NULL AND ?1 IS NOT NULL ORDER BY analysed_at, id LIMIT ?2"
            }
            Self::UnreadHistology => {
                "SELECT id, patient_id, lesion_id, taken_by AS responsible, resulted_at AS since, NULL AS day,
                        specimen_number AS label, NULL AS band, NULL AS gate
                 FROM biopsies WHERE resulted_at IS NOT NULL AND read_at IS NULL AND ?1 IS NOT NULL
                 ORDER BY resulted_at, id LIMIT ?2"
            }
            Self::PendingHistology => {
                "SELECT id, patient_id, lesion_id, taken_by AS responsible, NULL AS since, taken_on AS day,
                        specimen_number AS label, NULL AS band, NULL AS gate
                 FROM biopsies WHERE resulted_at IS NULL AND withdrawn_at IS NULL AND ?1 IS NOT NULL
                 ORDER BY taken_on, id LIMIT ?2"
            }
            Self::OverdueRecall => {
                "SELECT id, patient_id, lesion_id, responsible, NULL AS since, next_on AS day,
                        substr(reason, 1, 200) AS label, NULL AS band, NULL AS gate
                 FROM recalls WHERE closed_at IS NULL AND next_on < ?1 ORDER BY next_on, id LIMIT ?2"
            }
            Self::UndecidedReading => {
                "SELECT id, patient_id, lesion_id, opened_by AS responsible, analysed_at AS since, NULL AS day,
                        '' AS label, band, gate
                 FROM analyses WHERE decided_at IS NULL AND opened_at IS NOT NULL AND deletion IS NULL
                     AND band <> 'benign' AND ?1 IS NOT NULL ORDER BY analysed_at, id LIMIT ?2"
            }
        }
    }

    const fn count(self) -> &'static str {
        match self {
            Self::UnsignedReport => {
                "SELECT count(*) FROM (SELECT 1 FROM reports WHERE state = 'draft' AND ?1 IS NOT NULL LIMIT ?2)"
            }
            Self::UnreadReading => {
                "SELECT count(*) FROM (SELECT 1 FROM analyses WHERE opened_at IS NULL AND deletion IS NULL AND ?1 IS NOT NULL LIMIT ?2)"
            }
            Self::UnreadHistology => {
                "SELECT count(*) FROM (SELECT 1 FROM biopsies
                     WHERE resulted_at IS NOT NULL AND read_at IS NULL AND ?1 IS NOT NULL LIMIT ?2)"
            }
            Self::PendingHistology => {
                "SELECT count(*) FROM (SELECT 1 FROM biopsies
                     WHERE resulted_at IS NULL AND withdrawn_at IS NULL AND ?1 IS NOT NULL LIMIT ?2)"
            }
            Self::OverdueRecall => {
                "SELECT count(*) FROM (SELECT 1 FROM recalls
                     WHERE closed_at IS NULL AND next_on < ?1 LIMIT ?2)"
            }
            Self::UndecidedReading => {
                "SELECT count(*) FROM (SELECT 1 FROM analyses WHERE decided_at IS NULL AND opened_at IS NOT NULL
                     AND deletion IS NULL AND band <> 'benign' AND ?1 IS NOT NULL LIMIT ?2)"
            }
        }
    }
}

/// Since when something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    Instant(Timestamp),
    Day(Date),
}

/// One thing that waits, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetItem {
    /// Of the report, analysis, biopsy or recall.
    pub id: String,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: Option<LesionId>,
    /// Nobody for a reading that no job asked for.
    pub responsible: Option<UserId>,
    pub since: Since,
    /// Number of the report or specimen, or the reason of the recall; empty for a reading.
    pub label: String,
    /// Of a reading.
    pub band: Option<Band>,
    pub gate: Option<Gate>,
}

/// One of the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetList {
    pub kind: NetKind,
    /// Up to [`MOST_COUNTED`].
    pub total: u32,
    /// Oldest first.
    pub items: Vec<NetItem>,
}

/// Every list with its oldest entries; recorded as a read.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn read(tx: &Writing<'_>, limit: u32) -> Result<Vec<NetList>, RecordsError> {
    let lists: Vec<NetList> = NetKind::ALL
        .into_iter()
        .map(|kind| {
            let items = items(tx, kind, tx.today(), limit)?;
            Ok(NetList { kind, total: count(tx, kind, tx.today())?, items })
        })
        .collect::<Result<_, RecordsError>>()?;
    let shown: usize = lists.iter().map(|list| list.items.len()).sum();
    audit::record(tx, AuditEntry::new(AuditAction::SafetyNetRead).with(json!({ "count": shown })))?;
    Ok(lists)
}

/// How many entries each list has, in the order of [`NetKind::ALL`]; up to [`MOST_COUNTED`] each.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn counts(tx: &Reading<'_>, today: Date) -> Result<[u32; 6], RecordsError> {
    let mut counts = [0; 6];
    for (count_of, kind) in counts.iter_mut().zip(NetKind::ALL) {
        *count_of = count(tx, kind, today)?;
    }
    Ok(counts)
}

/// Part of reading an analysis, which adds the audit row: the first clinician who opens it has read it.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn note_opened(tx: &Writing<'_>, id: AnalysisId) -> Result<(), RecordsError> {
    if tx.actor().role.opens_photographs() {
        tx.connection()
            .prepare_cached(
                "UPDATE analyses SET opened_by = ?2, opened_at = ?3 WHERE id = ?1 AND opened_at IS NULL",
            )?
            .execute(params![id_text(&id), id_text(&tx.actor().user), micros(tx.now())])?;
    }
    Ok(())
}

fn count(tx: &Reading<'_>, kind: NetKind, today: Date) -> Result<u32, RecordsError> {
    let mut query = tx.connection().prepare_cached(kind.count())?;
    Ok(query.query_row(params![today.to_string(), MOST_COUNTED], |row| row.get(0))?)
}

fn items(tx: &Reading<'_>, kind: NetKind, today: Date, limit: u32) -> Result<Vec<NetItem>, RecordsError> {
    // The limit is inside: the patients of those few entries alone are looked up.
    let sql = format!(
        "SELECT open.*, patients.number, family_name, given_names FROM ({}) AS open
         JOIN patients ON patients.id = open.patient_id",
        kind.query()
    );
    list(tx, &sql, params![today.to_string(), limit])
}

fn list(tx: &Reading<'_>, sql: &str, params: impl Params) -> Result<Vec<NetItem>, RecordsError> {
    let mut query = tx.connection().prepare_cached(sql)?;
    let mut items: Vec<NetItem> = query.query_map(params, from_row)?.collect::<Result<_, _>>()?;
    items.sort_by_key(|item| match item.since {
        Since::Instant(at) => (at.as_microsecond(), String::new(), item.id.clone()),
        Since::Day(day) => (0, day.to_string(), item.id.clone()),
    });
    Ok(items)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<NetItem> {
    let since = match row.parsed_or_none("day")? {
        Some(day) => Since::Day(day),
        None => Since::Instant(row.time("since")?),
    };
    Ok(NetItem {
        id: row.text("id")?,
        patient_id: row.parsed("patient_id")?,
        patient_number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        lesion_id: row.parsed_or_none("lesion_id")?,
        responsible: row.parsed_or_none("responsible")?,
        since,
        label: row.text("label")?,
        band: row.word_or_none("band")?,
        gate: row.word_or_none("gate")?,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_list_is_read_from_an_index_of_its_own_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migrations::MIGRATIONS.to_latest(&mut connection).unwrap();
        let indexes = [
            "reports_by_state",
            "analyses_unopened",
            "biopsies_unread",
            "biopsies_pending",
            "recalls_open",
            "analyses_undecided",
        ];
        for (kind, index) in NetKind::ALL.into_iter().zip(indexes) {
            for (sql, expected) in [(kind.query(), index), (kind.count(), "COVERING INDEX")] {
                let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let steps = plan.query_map(params!["2026-03-05", 50], |row| row.get::<_, String>(3)).unwrap();
                let plan = steps.map(Result::unwrap).collect::<Vec<_>>().join("; ");
                assert!(plan.contains(expected), "{kind:?}: {plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{kind:?}: {plan}");
            }
        }
    }

    #[test]
    fn readings_that_a_clinician_saw_before_the_upgrade_are_not_unread() {
        let connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        for schema in [audit::SCHEMA, crate::analyses::SCHEMA, crate::jobs::SCHEMA] {
            connection.execute_batch(schema).unwrap();
        }
        let id = |n: u8| format!("{n:036}");
        for n in 1..=3 {
            connection
                .execute(
                    "INSERT INTO analyses VALUES (?1, ?1, ?1, 7, 'confident', 'benign', 'routine', NULL, 0, 'm', '1',
                         ?2, '{}')",
                    params![id(n), "a".repeat(64)],
                )
                .unwrap();
        }
        for (seq, analysis, role, at) in [
            (1, 1, "auditor", 10),
            (2, 2, "clinician", 20),
            (3, 2, "clinician", 30),
            (4, 3, "front_desk", 40),
        ] {
            connection
                .execute(
                    "INSERT INTO audit_rows VALUES (?1, ?2, ?3, ?4, ?5, 'analysis_read', 'analysis', ?6, NULL, '{}',
                         zeroblob(32), zeroblob(32))",
                    params![seq, id(100 + seq), at, id(50), role, id(analysis)],
                )
                .unwrap();
        }
        connection.execute_batch(SCHEMA).unwrap();
        let mut opened =
            connection.prepare("SELECT id, opened_at FROM analyses WHERE opened_at IS NOT NULL").unwrap();
        let rows = opened.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).unwrap();
        assert_eq!(rows.map(Result::unwrap).collect::<Vec<_>>(), [(id(2), 20)]);
    }
}
