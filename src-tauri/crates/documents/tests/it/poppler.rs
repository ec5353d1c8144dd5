//! Reading a PDF back with `pdftotext`, `pdftoppm`, `pdffonts`, `pdfinfo` and `pdfimages`.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::GrayImage;

/// A PDF on disk, under the name of its test.
pub struct Specimen {
    path: PathBuf,
}

impl Specimen {
    /// `None`, with a word on the console, where poppler is not installed.
    pub fn keep(name: &str, bytes: &[u8]) -> Option<Self> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
        std::fs::write(&path, bytes).unwrap();
        if Command::new("pdftotext").arg("-v").output().is_err() {
            eprintln!("pdftotext is not installed: {name} was written but not read back");
            return None;
        }
        Some(Self { path })
    }

    fn tool(&self, tool: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(tool).args(before).arg(&self.path).args(after).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{tool}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The text of each page, laid out as on paper.
    pub fn pages(&self) -> Vec<String> {
        let text = self.tool("pdftotext", &["-layout"], &["-"]);
        text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
    }

    /// All text with every run of white space as one space.
    pub fn text(&self) -> String {
        squeezed(&self.tool("pdftotext", &["-layout"], &["-"]))
    }

    /// Each page in grey at so many dots an inch.
    pub fn rasters(&self, dots: u32) -> Vec<GrayImage> {
        let folder = self.path.with_extension("pages");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        let prefix = folder.join("page");
        self.tool("pdftoppm", &["-r", &dots.to_string(), "-gray", "-png"], &[prefix.to_str().unwrap()]);
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| image::open(file).unwrap().into_luma8()).collect()
    }

    /// Lines of `pdffonts`, without its head.
    pub fn fonts(&self) -> Vec<String> {
        self.tool("pdffonts", &[], &[]).lines().skip(2).map(str::to_owned).collect()
    }

    pub fn info(&self) -> String {
        self.tool("pdfinfo", &["-isodates"], &[])
    }

    /// Width, encoding and horizontal dots an inch of each picture.
    pub fn pictures(&self) -> Vec<(u32, String, u32)> {
        self.tool("pdfimages", &["-list"], &[])
            .lines()
            .skip(2)
            .map(|line| {
                let cells: Vec<_> = line.split_whitespace().collect();
                (cells[3].parse().unwrap(), cells[8].to_owned(), cells[12].parse().unwrap())
            })
            .collect()
    }
}

pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
