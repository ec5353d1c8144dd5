//! Sheets of rules: those of the program, and what the clinic makes of them. A sheet with a mistake is refused with
//! the line of the mistake, and the one before it stays.

use domain::assistant::{
    ARTICLES, AssistantScreen, BUILT_IN, Figure, RuleBook, RuleFault, Sheet, TALK, built_in,
};
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::report_text::TemplateState;
use records::assistant_sheets::{self as stored, SheetEdition};
use records::{Reading, RecordsError};
use serde_json::json;
use uuid::Uuid;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{
    AssistantSheetRequest, AssistantSheetSaveRequest, AssistantSheetView, AssistantSheetsView,
    AssistantTrial, AssistantTryRequest,
};

use super::figures::Figures;

const LONGEST_NAME: usize = 80;
const LONGEST_TRIED: usize = domain::assistant::LONGEST_QUESTION;
/// Sheets that the clinic has beside those of the program.
const MOST_OWN: usize = 20;
/// A sheet under this key is tried as a new one.
const NEW: &str = "new";

/// Every sheet in use: those of the program first, then the clinic's by name.
fn offered(tx: &Reading<'_>) -> std::result::Result<Vec<SheetEdition>, RecordsError> {
    let kept = stored::newest(tx)?;
    let of_program = BUILT_IN.iter().map(|one| {
        let kept = kept.iter().find(|edition| edition.key == one.key);
        match kept {
            Some(edition) if edition.state == TemplateState::Own => edition.clone(),
            _ => SheetEdition {
                key: one.key.to_owned(),
                version: kept.map_or(1, |edition| edition.version),
                name: one.name.to_owned(),
                state: TemplateState::BuiltIn,
                source: one.source.to_owned(),
            },
        }
    });
    let is_own =
        |edition: &&SheetEdition| edition.state == TemplateState::Own && built_in(&edition.key).is_none();
    let mut own: Vec<SheetEdition> = kept.iter().filter(is_own).cloned().collect();
    own.sort_by_key(|edition| edition.name.to_lowercase());
    Ok(of_program.chain(own).collect())
}

/// The rules in use. A sheet that this program does not understand is left out; the program's own stands in for it
/// where there is one.
pub(super) fn book(tx: &Reading<'_>) -> std::result::Result<RuleBook, RecordsError> {
    let sheets = offered(tx)?.into_iter().map(|edition| (edition.key.clone(), in_use(&edition)));
    Ok(RuleBook::new(sheets.collect()))
}

fn in_use(edition: &SheetEdition) -> Sheet {
    let of_program = built_in(&edition.key);
    match of_program {
        Some(one) if edition.state == TemplateState::BuiltIn => one.sheet(),
        _ => read(&edition.key, &edition.source)
            .unwrap_or_else(|_| of_program.map(|one| one.sheet()).unwrap_or_default()),
    }
}

fn read(key: &str, source: &str) -> std::result::Result<Sheet, Vec<RuleFault>> {
    Sheet::read(source, key == TALK)
}

/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<AssistantSheetsView> {
    session.authorise(Command::AssistantSheetList)?;
    Ok(view(session.store().read(offered)?))
}

/// Keeps a sheet as its newest edition, or adds one.
///
/// # Errors
/// `invalid_input` with the fields, and under `details.faults` every fault of the sheet with its line; `conflict` when
/// it was changed since it was read, or there are too many; `not_found`.
pub fn save(session: &Session, request: AssistantSheetSaveRequest) -> Result<AssistantSheetsView> {
    let actor = session.authorise(Command::AssistantSheetSave)?;
    let name = request.name.trim().to_owned();
    let source = request.source.replace("\r\n", "\n");
    let mut problems = Problems::default();
    problems.required_text("name", &name, LONGEST_NAME);
    problems.one_line("name", &name);
    let faults = read(request.key.as_deref().unwrap_or(NEW), &source).err().unwrap_or_default();
    if !faults.is_empty() {
        problems.add("source", ProblemCode::BadFormat);
    }
    if let Err(problems) = problems.into_result() {
        let details = json!({ "problems": problems, "faults": faults });
        return Err(Error::with(ErrorCode::InvalidInput, details));
    }
    let after = session.store().write(&actor, |tx| {
        let now = offered(tx)?;
        let (key, version) = match &request.key {
            Some(key) => (key.clone(), standing(&now, key, request.version)?.version + 1),
            None if now.len() >= BUILT_IN.len() + MOST_OWN => return Err(RecordsError::Conflict),
            None => (Uuid::now_v7().to_string(), 1),
        };
        let (name, source) = (name.clone(), source.clone());
        stored::add(tx, &SheetEdition { key, version, name, state: TemplateState::Own, source })?;
        offered(tx)
    })?;
    Ok(view(after))
}

