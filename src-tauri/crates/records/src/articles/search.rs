//! Finding articles: every word of the question must begin some word of the article, without regard to case and
//! accents. When few are found that way, words that are nearly what was typed count, too; and when still nothing is,
//! any of the words.

use std::collections::BTreeSet;

use domain::article::{ArticleContent, CodeSystem};
use domain::audit::AuditAction;
use domain::report_text::TextLanguage;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::fold::fold;
use crate::patients::{Word, near_among, words_of};
use crate::row::Columns;
use crate::store::{Reading, Writing};

use super::marking::{Term, terms_of};

/// Words of a question that are looked at, and hits that are answered.
const WORDS: usize = 12;
const HITS: usize = 50;
/// With fewer hits than this, near words count.
const FEW: usize = 3;

/// An article that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub slug: String,
    /// Found although what was typed is a little different.
    pub approximate: bool,
}

/// What a question found, best first, and the words by which it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub terms: Vec<Term>,
}

/// Whether the index holds the program's articles in the form that the stamp stands for.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn in_step(tx: &Reading<'_>, stamp: &str) -> Result<bool, RecordsError> {
    Ok(tx.connection().prepare_cached("SELECT 1 FROM article_index WHERE stamp = ?1")?.exists([stamp])?)
}

/// Makes the index anew of these articles.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn index_all<'a>(
    tx: &Writing<'_>,
    stamp: &str,
    articles: impl IntoIterator<Item = (&'a str, TextLanguage, &'a ArticleContent)>,
) -> Result<(), RecordsError> {
    tx.connection().prepare_cached("DELETE FROM article_search")?.execute([])?;
    let mut count = 0;
    for (slug, language, content) in articles {
        insert(tx, slug, language, content)?;
        count += 1;
    }
    tx.connection()
        .prepare_cached("INSERT OR REPLACE INTO article_index (only_row, stamp) VALUES (1, ?1)")?
        .execute([stamp])?;
    audit::record(tx, AuditEntry::new(AuditAction::LibraryIndexed).with(json!({ "count": count })))?;
    Ok(())
}

/// Enters an article, or renews it.
///
/// # Errors
/// As [`index_all`].
pub fn enter(
    tx: &Writing<'_>,
    slug: &str,
    language: TextLanguage,
    content: &ArticleContent,
) -> Result<(), RecordsError> {
    withdraw(tx, slug, language)?;
    insert(tx, slug, language, content)
}

/// Takes an article out of the index.
///
/// # Errors
/// As [`index_all`].
pub fn withdraw(tx: &Writing<'_>, slug: &str, language: TextLanguage) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached("DELETE FROM article_search WHERE slug = ?1 AND language = ?2")?
        .execute([slug, language.code()])?;
    Ok(())
}

fn insert(
    tx: &Writing<'_>,
    slug: &str,
    language: TextLanguage,
    content: &ArticleContent,
) -> Result<(), RecordsError> {
    let codes = content.codes.iter().map(|one| match one.system {
        // "L57.0" is typed in one piece.
        CodeSystem::Icd10 => format!("{} {}", one.code, one.code.replace('.', "")),
        CodeSystem::SnomedCt => one.code.clone(),
    });
    let names: Vec<String> =
        content.synonyms.iter().cloned().chain(codes).chain(content.classes.clone()).collect();
    let sections = content.sections.iter().map(|one| one.text.as_str());
    let body: Vec<&str> = sections.chain(content.sources.iter().map(String::as_str)).collect();
    tx.connection()
        .prepare_cached(
            "INSERT INTO article_search (slug, language, title, names, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            slug,
            language.code(),
            fold(&content.title),
            fold(&names.join(" ")),
            fold(&body.join(" ")),
        ])?;
    Ok(())
}

/// Finds articles of a language.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn find(tx: &Reading<'_>, language: TextLanguage, question: &str) -> Result<Found, RecordsError> {
    let mut words = words_of(question);
    words.truncate(WORDS);
    if words.is_empty() {
        return Ok(Found::default());
    }
    let mut terms: Vec<Term> = words.iter().flat_map(|word| terms_of(&word.text)).collect();
    let expressions: Vec<String> = words.iter().map(Word::expression).collect();
    let mut slugs = matching(tx, language, &expressions.join(" AND "))?;
    let exact = slugs.len();
    if exact < FEW {
        let forgiving = forgiving(tx, language, &words)?;
        let wider: Vec<String> = expressions
            .iter()
            .zip(&forgiving)
            .map(|(expression, near)| {
                let near = near.iter().map(|word| format!("\"{word}\""));
                let all: Vec<String> = std::iter::once(expression.clone()).chain(near).collect();
                format!("({})", all.join(" OR "))
            })
            .collect();
        let more = matching(tx, language, &wider.join(" AND "))?;
        if more.len() > exact {
            terms.extend(forgiving.into_iter().flatten().map(Term::whole));
        }
        add_new(&mut slugs, more);
    }
    if slugs.is_empty() && expressions.len() > 1 {
        let any = matching(tx, language, &expressions.join(" OR "))?;
        add_new(&mut slugs, any);
    }
    let hits = slugs.into_iter().take(HITS).enumerate();
    let hits = hits.map(|(at, slug)| Hit { slug, approximate: at >= exact }).collect();
    Ok(Found { hits, terms })
}

fn add_new(slugs: &mut Vec<String>, more: Vec<String>) {
    for slug in more {
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
}

/// Articles that are called so come before those whose text says it.
fn matching(tx: &Reading<'_>, language: TextLanguage, expression: &str) -> Result<Vec<String>, RecordsError> {
    let mut found = weighed(tx, language, &format!("{{title names}} : ({expression})"))?;
    add_new(&mut found, weighed(tx, language, expression)?);
    Ok(found)
}

/// A word of the title weighs more than one of the other names, and both more than the text.
fn weighed(tx: &Reading<'_>, language: TextLanguage, expression: &str) -> Result<Vec<String>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT slug FROM article_search WHERE article_search MATCH ?1 AND language = ?2
         ORDER BY bm25(article_search, 0, 0, 12, 8, 1), slug",
    )?;
    let found = query
        .query_map(params![expression, language.code()], |row| row.text("slug"))?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

/// For every word of the question, the words of the language's articles that are nearly it.
fn forgiving(
    tx: &Reading<'_>,
    language: TextLanguage,
    words: &[Word],
) -> Result<Vec<Vec<String>>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT title || ' ' || names || ' ' || body AS words FROM article_search WHERE language = ?1",
    )?;
    let mut vocabulary = BTreeSet::new();
    for text in query.query_map([language.code()], |row| row.text("words"))? {
        vocabulary.extend(text?.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
    }
    let near = words.iter().map(|word| {
        if word.text.bytes().any(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let near = near_among(&word.text, vocabulary.iter().cloned());
        let nearest = near.first().map(|near| near.distance);
        // Words farther off would bring articles in whose title they stand before the one that was meant.
        near.into_iter().take_while(|near| Some(near.distance) == nearest).map(|near| near.word).collect()
    });
    Ok(near.collect())
}
