//! The sheets that come with the program.

use std::sync::LazyLock;

use super::sheet::Sheet;

/// Key of the sheet with greetings, thanks, and the rule for everything else.
pub const TALK: &str = "talk";

/// A sheet of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltInSheet {
    pub key: &'static str,
    /// English.
    pub name: &'static str,
    pub source: &'static str,
}

impl BuiltInSheet {
    /// The sheet. It is read once.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        static READ: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
            BUILT_IN.iter().map(|one| Sheet::read(one.source, one.key == TALK).unwrap_or_default()).collect()
        });
        BUILT_IN.iter().position(|one| one == self).map(|at| READ[at].clone()).unwrap_or_default()
    }
}

/// In the order in which they are listed and in which their rules count.
pub const BUILT_IN: &[BuiltInSheet] = &[
    BuiltInSheet { key: TALK, name: "Conversation", source: include_str!("built_in/talk.toml") },
    BuiltInSheet {
        key: "conditions",
        name: "Skin conditions",
        source: include_str!("built_in/conditions.toml"),
    },
    BuiltInSheet { key: "readings", name: "Readings", source: include_str!("built_in/readings.toml") },
    BuiltInSheet { key: "program", name: "The program", source: include_str!("built_in/program.toml") },
];

#[must_use]
pub fn built_in(key: &str) -> Option<&'static BuiltInSheet> {
    BUILT_IN.iter().find(|one| one.key == key)
}
