//! What of a patient leaves as DICOM, and under which identities.
//!
//! A day on which photographs were taken is a study. Identities follow from those of the records and from what
//! an object shows, so that the same object has the same identity however often it leaves, and another one where
//! its scale, its place on the body or what was decided has changed. Names are no part of them.

use std::collections::{HashMap, HashSet};

use documents::dicom::{
    DicomPatient, DicomReference, DicomStudy, Measurement, derived_uid, lengths, photograph_class,
};
use domain::analysis::{Analysis, Gate};
use domain::image::{ImageKind, ImageRecord};
use domain::lesion::Lesion;
use domain::report::{ReportRecord, ReportState};
use domain::{AnalysisId, ImageId, LesionId};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use records::{
    Reading, RecordsError, analyses, decisions, image_scales, images, impressions, lesions, origins,
    outlines, patients, reports,
};
use serde_json::{Value, json};

use crate::error::ErrorCode;
use crate::measuring;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{DicomObjectKind, DicomSelection};

type Stored<T> = std::result::Result<T, RecordsError>;

/// The objects of one patient, in the order in which they leave.
pub(super) struct Plan {
    pub number: String,
    pub patient: DicomPatient,
    pub objects: Vec<Planned>,
    /// Readings behind the curtain.
    pub withheld: u32,
    pub refusal: Option<Refusal>,
}

/// Why nothing may leave.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Merged,
    PhotoConsent,
    /// A lesion is not this patient's, or nothing was chosen that can leave.
    Nothing,
}

pub(super) struct Planned {
    pub kind: DicomObjectKind,
    /// For people: the lesion's label, or the report's number.
    pub label: String,
    pub place: Place,
    pub content: Content,
}

/// Where an object stands among the others.
pub(super) struct Place {
    pub study: DicomStudy,
    pub series_uid: String,
    pub series_number: u32,
    pub number: u32,
    pub on: Date,
    pub time: Option<Time>,
}

pub(super) enum Content {
    Photograph(Box<Shown>),
    Reading(Box<Said>),
    Report(ReportRecord),
}

pub(super) struct Shown {
    pub image: ImageRecord,
    pub lesion: Lesion,
    pub spacing_mm: Option<[f64; 2]>,
    pub reference: DicomReference,
}

pub(super) struct Said {
    pub uid: String,
    pub analysis: Analysis,
    pub lesion: Lesion,
    pub images: Vec<DicomReference>,
    pub measurements: Vec<Measurement>,
    pub impression: Option<String>,
    pub author: String,
}

impl Plan {
    pub fn count(&self, kind: DicomObjectKind) -> usize {
        self.objects.iter().filter(|object| object.kind == kind).count()
    }

    /// What the trail tells of it.
    pub fn told(&self, selection: &DicomSelection) -> Value {
        json!({
            "photographs": self.count(DicomObjectKind::Photograph),
            "reports": self.count(DicomObjectKind::Report),
            "readings": self.count(DicomObjectKind::Reading),
            "withheld": self.withheld,
            "lesions": selection.lesion_ids,
        })
    }

    pub fn may_leave(&self) -> crate::Result<()> {
        Err(match self.refusal {
            None => return Ok(()),
            Some(Refusal::Merged) => ErrorCode::PatientMerged.into(),
            Some(Refusal::PhotoConsent) => {
                crate::Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" }))
            }
            Some(Refusal::Nothing) => ErrorCode::NotFound.into(),
        })
    }

    pub fn read(session: &Session, tx: &Reading<'_>, selection: &DicomSelection) -> Stored<Self> {
        let patient = patients::get(tx, selection.patient_id)?;
        let mut plan = Self {
            number: patient.number.clone(),
            patient: DicomPatient {
                number: patient.number,
                family_name: patient.details.family_name,
                given_names: patient.details.given_names,
                birth_date: Some(patient.details.date_of_birth),
                sex: patient.details.sex,
            },
            objects: Vec::new(),
            withheld: 0,
            refusal: None,
        };
        if patient.merged_into.is_some() {
            plan.refusal = Some(Refusal::Merged);
            return Ok(plan);
        }
        if !patient.details.photo_consent {
            plan.refusal = Some(Refusal::PhotoConsent);
            return Ok(plan);
        }
        let Some(lesions) = lesions_of(tx, selection)? else {
            plan.refusal = Some(Refusal::Nothing);
            return Ok(plan);
        };
        let mut gathering = Gathering {
            tx,
            zone: session.workstation().clock().zone(),
            clinic: session.office().clinic.name.clone(),
            selection,
            lesions,
            numbers: HashMap::new(),
            shown: HashMap::new(),
        };
        plan.objects = gathering.photographs()?;
        let hidden = Curtain::of(session, tx)?.hidden_of(tx, selection.patient_id)?;
        let mut found = gathering.readings(&hidden)?;
        plan.withheld = found.withheld;
        // Who withdrew the consent to readings by the AI has none sent.
        if selection.readings && patient.details.ai_consent {
            plan.objects.append(&mut found.objects);
        }
        if selection.reports {
            plan.objects.extend(gathering.reports(&found)?);
        }
        if plan.objects.is_empty() {
            plan.refusal = Some(Refusal::Nothing);
        }
        Ok(plan)
    }
}

