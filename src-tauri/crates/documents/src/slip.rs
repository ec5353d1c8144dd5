//! Slips with a one-time code: for a new account, for ten recovery codes, for a patient.

use jiff::Timestamp;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::Fonts;
use crate::ink::Ink;
use crate::layout::Fragment;
use crate::paper::Paper;
use crate::pdf::{About, write};
use crate::words;

/// Side of the printed QR code with its quiet zone, in points: 34 mm.
pub(crate) const QR_SIDE: f32 = 96.0;
/// Light modules around it (ISO/IEC 18004, 5.3.8).
const QUIET: i32 = 4;

/// What a slip says. It has no `Debug`: it holds a code in clear.
pub struct SlipContent {
    pub clinic_name: String,
    pub kind: SlipKind,
    /// Whom it is for: a name and e-mail address, or a patient's number.
    pub bearer: String,
    pub issued_at: Timestamp,
    /// As printed: when it was issued, in the workstation's time zone.
    pub issued: String,
    /// As printed: until when it works; empty where it has no end.
    pub until: String,
    /// One code, or several of which each works once.
    pub codes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    /// Choosing a password for a new account.
    Activation,
    /// Ten codes instead of the second factor or a forgotten password.
    RecoveryCodes,
    /// A patient's look at their own record.
    Patient,
}

/// Renders a slip: one page, the same bytes for the same content.
///
/// The returned file holds the code in clear; it is for the printer, not for the disk.
///
/// # Errors
/// [`DocumentError::TooLong`] when the content needs more than one page.
pub fn render_slip(slip: &SlipContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let text = words::slip(slip.kind);
    let mut body = Column::new(&fonts, paper.measure());
    body.head(&slip.clinic_name, text.title, &slip.issued);
    body.paragraph(STRONG, &slip.bearer, 10.0);
    body.paragraph(BODY, text.lead, 8.0);
    body.heading(if slip.codes.len() > 1 { words::SLIP_CODES } else { words::SLIP_CODE });
    body.groups(&shown(&slip.codes));
    if slip.kind == SlipKind::Patient
        && let [code] = slip.codes.as_slice()
    {
        body.add(qr(code)?, 14.0, 0.0);
    }
    body.heading(words::SLIP_STEPS);
    body.list(text.steps.into_iter(), |step| format!("{step}."));
    if !slip.until.is_empty() {
        body.paragraph(STRONG, &slip.until, 12.0);
    }
    body.paragraph(BODY, text.note, 10.0);
    let page = body.page(paper)?;
    let about =
        About { title: text.title, author: &slip.clinic_name, created_at: slip.issued_at, sealed: false };
    write(&fonts, paper, &[page], Vec::new(), &about)
}

/// One code by its groups, several whole.
fn shown(codes: &[String]) -> Vec<String> {
    match codes {
        [code] => code.split('-').map(str::to_owned).collect(),
        several => several.to_vec(),
    }
}

/// The code as a square for a scanner.
pub(crate) fn qr(code: &str) -> Result<Fragment, DocumentError> {
    let qr = QrCode::encode_text(code, QrCodeEcc::Medium).map_err(|_| DocumentError::TooLong)?;
    let module = QR_SIDE / (qr.size() + 2 * QUIET) as f32;
    let mut part = Fragment::new(QR_SIDE);
    for y in 0..qr.size() {
        for x in (0..qr.size()).filter(|x| qr.get_module(*x, y)) {
            let (left, top) = ((x + QUIET) as f32 * module, (y + QUIET) as f32 * module);
            // A hair wider than a module, so that no printer leaves gaps between them.
            part.fill(left, top, module * 1.02, module * 1.02, Ink::Text);
        }
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(kind: SlipKind, codes: usize) -> SlipContent {
        SlipContent {
            clinic_name: "Seeblick Dermatology".into(),
            kind,
            bearer: "Cem Arslan, cem@seeblick.example".into(),
            issued_at: Timestamp::UNIX_EPOCH,
            issued: "1 January 1970".into(),
            until: "Works until 8 January 1970, 00:00.".into(),
            codes: vec!["ABCDE-FGHJK-MNPQR-STVWX".into(); codes],
        }
    }

    #[test]
    fn every_slip_fits_on_a_page_and_is_the_same_twice() {
        for (kind, codes) in
            [(SlipKind::Activation, 1), (SlipKind::RecoveryCodes, 10), (SlipKind::Patient, 1)]
        {
            for paper in [Paper::A4, Paper::Letter] {
                let first = render_slip(&slip(kind, codes), paper).unwrap();
                assert!(
                    first.starts_with(b"%PDF") && first == render_slip(&slip(kind, codes), paper).unwrap()
                );
            }
        }
    }
}
