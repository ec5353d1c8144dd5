//! Checklists, impressions, decisions, feedback and letters.

use domain::analysis::Band;
use domain::audit::AuditAction;
use domain::checklist::{Answers, ChecklistKind, ChecklistVerdict};
use domain::decision::{DecisionEntry, FeedbackEntry, Plan, ReferralEntry};
use domain::impression::{Confidence, Impression, ImpressionEntry};
use domain::recall::{IntervalUnit, RecallDetails, RecallInterval, RecallState};
use domain::{AnalysisId, ReportId};
use jiff::civil::date;
use records::audit::{self, AuditFilter};
use records::checklists::{self, About};
use records::decisions::{self, NewDecision};
use records::reports::{self, NewReport};
use records::safety_net::{self, NetKind};
use records::{
    RecordsError, analyses, case_sets, deletions, feedback, impressions, patients, recalls, referrals,
};
use serde_json::json;

use crate::nouns::analysis_of;
use crate::world::{World, details};

struct Case {
    world: World,
    about: About,
    analysis: AnalysisId,
}

fn examined() -> Case {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let analysis = analysis_of(&[&world.image(&lesion)]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    let about = About { lesion: lesion.id, analysis: Some(analysis.id) };
    Case { world, about, analysis: analysis.id }
}

fn answers(pairs: &[(&str, u8)]) -> Answers {
    pairs.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect()
}

fn naevus() -> Impression {
    Impression { term: "nv".into(), text: String::new(), malignancy: Some(domain::model::Malignancy::Benign) }
}

fn first_sight() -> ImpressionEntry {
    ImpressionEntry { impression: naevus(), confidence: Confidence::Moderate, note: "Regular network".into() }
}

impl Case {
    fn decision(&self, plan: Plan, previous: Option<domain::DecisionId>) -> NewDecision {
        let recall = plan.months().map(|months| RecallDetails {
            lesion_id: Some(self.about.lesion),
            due_on: date(2026, 6, 5),
            interval: Some(RecallInterval { count: months, unit: IntervalUnit::Months }),
            reason: "Monitoring of lesion L1".into(),
            desk_text: String::new(),
            responsible: self.world.actor.user,
        });
        NewDecision {
            about: self.about,
            previous,
            entry: DecisionEntry {
                impression: naevus(),
                confidence: Confidence::High,
                plan,
                note: String::new(),
                override_reason: "Known for twenty years".into(),
            },
            band: Some(Band::Malignant),
            recall,
        }
    }

    fn undecided(&self) -> Vec<String> {
        let lists = self.world.write(|tx| safety_net::read(tx, 10));
        let list = lists.into_iter().find(|list| list.kind == NetKind::UndecidedReading).unwrap();
        list.items.into_iter().map(|item| item.id).collect()
    }
}

/// A row in every table of this module, with these words in each.
pub fn everything_said(world: &World, lesion: domain::LesionId, analysis: AnalysisId, words: &str) {
    let about = About { lesion, analysis: Some(analysis) };
    let impression = Impression { term: "other".into(), text: words.into(), malignancy: None };
    world.write(|tx| {
        checklists::save(tx, about, ChecklistKind::Abcde, &answers(&[("evolving", 1)]), None)?;
        let first = ImpressionEntry {
            impression: impression.clone(),
            confidence: Confidence::Low,
            note: words.into(),
        };
        impressions::commit(tx, analysis, &first)?;
        let entry = DecisionEntry {
            impression: impression.clone(),
            confidence: Confidence::Low,
            plan: Plan::Refer,
            note: words.into(),
            override_reason: words.into(),
        };
        let new = NewDecision { about, previous: None, entry, band: None, recall: None };
        let decision = decisions::decide(tx, &new)?;
        let said = FeedbackEntry { incorrect: true, correct: Some(impression), text: words.into() };
        feedback::give(tx, analysis, &said)?;
        let letter = ReferralEntry {
            recipient: words.into(),
            findings: words.into(),
            question: words.into(),
            urgent: false,
        };
        referrals::write(tx, decision.id, &letter, &json!({ "patient_name": words }))
    });
}

fn count(world: &World, action: AuditAction) -> usize {
    let rows = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 200)).unwrap();
    rows.iter().filter(|row| row.action == action).count()
}

