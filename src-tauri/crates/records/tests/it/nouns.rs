use domain::analysis::{Analysis, Assessment, Band, ClassProbability, Gate, HeatmapState, Timings, Urgency};
use domain::audit::AuditAction;
use domain::image::ImageRecord;
use domain::job::JobState;
use domain::lesion::Lesion;
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::patient::Patient;
use domain::user::UserState;
use domain::{AnalysisId, ClinicId, JobId, PatientId, ReportId, Role, UserId};
use jiff::SignedDuration;
use records::analyses::{ExplanationFile, ExplanationKind};
use records::audit::{self, AuditFilter};
use records::images::Rendition;
use records::jobs::{JobKind, JobOutcome, NewJob};
use records::reports::NewReport;
use records::{RecordsError, analyses, clinics, files, images, jobs, lesions, reports, users};
use serde_json::json;

use crate::world::{World, image_of, lesion_details, sealed_file, user_details};

pub fn analysis_of(images: &[&ImageRecord]) -> Analysis {
    let label = Label { code: "mel".into(), name: "Melanoma".into(), malignancy: Malignancy::Malignant };
    Analysis {
        id: AnalysisId::fresh(),
        patient_id: images[0].patient_id,
        lesion_id: images[0].lesion_id,
        image_ids: images.iter().map(|image| image.id).collect(),
        assessment: Assessment {
            probabilities: vec![ClassProbability { label: label.clone(), probability: 0.875, spread: 0.01 }],
            malignant_sum: 0.875,
            gate: Gate::Confident,
            label: Some(label),
            band: Band::Malignant,
            urgency: Urgency::Immediate,
            malignancy_override: false,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: domain::advice::advise(Gate::Confident, Band::Malignant),
        },
        model: ModelIdentity { name: "net".into(), version: "1".into(), sha256: "cd".repeat(32) },
        heatmap: HeatmapState::Available,
        timings: Timings::default(),
        analysed_at: "2026-03-05T10:01:00Z".parse().unwrap(),
    }
}

fn explanation(image: &ImageRecord, kind: ExplanationKind) -> ExplanationFile {
    ExplanationFile { image_id: image.id, kind, class_code: "mel".into(), file: sealed_file() }
}

fn job_on(patient: &Patient, lesion: &Lesion) -> NewJob {
    NewJob {
        id: JobId::fresh(),
        kind: JobKind::Analysis,
        patient_id: patient.id,
        lesion_id: lesion.id,
        request: json!({ "images": ["x"] }),
    }
}

fn last_action(world: &World) -> AuditAction {
    world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap()[0].action
}

#[test]
fn a_database_holds_one_clinic() {
    let world = World::new();
    assert_eq!(world.refused(|tx| clinics::create(tx, ClinicId::fresh(), "Second")), RecordsError::Conflict);
    let renamed = world.write(|tx| clinics::rename(tx, "Clinic in the Valley"));
    assert_eq!(world.store.read(clinics::get).unwrap(), renamed);
    assert_eq!(last_action(&world), AuditAction::ClinicChanged);
}

#[test]
fn users_have_one_address_each_whatever_its_case() {
    let world = World::new();
    let add = |email: &str| {
        let (id, details) = (UserId::fresh(), user_details(email));
        world
            .store
            .write(&world.actor, |tx| users::add(tx, id, &details, Role::FrontDesk, UserState::Unverified))
    };
    let desk = add("Desk@Clinic.example").unwrap();
    assert_eq!(add("desk@clinic.EXAMPLE").unwrap_err(), RecordsError::Conflict);
    assert_eq!(world.store.read(|tx| users::by_email(tx, " DESK@clinic.example ")).unwrap(), desk);
}

#[test]
fn lesions_belong_to_a_patient() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    assert_eq!(lesion.details, lesion_details());
    assert_eq!(world.store.read(|tx| lesions::get(tx, lesion.id)).unwrap(), lesion);
    assert_eq!(world.store.read(|tx| lesions::of_patient(tx, patient.id)).unwrap(), [lesion]);
    let nobody = world.refused(|tx| lesions::add(tx, PatientId::fresh(), &lesion_details()));
    assert_eq!(nobody, RecordsError::NotFound);
}

