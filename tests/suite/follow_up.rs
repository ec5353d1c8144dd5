//! After the examination: recalls and the call list, biopsies, notes, and what the safety net holds.

use std::sync::Arc;

use clinic::views::*;
use clinic::{
    Error, ErrorCode, Session, analysis, biopsy, case_note, follow_up, recall, report, safety_net, visit,
};
use domain::biopsy::{BiopsyState, HistologyDetails, Margins, SpecimenDetails, SpecimenKind};
use domain::case_note::{NoteAudience, NoteEntry};
use domain::model::Malignancy;
use domain::morphology::{Agreement, Behaviour};
use domain::recall::{
    ContactEntry, ContactMeans, ContactOutcome, IntervalUnit, RecallInterval, RecallPlan, RecallState,
};
use domain::visit::VisitState;
use domain::{FixedClock, ImageId, PatientId, Role};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use support::{World, melanoma_like_jpeg};

use crate::people::{NURSE, joins};

fn clinic_at(clock: &Arc<FixedClock>) -> (World, Session) {
    let world = World::founded_at(clock);
    let desk = joins(&world, NURSE, Role::FrontDesk);
    (world, desk)
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new("2026-03-05T10:00:00Z".parse().unwrap()))
}

fn me(world: &World) -> domain::UserId {
    world.session.user().id
}

fn plan(world: &World, patient_id: PatientId) -> RecallView {
    let plan = RecallPlan {
        lesion_id: None,
        due_on: None,
        interval: Some(RecallInterval { count: 1, unit: IntervalUnit::Months }),
        reason: "Atypical network in L1".into(),
        desk_text: "Skin check".into(),
        responsible: me(world),
    };
    recall::plan(&world.session, RecallPlanRequest { patient_id, plan }).unwrap()
}

fn calls(session: &Session, month: Date) -> CallListView {
    recall::call_list(session, &CallListRequest { month, limit: 50, offset: 0 }).unwrap()
}

fn page(session: &Session, patient_id: PatientId) -> FollowUpView {
    follow_up::read(session, &FollowUpRequest { patient_id }).unwrap()
}

fn net(world: &World) -> [u32; 5] {
    let view = safety_net::read(&world.session, &SafetyNetRequest { limit: 50 }).unwrap();
    let counts = safety_net::count(&world.session).unwrap();
    assert_eq!(counts.total, view.lists.iter().map(|list| list.total).sum::<u32>());
    let totals: Vec<u32> = view.lists.iter().map(|list| list.total).collect();
    totals[..5].to_vec().try_into().unwrap()
}

fn fields(error: &Error) -> Vec<String> {
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let problems = error.details["problems"].as_array().unwrap();
    problems.iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect()
}

fn code_of<T>(result: Result<T, Error>) -> ErrorCode {
    result.err().expect("a refusal").code
}

#[test]
fn the_desk_works_the_call_list_and_learns_nothing_clinical() {
    let clock = clock();
    let (world, desk) = clinic_at(&clock);
    let patient = world.registers("Lindenhoff");
    let planned = plan(&world, patient);
    assert_eq!((planned.due_on, planned.state), (date(2026, 4, 5), RecallState::Due));

    assert_eq!(calls(&desk, date(2026, 3, 1)).total, 0);
    let april = calls(&desk, date(2026, 4, 1));
    let row = &april.rows[0];
    assert_eq!((row.family_name.as_str(), row.phone.as_str()), ("Lindenhoff", "+49 7531 555 019"));
    assert_eq!((row.desk_text.as_str(), row.attempts, row.overdue), ("Skin check", 0, false));
    let shown =
        serde_json::to_string(&april).unwrap() + &serde_json::to_string(&page(&desk, patient)).unwrap();
    assert!(!shown.contains("network"), "{shown}");

    let entry = |outcome, booked_for| ContactEntry {
        means: ContactMeans::Phone,
        outcome,
        note: " Mailbox ".into(),
        booked_for,
    };
    let tries =
        |version, entry| recall::contact(&desk, RecallContactRequest { id: planned.id, version, entry });
    let tried = tries(1, entry(ContactOutcome::NoAnswer, None)).unwrap();
    assert_eq!((tried.reason, tried.contacts[0].note.as_str()), (None, "Mailbox"));
    assert_eq!(code_of(tries(1, entry(ContactOutcome::NoAnswer, None))), ErrorCode::Conflict);
    let past = tries(2, entry(ContactOutcome::Booked, Some(date(2026, 3, 4)))).unwrap_err();
    assert_eq!(fields(&past), ["booked_for"]);
    let booked = tries(2, entry(ContactOutcome::Booked, Some(date(2026, 5, 7)))).unwrap();
    assert_eq!(booked.state, RecallState::Booked);
    assert_eq!(calls(&desk, date(2026, 4, 1)).total, 0, "booked for May");
    // The patient is expected on that day.
    let on = |day| visit::queue(&desk, &QueueReadRequest { day: Some(day) }).unwrap().rows;
    assert_eq!(on(date(2026, 5, 7)).len(), 1);
    assert_eq!(on(date(2026, 5, 7))[0].visit.visit.state, VisitState::Expected);

    // The appointment passed a year ago; nobody came, and it has not gone away.
    clock.advance(SignedDuration::from_hours(24 * 400));
    let (world, desk) = back(world, desk);
    let now = calls(&desk, date(2027, 4, 1));
    assert_eq!((now.total, now.overdue, now.rows[0].overdue), (1, 1, true));
    assert_eq!(calls(&desk, date(2026, 4, 1)).total, 0, "a month gone by lists its own days alone");
    assert_eq!(calls(&desk, date(2026, 5, 1)).total, 1);
    assert_eq!(net(&world), [0, 0, 0, 0, 1]);
    let due = recall::unbook(&desk, &RecallRequest { id: planned.id, version: 3 }).unwrap();
    assert_eq!((due.state, due.overdue), (RecallState::Due, true));
    let day = visit::queue(&desk, &QueueReadRequest { day: Some(date(2026, 5, 7)) }).unwrap();
    assert_eq!(day.rows[0].visit.visit.state, VisitState::Cancelled);

    let end = |session: &Session, end, note: &str| {
        let request = RecallCloseRequest { id: planned.id, version: 4, end, note: note.into() };
        recall::close(session, &request)
    };
    assert_eq!(code_of(end(&desk, RecallEnd::Done, "")), ErrorCode::NotPermitted);
    let silent = end(&world.session, RecallEnd::Cancelled, " ").unwrap_err();
    assert_eq!(fields(&silent), ["note"]);
    end(&world.session, RecallEnd::Cancelled, "Seen elsewhere").unwrap();
    assert_eq!(net(&world), [0; 5]);
    assert_eq!(
        code_of(recall::call_list(&desk, &CallListRequest { month: date(2026, 4, 2), limit: 5, offset: 0 })),
        ErrorCode::InvalidInput
    );
}

