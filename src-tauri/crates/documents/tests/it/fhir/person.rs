//! Records of a patient who never was, full and bare.

use documents::fhir::{FhirFile, FhirPhotograph, FhirRecord, FhirReport};
use domain::analysis::{Analysis, Band, Gate, HeatmapState, Timings};
use domain::biopsy::{Biopsy, BiopsyState, Finding, Histology, Margins, SpecimenDetails, SpecimenKind};
use domain::checklist::{Answers, ChecklistKind, FilledChecklist};
use domain::clinic::Clinic;
use domain::consent::{ConsentEntry, ConsentKind};
use domain::decision::{Decision, DecisionEntry, Feedback, FeedbackEntry, Plan};
use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::impression::{CommittedImpression, Confidence, Impression, ImpressionEntry};
use domain::lesion::{BodySite, CloseReason, Laterality, Lesion, LesionClosure, LesionDetails};
use domain::model::{Malignancy, ModelIdentity};
use domain::morphology::Behaviour;
use domain::patient::{Consent, FitzpatrickType, Patient, PatientDetails, RiskFactor, Sex};
use domain::quality::QualityReport;
use domain::report::{ReportRecord, ReportState};
use domain::role::Role;
use domain::user::{User, UserDetails, UserState};
use domain::{LesionId, PatientId, UserId};
use jiff::Timestamp;
use jiff::civil::date;
use uuid::Uuid;

use crate::fixtures::assessment;

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128((0x0198_0000_0000_7000_8000 << 48) + number))
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a bundle is made of, owned.
pub struct Record {
    pub clinic: Clinic,
    pub patient: Patient,
    pub consents: Vec<ConsentEntry>,
    pub staff: Vec<User>,
    pub lesions: Vec<Lesion>,
    pub photographs: Vec<FhirPhotograph>,
    pub readings: Vec<Analysis>,
    pub feedback: Vec<Feedback>,
    pub checklists: Vec<FilledChecklist>,
    pub impressions: Vec<CommittedImpression>,
    pub decisions: Vec<Decision>,
    pub biopsies: Vec<(Biopsy, Vec<Histology>)>,
    pub reports: Vec<FhirReport>,
}

