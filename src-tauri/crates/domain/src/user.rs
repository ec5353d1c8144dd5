//! Someone who works at the clinic and signs in.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::UserId;
use crate::patient::Sex;
use crate::problem::{FieldProblem, ProblemCode, Problems};
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

/// A language the window speaks, by its ISO 639-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    De,
    Es,
}

/// What is entered about a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserDetails {
    /// At most 100 characters.
    pub full_name: String,
    /// The sign-in name, at most 254 characters (RFC 5321); unique without regard to case.
    pub email: String,
    /// At most 40 characters.
    pub phone: Option<String>,
    #[ts(type = "string | null")]
    pub date_of_birth: Option<Date>,
    pub gender: Option<Sex>,
    /// At most 40 characters; clinicians only.
    pub licence_number: Option<String>,
}

impl UserDetails {
    /// # Errors
    /// Every field that breaks a limit.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("full_name", &self.full_name, 100);
        problems.required_text("email", &self.email, 254);
        if !self.email.trim().is_empty() {
            problems.email("email", &self.email);
        }
        if let Some(phone) = &self.phone {
            problems.text("phone", phone, 40);
        }
        if self.date_of_birth.is_some_and(|born| born > today) {
            problems.add("date_of_birth", ProblemCode::InTheFuture);
        }
        if let Some(number) = &self.licence_number {
            problems.text("licence_number", number, 40);
        }
        problems.into_result()
    }

    /// Without white space at the ends; an empty text is none.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let some = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Self {
            full_name: self.full_name.trim().to_owned(),
            email: self.email.trim().to_owned(),
            phone: some(&self.phone),
            date_of_birth: self.date_of_birth,
            gender: self.gender,
            licence_number: some(&self.licence_number),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct User {
    pub id: UserId,
    #[serde(flatten)]
    pub details: UserDetails,
    pub role: Role,
    pub state: UserState,
    /// The language the window speaks to them; the one of the workstation until they choose.
    pub language: Option<Language>,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    #[ts(type = "string | null")]
    pub last_sign_in_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nobody_was_born_tomorrow() {
        let early = UserDetails {
            full_name: "Ada".into(),
            email: "ada@seeblick.example".into(),
            date_of_birth: Some(date(2026, 3, 2)),
            ..UserDetails::default()
        };
        assert!(early.validate(date(2026, 3, 1)).is_err());
        assert!(early.validate(date(2026, 3, 2)).is_ok());
    }

    #[test]
    fn an_empty_user_is_told_every_missing_field_once() {
        let empty = UserDetails { email: " ".into(), ..UserDetails::default() };
        let problems = empty.validate(date(2026, 3, 1)).unwrap_err();
        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
        assert_eq!(found, [("full_name", ProblemCode::Required), ("email", ProblemCode::Required)]);
    }
}
