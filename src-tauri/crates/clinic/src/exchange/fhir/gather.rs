//! What of a record travels.

use std::collections::HashSet;

use documents::fhir::{FhirPhotograph, FhirRecord, FhirReport};
use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::biopsy::{Biopsy, Histology};
use domain::checklist::FilledChecklist;
use domain::consent::ConsentEntry;
use domain::decision::{Decision, Feedback};
use domain::image::ImageRecord;
use domain::impression::CommittedImpression;
use domain::lesion::Lesion;
use domain::patient::Patient;
use domain::user::User;
use domain::{LesionId, PatientId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::audit::{self, AuditEntry};
use records::files::SealedFile;
use records::images::{self, Rendition};
use records::reports::StoredReport;
use records::{
    RecordsError, Writing, analyses, biopsies, checklists, decisions, feedback, impressions, lesions,
    origins, patients, reports, users,
};
use serde_json::json;

use crate::read_first::Curtain;
use crate::session::Session;

type Read<T> = std::result::Result<T, RecordsError>;

/// A photograph with its file.
pub(super) struct Taken {
    pub record: ImageRecord,
    /// Where that is another day than the one it came in on.
    pub taken_on: Option<Date>,
    pub file: SealedFile,
}

/// A record as it was at one moment.
pub(super) struct Gathered {
    made_by: UserId,
    patient: Patient,
    consents: Vec<ConsentEntry>,
    staff: Vec<User>,
    lesions: Vec<Lesion>,
    pub photographs: Vec<Taken>,
    readings: Vec<Analysis>,
    feedback: Vec<Feedback>,
    checklists: Vec<FilledChecklist>,
    impressions: Vec<CommittedImpression>,
    decisions: Vec<Decision>,
    biopsies: Vec<(Biopsy, Vec<Histology>)>,
    pub reports: Vec<StoredReport>,
    /// A report shows photographs and a reading, so it leaves under both consents.
    pub reports_leave: bool,
    withheld: usize,
}

/// Reads it and records that it leaves.
pub(super) fn gather(session: &Session, tx: &Writing<'_>, id: PatientId, protected: bool) -> Read<Gathered> {
    let patient = patients::get(tx, id)?;
    if patient.merged_into.is_some() {
        return Err(RecordsError::Merged);
    }
    let consents = patients::read_consents(tx, id)?;
    let lesions: Vec<Lesion> =
        lesions::of_patient(tx, id)?.into_iter().filter(|lesion| !lesion.is_an_error()).collect();
    let followed: HashSet<LesionId> = lesions.iter().map(|lesion| lesion.id).collect();
    let hidden = Curtain::of(session, tx)?.hidden_of(tx, id)?;
    let mut readings = analyses::of_patient(tx, id)?;
    readings.retain(|reading| followed.contains(&reading.lesion_id));
    let before = readings.len();
    readings.retain(|reading| !hidden.contains(&reading.id));
    let withheld = before - readings.len();
    let mut gathered = Gathered {
        made_by: tx.actor().user,
        staff: users::all(tx)?,
        photographs: photographs(tx, &patient, &followed, &session.workstation().clock().zone())?,
        feedback: readings
            .iter()
            .filter_map(|reading| feedback::of_analysis(tx, reading.id).transpose())
            .collect::<Read<_>>()?,
        impressions: readings
            .iter()
            .filter_map(|reading| impressions::of_analysis(tx, reading.id).transpose())
            .collect::<Read<_>>()?,
        checklists: of_each(&lesions, |lesion| checklists::of_lesion(tx, lesion))?,
        decisions: of_each(&lesions, |lesion| decisions::of_lesion(tx, lesion))?,
        biopsies: biopsies(tx, id, &followed)?,
        reports: reports(tx, id, &followed, |report| hidden.contains(&report.record.analysis_id))?,
        reports_leave: patient.details.photo_consent && patient.details.ai_consent,
        readings: if patient.details.ai_consent { readings } else { Vec::new() },
        patient,
        consents,
        lesions,
        withheld,
    };
    // Oldest first, as the rest is.
    gathered.readings.reverse();
    record(tx, &gathered, protected)?;
    Ok(gathered)
}

fn record(tx: &Writing<'_>, gathered: &Gathered, protected: bool) -> Read<()> {
    let said = json!({
        "photographs": gathered.photographs.len(),
        "readings": gathered.readings.len(),
        "reports": gathered.reports.len(),
        "protected": protected,
    });
    audit::record(tx, AuditEntry::new(AuditAction::FhirExported).on(gathered.patient.id).with(said))?;
    Ok(())
}

fn of_each<T>(lesions: &[Lesion], read: impl Fn(LesionId) -> Read<Vec<T>>) -> Read<Vec<T>> {
    let mut all = Vec::new();
    for lesion in lesions {
        all.extend(read(lesion.id)?);
    }
    Ok(all)
}

fn photographs(
    tx: &Writing<'_>,
    patient: &Patient,
    followed: &HashSet<LesionId>,
    zone: &TimeZone,
) -> Read<Vec<Taken>> {
    if !patient.details.photo_consent {
        return Ok(Vec::new());
    }
    let all = images::of_patient(tx, patient.id)?.into_iter();
    all.filter(|image| followed.contains(&image.lesion_id))
        .map(|record| {
            let file = images::file(tx, record.id, Rendition::Original)?;
            let day = origins::taken_on(tx, record.id)?;
            let came = record.imported_at.to_zoned(zone.clone()).date();
            Ok(Taken { taken_on: day.filter(|day| *day != came), record, file })
        })
        .collect()
}

fn biopsies(
    tx: &Writing<'_>,
    patient: PatientId,
    followed: &HashSet<LesionId>,
) -> Read<Vec<(Biopsy, Vec<Histology>)>> {
    let all = biopsies::of_patient(tx, patient)?.into_iter();
    all.filter(|biopsy| followed.contains(&biopsy.lesion_id) && biopsy.withdrawn_at.is_none())
        .map(|biopsy| {
            let findings = biopsies::editions(tx, biopsy.id)?;
            Ok((biopsy, findings))
        })
        .collect()
}

fn reports(
    tx: &Writing<'_>,
    patient: PatientId,
    followed: &HashSet<LesionId>,
    is_hidden: impl Fn(&StoredReport) -> bool,
) -> Read<Vec<StoredReport>> {
    let mut found = Vec::new();
    for record in reports::of_patient(tx, patient)? {
        let report = reports::get(tx, record.id)?;
        let lesion = analyses::get(tx, record.analysis_id)?.lesion_id;
        if followed.contains(&lesion) && !is_hidden(&report) {
            found.push(report);
        }
    }
    found.reverse();
    Ok(found)
}

impl Gathered {
    pub fn told<'a>(
        &'a self,
        session: &'a Session,
        made_at: Timestamp,
        photographs: &'a [FhirPhotograph],
        reports: &'a [FhirReport],
    ) -> FhirRecord<'a> {
        FhirRecord {
            clinic: &session.office().clinic,
            made_at,
            made_by: self.made_by,
            program_version: env!("CARGO_PKG_VERSION"),
            patient: &self.patient,
            consents: &self.consents,
            staff: &self.staff,
            lesions: &self.lesions,
            photographs,
            readings: &self.readings,
            feedback: &self.feedback,
            checklists: &self.checklists,
            impressions: &self.impressions,
            decisions: &self.decisions,
            biopsies: &self.biopsies,
            reports,
        }
    }

    /// What the receiver would miss, in words.
    pub fn left_out(&self) -> Vec<&'static str> {
        let details = &self.patient.details;
        let mut said = Vec::new();
        if !details.photo_consent {
            said.push("Photographs, for there is no consent to them.");
        }
        if !details.ai_consent {
            said.push("Readings by a classifier, for there is no consent to them.");
        }
        if !self.reports_leave && !self.reports.is_empty() {
            said.push("The PDF of reports, for photographs and readings are printed in them.");
        }
        if self.withheld > 0 && details.ai_consent {
            said.push("Readings that wait for a clinician's first impression.");
        }
        said
    }
}
