//! The side of the process that tries a model out: it reads a parcel, bounds itself, and answers with one line.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use domain::model_version::{ModelRefusal, ModelRefusalReason as Reason, TrialAnswer};
use serde::{Deserialize, Serialize};
use vision::classifier::MAX_MODEL_BYTES;
use vision::{onnx, trial};

/// The hidden word of the command line.
pub const WORD: &str = "try-model";
/// What the process may take beyond its own program: the largest model is held a few times while it is prepared.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 4 << 30;
#[cfg(target_os = "linux")]
const PROCESSOR_SECONDS: u64 = 100;
const LONGEST_HEADER: u64 = 1 << 10;

/// What is handed over: a file alone is described, with a card it is tried out.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    pub network: &'a [u8],
    pub card: Option<&'a [u8]>,
    pub novelty: Option<&'a [u8]>,
}

#[derive(Serialize, Deserialize)]
struct Lengths {
    network: u64,
    card: Option<u64>,
    novelty: Option<u64>,
}

impl Parcel<'_> {
    pub(super) fn write(&self, to: &mut impl Write) -> std::io::Result<()> {
        let length = |bytes: &[u8]| bytes.len() as u64;
        let lengths = Lengths {
            network: length(self.network),
            card: self.card.map(length),
            novelty: self.novelty.map(length),
        };
        writeln!(to, "{}", serde_json::to_string(&lengths)?)?;
        to.write_all(self.network)?;
        to.write_all(self.card.unwrap_or_default())?;
        to.write_all(self.novelty.unwrap_or_default())
    }
}

/// Answers the parcel on standard input.
#[must_use]
pub fn main() -> ExitCode {
    bound();
    let Some(answer) = answered(&mut BufReader::new(std::io::stdin().lock())) else {
        return ExitCode::FAILURE;
    };
    let written = serde_json::to_string(&answer)
        .map_err(std::io::Error::from)
        .and_then(|line| writeln!(std::io::stdout().lock(), "{line}"));
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn answered(from: &mut impl BufRead) -> Option<TrialAnswer> {
    let mut header = String::new();
    from.by_ref().take(LONGEST_HEADER).read_line(&mut header).ok()?;
    let lengths: Lengths = serde_json::from_str(&header).ok()?;
    let network = bytes(from, lengths.network)?;
    let mut part = |length: Option<u64>| match length {
        Some(length) => bytes(from, length).map(Some),
        None => Some(None),
    };
    let (card, novelty) = (part(lengths.card)?, part(lengths.novelty)?);
    let refused = |refusal| TrialAnswer::Refused { refusal };
    // What panics over a file has not run it.
    let tried = std::panic::catch_unwind(|| match &card {
        None => onnx::outline(&network).map_or_else(refused, |outline| TrialAnswer::Described { outline }),
        Some(card) => trial::run(card, &network, novelty.as_deref())
            .map_or_else(refused, |trial| TrialAnswer::Sound { trial: Box::new(trial) }),
    });
    Some(tried.unwrap_or_else(|_| refused(ModelRefusal::new(Reason::CannotRun))))
}

fn bytes(from: &mut impl BufRead, length: u64) -> Option<Vec<u8>> {
    if length > MAX_MODEL_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    from.by_ref().take(length).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == length).then_some(bytes)
}

/// A process that asks for more is ended by the system.
fn bound() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let memory = MEMORY.saturating_add(mapped());
        for (resource, most) in [(Resource::As, memory), (Resource::Cpu, PROCESSOR_SECONDS)] {
            let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        }
    }
}

/// Bytes of addresses that the program and its libraries have taken so far.
#[cfg(target_os = "linux")]
fn mapped() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kilobytes = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0).saturating_mul(1 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(parcel: &Parcel<'_>) -> Vec<u8> {
        let mut line = Vec::new();
        parcel.write(&mut line).unwrap();
        line
    }

    #[test]
    fn a_parcel_arrives_as_it_was_sent() {
        let line = sent(&Parcel { network: b"", card: None, novelty: None });
        let refusal = ModelRefusal::new(Reason::Empty);
        assert_eq!(answered(&mut line.as_slice()), Some(TrialAnswer::Refused { refusal }));
    }

    #[test]
    fn a_parcel_that_is_cut_off_is_not_answered() {
        let line = sent(&Parcel { network: b"some bytes", card: Some(b"{}"), novelty: None });
        assert!(answered(&mut &line[..line.len() - 3]).is_none());
        assert!(answered(&mut b"no header\n".as_slice()).is_none());
    }
}
