//! Who may come in. What each role may call is one table in `clinic::commands`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::UserId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Administrator,
    Clinician,
    FrontDesk,
    /// Reads everything, changes nothing.
    Auditor,
    /// A patient at their own record. It has neither an account nor a key slot.
    PatientView,
}

impl Role {
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Clinician, Self::FrontDesk, Self::Auditor, Self::PatientView];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Clinician => "clinician",
            Self::FrontDesk => "front_desk",
            Self::Auditor => "auditor",
            Self::PatientView => "patient_view",
        }
    }

    /// Whether this role's key slot holds the key to photographs.
    #[must_use]
    pub const fn opens_photographs(self) -> bool {
        matches!(self, Self::Administrator | Self::Clinician)
    }
}

/// Who acts: every write takes one, and its audit row carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub role: Role,
}
