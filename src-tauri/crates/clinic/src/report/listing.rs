//! Reports of the whole clinic. The list says nothing of what was found.

use domain::problem::Problems;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::reports::{self, Filter, ListedReport, Place};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::insight;
use crate::session::Session;
use crate::views::{ReportListRequest, ReportListView, ReportPlace, ReportRow};

use super::handing_out::stem;

const LONGEST_QUERY: usize = 200;

/// # Errors
/// `invalid_input` for a text over 200 characters or a day that no calendar has.
pub fn list(session: &Session, request: &ReportListRequest) -> Result<ReportListView> {
    let actor = session.authorise(Command::ReportList)?;
    let mut problems = Problems::default();
    problems.text("text", &request.text, LONGEST_QUERY);
    problems.into_result()?;
    let filter = Filter {
        text: request.text.trim().to_owned(),
        state: request.state,
        from: request.from.map(begin_of).transpose()?,
        until: request
            .to
            .map(|day| begin_of(day.tomorrow().map_err(|_| ErrorCode::InvalidInput)?))
            .transpose()?,
        before: request.before.as_ref().map(|p| Place { at: p.at, number: p.number.clone() }),
        limit: request.limit,
    };
    let page = session.store().write(&actor, |tx| {
        insight::of_reports(tx, request)?;
        reports::list(tx, &filter)
    })?;
    Ok(ReportListView {
        reports: page.reports.into_iter().map(row).collect(),
        next: page.next.map(|place| ReportPlace { at: place.at, number: place.number }),
    })
}

/// Midnight at the workstation.
fn begin_of(day: Date) -> Result<Timestamp> {
    let begin = day.to_zoned(TimeZone::system()).map_err(|_| ErrorCode::InvalidInput)?;
    Ok(begin.timestamp())
}

fn row(listed: ListedReport) -> ReportRow {
    ReportRow {
        id: listed.id,
        file_name: format!("{}.pdf", stem(&listed.number, listed.editions)),
        number: listed.number,
        state: listed.state,
        editions: listed.editions,
        created_at: listed.created_at,
        signed_at: listed.signed_at,
        patient_id: listed.patient_id,
        patient_number: listed.patient_number,
        family_name: listed.family_name,
        given_names: listed.given_names,
        lesion_id: listed.lesion_id,
    }
}
