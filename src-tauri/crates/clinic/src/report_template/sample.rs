//! A reading of no patient, for trying templates and language models.

use domain::analysis::{Band, Gate};
use domain::checklist::{ChecklistKind, ChecklistVerdict};
use domain::comparison::Bounded;
use domain::decision::Plan;
use domain::measure::DermoscopicColour;
use domain::model::{Label, Malignancy};
use domain::report_text::{TextChecklist, TextComparison, TextFacts, TextMeasures};
use jiff::civil::date;

/// A reading in a band, with everything filled in beside it.
pub(crate) fn facts(band: Band) -> TextFacts {
    let (code, name, malignancy, probability, malignant_sum) = match band {
        Band::Benign => ("nv", "Melanocytic naevus", Malignancy::Benign, 0.912, 0.031),
        Band::Suspicious => ("nv", "Melanocytic naevus", Malignancy::Benign, 0.664, 0.247),
        Band::Malignant => ("mel", "Melanoma", Malignancy::Malignant, 0.846, 0.883),
    };
    let (verdict, score, plan) = match band {
        Band::Benign => (ChecklistVerdict::Benign, 3.2, Plan::Reassure),
        Band::Suspicious => (ChecklistVerdict::Suspicious, 5.1, Plan::Monitor { months: 3 }),
        Band::Malignant => (ChecklistVerdict::HighlySuspicious, 6.4, Plan::Biopsy),
    };
    let gate = if band == Band::Suspicious { Gate::Uncertain } else { Gate::Confident };
    let label = Label { code: code.to_owned(), name: name.to_owned(), malignancy };
    TextFacts {
        gate,
        band,
        class: Some((label, probability)),
        malignant_sum,
        photographs: 2,
        analysed_on: date(2026, 3, 5),
        measures: Some(TextMeasures {
            diameter_mm: Some(6.3),
            area_mm2: Some(24.8),
            asymmetry: Some(1),
            border: Some(3),
            colours: Some(vec![DermoscopicColour::LightBrown, DermoscopicColour::DarkBrown]),
            touches_frame: false,
        }),
        checklists: vec![TextChecklist { kind: ChecklistKind::Abcd, score, verdict: Some(verdict) }],
        plan: Some(plan),
        impression: Some(code.to_owned()),
        comparison: Some(TextComparison {
            earlier_on: date(2025, 11, 28),
            area: Some(Bounded { value: 1.08, low: 0.94, high: 1.24 }),
            registered: true,
        }),
        follow_up: Some(date(2026, 6, 5)),
    }
}
