//! Letters of referral, and checklists in the report.

use documents::{DocumentError, LetterContent, Paper, render_letter, render_report};
use domain::checklist::{Answers, ChecklistKind, PrintedChecklist};
use domain::patient::Sex;
use domain::report::Letterhead;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::fixtures::typical;
use crate::poppler::{Specimen, squeezed};

fn letter() -> LetterContent {
    LetterContent {
        letterhead: Letterhead {
            clinic_name: "Seeblick Dermatology".into(),
            lines: vec!["Lake Road 4".into(), "Tel. 030 1234".into()],
        },
        written_at: "2026-11-20T13:58:07Z".parse().unwrap(),
        recipient: "Dr Brandt\nHarbour Clinic".into(),
        urgent: true,
        patient_number: "P-000123".into(),
        patient_name: "Brigitte Lindenhoff".into(),
        date_of_birth: date(1961, 4, 23),
        age: 65,
        sex: Sex::Female,
        lesion: "L1 (Back, left)".into(),
        impression: "Melanoma".into(),
        findings: "Atypical network, blue-whitish veil, 9 mm.".into(),
        question: "Excision with margins?".into(),
        author: "Dr Ada Okonkwo".into(),
        logo: None,
    }
}

fn rendered(content: &LetterContent) -> Result<Vec<u8>, DocumentError> {
    render_letter(content, Paper::A4, &TimeZone::UTC)
}

#[test]
fn a_letter_has_everything_it_needs_on_one_page() {
    let bytes = rendered(&letter()).unwrap();
    assert_eq!(bytes, rendered(&letter()).unwrap(), "the same content gives the same bytes");
    let Some(specimen) = Specimen::keep("letter", &bytes) else { return };
    let pages = specimen.pages();
    assert_eq!(pages.len(), 1);
    let page = squeezed(&pages[0]);
    for said in [
        "Seeblick Dermatology",
        "Lake Road 4",
        "20 Nov 2026",
        "Harbour Clinic",
        "Urgent",
        "Brigitte Lindenhoff",
        "23 Apr 1961 (65 years)",
        "P-000123",
        "L1 (Back, left)",
        "Clinical impression: Melanoma",
        "blue-whitish veil",
        "Excision with margins?",
        "Dr Ada Okonkwo",
        "not a diagnosis",
    ] {
        assert!(page.contains(said), "{said:?} is missing:\n{page}");
    }
}

#[test]
fn a_letter_carries_the_logo_beside_the_name() {
    let logo = crate::fixtures::typical().images[0].photograph.clone();
    let with = LetterContent { logo: Some(logo), ..letter() };
    let bytes = rendered(&with).unwrap();
    assert_eq!(bytes, rendered(&with).unwrap(), "the same content gives the same bytes");
    let pictures = |pdf: &[u8]| {
        let document = lopdf::Document::load_mem(pdf).unwrap();
        let is_picture = |object: &lopdf::Object| {
            let stream = object.as_stream().ok()?;
            (stream.dict.get(b"Subtype").ok()?.as_name().ok()? == b"Image").then_some(())
        };
        document.objects.values().filter_map(is_picture).count()
    };
    assert_eq!((pictures(&bytes), pictures(&rendered(&letter()).unwrap())), (1, 0));
    let unreadable = LetterContent { logo: Some(b"GIF89a".to_vec()), ..letter() };
    assert!(matches!(rendered(&unreadable), Err(DocumentError::LogoUnreadable)));
    let Some(specimen) = Specimen::keep("letter-logo", &bytes) else { return };
    let page = squeezed(&specimen.pages()[0]);
    assert!(page.contains("Seeblick Dermatology") && page.contains("Dr Ada Okonkwo"), "{page}");
}

#[test]
fn a_long_letter_runs_on_and_every_page_says_whose_it_is() {
    let long = LetterContent {
        recipient: ["Department of Dermatology"; 6].join("\n"),
        findings: ["Blue-whitish veil in the upper third, not seen in spring."; 60].join("\n"),
        question: "melanoma ".repeat(55),
        ..letter()
    };
    let Some(specimen) = Specimen::keep("letter-long", &rendered(&long).unwrap()) else { return };
    let pages = specimen.pages();
    assert_eq!(pages.len(), 2);
    for (page, number) in pages.iter().zip(["Page 1 of 2", "Page 2 of 2"]) {
        assert!(page.contains("P-000123") && page.contains(number), "{page}");
    }
    assert_eq!(pages.concat().matches("not seen in spring").count(), 60, "no line is lost");
}

#[test]
fn a_report_prints_the_lists_that_were_filled_in() {
    let filled = |kind: ChecklistKind, given: &[(&str, u8)]| {
        let answers: Answers = given.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect();
        let result = kind.judge(&answers).unwrap();
        let filled_at = "2026-11-20T13:59:00Z".parse().unwrap();
        PrintedChecklist { kind, answers, result, author: "Dr Ada Okonkwo".into(), filled_at }
    };
    let mut content = typical();
    let whole = [("asymmetry", 2), ("border", 4), ("colours", 3), ("structures", 2)];
    content.checklists = vec![
        filled(ChecklistKind::Abcd, &whole),
        filled(ChecklistKind::SevenPoint, &[("veil", 1), ("dots", 0)]),
    ];
    let bytes = render_report(&content, Paper::A4).unwrap();
    let Some(specimen) = Specimen::keep("report-checklists", &bytes) else { return };
    let text = squeezed(&specimen.text());
    for said in [
        "ABCD rule of dermoscopy",
        "5.5 points",
        "Highly suspicious of melanoma",
        "Axes of asymmetry 2",
        "Stolz W et al.",
        "Seven-point checklist of dermoscopy",
        "not complete, so no verdict",
        "Found: Blue-whitish veil",
        "Not answered: Atypical pigment network",
    ] {
        assert!(text.contains(said), "{said:?} is missing:\n{text}");
    }
    let bare = Specimen::keep("report-bare", &render_report(&typical(), Paper::A4).unwrap());
    assert!(bare.is_none_or(|bare| !bare.text().contains("Checklists")));
}
