//! When a backup is due, which ones stay, and how the clinic stands with them.

use std::collections::HashSet;
use std::hash::Hash;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Besides the newest ones, the newest backup of so many days, weeks and months that have one stays.
pub const DAYS_KEPT: usize = 7;
pub const WEEKS_KEPT: usize = 4;
pub const MONTHS_KEPT: usize = 12;
/// At most so many of the newest are kept for being new.
pub const MOST_NEWEST: u32 = 60;
/// A planned backup may be so late before it is told as missing: a weekend.
const GRACE: SignedDuration = SignedDuration::from_hours(48);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupRhythm {
    /// By hand only.
    Off,
    Daily,
    Weekly,
}

/// When backups are made, and how many stay. A planned one that nobody was signed in for is made up for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupPlan {
    pub rhythm: BackupRhythm,
    /// 0 to 23, by the workstation's time.
    pub hour: i8,
    /// 1 (Monday) to 7, for the weekly rhythm.
    pub weekday: i8,
    /// So many of the newest stay, 1 to 60.
    pub newest_kept: u32,
}

impl Default for BackupPlan {
    fn default() -> Self {
        Self { rhythm: BackupRhythm::Off, hour: 12, weekday: 1, newest_kept: 7 }
    }
}

/// How the clinic stands with its backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackupStanding {
    /// There never was one.
    Never,
    Good,
    /// The last good one is older than the rhythm and a weekend; by hand, than a week and a weekend.
    Late,
    /// The last try failed.
    Failed,
}

