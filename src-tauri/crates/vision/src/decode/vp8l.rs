//! What the prefix codes of a lossless WebP cost its decoder (RFC 9649, section 3.7): it builds them all before the first
//! pixel, up to 65,536 groups of five, so that a file of few megabytes could ask for gigabytes.

use super::MAX_DECODE_BYTES;

/// Bytes of memory; nothing where the stream ends or errs before its codes do. Beyond what any picture may take it is
/// not counted to the end.
pub fn code_memory(stream: &[u8]) -> Option<u64> {
    let mut bits = Bits { bytes: stream, at: 0 };
    (bits.read(8)? == SIGNATURE).then_some(())?;
    let (width, height) = (bits.read(14)? + 1, bits.read(14)? + 1);
    // Whether there is alpha, and the version.
    bits.read(4)?;
    counted(&mut bits, width, height)
}

/// The same of an alpha channel, which does not repeat its sides.
pub fn code_memory_of_alpha(stream: &[u8], width: u32, height: u32) -> Option<u64> {
    counted(&mut Bits { bytes: stream, at: 0 }, width, height)
}

fn counted(bits: &mut Bits<'_>, width: u32, height: u32) -> Option<u64> {
    let width = transforms(bits, width, height)?;
    let cache = cache_size(bits)?;
    let groups = if bits.read(1)? == 1 {
        let block = bits.read(3)? + 2;
        u64::from(image(bits, blocks(width, block), blocks(height, block))?) + 1
    } else {
        1
    };
    let mut memory = groups * GROUP;
    for alphabet in (0..groups).flat_map(|_| alphabets(cache)) {
        memory += Code::read(bits, alphabet)?.memory;
        if memory > MAX_DECODE_BYTES {
            break;
        }
    }
    Some(memory)
}

const SIGNATURE: u32 = 0x2f;
/// Five codes in a list that doubles as it grows, its older half still there.
const GROUP: u64 = 5 * 56 * 3;
/// The decoder looks up so many bits of a code at once, four bytes an entry, and walks a tree for the rest.
const TABLE_BITS: usize = 10;
const LONGEST: usize = 15;
/// In which order the lengths of the code for lengths come.
const LENGTH_ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// Green and lengths, without what the colour cache adds.
const GREEN: u32 = 256 + 24;

const fn alphabets(cache: u32) -> [u32; 5] {
    [GREEN + cache, 256, 256, 256, 40]
}

const fn blocks(side: u32, bits: u32) -> u32 {
    (side + (1 << bits) - 1) >> bits
}

