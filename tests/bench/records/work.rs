//! What a busy clinic does besides: visits, readings, recalls and specimens, most of them done with and the same
//! number waiting in every clinic, whatever its size.

use domain::advice::advise;
use domain::analysis::{Analysis, Assessment, Band, Gate, HeatmapState, Timings};
use domain::biopsy::{SpecimenDetails, SpecimenKind};
use domain::image::ImageRecord;
use domain::model::ModelIdentity;
use domain::recall::{RecallDetails, RecallState};
use domain::visit::{VisitDetails, VisitStep};
use domain::{AnalysisId, PatientId};
use jiff::ToSpan;
use records::{RecordsError, Writing, analyses, biopsies, recalls, visits};

/// Expected today, and overdue or unread on each list.
pub const WAITING: u32 = 60;

pub fn visit(tx: &Writing<'_>, patient: PatientId, n: u32) -> Result<(), RecordsError> {
    let today = n < WAITING;
    let day = if today { tx.today() } else { tx.today() - ((1 + n % 1_000) as i64).days() };
    let details = VisitDetails {
        day,
        planned_at: Some(tx.now()),
        clinician_id: None,
        room: "2".into(),
        note: "Control of the back".into(),
    };
    let visit = visits::add(tx, patient, &details, false)?.visit;
    if !today {
        let steps = [VisitStep::Arrive, VisitStep::EnterRoom, VisitStep::Finish];
        steps.into_iter().try_fold(visit, |visit, step| visits::step(tx, visit.id, visit.version, step))?;
    }
    Ok(())
}

pub fn reading(tx: &Writing<'_>, image: &ImageRecord, n: u32) -> Result<(), RecordsError> {
    let (gate, band) = (Gate::Inconclusive, Band::Suspicious);
    let analysis = Analysis {
        id: AnalysisId::fresh(),
        patient_id: image.patient_id,
        lesion_id: image.lesion_id,
        image_ids: vec![image.id],
        assessment: Assessment {
            probabilities: vec![],
            malignant_sum: 0.2,
            gate,
            label: None,
            band,
            urgency: band.urgency(),
            malignancy_override: false,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: advise(gate, band),
        },
        model: ModelIdentity {
            name: "lentigo-lesion".into(),
            version: "0.1.0".into(),
            sha256: "0".repeat(64),
        },
        heatmap: HeatmapState::NoSpatialMap,
        timings: Timings::default(),
        analysed_at: image.imported_at,
    };
    analyses::insert(tx, &analysis, &[])?;
    if n >= WAITING {
        analyses::read(tx, analysis.id)?;
    }
    Ok(())
}

pub fn recall(tx: &Writing<'_>, patient: PatientId, n: u32) -> Result<(), RecordsError> {
    let due = if n < WAITING { (-20).days() } else { ((1 + n % 700) as i64).days() };
    let details = RecallDetails {
        lesion_id: None,
        due_on: tx.today() + due,
        interval: None,
        reason: "Control".into(),
        desk_text: "Appointment".into(),
        responsible: tx.actor().user,
    };
    let recall = recalls::plan(tx, patient, &details)?;
    if n >= WAITING && n.is_multiple_of(2) {
        recalls::close(tx, recall.id, recall.version, RecallState::Done, "")?;
    }
    Ok(())
}

pub fn specimen(tx: &Writing<'_>, image: &ImageRecord, n: u32) -> Result<(), RecordsError> {
    let details = SpecimenDetails {
        kind: SpecimenKind::Punch,
        taken_on: tx.today(),
        taken_by: tx.actor().user,
        site_image_id: image.id,
        specimen_number: format!("H-{n}"),
        impression: None,
        impression_text: String::new(),
    };
    let taken = biopsies::take(tx, image.lesion_id, &details)?;
    if n < WAITING {
        biopsies::send(tx, taken.id, taken.version, "Pathology", tx.today())?;
    } else {
        biopsies::withdraw(tx, taken.id, taken.version, "Lost on the way")?;
    }
    Ok(())
}
