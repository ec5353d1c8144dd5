//! Tests across the modules of the crate, one binary.

mod archive;
mod artefact;
mod bombs;
mod cam;
mod classifier;
mod colour_managed;
mod decode;
mod measure;
mod outline;
mod pyramid;
mod quality;
mod register;
mod resize;
mod webp;

use std::path::PathBuf;

/// A file or folder of the fixtures.
fn fixture(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}
