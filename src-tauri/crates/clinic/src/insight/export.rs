//! The same numbers as a table for programs or as pages for people.

use documents::{InsightContent, InsightRow, InsightTable, render_insight};
use domain::insight::{Period, ShownBand, TrendBy, TrendStep};
use domain::lesion::BodySite;
use domain::report::ReportState;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::insight;
use serde_json::json;

use super::{bounds, dashboard_of, stretches, trend_of, weeks_until, word};
use crate::audit_trail::as_text;
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::letterhead;
use crate::session::Session;
use crate::views::{
    DashboardView, InsightExportRequest, InsightFormat, TrendRequest, TrendSeries, TrendView,
};

/// Columns of figures that fit beside the days; the others are summed.
const MOST_COLUMNS: usize = 6;

/// A file ready to be saved. It names no patient.
pub struct InsightFile {
    pub file_name: String,
    pub format: InsightFormat,
    pub bytes: Vec<u8>,
}

/// # Errors
/// As [`super::trend`]; `internal` when the pages cannot be made.
pub fn export(session: &Session, request: &InsightExportRequest) -> Result<InsightFile> {
    let (name, bytes) = match &request.trend {
        None => ("dashboard".to_owned(), of_dashboard(session, request.format)?),
        Some(trend) => (format!("trend-{}", word(&trend.by)), of_trend(session, trend, request.format)?),
    };
    let today = session.workstation().clock().today();
    let file_name = format!("{name}-{today}.{}", word(&request.format));
    Ok(InsightFile { file_name, format: request.format, bytes })
}

fn of_dashboard(session: &Session, format: InsightFormat) -> Result<Vec<u8>> {
    let actor = session.authorise(Command::InsightExport)?;
    let weeks = weeks_until(session.workstation().clock().today())?;
    let bounds = bounds(&weeks)?;
    let view = session.store().write(&actor, |tx| {
        insight::note_export(tx, json!({ "part": "dashboard", "format": format }))?;
        dashboard_of(session, tx, &weeks, &bounds)
    })?;
    match format {
        InsightFormat::Csv => dashboard_rows(&view),
        InsightFormat::Pdf => {
            let lead = if view.withheld == 0 { String::new() } else { withheld(view.withheld) };
            pages(session, "Dashboard", lead, dashboard_tables(&view))
        }
    }
}

fn of_trend(session: &Session, request: &TrendRequest, format: InsightFormat) -> Result<Vec<u8>> {
    let actor = session.authorise(Command::InsightExport)?;
    let stretches = stretches(session, request)?;
    let bounds = bounds(&stretches)?;
    let view = session.store().write(&actor, |tx| {
        let details = json!({ "part": "trend", "by": request.by, "format": format });
        insight::note_export(tx, details)?;
        trend_of(session, tx, request, &stretches, &bounds)
    })?;
    match format {
        InsightFormat::Csv => trend_rows(&view),
        InsightFormat::Pdf => {
            let step = match view.step {
                TrendStep::Week => "by week",
                TrendStep::Month => "by month",
            };
            let mut lead = step.to_owned();
            if let (Some(first), Some(last)) = (view.periods.first(), view.periods.last()) {
                lead += &format!(", {}", days(Period { from: first.from, to: last.to }));
            }
            if view.withheld > 0 {
                lead += &format!(". {}", withheld(view.withheld));
            }
            pages(session, view.by.name(), lead, vec![trend_table(&view)])
        }
    }
}

fn pages(session: &Session, title: &str, lead: String, tables: Vec<InsightTable>) -> Result<Vec<u8>> {
    let now = session.workstation().clock().now();
    let letterhead = session.store().read(|tx| Ok(letterhead::current(session, tx)?.0))?;
    let paper = letterhead::paper(session);
    let content = InsightContent {
        letterhead,
        title: title.to_owned(),
        lead,
        made_at: now,
        made: now.to_zoned(TimeZone::system()).strftime("%-d %B %Y, %H:%M").to_string(),
        tables,
    };
    Ok(render_insight(&content, paper.into())?)
}

/// The words are those of the border: a table is read by programs, too.
fn dashboard_rows(view: &DashboardView) -> Result<Vec<u8>> {
    let mut rows = vec![["part", "item", "from", "to", "count"].map(str::to_owned)];
    let mut row = |part: &str, item: String, period: Option<Period>, count: u64| {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let (from, to) = (period.map(|p| p.from), period.map(|p| p.to));
        rows.push([part.to_owned(), item, day(from), day(to), count.to_string()]);
    };
    for (item, count) in totals(view) {
        row("records", item.to_lowercase(), None, count);
    }
    for band in &view.bands {
        row("band", word(&band.band), None, band.count);
    }
    row("band", "withheld".into(), None, view.withheld);
    for report in &view.reports {
        row("reports", word(&report.state), None, report.count);
    }
    for (item, _, count) in waiting(view) {
        row("waiting", item.to_owned(), None, count);
    }
    for week in &view.uploads {
        row("uploads", "photographs".into(), Some(week.period), week.photographs);
        row("uploads", "readings".into(), Some(week.period), week.readings);
    }
    as_csv(rows)
}

fn trend_rows(view: &TrendView) -> Result<Vec<u8>> {
    let mut rows = vec![["from", "to", "value", "name", "count"].map(str::to_owned)];
    for (at, period) in view.periods.iter().enumerate() {
        for series in &view.series {
            rows.push([
                period.from.to_string(),
                period.to.to_string(),
                as_text(&series.value),
                as_text(&name_of(view.by, series)),
                series.counts.get(at).copied().unwrap_or_default().to_string(),
            ]);
        }
    }
    as_csv(rows)
}

