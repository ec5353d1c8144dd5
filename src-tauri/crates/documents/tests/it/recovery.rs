use documents::{DocumentError, Paper, RecoverySheetContent, render_recovery_sheet};
use jiff::civil::date;

use crate::poppler::Specimen;

const GROUPS: [&str; 14] = [
    "7K2M", "QX4D", "0Z9H", "R8WT", "VN3C", "5J6P", "B1GY", "XA7E", "K9Q2", "M4TD", "H0R6", "WP3N", "C8JV",
    "Y5SB",
];

fn content() -> RecoverySheetContent {
    RecoverySheetContent {
        clinic_name: "Harbour Street Dermatology".to_owned(),
        created_on: date(2026, 11, 20),
        groups: GROUPS.iter().map(|group| (*group).to_owned()).collect(),
        instructions: Vec::new(),
    }
}

#[test]
fn the_sheet_is_one_page_with_every_group_in_order() {
    for paper in [Paper::A4, Paper::Letter] {
        let bytes = render_recovery_sheet(&content(), paper).unwrap();
        let name = format!("recovery-{paper:?}");
        let Some(specimen) = Specimen::keep(&name, &bytes) else {
            return;
        };
        assert_eq!(specimen.pages().len(), 1);
        let text = specimen.text();
        let mut from = text.find("Recovery code").unwrap();
        for (index, group) in GROUPS.iter().enumerate() {
            let numbered = format!("{} {group}", index + 1);
            from += text[from..].find(&numbered).unwrap_or_else(|| panic!("{numbered}:\n{text}"));
        }
        for said in [
            "Harbour Street Dermatology",
            "Created 20 Nov 2026",
            "where it is kept decides who can open the clinic",
            "never beside it",
            "2. Type the groups in their numbered order.",
            "Kept at",
        ] {
            assert!(text.contains(said), "lacks {said:?}:\n{text}");
        }
        assert!(specimen.fonts().iter().any(|font| font.contains("+JetBrainsMono-Regular")));
    }
}

#[test]
fn own_instructions_replace_the_usual_ones() {
    let own = RecoverySheetContent { instructions: vec!["Call the practice owner.".to_owned()], ..content() };
    let bytes = render_recovery_sheet(&own, Paper::A4).unwrap();
    let Some(specimen) = Specimen::keep("recovery-own", &bytes) else {
        return;
    };
    let text = specimen.text();
    assert!(text.contains("1. Call the practice owner."));
    assert!(!text.contains("Type the groups"));
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let first = render_recovery_sheet(&content(), Paper::A4).unwrap();
    assert_eq!(first, render_recovery_sheet(&content(), Paper::A4).unwrap());
}

#[test]
fn a_code_too_long_for_a_page_is_refused() {
    let long = RecoverySheetContent { groups: vec!["ABCD".to_owned(); 200], ..content() };
    let error = render_recovery_sheet(&long, Paper::A4).unwrap_err();
    assert!(matches!(error, DocumentError::TooLong));
    let wide = RecoverySheetContent { groups: vec!["ABCDEFGH".repeat(12)], ..content() };
    render_recovery_sheet(&wide, Paper::A4).unwrap();
}

#[test]
fn the_code_stays_out_of_debug_output() {
    let shown = format!("{:?}", content());
    assert!(shown.contains("14 redacted") && !shown.contains("7K2M"), "{shown}");
}
