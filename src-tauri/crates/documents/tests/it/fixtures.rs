//! A patient who never was, and pictures that were never taken.

use std::io::Cursor;

use domain::advice::advise;
use domain::analysis::{Assessment, Band, ClassProbability, Gate, Novelty, PredictionSet};
use domain::measure::{
    Asymmetry, AxisFold, Border, ColourShare, Colours, DermoscopicColour, Measures, Shape, Size, Texture,
};
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::outline::{MeasuredLesion, OutlineMethod};
use domain::patient::Sex;
use domain::quality::{QualityCheck, QualityCode, QualityReport};
use domain::report::{Letterhead, ReportContent, ReportImage};
use domain::tds::TdsProposal;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jiff::civil::date;

const CLASSES: [(&str, &str, Malignancy); 8] = [
    ("mel", "Melanoma", Malignancy::Malignant),
    ("nv", "Melanocytic nevus", Malignancy::Benign),
    ("bcc", "Basal cell carcinoma", Malignancy::Malignant),
    ("akiec", "Actinic keratosis / Bowen's disease", Malignancy::Premalignant),
    ("bkl", "Benign keratosis-like lesion", Malignancy::Benign),
    ("df", "Dermatofibroma", Malignancy::Benign),
    ("vasc", "Vascular lesion", Malignancy::Benign),
    ("scc", "Squamous cell carcinoma", Malignancy::Malignant),
];

fn label(index: usize) -> Label {
    let (code, name, malignancy) = CLASSES[index];
    Label { code: code.to_owned(), name: name.to_owned(), malignancy }
}

pub fn assessment(gate: Gate, band: Band, shares: [f64; 8]) -> Assessment {
    let probabilities: Vec<_> = shares
        .into_iter()
        .enumerate()
        .map(|(index, probability)| ClassProbability { label: label(index), probability, spread: 0.0 })
        .collect();
    let malignant_sum = shares[0] + shares[2] + shares[7];
    let leading = (0..8).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).map(label);
    Assessment {
        probabilities,
        malignant_sum,
        gate,
        label: leading.filter(|_| matches!(gate, Gate::Confident | Gate::Uncertain)),
        band,
        urgency: band.urgency(),
        malignancy_override: false,
        prediction_set: Some(PredictionSet { codes: vec!["mel".to_owned(), "nv".to_owned()], coverage: 0.9 }),
        not_named: None,
        novelty: Some(Novelty { score: 11.42, threshold: 31.7, outside: false }),
        advice: advise(gate, band),
    }
}

/// An 8-bit skin-coloured picture with a dark spot; `heat` lays a warm spot over it.
fn picture(width: u32, height: u32, heat: bool) -> RgbImage {
    let mut noise: u32 = 0x9E37_79B9;
    RgbImage::from_fn(width, height, |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let grain = (noise % 17) as f32 - 8.0;
        let across = (x as f32 / width as f32 - 0.5) * 1.3;
        let down = y as f32 / height as f32 - 0.5;
        let wave = 0.03 * ((across * 23.0).sin() + (down * 17.0).cos());
        let spot = (1.0 - ((across * across + down * down).sqrt() + wave) / 0.3).clamp(0.0, 1.0);
        let dark = spot.sqrt();
        let skin = [224.0, 172.0, 148.0].map(|c| c + grain);
        let lesion = [92.0, 52.0, 40.0].map(|c| c + grain * 1.5);
        let mut colour = [0.0; 3];
        let warmth = (1.2 - ((across + 0.08).powi(2) + down * down).sqrt() * 3.2).clamp(0.0, 1.0);
        for channel in 0..3 {
            let plain = skin[channel] * (1.0 - dark) + lesion[channel] * dark;
            let map = [255.0 * warmth, 210.0 * warmth * (1.0 - warmth) * 2.0, 180.0 * (1.0 - warmth)];
            colour[channel] = if heat { plain * 0.55 + map[channel] * 0.45 } else { plain };
        }
        Rgb(colour.map(|c| c.clamp(0.0, 255.0) as u8))
    })
}

