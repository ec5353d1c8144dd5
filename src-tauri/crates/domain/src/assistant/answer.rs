//! What a rule says: sentences, some of which have a figure of this clinic in them.

use super::sheet::RuleFaultKind;

/// A figure that an answer can have. Each is looked up when it is asked for, and none is ever guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Name and version of the model in use.
    Model,
    Classes,
    /// Photographs that its figures come from.
    ModelPictures,
    Accuracy,
    AccuracyInterval,
    MelanomaRecall,
    MelanomaRecallInterval,
    Sensitivity,
    SensitivityInterval,
    Specificity,
    SpecificityInterval,
    Coverage,
    /// Below this probability no class is named.
    NamedFrom,
    LockMinutes,
    RetentionDays,
    PasswordLength,
    /// Day of the newest backup that was read back.
    LastBackup,
}

impl Figure {
    pub const ALL: [Self; 17] = [
        Self::Model,
        Self::Classes,
        Self::ModelPictures,
        Self::Accuracy,
        Self::AccuracyInterval,
        Self::MelanomaRecall,
        Self::MelanomaRecallInterval,
        Self::Sensitivity,
        Self::SensitivityInterval,
        Self::Specificity,
        Self::SpecificityInterval,
        Self::Coverage,
        Self::NamedFrom,
        Self::LockMinutes,
        Self::RetentionDays,
        Self::PasswordLength,
        Self::LastBackup,
    ];

    /// The word for it between braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Classes => "classes",
            Self::ModelPictures => "model_pictures",
            Self::Accuracy => "accuracy",
            Self::AccuracyInterval => "accuracy_interval",
            Self::MelanomaRecall => "melanoma_recall",
            Self::MelanomaRecallInterval => "melanoma_recall_interval",
            Self::Sensitivity => "sensitivity",
            Self::SensitivityInterval => "sensitivity_interval",
            Self::Specificity => "specificity",
            Self::SpecificityInterval => "specificity_interval",
            Self::Coverage => "coverage",
            Self::NamedFrom => "named_from",
            Self::LockMinutes => "lock_minutes",
            Self::RetentionDays => "retention_days",
            Self::PasswordLength => "password_length",
            Self::LastBackup => "last_backup",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

/// An answer in one language.
///
/// Each line is a sentence, an empty line begins a new paragraph, and a line that begins with `- ` stays a line of its
/// own. A line whose figure is not known is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Break,
    Sentence(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Figure(Figure),
}

impl Answer {
    /// Reads the text of an answer; each fault comes with the words that it is found by in the sheet.
    pub(super) fn read(text: &str) -> Result<Self, Vec<(RuleFaultKind, String)>> {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                lines.push(Line::Break);
                continue;
            }
            match pieces(line) {
                Ok(pieces) => lines.push(Line::Sentence(pieces)),
                Err(fault) => faults.push(fault),
            }
        }
        let is_always_said = |line: &Line| match line {
            Line::Sentence(pieces) => pieces.iter().all(|piece| matches!(piece, Piece::Words(_))),
            Line::Break => false,
        };
        if faults.is_empty() && !lines.iter().any(is_always_said) {
            faults.push((RuleFaultKind::MayBeEmpty, String::new()));
        }
        if faults.is_empty() { Ok(Self { lines }) } else { Err(faults) }
    }

    /// The words, with the figures that `known` finds.
    pub fn write(&self, mut known: impl FnMut(Figure) -> Option<String>) -> String {
        let mut text = String::new();
        let mut gap = "";
        for line in &self.lines {
            let Line::Sentence(pieces) = line else {
                if !text.is_empty() {
                    gap = "\n\n";
                }
                continue;
            };
            let said: Option<String> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Words(words) => Some(words.clone()),
                    Piece::Figure(figure) => known(*figure),
                })
                .collect();
            let Some(sentence) = said else { continue };
            if sentence.starts_with("- ") && gap == " " {
                gap = "\n";
            }
            text += gap;
            text += &sentence;
            gap = if sentence.starts_with("- ") { "\n" } else { " " };
        }
        text
    }
}

fn pieces(line: &str) -> Result<Vec<Piece>, (RuleFaultKind, String)> {
    if line.chars().any(char::is_control) {
        return Err((RuleFaultKind::BadSign, String::new()));
    }
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find(['{', '}']) {
        let (words, from) = rest.split_at(open);
        let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
            return Err((RuleFaultKind::BadBrace, from.chars().take(40).collect()));
        };
        let Some(figure) = Figure::named(name.trim()) else {
            return Err((RuleFaultKind::UnknownFigure, name.trim().to_owned()));
        };
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(Piece::Figure(figure));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}
