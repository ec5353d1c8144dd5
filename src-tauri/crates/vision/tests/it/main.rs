//! Tests across the modules of the crate, one binary.

mod archive;
mod artefact;
mod cam;
mod classifier;
mod decode;
mod measure;
mod outline;
mod quality;
mod resize;

use std::path::PathBuf;

/// A file or folder of the fixtures.
fn fixture(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}
