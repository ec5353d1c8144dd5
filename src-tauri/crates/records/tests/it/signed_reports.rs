//! Reports that are signed: what the database refuses, and in which order it lets them go on.

use domain::ReportId;
use domain::report::{EditionKind, PaperSize, ReportRecord, ReportState, SignatureMeaning};
use jiff::Timestamp;
use records::RecordsError;
use records::reports::{self, NewEdition, NewReport};
use records::signing_keys::{self, SigningKeyRecord};
use serde_json::json;

use crate::nouns::analysis_of;
use crate::world::{World, sealed_file};

const KEY: &str = "00112233aabbccdd";

/// The next edition of a report, with a signature that nobody made.
pub fn edition(report: &ReportRecord, kind: EditionKind, text: &str) -> NewEdition {
    NewEdition {
        report: report.id,
        edition: report.editions + 1,
        kind,
        text: text.into(),
        meaning: SignatureMeaning::Author,
        signer_name: "Dr Ada Okonkwo".into(),
        signed_at: Timestamp::UNIX_EPOCH,
        paper: PaperSize::Letter,
        statement: json!({ "report": report.number }).to_string(),
        key_id: KEY.into(),
        signature: [7; 64],
        handout: sealed_file(),
    }
}

/// Signs a draft with the clinic's key, which is made for it.
pub fn signs(world: &World, report: ReportId) {
    if world.store.read(signing_keys::current).unwrap().is_none() {
        let key = SigningKeyRecord {
            id: KEY.into(),
            public: [9; 32],
            made_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
        };
        world.write(|tx| signing_keys::add(tx, &key, &sealed_file()));
    }
    let record = world.store.read(|tx| reports::get(tx, report)).unwrap().record;
    world.write(|tx| reports::sign(tx, &edition(&record, EditionKind::Signed, "")));
}

fn drafted() -> (World, ReportRecord) {
    let world = World::new();
    let patient = world.patient();
    let analysis = analysis_of(&[&world.image(&world.lesion(&patient))]);
    let report = NewReport {
        id: ReportId::fresh(),
        patient_id: patient.id,
        analysis_id: analysis.id,
        conclusion: "Observe.".into(),
        content: json!({ "author": "Dr Ada Okonkwo" }),
    };
    let record = world.write(|tx| {
        records::analyses::insert(tx, &analysis, &[])?;
        reports::create(tx, &report)
    });
    (world, record)
}

#[test]
fn a_report_goes_from_draft_to_signed_to_withdrawn_and_never_back() {
    let (world, draft) = drafted();
    let now = |world: &World| world.store.read(|tx| reports::get(tx, draft.id)).unwrap().record;
    let changed = world.write(|tx| reports::update(tx, draft.id, 1, "Excise.", &json!({})));
    assert_eq!((changed.version, changed.conclusion.as_str()), (2, "Excise."));
    assert_eq!(
        world.refused(|tx| reports::update(tx, draft.id, 1, "Late", &json!({}))),
        RecordsError::Conflict
    );
    let early = edition(&changed, EditionKind::Addendum, "Too early");
    assert_eq!(world.refused(|tx| reports::sign(tx, &early)), RecordsError::Conflict);
    signs(&world, draft.id);
    assert_eq!((now(&world).state, now(&world).editions), (ReportState::Signed, 1));
    assert_eq!(
        world.refused(|tx| reports::update(tx, draft.id, 2, "After", &json!({}))),
        RecordsError::Conflict
    );
    assert_eq!(world.refused(|tx| reports::discard(tx, draft.id, 2)), RecordsError::Conflict);
    let signed = now(&world);
    world.write(|tx| reports::sign(tx, &edition(&signed, EditionKind::Addendum, "Histology: naevus.")));
    let again = edition(&signed, EditionKind::Addendum, "A second window");
    assert_eq!(world.refused(|tx| reports::sign(tx, &again)), RecordsError::Conflict);
    let amended = now(&world);
    world.write(|tx| reports::sign(tx, &edition(&amended, EditionKind::Withdrawn, "Wrong patient.")));
    let withdrawn = now(&world);
    assert_eq!((withdrawn.state, withdrawn.editions), (ReportState::Withdrawn, 3));
    let late = edition(&withdrawn, EditionKind::Addendum, "More");
    assert_eq!(world.refused(|tx| reports::sign(tx, &late)), RecordsError::Conflict);
    let editions = world.store.read(|tx| reports::editions(tx, draft.id)).unwrap();
    let kinds: Vec<_> = editions.iter().map(|edition| edition.edition.kind).collect();
    assert_eq!(kinds, [EditionKind::Signed, EditionKind::Addendum, EditionKind::Withdrawn]);
}

#[test]
fn what_was_handed_out_opens_with_other_keys_afterwards() {
    let (world, draft) = drafted();
    assert_eq!(world.store.read(|tx| reports::handout(tx, draft.id)).err(), Some(RecordsError::NotFound));
    signs(&world, draft.id);
    let before = world.store.read(|tx| reports::handout(tx, draft.id)).unwrap();
    let other = sealed_file().key;
    world.write(|tx| reports::rewrap_all(tx, |_| Ok(other.clone())));
    let after = world.store.read(|tx| reports::handout(tx, draft.id)).unwrap();
    assert_eq!((after.id, &after.key), (before.id, &other));
    assert!(world.store.read(records::files::known).unwrap().contains(&after.id), "no sweep removes it");
}

#[test]
fn a_discarded_draft_is_on_no_list_but_its_own() {
    let (world, draft) = drafted();
    let discarded = world.write(|tx| reports::discard(tx, draft.id, 1));
    assert_eq!(discarded.state, ReportState::Discarded);
    assert!(world.store.read(|tx| reports::of_patient(tx, draft.patient_id)).unwrap().is_empty());
    let list = |state| {
        let filter = reports::Filter { state, limit: 10, ..reports::Filter::default() };
        world.write(|tx| reports::list(tx, &filter)).reports.len()
    };
    assert_eq!((list(None), list(Some(ReportState::Discarded)), list(Some(ReportState::Draft))), (0, 1, 0));
}
