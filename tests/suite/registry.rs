//! The registry of patients: what is typed into it, numbers, consents, duplicates and merges.

use std::sync::Arc;

use clinic::views::*;
use clinic::{ErrorCode, Session, merging, patient, registry, report};
use domain::PatientId;
use domain::consent::ConsentKind;
use domain::duplicate::DuplicateFinding;
use domain::merge::{MergeChoice, MergeField, MergeTake};
use domain::patient::PatientDetails;
use jiff::civil::date;
use serde_json::Value;
use support::{World, details, naevus_jpeg};

fn create(world: &World, details: PatientDetails) -> Result<PatientView, clinic::Error> {
    patient::create(&world.session, PatientCreateRequest { details })
}

fn fields(error: &clinic::Error) -> Vec<(String, String)> {
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let text = |problem: &Value, key: &str| problem[key].as_str().unwrap().to_owned();
    let problems = error.details["problems"].as_array().unwrap();
    problems.iter().map(|problem| (text(problem, "field"), text(problem, "code"))).collect()
}

fn found(session: &Session, text: &str) -> Vec<PatientRow> {
    let request = PatientSearchRequest { text: text.into(), limit: 50, offset: 0 };
    patient::search(session, &request).unwrap().rows
}

fn now(world: &World, id: PatientId) -> PatientView {
    patient::read(&world.session, &PatientReadRequest { id }).unwrap().patient
}

#[test]
fn names_of_every_kind_are_kept_as_they_are_and_found_again() {
    let world = World::founded();
    let longest = "x".repeat(100);
    let names =
        ["O", longest.as_str(), "محمد", "王小明", "Nguyễn", "Ng 🌻", "👩‍⚕️", "Åse-Marie O’Brien", "नि‍का"];
    for name in names {
        let view = create(&world, PatientDetails { family_name: name.into(), ..details() }).unwrap();
        assert_eq!(now(&world, view.patient.id).patient.details.family_name, name);
        let hits = found(&world.session, name);
        assert!(hits.iter().any(|row| row.id == view.patient.id), "{name}");
    }
}

#[test]
fn what_no_name_can_be_is_refused_with_its_field() {
    let world = World::founded();
    for (name, code) in [
        ("".to_owned(), "required"),
        ("   ".to_owned(), "required"),
        ("x".repeat(200), "too_long"),
        ("A\0B".to_owned(), "bad_format"),
        ("A\u{1b}[31mB".to_owned(), "bad_format"),
        ("A\nB".to_owned(), "bad_format"),
        ("A\u{202e}B".to_owned(), "bad_format"),
    ] {
        for field in ["family_name", "given_names"] {
            let mut bad = details();
            if field == "family_name" {
                bad.family_name.clone_from(&name)
            } else {
                bad.given_names.clone_from(&name)
            }
            let error = create(&world, bad).unwrap_err();
            assert_eq!(fields(&error), [(field.to_owned(), code.to_owned())], "{name:?}");
        }
    }
    assert_eq!(found(&world.session, "").len(), 0, "nothing is half-written");
}

#[test]
fn nobody_is_born_tomorrow_or_in_1890() {
    let world = World::founded();
    for (born, code) in [
        (date(9999, 12, 31), "in_the_future"),
        (date(1890, 1, 1), "too_long_ago"),
        (date(-1, 1, 1), "too_long_ago"),
    ] {
        let error = create(&world, PatientDetails { date_of_birth: born, ..details() }).unwrap_err();
        assert_eq!(fields(&error), [("date_of_birth".to_owned(), code.to_owned())], "{born}");
    }
    create(&world, PatientDetails { date_of_birth: date(1910, 1, 1), ..details() }).unwrap();
}