fn as_csv(rows: Vec<[String; 5]>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|_| ErrorCode::Internal)?;
    }
    writer.into_inner().map_err(|_| ErrorCode::Internal.into())
}

fn totals(view: &DashboardView) -> [(&'static str, u64); 4] {
    [
        ("Patients", view.patients),
        ("Lesions", view.lesions),
        ("Photographs", view.photographs),
        ("Readings", view.readings),
    ]
}

fn waiting(view: &DashboardView) -> [(&'static str, &'static str, u64); 6] {
    let of = &view.waiting;
    [
        ("unsigned_reports", "Reports that are not signed", of.unsigned_reports.into()),
        ("unread_readings", "Readings that nobody opened", of.unread_readings.into()),
        ("undecided_readings", "Readings without a decision", of.undecided_readings.into()),
        ("unread_histology", "Histology that nobody acknowledged", of.unread_histology.into()),
        ("pending_histology", "Histology that has not come", of.pending_histology.into()),
        ("overdue_recalls", "Recalls past their day", of.overdue_recalls.into()),
    ]
}

fn dashboard_tables(view: &DashboardView) -> Vec<InsightTable> {
    let counted = |title: &str, bars: bool, rows: Vec<(String, u64)>| {
        let most = rows.iter().map(|(_, count)| *count).max().unwrap_or_default();
        let row = |(item, count): (String, u64)| InsightRow {
            cells: vec![item, count.to_string()],
            bar: bars.then(|| share(count, most)),
        };
        InsightTable {
            title: title.to_owned(),
            columns: vec![String::new(), "Number".to_owned()],
            rows: rows.into_iter().map(row).collect(),
        }
    };
    let state = |state: ReportState| match state {
        ReportState::Draft => "Drafts",
        ReportState::Signed => "Signed",
        ReportState::Withdrawn => "Withdrawn",
        ReportState::Discarded => "Discarded",
    };
    let most = view.uploads.iter().map(|week| week.photographs).max().unwrap_or_default();
    let uploads = view.uploads.iter().map(|week| InsightRow {
        cells: vec![days(week.period), week.photographs.to_string(), week.readings.to_string()],
        bar: Some(share(week.photographs, most)),
    });
    vec![
        counted("On record", false, totals(view).map(|(item, count)| (item.to_owned(), count)).into()),
        counted(
            "Readings by band",
            true,
            view.bands.iter().map(|band| (band.band.name().to_owned(), band.count)).collect(),
        ),
        counted(
            "Reports",
            true,
            view.reports.iter().map(|report| (state(report.state).to_owned(), report.count)).collect(),
        ),
        counted("Work waiting", false, waiting(view).map(|(_, item, count)| (item.to_owned(), count)).into()),
        InsightTable {
            title: "Uploads by week (bar: photographs)".to_owned(),
            columns: ["Week", "Photographs", "Readings"].map(str::to_owned).into(),
            rows: uploads.collect(),
        },
    ]
}

/// The largest series a column each, the others together, and the sum with its bar.
fn trend_table(view: &TrendView) -> InsightTable {
    let shown = if view.series.len() > MOST_COLUMNS { MOST_COLUMNS - 1 } else { view.series.len() };
    let (columns, others) = view.series.split_at(shown);
    let sum =
        |of: &[TrendSeries], at: usize| -> u64 { of.iter().filter_map(|series| series.counts.get(at)).sum() };
    let sums: Vec<u64> = (0..view.periods.len()).map(|at| sum(&view.series, at)).collect();
    let most = sums.iter().max().copied().unwrap_or_default();
    let mut titles = vec!["Days".to_owned()];
    titles.extend(columns.iter().map(|series| name_of(view.by, series)));
    if !others.is_empty() {
        titles.push(format!("{} others", others.len()));
    }
    titles.push("Together".to_owned());
    let row = |(at, period): (usize, &Period)| {
        let mut cells = vec![days(*period)];
        cells.extend(columns.iter().map(|series| sum(std::slice::from_ref(series), at).to_string()));
        if !others.is_empty() {
            cells.push(sum(others, at).to_string());
        }
        cells.push(sums[at].to_string());
        InsightRow { cells, bar: Some(share(sums[at], most)) }
    };
    InsightTable {
        title: view.by.name().to_owned(),
        columns: titles,
        rows: view.periods.iter().enumerate().map(row).collect(),
    }
}

fn name_of(by: TrendBy, series: &TrendSeries) -> String {
    let value = series.value.as_str();
    match by {
        TrendBy::Photographs => "Photographs".to_owned(),
        TrendBy::Band => {
            let band = ShownBand::ALL.iter().find(|band| word(band) == value);
            band.map_or_else(|| value.to_owned(), |band| band.name().to_owned())
        }
        TrendBy::Class if value.is_empty() => "None named".to_owned(),
        TrendBy::Class => series.name.clone().unwrap_or_else(|| value.to_owned()),
        TrendBy::Site => {
            let site = BodySite::ALL.iter().find(|site| word(site) == value);
            site.map_or_else(|| value.to_owned(), |site| site.name().to_owned())
        }
        TrendBy::Reviewer => series.name.clone().unwrap_or_else(|| "Nobody yet".to_owned()),
    }
}

fn withheld(count: u64) -> String {
    format!("Not counted, since they wait for an impression: {count}")
}

fn days(period: Period) -> String {
    let day = |day: Date| day.strftime("%-d %b %Y").to_string();
    if period.from == period.to {
        day(period.from)
    } else {
        format!("{} – {}", day(period.from), day(period.to))
    }
}

fn share(count: u64, most: u64) -> f32 {
    if most == 0 { 0.0 } else { count as f32 / most as f32 }
}