impl BackupPlan {
    /// # Errors
    /// The fields that are out of range.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        if !(0..24).contains(&self.hour) {
            problems.add("hour", ProblemCode::NotAllowed);
        }
        if !(1..=7).contains(&self.weekday) {
            problems.add("weekday", ProblemCode::NotAllowed);
        }
        let mut found = problems.into_result().err().unwrap_or_default();
        if !(1..=MOST_NEWEST).contains(&self.newest_kept) {
            found.push(FieldProblem::with_limit("newest_kept", ProblemCode::NotAllowed, MOST_NEWEST));
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    /// Whether a backup was planned since the last good one.
    #[must_use]
    pub fn is_due(&self, last_good: Option<Timestamp>, now: &Zoned) -> bool {
        let planned = self.last_planned(now);
        // One of the future was made by a clock that was ahead, and says nothing.
        let last_good = last_good.filter(|good| *good <= now.timestamp());
        planned.is_some_and(|planned| last_good.is_none_or(|good| good < planned.timestamp()))
    }

    /// How the clinic stands, by the moments of the last good backup and of the last try where that failed.
    #[must_use]
    pub fn standing(
        &self,
        last_good: Option<Timestamp>,
        last_failed: Option<Timestamp>,
        now: Timestamp,
    ) -> BackupStanding {
        let last_good = last_good.filter(|good| *good <= now);
        if last_failed.is_some_and(|failed| last_good.is_none_or(|good| good < failed)) {
            return BackupStanding::Failed;
        }
        let longest = match self.rhythm {
            BackupRhythm::Daily => SignedDuration::from_hours(24) + GRACE,
            BackupRhythm::Weekly | BackupRhythm::Off => SignedDuration::from_hours(7 * 24) + GRACE,
        };
        match last_good {
            None => BackupStanding::Never,
            Some(good) if now.duration_since(good) > longest => BackupStanding::Late,
            Some(_) => BackupStanding::Good,
        }
    }

    /// The newest planned moment that is not in the future.
    fn last_planned(&self, now: &Zoned) -> Option<Zoned> {
        let back = match self.rhythm {
            BackupRhythm::Off => return None,
            BackupRhythm::Daily => 0,
            BackupRhythm::Weekly => (now.weekday().to_monday_one_offset() - self.weekday).rem_euclid(7),
        };
        let at = |days: i64| -> Option<Zoned> {
            let day = now.date().checked_sub(days.days()).ok()?;
            day.at(self.hour, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()
        };
        let period = if self.rhythm == BackupRhythm::Weekly { 7 } else { 1 };
        let back = i64::from(back);
        at(back).filter(|planned| planned <= now).or_else(|| at(back + period))
    }
}

/// Which backups stay: the `newest` newest, and of each of the last days, weeks and months that have one the newest.
#[must_use]
pub fn kept<Id: Copy + Eq + Hash>(made: &[(Id, Timestamp)], newest: u32, zone: &TimeZone) -> HashSet<Id> {
    let mut sorted: Vec<_> = made.iter().map(|(id, at)| (*id, at.to_zoned(zone.clone()))).collect();
    sorted.sort_by_key(|(_, at)| std::cmp::Reverse(at.timestamp()));
    let mut kept: HashSet<Id> = sorted.iter().take(newest.max(1) as usize).map(|(id, _)| *id).collect();
    let day = |at: &Zoned| (i32::from(at.year()), i32::from(at.day_of_year()));
    let week = |at: &Zoned| {
        let week = at.date().iso_week_date();
        (i32::from(week.year()), i32::from(week.week()))
    };
    let month = |at: &Zoned| (i32::from(at.year()), i32::from(at.month()));
    kept.extend(newest_of_each(&sorted, DAYS_KEPT, day));
    kept.extend(newest_of_each(&sorted, WEEKS_KEPT, week));
    kept.extend(newest_of_each(&sorted, MONTHS_KEPT, month));
    kept
}

fn newest_of_each<Id: Copy>(
    sorted: &[(Id, Zoned)],
    most: usize,
    period: impl Fn(&Zoned) -> (i32, i32),
) -> Vec<Id> {
    let mut seen = HashSet::new();
    let first = sorted.iter().filter(|(_, at)| seen.insert(period(at)));
    first.take(most).map(|(id, _)| *id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(day: jiff::civil::Date, hour: i8) -> Zoned {
        day.at(hour, 0, 0, 0).to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap()
    }

    #[test]
    fn a_daily_backup_is_due_once_its_hour_has_passed() {
        let plan = BackupPlan { rhythm: BackupRhythm::Daily, hour: 12, ..BackupPlan::default() };
        let (friday, saturday) = (date(2026, 3, 27), date(2026, 3, 28));
        let good = Some(at(friday, 13).timestamp());
        assert!(!plan.is_due(good, &at(friday, 23)));
        assert!(!plan.is_due(good, &at(saturday, 11)));
        assert!(plan.is_due(good, &at(saturday, 12)));
        assert!(plan.is_due(None, &at(friday, 1)), "yesterday's was missed");
        assert!(!BackupPlan::default().is_due(None, &at(friday, 12)), "by hand only");
        let ahead = Some(at(date(2036, 3, 27), 13).timestamp());
        assert!(plan.is_due(ahead, &at(friday, 12)), "made by a clock that was ahead");
        assert_eq!(plan.standing(ahead, None, at(friday, 12).timestamp()), BackupStanding::Never);
    }

    #[test]
    fn a_weekly_backup_is_made_up_for_later_in_the_week() {
        let plan = BackupPlan { rhythm: BackupRhythm::Weekly, weekday: 5, hour: 12, ..BackupPlan::default() };
        let friday = date(2026, 3, 27);
        let before = Some(at(date(2026, 3, 20), 12).timestamp());
        assert!(!plan.is_due(before, &at(friday, 11)));
        assert!(plan.is_due(before, &at(friday, 12)));
        assert!(plan.is_due(before, &at(date(2026, 4, 1), 8)));
        assert!(!plan.is_due(Some(at(friday, 12).timestamp()), &at(date(2026, 4, 2), 23)));
    }

    #[test]
    fn a_backup_is_late_after_its_rhythm_and_a_weekend() {
        let daily = BackupPlan { rhythm: BackupRhythm::Daily, ..BackupPlan::default() };
        let friday = at(date(2026, 3, 20), 12).timestamp();
        let later = |hours: i64| friday + SignedDuration::from_hours(hours);
        assert_eq!(daily.standing(Some(friday), None, later(71)), BackupStanding::Good);
        assert_eq!(daily.standing(Some(friday), None, later(73)), BackupStanding::Late);
        assert_eq!(BackupPlan::default().standing(Some(friday), None, later(73)), BackupStanding::Good);
        assert_eq!(daily.standing(None, None, friday), BackupStanding::Never);
        assert_eq!(daily.standing(Some(friday), Some(later(1)), later(2)), BackupStanding::Failed);
        assert_eq!(daily.standing(Some(later(2)), Some(later(1)), later(3)), BackupStanding::Good);
    }

    #[test]
    fn two_years_of_daily_backups_come_down_to_days_weeks_and_months() {
        let last = at(date(2026, 3, 27), 12);
        let made: Vec<_> =
            (0..730).map(|n: i64| (n, last.checked_sub(n.days()).unwrap().timestamp())).collect();
        let kept = kept(&made, 3, &TimeZone::get("Europe/Berlin").unwrap());
        assert!((0..7).all(|n| kept.contains(&n)), "a week of days");
        assert!(kept.contains(&27), "the end of February");
        assert!(kept.len() <= 7 + 4 + 12, "{}", kept.len());
        assert!(!kept.contains(&729));
    }

    #[test]
    fn fields_out_of_range_are_named() {
        let plan = BackupPlan { hour: 24, weekday: 0, newest_kept: 0, rhythm: BackupRhythm::Weekly };
        let fields: Vec<_> = plan.validate().unwrap_err().into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["hour", "weekday", "newest_kept"]);
    }

    proptest! {
        #[test]
        fn the_newest_always_stays_and_nothing_is_made_up(
            hours in proptest::collection::vec(0_i64..20_000, 1..60), newest in 1_u32..10,
        ) {
            let made: Vec<_> = hours
                .iter()
                .enumerate()
                .map(|(n, h)| (n, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(*h)))
                .collect();
            let kept = kept(&made, newest, &TimeZone::UTC);
            let latest = hours.iter().max().unwrap();
            prop_assert!(made.iter().any(|(n, _)| kept.contains(n) && hours[*n] == *latest));
            prop_assert!(kept.len() >= made.len().min(newest as usize));
            prop_assert!(kept.len() <= newest as usize + DAYS_KEPT + WEEKS_KEPT + MONTHS_KEPT);
        }
    }
}
