//! Whether a file, or a code on paper, is a report of this clinic, and unchanged. No network is asked.

use std::fs;
use std::path::Path;

use documents::seal::{self, Seal as Place};
use domain::audit::AuditAction;
use jiff::Timestamp;
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

/// Stands in the text of the keys before the time from which a key signs no more.
const RETIRED: &str = "retired";

/// Public keys that count as the clinic's.
#[derive(Clone, Debug, Default)]
pub struct KnownKeys(Vec<KnownKey>);

#[derive(Clone, Debug)]
struct KnownKey {
    key: VerifyingKey,
    retired_at: Option<Timestamp>,
}

impl KnownKey {
    /// Nothing for a line without a key, and for one whose end cannot be read.
    fn of_line(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let key = words.iter().find_map(|word| VerifyingKey::try_from((*word).to_owned()).ok())?;
        let retired_at = match words.iter().position(|word| *word == RETIRED) {
            Some(at) => Some(words.get(at + 1)?.parse().ok()?),
            None => None,
        };
        Some(Self { key, retired_at })
    }

    /// What a signature that holds is worth.
    fn verdict(&self, signed_at: Timestamp) -> Verdict {
        if self.retired_at.is_none_or(|retired| signed_at < retired) {
            Verdict::Genuine
        } else {
            Verdict::KeyRetired
        }
    }
}

impl KnownKeys {
    /// The keys that a text holds, one a line, among whatever else is there: what [`super::key_text`] writes.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.filter_map(KnownKey::of_line).collect())
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

    fn find(&self, id: &str) -> Option<&KnownKey> {
        self.0.iter().find(|known| known.key.id() == id)
    }

    fn of(records: &[SigningKeyRecord]) -> Self {
        let known = |record: &SigningKeyRecord| KnownKey {
            key: VerifyingKey::from_bytes(record.public),
            retired_at: record.retired_at,
        };
        Self(records.iter().map(known).collect())
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
    let known = keys.find(&seal.key);
    let claim = Some(ReportClaim {
        number: statement.report.clone(),
        edition: statement.edition,
        signed_at: statement.signed_at,
        signer_name: Some(statement.signer.clone()),
        key_id: seal.key.clone(),
        key_retired_at: known.and_then(|known| known.retired_at),
    });
    match known {
        None => verdict(Verdict::Unknown, claim),
        Some(known) if seal.holds(&statement, &known.key, &digest) => {
            verdict(known.verdict(statement.signed_at), claim)
        }
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
    let known = keys.find(&code.key);
    let verdict = match known {
        None => Verdict::Unknown,
        Some(known) if code.holds(&known.key) => known.verdict(code.signed_at),
        Some(_) => Verdict::Altered,
    };
    let claim = ReportClaim {
        number: code.number,
        edition: code.edition,
        signed_at: code.signed_at,
        signer_name: None,
        key_retired_at: known.and_then(|known| known.retired_at),
        key_id: code.key,
    };
    standing(session, ReportVerdict { chosen: true, verdict, claim: Some(claim), now: None })
}

/// Adds where a report of this clinic stands now; the trail tells of it.
fn standing(session: &Session, found: ReportVerdict) -> Result<ReportVerdict> {
    let (Verdict::Genuine | Verdict::KeyRetired | Verdict::Altered, Some(claim)) =
        (found.verdict, &found.claim)
    else {
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
         # fingerprint     public key, and from when it signs no more\n"
    );
    for key in keys {
        let retired = key.retired_at.map(|at| format!(" {RETIRED} {at}")).unwrap_or_default();
        text.push_str(&format!("{} {}{retired}\n", key.id, hex::encode(key.public)));
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
            made_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
        };
        let text = text_of("Seeblick\n0707", std::slice::from_ref(&record));
        let keys = KnownKeys::of_text(&text);
        assert!(keys.find(&record.id).is_some() && keys.0.len() == 1);
        assert!(KnownKeys::of_text("no keys here").is_empty());
    }

    #[test]
    fn a_retired_key_counts_for_what_was_signed_before() {
        let retired_at: Timestamp = "2026-03-05T08:00:00.000002Z".parse().unwrap();
        let record = SigningKeyRecord {
            id: VerifyingKey::from_bytes([7; 32]).id(),
            public: [7; 32],
            made_at: Timestamp::UNIX_EPOCH,
            retired_at: Some(retired_at),
        };
        let text = text_of("Seeblick", std::slice::from_ref(&record));
        let keys = KnownKeys::of_text(&text);
        let known = keys.find(&record.id).unwrap();
        assert_eq!(known.retired_at, Some(retired_at));
        assert_eq!(known.verdict("2026-03-05T08:00:00.000001Z".parse().unwrap()), Verdict::Genuine);
        assert_eq!(known.verdict(retired_at), Verdict::KeyRetired);
        // An end that cannot be read is no leave to sign for ever.
        assert!(KnownKeys::of_text(&text.replace("2026", "soon")).is_empty());
    }

    #[test]
    fn what_carries_no_seal_is_unknown() {
        let found = verify_with(&KnownKeys::default(), b"%PDF-1.7 of somebody else");
        assert_eq!((found.verdict, found.claim), (Verdict::Unknown, None));
    }
}
