//! Which photographs look alike to the classifier: the direction of its pooled features, kept as small whole
//! numbers, and the nearest of many by an exact scan.
//!
//! Two photographs are compared by the angle between their features, `1 - cos`; lengths drop out, so a
//! direction is kept as one signed byte a feature, its largest part scaled to 127. An index reads all of it
//! for every question: at 100,000 directions of 256 features that is 26 MB, which a core passes in some
//! milliseconds, and the answer is exact.

use thiserror::Error;
use zeroize::Zeroize;

/// Largest part of a direction.
const FULL: f32 = 127.0;
const LANES: usize = 16;

/// The direction of one photograph's features; shape `[features]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedding(Vec<i8>);

impl Embedding {
    /// Nothing for features without a direction: all zero, or not finite.
    #[must_use]
    pub fn of(features: &[f32]) -> Option<Self> {
        let largest = features.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let sound = features.iter().all(|value| value.is_finite()) && largest > 0.0;
        sound.then(|| Self(features.iter().map(|value| (value / largest * FULL).round() as i8).collect()))
    }

    /// Reads back what [`Self::to_bytes`] gave; nothing for bytes without a direction.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let parts: Vec<i8> = bytes.iter().map(|byte| byte.cast_signed()).collect();
        parts.iter().any(|part| *part != 0).then_some(Self(parts))
    }

    /// One byte a feature, two's complement.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().map(|part| part.cast_unsigned()).collect()
    }

    /// Number of features.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// `1 - cos` of the angle, 0 to 2; 2 for directions of another size.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f32 {
        if self.size() != other.size() {
            return 2.0;
        }
        1.0 - dot(&self.0, &other.0) as f32 * inverse_length(&self.0) * inverse_length(&other.0)
    }
}

impl Drop for Embedding {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The direction is of another model.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a direction has another number of features than the index")]
pub struct SizeMismatch;

/// Directions in one piece of memory, in the order they came in; wiped when dropped.
#[derive(Debug)]
pub struct SimilarityIndex {
    size: usize,
    parts: Vec<i8>,
    inverse_lengths: Vec<f32>,
}

impl SimilarityIndex {
    /// An empty index for directions of `size` features, with room for `expected` of them.
    #[must_use]
    pub fn new(size: usize, expected: usize) -> Self {
        Self {
            size,
            parts: Vec::with_capacity(size * expected),
            inverse_lengths: Vec::with_capacity(expected),
        }
    }

    /// How many directions are in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.inverse_lengths.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.inverse_lengths.is_empty()
    }

    /// Bytes it holds on to.
    #[must_use]
    pub const fn memory(&self) -> usize {
        self.parts.capacity() + self.inverse_lengths.capacity() * size_of::<f32>()
    }

    /// Adds a direction; its position is the length before.
    ///
    /// # Errors
    /// [`SizeMismatch`].
    pub fn push(&mut self, embedding: &Embedding) -> Result<(), SizeMismatch> {
        if embedding.size() != self.size {
            return Err(SizeMismatch);
        }
        self.make_room();
        self.parts.extend_from_slice(&embedding.0);
        self.inverse_lengths.push(inverse_length(&embedding.0));
        Ok(())
    }

    /// The positions nearest to any of the questions with their distances, nearest first, at most `count`;
    /// equal ones keep their order. Questions of another size are passed over.
    #[must_use]
    pub fn nearest(&self, questions: &[Embedding], count: usize) -> Vec<(usize, f32)> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(usize, f32)> = (0..self.len()).map(|position| (position, 2.0)).collect();
        for question in questions.iter().filter(|question| question.size() == self.size) {
            let own = inverse_length(&question.0);
            let rows = self.parts.chunks_exact(self.size).zip(&self.inverse_lengths);
            for ((_, distance), (row, length)) in found.iter_mut().zip(rows) {
                *distance = distance.min(1.0 - dot(&question.0, row) as f32 * own * length);
            }
        }
        let order = |a: &(usize, f32), b: &(usize, f32)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
        if count < found.len() {
            found.select_nth_unstable_by(count, order);
            found.truncate(count);
        }
        found.sort_unstable_by(order);
        found
    }

    /// Growing moves everything; what stays behind must not be legible.
    fn make_room(&mut self) {
        if self.parts.len() + self.size > self.parts.capacity() {
            let mut larger = Vec::with_capacity((self.parts.capacity() / 2 * 3).max(self.size * 64));
            larger.extend_from_slice(&self.parts);
            self.parts.zeroize();
            self.parts = larger;
        }
    }
}

