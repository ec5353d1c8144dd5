//! Whether a file, or a code on paper, is a report of this clinic, and unchanged. No network is asked.

use std::fs;
use std::path::Path;

use documents::seal::{self, Seal as Place};
use domain::audit::AuditAction;
use records::RecordsError;
use records::audit::{self, AuditEntry};
use records::reports;
use records::signing_keys::{self, SigningKeyRecord};
use serde_json::json;
use vault::VerifyingKey;
use vault::layout::VERIFICATION_KEYS;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::export;
use crate::session::Session;
use crate::views::{ReportClaim, ReportCodeRequest, ReportStanding, ReportVerdict, Verdict};

use super::proof::{Code, Seal};

/// Largest file that is looked at.
const LARGEST: u64 = 64 << 20;
const LONGEST_CODE: usize = 2_000;

/// Public keys that count as the clinic's.
#[derive(Clone, Debug, Default)]
pub struct KnownKeys(Vec<VerifyingKey>);

impl KnownKeys {
    /// The keys that a text holds, one a line, among whatever else is there: what [`super::key_text`] writes.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let words = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        Self(words.filter_map(|word| VerifyingKey::try_from(word.to_owned()).ok()).collect())
    }

    /// The keys that a clinic has published in its folder; none where it never signed.
    #[must_use]
    pub fn of_clinic(folder: &Path) -> Self {
        fs::read_to_string(folder.join(VERIFICATION_KEYS))
            .map(|text| Self::of_text(&text))
            .unwrap_or_default()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, id: &str) -> Option<&VerifyingKey> {
        self.0.iter().find(|key| key.id() == id)
    }

    fn of(records: &[SigningKeyRecord]) -> Self {
        Self(records.iter().map(|key| VerifyingKey::from_bytes(key.public)).collect())
    }
}

/// The verdict on a file by these keys alone.
#[must_use]
pub fn verify_with(keys: &KnownKeys, pdf: &[u8]) -> ReportVerdict {
    let verdict = |verdict, claim| ReportVerdict { chosen: true, verdict, claim, now: None };
    let (content, digest) = match seal::read(pdf) {
        Place::None => return verdict(Verdict::Unknown, None),
        Place::Broken => return verdict(Verdict::Altered, None),
        Place::Found { content, digest } => (content, digest),
    };
    let Some((seal, statement)) = Seal::read(&content) else { return verdict(Verdict::Altered, None) };
    let claim = Some(ReportClaim {
        number: statement.report.clone(),
        edition: statement.edition,
        signed_at: statement.signed_at,
        signer_name: Some(statement.signer.clone()),
        key_id: seal.key.clone(),
    });
    match keys.find(&seal.key) {
        None => verdict(Verdict::Unknown, claim),
        Some(key) if seal.holds(&statement, key, &digest) => verdict(Verdict::Genuine, claim),
        Some(_) => verdict(Verdict::Altered, claim),
    }
}

/// The verdict on a file, and where the report stands now.
///
/// # Errors
/// `file_gone`, `file_denied`, `storage_failed`; `image_too_large` over 64 MB.
pub fn verify(session: &Session, path: &Path) -> Result<ReportVerdict> {
    session.authorise(Command::ReportVerify)?;
    let length = fs::metadata(path)?.len();
    if length > LARGEST {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST })));
    }
    let pdf = fs::read(path)?;
    let keys = session.store().read(signing_keys::all)?;
    standing(session, verify_with(&KnownKeys::of(&keys), &pdf))
}

/// The verdict on the code that is printed on a report.
///
/// # Errors
/// `not_permitted`.
pub fn verify_code(session: &Session, request: &ReportCodeRequest) -> Result<ReportVerdict> {
    session.authorise(Command::ReportVerifyCode)?;
    let code =
        Some(&request.text).filter(|text| text.len() <= LONGEST_CODE).and_then(|text| Code::read(text));
    let Some(code) = code else {
        return Ok(ReportVerdict { chosen: true, verdict: Verdict::Unknown, claim: None, now: None });
    };
    let keys = KnownKeys::of(&session.store().read(signing_keys::all)?);
    let verdict = match keys.find(&code.key) {
        None => Verdict::Unknown,
        Some(key) if code.holds(key) => Verdict::Genuine,
        Some(_) => Verdict::Altered,
    };
    let claim = ReportClaim {
        number: code.number,
        edition: code.edition,
        signed_at: code.signed_at,
        signer_name: None,
        key_id: code.key,
    };
    standing(session, ReportVerdict { chosen: true, verdict, claim: Some(claim), now: None })
}

/// Adds where a report of this clinic stands now; the trail tells of it.
fn standing(session: &Session, found: ReportVerdict) -> Result<ReportVerdict> {
    let (Verdict::Genuine | Verdict::Altered, Some(claim)) = (found.verdict, &found.claim) else {
        return Ok(found);
    };
    let actor = session.actor();
    let now = session.store().write(&actor, |tx| match reports::by_number(tx, &claim.number) {
        Err(RecordsError::NotFound) => Ok(None),
        Err(error) => Err(error),
        Ok(record) => {
            let entry =
                AuditEntry::new(AuditAction::ReportVerified).on(record.id).of_patient(record.patient_id);
            audit::record(tx, entry.with(json!({ "number": record.number, "edition": claim.edition })))?;
            Ok(Some(ReportStanding { id: record.id, state: record.state, editions: record.editions }))
        }
    })?;
    Ok(ReportVerdict { now, ..found })
}

/// The keys as others get them.
pub(super) fn text_of(clinic: &str, keys: &[SigningKeyRecord]) -> String {
    let clinic: String = clinic.chars().filter(|c| !c.is_control()).collect();
    let mut text = format!(
        "# Reports of {clinic} are signed with these keys (Ed25519, RFC 8032), the newest first.\n\
         # Check a report with: lentigo verify REPORT.pdf --key THIS-FILE\n\
         # fingerprint     public key\n"
    );
    for key in keys {
        text.push_str(&format!("{} {}\n", key.id, hex::encode(key.public)));
    }
    text
}

/// Writes the public keys where a check without signing in finds them. Should it fail, such a check needs the file
/// that [`super::key_text`] gives.
pub(crate) fn publish(session: &Session) {
    let published = session.store().read(signing_keys::all).map_err(Error::from).and_then(|keys| {
        if keys.is_empty() {
            return Ok(());
        }
        let text = text_of(&session.office().clinic.name, &keys);
        export::write(&session.workstation().folder().join(VERIFICATION_KEYS), text.as_bytes())
    });
    if let Err(error) = published {
        tracing::warn!(%error, "the keys for verification were not published");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_among_other_text() {
        let record = SigningKeyRecord {
            id: VerifyingKey::from_bytes([7; 32]).id(),
            public: [7; 32],
            made_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let text = text_of("Seeblick\n0707", std::slice::from_ref(&record));
        let keys = KnownKeys::of_text(&text);
        assert!(keys.find(&record.id).is_some() && keys.0.len() == 1);
        assert!(KnownKeys::of_text("no keys here").is_empty());
    }

    #[test]
    fn what_carries_no_seal_is_unknown() {
        let found = verify_with(&KnownKeys::default(), b"%PDF-1.7 of somebody else");
        assert_eq!((found.verdict, found.claim), (Verdict::Unknown, None));
    }
}
