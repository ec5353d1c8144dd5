//! Hits that are nearly what was typed: a letter wrong or swapped, a name that sounds alike, two digits
//! swapped in a telephone number or a date of birth.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::Reading;

use super::near::{beginning_near, swapped_digits};
use super::search::{PatientSummary, summary};
use super::words::{Word, prefix};

/// Rows that are compared, and those that are shown.
const COMPARED: u32 = 300;
const SHOWN: usize = 20;
/// Fewer digits than this are not forgiven: too much would be near.
const DIGITS: usize = 6;

/// A typed word with what may stand for it, and how far that is from it.
struct Forgiving<'a> {
    word: &'a Word,
    names: BTreeMap<String, usize>,
    digits: BTreeMap<String, usize>,
}

impl Forgiving<'_> {
    fn expression(&self) -> String {
        let names = self.names.keys().map(|name| format!("\"{name}\""));
        let digits = self.digits.keys().map(|digits| prefix(digits));
        let all: Vec<String> = std::iter::once(self.word.expression()).chain(names).chain(digits).collect();
        format!("({})", all.join(" OR "))
    }

    /// Letters between the typed word and the nearest name of a patient; a digit word is one swap off.
    fn distance(&self, names: &str) -> usize {
        let by_name = names.split(' ').filter_map(|name| {
            if name.starts_with(&self.word.text) { Some(0) } else { self.names.get(name).map(|d| 1 + d) }
        });
        by_name.min().unwrap_or(usize::from(!self.digits.is_empty()))
    }
}

/// Near hits that are no exact ones, nearest first.
pub(super) fn hits(
    tx: &Reading<'_>,
    words: &[Word],
    exact: &str,
    except: &str,
) -> Result<Vec<PatientSummary>, RecordsError> {
    let words = joined(words);
    let forgiving = words.iter().map(|word| forgiving(tx, word)).collect::<Result<Vec<_>, _>>()?;
    if forgiving.iter().all(|word| word.names.is_empty() && word.digits.is_empty()) {
        return Ok(Vec::new());
    }
    let near = forgiving.iter().map(Forgiving::expression).collect::<Vec<_>>().join(" AND ");
    let mut query = tx.connection().prepare_cached(
        "SELECT patients.id, number, family_name, given_names, date_of_birth, sex, phone,
             family_key || ' ' || given_key AS names
         FROM patients JOIN patient_search ON patient_search.rowid = patients.row
         WHERE patient_search MATCH ?1 AND number <> ?2 LIMIT ?3",
    )?;
    let rows = query.query_map(params![format!("({near}) NOT ({exact})"), except, COMPARED], |row| {
        Ok((row.text("names")?, PatientSummary { approximate: true, ..summary(row)? }))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (names, patient) = row?;
        let distance: usize = forgiving.iter().map(|word| word.distance(&names)).sum();
        found.push(((distance, names), patient));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.number.cmp(&b.1.number)));
    Ok(found.into_iter().take(SHOWN).map(|(_, patient)| patient).collect())
}

/// Digits typed in groups ("0171 2345") are one number, in which any two neighbours may be swapped.
fn joined(words: &[Word]) -> Vec<Word> {
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mut joined: Vec<Word> = Vec::new();
    for Word { text } in words {
        match joined.last_mut() {
            Some(last) if is_digits(&last.text) && is_digits(text) => last.text.push_str(text),
            _ => joined.push(Word { text: text.clone() }),
        }
    }
    joined
}

fn forgiving<'a>(tx: &Reading<'_>, word: &'a Word) -> Result<Forgiving<'a>, RecordsError> {
    let mut forgiving = Forgiving { word, names: BTreeMap::new(), digits: BTreeMap::new() };
    let text = &word.text;
    if text.bytes().all(|b| b.is_ascii_digit()) {
        if text.len() >= DIGITS {
            let swapped =
                swapped_digits(text.trim_start_matches('0')).into_iter().chain(swapped_digits(text));
            forgiving.digits = swapped.filter(|(_, off)| *off > 0).collect();
        }
    } else if !text.bytes().any(|b| b.is_ascii_digit()) {
        for near in beginning_near(tx, text)? {
            forgiving.names.insert(near.word, near.distance);
        }
    }
    Ok(forgiving)
}
