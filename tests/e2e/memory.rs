//! What the program's memory still holds: every writable page of the process, read as a debugger would.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// x86-64 and most of ARM.
const PAGE: u64 = 4096;

/// The processes of the program that works on one clinic.
pub fn processes(home: &Path) -> Vec<u32> {
    let wanted = format!("LENTIGO_HOME={}", home.display());
    let numbers =
        fs::read_dir("/proc").unwrap().flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| is_program(*pid) && environment(*pid).contains(&wanted)).collect()
}

fn is_program(pid: u32) -> bool {
    // Where it really lies: the build folder may be a link.
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_lentigo")).unwrap();
    fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
}

fn environment(pid: u32) -> String {
    let bytes = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How often each word stands in the memory of a process; none where this user may not read it.
pub fn count(pid: u32, words: &[(&str, Vec<u8>)]) -> Option<Vec<(String, usize)>> {
    let mut memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let mut pages = File::open(format!("/proc/{pid}/pagemap")).ok()?;
    let regions = fs::read_to_string(format!("/proc/{pid}/smaps")).ok()?;
    let mut counts = vec![0; words.len()];
    for (start, end) in written(&regions) {
        for (from, to) in present(&mut pages, start, end) {
            scan(&mut memory, from, to, words, &mut counts);
        }
    }
    Some(words.iter().map(|(name, _)| (*name).to_owned()).zip(counts).collect())
}

/// Writable regions with at least one page in memory: address space that is only reserved is far larger.
fn written(smaps: &str) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    let mut region = None;
    for line in smaps.lines() {
        region = header(line).or(region);
        let resident = line.strip_prefix("Rss:").map(|rest| rest.trim() != "0 kB");
        if let (Some(true), Some((start, end, true))) = (resident, region) {
            found.push((start, end));
        }
    }
    found
}

/// Start, end and whether it is writable.
fn header(line: &str) -> Option<(u64, u64, bool)> {
    let mut parts = line.split_whitespace();
    let (start, end) = parts.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?, parts.next()?.starts_with("rw")))
}

/// Runs of pages that are in memory or in swap (proc(5), pagemap: bits 63 and 62).
fn present(pages: &mut File, start: u64, end: u64) -> Vec<(u64, u64)> {
    let mut entries = vec![0; usize::try_from((end - start) / PAGE * 8).unwrap_or(0)];
    if pages.seek(SeekFrom::Start(start / PAGE * 8)).is_err() || pages.read_exact(&mut entries).is_err() {
        return vec![(start, end)];
    }
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for (entry, page) in entries.chunks_exact(8).zip((start..end).step_by(4096)) {
        if entry[7] & 0b1100_0000 == 0 {
            continue;
        }
        match runs.last_mut() {
            Some((_, to)) if *to == page => *to += PAGE,
            _ => runs.push((page, page + PAGE)),
        }
    }
    runs
}

/// Pages that cannot be read, such as those of a device, hold nothing of the program's.
fn scan(memory: &mut File, start: u64, end: u64, words: &[(&str, Vec<u8>)], counts: &mut [usize]) {
    let mut bytes = vec![0; usize::try_from(end - start).unwrap_or(0)];
    if memory.seek(SeekFrom::Start(start)).is_ok() && memory.read_exact(&mut bytes).is_ok() {
        for ((_, word), count) in words.iter().zip(counts.iter_mut()) {
            *count += memchr::memmem::find_iter(&bytes, word).count();
        }
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
