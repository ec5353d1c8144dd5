//! Days as people wrote them down.

use jiff::civil::Date;

use crate::views::{DateOrder, ImportWord};

const ALL: [DateOrder; 3] = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst];

/// A day in three numbers, however they are separated; a time after it is left off. What begins with a year of
/// four digits is year, month and day, whatever the order of the others.
///
/// # Errors
/// [`ImportWord::DateInvalid`], and [`ImportWord::DateTwoDigits`] where the year could be of either century.
pub(super) fn parsed(text: &str, order: DateOrder, today: Date) -> Result<Date, ImportWord> {
    let (numbers, year_first) = numbers(text).ok_or(ImportWord::DateInvalid)?;
    let [a, b, c] = numbers;
    let (year, month, day) = match order {
        _ if year_first => (a, b, c),
        DateOrder::YearFirst => (a, b, c),
        DateOrder::DayFirst => (c, b, a),
        DateOrder::MonthFirst => (c, a, b),
    };
    let small = |number: i16| i8::try_from(number).map_err(|_| ImportWord::DateInvalid);
    let (month, day) = (small(month.0)?, small(day.0)?);
    let of = |year| Date::new(year, month, day).map_err(|_| ImportWord::DateInvalid);
    let century = today.year() / 100 * 100;
    match year.1 {
        4 => of(year.0),
        // Nobody was born in a year that has not come, so that it is the last century's.
        2 if year.0 > today.year() % 100 => of(century - 100 + year.0),
        2 => of(century + year.0).and(Err(ImportWord::DateTwoDigits)),
        _ => Err(ImportWord::DateInvalid),
    }
}

/// The orders in which most of the days can be read, as many as any order can: more than one leaves it to a
/// person.
pub(super) fn orders<'a>(texts: impl Iterator<Item = &'a str> + Clone, today: Date) -> Vec<DateOrder> {
    let readable = |order| {
        let good = |text: &&str| !matches!(parsed(text, order, today), Err(ImportWord::DateInvalid));
        texts.clone().filter(|text| !text.is_empty()).filter(good).count()
    };
    let counts = ALL.map(readable);
    let best = counts.into_iter().max().unwrap_or(0);
    let all_the_same = counts.iter().all(|count| *count == best);
    if best > 0 && all_the_same {
        // Every day begins with a year of four digits.
        return vec![DateOrder::YearFirst];
    }
    ALL.into_iter()
        .zip(counts)
        .filter(|(_, count)| best > 0 && *count == best)
        .map(|(order, _)| order)
        .collect()
}

/// A number and how many digits it has.
type Digits = (i16, usize);

fn numbers(text: &str) -> Option<([Digits; 3], bool)> {
    let day = text.trim().split(['T', ' ']).next()?;
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        let number =
            |range: std::ops::Range<usize>| Some((day.get(range.clone())?.parse().ok()?, range.len()));
        return Some(([number(0..4)?, number(4..6)?, number(6..8)?], true));
    }
    let parts: Vec<&str> = day.split(['.', '-', '/']).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |part: &str| -> Option<Digits> {
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        Some((plain.then(|| part.parse().ok())??, part.len()))
    };
    let numbers = [number(a)?, number(b)?, number(c)?];
    Some((numbers, numbers[0].1 == 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn days_are_read_in_their_order() {
        let born = date(1971, 3, 9);
        for (text, order) in [
            ("1971-03-09", YearFirst),
            ("1971-03-09", DayFirst),
            ("1971/3/9 00:00:00", MonthFirst),
            ("1971-03-09T12:00", YearFirst),
            ("19710309", DayFirst),
            ("9.3.1971", DayFirst),
            ("09/03/1971", DayFirst),
            ("3/9/1971", MonthFirst),
            ("9.3.71", DayFirst),
        ] {
            assert_eq!(parsed(text, order, TODAY), Ok(born), "{text}");
        }
        for text in
            ["31.02.1980", "0.0.1980", "1.13.1980", "", "yesterday", "1.2", "1.2.3.4", "1.2.198", "٣.٤.١٩٨٠"]
        {
            assert_eq!(parsed(text, DayFirst, TODAY), Err(ImportWord::DateInvalid), "{text}");
        }
        assert_eq!(parsed("9.3.21", DayFirst, TODAY), Err(ImportWord::DateTwoDigits));
    }

    #[test]
    fn an_order_that_stays_open_is_left_to_a_person() {
        let of = |texts: &[&str]| orders(texts.iter().copied(), TODAY);
        assert_eq!(of(&["1980-12-31", "1971-03-09"]), [YearFirst]);
        assert_eq!(of(&["31.12.1980", "9.3.1971", ""]), [DayFirst]);
        assert_eq!(of(&["12/31/1980", "3/9/1971"]), [MonthFirst]);
        assert_eq!(of(&["9/3/1971", "4/5/1980"]), [DayFirst, MonthFirst]);
        assert_eq!(of(&["09/03/1971", "04/05/1980"]), [DayFirst, MonthFirst]);
        assert_eq!(of(&["31.12.1980", "31.02.1980"]), [DayFirst], "a day that is none decides nothing");
        assert!(of(&["", "never"]).is_empty());
    }

    proptest! {
        #[test]
        fn any_day_comes_back(year in 1927i16..2026, month in 1i8..=12, day in 1i8..=28) {
            let born = date(year, month, day);
            let (y, m, d) = (year, month, day);
            prop_assert_eq!(parsed(&format!("{d}.{m}.{y}"), DayFirst, TODAY), Ok(born));
            prop_assert_eq!(parsed(&format!("{m:02}/{d:02}/{y}"), MonthFirst, TODAY), Ok(born));
            prop_assert_eq!(parsed(&born.to_string(), DayFirst, TODAY), Ok(born));
        }

        #[test]
        fn no_text_is_too_bad_to_be_judged(text in "\\PC{0,30}") {
            for order in ALL {
                let _ = parsed(&text, order, TODAY);
            }
        }
    }
}
