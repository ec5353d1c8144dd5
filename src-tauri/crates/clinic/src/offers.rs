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
use crate::workstation::Workstation;
use files::{Found, Walk};
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
    files: Vec<Found>,
}

/// What a folder holds. It is looked at without a session: a share may hang, and must hold no keys meanwhile.
pub struct Look {
    folder: PathBuf,
    walk: Walk,
}

impl Look {
    /// The files of a folder that a person chose, below it too. Links are not followed.
    ///
    /// # Errors
    /// `file_gone`, `file_denied` for the folder itself; `invalid_input` for the folder of the clinic.
    pub fn into(folder: PathBuf, workstation: &Workstation) -> Result<Self> {
        refuse_own(workstation, &folder)?;
        let walk = Walk::through(&folder, DEEPEST, MOST_FILES).map_err(files::reason)?;
        Ok(Self { folder, walk })
    }

    /// The files of a folder that a device writes to.
    ///
    /// # Errors
    /// As [`Look::into`].
    pub fn of_device(folder: PathBuf, workstation: &Workstation) -> Result<Self> {
        refuse_own(workstation, &folder)?;
        let walk = watched::list(&folder).map_err(files::reason)?;
        Ok(Self { folder, walk })
    }
}

/// A file that was offered. Its bytes are read without a session, as those of a [`Look`].
pub struct Claim(Found);

impl Claim {
    /// # Errors
    /// `file_gone`, `file_denied`, `file_changed`, `image_too_large`.
    pub fn read(&self) -> Result<Vec<u8>> {
        files::read_whole(&self.0)
    }
}

/// Offers the files of a folder that a person chose.
///
/// # Errors
/// `not_permitted`, `session_locked`.
pub fn pick(session: &Session, look: Look) -> Result<FolderOffer> {
    session.authorise(Command::FolderPick)?;
    let Look { folder, walk } = look;
    let offered = walk
        .files
        .iter()
        .zip(0..)
        .map(|(file, key)| OfferedFile {
            key,
            name: files::name_below(&folder, &file.path),
            bytes: file.bytes,
        })
        .collect();
    *lock(&session.workstation().offers().picked) = Some(Picked { session: session.id(), files: walk.files });
    Ok(FolderOffer {
        name: folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned(),
        files: offered,
        left_out: walk.left_out,
        closed: walk.closed,
        more: walk.more,
    })
}

/// The file behind a key.
///
/// # Errors
/// `not_found` for a key that is not offered.
pub fn claim(session: &Session, request: &OfferTakeRequest) -> Result<Claim> {
    session.authorise(Command::OfferTake)?;
    let offers = session.workstation().offers();
    let found = if request.watched {
        lock(&offers.watched).found(request.key)
    } else {
        let picked = lock(&offers.picked);
        let own = picked.as_ref().filter(|picked| picked.session == session.id());
        own.and_then(|picked| picked.files.get(request.key as usize).cloned())
    };
    found.map(Claim).ok_or_else(|| ErrorCode::NotFound.into())
}

/// Takes in what was read of an offered file. The file stays as it is.
///
/// # Errors
/// Those of [`taking::add`].
pub fn take(session: &Session, request: &OfferTakeRequest, bytes: &[u8]) -> Result<TrayAdded> {
    session.authorise(Command::OfferTake)?;
    let added = taking::add(session, &request.about, bytes)?;
    if request.watched && matches!(added, TrayAdded::Taken { .. }) {
        lock(&session.workstation().offers().watched).done(&[request.key]);
    }
    Ok(added)
}

/// The folder that is watched, to be looked at before [`watch`].
///
/// # Errors
/// `not_permitted`, `session_locked`.
pub fn watched_folder(session: &Session) -> Result<Option<PathBuf>> {
    session.authorise(Command::WatchRead)?;
    let folder = session.store().read(|tx| settings::get::<Option<String>>(tx, WATCHED))?.flatten();
    Ok(folder.map(PathBuf::from))
}

/// What is new in the watched folder since the program started, after a look at it: nothing where none is
/// watched, an error where it could not be reached.
///
/// # Errors
/// `not_permitted`, `session_locked`.
pub fn watch(
    session: &Session,
    request: &WatchReadRequest,
    look: Option<(PathBuf, Result<Look>)>,
) -> Result<WatchView> {
    session.authorise(Command::WatchRead)?;
    let mut watched = lock(&session.workstation().offers().watched);
    let Some((folder, look)) = look else {
        *watched = Watched::default();
        return Ok(WatchView { folder: None, reachable: true, files: Vec::new() });
    };
    let reachable = look.is_ok();
    if let Ok(look) = look {
        let now = session.workstation().clock().now();
        watched.compare(&folder, &look.walk.files, now, request.patient_id);
    }
    let files = if reachable { watched.offered(request.patient_id) } else { Vec::new() };
    Ok(WatchView { folder: Some(folder.to_string_lossy().into_owned()), reachable, files })
}

/// Watches a folder from now on. What is in it already is not offered.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a path that is no text.
pub fn choose_watched(session: &Session, look: &Look) -> Result<()> {
    let actor = session.authorise(Command::WatchChoose)?;
    let text = look.folder.to_str().ok_or(ErrorCode::InvalidInput)?;
    session.store().write(&actor, |tx| settings::set(tx, WATCHED, &text, Shown::Value))?;
    *lock(&session.workstation().offers().watched) = Watched::begun(&look.folder, &look.walk.files);
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
fn refuse_own(workstation: &Workstation, folder: &Path) -> Result<()> {
    let own = std::fs::canonicalize(workstation.folder()).map_err(files::reason)?;
    let chosen = std::fs::canonicalize(folder).map_err(files::reason)?;
    if chosen.starts_with(&own) {
        return Err(vec![FieldProblem::new("folder", ProblemCode::NotAllowed)].into());
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
