//! Signing: the report, its addenda, its withdrawal. What is signed is printed once and kept as it was handed out.

use documents::{render_report_in, seal};
use domain::FileId;
use domain::problem::Problems;
use domain::report::{
    EditionKind, LONGEST_TEXT, PaperSize, PrintedSignatures, ReportEdition, ReportState, SignatureMeaning,
};
use domain::report_text::TextStanding;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::files::SealedFile;
use records::reports::{self, Edition, NewEdition, StoredReport};
use records::signing_keys::{self, PURPOSE, SigningKeyRecord};
use vault::{SealedStore, SigningKey, VaultError};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::events::Subject;
use crate::image::FILE_VERSION;
use crate::read_first;
use crate::session::Session;
use crate::sign_in::prove_again;
use crate::views::{
    Amendment, ReportAmendRequest, ReportSignRequest, ReportView, SigningKey as KeyView, SigningKeyView,
};

use super::content::{Snapshot, gather};
use super::handing_out::HANDOUT;
use super::proof::{Said, Signed, Statement, is_intact};
use super::view;

/// Signs a draft. It is locked from then on.
///
/// # Errors
/// `invalid_credentials`, `second_factor_wrong`; `report_locked` when it is no draft; `conflict` when it was changed
/// since it was read; `report_text_unread` while it holds a proposed text that nobody accepted; `impression_required`;
/// `storage_full`.
pub fn sign(session: &Session, request: &ReportSignRequest) -> Result<ReportView> {
    session.authorise(Command::ReportSign)?;
    let stored = super::draft(session, request.id)?;
    if stored.record.version != request.version {
        return Err(ErrorCode::Conflict.into());
    }
    read_first::admit(session, stored.record.analysis_id)?;
    let origin = Snapshot::of(&stored)?.text_origin;
    if origin.is_some_and(|origin| origin.standing == TextStanding::Unread) {
        return Err(ErrorCode::ReportTextUnread.into());
    }
    prove_again(session, &request.password, request.code.as_ref())?;
    let act = Act {
        kind: EditionKind::Signed,
        meaning: request.meaning,
        text: String::new(),
        paper: request.paper,
    };
    issue(session, &stored, &[], act)
}

/// Adds to a signed report, or withdraws it. Both are signed, and printed with the report.
///
/// # Errors
/// `invalid_input` for the text; `invalid_credentials`, `second_factor_wrong`; `report_locked` for anything but a signed
/// report; `conflict` when there is a newer edition; `report_altered`; `impression_required`; `storage_full`.
pub fn amend(session: &Session, request: &ReportAmendRequest) -> Result<ReportView> {
    session.authorise(Command::ReportAmend)?;
    let text = request.text.trim().to_owned();
    let mut problems = Problems::default();
    problems.required_text("text", &text, LONGEST_TEXT);
    problems.into_result()?;
    let (stored, earlier, intact) = session.store().read(|tx| {
        let stored = reports::get(tx, request.id)?;
        let earlier = reports::editions(tx, request.id)?;
        let intact = is_intact(tx, &stored, &earlier)?;
        Ok((stored, earlier, intact))
    })?;
    if stored.record.state != ReportState::Signed {
        return Err(ErrorCode::ReportLocked.into());
    }
    if stored.record.editions != request.editions {
        return Err(ErrorCode::Conflict.into());
    }
    if !intact {
        return Err(ErrorCode::ReportAltered.into());
    }
    read_first::admit(session, stored.record.analysis_id)?;
    prove_again(session, &request.password, request.code.as_ref())?;
    let kind = match request.amendment {
        Amendment::Addendum => EditionKind::Addendum,
        Amendment::Withdrawal => EditionKind::Withdrawn,
    };
    let paper = earlier.first().map(|first| first.paper).unwrap_or_default();
    let act = Act { kind, meaning: SignatureMeaning::Author, text, paper };
    issue(session, &stored, &earlier, act)
}

/// What somebody is about to sign.
struct Act {
    kind: EditionKind,
    meaning: SignatureMeaning,
    text: String,
    paper: PaperSize,
}

