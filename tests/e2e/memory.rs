//! What the program's memory still holds: every writable page of the process, read as a debugger would.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const CHUNK: usize = 1 << 20;

/// The processes of the program that works on one clinic.
pub fn processes(home: &Path) -> Vec<u32> {
    let wanted = format!("LENTIGO_HOME={}", home.display());
    let numbers =
        fs::read_dir("/proc").unwrap().flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| is_program(*pid) && environment(*pid).contains(&wanted)).collect()
}

fn is_program(pid: u32) -> bool {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_lentigo"));
    fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
}

fn environment(pid: u32) -> String {
    let bytes = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How often each word stands in the memory of a process; none where this user may not read it.
pub fn count(pid: u32, words: &[(&str, Vec<u8>)]) -> Option<Vec<(String, usize)>> {
    let mut memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let mut counts = vec![0; words.len()];
    for (start, end) in maps.lines().filter_map(writable) {
        scan(&mut memory, start, end, words, &mut counts);
    }
    Some(words.iter().map(|(name, _)| (*name).to_owned()).zip(counts).collect())
}

fn writable(line: &str) -> Option<(u64, u64)> {
    let mut parts = line.split_whitespace();
    let (start, end) = parts.next()?.split_once('-')?;
    let is_writable = parts.next()?.starts_with("rw");
    let number = |text| u64::from_str_radix(text, 16).ok();
    is_writable.then(|| Some((number(start)?, number(end)?))).flatten()
}

/// Pages that cannot be read, such as those of a device, hold nothing of the program's.
fn scan(memory: &mut File, start: u64, end: u64, words: &[(&str, Vec<u8>)], counts: &mut [usize]) {
    let longest = words.iter().map(|(_, word)| word.len()).max().unwrap_or(0);
    let mut at = start;
    while at < end {
        let length = usize::try_from(end - at).unwrap_or(CHUNK).min(CHUNK + longest - 1);
        let mut bytes = vec![0; length];
        if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(&mut bytes).is_err() {
            at += CHUNK as u64;
            continue;
        }
        for ((_, word), count) in words.iter().zip(counts.iter_mut()) {
            // A word across the edge is found in the chunk that begins with it.
            *count += memchr::memmem::find_iter(&bytes, word).filter(|place| *place < CHUNK).count();
        }
        at += CHUNK as u64;
    }
}

#[test]
fn a_word_in_memory_is_found_until_it_is_gone() {
    // Also its encoded twin, so that the needle itself is not what is found.
    let needle = |salt: u8| -> Vec<u8> { (0..24u8).map(|i| i.wrapping_mul(37) ^ salt).collect() };
    let (here, absent) = (needle(0x5a), needle(0xa5));
    let kept = std::hint::black_box(here.clone());
    let found = count(std::process::id(), &[("here", here), ("absent", absent)]);
    let Some(found) = found else {
        eprintln!("skipped: this user may not read the memory of its own process");
        return;
    };
    assert!(found[0].1 >= 2, "{found:?}");
    assert_eq!(kept.len(), 24);
}
