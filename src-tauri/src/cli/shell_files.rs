//! `lentigo shell-files`: man pages and completions, made of the same words as `--help`. `./dev package` calls it
//! between building and bundling, so that a package never describes another program than it holds.

use std::fs;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clinic::Result;

use super::output;

/// Shells, and the names that Debian's folders of completions want.
const SHELLS: [(Shell, &str); 3] =
    [(Shell::Bash, "lentigo"), (Shell::Zsh, "_lentigo"), (Shell::Fish, "lentigo.fish")];

/// Writes `man/lentigo*.1` and `completions/<shell>/…` under the folder.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(folder: &Path, command: &Command) -> Result<()> {
    let pages = folder.join("man");
    fs::create_dir_all(&pages)?;
    let command = shown(command);
    clap_mangen::generate_to(command.clone(), &pages)?;
    for (shell, name) in SHELLS {
        let place = folder.join("completions").join(shell.to_string());
        fs::create_dir_all(&place)?;
        fs::write(place.join(name), completion(shell, &command))?;
    }
    output::text(&folder.display().to_string());
    Ok(())
}

/// Without what is hidden, which completions would offer all the same.
fn shown(command: &Command) -> Command {
    let tasks = command.get_subcommands().filter(|task| !task.is_hide_set()).cloned();
    Command::new("lentigo")
        .version(env!("CARGO_PKG_VERSION"))
        .about(command.get_about().cloned().unwrap_or_default())
        .subcommands(tasks)
}

fn completion(shell: Shell, command: &Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command.clone(), "lentigo", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        shown(&crate::cli::command()).get_subcommands().map(|task| task.get_name().to_owned()).collect()
    }

    #[test]
    fn every_subcommand_has_a_page_and_is_named_on_the_first() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &crate::cli::command()).unwrap();
        let page = |name: &str| fs::read_to_string(folder.path().join("man").join(name)).unwrap();
        // roff writes a hyphen as `\-`.
        let first = page("lentigo.1").replace("\\-", "-");
        assert!(names().len() >= 8);
        for name in names() {
            assert!(first.contains(&format!("lentigo-{name}(1)")), "{name} is not on the first page");
            assert!(page(&format!("lentigo-{name}.1")).contains(".SH SYNOPSIS"), "{name}");
        }
        assert!(page("lentigo-audit-verify.1").contains("email"));
    }

    #[test]
    fn every_subcommand_is_in_every_completion() {
        let command = shown(&crate::cli::command());
        for (shell, _) in SHELLS {
            let script = String::from_utf8(completion(shell, &command)).unwrap();
            for name in names() {
                assert!(script.contains(&name), "{shell} does not complete {name}");
            }
            assert!(!script.contains("shell-files"), "{shell} offers what only a package needs");
        }
    }
}
