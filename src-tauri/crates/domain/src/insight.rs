//! Numbers about the clinic: what is counted, along which stretches of time, and what is looked for.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{Band, Gate};
use crate::problem::{FieldProblem, ProblemCode};

/// Most stretches of one trend: fifty years of weeks.
pub const MOST_PERIODS: usize = 2_650;

/// The band as far as it may be shown: nothing reassuring is said of a reading that named no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShownBand {
    Benign,
    Suspicious,
    Malignant,
    /// No class was named and nothing malignant suspected.
    Inconclusive,
    /// The picture is unlike anything the model knows.
    Unassessed,
}

impl ShownBand {
    pub const ALL: [Self; 5] =
        [Self::Benign, Self::Suspicious, Self::Malignant, Self::Inconclusive, Self::Unassessed];

    #[must_use]
    pub const fn of(band: Band, gate: Gate) -> Self {
        match (gate, band) {
            (Gate::OutOfDistribution, _) => Self::Unassessed,
            (Gate::Inconclusive, Band::Benign) => Self::Inconclusive,
            (_, Band::Benign) => Self::Benign,
            (_, Band::Suspicious) => Self::Suspicious,
            (_, Band::Malignant) => Self::Malignant,
        }
    }

    /// The stored band of such readings; nothing where it may be any.
    #[must_use]
    pub const fn band(self) -> Option<Band> {
        match self {
            Self::Benign | Self::Inconclusive => Some(Band::Benign),
            Self::Suspicious => Some(Band::Suspicious),
            Self::Malignant => Some(Band::Malignant),
            Self::Unassessed => None,
        }
    }

    /// The gates that such readings may have.
    #[must_use]
    pub const fn gates(self) -> &'static [Gate] {
        match self {
            Self::Benign => &[Gate::Uncertain, Gate::Confident],
            Self::Suspicious | Self::Malignant => &[Gate::Inconclusive, Gate::Uncertain, Gate::Confident],
            Self::Inconclusive => &[Gate::Inconclusive],
            Self::Unassessed => &[Gate::OutOfDistribution],
        }
    }

    /// English words for documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Benign => "Benign",
            Self::Suspicious => "Suspicious",
            Self::Malignant => "Malignant",
            Self::Inconclusive => "Inconclusive",
            Self::Unassessed => "Not assessed",
        }
    }
}

/// What a trend counts, and by what it splits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrendBy {
    /// Photographs, not split.
    Photographs,
    /// Readings by their band.
    Band,
    /// Readings by the class that was named.
    Class,
    /// Readings by the site of the lesion.
    Site,
    /// Readings by who opened them first.
    Reviewer,
}

impl TrendBy {
    /// Whether it tells what readings said.
    #[must_use]
    pub const fn tells(self) -> bool {
        matches!(self, Self::Band | Self::Class)
    }