/// The patient's lesions without those entered in error; nothing where one was chosen that is not among all.
fn lesions_of(
    tx: &Reading<'_>,
    selection: &DicomSelection,
) -> Stored<Option<HashMap<LesionId, (Lesion, bool)>>> {
    let all = lesions::of_patient(tx, selection.patient_id)?;
    let wanted: Option<HashSet<LesionId>> =
        selection.lesion_ids.as_ref().map(|ids| ids.iter().copied().collect());
    let known: HashSet<LesionId> = all.iter().map(|lesion| lesion.id).collect();
    if wanted.as_ref().is_some_and(|wanted| !wanted.is_subset(&known)) {
        return Ok(None);
    }
    let chosen = |id: LesionId| wanted.as_ref().is_none_or(|wanted| wanted.contains(&id));
    let standing = all.into_iter().filter(|lesion| !lesion.is_an_error());
    Ok(Some(standing.map(|lesion| (lesion.id, (lesion.clone(), chosen(lesion.id)))).collect()))
}

/// Series of a study, by what lies in them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Series {
    Dermoscopic = 1,
    Clinical = 2,
    Readings = 3,
    Reports = 4,
}

struct Gathering<'a, 'tx> {
    tx: &'a Reading<'tx>,
    zone: TimeZone,
    clinic: String,
    selection: &'a DicomSelection,
    /// Without those entered in error; true for those that were chosen.
    lesions: HashMap<LesionId, (Lesion, bool)>,
    /// How many objects a series has so far.
    numbers: HashMap<(Date, Series), u32>,
    /// Photographs that leave, and those of other lesions that a reading may rest on.
    shown: HashMap<ImageId, (Date, DicomReference)>,
}

/// Readings on their way out.
#[derive(Default)]
struct Readings {
    objects: Vec<Planned>,
    /// The days of all, by which their reports lie in a study.
    days: HashMap<AnalysisId, Date>,
    /// Those that may be told of.
    told: HashSet<AnalysisId>,
    withheld: u32,
}

impl Gathering<'_, '_> {
    fn photographs(&mut self) -> Stored<Vec<Planned>> {
        let mut planned = Vec::new();
        for image in images::of_patient(self.tx, self.selection.patient_id)? {
            let Some((lesion, chosen)) = self.lesions.get(&image.lesion_id).cloned() else { continue };
            let dermoscopic = image.kind == ImageKind::Dermoscopic;
            let series = if dermoscopic { Series::Dermoscopic } else { Series::Clinical };
            let (on, time) = self.taken(&image)?;
            let place = self.place(series, on, (on, time));
            let scale = image_scales::get(self.tx, image.id)?.map(|found| found.scale);
            let spacing_mm = scale.map(|scale| [scale.um_per_px_y / 1000.0, scale.um_per_px_x / 1000.0]);
            let reference = DicomReference {
                sop_class_uid: photograph_class(dermoscopic).to_owned(),
                sop_instance_uid: photograph_uid(&image, &lesion, spacing_mm),
                series_uid: place.series_uid.clone(),
                study_uid: place.study.uid.clone(),
            };
            self.shown.insert(image.id, (on, reference.clone()));
            if chosen {
                let label = lesion.details.label.clone();
                let content = Content::Photograph(Box::new(Shown { image, lesion, spacing_mm, reference }));
                planned.push(Planned { kind: DicomObjectKind::Photograph, label, place, content });
            }
        }
        Ok(planned)
    }

    /// When it was taken, as far as that is known: the camera's day without a time, or when it came in.
    fn taken(&self, image: &ImageRecord) -> Stored<(Date, Option<Time>)> {
        let taken = origins::taken_on(self.tx, image.id)?;
        let came = self.moment(image.imported_at);
        Ok(match taken {
            Some(day) if day != came.0 => (day, None),
            _ => came,
        })
    }

    fn moment(&self, at: Timestamp) -> (Date, Option<Time>) {
        let local = at.to_zoned(self.zone.clone());
        (local.date(), Some(local.time()))
    }

    fn readings(&mut self, hidden: &HashSet<AnalysisId>) -> Stored<Readings> {
        let names = Names::read(self.tx)?;
        let mut found = Readings::default();
        let mut all = analyses::of_patient(self.tx, self.selection.patient_id)?;
        all.reverse();
        for analysis in all {
            let Some((lesion, chosen)) = self.lesions.get(&analysis.lesion_id).cloned() else { continue };
            let first = analysis.image_ids.iter().find_map(|id| self.shown.get(id));
            let Some(day) = first.map(|(day, _)| *day) else { continue };
            let at = self.moment(analysis.analysed_at);
            let place = self.place(Series::Readings, day, at);
            found.days.insert(analysis.id, day);
            if !chosen {
                continue;
            }
            if hidden.contains(&analysis.id) {
                found.withheld += 1;
                continue;
            }
            found.told.insert(analysis.id);
            let label = lesion.details.label.clone();
            let content = Content::Reading(Box::new(self.said(&names, analysis, lesion)?));
            found.objects.push(Planned { kind: DicomObjectKind::Reading, label, place, content });
        }
        Ok(found)
    }

