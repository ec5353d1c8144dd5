//! Seeing: from the bytes of a photograph to a calibrated, gated and explained reading.
//!
//! The way of a photograph: [`decode`] (bounded, upright, sRGB) → [`quality`] (hard and soft checks)
//! → [`preprocess`] (the model's input, to the pixel) → [`classifier`] (calibration, [`gate`],
//! [`novelty`], [`cam`]) → [`overlay`] (pictures for people). [`examine`](examine::examine) walks it
//! in one call. [`phantom`] paints lesions of known truth, [`metrics`] judges a model on labels.
//!
//! Nothing here knows patients, and no error or log carries a file's name or path.
#![forbid(unsafe_code)]

pub mod cam;
pub mod card;
pub mod classifier;
pub mod decode;
pub mod encode;
pub mod examine;
pub mod gate;
pub mod metrics;
pub mod novelty;
pub mod overlay;
pub mod phantom;
pub mod preprocess;
pub mod quality;
mod resample;
mod resize;

pub use cam::Heatmap;
pub use classifier::{Classifier, Explain, ModelError, Reading, VisionError};
pub use decode::{DecodeError, DecodeLimits, Photograph, decode};
pub use examine::{Examination, ExamineError, examine};
pub use quality::{HardCheckError, check};
