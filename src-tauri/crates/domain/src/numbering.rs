//! How the clinic numbers its patients: a pattern such as `P-{n:6}` or `{yyyy}-{n:4}`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most characters of a pattern as it is written.
pub const MAX_PATTERN: usize = 24;
/// Most digits a running number is filled up to.
const MAX_WIDTH: usize = 9;

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    #[error("the pattern is longer than {MAX_PATTERN} characters")]
    TooLong,
    /// Without the running number two patients would share one number; with two it could not be read.
    #[error("the pattern needs the running number once")]
    NeedsOneSequence,
    #[error("the pattern holds a sign or a token that is not allowed")]
    NotAllowed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// Four digits of the year of registration.
    Year,
    /// Its last two.
    ShortYear,
    /// The running number, filled with zeros to so many digits; it grows beyond them when it must.
    Sequence(usize),
}

/// A checked pattern. Letters, digits and `-` `/` `.` `_` stand for themselves; `{n}` or `{n:1}` to `{n:9}`
/// is the running number, `{yyyy}` and `{yy}` the year of registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberPattern {
    parts: Vec<Part>,
}

impl Default for NumberPattern {
    /// `P-{n:6}`.
    fn default() -> Self {
        Self { parts: vec![Part::Text("P-".into()), Part::Sequence(6)] }
    }
}

impl NumberPattern {
    /// The n-th number of a year.
    #[must_use]
    pub fn number(&self, year: i16, sequence: u64) -> String {
        self.parts.iter().fold(String::new(), |number, part| match part {
            Part::Text(text) => number + text,
            Part::Year => format!("{number}{year:04}"),
            Part::ShortYear => format!("{number}{:02}", year.rem_euclid(100)),
            Part::Sequence(width) => format!("{number}{sequence:0width$}"),
        })
    }

    /// A pattern that names the year counts each year from 1.
    #[must_use]
    pub fn counts_by_year(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Year | Part::ShortYear))
    }
}

impl FromStr for NumberPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.chars().count() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(token) = rest.strip_prefix('{') {
                let (token, after) = token.split_once('}').ok_or(PatternError::NotAllowed)?;
                parts.push(part_of(token)?);
                rest = after;
            } else {
                let (plain, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
                if !plain.chars().all(|c| c.is_ascii_alphanumeric() || "-/._".contains(c)) {
                    return Err(PatternError::NotAllowed);
                }
                parts.push(Part::Text(plain.to_owned()));
                rest = after;
            }
        }
        let sequences = parts.iter().filter(|part| matches!(part, Part::Sequence(_))).count();
        if sequences == 1 { Ok(Self { parts }) } else { Err(PatternError::NeedsOneSequence) }
    }
}

fn part_of(token: &str) -> Result<Part, PatternError> {
    match token {
        "yyyy" => Ok(Part::Year),
        "yy" => Ok(Part::ShortYear),
        "n" => Ok(Part::Sequence(1)),
        _ => {
            let width = token.strip_prefix("n:").filter(|width| width.len() == 1);
            let width = width.and_then(|width| width.parse().ok());
            width
                .filter(|width| (1..=MAX_WIDTH).contains(width))
                .map(Part::Sequence)
                .ok_or(PatternError::NotAllowed)
        }
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Year => f.write_str("{yyyy}"),
            Part::ShortYear => f.write_str("{yy}"),
            Part::Sequence(1) => f.write_str("{n}"),
            Part::Sequence(width) => write!(f, "{{n:{width}}}"),
        })
    }
}

impl TryFrom<String> for NumberPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl From<NumberPattern> for String {
    fn from(pattern: NumberPattern) -> Self {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_make_numbers() {
        for (pattern, number) in [
            ("P-{n:6}", "P-000042"),
            ("{yyyy}-{n:4}", "2026-0042"),
            ("LZ{yy}/{n:3}", "LZ26/042"),
            ("{n}", "42"),
            ("{n:1}", "42"),
        ] {
            assert_eq!(pattern.parse::<NumberPattern>().unwrap().number(2026, 42), number, "{pattern}");
        }
        let narrow: NumberPattern = "P{n:2}".parse().unwrap();
        assert_eq!(narrow.number(2026, 1_234), "P1234", "a number grows beyond its width");
        assert_eq!(NumberPattern::default().to_string(), "P-{n:6}");
    }

    #[test]
    fn what_would_not_number_is_refused() {
        for (pattern, error) in [
            ("", PatternError::NeedsOneSequence),
            ("P-", PatternError::NeedsOneSequence),
            ("{n}{n:2}", PatternError::NeedsOneSequence),
            ("P {n}", PatternError::NotAllowed),
            ("{n:0}", PatternError::NotAllowed),
            ("{n:10}", PatternError::NotAllowed),
            ("{n:+6}", PatternError::NotAllowed),
            ("{month}-{n}", PatternError::NotAllowed),
            ("{n", PatternError::NotAllowed),
            ("n}", PatternError::NotAllowed),
            ("Ä-{n}", PatternError::NotAllowed),
            ("<b>{n}", PatternError::NotAllowed),
            ("ABCDEFGHIJKLMNOPQRSTUV{n}", PatternError::TooLong),
        ] {
            assert_eq!(pattern.parse::<NumberPattern>(), Err(error), "{pattern}");
        }
    }

    #[test]
    fn only_a_year_starts_the_count_over() {
        let by_year = |pattern: &str| pattern.parse::<NumberPattern>().unwrap().counts_by_year();
        assert!(by_year("{yyyy}-{n:4}") && by_year("{yy}{n}") && !by_year("P-{n:6}"));
    }

    proptest::proptest! {
        #[test]
        fn reading_a_pattern_never_panics_and_writes_back(text in "[P{}yn:0-9/-]{0,26}") {
            if let Ok(pattern) = text.parse::<NumberPattern>() {
                proptest::prop_assert_eq!(pattern.to_string().parse::<NumberPattern>().unwrap(), pattern);
            }
        }
    }
}
