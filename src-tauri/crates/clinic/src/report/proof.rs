//! What a signature stands for, and how it is read back: from the records, from a file, from the code on paper.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use domain::report::{EditionKind, SignatureMeaning};
use jiff::Timestamp;
use records::reports::{Edition, StoredReport};
use records::{Reading, RecordsError, signing_keys};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vault::{Signature, SigningKey, VerifyingKey, canonical_bytes};

use super::content::Snapshot;

const SCHEMA: &str = "lentigo.report/1";
const STATEMENT_LABEL: &str = "lentigo report signature v1";
const FILE_LABEL: &str = "lentigo report file v1";
const CONTENT_LABEL: &str = "lentigo report content v1";
/// How the code on paper begins.
const CODE: &str = "LENTIGO1:";

/// What is signed: who said what of which content, with the hashes of everything that went into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    pub schema: String,
    pub clinic: String,
    pub report: String,
    pub edition: u32,
    pub kind: EditionKind,
    pub meaning: SignatureMeaning,
    pub signer: String,
    pub signed_at: Timestamp,
    /// SHA-256 of the words and of everything else that the report prints, in hex.
    pub content: String,
    /// SHA-256 of the photographs as they were imported, in hex.
    pub images: Vec<String>,
    /// SHA-256 of the model, in hex.
    pub model: String,
}

/// A statement about to be signed, without what follows from the report itself.
pub(super) struct Said<'a> {
    pub clinic: &'a str,
    pub edition: u32,
    pub kind: EditionKind,
    pub meaning: SignatureMeaning,
    pub signer: &'a str,
    pub signed_at: Timestamp,
    pub text: &'a str,
}

impl Statement {
    /// The statement of the next edition.
    pub fn of(stored: &StoredReport, snapshot: &Snapshot, earlier: &[Edition], said: &Said<'_>) -> Self {
        let mut texts: Vec<&str> = earlier.iter().map(|edition| edition.edition.text.as_str()).collect();
        texts.push(said.text);
        Self {
            schema: SCHEMA.to_owned(),
            clinic: said.clinic.to_owned(),
            report: stored.record.number.clone(),
            edition: said.edition,
            kind: said.kind,
            meaning: said.meaning,
            signer: said.signer.to_owned(),
            signed_at: said.signed_at,
            content: content_digest(stored, &texts),
            images: snapshot.images.iter().map(|image| image.sha256.clone()).collect(),
            model: snapshot.analysis.model.sha256.clone(),
        }
    }

    /// The bytes that are kept and signed.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| unreachable!("a statement is plain data"))
    }
}

/// SHA-256 of what a report says, with the words of its editions in order.
fn content_digest(stored: &StoredReport, texts: &[&str]) -> String {
    let created = stored.record.created_at.as_microsecond().to_be_bytes();
    let content = stored.content.to_string();
    let mut fields: Vec<&[u8]> = vec![
        stored.record.number.as_bytes(),
        &created,
        stored.record.conclusion.as_bytes(),
        content.as_bytes(),
    ];
    fields.extend(texts.iter().map(|text| text.as_bytes()));
    hex::encode(Sha256::digest(canonical_bytes(CONTENT_LABEL, &fields)))
}

fn statement_message(number: &str, edition: u32, signed_at: Timestamp, digest: &[u8; 32]) -> Vec<u8> {
    let signed_at = signed_at.as_microsecond().to_be_bytes();
    canonical_bytes(STATEMENT_LABEL, &[number.as_bytes(), &edition.to_be_bytes(), &signed_at, digest])
}

fn file_message(file: &[u8; 32], statement: &[u8; 32]) -> Vec<u8> {
    canonical_bytes(FILE_LABEL, &[file, statement])
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A statement with its signature.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub statement: Statement,
    pub text: String,
    pub key: VerifyingKey,
    pub signature: Signature,
}

