//! The probabilities as figures and bars.

use domain::analysis::{Assessment, ClassProbability, Gate, PredictionSet};
use domain::model::Malignancy;

use crate::ink::{Ink, Mark};
use crate::layout::{Fragment, Piece};
use crate::words;

use super::reading::circle;
use super::{BODY, LABEL, SMALL, STRONG, Sheet};

const ROW: f32 = 15.0;
const BAR_HEIGHT: f32 = 7.5;
/// A table up to this long is never split.
const WHOLE: usize = 14;

/// Positions across the measure, in points.
struct Columns {
    class: f32,
    nature: f32,
    set: Option<f32>,
    range_right: Option<f32>,
    probability_right: f32,
    bar: f32,
    right: f32,
}

pub fn compose(sheet: &Sheet<'_>) -> Vec<Piece> {
    let assessment = &sheet.content.assessment;
    if assessment.probabilities.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<&ClassProbability> = assessment.probabilities.iter().collect();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let columns = columns(sheet);
    let unnamed = matches!(assessment.gate, Gate::OutOfDistribution | Gate::Inconclusive);
    let title = if unnamed { words::PROBABILITIES_UNNAMED } else { words::PROBABILITIES };
    let mut pieces = vec![sheet.heading(title)];
    let warning = match assessment.gate {
        Gate::OutOfDistribution => Some(words::NOT_VALID),
        Gate::Inconclusive => Some(words::BELOW_GATE),
        Gate::Uncertain | Gate::Confident => None,
    };
    if let Some(warning) = warning {
        pieces.push(Piece::new(sheet.paragraph(BODY, warning), 0.0).kept());
    }
    let gap = if warning.is_some() { 5.0 } else { 0.0 };
    pieces.push(Piece::new(column_heads(sheet, &columns), gap).kept());
    let count = sorted.len();
    for (index, class) in sorted.into_iter().enumerate() {
        let mut piece = Piece::new(class_row(sheet, &columns, class), 0.0);
        piece.keep = count <= WHOLE || index < 2 || index + 3 > count;
        pieces.push(piece);
    }
    pieces.push(Piece::new(sum_row(sheet, &columns), 0.0).kept());
    pieces.push(Piece::new(sheet.paragraph(SMALL, &footnotes(sheet, &columns)), 4.0));
    pieces
}

fn columns(sheet: &Sheet<'_>) -> Columns {
    let assessment = &sheet.content.assessment;
    let right = sheet.measure;
    let bar = right - 108.0;
    let probability_right = bar - 10.0;
    let averaged = sheet.content.images.len() > 1;
    let range_right = averaged.then_some(probability_right - 54.0);
    let set_left = range_right.map_or(probability_right - 86.0, |right| right - 68.0);
    let set = printed_set(assessment).map(|_| set_left);
    let nature = set_left - 78.0;
    Columns { class: 0.0, nature, set, range_right, probability_right, bar, right }
}

/// The prediction set, which holds for lesions of the model's domain alone.
fn printed_set(assessment: &Assessment) -> Option<&PredictionSet> {
    let outside = assessment.gate == Gate::OutOfDistribution;
    assessment.prediction_set.as_ref().filter(|_| !outside)
}

fn column_heads(sheet: &Sheet<'_>, columns: &Columns) -> Fragment {
    let mut row = Fragment::new(LABEL.leading() + 2.0);
    let y = LABEL.baseline();
    row.text(columns.class, y, LABEL, words::CLASS);
    row.text(columns.nature, y, LABEL, words::NATURE);
    if let Some(set) = columns.set {
        row.text(set, y, LABEL, words::IN_SET);
    }
    if let Some(right) = columns.range_right {
        row.text_right(sheet.fonts, right, y, LABEL, words::RANGE);
    }
    row.text_right(sheet.fonts, columns.probability_right, y, LABEL, words::PROBABILITY);
    row.rule(0.0, row.height, sheet.measure, 0.4, Ink::Hairline);
    row
}

