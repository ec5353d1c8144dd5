//! The sheets in use, and the rule that a message is about.

use std::cmp::Reverse;

use super::answer::Figure;
use super::link::AssistantLink;
use super::matching::{Match, Message, Vocabulary};
use super::sheet::{Rule, RuleKind, Sheet};
use super::{AssistantAnswer, Understood};
use crate::report_text::TextLanguage;
use crate::role::Role;

/// What else a message spoke of is told up to this many links.
const MOST_ALSO: usize = 4;

/// Every rule in use.
#[derive(Clone, Debug)]
pub struct RuleBook {
    sheets: Vec<(String, Sheet)>,
    vocabulary: Vocabulary,
}

/// The rule that a message is about.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    pub sheet: &'a str,
    pub rule: &'a Rule,
    pub understood: Vec<Understood>,
    also: Vec<&'a Rule>,
}

impl RuleBook {
    /// The sheets with their keys, in the order in which their rules count.
    #[must_use]
    pub fn new(sheets: Vec<(String, Sheet)>) -> Self {
        let mut vocabulary = Vocabulary::default();
        for (_, sheet) in &sheets {
            vocabulary.add_ordinary(&sheet.ordinary);
            sheet.rules.iter().flat_map(|rule| &rule.phrases).for_each(|phrase| vocabulary.add(phrase));
        }
        Self { sheets, vocabulary }
    }

    /// The rule that a message is about: an urgent one before all others, then the higher priority, then the one
    /// that was typed without a mistake, then the longer phrase, then the earlier rule. Where none fits, the rule for
    /// everything else; nothing in a book without one.
    #[must_use]
    pub fn find(&self, message: &str) -> Option<Found<'_>> {
        let message = Message::new(message, &self.vocabulary);
        let mut fitting: Vec<(&str, &Rule, Match)> = Vec::new();
        for (key, rule) in self.rules() {
            let places = rule.phrases.iter().filter_map(|phrase| message.find(phrase));
            if let Some(best) = places.min_by_key(|found| (found.off, Reverse(found.length))) {
                fitting.push((key, rule, best));
            }
        }
        fitting.sort_by_key(|(_, rule, found)| {
            (Reverse(rule.urgent), Reverse(rule.priority), found.off, Reverse(found.length))
        });
        let mut fitting = fitting.into_iter();
        let Some((sheet, rule, best)) = fitting.next() else { return self.otherwise() };
        let also = fitting.filter(|(_, _, found)| found.off == 0).map(|(_, rule, _)| rule).collect();
        Some(Found { sheet, rule, understood: best.understood, also })
    }

    fn otherwise(&self) -> Option<Found<'_>> {
        let (sheet, rule) = self.rules().find(|(_, rule)| rule.kind == RuleKind::Otherwise)?;
        Some(Found { sheet, rule, understood: Vec::new(), also: Vec::new() })
    }

    fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.sheets.iter().flat_map(|(key, sheet)| sheet.rules.iter().map(move |rule| (key.as_str(), rule)))
    }
}

impl Found<'_> {
    /// The answer, with the figures that `known` finds in the language of the words, and links that `role` may follow.
    pub fn answer(
        &self,
        language: TextLanguage,
        role: Role,
        mut known: impl FnMut(Figure, TextLanguage) -> Option<String>,
    ) -> Option<AssistantAnswer> {
        let (language, answer) = self.rule.answer(language)?;
        let is_open = |link: &&AssistantLink| match link {
            AssistantLink::Article { .. } => true,
            AssistantLink::Screen { desk } => desk.is_open_to(role),
        };
        let links: Vec<AssistantLink> = self.rule.links.iter().filter(is_open).cloned().collect();
        let mut also: Vec<AssistantLink> = Vec::new();
        for link in self.also.iter().flat_map(|rule| rule.links.iter()).filter(is_open) {
            if !links.contains(link) && !also.contains(link) && also.len() < MOST_ALSO {
                also.push(link.clone());
            }
        }
        Some(AssistantAnswer {
            text: answer.write(|figure| known(figure, language)),
            language,
            sheet: self.sheet.to_owned(),
            rule: self.rule.name.clone(),
            urgent: self.rule.urgent,
            disclaimer: self.rule.kind != RuleKind::Greeting,
            understood: self.understood.clone(),
            links,
            also,
        })
    }
}
