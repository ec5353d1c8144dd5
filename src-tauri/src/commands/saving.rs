//! The save dialog, through which documents leave the clinic.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clinic::views::Saved;
use clinic::{ErrorCode, Result, Session, export};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;

use crate::wire::Desk;

/// What a dialog calls the files it offers, and how their names end.
type Kind = (&'static str, &'static str);

pub(super) const PDF: Kind = ("PDF", "pdf");
pub(super) const CSV: Kind = ("CSV", "csv");
pub(super) const ZIP: Kind = ("ZIP", "zip");

/// Asks where to, then has it written by the session that asked, and gives the place with what the writing gives. A
/// dialog may outlast its session: nothing leaves the clinic after a lock, and nothing in the name of whoever came
/// next.
///
/// # Errors
/// `session_locked`, `session_required`, and those of `write`.
pub(super) async fn save_and<T: Send + 'static, R: Runtime>(
    app: &AppHandle<R>,
    desk: &Desk,
    file_name: &str,
    kind: Kind,
    write: impl FnOnce(&Arc<Session>, &Path) -> Result<T> + Send + 'static,
) -> Result<Option<(String, T)>> {
    let asked = desk.session()?.id();
    let Some(path) = place_for(app, file_name, kind).await? else { return Ok(None) };
    let shown = path.display().to_string();
    let done = desk.signed_in(move |session| {
        if session.id() == asked { write(session, &path) } else { Err(ErrorCode::SessionLocked.into()) }
    });
    Ok(Some((shown, done.await?)))
}

/// The same where the place is all there is to tell.
pub(super) async fn save<R: Runtime>(
    app: &AppHandle<R>,
    desk: &Desk,
    file_name: &str,
    kind: Kind,
    write: impl FnOnce(&Arc<Session>, &Path) -> Result<()> + Send + 'static,
) -> Result<Saved> {
    let path = save_and(app, desk, file_name, kind, write).await?.map(|(path, ())| path);
    Ok(Saved { saved: path.is_some(), path })
}

/// The same for what is finished: all of it is written, or nothing.
pub(super) async fn save_bytes<R: Runtime>(
    app: &AppHandle<R>,
    desk: &Desk,
    file_name: &str,
    kind: Kind,
    bytes: Vec<u8>,
) -> Result<Saved> {
    save(app, desk, file_name, kind, move |_, path| export::write(path, &bytes)).await
}

/// Nothing when the person closed the dialog.
async fn place_for<R: Runtime>(
    app: &AppHandle<R>,
    file_name: &str,
    (name, extension): Kind,
) -> Result<Option<PathBuf>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(file_name).add_filter(name, &[extension]).save_file(move |path| {
        let _ = answer.send(path);
    });
    let chosen = chosen.await.map_err(|_| ErrorCode::Internal)?;
    chosen.map(|path| path.into_path().map_err(|_| ErrorCode::StorageFailed.into())).transpose()
}
