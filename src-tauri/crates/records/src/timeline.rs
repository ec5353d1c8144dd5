//! One line of time per patient, read backwards a page at a time.
//!
//! Every kind of event has a query of its own over the index of its table by patient, which yields the
//! newest events before the cursor in one common shape; the page is the newest of what they yield. The cost
//! of a page follows its length and not how much the patient or the clinic has. What happened stands in a
//! JSON object as [`TimelineContent`] reads it, since its words are those that are stored.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::timeline::{TimelineContent, TimelineCursor, TimelineEvent, TimelineKind};
use domain::{ImageId, LesionId};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

/// Longest page.
pub const MOST_EVENTS: u32 = 200;
/// Photographs of a group that are named; the others are counted.
const NAMED_PHOTOGRAPHS: usize = 12;

/// What of the line is asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// None means all.
    pub kinds: Vec<TimelineKind>,
    pub lesion: Option<LesionId>,
    /// Whether the reader sees lesions and results; otherwise only plain kinds, without lesion and reason.
    pub clinical: bool,
    /// Only what comes after it on the way into the past.
    pub before: Option<TimelineCursor>,
    /// 1 to [`MOST_EVENTS`].
    pub limit: u32,
}

impl Filter {
    fn wants(&self, kind: TimelineKind) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.clinical || !kind.is_clinical())
            && (self.lesion.is_none() || (self.clinical && kind.has_lesion()))
    }

    /// What comes next comes before this; for the first page, after everything there is.
    fn cursor(&self) -> (i64, &str) {
        self.before.as_ref().map_or((i64::MAX, ""), |cursor| (micros(cursor.at), cursor.key.as_str()))
    }
}

/// A stretch of the line, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub events: Vec<TimelineEvent>,
    /// Where the next page begins; nothing when this is the last.
    pub next: Option<TimelineCursor>,
}

/// The line as a person is about to see it; recorded as a read of the patient.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient or a lesion that is not the patient's.
pub fn read(tx: &Writing<'_>, patient: PatientId, filter: &Filter) -> Result<Page, RecordsError> {
    crate::patients::get(tx, patient)?;
    if let Some(lesion) = filter.lesion
        && crate::lesions::get(tx, lesion)?.patient_id != patient
    {
        return Err(RecordsError::NotFound);
    }
    let page = page(tx, patient, filter)?;
    let entry = AuditEntry::new(AuditAction::PatientRead).on(patient);
    let details = json!({
        "part": "timeline",
        "kinds": filter.kinds,
        "lesion": filter.lesion,
        "count": page.events.len(),
        "clinical": filter.clinical,
    });
    audit::record(tx, entry.with(details))?;
    Ok(page)
}

fn page(tx: &Reading<'_>, patient: PatientId, filter: &Filter) -> Result<Page, RecordsError> {
    let limit = filter.limit.clamp(1, MOST_EVENTS) as usize;
    let mut events = Vec::new();
    for kind in TimelineKind::ALL.into_iter().filter(|kind| filter.wants(*kind)) {
        match query(kind) {
            Some(sql) => events.extend(of_kind(tx, patient, filter, sql, limit + 1)?),
            None => events.extend(photographs(tx, patient, filter, limit + 1)?),
        }
    }
    events.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).map(TimelineEvent::cursor);
    Ok(Page { events, next })
}

