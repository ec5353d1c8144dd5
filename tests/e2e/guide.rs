//! Pictures of the guide: pieces of the screens that the flows pass, with what the flows put there.

use std::path::Path;

/// Screen, the file in `docs/guide/pictures`, and what is cut out: x, y, width, height in pixels.
type Cut = (&'static str, &'static str, [u32; 4]);

const CUTS: [Cut; 15] = [
    ("04-recovery-sheet-light", "recovery-sheet", [340, 90, 760, 710]),
    ("08-patient-light", "window", [0, 0, 1440, 900]),
    ("10-result-light", "reading", [0, 145, 1440, 755]),
    ("19-report-draft-light", "report", [10, 100, 1420, 760]),
    ("25-security-light", "security", [190, 50, 1240, 720]),
    ("30-audit-light", "audit-trail", [20, 55, 1400, 610]),
    ("41-visit-light", "visit", [0, 45, 1440, 640]),
    ("43-placing-light", "body-map", [10, 210, 1090, 665]),
    ("47-follow-up-light", "follow-up", [10, 155, 1090, 480]),
    ("51-tray-light", "tray", [10, 150, 1090, 720]),
    ("53-ruler-light", "scale", [10, 140, 940, 500]),
    ("54-compared-light", "compare", [0, 105, 1440, 760]),
    ("58-decision-light", "decision", [940, 145, 490, 565]),
    ("74-article-light", "library", [10, 60, 1420, 810]),
    ("77-backup-light", "backup", [215, 50, 1215, 680]),
];

/// Cuts the screen for the guide, when the flows run with `LENTIGO_GUIDE=write`.
pub fn keep(screen: &str, png: &[u8]) {
    let Some((_, file, cut)) = CUTS.iter().find(|(name, ..)| *name == screen) else { return };
    if std::env::var("LENTIGO_GUIDE").is_ok_and(|word| word == "write") {
        let folder = support::root().join("docs/guide/pictures");
        std::fs::create_dir_all(&folder).unwrap();
        write(&folder.join(format!("{file}.webp")), png, *cut);
    }
}

fn write(path: &Path, png: &[u8], [x, y, width, height]: [u32; 4]) {
    let whole = image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap();
    whole.crop_imm(x, y, width, height).into_rgb8().save_with_format(path, image::ImageFormat::WebP).unwrap();
}
