//! Second factor: time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes.
//!
//! It gates the session, not the keys. The last accepted step is stored and never accepted again, nor
//! any before it, so that neither a replay nor a clock set back opens anything.

use domain::UserId;
use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode};
use jiff::Timestamp;
use qrcodegen::{QrCode, QrCodeEcc};
use records::audit::{self, AuditEntry};
use records::{Reading, RecordsError, second_factors};
use serde_json::json;
use totp_rs::{Algorithm, Builder, Totp};
use vault::{Unlocked, Vault, VaultError};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::password::MIN_LENGTH;
use crate::session::{Office, Session};
use crate::views::{PasswordAgainRequest, RecoveryCodesView, SecondFactorProposal, SecondFactorRequest};

const STEP_SECONDS: u64 = 30;
/// Steps to either side that are accepted.
const SKEW: u16 = 1;
/// How far a right code may lie off, in steps, for the refusal to say that the clock is wrong: 50 min.
const DRIFT_SEEN: i64 = 100;
const SECRET_BYTES: usize = 20;
const ISSUER: &str = "Lentigo";

/// Draws a new secret; it counts once a code of it was confirmed.
///
/// # Errors
/// `invalid_credentials` for a wrong password.
pub fn propose(session: &Session, request: &PasswordAgainRequest) -> Result<SecondFactorProposal> {
    let actor = session.authorise(Command::SecondFactorPropose)?;
    session.check_password(&request.password)?;
    let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
    getrandom::fill(secret.as_mut()).map_err(|_| ErrorCode::Internal)?;
    session.store().write(&actor, |tx| second_factors::propose(tx, actor.user, secret.as_ref()))?;
    let account = session.user().details.email;
    let totp = totp(secret.as_ref(), &account)?;
    let url = Zeroizing::new(totp.to_url().map_err(|_| ErrorCode::Internal)?);
    let qr = QrCode::encode_text(&url, QrCodeEcc::Medium).map_err(|_| ErrorCode::Internal)?;
    Ok(SecondFactorProposal {
        manual_key: in_fours(&totp.secret().to_base32()),
        account,
        issuer: ISSUER.into(),
        qr: modules(&qr),
        qr_size: u32::try_from(qr.size()).unwrap_or(0),
    })
}

/// Confirms the proposal with a code; from then on it is asked for. Gives ten recovery codes.
///
/// # Errors
/// `second_factor_wrong`; `not_found` without a proposal.
pub fn confirm(session: &Session, request: &SecondFactorRequest) -> Result<RecoveryCodesView> {
    let actor = session.authorise(Command::SecondFactorConfirm)?;
    let now = session.workstation().clock().now();
    let proposed = session.store().read(|tx| second_factors::proposed(tx, actor.user))?;
    let secret = proposed.ok_or(ErrorCode::NotFound)?;
    let step = matching_step(&secret, request.code.expose(), now)?;
    session.store().write(&actor, |tx| second_factors::confirm(tx, actor.user, step))?;
    session.set_second_factor(true);
    session.duty_is_done();
    issue(session)
}

/// # Errors
/// `invalid_credentials` for a wrong password; `invalid_input` (`password`, `too_short`) when the password
/// is too short to stand alone: choose a longer one first.
pub fn remove(session: &Session, request: &PasswordAgainRequest) -> Result<()> {
    let actor = session.authorise(Command::SecondFactorRemove)?;
    session.check_password(&request.password)?;
    if request.password.expose().chars().count() < MIN_LENGTH {
        let limit = u32::try_from(MIN_LENGTH).unwrap_or(u32::MAX);
        return Err(vec![FieldProblem::with_limit("password", ProblemCode::TooShort, limit)].into());
    }
    session.store().write(&actor, |tx| second_factors::remove(tx, actor.user))?;
    session.set_second_factor(false);
    Ok(())
}

/// Ten fresh recovery codes; the old ones are void.
///
/// # Errors
/// `invalid_credentials` for a wrong password.
pub fn issue_codes(session: &Session, request: &PasswordAgainRequest) -> Result<RecoveryCodesView> {
    session.authorise(Command::RecoveryCodesIssue)?;
    session.check_password(&request.password)?;
    issue(session)
}

fn issue(session: &Session) -> Result<RecoveryCodesView> {
    let actor = session.actor();
    let codes = Vault::issue_codes(session.workstation().folder(), session.keys())?;
    let entry = AuditEntry::new(AuditAction::RecoveryCodesIssued).on(actor.user);
    session.store().write(&actor, |tx| audit::record(tx, entry.with(json!({ "count": codes.len() }))))?;
    Ok(RecoveryCodesView { codes: codes.iter().map(|code| code.text().to_owned()).collect() })
}