/// The events of a kind as `at, key, whole_day, lesion_id, by, content`, all of the patient's; the cursor, the
/// lesion and the length are put around it. `:clinical` says whether the reader sees reasons and lesions.
/// Nothing for photographs, which are grouped by day.
const fn query(kind: TimelineKind) -> Option<&'static str> {
    Some(match kind {
        TimelineKind::Visit => {
            "SELECT coalesce(arrived_at, planned_at, unixepoch(day, 'utc') * 1000000) AS at,
                    'visit:' || id AS key, arrived_at IS NULL AND planned_at IS NULL AS whole_day,
                    NULL AS lesion_id, NULL AS by,
                    json_object('kind', 'visit', 'id', id, 'state', state) AS content
             FROM visits WHERE patient_id = :patient"
        }
        TimelineKind::Photographs => return None,
        TimelineKind::Reading => {
            "SELECT analysed_at AS at, 'reading:' || id AS key, 0 AS whole_day, lesion_id,
                    asked_by AS by,
                    json_object('kind', 'reading', 'id', id, 'band', band, 'urgency', urgency, 'gate', gate,
                        'label', json_extract(content, '$.assessment.label'),
                        'malignant_sum', malignant_sum, 'model_name', model_name,
                        'model_version', model_version) AS content
             FROM analyses WHERE patient_id = :patient AND analysed_at <= :at AND deletion IS NULL"
        }
        TimelineKind::Biopsy => {
            "SELECT unixepoch(taken_on, 'utc') * 1000000 AS at, 'biopsy:' || id AS key, 1 AS whole_day,
                    lesion_id, taken_by AS by,
                    json_object('kind', 'biopsy', 'id', id, 'specimen_kind', kind,
                        'specimen_number', specimen_number,
                        'withdrawn', json(iif(withdrawn_at IS NULL, 'false', 'true'))) AS content
             FROM biopsies WHERE patient_id = :patient"
        }
        TimelineKind::Histology => {
            "SELECT entered_at AS at, 'histology:' || biopsy_id || ':' || printf('%04d', edition) AS key,
                    0 AS whole_day, lesion_id, entered_by AS by,
                    json_object('kind', 'histology', 'id', biopsy_id, 'specimen_number', specimen_number,
                        'edition', edition, 'behaviour', behaviour, 'morphology', morphology) AS content
             FROM biopsies JOIN histologies ON biopsy_id = biopsies.id WHERE patient_id = :patient"
        }
        TimelineKind::Report => {
            "SELECT reports.created_at AS at, 'report:' || reports.id AS key, 0 AS whole_day, lesion_id,
                    author AS by,
                    json_object('kind', 'report', 'id', reports.id, 'number', number) AS content
             FROM reports JOIN analyses ON analyses.id = analysis_id
             WHERE reports.patient_id = :patient AND reports.created_at <= :at AND reports.state <> 'discarded'"
        }
        TimelineKind::Recall => {
            "SELECT planned_at AS at, 'recall:' || id AS key, 0 AS whole_day,
                    iif(:clinical, lesion_id, NULL) AS lesion_id, planned_by AS by,
                    json_object('kind', 'recall', 'id', id, 'due_on', due_on, 'state', state,
                        'text', iif(:clinical, reason, desk_text)) AS content
             FROM recalls WHERE patient_id = :patient"
        }
        TimelineKind::Contact => {
            "SELECT recall_contacts.at AS at, 'contact:' || printf('%012d', row) AS key, 0 AS whole_day,
                    iif(:clinical, lesion_id, NULL) AS lesion_id, recall_contacts.by AS by,
                    json_object('kind', 'contact', 'id', recalls.id, 'means', means, 'outcome', outcome,
                        'booked_for', recall_contacts.booked_for) AS content
             FROM recalls JOIN recall_contacts ON recall_id = recalls.id WHERE patient_id = :patient"
        }
        TimelineKind::Consent => {
            "SELECT changed_at AS at, 'consent:' || printf('%012d', row) AS key, 0 AS whole_day,
                    NULL AS lesion_id, changed_by AS by,
                    json_object('kind', 'consent', 'consent', kind,
                        'given', json(iif(given, 'true', 'false'))) AS content
             FROM consents WHERE patient_id = :patient"
        }
        TimelineKind::LesionOpened => {
            "SELECT created_at AS at, 'lesion_opened:' || id AS key, 0 AS whole_day, id AS lesion_id,
                    NULL AS by, json_object('kind', 'lesion_opened', 'label', label) AS content
             FROM lesions WHERE patient_id = :patient AND created_at <= :at"
        }
        TimelineKind::LesionClosed => {
            "SELECT unixepoch(closed_on, 'utc') * 1000000 AS at, 'lesion_closed:' || id AS key,
                    1 AS whole_day, id AS lesion_id, NULL AS by,
                    json_object('kind', 'lesion_closed', 'label', label, 'reason', closed_reason) AS content
             FROM lesions WHERE patient_id = :patient AND closed_on IS NOT NULL"
        }
        TimelineKind::Checklist => {
            "SELECT filled_at AS at, 'checklist:' || id AS key, 0 AS whole_day, lesion_id, author AS by,
                    json_object('kind', 'checklist', 'id', id, 'list', kind, 'score', score, 'verdict', verdict,
                        'edition', edition) AS content
             FROM checklists WHERE patient_id = :patient AND superseded_by IS NULL
               AND NOT EXISTS (SELECT 1 FROM analyses
                               WHERE analyses.id = checklists.analysis_id AND deletion IS NOT NULL)"
        }
        TimelineKind::Decision => {
            "SELECT decided_at AS at, 'decision:' || id AS key, 0 AS whole_day, lesion_id, author AS by,
                    json_object('kind', 'decision', 'id', id, 'term', term, 'text', text, 'plan', plan,
                        'months', months, 'overrides', json(iif(override_reason <> '', 'true', 'false')),
                        'superseded', json(iif(superseded_by IS NULL, 'false', 'true'))) AS content
             FROM decisions WHERE patient_id = :patient
               AND NOT EXISTS (SELECT 1 FROM analyses
                               WHERE analyses.id = decisions.analysis_id AND deletion IS NOT NULL)"
        }
    })
}