#[test]
fn images_keep_their_files_and_their_lesion() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = world.image(&lesion);
    assert_eq!(world.store.read(|tx| images::get(tx, image.id)).unwrap(), image);
    assert_eq!(
        world.store.read(|tx| images::of_lesion(tx, lesion.id)).unwrap(),
        std::slice::from_ref(&image)
    );
    assert_eq!(
        world.store.read(|tx| images::of_patient(tx, patient.id)).unwrap(),
        std::slice::from_ref(&image)
    );
    let same = world.store.read(|tx| images::same_content(tx, patient.id, &image.sha256)).unwrap();
    assert_eq!(same.map(|i| i.id), Some(image.id));
    assert_eq!(world.store.read(|tx| images::same_content(tx, PatientId::fresh(), &image.sha256)), Ok(None));

    let original = world.write(|tx| images::read_file(tx, image.id, Rendition::Original));
    assert_eq!(last_action(&world), AuditAction::ImageRead);
    assert_eq!(&original.key.as_bytes()[..16], original.id.as_uuid().as_bytes());
    let missing = world.store.read(|tx| images::file(tx, image.id, Rendition::Display));
    assert_eq!(missing.unwrap_err(), RecordsError::NotFound);
    let known = world.store.read(files::known).unwrap();
    assert!(known.len() == 2 && known.contains(&original.id));
}

#[test]
fn an_image_of_another_patients_lesion_or_with_a_used_file_is_refused() {
    let world = World::new();
    let (a, b) = (world.patient(), world.patient());
    let lesion = world.lesion(&a);
    let mut image = image_of(&lesion);
    image.patient_id = b.id;
    assert_eq!(world.refused(|tx| images::insert(tx, &image, &[])), RecordsError::NotFound);
    image.patient_id = a.id;
    let file = sealed_file();
    world.write(|tx| images::insert(tx, &image, &[(Rendition::Original, file.clone())]));
    let second = image_of(&lesion);
    let again = world.refused(|tx| images::insert(tx, &second, &[(Rendition::Original, file)]));
    assert_eq!(again, RecordsError::Conflict);
    assert_eq!(world.store.read(|tx| images::of_lesion(tx, lesion.id)).unwrap().len(), 1);
}

#[test]
fn an_analysis_reads_back_with_its_explanations() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let (first, second) = (world.image(&lesion), world.image(&lesion));
    let analysis = analysis_of(&[&second, &first]);
    let explanations = [
        explanation(&first, ExplanationKind::Heatmap),
        explanation(&first, ExplanationKind::Overlay),
        explanation(&second, ExplanationKind::Heatmap),
    ];
    world.write(|tx| analyses::insert(tx, &analysis, &explanations));
    assert_eq!(last_action(&world), AuditAction::AnalysisCompleted);
    assert_eq!(world.write(|tx| analyses::read(tx, analysis.id)), analysis);
    assert_eq!(last_action(&world), AuditAction::AnalysisRead);
    let world = world.reopened();
    assert_eq!(
        world.store.read(|tx| analyses::of_lesion(tx, lesion.id)).unwrap(),
        std::slice::from_ref(&analysis)
    );
    assert_eq!(
        world.store.read(|tx| analyses::of_patient(tx, patient.id)).unwrap(),
        std::slice::from_ref(&analysis)
    );
    let mut stored = world.store.read(|tx| analyses::explanations(tx, analysis.id)).unwrap();
    assert_eq!(stored.len(), 3);
    stored.retain(|e| explanations.contains(e));
    assert_eq!(stored.len(), 3);
    assert_eq!(world.store.read(files::known).unwrap().len(), 7);
}

#[test]
fn an_analysis_of_foreign_or_too_many_images_is_refused() {
    let world = World::new();
    let patient = world.patient();
    let (here, there) = (world.lesion(&patient), world.lesion(&patient));
    let (own, foreign) = (world.image(&here), world.image(&there));
    let mixed = analysis_of(&[&own, &foreign]);
    assert_eq!(world.refused(|tx| analyses::insert(tx, &mixed, &[])), RecordsError::NotFound);
    let more: Vec<_> = (0..4).map(|_| world.image(&here)).collect();
    let four = analysis_of(&more.iter().collect::<Vec<_>>());
    assert!(matches!(world.refused(|tx| analyses::insert(tx, &four, &[])), RecordsError::Storage(_)));
    let stray = [explanation(&foreign, ExplanationKind::Heatmap)];
    let analysis = analysis_of(&[&own]);
    assert!(matches!(world.refused(|tx| analyses::insert(tx, &analysis, &stray)), RecordsError::Storage(_)));
    assert_eq!(world.store.read(|tx| analyses::of_patient(tx, patient.id)).unwrap(), []);
}

