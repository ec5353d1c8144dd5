//! What a signed report proves: by its file, by the code on its paper, by the records, in a share pack.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clinic::report::{KnownKeys, verify_with};
use clinic::views::*;
use clinic::{Error, ErrorCode, Session, keys, letterhead, report};
use domain::report::{ReportRecord, ReportState};
use domain::{FixedClock, Role};
use jiff::SignedDuration;
use support::{EMAIL, PASSWORD, World};
use vault::{KdfPolicy, Vault};

use crate::decisions::{code_of, examined};
use crate::people::{NURSE, joins};
use crate::reports::{amends, drafts, reads, saved, signs, text_of};

const PASSPHRASE: &str = "marble foxes under the bridge";

fn signed(world: &World) -> ReportRecord {
    let draft = drafts(world, &examined(world));
    signs(&world.session, &draft).report
}

fn kept(world: &World, name: &str, bytes: &[u8]) -> PathBuf {
    let path = world.folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn verdict(world: &World, pdf: &[u8]) -> ReportVerdict {
    report::verify(&world.session, &kept(world, "checked.pdf", pdf)).unwrap()
}

/// The first square code on any page, as a camera sees it.
fn scanned(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut tool = Command::new("pdftoppm");
    tool.args(["-gray", "-r", "200"]).arg(&file).arg(folder.path().join("page"));
    assert!(tool.status().unwrap().success());
    let mut pages: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "pgm"));
    pages.sort();
    pages.iter().find_map(|page| code_in(page)).expect("a code on some page")
}

