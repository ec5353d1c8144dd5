//! Rows of the trail whose details were erased with a patient's record.
//!
//! That somebody did something to a record at some time is kept for good. What the details say of the person
//! is replaced by [`BLANK`], and the row gets a second seal: a keyed hash over the row as it is now, its
//! own hash in the chain, and the number of the row that tells of the erasure. The chain's links, its
//! anchor and its witnesses stay as they are, and a check accepts blanked details under a good seal alone. A
//! row that was altered before gets a void seal, so that a check goes on reporting it.

use std::collections::HashMap;

use hmac::{Hmac, Mac};
use rusqlite::{Connection, params};
use sha2::Sha256;

use super::chain::{Chain, Hash, StoredRow, read_stored};
use crate::error::RecordsError;
use crate::store::Writing;

pub(crate) const SCHEMA: &str = "
CREATE TABLE audit_erasures (
    seq       INTEGER PRIMARY KEY NOT NULL REFERENCES audit_rows (seq),
    erased_by INTEGER NOT NULL REFERENCES audit_rows (seq) CHECK (erased_by > seq),
    seal      BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
DROP TRIGGER audit_rows_never_change;
CREATE TRIGGER audit_rows_never_change BEFORE UPDATE ON audit_rows
    WHEN NEW.details <> '{\"erased\":true}'
      OR (NEW.seq, NEW.id, NEW.at, NEW.actor, NEW.role, NEW.action, NEW.subject_kind, NEW.subject_id,
          NEW.patient_id, NEW.previous, NEW.hash)
         IS NOT (OLD.seq, OLD.id, OLD.at, OLD.actor, OLD.role, OLD.action, OLD.subject_kind, OLD.subject_id,
                 OLD.patient_id, OLD.previous, OLD.hash)
      OR NOT EXISTS (SELECT 1 FROM audit_erasures WHERE audit_erasures.seq = OLD.seq)
    BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END;
";

/// What stands in the place of erased details.
pub(super) const BLANK: &str = "{\"erased\":true}";
const LABEL: &str = "lentigo audit erasure v1";

/// The second seal of a row, and the row that tells why.
pub(super) struct Seal {
    pub erased_by: u64,
    seal: Hash,
}

impl Seal {
    pub fn is_good(&self, chain: &Chain, row: &StoredRow, hash: &Hash) -> bool {
        row.details == BLANK && mac(chain, row, hash, self.erased_by).verify_slice(&self.seal).is_ok()
    }
}

/// All second seals, by the number of their row.
pub(super) fn seals(connection: &Connection) -> Result<HashMap<u64, Seal>, RecordsError> {
    let mut query = connection.prepare("SELECT seq, erased_by, seal FROM audit_erasures")?;
    let seals =
        query.query_map([], |row| Ok((row.get(0)?, Seal { erased_by: row.get(1)?, seal: row.get(2)? })))?;
    Ok(seals.collect::<Result<_, _>>()?)
}

/// Blanks what the trail says of these patients, both JSON arrays of identities: every row of those in `gone`,
/// and the rows of merges of those in `others`, which quote both sides. The last row of the trail is the one
/// that tells of the erasure.
pub(crate) fn blank(tx: &Writing<'_>, gone: &str, others: &str) -> Result<(), RecordsError> {
    let by = tx.head().get().seq;
    let mut query = tx.connection().prepare(
        "SELECT * FROM audit_rows WHERE action <> 'patient_erased' AND details NOT IN ('{}', ?3)
           AND (patient_id IN (SELECT value FROM json_each(?1))
                OR (patient_id IN (SELECT value FROM json_each(?2))
                    AND action IN ('patients_merged', 'patients_unmerged')))",
    )?;
    let mut found = Vec::new();
    let mut rows = query.query(params![gone, others, BLANK])?;
    while let Some(row) = rows.next()? {
        found.push(read_stored(row).ok_or(RecordsError::Damaged)?);
    }
    drop(rows);
    let mut seal =
        tx.connection().prepare("INSERT INTO audit_erasures (seq, erased_by, seal) VALUES (?1, ?2, ?3)")?;
    let mut blank = tx.connection().prepare("UPDATE audit_rows SET details = ?2 WHERE seq = ?1")?;
    for (row, hash) in found {
        let sound = tx.chain().mac(&row).verify_slice(&hash).is_ok();
        let row = StoredRow { details: BLANK.to_owned(), ..row };
        let second: Hash =
            if sound { mac(tx.chain(), &row, &hash, by).finalize().into_bytes().into() } else { [0; 32] };
        seal.execute(params![row.seq, by, second])?;
        blank.execute(params![row.seq, BLANK])?;
    }
    Ok(())
}

fn mac(chain: &Chain, row: &StoredRow, hash: &Hash, by: u64) -> Hmac<Sha256> {
    let mut mac = chain.labelled(LABEL, row);
    mac.update(hash);
    mac.update(&by.to_be_bytes());
    mac
}
