//! Every word the documents print, apart from what the content brings with it.
//!
//! English is the only language so far; another one needs this module alone.

mod comparison;
mod drafted;
pub mod performance;
mod recovery;

use crate::slip::SlipKind;
use domain::analysis::{Assessment, Band, Gate, Urgency};

use domain::model::Malignancy;
use domain::outline::MeasuredLesion;
use domain::quality::{QualityCheck, QualityCode};
use domain::report::{EditionKind, ReportContent};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

pub use comparison::*;
pub use drafted::drafted;
pub use recovery::*;

pub const REPORT: &str = "Skin lesion report";
pub const REPORT_NUMBER: &str = "Report";
pub const REPORT_DATE: &str = "Date";
pub const STATEMENT: &str = "Decision support, not a diagnosis";
pub const DRAFT: &str = "UNSIGNED DRAFT";

pub const SELF_TEST_TITLE: &str = "Self-test";

pub const NAME: &str = "Patient";
pub const PATIENT_NUMBER: &str = "Patient number";
pub const DATE_OF_BIRTH: &str = "Date of birth";
pub const SEX: &str = "Sex";
pub const LESION: &str = "Lesion";
pub const BODY_SITE: &str = "Body site";
pub const PHOTOGRAPHS_USED: &str = "Photographs read";

pub const PHOTOGRAPHS: &str = "Photographs";
pub const PHOTOGRAPH: &str = "Photograph";
pub const ATTENTION: &str = "Model attention (Grad-CAM)";
pub const NO_ATTENTION: &str = "No attention map for this photograph";
pub const ATTENTION_LEGEND: &str = "Model attention: the warmer the colour, the more the region \
weighed in the model's output. It is not an outline of the lesion and not a finding.";
pub const QUALITY_WARNING: &str = "Quality warning";
pub const QUALITY_FINE: &str = "No quality warning";

pub const READING: &str = "Automated reading";
pub const NAMED_CLASS: &str = "Named class";
pub const BAND: &str = "Band";
pub const URGENCY: &str = "Urgency";
pub const GATE: &str = "Gate";
pub const NONE_NAMED: &str = "None named";
pub const NOT_ASSESSED: &str = "Not assessed";
pub const CLINICAL_JUDGEMENT: &str = "Clinical judgement";

pub const PROBABILITIES: &str = "Class probabilities";
pub const PROBABILITIES_UNNAMED: &str = "Model output, not a finding";
pub const CLASS: &str = "Class";
pub const NATURE: &str = "Nature";
pub const IN_SET: &str = "In set";
pub const RANGE: &str = "Range";
pub const PROBABILITY: &str = "Probability";
pub const YES: &str = "yes";
pub const MALIGNANT_SUM: &str = "Malignant classes together";
pub const NOT_VALID: &str = "The picture lies outside what the model was fitted to. These figures \
are kept for the record only and say nothing about this lesion.";
pub const BELOW_GATE: &str = "No class can be named. The order of this table is not a finding.";
pub const OVERRIDE: &str = "The malignant classes together raised the band, whatever the leading \
class.";
pub const RANGE_NOTE: &str = "Range: largest minus smallest probability over the photographs.";

pub const CONCLUSION: &str = "Clinician's conclusion";
pub const NO_CONCLUSION: &str = "No conclusion has been entered.";
pub const MODEL: &str = "Model";
pub const EXAMINER: &str = "Examiner";
pub const SIGNATURE: &str = "Signature";
pub const SIGNED_ON: &str = "Date";

pub const SIGNATURES: &str = "Signatures";
pub const SIGNING_KEY: &str = "Key";
pub const WITHDRAWAL: &str = "This report is withdrawn";
pub const WITHDRAWN: &str = "WITHDRAWN";
pub const VERIFY: &str = "Signed electronically. The code beside holds number, edition, time and signature; the \
file is sealed as a whole. Both can be checked without a network, in Lentigo or with \"lentigo verify\".";
pub const VERIFY_CODE: &str = "Code for verification";

