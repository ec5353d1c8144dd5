//! A report with six photographs, from its content to its bytes; beside the same report made by ReportLab.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use documents::{Paper, render_report};
use domain::advice::advise;
use domain::analysis::{Assessment, Band, ClassProbability, Gate};
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::patient::Sex;
use domain::quality::QualityReport;
use domain::report::{
    EditionKind, Letterhead, PrintedSignatures, ReportContent, ReportEdition, ReportImage, SignatureMeaning,
};
use jiff::civil::date;
use vision::phantom::{Phantom, PhantomSpec};

use crate::figure::{Figure, Target, median, megabytes};

const PHOTOGRAPHS: u64 = 6;
const RUNS: usize = 9;
/// Reports in a row, and how many of them warm the allocator up.
const MANY: usize = 1_000;
const WARM: usize = 100;

pub fn run() -> Vec<Figure> {
    let content = content();
    let mut times = Vec::new();
    let mut bytes = 0;
    for run in 0..=RUNS {
        let start = Instant::now();
        bytes = render_report(&content, Paper::A4).expect("a report").len();
        if run > 0 {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let peer = reportlab(&content).map(|ms| ("ReportLab", ms));
    let growth = growth(&content);
    let figure = |name, value, unit, target| Figure { name, value, unit, peer: None, target: Some(target) };
    vec![
        Figure {
            name: "report_6_photographs",
            value: median(times),
            unit: "ms",
            // Without the peer there is no ratio to judge.
            target: peer.map(|_| Target::AtMost(0.5)),
            peer,
        },
        figure("report_6_photographs_size", bytes as f64 / 1e6, "MB", Target::AtMost(1.5)),
        figure("report_1000_in_a_row_memory_growth", growth, "MB", Target::AtMost(8.0)),
    ]
}

/// How much more memory the process holds after many reports than after some, in megabytes.
fn growth(content: &ReportContent) -> f64 {
    let mut after_some = f64::NAN;
    for made in 0..MANY {
        if made == WARM {
            after_some = megabytes("VmRSS");
        }
        std::hint::black_box(render_report(content, Paper::A4).expect("a report"));
    }
    megabytes("VmRSS") - after_some
}

/// Nothing, with a word on standard error, where Python or ReportLab is missing.
fn reportlab(content: &ReportContent) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    for (number, image) in content.images.iter().enumerate() {
        let keep = |name: String, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).ok();
        keep(format!("{number}-photograph.jpg"), &image.photograph)?;
        keep(format!("{number}-overlay.jpg"), image.overlay.as_deref()?)?;
    }
    std::fs::write(folder.path().join("conclusion.txt"), &content.conclusion).ok()?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = support::root().join("tests/bench/report.py");
    measured(&python, &script, folder.path())
}

fn measured(python: &str, script: &Path, folder: &Path) -> Option<f64> {
    let out = Command::new(python).arg(script).arg(folder).arg(RUNS.to_string()).output().ok()?;
    if !out.status.success() {
        eprintln!("the ReportLab peer did not run: {}", String::from_utf8_lossy(&out.stderr));
        return None;
    }
    String::from_utf8_lossy(&out.stdout).trim().parse().ok()
}

fn content() -> ReportContent {
    let label =
        |code: &str, name: &str, malignancy| Label { code: code.into(), name: name.into(), malignancy };
    let probabilities = [
        (label("mel", "Melanoma", Malignancy::Malignant), 0.83),
        (label("nv", "Melanocytic nevus", Malignancy::Benign), 0.12),
        (label("bcc", "Basal cell carcinoma", Malignancy::Malignant), 0.05),
    ];
    let probabilities =
        probabilities.map(|(label, probability)| ClassProbability { label, probability, spread: 0.02 });
    let at = "2026-11-20T14:02:31Z".parse().expect("an instant");
    ReportContent {
        letterhead: Letterhead {
            clinic_name: "Harbour Street Dermatology".into(),
            lines: vec!["12 Harbour Street".into(), "Telephone 0555 0142".into()],
        },
        number: "R-2026-00012".into(),
        created_at: at,
        patient_number: "P-000123".into(),
        patient_name: "Adaeze Okonkwo".into(),
        date_of_birth: date(1971, 3, 9),
        age: 55,
        sex: Sex::Female,
        lesion_label: "L2, mole left calf".into(),
        body_site: "Lower leg, left".into(),
        images: (0..PHOTOGRAPHS).map(photograph).collect(),
        assessment: Assessment {
            malignant_sum: 0.88,
            gate: Gate::Confident,
            label: Some(probabilities[0].label.clone()),
            band: Band::Malignant,
            urgency: Band::Malignant.urgency(),
            malignancy_override: false,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: advise(Gate::Confident, Band::Malignant),
            probabilities: probabilities.to_vec(),
        },
        model: ModelIdentity { name: "lentigo".into(), version: "1".into(), sha256: "3f".repeat(32) },
        analysed_at: at,
        checklists: Vec::new(),
        comparisons: Vec::new(),
        conclusion: "Asymmetric pigmented lesion with an atypical network; excision is planned. ".repeat(12),
        text_origin: None,
        author: "Dr Ines Vidal".into(),
        signatures: Some(PrintedSignatures {
            editions: vec![ReportEdition {
                edition: 1,
                kind: EditionKind::Signed,
                text: String::new(),
                meaning: SignatureMeaning::Author,
                signer_name: "Dr Ines Vidal".into(),
                signed_at: at,
                key_id: "1a2b3c4d5e6f7081".into(),
            }],
            code: "A2".repeat(100),
        }),
        logo: None,
    }
}

fn photograph(seed: u64) -> ReportImage {
    let painted = |width, height, seed| {
        Phantom::render(&PhantomSpec { width, height, irregularity: 0.4, seed, ..PhantomSpec::default() })
    };
    ReportImage {
        caption: "Dermoscopic, 1600 × 1200 pixels".into(),
        photograph: painted(1600, 1200, seed).to_jpeg(92),
        overlay: Some(painted(800, 600, seed + 50).to_jpeg(92)),
        quality: QualityReport { checks: Vec::new(), score: 1.0 },
        measured: None,
    }
}
