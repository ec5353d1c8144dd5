use documents::{InsightContent, InsightRow, InsightTable, Paper, render_insight};
use domain::report::Letterhead;
use jiff::Timestamp;

use crate::poppler::Specimen;

fn content(weeks: usize) -> InsightContent {
    let row = |week: usize| InsightRow {
        cells: vec![format!("Week {week}"), (week * 3).to_string(), week.to_string(), (week * 4).to_string()],
        bar: Some(week as f32 / weeks.max(1) as f32),
    };
    InsightContent {
        letterhead: Letterhead {
            clinic_name: "Seeblick Dermatology".into(),
            lines: vec!["Uferweg 3".into(), "78464 Konstanz".into()],
        },
        title: "Readings by band".into(),
        lead: "by week, 5 Jan 2026 – 29 Nov 2026".into(),
        made_at: Timestamp::UNIX_EPOCH,
        made: "5 March 2026, 10:30".into(),
        tables: vec![
            InsightTable {
                title: "Readings".into(),
                columns: ["Days", "Benign", "A title that is longer than its column", "Together"]
                    .map(str::to_owned)
                    .into(),
                rows: (0..weeks).map(row).collect(),
            },
            InsightTable { title: "Nothing at all".into(), columns: vec!["Days".into()], rows: vec![] },
        ],
    }
}

#[test]
fn tables_run_over_pages_and_are_the_same_twice() {
    for (paper, weeks) in [(Paper::A4, 200), (Paper::Letter, 1)] {
        let bytes = render_insight(&content(weeks), paper).unwrap();
        assert!(bytes == render_insight(&content(weeks), paper).unwrap());
        let Some(specimen) = Specimen::keep(&format!("insight-{paper:?}"), &bytes) else { return };
        let pages = specimen.pages();
        assert_eq!(pages.len() > 1, weeks > 60);
        for (index, page) in pages.iter().enumerate() {
            assert!(page.contains(&format!("Page {} of {}", index + 1, pages.len())), "{page}");
        }
        let text = specimen.text();
        for said in
            ["Seeblick Dermatology", "Uferweg 3", "Readings by band", "Together", "Week 0", "Nothing at all"]
        {
            assert!(text.contains(said), "{said}");
        }
        let last = weeks - 1;
        assert!(text.contains(&format!("Week {last} {} {last} {}", last * 3, last * 4)), "{text}");
    }
}

#[test]
fn a_bar_is_as_long_as_its_share() {
    let bytes = render_insight(&content(3), Paper::A4).unwrap();
    let Some(specimen) = Specimen::keep("insight-bars", &bytes) else { return };
    let page = &specimen.rasters(72)[0];
    // The accent of the bars is dark; the longest run of it in a line is the bar or the rule under the name.
    let longest = |y: u32| {
        let (mut run, mut most) = (0, 0);
        for x in 400..page.width() {
            run = if page.get_pixel(x, y).0[0] < 100 { run + 1 } else { 0 };
            most = most.max(run);
        }
        most
    };
    let runs: Vec<u32> = (110..page.height()).map(longest).filter(|run| *run > 20).collect();
    assert!(runs.iter().any(|run| (30..45).contains(run)), "a third: {runs:?}");
    assert!(runs.iter().any(|run| (66..82).contains(run)), "two thirds: {runs:?}");
}
