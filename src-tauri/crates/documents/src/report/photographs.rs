//! Each photograph beside its attention map, with what its quality checks found.

use domain::report::ReportImage;

use crate::error::DocumentError;
use crate::ink::{Ink, Mark};
use crate::layout::{Fragment, Piece, wrap};
use crate::picture::{Jpeg, Picture};
use crate::words;

use super::{BODY, SMALL, STRONG, Sheet};

/// The pieces and the pictures they refer to by place.
///
/// A single photograph fills half the measure and its notes stand below. Several are set in three
/// columns, the notes in the third, so that the reading stays near the first page.
pub fn compose(sheet: &Sheet<'_>) -> Result<(Vec<Piece>, Vec<Jpeg>), DocumentError> {
    let images = &sheet.content.images;
    let mut pieces = Vec::new();
    let mut pictures = Vec::new();
    if images.is_empty() {
        return Ok((pieces, pictures));
    }
    pieces.push(sheet.heading(words::PHOTOGRAPHS));
    for (index, image) in images.iter().enumerate() {
        let row = if images.len() == 1 {
            single(sheet, image, &mut pictures)?
        } else {
            one_of_several(sheet, index, image, &mut pictures)?
        };
        pieces.push(Piece::new(row, if index == 0 { 0.0 } else { 9.0 }));
    }
    if images.iter().any(|image| image.overlay.is_some()) {
        if let Some(last) = pieces.last_mut() {
            last.keep = true;
        }
        pieces.push(Piece::new(sheet.paragraph(SMALL, words::ATTENTION_LEGEND), 4.0));
    }
    Ok((pieces, pictures))
}

fn single(
    sheet: &Sheet<'_>,
    image: &ReportImage,
    pictures: &mut Vec<Jpeg>,
) -> Result<Fragment, DocumentError> {
    const GUTTER: f32 = 14.0;
    let place = Place { column: (sheet.measure - GUTTER) / 2.0, gutter: GUTTER, tallest: 178.0 };
    let caption = words::photograph(1, 1, Some(&image.caption));
    let mut row = pair(sheet, 0, image, &place, &caption, pictures)?;
    if let Some(warning) = warning(sheet, image, sheet.measure) {
        let top = row.height + 2.0;
        row.height = top + warning.height;
        row.place(warning, 0.0, top);
    }
    if let Some(measured) = measured(sheet, image, sheet.measure) {
        let top = row.height + 2.0;
        row.height = top + measured.height;
        row.place(measured, 0.0, top);
    }
    Ok(row)
}

fn one_of_several(
    sheet: &Sheet<'_>,
    index: usize,
    image: &ReportImage,
    pictures: &mut Vec<Jpeg>,
) -> Result<Fragment, DocumentError> {
    const GUTTER: f32 = 10.0;
    let column = (sheet.measure - 2.0 * GUTTER) / 3.0;
    let place = Place { column, gutter: GUTTER, tallest: 122.0 };
    let caption = words::photograph(index + 1, sheet.content.images.len(), None);
    let mut row = pair(sheet, index, image, &place, &caption, pictures)?;
    let mut notes = Fragment::paragraph(sheet.fonts, BODY, image.caption.trim(), column);
    let warning = warning(sheet, image, column)
        .unwrap_or_else(|| Fragment::paragraph(sheet.fonts, SMALL, words::QUALITY_FINE, column));
    let top = notes.height + 2.0;
    notes.height = top + warning.height;
    notes.place(warning, 0.0, top);
    if let Some(measured) = measured(sheet, image, column) {
        let top = notes.height + 2.0;
        notes.height = top + measured.height;
        notes.place(measured, 0.0, top);
    }
    row.height = row.height.max(notes.height);
    row.place(notes, 2.0 * (column + GUTTER), 0.0);
    Ok(row)
}

fn measured(sheet: &Sheet<'_>, image: &ReportImage, width: f32) -> Option<Fragment> {
    let lesion = image.measured.as_ref()?;
    Some(Fragment::paragraph(sheet.fonts, SMALL, &words::measured(lesion), width))
}

