//! Reports with signatures, addenda and a logo, and the seal of their file.

use documents::seal::{self, Seal};
use documents::{DocumentError, Paper, prepare_logo, render_report};
use domain::report::{EditionKind, PrintedSignatures, ReportContent, ReportEdition, SignatureMeaning};
use image::ImageFormat;

use crate::fixtures::{encoded, large, typical};
use crate::poppler::{Specimen, squeezed};

fn edition(number: u32, kind: EditionKind, text: &str) -> ReportEdition {
    ReportEdition {
        edition: number,
        kind,
        text: text.to_owned(),
        meaning: SignatureMeaning::Review,
        signer_name: "Dr Ines Vidal".to_owned(),
        signed_at: "2026-11-20T15:10:00Z".parse().unwrap(),
        key_id: "1a2b3c4d5e6f7081".to_owned(),
    }
}

fn signed(mut content: ReportContent, editions: Vec<ReportEdition>) -> ReportContent {
    content.signatures = Some(PrintedSignatures { editions, code: format!("LENTIGO1:{}", "A2".repeat(100)) });
    content
}

#[test]
fn a_signed_report_names_its_signatures_and_is_no_draft() {
    let content = signed(large(), vec![edition(1, EditionKind::Signed, "")]);
    let bytes = render_report(&content, Paper::A4).unwrap();
    assert!(bytes.len() < 1_500_000, "{} bytes", bytes.len());
    let Some(specimen) = Specimen::keep("report-signed", &bytes) else { return };
    let text = specimen.text();
    for said in [
        "Signatures",
        "Dr Ines Vidal",
        "Report · Reviewed and approved · 20 Nov 2026, 15:10 UTC",
        "Key 1a2b 3c4d 5e6f 7081",
        "Code for verification",
    ] {
        assert!(text.contains(said), "lacks {said:?}:\n{text}");
    }
    assert!(!text.contains("DRAFT"));
    for page in specimen.pages() {
        assert!(squeezed(&page).contains("SIGNED, EDITION 1"));
    }
}

#[test]
fn many_signatures_go_on_over_pages() {
    let more = (2..=40).map(|number| edition(number, EditionKind::Addendum, "Seen again."));
    let editions = std::iter::once(edition(1, EditionKind::Signed, "")).chain(more).collect();
    let content = signed(typical(), editions);
    let Some(specimen) = Specimen::keep("report-many-signed", &render_report(&content, Paper::A4).unwrap())
    else {
        return;
    };
    let said = |page: &String| squeezed(page).matches("Reviewed and approved").count();
    let pages: Vec<usize> = specimen.pages().iter().map(said).collect();
    assert_eq!(pages.iter().sum::<usize>(), 40, "{pages:?}");
    assert!(pages.iter().filter(|&&count| count > 0).count() > 1, "{pages:?}");
    assert!(specimen.text().contains("Code for verification"));
}

#[test]
fn addenda_and_withdrawal_stand_between_conclusion_and_model() {
    let addendum = "Histology of 4 December: dysplastic naevus, margins clear. ".repeat(40);
    let editions = vec![
        edition(1, EditionKind::Signed, ""),
        edition(2, EditionKind::Addendum, &addendum),
        edition(3, EditionKind::Withdrawn, "Photographs of another patient."),
    ];
    let content = signed(typical(), editions);
    let Some(specimen) = Specimen::keep("report-withdrawn", &render_report(&content, Paper::Letter).unwrap())
    else {
        return;
    };
    let text = squeezed(&specimen.text());
    let place = |said: &str| text.find(said).unwrap_or_else(|| panic!("lacks {said:?}"));
    let order = [
        place("Clinician's conclusion"),
        place("Addendum 1"),
        place("This report is withdrawn"),
        place("Photographs of another patient."),
        place("SHA-256"),
        place("Signatures"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(text.matches("dysplastic naevus").count(), 40, "nothing of a long addendum is lost");
    for page in specimen.pages() {
        assert!(squeezed(&page).contains("WITHDRAWN"));
    }
}

#[test]
fn only_a_signed_report_has_a_place_for_a_seal_and_the_same_content_the_same_bytes() {
    let draft = render_report(&typical(), Paper::A4).unwrap();
    assert_eq!((seal::digest(&draft), seal::read(&draft)), (None, Seal::None));
    let content = signed(typical(), vec![edition(1, EditionKind::Signed, "")]);
    let bytes = render_report(&content, Paper::A4).unwrap();
    assert_eq!(bytes, render_report(&content, Paper::A4).unwrap());
    let digest = seal::digest(&bytes).unwrap();
    let sealed = seal::affix(bytes, b"c2VhbA").unwrap();
    assert_eq!(seal::read(&sealed), Seal::Found { content: b"c2VhbA".to_vec(), digest });
    let Some(specimen) = Specimen::keep("report-sealed", &sealed) else { return };
    assert!(specimen.text().contains("Skin lesion report"), "a sealed file still opens");
}

#[test]
fn a_logo_stands_beside_the_clinic_and_not_over_it() {
    let mut content = typical();
    content.letterhead.clinic_name =
        "Practice for Dermatology, Phlebology and Allergology of the Harbour Quarter".into();
    content.logo = Some(prepare_logo(&encoded(1800, 500, false, ImageFormat::Png)).unwrap());
    let bytes = render_report(&content, Paper::A4).unwrap();
    let Some(specimen) = Specimen::keep("report-logo", &bytes) else { return };
    assert!(squeezed(&specimen.text()).contains("Harbour Quarter"));
    content.logo = Some(b"GIF89a".to_vec());
    assert!(matches!(render_report(&content, Paper::A4), Err(DocumentError::LogoUnreadable)));
    assert!(matches!(prepare_logo(b"GIF89a"), Err(DocumentError::LogoUnreadable)));
}

#[test]
fn a_logo_of_forty_megapixels_becomes_a_small_one() {
    let picture = image::DynamicImage::new_rgb8(8000, 5000);
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let kept = prepare_logo(&bytes.into_inner()).unwrap();
    let small = image::load_from_memory(&kept).unwrap();
    assert!(small.width() <= 625 && kept.len() < 100_000, "{} × {}", small.width(), small.height());
}

#[test]
fn thirty_photographs_and_a_code_that_is_too_long() {
    let mut content = signed(typical(), vec![edition(1, EditionKind::Signed, "")]);
    let image = content.images[0].clone();
    content.images = vec![image; 30];
    let Some(specimen) = Specimen::keep("report-thirty", &render_report(&content, Paper::A4).unwrap()) else {
        return;
    };
    assert_eq!(squeezed(&specimen.text()).matches("Model attention (Grad-CAM)").count(), 30);
    if let Some(signatures) = &mut content.signatures {
        signatures.code = "A".repeat(8_000);
    }
    assert!(matches!(render_report(&content, Paper::A4), Err(DocumentError::TooLong)));
}
