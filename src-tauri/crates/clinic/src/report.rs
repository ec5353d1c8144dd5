//! Reports: a snapshot of a result with the clinician's words, and its PDF.

use documents::{Paper, render_report_in};
use domain::ReportId;
use domain::analysis::{Analysis, Gate};
use domain::audit::AuditAction;
use domain::checklist::{FilledChecklist, PrintedChecklist};
use domain::clock::age_in_years;
use domain::image::{ImageKind, ImageRecord};
use domain::outline::{LesionOutline, MeasuredLesion};
use domain::problem::Problems;
use domain::report::{Letterhead, ReportContent, ReportImage, ReportRecord};
use records::analyses::{self, ExplanationFile, ExplanationKind};
use records::audit::{self, AuditEntry};
use records::images::{self, Rendition};
use records::reports::{NewReport, StoredReport};
use records::{checklists, lesions, outlines, patients, reports, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::events::Subject;
use crate::export::Document;
use crate::measuring;
use crate::names::Names;
use crate::picture;
use crate::read_first;
use crate::session::Session;
use crate::views::{PaperSize, ReportCreateRequest, ReportExportRequest};

const MAX_CONCLUSION: usize = 4_000;

/// What was true when the report was written and is printed unchanged ever after.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    letterhead: Letterhead,
    patient_number: String,
    patient_name: String,
    date_of_birth: jiff::civil::Date,
    age: i16,
    sex: domain::patient::Sex,
    lesion_label: String,
    body_site: String,
    analysis: Analysis,
    images: Vec<ImageRecord>,
    /// Empty in reports from before outlines were kept.
    #[serde(default)]
    outlines: Vec<LesionOutline>,
    /// Empty in reports from before lists were filled in.
    #[serde(default)]
    checklists: Vec<PrintedChecklist>,
    author: String,
}

/// # Errors
/// `invalid_input`, `not_found`.
pub fn create(session: &Session, request: ReportCreateRequest) -> Result<ReportRecord> {
    let actor = session.authorise(Command::ReportCreate)?;
    let conclusion = request.conclusion.trim().to_owned();
    let mut problems = Problems::default();
    problems.text("conclusion", &conclusion, MAX_CONCLUSION);
    problems.into_result()?;
    read_first::admit(session, request.analysis_id)?;
    let today = session.workstation().clock().today();
    let record = session.store().write(&actor, |tx| {
        let analysis = analyses::get(tx, request.analysis_id)?;
        let patient = patients::get(tx, analysis.patient_id)?;
        let lesion = lesions::get(tx, analysis.lesion_id)?;
        let images = analysis
            .image_ids
            .iter()
            .map(|id| images::get(tx, *id))
            .collect::<std::result::Result<_, _>>()?;
        let names = Names::read(tx)?;
        let lists = checklists::for_report(tx, request.analysis_id)?;
        let snapshot = Snapshot {
            letterhead: Letterhead { clinic_name: session.office().clinic.name.clone(), lines: vec![] },
            patient_number: patient.number.clone(),
            patient_name: patient.details.full_name(),
            date_of_birth: patient.details.date_of_birth,
            age: age_in_years(patient.details.date_of_birth, today),
            sex: patient.details.sex,
            lesion_label: lesion.details.label.clone(),
            body_site: site(&lesion),
            images,
            outlines: measuring::scaled(tx, outlines::of_analysis(tx, request.analysis_id)?)?,
            checklists: lists.iter().map(|list| printed_list(&names, list)).collect(),
            author: users::get(tx, actor.user)?.details.full_name,
            analysis,
        };
        let report = NewReport {
            id: ReportId::fresh(),
            patient_id: patient.id,
            analysis_id: snapshot.analysis.id,
            conclusion: conclusion.clone(),
            content: json!(snapshot),
        };
        let record = reports::create(tx, &report)?;
        checklists::close_in_report(tx, &lists, record.id)?;
        Ok(record)
    })?;
    session.workstation().events().changed(Subject::Report, record.id);
    Ok(record)
}

