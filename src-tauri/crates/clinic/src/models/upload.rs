//! Adding a version: the chosen files, the card, and the first run in a process of its own.

use std::fs;
use std::path::{Path, PathBuf};

use domain::ModelVersionId;
use domain::model::ModelIdentity;
use domain::model_version::{ModelRefusal, ModelRefusalReason as Reason, OnnxOutline, TrialAnswer};
use records::RecordsError;
use records::models::{self, ModelFile, ModelPart, NewVersion};
use vision::card::ModelCard;
use vision::classifier::MAX_MODEL_BYTES;

use super::probe::Parcel;
use super::stored::Files;
use super::{form, one, refused, refused_for};
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::image::{hex_digest, seal};
use crate::session::Session;
use crate::views::{
    ModelCardForm, ModelFilesView, ModelUploadRequest, ModelVersionRequest, ModelVersionView,
};

const LARGEST_CARD: u64 = 1 << 20;
/// Numbers of a card that are written as text.
const LARGEST_NOVELTY: u64 = 64 << 20;

/// Files that were chosen together: a network, and perhaps its card and the parameters that the card names.
#[derive(Clone, Debug)]
pub struct PickedFiles {
    network: PathBuf,
    card: Option<PathBuf>,
    novelty: Option<PathBuf>,
}

impl PickedFiles {
    /// Tells the files apart by their endings: of two that are JSON, the card is the one that reads as one.
    fn of(paths: &[PathBuf]) -> Result<Self> {
        let ends =
            |path: &Path, ending: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        let (others, networks): (Vec<_>, Vec<_>) = paths.iter().partition(|path| ends(path, "json"));
        let [network] = networks.as_slice() else { return Err(refused_for(Reason::NoNetwork)) };
        let is_card = |path: &&&PathBuf| {
            let named = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            named.ends_with(".card.json")
                || read(path, LARGEST_CARD).is_ok_and(|json| ModelCard::parse(&json).is_ok())
        };
        let card = others.iter().find(is_card).map(|path| path.to_path_buf());
        let novelty = others.iter().find(|path| Some(**path) != card.as_ref()).map(|path| path.to_path_buf());
        Ok(Self { network: network.to_path_buf(), card, novelty })
    }
}

/// Looks at chosen files, in a process of its own, and keeps in mind where they lie.
///
/// # Errors
/// `model_refused` when they are no model and its card; `file_gone`, `file_denied`.
pub fn pick(session: &Session, paths: &[PathBuf]) -> Result<ModelFilesView> {
    session.authorise(Command::ModelFilesPick)?;
    let picked = PickedFiles::of(paths)?;
    session.with_picked(|held| *held = None);
    let (outline, refusal, bytes) = match read(&picked.network, MAX_MODEL_BYTES) {
        Ok(network) => {
            let (outline, refusal) = described(session, &network)?;
            (outline, refusal, network.len() as u64)
        }
        Err(error) if error.code == ErrorCode::ModelRefused => {
            (None, serde_json::from_value(error.details).ok(), 0)
        }
        Err(error) => return Err(error),
    };
    let begun = outline.as_ref().filter(|_| picked.card.is_none()).map(form::begun);
    let view = ModelFilesView {
        network: name(&picked.network),
        bytes,
        card: picked.card.as_deref().map(name),
        novelty: picked.novelty.as_deref().map(name),
        form: begun,
        outline,
        refusal,
    };
    if view.refusal.is_none() {
        session.with_picked(|held| *held = Some(picked));
    }
    Ok(view)
}

fn described(session: &Session, network: &[u8]) -> Result<(Option<OnnxOutline>, Option<ModelRefusal>)> {
    let parcel = Parcel { network, card: None, novelty: None };
    Ok(match session.workstation().trials().ask(&parcel)? {
        TrialAnswer::Described { outline } => (Some(outline), None),
        TrialAnswer::Refused { refusal } => (None, Some(refusal)),
        TrialAnswer::Sound { .. } => return Err(ErrorCode::Internal.into()),
    })
}

