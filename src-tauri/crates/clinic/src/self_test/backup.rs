//! How old the newest backup is. The one place that asks whoever makes backups.

use jiff::{SignedDuration, Timestamp};

use super::Finding;
use crate::session::Session;
use crate::views::{CheckView, SelfCheck};

/// A backup older than this is somebody's business.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn check(session: &Session) -> CheckView {
    judged(newest(session), session.workstation().clock().now())
}

/// When the newest backup was made. Nothing makes backups yet.
const fn newest(_: &Session) -> Option<Timestamp> {
    None
}

fn judged(newest: Option<Timestamp>, now: Timestamp) -> CheckView {
    let Some(made) = newest else { return SelfCheck::Backup.ends(Finding::BackupNone) };
    let age = now.duration_since(made);
    let finding = if age <= RECENT { Finding::BackupRecent } else { Finding::BackupOld };
    SelfCheck::Backup.ends(finding).figure("days", (age.as_hours() / 24).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_counts_as_recent_for_a_week() {
        let now: Timestamp = "2026-03-20T12:00:00Z".parse().unwrap();
        let made = |days: i64| judged(Some(now - SignedDuration::from_hours(24 * days)), now);
        assert_eq!(judged(None, now).finding, Finding::BackupNone);
        assert_eq!(made(7).finding, Finding::BackupRecent);
        assert_eq!((made(8).finding, made(8).figures["days"]), (Finding::BackupOld, 8));
    }
}
