//! Makes the window's types and the permission file from the command table, and the pages of errors.

mod errors;

use std::any::TypeId;
use std::collections::HashSet;
use std::fmt::Write as _;

use ts_rs::{Config, TS, TypeVisitor};

use crate::commands::{self, Command, ShapeVisitor};
use crate::error::Error;

pub use errors::{ERROR_PAGES, ErrorPage};

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
