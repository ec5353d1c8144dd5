//! What a report prints, gathered from its snapshot and the pictures.

use domain::analysis::{Analysis, Gate};
use domain::checklist::{FilledChecklist, PrintedChecklist};
use domain::clock::age_in_years;
use domain::image::{ImageKind, ImageRecord};
use domain::lesion::Lesion;
use domain::outline::{LesionOutline, MeasuredLesion};
use domain::report::{Letterhead, PrintedSignatures, ReportContent, ReportImage};
use domain::report_text::TextOrigin;
use domain::{Actor, AnalysisId, ReportId};
use records::analyses::{self, ExplanationFile, ExplanationKind};
use records::images::{self, Rendition};
use records::reports::StoredReport;
use records::{RecordsError, Writing, checklists, lesions, logos, outlines, patients, users};
use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, Result};
use crate::names::Names;
use crate::session::Session;
use crate::{letterhead, measuring, picture};

/// What was true when the report was written and is printed unchanged ever after.
#[derive(Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub letterhead: Letterhead,
    /// SHA-256 of the logo; none in reports from before there were logos.
    #[serde(default)]
    pub logo: Option<String>,
    pub patient_number: String,
    pub patient_name: String,
    pub date_of_birth: jiff::civil::Date,
    pub age: i16,
    pub sex: domain::patient::Sex,
    pub lesion_label: String,
    pub body_site: String,
    pub analysis: Analysis,
    pub images: Vec<ImageRecord>,
    /// Empty in reports from before outlines were kept.
    #[serde(default)]
    pub outlines: Vec<LesionOutline>,
    /// Empty in reports from before lists were filled in.
    #[serde(default)]
    pub checklists: Vec<PrintedChecklist>,
    pub author: String,
    /// Where the conclusion came from; nothing where it was written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_origin: Option<TextOrigin>,
}

impl Snapshot {
    /// What the records say now.
    pub fn take(
        session: &Session,
        tx: &Writing<'_>,
        actor: &Actor,
        id: AnalysisId,
    ) -> std::result::Result<Self, RecordsError> {
        let analysis = analyses::get(tx, id)?;
        let patient = patients::get(tx, analysis.patient_id)?;
        let lesion = lesions::get(tx, analysis.lesion_id)?;
        let images = analysis
            .image_ids
            .iter()
            .map(|id| images::get(tx, *id))
            .collect::<std::result::Result<_, _>>()?;
        let names = Names::read(tx)?;
        let (letterhead, logo) = letterhead::current(session, tx)?;
        let today = session.workstation().clock().today();
        let snapshot = Self {
            letterhead,
            logo,
            patient_number: patient.number.clone(),
            patient_name: patient.details.full_name(),
            date_of_birth: patient.details.date_of_birth,
            age: age_in_years(patient.details.date_of_birth, today),
            sex: patient.details.sex,
            lesion_label: lesion.details.label.clone(),
            body_site: site(&lesion),
            images,
            outlines: measuring::scaled(tx, outlines::of_analysis(tx, id)?)?,
            checklists: checklists::for_report(tx, id)?
                .iter()
                .map(|list| printed_list(&names, list))
                .collect(),
            author: users::get(tx, actor.user)?.details.full_name,
            text_origin: None,
            analysis,
        };
        Ok(snapshot)
    }

    pub fn with_text_of(self, text_origin: Option<TextOrigin>) -> Self {
        Self { text_origin, ..self }
    }

    /// Keeps the lists of an earlier draft that were filled in on its day and are not found any more.
    pub fn with_lists_of(mut self, earlier: Self) -> Self {
        for list in earlier.checklists {
            if !self.checklists.iter().any(|own| own.kind == list.kind) {
                self.checklists.push(list);
            }
        }
        self
    }

    /// Part of signing, which leaves the audit row: the lists that the report prints are closed.
    pub fn close_lists(&self, tx: &Writing<'_>, report: ReportId) -> std::result::Result<(), RecordsError> {
        let names = Names::read(tx)?;
        let mut lists = checklists::for_report(tx, self.analysis.id)?;
        lists.retain(|list| self.checklists.contains(&printed_list(&names, list)));
        checklists::close_in_report(tx, &lists, report)
    }

    /// # Errors
    /// `record_damaged`.
    pub fn of(stored: &StoredReport) -> Result<Self> {
        serde_json::from_value(stored.content.clone()).map_err(|_| ErrorCode::RecordDamaged.into())
    }
}

/// Gathers everything that is printed.
///
/// # Errors
/// `record_damaged`, `not_permitted` for roles without the key to photographs.
pub(super) fn gather(
    session: &Session,
    stored: StoredReport,
    signatures: Option<PrintedSignatures>,
) -> Result<ReportContent> {
    let snapshot = Snapshot::of(&stored)?;
    let logo = snapshot.logo.as_ref();
    let logo = logo.map(|logo| session.store().read(|tx| logos::get(tx, logo))).transpose()?;
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
        text_origin: snapshot.text_origin,
        author: snapshot.author,
        signatures,
        logo,
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

pub(crate) fn site(lesion: &Lesion) -> String {
    use domain::lesion::Laterality;
    let site = lesion.details.site.name();
    match lesion.details.laterality {
        Laterality::Left => format!("{site}, left"),
        Laterality::Right => format!("{site}, right"),
        Laterality::Midline => format!("{site}, midline"),
        Laterality::NotApplicable => site.to_owned(),
    }
}
