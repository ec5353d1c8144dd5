//! `lentigo backup` and `lentigo restore`: what the window does, from a terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clinic::views::{BackupEntry, BackupRunView, RestoreProof, RestoreRequest, RestoredView};
use clinic::{Error, ErrorCode, Result, Workstation, backup, entry};
use serde_json::json;

use super::{door, output};
use crate::places;

/// Makes a backup into a folder. It is signed in for, and the trail tells of it.
///
/// # Errors
/// Those of signing in, `not_permitted` for anybody but an administrator, `backup_failed` with the reason.
pub fn make(folder: &Path, email: &str, as_json: bool) -> Result<()> {
    let workstation = door::workstation();
    let session = door::enter(&workstation, email)?;
    let made =
        backup::begin_into(&session, folder).and_then(|work| backup::finish(&session, work.go(|_| {})));
    entry::sign_out(&session)?;
    let _ = workstation.keyring().settle();
    let made = made?;
    if as_json {
        output::line(&json!(made))
    } else {
        output::text(&in_words(&made))
    }
    Ok(())
}

fn in_words(made: &BackupRunView) -> String {
    let lost = match made.missing {
        0 => String::new(),
        missing => format!(" {missing} files were missing in the clinic itself."),
    };
    format!(
        "Backed up and read back: {} files, {} bytes, {} of them new.{lost}",
        made.files, made.bytes, made.written
    )
}

/// What to restore, and where.
pub struct Wishes {
    pub from: PathBuf,
    /// The place of this workstation's clinic where none is named.
    pub to: Option<PathBuf>,
    /// The newest where none is named.
    pub backup: Option<String>,
    /// The recovery sheet is asked for where no e-mail address is named.
    pub email: Option<String>,
    pub without_damaged: bool,
    pub as_json: bool,
}

/// Restores a backup where no clinic is.
///
/// # Errors
/// `clinic_exists`, `not_found`, `invalid_credentials`, `code_invalid`, `backup_failed` with the reason.
pub fn restore(wishes: &Wishes) -> Result<()> {
    let place = wishes.to.clone().unwrap_or_else(places::home);
    let workstation = Arc::new(Workstation::new(place, places::models()));
    let offer = backup::look(&workstation, &wishes.from)?;
    let chosen = chosen(&offer.backups, wishes.backup.as_deref())?;
    let proof = match &wishes.email {
        Some(email) => RestoreProof::Password { email: email.clone(), password: door::secret("Password")? },
        None => RestoreProof::Sheet { sheet: door::secret("Code of the recovery sheet")? },
    };
    let request = RestoreRequest { id: chosen.id, proof, without_damaged: wishes.without_damaged };
    let restored = backup::restore(&workstation, &request, |_| {})?;
    if wishes.as_json {
        output::line(&json!(restored));
    } else {
        output::text(&restored_in_words(chosen, &restored));
    }
    Ok(())
}

fn chosen<'a>(backups: &'a [BackupEntry], id: Option<&str>) -> Result<&'a BackupEntry> {
    let found = backups.iter().find(|backup| id.is_none_or(|id| backup.id.to_string() == id));
    found.ok_or_else(|| Error::from(ErrorCode::NotFound))
}

fn restored_in_words(backup: &BackupEntry, restored: &RestoredView) -> String {
    let lost = match restored.lost {
        0 => String::new(),
        lost => format!(" {lost} damaged files are not there."),
    };
    format!(
        "Restored the backup of {}: {} files, {} bytes.{lost}",
        backup.made_at, restored.files, restored.bytes
    )
}
