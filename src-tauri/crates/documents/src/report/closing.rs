//! The clinician's conclusion, the model that spoke, the disclaimer and the signature.

use domain::advice::DISCLAIMER;

use crate::error::DocumentError;
use crate::fonts::Face;
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, flow};
use crate::words;

use super::{BODY, LABEL, SMALL, Sheet, signatures};

const CONCLUSION: Style = Style::new(Face::Regular, 10.0, Ink::Text);
const DIGEST: Style = Style::new(Face::Mono, 6.6, Ink::Muted);
const SHORT_DIGEST: usize = 12;

/// # Errors
/// Those of the signatures.
pub fn compose(sheet: &Sheet<'_>) -> Result<Vec<Piece>, DocumentError> {
    let mut pieces = conclusion(sheet);
    let signatures = sheet.content.signatures.as_ref();
    if let Some(signatures) = signatures {
        pieces.extend(signatures::amendments(sheet, signatures));
    }
    pieces.extend(model(sheet));
    pieces.push(Piece::new(disclaimer(sheet), 12.0).kept());
    match signatures {
        Some(signatures) => pieces.extend(signatures::compose(sheet, signatures)?),
        None => pieces.push(Piece::new(signature(sheet), 34.0)),
    }
    Ok(pieces)
}

fn conclusion(sheet: &Sheet<'_>) -> Vec<Piece> {
    let mut pieces = vec![sheet.heading(words::CONCLUSION)];
    let text = sheet.content.conclusion.trim();
    if text.is_empty() {
        let style = Style { ink: Ink::Muted, ..CONCLUSION };
        pieces.push(Piece::new(sheet.paragraph(style, words::NO_CONCLUSION), 0.0));
    } else {
        pieces.extend(flow(sheet.fonts, CONCLUSION, text, sheet.measure));
    }
    if let Some(line) = sheet.content.text_origin.as_ref().and_then(words::drafted) {
        pieces.push(Piece::new(sheet.paragraph(SMALL, &line), 2.0));
    }
    pieces
}

fn model(sheet: &Sheet<'_>) -> Vec<Piece> {
    let model = &sheet.content.model;
    let short: String = model.sha256.chars().take(SHORT_DIGEST).collect();
    let analysed = words::moment(sheet.content.analysed_at, sheet.zone);
    let line = words::model(&model.name, &model.version, &short, &analysed);
    vec![
        sheet.heading(words::MODEL),
        Piece::new(sheet.paragraph(BODY, &line), 0.0).kept(),
        Piece::new(sheet.paragraph(DIGEST, &model.sha256), 1.0),
    ]
}

/// The disclaimer in a frame, its first sentence set off.
fn disclaimer(sheet: &Sheet<'_>) -> Fragment {
    const PADDING: f32 = 9.0;
    const LEAD: Style = Style::new(Face::SemiBold, 11.0, Ink::Text);
    let (lead, rest) =
        DISCLAIMER.find(". ").map_or((DISCLAIMER, ""), |end| (&DISCLAIMER[..=end], &DISCLAIMER[end + 2..]));
    let width = sheet.measure - 2.0 * PADDING;
    let lead = Fragment::paragraph(sheet.fonts, LEAD, lead, width);
    let rest = Fragment::paragraph(sheet.fonts, BODY, rest, width);
    let mut panel = Fragment::new(lead.height + rest.height + 2.0 * PADDING - 2.0);
    panel.frame(0.0, 0.0, sheet.measure, panel.height, 0.9, Ink::Text);
    let top = PADDING - 2.0 + lead.height;
    panel.place(lead, PADDING, PADDING - 2.0);
    panel.place(rest, PADDING, top + 1.0);
    panel
}

fn signature(sheet: &Sheet<'_>) -> Fragment {
    let date_left = sheet.measure * 0.72;
    let line = sheet.measure * 0.64;
    let mut fragment = Fragment::default();
    fragment.rule(0.0, 0.0, line, 0.6, Ink::Text);
    fragment.rule(date_left, 0.0, sheet.measure - date_left, 0.6, Ink::Text);
    fragment.text(date_left, 3.0 + LABEL.baseline(), LABEL, words::SIGNED_ON);
    fragment.text(0.0, 3.0 + LABEL.baseline(), LABEL, words::SIGNATURE);
    let examiner = format!("{}: {}", words::EXAMINER, sheet.content.author);
    let style = Style { ink: Ink::Text, ..SMALL };
    let examiner = Fragment::paragraph(sheet.fonts, style, &examiner, line);
    fragment.height = 3.0 + LABEL.leading() + examiner.height;
    fragment.place(examiner, 0.0, 3.0 + LABEL.leading());
    fragment
}
