//! The history of uploads across patients: readings or photographs, newest first.
//!
//! A page walks one index backwards, the narrowest that the filter has, and tests the rest of the filter on
//! the way. It ends when it is full or after [`MOST_WALKED`] entries, whichever comes first, and says where
//! the next one goes on; so a page costs the same however rare what is looked for is. A text that means few
//! patients is looked for among their entries; one that means many, among all.

use domain::analysis::{Band, Gate, Urgency};
use domain::audit::AuditAction;
use domain::history::{Deletion, HistoryNoun};
use domain::insight::ShownBand;
use domain::lesion::BodySite;
use domain::{AnalysisId, DeletionId, ImageId, LesionId, PatientId, UserId};
use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params, params_from_iter};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::deletions;
use crate::error::RecordsError;
use crate::patients::{self, Meant};
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

/// Longest page.
pub const MOST_ENTRIES: u32 = 100;
/// Entries that a page looks at before it answers with what it has.
pub const MOST_WALKED: usize = 3_000;
/// Patients whose entries are looked through one patient after another; with more, whoever is meant is met
/// often enough on the way through all entries.
const MOST_PATIENTS: u32 = 1_000;

/// A place between two entries: everything older comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: Timestamp,
    pub id: String,
}

/// What of the history is asked for.
#[derive(Clone, Debug)]
pub struct Filter {
    pub noun: HistoryNoun,
    /// Words of a patient's name or number; empty for everybody.
    pub text: String,
    /// Code of the class that was named, or an empty text where none was; readings alone have one, as band and
    /// urgency.
    pub class: Option<String>,
    /// As it is shown.
    pub band: Option<ShownBand>,
    pub urgency: Option<Urgency>,
    pub from: Option<Timestamp>,
    /// The first instant that is left out.
    pub until: Option<Timestamp>,
    pub site: Option<BodySite>,
    /// Who imported the photograph or asked for the reading.
    pub by: Option<UserId>,
    /// Who opened the reading first.
    pub reviewer: Option<UserId>,
    /// Deleted entries alone; otherwise none of them.
    pub deleted: bool,
    /// Readings alone that somebody has opened or committed an impression of.
    pub seen_only: bool,
    pub before: Option<Place>,
    pub limit: u32,
}

/// What the model said, of a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub band: Band,
    pub urgency: Urgency,
    pub gate: Gate,
    pub class_code: Option<String>,
    pub class_name: Option<String>,
    pub malignant_sum: f64,
    pub model_name: String,
    pub model_version: String,
    pub reviewer: Option<UserId>,
}

/// One reading or photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub analysis_id: Option<AnalysisId>,
    /// The photograph, or the first of the reading.
    pub image_id: Option<ImageId>,
    pub at: Timestamp,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: LesionId,
    pub lesion_label: String,
    pub site: BodySite,
    pub by: Option<UserId>,
    pub said: Option<Said>,
    pub deletion: Option<Deletion>,
}

/// A stretch of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Where the next page begins; nothing when there is no older entry.
    pub next: Option<Place>,
    /// The page ended because it had looked at enough, not because it was full.
    pub cut_short: bool,
}

/// A page as a person is about to see it; recorded as a read.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn read(tx: &Writing<'_>, filter: &Filter) -> Result<Page, RecordsError> {
    let meant = patients::meant(tx, filter.text.trim(), MOST_PATIENTS)?;
    let page = walk(tx, filter, &meant)?;
    let entry = AuditEntry::new(AuditAction::HistoryRead);
    let details = json!({ "noun": filter.noun, "count": page.entries.len(), "deleted": filter.deleted });
    audit::record(tx, entry.with(details))?;
    Ok(page)
}

fn walk(tx: &Reading<'_>, filter: &Filter, meant: &Meant) -> Result<Page, RecordsError> {
    let limit = filter.limit.clamp(1, MOST_ENTRIES) as usize;
    let (sql, values) = statement(filter, meant);
    let mut query = tx.connection().prepare_cached(&sql)?;
    let mut rows = query.query(params_from_iter(values))?;
    let mut found: Vec<String> = Vec::new();
    let mut last = None;
    let mut walked = 0;
    let mut cut_short = false;
    let mut more = false;
    while let Some(row) = rows.next()? {
        let fits: bool = row.get("fits")?;
        if (fits && found.len() == limit) || walked == MOST_WALKED {
            more = true;
            cut_short = found.len() < limit;
            break;
        }
        walked += 1;
        last = Some(Place { at: row.time("at")?, id: row.text("id")? });
        if fits {
            found.push(row.text("id")?);
        }
    }
    let entries = found.iter().map(|id| entry(tx, filter.noun, id)).collect::<Result<_, _>>()?;
    Ok(Page { entries, next: last.filter(|_| more), cut_short })
}

