//! Like cases among 100,000 photographs: the whole question, from the command to the audit rows.

use std::time::Instant;

use clinic::views::AnalysisReadRequest;
use clinic::{Session, similar};
use domain::analysis::Analysis;
use domain::image::ImageRecord;
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::{Actor, AnalysisId, ImageId, Role};
use records::embeddings::{self, ImageDirection};
use records::{RecordsError, Store, Writing, analyses, images, lesions, patients};
use support::{EMAIL, PASSWORD, World, details, naevus_jpeg, root, signed_in};
use vault::{KdfPolicy, Vault};
use vision::Embedding;
use vision::similar::SimilarityIndex;

use super::scaled;
use crate::figure::{Figure, Target, median};

const PHOTOGRAPHS: usize = 100_000;
const EACH_LESION: usize = 3;
const EACH_PATIENT: usize = 40;
const RUNS: usize = 21;

pub fn figures() -> Vec<Figure> {
    let count = scaled(PHOTOGRAPHS);
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).expect("a photograph").image.id;
    let asked = world.analyses(&[image]).expect("a reading").last().and_then(|job| job.analysis_id);
    let asked = asked.expect("a finished reading");
    let World { folder, workstation, session, .. } = world;
    drop((session, workstation));
    let home = folder.path().join("clinic");
    let size = fill(&home, asked, count);

    let workstation = clinic::Workstation::new(home, root().join("models")).with_kdf(KdfPolicy::for_tests());
    let session = signed_in(&workstation.into(), EMAIL, PASSWORD).expect("a session");
    let first = ask(&session, asked);
    let times = (0..RUNS).map(|_| ask(&session, asked)).collect();
    vec![
        figure("similar_cases", median(times), "ms", Some(50.0)),
        figure("similar_cases_first", first, "ms", None),
        figure("similar_index", memory(size, count), "MB", None),
    ]
}

fn figure(name: &'static str, value: f64, unit: &'static str, most: Option<f64>) -> Figure {
    Figure { name, value, unit, peer: None, target: most.map(Target::AtMost) }
}

fn ask(session: &Session, id: AnalysisId) -> f64 {
    let start = Instant::now();
    let view = similar::read(session, &AnalysisReadRequest { id }).expect("like cases");
    let took = start.elapsed().as_secs_f64() * 1e3;
    assert_eq!(view.cases.len(), 8);
    took
}

fn memory(size: usize, count: usize) -> f64 {
    let mut index = SimilarityIndex::new(size, 0);
    let one = Embedding::of(&vec![1.0; size]).expect("a direction");
    for _ in 0..count {
        index.push(&one).expect("one size");
    }
    index.memory() as f64 / 1e6
}

/// Lesions of three photographs and one reading each, with directions around that of the reading asked for. The
/// answer is the number of features.
fn fill(home: &std::path::Path, asked: AnalysisId, count: usize) -> usize {
    let keys = Vault::unlock(home, EMAIL, PASSWORD, KdfPolicy::for_tests()).expect("keys");
    let connection = vault::open_database(home, &keys).expect("a database");
    let clock = std::sync::Arc::new(domain::SystemClock);
    let store = Store::open(connection, keys.audit_key.clone(), clock).expect("a store");
    let actor = Actor { user: keys.user_id, role: Role::Administrator };
    let (analysis, image, own) = store
        .read(|tx| {
            let analysis = analyses::get(tx, asked)?;
            let image = images::get(tx, analysis.image_ids[0])?;
            let own = embeddings::of_image(tx, &analysis.model.sha256, image.id)?.unwrap_or_default();
            Ok((analysis, image, own))
        })
        .expect("the reading");
    let mut draw = 7_u64;
    for patient in 0..count.div_ceil(EACH_LESION * EACH_PATIENT) {
        store
            .write(&actor, |tx| arrives(tx, (&analysis, &image, &own), patient, &mut draw))
            .expect("a patient");
    }
    own.len()
}

fn arrives(
    tx: &Writing<'_>,
    (analysis, image, own): (&Analysis, &ImageRecord, &[u8]),
    number: usize,
    draw: &mut u64,
) -> Result<(), RecordsError> {
    let patient = patients::register(tx, &details())?;
    for place in 0..EACH_PATIENT {
        let about = LesionDetails {
            label: format!("L{}", place + 1),
            site: BodySite::Back,
            laterality: Laterality::Left,
            note: String::new(),
        };
        let lesion = lesions::add(tx, patient.id, &about)?;
        let mut directions = Vec::with_capacity(EACH_LESION);
        for shot in 0..EACH_LESION {
            let photograph = ImageRecord {
                id: ImageId::fresh(),
                patient_id: patient.id,
                lesion_id: lesion.id,
                sha256: format!("{:064x}", (number * EACH_PATIENT + place) * EACH_LESION + shot),
                ..image.clone()
            };
            images::insert(tx, &photograph, &[])?;
            directions.push(ImageDirection { image_id: photograph.id, bytes: near(own, draw) });
        }
        let reading = Analysis {
            id: AnalysisId::fresh(),
            patient_id: patient.id,
            lesion_id: lesion.id,
            image_ids: directions.iter().map(|direction| direction.image_id).collect(),
            ..analysis.clone()
        };
        analyses::insert(tx, &reading, &[])?;
        embeddings::keep(tx, &reading.model.sha256, &directions)?;
    }
    Ok(())
}

/// The same direction, every part by up to a fifth less.
fn near(own: &[u8], draw: &mut u64) -> Vec<u8> {
    own.iter()
        .map(|byte| {
            *draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = 80 + (*draw >> 33) % 21;
            (i64::from(byte.cast_signed()) * i64::try_from(share).unwrap_or(100) / 100) as i8 as u8
        })
        .collect()
}
