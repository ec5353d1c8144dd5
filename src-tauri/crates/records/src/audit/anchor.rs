//! The anchor of the audit chain: a small file outside the database that remembers where the chain ends.
//!
//! The file has two places of 512 bytes, written in turn and in place, so that a torn write destroys
//! only the older of the two and a full disk cannot stop it. A place holds magic (4), generation (8),
//! sequence (8), hash (32) and HMAC-SHA-256 of these (32).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use vault::{Secret, layout};

use super::chain::Head;
use crate::error::RecordsError;

const MAGIC: &[u8; 4] = b"LAH1";
const PLACE: usize = 512;
const SIGNED: usize = 4 + 8 + 8 + 32;
const LABEL: &str = "lentigo audit anchor v1";

/// What the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchored {
    Missing,
    /// There is a file and neither place in it is ours.
    Unreadable,
    At {
        generation: u64,
        head: Head,
    },
}

pub(crate) struct Anchor {
    path: PathBuf,
    key: Secret,
}

impl Anchor {
    pub fn new(folder: &Path, audit_key: &Secret) -> Self {
        Self { path: folder.join(layout::AUDIT_HEAD), key: audit_key.derive(LABEL) }
    }

    pub fn read(&self) -> Result<Anchored, RecordsError> {
        let mut bytes = Vec::with_capacity(2 * PLACE);
        match File::open(&self.path) {
            Ok(file) => file.take(2 * PLACE as u64).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Anchored::Missing);
            }
            Err(error) => return Err(error.into()),
        };
        let newest = bytes.chunks(PLACE).filter_map(|place| self.decode(place)).max_by_key(|found| found.0);
        Ok(newest.map_or(Anchored::Unreadable, |(generation, head)| Anchored::At { generation, head }))
    }

    /// Notes a new end of the chain and flushes it to the disk.
    pub fn write(&self, generation: u64, head: Head) -> Result<(), RecordsError> {
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(&self.path)?;
        if file.metadata()?.len() != 2 * PLACE as u64 {
            // Both places exist from the first day on, so that later writes need no room.
            file.write_all(&[0; 2 * PLACE])?;
        }
        file.seek(SeekFrom::Start(generation % 2 * PLACE as u64))?;
        file.write_all(&self.encode(generation, head))?;
        file.sync_data()?;
        Ok(())
    }

    fn encode(&self, generation: u64, head: Head) -> [u8; PLACE] {
        let mut place = [0; PLACE];
        place[..4].copy_from_slice(MAGIC);
        place[4..12].copy_from_slice(&generation.to_be_bytes());
        place[12..20].copy_from_slice(&head.seq.to_be_bytes());
        place[20..SIGNED].copy_from_slice(&head.hash);
        let code = self.mac(&place[..SIGNED]).finalize().into_bytes();
        place[SIGNED..SIGNED + 32].copy_from_slice(&code);
        place
    }

    fn decode(&self, place: &[u8]) -> Option<(u64, Head)> {
        let (signed, rest) = place.split_at_checked(SIGNED)?;
        self.mac(signed).verify_slice(rest.get(..32)?).ok()?;
        let number = |at: usize| signed[at..].first_chunk().copied().map(u64::from_be_bytes);
        let hash = signed[20..].first_chunk().copied()?;
        (&signed[..4] == MAGIC).then_some((number(4)?, Head { seq: number(12)?, hash }))
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose())
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(bytes);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn anchor() -> (tempfile::TempDir, Anchor) {
        let folder = tempfile::tempdir().unwrap();
        let anchor = Anchor::new(folder.path(), &Secret::from_bytes(&[1; 32]));
        (folder, anchor)
    }

    fn head(seq: u64) -> Head {
        Head { seq, hash: [u8::try_from(seq).unwrap(); 32] }
    }

    #[test]
    fn the_newest_of_two_places_counts_and_a_torn_one_does_not() {
        let (_folder, anchor) = anchor();
        assert_eq!(anchor.read(), Ok(Anchored::Missing));
        for generation in 1..=5 {
            anchor.write(generation, head(generation * 3)).unwrap();
            assert_eq!(anchor.read(), Ok(Anchored::At { generation, head: head(generation * 3) }));
        }
        // Generation 5 sits in the second place; tear it in the middle.
        let mut bytes = fs::read(&anchor.path).unwrap();
        bytes[PLACE + 30] ^= 1;
        fs::write(&anchor.path, &bytes).unwrap();
        assert_eq!(anchor.read(), Ok(Anchored::At { generation: 4, head: head(12) }));
        bytes[30] ^= 1;
        fs::write(&anchor.path, &bytes).unwrap();
        assert_eq!(anchor.read(), Ok(Anchored::Unreadable));
    }

    #[test]
    fn another_key_or_a_short_file_is_unreadable() {
        let (folder, anchor) = anchor();
        anchor.write(1, head(1)).unwrap();
        let other = Anchor::new(folder.path(), &Secret::from_bytes(&[2; 32]));
        assert_eq!(other.read(), Ok(Anchored::Unreadable));
        for length in [0, 1, 40, 83, 600] {
            fs::write(&anchor.path, vec![7; length]).unwrap();
            assert_eq!(anchor.read(), Ok(Anchored::Unreadable), "{length}");
        }
    }
}
