//! Small files that ask for much: each is refused by its reason, or read, within 400 MB and 3 s. A file a process,
//! so that the peak of its memory is its own.

use std::io::Write;
use std::process::Command;
use std::time::Instant;

use vision::decode::{DecodeLimits, decode};

const BOMB: &str = "LENTIGO_TEST_BOMB";
const MOST_KILOBYTES: u64 = 400_000;
const MOST_SECONDS: f64 = 3.0;

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(body);
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], kind, body, &crc.sum().to_be_bytes()].concat()
}

/// Zeros that inflate to `length` bytes.
fn zeros(length: u64) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = [0; 1 << 16];
    let mut left = length;
    while left > 0 {
        let part = left.min(block.len() as u64) as usize;
        encoder.write_all(&block[..part]).unwrap();
        left -= part as u64;
    }
    encoder.finish().unwrap()
}

fn png(width: u32, height: u32, depth: u8, colour: u8, data: &[u8]) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", data), chunk(b"IEND", b"")].concat()
}

/// One strip of deflated zeros, or none at all behind a header that promises one.
fn tiff(side: u32, depth: u16, channels: u16, strip: &[u8]) -> Vec<u8> {
    let mut out = b"II*\0".to_vec();
    out.extend(u32::try_from(16 + strip.len()).unwrap().to_le_bytes());
    out.extend([depth.to_le_bytes(); 4].concat());
    out.extend(strip);
    let entries: [(u16, u16, u32, u32); 10] = [
        (256, 4, 1, side),
        (257, 4, 1, side),
        (258, 3, u32::from(channels), if channels > 2 { 8 } else { u32::from(depth) }),
        (259, 3, 1, 8),
        (262, 3, 1, if channels > 2 { 2 } else { 1 }),
        (273, 4, 1, 16),
        (277, 3, 1, u32::from(channels)),
        (278, 4, 1, side),
        (279, 4, 1, u32::try_from(strip.len()).unwrap()),
        (338, 3, 1, 2),
    ];
    out.extend(10_u16.to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out
}

fn bmp(width: i32, height: i32, depth: u16, compression: u32, data: &[u8]) -> Vec<u8> {
    let mut out = b"BM".to_vec();
    out.extend(u32::try_from(54 + data.len()).unwrap().to_le_bytes());
    out.extend([0; 4]);
    out.extend(54_u32.to_le_bytes());
    out.extend(40_u32.to_le_bytes());
    out.extend(width.to_le_bytes());
    out.extend(height.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(depth.to_le_bytes());
    out.extend(compression.to_le_bytes());
    out.extend([0; 20]);
    out.extend(data);
    out
}

/// A WebP without loss whose header promises `side` by `side` pixels and whose data ends at once.
fn webp(side: u32) -> Vec<u8> {
    let bits = (side - 1) | (side - 1) << 14;
    let body = [&[0x2f][..], &bits.to_le_bytes(), &[0; 16]].concat();
    let mut out = b"RIFF".to_vec();
    out.extend(u32::try_from(12 + body.len() + body.len() % 2).unwrap().to_le_bytes());
    out.extend(b"WEBPVP8L");
    out.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    out.extend(&body);
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

/// A grey or coloured JPEG of `side` whose scans are empty but for end-of-block codes.
fn jpeg(side: u16, components: u8, progressive: bool, scans: usize) -> Vec<u8> {
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, body].concat()
    };
    let mut out = vec![0xFF, 0xD8];
    out.extend(segment(0xDB, &[&[0][..], &[1; 64]].concat()));
    let mut frame = vec![8];
    frame.extend(side.to_be_bytes());
    frame.extend(side.to_be_bytes());
    frame.push(components);
    for component in 1..=components {
        frame.extend([component, 0x11, 0]);
    }
    out.extend(segment(if progressive { 0xC2 } else { 0xC0 }, &frame));
    for class in [0x00, 0x10] {
        let mut table = vec![class];
        table.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        out.extend(segment(0xC4, &table));
    }
    for scan in 0..scans {
        let mut head = vec![components];
        for component in 1..=components {
            head.extend([component, 0]);
        }
        let (from, to, depth) = match (progressive, scan) {
            (false, _) => (0, 63, 0),
            (true, 0) => (0, 0, 0x01),
            (true, _) => (0, 0, 0x10),
        };
        head.extend([from, to, depth]);
        out.extend(segment(0xDA, &head));
        out.extend(vec![0; 4096]);
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let whole = |side: u64, bytes: u64| side * (side * bytes + 1);
    vec![
        ("png of 16 bits and alpha", png(7740, 7740, 16, 6, &zeros(whole(7740, 8)))),
        ("png of 8 bits and alpha", png(7740, 7740, 8, 6, &zeros(whole(7740, 4)))),
        ("png of 16 bits", png(6500, 6500, 16, 2, &zeros(whole(6500, 6)))),
        ("png of 8 bits", png(7740, 7740, 8, 2, &zeros(whole(7740, 3)))),
        ("png that promises a gigapixel", png(32_000, 32_000, 8, 2, &zeros(1000))),
        ("png of which most is missing", png(7740, 7740, 8, 2, &zeros(1000))),
        ("png that goes on and on", png(256, 256, 8, 2, &zeros(2 << 30))),
        ("tiff of 16 bits and alpha", tiff(7740, 16, 4, &zeros(whole(7740, 8)))),
        ("tiff of 8 bits", tiff(7740, 8, 3, &zeros(whole(7740, 3)))),
        ("tiff of which everything is missing", tiff(7740, 8, 3, b"")),
        ("tiff of four thousand million pixels", tiff(u32::MAX, 8, 1, b"")),
        ("webp that promises much", webp(7740)),
        ("webp that promises most", webp(16_384)),
        ("bmp that promises much", bmp(7740, 7740, 24, 0, b"xx")),
        ("bmp upside down", bmp(7740, i32::MIN, 24, 0, b"xx")),
        ("bmp of negative width", bmp(-7740, 7740, 24, 0, b"xx")),
        ("bmp of runs", bmp(7740, 7740, 8, 1, &[0; 2048])),
        ("jpeg of one scan", jpeg(7740, 3, false, 1)),
        ("jpeg in steps", jpeg(7740, 3, true, 10)),
        ("jpeg in steps, smaller", jpeg(6400, 3, true, 15)),
        ("jpeg of many scans", jpeg(7740, 1, true, 64)),
    ]
}

#[test]
#[cfg(target_os = "linux")]
fn a_bomb_costs_little_memory_and_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in bombs() {
        let path = folder.path().join("bomb");
        std::fs::write(&path, &bytes).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bombs::child_reads", "--ignored", "--nocapture"])
            .env(BOMB, &path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {text}{}", String::from_utf8_lossy(&output.stderr));
        let line = text.lines().find_map(|line| line.split_once("bomb: ")).expect("a line of the child").1;
        let figures: Vec<&str> = line.split(' ').collect();
        let (kilobytes, seconds): (u64, f64) = (figures[0].parse().unwrap(), figures[1].parse().unwrap());
        eprintln!("{name}: {} bytes, {line}", bytes.len());
        assert!(kilobytes <= MOST_KILOBYTES, "{name} takes {kilobytes} kB");
        assert!(seconds <= MOST_SECONDS, "{name} takes {seconds} s");
        // Wholly clear is white, and a scan that ends early is filled with grey: pictures, if poor ones.
        let poor = name == "png of 8 bits and alpha" || name.starts_with("jpeg");
        assert!(figures[2] != "accepted" || poor, "{name} is accepted");
    }
}

#[test]
#[ignore = "run by a_bomb_costs_little_memory_and_time, a file each"]
fn child_reads() {
    let bytes = std::fs::read(std::env::var_os(BOMB).expect("run by its parent test")).unwrap();
    let start = Instant::now();
    let outcome = decode(&bytes, &DecodeLimits::default());
    // What decodes after all is black, and refused by the next check.
    let word = match &outcome {
        Ok(photo) => vision::check(photo).map_or_else(|error| error.code(), |_| "accepted"),
        Err(error) => error.code(),
    };
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let line = format!("bomb: {} {seconds:.2} {word}\n", peak.trim().trim_end_matches(" kB"));
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}
