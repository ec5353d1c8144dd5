//! The assistant and its rules.

use domain::AssistantConversationId;
use domain::assistant::{AssistantAnswer, AssistantConversation, AssistantExchange, RuleFault};
use domain::report_text::{TemplateState, TextLanguage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Deserialize, TS)]
pub struct AssistantAskRequest {
    /// Null begins a conversation.
    pub conversation_id: Option<AssistantConversationId>,
    /// 1 to 2,000 characters.
    pub question: String,
    /// Of the answer: the one that the window speaks.
    pub language: TextLanguage,
}

/// A question with its answer, and the conversation as it is now.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AssistantReply {
    pub conversation: AssistantConversation,
    pub exchange: AssistantExchange,
}

#[derive(Debug, Deserialize, TS)]
pub struct AssistantReadRequest {
    pub id: AssistantConversationId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AssistantConversationView {
    pub conversation: AssistantConversation,
    pub exchanges: Vec<AssistantExchange>,
}

#[derive(Debug, Deserialize, TS)]
pub struct AssistantClearRequest {
    /// Null clears all of one's own.
    pub id: Option<AssistantConversationId>,
}

/// What went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AssistantCleared {
    pub conversations: u32,
    pub questions: u32,
}

/// Every sheet of rules, and what one can be made of.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AssistantSheetsView {
    pub sheets: Vec<AssistantSheetView>,
    pub articles: Vec<String>,
    pub screens: Vec<String>,
    pub figures: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AssistantSheetView {
    pub key: String,
    /// Of the newest edition.
    pub version: u32,
    pub name: String,
    pub state: TemplateState,
    pub source: String,
    /// The program has one of this key, which can be restored.
    pub of_program: bool,
    /// An edition that an earlier program wrote and this one does not understand: it is not used.
    pub unread: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct AssistantSheetSaveRequest {
    /// Null for a new one.
    pub key: Option<String>,
    /// Of the sheet as it was read; 0 for a new one.
    pub version: u32,
    /// 1 to 80 characters.
    pub name: String,
    /// TOML, at most 100,000 characters.
    pub source: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct AssistantSheetRequest {
    pub key: String,
    /// Of the sheet as it was read.
    pub version: u32,
}

#[derive(Deserialize, TS)]
pub struct AssistantTryRequest {
    /// Of the sheet that is tried in the place of the stored one; null for a new one.
    pub key: Option<String>,
    pub source: String,
    /// What would be asked; empty to look for faults alone.
    pub question: String,
    pub language: TextLanguage,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AssistantTrial {
    /// Null while something is wrong, and where nothing was asked.
    pub answer: Option<AssistantAnswer>,
    pub faults: Vec<RuleFault>,
}
