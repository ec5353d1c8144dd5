//! One question and its answer over HTTP (RFC 9112): no redirect is followed, no proxy asked, nothing kept open.

use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response};

use crate::jobs::Cancel;
use crate::network::{GivenUp, block_on, trusting, within};
use crate::web::{NoLine, Target};

/// More is no answer to what is asked, in bytes.
const LARGEST_ANSWER: usize = 64 * 1024;
const JSON: &str = "application/json";

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Off,
    /// Another question is under way.
    Busy,
    /// The model of the clinic did not assess the picture: there is nothing to write of.
    NotAssessed,
    Unreachable,
    /// Its name stands for an address outside the house.
    PublicAddress,
    Tls,
    /// It points elsewhere.
    Redirected,
    /// It answered with this status.
    Refused(u16),
    ContentType,
    TooLarge,
    /// The answer is none of an OpenAI-compatible interface, or holds signs that cannot be printed.
    Unreadable,
    Empty,
    /// Longer than a conclusion can be.
    TooLong,
    Timeout,
    Closed,
    Cancelled,
}

impl Failure {
    /// A stable word.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Busy => "busy",
            Self::NotAssessed => "not_assessed",
            Self::Unreachable => "unreachable",
            Self::PublicAddress => "public_address",
            Self::Tls => "tls",
            Self::Redirected => "redirected",
            Self::Refused(_) => "refused",
            Self::ContentType => "content_type",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Timeout => "timeout",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Refused(status) => Some(status),
            _ => None,
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

/// Puts a question, and gives the JSON of the answer. All of it, from the search for the name to the last byte, takes
/// no longer than `time`.
pub(super) fn post(
    target: &Target,
    key: &str,
    question: Vec<u8>,
    time: Duration,
    cancel: &Cancel,
) -> Result<Vec<u8>, Failure> {
    block_on(within(time, cancel, exchange(target, key, question))).unwrap_or(Err(Failure::Unreachable))
}

async fn exchange(target: &Target, key: &str, question: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let request = request(target, key, question)?;
    let mut line = target.connect(trusting).await?;
    let response = line
        .send_request(request)
        .await
        .map_err(|error| if error.is_parse() { Failure::Unreadable } else { Failure::Closed })?;
    read(response).await
}

fn request(target: &Target, key: &str, question: Vec<u8>) -> Result<Request<Full<Bytes>>, Failure> {
    let mut request = Request::post(&target.path)
        .header(HOST, target.authority())
        .header(USER_AGENT, "Lentigo")
        .header(ACCEPT, JSON)
        .header(CONTENT_TYPE, JSON)
        .header(CONNECTION, "close")
        .body(Full::new(Bytes::from(question)))
        .map_err(|_| Failure::Unreachable)?;
    if !key.is_empty() {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Failure::Unreachable)?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    Ok(request)
}

async fn read(response: Response<Incoming>) -> Result<Vec<u8>, Failure> {
    let status = response.status();
    if status.is_redirection() {
        return Err(Failure::Redirected);
    }
    if !status.is_success() {
        return Err(Failure::Refused(status.as_u16()));
    }
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(JSON) {
        return Err(Failure::ContentType);
    }
    let body = Limited::new(response.into_body(), LARGEST_ANSWER).collect().await;
    let body = body
        .map_err(|error| if error.is::<LengthLimitError>() { Failure::TooLarge } else { Failure::Closed })?;
    Ok(body.to_bytes().to_vec())
}
