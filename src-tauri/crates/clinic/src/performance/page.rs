//! The figures on paper.

use documents::{Paper, PerformanceContent, render_performance};
use jiff::tz::TimeZone;
use records::performance::{Leaving, note_export};

use super::{check, drift, view};
use crate::commands::Command;
use crate::error::Result;
use crate::export::Document;
use crate::session::Session;
use crate::views::PerformanceFilter;

/// The page as a PDF.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a period that ends before it begins.
pub fn save_page(session: &Session, filter: &PerformanceFilter) -> Result<Document> {
    let actor = session.authorise(Command::PerformancePageSave)?;
    check(filter)?;
    let told = view(session, filter)?;
    let lesions = told.figures.counts.lesions as usize;
    let content = PerformanceContent {
        clinic_name: session.office().clinic.name.clone(),
        made_at: session.workstation().clock().now(),
        made: made(session),
        from: filter.from,
        to: filter.to,
        model: filter.model.clone(),
        kind: filter.kind,
        follow_up_months: filter.follow_up.then_some(told.follow_up_months),
        figures: told.figures,
        before: told.before,
        after: told.after,
        models: told.models.into_iter().map(|found| found.identity).collect(),
        drift: drift::view(session, filter, None)?.report,
    };
    let pdf = render_performance(&content, Paper::A4)?;
    session.store().write(&actor, |tx| note_export(tx, Leaving::Page, lesions))?;
    let day = content.made_at.to_zoned(TimeZone::system()).date();
    Ok(Document { file_name: format!("ai-performance-{day}.pdf"), pdf })
}

fn made(session: &Session) -> String {
    let now = session.workstation().clock().now().to_zoned(TimeZone::system());
    now.strftime("%-d %B %Y, %H:%M").to_string()
}
