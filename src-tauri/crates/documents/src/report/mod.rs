//! The report of one reading.

mod checklists;
mod closing;
mod comparison;
mod head;
mod photographs;
mod reading;
mod signatures;
mod table;
mod watermark;

use domain::report::{EditionKind, PrintedSignatures, ReportContent};
use jiff::tz::TimeZone;

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, paginate, wrap};
use crate::paper::{BOTTOM, Paper};
use crate::pdf::{About, write};
use crate::words;

pub(crate) use head::Logo;

const BODY: Style = Style::new(Face::Regular, 9.5, Ink::Text);
const STRONG: Style = Style::new(Face::SemiBold, 9.5, Ink::Text);
const SMALL: Style = Style::new(Face::Regular, 7.8, Ink::Muted);
const LABEL: Style = Style::new(Face::Regular, 7.2, Ink::Muted);
const FOOT_IDENTITY: Style = Style::new(Face::SemiBold, 8.0, Ink::Text);
const FOOT: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
const FOOT_DRAFT: Style = Style::new(Face::SemiBold, 7.0, Ink::Text);

/// A picture as the logo it is kept as: a JPEG of at most 300 dots an inch at its printed size, on white.
///
/// # Errors
/// [`DocumentError::LogoUnreadable`] for what is no JPEG or PNG, or has more than 1 GiB of pixels.
pub fn prepare_logo(picture: &[u8]) -> Result<Vec<u8>, DocumentError> {
    head::Logo::prepare(picture, 0).map(|(_, jpeg)| jpeg.bytes)
}

/// Renders the report as a PDF with its times in UTC.
///
/// # Errors
/// [`DocumentError`] when a picture cannot be decoded or the file cannot be made.
pub fn render_report(content: &ReportContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    render_report_in(content, paper, &TimeZone::UTC)
}

/// Renders the report as a PDF with its times in `zone`; each prints its offset from UTC.
///
/// The same content, paper and zone give the same bytes. Photographs are printed at no more than
/// 300 dots an inch and carry none of the metadata of their files.
///
/// # Errors
/// [`DocumentError`] when a picture cannot be decoded or the file cannot be made.
pub fn render_report_in(
    content: &ReportContent,
    paper: Paper,
    zone: &TimeZone,
) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let sheet = Sheet { fonts: &fonts, content, zone, measure: paper.measure() };
    let (photographs, mut pictures) = photographs::compose(&sheet)?;
    let comparisons = comparison::compose(&sheet, &mut pictures)?;
    let logo = content.logo.as_deref().map(|logo| head::Logo::prepare(logo, pictures.len())).transpose()?;
    let logo = logo.map(|(logo, jpeg)| {
        pictures.push(jpeg);
        logo
    });
    let mut pieces = head::compose(&sheet, logo.as_ref());
    pieces.extend(photographs);
    pieces.extend(reading::compose(&sheet));
    pieces.extend(table::compose(&sheet));
    pieces.extend(checklists::compose(&sheet));
    pieces.extend(comparisons);
    pieces.extend(closing::compose(&sheet)?);

    let identity = wrap(&fonts, FOOT_IDENTITY, &words::identity(content), sheet.measure * 0.78);
    let foot_height = 26.0 + FOOT_IDENTITY.leading() * identity.len() as f32;
    let page_height = paper.size().1;
    let foot_top = page_height - BOTTOM - foot_height;
    let bodies = paginate(pieces, foot_top - 10.0 - Paper::top());
    let count = bodies.len();
    let across = across(content).map(|word| watermark::watermark(&fonts, word, paper.size()));
    let pages: Vec<Fragment> = bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            let mut page = Fragment::new(page_height);
            page.marks.extend(across.clone());
            page.place(body, Paper::left(), Paper::top());
            page.place(foot(&sheet, &identity, index + 1, count), Paper::left(), foot_top);
            page
        })
        .collect();
    let about = About {
        title: &format!("{} {}", words::REPORT, content.number),
        author: &content.author,
        created_at: content
            .signatures
            .as_ref()
            .and_then(|s| s.editions.last())
            .map_or(content.created_at, |edition| edition.signed_at),
        sealed: content.signatures.is_some(),
    };
    write(&fonts, paper, &pages, pictures, &about)
}

