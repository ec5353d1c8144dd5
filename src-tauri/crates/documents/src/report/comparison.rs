//! A photograph of the reading beside an earlier one, and the change that was measured.

use domain::comparison::{Alignment, Change, ComparedOutline, Comparison, Monitoring};
use domain::report::{ComparedPicture, PrintedComparison};

use crate::error::DocumentError;
use crate::ink::{Ink, Mark};
use crate::layout::{Fragment, Piece};
use crate::picture::{Jpeg, Picture};
use crate::words;

use super::photographs::{Place, shown};
use super::{BODY, LABEL, SMALL, Sheet};

const GUTTER: f32 = 14.0;

/// The pieces; their pictures are added to `pictures`.
pub fn compose(sheet: &Sheet<'_>, pictures: &mut Vec<Jpeg>) -> Result<Vec<Piece>, DocumentError> {
    let mut pieces = Vec::new();
    for (index, compared) in sheet.content.comparisons.iter().enumerate() {
        if index == 0 {
            pieces.push(sheet.heading(words::COMPARISON));
        }
        let before = if index == 0 { 0.0 } else { 12.0 };
        pieces.push(Piece::new(side_by_side(sheet, index, compared, pictures)?, before).kept());
        pieces.push(Piece::new(sheet.paragraph(SMALL, words::OUTLINE_LEGEND), 2.0).kept());
        let lines = lines(compared);
        let last = lines.len() - 1;
        for (number, (label, value)) in lines.iter().enumerate() {
            let mut piece = Piece::new(line(sheet, label, value), if number == 0 { 5.0 } else { 0.0 });
            piece.keep = number != last;
            pieces.push(piece);
        }
        if let Some(last) = pieces.last_mut() {
            last.keep = true;
        }
        let by =
            words::compared_by(&compared.author, &words::moment(compared.comparison.compared_at, sheet.zone));
        let note = format!("{} {by}", words::CHANGE_STATEMENT);
        pieces.push(Piece::new(sheet.paragraph(SMALL, &note), 4.0));
    }
    Ok(pieces)
}

/// Earlier left, later right, each with its outline and its day.
fn side_by_side(
    sheet: &Sheet<'_>,
    index: usize,
    compared: &PrintedComparison,
    pictures: &mut Vec<Jpeg>,
) -> Result<Fragment, DocumentError> {
    let place = Place { column: (sheet.measure - GUTTER) / 2.0, gutter: GUTTER, tallest: 178.0 };
    let [earlier, later] = &compared.pictures;
    let sides = [
        (0.0, earlier, &compared.comparison.earlier_outline, words::earlier(earlier.day)),
        (place.column + place.gutter, later, &compared.comparison.later_outline, words::later(later.day)),
    ];
    let mut row = Fragment::default();
    for (x, picture, outline, _) in &sides {
        let side = photograph(sheet, index, picture, outline, &place, pictures)?;
        row.height = row.height.max(side.height);
        row.place(side, *x, 0.0);
    }
    let top = row.height + 3.0;
    for (x, _, _, caption) in sides {
        let caption = Fragment::paragraph(sheet.fonts, SMALL, &caption, place.column);
        row.height = row.height.max(top + caption.height);
        row.place(caption, x, top);
    }
    Ok(row)
}

fn photograph(
    sheet: &Sheet<'_>,
    index: usize,
    compared: &ComparedPicture,
    outline: &ComparedOutline,
    place: &Place,
    pictures: &mut Vec<Jpeg>,
) -> Result<Fragment, DocumentError> {
    let Some(bytes) = &compared.photograph else {
        let mut gone = Fragment::new(40.0);
        gone.fill(0.0, 0.0, place.column, gone.height, Ink::Tint);
        gone.place(Fragment::paragraph(sheet.fonts, SMALL, words::DESTROYED, place.column - 16.0), 8.0, 12.0);
        return Ok(gone);
    };
    let unreadable = || DocumentError::ComparedPhotographUnreadable(index);
    let picture = Picture::decode(bytes).ok_or_else(unreadable)?;
    let size = place.fit(&picture);
    let mut side = Fragment::new(size.1);
    shown(&mut side, 0.0, size, pictures.len());
    pictures.push(picture.for_print(size.0).ok_or_else(unreadable)?);
    if let ComparedOutline::Found { polygon } = outline {
        side.marks.extend(drawn(polygon, (compared.width, compared.height), size));
    }
    Ok(side)
}

