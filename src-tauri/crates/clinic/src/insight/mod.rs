//! Numbers about the clinic: what there is, what waits, and how it went over time.
//!
//! They name no patient. While impressions come first, what readings said that wait for one is in no number
//! that a clinician sees: otherwise a band with one more than yesterday would tell.

mod export;
mod risk;
mod usage;

use domain::insight::{MOST_PERIODS, Period, ShownBand, TrendBy, TrendStep, periods};
use domain::problem::{FieldProblem, ProblemCode};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use records::insight::{self, TrendLine};
use records::{RecordsError, Writing, safety_net};

use crate::commands::Command;
use crate::error::Result;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    BandCount, DashboardView, ReportCount, TrendRequest, TrendSeries, TrendView, UploadCount,
};

pub use export::{InsightFile, export};
pub use risk::of_patient;
pub use usage::{clear as clear_usage, read as usage};
pub(crate) use usage::{of_audit_trail, of_history, of_patients, of_reports};

/// Weeks of uploads on the dashboard.
const WEEKS: i64 = 26;

/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn dashboard(session: &Session) -> Result<DashboardView> {
    let actor = session.authorise(Command::DashboardRead)?;
    let weeks = weeks_until(session.workstation().clock().today())?;
    let bounds = bounds(&weeks)?;
    Ok(session.store().write(&actor, |tx| dashboard_of(session, tx, &weeks, &bounds))?)
}

/// # Errors
/// `not_permitted`; `invalid_input` for an end before the beginning (`to`) or more than
/// [`MOST_PERIODS`] stretches (`from`).
pub fn trend(session: &Session, request: &TrendRequest) -> Result<TrendView> {
    let actor = session.authorise(Command::TrendRead)?;
    let stretches = stretches(session, request)?;
    let bounds = bounds(&stretches)?;
    Ok(session.store().write(&actor, |tx| trend_of(session, tx, request, &stretches, &bounds))?)
}

/// The weeks of the dashboard, each of them whole.
fn weeks_until(today: Date) -> Result<Vec<Period>> {
    let first = TrendStep::Week.begin(today).checked_sub((WEEKS - 1).weeks()).unwrap_or(today);
    Ok(periods(first, TrendStep::Week.end(today), TrendStep::Week)?)
}

fn dashboard_of(
    session: &Session,
    tx: &Writing<'_>,
    weeks: &[Period],
    bounds: &[Timestamp],
) -> std::result::Result<DashboardView, RecordsError> {
    let found = insight::dashboard(tx, bounds, Curtain::of(session, tx)?.is_drawn())?;
    let upload = |(period, (photographs, readings)): (&Period, (u64, u64))| UploadCount {
        period: *period,
        photographs,
        readings,
    };
    Ok(DashboardView {
        today: tx.today(),
        patients: found.patients,
        lesions: found.lesions,
        photographs: found.photographs,
        readings: found.readings,
        bands: found.bands.into_iter().map(|(band, count)| BandCount { band, count }).collect(),
        withheld: found.withheld,
        reports: found.reports.into_iter().map(|(state, count)| ReportCount { state, count }).collect(),
        waiting: crate::safety_net::counted(safety_net::counts(tx, tx.today())?),
        uploads: weeks.iter().zip(found.uploads).map(upload).collect(),
    })
}

/// The stretches of a trend; open ends reach as far as there is something to count.
fn stretches(session: &Session, request: &TrendRequest) -> Result<Vec<Period>> {
    let today = session.workstation().clock().today();
    let reach = session.store().read(|tx| insight::reach(tx, request.by))?;
    let day = |at: Timestamp| at.to_zoned(TimeZone::system()).date();
    let last = reach.map_or(today, |(_, last)| day(last).max(today));
    let to = request.to.unwrap_or(last);
    let first = reach.map_or(today, |(first, _)| day(first)).min(to);
    Ok(periods(request.from.unwrap_or(first), to, request.step)?)
}

fn trend_of(
    session: &Session,
    tx: &Writing<'_>,
    request: &TrendRequest,
    stretches: &[Period],
    bounds: &[Timestamp],
) -> std::result::Result<TrendView, RecordsError> {
    let found = insight::trend(tx, request.by, bounds, Curtain::of(session, tx)?.is_drawn())?;
    let names = Names::read(tx)?;
    let mut lines = found.lines;
    if request.by == TrendBy::Band {
        lines = every_band(lines, stretches.len());
    }
    let mut series = Vec::with_capacity(lines.len());
    for line in lines {
        series.push(TrendSeries {
            name: name_of(tx, &names, request.by, &line.value)?,
            total: line.counts.iter().sum(),
            value: line.value,
            counts: line.counts,
        });
    }
    if request.by != TrendBy::Band {
        series.retain(|series| series.total > 0);
        series.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.value.cmp(&b.value)));
    }
    Ok(TrendView {
        by: request.by,
        step: request.step,
        periods: stretches.to_vec(),
        series,
        withheld: found.withheld,
    })
}

/// The name of a person or a class, which the value does not say.
fn name_of(
    tx: &Writing<'_>,
    names: &Names,
    by: TrendBy,
    value: &str,
) -> std::result::Result<Option<String>, RecordsError> {
    match by {
        TrendBy::Reviewer => Ok(names.name_or_none(value.parse().ok())),
        TrendBy::Class if !value.is_empty() => insight::class_name(tx, value),
        _ => Ok(None),
    }
}

/// Bands have an order, and one without readings says something, too.
fn every_band(mut lines: Vec<TrendLine>, length: usize) -> Vec<TrendLine> {
    let line = |band: ShownBand| {
        let value = word(&band);
        let found = lines.iter().position(|line| line.value == value);
        found.map_or_else(|| TrendLine { value, counts: vec![0; length] }, |at| lines.swap_remove(at))
    };
    ShownBand::ALL.into_iter().map(line).collect()
}

/// The first instant of every stretch, and the first after the last.
fn bounds(stretches: &[Period]) -> Result<Vec<Timestamp>> {
    debug_assert!(stretches.len() <= MOST_PERIODS);
    let mut bounds = Vec::with_capacity(stretches.len() + 1);
    for period in stretches {
        bounds.push(start_of(period.from, "from")?);
    }
    if let Some(last) = stretches.last() {
        bounds.push(last.to.tomorrow().map_or(Ok(Timestamp::MAX), |next| start_of(next, "to"))?);
    }
    Ok(bounds)
}

fn start_of(day: Date, field: &str) -> Result<Timestamp> {
    let start = day.to_zoned(TimeZone::system()).map(|start| start.timestamp());
    start.map_err(|_| vec![FieldProblem::new(field, ProblemCode::NotAllowed)].into())
}

/// The word of the border for an enum without fields.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
