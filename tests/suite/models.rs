//! Versions of the classifier: added, tried out in a process of their own, compared, put in use, brought back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use clinic::models::{self, TrialProgram};
use clinic::self_test::{self, Finding};
use clinic::views::*;
use clinic::{Error, ErrorCode, analysis, biopsy};
use domain::analysis::{Gate, HeatmapState};
use domain::biopsy::{HistologyDetails, Margins, SpecimenDetails, SpecimenKind};
use domain::model_version::{ModelVersionState as State, OnnxTensor};
use domain::{AnalysisId, ImageId, LesionId, ModelVersionId};
use support::onnx::{Closing, Tiny};
use support::{PASSWORD, World, marked_naevus_jpeg, melanoma_like_jpeg, naevus_jpeg, painted, root};

const TRY_MODEL: &str = env!("CARGO_BIN_EXE_try-model");

pub fn clinic() -> World {
    World::founded_trying(TrialProgram::other(PathBuf::from(TRY_MODEL)))
}

/// A folder with a network and its card, as somebody chooses them.
pub struct Chosen {
    _folder: tempfile::TempDir,
    pub paths: Vec<PathBuf>,
}

impl Chosen {
    pub fn of(network: &[u8], card: Option<&serde_json::Value>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = vec![folder.path().join("tiny.onnx")];
        fs::write(&paths[0], network).unwrap();
        if let Some(card) = card {
            paths.push(folder.path().join("tiny.card.json"));
            fs::write(&paths[1], card.to_string()).unwrap();
        }
        Self { _folder: folder, paths }
    }
}

/// Adds a network with its card.
pub fn adds(world: &World, network: &[u8], card: &serde_json::Value) -> Result<ModelVersionView, Error> {
    let chosen = Chosen::of(network, Some(card));
    let picked = models::pick(&world.session, &chosen.paths)?;
    assert_eq!(picked.refusal, None);
    models::upload(&world.session, &ModelUploadRequest { form: None })
}

fn added(world: &World, tiny: &Tiny) -> ModelVersionId {
    let network = tiny.bytes();
    adds(world, &network, &tiny.card(&network)).unwrap().id.unwrap()
}

pub fn checks(world: &World, id: ModelVersionId) -> ModelVersionView {
    models::try_out(&world.session, &ModelVersionRequest { id }).unwrap()
}

fn compares(world: &World, id: ModelVersionId, recall_floor: f64) -> ModelVersionView {
    models::compare(&world.session, &ModelCompareRequest { id, recall_floor }, |_| {}).unwrap()
}

fn activates(world: &World, id: Option<ModelVersionId>) -> Result<ModelRegistryView, Error> {
    models::activate(&world.session, &ModelActivateRequest { id, password: PASSWORD.into() })
}

fn ready(world: &World, tiny: &Tiny) -> ModelVersionId {
    let id = added(world, tiny);
    assert_eq!(checks(world, id).state, State::Checked);
    compares(world, id, 0.0);
    id
}

fn in_use(world: &World, tiny: &Tiny) -> ModelVersionId {
    let id = ready(world, tiny);
    activates(world, Some(id)).unwrap();
    id
}

fn rolls_back(world: &World) -> Result<ModelRegistryView, Error> {
    models::roll_back(&world.session, &ModelRollBackRequest { password: PASSWORD.into() })
}

fn state_of(view: &ModelRegistryView, id: Option<ModelVersionId>) -> State {
    view.versions.iter().find(|version| version.id == id).unwrap().state
}

fn photograph(world: &World, jpeg: &[u8]) -> (LesionId, ImageId) {
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    (lesion, world.imports(lesion, jpeg).unwrap().image.id)
}

fn read_with(world: &World, image: ImageId) -> AnalysisId {
    world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap()
}

fn reading(world: &World, id: AnalysisId) -> domain::analysis::Analysis {
    analysis::read(&world.session, &AnalysisReadRequest { id }).unwrap().analysis
}

