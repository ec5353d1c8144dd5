//! DICOMweb (PS3.18): objects are stored one a request (STOW-RS), on a line that is kept open between them.
//!
//! Every step has an end: the patience of the settings for each answer, and for an object the time that its bytes
//! take on a slow line besides. What a server says may be nonsense, and is read as if it were.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use documents::dicom::{StoreAnswer, StoreResponse};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::SendRequest;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::jobs::Cancel;
use crate::network::within;
use crate::views::PacsAccess;
use crate::web::Target;

use super::failure::{Failure, block_on};
use super::pacs::Pacs;

const JSON: &str = "application/dicom+json";
/// A line slower than this many bytes a second is taken for a dead one.
const SLOWEST_LINE: u64 = 64 * 1024;
const FRAGMENT: usize = 128 * 1024;
/// More is no answer on one object, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;
/// A search for a study that nobody has: the answer holds no patient.
const NO_STUDY: &str = "/studies?StudyInstanceUID=2.25.0&limit=1";
/// "Referenced transfer syntax not supported" (PS3.18, 10.5.3.2).
const TRANSFER_SYNTAX: u16 = 0xC122;

pub(super) fn ask(pacs: &Pacs, cancel: &Cancel) -> Result<(), Failure> {
    block_on(async {
        let mut server = Server::of(pacs)?;
        within(pacs.patience(), cancel, server.search()).await
    })
}

/// A server as the settings name it, and the line to it while one is open.
pub(super) struct Server<'a> {
    pacs: &'a Pacs,
    target: Target,
    authorization: Option<HeaderValue>,
    line: Option<SendRequest<Related>>,
}

impl<'a> Server<'a> {
    pub fn of(pacs: &'a Pacs) -> Result<Self, Failure> {
        let target = Target::read(&pacs.node.url).ok_or(Failure::Unreachable)?;
        let authorization = match pacs.node.access {
            PacsAccess::Open => None,
            PacsAccess::Password => {
                let both = format!("{}:{}", pacs.node.user, pacs.secret());
                Some(format!("Basic {}", BASE64_STANDARD.encode(both)))
            }
            PacsAccess::Token => Some(format!("Bearer {}", pacs.secret())),
        };
        let authorization = authorization.map(|text| {
            let mut value = HeaderValue::from_str(&text).map_err(|_| Failure::Denied)?;
            value.set_sensitive(true);
            Ok::<_, Failure>(value)
        });
        Ok(Self { pacs, target, authorization: authorization.transpose()?, line: None })
    }

    /// Stores an object, and gives what the server says of it: nothing where it refuses without a reason.
    pub async fn store(
        &mut self,
        file: Bytes,
        instance: &str,
        cancel: &Cancel,
    ) -> Result<Option<StoreAnswer>, Failure> {
        let patience = self.pacs.patience();
        let time = patience + Duration::from_secs(file.len() as u64 / SLOWEST_LINE);
        let answer = within(time, cancel, self.put(&file, instance)).await;
        if answer != Err(Failure::Closed) {
            return answer;
        }
        // A server may refuse before it has heard the whole object, and hang up; then its reason is asked for.
        self.line = None;
        match within(patience, cancel, self.search()).await {
            Err(told @ (Failure::Denied | Failure::Redirected | Failure::Status(_) | Failure::Cancelled)) => {
                Err(told)
            }
            _ => Err(Failure::Closed),
        }
    }

    async fn put(&mut self, file: &Bytes, instance: &str) -> Result<Option<StoreAnswer>, Failure> {
        let boundary = Uuid::new_v4().simple().to_string();
        let kind = format!("multipart/related; type=\"application/dicom\"; boundary={boundary}");
        let kind = HeaderValue::from_str(&kind).map_err(|_| Failure::Unreachable)?;
        let response = self
            .send(|server| {
                let mut request =
                    server.request(Method::POST, "/studies", Related::of(&boundary, file.clone()))?;
                request.headers_mut().insert(CONTENT_TYPE, kind.clone());
                Ok(request)
            })
            .await?;
        judged(response, instance).await
    }

    /// Looks for nothing, which a server of DICOMweb answers with an empty list.
    async fn search(&mut self) -> Result<(), Failure> {
        let response = self.send(|server| server.request(Method::GET, NO_STUDY, Related::default())).await?;
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        if !status.is_success() {
            return Err(refusal(status));
        }
        let kind = kind_of(&response);
        let body = read(response).await?;
        let is_list = kind.contains("json") && serde_json::from_slice::<Vec<Value>>(&body).is_ok();
        if is_list { Ok(()) } else { Err(Failure::NotDicomweb) }
    }

