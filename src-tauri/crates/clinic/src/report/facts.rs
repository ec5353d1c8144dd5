//! What a proposed text can say of a reading, gathered from the records.

use domain::AnalysisId;
use domain::analysis::Analysis;
use domain::outline::LesionOutline;
use domain::report_text::{TextChecklist, TextComparison, TextFacts, TextMeasures};
use jiff::tz::TimeZone;
use records::checklists::About;
use records::{Reading, RecordsError, Writing, analyses, checklists, decisions, outlines, recalls};

use crate::names::Names;
use crate::{comparison, measuring};

type Stored<T> = std::result::Result<T, RecordsError>;

/// Everything that is known beside a reading. It names nobody.
pub(super) fn gather(tx: &Writing<'_>, id: AnalysisId, zone: &TimeZone) -> Stored<TextFacts> {
    let analysis = analyses::get(tx, id)?;
    let assessment = &analysis.assessment;
    let class = assessment.label.as_ref().and_then(|label| {
        let found = assessment.probabilities.iter().find(|one| one.label.code == label.code)?;
        Some((label.clone(), found.probability))
    });
    let decision = decisions::current(tx, About { lesion: analysis.lesion_id, analysis: Some(analysis.id) })?;
    let outlines = measuring::scaled(tx, outlines::of_analysis(tx, id)?)?;
    let lists = checklists::for_report(tx, id)?;
    Ok(TextFacts {
        gate: assessment.gate,
        band: assessment.band,
        class,
        malignant_sum: assessment.malignant_sum,
        photographs: analysis.image_ids.len(),
        analysed_on: analysis.analysed_at.to_zoned(zone.clone()).date(),
        measures: measures(&outlines),
        checklists: lists
            .iter()
            .map(|list| TextChecklist {
                kind: list.kind,
                score: list.result.score,
                verdict: list.result.verdict,
            })
            .collect(),
        plan: decision.as_ref().map(|decision| decision.entry.plan),
        impression: decision.map(|decision| decision.entry.impression.term),
        comparison: compared(tx, &analysis, zone)?,
        follow_up: recalls::of_patient(tx, analysis.patient_id)?
            .iter()
            .filter(|recall| !recall.state.is_closed())
            .filter(|recall| recall.details.lesion_id == Some(analysis.lesion_id))
            .map(domain::recall::Recall::next_on)
            .min(),
    })
}

/// Those of a photograph with a scale, or else of the first that was outlined.
fn measures(outlines: &[LesionOutline]) -> Option<TextMeasures> {
    let mut measured = outlines.iter().filter_map(|outline| Some(&outline.finding.measured()?.measures));
    let first = measured.clone().next();
    measured.find(|measures| measures.size.feret_mm.is_some()).or(first).map(TextMeasures::from)
}

fn compared(tx: &Reading<'_>, analysis: &Analysis, zone: &TimeZone) -> Stored<Option<TextComparison>> {
    let names = Names::read(tx)?;
    for image in &analysis.image_ids {
        if let Some(pair) = comparison::newest_of(tx, *image, zone, &names)? {
            let told = pair.comparison.change.as_ref().filter(|change| !change.touches_frame);
            return Ok(Some(TextComparison {
                earlier_on: pair.days[0],
                area: told.and_then(|change| change.size.as_ref()).map(|size| size.area),
                registered: pair.comparison.alignment.registration().is_some(),
            }));
        }
    }
    Ok(None)
}
