//! The templates that come with the program.

use super::{TemplateTexts, TextLanguage};

/// A template of the program in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    pub key: &'static str,
    /// English.
    pub name: &'static str,
    texts: [&'static str; 3],
}

impl BuiltIn {
    #[must_use]
    pub const fn text(&self, language: TextLanguage) -> &'static str {
        self.texts[language as usize]
    }

    #[must_use]
    pub fn texts(&self) -> TemplateTexts {
        let [en, de, es] = self.texts.map(str::to_owned);
        TemplateTexts { en, de, es }
    }
}

/// In the order in which they are offered.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        key: "standard",
        name: "Standard",
        texts: [
            include_str!("built_in/standard.en.txt"),
            include_str!("built_in/standard.de.txt"),
            include_str!("built_in/standard.es.txt"),
        ],
    },
    BuiltIn {
        key: "short",
        name: "Short",
        texts: [
            include_str!("built_in/short.en.txt"),
            include_str!("built_in/short.de.txt"),
            include_str!("built_in/short.es.txt"),
        ],
    },
    BuiltIn {
        key: "course",
        name: "Course over time",
        texts: [
            include_str!("built_in/course.en.txt"),
            include_str!("built_in/course.de.txt"),
            include_str!("built_in/course.es.txt"),
        ],
    },
];

/// The template of a key.
#[must_use]
pub fn built_in(key: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|one| one.key == key)
}
