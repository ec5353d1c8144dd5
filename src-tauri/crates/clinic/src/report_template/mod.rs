//! Templates of report texts: those of the program, and what the clinic makes of them. A template with a mistake is
//! refused with the line of the mistake, and the one before it stays.

pub(crate) mod sample;

use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::report_text::{
    BUILT_IN, Placeholder, Template, TemplateState, TemplateTexts, TextLanguage, Topic, built_in,
};
use records::report_templates::{self as stored, TemplateEdition};
use records::{Reading, RecordsError};
use serde_json::json;
use uuid::Uuid;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{
    ReportTemplateRequest, ReportTemplateSaveRequest, ReportTemplateTrial, ReportTemplateTryRequest,
    ReportTemplateView, ReportTemplatesView, TemplateTopic,
};

const LONGEST_NAME: usize = 80;
/// Templates that the clinic has beside those of the program.
const MOST_OWN: usize = 50;

/// Every template that is offered: those of the program first, then the clinic's by name.
pub(crate) fn offered(tx: &Reading<'_>) -> std::result::Result<Vec<TemplateEdition>, RecordsError> {
    let kept = stored::newest(tx)?;
    let of_program = BUILT_IN.iter().map(|one| {
        let kept = kept.iter().find(|edition| edition.key == one.key);
        match kept {
            Some(edition) if edition.state == TemplateState::Own => edition.clone(),
            _ => TemplateEdition {
                key: one.key.to_owned(),
                version: kept.map_or(1, |edition| edition.version),
                name: one.name.to_owned(),
                state: TemplateState::BuiltIn,
                texts: one.texts(),
            },
        }
    });
    let is_own =
        |edition: &&TemplateEdition| edition.state == TemplateState::Own && built_in(&edition.key).is_none();
    let mut own: Vec<TemplateEdition> = kept.iter().filter(is_own).cloned().collect();
    own.sort_by_key(|edition| edition.name.to_lowercase());
    Ok(of_program.chain(own).collect())
}

/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<ReportTemplatesView> {
    session.authorise(Command::ReportTemplateList)?;
    Ok(view(session.store().read(offered)?))
}

/// Keeps a template as its newest edition, or adds one.
///
/// # Errors
/// `invalid_input` with the fields, and under `details.faults` every fault of the texts with language and line;
/// `conflict` when it was changed since it was read; `not_found`.
pub fn save(session: &Session, request: ReportTemplateSaveRequest) -> Result<ReportTemplatesView> {
    let actor = session.authorise(Command::ReportTemplateSave)?;
    let name = request.name.trim().to_owned();
    let mut problems = Problems::default();
    problems.required_text("name", &name, LONGEST_NAME);
    problems.one_line("name", &name);
    let faults = judged(&request.texts, &mut problems);
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
        let (name, texts) = (name.clone(), request.texts.clone());
        stored::add(tx, &TemplateEdition { key, version, name, state: TemplateState::Own, texts })?;
        offered(tx)
    })?;
    Ok(view(after))
}

/// Goes back to the words of the program.
///
/// # Errors
/// `not_found` for a template that the program has not; `conflict` when it was changed since it was read.
pub fn restore(session: &Session, request: &ReportTemplateRequest) -> Result<ReportTemplatesView> {
    let actor = session.authorise(Command::ReportTemplateRestore)?;
    let one = built_in(&request.key).ok_or(ErrorCode::NotFound)?;
    end(session, &actor, request, one.name.to_owned(), TemplateState::BuiltIn)
}

/// Offers a template of the clinic no more; its editions stay.
///
/// # Errors
/// As [`restore`]; `invalid_input` (`key`) for one of the program.
pub fn remove(session: &Session, request: &ReportTemplateRequest) -> Result<ReportTemplatesView> {
    let actor = session.authorise(Command::ReportTemplateRemove)?;
    if built_in(&request.key).is_some() {
        return Err(vec![FieldProblem::new("key", ProblemCode::NotAllowed)].into());
    }
    let name = session.store().read(|tx| Ok(find(&offered(tx)?, &request.key)?.name.clone()))?;
    end(session, &actor, request, name, TemplateState::Removed)
}