fn of_kind(
    tx: &Reading<'_>,
    patient: PatientId,
    filter: &Filter,
    sql: &str,
    limit: usize,
) -> Result<Vec<TimelineEvent>, RecordsError> {
    let (at, key) = filter.cursor();
    let sql = format!(
        "SELECT * FROM ({sql}) WHERE (at, key) < (:at, :key) AND (:lesion IS NULL OR lesion_id = :lesion)
             AND :clinical IS NOT NULL
         ORDER BY at DESC, key DESC LIMIT :limit"
    );
    let mut query = tx.connection().prepare_cached(&sql)?;
    let found = query.query_map(
        named_params! {
            ":patient": id_text(&patient),
            ":at": at,
            ":key": key,
            ":lesion": filter.lesion.as_ref().map(id_text),
            ":clinical": filter.clinical,
            ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
        },
        from_row,
    )?;
    let mut events: Vec<TimelineEvent> = found.collect::<Result<_, _>>()?;
    for event in &mut events {
        compare(tx, event)?;
    }
    Ok(events)
}

/// Sets beside a reading the one of the same lesion before it.
fn compare(tx: &Reading<'_>, event: &mut TimelineEvent) -> Result<(), RecordsError> {
    let (TimelineContent::Reading { id, before, .. }, Some(lesion)) = (&mut event.content, event.lesion_id)
    else {
        return Ok(());
    };
    let mut query = tx.connection().prepare_cached(
        "SELECT json_object('id', id, 'band', band, 'malignant_sum', malignant_sum) AS reading, analysed_at
         FROM analyses
         WHERE lesion_id = ?1 AND deletion IS NULL AND analysed_at <= ?2 AND (analysed_at, id) < (?2, ?3)
         ORDER BY analysed_at DESC, id DESC LIMIT 1",
    )?;
    let mut rows = query.query(params![id_text(&lesion), micros(event.at), id_text(id)])?;
    if let Some(row) = rows.next()? {
        let mut reading: serde_json::Value = row.json("reading")?;
        reading["at"] = json!(row.time("analysed_at")?);
        *before = serde_json::from_value(reading).map_err(|_| RecordsError::Damaged)?;
    }
    Ok(())
}

/// Photographs of one lesion and day under way into a group.
struct Group {
    lesion: LesionId,
    at: Timestamp,
    images: Vec<ImageId>,
    count: u32,
}