fn code_in(page: &Path) -> Option<String> {
    let bytes = std::fs::read(page).unwrap();
    // P5, width and height, 255, each on a line of its own.
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let (_, size, _, pixels) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    let size = std::str::from_utf8(size).ok()?;
    let (width, height) = size.split_once(' ')?;
    let (width, height): (usize, usize) = (width.parse().ok()?, height.parse().ok()?);
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    picture.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[test]
fn a_genuine_report_is_told_from_an_altered_and_a_foreign_one() {
    let world = World::founded();
    let record = signed(&world);
    let pdf = saved(&world.session, &record).unwrap();
    let genuine = verdict(&world, &pdf);
    assert_eq!(genuine.verdict, Verdict::Genuine);
    let claim = genuine.claim.unwrap();
    assert_eq!((claim.number.as_str(), claim.edition), (record.number.as_str(), 1));
    assert_eq!(genuine.now.unwrap().state, ReportState::Signed);

    for at in (0..pdf.len()).step_by(pdf.len() / 97) {
        let mut bent = pdf.clone();
        bent[at] ^= 0x10;
        assert_ne!(verdict(&world, &bent).verdict, Verdict::Genuine, "byte {at}");
    }
    let longer = [pdf.as_slice(), b"\n1 0 obj << >> endobj"].concat();
    assert_eq!(verdict(&world, &longer).verdict, Verdict::Altered);

    let elsewhere = World::founded();
    signed(&elsewhere);
    let foreign = verdict(&elsewhere, &pdf);
    assert_eq!((foreign.verdict, foreign.now), (Verdict::Unknown, None));
    assert_eq!(verdict(&world, b"%PDF-1.4 a bill").verdict, Verdict::Unknown);

    // Others check with the key that the clinic hands out.
    let keys = KnownKeys::of_text(&report::key_text(&world.session).unwrap());
    assert_eq!(verify_with(&keys, &pdf).verdict, Verdict::Genuine);
    assert_eq!(verify_with(&KnownKeys::of_clinic(&world.clinic_folder()), &pdf).verdict, Verdict::Genuine);
    assert!(KnownKeys::of_clinic(&elsewhere.folder.path().join("nowhere")).is_empty());
}

#[test]
fn the_code_on_the_paper_says_where_the_report_stands_now() {
    let world = World::founded();
    let record = signed(&world);
    let code = scanned(&saved(&world.session, &record).unwrap());
    let check =
        |text: &str| report::verify_code(&world.session, &ReportCodeRequest { text: text.into() }).unwrap();
    let found = check(&code);
    assert_eq!(found.verdict, Verdict::Genuine);
    assert_eq!(found.claim.unwrap().number, record.number);
    amends(&world.session, &record, Amendment::Withdrawal, "Wrong patient.").unwrap();
    assert_eq!(check(&code).now.unwrap().state, ReportState::Withdrawn);
    let last = code.chars().last().unwrap();
    let other = if last == 'A' { 'I' } else { 'A' };
    let bent = format!("{}{other}", &code[..code.len() - 1]);
    assert_ne!(check(&bent).verdict, Verdict::Genuine);
    assert_eq!(check("P-000001").verdict, Verdict::Unknown);
    assert!(world.trail(&world.session, "report_verified").len() >= 2);
}

#[test]
fn a_signed_row_refuses_sql_and_one_that_was_forced_is_found() {
    let world = World::founded();
    let record = signed(&world);
    let pdf = saved(&world.session, &record).unwrap();
    let keys = Vault::unlock(&world.clinic_folder(), EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap();
    let connection = vault::open_database(&world.clinic_folder(), &keys).unwrap();
    for sql in [
        "UPDATE reports SET conclusion = 'Benign.'",
        "UPDATE reports SET state = 'draft'",
        "DELETE FROM reports",
        "UPDATE report_editions SET text = 'Benign.'",
        "DELETE FROM report_editions",
        "INSERT INTO report_editions SELECT report_id, 1, kind, text, meaning, signer, signer_name, signed_at,
             statement, key_id, signature, 'x', version, handout_key FROM report_editions",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    assert!(reads(&world.session, &record).intact);
    connection.execute_batch("DROP TRIGGER signed_reports_are_not_edited").unwrap();
    connection.execute("UPDATE reports SET conclusion = 'Benign.'", []).unwrap();
    assert!(!reads(&world.session, &record).intact);
    let refused = amends(&world.session, &record, Amendment::Addendum, "More");
    assert_eq!(code_of(refused), ErrorCode::ReportAltered);
    assert_eq!(saved(&world.session, &record).unwrap(), pdf, "what was handed out stays what it was");
}

#[test]
fn a_retired_key_proves_what_was_signed_before_and_nothing_after() {
    let clock = Arc::new(FixedClock::new("2026-03-05T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let record = signed(&world);
    let pdf = saved(&world.session, &record).unwrap();
    let code = scanned(&pdf);
    clock.advance(SignedDuration::from_mins(3));
    let again = PasswordAgainRequest { password: PASSWORD.into() };
    let (session, _) = keys::change(&world.session, &again).unwrap();
    let retired = "2026-03-05T08:03:00Z".parse().unwrap();
    let found = report::verify(&session, &kept(&world, "checked.pdf", &pdf)).unwrap();
    assert_eq!(found.verdict, Verdict::Genuine);
    assert_eq!(found.claim.unwrap().key_retired_at, Some(retired));
    let request = ReportCodeRequest { text: code };
    let found = report::verify_code(&session, &request).unwrap();
    assert_eq!((found.verdict, found.claim.unwrap().key_retired_at), (Verdict::Genuine, Some(retired)));
    // Others read the end of the key in the text that the clinic hands out.
    let text = report::key_text(&session).unwrap();
    let keys = KnownKeys::of_text(&text);
    assert_eq!(verify_with(&keys, &pdf).claim.unwrap().key_retired_at, Some(retired));
    let earlier = KnownKeys::of_text(&text.replace("T08:03:00Z", "T07:59:00Z"));
    assert_eq!(verify_with(&earlier, &pdf).verdict, Verdict::KeyRetired);
    let mut bent = pdf.clone();
    bent[100] ^= 0x10;
    assert_ne!(verify_with(&earlier, &bent).verdict, Verdict::Genuine);
    assert!(reads(&session, &record).intact);
}

#[test]
fn a_clock_that_was_set_back_does_not_unmake_what_the_old_key_signed() {
    let clock = Arc::new(FixedClock::new("2026-03-05T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let record = signed(&world);
    let pdf = saved(&world.session, &record).unwrap();
    clock.advance(SignedDuration::from_hours(-48));
    let again = PasswordAgainRequest { password: PASSWORD.into() };
    let (session, _) = keys::change(&world.session, &again).unwrap();
    let found = report::verify(&session, &kept(&world, "checked.pdf", &pdf)).unwrap();
    assert_eq!(found.verdict, Verdict::Genuine);
    let claim = found.claim.unwrap();
    assert!(claim.key_retired_at.unwrap() > claim.signed_at);
    assert!(reads(&session, &record).intact);
}

fn shares(session: &Session, ids: Vec<domain::ReportId>, to: &Path) -> Result<(), Error> {
    let request = ReportShareRequest {
        ids,
        passphrase: PASSPHRASE.into(),
        passphrase_repeat: PASSPHRASE.into(),
        days: 7,
    };
    report::write_share(session, &report::prepare_share(session, &request)?, to)
}

fn opens(session: &Session, passphrase: &str, path: &Path) -> Result<SharePackView, Error> {
    report::open_pack(session, &SharePackOpenRequest { passphrase: passphrase.into() }, path)
}

#[test]
fn a_share_pack_opens_with_its_passphrase_until_its_day() {
    let clock = Arc::new(FixedClock::new("2026-03-05T08:00:00Z".parse().unwrap()));
    let world = World::founded_at(&clock);
    let session = &world.session;
    let record = signed(&world);
    let path = world.folder.path().join("pack.age");
    let draft = drafts(&world, &examined(&world));
    assert_eq!(code_of(shares(session, vec![draft.id], &path)), ErrorCode::InvalidInput);
    assert_eq!(code_of(shares(session, vec![], &path)), ErrorCode::InvalidInput);
    shares(session, vec![record.id], &path).unwrap();
    let sealed = std::fs::read(&path).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1") && !sealed.windows(4).any(|part| part == b"%PDF"));
    assert_eq!(world.trail(session, "report_shared").len(), 1);

    let nurse = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(code_of(shares(&nurse, vec![record.id], &path)), ErrorCode::NotPermitted);
    assert_eq!(code_of(opens(&nurse, "another passphrase", &path)), ErrorCode::PassphraseWrong);
    let view = opens(&nurse, PASSPHRASE, &path).unwrap();
    assert_eq!((view.reports.len(), view.reports[0].number.as_str()), (1, record.number.as_str()));
    assert_eq!(world.trail(session, "share_pack_opened").len(), 1);
    let pdf = report::pack_pdf(&nurse, &SharePackPdfRequest { place: 0 }).unwrap();
    assert_eq!(pdf, saved(session, &record).unwrap());
    assert_eq!(code_of(report::pack_pdf(&nurse, &SharePackPdfRequest { place: 1 })), ErrorCode::NotFound);
    assert_eq!(code_of(report::pack_pdf(session, &SharePackPdfRequest { place: 0 })), ErrorCode::NotFound);

    clock.advance(SignedDuration::from_hours(7 * 24));
    let session = support::signed_in(&world.workstation, EMAIL, PASSWORD).unwrap();
    assert_eq!(code_of(opens(&session, PASSPHRASE, &path)), ErrorCode::ShareExpired);
    let mut bent = sealed;
    let last = bent.len() - 1;
    bent[last] ^= 1;
    assert_eq!(
        code_of(opens(&session, PASSPHRASE, &kept(&world, "bent.age", &bent))),
        ErrorCode::PassphraseWrong
    );
}

#[test]
fn the_letterhead_is_on_reports_that_are_written_under_it() {
    let world = World::founded();
    let session = &world.session;
    let case = examined(&world);
    let before = drafts(&world, &case);
    let request = |name: &str, lines: Vec<String>| LetterheadRequest {
        clinic_name: name.into(),
        lines,
        paper: PaperSize::Letter,
    };
    let lines = vec!["Harbour Street 12".to_owned(), "  ".to_owned(), "Telephone 555 0142".to_owned()];
    let view = letterhead::change(session, request("Harbour Dermatology", lines)).unwrap();
    assert_eq!((view.letterhead.lines.len(), view.logo), (2, None));
    for bad in [
        request(&"x".repeat(201), vec![]),
        request("", vec!["x".repeat(121)]),
        request("", vec!["x".into(); 7]),
    ] {
        assert_eq!(code_of(letterhead::change(session, bad.clone())), ErrorCode::InvalidInput);
        assert_eq!(code_of(letterhead::preview(session, bad)), ErrorCode::InvalidInput);
    }
    assert_eq!(code_of(letterhead::save_logo(session, b"GIF89a")), ErrorCode::ImageUnreadable);
    let logo = letterhead::save_logo(session, &support::naevus_jpeg()).unwrap().logo;
    assert!(logo.is_some());
    let sample = letterhead::preview(session, view.letterhead).unwrap();
    assert!(text_of(&sample).contains("Sample Patient"));
    let after = drafts(&world, &case);
    let text = text_of(&saved(session, &after).unwrap());
    assert!(text.contains("Harbour Dermatology") && text.contains("Telephone 555 0142"));
    assert!(text_of(&saved(session, &before).unwrap()).contains("Seeblick Dermatology"));
    let nurse = joins(&world, NURSE, Role::FrontDesk);
    assert_eq!(code_of(letterhead::change(&nurse, request("", vec![]))), ErrorCode::NotPermitted);
}
