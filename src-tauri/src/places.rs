//! Where things lie on this machine.

use std::path::{Path, PathBuf};

/// The clinic's folder: `LENTIGO_HOME`, else the user's data folder.
#[must_use]
pub fn home() -> PathBuf {
    if let Some(home) = std::env::var_os("LENTIGO_HOME") {
        return home.into();
    }
    directories::ProjectDirs::from("org", "", "lentigo")
        .map_or_else(|| PathBuf::from("lentigo-data"), |dirs| dirs.data_dir().to_path_buf())
}

/// The program's log: beside `LENTIGO_HOME`, else in the user's folder for states. Never in the clinic's folder,
/// which is whole records and nothing else.
#[must_use]
pub fn logs() -> PathBuf {
    if let Some(home) = std::env::var_os("LENTIGO_HOME") {
        let home = PathBuf::from(home);
        let mut name = home.file_name().unwrap_or_default().to_owned();
        name.push(".logs");
        return home.with_file_name(name);
    }
    directories::ProjectDirs::from("org", "", "lentigo").map_or_else(
        || PathBuf::from("lentigo-logs"),
        |dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).join("logs"),
    )
}

/// The folder with `lesion.onnx` and its card: `LENTIGO_MODELS`, else beside the program, as an
/// installation or a build tree lays it out.
#[must_use]
pub fn models() -> PathBuf {
    if let Some(models) = std::env::var_os("LENTIGO_MODELS") {
        return models.into();
    }
    let program = std::env::current_exe().unwrap_or_default();
    candidates(&program)
        .into_iter()
        .find(|folder| folder.join("lesion.card.json").is_file())
        .unwrap_or_else(|| PathBuf::from("models"))
}

fn candidates(program: &Path) -> Vec<PathBuf> {
    program
        .ancestors()
        .skip(1)
        .take(4)
        .flat_map(|folder| {
            [folder.join("models"), folder.join("lib/Lentigo/models"), folder.join("lib/lentigo/models")]
        })
        .collect()
}