    fn request(&self, method: Method, path: &str, body: Related) -> Result<Request<Related>, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.target.path))
            .header(HOST, self.target.authority())
            .header(USER_AGENT, "Lentigo")
            .header(ACCEPT, JSON)
            .body(body)
            .map_err(|_| Failure::Unreachable)?;
        if let Some(authorization) = &self.authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        Ok(request)
    }

    /// Sends on the line that is open. Where the server has hung up since, the request goes on a new one: the same
    /// object twice is stored once.
    async fn send(
        &mut self,
        request: impl Fn(&Self) -> Result<Request<Related>, Failure>,
    ) -> Result<Response<Incoming>, Failure> {
        if let Some(mut line) = self.line.take()
            && line.ready().await.is_ok()
            && let Ok(response) = line.send_request(request(self)?).await
        {
            self.line = Some(line);
            return Ok(response);
        }
        let mut line = self.target.connect(|| self.pacs.trust()).await?;
        let sent = line.send_request(request(self)?).await;
        let response =
            sent.map_err(|error| if error.is_parse() { Failure::Unreadable } else { Failure::Closed })?;
        self.line = Some(line);
        Ok(response)
    }
}

async fn judged(response: Response<Incoming>, instance: &str) -> Result<Option<StoreAnswer>, Failure> {
    let status = response.status();
    match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => return Ok(Some(StoreAnswer::Failed(TRANSFER_SYNTAX))),
        // About this object, and perhaps with a reason.
        StatusCode::BAD_REQUEST
        | StatusCode::CONFLICT
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY => {}
        _ if status.is_success() => {}
        _ => return Err(refusal(status)),
    }
    let kind = kind_of(&response);
    let body = read(response).await?;
    let answer = StoreResponse::read(&kind, &body).and_then(|said| said.of(instance));
    // What is not confirmed is not stored.
    if answer.is_none() && status.is_success() { Err(Failure::Unreadable) } else { Ok(answer) }
}

fn refusal(status: StatusCode) -> Failure {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Denied,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {
            Failure::NotDicomweb
        }
        _ if status.is_redirection() => Failure::Redirected,
        _ => Failure::Status(status.as_u16()),
    }
}

fn kind_of(response: &Response<Incoming>) -> String {
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().to_owned()
}

async fn read(response: Response<Incoming>) -> Result<Bytes, Failure> {
    let body = Limited::new(response.into_body(), LARGEST_ANSWER).collect().await;
    Ok(body.map_err(|_| Failure::Unreadable)?.to_bytes())
}

/// The body of a request: empty, or one object as a part of `multipart/related` (RFC 2387), piece by piece and
/// without a second copy of it.
#[derive(Default)]
pub(super) struct Related {
    waiting: VecDeque<Bytes>,
    left: u64,
}

impl Related {
    fn of(boundary: &str, file: Bytes) -> Self {
        let head = format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n");
        let tail = format!("\r\n--{boundary}--\r\n");
        let pieces =
            (0..file.len()).step_by(FRAGMENT).map(|at| file.slice(at..file.len().min(at + FRAGMENT)));
        let waiting: VecDeque<Bytes> =
            [Bytes::from(head)].into_iter().chain(pieces).chain([Bytes::from(tail)]).collect();
        let left = waiting.iter().map(|piece| piece.len() as u64).sum();
        Self { waiting, left }
    }
}

impl Body for Related {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.waiting.pop_front();
        self.left -= next.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(next.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.waiting.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_travels_as_one_part_in_pieces() {
        let file = Bytes::from(vec![7; FRAGMENT + 5]);
        let mut body = Related::of("line", file.clone());
        let expected = [
            b"--line\r\nContent-Type: application/dicom\r\n\r\n".as_slice(),
            &file,
            b"\r\n--line--\r\n".as_slice(),
        ]
        .concat();
        assert_eq!(body.size_hint().exact(), Some(expected.len() as u64));
        let mut sent = Vec::new();
        let mut pieces = 0;
        let mut context = Context::from_waker(std::task::Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut body).poll_frame(&mut context) {
            sent.extend(frame.into_data().unwrap());
            pieces += 1;
        }
        assert_eq!((pieces, body.is_end_stream(), body.size_hint().exact()), (4, true, Some(0)));
        assert_eq!(sent, expected);
        assert!(Related::default().is_end_stream());
    }

    #[test]
    fn a_status_says_what_can_be_done() {
        let told = |status: u16| refusal(StatusCode::from_u16(status).unwrap()).reason();
        for (status, reason) in [
            (401, "denied"),
            (403, "denied"),
            (302, "redirected"),
            (404, "not_dicomweb"),
            (500, "status"),
            (503, "status"),
        ] {
            assert_eq!(told(status), reason, "{status}");
        }
    }
}
