//! Where the lesion is and what its outline says, in one call.

use crate::artefact;
use crate::decode::Photograph;
use crate::mask::Mask;
use crate::measure::measure;
use crate::outline::Outliner;
use domain::outline::{MeasuredLesion, OutlineFinding, OutlineGap, OutlineMethod, OutlinedLesion};
use domain::tds::TdsProposal;

/// A finding and, where the lesion was found and measured, its mask in the size of the photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    pub finding: OutlineFinding,
    pub mask: Option<Mask>,
}

/// Outlines and measures the lesion in a photograph and looks for artefacts. A lesion that cannot be
/// outlined is a finding too. `mm_per_px` comes from a calibrated scale and from nowhere else; `quality`
/// is the score of the photograph's checks, 0 to 1, on which the confidence of the proposal rests.
#[must_use]
pub fn describe(
    outliner: &Outliner,
    photo: &Photograph,
    mm_per_px: Option<f64>,
    quality: f64,
) -> Description {
    let method = outliner.method();
    let found = outliner.outline(photo).map_err(|error| error.gap()).and_then(|outline| {
        let measures = measure(photo, &outline.mask, mm_per_px).map_err(|error| error.gap())?;
        Ok((outline.mask, measures))
    });
    let (lesion, mask) = match found {
        Ok((mask, measures)) => {
            let tds = measures.tds(None).ok().flatten();
            let whole = !measures.touches_frame;
            let tds_proposal = tds.map(|tds| TdsProposal::new(tds, quality, method, whole));
            (OutlinedLesion::Measured(Box::new(MeasuredLesion { measures, tds_proposal })), Some(mask))
        }
        Err(missing) => (OutlinedLesion::Missing { missing }, None),
    };
    let finding = OutlineFinding {
        method,
        model: outliner.identity().cloned(),
        lesion,
        artefacts: artefact::detect(photo),
    };
    Description { finding, mask }
}

/// The description where the model that draws outlines is there and unfit.
#[must_use]
pub fn without_outline(photo: &Photograph) -> Description {
    let finding = OutlineFinding {
        method: OutlineMethod::Learned,
        model: None,
        lesion: OutlinedLesion::Missing { missing: OutlineGap::ModelUnavailable },
        artefacts: artefact::detect(photo),
    };
    Description { finding, mask: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phantom::{Phantom, PhantomSpec};
    use domain::image::ImageFormat;

    #[test]
    fn a_painted_lesion_is_measured_and_the_proposal_follows_the_picture() {
        let photo = Phantom::render(&PhantomSpec::default()).photograph();
        let outliner = Outliner::classical();
        let sharp = describe(&outliner, &photo, None, 1.0);
        let measured = sharp.finding.measured().unwrap();
        assert_eq!(measured.measures.size.area_px, sharp.mask.as_ref().unwrap().area() as u64);
        assert!(measured.measures.mm_per_px.is_none());
        let proposal = measured.tds_proposal.unwrap();
        assert!(proposal.tds.is_proposal());
        let poor = describe(&outliner, &photo, None, 0.4).finding;
        assert!(poor.measured().unwrap().tds_proposal.unwrap().confidence < proposal.confidence);
    }

    #[test]
    fn an_even_picture_is_described_with_the_reason_of_the_gap() {
        let even = Photograph::new(300, 240, [200, 150, 120].repeat(300 * 240), ImageFormat::Png).unwrap();
        let found = describe(&Outliner::classical(), &even, None, 1.0);
        assert_eq!((found.finding.missing(), found.mask), (Some(OutlineGap::OutlineNotFound), None));
        let unfit = without_outline(&even);
        assert_eq!(unfit.finding.missing(), Some(OutlineGap::ModelUnavailable));
        assert!(unfit.mask.is_none() && unfit.finding.model.is_none());
    }

    #[test]
    fn a_finding_reads_back_from_its_text() {
        let photo = Phantom::render(&PhantomSpec::default()).photograph();
        let found = describe(&Outliner::classical(), &photo, Some(0.05), 0.9).finding;
        let text = serde_json::to_string(&found).unwrap();
        let back: OutlineFinding = serde_json::from_str(&text).unwrap();
        let (there, here) = (found.measured().unwrap(), back.measured().unwrap());
        assert_eq!(here.measures.size.area_px, there.measures.size.area_px);
        assert!((here.measures.size.feret_mm.unwrap() - there.measures.size.feret_mm.unwrap()).abs() < 1e-9);
        assert_eq!(here.tds_proposal.unwrap().tds, there.tds_proposal.unwrap().tds);
    }
}
