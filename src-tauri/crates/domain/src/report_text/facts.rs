//! What a proposed text can speak of. Nothing here says who the patient is.

use jiff::civil::Date;

use crate::analysis::{Band, Gate};
use crate::checklist::{ChecklistKind, ChecklistVerdict};
use crate::comparison::Bounded;
use crate::decision::Plan;
use crate::measure::{DermoscopicColour, Measures};
use crate::model::Label;

/// Everything about one reading that a text can say.
#[derive(Clone, Debug, PartialEq)]
pub struct TextFacts {
    pub gate: Gate,
    pub band: Band,
    /// The class that the gate lets be named, with its calibrated probability.
    pub class: Option<(Label, f64)>,
    /// 0 to 1.
    pub malignant_sum: f64,
    /// 1 to 3.
    pub photographs: usize,
    pub analysed_on: Date,
    /// Of the photograph with a scale, or else of the first that was outlined; nothing where the reading is of a
    /// picture unlike any lesion.
    pub measures: Option<TextMeasures>,
    /// At most one of each kind.
    pub checklists: Vec<TextChecklist>,
    pub plan: Option<Plan>,
    /// Code of the term that the clinician decided on.
    pub impression: Option<String>,
    /// The newest with a photograph of the reading as the later one.
    pub comparison: Option<TextComparison>,
    /// The day of the next look at the lesion.
    pub follow_up: Option<Date>,
}

impl TextFacts {
    /// Whether the model assessed the picture at all.
    #[must_use]
    pub fn assessed(&self) -> bool {
        self.gate != Gate::OutOfDistribution
    }

    pub(super) fn checklist(&self, kind: ChecklistKind) -> Option<&TextChecklist> {
        self.checklists.iter().find(|list| list.kind == kind)
    }
}

/// The measures that a text names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextMeasures {
    /// Largest (Feret) diameter.
    pub diameter_mm: Option<f64>,
    pub area_mm2: Option<f64>,
    /// Axes of asymmetry, 0 to 2.
    pub asymmetry: Option<u8>,
    /// Eighths with an abrupt border, 0 to 8.
    pub border: Option<u8>,
    pub colours: Option<Vec<DermoscopicColour>>,
    /// Sizes are lower bounds.
    pub touches_frame: bool,
}

impl From<&Measures> for TextMeasures {
    fn from(measures: &Measures) -> Self {
        let colours = measures.colours.as_ref();
        Self {
            diameter_mm: measures.size.feret_mm,
            area_mm2: measures.size.area_mm2,
            asymmetry: measures.whole_asymmetry().map(|found| found.score),
            border: measures.whole_border().map(|found| found.score),
            colours: colours.map(|found| found.present.iter().map(|share| share.colour).collect()),
            touches_frame: measures.touches_frame,
        }
    }
}

/// A list that was filled in beside the reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextChecklist {
    pub kind: ChecklistKind,
    pub score: f64,
    /// Nothing while an answer is missing.
    pub verdict: Option<ChecklistVerdict>,
}

/// What became of the size between two photographs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeTrend {
    Grown,
    /// No change beyond the interval of the measurement.
    Unchanged,
    Smaller,
    /// The photographs lie over each other, but no size follows from them.
    Unknown,
    /// They could not be laid over each other.
    NotComparable,
}

/// A comparison with an earlier photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextComparison {
    pub earlier_on: Date,
    /// Area, later over earlier; nothing where no size follows.
    pub area: Option<Bounded>,
    /// Whether the photographs could be laid over each other.
    pub registered: bool,
}

impl TextComparison {
    #[must_use]
    pub fn trend(&self) -> SizeTrend {
        match self.area {
            _ if !self.registered => SizeTrend::NotComparable,
            None => SizeTrend::Unknown,
            Some(area) if area.low > 1.0 => SizeTrend::Grown,
            Some(area) if area.high < 1.0 => SizeTrend::Smaller,
            Some(_) => SizeTrend::Unchanged,
        }
    }
}
