//! Whether rulers, ink, dark corners, hair and bubbles on a benign lesion make it look malignant.
//!
//! The phantoms' painter works on painted skin alone. Every stroke of it blends a colour into what
//! lies below, so all of them together turn a pixel `p` into `a + p * b`; painting on a black and on a
//! white ground gives `a` and `b` (Smith and Blinn 1996), and they are laid on the photograph.

use domain::analysis::Band;
use domain::image::ImageFormat;
use domain::model::Malignancy;
use vision::mask::Mask;
use vision::phantom::{Artefacts, Phantom, PhantomSpec};
use vision::{Classifier, Explain, Photograph};

use super::lesions::{IN_DOMAIN, Lesions, OTHER_SOURCE, Row};
use super::{Draw, each, named, plain, read, share};
use crate::figure::{Figure, Target};

/// Every fourth benign lesion, or the run would take minutes longer.
const EVERY: usize = 4;

const KINDS: [&str; 5] = ["ruler", "ink", "dark_corners", "hair", "bubbles"];

/// Whether a lesion was called suspicious or worse.
struct Called {
    clean: bool,
    painted: [bool; KINDS.len()],
}

pub fn figures(classifier: &Classifier, lesions: &Lesions) -> Vec<Figure> {
    let benign = |row: &&Row| {
        let label = classifier.labels().iter().find(|label| label.code == row.label);
        label.is_some_and(|label| label.malignancy == Malignancy::Benign)
    };
    let rows: Vec<(usize, &Row)> = [IN_DOMAIN, OTHER_SOURCE]
        .into_iter()
        .flat_map(|set| lesions.of(set))
        .filter(benign)
        .step_by(EVERY)
        .enumerate()
        .collect();
    let called = each(&rows, |(index, row)| call(classifier, row, *index as u64));
    let clean = share(&called, |one| !one.clean);
    let mut figures = vec![plain("specificity_benign", "clean", clean, None)];
    for (kind, name) in KINDS.into_iter().enumerate() {
        let painted = share(&called, |one| !one.painted[kind]);
        figures.push(Figure {
            name: named("specificity_fall", name),
            value: (clean - painted) * 100.0,
            unit: "pt",
            peer: None,
            target: Some(Target::AtMost(5.0)),
        });
    }
    figures
}

fn call(classifier: &Classifier, row: &Row, seed: u64) -> Called {
    let suspicious =
        |photo: &Photograph| read(classifier, photo, Explain::Nothing).assessment.band >= Band::Suspicious;
    let square = CentreSquare::of(&row.photograph(), row.outline().as_ref());
    let clean = suspicious(&square.photo);
    let painted = KINDS.map(|kind| suspicious(&square.painted(kind, seed)));
    Called { clean, painted }
}

/// The part that the model sees, so that what is painted is seen too.
struct CentreSquare {
    photo: Photograph,
    /// Middle and semi-axes of the box around the lesion, as a phantom's specification has them.
    centre: (f64, f64),
    semi_axes: (f64, f64),
}

impl CentreSquare {
    fn of(photo: &Photograph, outline: Option<&Mask>) -> Self {
        let side = photo.short_side();
        let (left, top) = ((photo.width - side) / 2, (photo.height - side) / 2);
        let row = |y: u32| ((top + y) * photo.width + left) as usize * 3;
        let rgb = (0..side).flat_map(|y| photo.rgb[row(y)..][..side as usize * 3].to_vec()).collect();
        let photo = Photograph::new(side, side, rgb, ImageFormat::Png).expect("a square");
        let mut square = Self { photo, centre: (0.0, 0.0), semi_axes: (0.25, 0.25) };
        if let Some(bounds) = outline.and_then(Mask::bounds) {
            let side = f64::from(side);
            let middle = |from: usize, to: usize, start: u32| {
                ((from + to + 1) as f64 / 2.0 - f64::from(start)) / side - 0.5
            };
            square.centre = (middle(bounds.left, bounds.right, left), middle(bounds.top, bounds.bottom, top));
            square.semi_axes = (bounds.width() as f64 / 2.0 / side, bounds.height() as f64 / 2.0 / side);
        }
        square
    }

    fn painted(&self, kind: &str, seed: u64) -> Photograph {
        let side = self.photo.width;
        // Clamped to black and to white whatever the skin.
        let [black, white] = [-1e3, 1e3].map(|gain| {
            let spec = PhantomSpec {
                width: side,
                height: side,
                centre: self.centre,
                semi_axes: self.semi_axes,
                tint: [gain; 3],
                seed,
                artefacts: artefacts(kind, seed),
                ..PhantomSpec::default()
            };
            Phantom::render(&spec).rgb
        });
        let laid_on = self.photo.rgb.iter().zip(black.iter().zip(white)).map(|(&pixel, (&low, high))| {
            let share = f64::from(high.saturating_sub(low)) / 255.0;
            (f64::from(low) + f64::from(pixel) * share).round().min(255.0) as u8
        });
        let rgb = laid_on.collect();
        Photograph::new(side, side, rgb, ImageFormat::Png).expect("as large as before")
    }
}

fn artefacts(kind: &str, seed: u64) -> Artefacts {
    let none = Artefacts::default();
    let mut draw = Draw(seed);
    match kind {
        "ruler" => Artefacts { ruler: true, ..none },
        "ink" => Artefacts { ink: true, ..none },
        "dark_corners" => Artefacts { dark_corners: true, ..none },
        "hair" => Artefacts { hairs: 6 + draw.below(11), ..none },
        _ => Artefacts { bubbles: 6 + draw.below(9), ..none },
    }
}
