//! The clinic itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::ClinicId;

/// One clinic: one folder, one database, one set of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Clinic {
    pub id: ClinicId,
    /// At most 200 characters.
    pub name: String,
    #[ts(type = "string")]
    pub created_at: Timestamp,
}
