//! Numbers about the clinic as tables with bars.

use domain::report::Letterhead;
use jiff::Timestamp;

use crate::column::Column;
use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, paginate, wrap};
use crate::paper::{BOTTOM, Paper};
use crate::pdf::{About, write};
use crate::words;

const HEADING: Style = Style::new(Face::SemiBold, 11.0, Ink::Accent);
const BODY: Style = Style::new(Face::Regular, 9.0, Ink::Text);
const LABEL: Style = Style::new(Face::SemiBold, 7.5, Ink::Muted);
const SMALL: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
const FOOT_HEIGHT: f32 = 18.0;
const ROW: f32 = 14.0;
/// Room for a bar, and its height.
const BAR: (f32, f32) = (110.0, 7.0);
const GAP: f32 = 8.0;
/// Shares of the width that is left beside the bar: the first column, and the others together.
const FIRST: f32 = 0.36;

/// What the pages say. Words come with the content, like those of a letter.
#[derive(Clone, Debug)]
pub struct InsightContent {
    pub letterhead: Letterhead,
    pub title: String,
    /// Under the title: the stretch of time, what is left out.
    pub lead: String,
    pub made_at: Timestamp,
    /// The same for people.
    pub made: String,
    pub tables: Vec<InsightTable>,
}

#[derive(Clone, Debug)]
pub struct InsightTable {
    pub title: String,
    /// The first is of words, the others are of figures.
    pub columns: Vec<String>,
    pub rows: Vec<InsightRow>,
}

#[derive(Clone, Debug)]
pub struct InsightRow {
    /// One a column.
    pub cells: Vec<String>,
    /// Share of the longest bar, 0 to 1; nothing for a row without one.
    pub bar: Option<f32>,
}

/// Renders the tables over as many pages as they need, the same bytes for the same content.
///
/// # Errors
/// [`DocumentError`] when the file cannot be made.
pub fn render_insight(content: &InsightContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let measure = paper.measure();
    let height = paper.size().1;
    let foot_top = height - BOTTOM - FOOT_HEIGHT;
    let bodies = paginate(pieces(content, &fonts, measure), foot_top - Paper::top());
    let count = bodies.len();
    let pages: Vec<Fragment> = bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            let mut page = Fragment::new(height);
            page.place(body, Paper::left(), Paper::top());
            page.place(foot(content, &fonts, measure, (index + 1, count)), Paper::left(), foot_top);
            page
        })
        .collect();
    let about = About {
        title: &content.title,
        author: &content.letterhead.clinic_name,
        created_at: content.made_at,
        sealed: false,
    };
    write(&fonts, paper, &pages, Vec::new(), &about)
}

fn pieces(content: &InsightContent, fonts: &Fonts, measure: f32) -> Vec<Piece> {
    let mut head = Column::new(fonts, measure);
    head.head(&content.letterhead.clinic_name, &content.title, &content.made);
    let lines = content.letterhead.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let address = lines.collect::<Vec<_>>().join("  ·  ");
    for text in [&address, &content.lead] {
        if !text.is_empty() {
            head.paragraph(SMALL, text, 2.0);
        }
    }
    let mut pieces = vec![Piece::new(head.into_fragment(), 0.0)];
    for table in &content.tables {
        pieces.push(Piece::new(Fragment::paragraph(fonts, HEADING, &table.title, measure), 16.0).kept());
        pieces.push(Piece::new(heads(fonts, table, measure), 3.0).kept());
        let last = table.rows.len().saturating_sub(1);
        for (index, row) in table.rows.iter().enumerate() {
            let piece = Piece::new(line(fonts, table, row, measure), 0.0);
            // No page begins or ends with a single row.
            let keep = index == 0 || index + 1 == last;
            pieces.push(if keep && index < last { piece.kept() } else { piece });
        }
    }
    pieces
}

/// Where the columns of figures end, and where the bar begins.
fn places(table: &InsightTable, measure: f32) -> (Vec<f32>, f32) {
    let bar = measure - BAR.0;
    let figures = table.columns.len().saturating_sub(1).max(1) as f32;
    let left = bar * FIRST;
    let width = (bar - left) / figures;
    let ends = (1..table.columns.len()).map(|column| left + width * column as f32 - GAP).collect();
    (ends, bar)
}

fn heads(fonts: &Fonts, table: &InsightTable, measure: f32) -> Fragment {
    let (ends, bar) = places(table, measure);
    let width = (bar - bar * FIRST) / ends.len().max(1) as f32 - GAP;
    let titles: Vec<Vec<String>> =
        table.columns.iter().skip(1).map(|title| wrap(fonts, LABEL, title, width)).collect();
    let lines = titles.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let mut row = Fragment::new(lines as f32 * LABEL.leading() + 3.0);
    let baseline = |line: usize| LABEL.baseline() + line as f32 * LABEL.leading();
    if let Some(first) = table.columns.first() {
        row.text(0.0, baseline(lines - 1), LABEL, first);
    }
    for (end, title) in ends.iter().zip(&titles) {
        for (index, text) in title.iter().enumerate() {
            row.text_right(fonts, *end, baseline(lines - title.len() + index), LABEL, text);
        }
    }
    row.rule(0.0, row.height, measure, 0.5, Ink::Hairline);
    row
}

fn line(fonts: &Fonts, table: &InsightTable, row: &InsightRow, measure: f32) -> Fragment {
    let (ends, bar) = places(table, measure);
    let words = row.cells.first().map(String::as_str).unwrap_or_default();
    let first = Fragment::paragraph(fonts, BODY, words, bar * FIRST - GAP);
    let inset = (ROW - BODY.leading()) / 2.0;
    let mut part = Fragment::new(ROW.max(first.height + 2.0 * inset));
    part.place(first, 0.0, inset);
    for (end, figure) in ends.iter().zip(row.cells.iter().skip(1)) {
        part.text_right(fonts, *end, inset + BODY.baseline(), BODY, figure);
    }
    if let Some(share) = row.bar {
        let top = (ROW - BAR.1) / 2.0;
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        part.rule(bar, ROW / 2.0, BAR.0, 0.4, Ink::Hairline);
        if share > 0.0 {
            part.fill(bar, top, (BAR.0 * share).max(0.6), BAR.1, Ink::Accent);
        }
    }
    part.rule(0.0, part.height, measure, 0.3, Ink::Hairline);
    part
}

fn foot(content: &InsightContent, fonts: &Fonts, measure: f32, (number, count): (usize, usize)) -> Fragment {
    let mut foot = Fragment::new(FOOT_HEIGHT);
    foot.rule(0.0, 0.0, measure, 0.5, Ink::Hairline);
    let baseline = 5.0 + SMALL.baseline();
    foot.text(0.0, baseline, SMALL, &content.title);
    foot.text_right(fonts, measure, baseline, SMALL, &words::page(number, count));
    foot
}
