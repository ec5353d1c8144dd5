//! The words of the figures on how the AI does.

use domain::analysis::Band;
use domain::image::ImageKind;
use domain::statistics::{
    FOLLOWED, Grouping, Interval, Kappa, NO_CLASS, NOT_ASSESSED, OTHER_BENIGN, OTHER_MALIGNANT,
    OTHER_UNCERTAIN, PairedTest, Proportion,
};
use jiff::civil::Date;

use super::percent;

pub const PERFORMANCE: &str = "The AI in this clinic";
pub const WHAT_COUNTS: &str = "One reading a lesion: the last one before the first specimen was taken and before any \
result was known. Malignant is what the pathologist calls malignant or in situ. Intervals are two-sided at 95 %. \
Shares rest on at least 10 lesions, curves on at least 10 malignant and 10 benign ones.";
pub const BIAS: &str = "Verification bias: only lesions that somebody chose to excise have a histology. They are more \
suspicious than those left alone, so sensitivity looks higher and specificity lower than among all lesions.";
pub const PREVALENCE: &str = "Predictive values hold where malignant lesions are as frequent as among these.";
pub const FEW: &str = "too few to say";
pub const LESIONS: &str = "Lesions";
pub const CONFUSION: &str = "What was read (rows) and what was found (columns)";
pub const THRESHOLDS: &str = "Called malignant from a band on";
pub const THRESHOLDS_SOURCE: &str = "Intervals: Wilson, J Am Stat Assoc 1927;22:209–212.";
pub const CURVE: &str = "Receiver operating characteristic of the malignant sum";
pub const CURVE_SOURCE: &str = "Interval: DeLong et al., Biometrics 1988;44:837–845, by Sun and Xu, IEEE Signal \
Process Lett 2014;21:1389–1393.";
pub const CALIBRATION: &str = "Calibration of the malignant sum";
pub const CALIBRATION_SOURCE: &str = "Expected calibration error: Naeini et al., AAAI 2015. Score: Brier, Mon Weather \
Rev 1950;78:1–3.";
pub const SUBGROUPS: &str = "Subgroups, called malignant from the suspicious band on";
pub const AGREEMENT: &str = "Clinician and AI";
pub const AGREEMENT_SOURCE: &str = "Kappa: Cohen, Educ Psychol Meas 1960;20:37–46; error: Fleiss, Cohen and Everitt, \
Psychol Bull 1969;72:323–327.";
pub const READ_FIRST: &str = "Lesions that were read first";
pub const READ_FIRST_SOURCE: &str = "Called malignant: malignant or premalignant; by the AI, from the suspicious band \
on. Exact test: McNemar, Psychometrika 1947;12:153–157.";
pub const DRIFT: &str = "Month by month";
pub const DRIFT_SOURCE: &str = "PSI: population stability index against the months of reference (Siddiqi 2006; \
Yurdakul 2018); above 0.2 asks for a look, a dash stands where there are too few readings.";
pub const STEPS: [&str; 3] = ["Clinician alone", "AI", "Clinician after the AI"];
pub const THRESHOLD_HEADS: [&str; 5] = ["From band", "Sensitivity", "Specificity", "PPV", "NPV"];
pub const SUBGROUP_HEADS: [&str; 4] = ["", "Sensitivity", "Specificity", "AUC"];
pub const CALIBRATION_HEADS: [&str; 4] = ["Said", "Lesions", "Mean said", "Malignant"];
pub const AGREEMENT_HEADS: [&str; 3] = ["", "Agree", "Kappa"];
pub const READ_FIRST_HEADS: [&str; 3] = ["", "Sensitivity", "Specificity"];
pub const DRIFT_HEADS: [&str; 7] = [
    "Month",
    "Readings",
    "Out of distribution",
    "Benign / suspicious / malignant",
    "Mean sum",
    "Quality",
    "PSI",
];

pub const fn grouping(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Class => "Found",
        Grouping::Sex => "Sex",
        Grouping::Age => "Age",
        Grouping::SkinType => "Skin type",
        Grouping::Site => "Site",
        Grouping::Model => "Model",
        Grouping::Kind => "Photograph",
    }
}

/// A class by its code, and what stands beside classes in words.
pub fn class(code: &str) -> &str {
    match code {
        OTHER_MALIGNANT => "other, malignant",
        OTHER_BENIGN => "other, benign",
        OTHER_UNCERTAIN => "open",
        FOLLOWED => "unchanged",
        NO_CLASS => "none named",
        NOT_ASSESSED => "not assessed",
        code => code,
    }
}

pub fn key(grouping: Grouping, key: &str) -> String {
    match grouping {
        Grouping::Class => class(key).to_owned(),
        Grouping::Age => key.parse::<u32>().map_or_else(
            |_| "not known".to_owned(),
            |from| if from >= 90 { format!("{from} and more") } else { format!("{from}–{}", from + 9) },
        ),
        Grouping::Model => key.chars().take(12).collect(),
        _ => key.replace('_', " "),
    }
}

pub const fn from_band(band: Band) -> &'static str {
    match band {
        Band::Benign => "benign",
        Band::Suspicious => "suspicious or malignant",
        Band::Malignant => "malignant",
    }
}

pub fn period(from: Option<Date>, to: Option<Date>) -> String {
    match (from, to) {
        (None, None) => "All readings".to_owned(),
        (Some(from), None) => format!("Readings from {} on", super::date(from)),
        (None, Some(to)) => format!("Readings until {}", super::date(to)),
        (Some(from), Some(to)) => format!("Readings from {} to {}", super::date(from), super::date(to)),
    }
}

pub const fn kind(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Dermoscopic => "dermoscopic photographs",
        ImageKind::Clinical => "clinical photographs",
        ImageKind::Overview => "overview photographs",
    }
}

pub fn follow_up(months: u32) -> String {
    format!(
        "Lesions without a specimen count as benign where a clinician took them for benign at least {months} months \
         after the reading and no growth was measured."
    )
}

pub fn proportion(share: &Proportion) -> String {
    match (share.value, share.interval) {
        (Some(value), Some(within)) => {
            format!(
                "{} ({}–{}), {}/{}",
                percent(value),
                bare(within.low),
                bare(within.high),
                share.hits,
                share.of
            )
        }
        _ => format!("{}/{}, {FEW}", share.hits, share.of),
    }
}

/// Percent without its sign, for the ends of an interval.
fn bare(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

pub fn figure(value: Option<f64>, within: Option<Interval>) -> String {
    match (value, within) {
        (Some(value), Some(within)) => format!("{value:.3} ({:.3}–{:.3})", within.low, within.high),
        (Some(value), None) => format!("{value:.3} (no interval)"),
        _ => FEW.to_owned(),
    }
}

pub fn kappa(kappa: &Kappa) -> String {
    figure(kappa.kappa, kappa.interval)
}

pub fn tested(test: &PairedTest) -> String {
    match test.p {
        Some(p) if p < 0.001 => "p < 0.001".to_owned(),
        Some(p) => format!("p = {p:.3}"),
        None => "no difference".to_owned(),
    }
}

pub fn plain(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
