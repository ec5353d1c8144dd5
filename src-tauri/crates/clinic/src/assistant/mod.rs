//! The assistant: answers by rules, kept in conversations that are their owner's alone. Nothing that is asked reaches a
//! log or the audit trail.

mod figures;
pub mod sheets;

use domain::assistant::{AssistantConversation, LONGEST_QUESTION, MOST_QUESTIONS};
use domain::problem::{FieldProblem, ProblemCode, Problems};
use records::{RecordsError, assistant as stored};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{
    AssistantAskRequest, AssistantClearRequest, AssistantCleared, AssistantConversationView,
    AssistantReadRequest, AssistantReply,
};

use figures::Figures;

/// Answers a question and keeps both.
///
/// # Errors
/// `invalid_input` (`question`) when it is empty, longer than 2,000 characters, or has signs that cannot be shown, and
/// (`conversation_id`) when the conversation is full; `not_found` for a conversation of somebody else.
pub fn ask(session: &Session, request: &AssistantAskRequest) -> Result<AssistantReply> {
    let actor = session.authorise(Command::AssistantAsk)?;
    let question = request.question.replace("\r\n", "\n");
    let question = question.trim();
    let mut problems = Problems::default();
    problems.required_text("question", question, LONGEST_QUESTION);
    problems.into_result()?;
    let (book, figures) = session.store().read(|tx| Ok((sheets::book(tx)?, Figures::read(tx)?)))?;
    let answer = book
        .find(question)
        .and_then(|found| {
            found.answer(request.language, actor.role, |one, language| {
                figures.say(one, language, session.office())
            })
        })
        .ok_or(ErrorCode::RecordDamaged)?;
    let added =
        session.store().write(&actor, |tx| stored::add(tx, request.conversation_id, question, &answer));
    let (conversation, exchange) = added.map_err(|error| match error {
        RecordsError::Conflict => full(),
        other => other.into(),
    })?;
    Ok(AssistantReply { conversation, exchange })
}

fn full() -> Error {
    vec![FieldProblem::with_limit("conversation_id", ProblemCode::TooLong, MOST_QUESTIONS)].into()
}

/// One's own conversations, the newest first.
///
/// # Errors
/// `not_permitted`.
pub fn conversations(session: &Session) -> Result<Vec<AssistantConversation>> {
    let actor = session.authorise(Command::AssistantList)?;
    Ok(session.store().read(|tx| stored::of_user(tx, actor.user))?)
}

/// One's own conversation with all that was said.
///
/// # Errors
/// `not_found`, also for a conversation of somebody else.
pub fn read(session: &Session, request: &AssistantReadRequest) -> Result<AssistantConversationView> {
    let actor = session.authorise(Command::AssistantRead)?;
    Ok(session.store().read(|tx| {
        let conversation = stored::get(tx, actor.user, request.id)?;
        let exchanges = stored::exchanges(tx, actor.user, request.id)?;
        Ok(AssistantConversationView { conversation, exchanges })
    })?)
}

/// Takes one of one's own conversations away, or all, and tells how much went.
///
/// # Errors
/// `not_found`, also for a conversation of somebody else.
pub fn clear(session: &Session, request: &AssistantClearRequest) -> Result<AssistantCleared> {
    let actor = session.authorise(Command::AssistantClear)?;
    let cleared = session.store().write(&actor, |tx| stored::clear(tx, request.id))?;
    Ok(AssistantCleared { conversations: cleared.conversations, questions: cleared.questions })
}