pub const CHECKLISTS: &str = "Checklists";
pub const CHECKLIST_OPEN: &str = "not complete, so no verdict";
pub const NOT_ANSWERED: &str = "not answered";
pub const NOT_ANSWERED_LIST: &str = "Not answered";
pub const FOUND: &str = "Found";
pub const NONE_FOUND: &str = "None found";
pub const FILLED_BY: &str = "Filled in by";

pub const REFERRAL: &str = "Referral";
pub const URGENT: &str = "Urgent: please see as soon as possible";
pub const PATIENT: &str = "Patient";
pub const IMPRESSION: &str = "Clinical impression";
pub const FINDINGS: &str = "Findings";
pub const QUESTION: &str = "Question";
pub const REGARDS: &str = "With kind regards";
pub const LETTER_STATEMENT: &str = "A clinical impression, not a diagnosis. Readings of photographs by a program \
support the clinician and replace neither examination nor histology.";

/// Day, month as a word, year: read the same way everywhere.
pub fn date(date: Date) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS[usize::from(date.month().unsigned_abs() - 1) % 12];
    format!("{} {month} {:04}", date.day(), date.year())
}

/// Date and time to the minute with their offset from UTC.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    let offset =
        if local.offset() == Offset::UTC { "UTC".to_owned() } else { local.strftime("%:z").to_string() };
    format!("{}, {:02}:{:02} {offset}", date(local.date()), local.hour(), local.minute())
}

pub fn born(content: &ReportContent) -> String {
    format!("{} ({})", date(content.date_of_birth), years(content.age))
}

/// An age in completed years.
pub fn years(age: i16) -> String {
    match age {
        i16::MIN..=0 => "under 1 year".to_owned(),
        1 => "1 year".to_owned(),
        years => format!("{years} years"),
    }
}

/// The sum of a checklist.
pub fn points(score: f64) -> String {
    let unit = if score == 1.0 { "point" } else { "points" };
    if score.fract() == 0.0 { format!("{score:.0} {unit}") } else { format!("{score:.1} {unit}") }
}

pub const fn edition(kind: EditionKind) -> &'static str {
    match kind {
        EditionKind::Signed => "Report",
        EditionKind::Addendum => "Addendum",
        EditionKind::Withdrawn => "Withdrawal",
    }
}

pub fn addendum(number: u32) -> String {
    format!("Addendum {number}")
}

/// The state of a signed report in the foot of its pages.
pub fn signed(edition: u32) -> String {
    format!("SIGNED, EDITION {edition}")
}

/// A key as people compare it.
pub fn in_fours(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// The line that stands on every page.
pub fn identity(content: &ReportContent) -> String {
    format!("{} · born {} · {}", content.patient_number, date(content.date_of_birth), content.patient_name)
}

pub fn page(number: usize, of: usize) -> String {
    format!("Page {number} of {of}")
}

/// "Photograph", counted where there are several, with its caption where there is room for it.
pub fn photograph(number: usize, of: usize, caption: Option<&str>) -> String {
    let counted = if of > 1 { format!("{PHOTOGRAPH} {number} of {of}") } else { PHOTOGRAPH.to_owned() };
    match caption.map(str::trim).filter(|caption| !caption.is_empty()) {
        Some(caption) => format!("{counted}: {caption}"),
        None => counted,
    }
}

/// Percent to one decimal; what rounds to nothing or to everything but is not says so.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        "–".to_owned()
    } else if value > 0.0 && value < 0.05 {
        "< 0.1 %".to_owned()
    } else if (99.95..100.0).contains(&value) {
        "> 99.9 %".to_owned()
    } else {
        format!("{value:.1} %")
    }
}

/// A whole-number percentage where the share is one.
pub fn coverage(share: f64) -> String {
    let value = share * 100.0;
    if (value - value.round()).abs() < 1e-6 { format!("{value:.0} %") } else { format!("{value:.1} %") }
}

pub const fn nature(malignancy: Malignancy) -> &'static str {
    match malignancy {
        Malignancy::Benign => "benign",
        Malignancy::Premalignant => "premalignant",
        Malignancy::Malignant => "malignant",
    }
}

