//! The printed recovery sheet: a code that opens the clinic when every password is gone.
//!
//! 34 random symbols of Crockford's base 32 (170 bits) and 6 check symbols, the BCH code of BIP 350
//! (bech32m). That code finds every error in up to four symbols, so every mistyped symbol and every
//! pair of neighbours typed in the wrong order.

use std::fmt;

use zeroize::Zeroizing;

use crate::code::{Symbols, print_symbols, random_symbols, read_symbols};
use crate::error::VaultError;
use crate::secret::{Secret, derive_from};

const RANDOM_SYMBOLS: usize = 34;
const CHECK_SYMBOLS: usize = 6;
const SYMBOLS: usize = RANDOM_SYMBOLS + CHECK_SYMBOLS;
/// Constant of bech32m.
const RESIDUE: u32 = 0x2bc8_30a3;
const LABEL: &str = "lentigo recovery sheet v1";

/// The code as it is printed, once. It is wiped when dropped and never prints itself in a log.
pub struct RecoverySheet {
    code: Zeroizing<String>,
}

impl RecoverySheet {
    /// Eight groups of five symbols with hyphens between them.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Debug for RecoverySheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoverySheet(redacted)")
    }
}

/// A code whose checksum is right.
pub(crate) struct RecoveryCode(Symbols<SYMBOLS>);

impl RecoveryCode {
    pub fn random() -> Result<Self, VaultError> {
        let mut symbols = random_symbols::<SYMBOLS>(RANDOM_SYMBOLS)?;
        let checksum = polymod(&symbols[..]) ^ RESIDUE;
        for (i, symbol) in symbols[RANDOM_SYMBOLS..].iter_mut().enumerate() {
            *symbol = (checksum >> (5 * (CHECK_SYMBOLS - 1 - i)) & 31) as u8;
        }
        Ok(Self(symbols))
    }

    /// Reads what a person typed, as [`read_symbols`] does.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        read_symbols::<SYMBOLS>(text)
            .filter(|symbols| polymod(&symbols[..]) == RESIDUE)
            .map(Self)
            .ok_or(VaultError::RecoveryCodeMistyped)
    }

    pub fn sheet(&self) -> RecoverySheet {
        RecoverySheet { code: print_symbols(&self.0[..]) }
    }

    /// The wrapping key. 170 random bits need no slow derivation.
    pub fn key(&self, salt: &[u8]) -> Secret {
        derive_from(&self.0[..RANDOM_SYMBOLS], Some(salt), LABEL)
    }
}

/// Remainder of BIP 173's generator polynomial. The start value takes the place of its prefix and is
/// our own, so that a bech32 text of another product does not pass.
fn polymod(symbols: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    const START: u32 = 0x1e47_1601;
    symbols.iter().fold(START & 0x3fff_ffff, |sum, &symbol| {
        let top = sum >> 25;
        let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(symbol);
        GENERATOR.iter().enumerate().filter(|(i, _)| top >> i & 1 == 1).fold(shifted, |s, (_, g)| s ^ g)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(symbols: &[u8]) -> String {
        print_symbols(symbols).replace('-', "")
    }

    #[test]
    fn the_printed_code_reads_back_however_it_is_typed() {
        let code = RecoveryCode::random().unwrap();
        let sheet = code.sheet();
        assert_eq!(sheet.code().split('-').map(str::len).collect::<Vec<_>>(), [5; 8]);
        for text in [
            sheet.code().to_owned(),
            sheet.code().to_lowercase(),
            sheet.code().replace('-', " "),
            format!("  {}\n", sheet.code().replace('-', "").replace('1', "l").replace('0', "o")),
        ] {
            let read = RecoveryCode::parse(&text).unwrap();
            assert_eq!(read.key(b"salt").expose(), code.key(b"salt").expose());
        }
        assert!(!format!("{sheet:?}").contains(&sheet.code()[..5]));
    }

    #[test]
    fn every_single_error_and_every_swap_of_neighbours_is_found() {
        for _ in 0..20 {
            let good = *RecoveryCode::random().unwrap().0;
            for at in 0..SYMBOLS {
                for other in (0..32).filter(|&s| s != good[at]) {
                    let mut bad = good;
                    bad[at] = other;
                    assert!(RecoveryCode::parse(&typed(&bad)).is_err());
                }
                if at + 1 < SYMBOLS && good[at] != good[at + 1] {
                    let mut bad = good;
                    bad.swap(at, at + 1);
                    assert!(RecoveryCode::parse(&typed(&bad)).is_err());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn up_to_four_wrong_symbols_are_found(
            changes in proptest::collection::btree_map(0..SYMBOLS, 1_u8..32, 1..=4)
        ) {
            let mut symbols = *RecoveryCode::random().unwrap().0;
            for (at, change) in changes {
                symbols[at] ^= change;
            }
            prop_assert!(RecoveryCode::parse(&typed(&symbols)).is_err());
        }

        #[test]
        fn a_missing_or_doubled_symbol_is_found(at in 0..SYMBOLS) {
            let good = RecoveryCode::random().unwrap();
            let mut text = typed(&good.0[..]);
            let doubled = text.chars().nth(at).unwrap();
            text.insert(at, doubled);
            prop_assert!(RecoveryCode::parse(&text).is_err());
            text.remove(at);
            text.remove(at);
            prop_assert!(RecoveryCode::parse(&text).is_err());
        }

        #[test]
        fn any_text_is_refused_without_panic(text in "\\PC{0,80}") {
            prop_assert!(RecoveryCode::parse(&text).is_err());
        }
    }
}
