//! Codes that people copy from paper: the alphabet, reading and printing, and the one-time code.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::secret::{Secret, derive_from};

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP: usize = 5;
const RANDOM_SYMBOLS: usize = 18;
const CHECK_SYMBOLS: usize = 2;
const SYMBOLS: usize = RANDOM_SYMBOLS + CHECK_SYMBOLS;
/// How much of a code tells where its lock is.
pub(crate) const LOCATOR_SYMBOLS: usize = 5;
/// Remainder of a good code. It is not zero, so that a row of zeros is no code.
const RESIDUE: [u8; CHECK_SYMBOLS] = [11, 26];

/// Symbols 0 to 31, wiped when dropped.
pub(crate) type Symbols<const N: usize> = Zeroizing<[u8; N]>;

/// Random symbols in the first `random` places, zeros behind them.
pub(crate) fn random_symbols<const N: usize>(random: usize) -> Result<Symbols<N>, VaultError> {
    let mut symbols = Symbols::new([0; N]);
    getrandom::fill(&mut symbols[..random])?;
    for symbol in &mut symbols[..random] {
        // 256 is a multiple of 32, so every symbol is equally likely.
        *symbol &= 31;
    }
    Ok(symbols)
}

/// Reads what a person typed: case, spaces and hyphens do not matter, I and L are 1, O is 0. Nothing
/// when the count or a symbol is wrong.
pub(crate) fn read_symbols<const N: usize>(text: &str) -> Option<Symbols<N>> {
    let mut symbols = Symbols::new([0; N]);
    let mut count = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '_')) {
        *symbols.get_mut(count)? = value_of(c)?;
        count += 1;
    }
    (count == N).then_some(symbols)
}

/// Groups of five with hyphens between them.
pub(crate) fn print_symbols(symbols: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(symbols.len() + symbols.len() / GROUP));
    for (i, symbol) in symbols.iter().enumerate() {
        if i > 0 && i % GROUP == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(*symbol)]));
    }
    text
}

fn value_of(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET.iter().position(|&a| char::from(a) == c).and_then(|at| u8::try_from(at).ok())
}

/// A code that opens one thing once: 18 random symbols (90 bits) and 2 check symbols, a Reed-Solomon
/// code over GF(32) that finds every error in up to two symbols, so every mistyped symbol and every two
/// that changed places. It is wiped when dropped and never prints itself in a log.
pub struct OneTimeCode {
    symbols: Symbols<SYMBOLS>,
    text: Zeroizing<String>,
}

impl OneTimeCode {
    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut symbols = random_symbols::<SYMBOLS>(RANDOM_SYMBOLS)?;
        let rest = remainder(&symbols[..]);
        for (i, symbol) in symbols[RANDOM_SYMBOLS..].iter_mut().enumerate() {
            *symbol = rest[i] ^ RESIDUE[i];
        }
        Ok(Self::from_symbols(symbols))
    }

    /// # Errors
    /// [`VaultError::RecoveryCodeMistyped`].
    pub(crate) fn read(text: &str) -> Result<Self, VaultError> {
        read_symbols::<SYMBOLS>(text)
            .filter(|symbols| remainder(&symbols[..]) == RESIDUE)
            .map(Self::from_symbols)
            .ok_or(VaultError::RecoveryCodeMistyped)
    }

    fn from_symbols(symbols: Symbols<SYMBOLS>) -> Self {
        let text = print_symbols(&symbols[..]);
        Self { symbols, text }
    }

    /// As it is printed: four groups of five symbols with hyphens between them.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part that says which lock the code is for (25 bits); 65 bits stay secret.
    pub(crate) fn locator(&self) -> &str {
        &self.text[..LOCATOR_SYMBOLS]
    }

    /// A key for one purpose. 90 random bits need no slow derivation.
    pub(crate) fn key(&self, salt: &[u8], label: &str) -> Secret {
        derive_from(&self.symbols[..RANDOM_SYMBOLS], Some(salt), label)
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(redacted)")
    }
}

/// Remainder of the symbols, highest power first, by `(x + α)(x + α²) = x² + 6x + 8` with `α = 2`.
fn remainder(symbols: &[u8]) -> [u8; CHECK_SYMBOLS] {
    symbols
        .iter()
        .fold([0; CHECK_SYMBOLS], |[high, low], &symbol| [low ^ product(6, high), symbol ^ product(8, high)])
}

/// Product in GF(32) with the polynomial `x⁵ + x² + 1`.
fn product(a: u8, b: u8) -> u8 {
    let (mut sum, mut shifted) = (0, a);
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            sum ^= shifted;
        }
        shifted <<= 1;
        if shifted & 32 != 0 {
            shifted ^= 0b10_0101;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed(code: &OneTimeCode, changes: &[(usize, u8)]) -> Zeroizing<String> {
        let mut symbols = *code.symbols;
        for (at, change) in changes {
            symbols[*at] ^= change;
        }
        print_symbols(&symbols)
    }

    #[test]
    fn the_printed_code_reads_back_however_it_is_typed() {
        let code = OneTimeCode::random().unwrap();
        assert_eq!(code.text().split('-').map(str::len).collect::<Vec<_>>(), [GROUP; 4]);
        for text in [
            code.text().to_owned(),
            code.text().to_lowercase(),
            code.text().replace('-', " "),
            format!(" {}\n", code.text().replace('-', "").replace('1', "l").replace('0', "o")),
        ] {
            let read = OneTimeCode::read(&text).unwrap();
            assert_eq!(read.key(b"salt", "x").expose(), code.key(b"salt", "x").expose());
        }
        assert!(!format!("{code:?}").contains(&code.text()[..5]));
        assert!(OneTimeCode::read("00000-00000-00000-00000").is_err());
    }

    #[test]
    fn every_error_in_two_symbols_is_found() {
        let code = OneTimeCode::random().unwrap();
        for first in 0..SYMBOLS {
            for second in first + 1..SYMBOLS {
                for a in 0..32 {
                    for b in 0..32 {
                        let text = changed(&code, &[(first, a), (second, b)]);
                        assert_eq!(OneTimeCode::read(&text).is_ok(), (a, b) == (0, 0));
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            OneTimeCode::read(&text).ok();
        }
    }
}
