//! Coverage-guided fuzzing of one reader of bytes from outside, named by `LENTIGO_FUZZ`; `./dev fuzz` starts it.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use support::untrusted::{READERS, Reader};

static READER: OnceLock<&Reader> = OnceLock::new();

/// Writes the seeds where libFuzzer begins from.
fn begin() {
    let name = std::env::var("LENTIGO_FUZZ").unwrap_or_default();
    let Some(reader) = READERS.iter().find(|reader| reader.name == name) else {
        READERS.iter().for_each(|reader| println!("{}", reader.name));
        std::process::exit(i32::from(!name.is_empty()));
    };
    if let Some(folder) = std::env::var_os("LENTIGO_FUZZ_SEEDS") {
        let folder = std::path::PathBuf::from(folder);
        for (number, seed) in (reader.seeds)().iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed).expect("a seed is written");
        }
        std::process::exit(0);
    }
    if reader.name == "onnx" {
        // A panic of the loader ends the process that models are tried out in, and not the program: here it is caught.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let _ = READER.set(reader);
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    if let Some(reader) = READER.get() {
        let _ = (reader.read)(bytes);
    }
});
