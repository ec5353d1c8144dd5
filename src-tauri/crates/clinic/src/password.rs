//! The one password policy: length, common passwords, the person's own words.
//!
//! Length follows NIST SP 800-63B-4 §3.1.1.2: 15 characters where the password is the only factor, 8 where
//! a second one is asked for.

use domain::problem::{FieldProblem, ProblemCode};
use zxcvbn::Score;

use crate::views::{Password, PasswordJudgement, PasswordProblem};

/// Shortest password, in characters, while there is no second factor.
pub const MIN_LENGTH: usize = 15;
/// Shortest password of somebody who also signs in with a second factor (§3.1.1.2 as well).
pub const MIN_LENGTH_WITH_FACTOR: usize = 8;
/// Longest password, in characters.
pub const MAX_LENGTH: usize = 128;

/// Words from the person's surroundings shorter than this are too common to hold against a password.
const PERSONAL_MIN: usize = 4;

/// Judges a password. `context` are words it must not be built from: names, e-mail, clinic.
#[must_use]
pub fn judge(password: &str, context: &[String], second_factor: bool) -> PasswordJudgement {
    let length = password.chars().count();
    let mut problems = Vec::new();
    if length < if second_factor { MIN_LENGTH_WITH_FACTOR } else { MIN_LENGTH } {
        problems.push(PasswordProblem::TooShort);
    }
    if length > MAX_LENGTH {
        problems.push(PasswordProblem::TooLong);
    }
    let words = personal_words(context);
    if leans_on(password, &words) {
        problems.push(PasswordProblem::Personal);
    }
    // zxcvbn grows fast with length; the policy's own maximum bounds it.
    let bounded: String = password.chars().take(MAX_LENGTH).collect();
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(&bounded, &inputs);
    match estimate.score() {
        Score::Zero | Score::One => problems.push(PasswordProblem::TooCommon),
        Score::Two => problems.push(PasswordProblem::Guessable),
        _ => {}
    }
    PasswordJudgement { score: estimate.score().into(), acceptable: problems.is_empty(), problems }
}

/// What is wrong with a new password typed twice, field by field.
pub(crate) fn problems(
    password: &Password,
    repeat: &Password,
    context: &[String],
    second_factor: bool,
) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    if !judge(password.expose(), context, second_factor).acceptable {
        found.push(FieldProblem::new("password", ProblemCode::TooWeak));
    }
    if password.expose() != repeat.expose() {
        found.push(FieldProblem::new("password_repeat", ProblemCode::Mismatch));
    }
    found
}

fn personal_words(context: &[String]) -> Vec<String> {
    context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= PERSONAL_MIN)
        .collect()
}

/// A password leans on a word when little is left after taking the words out.
fn leans_on(password: &str, words: &[String]) -> bool {
    let lower = password.to_lowercase();
    let rest = words.iter().fold(lower.clone(), |rest, word| rest.replace(word, ""));
    rest.len() < lower.len() && rest.chars().count() < MIN_LENGTH / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(password: &str, context: &[&str]) -> Vec<PasswordProblem> {
        let context: Vec<_> = context.iter().map(ToString::to_string).collect();
        judge(password, &context, false).problems
    }

    #[test]
    fn a_long_phrase_is_good() {
        assert_eq!(problems("copper lantern walks upstream", &["Ada Okonkwo"]), []);
    }

    #[test]
    fn short_ones_are_named_short() {
        assert!(problems("v9!Qz#7pL", &[]).contains(&PasswordProblem::TooShort));
    }

    #[test]
    fn eight_characters_are_enough_beside_a_second_factor() {
        assert!(judge("v9!Qz#7pL", &[], true).acceptable);
        assert!(judge("v9!Qz#7", &[], true).problems.contains(&PasswordProblem::TooShort));
    }

    #[test]
    fn length_alone_does_not_help() {
        assert!(problems("passwordpassword", &[]).contains(&PasswordProblem::TooCommon));
        assert!(problems("aaaaaaaaaaaaaaaaaaaa", &[]).contains(&PasswordProblem::TooCommon));
    }

    #[test]
    fn own_names_do_not_count_as_secret() {
        let context = ["Brigitte Lindenhoff", "Hautpraxis Seeblick"];
        assert!(problems("lindenhoffbrigitte7", &context).contains(&PasswordProblem::Personal));
        assert_eq!(problems("lindenhoff copper walks upstream", &context), []);
    }

    #[test]
    fn the_maximum_is_a_limit_and_not_a_crash() {
        let long = "word ".repeat(2_000);
        assert!(problems(&long, &[]).contains(&PasswordProblem::TooLong));
    }
}
