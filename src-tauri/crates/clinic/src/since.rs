//! Time since something.

use domain::Clock;
use jiff::{SignedDuration, Timestamp};
use vault::Moment;

/// When something was, by the clock and by the time that really passes: setting the clock back stretches nothing.
#[derive(Clone, Copy)]
pub(crate) struct Since {
    pub clock: Timestamp,
    moment: Moment,
}

impl Since {
    pub fn now(clock: &dyn Clock) -> Self {
        Self { clock: clock.now(), moment: Moment::now() }
    }

    /// Whether so much time has gone by either measure.
    pub fn is_past(&self, clock: &dyn Clock, limit: SignedDuration) -> bool {
        clock.now().duration_since(self.clock) >= limit
            || Moment::now().since(&self.moment) >= limit.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct SetBack;

    impl Clock for SetBack {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    #[test]
    fn a_clock_that_was_set_back_stretches_nothing() {
        let since = Since { clock: Timestamp::MAX, moment: Moment::now() };
        assert!(!since.is_past(&SetBack, SignedDuration::from_hours(1)));
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(since.is_past(&SetBack, SignedDuration::from_millis(1)));
    }
}