/// Groups of photographs, newest first. A group stands where its newest photograph does, so it is whole only
/// when its day is: the walk begins at the end of the cursor's day and ends with a day.
fn photographs(
    tx: &Reading<'_>,
    patient: PatientId,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<TimelineEvent>, RecordsError> {
    let zone = TimeZone::system();
    let (at, key) = filter.cursor();
    let until = match &filter.before {
        Some(cursor) => end_of_day(cursor.at, &zone).map_or(i64::MAX, micros),
        None => i64::MAX,
    };
    let lesion = filter.lesion.as_ref().map(id_text);
    let mut query = tx.connection().prepare_cached(match lesion {
        None => {
            "SELECT id, lesion_id, imported_at FROM images WHERE patient_id = ?1 AND deletion IS NULL AND imported_at < ?2
                 AND ?3 IS NULL ORDER BY imported_at DESC, id DESC"
        }
        Some(_) => {
            "SELECT id, lesion_id, imported_at FROM images WHERE patient_id = ?1 AND deletion IS NULL AND imported_at < ?2
                 AND lesion_id = ?3 ORDER BY imported_at DESC, id DESC"
        }
    })?;
    let mut rows = query.query(params![id_text(&patient), until, lesion])?;
    let mut events = Vec::new();
    let mut day: Vec<Group> = Vec::new();
    // Walking back, a photograph is of the same day until one is from before its start.
    let mut day_began = Timestamp::MAX;
    while let Some(row) = rows.next()? {
        let imported = row.time("imported_at")?;
        if imported < day_began {
            finish(&mut day, &zone, (at, key), &mut events);
            if events.len() >= limit {
                break;
            }
            day_began = start_of_day(imported, &zone).unwrap_or(imported);
        }
        let lesion: LesionId = row.parsed("lesion_id")?;
        match day.iter_mut().find(|group| group.lesion == lesion) {
            Some(group) => {
                group.count += 1;
                if group.images.len() < NAMED_PHOTOGRAPHS {
                    group.images.push(row.parsed("id")?);
                }
            }
            None => day.push(Group { lesion, at: imported, images: vec![row.parsed("id")?], count: 1 }),
        }
    }
    finish(&mut day, &zone, (at, key), &mut events);
    events.truncate(limit);
    Ok(events)
}

/// Makes the groups of a day events, without those that an earlier page showed.
fn finish(day: &mut Vec<Group>, zone: &TimeZone, cursor: (i64, &str), events: &mut Vec<TimelineEvent>) {
    let mut groups: Vec<TimelineEvent> = day
        .drain(..)
        .map(|group| {
            let date = group.at.to_zoned(zone.clone()).date();
            TimelineEvent {
                key: format!("photographs:{date}:{}", group.lesion),
                at: group.at,
                day: date,
                whole_day: false,
                lesion_id: Some(group.lesion),
                by: None,
                content: TimelineContent::Photographs { image_ids: group.images, count: group.count },
            }
        })
        .filter(|event| (micros(event.at), event.key.as_str()) < cursor)
        .collect();
    groups.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
    events.append(&mut groups);
}

fn start_of_day(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    Some(at.to_zoned(zone.clone()).start_of_day().ok()?.timestamp())
}

fn end_of_day(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let next = at.to_zoned(zone.clone()).date().checked_add(1.day()).ok()?;
    Some(next.to_zoned(zone.clone()).ok()?.timestamp())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TimelineEvent> {
    let at = row.time("at")?;
    Ok(TimelineEvent {
        key: row.text("key")?,
        at,
        day: at.to_zoned(TimeZone::system()).date(),
        whole_day: row.get("whole_day")?,
        lesion_id: row.parsed_or_none("lesion_id")?,
        by: row.parsed_or_none("by")?,
        content: row.json("content")?,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_kind_is_read_from_an_index_by_patient() {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migrations::MIGRATIONS.to_latest(&mut connection).unwrap();
        for sql in TimelineKind::ALL.into_iter().filter_map(query) {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut steps = plan.raw_query();
            while let Some(row) = steps.next().unwrap() {
                let step: String = row.get(3).unwrap();
                assert!(!step.starts_with("SCAN") || step.contains("CONSTANT"), "{sql}: {step}");
            }
        }
    }
}
