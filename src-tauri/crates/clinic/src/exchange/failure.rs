//! Why an exchange with the PACS came to nothing, whichever way it took.

use serde_json::json;

use crate::error::{Error, ErrorCode};
use crate::network::{self, GivenUp};
use crate::web::NoLine;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Off,
    /// Another sending is under way.
    Busy,
    Unreachable,
    /// Its name stands for an address outside the house.
    PublicAddress,
    Tls,
    Refused,
    /// It does not know the title by which it was called.
    CalledTitle,
    /// It does not know the title of this workstation.
    CallingTitle,
    /// User and password, or token, do not open it.
    Denied,
    /// It points elsewhere.
    Redirected,
    /// There is a server, but no DICOMweb under this URL.
    NotDicomweb,
    /// It answered with this status of HTTP.
    Status(u16),
    /// Its answer cannot be read.
    Unreadable,
    Timeout,
    Closed,
    /// It is there, and answers the question with a failure.
    Rejected,
    Cancelled,
}

impl Failure {
    /// A stable word.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::PublicAddress => "public_address",
            Self::Tls => "tls",
            Self::Refused => "refused",
            Self::CalledTitle => "called_title",
            Self::CallingTitle => "calling_title",
            Self::Denied => "denied",
            Self::Redirected => "redirected",
            Self::NotDicomweb => "not_dicomweb",
            Self::Status(_) => "status",
            Self::Unreadable => "unreadable",
            Self::Timeout => "timeout",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<GivenUp> for Failure {
    fn from(given_up: GivenUp) -> Self {
        match given_up {
            GivenUp::Timeout => Self::Timeout,
            GivenUp::Cancelled => Self::Cancelled,
        }
    }
}

impl From<NoLine> for Failure {
    fn from(none: NoLine) -> Self {
        match none {
            NoLine::Unreachable => Self::Unreachable,
            NoLine::PublicAddress => Self::PublicAddress,
            NoLine::Tls => Self::Tls,
            NoLine::Closed => Self::Closed,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let mut details = json!({ "reason": failure.reason() });
        if let Failure::Status(status) = failure {
            details["status"] = json!(status);
        }
        Self::with(ErrorCode::PacsFailed, details)
    }
}

/// Runs an exchange on the thread of the caller.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    network::block_on(work).unwrap_or(Err(Failure::Unreachable))
}
