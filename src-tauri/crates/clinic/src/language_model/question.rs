//! What a language model is told and what it may answer. The types are the rule: there is no field for anything
//! that says who the patient is, and none for words that somebody typed.

use domain::analysis::Band;
use domain::measure::DermoscopicColour;
use domain::problem::Problems;
use domain::report::LONGEST_TEXT;
use domain::report_text::{TextFacts, TextLanguage};
use serde::{Deserialize, Serialize};

use super::Failure;

/// About the length of a long conclusion.
const MOST_TOKENS: u32 = 800;
const TASK: &str = "You draft one short paragraph for the conclusion of a dermatology report. Use only the figures \
    in the JSON of the next message: the class that an automated reading ranks first with its probability, the band \
    (benign, suspicious or malignant), the sum over the malignant classes, and measures of the lesion. Invent nothing. \
    Make no diagnosis and give no reassurance: the reading is decision support, and the clinician decides. For the \
    band malignant recommend prompt specialist assessment, for suspicious dermoscopic examination. Plain text without \
    headings, lists or names, at most 120 words, in ";

/// All that leaves the program.
#[derive(Debug, Serialize)]
struct Question<'a> {
    model: &'a str,
    temperature: u8,
    stream: bool,
    max_tokens: u32,
    messages: [Message; 2],
}

#[derive(Debug, Serialize)]
struct Message {
    role: &'static str,
    content: String,
}

/// Class, band and measures.
#[derive(Debug, Serialize)]
struct Told {
    class: Option<ToldClass>,
    band: Band,
    malignant_sum: f64,
    measures: Option<ToldMeasures>,
}

#[derive(Debug, Serialize)]
struct ToldClass {
    code: String,
    name: String,
    probability: f64,
}

#[derive(Debug, Serialize)]
struct ToldMeasures {
    largest_diameter_mm: Option<f64>,
    area_mm2: Option<f64>,
    asymmetric_axes_of_2: Option<u8>,
    abrupt_border_segments_of_8: Option<u8>,
    dermoscopic_colours: Option<Vec<DermoscopicColour>>,
}

/// Four decimals tell no more than is known.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// The bytes of a question on a reading.
///
/// # Errors
/// [`Failure::NotAssessed`] where the reading names nothing.
pub(super) fn bytes(model: &str, facts: &TextFacts, language: TextLanguage) -> Result<Vec<u8>, Failure> {
    if !facts.assessed() {
        return Err(Failure::NotAssessed);
    }
    let told = Told {
        class: facts.class.as_ref().map(|(label, probability)| ToldClass {
            code: label.code.clone(),
            name: label.name.clone(),
            probability: rounded(*probability),
        }),
        band: facts.band,
        malignant_sum: rounded(facts.malignant_sum),
        measures: facts.measures.as_ref().map(|measures| ToldMeasures {
            largest_diameter_mm: measures.diameter_mm.map(rounded),
            area_mm2: measures.area_mm2.map(rounded),
            asymmetric_axes_of_2: measures.asymmetry,
            abrupt_border_segments_of_8: measures.border,
            dermoscopic_colours: measures.colours.clone(),
        }),
    };
    let content = serde_json::to_string(&told).map_err(|_| Failure::Unreadable)?;
    let question = Question {
        model,
        temperature: 0,
        stream: false,
        max_tokens: MOST_TOKENS,
        messages: [
            Message { role: "system", content: format!("{TASK}{}.", language.name()) },
            Message { role: "user", content },
        ],
    };
    serde_json::to_vec(&question).map_err(|_| Failure::Unreadable)
}

#[derive(Deserialize)]
struct Answer {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
}

#[derive(Deserialize)]
struct Said {
    content: String,
}

/// The text of an answer, word for word.
///
/// # Errors
/// [`Failure::Unreadable`], [`Failure::Empty`], [`Failure::TooLong`].
pub(super) fn text(answer: &[u8]) -> Result<String, Failure> {
    let answer: Answer = serde_json::from_slice(answer).map_err(|_| Failure::Unreadable)?;
    let text = answer.choices.into_iter().next().ok_or(Failure::Empty)?.message.content;
    if text.trim().is_empty() {
        return Err(Failure::Empty);
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Failure::TooLong);
    }
    let mut problems = Problems::default();
    problems.text("text", &text, LONGEST_TEXT);
    problems.into_result().map_err(|_| Failure::Unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_word_for_word_or_refused() {
        let said = |content: &str| {
            let answer = serde_json::json!({ "choices": [{ "message": { "content": content } }] });
            text(answer.to_string().as_bytes())
        };
        assert_eq!(said("  As it is.\n\nDone. ").unwrap(), "  As it is.\n\nDone. ");
        assert_eq!(said(" \n"), Err(Failure::Empty));
        assert_eq!(said(&"ä".repeat(LONGEST_TEXT)).unwrap().chars().count(), LONGEST_TEXT);
        assert_eq!(said(&"ä".repeat(LONGEST_TEXT + 1)), Err(Failure::TooLong));
        assert_eq!(said("One\u{1b}[31m."), Err(Failure::Unreadable));
        for bad in ["", "{}", "[]", "null", "{\"choices\":[{\"message\":{\"content\":null}}]}", "\u{fffd}"] {
            assert_eq!(text(bad.as_bytes()), Err(Failure::Unreadable), "{bad}");
        }
        assert_eq!(text(b"{\"choices\":[]}"), Err(Failure::Empty));
    }
}