/// Adds the chosen files as a version that nothing reads with yet.
///
/// # Errors
/// `not_found` when nothing was chosen; `model_refused` for a card that does not read or speaks of another file, and
/// for what is there already; `file_gone`, `storage_full`.
pub fn upload(session: &Session, request: &ModelUploadRequest) -> Result<ModelVersionView> {
    let actor = session.authorise(Command::ModelUpload)?;
    let picked = session.with_picked(|held| held.clone()).ok_or(ErrorCode::NotFound)?;
    let network = read(&picked.network, MAX_MODEL_BYTES)?;
    let sha256 = hex_digest(&network);
    let json = card_text(&picked, request.form.as_ref(), &sha256)?;
    let card = ModelCard::parse(&json)
        .map_err(|error| refused(&ModelRefusal::new(Reason::Card).naming([error.to_string()])))?;
    if !card.sha256.eq_ignore_ascii_case(&sha256) {
        return Err(refused(&ModelRefusal::new(Reason::HashMismatch).but(&card.sha256, &sha256)));
    }
    let novelty = novelty(&card, &picked)?;
    let identity = ModelIdentity { name: card.name.clone(), version: card.version.clone(), sha256 };
    if identity.name.chars().count() > 200 || identity.version.chars().count() > 100 {
        return Err(refused(&ModelRefusal::new(Reason::Card).naming(["name".to_owned()])));
    }
    let id = ModelVersionId::fresh();
    let mut parts = vec![(ModelPart::Network, network.as_slice()), (ModelPart::Card, json.as_slice())];
    parts.extend(novelty.as_deref().map(|json| (ModelPart::Novelty, json)));
    let files = seal_all(session, &parts)?;
    let card_sha256 = hex_digest(&json);
    let new = NewVersion {
        id,
        identity: &identity,
        card_sha256: &card_sha256,
        bytes: network.len() as u64,
        files: &files,
    };
    if let Err(error) = session.store().write(&actor, |tx| models::add(tx, &new)) {
        discard(session, &files);
        return Err(match error {
            RecordsError::Conflict => refused_for(Reason::Duplicate),
            other => other.into(),
        });
    }
    session.with_picked(|held| *held = None);
    one(session, id)
}

/// Tries a version out in a process of its own, and keeps what came of it.
///
/// # Errors
/// `not_found`; `conflict` for one in use or retired; `model_unavailable` when its files are damaged.
pub fn try_out(session: &Session, request: &ModelVersionRequest) -> Result<ModelVersionView> {
    let actor = session.authorise(Command::ModelCheck)?;
    session.store().read(|tx| models::get(tx, request.id))?;
    let files = Files::open(session.office(), request.id)?;
    let network = files.part(ModelPart::Network).ok_or(ErrorCode::ModelUnavailable)?;
    let parcel =
        Parcel { network, card: files.part(ModelPart::Card), novelty: files.part(ModelPart::Novelty) };
    let found = match session.workstation().trials().ask(&parcel)? {
        TrialAnswer::Sound { trial } => Ok(*trial),
        TrialAnswer::Refused { refusal } => Err(refusal),
        TrialAnswer::Described { .. } => return Err(ErrorCode::Internal.into()),
    };
    session.store().write(&actor, |tx| models::set_trial(tx, request.id, &found))?;
    one(session, request.id)
}

fn card_text(picked: &PickedFiles, form: Option<&ModelCardForm>, sha256: &str) -> Result<Vec<u8>> {
    match (form, &picked.card) {
        (Some(form), _) => Ok(format!("{:#}\n", form::card(form, sha256)).into_bytes()),
        (None, Some(path)) => read(path, LARGEST_CARD),
        (None, None) => Err(refused_for(Reason::Card)),
    }
}

fn novelty(card: &ModelCard, picked: &PickedFiles) -> Result<Option<Vec<u8>>> {
    let Some(spec) = &card.ood else { return Ok(None) };
    let missing = || refused(&ModelRefusal::new(Reason::NoveltyMissing).naming([spec.file.clone()]));
    let json = read(picked.novelty.as_deref().ok_or_else(missing)?, LARGEST_NOVELTY)?;
    if spec.sha256.as_ref().is_some_and(|hash| !hash.eq_ignore_ascii_case(&hex_digest(&json))) {
        return Err(refused_for(Reason::Novelty));
    }
    Ok(Some(json))
}

fn seal_all(session: &Session, parts: &[(ModelPart, &[u8])]) -> Result<Vec<ModelFile>> {
    let sealed = session.sealed()?;
    let mut files = Vec::with_capacity(parts.len());
    for (part, bytes) in parts {
        match seal(sealed, part.purpose(), bytes) {
            Ok(file) => files.push(ModelFile { part: *part, file, sha256: hex_digest(bytes) }),
            Err(error) => {
                discard(session, &files);
                return Err(error);
            }
        }
    }
    Ok(files)
}

fn discard(session: &Session, files: &[ModelFile]) {
    if let Ok(sealed) = session.sealed() {
        for file in files {
            let _ = sealed.discard(file.file.id);
        }
    }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    use std::io::ErrorKind as K;
    let gone = |error: std::io::Error| match error.kind() {
        K::PermissionDenied => ErrorCode::FileDenied.into(),
        K::NotFound => ErrorCode::FileGone.into(),
        _ => crate::error::Error::from(error),
    };
    let size = fs::metadata(path).map_err(gone)?.len();
    if size > most {
        return Err(refused(&ModelRefusal::new(Reason::TooLarge).but(most, size)));
    }
    fs::read(path).map_err(gone)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
