//! What a report prints, gathered from its snapshot and the pictures.

use domain::analysis::{Analysis, Gate};
use domain::checklist::{FilledChecklist, PrintedChecklist};
use domain::clock::age_in_years;
use domain::image::{ImageKind, ImageRecord};
use domain::lesion::Lesion;
use domain::outline::{LesionOutline, MeasuredLesion};
use domain::report::{
    ComparedPicture, Letterhead, PrintedComparison, PrintedSignatures, ReportContent, ReportImage,
};
use domain::report_text::TextOrigin;
use domain::{Actor, AnalysisId, ImageId, ReportId};
use records::analyses::{self, ExplanationFile, ExplanationKind};
use records::images::{self, Rendition};
use records::reports::StoredReport;
use records::{RecordsError, Writing, checklists, lesions, logos, outlines, patients, users};
use serde::{Deserialize, Serialize};

use crate::comparison::{self, ComparedPair};
use crate::error::{Error, ErrorCode, Result};
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
    /// Empty in reports from before comparisons were printed.
    #[serde(default)]
    pub compared: Vec<ComparedPair>,
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
        let clock = session.workstation().clock();
        let today = clock.today();
        let newest = |id: &ImageId| comparison::newest_of(tx, *id, &clock.zone(), &names).transpose();
        let compared = analysis.image_ids.iter().filter_map(newest).collect::<std::result::Result<_, _>>()?;
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
            compared,
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
    let comparisons =
        snapshot.compared.into_iter().map(|pair| printed_comparison(session, pair)).collect::<Result<_>>()?;
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
        comparisons,
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

fn printed_comparison(session: &Session, pair: ComparedPair) -> Result<PrintedComparison> {
    let picture = |at: usize| {
        let image = &pair.images[at];
        let photograph = match session.store().read(|tx| images::file(tx, image.id, Rendition::Display)) {
            Ok(file) => Some(picture::open(session, &file, Rendition::Display.purpose())?.to_vec()),
            // Deleted long ago, and gone for good.
            Err(RecordsError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        Ok::<_, Error>(ComparedPicture {
            day: pair.days[at],
            width: image.width,
            height: image.height,
            photograph,
        })
    };
    let pictures = [picture(0)?, picture(1)?];
    Ok(PrintedComparison { comparison: pair.comparison, pictures, author: pair.author })
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
