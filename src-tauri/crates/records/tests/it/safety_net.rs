use std::io::Write;
use std::time::Instant;

use domain::audit::AuditAction;
use domain::job::JobState;
use domain::morphology::Behaviour;
use domain::{Actor, JobId, ReportId, Role, UserId};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;
use records::audit::{self, AuditFilter};
use records::jobs::{JobKind, JobOutcome, NewJob};
use records::reports::NewReport;
use records::safety_net::{self, MOST_COUNTED, NetKind, NetList, Since};
use records::{Store, analyses, biopsies, jobs, recalls, reports, users};
use serde_json::json;

use crate::follow_up::{finding, recall_details, specimen};
use crate::nouns::analysis_of;
use crate::world::{World, user_details};

fn lists(world: &World) -> Vec<NetList> {
    world.write(|tx| safety_net::read(tx, 50))
}

fn totals(store: &Store) -> [u32; 6] {
    store.read(|tx| safety_net::counts(tx, date(2026, 3, 5))).unwrap()
}

#[test]
fn an_empty_clinic_has_nothing_open() {
    let world = World::new();
    let open = lists(&world);
    assert_eq!(open.iter().map(|list| list.kind).collect::<Vec<_>>(), NetKind::ALL);
    assert!(open.iter().all(|list| list.total == 0 && list.items.is_empty()));
    let last = &world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap()[0];
    assert_eq!((last.action, &last.details["count"]), (AuditAction::SafetyNetRead, &json!(0)));
}

#[test]
fn what_waits_is_listed_with_its_person_until_somebody_deals_with_it() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = world.image(&lesion);
    let reading = analysis_of(&[&image]);
    let job = NewJob {
        id: JobId::fresh(),
        kind: JobKind::Analysis,
        patient_id: patient.id,
        lesion_id: lesion.id,
        request: json!({}),
    };
    let (biopsy, pending, recall) = world.write(|tx| {
        jobs::create(tx, &job)?;
        analyses::insert(tx, &reading, &[])?;
        assert_eq!(jobs::finish(tx, job.id, &JobOutcome::Completed(reading.id))?.state, JobState::Completed);
        let report = NewReport {
            id: ReportId::fresh(),
            patient_id: patient.id,
            analysis_id: reading.id,
            conclusion: "Excise.".into(),
            content: json!({}),
        };
        reports::create(tx, &report)?;
        let biopsy = biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-1"))?;
        let biopsy =
            biopsies::enter_histology(tx, biopsy.id, 1, &finding(Behaviour::Malignant), &TimeZone::UTC)?;
        let pending = biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-2"))?;
        let recall = recalls::plan(tx, patient.id, &recall_details(&world, date(2026, 3, 4)))?;
        recalls::plan(tx, patient.id, &recall_details(&world, date(2026, 3, 5)))?;
        Ok((biopsy, pending, recall))
    });
    let open = lists(&world);
    let (seen, open) = open.split_last().unwrap();
    assert_eq!(seen.total, 0, "nobody saw the reading, so nobody is to decide");
    assert!(open.iter().all(|list| list.total == 1 && list.items.len() == 1), "{open:?}");
    for item in open.iter().flat_map(|list| &list.items) {
        assert_eq!((item.patient_id, item.patient_number.as_str()), (patient.id, "P-000001"));
        assert_eq!(item.responsible, Some(world.actor.user));
    }
    assert_eq!(open[1].items[0].band, Some(reading.assessment.band));
    assert_eq!(open[1].items[0].lesion_id, Some(lesion.id));
    assert_eq!(
        (open[3].items[0].since, open[3].items[0].label.as_str()),
        (Since::Day(date(2026, 3, 5)), "H-2")
    );
    assert_eq!(open[4].items[0].id, recall.id.to_string());

    let auditor = Actor { user: UserId::fresh(), role: Role::Auditor };
    world.write(|tx| {
        users::add(
            tx,
            auditor.user,
            &user_details("eve@clinic.example"),
            Role::Auditor,
            domain::user::UserState::Active,
        )
    });
    world.store.write(&auditor, |tx| analyses::read(tx, reading.id)).unwrap();
    assert_eq!(totals(&world.store), [1, 1, 1, 1, 1, 0], "an auditor's look is no clinician's");

    // Ten years on, nothing has left by itself; the second recall is overdue by now.
    world.clock.advance(SignedDuration::from_hours(10 * 365 * 24));
    assert_eq!(lists(&world).iter().map(|list| list.total).collect::<Vec<_>>(), [1, 1, 1, 1, 2, 0]);

    world.write(|tx| {
        analyses::read(tx, reading.id)?;
        biopsies::acknowledge(tx, biopsy.id, biopsy.version)?;
        biopsies::withdraw(tx, pending.id, pending.version, "entered twice")?;
        recalls::close(tx, recall.id, recall.version, domain::recall::RecallState::Done, "")
    });
    assert_eq!(totals(&world.store), [1, 0, 0, 0, 0, 1]);
}