/// Where two pictures side by side stand, in points.
pub(super) struct Place {
    pub column: f32,
    pub gutter: f32,
    pub tallest: f32,
}

/// Photograph left, map right, a caption under each.
fn pair(
    sheet: &Sheet<'_>,
    index: usize,
    image: &ReportImage,
    place: &Place,
    caption: &str,
    pictures: &mut Vec<Jpeg>,
) -> Result<Fragment, DocumentError> {
    let unreadable = || DocumentError::PhotographUnreadable(index);
    let photograph = Picture::decode(&image.photograph).ok_or_else(unreadable)?;
    let size = place.fit(&photograph);
    let mut row = Fragment::new(size.1);
    shown(&mut row, 0.0, size, pictures.len());
    pictures.push(photograph.for_print(size.0).ok_or_else(unreadable)?);

    let right = place.column + place.gutter;
    let attention = if let Some(bytes) = &image.overlay {
        let unreadable = || DocumentError::OverlayUnreadable(index);
        let overlay = Picture::decode(bytes).ok_or_else(unreadable)?;
        let size = place.fit(&overlay);
        shown(&mut row, right, size, pictures.len());
        row.height = row.height.max(size.1);
        pictures.push(overlay.for_print(size.0).ok_or_else(unreadable)?);
        words::ATTENTION
    } else {
        row.fill(right, 0.0, size.0, size.1, Ink::Tint);
        words::NO_ATTENTION
    };
    let top = row.height + 3.0;
    for (x, text) in [(0.0, caption), (right, attention)] {
        let text = Fragment::paragraph(sheet.fonts, SMALL, text, place.column);
        row.height = row.height.max(top + text.height);
        row.place(text, x, top);
    }
    Ok(row)
}

impl Place {
    /// Width and height within the column, the aspect kept.
    pub fn fit(&self, picture: &Picture) -> (f32, f32) {
        /// Below this an extremely narrow picture would print as nothing.
        const THINNEST: f32 = 4.0;
        let width = self.column.min(self.tallest * picture.aspect());
        (width.max(THINNEST), (width / picture.aspect()).max(THINNEST))
    }
}

pub(super) fn shown(row: &mut Fragment, x: f32, (width, height): (f32, f32), picture: usize) {
    row.marks.push(Mark::Picture { x, y: 0.0, width, height, picture });
}

/// A triangle with an exclamation mark and the failed checks; `None` when all passed.
fn warning(sheet: &Sheet<'_>, image: &ReportImage, width: f32) -> Option<Fragment> {
    const INDENT: f32 = 15.0;
    let found: Vec<_> = image.quality.warnings().map(words::quality).collect();
    if found.is_empty() {
        return None;
    }
    let label = format!("{}: ", words::QUALITY_WARNING);
    let label_width = sheet.fonts.width(STRONG, &label);
    let beside = width - INDENT - label_width;
    // In a narrow column the checks start on a line of their own.
    let (left, lines_above, room) =
        if beside < 120.0 { (INDENT, 1, width - INDENT) } else { (INDENT + label_width, 0, beside) };
    let lines = wrap(sheet.fonts, BODY, &found.join("; "), room);
    let mut fragment = Fragment::new(BODY.leading() * (lines_above + lines.len()) as f32);
    let points = vec![(5.5, 1.8), (10.5, 10.8), (0.5, 10.8)];
    fragment.marks.push(Mark::Shape { points, fill: None, stroke: Some((0.9, Ink::Text)) });
    fragment.fill(5.1, 4.9, 0.9, 3.2, Ink::Text);
    fragment.fill(5.1, 8.8, 0.9, 0.9, Ink::Text);
    fragment.text(INDENT, STRONG.baseline(), STRONG, &label);
    for (number, line) in lines.iter().enumerate() {
        let y = BODY.baseline() + (lines_above + number) as f32 * BODY.leading();
        fragment.text(left, y, BODY, line);
    }
    Some(fragment)
}