/// Goes back to the rules of the program.
///
/// # Errors
/// `not_found` for a sheet that the program has not; `conflict` when it was changed since it was read.
pub fn restore(session: &Session, request: &AssistantSheetRequest) -> Result<AssistantSheetsView> {
    let actor = session.authorise(Command::AssistantSheetRestore)?;
    built_in(&request.key).ok_or(ErrorCode::NotFound)?;
    end(session, &actor, request, TemplateState::BuiltIn)
}

/// Uses a sheet of the clinic no more; its editions stay.
///
/// # Errors
/// As [`restore`]; `invalid_input` (`key`) for one of the program.
pub fn remove(session: &Session, request: &AssistantSheetRequest) -> Result<AssistantSheetsView> {
    let actor = session.authorise(Command::AssistantSheetRemove)?;
    if built_in(&request.key).is_some() {
        return Err(vec![FieldProblem::new("key", ProblemCode::NotAllowed)].into());
    }
    end(session, &actor, request, TemplateState::Removed)
}

fn end(
    session: &Session,
    actor: &domain::Actor,
    request: &AssistantSheetRequest,
    state: TemplateState,
) -> Result<AssistantSheetsView> {
    let after = session.store().write(actor, |tx| {
        let now = offered(tx)?;
        let found = standing(&now, &request.key, request.version)?;
        let name = built_in(&found.key).map_or_else(|| found.name.clone(), |one| one.name.to_owned());
        let (key, version) = (found.key.clone(), found.version + 1);
        stored::add(tx, &SheetEdition { key, version, name, state, source: String::new() })?;
        offered(tx)
    })?;
    Ok(view(after))
}

/// What would be answered if a sheet that is not saved yet stood in its place, and what is wrong with it. Nothing is
/// kept.
///
/// # Errors
/// `invalid_input` (`question`).
pub fn try_out(session: &Session, request: &AssistantTryRequest) -> Result<AssistantTrial> {
    let actor = session.authorise(Command::AssistantSheetTry)?;
    let mut problems = Problems::default();
    problems.text("question", &request.question, LONGEST_TRIED);
    problems.into_result()?;
    let key = request.key.as_deref().unwrap_or(NEW);
    let tried = match read(key, &request.source.replace("\r\n", "\n")) {
        Ok(sheet) => sheet,
        Err(faults) => return Ok(AssistantTrial { answer: None, faults }),
    };
    if request.question.trim().is_empty() {
        return Ok(AssistantTrial { answer: None, faults: Vec::new() });
    }
    let (mut sheets, figures) = session.store().read(|tx| {
        let others = offered(tx)?.into_iter().map(|edition| (edition.key.clone(), in_use(&edition)));
        Ok((others.collect::<Vec<_>>(), Figures::read(tx)?))
    })?;
    match sheets.iter_mut().find(|(stored, _)| stored == key) {
        Some((_, sheet)) => *sheet = tried,
        None => sheets.push((key.to_owned(), tried)),
    }
    let answer = RuleBook::new(sheets).find(&request.question).and_then(|found| {
        found.answer(request.language, actor.role, |one, language| {
            figures.say(one, language, session.office())
        })
    });
    Ok(AssistantTrial { answer, faults: Vec::new() })
}

/// The sheet as somebody read it.
fn standing<'a>(
    offered: &'a [SheetEdition],
    key: &str,
    version: u32,
) -> std::result::Result<&'a SheetEdition, RecordsError> {
    let found = offered.iter().find(|edition| edition.key == key).ok_or(RecordsError::NotFound)?;
    if found.version == version { Ok(found) } else { Err(RecordsError::Conflict) }
}

fn view(offered: Vec<SheetEdition>) -> AssistantSheetsView {
    let sheets = offered.into_iter().map(|edition| AssistantSheetView {
        of_program: built_in(&edition.key).is_some(),
        unread: read(&edition.key, &edition.source).is_err(),
        key: edition.key,
        version: edition.version,
        name: edition.name,
        state: edition.state,
        source: edition.source,
    });
    AssistantSheetsView {
        sheets: sheets.collect(),
        articles: ARTICLES.map(str::to_owned).into(),
        screens: AssistantScreen::ALL.map(|screen| screen.name().to_owned()).into(),
        figures: Figure::ALL.map(|figure| figure.name().to_owned()).into(),
    }
}
