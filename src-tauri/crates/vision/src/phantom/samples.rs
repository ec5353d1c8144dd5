//! Named phantoms for the demonstration.

use super::{Artefacts, DermoscopicColour as Colour, Look, Phantom, PhantomSpec};

/// A phantom with a name. What it resembles is meant for the eye; it is no diagnosis.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Short name, fit for a file.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    pub spec: PhantomSpec,
}

impl Sample {
    #[must_use]
    pub fn render(&self) -> Phantom {
        Phantom::render(&self.spec)
    }
}

/// The built-in samples, 1600 × 1200 pixels each.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let base = PhantomSpec {
        width: 1600,
        height: 1200,
        look: Look::Dermoscopic,
        softness: 0.3,
        ..PhantomSpec::default()
    };
    vec![
        Sample {
            name: "naevus",
            title: "Painted naevus",
            spec: PhantomSpec {
                semi_axes: (0.24, 0.2),
                irregularity: 0.12,
                colours: vec![Colour::LightBrown, Colour::DarkBrown],
                seed: 11,
                ..base.clone()
            },
        },
        Sample {
            name: "melanoma",
            title: "Painted melanoma-like lesion",
            spec: PhantomSpec {
                semi_axes: (0.3, 0.22),
                rotation: -0.5,
                irregularity: 0.6,
                asymmetry: 0.9,
                colours: vec![
                    Colour::DarkBrown,
                    Colour::Black,
                    Colour::BlueGrey,
                    Colour::Red,
                    Colour::LightBrown,
                ],
                seed: 23,
                artefacts: Artefacts { hairs: 4, ..Artefacts::default() },
                ..base.clone()
            },
        },
        Sample {
            name: "seborrhoeic_keratosis",
            title: "Painted seborrhoeic keratosis-like lesion",
            spec: PhantomSpec {
                semi_axes: (0.28, 0.25),
                rotation: 1.1,
                irregularity: 0.35,
                asymmetry: 0.15,
                colours: vec![Colour::LightBrown, Colour::DarkBrown],
                seed: 37,
                artefacts: Artefacts { dark_corners: true, ..Artefacts::default() },
                ..base.clone()
            },
        },
        Sample {
            name: "basal_cell_carcinoma",
            title: "Painted basal-cell-like lesion",
            spec: PhantomSpec {
                skin: [228, 182, 164],
                semi_axes: (0.22, 0.19),
                irregularity: 0.3,
                asymmetry: 0.3,
                colours: vec![Colour::Red, Colour::BlueGrey, Colour::LightBrown],
                seed: 41,
                artefacts: Artefacts { bubbles: 6, ..Artefacts::default() },
                ..base.clone()
            },
        },
        Sample {
            name: "marked_naevus",
            title: "Painted naevus with ruler, ink and hair",
            spec: PhantomSpec {
                skin: [198, 146, 112],
                semi_axes: (0.16, 0.14),
                softness: 0.5,
                irregularity: 0.15,
                colours: vec![Colour::DarkBrown],
                seed: 53,
                artefacts: Artefacts { hairs: 12, ruler: true, ink: true, ..Artefacts::default() },
                ..base
            },
        },
    ]
}
