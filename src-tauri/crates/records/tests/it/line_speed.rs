//! `cargo nextest run -p records --run-ignored only line_speed --no-capture` prints the figures.

use std::time::{Duration, Instant};

use domain::analysis::Urgency;
use domain::history::HistoryNoun;
use domain::insight::ShownBand;
use domain::lesion::BodySite;
use domain::{PatientId, UserId};
use records::history::{self, Filter};
use records::patients;
use records::timeline;
use rusqlite::params;

use crate::nouns::analysis_of;
use crate::world::{World, details, image_of};

const IMAGES: u32 = 2_000_000;
const PATIENTS: u32 = 200_000;
const READINGS: u32 = 600_000;
/// One patient has this many photographs and readings, three a day, beside the rest.
const HEAVY: u32 = 10_000;

/// Rows of a large clinic, written below the audit trail.
fn fill(world: &World) {
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = image_of(&lesion);
    let content = serde_json::to_string(&analysis_of(&[&image])).unwrap();
    let raw = world.raw();
    let id = |kind: u32| format!("printf('%08d-{kind:04}-4000-8000-000000000000', n)");
    let count = |most: u32| {
        format!("WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {most})")
    };
    let user = world.actor.user.to_string();
    raw.execute_batch("BEGIN").unwrap();
    raw.execute_batch(&format!(
        "{} INSERT INTO patients (id, number, family_name, given_names, date_of_birth, sex, phone, email, address,
             medical_history, risk_factors, family_key, given_key, registered_at, version)
         SELECT {}, 'X-' || n, 'Name' || n, 'Given', '1970-01-01', 'female', '', '', '', '', '[]', 'name' || n,
             'given', n, 1 FROM many",
        count(PATIENTS),
        id(1),
    ))
    .unwrap();
    raw.execute_batch(&format!(
        "{} INSERT INTO lesions (id, patient_id, label, site, laterality, note, created_at)
         SELECT {}, {}, 'L1', CASE n % 9 WHEN 0 THEN 'cheek' ELSE 'back' END, 'left', '', n FROM many",
        count(PATIENTS),
        id(2),
        id(1),
    ))
    .unwrap();
    let owner = |kind: u32| {
        format!(
            "printf('%08d-{kind:04}-4000-8000-000000000000', CASE WHEN n <= {HEAVY} THEN 1 ELSE n % {PATIENTS} + 1 END)"
        )
    };
    raw.execute(
        &format!(
            "{} INSERT INTO images (id, patient_id, lesion_id, kind, format, width, height, sha256, bytes, quality,
                 imported_at, imported_by)
             SELECT {}, {}, {}, 'dermoscopic', 'jpeg', 9, 9, ?1, 9, '{{}}', CASE WHEN n <= {HEAVY} THEN 1400000000000000 + n * 28800000000 ELSE 1700000000000000 + n * 30000000 END, ?2
             FROM many",
            count(IMAGES),
            id(3),
            owner(1),
            owner(2),
        ),
        params!["ab".repeat(32), user],
    )
    .unwrap();
    raw.execute(
        &format!(
            "{} INSERT INTO analyses (id, patient_id, lesion_id, analysed_at, gate, band, urgency, label_code,
                 malignant_sum, model_name, model_version, model_sha256, content, asked_by, opened_at, opened_by)
             SELECT {}, {}, {}, CASE WHEN n <= {HEAVY} THEN 1400000000000000 + n * 28800000000 ELSE 1700000000000000 + n * 100000000 END, 'confident',
                 CASE n % 20 WHEN 0 THEN 'malignant' WHEN 1 THEN 'suspicious' ELSE 'benign' END,
                 CASE n % 20 WHEN 0 THEN 'immediate' WHEN 1 THEN 'appointment' ELSE 'routine' END,
                 CASE n % 20 WHEN 0 THEN 'mel' ELSE 'nv' END, 0.5, 'm', '1', ?1, ?2, ?3, n, ?3
             FROM many",
            count(READINGS),
            id(4),
            owner(1),
            owner(2),
        ),
        params!["ab".repeat(32), content, user],
    )
    .unwrap();
    raw.execute_batch("COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

fn figure(name: &str, allowed: f64, mut work: impl FnMut()) {
    let mut taken: Vec<Duration> = (0..21)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .collect();
    taken.sort();
    let [middle, worst] = [taken[10], taken[20]].map(|time| time.as_secs_f64() * 1e3);
    eprintln!("{name}: median {middle:.2} ms, worst {worst:.2} ms");
    assert!(middle <= allowed, "{name}");
}

#[test]
#[ignore = "a measurement over 2,000,000 photographs"]
fn line_and_history_over_2_000_000_photographs() {
    let world = World::new();
    let began = Instant::now();
    fill(&world);
    eprintln!("filled in {:.0} s", began.elapsed().as_secs_f64());
    let patient = |n: u32| -> PatientId { format!("{n:08}-0001-4000-8000-000000000000").parse().unwrap() };
    let line = timeline::Filter { clinical: true, limit: 50, ..timeline::Filter::default() };
    for (name, who) in [("a usual patient", patient(77_777)), ("10,000 photographs", patient(1))] {
        figure(&format!("timeline, {name}"), 30.0, || {
            assert!(!world.write(|tx| timeline::read(tx, who, &line)).events.is_empty());
        });
    }
    let last = {
        let mut filter = line.clone();
        for _ in 0..40 {
            filter.before = world.write(|tx| timeline::read(tx, patient(1), &filter)).next.or(filter.before);
        }
        filter
    };
    figure("timeline, deep in 10,000 photographs", 30.0, || {
        world.write(|tx| timeline::read(tx, patient(1), &last));
    });

    world.write(|tx| patients::register(tx, &details("Zimmermann", "Ute")));
    let all = Filter {
        noun: HistoryNoun::Reading,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        until: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: false,
        seen_only: false,
        before: None,
        limit: 50,
    };
    let user = world.actor.user;
    let questions = [
        ("everything", all.clone()),
        ("a band", Filter { band: Some(ShownBand::Malignant), ..all.clone() }),
        ("class and site", Filter { class: Some("mel".into()), site: Some(BodySite::Cheek), ..all.clone() }),
        (
            "urgency and reviewer",
            Filter { urgency: Some(Urgency::Appointment), reviewer: Some(user), ..all.clone() },
        ),
        ("a site that is not there", Filter { site: Some(BodySite::Nose), ..all.clone() }),
        (
            "band and class that exclude each other",
            Filter { band: Some(ShownBand::Benign), class: Some("mel".into()), ..all.clone() },
        ),
        ("nobody's", Filter { by: Some(UserId::fresh()), ..all.clone() }),
        ("deleted", Filter { deleted: true, ..all.clone() }),
        ("a name", Filter { text: "okonkwo".into(), ..all.clone() }),
        ("photographs", Filter { noun: HistoryNoun::Photograph, by: Some(user), ..all.clone() }),
    ];
    for (name, filter) in questions {
        figure(&format!("history, {name}"), 50.0, || {
            world.write(|tx| history::read(tx, &filter));
        });
    }
}
