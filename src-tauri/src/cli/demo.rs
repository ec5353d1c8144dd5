//! `lentigo demo`: the main job in a clinic that is thrown away, through the same use cases as the window.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clinic::picture::{self, PictureAddress};
use clinic::views::*;
use clinic::{
    Error, ErrorCode, Result, Session, Workstation, analysis, entry, export, image, lesion, patient, report,
};
use domain::image::ImageKind;
use domain::job::JobState;
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::{FitzpatrickType, PatientDetails, RiskFactor, Sex};
use domain::report::SignatureMeaning;
use domain::{LesionId, PatientId};
use serde_json::json;
use vision::phantom;

use super::output;
use crate::places;

const PATIENCE: Duration = Duration::from_secs(120);

pub fn run(out: &Path, images: &[PathBuf]) -> Result<()> {
    fs::create_dir_all(out)?;
    let photographs = photographs(images)?;
    let scratch = Scratch::new()?;
    let workstation = Arc::new(Workstation::new(scratch.0.join("clinic"), places::models()));
    let session = found(&workstation)?;
    let patient = register(&session)?;
    output::line(&json!({ "step": "patient", "number": patient.patient.number, "age": patient.age }));
    for (name, bytes) in &photographs {
        let lesion = add_lesion(&session, patient.patient.id, name)?;
        examine(&session, lesion, name, bytes, out)?;
    }
    entry::sign_out(&session)
}

/// Of a clinic that is gone when the demonstration ends.
const PASSWORD: &str = "seven quiet moles measured";

/// A folder that goes away again, whatever happens.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("lentigo-demo-{}", domain::SessionId::fresh()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn photographs(images: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>> {
    if images.is_empty() {
        let samples = phantom::samples();
        return Ok(samples.iter().map(|s| (s.name.to_owned(), s.render().to_jpeg(92))).collect());
    }
    images
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = fs::read(path).map_err(|_| {
                Error::with(ErrorCode::NotFound, json!({ "path": path.display().to_string() }))
            })?;
            Ok((name, bytes))
        })
        .collect()
}

fn found(workstation: &Arc<Workstation>) -> Result<Session> {
    let request = ClinicCreateRequest {
        clinic_name: "Demonstration Clinic".into(),
        full_name: "Dr Demo Clinician".into(),
        email: "demo@lentigo.invalid".into(),
        password: PASSWORD.into(),
        password_repeat: PASSWORD.into(),
    };
    let (session, _sheet) = entry::found(workstation, &request)?;
    Ok(session)
}

fn register(session: &Session) -> Result<PatientView> {
    let details = PatientDetails {
        family_name: "Sample".into(),
        given_names: "Robin".into(),
        date_of_birth: jiff::civil::date(1968, 5, 17),
        sex: Sex::Female,
        phone: String::new(),
        email: String::new(),
        address: String::new(),
        fitzpatrick: Some(FitzpatrickType::II),
        alert: String::new(),
        medical_history: "Painted photographs of a demonstration; no real person.".into(),
        risk_factors: vec![RiskFactor::SevereSunburns],
        photo_consent: true,
        ai_consent: true,
        training_consent: false,
    };
    patient::create(session, PatientCreateRequest { details })
}

fn add_lesion(session: &Session, patient_id: PatientId, name: &str) -> Result<LesionId> {
    let label: String = name.chars().take(60).collect();
    let details =
        LesionDetails { label, site: BodySite::Back, laterality: Laterality::Left, note: String::new() };
    Ok(lesion::create(session, LesionCreateRequest { patient_id, details, place: None })?.lesion.id)
}

fn examine(session: &Session, lesion_id: LesionId, name: &str, bytes: &[u8], out: &Path) -> Result<()> {
    let request = ImageImportRequest { lesion_id, kind: ImageKind::Dermoscopic };
    let imported = image::import(session, &request, bytes)?;
    let finished = analyse(session, &imported)?;
    let id = finished.analysis_id.ok_or(ErrorCode::Internal)?;
    let view = analysis::read(session, &AnalysisReadRequest { id })?;
    let overlay = write_overlay(session, &view, name, out)?;
    let record = report::create(
        session,
        ReportCreateRequest { analysis_id: id, conclusion: "Demonstration report.".into(), proposal: None },
    )?;
    let signature = ReportSignRequest {
        id: record.id,
        version: record.version,
        meaning: SignatureMeaning::Author,
        paper: PaperSize::A4,
        password: PASSWORD.into(),
        code: None,
    };
    report::sign(session, &signature)?;
    let document =
        report::export(session, &ReportExportRequest { id: record.id, paper: PaperSize::A4, named: false })?;
    let pdf = out.join(format!("{name}.report.pdf"));
    export::write(&pdf, &document.pdf)?;
    let assessment = &view.analysis.assessment;
    output::line(&json!({
        "step": "examination",
        "photograph": name,
        "band": assessment.band,
        "gate": assessment.gate,
        "headline": assessment.advice.headline,
        "malignancy": assessment.malignant_sum,
        "model": view.analysis.model,
        "timings": view.analysis.timings,
        "report": pdf.display().to_string(),
        "overlay": overlay.map(|path| path.display().to_string()),
    }));
    Ok(())
}

fn analyse(session: &Session, imported: &ImageImported) -> Result<JobView> {
    let (sender, updates) = mpsc::channel();
    let request = AnalysisStartRequest { image_ids: vec![imported.image.id] };
    analysis::start(session, &request, move |job| {
        let _ = sender.send(job.clone());
    })?;
    loop {
        let job = updates.recv_timeout(PATIENCE).map_err(|_| ErrorCode::Internal)?;
        match (job.state, job.error) {
            (JobState::Completed, _) => {
                return Ok(JobView { error: None, ..job });
            }
            (JobState::Failed | JobState::Cancelled, error) => {
                return Err(error.unwrap_or_else(|| ErrorCode::Internal.into()));
            }
            _ => {}
        }
    }
}

fn write_overlay(session: &Session, view: &AnalysisView, name: &str, out: &Path) -> Result<Option<PathBuf>> {
    let (analysis, image) = (&view.analysis, &view.images[0]);
    let Some(leading) = analysis.assessment.leading() else { return Ok(None) };
    let address: PictureAddress =
        format!("/analysis/{}/{}/overlay/{}", analysis.id, image.id, leading.label.code).parse()?;
    match picture::read(session, &address) {
        Ok(picture) => {
            let path = out.join(format!("{name}.overlay.png"));
            export::write(&path, &picture.bytes)?;
            Ok(Some(path))
        }
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
