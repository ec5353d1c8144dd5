//! What was changed between two texts, line by line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Pairs of lines that are compared at most; a longer stretch counts as replaced.
const MOST_PAIRS: usize = 4_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    Same,
    Removed,
    Added,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiffLine {
    pub kind: DiffKind,
    pub text: String,
}

/// The lines of both texts with what became of them: the fewest removals and additions that lead from one to the
/// other. In a stretch that changed, what was removed stands before what was added.
#[must_use]
pub fn difference(from: &[String], to: &[String]) -> Vec<DiffLine> {
    let head = from.iter().zip(to).take_while(|(one, other)| one == other).count();
    let (rest_from, rest_to) = (&from[head..], &to[head..]);
    let tail =
        rest_from.iter().rev().zip(rest_to.iter().rev()).take_while(|(one, other)| one == other).count();
    let (middle_from, end) = rest_from.split_at(rest_from.len() - tail);
    let middle_to = &rest_to[..rest_to.len() - tail];
    let mut lines: Vec<DiffLine> = from[..head].iter().map(|text| line(DiffKind::Same, text)).collect();
    lines.extend(changed(middle_from, middle_to));
    lines.extend(end.iter().map(|text| line(DiffKind::Same, text)));
    lines
}

fn line(kind: DiffKind, text: &str) -> DiffLine {
    DiffLine { kind, text: text.to_owned() }
}

fn changed(from: &[String], to: &[String]) -> Vec<DiffLine> {
    if from.len().saturating_mul(to.len()) > MOST_PAIRS {
        let removed = from.iter().map(|text| line(DiffKind::Removed, text));
        return removed.chain(to.iter().map(|text| line(DiffKind::Added, text))).collect();
    }
    let kept = common(from, to);
    let (mut at, mut other, mut lines) = (0, 0, Vec::new());
    while at < from.len() || other < to.len() {
        let same = at < from.len() && other < to.len() && from[at] == to[other];
        let removes = at < from.len() && (other == to.len() || kept[at + 1][other] >= kept[at][other + 1]);
        if same {
            lines.push(line(DiffKind::Same, &from[at]));
            (at, other) = (at + 1, other + 1);
        } else if removes {
            lines.push(line(DiffKind::Removed, &from[at]));
            at += 1;
        } else {
            lines.push(line(DiffKind::Added, &to[other]));
            other += 1;
        }
    }
    lines
}

/// How many lines the rests of both texts have in common, from every pair of places on.
fn common(from: &[String], to: &[String]) -> Vec<Vec<u32>> {
    let mut kept = vec![vec![0; to.len() + 1]; from.len() + 1];
    for at in (0..from.len()).rev() {
        for other in (0..to.len()).rev() {
            kept[at][other] = if from[at] == to[other] {
                kept[at + 1][other + 1] + 1
            } else {
                kept[at + 1][other].max(kept[at][other + 1])
            };
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn told(from: &str, to: &str) -> String {
        let mark = |kind| match kind {
            DiffKind::Same => ' ',
            DiffKind::Removed => '-',
            DiffKind::Added => '+',
        };
        let lines = difference(&lines(from), &lines(to));
        lines.iter().map(|line| format!("{}{}", mark(line.kind), line.text)).collect()
    }

    #[test]
    fn removals_stand_before_additions_and_what_stayed_stays() {
        assert_eq!(told("a b c", "a x c"), " a-b+x c");
        assert_eq!(told("a b", "a b"), " a b");
        assert_eq!(told("", "a"), "+a");
        assert_eq!(told("a b c d", "b d e"), "-a b-c d+e");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_difference(from in "([abc] ){0,12}", to in "([abc] ){0,12}") {
            let (from, to) = (lines(&from), lines(&to));
            let found = difference(&from, &to);
            let side = |left_out: DiffKind| -> Vec<String> {
                found.iter().filter(|line| line.kind != left_out).map(|line| line.text.clone()).collect()
            };
            prop_assert_eq!(side(DiffKind::Added), from);
            prop_assert_eq!(side(DiffKind::Removed), to);
        }
    }
}