impl Record {
    pub fn told(&self) -> FhirRecord<'_> {
        FhirRecord {
            clinic: &self.clinic,
            made_at: at("2026-03-09T12:00:00Z"),
            made_by: id(90),
            program_version: "0.1.0",
            patient: &self.patient,
            consents: &self.consents,
            staff: &self.staff,
            lesions: &self.lesions,
            photographs: &self.photographs,
            readings: &self.readings,
            feedback: &self.feedback,
            checklists: &self.checklists,
            impressions: &self.impressions,
            decisions: &self.decisions,
            biopsies: &self.biopsies,
            reports: &self.reports,
        }
    }

    /// A registration and nothing else.
    pub fn bare() -> Self {
        let none = Consent::default();
        let details = PatientDetails {
            family_name: "Okonkwo".into(),
            given_names: "Adaeze".into(),
            date_of_birth: date(1971, 3, 9),
            sex: Sex::Unknown,
            phone: String::new(),
            email: String::new(),
            address: String::new(),
            fitzpatrick: None,
            alert: String::new(),
            medical_history: String::new(),
            risk_factors: vec![],
            photo_consent: false,
            ai_consent: false,
            training_consent: false,
        };
        Self {
            clinic: Clinic {
                id: id(1),
                name: "Praxis Seeblick".into(),
                created_at: at("2026-01-01T08:00:00Z"),
            },
            patient: Patient {
                id: patient(),
                number: "P-000123".into(),
                details,
                photo_consent_record: none,
                ai_consent_record: none,
                training_consent_record: none,
                merged_into: None,
                registered_at: at("2026-03-01T08:00:00Z"),
                version: 1,
            },
            consents: vec![],
            staff: vec![user(90, "Dr. Imke Sander", Some("LANR 12 34"))],
            lesions: vec![],
            photographs: vec![],
            readings: vec![],
            feedback: vec![],
            checklists: vec![],
            impressions: vec![],
            decisions: vec![],
            biopsies: vec![],
            reports: vec![],
        }
    }

    /// Something of everything.
    pub fn full() -> Self {
        let mut record = Self::bare();
        let details = &mut record.patient.details;
        details.sex = Sex::Female;
        details.phone = "+49 7531 5550123".into();
        details.email = "adaeze@example.org".into();
        details.address = "Seestraße 4\n78464 Konstanz".into();
        details.fitzpatrick = Some(FitzpatrickType::V);
        details.alert = "Allergy to lidocaine".into();
        details.medical_history = "Melanoma of the father.".into();
        details.risk_factors = vec![RiskFactor::FamilyMelanoma, RiskFactor::ManyNaevi];
        record.staff.push(user(91, "Tomas Hoff", None));
        record.staff.push(user(92, "Somebody Else", None));
        record.consents = vec![
            consent(ConsentKind::Training, false, "2026-03-08T08:00:00Z", "Withdrawn on the telephone"),
            consent(ConsentKind::Training, true, "2026-03-02T08:00:00Z", ""),
            consent(ConsentKind::Photo, true, "2026-03-01T08:00:00Z", "Paper in folder 7"),
            consent(ConsentKind::Ai, true, "2026-03-01T08:00:00Z", ""),
        ];
        record.lesions = vec![lesion(10, None), closed_lesion()];
        let file = |name: &str| Some(FhirFile::of(format!("photographs/{name}.jpg"), "image/jpeg", b"abc"));
        record.photographs = vec![
            FhirPhotograph { record: image(20, ImageKind::Dermoscopic), taken_on: None, file: file("20") },
            FhirPhotograph {
                record: image(21, ImageKind::Overview),
                taken_on: Some(date(2024, 5, 17)),
                file: None,
            },
        ];
        record.readings = vec![reading(30, Gate::Confident), reading(31, Gate::OutOfDistribution)];
        record.feedback = vec![Feedback {
            analysis_id: id(30),
            patient_id: patient(),
            entry: FeedbackEntry {
                incorrect: true,
                correct: Some(taken_for("bkl", "")),
                text: "Milia-like cysts.".into(),
            },
            author: id(91),
            given_at: at("2026-03-05T10:40:00Z"),
        }];
        record.checklists =
            vec![checklist(40, ChecklistKind::Abcd), checklist(41, ChecklistKind::SevenPoint)];
        record.impressions = vec![CommittedImpression {
            id: id(50),
            patient_id: patient(),
            lesion_id: id(10),
            analysis_id: id(30),
            entry: ImpressionEntry {
                impression: taken_for("mel", ""),
                confidence: Confidence::Low,
                note: "Irregular network.".into(),
            },
            author: id(91),
            committed_at: at("2026-03-05T10:20:00Z"),
        }];
        record.decisions = vec![decision(61, 2, None), decision(60, 1, Some(61))];
        record.biopsies = vec![biopsy()];
        record.reports = vec![FhirReport {
            record: ReportRecord {
                id: id(80),
                number: "R-2026-00012".into(),
                patient_id: patient(),
                analysis_id: id(30),
                conclusion: "Excision advised.".into(),
                created_at: at("2026-03-05T11:00:00Z"),
                state: ReportState::Signed,
                version: 1,
                editions: 1,
                signed_at: Some(at("2026-03-05T11:10:00Z")),
            },
            author: id(91),
            file: Some(FhirFile::of("reports/R-2026-00012.pdf".into(), "application/pdf", b"%PDF-")),
        }];
        record
    }
}

fn patient() -> PatientId {
    id(2)
}

fn user(number: u128, name: &str, licence: Option<&str>) -> User {
    User {
        id: id(number),
        details: UserDetails {
            full_name: name.into(),
            email: format!("u{number}@seeblick.example"),
            licence_number: licence.map(str::to_owned),
            ..UserDetails::default()
        },
        role: Role::Clinician,
        state: UserState::Active,
        language: None,
        created_at: at("2026-01-01T08:00:00Z"),
        last_sign_in_at: None,
    }
}

fn consent(kind: ConsentKind, given: bool, when: &str, note: &str) -> ConsentEntry {
    ConsentEntry { kind, given, at: at(when), by: id::<UserId>(91), note: note.into() }
}

pub fn lesion(number: u128, closure: Option<LesionClosure>) -> Lesion {
    Lesion {
        id: id(number),
        patient_id: patient(),
        details: LesionDetails {
            label: "L1".into(),
            site: BodySite::UpperBack,
            laterality: Laterality::Left,
            note: "Noticed in summer".into(),
        },
        place: None,
        closure,
        created_at: at("2026-03-05T10:00:00Z"),
        version: 1,
    }
}

fn closed_lesion() -> Lesion {
    let closure = LesionClosure { reason: CloseReason::Excised, on: date(2026, 2, 1), note: "In Ulm".into() };
    let mut lesion = lesion(11, Some(closure));
    lesion.details = LesionDetails {
        label: "L2".into(),
        site: BodySite::ToeNail,
        laterality: Laterality::Midline,
        note: String::new(),
    };
    lesion
}

