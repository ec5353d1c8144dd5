//! Conversations with the assistant. Each belongs to one person; for everybody else it is not there.

use domain::assistant::{AssistantAnswer, AssistantConversation, AssistantExchange, MOST_QUESTIONS};
use domain::audit::AuditAction;
use domain::{AssistantConversationId, UserId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, micros};
use crate::store::{Reading, Writing};

/// Characters of the first question that a conversation is listed with.
const TITLE: u32 = 80;

pub(crate) const SCHEMA: &str = "
CREATE TABLE assistant_conversations (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    user_id    TEXT NOT NULL REFERENCES users (id),
    started_at INTEGER NOT NULL
) STRICT;
CREATE INDEX assistant_conversations_by_user ON assistant_conversations (user_id);
CREATE TABLE assistant_exchanges (
    conversation_id TEXT NOT NULL REFERENCES assistant_conversations (id),
    number          INTEGER NOT NULL CHECK (number >= 1),
    question        TEXT NOT NULL CHECK (length(question) BETWEEN 1 AND 2000),
    answer          TEXT NOT NULL CHECK (json_valid(answer)),
    asked_at        INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, number)
) STRICT;
";

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    pub conversations: u32,
    pub questions: u32,
}

/// Adds a question with its answer to a conversation of the actor, or begins one.
///
/// # Errors
/// [`RecordsError::NotFound`] for a conversation that is not the actor's; [`RecordsError::Conflict`] when it is full.
pub fn add(
    tx: &Writing<'_>,
    conversation: Option<AssistantConversationId>,
    question: &str,
    answer: &AssistantAnswer,
) -> Result<(AssistantConversation, AssistantExchange), RecordsError> {
    let user = tx.actor().user;
    let (id, number) = match conversation {
        Some(id) => (id, get(tx, user, id)?.questions + 1),
        None => (begin(tx, user)?, 1),
    };
    if number > MOST_QUESTIONS {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO assistant_exchanges (conversation_id, number, question, answer, asked_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id_text(&id), number, question, text_of(answer), micros(tx.now())])?;
    let details = json!({ "conversation": id, "question": number });
    audit::record(tx, AuditEntry::new(AuditAction::AssistantAsked).with(details))?;
    let exchange = AssistantExchange {
        number,
        question: question.to_owned(),
        answer: answer.clone(),
        asked_at: tx.now(),
    };
    Ok((get(tx, user, id)?, exchange))
}

fn begin(tx: &Writing<'_>, user: UserId) -> Result<AssistantConversationId, RecordsError> {
    let id = AssistantConversationId::fresh();
    tx.connection()
        .prepare_cached("INSERT INTO assistant_conversations (id, user_id, started_at) VALUES (?1, ?2, ?3)")?
        .execute(params![id_text(&id), id_text(&user), micros(tx.now())])?;
    Ok(id)
}

/// Takes conversations of the actor away: one, or all.
///
/// # Errors
/// [`RecordsError::NotFound`] for a conversation that is not the actor's.
pub fn clear(
    tx: &Writing<'_>,
    conversation: Option<AssistantConversationId>,
) -> Result<Cleared, RecordsError> {
    let user = tx.actor().user;
    if let Some(id) = conversation {
        get(tx, user, id)?;
    }
    let ours = params![id_text(&user), conversation.as_ref().map(id_text)];
    let questions = tx
        .connection()
        .prepare_cached(
            "DELETE FROM assistant_exchanges WHERE conversation_id IN
                 (SELECT id FROM assistant_conversations WHERE user_id = ?1 AND (?2 IS NULL OR id = ?2))",
        )?
        .execute(ours)?;
    let conversations = tx
        .connection()
        .prepare_cached("DELETE FROM assistant_conversations WHERE user_id = ?1 AND (?2 IS NULL OR id = ?2)")?
        .execute(ours)?;
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let cleared = Cleared { conversations: count(conversations), questions: count(questions) };
    let details = json!({ "conversations": cleared.conversations, "questions": cleared.questions });
    audit::record(tx, AuditEntry::new(AuditAction::AssistantCleared).with(details))?;
    Ok(cleared)
}

const LISTED: &str = "
    SELECT c.id, c.started_at, count(*) AS questions, max(e.asked_at) AS last_at,
           (SELECT substr(question, 1, ?3) FROM assistant_exchanges
                WHERE conversation_id = c.id ORDER BY number LIMIT 1) AS title
    FROM assistant_conversations AS c JOIN assistant_exchanges AS e ON e.conversation_id = c.id
    WHERE c.user_id = ?1 AND (?2 IS NULL OR c.id = ?2)
    GROUP BY c.id ORDER BY last_at DESC, c.id DESC";

/// The conversations of a person, the newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_user(tx: &Reading<'_>, user: UserId) -> Result<Vec<AssistantConversation>, RecordsError> {
    let mut query = tx.connection().prepare_cached(LISTED)?;
    let none: Option<String> = None;
    let found = query.query_map(params![id_text(&user), none, TITLE], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// # Errors
/// [`RecordsError::NotFound`], also for a conversation of somebody else.
pub fn get(
    tx: &Reading<'_>,
    user: UserId,
    id: AssistantConversationId,
) -> Result<AssistantConversation, RecordsError> {
    let mut query = tx.connection().prepare_cached(LISTED)?;
    Ok(query.query_row(params![id_text(&user), id_text(&id), TITLE], from_row)?)
}

/// The questions of a conversation with their answers, the oldest first.
///
/// # Errors
/// As [`get`].
pub fn exchanges(
    tx: &Reading<'_>,
    user: UserId,
    id: AssistantConversationId,
) -> Result<Vec<AssistantExchange>, RecordsError> {
    get(tx, user, id)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT number, question, answer, asked_at FROM assistant_exchanges
         WHERE conversation_id = ?1 ORDER BY number",
    )?;
    let found = query.query_map([id_text(&id)], exchange)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AssistantConversation> {
    Ok(AssistantConversation {
        id: row.parsed("id")?,
        title: row.text("title")?,
        questions: row.get("questions")?,
        started_at: row.time("started_at")?,
        last_at: row.time("last_at")?,
    })
}

fn exchange(row: &Row<'_>) -> rusqlite::Result<AssistantExchange> {
    Ok(AssistantExchange {
        number: row.get("number")?,
        question: row.text("question")?,
        answer: row.json("answer")?,
        asked_at: row.time("asked_at")?,
    })
}
