//! The words of a patient in the search index, and the words of a query.

use std::collections::BTreeSet;

use domain::patient::PatientDetails;
use domain::spelling::plain;

use crate::fold::{digits, fold};

use super::numbers::number_words;

/// A typed word: letters and digits only.
pub(crate) struct Word {
    pub text: String,
}

impl Word {
    /// The word as a prefix, also without leading zeros, which telephone numbers and patient numbers are
    /// typed with and without, and also with ä, ö, ü for ae, oe, ue.
    pub fn expression(&self) -> String {
        let text = &self.text;
        let short = text.trim_start_matches('0');
        let umlauts = plain(text);
        let other = if text.bytes().all(|b| b.is_ascii_digit()) {
            Some(short).filter(|short| !short.is_empty())
        } else {
            // While only "mue" is typed, "mu" would be found by too many.
            Some(umlauts.as_str()).filter(|_| text.len() >= 5)
        };
        match other.filter(|other| other != text) {
            Some(other) => format!("({} OR {})", prefix(text), prefix(other)),
            None => prefix(text),
        }
    }
}

/// Letters and digits as a prefix in a query of the index.
pub(super) fn prefix(text: &str) -> String {
    format!("\"{text}\"*")
}

/// The words of a query. Digits written with signs between them ("9.3.1971", "0171/2345") are one word.
pub(crate) fn words_of(query: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for piece in query.split_whitespace() {
        let joined = digits(piece);
        if !joined.is_empty() && !piece.chars().any(char::is_alphabetic) {
            words.push(Word { text: joined });
        } else {
            words.extend(
                fold(piece).split(' ').filter(|w| !w.is_empty()).map(|w| Word { text: without_zeros(w) }),
            );
        }
    }
    // A nought that stands alone, as in "+49 (0) 171", is in no index.
    if words.iter().any(|word| !is_nought(word)) {
        words.retain(|word| !is_nought(word));
    }
    words
}

fn is_nought(word: &Word) -> bool {
    word.text.bytes().all(|digit| digit == b'0')
}

/// "p000123" as it is indexed: "p123".
fn without_zeros(word: &str) -> String {
    let (letters, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()));
    if letters.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    format!("{letters}{}", digits.trim_start_matches('0'))
}

/// Every word under which a patient with these numbers is found.
pub(super) fn indexed_words(numbers: &[String], details: &PatientDetails) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in [&details.family_name, &details.given_names] {
        for word in fold(name).split(' ') {
            words.insert(plain(word));
            words.insert(word.to_owned());
        }
    }
    words.extend(numbers.iter().flat_map(|number| number_words(number)));
    words.extend(telephone_words(&details.phone));
    let (year, month, day) =
        (details.date_of_birth.year(), details.date_of_birth.month(), details.date_of_birth.day());
    words.extend([
        format!("{year:04}{month:02}{day:02}"),
        format!("{day:02}{month:02}{year:04}"),
        format!("{month:02}{day:02}{year:04}"),
        format!("{day}{month}{year:04}"),
        format!("{year:04}"),
    ]);
    words.remove("");
    words
}

/// The number from each of its groups to the end, without leading zeros: "+49 171 2345" is found by 49171,
/// 0171 and 2345.
pub(super) fn telephone_words(phone: &str) -> Vec<String> {
    let groups: Vec<String> = phone
        .split(|c: char| !c.is_ascii_digit())
        .map(|group| group.trim_start_matches('0').to_owned())
        .filter(|group| !group.is_empty())
        .collect();
    let mut words: Vec<String> = (0..groups.len()).map(|from| groups[from..].concat()).collect();
    // With its leading zeros every number of one area code would be another word to look through while that is typed;
    // a query leaves them out as well.
    words.push(digits(phone).trim_start_matches('0').to_owned());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::patient::Sex;
    use jiff::civil::date;

    fn typed(query: &str) -> Vec<String> {
        words_of(query).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn queries_split_into_words_and_numbers_stay_whole() {
        assert_eq!(typed("  Müller-L  josé"), ["muller", "l", "jose"]);
        assert_eq!(typed("09.03.1971"), ["09031971"]);
        assert_eq!(typed("+49 171/23-45"), ["49", "1712345"]);
        assert_eq!(typed("+49 (0) 171"), ["49", "171"]);
        assert_eq!(typed("0"), ["0"]);
        assert_eq!(typed("P-000123 p0123 P123"), ["p", "000123", "p123", "p123"]);
        assert!(typed(" -- ' \" * ").is_empty());
    }

    #[test]
    fn a_patient_is_indexed_under_all_that_people_type() {
        let details = PatientDetails {
            family_name: "Lüdenscheidt-O'Hara".into(),
            given_names: "José".into(),
            date_of_birth: date(1971, 3, 9),
            sex: Sex::Male,
            phone: "+49 (0)171 234".into(),
            email: String::new(),
            address: String::new(),
            fitzpatrick: None,
            alert: String::new(),
            medical_history: String::new(),
            risk_factors: vec![],
            photo_consent: false,
            ai_consent: false,
            training_consent: false,
        };
        let words = indexed_words(&["P-000042".to_owned()], &details);
        for word in [
            "ludenscheidt",
            "ohara",
            "jose",
            "p42",
            "42",
            "000042",
            "49171234",
            "171234",
            "234",
            "19710309",
            "09031971",
            "03091971",
            "931971",
            "1971",
        ] {
            assert!(words.contains(word), "{word}");
        }
        assert!(!words.contains(""));
    }
}
