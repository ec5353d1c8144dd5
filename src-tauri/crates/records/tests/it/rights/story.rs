//! A patient about whom everything is known that can be, and what is looked for after the end of the record.

use std::fs;

use domain::case_note::{NoteAudience, NoteEntry};
use domain::consent::ConsentKind;
use domain::desk_photo::DeskPhoto;
use domain::erasure::ErasureReason;
use domain::hold::HoldDetails;
use domain::image::ImageFormat;
use domain::lesion::LesionDetails;
use domain::morphology::Behaviour;
use domain::patient::{Patient, PatientDetails};
use domain::quality::QualityReport;
use domain::recall::{ContactEntry, ContactMeans, ContactOutcome, RecallDetails};
use domain::report_text::{TextLanguage, TextSource};
use domain::visit::VisitDetails;
use domain::{DeskPhotoId, JobId, ReportId};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use records::analyses::{self, ExplanationFile, ExplanationKind};
use records::desk_photos::{self, DeskFile, FileKey};
use records::drafts::{self, Draft};
use records::images::Rendition;
use records::jobs::{self, JobOutcome, NewJob};
use records::report_proposals;
use records::reports::{self, NewReport};
use records::{
    biopsies, break_glass, case_notes, deletions, embeddings, golden_images, holds, lesions, patients,
    portraits, recalls, rights, visits,
};
use serde_json::json;

use crate::follow_up::{finding, recall_details, specimen};
use crate::nouns::analysis_of;
use crate::outlines::drawn;
use crate::world::{DATABASE, World, details, lesion_details, sealed_file};

/// Stands in every text that is written about the patient.
pub const CANARY: &str = "kanariensis";
/// Her names; the second is only hers, the first is also somebody else's.
pub const NAMES: (&str, &str) = ("Quibblethorn", "Zephyrina");

pub struct Story {
    pub world: World,
    pub patient: Patient,
    /// Merged into the patient's record.
    pub merged: Patient,
    /// Merged with the patient's for a while, by mistake.
    pub stranger: Patient,
    pub files: usize,
}

fn noted(text: &str) -> String {
    format!("{CANARY} {text}")
}

fn all_about(family_name: &str, given_names: &str) -> PatientDetails {
    PatientDetails {
        email: "kanariensis@mail.example".into(),
        address: noted("Lane 4"),
        alert: noted("allergy"),
        medical_history: noted("history "),
        ..details(family_name, given_names)
    }
}

/// A record with something in every table, and one beside it that must not suffer.
pub fn story() -> Story {
    let world = World::new();
    let registered = world.write(|tx| patients::register(tx, &all_about("Kanariensis", "Formerly")));
    let new = all_about(NAMES.0, NAMES.1);
    let patient = world.write(|tx| patients::update(tx, registered.id, 1, &new));
    let merged = world.write(|tx| patients::register(tx, &all_about("Kanariensisson", NAMES.1)));
    let stranger = world.write(|tx| patients::register(tx, &details(NAMES.0, "Magnus")));
    world.lesion(&stranger);
    mistaken_merge(&world, &patient, &stranger);
    let files = treatment(&world, &merged) + treatment(&world, &patient);
    let now = |id| world.store.read(|tx| patients::get(tx, id)).unwrap();
    let (kept, goes) = (now(patient.id), now(merged.id));
    world.write(|tx| patients::merge(tx, (kept.id, kept.version), (goes.id, goes.version), &kept.details));
    let (patient, stranger) = (now(patient.id), now(stranger.id));
    Story { world, patient, merged, stranger, files }
}

fn mistaken_merge(world: &World, patient: &Patient, stranger: &Patient) {
    let (kept, goes) = ((stranger.id, 1), (patient.id, patient.version));
    let mixed = PatientDetails { address: patient.details.address.clone(), ..stranger.details.clone() };
    let merge = world.write(|tx| patients::merge(tx, kept, goes, &mixed));
    world.write(|tx| patients::undo_merge(tx, merge.id));
}

