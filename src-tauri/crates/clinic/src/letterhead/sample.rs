//! A report on nobody, to see a letterhead on.

use domain::advice::advise;
use domain::analysis::{Assessment, Band, ClassProbability, Gate, Novelty};
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::patient::Sex;
use domain::report::{Letterhead, ReportContent};
use jiff::Timestamp;
use jiff::civil::date;

/// Every word of it says that it is a sample.
pub fn report(letterhead: Letterhead, logo: Option<Vec<u8>>, now: Timestamp) -> ReportContent {
    let label = Label { code: "nv".into(), name: "Sample class".into(), malignancy: Malignancy::Benign };
    let assessment = Assessment {
        probabilities: vec![ClassProbability { label: label.clone(), probability: 1.0, spread: 0.0 }],
        malignant_sum: 0.0,
        gate: Gate::Confident,
        label: Some(label),
        band: Band::Benign,
        urgency: Band::Benign.urgency(),
        malignancy_override: false,
        prediction_set: None,
        not_named: None,
        novelty: Some(Novelty { score: 0.0, threshold: 1.0, outside: false }),
        advice: advise(Gate::Confident, Band::Benign),
    };
    ReportContent {
        letterhead,
        number: "R-0000-00000".into(),
        created_at: now,
        patient_number: "P-000000".into(),
        patient_name: "Sample Patient".into(),
        date_of_birth: date(1970, 1, 1),
        age: 50,
        sex: Sex::Unknown,
        lesion_label: "Sample lesion".into(),
        body_site: "Sample site".into(),
        images: Vec::new(),
        assessment,
        model: ModelIdentity { name: "sample".into(), version: "0".into(), sha256: "0".repeat(64) },
        analysed_at: now,
        checklists: Vec::new(),
        comparisons: Vec::new(),
        conclusion: "This page shows the letterhead. It is about nobody.".into(),
        text_origin: None,
        author: "Sample Author".into(),
        signatures: None,
        logo,
    }
}
