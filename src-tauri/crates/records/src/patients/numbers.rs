//! Patient numbers: made by the clinic's pattern, each issued once and for ever.

use domain::PatientId;
use domain::numbering::NumberPattern;
use rusqlite::{Connection, OptionalExtension, params};

use crate::counters;
use crate::error::RecordsError;
use crate::fold::fold;
use crate::row::Columns;
use crate::settings;
use crate::store::{Reading, Writing};

/// The setting that holds the pattern.
pub const NUMBER_PATTERN: &str = "patients.number_pattern";
/// Most characters of a number that was given elsewhere.
const LONGEST: usize = 40;

/// The pattern in force.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn number_pattern(tx: &Reading<'_>) -> Result<NumberPattern, RecordsError> {
    Ok(settings::get(tx, NUMBER_PATTERN)?.unwrap_or_default())
}

/// The number that the next patient would get by a pattern in a year.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn number_example(tx: &Reading<'_>, pattern: &NumberPattern, year: i16) -> Result<String, RecordsError> {
    let mut sequence = counters::last(tx, &series(pattern, year))? + 1;
    let mut taken = tx.connection().prepare_cached("SELECT 1 FROM patient_numbers WHERE key = ?1")?;
    loop {
        let number = pattern.number(year, sequence);
        if !taken.exists([key_of(&number)])? {
            return Ok(number);
        }
        sequence += 1;
    }
}

/// Takes the next number. One that was issued before, by whatever pattern and to whomever, is passed over.
pub(crate) fn issue(tx: &Writing<'_>) -> Result<String, RecordsError> {
    let pattern = number_pattern(tx)?;
    let year = tx.today().year();
    let series = series(&pattern, year);
    loop {
        let sequence = counters::next(tx, &series)?;
        let number = pattern.number(year, sequence);
        if enter(tx.connection(), &number, sequence)? {
            return Ok(number);
        }
    }
}

/// Keeps the number that a patient brings along. False when it was issued here before, or could not be one of
/// this clinic.
pub(crate) fn adopt(tx: &Writing<'_>, number: &str) -> Result<bool, RecordsError> {
    let plain = |c: char| c.is_alphanumeric() || "-/._ ".contains(c);
    let fits = (1..=LONGEST).contains(&number.chars().count()) && number.trim() == number;
    if !fits || !number.chars().all(plain) || key_of(number).is_empty() {
        return Ok(false);
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let sequence = digits.parse().ok().filter(|n| i64::try_from(*n).is_ok()).unwrap_or(0);
    Ok(enter(tx.connection(), number, sequence)?)
}

/// Enters the numbers of a database that has patients already.
pub(super) fn enter_existing(connection: &Connection) -> rusqlite::Result<()> {
    let mut query = connection.prepare("SELECT number FROM patients ORDER BY row")?;
    for number in query.query_map([], |row| row.get::<_, String>(0))? {
        let number = number?;
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        enter(connection, &number, digits.parse().unwrap_or(0))?;
    }
    Ok(())
}

/// False when the number has been issued before.
fn enter(connection: &Connection, number: &str, sequence: u64) -> rusqlite::Result<bool> {
    let entered = connection
        .prepare_cached(
            "INSERT INTO patient_numbers (number, key, short, sequence) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![number, key_of(number), short_of(number), sequence])?;
    Ok(entered == 1)
}

fn series(pattern: &NumberPattern, year: i16) -> String {
    if pattern.counts_by_year() { format!("patient {year}") } else { "patient".to_owned() }
}

/// The patient a query asks for by number when it is nothing else: with or without signs and leading
/// zeros, or the running number alone ("P-000123", "p123", "p 123", "123"). The number of a merged record
/// leads to the one that stands in its place.
pub(super) fn named_by(tx: &Reading<'_>, query: &str) -> Result<Option<PatientId>, RecordsError> {
    let pieces: Vec<&str> = query.split_whitespace().collect();
    let typed = match pieces[..] {
        [number] => number.to_owned(),
        [prefix, number] if prefix.chars().all(char::is_alphabetic) => format!("{prefix}{number}"),
        _ => return Ok(None),
    };
    let key = key_of(&typed);
    if !key.bytes().any(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let sequence: Option<i64> = key.parse().ok();
    let mut query = tx.connection().prepare_cached(
        "SELECT patients.id FROM patient_numbers JOIN patients ON patients.number = patient_numbers.number
         WHERE patient_numbers.row IN (
             SELECT row FROM patient_numbers WHERE key = ?1
             UNION ALL SELECT row FROM patient_numbers WHERE short = ?2
             UNION ALL SELECT row FROM patient_numbers WHERE sequence = ?3)
         ORDER BY key = ?1 DESC, short = ?2 DESC, patient_numbers.row DESC LIMIT 1",
    )?;
    let found: Option<PatientId> =
        query.query_row(params![key, short_of(&typed), sequence], |row| row.parsed("id")).optional()?;
    found.map(|id| super::standing(tx, id)).transpose()
}

/// Letters and digits alone, in lower case: what two spellings of one number have in common.
pub(crate) fn key_of(number: &str) -> String {
    fold(number).chars().filter(|c| *c != ' ').collect()
}

/// The same without the zeros that fill up each run of digits: "p-000123" is "p123".
fn short_of(number: &str) -> String {
    let mut short = String::new();
    let mut filling = true;
    // A run that is all zeros leaves nothing; the signs between runs end one.
    for c in fold(number).chars() {
        match c {
            '0' if filling => {}
            ' ' => filling = true,
            c => {
                filling = !c.is_ascii_digit();
                short.push(c);
            }
        }
    }
    short
}

/// Every word under which a number is found.
pub(super) fn number_words(number: &str) -> Vec<String> {
    let mut words = vec![key_of(number), short_of(number)];
    for word in fold(number).split(' ') {
        words.push(word.to_owned());
        words.push(word.trim_start_matches('0').to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_key_however_it_is_written() {
        for number in ["P-000123", "p000123", "P 000123", "p/000123"] {
            assert_eq!((key_of(number).as_str(), short_of(number).as_str()), ("p000123", "p123"), "{number}");
        }
        assert_eq!((key_of("2026-0042"), short_of("2026-0042")), ("20260042".into(), "202642".into()));
        assert_eq!(short_of("LZ26/042"), "lz2642");
    }

    #[test]
    fn a_number_is_found_by_its_parts() {
        let words = number_words("P-000042");
        for word in ["p", "p42", "42", "000042", "p000042"] {
            assert!(words.iter().any(|w| w == word), "{word}");
        }
    }
}
