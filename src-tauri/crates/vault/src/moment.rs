//! Time that setting the clock does not move.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use uuid::Uuid;

/// A point in time on three scales. Between two moments of one boot the time since it tells what really
/// passed, sleep included; between two boots only the time since the later one is beyond doubt, because
/// anybody can set the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub wall: Timestamp,
    /// Random name of this boot of the machine; where the system has none, of this process.
    pub boot: [u8; 16],
    pub since_boot: Duration,
}

/// Stands for the boot where the system does not name it.
static PROCESS: LazyLock<(Uuid, Instant)> = LazyLock::new(|| (Uuid::new_v4(), Instant::now()));

impl Moment {
    #[must_use]
    pub fn now() -> Self {
        let (boot, since_boot) = boot_time().unwrap_or_else(|| (PROCESS.0, PROCESS.1.elapsed()));
        Self { wall: Timestamp::now(), boot: boot.into_bytes(), since_boot }
    }

    /// Time that certainly passed since an earlier moment, never negative.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Duration {
        if self.boot == earlier.boot {
            return self.since_boot.saturating_sub(earlier.since_boot);
        }
        self.since_boot
    }
}

#[cfg(target_os = "linux")]
fn boot_time() -> Option<(Uuid, Duration)> {
    use rustix::time::{ClockId, clock_gettime};
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().parse().ok()?;
    Some((boot, Duration::try_from(clock_gettime(ClockId::Boottime)).ok()?))
}

#[cfg(not(target_os = "linux"))]
fn boot_time() -> Option<(Uuid, Duration)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn moments_of_one_boot_share_its_name_and_go_forward() {
        let first = Moment::now();
        std::thread::sleep(Duration::from_millis(5));
        let second = Moment::now();
        assert_eq!(first.boot, second.boot);
        assert!(second.since(&first) >= Duration::from_millis(4));
        assert_eq!(first.since(&second), Duration::ZERO);
    }

    #[test]
    fn setting_the_clock_moves_nothing() {
        let first = Moment::now();
        for hours in [-48, 1, 48] {
            let moved = Moment { wall: first.wall + SignedDuration::from_hours(hours), ..first };
            assert_eq!(moved.since(&first), Duration::ZERO);
            let rebooted = Moment { boot: [1; 16], since_boot: Duration::from_secs(90), ..moved };
            assert_eq!(rebooted.since(&first), Duration::from_secs(90));
        }
    }
}