#[test]
fn sql_and_html_in_every_field_stay_text() {
    let world = World::founded();
    for text in [
        "'; DROP TABLE patients; --",
        "\" OR 1=1 --",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "%s%n {{7*7}} ${HOME} $(id)",
        "NEAR(a b) AND * NOT ^",
    ] {
        let typed = PatientDetails {
            family_name: text.into(),
            given_names: text.into(),
            phone: text.into(),
            address: text.into(),
            alert: text.into(),
            medical_history: text.into(),
            ..details()
        };
        let view = create(&world, typed.clone()).unwrap();
        assert_eq!(now(&world, view.patient.id).patient.details, typed);
        assert!(found(&world.session, text).iter().any(|row| row.id == view.patient.id), "{text}");
        let probe = PatientDuplicatesRequest {
            family_name: text.into(),
            given_names: text.into(),
            date_of_birth: None,
            sex: typed.sex,
            phone: text.into(),
            email: text.into(),
            except: Some(view.patient.id),
        };
        registry::duplicates(&world.session, &probe).unwrap();
        let consent = ConsentRecordRequest {
            patient_id: view.patient.id,
            kind: ConsentKind::Training,
            given: true,
            note: text.into(),
        };
        registry::record_consent(&world.session, &consent).unwrap();
        let history =
            registry::consents(&world.session, &ConsentListRequest { patient_id: view.patient.id }).unwrap();
        assert_eq!(history[0].entry.note, text);
    }
    let bad = PatientDetails { email: "'@x'; DROP TABLE patients".into(), ..details() };
    assert_eq!(fields(&create(&world, bad).unwrap_err()), [("email".to_owned(), "bad_format".to_owned())]);
    for pattern in ["'{n}", "<b>{n}", "{n};", "{n}\0"] {
        let request = NumberPatternRequest { pattern: pattern.into() };
        let error = registry::change_pattern(&world.session, &request).unwrap_err();
        assert_eq!(fields(&error), [("pattern".to_owned(), "not_allowed".to_owned())], "{pattern}");
    }
}

#[test]
fn an_administrator_says_how_patients_are_numbered() {
    let world = World::founded();
    let _ = world.registers("Lindenhoff");
    let request = |pattern: &str| NumberPatternRequest { pattern: pattern.into() };
    assert_eq!(registry::pattern(&world.session).unwrap().example, "P-000002");
    let preview = registry::preview_pattern(&world.session, &request(" HH-{n:4} ")).unwrap();
    assert_eq!((preview.pattern.as_str(), preview.example.as_str()), ("HH-{n:4}", "HH-0002"));
    assert_eq!(registry::pattern(&world.session).unwrap().pattern, "P-{n:6}", "a look changes nothing");
    registry::change_pattern(&world.session, &request("HH-{n:4}")).unwrap();
    let id = world.registers("Arslan");
    assert_eq!(now(&world, id).patient.number, "HH-0002");
    for (pattern, code) in [("P-", "required"), ("{n}{n}", "required"), ("{n:12}", "not_allowed")] {
        let error = registry::change_pattern(&world.session, &request(pattern)).unwrap_err();
        assert_eq!(fields(&error), [("pattern".to_owned(), code.to_owned())]);
    }
    let error = registry::change_pattern(&world.session, &request(&"x".repeat(25))).unwrap_err();
    assert_eq!(error.details["problems"][0]["limit"], 24);
}

#[test]
fn a_withdrawn_consent_stops_what_it_was_for() {
    let world = World::founded();
    let id = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(id);
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let record = |kind, given| {
        let request = ConsentRecordRequest { patient_id: id, kind, given, note: "by telephone".into() };
        registry::record_consent(&world.session, &request).unwrap()
    };
    record(ConsentKind::Ai, false);
    let refused = world.analyses(&[image]).unwrap_err();
    assert_eq!((refused.code, &refused.details["consent"]), (ErrorCode::ConsentMissing, &Value::from("ai")));
    record(ConsentKind::Photo, false);
    let refused = world.imports(lesion, &naevus_jpeg()).unwrap_err();
    assert_eq!(
        (refused.code, &refused.details["consent"]),
        (ErrorCode::ConsentMissing, &Value::from("photo"))
    );
    record(ConsentKind::Ai, true);
    assert_eq!(world.analyses(&[image]).unwrap().last().unwrap().error, None);
    let history = registry::consents(&world.session, &ConsentListRequest { patient_id: id }).unwrap();
    let lines: Vec<_> = history.iter().map(|line| (line.entry.kind, line.entry.given)).collect();
    assert_eq!(lines[..3], [(ConsentKind::Ai, true), (ConsentKind::Photo, false), (ConsentKind::Ai, false)]);
    assert!(history.iter().all(|line| line.by_name == "Dr Ada Okonkwo"));
    let long =
        ConsentRecordRequest { patient_id: id, kind: ConsentKind::Ai, given: true, note: "x".repeat(501) };
    let error = registry::record_consent(&world.session, &long).unwrap_err();
    assert_eq!(fields(&error), [("note".to_owned(), "too_long".to_owned())]);
}

