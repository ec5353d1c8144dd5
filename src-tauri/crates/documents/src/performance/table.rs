//! A table of texts: the first column from the left, the others even over the rest.

use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, wrap};

const HEAD: Style = Style::new(Face::SemiBold, 7.5, Ink::Muted);
const CELL: Style = Style::new(Face::Regular, 8.0, Ink::Text);
const GAP: f32 = 6.0;

pub(super) struct Table {
    measure: f32,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    first: f32,
}

impl Table {
    /// `first` is the width of the first column; with many others it gives way to them.
    pub fn even(measure: f32, heads: Vec<String>, first: f32) -> Self {
        let others = heads.len().max(2) as f32 - 1.0;
        let first = first.min(measure - others * 30.0).max(50.0);
        Self { measure, heads, rows: Vec::new(), first }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn pieces(&self, fonts: &Fonts) -> Vec<Piece> {
        let mut pieces = vec![Piece::new(self.line(fonts, HEAD, &self.heads, true), 2.0).kept()];
        let count = self.rows.len();
        for (index, cells) in self.rows.iter().enumerate() {
            let piece = Piece::new(self.line(fonts, CELL, cells, false), 1.5);
            // Neither one row alone under its head nor one alone on the next page.
            pieces.push(if index == 0 || index + 2 == count { piece.kept() } else { piece });
        }
        pieces
    }

    fn line(&self, fonts: &Fonts, style: Style, cells: &[String], ruled: bool) -> Fragment {
        let others = self.heads.len().max(2) as f32 - 1.0;
        let width = (self.measure - self.first) / others;
        let mut columns = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            let room = if index == 0 { self.first } else { width } - GAP;
            columns.push(wrap(fonts, style, cell, room));
        }
        let lines = columns.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let mut fragment = Fragment::new(lines as f32 * style.leading() + if ruled { 2.0 } else { 0.0 });
        for (index, column) in columns.iter().enumerate() {
            let x = if index == 0 { 0.0 } else { self.first + (index as f32 - 1.0) * width };
            for (at, text) in column.iter().enumerate() {
                fragment.text(x, at as f32 * style.leading() + style.baseline(), style, text);
            }
        }
        if ruled {
            fragment.rule(0.0, fragment.height - 1.0, self.measure, 0.5, Ink::Hairline);
        }
        fragment
    }
}
