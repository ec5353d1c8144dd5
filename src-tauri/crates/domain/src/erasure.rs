//! Why a patient's record was erased: a code and no free text, because it outlives the record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// The patient asked for it (GDPR, article 17).
    PatientRequest,
    /// The time that the record had to be kept for is over.
    RetentionOver,
    /// The record should never have been made.
    EnteredInError,
    /// A court or an authority ordered it.
    LegalOrder,
}
