//! The lesions behind the figures as a table without identities.

use std::path::Path;

use domain::morphology::known;
use domain::similar::AgeBand;
use domain::statistics::StudyCase;
use records::performance::{Leaving, note_export};
use serde::Serialize;
use uuid::Uuid;

use super::{check, chosen};
use crate::audit_trail::as_text;
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::export;
use crate::session::Session;
use crate::views::PerformanceFilter;

const HEADS: [&str; 21] = [
    "case",
    "truth_by",
    "malignant",
    "found",
    "morphology",
    "morphology_name",
    "band",
    "gate",
    "said",
    "malignant_sum",
    "model_name",
    "model_version",
    "model_sha256",
    "kind",
    "sex",
    "age_from",
    "skin_type",
    "site",
    "clinician_before",
    "clinician_after",
    "clinician_after_class",
];

/// Checks who asks, before a place is chosen, and proposes a name.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a period that ends before it begins.
pub fn prepare_table(session: &Session, filter: &PerformanceFilter) -> Result<&'static str> {
    session.authorise(Command::PerformanceTableSave)?;
    check(filter)?;
    Ok("ai-performance.csv")
}

/// Writes one lesion on a line, under names and in an order that are drawn anew each time.
///
/// # Errors
/// `not_permitted`, `storage_full`, `storage_failed`; nothing is left at the place then.
pub fn save_table(session: &Session, filter: &PerformanceFilter, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::PerformanceTableSave)?;
    let cases = session.store().write(&actor, |tx| {
        let cases = chosen(session, tx, filter)?.cases;
        note_export(tx, Leaving::Table, cases.len())?;
        Ok(cases)
    })?;
    export::write(path, &as_csv(&cases)?)
}

fn as_csv(cases: &[StudyCase]) -> Result<Vec<u8>> {
    let failed = |_| ErrorCode::Internal;
    let mut lines: Vec<[String; 21]> = cases.iter().map(line).collect();
    lines.sort();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADS).map_err(failed)?;
    for line in lines {
        writer.write_record(line).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| ErrorCode::Internal.into())
}

fn line(case: &StudyCase) -> [String; 21] {
    let truth = &case.truth;
    let name = truth.morphology.as_deref().and_then(known).map_or("", |entity| entity.name);
    let age = AgeBand::of(case.age).map(|band| band.from.to_string()).unwrap_or_default();
    let said = |opinion: &Option<domain::statistics::Opinion>| {
        opinion.as_ref().and_then(|opinion| opinion.malignancy).map(|found| word(&found)).unwrap_or_default()
    };
    [
        // The identities of the records tell when something was made.
        Uuid::new_v4().simple().to_string(),
        word(&truth.basis),
        truth.malignant.map(|malignant| malignant.to_string()).unwrap_or_default(),
        as_text(&truth.column),
        as_text(truth.morphology.as_deref().unwrap_or_default()),
        name.to_owned(),
        word(&case.band),
        word(&case.gate),
        as_text(case.row()),
        case.malignant_sum.to_string(),
        as_text(&case.model.name),
        as_text(&case.model.version),
        case.model.sha256.clone(),
        word(&case.kind),
        word(&case.sex),
        age,
        case.skin_type.as_ref().map(word).unwrap_or_default(),
        word(&case.site),
        said(&case.before),
        said(&case.after),
        case.after.as_ref().and_then(|opinion| opinion.class.clone()).unwrap_or_default(),
    ]
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
