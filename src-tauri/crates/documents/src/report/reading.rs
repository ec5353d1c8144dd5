//! The reading: a sign for the band, the recommendation and how far it carries.

use domain::analysis::{Band, Gate};

use crate::fonts::Face;
use crate::ink::{Ink, Mark, Style};
use crate::layout::{Fragment, Piece};
use crate::words;

use super::{BODY, SMALL, STRONG, Sheet};

const HEADLINE: Style = Style::new(Face::SemiBold, 13.0, Ink::Text);

pub fn compose(sheet: &Sheet<'_>) -> Vec<Piece> {
    vec![sheet.heading(words::READING), Piece::new(panel(sheet), 0.0)]
}

fn panel(sheet: &Sheet<'_>) -> Fragment {
    const BAR: f32 = 3.0;
    const LEFT: f32 = 34.0;
    const PADDING: f32 = 9.0;
    let assessment = &sheet.content.assessment;
    let band = words::printed_band(assessment);
    let width = sheet.measure - LEFT - PADDING;
    let named = words::named_class(assessment);
    let mut parts = vec![
        (Fragment::paragraph(sheet.fonts, HEADLINE, &assessment.advice.headline, width), 0.0),
        (Fragment::paragraph(sheet.fonts, BODY, &assessment.advice.text, width), 1.0),
        (
            sheet.fields(
                &[
                    (0.32, words::NAMED_CLASS, &named, STRONG),
                    (0.17, words::BAND, words::band(band), STRONG),
                    (0.235, words::URGENCY, words::urgency(band, assessment.urgency), STRONG),
                    (0.275, words::GATE, words::gate(assessment.gate), BODY),
                ],
                width,
            ),
            6.0,
        ),
    ];
    for note in notes(sheet) {
        parts.push((Fragment::paragraph(sheet.fonts, BODY, &note, width), 3.0));
    }
    let source = words::recommendation_source(assessment);
    parts.push((Fragment::paragraph(sheet.fonts, SMALL, &source, width), 4.0));

    let height = parts.iter().map(|(part, gap)| part.height + gap).sum::<f32>() + 2.0 * PADDING - 2.0;
    let mut panel = Fragment::new(height);
    panel.fill(0.0, 0.0, sheet.measure, height, Ink::Tint);
    panel.fill(0.0, 0.0, BAR, height, Ink::Accent);
    let mut y = PADDING - 2.0;
    panel.marks.extend(sign(band, 19.0, y + HEADLINE.leading() / 2.0));
    for (part, gap) in parts {
        y += gap;
        let tall = part.height;
        panel.place(part, LEFT, y);
        y += tall;
    }
    panel
}

fn notes(sheet: &Sheet<'_>) -> Vec<String> {
    let assessment = &sheet.content.assessment;
    let mut notes = Vec::new();
    if assessment.malignancy_override && assessment.gate != Gate::OutOfDistribution {
        notes.push(words::OVERRIDE.to_owned());
    }
    if let Some(novelty) = assessment.novelty.filter(|novelty| novelty.outside) {
        notes.push(words::novelty(novelty.score, novelty.threshold));
    }
    if assessment.novelty.is_none() {
        notes.push(words::NO_NOVELTY.to_owned());
    }
    if let Some(codes) = assessment.not_named.as_ref().filter(|codes| !codes.is_empty()) {
        notes.push(words::not_named(codes));
    }
    notes
}

/// A shape a band, told apart without colour: ring, triangle, solid diamond; a barred square where
/// no band is printed.
fn sign(band: Option<Band>, x: f32, y: f32) -> Vec<Mark> {
    let stroke = Some((1.5, Ink::Text));
    match band {
        Some(Band::Benign) => vec![Mark::Shape { points: circle(x, y, 6.0), fill: None, stroke }],
        Some(Band::Suspicious) => vec![Mark::Shape {
            points: vec![(x, y - 6.5), (x + 7.2, y + 5.8), (x - 7.2, y + 5.8)],
            fill: Some(Ink::Paper),
            stroke,
        }],
        Some(Band::Malignant) => vec![Mark::Shape {
            points: vec![(x, y - 7.5), (x + 7.5, y), (x, y + 7.5), (x - 7.5, y)],
            fill: Some(Ink::Text),
            stroke: None,
        }],
        None => vec![
            Mark::Shape {
                points: vec![(x - 6.0, y - 6.0), (x + 6.0, y - 6.0), (x + 6.0, y + 6.0), (x - 6.0, y + 6.0)],
                fill: None,
                stroke,
            },
            Mark::Line { from: (x - 6.0, y + 6.0), to: (x + 6.0, y - 6.0), thickness: 1.5, ink: Ink::Text },
        ],
    }
}

pub fn circle(x: f32, y: f32, radius: f32) -> Vec<(f32, f32)> {
    const CORNERS: u8 = 40;
    (0..CORNERS)
        .map(|corner| {
            let turn = f32::from(corner) / f32::from(CORNERS) * std::f32::consts::TAU;
            (x + radius * turn.cos(), y + radius * turn.sin())
        })
        .collect()
}