/// Leaves a row in every table that hangs on a patient, and gives the number of files.
fn treatment(world: &World, patient: &Patient) -> usize {
    let note = noted("note");
    world.write(|tx| patients::record_consent(tx, patient.id, ConsentKind::Training, true, &note));
    let on_lesion = LesionDetails { label: noted("L1"), note: note.clone(), ..lesion_details() };
    let lesion = world.write(|tx| lesions::add(tx, patient.id, &on_lesion));
    let image = world.image(&lesion);
    crate::comparisons::compared(world, &image, &world.image(&lesion));
    let scale = domain::scale::NewScale::dicom(10.0, 10.0).unwrap();
    world.write(|tx| records::image_scales::set(tx, image.id, &scale));
    let at = |x, y| domain::mark::PixelPoint { x, y };
    let (kind, points) = (domain::mark::MarkKind::Line, vec![at(10.0, 10.0), at(90.0, 10.0)]);
    let mark = domain::mark::MarkEntry { kind, points, label: "Across".into() };
    world.write(|tx| records::image_marks::add(tx, image.id, &mark));
    let job = NewJob {
        id: JobId::fresh(),
        kind: records::jobs::JobKind::Analysis,
        patient_id: patient.id,
        lesion_id: lesion.id,
        request: json!({ "note": note }),
    };
    world.write(|tx| jobs::create(tx, &job));
    world.write(|tx| jobs::finish(tx, job.id, &JobOutcome::Cancelled));
    let reading = analysis_of(&[&image]);
    let heatmap = ExplanationFile {
        image_id: image.id,
        kind: ExplanationKind::Heatmap,
        class_code: "mel".into(),
        file: sealed_file(),
    };
    world.write(|tx| analyses::insert_outlined(tx, &reading, &[heatmap], &[drawn(&image)]));
    let hidden = world.write(|tx| deletions::delete_reading(tx, reading.id, &note));
    world.write(|tx| deletions::undo(tx, hidden.id));
    let direction = embeddings::ImageDirection { image_id: image.id, bytes: vec![127, 3] };
    world.write(|tx| embeddings::fill(tx, &reading.model.sha256, &[direction]));
    let report = NewReport {
        id: ReportId::fresh(),
        patient_id: patient.id,
        analysis_id: reading.id,
        conclusion: note.clone(),
        content: json!({ "patient_name": note }),
    };
    let source = TextSource::Template {
        key: "standard".into(),
        name: "Standard".into(),
        version: 1,
        language: TextLanguage::En,
    };
    world.write(|tx| report_proposals::add(tx, report.analysis_id, &source, "A text that names nobody."));
    world.write(|tx| reports::create(tx, &report));
    crate::signed_reports::signs(world, report.id);
    let plan = RecallDetails {
        reason: note.clone(),
        desk_text: note.clone(),
        lesion_id: Some(lesion.id),
        ..recall_details(world, date(2026, 6, 5))
    };
    let recall = world.write(|tx| recalls::plan(tx, patient.id, &plan));
    crate::decisions::everything_said(world, lesion.id, reading.id, &note);
    let call = ContactEntry {
        means: ContactMeans::Phone,
        outcome: ContactOutcome::NoAnswer,
        note: note.clone(),
        booked_for: None,
    };
    let recall = world.write(|tx| recalls::note_contact(tx, recall.id, recall.version, &call));
    let booked_for = Some(date(2026, 6, 8));
    let booked = ContactEntry { outcome: ContactOutcome::Booked, booked_for, ..call };
    world.write(|tx| recalls::note_contact(tx, recall.id, recall.version, &booked));
    let taken = world.write(|tx| biopsies::take(tx, lesion.id, &specimen(world, &image, &patient.number)));
    let found = domain::biopsy::Finding { text: note.clone(), ..finding(Behaviour::Malignant) };
    world.write(|tx| biopsies::enter_histology(tx, taken.id, taken.version, &found, &TimeZone::UTC));
    world.write(|tx| golden_images::mark(tx, image.id, "mel"));
    let entry = NoteEntry { audience: NoteAudience::All, text: note.clone(), follows: None };
    let first = world.write(|tx| case_notes::write(tx, patient.id, &entry));
    world.write(|tx| case_notes::write(tx, patient.id, &NoteEntry { follows: Some(first.id), ..entry }));
    let planned = VisitDetails {
        day: date(2026, 3, 5),
        planned_at: None,
        clinician_id: None,
        room: "2".into(),
        note: note.clone(),
    };
    let visit = world.write(|tx| visits::add(tx, patient.id, &planned, true)).visit;
    let desk = DeskPhoto {
        id: DeskPhotoId::fresh(),
        patient_id: patient.id,
        visit_id: visit.id,
        format: ImageFormat::Jpeg,
        width: 800,
        height: 600,
        sha256: "ce".repeat(32),
        bytes: 4096,
        quality: QualityReport::default(),
        added_at: "2026-03-05T10:00:00Z".parse().unwrap(),
    };
    let own = sealed_file();
    let waiting =
        [DeskFile { rendition: Rendition::Original, id: own.id, version: 1, key: FileKey::Wrapped(own.key) }];
    world.write(|tx| desk_photos::add(tx, &desk, &waiting));
    let photographs = crate::tray::one_waits_and_one_is_given(world, patient.id, lesion.id, &note);
    let until = world.clock_now() + SignedDuration::from_mins(10);
    world.write(|tx| break_glass::open(tx, patient.id, &noted("collapsed in the waiting room"), until));
    world.write(|tx| portraits::set(tx, patient.id, CANARY.as_bytes()));
    let hold = HoldDetails { reason: note.clone(), until: None };
    world.write(|tx| holds::set(tx, patient.id, &hold));
    world.write(|tx| holds::lift(tx, patient.id));
    let typed = [
        Draft { key: format!("patient:{}", patient.id), body: json!({ "typed": note }) },
        Draft { key: "other".into(), body: json!({ "route": { "patientId": patient.id }, "typed": note }) },
        Draft { key: "mail".into(), body: json!({ "typed": "smtp.clinic.example" }) },
    ];
    world.write(|tx| drafts::keep(tx, world.actor.user, &typed));
    8 + photographs
}

impl World {
    pub fn clock_now(&self) -> jiff::Timestamp {
        domain::Clock::now(&*self.clock)
    }
    pub fn erased(&self, patient: &Patient) -> rights::Erased {
        self.write(|tx| rights::erase(tx, patient.id, ErasureReason::PatientRequest))
    }
    /// How often a word stands in the decrypted pages of the database, freed ones among them, whatever its case.
    pub fn traces(&self, word: &str) -> usize {
        let raw = self.raw();
        let pages = raw.serialize("main").unwrap().to_ascii_lowercase();
        let word = word.to_lowercase();
        pages.windows(word.len()).filter(|window| *window == word.as_bytes()).count()
    }
    pub fn log_bytes(&self) -> u64 {
        fs::metadata(self.folder.path().join(format!("{DATABASE}-wal"))).map_or(0, |log| log.len())
    }
    pub fn intact(&self) -> bool {
        self.store.verify_chain().unwrap().is_intact()
    }
}
