//! Like cases of the clinic's own archive: found by the classifier's features, shown without a name.

use std::time::{Duration, Instant};

use clinic::views::*;
use clinic::{ErrorCode, biopsy, entry, history, patient, registry, similar};
use domain::consent::ConsentKind;
use domain::similar::Nearness;
use domain::{AnalysisId, ImageId, LesionId, PatientId};
use support::{PASSWORD, World, melanoma_like_jpeg, naevus_jpeg, root};
use vision::phantom::{DermoscopicColour, Phantom, PhantomSpec};

struct Examined {
    patient: PatientId,
    lesion: LesionId,
    image: ImageId,
    analysis: AnalysisId,
}

fn examined(world: &World, family_name: &str, photograph: &[u8]) -> Examined {
    let patient = world.registers(family_name);
    more(world, patient, photograph)
}

fn more(world: &World, patient: PatientId, photograph: &[u8]) -> Examined {
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, photograph).unwrap().image.id;
    let analysis = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    Examined { patient, lesion, image, analysis }
}

fn like(world: &World, of: &Examined) -> SimilarView {
    similar::read(&world.session, &AnalysisReadRequest { id: of.analysis }).unwrap()
}

/// Much the same lesion, painted anew.
fn sibling(seed: u64) -> Vec<u8> {
    let spec = PhantomSpec {
        semi_axes: (0.24, 0.2),
        irregularity: 0.12,
        colours: vec![DermoscopicColour::LightBrown, DermoscopicColour::DarkBrown],
        seed,
        ..PhantomSpec::default()
    };
    Phantom::render(&spec).to_jpeg(90)
}

#[test]
fn like_cases_come_nearest_first_and_without_a_name() {
    let world = World::founded();
    let asked = examined(&world, "Lindenhoff", &naevus_jpeg());
    let same_photograph = examined(&world, "Quellenberg", &naevus_jpeg());
    let painted_alike = examined(&world, "Steinmetzger", &sibling(5));
    let other_lesion = more(&world, asked.patient, &melanoma_like_jpeg());

    let view = like(&world, &asked);
    assert_eq!((view.cases.len(), view.compared), (3, 4));
    assert!(view.cases.is_sorted_by(|a, b| a.distance <= b.distance));
    let nearest = &view.cases[0];
    assert_eq!((nearest.image_id, nearest.same_patient), (same_photograph.image, false));
    assert!(nearest.distance < 1e-6 && nearest.nearness == Some(Nearness::Near));
    let own = view.cases.iter().find(|case| case.image_id == other_lesion.image).unwrap();
    assert!(own.same_patient);
    let painted = view.cases.iter().find(|case| case.image_id == painted_alike.image).unwrap();
    assert!(painted.distance < own.distance, "{} against {}", painted.distance, own.distance);

    let told = serde_json::to_string(&view).unwrap();
    for person in [&asked, &same_photograph, &painted_alike] {
        let request = PatientReadRequest { id: person.patient };
        let record = patient::read(&world.session, &request).unwrap().patient.patient;
        let names = [record.details.family_name, record.details.given_names];
        for secret in names.into_iter().chain([person.patient.to_string(), record.number]) {
            assert!(!told.contains(&secret), "{told}");
        }
    }
    assert_eq!(world.trail(&world.session, "similar_searched")[0]["shown"], 3);
    assert_eq!(world.trail(&world.session, "similar_shown").len(), 3);

    let request = SimilarOpenRequest { analysis_id: asked.analysis, image_id: painted_alike.image };
    let opened = similar::open(&world.session, &request).unwrap();
    assert_eq!(
        (opened.patient_id, opened.lesion_id, opened.analysis_id),
        (painted_alike.patient, painted_alike.lesion, painted_alike.analysis)
    );
    assert_eq!(world.trail(&world.session, "similar_opened").len(), 1);
}

