//! Templates: what they look like, what is wrong with them, what they say of a reading.
//!
//! ```text
//! # A remark.
//! [gate: confident | uncertain; band: not benign]
//! The reading ranks {class} first ({probability}).
//! This is another sentence of the same paragraph.
//!
//! [always]
//! After an empty line a new paragraph begins.
//! ```
//!
//! Each line is a sentence. It is said when every condition of the head above it holds, and left out when one of
//! its placeholders stands for nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::report::LONGEST_TEXT;

use super::TextLanguage;
use super::condition::{Condition, Topic};
use super::facts::TextFacts;
use super::placeholder::Placeholder;

/// Longest template of one language, in characters.
pub const LONGEST_TEMPLATE: usize = 12_000;
const LONGEST_SENTENCE: usize = 1_000;

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A head that is not closed, or a condition without its colon.
    BadHead,
    /// No topic of this name.
    UnknownCondition,
    /// The topic has no such word.
    UnknownWord,
    UnknownPlaceholder,
    /// A brace without its other half.
    BadBrace,
    /// A sign that cannot be printed.
    BadSign,
    /// No sentence is said whatever the reading is: the text could come out empty.
    MayBeEmpty,
    TooLong,
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateFault {
    /// From 1; 0 where the whole is meant.
    pub line: u32,
    pub kind: FaultKind,
    /// What could not be understood; empty where nothing can be quoted.
    pub word: String,
}

/// A template that was read without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// The end of a paragraph.
    Break,
    Sentence {
        conditions: Vec<Condition>,
        pieces: Vec<Piece>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Figure(Placeholder),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Every fault, in the order of the lines.
    pub fn read(source: &str) -> Result<Self, Vec<TemplateFault>> {
        let mut reader = Reader::default();
        if source.chars().count() > LONGEST_TEMPLATE {
            reader.fault(0, FaultKind::TooLong, "");
        }
        for (at, line) in source.lines().enumerate() {
            reader.line(u32::try_from(at + 1).unwrap_or(u32::MAX), line.trim());
        }
        let always = |line: &Line| match line {
            Line::Sentence { conditions, pieces } => {
                conditions.is_empty() && pieces.iter().all(|piece| matches!(piece, Piece::Words(_)))
            }
            Line::Break => false,
        };
        if reader.faults.is_empty() && !reader.lines.iter().any(always) {
            reader.fault(0, FaultKind::MayBeEmpty, "");
        }
        if reader.faults.is_empty() { Ok(Self { lines: reader.lines }) } else { Err(reader.faults) }
    }

    /// What it says of a reading: never empty, at most as long as a conclusion. A sentence for which there is no
    /// room is left out.
    #[must_use]
    pub fn write(&self, facts: &TextFacts, language: TextLanguage) -> String {
        let mut text = String::new();
        let mut length = 0;
        let mut gap = "";
        for line in &self.lines {
            let Line::Sentence { conditions, pieces } = line else {
                if !text.is_empty() {
                    gap = "\n\n";
                }
                continue;
            };
            if !conditions.iter().all(|condition| condition.holds(facts)) {
                continue;
            }
            let Some(sentence) = spoken(pieces, facts, language) else { continue };
            let longer = length + gap.len() + sentence.chars().count();
            if longer > LONGEST_TEXT {
                continue;
            }
            length = longer;
            text += gap;
            text += &sentence;
            gap = " ";
        }
        text
    }
}

/// A sentence with its figures; nothing when one of them is not known.
fn spoken(pieces: &[Piece], facts: &TextFacts, language: TextLanguage) -> Option<String> {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => Some(words.clone()),
            Piece::Figure(placeholder) => placeholder.say(facts, language),
        })
        .collect()
}

#[derive(Default)]
struct Reader {
    /// Of the head that was read last.
    conditions: Vec<Condition>,
    lines: Vec<Line>,
    faults: Vec<TemplateFault>,
}

impl Reader {
    fn fault(&mut self, line: u32, kind: FaultKind, word: &str) {
        self.faults.push(TemplateFault { line, kind, word: word.to_owned() });
    }

    fn line(&mut self, at: u32, line: &str) {
        if line.is_empty() {
            self.lines.push(Line::Break);
        } else if let Some(head) = line.strip_prefix('[') {
            self.conditions.clear();
            match head.strip_suffix(']') {
                Some(head) => self.head(at, head.trim()),
                None => self.fault(at, FaultKind::BadHead, line),
            }
        } else if !line.starts_with('#') {
            self.sentence(at, line);
        }
    }

    fn head(&mut self, at: u32, head: &str) {
        if head == "always" {
            return;
        }
        for said in head.split(';').map(str::trim) {
            let Some((name, words)) = said.split_once(':') else {
                self.fault(at, FaultKind::BadHead, said);
                continue;
            };
            let Some(topic) = Topic::named(name.trim()) else {
                self.fault(at, FaultKind::UnknownCondition, name.trim());
                continue;
            };
            let words = words.trim();
            let (not, words) = words.strip_prefix("not ").map_or((false, words), |rest| (true, rest));
            let known = topic.words();
            let mut named = Vec::new();
            for word in words.split('|').map(str::trim) {
                match known.iter().find(|known| **known == word) {
                    Some(found) => named.push(*found),
                    None => self.fault(at, FaultKind::UnknownWord, word),
                }
            }
            self.conditions.push(Condition { topic, not, words: named });
        }
    }

    fn sentence(&mut self, at: u32, line: &str) {
        if line.chars().any(char::is_control) {
            self.fault(at, FaultKind::BadSign, "");
        }
        if line.chars().count() > LONGEST_SENTENCE {
            self.fault(at, FaultKind::TooLong, "");
        }
        let mut pieces = Vec::new();
        let mut rest = line;
        while let Some(open) = rest.find(['{', '}']) {
            let (words, from) = rest.split_at(open);
            let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
                return self.fault(at, FaultKind::BadBrace, from);
            };
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            match Placeholder::named(name.trim()) {
                Some(placeholder) => pieces.push(Piece::Figure(placeholder)),
                None => self.fault(at, FaultKind::UnknownPlaceholder, name.trim()),
            }
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        self.lines.push(Line::Sentence { conditions: self.conditions.clone(), pieces });
    }
}
