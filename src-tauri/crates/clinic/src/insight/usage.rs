//! Which searches are used: counted in the transaction of the search itself, where the clinic wants that.

use domain::insight::{SearchKind, SearchScreen};
use records::insight::{self, count_search};
use records::{RecordsError, Writing};

use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{
    AuditSearchRequest, HistoryRequest, PatientSearchRequest, ReportListRequest, SearchUsageRow,
    SearchUsageView,
};

/// # Errors
/// `not_permitted`.
pub fn read(session: &Session) -> Result<SearchUsageView> {
    session.authorise(Command::SearchUsageRead)?;
    Ok(session.store().read(|tx| {
        let row = |row: insight::UsageRow| SearchUsageRow {
            screen: row.screen,
            kind: row.kind,
            count: row.count,
            since: row.since,
        };
        Ok(SearchUsageView {
            counts: insight::counts_searches(tx)?,
            rows: insight::usage(tx)?.into_iter().map(row).collect(),
        })
    })?)
}

/// Forgets every count.
///
/// # Errors
/// `not_permitted`.
pub fn clear(session: &Session) -> Result<SearchUsageView> {
    let actor = session.authorise(Command::SearchUsageClear)?;
    session.store().write(&actor, insight::clear_usage)?;
    read(session)
}

type Counted = std::result::Result<(), RecordsError>;

/// The kinds that hold; the next page of an answer is no search of its own.
fn count(tx: &Writing<'_>, screen: SearchScreen, first: bool, kinds: &[(SearchKind, bool)]) -> Counted {
    if !first {
        return Ok(());
    }
    let used: Vec<SearchKind> = kinds.iter().filter(|(_, used)| *used).map(|(kind, _)| *kind).collect();
    count_search(tx, screen, &used)
}

fn typed(text: &str) -> (SearchKind, bool) {
    (SearchKind::Text, !text.trim().is_empty())
}

pub(crate) fn of_patients(tx: &Writing<'_>, request: &PatientSearchRequest) -> Counted {
    count(tx, SearchScreen::Patients, request.offset == 0, &[typed(&request.text)])
}

pub(crate) fn of_history(tx: &Writing<'_>, request: &HistoryRequest) -> Counted {
    let kinds = [
        typed(&request.text),
        (SearchKind::Class, request.class.is_some()),
        (SearchKind::Band, request.band.is_some()),
        (SearchKind::Urgency, request.urgency.is_some()),
        (SearchKind::Days, request.from.is_some() || request.to.is_some()),
        (SearchKind::Site, request.site.is_some()),
        (SearchKind::Person, request.by.is_some()),
        (SearchKind::Reviewer, request.reviewer.is_some()),
        (SearchKind::Deleted, request.deleted),
    ];
    count(tx, SearchScreen::History, request.before.is_none(), &kinds)
}

pub(crate) fn of_reports(tx: &Writing<'_>, request: &ReportListRequest) -> Counted {
    let kinds = [
        typed(&request.text),
        (SearchKind::State, request.state.is_some()),
        (SearchKind::Days, request.from.is_some() || request.to.is_some()),
    ];
    count(tx, SearchScreen::Reports, request.before.is_none(), &kinds)
}

pub(crate) fn of_audit_trail(tx: &Writing<'_>, request: &AuditSearchRequest) -> Counted {
    let filter = &request.filter;
    let kinds = [
        (SearchKind::Days, filter.from.is_some() || filter.to.is_some()),
        (SearchKind::Person, filter.actor.is_some()),
        (SearchKind::Action, !filter.actions.is_empty()),
        (SearchKind::Patient, filter.patient_id.is_some()),
    ];
    count(tx, SearchScreen::AuditTrail, request.before.is_none(), &kinds)
}
