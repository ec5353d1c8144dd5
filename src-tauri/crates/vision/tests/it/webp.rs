//! Lossless WebP: what its decoder will hold is known before it begins.

use vision::{DecodeError, DecodeLimits, decode};

/// Bits from the lowest of each byte on.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).map(|place| value >> place & 1 == 1));
    }

    /// A code of one symbol, which then takes no bits.
    fn single(&mut self, symbol: u32) {
        self.put(0b101, 3);
        self.put(symbol, 8);
    }

    /// 256 symbols of eight bits each, of as many as the alphabet has.
    fn full(&mut self, alphabet: u32) {
        // The code for lengths knows the eight alone, the twelfth in its order.
        self.put(0, 1);
        self.put(8, 4);
        (0..12).for_each(|at| self.put(u32::from(at == 11), 3));
        if alphabet == 256 {
            self.put(0, 1);
        } else {
            self.put(0b111, 4);
            self.put(254, 8);
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        self.0.chunks(8).map(byte).collect()
    }
}

/// A picture of one colour, in this many groups of codes that all say the same.
fn picture(sides: (u32, u32), groups: u32, codes: impl Fn(&mut Bits)) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2f, 8);
    bits.put(sides.0 - 1, 14);
    bits.put(sides.1 - 1, 14);
    // No alpha, version, transforms or cache; groups by blocks of four pixels, all of the last group.
    bits.put(0, 4 + 1 + 1);
    bits.put(1, 1);
    bits.put(0, 3 + 1);
    for symbol in [(groups - 1) & 0xff, (groups - 1) >> 8, 0, 0, 0] {
        bits.single(symbol);
    }
    (0..groups).for_each(|_| codes(&mut bits));
    let stream = bits.bytes();
    let length = u32::try_from(stream.len()).unwrap();
    let head =
        [b"RIFF".as_slice(), &(length + 12).to_le_bytes(), b"WEBPVP8L", &length.to_le_bytes()].concat();
    [head, stream].concat()
}

fn one_colour(bits: &mut Bits) {
    [120, 200, 90, 255, 0].into_iter().for_each(|symbol| bits.single(symbol));
}

#[test]
fn groups_of_codes_are_read_as_the_decoder_reads_them() {
    let photo = decode(&picture((64, 48), 3, one_colour), &DecodeLimits::default()).unwrap();
    assert_eq!((photo.width, photo.height), (64, 48));
    assert!(photo.rgb.chunks(3).all(|pixel| pixel == [200, 120, 90]));
}

#[test]
fn a_file_that_asks_for_gigabytes_of_codes_is_refused() {
    let sides = (4_000, 3_000);
    let hostile = picture(sides, 65_536, |bits| {
        [280, 256, 256, 256].into_iter().for_each(|alphabet| bits.full(alphabet));
        bits.single(0);
    });
    assert!(hostile.len() < 2_000_000, "{}", hostile.len());
    let too_many = DecodeError::TooManyPixels { width: sides.0, height: sides.1 };
    assert_eq!(decode(&hostile, &DecodeLimits::default()), Err(too_many));
}

/// Found by fuzzing.
#[test]
fn few_bytes_do_not_make_a_picture_of_45_megapixels() {
    let sides = (10_753, 4_158);
    let too_many = DecodeError::TooManyPixels { width: sides.0, height: sides.1 };
    assert_eq!(decode(&picture(sides, 65_536, one_colour), &DecodeLimits::default()), Err(too_many));
}

#[test]
fn what_ends_before_its_codes_do_is_damaged() {
    let whole = picture((64, 48), 3, one_colour);
    for length in 20..whole.len() - 1 {
        assert_eq!(decode(&whole[..length], &DecodeLimits::default()), Err(DecodeError::Corrupt), "{length}");
    }
}
