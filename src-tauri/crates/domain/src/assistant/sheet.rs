//! Sheets of rules, as people write them.
//!
//! ```toml
//! [[rule]]
//! name = "melanoma"
//! urgent = true
//! articles = ["melanoma"]
//! words.en = ["melanoma", "skin cancer"]
//! words.de = ["Melanom"]
//! answer.en = """
//! A suspicion of melanoma is settled by histology."""
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use ts_rs::TS;

use crate::report_text::TextLanguage;

use super::answer::Answer;
use super::link::{ARTICLES, AssistantLink, AssistantScreen};
use super::matching::Phrase;

/// Longest sheet, in characters.
pub const LONGEST_SHEET: usize = 100_000;
const MOST_RULES: usize = 200;
const LONGEST_NAME: usize = 40;
const LONGEST_PHRASE: usize = 60;
const LONGEST_ANSWER: usize = 4_000;
const HIGHEST_PRIORITY: i64 = 9;
/// Of a rule that names none.
const USUAL_PRIORITY: u8 = 5;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    #[default]
    Answer,
    /// It is said without the disclaimer.
    Greeting,
    /// What is said when no other rule fits.
    Otherwise,
}

/// What is wrong with a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleFaultKind {
    /// It is no TOML, or has something that a sheet has not; the word is the parser's own.
    BadSyntax,
    /// A name is 1 to 40 of a–z, 0–9, `-` and `_`.
    BadName,
    DuplicateName,
    /// A rule that no message could be about.
    NoWords,
    /// A word without letters or digits, or a very long one.
    BadWord,
    /// A rule without an answer in any language.
    NoAnswer,
    /// All of an answer's lines have figures: it could come out empty.
    MayBeEmpty,
    BadBrace,
    UnknownFigure,
    UnknownArticle,
    UnknownScreen,
    /// A priority is 0 to 9.
    BadPriority,
    /// A sign that cannot be printed.
    BadSign,
    TooLong,
    /// The sheet must have the rule for everything else.
    NoOtherwise,
    /// There is one rule for everything else, without words, and it stands in the sheet for talk.
    OtherwiseMisplaced,
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleFault {
    /// From 1; 0 where the whole is meant.
    pub line: u32,
    pub kind: RuleFaultKind,
    /// What could not be understood; empty where nothing can be quoted.
    pub word: String,
}

/// What a rule says in each language that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers([Option<Answer>; 3]);

impl Answers {
    /// In the language asked for, else in the first that there is.
    pub fn nearest(&self, language: TextLanguage) -> Option<(TextLanguage, &Answer)> {
        let wanted = [language].into_iter().chain(TextLanguage::ALL);
        wanted.filter_map(|one| Some((one, self.0[one as usize].as_ref()?))).next()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub kind: RuleKind,
    pub urgent: bool,
    pub priority: u8,
    pub links: Vec<AssistantLink>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) answers: Answers,
}

impl Rule {
    /// Its answer in the language asked for, else in the first that it has.
    #[must_use]
    pub fn answer(&self, language: TextLanguage) -> Option<(TextLanguage, &Answer)> {
        self.answers.nearest(language)
    }
}

/// A sheet that was read without a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rules: Vec<Rule>,
    /// Ordinary words that are never taken for a mistyped one.
    pub(super) ordinary: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    ordinary: WrittenWords,
    #[serde(default)]
    rule: Vec<WrittenRule>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenWords {
    en: Vec<Spanned<String>>,
    de: Vec<Spanned<String>>,
    es: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenAnswers {
    en: Option<Spanned<String>>,
    de: Option<Spanned<String>>,
    es: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    name: Spanned<String>,
    #[serde(default)]
    kind: RuleKind,
    #[serde(default)]
    urgent: bool,
    priority: Option<Spanned<i64>>,
    #[serde(default)]
    articles: Vec<Spanned<String>>,
    #[serde(default)]
    screens: Vec<Spanned<String>>,
    #[serde(default)]
    words: WrittenWords,
    #[serde(default)]
    answer: WrittenAnswers,
}

impl Sheet {
    /// Reads a sheet. The rule for everything else stands in the sheet for talk and in no other.
    ///
    /// # Errors
    /// Every fault, in the order of the lines; of what is no TOML, the first.
    pub fn read(source: &str, is_talk: bool) -> Result<Self, Vec<RuleFault>> {
        let mut reader = Reader { source, faults: Vec::new() };
        if source.chars().count() > LONGEST_SHEET {
            reader.whole(RuleFaultKind::TooLong);
            return Err(reader.faults);
        }
        let written: Written = match toml::from_str(source) {
            Ok(written) => written,
            Err(error) => {
                let line = error.span().map_or(0, |span| reader.line(span.start));
                let word = error.message().lines().next().unwrap_or_default().to_owned();
                return Err(vec![RuleFault { line, kind: RuleFaultKind::BadSyntax, word }]);
            }
        };
        let sheet = reader.sheet(written, is_talk);
        if reader.faults.is_empty() {
            return Ok(sheet);
        }
        reader.faults.sort_by_key(|fault| fault.line);
        Err(reader.faults)
    }
}

struct Reader<'a> {
    source: &'a str,
    faults: Vec<RuleFault>,
}

