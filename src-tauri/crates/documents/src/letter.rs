//! A letter of referral: one page with letterhead, identity, findings and question.

use domain::patient::Sex;
use domain::report::Letterhead;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::paper::Paper;
use crate::pdf::{About, write};
use crate::words;

const SMALL: Style = Style::new(Face::Regular, 8.0, Ink::Muted);

/// What a letter prints.
#[derive(Clone, Debug)]
pub struct LetterContent {
    pub letterhead: Letterhead,
    pub written_at: Timestamp,
    /// Name and address, a line each.
    pub recipient: String,
    /// An appointment as soon as possible is asked for.
    pub urgent: bool,
    pub patient_number: String,
    pub patient_name: String,
    pub date_of_birth: Date,
    pub age: i16,
    pub sex: Sex,
    /// Label and site.
    pub lesion: String,
    /// What the lesion is taken for.
    pub impression: String,
    pub findings: String,
    pub question: String,
    pub author: String,
}

/// Renders the letter as a PDF of one page, dated in `zone`; the same content gives the same bytes.
///
/// # Errors
/// [`DocumentError::TooLong`] when it needs more than one page.
pub fn render_letter(
    content: &LetterContent,
    paper: Paper,
    zone: &TimeZone,
) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let mut body = Column::new(&fonts, paper.measure());
    let day = words::date(content.written_at.to_zoned(zone.clone()).date());
    body.head(&content.letterhead.clinic_name, words::REFERRAL, &day);
    let lines = content.letterhead.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let address = lines.collect::<Vec<_>>().join("  ·  ");
    if !address.is_empty() {
        body.paragraph(SMALL, &address, 2.0);
    }
    body.paragraph(BODY, &content.recipient, 12.0);
    if content.urgent {
        body.paragraph(STRONG, words::URGENT, 12.0);
    }
    body.heading(words::PATIENT);
    body.paragraph(STRONG, &content.patient_name, 0.0);
    let person = format!(
        "{} {} ({}), {}, {} {}",
        words::DATE_OF_BIRTH,
        words::date(content.date_of_birth),
        words::years(content.age),
        content.sex.name(),
        words::PATIENT_NUMBER,
        content.patient_number,
    );
    body.paragraph(BODY, &person, 2.0);
    body.paragraph(BODY, &format!("{}: {}", words::LESION, content.lesion), 2.0);
    body.paragraph(BODY, &format!("{}: {}", words::IMPRESSION, content.impression), 2.0);
    body.heading(words::FINDINGS);
    body.paragraph(BODY, &content.findings, 0.0);
    body.heading(words::QUESTION);
    body.paragraph(BODY, &content.question, 0.0);
    body.paragraph(BODY, words::REGARDS, 18.0);
    body.paragraph(STRONG, &content.author, 26.0);
    body.paragraph(SMALL, words::LETTER_STATEMENT, 18.0);
    let page = body.page(paper)?;
    let about = About { title: words::REFERRAL, author: &content.author, created_at: content.written_at };
    write(&fonts, paper, &[page], Vec::new(), &about)
}
