//! The recorder of `disk.c`, compiled where this runs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// # Panics
/// Without a C compiler, which building Lentigo needs as well.
pub fn built(folder: &Path) -> PathBuf {
    let library = folder.join("disk.so");
    let source = support::root().join("tests/torture/disk.c");
    let done = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([library.as_os_str(), source.as_os_str()])
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(done.is_ok_and(|status| status.success()), "the recorder compiles");
    library
}
