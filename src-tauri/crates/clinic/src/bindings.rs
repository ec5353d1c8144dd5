//! Makes the window's types and the permission file from the command table.

use std::any::TypeId;
use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::Value;

use ts_rs::{Config, TS, TypeVisitor};

use crate::commands::{self, Command, ShapeVisitor};
use crate::error::{Error, ErrorCode};

const HEADER: &str = "// Made from the command table by `./dev bindings`; do not edit.\n";

/// The TypeScript module `ui/src/ipc/generated.ts`: every type of the border and a map of commands.
#[must_use]
pub fn typescript() -> String {
    let mut module =
        Module { cfg: Config::default(), seen: HashSet::new(), types: Vec::new(), commands: String::new() };
    module.visit::<Error>();
    commands::visit(&mut module);
    module.types.sort();
    let mut out = String::from(HEADER);
    for declaration in &module.types {
        let _ = write!(out, "\nexport {declaration}\n");
    }
    let _ = write!(out, "\nexport interface Commands {{\n{}}}\n", module.commands);
    let names: Vec<_> = Command::ALL.iter().map(|c| format!("  \"{}\",", c.name())).collect();
    let _ = write!(
        out,
        "\nexport const COMMAND_NAMES: readonly (keyof Commands)[] = [\n{}\n];\n",
        names.join("\n")
    );
    out
}

/// `src-tauri/permissions/clinic.toml`: only commands of the table reach the core.
#[must_use]
pub fn permissions() -> String {
    let names: Vec<_> = Command::ALL.iter().map(|c| format!("    \"{}\",\n", c.name())).collect();
    format!(
        "# Made from the command table by `./dev bindings`; do not edit.\n[[permission]]\n\
         identifier = \"clinic\"\ndescription = \"The commands of the clinic's window\"\n\
         commands.allow = [\n{}]\n",
        names.concat()
    )
}

/// `docs/errors.md`: every code, what it means and what to do, in the window's own words. `messages` is the
/// window's `en.json`.
#[must_use]
pub fn errors(messages: &Value) -> String {
    let mut out = String::from(ERRORS_HEADER);
    for code in ErrorCode::ALL {
        let Ok(Value::String(word)) = serde_json::to_value(code) else { continue };
        let said = messages[format!("error_{word}")].as_str().unwrap_or_else(|| code.message());
        // A window's sentence may end in what to do; where it does not, the advice stands beside it.
        let (meaning, advice) = match messages[format!("advice_{word}")].as_str() {
            Some(advice) => (said, advice),
            None => said.split_once(". ").unwrap_or((said, OTHERWISE)),
        };
        let (meaning, notes) = (meaning.trim_end_matches('.'), code.notes().trim());
        let _ = writeln!(out, "| `{word}` | {meaning}. | {notes} | {advice} |");
    }
    out
}

const ERRORS_HEADER: &str = "<!-- Made from the closed set of codes and the window's words by `./dev bindings`; do \
not edit. -->
# Errors

Every refusal, in the window and on the command line, is one object: `{ \"code\", \"message\", \"details\" }`. The code \
is one of these and stays what it is between versions; the message is English for logs and scripts; details hold \
numbers, words and record ids, never anything of a patient. Where the table says nothing of details, they are empty.

| code | meaning | details and causes | what to do |
|---|---|---|---|
";
/// Where the window's sentence says what happened and no more.
const OTHERWISE: &str =
    "Try again. If it stays, run the self-test and save a support bundle (Administration).";

struct Module {
    cfg: Config,
    seen: HashSet<TypeId>,
    types: Vec<String>,
    commands: String,
}

impl TypeVisitor for Module {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Only types with a file of their own are declared; the rest are TypeScript's own.
        if T::output_path().is_some() {
            self.types.push(T::decl(&self.cfg));
        }
    }
}

impl ShapeVisitor for Module {
    fn command<Request: TS + 'static, Answer: TS + 'static>(
        &mut self,
        name: &str,
        doc: &str,
        with_progress: bool,
    ) {
        self.visit::<Request>();
        self.visit::<Answer>();
        let progress = if with_progress { "; progress: true" } else { "" };
        let _ = writeln!(
            self.commands,
            "  /** {} */\n  {name}: {{ request: {}; answer: {}{progress} }};",
            doc.trim(),
            Request::name(&self.cfg),
            Answer::name(&self.cfg),
        );
    }

    fn progress<Progress: TS + 'static>(&mut self) {
        self.visit::<Progress>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_meaning_and_advice_in_the_windows_words() {
        let window = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/messages/en.json");
        let messages: Value = serde_json::from_slice(&std::fs::read(window).unwrap()).unwrap();
        let page = errors(&messages);
        let rows: Vec<Vec<&str>> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| line.trim_matches('|').split(" | ").collect())
            .collect();
        assert_eq!(rows.len(), ErrorCode::ALL.len());
        for row in rows {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(!row[3].contains(OTHERWISE), "{} has no advice of its own", row[0]);
        }
        assert!(page.contains("`details.problems` lists the fields."));
    }
}
