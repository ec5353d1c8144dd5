//! `lentigo analyze`: photographs in, one line each out, no clinic needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clinic::model::ModelSlot;
use clinic::{Error, ErrorCode, Result, export};
use domain::analysis::{Assessment, HeatmapState};
use serde_json::{Value, json};
use vision::mask::Mask;
use vision::outline::Outliner;
use vision::{Classifier, DecodeLimits, Description, Examination, Explain, describe, examine, overlay};

use super::output;
use super::parallel::each_in_order;
use super::photographs::{self, Photograph};
use super::resume::Earlier;
use crate::places;

const OVERLAY_STRENGTH: f32 = 0.6;

/// What is asked for besides the photographs.
pub struct Wishes<'a> {
    pub as_json: bool,
    /// Where pictures are left.
    pub out: Option<&'a Path>,
    /// Photographs read at the same time.
    pub threads: usize,
    /// Finished lines of an earlier run, which is gone on with.
    pub resume: Option<&'a Path>,
}

/// False when a file could not be read, whose line says why, or when it was stopped before the end.
pub fn run(paths: &[PathBuf], wishes: &Wishes<'_>) -> Result<bool> {
    let models = ModelSlot::new(places::models());
    let reader = Reader { classifier: models.classifier()?, outliner: models.outliner()? };
    let mut found = photographs::find(paths)?;
    if let Some(out) = wishes.out {
        fs::create_dir_all(out)?;
    }
    let mut earlier = wishes.resume.map(Earlier::open).transpose()?;
    if let Some(earlier) = &earlier {
        found.retain(|photograph| !earlier.holds(&photograph.file));
    }
    let stop = stop_on_interrupt();
    let mut failed = 0_usize;
    let mut lost = Ok(());
    each_in_order(
        &found,
        wishes.threads,
        stop,
        |photograph| reader.read(photograph, wishes.out),
        |Photograph { file, .. }, answer| {
            failed += usize::from(answer.is_err());
            let line = as_line(file, &answer, &reader);
            if let Some(Err(error)) = earlier.as_mut().map(|earlier| earlier.add(&line)) {
                lost = Err(error);
                stop.store(true, Ordering::Release);
            }
            if wishes.as_json {
                output::line(&line);
            } else {
                output::text(&as_text(file, &answer));
            }
        },
    );
    lost?;
    Ok(failed == 0 && !stop.load(Ordering::Acquire))
}

/// Ctrl+C lets what is under way end, so that every line is whole; a second one ends the program at once.
fn stop_on_interrupt() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    let installed = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::AcqRel) {
            std::process::exit(130);
        }
    });
    if let Err(error) = installed {
        tracing::warn!(%error, "Ctrl+C ends the program in the middle of its work");
    }
    &STOP
}

/// The two models at work.
struct Reader {
    classifier: Arc<Classifier>,
    outliner: Arc<Outliner>,
}

