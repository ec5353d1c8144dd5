//! Seeing: from the bytes of a photograph to a calibrated, gated and explained reading.
//!
//! The way of a photograph: [`mod@decode`] (bounded, upright, sRGB) → [`quality`] (hard and soft checks)
//! → [`preprocess`] (the model's input, to the pixel) → [`classifier`] (calibration, [`gate`],
//! [`novelty`], [`cam`]) → [`overlay`] (pictures for people). [`examine`](examine::examine) walks it
//! in one call. Beside it stand [`outline`] (where the lesion is), [`measure`] (what its outline says:
//! size, symmetry, border, colours, texture, the ABCD rule) and [`artefact`] (rulers, ink, dark corners,
//! hair, bubbles); [`describe`](describe::describe) asks all three. [`phantom`] paints lesions of known truth, [`metrics`] judges a model on labels.
//!
//! Nothing here knows patients, and no error or log carries a file's name or path.
#![forbid(unsafe_code)]

pub mod artefact;
pub mod cam;
pub mod card;
pub mod change;
pub mod classifier;
mod contour;
pub mod decode;
pub mod describe;
pub mod encode;
pub mod examine;
mod failure;
pub mod gate;
pub mod golden;
pub mod kind;
mod lab;
pub mod mask;
pub mod measure;
pub mod metrics;
pub mod novelty;
pub mod onnx;
pub mod outline;
pub mod overlay;
pub mod phantom;
mod plane;
pub mod preprocess;
pub mod pyramid;
pub mod quality;
pub mod register;
mod resample;
mod resize;
pub mod similar;
pub mod trial;

pub use cam::Heatmap;
pub use classifier::{Classifier, Explain, ModelError, Reading, VisionError};
pub use contour::outline_layer_png;
pub use decode::{DecodeError, DecodeLimits, Photograph, decode};
pub use describe::{Description, describe, without_outline};
pub use examine::{Examination, ExamineError, examine};
pub use quality::{HardCheckError, check};
pub use similar::Embedding;
