//! Who signed what, when and what it meant; addenda and withdrawal; and the code that proves it.

use std::slice;

use domain::report::{EditionKind, PrintedSignatures, ReportEdition};

use crate::error::DocumentError;
use crate::fonts::Face;
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, flow};
use crate::slip::{QR_SIDE, qr};
use crate::words;

use super::{BODY, LABEL, SMALL, STRONG, Sheet};

const KEY: Style = Style::new(Face::Mono, 7.2, Ink::Muted);
const GUTTER: f32 = 14.0;
const BESIDE_CODE: usize = 4;

/// Addenda and withdrawal, before anything else that closes the report: whoever reads the conclusion must not miss
/// them.
pub fn amendments(sheet: &Sheet<'_>, signatures: &PrintedSignatures) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for edition in signatures.editions.iter().filter(|edition| edition.kind != EditionKind::Signed) {
        let title = match edition.kind {
            EditionKind::Withdrawn => words::WITHDRAWAL.to_owned(),
            _ => words::addendum(edition.edition - 1),
        };
        pieces.push(sheet.heading(&title));
        pieces.push(Piece::new(sheet.paragraph(SMALL, &said_by(sheet, edition)), 0.0).kept());
        pieces.extend(flow(sheet.fonts, BODY, &edition.text, sheet.measure));
    }
    pieces
}

/// The signatures beside the code.
///
/// # Errors
/// [`DocumentError::TooLong`] when the code has no room in a square.
pub fn compose(sheet: &Sheet<'_>, signatures: &PrintedSignatures) -> Result<Vec<Piece>, DocumentError> {
    let width = sheet.measure - QR_SIDE - GUTTER;
    // A page holds so many beside the code; earlier ones go before, a piece each, so that they may break.
    let (earlier, beside) =
        signatures.editions.split_at(signatures.editions.len().saturating_sub(BESIDE_CODE));
    let mut pieces = vec![sheet.heading(words::SIGNATURES)];
    pieces.extend(
        earlier.iter().map(|edition| Piece::new(signed(sheet, slice::from_ref(edition), width), 0.0)),
    );
    let mut block = signed(sheet, beside, width);
    if let Some(last) = signatures.editions.last() {
        let key = format!("{} {}", words::SIGNING_KEY, words::in_fours(&last.key_id));
        for (style, text) in [(SMALL, words::VERIFY), (KEY, key.as_str())] {
            let part = Fragment::paragraph(sheet.fonts, style, text, width);
            let top = block.height;
            block.height += part.height;
            block.place(part, 0.0, top);
        }
    }
    let caption = Fragment::paragraph(sheet.fonts, LABEL, words::VERIFY_CODE, QR_SIDE);
    let mut row = Fragment::new(block.height.max(QR_SIDE + caption.height));
    row.place(block, 0.0, 0.0);
    row.place(qr(&signatures.code)?, width + GUTTER, 0.0);
    row.place(caption, width + GUTTER, QR_SIDE);
    pieces.push(Piece::new(row, 0.0));
    Ok(pieces)
}

/// Name, kind, meaning and time of each, one below the other.
fn signed(sheet: &Sheet<'_>, editions: &[ReportEdition], width: f32) -> Fragment {
    let mut block = Fragment::default();
    for edition in editions {
        let kind = words::edition(edition.kind);
        let name = Fragment::paragraph(sheet.fonts, STRONG, &edition.signer_name, width);
        let when = words::moment(edition.signed_at, sheet.zone);
        let what = format!("{kind} · {} · {when}", edition.meaning.name());
        let what = Fragment::paragraph(sheet.fonts, SMALL, &what, width);
        for part in [name, what] {
            let top = block.height;
            block.height += part.height;
            block.place(part, 0.0, top);
        }
        block.height += 4.0;
    }
    block
}

fn said_by(sheet: &Sheet<'_>, edition: &ReportEdition) -> String {
    format!("{}, {}", edition.signer_name, words::moment(edition.signed_at, sheet.zone))
}