struct Line {
    examination: Examination,
    description: Description,
    /// Name in the line and place of each picture written.
    pictures: Vec<(&'static str, PathBuf)>,
}

impl Reader {
    fn read(&self, photograph: &Photograph, out: Option<&Path>) -> Result<Line> {
        let bytes = read(&photograph.file)?;
        let limits = DecodeLimits::default();
        let examination =
            examine(&bytes, &limits, &self.classifier, Explain::Leading, &mut |_| {}, &|| false)?;
        // A photograph by itself has no scale: lengths are in pixels.
        let quality = examination.quality.score;
        let description = describe(&self.outliner, &examination.photograph, None, quality);
        let pictures = match out {
            Some(out) => {
                write_pictures(&out.join(&photograph.name), &examination, description.mask.as_ref())?
            }
            None => vec![],
        };
        Ok(Line { examination, description, pictures })
    }
}

/// The bytes of a file; a huge one is refused by its size, without being read.
pub fn read(file: &Path) -> Result<Vec<u8>> {
    let limit = DecodeLimits::default().max_file_bytes;
    let size = fs::metadata(file)?.len();
    if size > limit as u64 {
        let details = json!({ "bytes": size, "limit_bytes": limit });
        return Err(Error::with(ErrorCode::ImageTooLarge, details));
    }
    Ok(fs::read(file)?)
}

/// Pictures that are called as `base` and by what they show.
fn write_pictures(
    base: &Path,
    examination: &Examination,
    mask: Option<&Mask>,
) -> Result<Vec<(&'static str, PathBuf)>> {
    if let Some(folder) = base.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut written = Vec::new();
    let mut put = |name: &'static str, kind: &str, png: &[u8]| -> Result<()> {
        let mut place = base.as_os_str().to_owned();
        place.push(format!(".{kind}.png"));
        let place = PathBuf::from(place);
        export::write(&place, png)?;
        written.push((name, place));
        Ok(())
    };
    let photo = &examination.photograph;
    if let Some(map) = examination.reading.heatmaps.first().and_then(|maps| maps.first()) {
        let copy = overlay::shrink_to(photo, overlay::DISPLAY_SIDE);
        let heat = overlay::heatmap_png(map, copy.width, copy.height).map_err(|_| ErrorCode::Internal)?;
        let over = overlay::overlay_png(photo, map, OVERLAY_STRENGTH).map_err(|_| ErrorCode::Internal)?;
        put("heatmap_file", "heatmap", &heat)?;
        put("overlay_file", "overlay", &over)?;
    }
    if let Some(mask) = mask {
        let png = mask.to_png().map_err(|_| ErrorCode::Internal)?;
        put("outline_file", "outline", &png)?;
    }
    Ok(written)
}

fn as_line(file: &Path, answer: &Result<Line>, reader: &Reader) -> Value {
    let file = file.display().to_string();
    let line = match answer {
        Ok(line) => line,
        Err(error) => return json!({ "file": file, "error": error }),
    };
    let Line { examination, description, pictures } = line;
    let reading = &examination.reading;
    let mut value = assessment(&reading.assessment);
    value["file"] = json!(file);
    value["width"] = json!(examination.photograph.width);
    value["height"] = json!(examination.photograph.height);
    value["quality"] = json!(examination.quality);
    value["model"] = json!(reader.classifier.identity());
    value["heatmap"] = json!(reading.heatmap_state);
    value["outline"] = json!(description.finding);
    value["timings"] = json!(reading.timings);
    for (name, place) in pictures {
        value[*name] = json!(place.display().to_string());
    }
    value
}

/// The reading by label code, as scripts want it.
fn assessment(reading: &Assessment) -> Value {
    let probabilities: serde_json::Map<_, _> = reading
        .probabilities
        .iter()
        .map(|class| (class.label.code.clone(), json!(class.probability)))
        .collect();
    json!({
        "probabilities": probabilities,
        "malignancy": reading.malignant_sum,
        "top": reading.leading().map(|class| &class.label.code),
        "label": reading.label.as_ref().map(|label| &label.code),
        "gate": reading.gate,
        "band": reading.band,
        "urgency": reading.urgency,
        "malignancy_override": reading.malignancy_override,
        "prediction_set": reading.prediction_set.as_ref().map(|set| &set.codes),
        "prediction_set_coverage": reading.prediction_set.as_ref().map(|set| set.coverage),
        "out_of_distribution": reading.novelty.is_some_and(|novelty| novelty.outside),
        "novelty": reading.novelty,
        "advice": reading.advice,
        "disclaimer": domain::advice::DISCLAIMER,
    })
}

fn as_text(file: &Path, answer: &Result<Line>) -> String {
    let file = file.display();
    match answer {
        Err(error) => format!("{file}: {error}"),
        Ok(Line { examination, .. }) => {
            let reading = &examination.reading.assessment;
            let leading = reading.leading().map_or_else(String::new, |class| {
                format!("{} {:.1} %", class.label.code, class.probability * 100.0)
            });
            let heat = match examination.reading.heatmap_state {
                HeatmapState::Available => "",
                _ => ", no heatmap",
            };
            format!(
                "{file}: {} | leading {leading} | malignant {:.1} % | quality {:.2}{heat}",
                reading.advice.headline,
                reading.malignant_sum * 100.0,
                examination.quality.score,
            )
        }
    }
}
