//! The library of articles.

use domain::article::{ArticleContent, ArticleSection, ArticleState, DiffLine, TextPiece};
use domain::report_text::TextLanguage;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct LibraryRequest {
    pub language: TextLanguage,
}

#[derive(Debug, Deserialize, TS)]
pub struct LibrarySearchRequest {
    pub language: TextLanguage,
    /// At most 200 characters.
    pub text: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleRequest {
    pub slug: String,
    pub language: TextLanguage,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleRow {
    pub slug: String,
    pub title: String,
    pub state: ArticleState,
    /// The program has one of this name, which can be restored.
    pub of_program: bool,
    /// The program's text is another one than the clinic's was written beside.
    pub newer_built_in: bool,
}

/// An article that a question found. Its pieces are plain text.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleHit {
    pub slug: String,
    pub title: Vec<TextPiece>,
    /// Found although what was typed is a little different.
    pub approximate: bool,
    pub extracts: Vec<ArticleExtract>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleExtract {
    /// Null for the article's other names.
    pub section: Option<ArticleSection>,
    pub pieces: Vec<TextPiece>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleView {
    pub slug: String,
    pub language: TextLanguage,
    /// All that it can be read in.
    pub languages: Vec<TextLanguage>,
    /// Of the newest edition.
    pub version: u32,
    pub state: ArticleState,
    pub of_program: bool,
    pub newer_built_in: bool,
    pub content: ArticleContent,
    /// Null for the program's text.
    pub author_name: Option<String>,
    #[ts(type = "string | null")]
    pub changed_at: Option<Timestamp>,
}

/// That something has an article.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleLink {
    /// Of a class of the classifier, or of a term of an impression.
    pub code: String,
    pub slug: String,
    pub title: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleSaveRequest {
    /// Null for a new article.
    pub slug: Option<String>,
    pub language: TextLanguage,
    /// Of the article as it was read; 0 where it has no text in this language yet.
    pub version: u32,
    pub content: ArticleContent,
    /// The author has looked at the program's newer text.
    pub built_in_seen: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleVersionRequest {
    pub slug: String,
    pub language: TextLanguage,
    /// Of the article as it was read.
    pub version: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleReturnRequest {
    pub slug: String,
    pub language: TextLanguage,
    /// Of the article as it was read.
    pub version: u32,
    /// The edition to take up again.
    pub to: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleHideRequest {
    pub slug: String,
    pub language: TextLanguage,
    /// Of the article as it was read.
    pub version: u32,
    pub hidden: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleEditionRow {
    pub version: u32,
    pub state: ArticleState,
    pub title: String,
    /// Null for the program's text.
    pub author_name: Option<String>,
    #[ts(type = "string | null")]
    pub changed_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ArticleCompareRequest {
    pub slug: String,
    pub language: TextLanguage,
    pub from: u32,
    /// Null for the program's text of today.
    pub to: Option<u32>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ArticleDifference {
    pub lines: Vec<DiffLine>,
}
