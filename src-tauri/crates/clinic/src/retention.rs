//! What was deleted goes for good when its retention time is over.
//!
//! Rows and keys go in one transaction; the sealed files after it. When the program ends in between, the files
//! are noise without a key, and the sweep at the next start removes them.

use crate::error::Result;
use crate::session::Session;

/// When somebody comes in who holds the key to photographs, at most once a day. It must not keep them at the
/// door: what fails is tried again when the next one comes.
pub(crate) fn purge(session: &Session) {
    if let Err(error) = purge_due(session) {
        tracing::warn!(code = ?error.code, "what was deleted could not be destroyed");
    }
}

fn purge_due(session: &Session) -> Result<()> {
    let Ok(sealed) = session.sealed() else { return Ok(()) };
    let purged = session.store().write(&session.actor(), records::purges::purge)?;
    if purged.readings + purged.photographs == 0 {
        return Ok(());
    }
    for file in &purged.files {
        if let Err(error) = sealed.discard(*file) {
            tracing::warn!(%error, "a file without a key stays until the next start");
        }
    }
    Ok(records::purges::settle(session.store())?)
}
