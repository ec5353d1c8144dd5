//! The head of what the clinic prints: name, address, logo, and the paper it prints on.

use documents::{prepare_logo, render_report_in};
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::report::Letterhead;
use jiff::tz::TimeZone;
use records::settings::{self, Shown};
use records::{Reading, RecordsError, logos};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::image::hex_digest;
use crate::picture::Picture;
use crate::session::Session;
use crate::views::{LetterheadRequest, LetterheadView, PaperSize};

mod sample;

const SETTING: &str = "letterhead";
const LONGEST_NAME: usize = 200;
const LONGEST_LINE: usize = 120;
const MOST_LINES: usize = 6;
/// Largest file that is looked at, in bytes.
const LARGEST_LOGO: usize = 32 << 20;

/// As it is stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    clinic_name: String,
    lines: Vec<String>,
    paper: PaperSize,
    /// SHA-256 of the logo.
    logo: Option<String>,
}

/// The head as a new document takes it, with the hash of its logo.
pub(crate) fn current(
    session: &Session,
    tx: &Reading<'_>,
) -> std::result::Result<(Letterhead, Option<String>), RecordsError> {
    let kept = kept(tx)?;
    Ok((head(session, kept.clinic_name, kept.lines), kept.logo))
}

fn head(session: &Session, name: String, lines: Vec<String>) -> Letterhead {
    let clinic_name = if name.is_empty() { session.office().clinic.name.clone() } else { name };
    Letterhead { clinic_name, lines }
}

/// What the clinic prints on where nobody chose another paper.
pub(crate) fn paper(session: &Session) -> PaperSize {
    session.store().read(kept).map(|kept| kept.paper).unwrap_or_default()
}

fn kept(tx: &Reading<'_>) -> std::result::Result<Kept, RecordsError> {
    Ok(settings::get(tx, SETTING)?.unwrap_or_default())
}

/// # Errors
/// `not_permitted`.
pub fn read(session: &Session) -> Result<LetterheadView> {
    session.authorise(Command::LetterheadRead)?;
    Ok(view(session.store().read(kept)?))
}

/// Documents that are written afterwards carry it; older ones stay as they are.
///
/// # Errors
/// `invalid_input` with the fields: a name over 200 characters, more than six lines, a line over 120.
pub fn change(session: &Session, request: LetterheadRequest) -> Result<LetterheadView> {
    let actor = session.authorise(Command::LetterheadUpdate)?;
    let request = settled(request)?;
    let after = session.store().write(&actor, |tx| {
        let logo = kept(tx)?.logo;
        let after =
            Kept { clinic_name: request.clinic_name, lines: request.lines, paper: request.paper, logo };
        settings::set(tx, SETTING, &after, Shown::Value)?;
        Ok(after)
    })?;
    Ok(view(after))
}

/// A sample page under a head that is not saved yet. No patient is in it.
///
/// # Errors
/// As [`change`].
pub fn preview(session: &Session, request: LetterheadRequest) -> Result<Vec<u8>> {
    session.authorise(Command::LetterheadPreview)?;
    let request = settled(request)?;
    let logo = session.store().read(|tx| kept(tx)?.logo.map(|logo| logos::get(tx, &logo)).transpose())?;
    let letterhead = head(session, request.clinic_name, request.lines);
    let today = session.workstation().clock().now();
    let content = sample::report(letterhead, logo, today);
    Ok(render_report_in(&content, request.paper.into(), &TimeZone::system())?)
}

/// Keeps a picture as the logo, small enough for paper and without anything the file said beside its pixels.
///
/// # Errors
/// `image_too_large` over 32 MB, `image_unreadable` for what is no JPEG or PNG.
pub fn save_logo(session: &Session, bytes: &[u8]) -> Result<LetterheadView> {
    let actor = session.authorise(Command::LogoSave)?;
    if bytes.is_empty() {
        return Err(ErrorCode::ImageEmpty.into());
    }
    if bytes.len() > LARGEST_LOGO {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST_LOGO })));
    }
    let picture = prepare_logo(bytes).map_err(|_| ErrorCode::ImageUnreadable)?;
    let sha256 = hex_digest(&picture);
    let after = session.store().write(&actor, |tx| {
        logos::keep(tx, &sha256, &picture)?;
        let after = Kept { logo: Some(sha256.clone()), ..kept(tx)? };
        settings::set(tx, SETTING, &after, Shown::Value)?;
        Ok(after)
    })?;
    Ok(view(after))
}

/// # Errors
/// `not_permitted`.
pub fn remove_logo(session: &Session) -> Result<LetterheadView> {
    let actor = session.authorise(Command::LogoRemove)?;
    let after = session.store().write(&actor, |tx| {
        let after = Kept { logo: None, ..kept(tx)? };
        settings::set(tx, SETTING, &after, Shown::Value)?;
        Ok(after)
    })?;
    Ok(view(after))
}

/// The logo for the window.
pub(crate) fn logo(session: &Session) -> Result<Picture> {
    session.authorise(Command::LetterheadRead)?;
    let jpeg = session.store().read(|tx| match kept(tx)?.logo {
        Some(sha256) => logos::get(tx, &sha256),
        None => Err(RecordsError::NotFound),
    })?;
    Ok(Picture { media_type: "image/jpeg", bytes: Zeroizing::new(jpeg) })
}

fn settled(request: LetterheadRequest) -> Result<LetterheadRequest> {
    let clinic_name = request.clinic_name.trim().to_owned();
    let lines: Vec<String> =
        request.lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let mut problems = Problems::default();
    problems.text("clinic_name", &clinic_name, LONGEST_NAME);
    for line in &lines {
        problems.text("lines", line, LONGEST_LINE);
    }
    problems.into_result()?;
    if lines.len() > MOST_LINES {
        let limit = u32::try_from(MOST_LINES).unwrap_or(u32::MAX);
        return Err(vec![FieldProblem::with_limit("lines", ProblemCode::TooLong, limit)].into());
    }
    Ok(LetterheadRequest { clinic_name, lines, paper: request.paper })
}

fn view(kept: Kept) -> LetterheadView {
    // Enough of the hash to tell one logo from the next.
    let logo = kept.logo.as_deref().and_then(|sha256| u32::from_str_radix(sha256.get(..8)?, 16).ok());
    let Kept { clinic_name, lines, paper, .. } = kept;
    LetterheadView { letterhead: LetterheadRequest { clinic_name, lines, paper }, logo }
}
