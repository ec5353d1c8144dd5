use documents::{Paper, SubjectSummary, SummaryLine, SummarySection, render_subject_summary};
use jiff::Timestamp;

use crate::poppler::Specimen;

fn summary(log: usize) -> SubjectSummary {
    let line = |left: &str, right: &str| SummaryLine { left: left.into(), right: right.into() };
    let opened = |n: usize| line("5 Mar 2026, 10:30", &format!("Dr Ada Okonkwo read the record, look {n}"));
    SubjectSummary {
        clinic_name: "Seeblick Dermatology".into(),
        patient_number: "P-000123".into(),
        patient_name: "Brigitte Lindenhoff".into(),
        issued_at: Timestamp::UNIX_EPOCH,
        issued: "Made on 5 March 2026, 10:30".into(),
        sections: vec![
            SummarySection {
                title: "Person".into(),
                lines: vec![
                    line("Address", "Uferweg 3\n78464 Konstanz"),
                    line("Medical history", &"Penicillin allergy since childhood. ".repeat(60)),
                ],
            },
            SummarySection { title: "Recalls".into(), lines: vec![] },
            SummarySection { title: "Access log".into(), lines: (0..log).map(opened).collect() },
        ],
    }
}

#[test]
fn a_summary_says_everything_over_its_pages_and_the_same_twice() {
    for paper in [Paper::A4, Paper::Letter] {
        let bytes = render_subject_summary(&summary(300), paper).unwrap();
        assert!(bytes == render_subject_summary(&summary(300), paper).unwrap());
        let Some(specimen) = Specimen::keep(&format!("subject-{paper:?}"), &bytes) else { return };
        let pages = specimen.pages();
        assert!((6..12).contains(&pages.len()), "{}", pages.len());
        for (index, page) in pages.iter().enumerate() {
            assert!(page.contains(&format!("Page {} of {}", index + 1, pages.len())), "{page}");
            assert!(page.contains("P-000123"));
        }
        let text = specimen.text();
        for said in ["Brigitte Lindenhoff", "78464 Konstanz", "Nothing on record.", "look 0", "look 299"] {
            assert!(text.contains(said), "{said}");
        }
    }
}
