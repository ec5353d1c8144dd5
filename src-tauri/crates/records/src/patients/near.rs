//! Names that are nearly what was typed.
//!
//! Every distinct name word of the clinic stands in `name_keys` under a few keys: its first letters, the same
//! with any one letter left out (the deletion neighbourhood of Garbe's SymSpell, with a prefix of five), and how
//! it sounds (Double Metaphone, Philips 2000). Two words whose beginnings are one insertion, deletion,
//! replacement or swap apart share a key; so do words that sound alike. What shares a key is a
//! candidate, and the distance of Damerau and Levenshtein (optimal string alignment) decides.

use std::collections::{BTreeMap, BTreeSet};

use domain::spelling::{Typed, plain};
use rphonetic::DoubleMetaphone;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use crate::error::RecordsError;
use crate::store::Reading;

/// Letters that the keys are made of.
const WINDOW: usize = 5;
/// Candidates that are looked at, and those that are kept, for each typed word.
const LOOKED_AT: usize = 4_000;
const KEPT: usize = 16;
/// Distance that a word of the same sound counts as, and letters that it may be apart.
const SOUNDS: usize = 2;
const SPELLED: usize = 3;

/// A word of the clinic's vocabulary near a typed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearWord {
    pub word: String,
    /// Letters apart; 0 for another spelling of the same letters, such as "mueller" for "muller".
    pub distance: usize,
}

/// Enters the words that are new to the vocabulary.
pub(super) fn learn<'a>(
    connection: &Connection,
    words: impl IntoIterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let mut known = connection.prepare_cached("SELECT 1 FROM name_keys WHERE key = ?1 AND word = ?2")?;
    let mut enter =
        connection.prepare_cached("INSERT OR IGNORE INTO name_keys (key, word) VALUES (?1, ?2)")?;
    for word in words {
        if word.is_empty() || known.exists(params![window(&plain(word)), word])? {
            continue;
        }
        for key in keys(word) {
            enter.execute(params![key, word])?;
        }
    }
    Ok(())
}

/// Takes out the words that no patient has any more, so that a name does not outlive its record.
pub(super) fn unlearn<'a>(
    connection: &Connection,
    words: impl IntoIterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let mut used =
        connection.prepare_cached("SELECT 1 FROM patient_search WHERE patient_search MATCH ?1 LIMIT 1")?;
    let mut forget = connection.prepare_cached("DELETE FROM name_keys WHERE key = ?1 AND word = ?2")?;
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if used.exists([format!("\"{word}\"")])? {
            continue;
        }
        for key in keys(word) {
            forget.execute(params![key, word])?;
        }
    }
    Ok(())
}

/// Words that begin nearly like the typed one, nearest first: the rest may still be coming.
pub(super) fn beginning_near(tx: &Reading<'_>, typed: &str) -> Result<Vec<NearWord>, RecordsError> {
    near(tx, typed, true)
}

/// Words that are nearly the typed one, nearest first.
pub(super) fn whole_near(tx: &Reading<'_>, typed: &str) -> Result<Vec<NearWord>, RecordsError> {
    near(tx, typed, false)
}

fn near(tx: &Reading<'_>, typed: &str, beginning: bool) -> Result<Vec<NearWord>, RecordsError> {
    if plain(typed).chars().count() < 3 {
        return Ok(Vec::new());
    }
    let wanted: Vec<Value> = keys(typed).into_iter().map(Value::from).collect();
    let places = vec!["?"; wanted.len()].join(",");
    let mut query = tx.connection().prepare_cached(&format!(
        "SELECT DISTINCT word FROM name_keys WHERE key IN ({places}) LIMIT {LOOKED_AT}"
    ))?;
    let candidates = query.query_map(params_from_iter(wanted), |row| row.get::<_, String>(0))?;
    let candidates = candidates.collect::<Result<Vec<_>, _>>()?;
    Ok(nearest(typed, candidates, beginning))
}