#[test]
#[ignore = "a measurement over 200,000 patients, 600,000 lesions and 2,000,000 images"]
fn the_safety_net_of_a_large_clinic() {
    let mut out = std::io::stderr();
    let mut figures = Vec::new();
    for patients in [20_000, 200_000] {
        let world = World::new();
        fill(&world, patients);
        let world = world.reopened();
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let began = Instant::now();
                let open = lists(&world);
                assert!(open.iter().all(|list| list.items.len() == 50 && list.total > 50));
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let first = times[0];
        times.sort_by(f64::total_cmp);
        writeln!(out, "{patients} patients: first {first:.1} ms, median {:.1} ms", times[4]).unwrap();
        assert!(first <= 50.0 && times[4] <= 50.0);
        figures.push(times[4]);
    }
    assert!(figures[1] <= 2.0 * figures[0].max(1.0), "{figures:?}");
    const { assert!(MOST_COUNTED < 10_000) };
}

/// Three lesions a patient, an analysis each, ten photographs a patient; of each kind some are open.
fn fill(world: &World, patients: u32) {
    let began = Instant::now();
    let raw = world.raw();
    let user = world.actor.user.to_string();
    let sql = format!(
        "CREATE TEMP TABLE n (n INTEGER PRIMARY KEY) STRICT;
         WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {images}) INSERT INTO n SELECT n FROM c;
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO patients (id, number, family_name, given_names, date_of_birth, sex, phone, email, address,
             medical_history, risk_factors, family_key, given_key, registered_at, version)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('P-%06d', n), 'Family' || n, 'Given', '1970-01-01', 'female', '1', '', '', '',
             '[]', 'family' || n, 'given', n, 1 FROM n WHERE n <= {patients};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO lesions (id, patient_id, label, site, laterality, note, created_at)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), 'L1', 'back', 'left', '', n
             FROM n WHERE n <= {lesions};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO images (id, patient_id, lesion_id, kind, format, width, height, sha256, bytes, quality, imported_at)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('00000000-0000-0000-0000-%012d', 1 + (1 + n % {lesions}) % {patients}), printf('00000000-0000-0000-0000-%012d', 1 + n % {lesions}),
             'dermoscopic', 'jpeg', 1024, 768, printf('%064d', n), 100000, '{{}}', n FROM n;
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO analyses (id, patient_id, lesion_id, analysed_at, gate, band, urgency, malignant_sum, model_name,
             model_version, model_sha256, content, opened_by, opened_at)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), printf('00000000-0000-0000-0000-%012d', n), n, 'confident', 'benign',
             'routine', 0.1, 'm', '1', printf('%064d', 0), json_quote(hex(zeroblob(300))),
             CASE WHEN n % 100 THEN '{user}' END, CASE WHEN n % 100 THEN n END FROM n WHERE n <= {lesions};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO jobs (id, kind, state, patient_id, lesion_id, request, asked_by, analysis_id, created_at, finished_at)
         SELECT printf('00000000-0000-0000-0000-%012d', n), 'analysis', 'COMPLETED', printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), printf('00000000-0000-0000-0000-%012d', n), '{{}}',
             '{user}', printf('00000000-0000-0000-0000-%012d', n), n, n FROM n WHERE n <= {lesions};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO reports (id, number, patient_id, analysis_id, conclusion, content, author, created_at)
         SELECT printf('00000000-0000-0000-0000-%012d', n), 'R-' || n, printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), printf('00000000-0000-0000-0000-%012d', n), '', '{{}}', '{user}', n
             FROM n WHERE n <= {patients};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO biopsies (id, patient_id, lesion_id, kind, taken_on, taken_by, site_image_id, specimen_number,
             specimen_key, impression_text, state, sent_to, resulted_at, read_by, read_at, withdrawn_reason, recorded_by,
             recorded_at, version)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), printf('00000000-0000-0000-0000-%012d', n), 'punch', '2026-01-01', '{user}',
             printf('00000000-0000-0000-0000-%012d', n), n, n, '', CASE WHEN n % 100 > 1 THEN 'read' WHEN n % 100 = 1 THEN 'result' ELSE 'sent' END,
             'Lab', CASE WHEN n % 100 THEN n END, CASE WHEN n % 100 > 1 THEN '{user}' END,
             CASE WHEN n % 100 > 1 THEN n END, '', '{user}', n, 1 FROM n WHERE n <= {patients};
         PRAGMA wal_checkpoint (TRUNCATE);
         INSERT INTO recalls (id, patient_id, due_on, next_on, reason, desk_text, responsible, state, closed_by, closed_at,
             closing_note, planned_by, planned_at, version)
         SELECT printf('00000000-0000-0000-0000-%012d', n), printf('00000000-0000-0000-0000-%012d', 1 + n % {patients}), date('2026-01-01', (n % 365) || ' days'), date('2026-01-01', (n % 365) || ' days'), 'r', '', '{user}',
             CASE WHEN n % 20 THEN 'done' ELSE 'due' END, CASE WHEN n % 20 THEN '{user}' END,
             CASE WHEN n % 20 THEN n END, '', '{user}', n, 1 FROM n WHERE n <= {lesions};
         PRAGMA wal_checkpoint (TRUNCATE);",
        lesions = 3 * patients,
        images = 10 * patients,
    );
    raw.execute_batch(&sql).unwrap();
    eprintln!("filled for {patients} patients in {:.0} s", began.elapsed().as_secs_f64());
}
