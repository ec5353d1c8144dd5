//! Bars for a laser scanner: Code 128, code set B (ISO/IEC 15417).

use barcoders::sym::code128::Code128;

use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::Fragment;

/// Width of the narrowest bar where there is room, in points: 0.33 mm, the X dimension that any scanner reads.
const MODULE: f32 = 0.94;
/// What every scanner still reads, in points: 0.19 mm.
const NARROWEST: f32 = 0.54;
/// Light modules on either side (ISO/IEC 15417, 4.3.5).
const QUIET: usize = 10;
/// Height of the bars, in points: 18 mm.
const HEIGHT: f32 = 51.0;
const CAPTION: Style = Style::new(Face::Mono, 9.0, Ink::Text);

/// The number as bars with its characters below, at most `width` points wide; nothing where code set B has not
/// all of its characters or there is no room for bars that can be read.
pub(crate) fn code_128(fonts: &Fonts, number: &str, width: f32) -> Option<Fragment> {
    let modules = modules(number)?;
    let whole = (modules.len() + 2 * QUIET) as f32;
    let module = MODULE.min(width / whole);
    if module < NARROWEST {
        return None;
    }
    let quiet = QUIET as f32 * module;
    let mut part = Fragment::new(HEIGHT + CAPTION.leading());
    let mut left = 0;
    for run in modules.chunk_by(|a, b| a == b) {
        if run[0] == 1 {
            part.fill(quiet + left as f32 * module, 0.0, run.len() as f32 * module, HEIGHT, Ink::Text);
        }
        left += run.len();
    }
    let bars = whole * module - 2.0 * quiet;
    let caption = quiet + (bars - fonts.width(CAPTION, number)) / 2.0;
    part.text(caption, HEIGHT + CAPTION.baseline(), CAPTION, number);
    Some(part)
}

/// 1 is dark. From the start sign to the stop sign, without the quiet zones.
fn modules(number: &str) -> Option<Vec<u8>> {
    let printable = !number.is_empty() && number.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !printable {
        return None;
    }
    // The library chooses code set B by this sign.
    Some(Code128::new(format!("\u{0181}{number}")).ok()?.encode())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths of bars and gaps by ISO/IEC 15417, table 1, of the values that the test needs.
    fn value_of(widths: &[usize]) -> Option<usize> {
        const B: &[(&str, usize)] = &[
            ("122132", 13),  // -
            ("123122", 16),  // 0
            ("123221", 17),  // 1
            ("223211", 18),  // 2
            ("221132", 19),  // 3
            ("313121", 48),  // P
            ("211214", 104), // start B
        ];
        let text: String = widths.iter().map(ToString::to_string).collect();
        B.iter().find(|(pattern, _)| *pattern == text).map(|(_, value)| *value)
    }

    #[test]
    fn a_number_becomes_start_characters_check_and_stop() {
        let modules = modules("P-000123").unwrap();
        assert_eq!(modules.len(), 11 * (1 + 8 + 1) + 13);
        let runs: Vec<usize> = modules.chunk_by(|a, b| a == b).map(<[u8]>::len).collect();
        assert_eq!(modules[0], 1);
        let (signs, stop) = runs.split_at(runs.len() - 7);
        assert_eq!(stop, [2, 3, 3, 1, 1, 1, 2]);
        let signs: Vec<_> = signs.chunks(6).collect();
        let (check, read) = signs.split_last().unwrap();
        let values: Vec<usize> = read.iter().map(|widths| value_of(widths).unwrap()).collect();
        assert_eq!(values, [104, 48, 13, 16, 16, 16, 17, 18, 19]);
        // 104 + 1·48 + 2·13 + 3·16 + 4·16 + 5·16 + 6·17 + 7·18 + 8·19 = 750, and 750 mod 103 = 29.
        assert_eq!(values.iter().enumerate().map(|(at, v)| at.max(1) * v).sum::<usize>() % 103, 29);
        assert_eq!(*check, [3, 2, 2, 2, 1, 1], "the pattern of value 29");
    }

    #[test]
    fn what_code_set_b_lacks_or_what_would_be_too_fine_has_no_bars() {
        let fonts = Fonts::load().unwrap();
        assert!(code_128(&fonts, "P-000123", 300.0).is_some());
        for number in ["", "\u{dc}-17", "P\u{7f}1"] {
            assert!(code_128(&fonts, number, 300.0).is_none(), "{number:?}");
        }
        assert!(code_128(&fonts, "P-000123", 60.0).is_none());
        assert!(
            code_128(&fonts, &"P".repeat(24), 340.0).is_some(),
            "the longest pattern fits beside the square"
        );
    }
}
