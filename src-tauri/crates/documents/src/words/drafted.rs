//! Where a conclusion came from, as a report says it.

use domain::report_text::{TextOrigin, TextSource, TextStanding};

/// A line under a text that a language model drafted; nothing under one from a template or by hand.
pub fn drafted(origin: &TextOrigin) -> Option<String> {
    let TextSource::LanguageModel { model, .. } = &origin.source else { return None };
    let since = match origin.standing {
        TextStanding::Unread => "no clinician has accepted it yet",
        TextStanding::Accepted => "the clinician accepted it",
        TextStanding::Edited => "the clinician edited it",
    };
    Some(format!(
        "Drafted by the language model {model} on a server of the clinic, from class, band and measures; {since}."
    ))
}
