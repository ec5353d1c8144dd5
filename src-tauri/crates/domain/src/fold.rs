//! Names as people type them: without case, accents or special letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, accents taken off (NFKD), letters without a decomposition spelled out, everything that is
/// neither letter nor digit turned into one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    for c in plain.nfkd().filter(|c| !is_combining_mark(*c)) {
        match spelled_out(c) {
            Some(letters) => folded.push_str(letters),
            None if c.is_alphanumeric() => folded.push(c),
            // O'Brien is one word, typed with or without the sign.
            None if matches!(c, '\'' | '’' | 'ʼ' | '`') => {}
            None if folded.is_empty() || folded.ends_with(' ') => {}
            None => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

const fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// The decimal digits of a text.
#[must_use]
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_fold_to_what_a_plain_keyboard_types() {
        for (name, folded) in [
            ("Müller-Lüdenscheidt", "muller ludenscheidt"),
            ("Łukasz  Żółć", "lukasz zolc"),
            ("O'Brien", "obrien"),
            ("STRAẞE Straße", "strasse strasse"),
            ("Nguyễn Thị", "nguyen thi"),
            ("Søren Ærø", "soren aero"),
            ("İpek Işık", "ipek isik"),
            ("  ", ""),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,30}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
