//! Finding articles by what is written in them.

use std::collections::HashMap;

use domain::article::{ArticleState, LONGEST_QUESTION};
use domain::problem::Problems;
use records::articles::{Found, extract, find, in_step, index_all, marked};

use super::{Standing, built_in, standing};
use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{ArticleExtract, ArticleHit, LibrarySearchRequest};

/// Extracts beside a hit.
const EXTRACTS: usize = 2;

/// The articles of a language that a question finds, best first, with the places it found.
///
/// # Errors
/// `invalid_input` (`text`).
pub fn search(session: &Session, request: &LibrarySearchRequest) -> Result<Vec<ArticleHit>> {
    let actor = session.authorise(Command::LibrarySearch)?;
    let mut problems = Problems::default();
    problems.text("text", &request.text, LONGEST_QUESTION);
    problems.into_result()?;
    let stamp = built_in::stamp();
    if !session.store().read(|tx| in_step(tx, &stamp))? {
        session.store().write(&actor, |tx| {
            let all = standing(tx)?;
            let shown = all.iter().filter(|one| one.state != ArticleState::Hidden);
            index_all(tx, &stamp, shown.map(|one| (one.slug.as_str(), one.language, &one.content)))
        })?;
    }
    let (found, all) =
        session.store().read(|tx| Ok((find(tx, request.language, &request.text)?, standing(tx)?)))?;
    let articles: HashMap<&str, &Standing> = all
        .iter()
        .filter(|one| one.language == request.language)
        .map(|one| (one.slug.as_str(), one))
        .collect();
    let hits = found.hits.iter().filter_map(|hit| {
        let article = *articles.get(hit.slug.as_str())?;
        Some(ArticleHit {
            slug: hit.slug.clone(),
            title: marked(&article.content.title, &found.terms),
            approximate: hit.approximate,
            extracts: extracts(article, &found),
        })
    });
    Ok(hits.collect())
}

fn extracts(article: &Standing, found: &Found) -> Vec<ArticleExtract> {
    let names = article.content.synonyms.join(", ");
    let named = extract(&names, &found.terms).map(|pieces| ArticleExtract { section: None, pieces });
    let within = article.content.sections.iter().filter_map(|one| {
        let pieces = extract(&one.text, &found.terms)?;
        Some(ArticleExtract { section: Some(one.section), pieces })
    });
    named.into_iter().chain(within).take(EXTRACTS).collect()
}
