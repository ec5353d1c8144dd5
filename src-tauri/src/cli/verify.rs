//! `lentigo verify`: whether a PDF is a report of a clinic, and unchanged.

use std::fs;
use std::path::Path;

use clinic::report::{KnownKeys, verify_with};
use clinic::views::{ReportVerdict, Verdict};
use clinic::{ErrorCode, Result};
use serde_json::json;

use super::output;
use crate::places;

/// True for a genuine report. The keys are those of the workstation's clinic, or of a file.
///
/// # Errors
/// `file_gone`, `file_denied`; `not_found` when there is no key to check with.
pub fn run(report: &Path, key: Option<&Path>, as_json: bool) -> Result<bool> {
    let keys = match key {
        Some(file) => KnownKeys::of_text(&fs::read_to_string(file)?),
        None => KnownKeys::of_clinic(&places::home()),
    };
    if keys.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    let found = verify_with(&keys, &fs::read(report)?);
    if as_json {
        output::line(&json!(found));
    } else {
        output::text(&in_words(&found));
    }
    Ok(found.verdict == Verdict::Genuine)
}

fn in_words(found: &ReportVerdict) -> String {
    let claim = found.claim.as_ref().map(|claim| {
        let signer = claim.signer_name.as_deref().unwrap_or("somebody");
        format!(
            "{}, edition {}, signed by {signer} at {} with key {}",
            claim.number, claim.edition, claim.signed_at, claim.key_id
        )
    });
    let retired = found.claim.as_ref().and_then(|claim| claim.key_retired_at);
    let retired = retired.map(|at| format!(" retired on {at}")).unwrap_or_default();
    match (found.verdict, claim) {
        (Verdict::KeyRetired, claim) => format!(
            "NOT GENUINE: signed with a key that was{retired}. It claims to be {}.",
            claim.unwrap_or_default()
        ),
        (Verdict::Genuine, claim) => format!(
            "Genuine{}: {}. Whether it was amended or withdrawn since, the clinic's window says.",
            if retired.is_empty() { String::new() } else { format!(", signed with a key{retired}") },
            claim.unwrap_or_default()
        ),
        (Verdict::Altered, Some(claim)) => format!("ALTERED after signing. It claims to be {claim}."),
        (Verdict::Altered, None) => "ALTERED: its seal is broken.".to_owned(),
        (Verdict::Unknown, Some(claim)) => {
            format!("Unknown: the key is not known here. It claims to be {claim}.")
        }
        (Verdict::Unknown, None) => "Unknown: this is no signed report of Lentigo.".to_owned(),
    }
}