impl Signed {
    pub fn sign(key: &SigningKey, statement: Statement) -> Self {
        let text = statement.text();
        let message =
            statement_message(&statement.report, statement.edition, statement.signed_at, &digest(&text));
        Self { statement, text, key: key.public(), signature: key.sign(&message) }
    }

    /// What the square on paper holds: length and text of the number, edition, time in microseconds, SHA-256 of the
    /// statement, first eight bytes of the SHA-256 of the key, signature; in base 32 (RFC 4648, 6).
    pub fn code(&self) -> String {
        let number = self.statement.report.as_bytes();
        let mut bytes = vec![u8::try_from(number.len()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(number);
        bytes.extend_from_slice(&self.statement.edition.to_be_bytes());
        bytes.extend_from_slice(&self.statement.signed_at.as_microsecond().to_be_bytes());
        bytes.extend_from_slice(&digest(&self.text));
        bytes.extend_from_slice(&hex::decode(self.key.id()).unwrap_or_default());
        bytes.extend_from_slice(&self.signature);
        format!("{CODE}{}", BASE32_NOPAD.encode(&bytes))
    }

    /// What is affixed to a file whose digest is `file`.
    pub fn seal(&self, key: &SigningKey, file: &[u8; 32]) -> String {
        let signature = key.sign(&file_message(file, &digest(&self.text)));
        let seal = Seal {
            statement: self.text.clone(),
            key: self.key.id(),
            signature: hex::encode(self.signature),
            file: hex::encode(signature),
        };
        let json = serde_json::to_vec(&seal).unwrap_or_else(|_| unreachable!("a seal is plain data"));
        BASE64URL_NOPAD.encode(&json)
    }
}

/// The content of a seal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seal {
    pub statement: String,
    pub key: String,
    signature: String,
    file: String,
}

impl Seal {
    pub fn read(content: &[u8]) -> Option<(Self, Statement)> {
        let seal: Self = serde_json::from_slice(&BASE64URL_NOPAD.decode(content).ok()?).ok()?;
        let statement: Statement = serde_json::from_str(&seal.statement).ok()?;
        (statement.schema == SCHEMA).then_some((seal, statement))
    }

    /// Whether the key signed both this statement and a file of this digest.
    pub fn holds(&self, statement: &Statement, key: &VerifyingKey, file: &[u8; 32]) -> bool {
        let said = digest(&self.statement);
        let message = statement_message(&statement.report, statement.edition, statement.signed_at, &said);
        let by = |hex: &str, message: &[u8]| {
            signature_of(hex).is_some_and(|signature| key.verifies(message, &signature))
        };
        by(&self.signature, &message) && by(&self.file, &file_message(file, &said))
    }
}

fn signature_of(text: &str) -> Option<Signature> {
    let mut signature = [0; 64];
    hex::decode_to_slice(text, &mut signature).ok()?;
    Some(signature)
}

/// What the code on paper says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub number: String,
    pub edition: u32,
    pub signed_at: Timestamp,
    pub key: String,
    digest: [u8; 32],
    signature: Signature,
}

impl Code {
    /// Reads a code as a scanner types it; spaces and the case of letters do not count.
    pub fn read(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let typed = typed.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(typed.strip_prefix(CODE)?.as_bytes()).ok()?;
        let (&length, rest) = bytes.split_first()?;
        let (number, rest) = rest.split_at_checked(usize::from(length))?;
        let (edition, rest) = rest.split_first_chunk()?;
        let (signed_at, rest) = rest.split_first_chunk()?;
        let (digest, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            number: String::from_utf8(number.to_vec()).ok()?,
            edition: u32::from_be_bytes(*edition),
            signed_at: Timestamp::from_microsecond(i64::from_be_bytes(*signed_at)).ok()?,
            key: hex::encode(key),
            digest: *digest,
            signature: rest.try_into().ok()?,
        })
    }

    pub fn holds(&self, key: &VerifyingKey) -> bool {
        let message = statement_message(&self.number, self.edition, self.signed_at, &self.digest);
        key.verifies(&message, &self.signature)
    }
}