fn reason(error: &Error) -> &str {
    assert_eq!(error.code, ErrorCode::ModelRefused, "{error:?}");
    error.details["reason"].as_str().unwrap()
}

fn shipped_hash(world: &World) -> String {
    world.workstation.model().classifier().unwrap().identity().sha256.clone()
}

#[test]
fn a_version_goes_from_candidate_to_use_and_back() {
    let world = clinic();
    let (_, image) = photograph(&world, &naevus_jpeg());
    let before = read_with(&world, image);
    let tiny = Tiny::default();
    let network = tiny.bytes();
    let view = adds(&world, &network, &tiny.card(&network)).unwrap();
    let id = view.id.unwrap();
    assert_eq!((view.state, view.bytes), (State::Candidate, Some(network.len() as u64)));
    assert_eq!(reason(&activates(&world, Some(id)).unwrap_err()), "not_checked");

    let trial = checks(&world, id).trial.unwrap();
    assert_eq!(trial.heatmap, HeatmapState::Available);
    assert_eq!(trial.map.map(|map| (map.channels, map.width, map.height)), Some((4, 32, 32)));
    assert_eq!(trial.outline.opset, Some(13));
    let input = OnnxTensor { name: "image".into(), shape: vec![None, Some(3), Some(32), Some(32)] };
    assert_eq!(trial.outline.inputs, [input]);
    assert!(trial.outline.operators.iter().any(|name| name == "Gemm"));
    assert_eq!(reason(&activates(&world, Some(id)).unwrap_err()), "not_compared");

    let heard = std::cell::RefCell::new(vec![]);
    let request = ModelCompareRequest { id, recall_floor: 0.5 };
    let compared =
        models::compare(&world.session, &request, |step| heard.borrow_mut().push((step.done, step.of)));
    let compared = compared.unwrap();
    let pictures = heard.borrow().len();
    assert_eq!(heard.borrow().last().copied(), Some((pictures as u32, pictures as u32)));
    let comparison = compared.comparison.as_ref().unwrap();
    assert_eq!(comparison.pictures.len(), pictures);
    assert_eq!(comparison.against.as_ref().map(|model| model.sha256.clone()), Some(shipped_hash(&world)));
    assert!(compared.comparison_counts && comparison.recall.is_empty());

    let wrong = ModelActivateRequest { id: Some(id), password: "something else entirely".into() };
    assert_eq!(models::activate(&world.session, &wrong).unwrap_err().code, ErrorCode::InvalidCredentials);
    let view = activates(&world, Some(id)).unwrap();
    assert_eq!((state_of(&view, Some(id)), state_of(&view, None)), (State::Active, State::Previous));
    assert_eq!(activates(&world, Some(id)).unwrap_err().code, ErrorCode::Conflict);
    let hash = view.versions[1].identity.as_ref().unwrap().sha256.clone();
    assert_eq!(world.session.view().model.identity.map(|model| model.sha256), Some(hash.clone()));
    let after = read_with(&world, image);
    assert_eq!(reading(&world, after).model.sha256, hash);
    assert_eq!(reading(&world, before).model.sha256, shipped_hash(&world), "a reading keeps its model");
    let lacking = reading(&world, after).assessment;
    assert!(lacking.novelty.is_none() && lacking.prediction_set.is_none(), "nothing is invented");

    let view = rolls_back(&world).unwrap();
    assert_eq!((state_of(&view, None), state_of(&view, Some(id))), (State::Active, State::Previous));
    assert_eq!(reading(&world, read_with(&world, image)).model.sha256, shipped_hash(&world));
    assert_eq!(view.history.iter().map(|one| one.rolled_back).collect::<Vec<_>>(), [true, false]);
    for action in
        ["model_uploaded", "model_checked", "model_compared", "model_activated", "model_rolled_back"]
    {
        assert_eq!(world.trail(&world.session, action).len(), 1, "{action}");
    }
}