/// The width that is left after them: several indexed pixels go into one.
fn transforms(bits: &mut Bits<'_>, mut width: u32, height: u32) -> Option<u32> {
    let mut seen = [false; 4];
    while bits.read(1)? == 1 {
        let kind = bits.read(2)?;
        (!std::mem::replace(&mut seen[kind as usize], true)).then_some(())?;
        match kind {
            // Prediction and colour, a pixel a block.
            0 | 1 => {
                let block = bits.read(3)? + 2;
                image(bits, blocks(width, block), blocks(height, block))?;
            }
            // Green is subtracted: nothing more to say.
            2 => {}
            _ => {
                let colours = bits.read(8)? + 1;
                image(bits, colours, 1)?;
                let together = match colours {
                    ..=2 => 3,
                    3..=4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                width = blocks(width, together);
            }
        }
    }
    Some(width)
}

fn cache_size(bits: &mut Bits<'_>) -> Option<u32> {
    if bits.read(1)? == 0 {
        return Some(0);
    }
    let size = bits.read(4)?;
    (1..=11).contains(&size).then(|| 1 << size)
}

/// Reads a picture within the picture, and gives the highest group that one of its pixels names. Pixels that are copied
/// from before, or come out of the cache, name none that was not there.
fn image(bits: &mut Bits<'_>, width: u32, height: u32) -> Option<u32> {
    let cache = cache_size(bits)?;
    let mut codes = Vec::with_capacity(5);
    for alphabet in alphabets(cache) {
        codes.push(Code::read(bits, alphabet)?);
    }
    let [green, red, blue, alpha, distance] = <[Code; 5]>::try_from(codes).ok()?;
    let (mut done, all, mut highest) = (0_u64, u64::from(width) * u64::from(height), 0);
    while done < all {
        let symbol = green.next(bits)?;
        if symbol < 256 {
            highest = highest.max(red.next(bits)? << 8 | symbol);
            blue.next(bits)?;
            alpha.next(bits)?;
            done += 1;
        } else if symbol < GREEN {
            done += u64::from(run(bits, symbol - 256)?);
            let symbol = distance.next(bits)?;
            run(bits, symbol)?;
        } else {
            done += 1;
        }
    }
    Some(highest)
}

/// A length or a distance: its prefix, and the bits that follow it.
fn run(bits: &mut Bits<'_>, prefix: u32) -> Option<u32> {
    if prefix < 4 {
        return Some(prefix + 1);
    }
    let extra = (prefix - 2) >> 1;
    Some(((2 + (prefix & 1)) << extra) + bits.read(extra)? + 1)
}

/// A canonical prefix code: how many symbols have each length, and the symbols in the order of their codes.
struct Code {
    counts: [u16; LONGEST + 1],
    symbols: Vec<u16>,
    /// Bytes that the decoder keeps of it.
    memory: u64,
}

impl Code {
    fn read(bits: &mut Bits<'_>, alphabet: u32) -> Option<Self> {
        if bits.read(1)? == 1 {
            return Self::simple(bits, alphabet);
        }
        let mut lengths = [0; LENGTH_ORDER.len()];
        let count = bits.read(4)? as usize + 4;
        for &at in LENGTH_ORDER.get(..count)? {
            lengths[at] = bits.read(3)? as u8;
        }
        let of_lengths = Self::of(&lengths)?;
        let mut left = alphabet;
        if bits.read(1)? == 1 {
            let width = 2 + 2 * bits.read(3)?;
            left = 2 + bits.read(width)?;
        }
        let mut lengths = Vec::with_capacity(alphabet as usize);
        let mut before = 8;
        while lengths.len() < alphabet as usize && left > 0 {
            left -= 1;
            let (length, times) = match of_lengths.next(bits)? {
                16 => (before, 3 + bits.read(2)?),
                17 => (0, 3 + bits.read(3)?),
                18 => (0, 11 + bits.read(7)?),
                length => (length as u8, 1),
            };
            if length > 0 {
                before = length;
            }
            lengths.extend(std::iter::repeat_n(length, times as usize));
        }
        (lengths.len() <= alphabet as usize).then_some(())?;
        Self::of(&lengths)
    }

    /// One symbol, or two.
    fn simple(bits: &mut Bits<'_>, alphabet: u32) -> Option<Self> {
        let count = bits.read(1)? + 1;
        let width = 1 + 7 * bits.read(1)?;
        let mut symbols = vec![bits.read(width)? as u16];
        if count == 2 {
            symbols.push(bits.read(8)? as u16);
        }
        symbols.iter().all(|&symbol| u32::from(symbol) < alphabet).then_some(())?;
        let mut counts = [0; LONGEST + 1];
        counts[1] = symbols.len() as u16;
        Some(Self { counts, symbols, memory: 64 })
    }

    /// From the length of every symbol's code; nothing where they leave a gap or overlap.
    fn of(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0_u16; LONGEST + 1];
        for &length in lengths {
            counts[length as usize] += 1;
        }
        counts[0] = 0;
        let mut places = [0; LONGEST + 2];
        for length in 1..=LONGEST {
            places[length + 1] = places[length] + usize::from(counts[length]);
        }
        let mut symbols = vec![0; places[LONGEST + 1]];
        for (symbol, &length) in (0_u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            symbols[places[length as usize]] = symbol;
            places[length as usize] += 1;
        }
        let longest = counts.iter().rposition(|count| *count > 0)?;
        let filled: u64 = (1..=longest).map(|length| u64::from(counts[length]) << (LONGEST - length)).sum();
        (symbols.len() == 1 || filled == 1 << LONGEST).then_some(())?;
        let walked: u64 = counts[TABLE_BITS + 1..].iter().map(|count| u64::from(*count)).sum();
        let memory = if symbols.len() == 1 { 0 } else { (4 << longest.min(TABLE_BITS)) + 2 * 16 * walked };
        Some(Self { counts, symbols, memory })
    }

    /// The next symbol; one that stands alone takes no bits.
    fn next(&self, bits: &mut Bits<'_>) -> Option<u32> {
        if let [only] = self.symbols.as_slice() {
            return Some(u32::from(*only));
        }
        let (mut code, mut first, mut before) = (0_u32, 0_u32, 0_u32);
        for count in &self.counts[1..] {
            let count = u32::from(*count);
            code |= bits.read(1)?;
            if code < first + count {
                return self.symbols.get((before + code - first) as usize).map(|symbol| u32::from(*symbol));
            }
            before += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// Bits from the lowest of each byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn read(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value |= u32::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Some(value)
    }
}