#[test]
fn a_job_runs_through_its_states_once() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = world.image(&lesion);
    let new = job_on(&patient, &lesion);
    let job = world.write(|tx| jobs::create(tx, &new));
    assert_eq!((job.state, job.asked_by, &job.request), (JobState::Pending, world.actor.user, &new.request));
    world.clock.advance(SignedDuration::from_secs(1));
    let job = world.write(|tx| jobs::take(tx, job.id)).unwrap();
    assert_eq!(job.state, JobState::Processing);
    assert!(job.started_at > Some(job.created_at));

    // The program ends here; the job is found again, and may start anew.
    let world = world.reopened();
    let interrupted = |world: &World| world.store.read(|tx| jobs::interrupted(tx, &[])).unwrap();
    assert_eq!(interrupted(&world), [job.id]);
    assert!(world.write(|tx| jobs::put_back(tx, job.id, "interrupted")));
    assert!(world.write(|tx| jobs::take(tx, job.id)).is_some());
    let analysis = analysis_of(&[&image]);
    let done = world.write(|tx| {
        analyses::insert(tx, &analysis, &[])?;
        jobs::finish(tx, job.id, &JobOutcome::Completed(analysis.id))
    });
    assert_eq!((done.state, done.analysis_id), (JobState::Completed, Some(analysis.id)));
    assert_eq!(interrupted(&world), []);
    for again in [JobOutcome::Cancelled, JobOutcome::Failed("x".into())] {
        assert_eq!(world.refused(|tx| jobs::finish(tx, job.id, &again)), RecordsError::Conflict);
    }
    assert!(world.store.read(jobs::next).unwrap().is_none());
    assert_eq!(world.store.read(|tx| jobs::of_lesion(tx, lesion.id)).unwrap(), [done]);
}

#[test]
fn a_job_fails_with_a_code_or_is_cancelled() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    for (outcome, state, action) in [
        (JobOutcome::Failed("model_unavailable".into()), JobState::Failed, AuditAction::AnalysisFailed),
        (JobOutcome::Cancelled, JobState::Cancelled, AuditAction::AnalysisCancelled),
    ] {
        let job = world.write(|tx| jobs::create(tx, &job_on(&patient, &lesion)));
        let ended = world.write(|tx| jobs::finish(tx, job.id, &outcome));
        assert_eq!(ended.state, state);
        assert_eq!(ended.message.is_some(), state == JobState::Failed);
        assert_eq!(last_action(&world), action);
    }
    let foreign = NewJob { patient_id: world.patient().id, ..job_on(&patient, &lesion) };
    assert_eq!(world.refused(|tx| jobs::create(tx, &foreign)), RecordsError::NotFound);
}

#[test]
fn reports_are_numbered_through_the_year() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let analysis = analysis_of(&[&world.image(&lesion)]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    let report = || NewReport {
        id: ReportId::fresh(),
        patient_id: patient.id,
        analysis_id: analysis.id,
        conclusion: "Excise.".into(),
        content: json!({ "lesion_label": "L1" }),
    };
    let first = world.write(|tx| reports::create(tx, &report()));
    let second = world.write(|tx| reports::create(tx, &report()));
    world.clock.advance(SignedDuration::from_hours(24 * 365));
    let third = world.write(|tx| reports::create(tx, &report()));
    let numbers = [&first, &second, &third].map(|r| r.number.clone());
    assert_eq!(numbers, ["R-2026-00001", "R-2026-00002", "R-2027-00001"]);
    let stored = world.write(|tx| reports::read(tx, first.id));
    assert_eq!(last_action(&world), AuditAction::ReportRead);
    assert_eq!((stored.author, stored.content), (world.actor.user, json!({ "lesion_label": "L1" })));
    assert_eq!(world.store.read(|tx| reports::by_number(tx, "R-2026-00002")).unwrap(), second);
    assert_eq!(world.store.read(|tx| reports::of_patient(tx, patient.id)).unwrap(), [third, second, first]);
    let foreign = NewReport { patient_id: world.patient().id, ..report() };
    assert_eq!(world.refused(|tx| reports::create(tx, &foreign)), RecordsError::NotFound);
}
