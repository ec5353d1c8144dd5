//! Sets of cases without identities.

use std::io::Read;

use clinic::views::*;
use clinic::{ErrorCode, case_set, decision, patient, registry};
use domain::consent::ConsentKind;
use domain::decision::{FeedbackEntry, Plan};
use domain::impression::Impression;
use support::{PASSWORD, World};

use crate::decisions::{Case, code_of, entry, examined, histology, today};

#[test]
fn a_set_of_cases_holds_no_identity_and_nobody_who_did_not_consent() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    case.opens(session).unwrap();
    case.decides(session, None, entry("mel", Plan::Biopsy, "")).unwrap();
    let wrong = FeedbackEntry {
        incorrect: true,
        correct: Some(Impression {
            term: "other".into(),
            text: "Looks like Mrs Lindenhoff's other mole".into(),
            malignancy: None,
        }),
        text: "Ask Dr Okonkwo about Lindenhoff".into(),
    };
    let request = FeedbackGiveRequest { analysis_id: case.reading, entry: wrong };
    decision::give_feedback(session, request).unwrap();
    histology(&world, &case);
    let count = || case_set::count(session, &CaseSetCountRequest { incorrect_only: true }).unwrap();
    assert_eq!((count().cases, count().without_consent), (0, 1));
    let prepare = |password: &str| {
        case_set::prepare(session, &CaseSetExportRequest { incorrect_only: true, password: password.into() })
    };
    assert_eq!(code_of(prepare("not it at all")), ErrorCode::InvalidCredentials);
    let place = world.folder.path().join("set.zip");
    let empty = case_set::write(session, &prepare(PASSWORD).unwrap(), &place);
    assert_eq!(code_of(empty), ErrorCode::NotFound);
    assert!(!place.exists());

    consents(&world, &case);
    assert_eq!((count().cases, count().photographs), (1, 1));
    case_set::write(session, &prepare(PASSWORD).unwrap(), &place).unwrap();

    let mut archive = zip::ZipArchive::new(std::fs::File::open(&place).unwrap()).unwrap();
    let mut all = Vec::new();
    let mut lines = String::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if name == "cases.jsonl" {
            lines = String::from_utf8(bytes.clone()).unwrap();
        }
        if name.ends_with(".jpg") {
            for marker in [&b"Exif"[..], b"ICC_PROFILE", b"http://ns.adobe.com", b"Photoshop"] {
                assert!(!bytes.windows(marker.len()).any(|window| window == marker), "{name}");
            }
        }
        all.extend(name.into_bytes());
        all.extend(bytes);
    }
    let today = today(&world);
    let person = patient::read(session, &PatientReadRequest { id: case.patient }).unwrap().patient.patient;
    let mut secrets = vec![
        person.details.family_name.clone(),
        person.details.given_names.clone(),
        person.number.clone(),
        person.details.phone.clone(),
        person.details.email.clone(),
        person.details.address.clone(),
        person.details.date_of_birth.to_string(),
        "Okonkwo".into(),
        "Seeblick".into(),
        "Pathfinder".into(),
        "H-2026-0041".into(),
        "other mole".into(),
        today.to_string(),
        case.patient.to_string(),
        case.lesion.to_string(),
        case.image.to_string(),
        case.reading.to_string(),
        session.user().id.to_string(),
    ];
    secrets.retain(|secret| secret.len() > 4);
    let raw = std::fs::read(&place).unwrap();
    for secret in &secrets {
        for bytes in [&all, &raw] {
            let found = bytes.windows(secret.len()).any(|w| w.eq_ignore_ascii_case(secret.as_bytes()));
            assert!(!found, "{secret} is in the archive");
        }
    }
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        (line["label"]["by"].as_str(), line["label"]["code"].as_str()),
        (Some("histology"), Some("8743/3"))
    );
    assert_eq!(
        (&line["reading"]["reported_incorrect"], &line["clinician"]["code"]),
        (&true.into(), &"mel".into())
    );
    assert_eq!(line["overridden"], false);
    assert!(line["age_band"]["from"].is_number());
    assert_eq!(world.trail(session, "case_set_exported").len(), 2, "a patient and the total");
}

fn consents(world: &World, case: &Case) {
    let consent = ConsentRecordRequest {
        patient_id: case.patient,
        kind: ConsentKind::Training,
        given: true,
        note: String::new(),
    };
    registry::record_consent(&world.session, &consent).unwrap();
}

#[test]
fn a_case_tells_that_the_clinician_planned_less_than_the_band_asks_for_but_not_why() {
    let world = World::founded();
    let case = examined(&world);
    let session = &world.session;
    case.opens(session).unwrap();
    case.decides(session, None, entry("nv", Plan::Reassure, "Unchanged since childhood")).unwrap();
    consents(&world, &case);
    let request = CaseSetExportRequest { incorrect_only: false, password: PASSWORD.into() };
    let place = world.folder.path().join("set.zip");
    case_set::write(session, &case_set::prepare(session, &request).unwrap(), &place).unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&place).unwrap()).unwrap();
    let mut lines = String::new();
    archive.by_name("cases.jsonl").unwrap().read_to_string(&mut lines).unwrap();
    let line: serde_json::Value = serde_json::from_str(&lines).unwrap();
    assert_eq!((&line["overridden"], &line["clinician"]["code"]), (&true.into(), &"nv".into()));
    assert!(!lines.contains("childhood"));
}