#[test]
fn a_histology_of_the_case_is_told_and_its_words_are_not() {
    let world = World::founded();
    let asked = examined(&world, "Lindenhoff", &naevus_jpeg());
    let proven = examined(&world, "Quellenberg", &naevus_jpeg());
    let day = world.session.view().signed_in_at.to_zoned(jiff::tz::TimeZone::system()).date();
    let take = BiopsyTakeRequest {
        lesion_id: proven.lesion,
        details: serde_json::from_value(serde_json::json!({
            "kind": "excision", "taken_on": day, "taken_by": world.session.user().id,
            "site_image_id": proven.image, "specimen_number": "H-1", "impression": null, "impression_text": "",
        }))
        .unwrap(),
    };
    let taken = biopsy::take(&world.session, take).unwrap();
    let enter = serde_json::json!({
        "id": taken.id, "version": taken.version, "details": {
            "morphology": "8743/3", "behaviour": null, "text": "Mrs Quellenberg, superficial", "breslow_mm": 0.4,
            "margins": "clear", "reported_on": day,
        },
    });
    biopsy::enter_histology(&world.session, serde_json::from_value(enter).unwrap()).unwrap();
    let view = like(&world, &asked);
    let histology = view.cases[0].histology.as_ref().unwrap();
    assert_eq!(histology.behaviour, domain::morphology::Behaviour::Malignant);
    assert!(histology.name.as_ref().unwrap().to_lowercase().contains("melanoma"));
    assert!(!serde_json::to_string(&view).unwrap().contains("Quellenberg"));
}

#[test]
fn whoever_withdrew_the_consent_is_neither_compared_nor_shown() {
    let world = World::founded();
    let asked = examined(&world, "Lindenhoff", &naevus_jpeg());
    let withdrawn = examined(&world, "Quellenberg", &naevus_jpeg());
    let request = ConsentRecordRequest {
        patient_id: withdrawn.patient,
        kind: ConsentKind::Ai,
        given: false,
        note: String::new(),
    };
    registry::record_consent(&world.session, &request).unwrap();
    assert!(like(&world, &asked).cases.is_empty());
    let refused = similar::read(&world.session, &AnalysisReadRequest { id: withdrawn.analysis })
        .map(|_| ())
        .unwrap_err();
    assert_eq!((refused.code, &refused.details["consent"]), (ErrorCode::ConsentMissing, &"ai".into()));
}

#[test]
fn what_is_deleted_is_gone_at_once_and_made_again_after_the_undo() {
    let world = World::founded();
    let asked = examined(&world, "Lindenhoff", &naevus_jpeg());
    let deleted = examined(&world, "Quellenberg", &naevus_jpeg());
    assert_eq!(like(&world, &asked).cases.len(), 1);
    let request = ReadingDeleteRequest {
        id: deleted.analysis,
        reason: "Wrong patient".into(),
        password: PASSWORD.into(),
    };
    history::delete_reading(&world.session, &request).unwrap();
    let view = like(&world, &asked);
    assert!(view.cases.is_empty());
    assert_eq!(view.compared, 1, "its direction is not kept");
    let open = SimilarOpenRequest { analysis_id: asked.analysis, image_id: deleted.image };
    assert_eq!(similar::open(&world.session, &open).unwrap_err().code, ErrorCode::NotFound);
    let gone = similar::read(&world.session, &AnalysisReadRequest { id: deleted.analysis });
    assert_eq!(gone.map(|_| ()).unwrap_err().code, ErrorCode::NotFound);

    let trail: serde_json::Value = world.trail(&world.session, "reading_deleted")[0].clone();
    let id = serde_json::from_value(trail["deletion"].clone()).unwrap();
    history::undo(&world.session, &DeletionRequest { id }).unwrap();
    // The next session works out what is missing, as it does for readings from before.
    let world = world.reopened_with(&root().join("models"));
    let start = Instant::now();
    while like(&world, &asked).cases.is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "the background pass never came to it");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(world.trail(&world.session, "embeddings_filled")[0]["photographs"], 1);
}

#[test]
fn a_lock_wipes_the_archive() {
    let world = World::founded();
    let asked = examined(&world, "Lindenhoff", &naevus_jpeg());
    assert_eq!(like(&world, &asked).compared, 1);
    entry::lock(&world.session).unwrap();
    let refused = similar::read(&world.session, &AnalysisReadRequest { id: asked.analysis });
    assert_eq!(refused.map(|_| ()).unwrap_err().code, ErrorCode::SessionLocked);
}