/// Whether somebody has one that was confirmed.
pub(crate) fn is_set(tx: &Reading<'_>, user: UserId) -> std::result::Result<bool, RecordsError> {
    Ok(second_factors::get(tx, user)?.is_some())
}

/// Judges six digits or a recovery code of whoever the keys belong to. The caller has counted the try.
pub(crate) fn check(office: &Office, keys: &Unlocked, code: &str) -> Result<()> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit());
    let checked = if digits { check_digits(office, keys, &typed) } else { spend_code(office, keys, code) };
    if let Err(error) = &checked
        && error.code == ErrorCode::SecondFactorWrong
    {
        let entry = AuditEntry::new(AuditAction::SecondFactorRefused).on(keys.user_id);
        office.store.write(&actor(keys), |tx| audit::record(tx, entry))?;
    }
    checked
}

fn check_digits(office: &Office, keys: &Unlocked, digits: &str) -> Result<()> {
    let secret = office.store.read(|tx| second_factors::get(tx, keys.user_id))?.ok_or(ErrorCode::NotFound)?;
    let step = matching_step(&secret, digits, office.workstation.clock().now())?;
    let fresh = office.store.write(&actor(keys), |tx| second_factors::use_step(tx, keys.user_id, step))?;
    if fresh { Ok(()) } else { Err(ErrorCode::SecondFactorWrong.into()) }
}

fn spend_code(office: &Office, keys: &Unlocked, code: &str) -> Result<()> {
    let left = Vault::spend_code(office.workstation.folder(), keys.user_id, code).map_err(|e| match e {
        VaultError::InvalidCredentials | VaultError::RecoveryCodeMistyped => {
            ErrorCode::SecondFactorWrong.into()
        }
        other => Error::from(other),
    })?;
    let entry = AuditEntry::new(AuditAction::RecoveryCodeSpent).on(keys.user_id);
    office.store.write(&actor(keys), |tx| audit::record(tx, entry.with(json!({ "left": left }))))?;
    Ok(())
}

fn actor(keys: &Unlocked) -> domain::Actor {
    domain::Actor { user: keys.user_id, role: keys.role }
}

/// The step a code belongs to, no further than one from now.
fn matching_step(secret: &[u8], digits: &str, now: Timestamp) -> Result<u64> {
    let totp = totp(secret, "")?;
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    totp.check(digits.trim(), seconds).ok_or_else(|| refusal(&totp, digits.trim(), seconds))
}

/// A code that was right at another time says that a clock is wrong; it opens nothing all the same.
fn refusal(totp: &Totp, digits: &str, seconds: u64) -> Error {
    let here = seconds / STEP_SECONDS;
    let drift = (-DRIFT_SEEN..=DRIFT_SEEN).filter(|offset| here.checked_add_signed(*offset).is_some()).find(
        |offset| {
            let step = here.saturating_add_signed(*offset);
            totp.generate(step * STEP_SECONDS).to_string() == digits
        },
    );
    let details = drift.map_or_else(|| json!({}), |steps| json!({ "drift_steps": steps }));
    Error::with(ErrorCode::SecondFactorWrong, details)
}

fn totp(secret: &[u8], account: &str) -> Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|_| ErrorCode::RecordDamaged.into())
}

fn in_fours(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|c| *c != '=').collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

fn modules(qr: &QrCode) -> String {
    let size = qr.size();
    (0..size)
        .flat_map(|y| (0..size).map(move |x| (x, y)))
        .map(|(x, y)| if qr.get_module(x, y) { '1' } else { '0' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_vectors_of_the_standard_match() {
        // Appendix B prints eight digits; six are their tail.
        for (second, digits) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let step = matching_step(RFC_SECRET, digits, at(second)).unwrap();
            assert_eq!(step, u64::try_from(second).unwrap() / STEP_SECONDS);
        }
    }

    #[test]
    fn one_step_to_either_side_is_accepted_and_three_are_not() {
        let totp = totp(RFC_SECRET, "").unwrap();
        let now = 1_700_000_010_i64;
        let code = |second: i64| totp.generate(u64::try_from(second).unwrap()).to_string();
        for offset in [-30, 0, 30] {
            assert!(matching_step(RFC_SECRET, &code(now + offset), at(now)).is_ok(), "{offset}");
        }
        for offset in [-90, 90] {
            let error = matching_step(RFC_SECRET, &code(now + offset), at(now)).unwrap_err();
            assert_eq!(error.details["drift_steps"], offset / 30);
        }
    }

    #[test]
    fn the_key_is_grouped_for_typing() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