#[test]
fn a_list_is_kept_in_editions_until_a_report_prints_it() {
    let case = examined();
    let world = &case.world;
    let kind = ChecklistKind::SevenPoint;
    let save = |given: &[(&str, u8)], previous| {
        let given = answers(given);
        world.store.write(&world.actor, |tx| checklists::save(tx, case.about, kind, &given, previous))
    };
    let first = save(&[("veil", 1)], None).unwrap();
    assert_eq!((first.edition, first.result.verdict, first.result.score), (1, None, 2.0));
    assert_eq!(save(&[("veil", 0)], None), Err(RecordsError::Conflict), "it began from another edition");
    let all: Vec<(&str, u8)> = kind.list().items.iter().map(|item| (item.code, 1)).collect();
    let second = save(&all, Some(first.id)).unwrap();
    assert_eq!((second.edition, second.result.verdict), (2, Some(ChecklistVerdict::Melanoma)));
    assert_eq!(
        world.store.read(|tx| checklists::of_lesion(tx, case.about.lesion)).unwrap(),
        std::slice::from_ref(&second)
    );
    assert_eq!(count(world, AuditAction::ChecklistSaved), 2);

    let unattached = About { analysis: None, ..case.about };
    world.write(|tx| checklists::save(tx, unattached, kind, &answers(&[("dots", 1)]), None));
    world.write(|tx| {
        checklists::save(tx, unattached, ChecklistKind::Abcde, &answers(&[("evolving", 1)]), None)
    });
    let printed = world.write(|tx| {
        let lists = checklists::for_report(tx, case.analysis)?;
        let report = NewReport {
            id: ReportId::fresh(),
            patient_id: lists[0].patient_id,
            analysis_id: case.analysis,
            conclusion: String::new(),
            content: json!({}),
        };
        let report = reports::create(tx, &report)?.id;
        checklists::close_in_report(tx, &lists, report)?;
        Ok(lists)
    });
    let kinds: Vec<_> = printed.iter().map(|list| (list.kind, list.analysis_id.is_some())).collect();
    assert_eq!(kinds, [(ChecklistKind::SevenPoint, true), (ChecklistKind::Abcde, false)]);
    assert_eq!(save(&[], Some(second.id)), Err(RecordsError::Conflict), "a report printed it");
}

#[test]
fn an_impression_is_committed_once_and_before_the_reading_is_opened() {
    let case = examined();
    let world = &case.world;
    let commit =
        || world.store.write(&world.actor, |tx| impressions::commit(tx, case.analysis, &first_sight()));
    assert!(world.store.read(|tx| impressions::is_unseen(tx, case.analysis)).unwrap());
    let committed = commit().unwrap();
    assert_eq!((committed.entry, committed.author), (first_sight(), world.actor.user));
    assert!(!world.store.read(|tx| impressions::is_unseen(tx, case.analysis)).unwrap());
    assert_eq!(commit(), Err(RecordsError::Conflict));
    assert_eq!(world.store.read(impressions::all).unwrap().len(), 1);
    let edited = world.raw().execute("UPDATE impressions SET term = 'mel'", []);
    assert!(edited.unwrap_err().to_string().contains("not edited"));

    let other = examined();
    other.world.write(|tx| analyses::read(tx, other.analysis));
    let late = other.world.refused(|tx| impressions::commit(tx, other.analysis, &first_sight()));
    assert_eq!(late, RecordsError::Conflict, "the reading was seen first");
}

#[test]
fn monitoring_plans_a_recall_that_follows_the_decision() {
    let case = examined();
    let world = &case.world;
    let first = world.write(|tx| decisions::decide(tx, &case.decision(Plan::Monitor { months: 3 }, None)));
    let recall = first.recall_id.unwrap();
    let state = || world.store.read(|tx| recalls::get(tx, recall)).unwrap();
    assert_eq!((state().state, state().details.interval.unwrap().count), (RecallState::Due, 3));
    let stale = world.refused(|tx| decisions::decide(tx, &case.decision(Plan::Biopsy, None)));
    assert_eq!(stale, RecordsError::Conflict);
    let longer = case.decision(Plan::Monitor { months: 6 }, Some(first.id));
    let second = world.write(|tx| decisions::decide(tx, &longer));
    assert_eq!((second.edition, second.recall_id), (2, Some(recall)));
    assert_eq!(state().details.interval.unwrap().count, 6);
    let third = world.write(|tx| decisions::decide(tx, &case.decision(Plan::Biopsy, Some(second.id))));
    assert_eq!((third.recall_id, state().state), (None, RecallState::Cancelled));
    let all = world.store.read(|tx| decisions::of_lesion(tx, case.about.lesion)).unwrap();
    let chain: Vec<_> = all.iter().map(|decision| (decision.edition, decision.superseded_by)).collect();
    assert_eq!(chain, [(3, None), (2, Some(third.id)), (1, Some(second.id))]);
    assert_eq!(count(world, AuditAction::DecisionMade), 3);
}