/// Signs the statement, prints the report with it, seals the file, and keeps all of it or nothing.
fn issue(session: &Session, stored: &StoredReport, earlier: &[Edition], act: Act) -> Result<ReportView> {
    let actor = session.actor();
    let key = signing_key(session)?;
    let snapshot = Snapshot::of(stored)?;
    let edition = ReportEdition {
        edition: stored.record.editions + 1,
        kind: act.kind,
        text: act.text,
        meaning: act.meaning,
        signer_name: session.user().details.full_name,
        signed_at: to_the_microsecond(session.workstation().clock().now()),
        key_id: key.public().id(),
    };
    let said = Said {
        clinic: &snapshot.letterhead.clinic_name,
        edition: edition.edition,
        kind: edition.kind,
        meaning: edition.meaning,
        signer: &edition.signer_name,
        signed_at: edition.signed_at,
        text: &edition.text,
    };
    let signed = Signed::sign(&key, Statement::of(stored, &snapshot, earlier, &said));
    let mut editions: Vec<_> = earlier.iter().map(|kept| kept.edition.clone()).collect();
    editions.push(edition.clone());
    let printed = PrintedSignatures { editions, code: signed.code() };
    let content = gather(session, stored.clone(), Some(printed))?;
    let pdf = render_report_in(&content, act.paper.into(), &TimeZone::system())?;
    let pdf = seal::digest(&pdf)
        .and_then(|digest| seal::affix(pdf, signed.seal(&key, &digest).as_bytes()))
        .ok_or(ErrorCode::Internal)?;

    let file = FileId::fresh();
    let wrapped = session.handouts().seal(file, FILE_VERSION, HANDOUT, &pdf)?;
    let new = NewEdition {
        report: stored.record.id,
        edition: edition.edition,
        kind: edition.kind,
        text: edition.text,
        meaning: edition.meaning,
        signer_name: edition.signer_name,
        signed_at: edition.signed_at,
        paper: act.paper,
        statement: signed.text,
        key_id: edition.key_id,
        signature: signed.signature,
        handout: SealedFile { id: file, version: FILE_VERSION, key: wrapped },
    };
    let kept = session.store().write(&actor, |tx| {
        // Signed is what was printed above, and nothing newer.
        if reports::get(tx, new.report)? != *stored {
            return Err(records::RecordsError::Conflict);
        }
        reports::sign(tx, &new)?;
        if new.kind == EditionKind::Signed {
            snapshot.close_lists(tx, new.report)?;
        }
        view(tx, &reports::get(tx, new.report)?)
    });
    let view = kept.inspect_err(|_| {
        // What this misses the next start sweeps.
        let _ = session.handouts().discard(file);
    })?;
    session.workstation().events().changed(Subject::Report, view.report.id);
    Ok(view)
}

/// As the records keep it: what is signed has to be found again to the digit.
fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// The key of the clinic, made with the first signature.
fn signing_key(session: &Session) -> Result<SigningKey> {
    let sealed = session.sealed()?;
    if let Some((record, file)) = session.store().read(signing_keys::current)? {
        let seed = sealed.open_file(file.id, file.version, PURPOSE, &file.key)?;
        let key = SigningKey::from_seed(&seed)?;
        // A private key that does not fit the public one would sign what nobody can verify.
        return if key.public().bytes() == &record.public {
            Ok(key)
        } else {
            Err(VaultError::Damaged.into())
        };
    }
    let Fresh { key, record, private } = Fresh::make(sealed, session.workstation().clock().now())?;
    session.store().write(&session.actor(), |tx| signing_keys::add(tx, &record, &private))?;
    super::verify::publish(session);
    Ok(key)
}

/// A key that signs, about to be recorded.
pub(crate) struct Fresh {
    key: SigningKey,
    pub record: SigningKeyRecord,
    pub private: SealedFile,
}

impl Fresh {
    /// Makes a key and seals its private half. Without its row the file is swept away.
    pub fn make(sealed: &SealedStore, made_at: Timestamp) -> Result<Self> {
        let key = SigningKey::random()?;
        let file = FileId::fresh();
        let wrapped = sealed.seal(file, FILE_VERSION, PURPOSE, &key.seed())?;
        let record = SigningKeyRecord {
            id: key.public().id(),
            public: *key.public().bytes(),
            made_at,
            retired_at: None,
        };
        let private = SealedFile { id: file, version: FILE_VERSION, key: wrapped };
        Ok(Self { key, record, private })
    }
}

/// The public half of the key that signs.
///
/// # Errors
/// `not_permitted`.
pub fn key(session: &Session) -> Result<SigningKeyView> {
    session.authorise(Command::SigningKeyRead)?;
    let key = session.store().read(signing_keys::all)?.into_iter().next();
    Ok(SigningKeyView {
        key: key.map(|key| KeyView { id: key.id, public: hex::encode(key.public), made_at: key.made_at }),
    })
}

/// The keys of the clinic as a text file for others who check its reports.
///
/// # Errors
/// `not_found` before the first report is signed.
pub fn key_text(session: &Session) -> Result<String> {
    session.authorise(Command::SigningKeySave)?;
    let keys = session.store().read(signing_keys::all)?;
    if keys.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(super::verify::text_of(&session.office().clinic.name, &keys))
}