pub const fn gate(gate: Gate) -> &'static str {
    match gate {
        Gate::Inconclusive => "Inconclusive",
        Gate::Uncertain => "Uncertain",
        Gate::Confident => "Confident",
        Gate::OutOfDistribution => "Out of distribution",
    }
}

/// The band as far as it may be printed: one that would reassure needs a named class.
pub const fn printed_band(assessment: &Assessment) -> Option<Band> {
    match (assessment.gate, assessment.band) {
        (Gate::OutOfDistribution, _) | (Gate::Inconclusive, Band::Benign) => None,
        (_, band) => Some(band),
    }
}

pub const fn band(band: Option<Band>) -> &'static str {
    match band {
        None => NOT_ASSESSED,
        Some(Band::Benign) => "Benign",
        Some(Band::Suspicious) => "Suspicious",
        Some(Band::Malignant) => "Malignant",
    }
}

pub const fn urgency(band: Option<Band>, urgency: Urgency) -> &'static str {
    match (band, urgency) {
        (None, _) => CLINICAL_JUDGEMENT,
        (Some(_), Urgency::Routine) => "Routine",
        (Some(_), Urgency::Appointment) => "Appointment",
        (Some(_), Urgency::Immediate) => "Immediate",
    }
}

/// The class that may be named as a finding: none when the gate does not let one be.
pub fn named_class(assessment: &Assessment) -> String {
    match (&assessment.label, assessment.gate) {
        (Some(label), Gate::Confident) => format!("{} ({})", label.name, label.code),
        (Some(label), Gate::Uncertain) => format!("{} ({}), uncertain", label.name, label.code),
        _ => NONE_NAMED.to_owned(),
    }
}

pub fn recommendation_source(assessment: &Assessment) -> String {
    let advice = &assessment.advice;
    format!("Recommendation table {}, row {}", advice.version, advice.code)
}

pub fn prediction_set(names: &[String], share: f64) -> String {
    let names = if names.is_empty() { "empty".to_owned() } else { names.join(", ") };
    format!(
        "Prediction set: {names}. Sets made this way hold the true class in {} of lesions like \
        those the model was checked on.",
        coverage(share)
    )
}

pub const NO_NOVELTY: &str =
    "This model has no data to tell pictures unlike any lesion; that check was not made.";

pub fn not_named(codes: &[String]) -> String {
    format!("By its recall in this clinic this model does not name: {}.", codes.join(", "))
}

pub fn novelty(score: f64, threshold: f64) -> String {
    format!(
        "Novelty {score:.2} exceeds its limit of {threshold:.2}: the features are unlike those of \
        the training lesions."
    )
}

pub fn model(name: &str, version: &str, short_digest: &str, analysed_at: &str) -> String {
    format!("{name} {version} · SHA-256 {short_digest} · analysed {analysed_at}")
}

pub fn quality(check: &QualityCheck) -> String {
    let QualityCheck { value, limit, .. } = check;
    match check.code {
        QualityCode::Blurred => format!("blurred (sharpness {value:.0}, at least {limit:.0})"),
        QualityCode::TooDark => format!("too dark (mean grey {value:.0}, at least {limit:.0})"),
        QualityCode::TooBright => {
            format!("too bright (mean grey {value:.0}, at most {limit:.0})")
        }
        QualityCode::LowContrast => {
            format!("low contrast (deviation {value:.0}, at least {limit:.0})")
        }
        QualityCode::DarkCorners => "dark corners".to_owned(),
        QualityCode::Ruler => "ruler or scale in the picture".to_owned(),
        QualityCode::InkMarks => "ink marks on the skin".to_owned(),
        QualityCode::Hair => "hair over the lesion".to_owned(),
    }
}

/// The words of a kind of slip.
pub(crate) struct SlipWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub steps: [&'static str; 3],
    pub note: &'static str,
}

pub(crate) const VISIT_SLIP: &str = "Your visit";
pub(crate) const VISIT_SLIP_NOTE: &str =
    "Hold the square or the bars under the scanner when you arrive, or show this slip at the desk.";
pub(crate) const SUBJECT_TITLE: &str = "Everything on record about you";
pub(crate) const SUBJECT_LEAD: &str = "A summary for reading. The file record.json beside it holds every stored value, the folders hold the photographs, \
     the pictures that explain readings, and the reports.";
