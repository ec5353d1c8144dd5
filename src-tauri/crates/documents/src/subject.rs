//! The summary of an export: what the clinic has on record about a person, for the person to read.

use jiff::Timestamp;

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, paginate, wrap};
use crate::paper::{BOTTOM, Paper};
use crate::pdf::{About, write};
use crate::words;

const CLINIC: Style = Style::new(Face::SemiBold, 13.0, Ink::Text);
const TITLE: Style = Style::new(Face::SemiBold, 20.0, Ink::Accent);
const HEADING: Style = Style::new(Face::SemiBold, 11.0, Ink::Accent);
const BODY: Style = Style::new(Face::Regular, 9.5, Ink::Text);
const WHEN: Style = Style::new(Face::Regular, 9.5, Ink::Muted);
const FOOT: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
/// Width of the left column.
const LEFT: f32 = 118.0;

/// What the summary says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSummary {
    pub clinic_name: String,
    pub patient_number: String,
    pub patient_name: String,
    pub issued_at: Timestamp,
    /// As printed: when it was made, in the workstation's time zone.
    pub issued: String,
    pub sections: Vec<SummarySection>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummarySection {
    pub title: String,
    /// Where there are none, the section says so.
    pub lines: Vec<SummaryLine>,
}

/// A day or a label on the left, and what it says on the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryLine {
    pub left: String,
    pub right: String,
}

/// Renders the summary over as many pages as it needs, the same bytes for the same content.
///
/// # Errors
/// [`DocumentError`] when the file cannot be made.
pub fn render_subject_summary(summary: &SubjectSummary, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let measure = paper.measure();
    let mut pieces = head(&fonts, summary, measure);
    for section in &summary.sections {
        pieces.push(heading(&section.title, measure));
        if section.lines.is_empty() {
            pieces.push(Piece::new(Fragment::paragraph(&fonts, WHEN, words::SUBJECT_NOTHING, measure), 4.0));
        }
        for line in &section.lines {
            pieces.extend(entry(&fonts, line, measure));
        }
    }
    let foot_top = paper.size().1 - BOTTOM - FOOT.leading() - 6.0;
    let bodies = paginate(pieces, foot_top - 10.0 - Paper::top());
    let count = bodies.len();
    let pages: Vec<Fragment> = bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            let mut page = Fragment::new(paper.size().1);
            page.place(body, Paper::left(), Paper::top());
            page.place(foot(&fonts, summary, index + 1, count, measure), Paper::left(), foot_top);
            page
        })
        .collect();
    let about = About {
        title: words::SUBJECT_TITLE,
        author: &summary.clinic_name,
        created_at: summary.issued_at,
        sealed: false,
    };
    write(&fonts, paper, &pages, Vec::new(), &about)
}

fn head(fonts: &Fonts, summary: &SubjectSummary, measure: f32) -> Vec<Piece> {
    let paragraph = |style, text: &str| Fragment::paragraph(fonts, style, text, measure);
    let whose = format!("{}, {} {}", summary.patient_name, words::PATIENT_NUMBER, summary.patient_number);
    vec![
        Piece::new(paragraph(CLINIC, &summary.clinic_name), 0.0).kept(),
        Piece::new(paragraph(TITLE, words::SUBJECT_TITLE), 10.0).kept(),
        Piece::new(paragraph(BODY, &whose), 4.0).kept(),
        Piece::new(paragraph(WHEN, &summary.issued), 2.0).kept(),
        Piece::new(paragraph(BODY, words::SUBJECT_LEAD), 8.0),
    ]
}

fn heading(title: &str, measure: f32) -> Piece {
    let mut fragment = Fragment::new(HEADING.leading() + 4.0);
    fragment.text(0.0, HEADING.baseline(), HEADING, title);
    fragment.rule(0.0, HEADING.leading() + 1.0, measure, 0.5, Ink::Hairline);
    Piece::new(fragment, 14.0).kept()
}

/// The lines of an entry; a long one may run over pages.
fn entry(fonts: &Fonts, line: &SummaryLine, measure: f32) -> Vec<Piece> {
    let left = wrap(fonts, WHEN, &line.left, LEFT - 10.0);
    let right = wrap(fonts, BODY, &line.right, measure - LEFT);
    let count = left.len().max(right.len());
    let text = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    (0..count)
        .map(|at| {
            let mut fragment = Fragment::new(BODY.leading());
            fragment.text(0.0, WHEN.baseline(), WHEN, &text(&left, at));
            fragment.text(LEFT, BODY.baseline(), BODY, &text(&right, at));
            let piece = Piece::new(fragment, if at == 0 { 3.0 } else { 0.0 });
            if at + 1 < count && (at == 0 || at + 2 == count) { piece.kept() } else { piece }
        })
        .collect()
}

fn foot(fonts: &Fonts, summary: &SubjectSummary, number: usize, count: usize, measure: f32) -> Fragment {
    let mut foot = Fragment::new(FOOT.leading() + 6.0);
    foot.rule(0.0, 0.0, measure, 0.5, Ink::Hairline);
    let whose = format!("{} {}", words::PATIENT_NUMBER, summary.patient_number);
    foot.text(0.0, 5.0 + FOOT.baseline(), FOOT, &whose);
    foot.text_right(fonts, measure, 5.0 + FOOT.baseline(), FOOT, &words::page(number, count));
    foot
}