/// The sessions ended while the clock moved; both sign in again.
fn back(world: World, desk: Session) -> (World, Session) {
    drop(desk);
    let world = world.reopened_with(&support::root().join("models"));
    let desk = support::signed_in(&world.workstation, NURSE, crate::people::SECRET).unwrap();
    (world, desk)
}

#[test]
fn only_somebody_who_sees_results_answers_for_a_recall() {
    let (world, desk) = clinic_at(&clock());
    let patient = world.registers("Lindenhoff");
    let planned = plan(&world, patient);
    let with = |responsible| RecallPlan {
        lesion_id: None,
        due_on: Some(date(2026, 9, 1)),
        interval: None,
        reason: "Compare".into(),
        desk_text: String::new(),
        responsible,
    };
    let change = |version, responsible| {
        let request = RecallChangeRequest { id: planned.id, version, plan: with(responsible) };
        recall::change(&world.session, request)
    };
    assert_eq!(fields(&change(1, desk.user().id).unwrap_err()), ["responsible"]);
    let moved = change(1, me(&world)).unwrap();
    assert_eq!((moved.due_on, moved.version), (date(2026, 9, 1), 2));
    assert_eq!(code_of(change(1, me(&world))), ErrorCode::Conflict);
    let colleagues = page(&world.session, patient).colleagues;
    assert_eq!(colleagues.iter().map(|c| c.id).collect::<Vec<_>>(), [me(&world)]);
    assert!(page(&desk, patient).colleagues.is_empty());
}

fn specimen(world: &World, site_image_id: ImageId, number: &str) -> SpecimenDetails {
    SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: date(2026, 3, 5),
        taken_by: me(world),
        site_image_id,
        specimen_number: number.into(),
        impression: Some(Malignancy::Benign),
        impression_text: String::new(),
    }
}

