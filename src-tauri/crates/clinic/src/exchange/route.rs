//! The way that objects take to the PACS, and what it says of each.

use std::collections::BTreeSet;

use documents::dicom::{StoreAnswer, Travelling};
use hyper::body::Bytes;
use zeroize::Zeroizing;

use crate::jobs::Cancel;
use crate::views::{DicomSendState, PacsWay};

use super::association::Line;
use super::dicomweb::Server;
use super::failure::Failure;
use super::objects::{Content, Plan};
use super::pacs::Pacs;

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const JPEG: [&str; 2] = ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"];
const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
const STRUCTURED_REPORT: &str = "1.2.840.10008.5.1.4.1.1.88.34";
/// Reasons of a server of DICOMweb (PS3.18, 10.5.3.2).
const CLASS_NOT_TAKEN: u16 = 0x0122;
const CODING_NOT_TAKEN: u16 = 0xC122;

/// What became of an object, with the answer of the PACS.
pub(super) type Outcome = (DicomSendState, Option<u16>);

pub(super) enum Taken {
    Done(Outcome),
    /// Not as it is coded.
    OtherCoding,
    Never,
}

pub(super) enum Route<'a> {
    Association(Box<Line>),
    Web(Box<Server<'a>>),
}

impl<'a> Route<'a> {
    /// A server of DICOMweb is connected to with the first object.
    pub async fn open(pacs: &'a Pacs, plan: &Plan, cancel: &Cancel) -> Result<Self, Failure> {
        Ok(match pacs.node.way {
            PacsWay::Dimse => Self::Association(Box::new(Line::open(pacs, &contexts(plan), cancel).await?)),
            PacsWay::Dicomweb => Self::Web(Box::new(Server::of(pacs)?)),
        })
    }

    /// Whether the other side has agreed to anything yet.
    pub const fn is_connected(&self) -> bool {
        matches!(self, Self::Association(_))
    }

    pub async fn take(&mut self, file: Zeroizing<Vec<u8>>, cancel: &Cancel) -> Result<Taken, Failure> {
        let Ok(travelling) = Travelling::of(&file) else {
            return Ok(Taken::Done((DicomSendState::Damaged, None)));
        };
        match self {
            Self::Association(line) => associated(line, &travelling, cancel).await,
            Self::Web(server) => {
                let instance = travelling.sop_instance_uid;
                Ok(told(server.store(Bytes::from_owner(file), &instance, cancel).await?))
            }
        }
    }

    /// Ends in order.
    pub async fn end(self) {
        if let Self::Association(line) = self {
            line.release().await;
        }
    }
}

async fn associated(line: &mut Line, travelling: &Travelling<'_>, cancel: &Cancel) -> Result<Taken, Failure> {
    let class = &travelling.sop_class_uid;
    if let Some(context) = line.context(class, &travelling.transfer_syntax_uid) {
        let status = line.store(context, travelling, cancel).await?;
        return Ok(Taken::Done((judged(status), Some(status))));
    }
    Ok(if line.context(class, EXPLICIT).is_some() { Taken::OtherCoding } else { Taken::Never })
}

/// A status of C-STORE (PS3.4, B.2.3).
const fn judged(status: u16) -> DicomSendState {
    match status {
        0 => DicomSendState::Stored,
        0xB000..=0xBFFF => DicomSendState::StoredWithWarning,
        _ => DicomSendState::Refused,
    }
}

const fn told(answer: Option<StoreAnswer>) -> Taken {
    match answer {
        Some(StoreAnswer::Stored) => Taken::Done((DicomSendState::Stored, Some(0))),
        Some(StoreAnswer::StoredWithWarning(code)) => {
            Taken::Done((DicomSendState::StoredWithWarning, Some(code)))
        }
        Some(StoreAnswer::Failed(CODING_NOT_TAKEN)) => Taken::OtherCoding,
        Some(StoreAnswer::Failed(CLASS_NOT_TAKEN)) => Taken::Never,
        Some(StoreAnswer::Failed(code)) => Taken::Done((DicomSendState::Refused, Some(code))),
        None => Taken::Done((DicomSendState::Refused, None)),
    }
}

/// One context for each class and coding: of several codings in one, the PACS would choose.
fn contexts(plan: &Plan) -> Vec<(String, Vec<&'static str>)> {
    let mut classes: BTreeSet<(&str, &'static str)> = BTreeSet::new();
    for object in &plan.objects {
        match &object.content {
            Content::Photograph(shown) => {
                let class = shown.reference.sop_class_uid.as_str();
                classes.extend(JPEG.into_iter().chain([EXPLICIT]).map(|syntax| (class, syntax)));
            }
            Content::Reading(_) => _ = classes.insert((STRUCTURED_REPORT, EXPLICIT)),
            Content::Report(_) => _ = classes.insert((PDF, EXPLICIT)),
        }
    }
    classes.into_iter().map(|(class, syntax)| (class.to_owned(), vec![syntax])).collect()
}
