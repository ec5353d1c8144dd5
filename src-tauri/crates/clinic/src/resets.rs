//! Codes for a forgotten password: six digits an administrator reads out, valid for ten minutes.
//!
//! Six digits are too few to guard a key on the disk. The key of a reset therefore lives in this
//! process alone, and a restart voids every code.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::UserId;
use sha2::{Digest, Sha256};
use vault::{Moment, ResetKey};
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Result};

pub(crate) const VALID_FOR: Duration = Duration::from_secs(10 * 60);
const TRIES: u8 = 3;

/// Open resets by user.
#[derive(Default)]
pub(crate) struct Resets(Mutex<HashMap<UserId, Pending>>);

struct Pending {
    email: String,
    code: [u8; 32],
    token: Option<[u8; 32]>,
    tries_left: u8,
    /// Time since the machine started, which no clock change moves.
    ends: Duration,
    key: ResetKey,
}

/// What a token opens.
pub(crate) struct Granted {
    pub user: UserId,
    pub email: String,
    pub key: ResetKey,
}

impl Resets {
    /// Opens a reset, in place of an earlier one of the same user, and gives its six digits.
    pub fn issue(&self, user: UserId, email: &str, key: ResetKey, now: &Moment) -> Result<Zeroizing<String>> {
        let code = six_digits()?;
        let pending = Pending {
            email: fold(email),
            code: digest(&code),
            token: None,
            tries_left: TRIES,
            ends: now.since_boot + VALID_FOR,
            key,
        };
        self.open(now).insert(user, pending);
        Ok(code)
    }

    /// Trades the digits for a token, once. A try is used up before it is judged.
    pub fn check(&self, email: &str, code: &str, now: &Moment) -> Result<Zeroizing<String>> {
        let mut open = self.open(now);
        let email = fold(email);
        let pending = open.values_mut().find(|p| p.email == email && p.token.is_none());
        let pending = pending.ok_or(ErrorCode::CodeInvalid)?;
        if pending.tries_left == 0 {
            return Err(ErrorCode::CodeInvalid.into());
        }
        pending.tries_left -= 1;
        if digest(code.trim()) != pending.code {
            return Err(ErrorCode::CodeInvalid.into());
        }
        let token = Zeroizing::new(hex::encode(random::<32>()?));
        pending.token = Some(digest(&token));
        Ok(token)
    }

    /// Whose token this is, for a look at the new password before it is spent.
    pub fn owner(&self, token: &str, now: &Moment) -> Result<(UserId, String)> {
        let wanted = Some(digest(token));
        let open = self.open(now);
        let found = open.iter().find(|(_, p)| p.token == wanted);
        found.map(|(user, p)| (*user, p.email.clone())).ok_or_else(|| ErrorCode::CodeInvalid.into())
    }

    /// Spends a token.
    pub fn redeem(&self, token: &str, now: &Moment) -> Result<Granted> {
        let (user, email) = self.owner(token, now)?;
        let pending = self.open(now).remove(&user).ok_or(ErrorCode::CodeInvalid)?;
        Ok(Granted { user, email, key: pending.key })
    }

    /// The open resets; what is over or used up is wiped.
    fn open(&self, now: &Moment) -> MutexGuard<'_, HashMap<UserId, Pending>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, p| now.since_boot < p.ends && (p.tries_left > 0 || p.token.is_some()));
        open
    }
}

fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut()).map_err(|_| ErrorCode::Internal)?;
    Ok(bytes)
}

/// Evenly distributed: numbers past the last whole million are drawn again.
fn six_digits() -> Result<Zeroizing<String>> {
    const MILLION: u32 = 1_000_000;
    loop {
        let number = u32::from_le_bytes(*random::<4>()?);
        if number < u32::MAX - u32::MAX % MILLION {
            return Ok(Zeroizing::new(format!("{:06}", number % MILLION)));
        }
    }
}
