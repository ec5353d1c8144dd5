//! The library: articles on diseases of the skin. The program brings some; the clinic changes them and adds its own.
//! Every edition stays. A new version of the program never replaces what the clinic wrote.

mod built_in;
mod editing;
mod searching;

use domain::article::{ArticleContent, ArticleState, slug_of_term};
use domain::impression::TERMS;
use domain::report_text::TextLanguage;
use domain::{Role, UserId};
use jiff::Timestamp;
use records::articles::{self as stored, ArticleEdition};
use records::{Reading, RecordsError};

use crate::commands::Command;
use crate::error::Result;
use crate::names::Names;
use crate::session::Session;
use crate::views::{ArticleLink, ArticleRequest, ArticleRow, ArticleView, LibraryRequest};

pub use editing::{compare, editions, hide, restore, return_to, save};
pub use searching::search;

/// An article as it stands, in one language.
#[derive(Clone)]
pub(crate) struct Standing {
    pub slug: String,
    pub language: TextLanguage,
    pub version: u32,
    pub state: ArticleState,
    pub content: ArticleContent,
    pub of_program: bool,
    /// The program's text is another one than the clinic's text was written beside.
    pub newer_built_in: bool,
    pub author: Option<UserId>,
    pub changed_at: Option<Timestamp>,
}

impl Standing {
    fn of_program(text: &built_in::Text, version: u32) -> Self {
        Self {
            slug: text.slug.to_owned(),
            language: text.language,
            version,
            state: ArticleState::BuiltIn,
            content: text.content.clone(),
            of_program: true,
            newer_built_in: false,
            author: None,
            changed_at: None,
        }
    }

    fn of_clinic(edition: ArticleEdition) -> Self {
        let text = built_in::text(&edition.slug, edition.language);
        Self {
            of_program: text.is_some(),
            newer_built_in: text.is_some_and(|text| text.digest != edition.basis),
            slug: edition.slug,
            language: edition.language,
            version: edition.version,
            state: edition.state,
            content: edition.content,
            author: edition.author,
            changed_at: Some(edition.changed_at),
        }
    }
}

/// Every article in every language: those of the program in its order, then the clinic's.
pub(crate) fn standing(tx: &Reading<'_>) -> std::result::Result<Vec<Standing>, RecordsError> {
    let mut kept = stored::newest(tx)?;
    let mut all: Vec<Standing> = Vec::new();
    for text in built_in::texts() {
        let found =
            kept.iter().position(|edition| edition.slug == text.slug && edition.language == text.language);
        all.push(match found.map(|at| kept.remove(at)) {
            Some(edition) if edition.state == ArticleState::Own => Standing::of_clinic(edition),
            edition => Standing::of_program(text, edition.map_or(1, |edition| edition.version)),
        });
    }
    all.extend(kept.into_iter().map(Standing::of_clinic));
    Ok(all)
}

/// Who changes articles sees hidden ones, too.
fn edits(role: Role) -> bool {
    Command::LibrarySave.access().allows(Some(role))
}

fn seen_by(role: Role) -> impl Fn(&Standing) -> bool {
    move |one| edits(role) || one.state != ArticleState::Hidden
}

/// The articles of a language, by title.
///
/// # Errors
/// `not_permitted`.
pub fn list(session: &Session, request: &LibraryRequest) -> Result<Vec<ArticleRow>> {
    let actor = session.authorise(Command::LibraryList)?;
    let seen = seen_by(actor.role);
    let mut rows: Vec<ArticleRow> = session
        .store()
        .read(standing)?
        .into_iter()
        .filter(|one| one.language == request.language && seen(one))
        .map(|one| ArticleRow {
            slug: one.slug,
            title: one.content.title,
            state: one.state,
            of_program: one.of_program,
            newer_built_in: one.newer_built_in,
        })
        .collect();
    rows.sort_by_cached_key(|row| row.title.to_lowercase());
    Ok(rows)
}

/// An article in the language asked for; where it has none in it, in another one.
///
/// # Errors
/// `not_found`.
pub fn read(session: &Session, request: &ArticleRequest) -> Result<ArticleView> {
    let actor = session.authorise(Command::LibraryArticle)?;
    Ok(session.store().read(|tx| {
        let seen = seen_by(actor.role);
        let mut found: Vec<Standing> =
            standing(tx)?.into_iter().filter(|one| one.slug == request.slug && seen(one)).collect();
        let languages = found.iter().map(|one| one.language).collect();
        let at = found.iter().position(|one| one.language == request.language).unwrap_or(0);
        if found.is_empty() {
            return Err(RecordsError::NotFound);
        }
        view(tx, found.swap_remove(at), languages)
    })?)
}

/// What has an article: classes of a classifier and terms of impressions, by their codes.
///
/// # Errors
/// `not_permitted`.
pub fn links(session: &Session, request: &LibraryRequest) -> Result<Vec<ArticleLink>> {
    session.authorise(Command::LibraryLinks)?;
    let mut all = session.store().read(standing)?;
    all.retain(|one| one.language == request.language && one.state != ArticleState::Hidden);
    let mut links: Vec<ArticleLink> = Vec::new();
    let mut link = |code: &str, article: &Standing| {
        if links.iter().all(|link| link.code != code) {
            let (slug, title) = (article.slug.clone(), article.content.title.clone());
            links.push(ArticleLink { code: code.to_owned(), slug, title });
        }
    };
    for article in &all {
        for class in &article.content.classes {
            link(class, article);
        }
    }
    for term in TERMS {
        let found = all.iter().find(|article| match term.class {
            Some(class) => article.content.classes.iter().any(|code| code == class),
            None => slug_of_term(term.code) == Some(article.slug.as_str()),
        });
        if let Some(article) = found {
            link(term.code, article);
        }
    }
    Ok(links)
}

fn view(
    tx: &Reading<'_>,
    one: Standing,
    languages: Vec<TextLanguage>,
) -> std::result::Result<ArticleView, RecordsError> {
    let author_name = Names::read(tx)?.name_or_none(one.author);
    Ok(ArticleView {
        slug: one.slug,
        language: one.language,
        languages,
        version: one.version,
        state: one.state,
        of_program: one.of_program,
        newer_built_in: one.newer_built_in,
        content: one.content,
        author_name,
        changed_at: one.changed_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_of_the_program_is_told_and_replaces_nothing_of_the_clinic() {
        let text = built_in::text("acne", TextLanguage::En).unwrap();
        let of_clinic = |basis: &str| {
            Standing::of_clinic(ArticleEdition {
                slug: "acne".into(),
                language: TextLanguage::En,
                version: 2,
                state: ArticleState::Own,
                content: ArticleContent { title: "Ours".into(), ..ArticleContent::default() },
                basis: basis.into(),
                author: Some(UserId::fresh()),
                changed_at: Timestamp::UNIX_EPOCH,
            })
        };
        let of_today = of_clinic(&text.digest);
        let of_earlier = of_clinic("the digest of an earlier text");
        assert!(!of_today.newer_built_in && of_earlier.newer_built_in);
        assert_eq!(of_earlier.content.title, "Ours");
    }
}