/// A dark line with a light core, which stands out from skin and lesion alike.
fn drawn(polygon: &[[f64; 2]], of: (u32, u32), size: (f32, f32)) -> Vec<Mark> {
    if polygon.len() < 3 || of.0 == 0 || of.1 == 0 {
        return Vec::new();
    }
    let scale = (f64::from(size.0) / f64::from(of.0), f64::from(size.1) / f64::from(of.1));
    let points: Vec<(f32, f32)> =
        polygon.iter().map(|[x, y]| ((x * scale.0) as f32, (y * scale.1) as f32)).collect();
    [(1.5, Ink::Text), (0.6, Ink::Paper)]
        .map(|stroke| Mark::Shape { points: points.clone(), fill: None, stroke: Some(stroke) })
        .into()
}

/// What is told of a pair, each with its label; never empty.
fn lines(compared: &PrintedComparison) -> Vec<(&'static str, String)> {
    let comparison = &compared.comparison;
    let [earlier, later] = compared.pictures.each_ref().map(|picture| picture.day);
    let days = earlier.until(later).map_or(0, |span| i64::from(span.get_days()));
    let laid = match &comparison.alignment {
        Alignment::Registered { registration } => words::registered(registration),
        Alignment::Refused { reason } => words::refused(*reason).to_owned(),
    };
    let mut lines = vec![("", format!("{}. {laid}", words::apart(days)))];
    lines.extend(gap(comparison).map(|text| ("", text.to_owned())));
    if let Some(change) = &comparison.change {
        lines.extend(change.scale_conflict.map(|ratio| ("", words::scale_conflict(ratio))));
        sizes(change, &mut lines);
        appearance(change, &mut lines);
    }
    lines.push((words::MONITORING, words::monitoring(Monitoring::of_days(days)).to_owned()));
    lines
}

fn gap(comparison: &Comparison) -> Option<&'static str> {
    [&comparison.earlier_outline, &comparison.later_outline].into_iter().find_map(|outline| match outline {
        ComparedOutline::Missing { reason } => Some(words::no_outline(*reason)),
        ComparedOutline::Found { .. } => None,
    })
}

fn sizes(change: &Change, lines: &mut Vec<(&'static str, String)>) {
    let Some(size) = &change.size else {
        let why = if change.touches_frame { words::SIZE_AT_FRAME } else { words::SIZE_UNKNOWN };
        lines.push((words::SIZE, why.to_owned()));
        return;
    };
    let figures = [
        (words::AREA, &size.area, size.areas_mm2, "mm²"),
        (words::DIAMETER, &size.diameter, size.diameters_mm, "mm"),
    ];
    for (label, ratio, lengths, unit) in figures {
        let lengths =
            lengths.map(|[a, b]| format!("{}, ", words::from_to(a, b, 1, unit))).unwrap_or_default();
        let basis = words::basis(size.basis);
        lines.push((label, format!("{lengths}{}, {basis}; {}", words::growth(ratio), words::beyond(ratio))));
    }
    if let (Some(gained), Some(lost)) = (change.gained, change.lost) {
        lines.push((words::NEW_AND_LOST, words::new_and_lost(gained, lost)));
    }
}

fn appearance(change: &Change, lines: &mut Vec<(&'static str, String)>) {
    lines.extend(change.colour.as_ref().map(|colour| (words::MEAN_COLOUR, words::mean_colour(colour))));
    if !change.colours.is_empty() {
        let shifts: Vec<String> = change.colours.iter().map(words::colour_shift).collect();
        lines.push((words::COLOURS, shifts.join(", ")));
    }
    let both = [
        (words::ASYMMETRY, change.asymmetry, 2),
        (words::BORDER, change.border, 0),
        (words::COMPACTNESS, Some(change.compactness), 2),
    ];
    for (label, figure, digits) in both {
        lines.extend(figure.map(|both| (label, words::from_to(both.earlier, both.later, digits, ""))));
    }
}

/// A label and its value over a hairline; without a label the value takes the whole measure.
fn line(sheet: &Sheet<'_>, label: &str, value: &str) -> Fragment {
    const BESIDE: f32 = 128.0;
    if label.is_empty() {
        return sheet.paragraph(BODY, value);
    }
    let value = Fragment::paragraph(sheet.fonts, BODY, value, sheet.measure - BESIDE);
    let mut row = Fragment::new(value.height + 3.0);
    row.text(0.0, 1.5 + BODY.baseline(), LABEL, label);
    row.place(value, BESIDE, 1.5);
    row.rule(0.0, row.height, sheet.measure, 0.3, Ink::Hairline);
    row
}