/// Words out of a list that begin nearly like the typed one, nearest first.
pub(crate) fn near_among(typed: &str, words: impl IntoIterator<Item = String>) -> Vec<NearWord> {
    if plain(typed).chars().count() < 3 { Vec::new() } else { nearest(typed, words, true) }
}

fn nearest(typed: &str, candidates: impl IntoIterator<Item = String>, beginning: bool) -> Vec<NearWord> {
    let judge = Judge::new(typed);
    let mut found: Vec<((usize, usize), NearWord)> = Vec::new();
    for word in candidates {
        if let Some((distance, rest)) = judge.distance(&word, beginning) {
            found.push(((distance, rest), NearWord { word, distance }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.word.cmp(&b.1.word)));
    found.into_iter().take(KEPT).map(|(_, word)| word).collect()
}

/// How two names compare, both folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    LetterOff,
    SoundsAlike,
    /// They share a word.
    InPart,
    Different,
}

/// Compares whole names of one or more words.
pub(super) fn likeness(one: &str, other: &str) -> Likeness {
    let (one_plain, other_plain) = (plain(one), plain(other));
    if one_plain == other_plain {
        return Likeness::Same;
    }
    if Typed::new(&one_plain).letters_off(&other_plain.chars().collect::<Vec<_>>()).is_some() {
        return Likeness::LetterOff;
    }
    let (ones, others): (Vec<_>, Vec<_>) = (one.split(' ').collect(), other.split(' ').collect());
    let alike = |(one, other): (&&str, &&str)| {
        let letters: Vec<char> = plain(other).chars().collect();
        Judge::new(one).sounds_like(other, &letters)
    };
    if ones.len() == others.len() && ones.iter().zip(&others).all(alike) {
        return Likeness::SoundsAlike;
    }
    let words: BTreeSet<&str> = one_plain.split(' ').filter(|word| word.chars().count() > 1).collect();
    if other_plain.split(' ').any(|word| words.contains(word)) {
        Likeness::InPart
    } else {
        Likeness::Different
    }
}

/// A typed word that others are held against.
struct Judge {
    typed: Typed,
    sound: Option<String>,
}

impl Judge {
    fn new(typed: &str) -> Self {
        Self { typed: Typed::new(&plain(typed)), sound: sound(typed) }
    }

    /// Letters apart, and how much longer the word is; nothing when it is not near.
    fn distance(&self, word: &str, beginning: bool) -> Option<(usize, usize)> {
        let other: Vec<char> = plain(word).chars().collect();
        let length = self.typed.letters().len();
        let rest = other.len().abs_diff(length);
        let by_letters = if beginning {
            let shortest = length.saturating_sub(self.typed.allowed()).min(other.len());
            let longest = (length + self.typed.allowed()).min(other.len());
            (shortest..=longest).filter_map(|end| self.typed.letters_off(&other[..end])).min()
        } else {
            self.typed.letters_off(&other)
        };
        by_letters
            .or_else(|| self.sounds_like(word, &other).then_some(SOUNDS))
            .map(|distance| (distance, rest))
    }

    /// Few sounds are spelled in many ways ("Meyer" and "Maria" share a code), so the letters count too.
    fn sounds_like(&self, word: &str, letters: &[char]) -> bool {
        self.sound.is_some() && self.sound == sound(word) && self.typed.within(letters, SPELLED).is_some()
    }
}

fn window(plain: &str) -> String {
    plain.chars().take(WINDOW).collect()
}

/// How a word sounds, in Latin letters; nothing for other scripts and for words too short to tell.
fn sound(word: &str) -> Option<String> {
    if word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let code = DoubleMetaphone::new(Some(8)).double_metaphone(word).primary();
    (code.len() > 1).then_some(code)
}

/// Every key of a word. The sound is in capitals and cannot be taken for letters.
fn keys(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = window(&plain(word)).chars().collect();
    let mut keys: BTreeSet<String> = BTreeSet::new();
    keys.insert(letters.iter().collect());
    if letters.len() > 3 {
        keys.extend((0..letters.len()).map(|out| {
            letters
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != out)
                .map(|(_, letter)| letter)
                .collect::<String>()
        }));
    }
    keys.extend(sound(word).map(|code| format!("~{code}")));
    keys
}

