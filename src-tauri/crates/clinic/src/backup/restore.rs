//! Restoring a clinic where there is none.

use std::path::Path;
use std::sync::Arc;

use domain::Actor;
use records::{Store, backups};
use serde_json::json;
use vault::{BackupProof, BackupSet, Generation, OpenedBackup, VaultError, layout};

use super::{backup_error, entry, watch};
use crate::entry::{clear, put_in_place, staging_folder};
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::views::{BackupProgress, RestoreOffer, RestoreProof, RestoreRequest, RestoredView};
use crate::workstation::Workstation;

/// The backups in a folder that somebody chose, to be restored by [`restore`].
///
/// # Errors
/// `clinic_exists`; `not_found` when no backup lies there; `backup_failed` with the reason, `newer_version`.
pub fn look(workstation: &Workstation, folder: &Path) -> Result<RestoreOffer> {
    refuse_founded(workstation)?;
    let trouble = |error| backup_error(folder, error);
    let mut found = Vec::new();
    for set in BackupSet::find(folder).map_err(trouble)? {
        for generation in set.generations().map_err(trouble)? {
            found.push((set.clone(), generation));
        }
    }
    if found.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    found.sort_by_key(|(_, generation)| std::cmp::Reverse(generation.made_at));
    let newest = records::newest_schema()?;
    let backups = found.iter().map(|(_, generation)| entry(generation, newest)).collect();
    workstation.backups().remember(found);
    Ok(RestoreOffer { folder: folder.display().to_string(), backups })
}

/// Restores one of the backups that [`look`] found. All of it is read and compared before the first byte is written;
/// the clinic is put together beside its place and put there in one step.
///
/// # Errors
/// `clinic_exists`, `not_found`, `newer_version`; `invalid_credentials`, or `code_invalid` for a sheet;
/// `backup_failed` with the reason: `damaged` with the number of files, and whether the clinic opens without them;
/// `storage_full`. Nothing is at the clinic's place then.
pub fn restore(
    workstation: &Arc<Workstation>,
    request: &RestoreRequest,
    progress: impl Fn(&BackupProgress),
) -> Result<RestoredView> {
    refuse_founded(workstation)?;
    let (set, generation) = workstation.backups().found(request.id).ok_or(ErrorCode::NotFound)?;
    if generation.database_schema > records::newest_schema()? {
        return Err(ErrorCode::NewerVersion.into());
    }
    let cancel = workstation.backups().begin()?;
    let restored = Restoring { workstation, set: &set, generation: &generation, cancel: &cancel }
        .run(request, &progress);
    workstation.backups().end();
    if restored.is_ok() {
        workstation.backups().remember(Vec::new());
    }
    restored
}

/// Stops the restoring that is under way.
///
/// # Errors
/// `clinic_exists` where nothing is being restored.
pub fn stop_restoring(workstation: &Workstation) -> Result<()> {
    refuse_founded(workstation)?;
    workstation.backups().cancel();
    Ok(())
}

/// # Errors
/// `clinic_exists`: nothing is ever restored over a clinic.
pub fn refuse_founded(workstation: &Workstation) -> Result<()> {
    if workstation.is_founded() { Err(ErrorCode::ClinicExists.into()) } else { Ok(()) }
}

struct Restoring<'a> {
    workstation: &'a Arc<Workstation>,
    set: &'a BackupSet,
    generation: &'a Generation,
    cancel: &'a Cancel,
}

impl Restoring<'_> {
    fn run(&self, request: &RestoreRequest, progress: &dyn Fn(&BackupProgress)) -> Result<RestoredView> {
        let trouble = |error| backup_error(self.set.folder(), error);
        let opened = self.open(&request.proof)?;
        let mut watch = watch(self.cancel, progress);
        let examined = opened.examine(&mut watch).map_err(trouble)?;
        let lost = &examined.damaged;
        let opens = examined.opens_all_the_same();
        let accepted = lost.is_empty() || (request.without_damaged && opens);
        if !accepted {
            return Err(damage(lost.len(), opens));
        }
        let staging = staging_folder(self.workstation.folder(), "restoring");
        clear(&staging)?;
        let placed = opened
            .place(&staging, |path| !lost.iter().any(|gone| gone == path), &mut watch)
            .map_err(|error| self.own(error))
            .and_then(|placed| self.note(&opened, &staging, lost).map(|()| placed))
            .and_then(|placed| put_in_place(&staging, self.workstation.folder()).map(|()| placed));
        if placed.is_err() {
            clear(&staging)?;
        }
        let placed = placed?;
        let lost = u32::try_from(lost.len()).unwrap_or(u32::MAX);
        Ok(RestoredView { files: placed.files, bytes: placed.bytes, lost })
    }

    fn open(&self, proof: &RestoreProof) -> Result<OpenedBackup> {
        let given = match proof {
            RestoreProof::Password { email, password } => BackupProof::Password {
                login: email.trim(),
                password: password.expose(),
                policy: self.workstation.kdf(),
            },
            RestoreProof::Sheet { sheet } => BackupProof::Sheet(sheet.expose()),
        };
        self.set.open(self.generation.id, &given).map_err(|error| {
            let error = backup_error(self.set.folder(), error);
            match (error.code, proof) {
                (ErrorCode::InvalidCredentials, RestoreProof::Sheet { .. }) => ErrorCode::CodeInvalid.into(),
                _ => error,
            }
        })
    }

    /// A full disk is this computer's, not the backup's.
    fn own(&self, error: VaultError) -> Error {
        match error {
            VaultError::StorageFull => ErrorCode::StorageFull.into(),
            other => backup_error(self.set.folder(), other),
        }
    }

    /// The clinic's trail tells where it came from.
    fn note(&self, opened: &OpenedBackup, staging: &Path, lost: &[String]) -> Result<()> {
        let keys = opened.keys();
        let connection = vault::open_database(staging, keys)?;
        let clock = Arc::clone(self.workstation.clock());
        let store = Store::open(connection, keys.audit_key.clone(), clock)?;
        let lost: Vec<_> = lost.iter().filter_map(|path| layout::sealed_file_of(path)).collect();
        let generation = opened.generation();
        let actor = Actor { user: keys.user_id, role: keys.role };
        Ok(store.write(&actor, |tx| backups::restored(tx, generation.id, generation.made_at, &lost))?)
    }
}

fn damage(files: usize, opens: bool) -> Error {
    Error::with(ErrorCode::BackupFailed, json!({ "reason": "damaged", "files": files, "opens": opens }))
}