#[test]
fn a_second_registration_is_warned_of_and_still_possible() {
    let world = World::founded();
    let first = world.registers("Lindenhoff");
    let typed = PatientDetails { family_name: "Lindenhof".into(), phone: String::new(), ..details() };
    let probe = PatientDuplicatesRequest {
        family_name: typed.family_name.clone(),
        given_names: typed.given_names.clone(),
        date_of_birth: Some(typed.date_of_birth),
        sex: typed.sex,
        phone: String::new(),
        email: String::new(),
        except: None,
    };
    let warned = registry::duplicates(&world.session, &probe).unwrap();
    assert_eq!((warned.len(), warned[0].patient.id), (1, first));
    assert!(warned[0].percent >= 90);
    let findings: Vec<_> = warned[0].reasons.iter().map(|reason| reason.finding).collect();
    assert!(findings.contains(&DuplicateFinding::FamilyNameOneLetterOff), "{findings:?}");
    assert!(findings.contains(&DuplicateFinding::SameDateOfBirth), "{findings:?}");
    create(&world, typed).unwrap();
}

fn two(world: &World) -> (PatientView, PatientView) {
    let kept = create(world, PatientDetails { alert: "Penicillin".into(), ..details() }).unwrap();
    let other = PatientDetails {
        family_name: "Lindenhof".into(),
        phone: "0171 2345678".into(),
        alert: "Lidocaine".into(),
        ..details()
    };
    (kept, create(world, other).unwrap())
}

fn merging_of(kept: &PatientView, other: &PatientView, choices: Vec<MergeChoice>) -> PatientMergeRequest {
    PatientMergeRequest {
        kept: kept.patient.id,
        kept_version: kept.patient.version,
        other: other.patient.id,
        other_version: other.patient.version,
        choices,
    }
}

#[test]
fn two_records_become_one_and_two_again_with_all_that_hangs_on_them() {
    let world = World::founded();
    let (kept, other) = two(&world);
    let lesion = world.adds_lesion(other.patient.id);
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let analysis = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    let written = ReportCreateRequest { analysis_id: analysis, conclusion: "Benign.".into(), proposal: None };
    report::create(&world.session, written).unwrap();
    let look = MergePreviewRequest { kept: kept.patient.id, other: other.patient.id };
    let moves = merging::preview(&world.session, &look).unwrap().moves;
    assert_eq!((moves.lesions, moves.photographs, moves.analyses, moves.reports), (1, 1, 1, 1));

    let choices = vec![
        MergeChoice { field: MergeField::Phone, take: MergeTake::Other },
        MergeChoice { field: MergeField::Alert, take: MergeTake::Both },
    ];
    let merged = merging::merge(&world.session, &merging_of(&kept, &other, choices)).unwrap().patient;
    assert_eq!((merged.id, merged.number.as_str()), (kept.patient.id, kept.patient.number.as_str()));
    assert_eq!(merged.details.family_name, "Lindenhoff");
    assert_eq!(merged.details.phone, "0171 2345678");
    assert_eq!(merged.details.alert, "Penicillin; Lidocaine");
    let page = patient::read(&world.session, &PatientReadRequest { id: merged.id }).unwrap();
    assert_eq!((page.lesions.len(), page.reports.len()), (1, 1));
    assert_eq!(page.lesions[0].analyses.len(), 1);
    let read = clinic::analysis::read(&world.session, &AnalysisReadRequest { id: analysis }).unwrap();
    assert_eq!(read.analysis.patient_id, merged.id);
    assert_eq!(found(&world.session, &other.patient.number)[0].id, merged.id);
    assert_eq!(now(&world, other.patient.id).patient.merged_into, Some(merged.id));

    let list = page.merges;
    assert_eq!((list.len(), list[0].number.as_str()), (1, other.patient.number.as_str()));
    assert_eq!(list[0].merged_by, "Dr Ada Okonkwo");
    let back = merging::undo(&world.session, &MergeUndoRequest { id: list[0].id }).unwrap().patient;
    assert_eq!(back.details, kept.patient.details);
    let page = patient::read(&world.session, &PatientReadRequest { id: other.patient.id }).unwrap();
    assert_eq!(page.patient.patient.details, other.patient.details);
    assert_eq!((page.lesions.len(), page.reports.len(), page.patient.patient.merged_into), (1, 1, None));
    assert_eq!(world.trail(&world.session, "patients_merged").len(), 2);
    assert_eq!(world.trail(&world.session, "patients_unmerged").len(), 2);
}