/// The same digits with any two neighbours swapped, and without change.
pub(super) fn swapped_digits(digits: &str) -> BTreeMap<String, usize> {
    let mut variants = BTreeMap::from([(digits.to_owned(), 0)]);
    let bytes = digits.as_bytes();
    for at in 1..bytes.len() {
        let mut swapped = bytes.to_vec();
        swapped.swap(at - 1, at);
        if let Ok(swapped) = String::from_utf8(swapped) {
            variants.entry(swapped).or_insert(1);
        }
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(words: &[&str]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(crate::patients::REGISTRY_TABLES).unwrap();
        learn(&connection, words.iter().copied()).unwrap();
        connection
    }

    fn shares_a_key(one: &str, other: &str) -> bool {
        !keys(one).is_disjoint(&keys(other))
    }

    #[test]
    fn one_slip_at_the_beginning_still_shares_a_key() {
        for typed in
            ["lidnenhoff", "indenhoff", "lindnhoff", "lxndenhoff", "liindenhoff", "lindenhof", "lidne"]
        {
            assert!(shares_a_key(typed, "lindenhoff"), "{typed}");
        }
        assert!(shares_a_key("mueller", "muller") && shares_a_key("mayr", "meier"));
        assert!(!shares_a_key("lindenhoff", "okonkwo"));
    }

    #[test]
    fn names_are_compared_as_people_would() {
        for (one, other, like) in [
            ("muller", "mueller", Likeness::Same),
            ("okonkwo", "okonkow", Likeness::LetterOff),
            ("schmidt", "schmitt", Likeness::LetterOff),
            ("meier", "mayr", Likeness::SoundsAlike),
            ("meier huber", "huber", Likeness::InPart),
            ("anna maria", "anna", Likeness::InPart),
            ("li", "lu", Likeness::Different),
            ("meyer", "maria", Likeness::Different),
            ("lind", "berg", Likeness::Different),
            ("王", "王", Likeness::Same),
            ("王", "李", Likeness::Different),
        ] {
            assert_eq!(likeness(one, other), like, "{one} {other}");
            assert_eq!(likeness(other, one), like, "{other} {one}");
        }
    }

    #[test]
    fn a_word_is_entered_once_and_under_few_keys() {
        let connection = vocabulary(&["lindenhoff", "lindenhoff", "", "王"]);
        let count: usize =
            connection.query_row("SELECT count(*) FROM name_keys", [], |row| row.get(0)).unwrap();
        assert!(count <= 9, "{count}");
    }

    #[test]
    fn neighbouring_digits_swap() {
        let variants = swapped_digits("1234");
        assert_eq!(variants.keys().collect::<Vec<_>>(), ["1234", "1243", "1324", "2134"]);
        assert_eq!((variants["1234"], variants["2134"]), (0, 1));
    }

    proptest::proptest! {
        #[test]
        fn any_single_slip_in_the_first_five_letters_shares_a_key(
            word in "[b-df-hj-np-tv-z]{5,12}", at in 0_usize..5, kind in 0..4, letter in "[bcdfg]",
        ) {
            let mut letters: Vec<char> = word.chars().collect();
            let letter = letter.chars().next().unwrap();
            match kind {
                0 => { letters.remove(at); }
                1 => letters.insert(at, letter),
                2 => letters[at] = letter,
                _ => letters.swap(at, (at + 1).min(word.len() - 1)),
            }
            let typed: String = letters.into_iter().collect();
            // Four letters left are a whole short word; its keys are those of a word of four.
            proptest::prop_assume!(typed.len() >= 5);
            proptest::prop_assert!(shares_a_key(&typed, &word), "{} {}", typed, word);
        }
    }
}
