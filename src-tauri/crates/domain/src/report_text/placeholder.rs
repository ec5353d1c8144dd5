//! What a template puts figures and names in for.

use crate::checklist::ChecklistKind;
use crate::decision::Plan;

use super::TextLanguage;
use super::facts::TextFacts;
use super::speech;
use super::terms;

/// A name in braces. It stands for nothing where the reading has no such figure, and its sentence is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The class that may be named.
    Class,
    Probability,
    MalignantSum,
    Photographs,
    AnalysedOn,
    /// Largest diameter in millimetres, "at least" where the lesion reaches the frame.
    Diameter,
    Area,
    Asymmetry,
    Border,
    Colours,
    AbcdScore,
    SevenPointScore,
    WeightedSevenPointScore,
    AbcdeSigns,
    /// What the clinician takes the lesion for.
    Impression,
    /// "in 3 months", by the plan of the decision.
    MonitorIn,
    FollowUpOn,
    /// Day of the earlier photograph.
    EarlierOn,
    /// Change of the area, with its sign.
    AreaChange,
    /// Lower and upper bound of it.
    AreaInterval,
}

impl Placeholder {
    pub const ALL: [Self; 20] = [
        Self::Class,
        Self::Probability,
        Self::MalignantSum,
        Self::Photographs,
        Self::AnalysedOn,
        Self::Diameter,
        Self::Area,
        Self::Asymmetry,
        Self::Border,
        Self::Colours,
        Self::AbcdScore,
        Self::SevenPointScore,
        Self::WeightedSevenPointScore,
        Self::AbcdeSigns,
        Self::Impression,
        Self::MonitorIn,
        Self::FollowUpOn,
        Self::EarlierOn,
        Self::AreaChange,
        Self::AreaInterval,
    ];

    /// As it is written between braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Probability => "probability",
            Self::MalignantSum => "malignant_sum",
            Self::Photographs => "photographs",
            Self::AnalysedOn => "analysed_on",
            Self::Diameter => "diameter",
            Self::Area => "area",
            Self::Asymmetry => "asymmetry",
            Self::Border => "border",
            Self::Colours => "colours",
            Self::AbcdScore => "abcd_score",
            Self::SevenPointScore => "seven_point_score",
            Self::WeightedSevenPointScore => "weighted_seven_point_score",
            Self::AbcdeSigns => "abcde_signs",
            Self::Impression => "impression",
            Self::MonitorIn => "monitor_in",
            Self::FollowUpOn => "follow_up_on",
            Self::EarlierOn => "earlier_on",
            Self::AreaChange => "area_change",
            Self::AreaInterval => "area_interval",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.name() == name)
    }

    /// The words for a reading. Of a picture unlike any lesion neither class nor figures are told.
    pub(super) fn say(self, facts: &TextFacts, language: TextLanguage) -> Option<String> {
        let class = facts.class.as_ref().filter(|_| facts.assessed());
        let measures = facts.measures.as_ref().filter(|_| facts.assessed());
        let comparison = facts.comparison.as_ref();
        let area = comparison.filter(|found| found.registered).and_then(|found| found.area);
        let score = |kind| {
            let list = facts.checklist(kind).filter(|list| list.verdict.is_some())?;
            Some(speech::score(list.score, language))
        };
        match self {
            Self::Class => class.map(|(label, _)| terms::class(label, language)),
            Self::Probability => class.map(|(_, share)| speech::percent(*share, language)),
            Self::MalignantSum => facts.assessed().then(|| speech::percent(facts.malignant_sum, language)),
            Self::Photographs => Some(speech::photographs(facts.photographs, language)),
            Self::AnalysedOn => Some(speech::date(facts.analysed_on, language)),
            Self::Diameter => {
                measures.and_then(|m| Some(speech::size(m.diameter_mm?, "mm", m.touches_frame, language)))
            }
            Self::Area => {
                measures.and_then(|m| Some(speech::size(m.area_mm2?, "mm²", m.touches_frame, language)))
            }
            Self::Asymmetry => measures.and_then(|m| Some(speech::axes(m.asymmetry?, language))),
            Self::Border => measures.and_then(|m| Some(speech::segments(m.border?, language))),
            Self::Colours => measures
                .and_then(|m| m.colours.as_deref())
                .filter(|found| !found.is_empty())
                .map(|found| speech::colours(found, language)),
            Self::AbcdScore => score(ChecklistKind::Abcd),
            Self::SevenPointScore => score(ChecklistKind::SevenPoint),
            Self::WeightedSevenPointScore => score(ChecklistKind::WeightedSevenPoint),
            Self::AbcdeSigns => score(ChecklistKind::Abcde),
            Self::Impression => {
                facts.impression.as_deref().and_then(|code| terms::term(code, language)).map(str::to_owned)
            }
            Self::MonitorIn => {
                facts.plan.and_then(Plan::months).map(|months| speech::in_months(months, language))
            }
            Self::FollowUpOn => facts.follow_up.map(|day| speech::date(day, language)),
            Self::EarlierOn => comparison.map(|found| speech::date(found.earlier_on, language)),
            Self::AreaChange => area.map(|area| speech::change(area.value, language)),
            Self::AreaInterval => area.map(|area| speech::interval(area.low, area.high, language)),
        }
    }
}
