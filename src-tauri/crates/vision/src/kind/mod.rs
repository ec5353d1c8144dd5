//! Whether a photograph was taken through a dermatoscope or with a camera: a proposal, which a person confirms or
//! changes.
//!
//! A network of one layer over twenty plain measures ([`features`]), fitted by `models/training/kind.py` on 9,334
//! HAM10000 frames and crops, 2,094 photographs of ISIC 2017 and 318 of PAD-UFES-20, both kinds weighing the same.
//! How often it was right, in five folds that share no lesion and no patient:
//!
//! | source | kind | right |
//! |---|---|---|
//! | HAM10000, whole frame | dermoscopic | 98.7 % of 3,352 |
//! | HAM10000, centre crop | dermoscopic | 98.0 % of 5,982 |
//! | ISIC 2017 | dermoscopic | 89.5 % of 2,094 |
//! | PAD-UFES-20 | clinical | 89.9 % of 318 |
//!
//! Nine in ten proposals are certain to 0.9 or more, and 99.2 % of these are right. Each source is the work of a few cameras, so figures elsewhere may be lower. Overviews are never proposed: no
//! labelled ones are at hand.

mod features;
mod weights;

use crate::decode::Photograph;
use domain::image::ImageKind;
use domain::tray::KindProposal;

/// Proposes dermoscopic or clinical, with a certainty of 0.5 to 1.
#[must_use]
pub fn propose(photo: &Photograph) -> KindProposal {
    let likely = dermoscopic(photo);
    if likely >= 0.5 {
        KindProposal { kind: ImageKind::Dermoscopic, certainty: likely }
    } else {
        KindProposal { kind: ImageKind::Clinical, certainty: 1.0 - likely }
    }
}

/// Likelihood of a dermoscopic photograph, 0 to 1.
fn dermoscopic(photo: &Photograph) -> f64 {
    use weights::{BIAS, LAYER, MEAN, OUT, SPREAD, START};
    let measured = features::features(photo);
    let logit: f64 = (0..BIAS.len())
        .map(|unit| {
            let sum: f64 = measured
                .iter()
                .enumerate()
                .map(|(at, value)| (value - MEAN[at]) / SPREAD[at] * LAYER[at][unit])
                .sum();
            (sum + BIAS[unit]).tanh() * OUT[unit]
        })
        .sum::<f64>()
        + START[0];
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phantom::{Phantom, PhantomSpec};
    use domain::image::ImageFormat;

    #[test]
    fn any_picture_gets_a_proposal_with_a_likelihood() {
        for (width, height) in [(1, 1), (2, 3), (224, 224), (97, 1), (640, 480)] {
            let rgb = (0..width * height * 3).map(|i| (i * 31 % 251) as u8).collect();
            let photo = Photograph::new(width, height, rgb, ImageFormat::Png).unwrap();
            let KindProposal { kind, certainty } = propose(&photo);
            assert!((0.5..=1.0).contains(&certainty), "{width} x {height}: {certainty}");
            assert_ne!(kind, ImageKind::Overview);
        }
    }

    #[test]
    fn the_size_of_the_file_does_not_count() {
        let likely = [400, 800, 1600].map(|side| {
            let spec = PhantomSpec { width: side, height: side, ..PhantomSpec::default() };
            let phantom = Phantom::render(&spec);
            let photo = Photograph::new(side, side, phantom.rgb, ImageFormat::Jpeg).unwrap();
            dermoscopic(&photo)
        });
        assert!(likely.iter().all(|one| (one - likely[0]).abs() < 0.25), "{likely:?}");
    }
}
