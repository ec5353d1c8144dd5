//! How the clinic stands with its backups, by its own plan for them.

use domain::backup::BackupStanding;
use jiff::Timestamp;

use super::Finding;
use crate::backup;
use crate::error::Result;
use crate::session::Session;
use crate::views::{CheckView, SelfCheck};

pub(super) fn check(session: &Session) -> Result<CheckView> {
    let (standing, good) = backup::standing(session)?;
    Ok(judged(standing, good, session.workstation().clock().now()))
}

fn judged(standing: BackupStanding, good: Option<Timestamp>, now: Timestamp) -> CheckView {
    let Some(made) = good else { return SelfCheck::Backup.ends(Finding::BackupNone) };
    let finding = match standing {
        BackupStanding::Good => Finding::BackupRecent,
        BackupStanding::Failed => Finding::BackupFailed,
        BackupStanding::Late | BackupStanding::Never => Finding::BackupOld,
    };
    let age = now.duration_since(made);
    SelfCheck::Backup.ends(finding).figure("days", (age.as_hours() / 24).max(0))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn every_standing_has_its_finding_and_the_age_is_told_in_days() {
        let now: Timestamp = "2026-03-20T12:00:00Z".parse().unwrap();
        let made = Some(now - SignedDuration::from_hours(24 * 8 + 3));
        let of = |standing, good| judged(standing, good, now);
        assert_eq!(of(BackupStanding::Never, None).finding, Finding::BackupNone);
        assert_eq!(of(BackupStanding::Failed, None).finding, Finding::BackupNone);
        assert_eq!(of(BackupStanding::Good, made).finding, Finding::BackupRecent);
        assert_eq!(of(BackupStanding::Failed, made).finding, Finding::BackupFailed);
        let late = of(BackupStanding::Late, made);
        assert_eq!((late.finding, late.figures["days"]), (Finding::BackupOld, 8));
    }
}
