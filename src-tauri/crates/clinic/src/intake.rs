//! Notes left while nobody is signed in: the database is closed then, so they wait sealed in the folder
//! and enter the records at the next sign-in.

use domain::audit::AuditAction;
use domain::user::{UserDetails, UserState};
use domain::{Role, UserId};
use jiff::Timestamp;
use records::audit::{self, AuditEntry};
use records::{RecordsError, Writing, enrolments, users};
use serde::{Deserialize, Serialize};
use serde_json::json;
use vault::{Attempts, Enrolment, Intake};

use crate::entry::Opened;
use crate::error::Result;
use crate::workstation::Workstation;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Note {
    Registered { id: UserId, details: UserDetails, enrolment: Box<Enrolment>, at: Timestamp },
    PatientViewOpened { parcel: String, at: Timestamp },
}

pub(crate) fn leave(workstation: &Workstation, note: &Note) -> Result<()> {
    let bytes = zeroize::Zeroizing::new(serde_json::to_vec(note).unwrap_or_default());
    Ok(Intake::drop_in(workstation.folder(), &bytes)?)
}

/// Takes waiting notes and refused sign-ins into the records. A note is thrown away only after its
/// transaction; one that comes twice changes nothing.
pub(crate) fn collect(opened: &Opened) -> Result<()> {
    let folder = opened.office.workstation.folder();
    let store = &opened.office.store;
    for waiting in Intake::collect(folder, &opened.keys)?.notes {
        if let Ok(note) = serde_json::from_slice::<Note>(&waiting.bytes) {
            store.write(&opened.actor(), |tx| take_in(tx, &note))?;
        }
        Intake::discard(folder, &waiting.name)?;
    }
    let refused = Attempts::unreported(folder)?;
    if refused.is_empty() {
        return Ok(());
    }
    store.write(&opened.actor(), |tx| {
        for refusal in &refused {
            let details =
                json!({ "at": refusal.at, "locked": refusal.locked, "known": refusal.user.is_some() });
            let entry = AuditEntry::new(AuditAction::SignInRefused).with(details);
            audit::record(tx, refusal.user.iter().fold(entry, |entry, user| entry.on(*user)))?;
        }
        Ok(())
    })?;
    Ok(Attempts::reported(folder, refused.len())?)
}

fn take_in(tx: &Writing<'_>, note: &Note) -> std::result::Result<(), RecordsError> {
    match note {
        Note::Registered { id, details, enrolment, at } => register(tx, *id, details, enrolment, *at),
        Note::PatientViewOpened { parcel, at } => {
            let details = json!({ "parcel": parcel, "at": at });
            audit::record(tx, AuditEntry::new(AuditAction::PatientViewOpened).with(details)).map(drop)
        }
    }
}

/// Somebody whose e-mail address is taken meanwhile is not registered again; the trail says so.
fn register(
    tx: &Writing<'_>,
    id: UserId,
    details: &UserDetails,
    enrolment: &Enrolment,
    at: Timestamp,
) -> std::result::Result<(), RecordsError> {
    let taken = !matches!(users::by_email(tx, &details.email), Err(RecordsError::NotFound));
    if !taken {
        users::add(tx, id, details, Role::FrontDesk, UserState::Unverified)?;
        let body = serde_json::to_value(enrolment).unwrap_or_default();
        enrolments::put(tx, id, &body)?;
    }
    let details = json!({ "at": at, "address_taken": taken });
    audit::record(tx, AuditEntry::new(AuditAction::UserRegistered).on(id).with(details)).map(drop)
}
