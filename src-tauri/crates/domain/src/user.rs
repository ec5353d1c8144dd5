//! Someone who works at the clinic and signs in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::UserId;
use crate::problem::{FieldProblem, Problems};
use crate::role::Role;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    Active,
    /// Registered, not yet approved by an administrator.
    Unverified,
    Locked,
    /// Gone from the lists; kept because records name them.
    Deleted,
}

/// What is entered about a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserDetails {
    /// At most 100 characters.
    pub full_name: String,
    /// The sign-in name, at most 254 characters (RFC 5321); unique without regard to case.
    pub email: String,
    /// At most 40 characters; clinicians only.
    pub licence_number: Option<String>,
}

impl UserDetails {
    /// # Errors
    /// Every field that breaks a limit.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("full_name", &self.full_name, 100);
        problems.required_text("email", &self.email, 254);
        if !self.email.trim().is_empty() {
            problems.email("email", &self.email);
        }
        if let Some(number) = &self.licence_number {
            problems.text("licence_number", number, 40);
        }
        problems.into_result()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct User {
    pub id: UserId,
    #[serde(flatten)]
    pub details: UserDetails,
    pub role: Role,
    pub state: UserState,
    #[ts(type = "string")]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemCode;

    #[test]
    fn an_empty_user_is_told_every_missing_field_once() {
        let empty = UserDetails { full_name: String::new(), email: " ".into(), licence_number: None };
        let problems = empty.validate().unwrap_err();
        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
        assert_eq!(found, [("full_name", ProblemCode::Required), ("email", ProblemCode::Required)]);
    }
}
