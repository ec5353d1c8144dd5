//! Reducing a face to the characters a document uses.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{FontMetrics, ParsedFont, PdfFontMetricsStub};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};

/// The face with only the glyphs of `characters`, renumbered from 1 in their order.
///
/// # Errors
/// [`DocumentError::Font`] when the face cannot be reduced.
pub fn subset(fonts: &Fonts, face: Face, characters: &BTreeSet<char>) -> Result<ParsedFont, DocumentError> {
    let parsed = fonts.face(face);
    let mut remapper = GlyphRemapper::new();
    let mut glyphs = BTreeMap::new();
    let mut widths = BTreeMap::new();
    for &character in characters {
        let GlyphId(glyph) = parsed.glyph_index(character).unwrap_or(GlyphId(0));
        let renumbered = remapper.remap(glyph);
        glyphs.insert(u32::from(character), renumbered);
        widths.insert(renumbered, parsed.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0));
    }
    let bytes = subsetter::subset(face.bytes()?, 0, &remapper).map_err(|_| DocumentError::Font)?;
    let name = format!("{}+{}", tag(&bytes), face.postscript_name());
    let metrics = FontMetrics { ascent: parsed.ascender(), descent: parsed.descender() };
    let units = parsed.units_per_em();
    let bounds = parsed.global_bounding_box();
    let mut font = ParsedFont::with_glyph_data(bytes, 0, Some(name), glyphs, widths, units, metrics);
    font.pdf_font_metrics = PdfFontMetricsStub {
        units_per_em: units,
        x_min: bounds.x_min,
        y_min: bounds.y_min,
        x_max: bounds.x_max,
        y_max: bounds.y_max,
        caret_slope_rise: 1,
        caret_slope_run: 0,
        us_weight_class: parsed.weight().to_number(),
    };
    Ok(font)
}

/// Six capitals that tell one subset of a face from another (ISO 32000-1, 9.6.4).
fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
