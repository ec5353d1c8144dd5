//! Changing articles: every change is an edition of its own, and whatever stood before can be read and taken up again.

use domain::article::{ArticleContent, ArticleState, difference};
use domain::problem::{FieldProblem, ProblemCode};
use domain::report_text::TextLanguage;
use records::articles::{self as stored, ArticleEdition};
use records::{Reading, RecordsError, Writing};
use uuid::Uuid;

use super::{Standing, built_in, standing, view};
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::names::Names;
use crate::session::Session;
use crate::views::{
    ArticleCompareRequest, ArticleDifference, ArticleEditionRow, ArticleHideRequest, ArticleRequest,
    ArticleReturnRequest, ArticleSaveRequest, ArticleVersionRequest, ArticleView,
};

/// Articles that the clinic has beside those of the program, in all languages together.
const MOST_OWN: usize = 600;

/// Keeps a text as the newest edition of an article, adds a language to one, or adds an article.
///
/// # Errors
/// `invalid_input` with the fields; `conflict` when it was changed since it was read; `not_found`.
pub fn save(session: &Session, request: &ArticleSaveRequest) -> Result<ArticleView> {
    let actor = session.authorise(Command::LibrarySave)?;
    let content = request.content.tidied();
    content.check()?;
    Ok(session.store().write(&actor, |tx| {
        let all = standing(tx)?;
        let slug = request.slug.clone().unwrap_or_else(|| Uuid::now_v7().to_string());
        let here = all.iter().find(|one| one.slug == slug && one.language == request.language);
        let Some(before) = here else {
            let known = request.slug.is_none() || all.iter().any(|one| one.slug == slug);
            return if !known {
                Err(RecordsError::NotFound)
            } else if request.version != 0 || all.len() >= built_in::texts().len() + MOST_OWN {
                Err(RecordsError::Conflict)
            } else {
                keep(tx, edition(tx, &slug, request.language, 1, content, String::new()))
            };
        };
        if before.version != request.version {
            return Err(RecordsError::Conflict);
        }
        let basis = if request.built_in_seen || before.state == ArticleState::BuiltIn {
            built_in::text(&slug, request.language).map_or_else(String::new, |text| text.digest.clone())
        } else {
            basis_of(tx, before)?
        };
        let version = with_program_text(tx, before)? + 1;
        keep(tx, edition(tx, &slug, request.language, version, content, basis))
    })?)
}

/// Goes back to the text of the program.
///
/// # Errors
/// `not_found` for an article that the program has not; `conflict` when it was changed since it was read.
pub fn restore(session: &Session, request: &ArticleVersionRequest) -> Result<ArticleView> {
    let actor = session.authorise(Command::LibraryRestore)?;
    let text = built_in::text(&request.slug, request.language).ok_or(ErrorCode::NotFound)?;
    Ok(session.store().write(&actor, |tx| {
        let before = at_version(tx, &request.slug, request.language, request.version)?;
        if before.state == ArticleState::BuiltIn {
            return Err(RecordsError::Conflict);
        }
        let version = before.version + 1;
        let content = text.content.clone();
        let again = edition(tx, text.slug, text.language, version, content, text.digest.clone());
        keep(tx, ArticleEdition { state: ArticleState::BuiltIn, ..again })
    })?)
}

/// Takes an earlier edition up again, as the newest one.
///
/// # Errors
/// `not_found` for an edition that is not there; `conflict` when the article was changed since it was read.
pub fn return_to(session: &Session, request: &ArticleReturnRequest) -> Result<ArticleView> {
    let actor = session.authorise(Command::LibraryReturn)?;
    Ok(session.store().write(&actor, |tx| {
        let before = at_version(tx, &request.slug, request.language, request.version)?;
        let earlier = one_edition(tx, &request.slug, request.language, request.to)?;
        let version = with_program_text(tx, &before)? + 1;
        keep(tx, edition(tx, &request.slug, request.language, version, earlier.content, earlier.basis))
    })?)
}

/// Shows an article of the clinic to nobody who only reads, or shows it again.
///
/// # Errors
/// `invalid_input` (`slug`) for one of the program; otherwise as [`restore`].
pub fn hide(session: &Session, request: &ArticleHideRequest) -> Result<ArticleView> {
    let actor = session.authorise(Command::LibraryHide)?;
    if built_in::text(&request.slug, request.language).is_some() {
        return Err(vec![FieldProblem::new("slug", ProblemCode::NotAllowed)].into());
    }
    Ok(session.store().write(&actor, |tx| {
        let before = at_version(tx, &request.slug, request.language, request.version)?;
        let state = if request.hidden { ArticleState::Hidden } else { ArticleState::Own };
        if before.state == state {
            return Err(RecordsError::Conflict);
        }
        let version = before.version + 1;
        let again = edition(tx, &request.slug, request.language, version, before.content, String::new());
        keep(tx, ArticleEdition { state, ..again })
    })?)
}

