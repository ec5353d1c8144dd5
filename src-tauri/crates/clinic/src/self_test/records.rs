//! What needs the keys: the database, its trail, and what is on record about access.

use domain::audit::AuditAction;
use domain::user::UserState;
use records::audit::{self, AuditFilter};
use records::integrity::Integrity;
use records::{Reading, second_factors, users};

use super::{Finding, backup};
use crate::audit_trail::{self, Judgement};
use crate::error::Result;
use crate::exchange;
use crate::language_model::Endpoint;
use crate::session::Session;
use crate::settings;
use crate::views::{CheckView, SelfCheck};

/// A sheet is in force from one of these on, until the next.
const SHEET_ISSUED: [AuditAction; 4] = [
    AuditAction::ClinicCreated,
    AuditAction::RecoverySheetIssued,
    AuditAction::RecoverySheetUsed,
    AuditAction::KeysChanged,
];

pub(super) fn checks(session: &Session) -> Vec<CheckView> {
    let done = |check: SelfCheck, work: fn(&Session) -> Result<CheckView>| {
        work(session).unwrap_or_else(|error| check.failed(&error))
    };
    vec![
        done(SelfCheck::Database, database),
        done(SelfCheck::AuditTrail, trail),
        done(SelfCheck::RecoverySheet, sheet),
        done(SelfCheck::SecondFactor, factor),
        done(SelfCheck::Backup, backup::check),
    ]
}

/// Whether mail, the PACS or the language model is switched on; unknown where the settings cannot be read.
pub(super) fn uses_network(session: &Session) -> Option<bool> {
    let allowed = |tx: &Reading<'_>| {
        Ok(settings::mail_server(tx)?.enabled
            || exchange::pacs::is_enabled(tx)?
            || Endpoint::read(tx)?.enabled)
    };
    session.store().read(allowed).ok()
}

fn database(session: &Session) -> Result<CheckView> {
    Ok(match session.store().check_integrity()? {
        Integrity::Sound => SelfCheck::Database.ends(Finding::DatabaseSound),
        Integrity::Unsealed { places } => {
            SelfCheck::Database.ends(Finding::DatabaseUnsealed).figure("places", places)
        }
        Integrity::Broken => SelfCheck::Database.ends(Finding::DatabaseBroken),
    })
}

fn trail(session: &Session) -> Result<CheckView> {
    let Judgement { verdict, on_record } = audit_trail::judge(session)?;
    let finding = match (verdict.intact, on_record) {
        (true, _) => Finding::TrailWhole,
        (false, true) => Finding::TrailOnRecord,
        (false, false) => Finding::TrailAltered,
    };
    let view = SelfCheck::AuditTrail.ends(finding).figure("rows", verdict.rows);
    Ok(match verdict.first_fault {
        Some(row) => view.figure("row", row),
        None => view,
    })
}

fn sheet(session: &Session) -> Result<CheckView> {
    let mut actions = SHEET_ISSUED.to_vec();
    actions.push(AuditAction::RecoverySheetConfirmed);
    let filter = AuditFilter { actions, ..AuditFilter::default() };
    let newest = session.store().read(|tx| audit::search(tx, &filter, None, 1))?;
    let confirmed = newest.first().is_some_and(|row| row.action == AuditAction::RecoverySheetConfirmed);
    let finding = if confirmed { Finding::SheetConfirmed } else { Finding::SheetUnconfirmed };
    Ok(SelfCheck::RecoverySheet.ends(finding))
}

fn factor(session: &Session) -> Result<CheckView> {
    let (accounts, without) = session.store().read(|tx| {
        let holders = second_factors::holders(tx)?;
        let active: Vec<_> =
            users::all(tx)?.into_iter().filter(|user| user.state == UserState::Active).collect();
        Ok((active.len(), active.iter().filter(|user| !holders.contains(&user.id)).count()))
    })?;
    let finding = if without == 0 { Finding::FactorEverybody } else { Finding::FactorMissing };
    Ok(SelfCheck::SecondFactor.ends(finding).figure("accounts", accounts).figure("without", without))
}
