//! Files on disk that can be taken in: those of a folder that a person chose, and those that a device leaves in
//! the watched folder. The window sees names and keys; only what is offered here can be read.

pub(crate) mod files;
mod watched;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::SessionId;
use domain::problem::{FieldProblem, ProblemCode};
use records::settings::{self, Shown};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::session::Session;
use crate::taking;
use crate::views::{
    FolderOffer, OfferTakeRequest, OfferedFile, TrayAdded, WatchDismissRequest, WatchReadRequest, WatchView,
};
use files::Walk;
use watched::Watched;

/// The setting with the watched folder of this workstation.
const WATCHED: &str = "workstation.watched_folder";
/// Most files of one folder import.
const MOST_FILES: usize = 20_000;
const DEEPEST: usize = 16;

/// Lives as long as the program, so that what came while the session was locked is still new afterwards.
#[derive(Default)]
pub(crate) struct Offers {
    picked: Mutex<Option<Picked>>,
    watched: Mutex<Watched>,
}

struct Picked {
    session: SessionId,
    files: Vec<PathBuf>,
}

/// Lists the files of a folder that a person chose, below it too. Links are not followed.
///
/// # Errors
/// `file_gone`, `file_denied` for the folder itself; `invalid_input` for the folder of the clinic.
pub fn pick(session: &Session, folder: &Path) -> Result<FolderOffer> {
    session.authorise(Command::FolderPick)?;
    refuse_own(session, folder)?;
    let walk = Walk::through(folder, DEEPEST, MOST_FILES).map_err(files::reason)?;
    let offered = walk
        .files
        .iter()
        .zip(0..)
        .map(|(file, key)| OfferedFile {
            key,
            name: files::name_below(folder, &file.path),
            bytes: file.bytes,
        })
        .collect();
    let paths = walk.files.into_iter().map(|file| file.path).collect();
    *lock(&session.workstation().offers().picked) = Some(Picked { session: session.id(), files: paths });
    Ok(FolderOffer {
        name: folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned(),
        files: offered,
        left_out: walk.left_out,
        closed: walk.closed,
        more: walk.more,
    })
}

/// Reads an offered file once and takes it in. The file stays as it is.
///
/// # Errors
/// `not_found` for a key that is not offered, `file_gone`, `file_denied`, `file_changed`, and those of
/// [`taking::add`].
pub fn take(session: &Session, request: &OfferTakeRequest) -> Result<TrayAdded> {
    session.authorise(Command::OfferTake)?;
    let offers = session.workstation().offers();
    let path = if request.watched {
        lock(&offers.watched).path(request.key)
    } else {
        let picked = lock(&offers.picked);
        let own = picked.as_ref().filter(|picked| picked.session == session.id());
        own.and_then(|picked| picked.files.get(request.key as usize).cloned())
    };
    let bytes = files::read_whole(&path.ok_or(ErrorCode::NotFound)?)?;
    let added = taking::add(session, &request.about, &bytes)?;
    if request.watched && matches!(added, TrayAdded::Taken { .. }) {
        lock(&offers.watched).done(&[request.key]);
    }
    Ok(added)
}

/// What is new in the watched folder since the program started. It is looked at anew with every call.
///
/// # Errors
/// `not_permitted`, `session_locked`.
pub fn watch(session: &Session, request: &WatchReadRequest) -> Result<WatchView> {
    session.authorise(Command::WatchRead)?;
    let folder = session.store().read(|tx| settings::get::<Option<String>>(tx, WATCHED))?.flatten();
    let watched = &session.workstation().offers().watched;
    let Some(folder) = folder else {
        *lock(watched) = Watched::default();
        return Ok(WatchView { folder: None, reachable: true, files: Vec::new() });
    };
    let path = PathBuf::from(&folder);
    // A share that hangs holds up this call and nobody else.
    let listed = watched::list(&path);
    let mut watched = lock(watched);
    let reachable = listed.is_ok();
    if let Ok(found) = listed {
        watched.compare(&path, &found, session.workstation().clock().now(), request.patient_id);
    }
    let files = if reachable { watched.offered(request.patient_id) } else { Vec::new() };
    Ok(WatchView { folder: Some(folder), reachable, files })
}

/// Watches a folder from now on. What is in it already is not offered.
///
/// # Errors
/// `file_gone`, `file_denied`; `invalid_input` for the folder of the clinic.
pub fn choose_watched(session: &Session, folder: &Path) -> Result<()> {
    let actor = session.authorise(Command::WatchChoose)?;
    refuse_own(session, folder)?;
    let found = watched::list(folder).map_err(files::reason)?;
    let text = folder.to_str().ok_or(ErrorCode::InvalidInput)?;
    session.store().write(&actor, |tx| settings::set(tx, WATCHED, &text, Shown::Value))?;
    *lock(&session.workstation().offers().watched) = Watched::begun(folder, &found);
    Ok(())
}

/// No folder is watched any more.
///
/// # Errors
/// `not_permitted`.
pub fn end_watching(session: &Session) -> Result<()> {
    let actor = session.authorise(Command::WatchEnd)?;
    session.store().write(&actor, |tx| settings::set(tx, WATCHED, &None::<String>, Shown::Value))?;
    *lock(&session.workstation().offers().watched) = Watched::default();
    Ok(())
}

/// Files that are not wanted are not offered again; they stay where they are.
///
/// # Errors
/// `not_permitted`.
pub fn dismiss(session: &Session, request: &WatchDismissRequest) -> Result<()> {
    session.authorise(Command::WatchDismiss)?;
    lock(&session.workstation().offers().watched).done(&request.keys);
    Ok(())
}

/// What lies in the clinic's own folder is sealed and no photograph.
fn refuse_own(session: &Session, folder: &Path) -> Result<()> {
    let own = std::fs::canonicalize(session.workstation().folder()).map_err(files::reason)?;
    let chosen = std::fs::canonicalize(folder).map_err(files::reason)?;
    if chosen.starts_with(&own) {
        return Err(vec![FieldProblem::new("folder", ProblemCode::NotAllowed)].into());
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