    /// English words for documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photographs => "Photographs",
            Self::Band => "Readings by band",
            Self::Class => "Readings by class",
            Self::Site => "Readings by site",
            Self::Reviewer => "Readings by reviewer",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrendStep {
    /// Monday to Sunday (ISO 8601).
    Week,
    Month,
}

impl TrendStep {
    /// The first day of the stretch that a day lies in.
    #[must_use]
    pub fn begin(self, day: Date) -> Date {
        match self {
            Self::Week => {
                let since = day.weekday().since(Weekday::Monday);
                day.checked_sub(i64::from(since).days()).unwrap_or(Date::MIN)
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// The last day of it.
    #[must_use]
    pub fn end(self, day: Date) -> Date {
        match self {
            Self::Week => self.begin(day).checked_add(6.days()).unwrap_or(Date::MAX),
            Self::Month => day.last_of_month(),
        }
    }
}

/// Days in a row; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Period {
    #[ts(type = "string")]
    pub from: Date,
    #[ts(type = "string")]
    pub to: Date,
}

/// The stretches from one day to another, the first and the last cut off at these days. None is left out.
///
/// # Errors
/// `to` before `from`; `from` when there would be more than [`MOST_PERIODS`].
pub fn periods(from: Date, to: Date, step: TrendStep) -> Result<Vec<Period>, Vec<FieldProblem>> {
    if to < from {
        return Err(vec![FieldProblem::new("to", ProblemCode::NotAllowed)]);
    }
    let mut found = Vec::new();
    let mut day = from;
    loop {
        if found.len() == MOST_PERIODS {
            return Err(vec![FieldProblem::new("from", ProblemCode::TooLongAgo)]);
        }
        let end = step.end(day).min(to);
        found.push(Period { from: day, to: end });
        match end.tomorrow() {
            Ok(next) if next <= to => day = next,
            _ => return Ok(found),
        }
    }
}

/// A screen with a search or a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchScreen {
    Patients,
    History,
    Reports,
    AuditTrail,
}

/// What a search was narrowed by; never what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// Nothing: the whole list was looked at.
    Everything,
    Text,
    Class,
    Band,
    Urgency,
    Days,
    Site,
    /// Who did something.
    Person,
    Reviewer,
    Deleted,
    State,
    Action,
    Patient,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn nothing_reassuring_is_shown_of_a_reading_that_named_no_class() {
        let gates = [Gate::Inconclusive, Gate::Uncertain, Gate::Confident, Gate::OutOfDistribution];
        for band in [Band::Benign, Band::Suspicious, Band::Malignant] {
            for gate in gates {
                let shown = ShownBand::of(band, gate);
                let may = ShownBand::Benign.gates().contains(&gate);
                assert_eq!(shown == ShownBand::Benign, band == Band::Benign && may);
                let fits = |it: ShownBand| {
                    it.gates().contains(&gate) && it.band().is_none_or(|stored| stored == band)
                };
                let found: Vec<_> = ShownBand::ALL.into_iter().filter(|it| fits(*it)).collect();
                assert_eq!(found, [shown], "{band:?} {gate:?}");
            }
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_are_cut_off_at_the_ends() {
        // 2026-01-01 was a Thursday.
        let found = periods(date(2026, 1, 1), date(2026, 1, 13), TrendStep::Week).unwrap();
        let days: Vec<_> = found.iter().map(|p| (p.from.day(), p.to.day())).collect();
        assert_eq!(days, [(1, 4), (5, 11), (12, 13)]);
    }

    #[test]
    fn every_month_is_there_and_a_leap_day_belongs_to_one() {
        let found = periods(date(2023, 12, 31), date(2024, 3, 1), TrendStep::Month).unwrap();
        let days: Vec<_> = found.iter().map(|p| (p.from.to_string(), p.to.day())).collect();
        let expected = [("2023-12-31", 31), ("2024-01-01", 31), ("2024-02-01", 29), ("2024-03-01", 1)];
        assert_eq!(days, expected.map(|(from, to)| (from.to_owned(), to)));
    }

    #[test]
    fn one_day_is_one_stretch_and_the_wrong_way_round_is_refused() {
        let day = date(2026, 3, 5);
        assert_eq!(periods(day, day, TrendStep::Month).unwrap(), [Period { from: day, to: day }]);
        let refused = periods(day, date(2026, 3, 4), TrendStep::Week).unwrap_err();
        assert_eq!(refused, [FieldProblem::new("to", ProblemCode::NotAllowed)]);
    }

    #[test]
    fn what_nobody_could_read_is_refused() {
        let refused = periods(date(1900, 1, 1), date(2026, 1, 1), TrendStep::Week).unwrap_err();
        assert_eq!(refused[0].field, "from");
        assert!(periods(date(1980, 1, 1), date(2026, 1, 1), TrendStep::Week).is_ok());
        assert_eq!(periods(Date::MAX, Date::MAX, TrendStep::Week).unwrap().len(), 1);
    }
}