pub(crate) const SUBJECT_NOTHING: &str = "Nothing on record.";
pub(crate) const SLIP_CODE: &str = "Code";
pub(crate) const SLIP_CODES: &str = "Codes, each works once";
pub(crate) const SLIP_STEPS: &str = "What to do";

pub(crate) const fn slip(kind: SlipKind) -> SlipWords {
    match kind {
        SlipKind::Activation => SlipWords {
            title: "Your account",
            lead: "An account was prepared for you. With this code you choose its password; nobody else learns it.",
            steps: [
                "At the workstation, open “I have an activation code” on the sign-in screen.",
                "Type your e-mail address and the code. Hyphens and capital letters do not matter.",
                "Choose a password. The code is used up then; destroy this slip.",
            ],
            note: "If you did not expect this slip, give it back to the administrator of your clinic.",
        },
        SlipKind::RecoveryCodes => SlipWords {
            title: "Recovery codes",
            lead: "One of these codes takes the place of your telephone, or sets a new password when you forgot it.",
            steps: [
                "Keep this sheet where you keep your passport, not at the workstation.",
                "When you are asked for six digits, choose “Use a recovery code instead”, or choose “Forgotten password”.",
                "Strike out the code that you used. In your profile you can print ten fresh ones at any time.",
            ],
            note: "Whoever has this sheet and your e-mail address can sign in as you. If it is lost, print fresh codes: the old ones stop working.",
        },
        SlipKind::Patient => SlipWords {
            title: "Your record",
            lead: "With this code you can look at your own data, your photographs and your signed reports at our workstation.",
            steps: [
                "At the workstation, choose “Patient: I have a slip”.",
                "Type the code, or hold the square under the scanner.",
                "Choose “I am done” when you leave. The record closes by itself after a few minutes.",
            ],
            note: "The code works once. Do not give it to others: it shows your record to whoever types it.",
        },
    }
}

/// What the automatic outline measured, in one line: sizes in millimetres with a scale, else in pixels.
pub fn measured(lesion: &MeasuredLesion) -> String {
    let measures = &lesion.measures;
    let diameter = match measures.size.feret_mm {
        Some(mm) => format!("{mm:.1} mm"),
        None => format!("{:.0} px (uncalibrated)", measures.size.feret_px),
    };
    let least = if measures.touches_frame { "at least " } else { "" };
    let mut parts = vec![format!("largest diameter {least}{diameter}")];
    let (asymmetry, border, colours) =
        (measures.whole_asymmetry(), measures.whole_border(), &measures.colours);
    parts.extend(asymmetry.map(|found| format!("{} of 2 axes asymmetric", found.score)));
    parts.extend(border.map(|found| format!("{} of 8 border segments abrupt", found.score)));
    parts.extend(colours.as_ref().map(|found| format!("{} of 6 dermoscopic colours", found.present.len())));
    let mut line = format!("Measured from an automatic outline: {}.", parts.join(", "));
    if measures.touches_frame {
        line += " The lesion reaches the edge of the photograph or of the dermoscope's view.";
    } else if let Some(proposal) = &lesion.tds_proposal {
        let score = proposal.tds.score;
        line += &format!(
            " ABCD rule, proposal: {score:.1}; its structures are guessed until a clinician counts them."
        );
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_percentage_rounds_to_certainty() {
        assert_eq!(percent(0.0), "0.0 %");
        assert_eq!(percent(0.000_4), "< 0.1 %");
        assert_eq!(percent(0.8312), "83.1 %");
        assert_eq!(percent(0.999_9), "> 99.9 %");
        assert_eq!(percent(1.0), "100.0 %");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!((coverage(0.9), coverage(0.925)), ("90 %".into(), "92.5 %".into()));
    }

    #[test]
    fn a_moment_names_its_offset() {
        let at: Timestamp = "2026-11-20T23:30:00Z".parse().unwrap();
        assert_eq!(moment(at, &TimeZone::UTC), "20 Nov 2026, 23:30 UTC");
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(moment(at, &zone), "21 Nov 2026, 00:30 +01:00");
    }
}
