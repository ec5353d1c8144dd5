//! The passphrase of a file that leaves the clinic.

use domain::problem::{FieldProblem, ProblemCode};
use zeroize::Zeroizing;

use crate::error::Result;
use crate::views::Password;

/// Shortest, in characters: a file can be tried without end.
const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// The passphrase of a file that may have none.
///
/// # Errors
/// As [`settled_passphrase`].
pub(crate) fn passphrase(
    typed: Option<&Password>,
    again: Option<&Password>,
) -> Result<Option<Zeroizing<String>>> {
    typed.map(|typed| settled_passphrase(typed, again)).transpose()
}

/// The passphrase when it is long enough and was typed twice alike.
///
/// # Errors
/// `invalid_input` with the field, `passphrase` or `passphrase_repeat`.
pub(crate) fn settled_passphrase(typed: &Password, again: Option<&Password>) -> Result<Zeroizing<String>> {
    let length = typed.expose().chars().count();
    let limited = |code, limit: usize| {
        FieldProblem::with_limit("passphrase", code, u32::try_from(limit).unwrap_or(u32::MAX))
    };
    if length < SHORTEST {
        return Err(vec![limited(ProblemCode::TooShort, SHORTEST)].into());
    }
    if length > LONGEST {
        return Err(vec![limited(ProblemCode::TooLong, LONGEST)].into());
    }
    if again.map(Password::expose) != Some(typed.expose()) {
        return Err(vec![FieldProblem::new("passphrase_repeat", ProblemCode::Mismatch)].into());
    }
    Ok(Zeroizing::new(typed.expose().to_owned()))
}
