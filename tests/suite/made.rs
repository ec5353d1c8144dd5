//! Clinics whose readings, findings and decisions are written into the records, at times that the test moves.

use std::sync::Arc;

use domain::advice::advise;
use domain::analysis::{Analysis, Assessment, Band, Gate, HeatmapState, Timings};
use domain::biopsy::{HistologyDetails, Margins, SpecimenDetails, SpecimenKind};
use domain::decision::{DecisionEntry, Plan};
use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::impression::{Confidence, Impression, ImpressionEntry};
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::model::{Label, Malignancy, ModelIdentity};
use domain::patient::PatientDetails;
use domain::quality::QualityReport;
use domain::{Actor, AnalysisId, FixedClock, ImageId, LesionId, Role};
use jiff::SignedDuration;
use records::checklists::About;
use records::decisions::NewDecision;
use records::{
    RecordsError, Store, Writing, analyses, biopsies, decisions, images, impressions, lesions, patients,
};
use support::{EMAIL, PASSWORD, World, details};
use vault::{KdfPolicy, Vault};

pub const DAY: i64 = 24;
pub const MONTH: i64 = 31 * DAY;

/// A clinic whose records are written beside the program, at times that the test moves.
pub struct Made {
    world: World,
    clock: Arc<FixedClock>,
    actor: Actor,
}

impl Made {
    pub fn new() -> Self {
        let clock = Arc::new(FixedClock::new("2026-01-05T10:00:00Z".parse().unwrap()));
        let world = World::founded_at(&clock);
        let actor = Actor { user: world.session.user().id, role: Role::Administrator };
        Self { world, clock, actor }
    }

    /// The work of one day in the records; the program sees it after [`Self::opened`].
    pub fn writes<T>(&self, work: impl FnOnce(&Writing<'_>) -> Result<T, RecordsError>) -> T {
        let folder = self.world.clinic_folder();
        let keys = Vault::unlock(&folder, EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap();
        let connection = vault::open_database(&folder, &keys).unwrap();
        let clock = Arc::clone(&self.clock) as Arc<dyn domain::Clock>;
        let store = Store::open(connection, keys.audit_key.clone(), clock).unwrap();
        store.write(&self.actor, work).unwrap()
    }

    pub fn passes(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    pub fn opened(self) -> World {
        self.world.reopened_with(&support::root().join("models"))
    }
}

pub struct Told {
    pub band: Band,
    pub sum: f64,
    pub class: Option<(&'static str, Malignancy)>,
    pub gate: Gate,
    pub model: &'static str,
}

pub const fn told(band: Band, sum: f64, class: Option<(&'static str, Malignancy)>) -> Told {
    Told { band, sum, class, gate: Gate::Confident, model: "a" }
}

pub fn lesion(tx: &Writing<'_>, name: &str) -> Result<LesionId, RecordsError> {
    let person = PatientDetails { family_name: name.into(), ..details() };
    let patient = patients::register(tx, &person)?;
    let place = LesionDetails {
        label: "L1".into(),
        site: BodySite::Back,
        laterality: Laterality::Left,
        note: String::new(),
    };
    Ok(lesions::add(tx, patient.id, &place)?.id)
}

pub fn photograph(tx: &Writing<'_>, lesion: LesionId) -> Result<ImageRecord, RecordsError> {
    let id = ImageId::fresh();
    let photograph = ImageRecord {
        id,
        patient_id: lesions::get(tx, lesion)?.patient_id,
        lesion_id: lesion,
        kind: ImageKind::Dermoscopic,
        format: ImageFormat::Jpeg,
        width: 640,
        height: 480,
        sha256: format!("{:0>64}", id.to_string().replace('-', "")),
        bytes: 1_000,
        quality: QualityReport { checks: vec![], score: 0.8 },
        imported_at: tx.now(),
    };
    images::insert(tx, &photograph, &[])?;
    Ok(photograph)
}

pub fn reads(tx: &Writing<'_>, lesion: LesionId, told: &Told) -> Result<AnalysisId, RecordsError> {
    let image = photograph(tx, lesion)?;
    let label = told.class.map(|(code, malignancy)| Label {
        code: code.into(),
        name: code.to_uppercase(),
        malignancy,
    });
    let analysis = Analysis {
        id: AnalysisId::fresh(),
        patient_id: image.patient_id,
        lesion_id: lesion,
        image_ids: vec![image.id],
        assessment: Assessment {
            probabilities: vec![],
            malignant_sum: told.sum,
            gate: told.gate,
            label,
            band: told.band,
            urgency: told.band.urgency(),
            malignancy_override: false,
            not_named: None,
            prediction_set: None,
            novelty: None,
            advice: advise(told.gate, told.band),
        },
        model: ModelIdentity {
            name: "made".into(),
            version: told.model.into(),
            sha256: told.model.repeat(64),
        },
        heatmap: HeatmapState::NoSpatialMap,
        timings: Timings::default(),
        analysed_at: tx.now(),
    };
    analyses::insert(tx, &analysis, &[])?;
    Ok(analysis.id)
}

pub fn finds(tx: &Writing<'_>, lesion: LesionId, code: &str) -> Result<(), RecordsError> {
    let image = photograph(tx, lesion)?;
    let specimen = SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: tx.today(),
        taken_by: tx.actor().user,
        site_image_id: image.id,
        specimen_number: format!("H-{}", image.id),
        impression: None,
        impression_text: String::new(),
    };
    let taken = biopsies::take(tx, lesion, &specimen)?;
    let finding = HistologyDetails {
        morphology: Some(code.into()),
        behaviour: None,
        text: "Made for the test".into(),
        breslow_mm: None,
        margins: Margins::Clear,
        reported_on: tx.today(),
    };
    let settled = finding.settle(tx.today(), tx.today()).expect("a finding");
    biopsies::enter_histology(tx, taken.id, taken.version, &settled, &jiff::tz::TimeZone::UTC)?;
    Ok(())
}

pub fn impression(term: &str) -> Impression {
    let malignancy = domain::impression::known(term).map(|term| term.malignancy);
    Impression { term: term.into(), text: String::new(), malignancy }
}

pub fn commits(tx: &Writing<'_>, reading: AnalysisId, term: &str) -> Result<(), RecordsError> {
    let entry = ImpressionEntry {
        impression: impression(term),
        confidence: Confidence::Moderate,
        note: String::new(),
    };
    impressions::commit(tx, reading, &entry)?;
    Ok(())
}

pub fn decides(
    tx: &Writing<'_>,
    lesion: LesionId,
    reading: Option<AnalysisId>,
    term: &str,
    plan: Plan,
) -> Result<(), RecordsError> {
    let entry = DecisionEntry {
        impression: impression(term),
        confidence: Confidence::High,
        plan,
        note: String::new(),
        override_reason: String::new(),
    };
    let about = About { lesion, analysis: reading };
    decisions::decide(tx, &NewDecision { about, previous: None, entry, band: None, recall: None })?;
    Ok(())
}
