//! An association with the PACS (PS3.8) and the two messages that travel over it.
//!
//! Every step has an end: the patience of the settings for each answer, and for an object the time that its bytes
//! take on a slow line besides.

use std::time::Duration;

use dicom_ul::association::client::AsyncTlsStream;
use dicom_ul::association::{AsyncClientAssociation, ClientAssociationOptions, Error};
use dicom_ul::pdu::{AssociationRJServiceUserReason, AssociationRJSource, PDataValue, PDataValueType, Pdu};
use documents::dicom::{Travelling, VERIFICATION, answered, echo_command};
use tokio::net::TcpStream;

use crate::jobs::Cancel;
use crate::network::within;
use crate::web;

use super::failure::{Failure, block_on};
use super::pacs::Pacs;

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";
/// A line slower than this many bytes a second is taken for a dead one.
const SLOWEST_LINE: u64 = 64 * 1024;
const RELEASE: Duration = Duration::from_secs(5);
/// Header of a presentation data value (PS3.8, 9.3.5.1).
const VALUE_HEADER: usize = 6;
const LARGEST_FRAGMENT: usize = 128 * 1024;
/// Smaller units than any real receiver asks for.
const SMALLEST_UNIT: u32 = 256;
/// An answer is some hundred bytes.
const LONGEST_ANSWER: usize = 16 * 1024;

pub(super) fn echo(pacs: &Pacs, cancel: &Cancel) -> Result<(), Failure> {
    block_on(async {
        let contexts = [(VERIFICATION.to_owned(), vec![EXPLICIT, IMPLICIT])];
        let mut line = Line::open(pacs, &contexts, cancel).await?;
        let status = line.echo(cancel).await?;
        line.release().await;
        if status == 0 { Ok(()) } else { Err(Failure::Rejected) }
    })
}

/// An open association.
pub(super) struct Line {
    wire: Wire,
    patience: Duration,
    message: u16,
}

enum Wire {
    Plain(Box<AsyncClientAssociation<TcpStream>>),
    Tls(Box<AsyncClientAssociation<AsyncTlsStream>>),
}

impl Line {
    /// `contexts` are pairs of a SOP class and transfer syntaxes of which the PACS chooses one.
    pub async fn open(
        pacs: &Pacs,
        contexts: &[(String, Vec<&str>)],
        cancel: &Cancel,
    ) -> Result<Self, Failure> {
        let node = &pacs.node;
        let mut options = ClientAssociationOptions::new()
            .calling_ae_title(node.calling_title.as_str())
            .called_ae_title(node.called_title.as_str());
        for (class, syntaxes) in contexts {
            options = options.with_presentation_context(class.as_str(), syntaxes.clone());
        }
        let opened = async {
            // The addresses that were judged are those that are called.
            let house = web::addresses(&node.host, node.port).await?;
            if node.tls {
                let options =
                    options.tls_config(pacs.trust().map_err(|_| Failure::Tls)?).server_name(&node.host);
                let opened = options.establish_tls_async(&house[..]).await;
                opened.map(|line| Wire::Tls(Box::new(line))).map_err(|error| failure(&error))
            } else {
                let opened = options.establish_async(&house[..]).await;
                opened.map(|line| Wire::Plain(Box::new(line))).map_err(|error| failure(&error))
            }
        };
        let wire = within(pacs.patience(), cancel, opened).await?;
        let line = Self { wire, patience: pacs.patience(), message: 0 };
        if line.unit() < SMALLEST_UNIT { Err(Failure::Refused) } else { Ok(line) }
    }

    /// The context that the PACS accepted for a class in a transfer syntax.
    pub fn context(&self, class: &str, syntax: &str) -> Option<u8> {
        let contexts = match &self.wire {
            Wire::Plain(line) => line.presentation_contexts(),
            Wire::Tls(line) => line.presentation_contexts(),
        };
        let fits = contexts
            .iter()
            .find(|one| one.abstract_syntax == class && one.transfer_syntax.trim_end_matches('\0') == syntax);
        fits.map(|one| one.id)
    }

