//! Names of colleagues beside what they did.

use std::collections::HashMap;

use domain::UserId;
use domain::user::User;
use records::{Reading, RecordsError, users};

/// Everybody who ever had an account, for one answer.
pub(crate) struct Names(HashMap<UserId, String>);

impl Names {
    pub fn read(tx: &Reading<'_>) -> Result<Self, RecordsError> {
        Ok(Self::of(&users::all(tx)?))
    }

    pub fn of(everybody: &[User]) -> Self {
        Self(everybody.iter().map(|user| (user.id, user.details.full_name.clone())).collect())
    }

    pub fn name(&self, id: UserId) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }

    pub fn name_or_none(&self, id: Option<UserId>) -> Option<String> {
        id.map(|id| self.name(id))
    }
}