/// Identities and instants, newest first, along the narrowest index; `fits` tests what the index does not.
fn statement(filter: &Filter, meant: &Meant) -> (String, Vec<Sql>) {
    let reading = filter.noun == HistoryNoun::Reading;
    let (table, at) = if reading { ("analyses", "analysed_at") } else { ("images", "imported_at") };
    let mut values = Vec::new();
    let mut along = Vec::new();
    let mut tested = Vec::new();
    if let Meant::These(among) = meant {
        along.push("patient_id IN (SELECT value FROM json_each(?))");
        values.push(Sql::Text(json!(among).to_string()));
    }
    let by = if reading { "asked_by = ?" } else { "imported_by = ?" };
    let mut conditions: Vec<(&str, String)> = Vec::new();
    let mut condition = |sql, value: Option<String>| conditions.extend(value.map(|value| (sql, value)));
    condition(by, filter.by.as_ref().map(id_text));
    if reading {
        condition("opened_by = ?", filter.reviewer.as_ref().map(id_text));
        condition("label_code IS nullif(?, '')", filter.class.clone());
        condition("band = ?", filter.band.and_then(ShownBand::band).as_ref().map(word));
        let gates = filter.band.map(|band| json!(band.gates()).to_string());
        condition("(gate IN (SELECT value FROM json_each(?)))", gates);
        condition("urgency = ?", filter.urgency.as_ref().map(word));
    }
    condition("(SELECT site FROM lesions WHERE lesions.id = lesion_id) = ?", filter.site.as_ref().map(word));
    if let Meant::Many(expression) = meant {
        condition(patients::AMONG, Some(expression.clone()));
    }
    // Deleted entries are few, and an index holds them alone.
    let chooses = along.is_empty() && !filter.deleted;
    let indexed = conditions.iter().position(|(sql, _)| !sql.starts_with('('));
    let mut late = Vec::new();
    for (place, (sql, value)) in conditions.into_iter().enumerate() {
        // Two indexes cannot be walked at once; what is tested stands outside the choice of the index.
        if chooses && indexed == Some(place) {
            along.push(sql);
            values.push(Sql::Text(value));
        } else {
            tested.push(sql);
            late.push(Sql::Text(value));
        }
    }
    if reading && filter.seen_only {
        tested.push(
            "(opened_at IS NOT NULL OR EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id))",
        );
    }
    let deleted = if filter.deleted { "deletion IS NOT NULL" } else { "deletion IS NULL" };
    let mut bounds = String::new();
    let mut bound = |sql: &str, value: Sql| {
        bounds.push_str(sql);
        values.push(value);
    };
    if let Some(from) = filter.from {
        bound(&format!(" AND {at} >= ?"), Sql::Integer(micros(from)));
    }
    if let Some(until) = filter.until {
        bound(&format!(" AND {at} < ?"), Sql::Integer(micros(until)));
    }
    if let Some(place) = &filter.before {
        bound(&format!(" AND {at} <= ?"), Sql::Integer(micros(place.at)));
        bound(&format!(" AND ({at}, id) < (?"), Sql::Integer(micros(place.at)));
        bound(", ?)", Sql::Text(place.id.clone()));
    }
    let along = if along.is_empty() { "1".to_owned() } else { along.join(" AND ") };
    let fits = if tested.is_empty() { "1".to_owned() } else { tested.join(" AND ") };
    // The tests stand in the list of columns, so their values come first.
    let mut all = late;
    all.append(&mut values);
    let sql = format!(
        "SELECT id, {at} AS at, {fits} AS fits FROM {table} WHERE {along} AND {deleted}{bounds}
         ORDER BY {at} DESC, id DESC"
    );
    (sql, all)
}

fn entry(tx: &Reading<'_>, noun: HistoryNoun, id: &str) -> Result<Entry, RecordsError> {
    let sql = match noun {
        HistoryNoun::Reading => {
            "SELECT analyses.id AS analysis_id,
                    (SELECT image_id FROM analysis_images WHERE analysis_id = analyses.id ORDER BY position LIMIT 1)
                        AS image_id,
                    analysed_at AS at, asked_by AS by, analyses.patient_id, number, family_name, given_names,
                    lesion_id, label, site, deletion, band, urgency, gate, label_code, malignant_sum, model_name,
                    model_version, opened_by, json_extract(content, '$.assessment.label.name') AS label_name
             FROM analyses JOIN patients ON patients.id = analyses.patient_id
             JOIN lesions ON lesions.id = lesion_id WHERE analyses.id = ?1"
        }
        HistoryNoun::Photograph => {
            "SELECT NULL AS analysis_id, images.id AS image_id, imported_at AS at, imported_by AS by,
                    images.patient_id, number, family_name, given_names, lesion_id, label, site, deletion
             FROM images JOIN patients ON patients.id = images.patient_id
             JOIN lesions ON lesions.id = lesion_id WHERE images.id = ?1"
        }
    };
    let mut query = tx.connection().prepare_cached(sql)?;
    let (mut entry, deletion) = query.query_row(params![id], from_row)?;
    entry.deletion = deletion.map(|id| deletions::get(tx, id)).transpose()?;
    Ok(entry)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(Entry, Option<DeletionId>)> {
    let analysis_id: Option<AnalysisId> = row.parsed_or_none("analysis_id")?;
    let said = match analysis_id {
        None => None,
        Some(_) => Some(Said {
            band: row.word("band")?,
            urgency: row.word("urgency")?,
            gate: row.word("gate")?,
            class_code: row.get("label_code")?,
            class_name: row.get("label_name")?,
            malignant_sum: row.get("malignant_sum")?,
            model_name: row.text("model_name")?,
            model_version: row.text("model_version")?,
            reviewer: row.parsed_or_none("opened_by")?,
        }),
    };
    let entry = Entry {
        analysis_id,
        image_id: row.parsed_or_none("image_id")?,
        at: row.time("at")?,
        patient_id: row.parsed("patient_id")?,
        patient_number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        lesion_id: row.parsed("lesion_id")?,
        lesion_label: row.text("label")?,
        site: row.word("site")?,
        by: row.parsed_or_none("by")?,
        said,
        deletion: None,
    };
    Ok((entry, row.parsed_or_none("deletion")?))
}