    /// Stores an object and gives the status of the answer.
    pub async fn store(
        &mut self,
        context: u8,
        object: &Travelling<'_>,
        cancel: &Cancel,
    ) -> Result<u16, Failure> {
        let message = self.next();
        let command = object.store_command(message).map_err(|_| Failure::Closed)?;
        let time = self.patience + Duration::from_secs(object.data_set.len() as u64 / SLOWEST_LINE);
        within(time, cancel, async {
            self.say(context, PDataValueType::Command, &command).await?;
            self.say(context, PDataValueType::Data, object.data_set).await?;
            self.answer(message).await
        })
        .await
    }

    async fn echo(&mut self, cancel: &Cancel) -> Result<u16, Failure> {
        let message = self.next();
        let context = self
            .context(VERIFICATION, EXPLICIT)
            .or_else(|| self.context(VERIFICATION, IMPLICIT))
            .ok_or(Failure::Refused)?;
        let command = echo_command(message).map_err(|_| Failure::Closed)?;
        within(self.patience, cancel, async {
            self.say(context, PDataValueType::Command, &command).await?;
            self.answer(message).await
        })
        .await
    }

    /// Ends in order; what was stored stays stored where the PACS does not answer.
    pub async fn release(self) {
        let ended = async {
            match self.wire {
                Wire::Plain(line) => line.release().await,
                Wire::Tls(line) => line.release().await,
            }
        };
        let _ = tokio::time::timeout(RELEASE.min(self.patience), ended).await;
    }

    const fn next(&mut self) -> u16 {
        self.message = self.message.wrapping_add(1);
        self.message
    }

    /// Largest unit that the PACS takes, in bytes.
    fn unit(&self) -> u32 {
        match &self.wire {
            Wire::Plain(line) => line.acceptor_max_pdu_length(),
            Wire::Tls(line) => line.acceptor_max_pdu_length(),
        }
    }

    async fn say(&mut self, context: u8, kind: PDataValueType, bytes: &[u8]) -> Result<(), Failure> {
        let room = usize::try_from(self.unit()).unwrap_or(LARGEST_FRAGMENT) - VALUE_HEADER;
        let parts = bytes.chunks(room.min(LARGEST_FRAGMENT));
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.enumerate() {
            let value = PDataValue {
                presentation_context_id: context,
                value_type: kind.clone(),
                is_last: at == last,
                data: part.to_vec(),
            };
            self.send(&Pdu::PData { data: vec![value] }).await?;
        }
        Ok(())
    }

    async fn answer(&mut self, message: u16) -> Result<u16, Failure> {
        let mut command = Vec::new();
        loop {
            match self.receive().await? {
                Pdu::PData { data } => {
                    for value in data.into_iter().filter(|value| value.value_type == PDataValueType::Command)
                    {
                        command.extend(value.data);
                        if command.len() > LONGEST_ANSWER {
                            return Err(Failure::Closed);
                        }
                        if value.is_last {
                            return answered(&command, message).ok_or(Failure::Closed);
                        }
                    }
                }
                _ => return Err(Failure::Closed),
            }
        }
    }

    async fn send(&mut self, pdu: &Pdu) -> Result<(), Failure> {
        let sent = match &mut self.wire {
            Wire::Plain(line) => line.send(pdu).await,
            Wire::Tls(line) => line.send(pdu).await,
        };
        sent.map_err(|error| failure(&error))
    }

    async fn receive(&mut self) -> Result<Pdu, Failure> {
        let received = match &mut self.wire {
            Wire::Plain(line) => line.receive().await,
            Wire::Tls(line) => line.receive().await,
        };
        received.map_err(|error| failure(&error))
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        // A certificate that is not trusted comes as an error of the connection.
        Error::Connect { source, .. } if source.kind() == std::io::ErrorKind::InvalidData => Failure::Tls,
        Error::Connect { .. } | Error::ToAddress { .. } => Failure::Unreachable,
        Error::TlsHandshake { .. } | Error::TlsConnection { .. } | Error::InvalidServerName { .. } => {
            Failure::Tls
        }
        Error::Rejected { association_rj, .. } => match association_rj.source {
            AssociationRJSource::ServiceUser(AssociationRJServiceUserReason::CalledAETitleNotRecognized) => {
                Failure::CalledTitle
            }
            AssociationRJSource::ServiceUser(AssociationRJServiceUserReason::CallingAETitleNotRecognized) => {
                Failure::CallingTitle
            }
            _ => Failure::Refused,
        },
        Error::NoAcceptedPresentationContexts { .. } => Failure::Refused,
        _ => Failure::Closed,
    }
}
