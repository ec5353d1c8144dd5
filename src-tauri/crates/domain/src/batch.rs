//! Many readings asked for at once, one for each lesion.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Most lesions of one batch.
pub const MOST_ITEMS: usize = 2_000;
/// Most photographs of one reading: the newest of a lesion.
pub const MOST_IMAGES: usize = 3;
/// How often a reading is begun before it counts as failed: one that takes the program down with it must not
/// do so for ever.
pub const MOST_ATTEMPTS: u32 = 3;

/// Whose photographs a batch looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchScope {
    /// One patient's.
    Patient,
    /// Those of everybody in the queue of a day.
    Queue,
    /// Photographs that were picked.
    Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    Running,
    /// Nothing new is begun; what is under way ends.
    Paused,
    /// Stopped by a person for good.
    Cancelled,
    /// Every reading has ended, well or not.
    Finished,
}

impl BatchState {
    /// Whether anything of it is still to come.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}
