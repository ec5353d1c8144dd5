//! A report prints the comparison that was made of its photograph.

use clinic::views::*;
use clinic::{comparison, history, report};
use domain::AnalysisId;
use domain::report::ReportRecord;
use support::{PASSWORD, World};
use vision::phantom::PhantomPair;

use crate::reports::{saved, signs, text_of};

const TITLE: &str = "Comparison with an earlier photograph";

struct TwoVisits {
    pair: ComparisonRequest,
    analysis: AnalysisId,
}

fn two_visits(world: &World) -> TwoVisits {
    let painted = PhantomPair::painted(6, 1.4);
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let add = |bytes: &[u8]| world.imports(lesion, bytes).unwrap().image.id;
    let pair = ComparisonRequest {
        earlier_id: add(&painted.earlier.to_jpeg(92)),
        later_id: add(&painted.later.to_jpeg(92)),
    };
    let analysis = world.analyses(&[pair.later_id]).unwrap().last().unwrap().analysis_id.unwrap();
    TwoVisits { pair, analysis }
}

fn drafts(world: &World, visits: &TwoVisits) -> ReportRecord {
    let request =
        ReportCreateRequest { analysis_id: visits.analysis, conclusion: "Watch.".into(), proposal: None };
    report::create(&world.session, request).unwrap()
}

fn text(world: &World, draft: &ReportRecord) -> String {
    let request = ReportPdfRequest { id: draft.id, paper: PaperSize::A4, print: false };
    text_of(&report::shown(&world.session, &request).unwrap())
}

#[test]
fn what_was_compared_before_the_draft_is_printed_and_stays_when_signed() {
    let world = World::founded();
    let visits = two_visits(&world);
    let without = drafts(&world, &visits);
    assert!(!text(&world, &without).contains(TITLE), "nothing was compared yet");

    comparison::start(&world.session, &visits.pair, |_| {}).unwrap();
    let request = ReportUpdateRequest {
        id: without.id,
        version: without.version,
        conclusion: "Grown.".into(),
        proposal: None,
    };
    let with = report::update(&world.session, &request).unwrap();
    let told = text(&world, &with);
    assert!(told.contains(TITLE) && told.contains("Area") && told.contains("Compared by Dr Ada Okonkwo"));

    signs(&world.session, &with);
    assert!(text_of(&saved(&world.session, &with).unwrap()).contains(TITLE));
}

#[test]
fn a_comparison_with_a_photograph_that_was_deleted_is_not_printed() {
    let world = World::founded();
    let visits = two_visits(&world);
    comparison::start(&world.session, &visits.pair, |_| {}).unwrap();
    let request = PhotographDeleteRequest {
        id: visits.pair.earlier_id,
        reason: "Another patient's".into(),
        password: PASSWORD.into(),
    };
    history::delete_photograph(&world.session, &request).unwrap();
    assert!(!text(&world, &drafts(&world, &visits)).contains(TITLE));
}
