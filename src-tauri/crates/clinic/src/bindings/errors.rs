//! The pages of errors: every code, what it means and what to do, in the window's own words.

use std::fmt::Write as _;

use serde_json::Value;

use crate::error::ErrorCode;

/// One language's page.
pub struct ErrorPage {
    /// As the window names it: `en`.
    pub language: &'static str,
    /// Beside the others in `docs`.
    pub file: &'static str,
    title: &'static str,
    lead: &'static str,
    head: &'static str,
    /// What the codes carry is written for scripts, and in English.
    with_details: bool,
}

pub const ERROR_PAGES: [ErrorPage; 3] = [
    ErrorPage {
        language: "en",
        file: "errors.md",
        title: "Errors",
        lead: "Every refusal, in the window and on the command line, is one object: `{ \"code\", \"message\", \
\"details\" }`. The code is one of these and stays what it is between versions; the message is English for logs and \
scripts; details hold numbers, words and record ids, never anything of a patient. Where the table says nothing of \
details, they are empty.",
        head: "| code | meaning | details and causes | what to do |\n|---|---|---|---|",
        with_details: true,
    },
    ErrorPage {
        language: "de",
        file: "errors.de.md",
        title: "Fehler",
        lead: "Jede Ablehnung trägt einen dieser Codes, im Fenster wie auf der Befehlszeile. Ein Code bleibt von \
Version zu Version derselbe und sagt nie etwas über Patient:innen.",
        head: "| Code | Bedeutung | Was zu tun ist |\n|---|---|---|",
        with_details: false,
    },
    ErrorPage {
        language: "es",
        file: "errors.es.md",
        title: "Errores",
        lead: "Cada rechazo lleva uno de estos códigos, tanto en la ventana como en la línea de órdenes. Un código \
no cambia entre versiones y nunca dice nada de un paciente.",
        head: "| código | significado | qué hacer |\n|---|---|---|",
        with_details: false,
    },
];

impl ErrorPage {
    /// The page, where `messages` are the window's in this language.
    ///
    /// # Errors
    /// The code for which the window has no sentence, or nothing that could be done.
    pub fn write(&self, messages: &Value) -> Result<String, String> {
        let mut out = format!(
            "<!-- Made from the closed set of codes and the window's words by `./dev bindings`; do not edit. -->\n\
             # {}\n\n{}\n\n{}\n",
            self.title, self.lead, self.head
        );
        for code in ErrorCode::ALL {
            let (word, row) = self.row(*code, messages)?;
            let _ = writeln!(out, "| `{word}` | {row} |");
        }
        Ok(out)
    }

    fn row(&self, code: ErrorCode, messages: &Value) -> Result<(String, String), String> {
        let word = serde_json::to_value(code).ok().and_then(|word| Some(word.as_str()?.to_owned()));
        let word = word.ok_or_else(|| format!("{code:?} has no word"))?;
        // A sentence with a blank to fill in belongs to something else.
        let said = messages[format!("error_{word}")].as_str().filter(|said| !said.contains('{'));
        let said = said.ok_or_else(|| format!("{}: no sentence for {word}", self.language))?;
        // It may end in what to do; where it does not, the advice stands beside it.
        let (meaning, advice) = match messages[format!("advice_{word}")].as_str() {
            Some(advice) => (said, advice),
            None => said
                .split_once(". ")
                .ok_or_else(|| format!("{}: nothing to do about {word}", self.language))?,
        };
        let meaning = meaning.trim_end_matches('.');
        let row = if self.with_details {
            format!("{meaning}. | {} | {advice}", code.notes().trim())
        } else {
            format!("{meaning}. | {advice}")
        };
        Ok((word, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_meaning_and_advice_in_the_windows_words() {
        for page in &ERROR_PAGES {
            let window =
                format!("{}/../../../ui/messages/{}.json", env!("CARGO_MANIFEST_DIR"), page.language);
            let messages: Value = serde_json::from_slice(&std::fs::read(window).unwrap()).unwrap();
            let columns = page.head.lines().next().unwrap().matches('|').count() - 1;
            let text = page.write(&messages).unwrap();
            let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
            assert_eq!(rows.len(), ErrorCode::ALL.len());
            for row in rows {
                assert_eq!(row.trim_matches('|').split(" | ").count(), columns, "{row}");
            }
            assert_eq!(text.contains("`details.problems` lists the fields."), page.with_details);
        }
    }

    #[test]
    fn a_sentence_with_a_blank_is_of_something_else() {
        let messages = serde_json::json!({ "error_busy": "It said {status}. Wait." });
        assert!(ERROR_PAGES[0].row(ErrorCode::Busy, &messages).unwrap_err().contains("busy"));
    }
}
