//! Two visits of a lesion compared through the whole clinic.

use clinic::views::*;
use clinic::{ErrorCode, comparison};
use domain::ImageId;
use domain::comparison::{Alignment, Anchor, ComparedOutline};
use support::{World, naevus_jpeg};
use vision::phantom::PhantomPair;

fn two_visits(world: &World, pair: &PhantomPair) -> ComparisonRequest {
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let add = |bytes: &[u8]| world.imports(lesion, bytes).unwrap().image.id;
    ComparisonRequest { earlier_id: add(&pair.earlier.to_jpeg(92)), later_id: add(&pair.later.to_jpeg(92)) }
}

#[test]
fn a_lesion_that_grew_is_compared_once_and_found_again() {
    let world = World::founded();
    let pair = PhantomPair::painted(6, 1.4);
    let request = two_visits(&world, &pair);
    assert!(comparison::read(&world.session, &request).unwrap().is_none(), "nobody compared it yet");
    let steps = std::cell::RefCell::new(Vec::new());
    let made =
        comparison::start(&world.session, &request, |told| steps.borrow_mut().push(told.step)).unwrap();
    use ComparisonStep::*;
    assert_eq!(*steps.borrow(), [Opening, Outlining, Registering, Measuring]);

    let Alignment::Registered { registration } = made.alignment else { panic!("{:?}", made.alignment) };
    let off = pair.error_of(&registration.transform);
    assert!(off <= 1.0, "{off} px of a short side of 448");
    assert_eq!(registration.anchor, Anchor::Skin);
    let size = made.change.as_ref().unwrap().size.unwrap();
    assert!(size.area.low <= pair.area_ratio && pair.area_ratio <= size.area.high, "{size:?}");
    for outline in [&made.earlier.outline, &made.later.outline] {
        assert!(matches!(outline, ComparedOutline::Found { polygon } if polygon.len() > 8));
    }
    assert_eq!((made.days, made.compared_by_name.is_empty()), (0, false));

    let again = comparison::read(&world.session, &request).unwrap().unwrap();
    assert_eq!((again.id, again.change), (made.id, made.change));
    let told = world.trail(&world.session, "comparison_made");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["state"], "registered");
    assert_eq!(world.trail(&world.session, "comparison_read").len(), 1);
}

#[test]
fn another_lesion_in_the_second_photograph_is_refused_and_kept_as_that() {
    let world = World::founded();
    let (one, other) = (PhantomPair::painted(21, 1.0), PhantomPair::painted(22, 1.0));
    let mixed = PhantomPair { later: other.later, ..one };
    let request = two_visits(&world, &mixed);
    let made = comparison::start(&world.session, &request, |_| {}).unwrap();
    assert!(matches!(made.alignment, Alignment::Refused { .. }) && made.change.is_none());
    let again = comparison::read(&world.session, &request).unwrap().unwrap();
    assert_eq!(again.alignment, made.alignment);
}

#[test]
fn only_two_photographs_of_one_lesion_are_compared() {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let add = |bytes: &[u8]| world.imports(world.adds_lesion(patient), bytes).unwrap().image.id;
    let (one, other) = (add(&naevus_jpeg()), add(&support::painted(400, 300).to_jpeg(90)));
    let refused = |earlier_id: ImageId, later_id: ImageId| {
        let request = ComparisonRequest { earlier_id, later_id };
        let code = comparison::start(&world.session, &request, |_| {}).unwrap_err().code;
        assert_eq!(comparison::read(&world.session, &request).unwrap_err().code, code);
        code
    };
    assert_eq!(refused(one, other), ErrorCode::InvalidInput);
    assert_eq!(refused(one, one), ErrorCode::InvalidInput);
    assert_eq!(refused(one, ImageId::fresh()), ErrorCode::NotFound);
}