/// Every edition of an article, newest first. One that nobody changed has the program's text alone.
///
/// # Errors
/// `not_found`.
pub fn editions(session: &Session, request: &ArticleRequest) -> Result<Vec<ArticleEditionRow>> {
    session.authorise(Command::LibraryEditions)?;
    Ok(session.store().read(|tx| {
        let names = Names::read(tx)?;
        let kept = all_editions(tx, &request.slug, request.language)?;
        let rows = kept.into_iter().map(|one| ArticleEditionRow {
            version: one.version,
            state: one.state,
            title: one.content.title,
            changed_at: one.author.map(|_| one.changed_at),
            author_name: names.name_or_none(one.author),
        });
        Ok(rows.collect())
    })?)
}

/// What was changed from one edition to another, or to the text of the program.
///
/// # Errors
/// `not_found`.
pub fn compare(session: &Session, request: &ArticleCompareRequest) -> Result<ArticleDifference> {
    session.authorise(Command::LibraryCompare)?;
    let of_program = || built_in::text(&request.slug, request.language).map(|text| text.content.clone());
    Ok(session.store().read(|tx| {
        let from = one_edition(tx, &request.slug, request.language, request.from)?.content;
        let to = match request.to {
            Some(version) => one_edition(tx, &request.slug, request.language, version)?.content,
            None => of_program().ok_or(RecordsError::NotFound)?,
        };
        Ok(ArticleDifference { lines: difference(&from.lines(), &to.lines()) })
    })?)
}

fn edition(
    tx: &Writing<'_>,
    slug: &str,
    language: TextLanguage,
    version: u32,
    content: ArticleContent,
    basis: String,
) -> ArticleEdition {
    let (author, changed_at) = (Some(tx.actor().user), tx.now());
    ArticleEdition {
        slug: slug.to_owned(),
        language,
        version,
        state: ArticleState::Own,
        content,
        basis,
        author,
        changed_at,
    }
}

/// Adds an edition, brings the search in step, and answers the article as it stands.
fn keep(tx: &Writing<'_>, edition: ArticleEdition) -> std::result::Result<ArticleView, RecordsError> {
    stored::add(tx, &edition)?;
    if edition.state == ArticleState::Hidden {
        stored::withdraw(tx, &edition.slug, edition.language)?;
    } else {
        stored::enter(tx, &edition.slug, edition.language, &edition.content)?;
    }
    let all: Vec<Standing> = standing(tx)?.into_iter().filter(|one| one.slug == edition.slug).collect();
    let languages = all.iter().map(|one| one.language).collect();
    let found = all.into_iter().find(|one| one.language == edition.language).ok_or(RecordsError::NotFound)?;
    view(tx, found, languages)
}

/// The version of an article's newest edition, after the program's text was kept beside the clinic's editions where
/// it stands and they do not hold it: once it is changed, it could not be read any more.
fn with_program_text(tx: &Writing<'_>, before: &Standing) -> std::result::Result<u32, RecordsError> {
    let Some(text) = built_in::text(&before.slug, before.language) else { return Ok(before.version) };
    let newest = stored::editions(tx, &before.slug, before.language)?.into_iter().next();
    if before.state != ArticleState::BuiltIn || newest.as_ref().is_some_and(|one| one.basis == text.digest) {
        return Ok(before.version);
    }
    let version = newest.map_or(1, |one| one.version + 1);
    let (content, basis) = (text.content.clone(), text.digest.clone());
    let own = edition(tx, &before.slug, before.language, version, content, basis);
    stored::add(tx, &ArticleEdition { state: ArticleState::BuiltIn, author: None, ..own })?;
    Ok(version)
}

fn at_version(
    tx: &Reading<'_>,
    slug: &str,
    language: TextLanguage,
    version: u32,
) -> std::result::Result<Standing, RecordsError> {
    let mut all = standing(tx)?.into_iter();
    let found = all.find(|one| one.slug == slug && one.language == language).ok_or(RecordsError::NotFound)?;
    if found.version == version { Ok(found) } else { Err(RecordsError::Conflict) }
}

fn basis_of(tx: &Reading<'_>, before: &Standing) -> std::result::Result<String, RecordsError> {
    let newest = stored::editions(tx, &before.slug, before.language)?.into_iter().next();
    Ok(newest.map_or_else(String::new, |one| one.basis))
}

fn one_edition(
    tx: &Reading<'_>,
    slug: &str,
    language: TextLanguage,
    version: u32,
) -> std::result::Result<ArticleEdition, RecordsError> {
    let mut all = all_editions(tx, slug, language)?.into_iter();
    all.find(|one| one.version == version).ok_or(RecordsError::NotFound)
}

/// The editions that are kept; for an article that was never changed, the program's text as its first.
fn all_editions(
    tx: &Reading<'_>,
    slug: &str,
    language: TextLanguage,
) -> std::result::Result<Vec<ArticleEdition>, RecordsError> {
    let kept = stored::editions(tx, slug, language)?;
    if !kept.is_empty() {
        return Ok(kept);
    }
    let text = built_in::text(slug, language).ok_or(RecordsError::NotFound)?;
    Ok(vec![ArticleEdition {
        slug: slug.to_owned(),
        language,
        version: 1,
        state: ArticleState::BuiltIn,
        content: text.content.clone(),
        basis: text.digest.clone(),
        author: None,
        changed_at: jiff::Timestamp::UNIX_EPOCH,
    }])
}
