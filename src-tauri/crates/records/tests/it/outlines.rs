use domain::analysis::{Analysis, Assessment, Band, Gate, HeatmapState, Timings, Urgency};
use domain::artefact::ArtefactScores;
use domain::audit::AuditAction;
use domain::image::ImageRecord;
use domain::measure::{
    Asymmetry, AxisFold, Border, ColourShare, Colours, DermoscopicColour, Eighth, Measures, Shape, Size,
    Texture,
};
use domain::model::ModelIdentity;
use domain::outline::{
    LesionOutline, MeasuredLesion, OutlineFinding, OutlineGap, OutlineMethod, OutlinedLesion,
};
use domain::tds::TdsProposal;
use domain::{AnalysisId, ImageId};
use records::audit::{self, AuditFilter};
use records::outlines::DrawnOutline;
use records::{RecordsError, analyses, files, outlines};
use serde_json::json;

use crate::world::{World, sealed_file};

fn analysis_of(images: &[&ImageRecord]) -> Analysis {
    Analysis {
        id: AnalysisId::fresh(),
        patient_id: images[0].patient_id,
        lesion_id: images[0].lesion_id,
        image_ids: images.iter().map(|image| image.id).collect(),
        assessment: Assessment {
            probabilities: vec![],
            malignant_sum: 0.5,
            gate: Gate::Inconclusive,
            label: None,
            band: Band::Suspicious,
            urgency: Urgency::Appointment,
            malignancy_override: false,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: domain::advice::advise(Gate::Inconclusive, Band::Suspicious),
        },
        model: ModelIdentity { name: "net".into(), version: "1".into(), sha256: "cd".repeat(32) },
        heatmap: HeatmapState::Available,
        timings: Timings::default(),
        analysed_at: "2026-03-05T10:01:00Z".parse().unwrap(),
    }
}

fn measures() -> Measures {
    let fold = AxisFold { angle: 0.25, contour: 0.125, colour: 0.5 };
    Measures {
        spread: None,
        mm_per_px: None,
        touches_frame: false,
        size: Size {
            area_px: 51_234,
            area_mm2: None,
            equivalent_diameter_px: 255.5,
            equivalent_diameter_mm: None,
            feret_px: 300.25,
            feret_mm: None,
            min_feret_px: 220.5,
            min_feret_mm: None,
            perimeter_px: 901.5,
            perimeter_mm: None,
        },
        shape: Shape { compactness: 1.25, solidity: 0.875, convexity: 0.75, roundness: 0.5 },
        asymmetry: Some(Asymmetry { score: 1, index: 0.75, axes: [fold; 2], principal: [fold; 2] }),
        border: Some(Border {
            score: 3,
            eighths: [Some(Eighth { contrast: 20.5, steepness: 0.75, abrupt: true }); 8],
        }),
        colours: Some(Colours {
            present: vec![ColourShare { colour: DermoscopicColour::DarkBrown, share: 0.625 }],
        }),
        texture: Some(Texture { contrast: 1.5, entropy: 5.5, homogeneity: 0.5, energy: 0.125 }),
    }
}

pub fn drawn(image: &ImageRecord) -> DrawnOutline {
    let measures = measures();
    let tds = measures.tds(None).unwrap().unwrap();
    let proposal = TdsProposal::new(tds, 0.75, OutlineMethod::Learned, true);
    let model = ModelIdentity { name: "edge".into(), version: "2".into(), sha256: "ef".repeat(32) };
    let lesion = MeasuredLesion { measures, tds_proposal: Some(proposal) };
    DrawnOutline {
        outline: LesionOutline {
            image_id: image.id,
            finding: OutlineFinding {
                method: OutlineMethod::Learned,
                model: Some(model),
                lesion: OutlinedLesion::Measured(Box::new(lesion)),
                artefacts: ArtefactScores {
                    ruler: 1.0,
                    ink: 0.0,
                    dark_corners: 0.25,
                    hair: 0.5,
                    bubbles: 0.0,
                },
            },
        },
        picture: Some(sealed_file()),
    }
}

fn not_found(image: &ImageRecord) -> DrawnOutline {
    let mut drawn = drawn(image);
    drawn.outline.finding.lesion = OutlinedLesion::Missing { missing: OutlineGap::OutlineNotFound };
    drawn.outline.finding.method = OutlineMethod::Classical;
    drawn.outline.finding.model = None;
    drawn.picture = None;
    drawn
}

#[test]
fn outlines_are_stored_with_their_analysis_and_read_back_in_its_order() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let (first, second) = (world.image(&lesion), world.image(&lesion));
    let analysis = analysis_of(&[&second, &first]);
    let given = [not_found(&first), drawn(&second)];
    world.write(|tx| analyses::insert_outlined(tx, &analysis, &[], &given));
    let trail = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(trail[0].action, AuditAction::AnalysisCompleted);
    assert_eq!(trail[0].details["outline_method"], "classical");

    let world = world.reopened();
    let stored = world.store.read(|tx| outlines::of_analysis(tx, analysis.id)).unwrap();
    assert_eq!(stored, [given[1].outline.clone(), given[0].outline.clone()]);
    let file = given[1].picture.clone().unwrap();
    assert!(world.store.read(files::known).unwrap().contains(&file.id), "no sweep takes it for an orphan");

    let read = world.write(|tx| outlines::read_picture(tx, analysis.id, second.id));
    assert_eq!(read, file);
    let trail = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!((trail[0].action, trail[0].patient), (AuditAction::AnalysisRead, Some(patient.id)));
    assert_eq!(trail[0].details, json!({ "picture": "outline", "image": second.id }));
    for (analysis, image) in
        [(analysis.id, first.id), (AnalysisId::fresh(), second.id), (analysis.id, ImageId::fresh())]
    {
        assert_eq!(world.refused(|tx| outlines::read_picture(tx, analysis, image)), RecordsError::NotFound);
    }
}

#[test]
fn an_analysis_without_outlines_has_none() {
    let world = World::new();
    let analysis = analysis_of(&[&world.image(&world.lesion(&world.patient()))]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    assert_eq!(world.store.read(|tx| outlines::of_analysis(tx, analysis.id)).unwrap(), []);
}

#[test]
fn what_does_not_fit_is_refused_and_the_analysis_with_it() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let (own, other) = (world.image(&lesion), world.image(&lesion));
    let without_picture = DrawnOutline { picture: None, ..drawn(&own) };
    let needless_picture = DrawnOutline { picture: Some(sealed_file()), ..not_found(&own) };
    let mut unknown_model = drawn(&own);
    unknown_model.outline.finding.method = OutlineMethod::Classical;
    for stray in [drawn(&other), without_picture, needless_picture, unknown_model] {
        let analysis = analysis_of(&[&own]);
        let refused = world.refused(|tx| analyses::insert_outlined(tx, &analysis, &[], &[stray]));
        assert!(matches!(refused, RecordsError::Storage(_)), "{refused:?}");
    }
    assert_eq!(world.store.read(|tx| analyses::of_patient(tx, patient.id)).unwrap(), []);
}
