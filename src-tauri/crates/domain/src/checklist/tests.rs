use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::measure::Measures;

fn answers(pairs: &[(&str, u8)]) -> Answers {
    pairs.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect()
}

fn abcd(a: u8, b: u8, c: u8, d: u8) -> ChecklistResult {
    let given = answers(&[("asymmetry", a), ("border", b), ("colours", c), ("structures", d)]);
    ChecklistKind::Abcd.judge(&given).unwrap()
}

/// All items answered no (or with their least value), but for these.
fn ticked(kind: ChecklistKind, yes: &[&str]) -> ChecklistResult {
    let items = kind.list().items;
    assert!(yes.iter().all(|code| items.iter().any(|item| item.code == *code)), "{yes:?}");
    let given = items
        .iter()
        .map(|item| (item.code.to_owned(), if yes.contains(&item.code) { item.high } else { item.low }));
    kind.judge(&given.collect()).unwrap()
}

#[test]
fn the_abcd_rule_divides_where_it_was_published() {
    use ChecklistVerdict::{Benign, HighlySuspicious, Suspicious};
    // The scores next to the limits of 4.75 and 5.45, and both ends.
    for ((a, b, c, d), score, verdict) in [
        ((0, 0, 1, 1), 1.0, Benign),
        ((1, 4, 3, 3), 4.7, Benign),
        ((1, 5, 3, 3), 4.8, Suspicious),
        ((2, 3, 3, 2), 5.4, Suspicious),
        ((2, 4, 3, 2), 5.5, HighlySuspicious),
        ((2, 8, 6, 5), 8.9, HighlySuspicious),
    ] {
        let found = abcd(a, b, c, d);
        assert!((found.score - score).abs() < 1e-12, "{found:?}");
        assert_eq!(found.verdict, Some(verdict), "{found:?}");
    }
}

#[test]
fn the_abcd_rule_has_the_810_combinations_of_tas_2019() {
    // Tas, J Skin Stem Cell 2019;6(2):e102138: "a total of 810 quartets of ABCD".
    let mut quartets = 0;
    for a in 0..=2 {
        for b in 0..=8 {
            for c in 1..=6 {
                for d in 1..=5 {
                    let found = abcd(a, b, c, d);
                    let formula =
                        1.3 * f64::from(a) + 0.1 * f64::from(b) + 0.5 * f64::from(c) + 0.5 * f64::from(d);
                    assert!((found.score - formula).abs() < 1e-9);
                    let expected = match formula {
                        score if score < 4.75 => ChecklistVerdict::Benign,
                        score if score <= 5.45 => ChecklistVerdict::Suspicious,
                        _ => ChecklistVerdict::HighlySuspicious,
                    };
                    assert_eq!(found.verdict, Some(expected), "{a} {b} {c} {d}");
                    quartets += 1;
                }
            }
        }
    }
    assert_eq!(quartets, 810);
}

#[test]
fn the_seven_point_lists_turn_at_three() {
    use ChecklistVerdict::{Melanoma, NoReferral, NotMelanoma, Refer};
    let seven = |yes: &[&str]| ticked(ChecklistKind::SevenPoint, yes);
    assert_eq!((seven(&[]).score, seven(&[]).max), (0.0, 10.0));
    assert_eq!(seven(&["veil"]).verdict, Some(NotMelanoma));
    assert_eq!(seven(&["dots", "streaks"]).verdict, Some(NotMelanoma));
    assert_eq!(seven(&["veil", "dots"]).verdict, Some(Melanoma));
    assert_eq!(seven(&["dots", "streaks", "regression"]).verdict, Some(Melanoma));
    let nice = |yes: &[&str]| ticked(ChecklistKind::WeightedSevenPoint, yes);
    assert_eq!(nice(&["size_change"]).verdict, Some(NoReferral));
    assert_eq!(nice(&["size_change", "oozing"]).verdict, Some(Refer));
    assert_eq!(nice(&["diameter", "oozing"]).verdict, Some(NoReferral));
    assert_eq!(nice(&["diameter", "oozing", "sensation"]).verdict, Some(Refer));
    assert_eq!(nice(&["size_change", "shape"]).score, 4.0);
}

#[test]
fn menzies_asks_for_no_negative_and_one_positive_feature() {
    use ChecklistVerdict::{Melanoma, NotMelanoma};
    let menzies = |yes: &[&str]| ticked(ChecklistKind::Menzies, yes);
    assert_eq!(menzies(&[]).verdict, Some(NotMelanoma));
    assert_eq!(menzies(&["symmetry", "pseudopods"]).verdict, Some(NotMelanoma));
    assert_eq!(menzies(&["single_colour", "blue_white_veil"]).verdict, Some(NotMelanoma));
    let positive: Vec<&str> = ChecklistKind::Menzies
        .list()
        .items
        .iter()
        .filter(|item| item.group == ItemGroup::Positive)
        .map(|item| item.code)
        .collect();
    assert_eq!(positive.len(), 9);
    for code in positive {
        assert_eq!(menzies(&[code]).verdict, Some(Melanoma), "{code}");
    }
}

#[test]
fn any_sign_of_the_abcde_is_a_sign() {
    assert_eq!(ticked(ChecklistKind::Abcde, &[]).verdict, Some(ChecklistVerdict::NoWarningSign));
    assert_eq!(ticked(ChecklistKind::Abcde, &["evolving"]).verdict, Some(ChecklistVerdict::WarningSigns));
}

