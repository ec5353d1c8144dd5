//! Writes `generated.ts` and `clinic.toml`, made from the command table, into the folder named.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| ".".into()).into();
    std::fs::write(folder.join("generated.ts"), clinic::bindings::typescript())?;
    std::fs::write(folder.join("clinic.toml"), clinic::bindings::permissions())
}
