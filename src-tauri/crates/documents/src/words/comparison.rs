//! The words of a comparison with an earlier photograph.

use domain::comparison::{
    Anchor, Bounded, CannotRegister, ColourShift, MeanColourChange, Monitoring, Registration, SizeBasis,
};
use domain::measure::DermoscopicColour;
use domain::outline::OutlineGap;
use jiff::civil::Date;

use super::date;

pub const COMPARISON: &str = "Comparison with an earlier photograph";
pub const DESTROYED: &str = "The photograph is no longer kept.";
pub const OUTLINE_LEGEND: &str =
    "Line: automatic outline of the lesion, drawn over the photograph and not part of it.";
pub const AREA: &str = "Area";
pub const DIAMETER: &str = "Largest diameter";
pub const SIZE: &str = "Size";
pub const NEW_AND_LOST: &str = "Outline";
pub const MEAN_COLOUR: &str = "Mean colour";
pub const COLOURS: &str = "Colours of dermoscopy";
pub const ASYMMETRY: &str = "Asymmetry index";
pub const BORDER: &str = "Abrupt border segments of 8";
pub const COMPACTNESS: &str = "Compactness (circle 1)";
pub const MONITORING: &str = "Short-term monitoring";
pub const CHANGE_STATEMENT: &str = "Change is measured, not judged: it is no diagnosis. In brackets: where 95 of 100 \
repeated pairs of an unchanged lesion lie.";
pub const SIZE_AT_FRAME: &str =
    "not told: the lesion reaches the edge of a photograph or of the dermoscope's view";
pub const SIZE_UNKNOWN: &str = "not told: only the lesion itself holds the photographs together, so growth and camera \
distance cannot be told apart";

pub fn earlier(day: Date) -> String {
    format!("Earlier: {}", date(day))
}

pub fn later(day: Date) -> String {
    format!("Later: {}", date(day))
}

/// "98 days (3.2 months) apart"; months from 60 days on.
pub fn apart(days: i64) -> String {
    const MONTH: f64 = 30.4369;
    match days {
        1 => "1 day apart".to_owned(),
        ..60 => format!("{days} days apart"),
        _ => format!("{days} days ({:.1} months) apart", days as f64 / MONTH),
    }
}

/// How well the photographs lie on each other.
pub fn registered(registration: &Registration) -> String {
    let anchor = match registration.anchor {
        Anchor::Skin => "by the skin around the lesion",
        Anchor::Lesion => "by the lesion alone",
    };
    format!(
        "Laid over each other {anchor}: {:.1} px apart as a rule on a short side of 448, {:.0} % of the places with \
         detail agree.",
        registration.residual_px,
        registration.agreement * 100.0
    )
}

pub const fn refused(reason: CannotRegister) -> &'static str {
    match reason {
        CannotRegister::TooLittleDetail => {
            "The photographs cannot be laid over each other: one has too little detail. No change is measured."
        }
        CannotRegister::NoAgreement => {
            "The photographs cannot be laid over each other: their details do not agree. No change is measured."
        }
        CannotRegister::TooLittleOverlap => {
            "The photographs cannot be laid over each other: they share too little skin. No change is measured."
        }
    }
}

pub const fn no_outline(gap: OutlineGap) -> &'static str {
    match gap {
        OutlineGap::OutlineNotFound => "No change is measured: no lesion stands out clearly from the skin.",
        OutlineGap::OutlineEmpty | OutlineGap::OutlineSize => {
            "No change is measured: the outline cannot be measured."
        }
        OutlineGap::ScaleInvalid => "No change is measured: the scale cannot be used.",
        OutlineGap::ModelUnavailable => "No change is measured: the outline model was not available.",
    }
}

/// A ratio as a change with its interval: "+12 % (-8 % to +36 %)".
pub fn growth(ratio: &Bounded) -> String {
    format!(
        "{} ({} to {})",
        signed_percent(ratio.value),
        signed_percent(ratio.low),
        signed_percent(ratio.high)
    )
}

/// 1.08 is "+8 %".
pub fn signed_percent(ratio: f64) -> String {
    let change = ((ratio - 1.0) * 100.0).round();
    if change > 0.0 {
        format!("+{change:.0} %")
    } else if change < 0.0 {
        format!("-{:.0} %", -change)
    } else {
        "0 %".to_owned()
    }
}

pub fn beyond(ratio: &Bounded) -> &'static str {
    if ratio.low > 1.0 || ratio.high < 1.0 {
        "more than repeated photographs of an unchanged lesion differ"
    } else {
        "within what repeated photographs of an unchanged lesion differ"
    }
}

pub const fn basis(basis: SizeBasis) -> &'static str {
    match basis {
        SizeBasis::Calibrated => "by the scales of both photographs",
        SizeBasis::Skin => "by the skin around the lesion",
    }
}

pub fn from_to(before: f64, after: f64, digits: usize, unit: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    format!("{before:.digits$} to {after:.digits$}{unit}")
}

pub fn new_and_lost(gained: f64, lost: f64) -> String {
    format!("{:.0} % new, {:.0} % lost, of the earlier area", gained * 100.0, lost * 100.0)
}

pub fn mean_colour(colour: &MeanColourChange) -> String {
    let against = if colour.difference > colour.noise { "more than" } else { "within" };
    format!(
        "ΔE {:.1}, {against} the {:.0} by which repeated photographs differ",
        colour.difference, colour.noise
    )
}

pub fn colour_shift(shift: &ColourShift) -> String {
    let name = match shift.colour {
        DermoscopicColour::White => "white",
        DermoscopicColour::Red => "red",
        DermoscopicColour::LightBrown => "light brown",
        DermoscopicColour::DarkBrown => "dark brown",
        DermoscopicColour::BlueGrey => "blue-grey",
        DermoscopicColour::Black => "black",
    };
    let mark = match (shift.earlier > 0.0, shift.later > 0.0) {
        (false, true) => " (new)",
        (true, false) => " (no longer seen)",
        _ => "",
    };
    format!("{name} {:.0} to {:.0} %{mark}", shift.earlier * 100.0, shift.later * 100.0)
}

pub fn scale_conflict(ratio: f64) -> String {
    format!("The calibrated scales do not fit the photographs: they differ by {}.", signed_percent(ratio))
}

/// The rule of Menzies et al. 2001 at this interval.
pub const fn monitoring(interval: Monitoring) -> &'static str {
    match interval {
        Monitoring::TooEarly => "below 2.5 months: too early for the rule",
        Monitoring::ShortTerm => {
            "2.5 to 4.5 months: by the rule any change of a suspicious melanocytic lesion leads to excision \
             (Menzies et al., Arch Dermatol 2001;137:1583)"
        }
        Monitoring::LongTerm => "over 4.5 months: the rule does not hold here",
    }
}

pub fn compared_by(author: &str, at: &str) -> String {
    format!("Compared by {author}, {at}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_with_their_sign_and_nothing_as_nothing() {
        assert_eq!([1.08, 1.0, 1.002, 0.9].map(signed_percent), ["+8 %", "0 %", "0 %", "-10 %"]);
        assert_eq!(
            (apart(1), apart(59), apart(98)),
            ("1 day apart".into(), "59 days apart".into(), "98 days (3.2 months) apart".into())
        );
    }

    #[test]
    fn only_an_interval_that_leaves_one_out_is_beyond_the_noise() {
        assert!(beyond(&Bounded::ratio(1.6, 0.4)).starts_with("more"));
        assert!(beyond(&Bounded::ratio(1.2, 0.4)).starts_with("within"));
    }
}