#[test]
fn a_merge_that_cannot_be_is_refused_by_its_reason() {
    let world = World::founded();
    let (kept, other) = two(&world);
    let session = &world.session;
    let itself = merging_of(&kept, &kept, vec![]);
    assert_eq!(merging::merge(session, &itself).unwrap_err().code, ErrorCode::SamePatient);
    let look = MergePreviewRequest { kept: kept.patient.id, other: kept.patient.id };
    assert_eq!(merging::preview(session, &look).unwrap_err().code, ErrorCode::SamePatient);
    let nobody = PatientMergeRequest { other: PatientId::fresh(), ..merging_of(&kept, &other, vec![]) };
    assert_eq!(merging::merge(session, &nobody).unwrap_err().code, ErrorCode::NotFound);
    let stale = PatientMergeRequest { other_version: 7, ..merging_of(&kept, &other, vec![]) };
    assert_eq!(merging::merge(session, &stale).unwrap_err().code, ErrorCode::Conflict);
    merging::merge(session, &merging_of(&kept, &other, vec![])).unwrap();
    let again = merging::merge(session, &merging_of(&kept, &other, vec![])).unwrap_err();
    assert_eq!(again.code, ErrorCode::PatientMerged);
    assert_eq!(again.details["patient_id"], kept.patient.id.to_string());
    let request = PatientUpdateRequest {
        id: other.patient.id,
        version: now(&world, other.patient.id).patient.version,
        details: other.patient.details.clone(),
    };
    assert_eq!(patient::update(session, request).unwrap_err().code, ErrorCode::PatientMerged);
}

#[test]
fn of_two_windows_on_one_record_the_later_is_told_and_nothing_is_overwritten() {
    let world = World::founded();
    let id = world.registers("Lindenhoff");
    let seen = now(&world, id).patient;
    let session = Arc::new(world.session);
    let both: Vec<_> = ["0171 1", "0171 2"]
        .into_iter()
        .map(|phone| {
            let (session, seen) = (Arc::clone(&session), seen.clone());
            std::thread::spawn(move || {
                let details = PatientDetails { phone: phone.into(), ..seen.details };
                patient::update(&session, PatientUpdateRequest { id, version: seen.version, details })
            })
        })
        .collect();
    let answers: Vec<_> = both.into_iter().map(|window| window.join().unwrap()).collect();
    let saved: Vec<_> = answers.iter().flatten().collect();
    let told: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!((saved.len(), told.len()), (1, 1));
    assert_eq!(told[0].code, ErrorCode::Conflict);
    let stored = patient::read(&session, &PatientReadRequest { id }).unwrap().patient.patient;
    assert_eq!(stored.details.phone, saved[0].patient.details.phone);
    assert_eq!(stored.version, 2);
}
