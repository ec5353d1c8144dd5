//! The words of a patient in the search index, and the words of a query.

use std::collections::BTreeSet;

use domain::patient::PatientDetails;

use crate::fold::{digits, fold};

/// A typed word: letters and digits only.
pub(super) struct Word {
    pub text: String,
}

impl Word {
    /// The word as a prefix, also without leading zeros, which telephone numbers and patient numbers are
    /// typed with and without.
    pub fn expression(&self) -> String {
        let text = &self.text;
        let short = text.trim_start_matches('0');
        if short.is_empty() || short.len() == text.len() || !text.bytes().all(|b| b.is_ascii_digit()) {
            format!("\"{text}\"*")
        } else {
            format!("(\"{text}\"* OR \"{short}\"*)")
        }
    }
}

/// The words of a query. Digits written with signs between them ("9.3.1971", "0171/2345") are one word.
pub(super) fn words_of(query: &str) -> Vec<Word> {
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
    words
}

/// "p000123" as it is indexed: "p123".
fn without_zeros(word: &str) -> String {
    match word.strip_prefix('p') {
        Some(rest) if rest.bytes().all(|b| b.is_ascii_digit()) => {
            format!("p{}", rest.trim_start_matches('0'))
        }
        _ => word.to_owned(),
    }
}

/// The number a query asks for when it is nothing else: "123", "p-123", "P-000123".
pub(super) fn exact_number(words: &[Word]) -> Option<String> {
    let sequence = match words {
        [number] => number.text.strip_prefix('p').unwrap_or(&number.text),
        [prefix, number] if prefix.text == "p" => &number.text,
        _ => return None,
    };
    let is_number = !sequence.is_empty() && sequence.bytes().all(|b| b.is_ascii_digit());
    let sequence: u64 = sequence.parse().ok().filter(|_| is_number)?;
    Some(super::number_of(sequence))
}

/// Every word under which a patient is found.
pub(super) fn indexed_words(number: &str, details: &PatientDetails) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in [&details.family_name, &details.given_names] {
        words.extend(fold(name).split(' ').map(str::to_owned));
    }
    let sequence = digits(number);
    let short = sequence.trim_start_matches('0').to_owned();
    // "P-123" is typed as two words, "P123" as one.
    words.extend(["p".to_owned(), format!("p{short}"), short, sequence]);
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
fn telephone_words(phone: &str) -> Vec<String> {
    let groups: Vec<String> = phone
        .split(|c: char| !c.is_ascii_digit())
        .map(|group| group.trim_start_matches('0').to_owned())
        .filter(|group| !group.is_empty())
        .collect();
    let mut words: Vec<String> = (0..groups.len()).map(|from| groups[from..].concat()).collect();
    words.push(digits(phone));
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
        assert_eq!(typed("P-000123 p0123 P123"), ["p", "000123", "p123", "p123"]);
        assert!(typed(" -- ' \" * ").is_empty());
    }

    #[test]
    fn a_query_names_a_number_only_when_it_is_nothing_else() {
        let number = |query: &str| exact_number(&words_of(query));
        for query in ["123", "000123", "p123", "P-123", "P-000123", "p 123"] {
            assert_eq!(number(query).as_deref(), Some("P-000123"), "{query}");
        }
        for query in ["p", "123 456", "muller 123", "99999999999999999999999", "", "p-12 3"] {
            assert_eq!(number(query), None, "{query}");
        }
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
            medical_history: String::new(),
            risk_factors: vec![],
            photo_consent: false,
            ai_consent: false,
        };
        let words = indexed_words("P-000042", &details);
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
