//! The single keys of the viewer, and what each user makes of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::{FieldProblem, ProblemCode};

/// What a key does in the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ViewerAction {
    Heatmap,
    Outline,
    LessOpacity,
    MoreOpacity,
    Measure,
    Scale,
    Fit,
    ZoomFull,
    ZoomDouble,
    ZoomIn,
    ZoomOut,
    PreviousPhoto,
    NextPhoto,
    Help,
}

impl ViewerAction {
    pub const ALL: [Self; 14] = [
        Self::Heatmap,
        Self::Outline,
        Self::LessOpacity,
        Self::MoreOpacity,
        Self::Measure,
        Self::Scale,
        Self::Fit,
        Self::ZoomFull,
        Self::ZoomDouble,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::PreviousPhoto,
        Self::NextPhoto,
        Self::Help,
    ];

    /// The key it has until somebody gives it another, as the browser names it.
    #[must_use]
    pub const fn usual_key(self) -> &'static str {
        match self {
            Self::Heatmap => "h",
            Self::Outline => "o",
            Self::LessOpacity => "[",
            Self::MoreOpacity => "]",
            Self::Measure => "m",
            Self::Scale => "s",
            Self::Fit => "f",
            Self::ZoomFull => "1",
            Self::ZoomDouble => "2",
            Self::ZoomIn => "+",
            Self::ZoomOut => "-",
            Self::PreviousPhoto => "ArrowLeft",
            Self::NextPhoto => "ArrowRight",
            Self::Help => "?",
        }
    }
}

/// A key of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Shortcut {
    pub action: ViewerAction,
    /// One lower-case sign, or the name of an arrow, page, home or end key.
    pub key: String,
}

const NAMED: [&str; 8] =
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

/// A key for every action, in the order of [`ViewerAction::ALL`]: those of one's own, else the usual ones.
#[must_use]
pub fn complete(own: &[Shortcut]) -> Vec<Shortcut> {
    let own: BTreeMap<_, _> = own.iter().map(|shortcut| (shortcut.action, &shortcut.key)).collect();
    let key = |action: ViewerAction| own.get(&action).map_or(action.usual_key(), |key| key.as_str());
    ViewerAction::ALL.iter().map(|&action| Shortcut { action, key: key(action).to_owned() }).collect()
}

/// Opens the comparison, on the same screen as the viewer.
const COMPARE: &str = "c";

/// Checks keys of one's own: each a key that types nothing else, and no two actions with the same.
///
/// # Errors
/// Problems whose fields are the words of the actions.
pub fn validate(own: &[Shortcut]) -> Result<(), Vec<FieldProblem>> {
    let all = complete(own);
    let problem = |shortcut: &Shortcut| {
        let used = all.iter().filter(|other| other.key == shortcut.key).count();
        let code = if !is_key(&shortcut.key) || shortcut.key == COMPARE {
            ProblemCode::NotAllowed
        } else if used > 1 {
            ProblemCode::AlreadyUsed
        } else {
            return None;
        };
        let field = match serde_json::to_value(shortcut.action) {
            Ok(serde_json::Value::String(word)) => word,
            _ => unreachable!("a unit variant serialises to a string"),
        };
        Some(FieldProblem::new(&field, code))
    };
    let problems: Vec<_> = all.iter().filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn is_key(key: &str) -> bool {
    let mut signs = key.chars();
    match (signs.next(), signs.next()) {
        (Some(sign), None) => !sign.is_whitespace() && !sign.is_control() && sign.to_lowercase().eq([sign]),
        _ => NAMED.contains(&key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(ViewerAction, &str)]) -> Vec<Shortcut> {
        pairs.iter().map(|&(action, key)| Shortcut { action, key: key.into() }).collect()
    }

    #[test]
    fn the_usual_keys_do_not_conflict() {
        assert_eq!(validate(&[]), Ok(()));
        assert_eq!(complete(&[]).len(), ViewerAction::ALL.len());
    }

    #[test]
    fn a_key_of_ones_own_takes_the_place_of_the_usual_one() {
        let mine = own(&[(ViewerAction::Heatmap, "k"), (ViewerAction::Outline, "h")]);
        assert_eq!(validate(&mine), Ok(()));
        assert_eq!(complete(&mine)[..2], [mine[0].clone(), mine[1].clone()]);
    }

    #[test]
    fn a_key_for_two_actions_and_what_is_no_key_are_refused() {
        let taken = validate(&own(&[(ViewerAction::Heatmap, "o")])).unwrap_err();
        let fields: Vec<_> = taken.iter().map(|p| (p.field.as_str(), p.code)).collect();
        assert_eq!(fields, [("heatmap", ProblemCode::AlreadyUsed), ("outline", ProblemCode::AlreadyUsed)]);
        for key in ["", " ", "H", "Enter", "Tab", "ab", "\u{7f}", COMPARE] {
            let refused = validate(&own(&[(ViewerAction::Help, key)])).unwrap_err();
            assert_eq!(refused[0], FieldProblem::new("help", ProblemCode::NotAllowed), "{key:?}");
        }
        assert_eq!(validate(&own(&[(ViewerAction::Help, "ä"), (ViewerAction::Fit, "Home")])), Ok(()));
    }
}