/// The word across every page of what must not be taken for a valid report.
fn across(content: &ReportContent) -> Option<&'static str> {
    match &content.signatures {
        None => Some(words::DRAFT),
        Some(signatures) => is_withdrawn(signatures).then_some(words::WITHDRAWN),
    }
}

fn is_withdrawn(signatures: &PrintedSignatures) -> bool {
    signatures.editions.iter().any(|edition| edition.kind == EditionKind::Withdrawn)
}

/// What every part of the report is composed with.
struct Sheet<'a> {
    fonts: &'a Fonts,
    content: &'a ReportContent,
    zone: &'a TimeZone,
    /// Width of the text, in points.
    measure: f32,
}

impl Sheet<'_> {
    /// A section title over a hairline; stays with what follows.
    fn heading(&self, title: &str) -> Piece {
        const STYLE: Style = Style::new(Face::SemiBold, 10.5, Ink::Accent);
        let mut fragment = Fragment::new(STYLE.leading() + 6.0);
        fragment.text(0.0, STYLE.baseline(), STYLE, title);
        fragment.rule(0.0, STYLE.leading() + 1.0, self.measure, 0.5, Ink::Hairline);
        Piece::new(fragment, 14.0).kept()
    }

    fn paragraph(&self, style: Style, text: &str) -> Fragment {
        Fragment::paragraph(self.fonts, style, text, self.measure)
    }

    /// A small label with its value below, wrapped to `width`.
    fn field(&self, label: &str, value: &str, style: Style, width: f32) -> Fragment {
        let mut fragment = Fragment::new(LABEL.leading());
        fragment.text(0.0, LABEL.baseline(), LABEL, label);
        let value = Fragment::paragraph(self.fonts, style, value, width);
        let top = fragment.height;
        fragment.height += value.height;
        fragment.place(value, 0.0, top);
        fragment
    }

    /// Fields side by side, each as wide as its share of `width`.
    fn fields(&self, fields: &[(f32, &str, &str, Style)], width: f32) -> Fragment {
        const GUTTER: f32 = 12.0;
        let mut row = Fragment::default();
        let mut x = 0.0;
        for &(share, label, value, style) in fields {
            let field = self.field(label, value, style, share * width - GUTTER);
            row.height = row.height.max(field.height);
            row.place(field, x, 0.0);
            x += share * width;
        }
        row
    }
}

/// Identity and number, the statement, the state and the page, under a hairline.
fn foot(sheet: &Sheet<'_>, identity: &[String], number: usize, count: usize) -> Fragment {
    let mut foot = Fragment::default();
    foot.rule(0.0, 0.0, sheet.measure, 0.5, Ink::Hairline);
    let mut y = 5.0;
    let report = format!("{} {}", words::REPORT_NUMBER, sheet.content.number);
    foot.text_right(sheet.fonts, sheet.measure, y + FOOT_IDENTITY.baseline(), FOOT_IDENTITY, &report);
    for line in identity {
        foot.text(0.0, y + FOOT_IDENTITY.baseline(), FOOT_IDENTITY, line);
        y += FOOT_IDENTITY.leading();
    }
    y += 2.0;
    let baseline = y + FOOT.baseline();
    foot.text(0.0, baseline, FOOT, words::STATEMENT);
    let page = words::page(number, count);
    foot.text_right(sheet.fonts, sheet.measure, baseline, FOOT, &page);
    let state = match &sheet.content.signatures {
        None => words::DRAFT.to_owned(),
        Some(signatures) if is_withdrawn(signatures) => words::WITHDRAWN.to_owned(),
        Some(signatures) => words::signed(signatures.editions.last().map_or(1, |edition| edition.edition)),
    };
    let width = sheet.fonts.width(FOOT_DRAFT, &state);
    let left = (sheet.measure - width) / 2.0;
    foot.text(left, baseline, FOOT_DRAFT, &state);
    foot.frame(left - 5.0, baseline - 8.2, width + 10.0, 11.4, 0.6, Ink::Text);
    foot
}