fn image(number: u128, kind: ImageKind) -> ImageRecord {
    ImageRecord {
        id: id(number),
        patient_id: patient(),
        lesion_id: id(10),
        kind,
        format: ImageFormat::Jpeg,
        width: 1024,
        height: 768,
        sha256: "ab".repeat(32),
        bytes: 3,
        quality: QualityReport { checks: vec![], score: 0.9 },
        imported_at: at("2026-03-05T10:05:00.123456Z"),
    }
}

fn reading(number: u128, gate: Gate) -> Analysis {
    Analysis {
        id: id(number),
        patient_id: patient(),
        lesion_id: id(10),
        image_ids: vec![id(20)],
        assessment: assessment(gate, Band::Malignant, [0.71, 0.12, 0.05, 0.02, 0.04, 0.01, 0.02, 0.03]),
        model: ModelIdentity { name: "lesion".into(), version: "1.2.0".into(), sha256: "cd".repeat(32) },
        heatmap: HeatmapState::Available,
        timings: Timings::default(),
        analysed_at: at("2026-03-05T10:10:00Z"),
    }
}

fn taken_for(term: &str, text: &str) -> Impression {
    Impression { term: term.into(), text: text.into(), malignancy: Some(Malignancy::Malignant) }
}

fn checklist(number: u128, kind: ChecklistKind) -> FilledChecklist {
    let mut answers: Answers = kind.list().items.iter().map(|item| (item.code.into(), item.high)).collect();
    if kind == ChecklistKind::SevenPoint {
        answers.remove("dots");
    }
    FilledChecklist {
        id: id(number),
        patient_id: patient(),
        lesion_id: id(10),
        analysis_id: Some(id(30)),
        visit_id: None,
        kind,
        list_version: 1,
        result: kind.judge(&answers).unwrap(),
        answers,
        edition: 1,
        author: id(91),
        filled_at: at("2026-03-05T10:30:00Z"),
        printed_in: None,
    }
}

fn decision(number: u128, edition: u32, superseded_by: Option<u128>) -> Decision {
    Decision {
        id: id(number),
        patient_id: patient(),
        lesion_id: id(10),
        analysis_id: Some(id(30)),
        visit_id: None,
        entry: DecisionEntry {
            impression: taken_for("other", "Recurrence in a scar"),
            confidence: Confidence::High,
            plan: Plan::Monitor { months: 3 },
            note: "Discussed with the patient.".into(),
            override_reason: "The patient asks to wait.".into(),
        },
        band: Some(Band::Malignant),
        recall_id: None,
        edition,
        author: id(91),
        decided_at: at("2026-03-05T10:50:00Z"),
        superseded_by: superseded_by.map(id),
    }
}

fn biopsy() -> (Biopsy, Vec<Histology>) {
    let finding = |morphology: Option<&str>, edition| Histology {
        edition,
        finding: Finding {
            morphology: morphology.map(str::to_owned),
            behaviour: Behaviour::Malignant,
            text: "Superficial spreading melanoma, ulceration absent.".into(),
            breslow_mm: Some(0.8),
            margins: Margins::Clear,
            reported_on: date(2026, 3, 8),
        },
        analysis_id: Some(id(30)),
        entered_by: id(91),
        entered_at: at("2026-03-08T09:00:00Z"),
    };
    let biopsy = Biopsy {
        id: id(70),
        patient_id: patient(),
        lesion_id: id::<LesionId>(10),
        details: SpecimenDetails {
            kind: SpecimenKind::Excision,
            taken_on: date(2026, 3, 6),
            taken_by: id(91),
            site_image_id: id(20),
            specimen_number: "S-77".into(),
            impression: Some(Malignancy::Malignant),
            impression_text: "Melanoma?".into(),
        },
        state: BiopsyState::Read,
        sent_to: "Pathology Ulm".into(),
        sent_on: Some(date(2026, 3, 6)),
        read_by: Some(id(91)),
        read_at: Some(at("2026-03-08T10:00:00Z")),
        withdrawn_by: None,
        withdrawn_at: None,
        withdrawn_reason: String::new(),
        recorded_by: id(91),
        recorded_at: at("2026-03-06T09:00:00Z"),
        version: 4,
    };
    (biopsy, vec![finding(None, 1), finding(Some("8743/3"), 2)])
}
