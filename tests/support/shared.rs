//! Real labelled photographs, where they are at hand.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the root").to_path_buf()
}

/// The folder of labelled photographs, `LENTIGO_LESIONS` or `../shared/lesions`.
pub struct SharedLesions {
    folder: PathBuf,
    unpacked: tempfile::TempDir,
}

impl SharedLesions {
    /// Nothing, with a word on standard error, where the photographs are not at hand.
    #[must_use]
    pub fn at_hand() -> Option<Self> {
        let folder = std::env::var_os("LENTIGO_LESIONS")
            .map_or_else(|| root().join("../shared/lesions"), PathBuf::from);
        if folder.join("labels.csv").is_file() {
            Some(Self { folder, unpacked: tempfile::tempdir().ok()? })
        } else {
            eprintln!("skipped: no labelled photographs at hand");
            None
        }
    }

    /// Members of whole frames from `labels.csv`, about `count` of each source, spread evenly over the list.
    #[must_use]
    pub fn sample(&self, sources: &[&str], count: usize) -> Vec<String> {
        let list = std::fs::read_to_string(self.folder.join("labels.csv")).unwrap();
        let members = |source: &&str| {
            let all: Vec<&str> = list
                .lines()
                .filter_map(|line| line.split(',').next())
                .filter(|member| member.split('/').next() == Some(*source) && !member.contains("crops"))
                .collect();
            let step = (all.len() / count).max(1);
            all.into_iter().step_by(step).take(count).map(str::to_owned).collect::<Vec<_>>()
        };
        sources.iter().flat_map(members).collect()
    }

    /// Takes members such as `ham10000/images_200x150/X.jpg` out of their archives.
    ///
    /// # Panics
    /// When an archive lacks one of them.
    #[must_use]
    pub fn unpack(&self, members: &[&str]) -> &Path {
        let mut archives: Vec<_> = members.iter().filter_map(|m| m.split('/').next()).collect();
        archives.sort_unstable();
        archives.dedup();
        for archive in archives {
            let wanted: Vec<_> =
                members.iter().filter(|m| m.split('/').next() == Some(archive)).copied().collect();
            let list = self.unpacked.path().join(format!("{archive}.list"));
            std::fs::write(&list, wanted.join("\n")).unwrap();
            let done = Command::new("tar")
                .arg("-xf")
                .arg(self.folder.join(format!("{archive}.tar")))
                .arg("-C")
                .arg(self.unpacked.path())
                .arg("-T")
                .arg(&list)
                .status()
                .unwrap();
            assert!(done.success(), "tar could not take the photographs out of {archive}.tar");
        }
        self.unpacked.path()
    }
}
