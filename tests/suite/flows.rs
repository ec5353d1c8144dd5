//! What a day brings: register, photograph, analyse, report, lock, come back.

use clinic::sign_in::sign_in;
use clinic::views::*;
use clinic::{ErrorCode, analysis, entry, patient, picture, report};
use domain::analysis::HeatmapState;
use domain::job::{AnalysisStep, JobState};
use domain::patient::PatientDetails;
use support::{PASSWORD, World, details, melanoma_like_jpeg, naevus_jpeg};

#[test]
fn from_a_patient_to_a_report() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let imported = world.imports(lesion, &melanoma_like_jpeg()).unwrap();
    assert!(!imported.already_stored);

    let seen = world.analyses(&[imported.image.id]).unwrap();
    let last = seen.last().unwrap();
    assert_eq!(last.state, JobState::Completed, "{:?}", last.error);
    assert!(
        seen.iter().any(|job| job.state == JobState::Processing && job.step == AnalysisStep::Classifying)
    );

    let id = last.analysis_id.unwrap();
    let view = analysis::read(&world.session, &AnalysisReadRequest { id }).unwrap();
    let assessment = &view.analysis.assessment;
    let sum: f64 = assessment.probabilities.iter().map(|p| p.probability).sum();
    assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    let model = world.workstation.model().classifier().unwrap();
    assert_eq!(view.analysis.model, *model.identity());
    assert_eq!(view.analysis.heatmap, HeatmapState::Available);

    for class in model.labels() {
        let address = format!("/analysis/{id}/{}/heatmap/{}", imported.image.id, class.code);
        let heatmap = picture::read(&world.session, &address.parse().unwrap()).unwrap();
        assert!(heatmap.bytes.starts_with(b"\x89PNG"));
    }

    let request =
        ReportCreateRequest { analysis_id: id, conclusion: "Excision planned.".into(), proposal: None };
    let record = report::create(&world.session, request).unwrap();
    assert!(record.number.starts_with("R-"));
    let request = ReportExportRequest { id: record.id, paper: PaperSize::A4, named: false };
    let first = report::export(&world.session, &request).unwrap();
    assert!(first.pdf.starts_with(b"%PDF"));
    assert!(!first.file_name.contains("Lindenhoff"));
    let again = report::export(&world.session, &request).unwrap();
    assert!(first.pdf == again.pdf, "the same report prints the same bytes");
}

#[test]
fn three_photographs_are_averaged_and_their_spread_is_kept() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let a = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    let b = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let each: Vec<_> = [a, b].iter().map(|id| probabilities(&world, &[*id])).collect();
    let both = probabilities(&world, &[a, b]);
    for (class, both) in both.iter().enumerate() {
        let mean = f64::midpoint(each[0][class].probability, each[1][class].probability);
        let spread = (each[0][class].probability - each[1][class].probability).abs();
        assert!((both.probability - mean).abs() < 1e-6);
        assert!((both.spread - spread).abs() < 1e-6);
    }
}

fn probabilities(world: &World, ids: &[domain::ImageId]) -> Vec<domain::analysis::ClassProbability> {
    let id = world.analyses(ids).unwrap().last().unwrap().analysis_id.unwrap();
    let view = analysis::read(&world.session, &AnalysisReadRequest { id }).unwrap();
    view.analysis.assessment.probabilities
}

#[test]
fn the_clinic_opens_again_with_everything_in_it() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let photograph = naevus_jpeg();
    let image = world.imports(lesion, &photograph).unwrap().image;
    world.analyses(&[image.id]).unwrap();
    entry::lock(&world.session).unwrap();

    let world = world.reopened_with(&support::root().join("models"));
    let page = patient::read(&world.session, &PatientReadRequest { id: patient }).unwrap();
    assert_eq!(page.patient.patient.number, "P-000001");
    assert_eq!(page.lesions[0].images[0].sha256, image.sha256);
    assert_eq!(page.lesions[0].analyses.len(), 1);
    let address = format!("/image/{}/original", image.id).parse().unwrap();
    let original = picture::read(&world.session, &address).unwrap();
    assert!(*original.bytes == photograph, "the original is kept to the byte");
}

