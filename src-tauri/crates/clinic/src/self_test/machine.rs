//! The machine around the records: disk, clock, permissions, memory.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use records::audit;

use super::Finding;
use crate::logs::{LastRun, Logs};
use crate::session::Session;
use crate::views::{CheckView, SelfCheck};
use crate::workstation::Workstation;

/// No clock that is right can be before this program was made; raised with its version.
const MADE_AT: &str = "2026-11-22T00:00:00Z";
/// A clock that is put right by some seconds is not set back.
const SLACK: SignedDuration = SignedDuration::from_secs(60);
const LOW_BYTES: u64 = 5_000_000_000;
const FULL_BYTES: u64 = 500_000_000;

pub(super) fn clock(workstation: &Workstation) -> CheckView {
    clock_against(workstation.clock().now(), None)
}

/// The clock also against the newest row of the trail.
pub(super) fn clock_in_records(session: &Session) -> CheckView {
    match session.store().read(audit::latest_at) {
        Ok(latest) => clock_against(session.workstation().clock().now(), latest),
        Err(error) => SelfCheck::Clock.failed(&error.into()),
    }
}

fn clock_against(now: Timestamp, latest: Option<Timestamp>) -> CheckView {
    let behind = latest.map(|latest| latest.duration_since(now)).filter(|behind| *behind > SLACK);
    let early = MADE_AT.parse().is_ok_and(|made: Timestamp| now < made);
    match behind {
        Some(behind) => {
            SelfCheck::Clock.ends(Finding::ClockBehind).figure("minutes", behind.as_mins().max(1))
        }
        None if early => SelfCheck::Clock.ends(Finding::ClockEarly),
        None => SelfCheck::Clock.ends(Finding::ClockPlausible),
    }
}

pub(super) fn disk(folder: &Path) -> CheckView {
    let Some(free) = folder.ancestors().find(|place| place.is_dir()).and_then(free_bytes) else {
        return SelfCheck::Disk.ends(Finding::DiskUnknown);
    };
    let finding = match free {
        ..FULL_BYTES => Finding::DiskFull,
        FULL_BYTES..LOW_BYTES => Finding::DiskLow,
        LOW_BYTES.. => Finding::DiskAmple,
    };
    SelfCheck::Disk.ends(finding).figure("free_bytes", free)
}

#[cfg(target_os = "linux")]
fn free_bytes(folder: &Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

#[cfg(not(target_os = "linux"))]
const fn free_bytes(_: &Path) -> Option<u64> {
    None
}

pub(super) fn permissions(folder: &Path) -> CheckView {
    let finding = match std::fs::metadata(folder) {
        Ok(about) => privacy(&about),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Finding::FolderAbsent,
        Err(error) => return SelfCheck::Permissions.failed(&error.into()),
    };
    SelfCheck::Permissions.ends(finding)
}

/// Nobody enters a folder that is closed at its door, whatever the files in it allow.
#[cfg(target_os = "linux")]
fn privacy(folder: &std::fs::Metadata) -> Finding {
    use std::os::unix::fs::MetadataExt;
    let own = folder.uid() == rustix::process::geteuid().as_raw();
    if own && folder.mode() & 0o077 == 0 { Finding::FolderPrivate } else { Finding::FolderOpen }
}

#[cfg(not(target_os = "linux"))]
const fn privacy(_: &std::fs::Metadata) -> Finding {
    Finding::FolderUnknown
}

pub(super) fn memory() -> CheckView {
    let finding = match vault::process::is_hardened() {
        Some(true) => Finding::MemoryClosed,
        Some(false) => Finding::MemoryOpen,
        None => Finding::MemoryUnknown,
    };
    SelfCheck::Memory.ends(finding)
}

/// Nothing where nobody looked.
pub(super) fn last_run(logs: &Logs) -> Option<CheckView> {
    let finding = match logs.last_run() {
        LastRun::InOrder => Finding::RunInOrder,
        LastRun::CutShort => Finding::RunCutShort,
        LastRun::Unknown => return None,
    };
    Some(SelfCheck::LastRun.ends(finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_held_against_the_program_and_the_trail() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2027-01-10T12:00:00Z");
        assert_eq!(clock_against(now, None).finding, Finding::ClockPlausible);
        assert_eq!(clock_against(at("2020-01-10T12:00:00Z"), None).finding, Finding::ClockEarly);
        assert_eq!(clock_against(now, Some(at("2027-01-10T12:00:50Z"))).finding, Finding::ClockPlausible);
        let behind = clock_against(now, Some(at("2027-01-10T14:30:00Z")));
        assert_eq!((behind.finding, behind.figures["minutes"]), (Finding::ClockBehind, 150));
        assert!(at(MADE_AT) <= Timestamp::now(), "no program is made in the future");
    }
}
