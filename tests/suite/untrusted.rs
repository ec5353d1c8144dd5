//! Whatever lies in a file from outside, its reader comes back. `./dev fuzz` goes deeper, guided by what is reached.

use std::panic::{AssertUnwindSafe, catch_unwind};

use support::tampering::Random;
use support::untrusted::{READERS, Reader, altered};

/// Alterations of each reader's seeds.
const ROUNDS: usize = 300;
/// Of readers that do much with what they accept.
const FEWER_ROUNDS: usize = 12;

#[test]
fn every_reader_comes_back_from_any_bytes() {
    let mut random = Random(0xf0_22_ed);
    let mut faults = vec![];
    for reader in &READERS {
        let seeds = (reader.seeds)();
        let rounds = if reader.name == "onnx" { FEWER_ROUNDS } else { ROUNDS };
        let altered = (0..rounds).map(|n| altered(&seeds[n % seeds.len()], &mut random)).collect::<Vec<_>>();
        let empty = std::iter::once(vec![]);
        faults.extend(
            seeds.iter().cloned().chain(empty).chain(altered).filter_map(|bytes| fault(reader, &bytes)),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault(reader: &Reader, bytes: &[u8]) -> Option<String> {
    let came_back = catch_unwind(AssertUnwindSafe(|| (reader.read)(bytes)));
    came_back
        .is_err()
        .then(|| format!("{} of {} bytes: {:02x?}", reader.name, bytes.len(), &bytes[..bytes.len().min(400)]))
}

#[test]
fn the_seeds_are_what_the_readers_accept() {
    for Reader { name, read, seeds } in &READERS {
        let seeds = seeds();
        let refused: Vec<usize> = (0..seeds.len()).filter(|&n| !read(&seeds[n])).collect();
        assert!(!seeds.is_empty() && refused.is_empty(), "{name} refuses seeds {refused:?}");
        assert!(!read(&[0xff; 64]), "{name} accepts what is nothing");
    }
}
