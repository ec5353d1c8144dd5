//! How the AI does in a large clinic: what the page waits for, with a finding on ten thousand lesions.

use clinic::views::{PerformanceDriftRequest, PerformanceFilter};
use clinic::{Session, performance};
use domain::advice::advise;
use domain::analysis::{Analysis, Assessment, Band, Gate, HeatmapState, Timings};
use domain::biopsy::{HistologyDetails, Margins, SpecimenDetails, SpecimenKind};
use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::quality::QualityReport;
use domain::{Actor, AnalysisId, ImageId, LesionId, PatientId, Role, UserId};
use records::{RecordsError, Store, Writing, analyses, biopsies, images, lesions, patients};

use crate::figure::median;
use crate::records::crowd;

const FINDINGS: u32 = 10_000;
const AT_ONCE: u32 = 1_000;
const ROUNDS: usize = 9;

/// Milliseconds for all that the page shows: figures, agreement and drift, with lesions that did not change.
pub fn insight_performance_ms(session: &Session) -> f64 {
    let filter = PerformanceFilter { follow_up: true, ..PerformanceFilter::default() };
    let drift = PerformanceDriftRequest { filter: filter.clone(), reference: None };
    let rounds = (0..ROUNDS).map(|_| {
        let begun = std::time::Instant::now();
        performance::read(session, &filter).expect("figures");
        performance::drift(session, &drift).expect("months");
        begun.elapsed().as_secs_f64() * 1e3
    });
    median(rounds.collect())
}

/// Adds patients with a lesion, a reading and a finding each to an open database.
pub fn add_findings(store: &Store, user: UserId) -> Result<(), RecordsError> {
    let actor = Actor { user, role: Role::Administrator };
    for first in (0..FINDINGS).step_by(AT_ONCE as usize) {
        store.write(&actor, |tx| (first..first + AT_ONCE).try_for_each(|n| add_finding(tx, n)))?;
    }
    Ok(())
}

fn add_finding(tx: &Writing<'_>, n: u32) -> Result<(), RecordsError> {
    let patient = patients::register(tx, &crowd::person(n))?.id;
    let place = LesionDetails {
        label: "L1".into(),
        site: BodySite::ALL[n as usize % BodySite::ALL.len()],
        laterality: Laterality::Left,
        note: String::new(),
    };
    let lesion = lesions::add(tx, patient, &place)?.id;
    let image = ImageRecord {
        id: ImageId::fresh(),
        patient_id: patient,
        lesion_id: lesion,
        kind: ImageKind::Dermoscopic,
        format: ImageFormat::Jpeg,
        width: 4_000,
        height: 3_000,
        sha256: format!("{n:064x}"),
        bytes: 3_000_000,
        quality: QualityReport { checks: vec![], score: 0.9 },
        imported_at: tx.now(),
    };
    images::insert(tx, &image, &[])?;
    analyses::insert(tx, &reading(tx, patient, lesion, image.id, n), &[])?;
    let specimen = SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: tx.today(),
        taken_by: tx.actor().user,
        site_image_id: image.id,
        specimen_number: format!("F-{n}"),
        impression: None,
        impression_text: String::new(),
    };
    let taken = biopsies::take(tx, lesion, &specimen)?;
    let finding = HistologyDetails {
        morphology: Some(if n.is_multiple_of(4) { "8743/3" } else { "8720/0" }.into()),
        behaviour: None,
        text: String::new(),
        breslow_mm: None,
        margins: Margins::Clear,
        reported_on: tx.today(),
    };
    let settled = finding.settle(tx.today(), tx.today()).expect("a finding");
    biopsies::enter_histology(tx, taken.id, taken.version, &settled, &jiff::tz::TimeZone::UTC)?;
    Ok(())
}

/// A reading whose malignant sum is spread over everything and higher for what turns out malignant.
fn reading(tx: &Writing<'_>, patient: PatientId, lesion: LesionId, image: ImageId, n: u32) -> Analysis {
    let spread = crowd::scatter(n, 31) as f64 % 1_000.0 / 1_000.0;
    let sum = if n.is_multiple_of(4) { spread.sqrt() } else { spread * spread };
    let (band, label) = match sum {
        s if s >= 0.5 => (Band::Malignant, ("mel", "Melanoma", Malignancy::Malignant)),
        s if s >= 0.1 => (Band::Suspicious, ("nv", "Melanocytic naevus", Malignancy::Benign)),
        _ => (Band::Benign, ("nv", "Melanocytic naevus", Malignancy::Benign)),
    };
    let (code, name, malignancy) = label;
    Analysis {
        id: AnalysisId::fresh(),
        patient_id: patient,
        lesion_id: lesion,
        image_ids: vec![image],
        assessment: Assessment {
            probabilities: vec![],
            malignant_sum: sum,
            gate: Gate::Confident,
            label: Some(Label { code: code.into(), name: name.into(), malignancy }),
            band,
            urgency: band.urgency(),
            malignancy_override: false,
            not_named: None,
            prediction_set: None,
            novelty: None,
            advice: advise(Gate::Confident, band),
        },
        model: ModelIdentity {
            name: "lentigo-lesion".into(),
            version: "0.1.0".into(),
            sha256: "0".repeat(64),
        },
        heatmap: HeatmapState::NoSpatialMap,
        timings: Timings::default(),
        analysed_at: tx.now() - jiff::SignedDuration::from_hours(48),
    }
}
