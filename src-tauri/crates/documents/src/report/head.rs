//! Letterhead, title and the identity of patient and lesion.

use crate::error::DocumentError;
use crate::fonts::Face;
use crate::ink::{Ink, Mark, Style};
use crate::layout::{Fragment, Piece};
use crate::picture::{Jpeg, Picture};
use crate::words;

use super::{BODY, LABEL, STRONG, Sheet};

const CLINIC: Style = Style::new(Face::SemiBold, 12.5, Ink::Text);
const ADDRESS: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
const TITLE: Style = Style::new(Face::SemiBold, 19.0, Ink::Accent);

/// Room for a logo, in points.
const LOGO: (f32, f32) = (150.0, 46.0);
const GUTTER: f32 = 16.0;

/// The logo made ready for print, with its size on paper.
pub struct Logo {
    pub width: f32,
    pub height: f32,
    /// Its place among the pictures of the document.
    pub picture: usize,
}

impl Logo {
    /// # Errors
    /// [`DocumentError::LogoUnreadable`].
    pub fn prepare(bytes: &[u8], picture: usize) -> Result<(Self, Jpeg), DocumentError> {
        let decoded = Picture::decode(bytes).ok_or(DocumentError::LogoUnreadable)?;
        let width = LOGO.0.min(LOGO.1 * decoded.aspect());
        let height = (width / decoded.aspect()).min(LOGO.1);
        let jpeg = decoded.for_print(width).ok_or(DocumentError::LogoUnreadable)?;
        Ok((Self { width, height, picture }, jpeg))
    }

    /// How much of a line it takes, with what keeps it apart from words.
    pub const fn room(&self) -> f32 {
        self.width + GUTTER
    }

    /// Stands at the top of `head`, at the right of `measure`, and makes it as high as itself.
    pub fn place(&self, head: &mut Fragment, measure: f32) {
        let Self { width, height, picture } = *self;
        head.height = head.height.max(height);
        head.marks.push(Mark::Picture { x: measure - width, y: 0.0, width, height, picture });
    }
}

pub fn compose(sheet: &Sheet<'_>, logo: Option<&Logo>) -> Vec<Piece> {
    let mut pieces = letterhead(sheet, logo);
    pieces.push(Piece::new(title(sheet), 10.0).kept());
    pieces.push(Piece::new(identity(sheet), 8.0));
    pieces
}

/// Name and address at the left, the logo at the right, a rule under both.
fn letterhead(sheet: &Sheet<'_>, logo: Option<&Logo>) -> Vec<Piece> {
    let letterhead = &sheet.content.letterhead;
    let width = sheet.measure - logo.map_or(0.0, Logo::room);
    let mut head = Fragment::default();
    let name = letterhead.clinic_name.trim();
    let lines: Vec<_> =
        letterhead.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    for (style, text) in [(CLINIC, name), (ADDRESS, lines.join("  ·  ").as_str())] {
        if !text.is_empty() {
            let part = Fragment::paragraph(sheet.fonts, style, text, width);
            let top = head.height;
            head.height += part.height;
            head.place(part, 0.0, top);
        }
    }
    if let Some(logo) = logo {
        logo.place(&mut head, sheet.measure);
    }
    let mut pieces = Vec::new();
    if head.height > 0.0 {
        pieces.push(Piece::new(head, 0.0).kept());
        let mut rule = Fragment::new(1.2);
        rule.fill(0.0, 0.0, sheet.measure, 1.2, Ink::Accent);
        pieces.push(Piece::new(rule, 6.0));
    }
    pieces
}

fn title(sheet: &Sheet<'_>) -> Fragment {
    let content = sheet.content;
    let mut fragment = Fragment::new(TITLE.leading() + 2.0);
    fragment.text(0.0, TITLE.baseline(), TITLE, words::REPORT);
    let made = words::moment(content.created_at, sheet.zone);
    let rows =
        [(words::REPORT_NUMBER, content.number.as_str(), STRONG), (words::REPORT_DATE, made.as_str(), BODY)];
    let widest =
        rows.iter().map(|&(_, value, style)| sheet.fonts.width(style, value)).fold(0.0_f32, f32::max);
    for (row, (label, value, style)) in rows.into_iter().enumerate() {
        let y = style.baseline() + row as f32 * (BODY.leading() + 0.5);
        fragment.text_right(sheet.fonts, sheet.measure, y, style, value);
        fragment.text_right(sheet.fonts, sheet.measure - widest - 8.0, y, LABEL, label);
    }
    fragment
}

fn identity(sheet: &Sheet<'_>) -> Fragment {
    const PADDING: f32 = 8.0;
    let content = sheet.content;
    let width = sheet.measure - 2.0 * PADDING;
    let born = words::born(content);
    let photographs = content.images.len().to_string();
    let rows = [
        sheet.fields(
            &[
                (0.34, words::NAME, &content.patient_name, STRONG),
                (0.17, words::PATIENT_NUMBER, &content.patient_number, STRONG),
                (0.31, words::DATE_OF_BIRTH, &born, STRONG),
                (0.18, words::SEX, content.sex.name(), BODY),
            ],
            width,
        ),
        sheet.fields(
            &[
                (0.34, words::LESION, &content.lesion_label, BODY),
                (0.48, words::BODY_SITE, &content.body_site, BODY),
                (0.18, words::PHOTOGRAPHS_USED, &photographs, BODY),
            ],
            width,
        ),
    ];
    let height = rows.iter().map(|row| row.height).sum::<f32>() + 2.0 * PADDING + 3.0;
    let mut panel = Fragment::new(height);
    panel.fill(0.0, 0.0, sheet.measure, height, Ink::Tint);
    let mut y = PADDING - 1.0;
    for row in rows {
        let tall = row.height;
        panel.place(row, PADDING, y);
        y += tall + 5.0;
    }
    panel
}
