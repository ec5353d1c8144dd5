//! Pages as they look, against pictures of them that somebody looked at.
//!
//! The pictures in `tests/golden` are made by this test with `LENTIGO_GOLDEN=write`; look at them before they
//! are kept. Versions of poppler smooth their letters differently, so pages are compared by structure
//! (SSIM over windows of 8 × 8) and not by bytes.

use std::path::PathBuf;

use documents::{Paper, render_report};
use domain::report::{EditionKind, PrintedSignatures, ReportContent, ReportEdition, SignatureMeaning};
use image::GrayImage;
use image_compare::{Algorithm, gray_similarity_structure};

use crate::comparison::grown;
use crate::fixtures::{image, large, typical};
use crate::poppler::Specimen;

const DOTS: u32 = 50;
/// Mean similarity of a page, 1 at most.
const ALIKE: f64 = 0.97;
/// A place whose similarity is below this, of 255, shows something else.
const OTHER: u8 = 128;
const MOST_OTHER: f64 = 0.004;

/// What keeps a page from passing for its picture.
fn difference(page: &GrayImage, golden: &GrayImage) -> Option<String> {
    if page.dimensions() != golden.dimensions() {
        return Some(format!("{:?} in place of {:?} pixels", page.dimensions(), golden.dimensions()));
    }
    let found = gray_similarity_structure(&Algorithm::MSSIMSimple, page, golden).unwrap();
    let windows = found.image.to_color_map().into_luma8();
    let others = windows.pixels().filter(|window| window.0[0] < OTHER).count();
    let other = others as f64 / f64::from(windows.width() * windows.height());
    (found.score < ALIKE || other > MOST_OTHER).then(|| {
        format!("similarity {:.4}, {:.2} % of the page shows something else", found.score, other * 100.0)
    })
}

fn golden(name: &str, page: usize) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}-{page}.png"))
}

fn assert_looks_as_kept(name: &str, content: &ReportContent, paper: Paper) {
    let Some(specimen) = Specimen::keep(&format!("golden-{name}"), &render_report(content, paper).unwrap())
    else {
        return;
    };
    let pages = specimen.rasters(DOTS);
    for (index, page) in pages.iter().enumerate() {
        let file = golden(name, index + 1);
        if std::env::var_os("LENTIGO_GOLDEN").is_some_and(|wish| wish == "write") {
            page.save(&file).unwrap();
        }
        let kept =
            image::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())).into_luma8();
        assert_eq!(difference(page, &kept), None, "page {} of {name}", index + 1);
    }
    assert!(!golden(name, pages.len() + 1).exists(), "{name} has fewer pages than it had");
}

fn signed(content: ReportContent) -> ReportContent {
    let edition = |edition, kind, text: &str| ReportEdition {
        edition,
        kind,
        text: text.to_owned(),
        meaning: SignatureMeaning::Author,
        signer_name: "Dr Ines Vidal".to_owned(),
        signed_at: "2026-11-20T15:00:00Z".parse().unwrap(),
        key_id: "a1b2c3d4e5f60718".to_owned(),
    };
    let editions = vec![
        edition(1, EditionKind::Signed, ""),
        edition(2, EditionKind::Addendum, "Histology: dysplastic naevus, completely excised."),
    ];
    let signatures =
        PrintedSignatures { editions, code: "LENTIGO1:R-2026-00012:2:Zm9yIHRoZSBsYXlvdXQ".to_owned() };
    ReportContent { signatures: Some(signatures), ..content }
}

#[test]
fn a_draft_looks_as_it_did() {
    assert_looks_as_kept("draft", &large(), Paper::A4);
}

#[test]
fn a_signed_report_with_a_comparison_looks_as_it_did() {
    let content = ReportContent { comparisons: vec![grown()], ..typical() };
    assert_looks_as_kept("signed", &signed(content), Paper::A4);
}

#[test]
fn three_photographs_on_letter_paper_look_as_they_did() {
    let mut content = typical();
    content.images.push(image("clinical, 20 Nov 2026", vec![]));
    content.images.push(image("overview, 20 Nov 2026", vec![]));
    assert_looks_as_kept("three", &content, Paper::Letter);
}

#[test]
fn a_lost_line_and_a_moved_block_are_seen() {
    let Some(specimen) = Specimen::keep("golden-control", &render_report(&typical(), Paper::A4).unwrap())
    else {
        return;
    };
    let pages = specimen.rasters(DOTS);
    let page = &pages[0];
    assert_eq!(difference(page, page), None);
    let lost =
        render_report(&ReportContent { conclusion: "Other words.".to_owned(), ..typical() }, Paper::A4);
    let lost = Specimen::keep("golden-control-lost", &lost.unwrap()).unwrap().rasters(DOTS);
    let differ = pages.iter().zip(&lost).any(|(before, after)| difference(after, before).is_some());
    assert!(differ || pages.len() != lost.len(), "a conclusion is gone");
    let mut moved = page.clone();
    image::imageops::replace(&mut moved, page, 0, 3);
    assert!(difference(&moved, page).is_some(), "all stands lower by 1.5 mm");
}