#[test]
fn a_comparison_counts_until_another_version_is_in_use() {
    let world = clinic();
    let one = ready(&world, &Tiny::default());
    let other = ready(&world, &Tiny { seed: 2, ..Tiny::default() });
    activates(&world, Some(one)).unwrap();
    assert_eq!(reason(&activates(&world, Some(other)).unwrap_err()), "not_compared");
    compares(&world, other, 0.0);
    activates(&world, Some(other)).unwrap();
    let retire = |id| models::retire(&world.session, &ModelRetireRequest { id, password: PASSWORD.into() });
    assert_eq!(retire(other).unwrap_err().code, ErrorCode::Conflict, "the one in use");
    let view = retire(one).unwrap();
    assert_eq!((state_of(&view, Some(one)), state_of(&view, None)), (State::Retired, State::Previous));
    assert_eq!(activates(&world, Some(one)).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(state_of(&rolls_back(&world).unwrap(), None), State::Active);
}

#[test]
fn work_under_way_ends_with_the_version_that_it_began_with() {
    let world = clinic();
    let id = ready(&world, &Tiny::default());
    let (old, new) = (shipped_hash(&world), Tiny::default());
    let new = new.card(&new.bytes())["sha256"].as_str().unwrap().to_owned();
    let jpeg = painted(420, 320).to_jpeg(90);
    let images: Vec<ImageId> = (0..8).map(|_| photograph(&world, &jpeg).1).collect();
    let (sender, updates) = mpsc::channel();
    for image in &images {
        let sender = sender.clone();
        let request = AnalysisStartRequest { image_ids: vec![*image] };
        analysis::start(&world.session, &request, move |job| {
            let _ = sender.send(job.clone());
        })
        .unwrap();
    }
    let mut ended = vec![];
    while ended.len() < images.len() {
        let job: JobView = updates.recv_timeout(Duration::from_secs(120)).unwrap();
        if job.state.is_finished() {
            ended.push(job.analysis_id.unwrap_or_else(|| panic!("{job:?}")));
            if ended.len() == 2 {
                activates(&world, Some(id)).unwrap();
            }
        }
    }
    let read_by: Vec<String> = ended.iter().map(|id| reading(&world, *id).model.sha256).collect();
    assert!(read_by.iter().all(|hash| [&old, &new].contains(&hash)), "{read_by:?}");
    assert_eq!((&read_by[0], read_by.last().unwrap()), (&old, &new));
}

#[test]
fn the_version_in_use_is_in_use_after_a_restart_and_gone_with_its_file() {
    let world = clinic();
    let sealed = |world: &World| -> Vec<PathBuf> {
        let files = world.files().into_iter();
        files.filter(|path| path.extension().is_some_and(|ending| ending == "sealed")).collect()
    };
    let there = sealed(&world);
    let id = in_use(&world, &Tiny { hidden: Some(64), ..Tiny::default() });
    let versions = models::list(&world.session).unwrap().versions;
    let hash = versions.into_iter().find(|one| one.id == Some(id)).unwrap().identity.unwrap().sha256;
    let (_, image) = photograph(&world, &naevus_jpeg());
    let version: Vec<PathBuf> = sealed(&world)
        .into_iter()
        .filter(|path| !there.contains(path) && fs::metadata(path).unwrap().len() > 16_000)
        .collect();
    let world = world.reopened_with(&root().join("models"));
    assert_eq!(world.session.view().model.identity.map(|model| model.sha256), Some(hash.clone()));
    let checked = self_test::run(&world.session).unwrap();
    let found =
        |view: &SelfTestView, check| view.checks.iter().find(|one| one.check == check).map(|one| one.finding);
    assert_eq!(found(&checked, SelfCheck::Model), Some(Finding::ModelSound));
    assert_eq!(found(&checked, SelfCheck::GoldenReading), Some(Finding::GoldenEqual));
    assert_eq!(reading(&world, read_with(&world, image)).model.sha256, hash);

    let network = network_among(&version);
    flip(&network);
    let world = world.reopened_with(&root().join("models"));
    assert_eq!(world.session.view().model.problem, Some(ErrorCode::ModelUnavailable));
    assert_eq!(
        world.analyses(&[image]).unwrap_err().code,
        ErrorCode::ModelUnavailable,
        "nothing is predicted"
    );
    let checked = self_test::run(&world.session).unwrap();
    assert_eq!(found(&checked, SelfCheck::Model), Some(Finding::VersionUnfit));
    let view = models::list(&world.session).unwrap();
    assert!(view.can_roll_back && view.versions[1].problem == Some(ErrorCode::ModelUnavailable));
    rolls_back(&world).unwrap();
    assert_eq!(reading(&world, read_with(&world, image)).model.sha256, shipped_hash(&world));
}

/// Of the files that came with a version and a photograph, the version's: the photograph was taken in last.
fn network_among(files: &[PathBuf]) -> PathBuf {
    let written = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    files.iter().min_by_key(|path| written(path)).expect("the file of the network").clone()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn heads_and_layouts_of_other_trainers_work() {
    let world = clinic();
    let (_, image) = photograph(&world, &melanoma_like_jpeg());
    let networks = [
        Tiny { closing: Closing::Softmax, batch: Some(1), ..Tiny::default() },
        Tiny { closing: Closing::Sigmoid, classes: 2, seed: 3, opset: 11, ..Tiny::default() },
        Tiny { channels_last: true, seed: 4, opset: 17, ..Tiny::default() },
        Tiny { input: "serving_default:0 /odd name", seed: 5, ..Tiny::default() },
    ];
    for tiny in networks {
        in_use(&world, &tiny);
        let read = reading(&world, read_with(&world, image));
        let shares: Vec<f64> = read.assessment.probabilities.iter().map(|class| class.probability).collect();
        assert_eq!(shares.len() as i64, tiny.classes, "{tiny:?}");
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
        assert_eq!(read.heatmap, HeatmapState::Available, "{tiny:?}");
    }
}

#[test]
fn a_form_writes_the_card() {
    let world = clinic();
    let tiny = Tiny { closing: Closing::Sigmoid, classes: 2, channels_last: true, ..Tiny::default() };
    let chosen = Chosen::of(&tiny.bytes(), None);
    let picked = models::pick(&world.session, &chosen.paths).unwrap();
    let mut form = picked.form.unwrap();
    assert_eq!((form.width, form.layout, form.output), (32, ModelLayout::Nhwc, ModelOutput::Sigmoid));
    let empty = models::upload(&world.session, &ModelUploadRequest { form: Some(form.clone()) });
    assert_eq!(reason(&empty.unwrap_err()), "card");
    form.name = "typed".into();
    form.labels[0].code = "nv".into();
    form.labels[1].code = "mel".into();
    form.labels[1].malignancy = domain::model::Malignancy::Malignant;
    let view = models::upload(&world.session, &ModelUploadRequest { form: Some(form) }).unwrap();
    let card = view.card.unwrap();
    assert_eq!(card.labels.len(), 2);
    assert!(!card.novelty && !card.prediction_set && !card.likeness, "a form has no data for them");
    assert_eq!(checks(&world, view.id.unwrap()).state, State::Checked);
}

/// A photograph of a lesion whose specimen was a melanoma.
fn with_histology(world: &World, number: u32) -> ImageId {
    let jpeg = painted(420 + number, 320).to_jpeg(90);
    let (lesion_id, image) = photograph(world, &jpeg);
    let today = world.now().to_zoned(jiff::tz::TimeZone::system()).date();
    let details = SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: today,
        taken_by: world.session.user().id,
        site_image_id: image,
        specimen_number: format!("H-{number}"),
        impression: None,
        impression_text: String::new(),
    };
    let taken = biopsy::take(&world.session, BiopsyTakeRequest { lesion_id, details }).unwrap();
    let details = HistologyDetails {
        morphology: Some("8743/3".into()),
        behaviour: None,
        text: String::new(),
        breslow_mm: Some(0.4),
        margins: Margins::Clear,
        reported_on: today,
    };
    let request = HistologyEnterRequest { id: taken.id, version: taken.version, details };
    biopsy::enter_histology(&world.session, request).unwrap();
    image
}

/// A network that says the same class of everything, with a little of the picture in it.
fn biased(classes: &[f32]) -> Tiny {
    Tiny { bias: classes.to_vec(), strength: 0.05, ..Tiny::default() }
}

#[test]
fn a_class_below_the_recall_floor_is_not_named() {
    let world = clinic();
    let (_, plain) = photograph(&world, &marked_naevus_jpeg());
    let mark = |image_id| {
        let request = GoldenImageMarkRequest { image_id, true_class: "mel".into() };
        models::mark(&world.session, &request)
    };
    assert_eq!(mark(plain).unwrap_err().code, ErrorCode::NotFound, "it has no histology");
    let images: Vec<ImageId> = (0..3).map(|number| with_histology(&world, number)).collect();
    for image in &images {
        mark(*image).unwrap();
    }
    let set = models::set(&world.session).unwrap();
    assert_eq!(set.images.iter().filter(|image| image.true_class.is_some()).count(), 3);
    assert!(!world.trail(&world.session, "golden_set_read").is_empty());

    // It takes every melanoma for a naevus.
    let blind = added(&world, &biased(&[6.0, 0.0, 0.0]));
    checks(&world, blind);
    let compared = compares(&world, blind, 0.5).comparison.unwrap();
    let [mel] = compared.recall.as_slice() else { panic!("one class has histology") };
    assert_eq!((mel.code.as_str(), mel.cases, mel.new, mel.below_floor), ("mel", 3, 0.0, true));
    let view = activates(&world, Some(blind)).unwrap();
    let active = view.versions.iter().find(|version| version.state == State::Active).unwrap();
    assert_eq!(active.not_named, ["mel"]);
    let read = reading(&world, read_with(&world, plain)).assessment;
    assert_eq!(read.not_named.as_deref(), Some(["mel".to_owned()].as_slice()));
    assert_eq!((read.label.map(|label| label.code).as_deref(), read.gate), (Some("nv"), Gate::Confident));
    assert_eq!(clinic::model::read(&world.session).unwrap().not_named, ["mel"]);

    // The other way round: what it leads with may not be named.
    let eager = added(&world, &Tiny { seed: 9, ..biased(&[0.0, 0.0, 6.0]) });
    checks(&world, eager);
    let unmark = |image_id| models::unmark(&world.session, &GoldenImageRequest { image_id });
    for image in &images {
        unmark(*image).unwrap();
        let request = GoldenImageMarkRequest { image_id: *image, true_class: "nv".into() };
        models::mark(&world.session, &request).unwrap();
    }
    assert_eq!(compares(&world, eager, 0.5).comparison.unwrap().not_named(), ["nv"]);
    activates(&world, Some(eager)).unwrap();
    let read = reading(&world, read_with(&world, plain)).assessment;
    assert_eq!(read.label.map(|label| label.code).as_deref(), Some("ak"), "the others are named as ever");
}

#[test]
fn a_comparison_that_is_stopped_keeps_nothing() {
    let world = clinic();
    let id = added(&world, &Tiny::default());
    checks(&world, id);
    let request = ModelCompareRequest { id, recall_floor: 0.5 };
    let view =
        models::compare(&world.session, &request, |_| models::cancel(&world.session).unwrap()).unwrap();
    assert!(view.comparison.is_none() && view.state == State::Checked);
    assert!(!models::list(&world.session).unwrap().comparing);
    assert!(world.trail(&world.session, "model_compared").is_empty());
}
