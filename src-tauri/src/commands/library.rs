//! The library of articles.

use clinic::views::*;
use clinic::{Result, library};

use super::DeskState;

pub async fn library_list(desk: DeskState<'_>, request: LibraryRequest) -> Result<Vec<ArticleRow>> {
    desk.signed_in(move |session| library::list(session, &request)).await
}

pub async fn library_search(desk: DeskState<'_>, request: LibrarySearchRequest) -> Result<Vec<ArticleHit>> {
    desk.signed_in(move |session| library::search(session, &request)).await
}

pub async fn library_article(desk: DeskState<'_>, request: ArticleRequest) -> Result<ArticleView> {
    desk.signed_in(move |session| library::read(session, &request)).await
}

pub async fn library_links(desk: DeskState<'_>, request: LibraryRequest) -> Result<Vec<ArticleLink>> {
    desk.signed_in(move |session| library::links(session, &request)).await
}

pub async fn library_save(desk: DeskState<'_>, request: ArticleSaveRequest) -> Result<ArticleView> {
    desk.signed_in(move |session| library::save(session, &request)).await
}

pub async fn library_restore(desk: DeskState<'_>, request: ArticleVersionRequest) -> Result<ArticleView> {
    desk.signed_in(move |session| library::restore(session, &request)).await
}

pub async fn library_return(desk: DeskState<'_>, request: ArticleReturnRequest) -> Result<ArticleView> {
    desk.signed_in(move |session| library::return_to(session, &request)).await
}

pub async fn library_hide(desk: DeskState<'_>, request: ArticleHideRequest) -> Result<ArticleView> {
    desk.signed_in(move |session| library::hide(session, &request)).await
}

pub async fn library_editions(
    desk: DeskState<'_>,
    request: ArticleRequest,
) -> Result<Vec<ArticleEditionRow>> {
    desk.signed_in(move |session| library::editions(session, &request)).await
}

pub async fn library_compare(
    desk: DeskState<'_>,
    request: ArticleCompareRequest,
) -> Result<ArticleDifference> {
    desk.signed_in(move |session| library::compare(session, &request)).await
}