#[test]
fn a_list_with_a_gap_has_a_sum_and_no_verdict() {
    let found = ChecklistKind::SevenPoint.judge(&answers(&[("veil", 1), ("network", 1)])).unwrap();
    assert_eq!((found.score, found.verdict), (4.0, None));
    assert_eq!(found.missing, ["vessels", "streaks", "dots", "blotches", "regression"]);
}

#[test]
fn what_is_no_item_or_no_value_of_it_is_refused() {
    let fields = |kind: ChecklistKind, given: &[(&str, u8)]| -> Vec<String> {
        kind.judge(&answers(given)).unwrap_err().into_iter().map(|p| p.field).collect()
    };
    assert_eq!(fields(ChecklistKind::Abcd, &[("colours", 0), ("structures", 6)]), ["colours", "structures"]);
    assert_eq!(fields(ChecklistKind::Menzies, &[("veil", 1)]), ["veil"]);
    assert_eq!(fields(ChecklistKind::Abcde, &[("evolving", 2)]), ["evolving"]);
}

#[test]
fn every_list_has_a_source_with_its_year_and_items_of_their_own() {
    for kind in ChecklistKind::ALL {
        let list = kind.list();
        assert_eq!(list.kind, kind);
        let codes: BTreeSet<&str> = list.items.iter().map(|item| item.code).collect();
        assert_eq!(codes.len(), list.items.len(), "{kind:?}");
        assert!(!list.sources.is_empty());
        for source in list.sources {
            assert!(source.citation.contains(&source.year.to_string()), "{}", source.citation);
        }
    }
}

fn some_kind() -> impl Strategy<Value = ChecklistKind> {
    prop::sample::select(ChecklistKind::ALL.to_vec())
}

/// Whether a verdict speaks for doing more than watching.
fn alarms(verdict: ChecklistVerdict) -> bool {
    use ChecklistVerdict::{Benign, NoReferral, NoWarningSign, NotMelanoma};
    !matches!(verdict, Benign | NotMelanoma | NoReferral | NoWarningSign)
}

proptest! {
    /// A tick more never lowers a sum, nor takes an alarm away, except where a list counts features that
    /// speak against melanoma.
    #[test]
    fn sums_only_grow(kind in some_kind(), seed in prop::collection::vec(any::<u8>(), 11), at in 0_usize..11) {
        let items = kind.list().items;
        let value = |item: &ChecklistItem, byte: u8| item.low + byte % (item.high - item.low + 1);
        let given: Answers =
            items.iter().zip(&seed).map(|(item, byte)| (item.code.to_owned(), value(item, *byte))).collect();
        let before = kind.judge(&given).unwrap();
        prop_assert!(before.score <= before.max && before.is_complete());
        let item = &items[at % items.len()];
        if given[item.code] < item.high && item.group != ItemGroup::Negative {
            let mut more = given.clone();
            more.insert(item.code.to_owned(), given[item.code] + 1);
            let after = kind.judge(&more).unwrap();
            prop_assert!((after.score - before.score - f64::from(item.weight_tenths) / 10.0).abs() < 1e-9);
            let (was, is) = (before.verdict.unwrap(), after.verdict.unwrap());
            prop_assert!(alarms(is) >= alarms(was));
        }
        let mut fewer = given.clone();
        fewer.remove(item.code);
        let gap = kind.judge(&fewer).unwrap();
        prop_assert_eq!(gap.verdict, None);
        prop_assert_eq!(gap.missing, vec![item.code.to_owned()]);
    }
}

fn outlined(compactness: f64, roundness: f64, touches_frame: bool) -> Measures {
    let lengths = crate::measure::Size {
        area_px: 10_000,
        area_mm2: None,
        equivalent_diameter_px: 113.0,
        equivalent_diameter_mm: None,
        feret_px: 120.0,
        feret_mm: None,
        min_feret_px: 100.0,
        min_feret_mm: None,
        perimeter_px: 355.0,
        perimeter_mm: None,
    };
    Measures {
        mm_per_px: None,
        spread: None,
        touches_frame,
        size: lengths,
        shape: crate::measure::Shape { compactness, solidity: 0.95, convexity: 0.95, roundness },
        asymmetry: None,
        border: None,
        colours: None,
        texture: None,
    }
}

#[test]
fn a_ragged_outline_is_proposed_for_the_border_and_a_long_smooth_one_is_not() {
    let border = |measures: &Measures| {
        let found =
            proposals(measures).into_iter().find(|p| p.kind == ChecklistKind::Abcde && p.item == "border");
        found.map(|p| p.value)
    };
    assert_eq!(border(&outlined(1.0, 1.0, false)), Some(0));
    // An ellipse of 3 to 1 has the compactness 1.508 and is smooth all the same.
    assert_eq!(border(&outlined(1.508, 1.0 / 3.0, false)), Some(0));
    assert_eq!(border(&outlined(1.508, 1.0, false)), Some(1));
    assert_eq!(border(&outlined(1.20, 1.0, false)), Some(0));
    assert_eq!(border(&outlined(1.22, 1.0, false)), Some(1));
    assert_eq!(border(&outlined(2.0, 1.0, true)), None, "at the frame the border says nothing");
    assert_eq!(border(&outlined(f64::NAN, 1.0, false)), None);
}
