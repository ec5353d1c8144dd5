//! A place on the figures of the body map.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::{FieldProblem, ProblemCode};

/// The figures of the body map. Left and right are the patient's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BodyView {
    Front,
    Back,
    HeadFront,
    HeadBack,
    HeadLeft,
    HeadRight,
    HeadTop,
    HandLeftPalmar,
    HandLeftDorsal,
    HandRightPalmar,
    HandRightDorsal,
    FootLeftPlantar,
    FootLeftDorsal,
    FootRightPlantar,
    FootRightDorsal,
}

/// A point of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LesionPlace {
    pub view: BodyView,
    /// From the left edge of the figure's own box as it is seen, 0 to 1.
    pub x: f64,
    /// From its upper edge, 0 to 1.
    pub y: f64,
}

impl LesionPlace {
    /// Steps a coordinate is kept in: a ten-thousandth of the figure is a fifth of a millimetre of a person.
    const STEPS: f64 = 10_000.0;

    /// # Errors
    /// A coordinate outside 0 to 1.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let inside = |value: f64| (0.0..=1.0).contains(&value);
        if inside(self.x) && inside(self.y) {
            return Ok(());
        }
        Err(vec![FieldProblem::new("place", ProblemCode::NotAllowed)])
    }

    /// The place in the steps it is kept in, so that what comes back is what was written.
    #[must_use]
    pub fn rounded(self) -> Self {
        let step = |value: f64| (value * Self::STEPS).round() / Self::STEPS;
        Self { x: step(self.x), y: step(self.y), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_on_its_figure() {
        let at = |x, y| LesionPlace { view: BodyView::Back, x, y };
        for good in [at(0.0, 1.0), at(0.5, 0.25)] {
            assert_eq!(good.validate(), Ok(()));
        }
        for bad in [at(-0.01, 0.5), at(0.5, 1.01), at(f64::NAN, 0.5), at(0.5, f64::INFINITY)] {
            assert_eq!(bad.validate().unwrap_err()[0].field, "place");
        }
        assert_eq!(at(0.123_456, 2.0 / 3.0).rounded(), at(0.1235, 0.6667));
    }
}
