//! Writes `generated.ts` and `clinic.toml`, made from the command table, and the pages of errors, made from the codes
//! and the window's messages, into the folder named. It is run in the root of the repository.

use std::path::PathBuf;

use clinic::bindings::ERROR_PAGES;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| ".".into()).into();
    std::fs::write(folder.join("generated.ts"), clinic::bindings::typescript())?;
    std::fs::write(folder.join("clinic.toml"), clinic::bindings::permissions())?;
    for page in ERROR_PAGES {
        let messages = std::fs::read(format!("ui/messages/{}.json", page.language))?;
        std::fs::write(folder.join(page.file), page.write(&serde_json::from_slice(&messages)?)?)?;
    }
    Ok(())
}
