//! The slip of a visit: who, when, and the patient's number for the scanner: as a square for one that sees,
//! as bars for one with a laser.

use jiff::Timestamp;

use crate::barcode::code_128;
use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::Fonts;
use crate::layout::Fragment;
use crate::paper::Paper;
use crate::pdf::{About, write};
use crate::slip::{QR_SIDE, qr};
use crate::words;

/// What the slip says.
#[derive(Clone, Debug)]
pub struct VisitSlipContent {
    pub clinic_name: String,
    pub patient_number: String,
    pub patient_name: String,
    /// As printed, such as `9 March 1971`.
    pub date_of_birth: String,
    /// As printed: the day of the visit, and its time where one is planned.
    pub visit: String,
    /// As printed; empty where nobody in particular is asked for.
    pub clinician: String,
    pub issued_at: Timestamp,
    /// As printed: when it was made, in the workstation's time zone.
    pub issued: String,
}

/// Renders the slip: one page, the same bytes for the same content. The square and the bars hold the number
/// and nothing else.
///
/// # Errors
/// [`DocumentError::TooLong`] when the content needs more than one page.
pub fn render_visit_slip(slip: &VisitSlipContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let mut body = Column::new(&fonts, paper.measure());
    body.head(&slip.clinic_name, words::VISIT_SLIP, &slip.issued);
    body.paragraph(STRONG, &slip.patient_name, 10.0);
    body.paragraph(BODY, &format!("{} {}", words::DATE_OF_BIRTH, slip.date_of_birth), 2.0);
    body.paragraph(STRONG, &slip.visit, 10.0);
    if !slip.clinician.is_empty() {
        body.paragraph(BODY, &slip.clinician, 2.0);
    }
    body.heading(words::PATIENT_NUMBER);
    body.groups(std::slice::from_ref(&slip.patient_number));
    let codes = codes(&fonts, &slip.patient_number, body.width)?;
    body.add(codes, 14.0, 0.0);
    body.paragraph(BODY, words::VISIT_SLIP_NOTE, 10.0);
    let page = body.page(paper)?;
    let about = About {
        title: words::VISIT_SLIP,
        author: &slip.clinic_name,
        created_at: slip.issued_at,
        sealed: false,
    };
    write(&fonts, paper, &[page], Vec::new(), &about)
}

/// Square and bars side by side, far enough from each other that a scanner sees one at a time.
fn codes(fonts: &Fonts, number: &str, width: f32) -> Result<Fragment, DocumentError> {
    const BETWEEN: f32 = 32.0;
    let mut part = qr(number)?;
    let left = QR_SIDE + BETWEEN;
    if let Some(bars) = code_128(fonts, number, width - left) {
        let top = (part.height - bars.height) / 2.0;
        part.place(bars, left, top);
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip() -> VisitSlipContent {
        VisitSlipContent {
            clinic_name: "Seeblick Dermatology".into(),
            patient_number: "P-000123".into(),
            patient_name: "Brigitte Lindenhoff".into(),
            date_of_birth: "23 April 1961".into(),
            visit: "5 March 2026, 10:30".into(),
            clinician: "Dr Ada Okonkwo".into(),
            issued_at: Timestamp::UNIX_EPOCH,
            issued: "1 January 1970".into(),
        }
    }

    #[test]
    fn a_slip_is_one_page_and_the_same_twice() {
        for paper in [Paper::A4, Paper::Letter] {
            let first = render_visit_slip(&slip(), paper).unwrap();
            assert!(first.starts_with(b"%PDF") && first == render_visit_slip(&slip(), paper).unwrap());
            let other = VisitSlipContent { patient_number: "P-000124".into(), ..slip() };
            assert!(first != render_visit_slip(&other, paper).unwrap());
        }
        let long = VisitSlipContent { patient_name: "ab ".repeat(3000), ..slip() };
        assert!(render_visit_slip(&long, Paper::A4).is_err());
    }
}
