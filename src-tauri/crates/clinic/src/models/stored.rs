//! Versions out of their sealed files. Every load holds the files against the hashes of their rows.

use std::sync::Arc;

use domain::ModelVersionId;
use records::models::{self, ModelFile, ModelPart};
use vision::Classifier;
use vision::card::ModelCard;
use vision::novelty::NoveltyModel;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode, Result};
use crate::image::hex_digest;
use crate::model::Which;
use crate::session::Office;

/// The classifier that reads in this clinic. Where the chosen one cannot be loaded there is none: another one would
/// speak in its name.
///
/// # Errors
/// `model_unavailable`; `not_permitted` without a key to it.
pub(crate) fn in_use(office: &Office) -> Result<Arc<Classifier>> {
    let found = office.store.read(models::in_use)?;
    let slot = office.workstation.model();
    match found.active {
        None => slot.classifier(),
        Some(id) => {
            let which = Which { version: Some(id), not_named: found.not_named };
            slot.get(&which, || load(office, id))
        }
    }
}

/// Loads a version anew.
///
/// # Errors
/// As [`in_use`].
pub(crate) fn load(office: &Office, id: ModelVersionId) -> Result<Classifier> {
    let files = Files::open(office, id)?;
    let card = ModelCard::parse(files.card()?).map_err(|error| unavailable(&error))?;
    let novelty = match (&card.ood, files.part(ModelPart::Novelty)) {
        (None, _) => None,
        (Some(_), Some(json)) => Some(NoveltyModel::parse(json).map_err(|error| unavailable(&error))?),
        (Some(_), None) => return Err(unavailable(&"a file of the version is missing")),
    };
    let network = files.part(ModelPart::Network).ok_or_else(|| unavailable(&"no network"))?;
    Classifier::assemble(card, network, novelty).map_err(|error| unavailable(&error))
}

/// The card of a version.
///
/// # Errors
/// As [`in_use`].
pub(crate) fn card(office: &Office, id: ModelVersionId) -> Result<ModelCard> {
    let files = Files::of(office, id, |part| part == ModelPart::Card)?;
    ModelCard::parse(files.card()?).map_err(|error| unavailable(&error))
}

/// The opened files of a version.
pub(crate) struct Files(Vec<(ModelPart, Zeroizing<Vec<u8>>)>);

impl Files {
    /// # Errors
    /// As [`in_use`].
    pub fn open(office: &Office, id: ModelVersionId) -> Result<Self> {
        Self::of(office, id, |_| true)
    }

    fn of(office: &Office, id: ModelVersionId, wanted: impl Fn(ModelPart) -> bool) -> Result<Self> {
        let sealed = office.sealed()?;
        let rows = office.store.read(|tx| models::files_of(tx, id))?;
        let open = |ModelFile { part, file, sha256 }: &ModelFile| {
            let bytes = sealed
                .open_file(file.id, file.version, part.purpose(), &file.key)
                .map_err(|error| unavailable(&error))?;
            if hex_digest(&bytes) == *sha256 {
                Ok((*part, bytes))
            } else {
                Err(unavailable(&"a file of the version was altered"))
            }
        };
        Ok(Self(rows.iter().filter(|row| wanted(row.part)).map(open).collect::<Result<_>>()?))
    }

    pub fn part(&self, part: ModelPart) -> Option<&[u8]> {
        self.0.iter().find(|(of, _)| *of == part).map(|(_, bytes)| bytes.as_slice())
    }

    fn card(&self) -> Result<&[u8]> {
        self.part(ModelPart::Card).ok_or_else(|| unavailable(&"no card"))
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%error, "a version of the model");
    ErrorCode::ModelUnavailable.into()
}