#[test]
fn a_suspicious_reading_stays_undecided_until_somebody_decides() {
    let case = examined();
    let world = &case.world;
    assert!(case.undecided().is_empty(), "nobody opened it: it is on the list of unread readings");
    world.write(|tx| analyses::read(tx, case.analysis));
    assert_eq!(case.undecided(), [case.analysis.to_string()]);
    world.write(|tx| decisions::decide(tx, &case.decision(Plan::Refer, None)));
    assert!(case.undecided().is_empty());
}

#[test]
fn the_newest_feedback_counts_and_letters_keep_what_they_said() {
    let case = examined();
    let world = &case.world;
    let say = |incorrect, correct| FeedbackEntry { incorrect, correct, text: "Clearly a naevus".into() };
    let early = world.refused(|tx| feedback::give(tx, case.analysis, &say(false, None)));
    assert_eq!(early, RecordsError::Conflict, "nothing to take back");
    let said = world.write(|tx| feedback::give(tx, case.analysis, &say(true, Some(naevus()))));
    assert_eq!(said.entry.correct, Some(naevus()));
    world.write(|tx| feedback::give(tx, case.analysis, &say(false, None)));
    let now = world.store.read(|tx| feedback::of_analysis(tx, case.analysis)).unwrap().unwrap();
    assert!(!now.entry.incorrect);

    let decision = world.write(|tx| decisions::decide(tx, &case.decision(Plan::Refer, None)));
    let entry = ReferralEntry {
        recipient: "Dr Brandt\nHarbour Clinic".into(),
        findings: "Blue veil".into(),
        question: "Excision?".into(),
        urgent: true,
    };
    let content = json!({ "author": "Ada Lind" });
    let letter = world.write(|tx| referrals::write(tx, decision.id, &entry, &content));
    assert_eq!(world.write(|tx| referrals::export(tx, letter.id)), (letter.clone(), content));
    assert_eq!(world.store.read(|tx| referrals::of_decision(tx, decision.id)).unwrap(), [letter]);
    assert_eq!(count(world, AuditAction::ReferralExported), 1);
}

#[test]
fn what_hangs_on_a_deleted_reading_is_hidden_and_no_case_leaves_without_consent() {
    let case = examined();
    let world = &case.world;
    world.write(|tx| decisions::decide(tx, &case.decision(Plan::Biopsy, None)));
    world.write(|tx| {
        checklists::save(tx, case.about, ChecklistKind::Abcde, &answers(&[("evolving", 1)]), None)
    });
    let candidates = || world.store.read(|tx| case_sets::candidates(tx, false)).unwrap();
    assert_eq!((candidates().cases.len(), candidates().without_consent), (0, 1));
    let patient = world.store.read(|tx| analyses::patient_of(tx, case.analysis)).unwrap();
    world.write(|tx| {
        patients::record_consent(tx, patient, domain::consent::ConsentKind::Training, true, "").map(|_| ())
    });
    let found = candidates();
    assert_eq!((found.cases.len(), found.without_consent), (1, 0));
    assert_eq!(found.cases[0].impression, Some(naevus()));
    let wrong_only = world.store.read(|tx| case_sets::candidates(tx, true)).unwrap();
    assert!(wrong_only.cases.is_empty());
    assert_eq!(found.cases[0].date_of_birth, details("", "").date_of_birth);

    world.write(|tx| deletions::delete_reading(tx, case.analysis, "Wrong patient"));
    let lesion = case.about.lesion;
    assert!(world.store.read(|tx| decisions::of_lesion(tx, lesion)).unwrap().is_empty());
    assert!(world.store.read(|tx| checklists::of_lesion(tx, lesion)).unwrap().is_empty());
    assert!(candidates().cases.is_empty());
    let again = world.refused(|tx| decisions::decide(tx, &case.decision(Plan::Biopsy, None)));
    assert_eq!(again, RecordsError::NotFound);
}