    fn said(&self, names: &Names, analysis: Analysis, lesion: Lesion) -> Stored<Said> {
        let decided = decisions::of_lesion(self.tx, lesion.id)?
            .into_iter()
            .find(|one| one.analysis_id == Some(analysis.id) && one.superseded_by.is_none());
        let said = match &decided {
            Some(decision) => Some((decision.entry.impression.name().to_owned(), decision.author)),
            None => impressions::of_analysis(self.tx, analysis.id)?
                .map(|found| (found.entry.impression.name().to_owned(), found.author)),
        };
        // Whose word is printed is its author; without one, whoever asked for the reading.
        let (impression, author) = said.unzip();
        let author = match author {
            Some(author) => Some(author),
            None => analyses::asked_by(self.tx, analysis.id)?,
        };
        let author = names.name_or_none(author);
        let (measured, measurements) = self.measured(&analysis)?;
        let mut on = analysis.image_ids.clone();
        // The photograph that was measured comes first.
        on.sort_by_key(|id| Some(*id) != measured);
        let images: Vec<DicomReference> =
            on.iter().filter_map(|id| self.shown.get(id)).map(|(_, reference)| reference.clone()).collect();
        let author = author.filter(|name| !name.is_empty()).unwrap_or_else(|| self.clinic.clone());
        let mut said =
            Said { uid: String::new(), analysis, lesion, images, measurements, impression, author };
        said.uid = reading_uid(&said);
        Ok(said)
    }

    fn measured(&self, analysis: &Analysis) -> Stored<(Option<ImageId>, Vec<Measurement>)> {
        // Where the photograph is unlike any lesion, what was outlined may be none.
        if analysis.assessment.gate == Gate::OutOfDistribution {
            return Ok((None, Vec::new()));
        }
        let found = measuring::scaled(self.tx, outlines::of_analysis(self.tx, analysis.id)?)?;
        let first = found.iter().find_map(|outline| {
            let measures = lengths(&outline.finding.measured()?.measures);
            (!measures.is_empty()).then_some((Some(outline.image_id), measures))
        });
        Ok(first.unwrap_or_default())
    }

    fn reports(&mut self, readings: &Readings) -> Stored<Vec<Planned>> {
        let mut all = reports::of_patient(self.tx, self.selection.patient_id)?;
        // A draft is nobody's word yet, and a withdrawn report nobody's any more.
        all.retain(|report| report.state == ReportState::Signed);
        all.reverse();
        let mut planned = Vec::new();
        for report in all {
            let Some(day) = readings.days.get(&report.analysis_id) else { continue };
            let at = self.moment(report.created_at);
            let place = self.place(Series::Reports, *day, at);
            if readings.told.contains(&report.analysis_id) {
                let label = report.number.clone();
                let content = Content::Report(report);
                planned.push(Planned { kind: DicomObjectKind::Report, label, place, content });
            }
        }
        Ok(planned)
    }

    fn place(&mut self, series: Series, day: Date, (on, time): (Date, Option<Time>)) -> Place {
        let patient = self.selection.patient_id.to_string();
        let uid = derived_uid(&["study", &patient, &day.to_string()]);
        let series_number = series as u32;
        let series_uid = derived_uid(&["series", &uid, &series_number.to_string()]);
        let number = self.numbers.entry((day, series)).or_default();
        *number += 1;
        // All objects of a study say the same of it.
        let study = DicomStudy { uid, on: day, id: day.to_string(), clinic: self.clinic.clone() };
        Place { study, series_uid, series_number, number: *number, on, time }
    }
}

fn photograph_uid(image: &ImageRecord, lesion: &Lesion, spacing_mm: Option<[f64; 2]>) -> String {
    derived_uid(&[
        "photograph",
        &image.id.to_string(),
        &format!("{:?}", image.kind),
        &lesion.uid(),
        lesion.details.site.term().code,
        &format!("{:?}", lesion.details.laterality),
        &format!("{spacing_mm:?}"),
    ])
}

fn reading_uid(said: &Said) -> String {
    let images: Vec<&str> = said.images.iter().map(|image| image.sop_instance_uid.as_str()).collect();
    let measurements: Vec<String> =
        said.measurements.iter().map(|one| format!("{} {}", one.term.code, one.value)).collect();
    derived_uid(&[
        "reading",
        &said.analysis.id.to_string(),
        &said.lesion.uid(),
        said.lesion.details.site.term().code,
        &format!("{:?}", said.lesion.details.laterality),
        &images.join(" "),
        &measurements.join(" "),
        said.impression.as_deref().unwrap_or_default(),
    ])
}
