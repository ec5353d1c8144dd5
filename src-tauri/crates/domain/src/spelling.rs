//! Words that are nearly what was typed: the distance of Damerau and Levenshtein (optimal string alignment), and how
//! many letters may be wrong.

use rapidfuzz::distance::osa;

/// A typed word that others are held against.
pub struct Typed {
    letters: Vec<char>,
    comparator: osa::BatchComparator<char>,
    /// Letters that may be wrong: none in three, one in four to six, two from seven on.
    allowed: usize,
}

impl Typed {
    /// `word` is folded and [`plain`].
    #[must_use]
    pub fn new(word: &str) -> Self {
        let letters: Vec<char> = word.chars().collect();
        let allowed = match letters.len() {
            0..=3 => 0,
            4..=6 => 1,
            _ => 2,
        };
        let comparator = osa::BatchComparator::new(letters.iter().copied());
        Self { letters, comparator, allowed }
    }

    #[must_use]
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    #[must_use]
    pub const fn allowed(&self) -> usize {
        self.allowed
    }

    /// Letters apart, where that is no more than may be wrong.
    #[must_use]
    pub fn letters_off(&self, other: &[char]) -> Option<usize> {
        self.within(other, self.allowed)
    }

    /// Letters apart, where that is at most `most`.
    #[must_use]
    pub fn within(&self, other: &[char], most: usize) -> Option<usize> {
        let args = osa::Args::default().score_cutoff(most);
        self.comparator.distance_with_args(other.iter().copied(), &args)
    }
}

/// "ae", "oe" and "ue" as the single letters that ä, ö and ü fold to.
#[must_use]
pub fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        if c != 'e' || !plain.ends_with(['a', 'o', 'u']) {
            plain.push(c);
        }
    }
    plain
}
