//! The lesions behind a figure.

use domain::AnalysisId;
use domain::statistics::{AgreementChoice, NO_CLASS, StudyCase};
use records::RecordsError;
use records::performance::{ListedLesion, OpinionCase, listed};

use super::{Said, check, chosen, day, number, one_each, seen_opinions};
use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{PerformanceCase, PerformanceCases, PerformanceCasesRequest, PerformanceList};

const MOST: u32 = 100;

/// A page of them, the newest reading first.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a period that ends before it begins.
pub fn list(session: &Session, request: &PerformanceCasesRequest) -> Result<PerformanceCases> {
    let actor = session.authorise(Command::PerformanceCases)?;
    check(&request.filter)?;
    Ok(session.store().write(&actor, |tx| {
        let all: Vec<(AnalysisId, PerformanceCase)> = match &request.list {
            PerformanceList::Known { choice } => {
                let found = chosen(session, tx, &request.filter)?.cases;
                found.iter().filter(|case| choice.fits(case)).map(of_study).collect()
            }
            PerformanceList::Before { choice } => {
                opinions(&seen_opinions(session, tx, &request.filter)?, *choice, |case| case.before.as_ref())
            }
            PerformanceList::After { choice } => {
                opinions(&seen_opinions(session, tx, &request.filter)?, *choice, |case| case.after.as_ref())
            }
        };
        let total = all.len();
        let limit = request.limit.clamp(1, MOST) as usize;
        let (ids, cases): (Vec<_>, Vec<_>) =
            all.into_iter().skip(request.offset as usize).take(limit).unzip();
        let whose = listed(tx, &ids, total)?;
        let rows = cases.into_iter().zip(whose).map(|(case, whose)| named(case, whose)).collect();
        Ok::<_, RecordsError>(PerformanceCases { total: number(total), rows })
    })?)
}

fn of_study(case: &StudyCase) -> (AnalysisId, PerformanceCase) {
    let row = PerformanceCase {
        patient_id: case.patient_id,
        lesion_id: case.lesion_id,
        analysis_id: case.analysis_id,
        patient_number: String::new(),
        family_name: String::new(),
        given_names: String::new(),
        lesion_label: String::new(),
        read_on: case.read_on,
        said: case.row().to_owned(),
        band: case.is_assessed().then_some(case.band),
        malignant_sum: case.is_assessed().then_some(case.malignant_sum),
        basis: Some(case.truth.basis),
        found: Some(case.truth.column.clone()),
        malignant: case.truth.malignant,
        morphology: case.truth.morphology.clone(),
        before: case.before.as_ref().and_then(|said| said.malignancy),
        after: case.after.as_ref().and_then(|said| said.malignancy),
    };
    (case.analysis_id, row)
}

fn opinions(told: &[OpinionCase], choice: AgreementChoice, said: Said) -> Vec<(AnalysisId, PerformanceCase)> {
    one_each(told, said)
        .into_iter()
        .filter(|(_, pair)| choice.fits(pair))
        .map(|(case, pair)| {
            let row = PerformanceCase {
                patient_id: case.patient_id,
                lesion_id: case.lesion_id,
                analysis_id: case.analysis_id,
                patient_number: String::new(),
                family_name: String::new(),
                given_names: String::new(),
                lesion_label: String::new(),
                read_on: day(case.read_at),
                said: pair.reading.class.unwrap_or_else(|| NO_CLASS.to_owned()),
                band: None,
                malignant_sum: None,
                basis: None,
                found: None,
                malignant: None,
                morphology: None,
                before: case.before.as_ref().and_then(|said| said.malignancy),
                after: case.after.as_ref().and_then(|said| said.malignancy),
            };
            (case.analysis_id, row)
        })
        .collect()
}

fn named(case: PerformanceCase, whose: ListedLesion) -> PerformanceCase {
    PerformanceCase {
        patient_number: whose.patient_number,
        family_name: whose.family_name,
        given_names: whose.given_names,
        lesion_label: whose.lesion_label,
        ..case
    }
}
