//! How the AI does in this clinic: readings and clinicians against histology and follow-up, and drift.
//!
//! The figures name no patient. The lesions behind one are listed on request, and that is recorded as a read.
//! Readings that wait for an impression stay out while the clinic reads first.

mod cases;
mod drift;
mod page;
mod table;

use std::collections::HashSet;

use domain::LesionId;
use domain::image::ImageKind;
use domain::problem::{FieldProblem, ProblemCode};
use domain::statistics::{AgreementFigures, OpinionPair, StudyCase, opinions_agree, performance};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::performance::{OpinionCase, follow_up_months, models, opinions, studied};
use records::{Reading, RecordsError};

use crate::commands::Command;
use crate::error::Result;
use crate::models::stored;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{ModelUseView, PerformanceFilter, PerformanceView};

pub use cases::list;
pub use drift::drift;
pub use page::save_page;
pub use table::{prepare_table, save_table};

/// Every figure but drift, of the lesions that the filter leaves.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a period that ends before it begins.
pub fn read(session: &Session, filter: &PerformanceFilter) -> Result<PerformanceView> {
    session.authorise(Command::PerformanceRead)?;
    view(session, filter)
}

fn view(session: &Session, filter: &PerformanceFilter) -> Result<PerformanceView> {
    check(filter)?;
    let in_use = stored::in_use(session.office()).ok().map(|model| model.identity().clone());
    Ok(session.store().read(|tx| {
        let chosen = chosen(session, tx, filter)?;
        let told: Vec<OpinionCase> = seen_opinions(session, tx, filter)?;
        let models = models(tx)?.into_iter().map(|found| ModelUseView {
            in_use: in_use.as_ref().is_some_and(|model| model.sha256 == found.identity.sha256),
            first_on: day(found.first_at),
            last_on: day(found.last_at),
            identity: found.identity,
        });
        Ok(PerformanceView {
            figures: performance(&chosen.cases.iter().collect::<Vec<_>>()),
            follow_up_months: follow_up_months(tx)?,
            without_reading: chosen.without_reading,
            withheld: chosen.withheld,
            before: agreement(&told, |case| case.before.as_ref()),
            after: agreement(&told, |case| case.after.as_ref()),
            models: models.collect(),
        })
    })?)
}

/// What the filter leaves of the lesions whose truth is known.
struct Chosen {
    /// The newest reading first.
    cases: Vec<StudyCase>,
    without_reading: u32,
    withheld: u32,
}

fn chosen(
    session: &Session,
    tx: &Reading<'_>,
    filter: &PerformanceFilter,
) -> std::result::Result<Chosen, RecordsError> {
    let months = filter.follow_up.then(|| follow_up_months(tx)).transpose()?;
    let hides = Curtain::of(session, tx)?.is_drawn();
    let known = studied(tx, &TimeZone::system(), months)?;
    let mut studies = known.studies;
    studies.retain(|study| {
        let case = &study.case;
        admits(filter, case.read_on, &case.model.sha256, case.kind)
    });
    let all = studies.len();
    studies.retain(|study| !(hides && study.unseen));
    studies.sort_by_key(|study| std::cmp::Reverse((study.read_at, study.case.analysis_id)));
    Ok(Chosen {
        without_reading: known.without_reading,
        withheld: number(all - studies.len()),
        cases: studies.into_iter().map(|study| study.case).collect(),
    })
}

fn seen_opinions(
    session: &Session,
    tx: &Reading<'_>,
    filter: &PerformanceFilter,
) -> std::result::Result<Vec<OpinionCase>, RecordsError> {
    let hides = Curtain::of(session, tx)?.is_drawn();
    let mut told = opinions(tx)?;
    told.retain(|case| {
        !(hides && case.unseen) && admits(filter, day(case.read_at), &case.model_sha256, case.kind)
    });
    Ok(told)
}

type Said = fn(&OpinionCase) -> Option<&domain::statistics::Opinion>;

/// One reading a lesion, the newest on which the clinician has such a word.
fn one_each(told: &[OpinionCase], said: Said) -> Vec<(&OpinionCase, OpinionPair)> {
    let mut met: HashSet<LesionId> = HashSet::new();
    told.iter()
        .filter_map(|case| {
            let clinician = said(case)?.clone();
            met.insert(case.lesion_id)
                .then(|| (case, OpinionPair { clinician, reading: case.reading.clone() }))
        })
        .collect()
}

fn agreement(told: &[OpinionCase], said: Said) -> AgreementFigures {
    let pairs: Vec<OpinionPair> = one_each(told, said).into_iter().map(|(_, pair)| pair).collect();
    opinions_agree(&pairs)
}

fn admits(filter: &PerformanceFilter, read_on: Date, model: &str, kind: ImageKind) -> bool {
    filter.from.is_none_or(|from| read_on >= from)
        && filter.to.is_none_or(|to| read_on <= to)
        && filter.model.as_ref().is_none_or(|wanted| wanted == model)
        && filter.kind.is_none_or(|wanted| wanted == kind)
}

fn check(filter: &PerformanceFilter) -> Result<()> {
    match (filter.from, filter.to) {
        (Some(from), Some(to)) if from > to => {
            Err(vec![FieldProblem::new("to", ProblemCode::NotAllowed)].into())
        }
        _ => Ok(()),
    }
}

fn day(at: jiff::Timestamp) -> Date {
    at.to_zoned(TimeZone::system()).date()
}

fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