/// Whether what is stored is what was signed, edition by edition.
pub(super) fn is_intact(
    tx: &Reading<'_>,
    stored: &StoredReport,
    editions: &[Edition],
) -> std::result::Result<bool, RecordsError> {
    if editions.is_empty() {
        return Ok(true);
    }
    let keys = signing_keys::all(tx)?;
    let Ok(snapshot) = Snapshot::of(stored) else { return Ok(false) };
    Ok(editions.iter().enumerate().all(|(at, kept)| {
        let Ok(statement) = serde_json::from_str::<Statement>(&kept.statement) else { return false };
        let edition = &kept.edition;
        let said = Said {
            clinic: &statement.clinic,
            edition: u32::try_from(at + 1).unwrap_or(u32::MAX),
            kind: edition.kind,
            meaning: edition.meaning,
            signer: &edition.signer_name,
            signed_at: edition.signed_at,
            text: &edition.text,
        };
        let expected = Statement::of(stored, &snapshot, &editions[..at], &said);
        let message = statement_message(
            &expected.report,
            expected.edition,
            expected.signed_at,
            &digest(&kept.statement),
        );
        let key = keys.iter().find(|key| key.id == edition.key_id);
        expected == statement
            && key.is_some_and(|key| {
                key.signed_at(expected.signed_at)
                    && VerifyingKey::from_bytes(key.public).verifies(&message, &kept.signature)
            })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            schema: SCHEMA.into(),
            clinic: "Seeblick".into(),
            report: "R-2026-00012".into(),
            edition: 2,
            kind: EditionKind::Addendum,
            meaning: SignatureMeaning::Author,
            signer: "Dr Ines Vidal".into(),
            signed_at: "2026-11-20T14:02:31.123456Z".parse().unwrap(),
            content: "a".repeat(64),
            images: vec!["b".repeat(64); 3],
            model: "c".repeat(64),
        }
    }

    #[test]
    fn the_code_says_what_was_signed_and_by_whom() {
        let key = SigningKey::random().unwrap();
        let signed = Signed::sign(&key, statement());
        let code = signed.code();
        assert!(code.len() < 230 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':'));
        let read = Code::read(&format!("  {} \n", code.to_lowercase())).unwrap();
        assert_eq!((read.number.as_str(), read.edition, &read.key), ("R-2026-00012", 2, &key.public().id()));
        assert_eq!(read.signed_at, signed.statement.signed_at);
        assert!(read.holds(&key.public()) && !read.holds(&SigningKey::random().unwrap().public()));
        let other = Code { edition: 3, ..read };
        assert!(!other.holds(&key.public()));
    }

    #[test]
    fn rubbish_and_cut_codes_are_no_codes() {
        let code = Signed::sign(&SigningKey::random().unwrap(), statement()).code();
        for length in 0..code.len() {
            assert_eq!(Code::read(&code[..length]), None, "{length}");
        }
        for text in ["", "LENTIGO1:", "LENTIGO1:77777777", "https://example.org", "P-000123"] {
            assert_eq!(Code::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_seal_holds_for_its_file_and_statement_alone() {
        let key = SigningKey::random().unwrap();
        let signed = Signed::sign(&key, statement());
        let (seal, read) = Seal::read(signed.seal(&key, &[7; 32]).as_bytes()).unwrap();
        assert_eq!(read, statement());
        assert!(seal.holds(&read, &key.public(), &[7; 32]));
        assert!(!seal.holds(&read, &key.public(), &[8; 32]));
        let changed = seal.statement.replace("Vidal", "Other");
        let forged = Seal { statement: changed, ..seal };
        assert!(!forged.holds(&read, &key.public(), &[7; 32]));
        assert!(Seal::read(b"bm90aGluZw").is_none() && Seal::read(b"!").is_none());
    }
}
