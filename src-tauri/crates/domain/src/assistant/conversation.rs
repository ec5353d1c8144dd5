//! Questions of one person, and what was answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::AssistantConversationId;
use crate::report_text::TextLanguage;

use super::{AssistantLink, Understood};

/// What was answered, word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssistantAnswer {
    pub text: String,
    /// Of the text, which has the window's language where the rule has an answer in it.
    pub language: TextLanguage,
    /// Key of the sheet that the rule stands in.
    pub sheet: String,
    pub rule: String,
    pub urgent: bool,
    /// The window says beside it that this is decision support and no diagnosis.
    pub disclaimer: bool,
    /// Words that were taken for others of the rules.
    pub understood: Vec<Understood>,
    pub links: Vec<AssistantLink>,
    /// What else the message spoke of.
    pub also: Vec<AssistantLink>,
}

/// Questions one after the other, of one person and for nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssistantConversation {
    pub id: AssistantConversationId,
    /// The beginning of its first question.
    pub title: String,
    pub questions: u32,
    #[ts(type = "string")]
    pub started_at: Timestamp,
    #[ts(type = "string")]
    pub last_at: Timestamp,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssistantExchange {
    /// From 1.
    pub number: u32,
    pub question: String,
    pub answer: AssistantAnswer,
    #[ts(type = "string")]
    pub asked_at: Timestamp,
}
