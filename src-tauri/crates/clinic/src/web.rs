//! HTTP (RFC 9112) with a server of the house: no redirect is followed, no proxy asked.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hyper::Uri;
use hyper::body::Body;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Most bytes of the head of an answer that are read ahead.
const LARGEST_HEAD: usize = 16 * 1024;

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoLine {
    Unreachable,
    /// Its name stands for an address outside the house.
    PublicAddress,
    Tls,
    Closed,
}

/// What carries an exchange: TCP, or TLS over it.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A URL that was judged, and what of it a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub https: bool,
    /// Name or address, without brackets.
    pub host: String,
    pub port: u16,
    /// Without a slash at its end.
    pub path: String,
}

impl Target {
    /// Reads the base of an interface, such as `http://localhost:11434/v1`. Nothing for another scheme, and for a
    /// URL with a user, a query or a fragment.
    pub fn read(url: &str) -> Option<Self> {
        if url.contains(['?', '#', '@']) {
            return None;
        }
        let uri: Uri = url.parse().ok()?;
        let https = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let host = uri.host()?.trim_matches(['[', ']']);
        (!host.is_empty()).then(|| Self {
            https,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if https { 443 } else { 80 }),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Host and port as a request names them (RFC 9110, 7.2).
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    /// Opens a line to an address that was just judged, and to no other. It lives as long as the runtime, or until
    /// one of the sides closes it.
    pub async fn connect<B>(
        &self,
        trust: impl FnOnce() -> Result<ClientConfig, rustls::Error>,
    ) -> Result<SendRequest<B>, NoLine>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stream = self.dial().await?;
        let stream: Box<dyn Stream> = if self.https {
            let config = trust().map_err(|_| NoLine::Tls)?;
            let name = ServerName::try_from(self.host.clone()).map_err(|_| NoLine::Tls)?;
            let tls = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
            Box::new(tls.map_err(|_| NoLine::Tls)?)
        } else {
            Box::new(stream)
        };
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(LARGEST_HEAD)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|_| NoLine::Closed)?;
        tokio::spawn(connection);
        Ok(sender)
    }

    async fn dial(&self) -> Result<TcpStream, NoLine> {
        for address in addresses(&self.host, self.port).await? {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(NoLine::Unreachable)
    }
}

/// The addresses that a name stands for at this moment, all of the house.
pub(crate) async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, NoLine> {
    allowed(tokio::net::lookup_host((host, port)).await.map_err(|_| NoLine::Unreachable)?)
}

/// One address outside the house, and none is used.
fn allowed(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, NoLine> {
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        Err(NoLine::Unreachable)
    } else if found.iter().all(|address| is_of_the_house(address.ip())) {
        Ok(found)
    } else {
        Err(NoLine::PublicAddress)
    }
}

/// Loopback (RFC 1122, RFC 4291) and private networks (RFC 1918, RFC 4193). Addresses of the link alone, where
/// clouds keep their secrets, are not among them.
fn is_of_the_house(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_private_networks_are_of_the_house() {
        for (address, of_the_house) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.1.2.3", true),
            ("172.16.0.9", true),
            ("192.168.1.10", true),
            ("fd12:3456::1", true),
            ("::ffff:192.168.1.10", true),
            ("172.32.0.9", false),
            ("8.8.8.8", false),
            ("::ffff:8.8.8.8", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("::", false),
            ("fe80::1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_of_the_house(address.parse().unwrap()), of_the_house, "{address}");
        }
    }

    #[test]
    fn one_address_outside_spoils_a_name() {
        let of = |texts: &[&str]| allowed(texts.iter().map(|text| text.parse().unwrap()));
        assert_eq!(of(&["127.0.0.1:80", "[::1]:80"]).unwrap().len(), 2);
        assert_eq!(of(&["127.0.0.1:80", "8.8.8.8:80"]), Err(NoLine::PublicAddress));
        assert_eq!(of(&[]), Err(NoLine::Unreachable));
    }

    #[test]
    fn a_url_is_a_scheme_a_host_and_a_path() {
        let read = |url| Target::read(url).map(|target| (target.https, target.authority(), target.path));
        let said = |https, authority: &str, path: &str| Some((https, authority.to_owned(), path.to_owned()));
        assert_eq!(read("http://localhost:11434/v1"), said(false, "localhost:11434", "/v1"));
        assert_eq!(read("https://llm.house/v1/"), said(true, "llm.house:443", "/v1"));
        assert_eq!(read("http://[::1]:8080/"), said(false, "[::1]:8080", ""));
        for bad in [
            "",
            "localhost:11434",
            "/v1",
            "ftp://localhost/v1",
            "file:///etc/passwd",
            "http://user:word@localhost/v1",
            "http://localhost/v1?key=1",
            "http://localhost/v1#here",
            "http://",
            "http://local host/",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
