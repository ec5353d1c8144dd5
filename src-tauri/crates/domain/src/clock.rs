//! Time is passed in, so that rules about ages, locks and dates can be tested.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// The workstation's time zone.
    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }

    /// Today in the workstation's time zone.
    fn today(&self) -> Date {
        self.now().to_zoned(self.zone()).date()
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told otherwise.
#[derive(Debug)]
pub struct FixedClock {
    at: std::sync::Mutex<Timestamp>,
    zone: Option<TimeZone>,
}

impl FixedClock {
    #[must_use]
    pub const fn new(at: Timestamp) -> Self {
        Self { at: std::sync::Mutex::new(at), zone: None }
    }

    /// The same on a workstation in this time zone.
    #[must_use]
    pub const fn in_zone(at: Timestamp, zone: TimeZone) -> Self {
        Self { at: std::sync::Mutex::new(at), zone: Some(zone) }
    }

    pub fn advance(&self, by: jiff::SignedDuration) {
        let mut at = self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at = at.checked_add(by).unwrap_or(*at);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or_else(TimeZone::system)
    }
}

/// Completed years between a date of birth and a later day (ISO 8601 calendar years).
#[must_use]
pub fn age_in_years(born: Date, on: Date) -> i16 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    on.year() - born.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn age_counts_completed_years_also_for_leap_days() {
        assert_eq!(age_in_years(date(2000, 2, 29), date(2001, 2, 28)), 0);
        assert_eq!(age_in_years(date(2000, 2, 29), date(2001, 3, 1)), 1);
        assert_eq!(age_in_years(date(1980, 6, 15), date(2026, 6, 15)), 46);
        assert_eq!(age_in_years(date(1980, 6, 15), date(2026, 6, 14)), 45);
    }
}
