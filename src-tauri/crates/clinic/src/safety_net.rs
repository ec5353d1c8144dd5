//! One page of what must not be forgotten, and its count for the badge.

use jiff::tz::TimeZone;
use records::safety_net::{self, NetItem, NetKind, Since};
use records::{Reading, RecordsError};

use crate::commands::Command;
use crate::error::Result;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    SafetyNetCounts, SafetyNetItem, SafetyNetKind, SafetyNetList, SafetyNetRequest, SafetyNetView,
};

const MAX_ROWS: u32 = 500;

/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn read(session: &Session, request: &SafetyNetRequest) -> Result<SafetyNetView> {
    let actor = session.authorise(Command::SafetyNetRead)?;
    let limit = request.limit.clamp(1, MAX_ROWS);
    Ok(session.store().write(&actor, |tx| {
        let names = Names::read(tx)?;
        let today = tx.today();
        let curtain = Curtain::of(session, tx)?;
        let mut lists = Vec::new();
        for list in safety_net::read(tx, limit)? {
            let items = list.items.into_iter().map(|item| veiled(tx, curtain, list.kind, item));
            let items: Vec<NetItem> = items.collect::<std::result::Result<_, RecordsError>>()?;
            lists.push(SafetyNetList {
                kind: kind(list.kind),
                total: list.total,
                items: items.into_iter().map(|item| view(&names, item, today)).collect(),
            });
        }
        Ok(SafetyNetView { lists, today })
    })?)
}

/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn count(session: &Session) -> Result<SafetyNetCounts> {
    session.authorise(Command::SafetyNetCount)?;
    let today = session.workstation().clock().today();
    Ok(counted(session.store().read(|tx| safety_net::counts(tx, today))?))
}

/// As the window is told.
pub(crate) fn counted(counts: [u32; 6]) -> SafetyNetCounts {
    let [
        unsigned_reports,
        unread_readings,
        unread_histology,
        pending_histology,
        overdue_recalls,
        undecided_readings,
    ] = counts;
    SafetyNetCounts {
        unsigned_reports,
        unread_readings,
        unread_histology,
        pending_histology,
        overdue_recalls,
        undecided_readings,
        total: counts.iter().sum(),
    }
}

/// Without the band of a reading that is withheld.
fn veiled(
    tx: &Reading<'_>,
    curtain: Curtain,
    kind: NetKind,
    mut item: NetItem,
) -> std::result::Result<NetItem, RecordsError> {
    let reading = matches!(kind, NetKind::UnreadReading | NetKind::UndecidedReading);
    let id = item.id.parse().ok().filter(|_| reading && curtain.is_drawn());
    if let Some(id) = id
        && curtain.hides(tx, id)?
    {
        item.band = None;
        item.gate = None;
    }
    Ok(item)
}

fn view(names: &Names, item: NetItem, today: jiff::civil::Date) -> SafetyNetItem {
    let since = match item.since {
        Since::Day(day) => day,
        Since::Instant(at) => at.to_zoned(TimeZone::system()).date(),
    };
    SafetyNetItem {
        id: item.id,
        patient_id: item.patient_id,
        patient_number: item.patient_number,
        family_name: item.family_name,
        given_names: item.given_names,
        lesion_id: item.lesion_id,
        responsible_name: names.name_or_none(item.responsible),
        since,
        age_days: u32::try_from((today - since).get_days()).unwrap_or(0),
        label: item.label,
        band: item.band,
        gate: item.gate,
    }
}

const fn kind(kind: NetKind) -> SafetyNetKind {
    match kind {
        NetKind::UnsignedReport => SafetyNetKind::UnsignedReport,
        NetKind::UnreadReading => SafetyNetKind::UnreadReading,
        NetKind::UnreadHistology => SafetyNetKind::UnreadHistology,
        NetKind::PendingHistology => SafetyNetKind::PendingHistology,
        NetKind::OverdueRecall => SafetyNetKind::OverdueRecall,
        NetKind::UndecidedReading => SafetyNetKind::UndecidedReading,
    }
}
