//! Files and cards that are not taken, each with its reason. All but the first look run in a process of its own.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clinic::ErrorCode;
use clinic::models::{self, TrialProgram};
use clinic::views::*;
use domain::model_version::{ModelRefusal, ModelRefusalReason as Reason, ModelVersionState as State};
use serde_json::{Value, json};
use support::onnx::{Closing, Tiny, ints};
use support::{World, painted};

use crate::models::{Chosen, adds, checks, clinic};

/// What the first look at a file says.
fn looked(world: &World, network: &[u8]) -> ModelRefusal {
    let chosen = Chosen::of(network, None);
    let view = models::pick(&world.session, &chosen.paths).unwrap();
    assert!(view.form.is_none());
    let nothing = models::upload(&world.session, &ModelUploadRequest { form: None });
    assert_eq!(nothing.unwrap_err().code, ErrorCode::NotFound, "what was refused is not kept in mind");
    view.refusal.unwrap()
}

/// What trying it out with a card says.
fn tried(world: &World, network: &[u8], card: &Value) -> ModelRefusal {
    let added = adds(world, network, card).unwrap();
    let view = checks(world, added.id.unwrap());
    assert_eq!((view.state, view.trial.is_none()), (State::Candidate, true));
    let refused = world.trail(&world.session, "model_checked");
    assert!(refused[0]["refused"].is_string(), "{refused:?}");
    view.refusal.unwrap()
}

fn with(tiny: &Tiny, change: impl FnOnce(&mut Value)) -> (Vec<u8>, Value) {
    let network = tiny.bytes();
    let mut card = tiny.card(&network);
    change(&mut card);
    (network, card)
}

#[test]
fn files_that_are_no_whole_model_are_known_at_the_first_look() {
    let world = clinic();
    let whole = Tiny::default().bytes();
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9437184\n";
    assert_eq!(looked(&world, b"").reason, Reason::Empty);
    assert_eq!(looked(&world, pointer).reason, Reason::LfsPointer);
    assert_eq!(looked(&world, &painted(420, 320).to_jpeg(90)).reason, Reason::Unreadable);
    for share in [10, 30, 50, 70, 90, 99] {
        let cut = looked(&world, &whole[..whole.len() * share / 100]);
        assert_eq!(cut.reason, Reason::Unreadable, "{share} percent");
    }
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.onnx");
    fs::File::create(&large).unwrap().set_len(300 << 20).unwrap();
    let view = models::pick(&world.session, &[large]).unwrap();
    assert_eq!(view.refusal.map(|refusal| refusal.reason), Some(Reason::TooLarge));
    let two = [folder.path().join("a.onnx"), folder.path().join("b.onnx")];
    let refused = models::pick(&world.session, &two).unwrap_err();
    assert_eq!(refused.details["reason"], "no_network");
    let gone = models::pick(&world.session, &[PathBuf::from("/nowhere/a.onnx")]).unwrap_err();
    assert_eq!(gone.code, ErrorCode::FileGone);
}

#[test]
fn graphs_that_cannot_be_run_are_named_by_what_is_in_them() {
    let world = clinic();
    let mut graph = Tiny::default().graph();
    graph.external("elsewhere", &[4, 4]);
    let refused = looked(&world, &graph.bytes());
    assert_eq!(
        (refused.reason, refused.names.as_slice()),
        (Reason::ExternalTensors, ["elsewhere".to_owned()].as_slice())
    );

    let mut graph = Tiny::default().graph();
    graph.absent("huge", &[50_000, 50_000]);
    let refused = looked(&world, &graph.bytes());
    assert_eq!(refused.reason, Reason::ConstantsTooLarge);
    assert!(refused.found.unwrap().parse::<u64>().unwrap() >= 10_000_000_000);

    let mut graph = Tiny::default().graph();
    graph.integers("shape", &[50_000, 50_000]);
    graph.node("ConstantOfShape", &["shape"], "filled", &[]);
    assert_eq!(looked(&world, &graph.bytes()).reason, Reason::ConstantsTooLarge);

    let looped = Tiny { extra: vec!["Loop"], ..Tiny::default() };
    assert_eq!(looked(&world, &looped.bytes()).reason, Reason::Loop);

    let unknown = Tiny { extra: vec!["Relu", "GridWarp", "FoldSpace"], ..Tiny::default() };
    let refused = looked(&world, &unknown.bytes());
    assert_eq!(refused.reason, Reason::Operators);
    assert_eq!(refused.names, ["FoldSpace", "GridWarp"]);
}

