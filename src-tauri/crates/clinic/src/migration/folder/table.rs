//! A table of older records: delimiter, header, and rows with what is wrong with them.

use crate::error::Result;
use crate::views::{ImportColumn, ImportTable, ImportWord, TextEncoding};

use super::super::state::number;
use super::super::unreadable;
use super::text;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that the delimiter is guessed from.
const LOOKED_AT: usize = 200;
/// Most rows of a table.
const MOST_ROWS: usize = 200_000;
/// Most columns of a table.
const MOST_COLUMNS: usize = 200;
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 40;
/// A cell that is longer, or has more lines, is a quotation that was never closed.
const LONGEST_CELL: usize = 20_000;
const MOST_LINES: usize = 200;

#[derive(Debug)]
pub(super) struct Line {
    /// In the file, from 1.
    pub number: u32,
    pub cells: Vec<String>,
    pub fault: Option<ImportWord>,
}

#[derive(Debug)]
pub(super) struct Table {
    pub file: String,
    encoding: TextEncoding,
    delimiter: u8,
    pub header: Vec<String>,
    pub lines: Vec<Line>,
}

impl Table {
    /// # Errors
    /// `import_unreadable` with `empty`, `header_only` or `too_many_rows`.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self> {
        let (text, encoding) = text::decoded(bytes);
        if text.trim().is_empty() {
            return Err(unreadable("empty"));
        }
        let delimiter = delimiter(&text);
        let mut records = reader(&text, delimiter).into_records();
        let header: Vec<String> = match records.next() {
            Some(Ok(first)) => first.iter().take(MOST_COLUMNS).map(|name| name.trim().to_owned()).collect(),
            _ => return Err(unreadable("empty")),
        };
        let mut lines = Vec::new();
        for record in records {
            // The reader is lenient: nothing of a text that is held in memory can fail.
            let Ok(record) = record else { continue };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if lines.len() == MOST_ROWS {
                return Err(unreadable("too_many_rows"));
            }
            lines.push(line(&text, &record, header.len()));
        }
        if lines.is_empty() {
            return Err(unreadable("header_only"));
        }
        if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1
            && let Some(last) = lines.last_mut()
            && last.cells.iter().any(|cell| cell.contains('\n'))
        {
            last.fault = Some(ImportWord::Quoting);
        }
        Ok(Self { file: file.to_owned(), encoding, delimiter, header, lines })
    }

    pub fn view(&self) -> ImportTable {
        let column = |(place, name): (usize, &String)| {
            let cells = self.lines.iter().filter_map(|line| line.cells.get(place));
            let samples = cells.filter(|cell| !cell.is_empty()).take(SAMPLES);
            ImportColumn {
                name: name.clone(),
                samples: samples.map(|cell| cell.chars().take(SAMPLE_CHARS).collect()).collect(),
            }
        };
        ImportTable {
            file: self.file.clone(),
            encoding: self.encoding,
            delimiter: char::from(self.delimiter).to_string(),
            rows: number(self.lines.len()),
            columns: self.header.iter().enumerate().map(column).collect(),
        }
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The sign that gives most records as many cells as the first has, and more than one.
fn delimiter(text: &str) -> u8 {
    let quality = |delimiter: u8| -> (usize, usize) {
        let widths: Vec<usize> = reader(text, delimiter)
            .into_records()
            .take(LOOKED_AT)
            .filter_map(|record| record.ok().map(|record| record.len()))
            .collect();
        let first = widths.first().copied().unwrap_or(0);
        if first < 2 {
            return (0, 0);
        }
        (widths.iter().filter(|width| **width == first).count() * 1000 / widths.len(), first)
    };
    let best =
        DELIMITERS.into_iter().map(|sign| (quality(sign), sign)).rev().max_by_key(|(quality, _)| *quality);
    best.map_or(b',', |(_, sign)| sign)
}

fn line(text: &str, record: &csv::StringRecord, columns: usize) -> Line {
    let cells: Vec<String> = record.iter().take(MOST_COLUMNS).map(cell).collect();
    let endless = |cell: &str| cell.len() > LONGEST_CELL || cell.matches('\n').count() > MOST_LINES;
    // Empty cells at the end are what spreadsheets add.
    let beyond = record.iter().skip(columns).any(|cell| !cell.trim().is_empty());
    let fault = if record.iter().any(endless) {
        Some(ImportWord::Quoting)
    } else if record.len() < columns || beyond {
        Some(ImportWord::CellCount)
    } else {
        None
    };
    Line { number: record.position().map_or(0, |position| begins_at(text, position)), cells, fault }
}

/// The line a record begins at; the reader counts empty lines before it as its own.
fn begins_at(text: &str, position: &csv::Position) -> u32 {
    let rest =
        usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let before = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let empty = before.filter(|byte| **byte == b'\n').count() as u64;
    u32::try_from(position.line() + empty).unwrap_or(u32::MAX)
}

/// Takes off the mark that keeps a spreadsheet from taking a text for a formula.
fn cell(text: &str) -> String {
    let text = text.trim();
    let marked = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    marked.unwrap_or(text).chars().take(LONGEST_CELL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    fn read(text: &str) -> Table {
        Table::read("patients.csv", text.as_bytes()).unwrap()
    }

    fn why(bytes: &[u8]) -> String {
        let error: Error = Table::read("patients.csv", bytes).unwrap_err();
        error.details["reason"].as_str().unwrap().to_owned()
    }

    #[test]
    fn delimiters_are_guessed_and_quotes_understood() {
        for (sign, text) in [
            (b',', "name,born,note\nMüller,1971-03-09,\"a; b; c\"\nZhang,1980-01-01,\"x\ny\"\n"),
            (b';', "name;born;note\nMüller;9.3.1971;1,5 mm, dunkel\n"),
            (b'\t', "name\tborn\nMüller\t1971-03-09\n"),
            (b'|', "name|born\nMüller|1971-03-09\n"),
        ] {
            let table = read(text);
            assert_eq!(table.delimiter, sign, "{text}");
            assert!(table.lines.iter().all(|line| line.fault.is_none()), "{text}");
        }
        let table = read("a,b\n1,\"line\nbreak\"\n\n'=1+1,2\n");
        let lines: Vec<(u32, &[String])> = table.lines.iter().map(|l| (l.number, &l.cells[..])).collect();
        assert_eq!(lines[0], (2, &["1".to_owned(), "line\nbreak".to_owned()][..]));
        assert_eq!(lines[1], (5, &["=1+1".to_owned(), "2".to_owned()][..]));
    }

    #[test]
    fn what_holds_no_rows_is_refused_and_bad_rows_are_told() {
        assert_eq!(why(b""), "empty");
        assert_eq!(why(b"\xef\xbb\xbf \n"), "empty");
        assert_eq!(why(b"name,born\n"), "header_only");
        assert_eq!(why(b"name,born\n,\n\n"), "header_only");
        let many = format!("name,born\n{}", "a,b\n".repeat(MOST_ROWS + 1));
        assert_eq!(why(many.as_bytes()), "too_many_rows");

        let faults = |text: &str| read(text).lines.iter().map(|line| line.fault).collect::<Vec<_>>();
        assert_eq!(
            faults("a,b\n1\n1,2\n1,2,\n1,2,3\n"),
            [Some(ImportWord::CellCount), None, None, Some(ImportWord::CellCount)]
        );
        assert_eq!(faults("a,b\n1,\"open\n2,3\n4,5\n"), [Some(ImportWord::Quoting)]);
    }

    #[test]
    fn a_hundred_thousand_rows_are_read() {
        let text = format!("name;born\n{}", "Müller;09.03.1971\n".repeat(100_000));
        assert_eq!(read(&text).lines.len(), 100_000);
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(
            rows in proptest::collection::vec(("[^\\x00\r]{1,20}", "[^\\x00\r]{1,20}", "[^\\x00\r]{0,20}"), 1..20),
            sign in 0..DELIMITERS.len(),
        ) {
            let mut writer = csv::WriterBuilder::new()
                .delimiter(DELIMITERS[sign])
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            writer.write_record(["one", "two", "three"]).unwrap();
            let kept: Vec<_> =
                rows.iter().filter(|(a, b, c)| !(a.trim().is_empty() && b.trim().is_empty() && c.trim().is_empty()))
                    .collect();
            for (a, b, c) in &rows {
                writer.write_record([a, b, c]).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            match Table::read("x.csv", &bytes) {
                Ok(table) => {
                    prop_assert_eq!(table.lines.len(), kept.len());
                    for (line, (a, b, c)) in table.lines.iter().zip(kept) {
                        prop_assert_eq!(&line.cells, &[cell(a), cell(b), cell(c)]);
                    }
                }
                Err(_) => prop_assert!(kept.is_empty()),
            }
        }

        #[test]
        fn no_bytes_are_too_bad_to_be_judged(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(table) = Table::read("x.csv", &bytes) {
                prop_assert!(!table.lines.is_empty() && !table.header.is_empty());
                let _ = table.view();
            }
        }
    }
}
