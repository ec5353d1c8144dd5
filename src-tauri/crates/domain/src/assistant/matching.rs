//! What a message is about: whole words, without case and accents, a few wrong letters forgiven.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fold::fold;
use crate::spelling::{Typed, plain};

/// A word of this many letters or fewer is not taken for another, except that two neighbours may be swapped.
const SHORT: usize = 4;

/// Words that a rule is found by, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// As they are compared.
    pub words: Vec<String>,
    /// As somebody wrote them.
    written: Vec<String>,
}

impl Phrase {
    pub fn new(text: &str) -> Self {
        let (written, words) = words(text).into_iter().unzip();
        Self { words, written }
    }
}

/// A word that was taken for one of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Understood {
    pub typed: String,
    pub meant: String,
}

/// The words of a text as they were written, and as they are compared.
fn words(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for written in text.split_whitespace() {
        let folded = fold(written);
        let parts: Vec<&str> = folded.split(' ').filter(|part| !part.is_empty()).collect();
        if let [part] = parts.as_slice() {
            let bare = written.trim_matches(|c: char| !c.is_alphanumeric());
            found.push((bare.to_owned(), plain(part)));
        } else {
            found.extend(parts.into_iter().map(|part| (part.to_owned(), plain(part))));
        }
    }
    found
}

/// All words of the rules, and the ordinary ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    of_rules: BTreeSet<String>,
    ordinary: BTreeSet<String>,
}

impl Vocabulary {
    pub fn add(&mut self, phrase: &Phrase) {
        self.of_rules.extend(phrase.words.iter().cloned());
    }

    pub fn add_ordinary(&mut self, words: &[String]) {
        self.ordinary.extend(words.iter().cloned());
    }

    /// The words of the rules that a typed one may stand for, with the letters that are wrong.
    fn near(&self, word: &str) -> BTreeMap<&str, usize> {
        if self.ordinary.contains(word) || word.chars().any(|c| c.is_ascii_digit()) {
            return BTreeMap::new();
        }
        let typed = Typed::new(word);
        let mut found = BTreeMap::new();
        for known in &self.of_rules {
            let letters: Vec<char> = known.chars().collect();
            let Some(off) = typed.letters_off(&letters) else { continue };
            // A short word is hardly ever a mistyped other one: "want" is no wart.
            let is_short = typed.letters().len().min(letters.len()) <= SHORT;
            if !is_short || is_swapped(typed.letters(), &letters) {
                found.insert(known.as_str(), off);
            }
        }
        found
    }
}

fn is_swapped(one: &[char], other: &[char]) -> bool {
    let sorted = |letters: &[char]| {
        let mut letters = letters.to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

/// A message as it is held against the rules.
pub(super) struct Message<'a> {
    words: Vec<Word<'a>>,
}

struct Word<'a> {
    written: String,
    plain: String,
    near: BTreeMap<&'a str, usize>,
}

/// Where a phrase stands in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Wrong letters.
    pub off: usize,
    /// Words of the phrase.
    pub length: usize,
    pub understood: Vec<Understood>,
}

impl<'a> Message<'a> {
    pub fn new(text: &str, vocabulary: &'a Vocabulary) -> Self {
        let words = words(text).into_iter().map(|(written, plain)| {
            let known = vocabulary.of_rules.contains(&plain);
            let near = if known { BTreeMap::new() } else { vocabulary.near(&plain) };
            Word { written, plain, near }
        });
        Self { words: words.collect() }
    }

    /// The best place of a phrase: the one with the fewest wrong letters, then the first.
    pub fn find(&self, phrase: &Phrase) -> Option<Match> {
        let places = self.words.windows(phrase.words.len());
        places.filter_map(|place| held(place, phrase)).min_by_key(|found| found.off)
    }
}

fn held(place: &[Word<'_>], phrase: &Phrase) -> Option<Match> {
    let mut found = Match { off: 0, length: phrase.words.len(), understood: Vec::new() };
    for (word, (wanted, written)) in place.iter().zip(phrase.words.iter().zip(&phrase.written)) {
        if word.plain == *wanted {
            continue;
        }
        found.off += word.near.get(wanted.as_str())?;
        found.understood.push(Understood { typed: word.written.clone(), meant: written.clone() });
    }
    Some(found)
}
