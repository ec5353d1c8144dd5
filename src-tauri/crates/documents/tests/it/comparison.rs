//! The comparison with an earlier photograph on the report.

use documents::{DocumentError, Paper, render_report};
use domain::comparison::{
    Alignment, Anchor, Both, Bounded, COMPARISON_VERSION, CannotRegister, Change, ColourShift,
    ComparedOutline, Comparison, MeanColourChange, Registration, SizeBasis, SizeChange, Transform,
};
use domain::measure::DermoscopicColour;
use domain::outline::{OutlineGap, OutlineMethod};
use domain::report::{ComparedPicture, PrintedComparison, ReportContent};
use domain::{ComparisonId, ImageId, PatientId, UserId};
use image::ImageFormat;
use jiff::civil::date;

use crate::fixtures::{encoded, typical};
use crate::poppler::{Specimen, squeezed};

/// A lesion that grew by half within 98 days.
pub fn grown() -> PrintedComparison {
    let ellipse = |reach: f64| {
        let corner = |step: i32| {
            let angle = f64::from(step) * std::f64::consts::TAU / 60.0;
            [320.0 + reach * angle.cos(), 240.0 + 0.8 * reach * angle.sin()]
        };
        ComparedOutline::Found { polygon: (0..60).map(corner).collect() }
    };
    let registration = Registration {
        transform: Transform::IDENTITY,
        scale: 1.0,
        turn_degrees: 0.0,
        residual_px: 0.8,
        correlation: 0.9,
        overlap: 0.97,
        agreement: 0.86,
        anchor: Anchor::Skin,
    };
    let change = Change {
        size: Some(SizeChange {
            basis: SizeBasis::Calibrated,
            area: Bounded::ratio(1.52, 0.4),
            diameter: Bounded::ratio(1.24, 0.21),
            diameters_mm: Some([4.1, 5.1]),
            areas_mm2: Some([11.6, 17.6]),
            scale_error: Some(0.01),
        }),
        gained: Some(0.54),
        lost: Some(0.02),
        colour: Some(MeanColourChange {
            lightness: -4.0,
            red_green: 1.0,
            yellow_blue: -2.0,
            difference: 4.6,
            noise: 11.0,
        }),
        colours: vec![
            ColourShift { colour: DermoscopicColour::LightBrown, earlier: 0.6, later: 0.4 },
            ColourShift { colour: DermoscopicColour::BlueGrey, earlier: 0.0, later: 0.12 },
        ],
        asymmetry: Some(Both { earlier: 0.31, later: 0.52 }),
        border: Some(Both { earlier: 2.0, later: 4.0 }),
        compactness: Both { earlier: 1.2, later: 1.44 },
        touches_frame: false,
        scale_conflict: None,
    };
    let picture = |day| ComparedPicture {
        day,
        width: 640,
        height: 480,
        photograph: Some(encoded(640, 480, false, ImageFormat::Jpeg)),
    };
    PrintedComparison {
        comparison: Comparison {
            id: ComparisonId::fresh(),
            patient_id: PatientId::fresh(),
            earlier_id: ImageId::fresh(),
            later_id: ImageId::fresh(),
            alignment: Alignment::Registered { registration },
            change: Some(change),
            earlier_outline: ellipse(110.0),
            later_outline: ellipse(136.0),
            outline_method: OutlineMethod::Classical,
            outline_model: None,
            mm_per_px: [Some(0.02); 2],
            version: COMPARISON_VERSION,
            author: UserId::fresh(),
            compared_at: "2026-11-20T14:00:00Z".parse().unwrap(),
        },
        pictures: [picture(date(2026, 8, 14)), picture(date(2026, 11, 20))],
        author: "Dr Ines Vidal".to_owned(),
    }
}

fn with(comparison: PrintedComparison) -> ReportContent {
    ReportContent { comparisons: vec![comparison], ..typical() }
}

fn printed(name: &str, comparison: PrintedComparison) -> Option<Specimen> {
    Specimen::keep(name, &render_report(&with(comparison), Paper::A4).unwrap())
}

#[test]
fn growth_is_printed_with_its_interval_beside_both_photographs() {
    let Some(specimen) = printed("report-comparison", grown()) else { return };
    assert_eq!(specimen.pictures().len(), 4, "photograph, attention, earlier and later");
    let pages = specimen.pages();
    let page = pages.iter().find(|page| page.contains("Comparison with an earlier")).unwrap();
    let page = squeezed(page);
    let told = [
        "Earlier: 14 Aug 2026",
        "Later: 20 Nov 2026",
        "98 days (3.2 months) apart",
        "0.8 px apart",
        "11.6 to 17.6 mm², +52 % (+2 % to +127 %)",
        "4.1 to 5.1 mm, +24 % (+1 % to +53 %)",
        "54 % new, 2 % lost",
        "ΔE 4.6, within the 11",
        "blue-grey 0 to 12 % (new)",
        "Asymmetry index",
        "2 to 4",
        "any change of a suspicious melanocytic lesion leads to excision",
        "Compared by Dr Ines Vidal",
        "it is no diagnosis",
    ];
    for told in told {
        assert!(page.contains(told), "{told:?} is missing on one page:\n{page}");
    }
}

#[test]
fn a_pair_that_could_not_be_laid_over_each_other_says_so_and_shows_no_figure() {
    let mut refused = grown();
    refused.comparison.alignment = Alignment::Refused { reason: CannotRegister::NoAgreement };
    refused.comparison.change = None;
    refused.comparison.later_outline = ComparedOutline::Missing { reason: OutlineGap::OutlineNotFound };
    let Some(specimen) = printed("report-comparison-refused", refused) else { return };
    let text = squeezed(&specimen.text());
    assert!(text.contains("their details do not agree. No change is measured."));
    assert!(text.contains("no lesion stands out clearly"));
    assert!(!text.contains("ΔE") && !text.contains("Asymmetry index"));
}

#[test]
fn a_photograph_that_was_destroyed_leaves_its_figures() {
    let mut gone = grown();
    gone.pictures[0].photograph = None;
    let Some(specimen) = printed("report-comparison-gone", gone) else { return };
    let text = squeezed(&specimen.text());
    assert!(text.contains("The photograph is no longer kept.") && text.contains("+52 %"));
    assert_eq!(specimen.pictures().len(), 3);
}

#[test]
fn a_spoilt_photograph_of_a_comparison_is_named_by_its_place() {
    let mut spoilt = grown();
    spoilt.pictures[1].photograph = Some(b"spoilt".to_vec());
    let error = render_report(&with(spoilt), Paper::A4).unwrap_err();
    assert!(matches!(error, DocumentError::ComparedPhotographUnreadable(0)), "{error}");
}
