//! Where the lesion is: its outline from a photograph.
//!
//! With a model the outline is learned: an ONNX network of one output map, described by a card of its
//! own. Without one a deterministic, classical way stands in ([`OutlineMethod::Classical`]): distance in
//! CIE L*a*b* from the skin at the picture's edge, Otsu's threshold, morphology. Both end in the same
//! refinement: the part that is large and near the middle, without holes and frays. The two differ much
//! in trust, so every outline names its method.

mod card;
mod classical;
mod network;
mod refine;

pub use card::{OutlineCard, OutlineOutput, OutlineTask};
pub(crate) use classical::surround;
pub use domain::outline::OutlineMethod;
pub(crate) use refine::enlarged;

use crate::classifier::{ModelError, read, sha256};
use crate::decode::Photograph;
use crate::mask::Mask;
use domain::model::ModelIdentity;
use domain::outline::OutlineGap;
use network::OutlineNetwork;
use std::path::Path;
use thiserror::Error;

/// Name of the outline card the product ships.
pub const OUTLINE_CARD: &str = "outline.card.json";

/// An outline of one lesion.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// As large as the photograph, one connected part without holes, never empty.
    pub mask: Mask,
    pub method: OutlineMethod,
}

/// Why there is no outline.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OutlineError {
    #[error("no lesion stands out in the photograph")]
    NothingFound,
    #[error("the outline model failed: {0}")]
    Inference(String),
}

impl OutlineError {
    /// The reason as it is stored and shown.
    #[must_use]
    pub const fn gap(&self) -> OutlineGap {
        match self {
            Self::NothingFound => OutlineGap::OutlineNotFound,
            Self::Inference(_) => OutlineGap::ModelUnavailable,
        }
    }
}

/// Finds outlines. It is immutable and can be shared between threads.
pub struct Outliner {
    model: Option<Model>,
}

struct Model {
    card: OutlineCard,
    identity: ModelIdentity,
    network: OutlineNetwork,
}

impl std::fmt::Debug for Outliner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outliner").field("model", &self.identity()).finish()
    }
}

impl Outliner {
    /// Without a model.
    #[must_use]
    pub const fn classical() -> Self {
        Self { model: None }
    }

    /// Loads the shipped model from a folder: `outline.card.json` and the file it names. Whoever wants
    /// the classical way where there is no model asks for it.
    ///
    /// # Errors
    /// [`ModelError`] when a file is missing, altered or unfit.
    pub fn load(dir: &Path) -> Result<Self, ModelError> {
        Self::load_card(&dir.join(OUTLINE_CARD))
    }

    /// The model of a folder; the classical way where the folder has none.
    ///
    /// # Errors
    /// [`ModelError`] for a model that is there and unfit: it is never papered over.
    pub fn of_folder(dir: &Path) -> Result<Self, ModelError> {
        if dir.join(OUTLINE_CARD).is_file() { Self::load(dir) } else { Ok(Self::classical()) }
    }

    /// Loads a model by the path of its card.
    ///
    /// # Errors
    /// [`ModelError`], as for [`Self::load`].
    pub fn load_card(path: &Path) -> Result<Self, ModelError> {
        let dir = path.parent().ok_or(ModelError::Missing)?;
        let card = OutlineCard::parse(&read(path)?)?;
        let onnx = read(&dir.join(&card.file))?;
        Self::assemble(card, &onnx)
    }

    /// Puts a model together from its parts in memory, with the same checks.
    ///
    /// # Errors
    /// [`ModelError`], as for [`Self::load`].
    pub fn assemble(card: OutlineCard, onnx: &[u8]) -> Result<Self, ModelError> {
        let hash = sha256(onnx);
        if !card.sha256.eq_ignore_ascii_case(&hash) {
            return Err(ModelError::HashMismatch);
        }
        let network = OutlineNetwork::load(onnx, &card)?;
        let identity = ModelIdentity { name: card.name.clone(), version: card.version.clone(), sha256: hash };
        Ok(Self { model: Some(Model { card, identity, network }) })
    }

    /// The model in use, to be stored with every outline; `None` for the classical way.
    #[must_use]
    pub fn identity(&self) -> Option<&ModelIdentity> {
        self.model.as_ref().map(|model| &model.identity)
    }

    /// The card of the model in use.
    #[must_use]
    pub fn card(&self) -> Option<&OutlineCard> {
        self.model.as_ref().map(|model| &model.card)
    }

    #[must_use]
    pub const fn method(&self) -> OutlineMethod {
        if self.model.is_some() { OutlineMethod::Learned } else { OutlineMethod::Classical }
    }

    /// The outline of the lesion in a photograph: the same for the same pixels, always.
    ///
    /// # Errors
    /// [`OutlineError::NothingFound`] where no lesion stands out; [`OutlineError::Inference`] when the
    /// model fails, which is never papered over by the classical way.
    pub fn outline(&self, photo: &Photograph) -> Result<Outline, OutlineError> {
        let found = match &self.model {
            Some(model) => {
                let field = model.network.field(photo, &model.card.input)?;
                refine::learned(&field, model.card.output.logit_threshold())
            }
            None => classical::outline(photo),
        };
        let small = found.ok_or(OutlineError::NothingFound)?;
        let mask = enlarged(&small, photo.width as usize, photo.height as usize);
        if mask.area() == 0 {
            return Err(OutlineError::NothingFound);
        }
        Ok(Outline { mask, method: self.method() })
    }
}