#[test]
fn the_same_photograph_twice_is_stored_once() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let first = world.imports(lesion, &naevus_jpeg()).unwrap();
    let second = world.imports(lesion, &naevus_jpeg()).unwrap();
    assert!(second.already_stored);
    assert_eq!(first.image.id, second.image.id);
}

#[test]
fn a_cancelled_analysis_ends_as_cancelled_and_leaves_no_result() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let (sender, updates) = std::sync::mpsc::channel();
    let request = AnalysisStartRequest { image_ids: vec![image] };
    let job = analysis::start(&world.session, &request, move |job| {
        let _ = sender.send(job.clone());
        if job.step == AnalysisStep::Decoding {
            // Long enough for the cancel to arrive while the work is under way.
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    })
    .unwrap();
    while updates.recv().unwrap().step != AnalysisStep::Decoding {}
    analysis::cancel(&world.session, &JobRequest { id: job.id }).unwrap();
    let last = updates.iter().find(|job| job.state.is_finished()).unwrap();
    assert_eq!(last.state, JobState::Cancelled);
    assert!(last.analysis_id.is_none());
}

#[test]
fn patients_are_found_as_typed_and_edits_do_not_overwrite_each_other() {
    let world = World::founded();
    let id = world.registers("Müller-Lüdenscheidt");
    let _ = world.registers("Okafor");
    let find = |text: &str| {
        let request = PatientSearchRequest { text: text.into(), limit: 10, offset: 0 };
        patient::search(&world.session, &request).unwrap()
    };
    assert_eq!(find("").total, 2);
    for text in ["mull", "MÜLLER", "ludensch brig", "P-000001", "1961-04-23", "555 019 mull"] {
        let found = find(text);
        assert_eq!(found.rows.first().map(|row| row.id), Some(id), "{text}");
    }
    assert_eq!(find("nobody at all").total, 0);

    let update = |version, phone: &str| {
        let details = PatientDetails { phone: phone.into(), ..details() };
        patient::update(&world.session, PatientUpdateRequest { id, version, details })
    };
    update(1, "1").unwrap();
    assert_eq!(update(1, "2").unwrap_err().code, ErrorCode::Conflict);
    update(2, "3").unwrap();
}

#[test]
fn a_wrong_password_opens_nothing_and_says_no_more_than_that() {
    let world = World::founded();
    let wrong = sign_in(&world.workstation, &World::credentials("copper lantern walks downstream"));
    let unknown = SignInRequest { email: "nobody@seeblick.example".into(), password: PASSWORD.into() };
    let unknown = sign_in(&world.workstation, &unknown);
    let (wrong, unknown) = (wrong.err().unwrap(), unknown.err().unwrap());
    assert_eq!(wrong.code, ErrorCode::InvalidCredentials);
    assert_eq!(wrong, unknown, "both answers are the same");
    sign_in(&world.workstation, &World::credentials(PASSWORD)).unwrap();
}

#[test]
fn without_consent_there_is_no_photograph_and_no_reading() {
    let world = World::founded();
    let register = |photo_consent, ai_consent| {
        let details = PatientDetails { photo_consent, ai_consent, ..details() };
        patient::create(&world.session, PatientCreateRequest { details }).unwrap().patient.id
    };
    let lesion = world.adds_lesion(register(false, true));
    let refused = world.imports(lesion, &naevus_jpeg()).unwrap_err();
    assert_eq!((refused.code, &refused.details["consent"]), (ErrorCode::ConsentMissing, &"photo".into()));

    let lesion = world.adds_lesion(register(true, false));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let refused = world.analyses(&[image]).unwrap_err();
    assert_eq!((refused.code, &refused.details["consent"]), (ErrorCode::ConsentMissing, &"ai".into()));
}