pub fn encoded(width: u32, height: u32, heat: bool, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(width, height, heat)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn image(caption: &str, checks: Vec<QualityCheck>) -> ReportImage {
    ReportImage {
        caption: caption.to_owned(),
        photograph: encoded(240, 180, false, ImageFormat::Jpeg),
        overlay: Some(encoded(120, 90, true, ImageFormat::Png)),
        quality: QualityReport { checks, score: 0.8 },
        measured: Some(measured(None)),
    }
}

/// A lesion of 943 pixels, or of as many times `mm_per_px` millimetres.
pub fn measured(mm_per_px: Option<f64>) -> MeasuredLesion {
    let fold = AxisFold { angle: 0.0, contour: 0.1, colour: 0.2 };
    let seen = |colour| ColourShare { colour, share: 0.3 };
    let measures = Measures {
        spread: None,
        mm_per_px,
        touches_frame: false,
        size: Size {
            area_px: 512_340,
            area_mm2: mm_per_px.map(|scale| 512_340.0 * scale * scale),
            equivalent_diameter_px: 807.7,
            equivalent_diameter_mm: mm_per_px.map(|scale| 807.7 * scale),
            feret_px: 942.6,
            feret_mm: mm_per_px.map(|scale| 942.6 * scale),
            min_feret_px: 701.2,
            min_feret_mm: mm_per_px.map(|scale| 701.2 * scale),
            perimeter_px: 3102.4,
            perimeter_mm: mm_per_px.map(|scale| 3102.4 * scale),
        },
        shape: Shape { compactness: 1.49, solidity: 0.94, convexity: 0.91, roundness: 0.74 },
        asymmetry: Some(Asymmetry { score: 1, index: 0.9, axes: [fold; 2], principal: [fold; 2] }),
        border: Some(Border { score: 3, eighths: [None; 8] }),
        colours: Some(Colours {
            present: vec![seen(DermoscopicColour::DarkBrown), seen(DermoscopicColour::Black)],
        }),
        texture: Some(Texture { contrast: 1.8, entropy: 5.3, homogeneity: 0.7, energy: 0.1 }),
    };
    let tds = measures.tds(None).unwrap().unwrap();
    let proposal = TdsProposal::new(tds, 0.8, OutlineMethod::Learned, true);
    MeasuredLesion { measures, tds_proposal: Some(proposal) }
}

pub fn failed(code: QualityCode, value: f64, limit: f64) -> QualityCheck {
    QualityCheck { code, passed: false, value, limit, scale: "grey, short side 224 px".to_owned() }
}

/// The typical report with pictures of more dots than the paper shows.
pub fn large() -> ReportContent {
    let mut content = typical();
    content.images[0].photograph = encoded(1600, 1200, false, ImageFormat::Jpeg);
    content.images[0].overlay = Some(encoded(800, 600, true, ImageFormat::Png));
    content
}

/// One photograph, a confident and suspicious reading, everything filled in.
pub fn typical() -> ReportContent {
    let passed = QualityCheck { passed: true, ..failed(QualityCode::Blurred, 412.0, 100.0) };
    let shares = [0.8312, 0.1004, 0.0211, 0.0093, 0.0301, 0.0042, 0.0003, 0.0034];
    let mut assessment = assessment(Gate::Confident, Band::Malignant, shares);
    assessment.malignancy_override = false;
    ReportContent {
        letterhead: Letterhead {
            clinic_name: "Harbour Street Dermatology".to_owned(),
            lines: vec![
                "12 Harbour Street, 4021 Port Ellery".to_owned(),
                "Telephone 0555 0142".to_owned(),
                "practice@harbour.example".to_owned(),
            ],
        },
        number: "R-2026-00012".to_owned(),
        created_at: "2026-11-20T14:02:31Z".parse().unwrap(),
        patient_number: "P-000123".to_owned(),
        patient_name: "Adaeze Okonkwo".to_owned(),
        date_of_birth: date(1971, 3, 9),
        age: 55,
        sex: Sex::Female,
        lesion_label: "L2, mole left calf".to_owned(),
        body_site: "Lower leg, left".to_owned(),
        images: vec![image(
            "dermoscopic, 20 Nov 2026",
            vec![passed, failed(QualityCode::Ruler, 1.0, 0.0), failed(QualityCode::Hair, 0.08, 0.05)],
        )],
        assessment,
        model: ModelIdentity {
            name: "lentigo-mobilenetv3".to_owned(),
            version: "1.2.0".to_owned(),
            sha256: "3fa9c1d27be0486f5a1c9d3e8b7f60412c5d9e8a7b6c3f1d0e2a4b5c6d7e8f90".to_owned(),
        },
        analysed_at: "2026-11-20T13:58:07Z".parse().unwrap(),
        checklists: Vec::new(),
        comparisons: Vec::new(),
        conclusion: "Asymmetric pigmented lesion of 8 mm with an atypical network at the upper \
            border and a blue-white veil. Seven-point checklist 5.\n\nExcision with a margin of \
            2 mm was discussed and is planned for 24 November; histology to follow."
            .to_owned(),
        text_origin: None,
        author: "Dr Ines Vidal".to_owned(),
        signatures: None,
        logo: None,
    }
}
