//! The curve and the reliability diagram, in lines that need no colour.

use domain::statistics::{Calibration, Roc};

use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Mark, Style};
use crate::layout::Fragment;

const SIDE: f32 = 170.0;
const LEFT: f32 = 34.0;
const LABEL: Style = Style::new(Face::Regular, 7.5, Ink::Muted);

/// Sensitivity over one minus specificity; the diagonal is chance.
pub(super) fn curve(fonts: &Fonts, roc: &Roc) -> Fragment {
    let mut plot = frame(fonts, "1 − specificity", "Sensitivity");
    let points: Vec<(f32, f32)> =
        roc.points.iter().map(|point| at(point.false_positives, point.sensitivity)).collect();
    polyline(&mut plot, &points);
    plot
}

/// How often malignant over what was said, with intervals; on the diagonal the two are the same.
pub(super) fn reliability(fonts: &Fonts, calibration: &Calibration) -> Fragment {
    const DOT: f32 = 3.0;
    let mut plot = frame(fonts, "Said", "Malignant");
    let mut points = Vec::new();
    for bin in &calibration.bins {
        let (Some(said), Some(came), Some(within)) = (bin.said, bin.malignant.value, bin.malignant.interval)
        else {
            continue;
        };
        plot.marks.push(Mark::Line {
            from: at(said, within.low),
            to: at(said, within.high),
            thickness: 0.6,
            ink: Ink::Muted,
        });
        let (x, y) = at(said, came);
        plot.fill(x - DOT / 2.0, y - DOT / 2.0, DOT, DOT, Ink::Text);
        points.push((x, y));
    }
    polyline(&mut plot, &points);
    plot
}

fn frame(fonts: &Fonts, across: &str, up: &str) -> Fragment {
    let mut plot = Fragment::new(SIDE + 12.0 + 2.0 * LABEL.leading());
    plot.text(0.0, LABEL.baseline(), LABEL, up);
    plot.frame(LEFT, top(), SIDE, SIDE, 0.6, Ink::Text);
    plot.marks.push(Mark::Line { from: at(0.0, 0.0), to: at(1.0, 1.0), thickness: 0.5, ink: Ink::Hairline });
    for (share, text) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
        let (x, y) = at(share, share);
        plot.text_right(fonts, LEFT - 4.0, y + LABEL.size * 0.36, LABEL, text);
        plot.text(x - 3.0, top() + SIDE + LABEL.leading(), LABEL, text);
    }
    plot.text(LEFT + SIDE + 14.0, top() + SIDE + LABEL.leading(), LABEL, across);
    plot
}

fn top() -> f32 {
    LABEL.leading() + 2.0
}

fn at(x: f64, y: f64) -> (f32, f32) {
    (LEFT + x as f32 * SIDE, top() + (1.0 - y as f32) * SIDE)
}

fn polyline(plot: &mut Fragment, points: &[(f32, f32)]) {
    for pair in points.windows(2) {
        plot.marks.push(Mark::Line { from: pair[0], to: pair[1], thickness: 1.1, ink: Ink::Accent });
    }
}