impl Drop for SimilarityIndex {
    fn drop(&mut self) {
        self.parts.zeroize();
        self.inverse_lengths.zeroize();
    }
}

/// Of two slices of one length. The lanes let the compiler keep sixteen products in flight: it is twice as fast
/// as one running sum. No sum of 65,536 products of bytes overflows.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    let product = |a: i8, b: i8| i32::from(i16::from(a).wrapping_mul(i16::from(b)));
    let ((heads_a, rest_a), (heads_b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0_i32; LANES];
    for (a, b) in heads_a.iter().zip(heads_b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane = lane.wrapping_add(product(*a, *b));
        }
    }
    let rest = rest_a.iter().zip(rest_b).map(|(a, b)| product(*a, *b));
    lanes.into_iter().chain(rest).fold(0, i32::wrapping_add)
}

fn inverse_length(parts: &[i8]) -> f32 {
    1.0 / (dot(parts, parts) as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn embedding(features: &[f32]) -> Embedding {
        Embedding::of(features).unwrap()
    }

    /// In double precision, from the features themselves.
    fn cosine_distance(a: &[f32], b: &[f32]) -> f64 {
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn length_drops_out_and_angles_stay() {
        assert!(embedding(&[1.0, 2.0]).distance(&embedding(&[10.0, 20.0])).abs() < 1e-6);
        assert!((embedding(&[1.0, 0.0]).distance(&embedding(&[0.0, 3.0])) - 1.0).abs() < 1e-6);
        assert!((embedding(&[1.0, 0.0]).distance(&embedding(&[-2.0, 0.0])) - 2.0).abs() < 1e-6);
        assert!((embedding(&[1.0]).distance(&embedding(&[1.0, 1.0])) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn what_has_no_direction_is_none() {
        assert_eq!(Embedding::of(&[0.0; 4]), None);
        assert_eq!(Embedding::of(&[]), None);
        assert_eq!(Embedding::of(&[1.0, f32::NAN]), None);
        assert_eq!(Embedding::of(&[1.0, f32::INFINITY]), None);
        assert_eq!(Embedding::from_bytes(&[0, 0]), None);
        assert_eq!(Embedding::from_bytes(&[]), None);
    }

    #[test]
    fn the_nearest_come_first_and_any_question_counts() {
        let mut index = SimilarityIndex::new(2, 0);
        for features in [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.1]] {
            index.push(&embedding(&features)).unwrap();
        }
        let places = |questions: &[Embedding], count| -> Vec<usize> {
            index.nearest(questions, count).into_iter().map(|(position, _)| position).collect()
        };
        assert_eq!(places(&[embedding(&[5.0, 0.0])], 3), [0, 3, 2]);
        assert_eq!(places(&[embedding(&[5.0, 0.0]), embedding(&[0.0, 9.0])], 2), [0, 1]);
        assert_eq!(places(&[embedding(&[5.0, 0.0])], 99), [0, 3, 2, 1]);
        assert!(index.nearest(&[], 1)[0].1 >= 2.0, "without a question nothing is near");
        assert_eq!(index.push(&embedding(&[1.0])), Err(SizeMismatch));
        assert_eq!(index.len(), 4);
    }

    #[test]
    fn an_index_that_grows_keeps_what_it_has() {
        let mut index = SimilarityIndex::new(3, 1);
        let directions: Vec<_> = (0..500).map(|i| embedding(&[1.0, i as f32, 3.0])).collect();
        for direction in &directions {
            index.push(direction).unwrap();
        }
        for (position, direction) in directions.iter().enumerate().step_by(50) {
            let (found, distance) = index.nearest(std::slice::from_ref(direction), 1)[0];
            assert!(distance.abs() < 1e-6);
            assert_eq!(directions[found], directions[position]);
        }
    }

    proptest! {
        #[test]
        fn bytes_keep_the_angle_within_a_hundredth(
            a in prop::collection::vec(0.0_f32..10.0, 64), b in prop::collection::vec(0.0_f32..10.0, 64)
        ) {
            prop_assume!(a.iter().any(|v| *v > 0.1) && b.iter().any(|v| *v > 0.1));
            let (kept_a, kept_b) = (embedding(&a), embedding(&b));
            let kept = Embedding::from_bytes(&kept_a.to_bytes()).unwrap();
            prop_assert_eq!(&kept, &kept_a);
            prop_assert!((f64::from(kept.distance(&kept_b)) - cosine_distance(&a, &b)).abs() < 0.01);
        }
    }
}
