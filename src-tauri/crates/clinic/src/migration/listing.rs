//! Rows for the window, and as a table that can be saved.

use crate::audit_trail::as_text;
use crate::error::{ErrorCode, Result};
use crate::views::{ImportRow, ImportRows, ImportRowsRequest};

use super::row::Row;
use super::state::{Migration, number};

pub(super) fn page(migration: &Migration, request: &ImportRowsRequest, limit: u32) -> ImportRows {
    let wanted = |row: &&(usize, &Row)| {
        request.outcome.is_none_or(|outcome| row.1.outcome == outcome)
            && request.result.is_none_or(|result| row.1.result == Some(result))
    };
    let rows: Vec<(usize, &Row)> = migration.rows.iter().enumerate().collect();
    let hits: Vec<&(usize, &Row)> = rows.iter().filter(wanted).collect();
    let shown = hits.iter().skip(request.offset as usize).take(limit as usize);
    ImportRows { total: number(hits.len()), rows: shown.map(|(index, row)| row.view(*index)).collect() }
}

/// The words are those of the border: a table is read by programs, too.
pub(super) fn as_csv(migration: &Migration) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |_| ErrorCode::Internal;
    writer
        .write_record([
            "row",
            "lines",
            "number",
            "family_name",
            "given_names",
            "date_of_birth",
            "result",
            "outcome",
            "decision",
            "remarks",
            "number_here",
        ])
        .map_err(failed)?;
    for (index, row) in migration.rows.iter().enumerate() {
        writer.write_record(cells(&row.view(index))).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| ErrorCode::Internal.into())
}

fn cells(row: &ImportRow) -> [String; 11] {
    let lines: Vec<String> = row.lines.iter().map(u32::to_string).collect();
    let remarks: Vec<String> = row
        .remarks
        .iter()
        .map(|remark| match &remark.detail {
            Some(detail) => format!("{}: {detail}", word(&remark.word)),
            None => word(&remark.word),
        })
        .collect();
    [
        (row.index + 1).to_string(),
        lines.join(" "),
        as_text(&row.number),
        as_text(&row.family_name),
        as_text(&row.given_names),
        as_text(&row.date_of_birth),
        row.result.as_ref().map(word).unwrap_or_default(),
        word(&row.outcome),
        row.decision.as_ref().map(word).unwrap_or_default(),
        as_text(&remarks.join("; ")),
        row.found.as_ref().map(|found| as_text(&found.number)).unwrap_or_default(),
    ]
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