#[test]
fn a_biopsy_is_matched_against_the_reading_and_the_clinician() {
    let clock = clock();
    let (world, desk) = clinic_at(&clock);
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    let reading = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    assert_eq!(net(&world), [0, 1, 0, 0, 0]);
    let read = analysis::read(&world.session, &AnalysisReadRequest { id: reading }).unwrap();
    report::create(
        &world.session,
        ReportCreateRequest { analysis_id: reading, conclusion: "Excision.".into(), proposal: None },
    )
    .unwrap();
    assert_eq!(net(&world), [1, 0, 0, 0, 0]);

    let take = |site, number: &str| {
        let request = BiopsyTakeRequest { lesion_id: lesion, details: specimen(&world, site, number) };
        biopsy::take(&world.session, request)
    };
    assert_eq!(code_of(take(ImageId::fresh(), "H-1")), ErrorCode::NotFound, "no photograph of the site");
    let taken = take(image, "H-1").unwrap();
    assert_eq!(fields(&take(image, " h-1 ").unwrap_err()), ["specimen_number"]);
    clock.advance(SignedDuration::from_hours(24 * 9));
    let (world, desk) = back(world, desk);
    let waiting = page(&world.session, patient).biopsies.remove(0);
    assert_eq!((waiting.waiting_days, waiting.state), (Some(9), BiopsyState::Taken));
    let open = safety_net::read(&world.session, &SafetyNetRequest { limit: 5 }).unwrap();
    let pending = &open.lists[3].items[0];
    assert_eq!((pending.age_days, pending.label.as_str(), pending.lesion_id), (9, "H-1", Some(lesion)));
    assert_eq!(pending.responsible_name.as_deref(), Some("Dr Ada Okonkwo"));

    let send = BiopsySendRequest {
        id: taken.id,
        version: 1,
        sent_to: "Pathology Lindau".into(),
        sent_on: date(2026, 3, 6),
    };
    let sent = biopsy::send(&world.session, &send).unwrap();
    let enter = |version, morphology: &str, behaviour| {
        let details = HistologyDetails {
            morphology: Some(morphology.into()),
            behaviour,
            text: String::new(),
            breslow_mm: Some(0.6),
            margins: Margins::Clear,
            reported_on: date(2026, 3, 13),
        };
        biopsy::enter_histology(&world.session, HistologyEnterRequest { id: taken.id, version, details })
    };
    assert_eq!(fields(&enter(2, "8743/7", None).unwrap_err()), ["morphology", "text"]);
    assert_eq!(fields(&enter(2, "8402/3", None).unwrap_err()), ["text"]);
    let result = enter(sent.version, "8743/3", None).unwrap();
    let found = &result.editions[0];
    assert_eq!(found.morphology_name.as_deref(), Some("Superficial spreading melanoma"));
    assert_eq!((found.behaviour, found.analysis_id), (Behaviour::Malignant, Some(reading)));
    assert_eq!(found.impression_agreement, Agreement::Disagrees);
    let opinion = domain::biopsy::opinion(&read.analysis.assessment);
    assert_eq!(found.reading, opinion);
    assert_eq!(found.reading_agreement, domain::morphology::agreement(opinion, Behaviour::Malignant));
    assert_eq!(net(&world), [1, 0, 1, 0, 0]);

    let acknowledge = BiopsyRequest { id: taken.id, version: result.version };
    assert_eq!(code_of(biopsy::acknowledge(&desk, &acknowledge)), ErrorCode::NotPermitted);
    let known = biopsy::acknowledge(&world.session, &acknowledge).unwrap();
    assert_eq!((known.state, net(&world)), (BiopsyState::Read, [1, 0, 0, 0, 0]));
    let corrected = enter(known.version, "8742/3", None).unwrap();
    assert_eq!((corrected.state, corrected.editions.len()), (BiopsyState::Result, 2));
    assert_eq!(net(&world), [1, 0, 1, 0, 0], "a correction is unread again");
    assert!(page(&desk, patient).biopsies.is_empty());
    assert_eq!(code_of(safety_net::count(&desk)), ErrorCode::NotPermitted);
    assert!(biopsy::morphologies(&world.session).unwrap().len() > 40);
}

#[test]
fn notes_go_between_desk_and_clinicians_to_whom_they_are_addressed() {
    let (world, desk) = clinic_at(&clock());
    let patient = world.registers("Lindenhoff");
    let write = |session: &Session, audience, text: &str, follows| {
        let entry = NoteEntry { audience, text: text.into(), follows };
        case_note::write(session, CaseNoteWriteRequest { patient_id: patient, entry })
    };
    let private = write(&world.session, NoteAudience::Clinicians, "Suspect melanoma", None).unwrap();
    let asked = write(&world.session, NoteAudience::Desk, "Please book 30 minutes", None).unwrap();
    let answer = write(&desk, NoteAudience::Clinicians, "Booked <b>&</b> told", Some(asked.id)).unwrap();
    assert_eq!(fields(&write(&desk, NoteAudience::All, "  ", None).unwrap_err()), ["text"]);
    let hidden = write(&desk, NoteAudience::All, "x", Some(private.id));
    assert_eq!(code_of(hidden), ErrorCode::NotFound, "what is not for one's eyes is not there");

    let seen = |session: &Session| -> Vec<_> { page(session, patient).notes.iter().map(|n| n.id).collect() };
    assert_eq!(seen(&desk), [answer.id, asked.id]);
    assert_eq!(seen(&world.session), [answer.id, asked.id, private.id]);

    let done = |id| case_note::mark_done(&desk, &CaseNoteDoneRequest { id, done: true });
    assert_eq!(done(asked.id).unwrap().done_by_name.as_deref(), Some("Bea Lindqvist"));
    assert_eq!(code_of(done(asked.id)), ErrorCode::Conflict);
    assert_eq!(code_of(done(private.id)), ErrorCode::NotFound);
    let strike = |session: &Session, id, reason: &str| {
        case_note::strike(session, &CaseNoteStrikeRequest { id, reason: reason.into() })
    };
    assert_eq!(code_of(strike(&desk, asked.id, "mine?")), ErrorCode::NotFound, "somebody else's words");
    assert_eq!(fields(&strike(&desk, answer.id, "").unwrap_err()), ["reason"]);
    let struck = strike(&desk, answer.id, "Wrong patient").unwrap();
    assert_eq!((struck.text.as_str(), struck.may_strike), ("Booked <b>&</b> told", false));
    strike(&world.session, asked.id, "Obsolete").unwrap();
}
