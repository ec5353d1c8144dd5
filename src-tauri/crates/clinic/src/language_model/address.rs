//! Where a question may go: to this machine, or to a server of the house.

use std::net::{IpAddr, SocketAddr};

use hyper::Uri;

use super::Failure;

const PATH: &str = "/chat/completions";

/// A URL that was judged, and what of it a connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub https: bool,
    /// Name or address, without brackets.
    pub host: String,
    pub port: u16,
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
        let base = uri.path().trim_end_matches('/');
        let base = base.strip_suffix(PATH).unwrap_or(base);
        (!host.is_empty()).then(|| Self {
            https,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if https { 443 } else { 80 }),
            path: format!("{base}{PATH}"),
        })
    }

    /// Host and port as a request names them (RFC 9110, 7.2).
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    /// The addresses that its name stands for at this moment. One outside the house, and none is used.
    pub async fn addresses(&self) -> Result<Vec<SocketAddr>, Failure> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        allowed(found.map_err(|_| Failure::Unreachable)?)
    }
}

fn allowed(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Failure> {
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        Err(Failure::Unreachable)
    } else if found.iter().all(|address| is_of_the_house(address.ip())) {
        Ok(found)
    } else {
        Err(Failure::PublicAddress)
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
        assert_eq!(of(&["127.0.0.1:80", "8.8.8.8:80"]), Err(Failure::PublicAddress));
        assert_eq!(of(&[]), Err(Failure::Unreachable));
    }

    #[test]
    fn a_url_is_a_scheme_a_host_and_a_path() {
        let read = |url| Target::read(url).map(|target| (target.https, target.authority(), target.path));
        let said = |https, authority: &str, path: &str| Some((https, authority.to_owned(), path.to_owned()));
        assert_eq!(read("http://localhost:11434/v1"), said(false, "localhost:11434", "/v1/chat/completions"));
        assert_eq!(
            read("https://llm.house/v1/chat/completions"),
            said(true, "llm.house:443", "/v1/chat/completions")
        );
        assert_eq!(read("http://[::1]:8080/"), said(false, "[::1]:8080", "/chat/completions"));
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
