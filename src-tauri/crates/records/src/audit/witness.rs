//! What a witness outside the clinic's folder remembers of the audit chain.
//!
//! Table and anchor lie in one folder: whoever puts an older copy of all of it back leaves a chain that is
//! whole and agrees with its anchor. A witness elsewhere that remembers a later row knows better. Its
//! testimony is public and cannot be made without the audit key: magic (4), clinic (16), sequence (8),
//! hash (32) and HMAC-SHA-256 of these (32).

use domain::ClinicId;
use domain::audit::AuditAction;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::Sha256;
use vault::Secret;

use super::chain::Head;
use crate::error::RecordsError;

const MAGIC: &[u8; 4] = b"LAW1";
const SIGNED: usize = 4 + 16 + 8 + 32;
const LABEL: &str = "lentigo audit witness v1";

/// What came of a testimony.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Not a testimony, or not about this clinic.
    Ignored,
    /// The remembered row is in the chain.
    Agrees,
    /// The remembered row is not there: these records are older than they were, or went another way since.
    RolledBack,
}

/// A remembered row that is not in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rollback {
    pub remembered: Head,
    /// Where the chain ended when the clinic was opened.
    pub found: u64,
}

impl Rollback {
    pub fn details(&self) -> Value {
        json!({ "remembered": self.remembered.seq, "hash": hex(&self.remembered.hash), "found": self.found })
    }

    /// Whether the trail already says so: the witness may not have learnt of later rows since.
    pub fn is_recorded(&self, connection: &Connection) -> Result<bool, RecordsError> {
        let recorded = connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM audit_rows WHERE action = ?1
                     AND details ->> 'remembered' = ?2 AND details ->> 'hash' = ?3)",
            )?
            .query_row(
                params![AuditAction::AuditRolledBack.code(), self.remembered.seq, hex(&self.remembered.hash)],
                |row| row.get(0),
            )?;
        Ok(recorded)
    }
}

pub(crate) fn testimony(audit_key: &Secret, clinic: ClinicId, head: Head) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(SIGNED + 32);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(clinic.as_uuid().as_bytes());
    bytes.extend_from_slice(&head.seq.to_be_bytes());
    bytes.extend_from_slice(&head.hash);
    let code = mac(audit_key, &bytes).finalize().into_bytes();
    bytes.extend_from_slice(&code);
    bytes
}

/// The remembered end of this clinic's chain; nothing when it is not one.
pub(crate) fn remembered(audit_key: &Secret, clinic: ClinicId, testimony: &[u8]) -> Option<Head> {
    let (signed, code) = testimony.split_at_checked(SIGNED)?;
    mac(audit_key, signed).verify_slice(code).ok()?;
    let rest = signed.strip_prefix(MAGIC)?.strip_prefix(clinic.as_uuid().as_bytes())?;
    let (seq, hash) = rest.split_first_chunk()?;
    Some(Head { seq: u64::from_be_bytes(*seq), hash: hash.try_into().ok()? })
}

fn mac(audit_key: &Secret, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(audit_key.derive(LABEL).expose())
        .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(bytes);
    mac
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unchanged_testimony_about_this_clinic_counts() {
        let (key, clinic) = (Secret::from_bytes(&[1; 32]), ClinicId::fresh());
        let head = Head { seq: 300, hash: [7; 32] };
        let bytes = testimony(&key, clinic, head);
        assert_eq!(bytes.len(), 92);
        assert_eq!(remembered(&key, clinic, &bytes), Some(head));
        assert_eq!(remembered(&key, ClinicId::fresh(), &bytes), None);
        assert_eq!(remembered(&Secret::from_bytes(&[2; 32]), clinic, &bytes), None);
        for length in 0..bytes.len() {
            assert_eq!(remembered(&key, clinic, &bytes[..length]), None, "{length}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(remembered(&key, clinic, &changed), None, "{place}");
        }
        assert_eq!(remembered(&key, clinic, &[bytes, vec![0]].concat()), None);
    }
}
