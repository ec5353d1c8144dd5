//! Marks in a text what a question found in it. The answer is pieces of plain text, so that nothing in an article can
//! act as markup.

use domain::article::TextPiece;

use crate::fold::fold;

/// Characters of an extract, and those that stand before its first hit.
const EXTRACT: usize = 160;
const BEFORE: usize = 40;

/// A folded word that counts as a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    word: String,
    /// It may go on.
    beginning: bool,
}

impl Term {
    pub(super) fn whole(word: String) -> Self {
        Self { word, beginning: false }
    }

    fn is_in(&self, word: &str) -> bool {
        if self.beginning { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// The forms in which a typed word is looked for.
pub(super) fn terms_of(typed: &str) -> Vec<Term> {
    let mut terms = vec![Term { word: typed.to_owned(), beginning: true }];
    // Like the expression of the index: "ue" may stand for "ü" in a word that is long enough.
    let single =
        ["ae", "oe", "ue"].iter().fold(typed.to_owned(), |word, pair| word.replace(pair, &pair[..1]));
    if typed.len() >= 5 && single != typed {
        terms.push(Term { word: single, beginning: true });
    }
    terms
}

/// The whole text in pieces.
#[must_use]
pub fn marked(text: &str, terms: &[Term]) -> Vec<TextPiece> {
    let mut pieces: Vec<TextPiece> = Vec::new();
    for (piece, is_word) in runs(text) {
        let hit = is_word && is_hit(piece, terms);
        match pieces.last_mut() {
            Some(last) if last.hit == hit => last.text.push_str(piece),
            _ => pieces.push(TextPiece { text: piece.to_owned(), hit }),
        }
    }
    pieces
}

/// The place of a text where the first hit stands, with its surroundings; nothing where there is none.
#[must_use]
pub fn extract(text: &str, terms: &[Term]) -> Option<Vec<TextPiece>> {
    let text: String = text.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ");
    let runs = runs(&text);
    let first = runs.iter().position(|(piece, is_word)| *is_word && is_hit(piece, terms))?;
    let at: usize = runs[..first].iter().map(|(piece, _)| piece.len()).sum();
    let back: usize = text[..at].chars().rev().take(BEFORE).map(char::len_utf8).sum();
    let from =
        if back == at { 0 } else { text[at - back..at].find(' ').map_or(at, |space| at - back + space + 1) };
    let length: usize = text[from..].chars().take(EXTRACT).map(char::len_utf8).sum();
    let end = if from + length == text.len() {
        text.len()
    } else {
        text[from..from + length]
            .rfind(' ')
            .filter(|end| from + end > at)
            .map_or(from + length, |end| from + end)
    };
    let mut pieces = marked(&text[from..end], terms);
    if from > 0 {
        pieces.insert(0, TextPiece { text: "… ".to_owned(), hit: false });
    }
    if end < text.len() {
        pieces.push(TextPiece { text: " …".to_owned(), hit: false });
    }
    Some(pieces)
}

fn is_hit(word: &str, terms: &[Term]) -> bool {
    let folded = fold(word);
    !folded.is_empty() && terms.iter().any(|term| term.is_in(&folded))
}

/// Words and what stands between them, in turn.
fn runs(text: &str) -> Vec<(&str, bool)> {
    let mut runs = Vec::new();
    let mut from = 0;
    let mut within = None;
    for (at, c) in text.char_indices() {
        let is_word = is_of_a_word(c);
        if within.is_some_and(|within| within != is_word) {
            runs.push((&text[from..at], !is_word));
            from = at;
        }
        within = Some(is_word);
    }
    if let Some(is_word) = within {
        runs.push((&text[from..], is_word));
    }
    runs
}

/// Letters, digits, and accents that stand as signs of their own.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’') || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patients::words_of;

    fn terms(question: &str) -> Vec<Term> {
        words_of(question).iter().flat_map(|word| terms_of(&word.text)).collect()
    }

    fn told(pieces: &[TextPiece]) -> String {
        pieces
            .iter()
            .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn words_are_marked_whole_and_without_regard_to_accents() {
        assert_eq!(
            told(&marked("Naevi: Nävus, naevus-cell.", &terms("nav"))),
            "Naevi: [Nävus], naevus-cell."
        );
        assert_eq!(told(&marked("Rötung und RÖTUNGEN", &terms("roetung"))), "[Rötung] und [RÖTUNGEN]");
        assert_eq!(told(&marked("", &terms("x"))), "");
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        let pieces = marked("<b onclick=x>itch</b>", &terms("itch"));
        assert_eq!(told(&pieces), "<b onclick=x>[itch]</b>");
        assert_eq!(pieces.iter().filter(|piece| piece.hit).count(), 1);
    }

    #[test]
    fn an_extract_stands_around_the_first_hit() {
        let text = format!(
            "{} **the** itch is worse at night {}",
            "long before ".repeat(20),
            "and after ".repeat(30)
        );
        let found = told(&extract(&text, &terms("itch")).unwrap());
        assert!(found.starts_with("… ") && found.ends_with(" …"), "{found}");
        assert!(found.contains("the [itch] is worse"), "{found}");
        assert_eq!(extract(&text, &terms("scale")), None);
        assert_eq!(told(&extract("itch", &terms("itch")).unwrap()), "[itch]");
    }
}
