//! Writes `generated.ts` and `clinic.toml`, made from the command table, and `errors.md`, made from the codes and the
//! window's messages, into the folder named. It is run in the root of the repository.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| ".".into()).into();
    let messages = serde_json::from_slice(&std::fs::read("ui/messages/en.json")?)?;
    std::fs::write(folder.join("generated.ts"), clinic::bindings::typescript())?;
    std::fs::write(folder.join("clinic.toml"), clinic::bindings::permissions())?;
    std::fs::write(folder.join("errors.md"), clinic::bindings::errors(&messages))?;
    Ok(())
}