#[test]
fn networks_that_run_and_say_nothing_are_refused() {
    let world = clinic();
    let not_finite = Tiny { bias: vec![-1e9; 3], extra: vec!["Log"], ..Tiny::default() };
    let (network, card) = with(&not_finite, |_| {});
    assert_eq!(tried(&world, &network, &card).reason, Reason::NotFinite);

    let constant = Tiny { strength: 0.0, bias: vec![1.0, 2.0, 3.0], ..Tiny::default() };
    let (network, card) = with(&constant, |_| {});
    assert_eq!(tried(&world, &network, &card).reason, Reason::ConstantOutput);

    let (network, card) = with(&Tiny { seed: 6, bias: vec![1.0; 3], ..Tiny::default() }, |card| {
        card["output"]["kind"] = json!("probabilities");
    });
    assert_eq!(tried(&world, &network, &card).reason, Reason::NotProbabilities);

    let mut graph = Tiny::default().graph();
    graph.input("second", None, &[3, 32, 32]);
    let network = graph.bytes();
    let card = Tiny::default().card(&network);
    let refused = tried(&world, &network, &card);
    assert_eq!((refused.reason, refused.names.len()), (Reason::Inputs, 2));
}

#[test]
fn a_card_that_does_not_speak_of_the_file_is_refused() {
    let world = clinic();
    let tiny = Tiny::default();
    let (network, card) = with(&tiny, |card| card["labels"].as_array_mut().unwrap().truncate(2));
    let refused = tried(&world, &network, &card);
    assert_eq!(
        (refused.reason, refused.expected.as_deref(), refused.found.as_deref()),
        (Reason::Classes, Some("2"), Some("3"))
    );

    let (network, card) = with(&tiny, |card| {
        card["input"]["width"] = json!(64);
        card["input"]["height"] = json!(64);
    });
    let refused = tried(&world, &network, &card);
    assert_eq!(refused.reason, Reason::InputShape);
    assert_eq!(refused.expected.as_deref(), Some("1 × 3 × 64 × 64"));
    assert_eq!(refused.found.as_deref(), Some("? × 3 × 32 × 32"));

    let (network, card) = with(&tiny, |card| card["input"]["layout"] = json!("nhwc"));
    assert_eq!(tried(&world, &network, &card).reason, Reason::InputShape);

    let (network, card) = with(&tiny, |card| card["output"]["name"] = json!("elsewhere"));
    assert_eq!(tried(&world, &network, &card).reason, Reason::OutputMissing);

    let refusal = |change: fn(&mut Value)| {
        let (network, card) = with(&tiny, change);
        let error = adds(&world, &network, &card).unwrap_err();
        assert_eq!(error.code, ErrorCode::ModelRefused);
        error.details["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(refusal(|card| card["sha256"] = json!("0".repeat(64))), "hash_mismatch");
    assert_eq!(refusal(|card| card["thresholds"]["strong_at"] = json!(7)), "card");
    let novelty = |card: &mut Value| {
        card["ood"] = json!({ "method": "mahalanobis", "threshold": 3.0, "file": "tiny.ood.json" });
    };
    assert_eq!(refusal(novelty), "novelty_missing");
    let (network, card) = with(&Tiny { seed: 8, ..Tiny::default() }, |_| {});
    adds(&world, &network, &card).unwrap();
    assert_eq!(adds(&world, &network, &card).unwrap_err().details["reason"], "duplicate");
}

#[test]
fn a_network_that_takes_too_much_harms_nobody() {
    let world = clinic();
    let mut large = support::onnx::Graph::of_opset(13);
    large.input("image", None, &[3, 32, 32]);
    large.integers("repeats", &[1, 1, 3000, 3000]);
    large.node("Tile", &["image", "repeats"], "tiled", &[]);
    large.node("GlobalAveragePool", &["tiled"], "pooled", &[]);
    large.node("Flatten", &["pooled"], "flat", &[]);
    large.node("Transpose", &["flat"], "output", &[ints("perm", &[0, 1])]);
    large.output("output", None, &[3]);
    let network = large.bytes();
    let card = Tiny::default().card(&network);
    // The system ends the process, or the network's own runtime says that there is no room.
    let refused = tried(&world, &network, &card).reason;
    assert!(matches!(refused, Reason::Memory | Reason::CannotRun | Reason::NotFinite), "{refused:?}");
    assert_eq!(world.analyses(&[]).unwrap_err().code, ErrorCode::InvalidInput, "the program goes on");
}

#[test]
fn a_process_that_does_not_answer_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let program = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        path
    };
    let slow = program("slow", "#!/bin/sh\nexec sleep 60\n");
    let world = World::founded_trying(TrialProgram::other(slow).within(Duration::from_millis(300)));
    assert_eq!(looked(&world, &Tiny::default().bytes()).reason, Reason::Time);
    let broken = program("broken", "#!/bin/sh\necho no answer\nexit 3\n");
    let world = World::founded_trying(TrialProgram::other(broken));
    assert_eq!(looked(&world, &Tiny::default().bytes()).reason, Reason::Crashed);
}

#[test]
fn one_value_of_two_classes_counts_as_two() {
    let world = clinic();
    let tiny = Tiny { closing: Closing::Sigmoid, classes: 2, ..Tiny::default() };
    let (network, card) = with(&tiny, |card| {
        let third = json!({ "code": "ak", "name": "Actinic keratosis", "malignancy": "premalignant" });
        card["labels"].as_array_mut().unwrap().push(third);
    });
    let refused = tried(&world, &network, &card);
    assert_eq!((refused.reason, refused.found.as_deref()), (Reason::Classes, Some("2")));
}
