//! Inputs and outputs month by month.

use domain::statistics::{DriftReport, drift as figures};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use records::performance::{MonthSpan, SAMPLED, first_reading_at, tallies};

use super::{check, day};
use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{PerformanceDriftRequest, PerformanceDriftView, PerformanceFilter};

/// Months that are looked at, the newest ones.
const MOST_MONTHS: usize = 36;
/// Months that the others are held against.
const REFERENCE: usize = 3;

/// Figures of each month and how they stand to the months of reference.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a period that ends before it begins.
pub fn drift(session: &Session, request: &PerformanceDriftRequest) -> Result<PerformanceDriftView> {
    session.authorise(Command::PerformanceDrift)?;
    view(session, &request.filter, request.reference.as_deref())
}

pub(super) fn view(
    session: &Session,
    filter: &PerformanceFilter,
    reference: Option<&str>,
) -> Result<PerformanceDriftView> {
    check(filter)?;
    let now = session.workstation().clock().now();
    Ok(session.store().read(|tx| {
        let Some(first) = first_reading_at(tx)? else {
            let report = DriftReport { months: vec![], reference: vec![], reference_readings: 0 };
            return Ok(PerformanceDriftView { report, months: vec![], cut_short: false, sampled: SAMPLED });
        };
        let all = months(first, now);
        let names: Vec<String> = all.iter().map(|month| month.name.clone()).collect();
        let begin = reference.and_then(|name| names.iter().position(|month| month == name)).unwrap_or(0);
        let held: Vec<String> = names.iter().skip(begin).take(REFERENCE).cloned().collect();
        let mut shown: Vec<MonthSpan> = all
            .iter()
            .filter(|month| within(filter, month) && !held.contains(&month.name))
            .cloned()
            .collect();
        let cut_short = shown.len() > MOST_MONTHS;
        shown.drain(..shown.len().saturating_sub(MOST_MONTHS));
        shown.extend(all.into_iter().filter(|month| held.contains(&month.name)));
        shown.sort_by_key(|month| month.from);
        let found = tallies(tx, &shown, filter.model.as_deref(), filter.kind)?;
        Ok(PerformanceDriftView {
            report: figures(&found, &held),
            months: names,
            cut_short,
            sampled: SAMPLED,
        })
    })?)
}

/// Calendar months of the workstation's zone, from that of one instant to that of another.
fn months(first: Timestamp, last: Timestamp) -> Vec<MonthSpan> {
    let zone = TimeZone::system();
    let start = |month: Date| month.to_zoned(zone.clone()).map(|start| start.timestamp());
    let mut month = day(first).first_of_month();
    let mut spans = Vec::new();
    while month <= day(last) {
        let Ok(next) = month.checked_add(1.month()) else { break };
        let (Ok(from), Ok(until)) = (start(month), start(next)) else { break };
        spans.push(MonthSpan { name: month.strftime("%Y-%m").to_string(), from, until });
        month = next;
    }
    spans
}

/// A month of which a day counts.
fn within(filter: &PerformanceFilter, month: &MonthSpan) -> bool {
    let begins = day(month.from);
    filter.from.is_none_or(|from| begins.last_of_month() >= from) && filter.to.is_none_or(|to| begins <= to)
}
