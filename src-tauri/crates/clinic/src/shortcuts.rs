//! The keys of the viewer: a setting of each user.

use domain::UserId;
use domain::shortcut::{self, Shortcut};
use records::settings::{self, Shown};

use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{ShortcutsSaveRequest, ShortcutsView};

fn key(user: UserId) -> String {
    format!("viewer.keys.{user}")
}

/// One's own keys.
///
/// # Errors
/// `session_locked`, `record_damaged`.
pub fn read(session: &Session) -> Result<ShortcutsView> {
    let actor = session.authorise(Command::ShortcutsRead)?;
    let own: Vec<Shortcut> =
        session.store().read(|tx| settings::get(tx, &key(actor.user)))?.unwrap_or_default();
    Ok(view(&own))
}

/// Changes one's own keys.
///
/// # Errors
/// `invalid_input`, a problem for each action whose key is none or is another one's.
pub fn save(session: &Session, request: &ShortcutsSaveRequest) -> Result<ShortcutsView> {
    let actor = session.authorise(Command::ShortcutsSave)?;
    shortcut::validate(&request.keys)?;
    session.store().write(&actor, |tx| settings::set(tx, &key(actor.user), &request.keys, Shown::Value))?;
    Ok(view(&request.keys))
}

fn view(own: &[Shortcut]) -> ShortcutsView {
    ShortcutsView { keys: shortcut::complete(own), usual: shortcut::complete(&[]) }
}