/// The report as a PDF, with the export in the audit trail before it is handed out.
///
/// # Errors
/// `not_found`, `record_damaged`, `not_permitted`.
pub fn export(session: &Session, request: &ReportExportRequest) -> Result<Document> {
    let actor = session.authorise(Command::ReportExport)?;
    let paper = match request.paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::Letter => Paper::Letter,
    };
    let of = session.store().read(|tx| reports::get(tx, request.id))?.record.analysis_id;
    read_first::admit(session, of)?;
    let stored = session.store().write(&actor, |tx| {
        let stored = reports::get(tx, request.id)?;
        let entry = AuditEntry::new(AuditAction::ReportExported);
        audit::record(tx, entry.on(request.id).of_patient(stored.record.patient_id))?;
        Ok(stored)
    })?;
    let file_name = format!("{}.pdf", stored.record.number);
    Ok(Document { file_name, pdf: printed_report(session, stored, paper)? })
}

/// The same without a trace, for work that leaves its own.
pub(crate) fn pdf(session: &Session, id: ReportId, paper: Paper) -> Result<Vec<u8>> {
    let stored = session.store().read(|tx| reports::get(tx, id))?;
    printed_report(session, stored, paper)
}

fn printed_report(session: &Session, stored: StoredReport, paper: Paper) -> Result<Vec<u8>> {
    let content = content(session, stored)?;
    Ok(render_report_in(&content, paper, &jiff::tz::TimeZone::system())?)
}

fn content(session: &Session, stored: StoredReport) -> Result<ReportContent> {
    let snapshot: Snapshot = serde_json::from_value(stored.content).map_err(|_| ErrorCode::RecordDamaged)?;
    let analysis = snapshot.analysis;
    let explanations = session.store().read(|tx| analyses::explanations(tx, analysis.id))?;
    let unlike = analysis.assessment.gate == Gate::OutOfDistribution;
    let images = snapshot
        .images
        .into_iter()
        .map(|image| {
            // Where the photograph is unlike any lesion, what was outlined may be none.
            let outline = snapshot.outlines.iter().find(|outline| outline.image_id == image.id && !unlike);
            let measured = outline.and_then(|outline| outline.finding.measured()).cloned();
            printed(session, image, &explanations, measured)
        })
        .collect::<Result<_>>()?;
    Ok(ReportContent {
        letterhead: snapshot.letterhead,
        number: stored.record.number,
        created_at: stored.record.created_at,
        patient_number: snapshot.patient_number,
        patient_name: snapshot.patient_name,
        date_of_birth: snapshot.date_of_birth,
        age: snapshot.age,
        sex: snapshot.sex,
        lesion_label: snapshot.lesion_label,
        body_site: snapshot.body_site,
        images,
        assessment: analysis.assessment,
        model: analysis.model,
        analysed_at: analysis.analysed_at,
        checklists: snapshot.checklists,
        conclusion: stored.record.conclusion,
        author: snapshot.author,
        signatures: None,
        logo: None,
    })
}

fn printed(
    session: &Session,
    image: ImageRecord,
    explanations: &[ExplanationFile],
    measured: Option<MeasuredLesion>,
) -> Result<ReportImage> {
    let display = session.store().read(|tx| images::file(tx, image.id, Rendition::Display))?;
    let photograph = picture::open(session, &display, Rendition::Display.purpose())?.to_vec();
    let overlay = explanations
        .iter()
        .find(|e| e.image_id == image.id && e.kind == ExplanationKind::Overlay)
        .map(|e| picture::open(session, &e.file, e.kind.purpose()))
        .transpose()?
        .map(|bytes| bytes.to_vec());
    Ok(ReportImage { caption: caption(&image), photograph, overlay, quality: image.quality, measured })
}

fn caption(image: &ImageRecord) -> String {
    let kind = match image.kind {
        ImageKind::Dermoscopic => "Dermoscopic",
        ImageKind::Clinical => "Clinical",
        ImageKind::Overview => "Overview",
    };
    format!("{kind}, {} × {} pixels", image.width, image.height)
}

fn printed_list(names: &Names, list: &FilledChecklist) -> PrintedChecklist {
    PrintedChecklist {
        kind: list.kind,
        answers: list.answers.clone(),
        result: list.result.clone(),
        author: names.name(list.author),
        filled_at: list.filled_at,
    }
}

pub(crate) fn site(lesion: &domain::lesion::Lesion) -> String {
    use domain::lesion::Laterality;
    let site = lesion.details.site.name();
    match lesion.details.laterality {
        Laterality::Left => format!("{site}, left"),
        Laterality::Right => format!("{site}, right"),
        Laterality::Midline => format!("{site}, midline"),
        Laterality::NotApplicable => site.to_owned(),
    }
}