fn end(
    session: &Session,
    actor: &domain::Actor,
    request: &ReportTemplateRequest,
    name: String,
    state: TemplateState,
) -> Result<ReportTemplatesView> {
    let after = session.store().write(actor, |tx| {
        let now = offered(tx)?;
        let found = standing(&now, &request.key, request.version)?;
        let (key, version) = (found.key.clone(), found.version + 1);
        let texts = TemplateTexts::default();
        stored::add(tx, &TemplateEdition { key, version, name: name.clone(), state, texts })?;
        offered(tx)
    })?;
    Ok(view(after))
}

/// What a text that is not saved yet would say of a reading of no patient, and what is wrong with it.
///
/// # Errors
/// `not_permitted`.
pub fn try_out(session: &Session, request: &ReportTemplateTryRequest) -> Result<ReportTemplateTrial> {
    session.authorise(Command::ReportTemplateTry)?;
    Ok(match Template::read(&request.text) {
        Ok(template) => ReportTemplateTrial {
            text: Some(template.write(&sample::facts(request.band), request.language)),
            faults: Vec::new(),
        },
        Err(faults) => ReportTemplateTrial { text: None, faults },
    })
}

fn find<'a>(
    offered: &'a [TemplateEdition],
    key: &str,
) -> std::result::Result<&'a TemplateEdition, RecordsError> {
    offered.iter().find(|edition| edition.key == key).ok_or(RecordsError::NotFound)
}

/// The template as somebody read it.
fn standing<'a>(
    offered: &'a [TemplateEdition],
    key: &str,
    version: u32,
) -> std::result::Result<&'a TemplateEdition, RecordsError> {
    let found = find(offered, key)?;
    if found.version == version { Ok(found) } else { Err(RecordsError::Conflict) }
}

/// The faults of the languages that the template has; it must have one.
fn judged(texts: &TemplateTexts, problems: &mut Problems) -> Vec<serde_json::Value> {
    let mut faults = Vec::new();
    if texts.languages().next().is_none() {
        problems.add("en", ProblemCode::Required);
    }
    for language in texts.languages() {
        let Err(found) = Template::read(texts.of(language)) else { continue };
        problems.add(language.code(), ProblemCode::BadFormat);
        faults.extend(found.into_iter().map(|fault| {
            json!({ "language": language, "line": fault.line, "kind": fault.kind, "word": fault.word })
        }));
    }
    faults
}

fn view(offered: Vec<TemplateEdition>) -> ReportTemplatesView {
    let templates = offered.into_iter().map(|edition| ReportTemplateView {
        of_program: built_in(&edition.key).is_some(),
        key: edition.key,
        version: edition.version,
        name: edition.name,
        state: edition.state,
        texts: edition.texts,
    });
    let topics = Topic::ALL.map(|topic| TemplateTopic {
        name: topic.name().to_owned(),
        words: topic.words().into_iter().map(str::to_owned).collect(),
    });
    ReportTemplatesView {
        templates: templates.collect(),
        topics: topics.into(),
        placeholders: Placeholder::ALL.map(|one| one.name().to_owned()).into(),
    }
}

/// The text of an offered template in a language.
pub(crate) fn template(
    tx: &Reading<'_>,
    key: &str,
    language: TextLanguage,
) -> std::result::Result<(TemplateEdition, Template), RecordsError> {
    let edition = find(&offered(tx)?, key)?.clone();
    let text = edition.texts.of(language);
    if text.trim().is_empty() {
        return Err(RecordsError::NotFound);
    }
    let template = Template::read(text).map_err(|_| RecordsError::Damaged)?;
    Ok((edition, template))
}
