//! What is wrong with a field a person filled in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The closed set of reasons; the wording belongs to the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    Required,
    TooLong,
    TooShort,
    BadFormat,
    InTheFuture,
    TooLongAgo,
    NotAllowed,
    AlreadyUsed,
    Mismatch,
    TooWeak,
}

/// A field and its problem. It names the field, never what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldProblem {
    pub field: String,
    pub code: ProblemCode,
    /// The limit that was crossed, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub limit: Option<u32>,
}

impl FieldProblem {
    #[must_use]
    pub fn new(field: &str, code: ProblemCode) -> Self {
        Self { field: field.to_owned(), code, limit: None }
    }

    #[must_use]
    pub fn with_limit(field: &str, code: ProblemCode, limit: u32) -> Self {
        Self { field: field.to_owned(), code, limit: Some(limit) }
    }
}

/// Checks of plain text fields, collected so that a form shows all of its problems at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    pub fn add(&mut self, field: &str, code: ProblemCode) {
        self.0.push(FieldProblem::new(field, code));
    }

    /// A text that must be there and be at most `max` characters.
    pub fn required_text(&mut self, field: &str, value: &str, max: usize) {
        if value.trim().is_empty() {
            self.add(field, ProblemCode::Required);
        } else {
            self.text(field, value, max);
        }
    }

    /// A text of at most `max` characters and without control characters other than line breaks.
    pub fn text(&mut self, field: &str, value: &str, max: usize) {
        if value.chars().count() > max {
            let limit = u32::try_from(max).unwrap_or(u32::MAX);
            self.0.push(FieldProblem::with_limit(field, ProblemCode::TooLong, limit));
        }
        if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(field, ProblemCode::BadFormat);
        }
    }

    /// A text of one line that reads as it is written: no break, no sign without a width that could hide a
    /// difference, none that turns the direction of what follows. A field already marked so is not
    /// marked twice.
    pub fn one_line(&mut self, field: &str, value: &str) {
        let hidden = |c| {
            matches!(c, '\n' | '\t' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        let marked = self.0.iter().any(|p| p.field == field && p.code == ProblemCode::BadFormat);
        if value.chars().any(hidden) && !marked {
            self.add(field, ProblemCode::BadFormat);
        }
    }

    /// An e-mail address as far as a form can judge it: one `@`, something on both sides, a dot after it.
    pub fn email(&mut self, field: &str, value: &str) {
        let good = value.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && !host.contains('@')
                && host.split('.').count() > 1
                && host.split('.').all(|part| !part.is_empty())
                && !value.chars().any(char::is_whitespace)
        });
        if !good {
            self.add(field, ProblemCode::BadFormat);
        }
    }

    /// # Errors
    /// The problems, if there are any.
    pub fn into_result(self) -> Result<(), Vec<FieldProblem>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_needs_both_sides_and_a_domain() {
        for (value, good) in [
            ("a@clinic.example", true),
            ("a.b+c@x.y.z", true),
            ("@clinic.example", false),
            ("a@b", false),
            ("a@b@c.d", false),
            ("a b@c.d", false),
            ("a@c..d", false),
        ] {
            let mut problems = Problems::default();
            problems.email("email", value);
            assert_eq!(problems.into_result().is_ok(), good, "{value}");
        }
    }
}