impl Reader<'_> {
    /// The line of a place, from 1.
    fn line(&self, at: usize) -> u32 {
        let before = self.source.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    fn whole(&mut self, kind: RuleFaultKind) {
        self.faults.push(RuleFault { line: 0, kind, word: String::new() });
    }

    fn fault(&mut self, at: &Range<usize>, kind: RuleFaultKind, word: &str) {
        let line = self.line(at.start);
        self.faults.push(RuleFault { line, kind, word: word.to_owned() });
    }

    fn sheet(&mut self, written: Written, is_talk: bool) -> Sheet {
        if written.rule.len() > MOST_RULES {
            self.whole(RuleFaultKind::TooLong);
        }
        let ordinary = self.phrases(written.ordinary).into_iter().flat_map(|phrase| phrase.words).collect();
        let mut names = BTreeSet::new();
        let mut rules = Vec::new();
        let mut otherwise = 0;
        for rule in written.rule {
            let at = rule.name.span();
            if !names.insert(rule.name.get_ref().clone()) {
                self.fault(&at, RuleFaultKind::DuplicateName, rule.name.get_ref());
            }
            let rule = self.rule(rule);
            if rule.kind == RuleKind::Otherwise {
                otherwise += 1;
                if !is_talk || otherwise > 1 || !rule.phrases.is_empty() {
                    self.fault(&at, RuleFaultKind::OtherwiseMisplaced, &rule.name);
                }
            } else if rule.phrases.is_empty() {
                self.fault(&at, RuleFaultKind::NoWords, &rule.name);
            }
            rules.push(rule);
        }
        if is_talk && otherwise == 0 {
            self.whole(RuleFaultKind::NoOtherwise);
        }
        Sheet { rules, ordinary }
    }

    fn rule(&mut self, written: WrittenRule) -> Rule {
        let at = written.name.span();
        let name = written.name.into_inner();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
            self.fault(&at, RuleFaultKind::BadName, &name);
        }
        let priority = match &written.priority {
            None => USUAL_PRIORITY,
            Some(number) if (0..=HIGHEST_PRIORITY).contains(number.get_ref()) => {
                u8::try_from(*number.get_ref()).unwrap_or(USUAL_PRIORITY)
            }
            Some(number) => {
                self.fault(&number.span(), RuleFaultKind::BadPriority, &number.get_ref().to_string());
                USUAL_PRIORITY
            }
        };
        let mut links = Vec::new();
        for slug in written.articles {
            if ARTICLES.contains(&slug.get_ref().as_str()) {
                links.push(AssistantLink::Article { slug: slug.into_inner() });
            } else {
                self.fault(&slug.span(), RuleFaultKind::UnknownArticle, slug.get_ref());
            }
        }
        for screen in written.screens {
            match AssistantScreen::named(screen.get_ref()) {
                Some(desk) => links.push(AssistantLink::Screen { desk }),
                None => self.fault(&screen.span(), RuleFaultKind::UnknownScreen, screen.get_ref()),
            }
        }
        let phrases = self.phrases(written.words);
        let answers = [written.answer.en, written.answer.de, written.answer.es];
        if answers.iter().all(Option::is_none) {
            self.fault(&at, RuleFaultKind::NoAnswer, &name);
        }
        let answers = Answers(answers.map(|answer| answer.and_then(|text| self.answer(&text))));
        let (kind, urgent) = (written.kind, written.urgent);
        Rule { name, kind, urgent, priority, links, phrases, answers }
    }

    fn phrases(&mut self, words: WrittenWords) -> Vec<Phrase> {
        let mut phrases: Vec<Phrase> = Vec::new();
        for word in words.en.into_iter().chain(words.de).chain(words.es) {
            let phrase = Phrase::new(word.get_ref());
            if phrase.words.is_empty() || word.get_ref().chars().count() > LONGEST_PHRASE {
                self.fault(&word.span(), RuleFaultKind::BadWord, word.get_ref());
            } else if !phrases.iter().any(|known| known.words == phrase.words) {
                phrases.push(phrase);
            }
        }
        phrases
    }

    fn answer(&mut self, text: &Spanned<String>) -> Option<Answer> {
        let span = text.span();
        if text.get_ref().chars().count() > LONGEST_ANSWER {
            self.fault(&span, RuleFaultKind::TooLong, "");
        }
        match Answer::read(text.get_ref()) {
            Ok(answer) => Some(answer),
            Err(faults) => {
                let written = self.source.get(span.clone()).unwrap_or_default();
                for (kind, word) in faults {
                    let within = if word.is_empty() { 0 } else { written.find(&word).unwrap_or(0) };
                    self.fault(&(span.start + within..span.end), kind, &word);
                }
                None
            }
        }
    }
}
