//! The embedded faces: what they can draw and how wide it runs.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::ZlibDecoder;
use ttf_parser::GlyphId;
use unicode_normalization::UnicodeNormalization;

use crate::error::DocumentError;
use crate::ink::Style;

/// Stands where no face can draw a character.
pub const REPLACEMENT: char = '□';

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    Regular,
    SemiBold,
    Mono,
}

impl Face {
    pub const ALL: [Self; 3] = [Self::Regular, Self::SemiBold, Self::Mono];

    pub const fn postscript_name(self) -> &'static str {
        match self {
            Self::Regular => "NotoSans-Regular",
            Self::SemiBold => "NotoSans-SemiBold",
            Self::Mono => "JetBrainsMono-Regular",
        }
    }

    /// The font file, inflated at the first call and kept.
    ///
    /// # Errors
    /// [`DocumentError::Font`] when the packed file cannot be read.
    pub fn bytes(self) -> Result<&'static [u8], DocumentError> {
        static FILES: [OnceLock<Option<Vec<u8>>>; 3] = [const { OnceLock::new() }; 3];
        let inflated = || inflate(self.packed()).ok();
        FILES[self as usize].get_or_init(inflated).as_deref().ok_or(DocumentError::Font)
    }

    /// As the build script left it.
    const fn packed(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!(concat!(env!("OUT_DIR"), "/NotoSans-Regular.zlib")),
            Self::SemiBold => include_bytes!(concat!(env!("OUT_DIR"), "/NotoSans-SemiBold.zlib")),
            Self::Mono => include_bytes!(concat!(env!("OUT_DIR"), "/JetBrainsMono-Regular.zlib")),
        }
    }
}

fn inflate(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::new();
    ZlibDecoder::new(packed).read_to_end(&mut file)?;
    Ok(file)
}

/// A character as it will be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    pub face: Face,
    pub glyph: u16,
    pub character: char,
    /// Share of the type size.
    pub advance: f32,
}

pub struct Fonts {
    faces: [ttf_parser::Face<'static>; 3],
}

impl Fonts {
    /// # Errors
    /// [`DocumentError::Font`] when an embedded file is not a font.
    pub fn load() -> Result<Self, DocumentError> {
        let parse = |face: Face| ttf_parser::Face::parse(face.bytes()?, 0).map_err(|_| DocumentError::Font);
        let [regular, semi_bold, mono] = Face::ALL.map(parse);
        Ok(Self { faces: [regular?, semi_bold?, mono?] })
    }

    pub const fn face(&self, face: Face) -> &ttf_parser::Face<'static> {
        &self.faces[face as usize]
    }

    /// The face asked for, else the monospaced one (which holds more symbols), else a box.
    pub fn draw(&self, face: Face, character: char) -> Drawn {
        if !needs_shaping(character) {
            for candidate in [face, Face::Mono] {
                if let Some(drawn) = self.glyph(candidate, character) {
                    return drawn;
                }
            }
        }
        self.glyph(Face::Mono, REPLACEMENT).unwrap_or(Drawn {
            face: Face::Mono,
            glyph: 0,
            character: REPLACEMENT,
            advance: 0.6,
        })
    }

    /// Points.
    pub fn width(&self, style: Style, text: &str) -> f32 {
        text.chars().map(|character| self.draw(style.face, character).advance).sum::<f32>() * style.size
    }

    fn glyph(&self, face: Face, character: char) -> Option<Drawn> {
        let parsed = self.face(face);
        let GlyphId(glyph) = parsed.glyph_index(character).filter(|glyph| glyph.0 != 0)?;
        let advance = parsed.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0);
        let advance = f32::from(advance) / f32::from(parsed.units_per_em());
        Some(Drawn { face, glyph, character, advance })
    }
}

/// Scripts whose letters join or change order (Hebrew to Ol Chiki, without Georgian, Hangul Jamo,
/// Ethiopic and Cherokee). Drawn letter by letter they would read as another name.
const fn needs_shaping(character: char) -> bool {
    matches!(character, '\u{0590}'..='\u{109F}' | '\u{1680}'..='\u{1C7F}')
}

/// Composed (NFC), with line ends as `\n` and without characters that have no shape of their own.
pub fn prepare(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len());
    let mut after_return = false;
    for character in text.nfc() {
        match character {
            '\r' | '\u{0085}' | '\u{2028}' | '\u{2029}' => prepared.push('\n'),
            '\n' if after_return => {}
            '\n' => prepared.push('\n'),
            '\t' => prepared.push(' '),
            '\u{00AD}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' => {}
            '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => {}
            '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}' => {}
            character if character.is_control() => {}
            character => prepared.push(character),
        }
        after_return = character == '\r';
    }
    prepared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_tabular() {
        let fonts = Fonts::load().unwrap();
        for face in Face::ALL {
            let widths: Vec<_> = ('0'..='9').map(|c| fonts.draw(face, c).advance).collect();
            assert!(widths.iter().all(|w| (w - widths[0]).abs() < f32::EPSILON), "{face:?}");
        }
    }

    #[test]
    fn latin_greek_and_cyrillic_stay_in_their_face() {
        let fonts = Fonts::load().unwrap();
        for character in "ÅßŁőğÑΆλέξανδροςЩербаковаїҐỆảữ–“”…×±°%".chars()
        {
            for face in [Face::Regular, Face::SemiBold] {
                let drawn = fonts.draw(face, character);
                assert_eq!((drawn.face, drawn.character), (face, character));
            }
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_a_box() {
        let fonts = Fonts::load().unwrap();
        for character in "李محדनि🙂".chars() {
            assert_eq!(fonts.draw(Face::Regular, character).character, REPLACEMENT);
        }
        assert_ne!(fonts.draw(Face::Regular, REPLACEMENT).glyph, 0);
    }

    #[test]
    fn text_is_composed_and_loses_only_the_shapeless() {
        assert_eq!(prepare("Nguye\u{0302}\u{0303}n\r\nA\tB\u{200B}\u{0007}C"), "Nguyễn\nA BC");
        assert_eq!(prepare("a\rb\n\nc"), "a\nb\n\nc");
    }
}
