//! The assistant: questions answered by rules, without a network and always in the same way.
//!
//! The rules are sheets in TOML ([`Sheet`]); those of the program are [`BUILT_IN`]. A [`RuleBook`] holds the sheets in
//! use and finds the rule that a message is about. Nothing here is told of a patient.

mod answer;
mod book;
mod built_in;
mod conversation;
mod link;
mod matching;
mod sheet;

pub use answer::{Answer, Figure};
pub use book::{Found, RuleBook};
pub use built_in::{BUILT_IN, BuiltInSheet, TALK, built_in};
pub use conversation::{AssistantAnswer, AssistantConversation, AssistantExchange};
pub use link::{ARTICLES, AssistantLink, AssistantScreen};
pub use matching::Understood;
pub use sheet::{LONGEST_SHEET, Rule, RuleFault, RuleFaultKind, RuleKind, Sheet};

/// Longest question, in characters.
pub const LONGEST_QUESTION: usize = 2_000;
/// Questions of one conversation.
pub const MOST_QUESTIONS: u32 = 200;

#[cfg(test)]
mod tests;