fn class_row(sheet: &Sheet<'_>, columns: &Columns, class: &ClassProbability) -> Fragment {
    let assessment = &sheet.content.assessment;
    let name = format!("{} ({})", class.label.name, class.label.code);
    let name = Fragment::paragraph(sheet.fonts, BODY, &name, columns.nature - columns.class - 8.0);
    let height = ROW.max(name.height + 1.5);
    let inset = (ROW - BODY.leading()) / 2.0;
    let y = inset + BODY.baseline();
    let mut row = Fragment::new(height);
    row.place(name, columns.class, inset);
    row.marks.push(nature_sign(class.label.malignancy, columns.nature + 4.0, ROW / 2.0));
    row.text(columns.nature + 12.0, y, BODY, words::nature(class.label.malignancy));
    let in_set = printed_set(assessment).is_some_and(|set| set.codes.contains(&class.label.code));
    if let Some(set) = columns.set.filter(|_| in_set) {
        row.text(set, y, BODY, words::YES);
    }
    if let Some(right) = columns.range_right {
        row.text_right(sheet.fonts, right, y, BODY, &words::percent(class.spread));
    }
    let probability = words::percent(class.probability);
    row.text_right(sheet.fonts, columns.probability_right, y, BODY, &probability);
    bar(&mut row, columns, class.probability, class.label.malignancy);
    row.rule(0.0, height, sheet.measure, 0.3, Ink::Hairline);
    row
}

fn sum_row(sheet: &Sheet<'_>, columns: &Columns) -> Fragment {
    let sum = sheet.content.assessment.malignant_sum;
    let mut row = Fragment::new(ROW + 1.0);
    let y = (ROW - STRONG.leading()) / 2.0 + STRONG.baseline();
    row.text(columns.class, y, STRONG, words::MALIGNANT_SUM);
    let figure = words::percent(sum);
    row.text_right(sheet.fonts, columns.probability_right, y, STRONG, &figure);
    bar(&mut row, columns, sum, Malignancy::Malignant);
    row.rule(0.0, ROW + 1.0, sheet.measure, 0.8, Ink::Text);
    row
}

fn footnotes(sheet: &Sheet<'_>, columns: &Columns) -> String {
    let assessment = &sheet.content.assessment;
    let mut notes = Vec::new();
    if let Some(set) = printed_set(assessment) {
        let name = |code: &String| {
            assessment
                .probabilities
                .iter()
                .find(|class| class.label.code == *code)
                .map_or_else(|| code.clone(), |class| class.label.name.clone())
        };
        let names: Vec<String> = set.codes.iter().map(name).collect();
        notes.push(words::prediction_set(&names, set.coverage));
    }
    if columns.range_right.is_some() {
        notes.push(words::RANGE_NOTE.to_owned());
    }
    notes.join(" ")
}

/// Ring, triangle, diamond: the signs of the bands, small.
fn nature_sign(malignancy: Malignancy, x: f32, y: f32) -> Mark {
    match malignancy {
        Malignancy::Benign => {
            Mark::Shape { points: circle(x, y, 2.6), fill: None, stroke: Some((0.9, Ink::Text)) }
        }
        Malignancy::Premalignant => Mark::Shape {
            points: vec![(x, y - 3.0), (x + 3.3, y + 2.6), (x - 3.3, y + 2.6)],
            fill: None,
            stroke: Some((0.9, Ink::Text)),
        },
        Malignancy::Malignant => Mark::Shape {
            points: vec![(x, y - 3.6), (x + 3.6, y), (x, y + 3.6), (x - 3.6, y)],
            fill: Some(Ink::Text),
            stroke: None,
        },
    }
}

/// Solid for malignant, hatched for premalignant, open for benign classes.
fn bar(row: &mut Fragment, columns: &Columns, share: f64, malignancy: Malignancy) {
    let full = columns.right - columns.bar;
    let length = full * (if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }) as f32;
    let top = (ROW - BAR_HEIGHT) / 2.0;
    row.rule(columns.bar, ROW / 2.0, full, 0.4, Ink::Hairline);
    if length < 0.3 {
        return;
    }
    let fill = if malignancy == Malignancy::Malignant { Ink::Text } else { Ink::Paper };
    row.fill(columns.bar, top, length, BAR_HEIGHT, fill);
    if malignancy == Malignancy::Premalignant {
        row.marks.extend(hatching(columns.bar, top, length));
    }
    row.frame(columns.bar, top, length, BAR_HEIGHT, 0.7, Ink::Text);
}

/// Lines at 45° within a bar.
fn hatching(left: f32, top: f32, length: f32) -> Vec<Mark> {
    const STEP: f32 = 3.2;
    let count = ((length + BAR_HEIGHT) / STEP) as usize;
    (1..=count)
        .map(|line| {
            // The line x + y = reach, cut where it leaves the bar.
            let reach = line as f32 * STEP;
            let start = (reach - BAR_HEIGHT).max(0.0);
            let end = reach.min(length);
            Mark::Line {
                from: (left + start, top + reach - start),
                to: (left + end, top + reach - end),
                thickness: 0.6,
                ink: Ink::Text,
            }
        })
        .collect()
}
