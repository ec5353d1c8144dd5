//! TLS to a PACS, by both ways: only to a certificate that is trusted.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use clinic::views::*;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use tempfile::TempDir;

use crate::dicom_export::story;
use crate::dicomweb::{node, orthanc, set, tests};
use crate::language_model::read;
use crate::pacs::{Orthanc, all_stored, reason, with};

/// An authority, and a certificate that it issued for this machine.
struct House {
    folder: TempDir,
}

impl House {
    /// Nothing where `openssl` is not installed.
    fn build() -> Option<Self> {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        let about = |name: &str, more: &str| {
            format!(
                "[req]\ndistinguished_name=name\nprompt=no\nx509_extensions=more\n[name]\nCN={name}\n[more]\n{more}\n"
            )
        };
        fs::write(house.path("house.cnf"), about("House authority", "basicConstraints=critical,CA:TRUE"))
            .unwrap();
        let names = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1";
        fs::write(house.path("pacs.cnf"), about("localhost", names)).unwrap();
        house.issues("house", &[])?;
        house.issues("pacs", &["-CA", "house.pem", "-CAkey", "house.key"])?;
        Some(house)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn issues(&self, name: &str, by: &[&str]) -> Option<()> {
        let tool = Command::new("openssl")
            .current_dir(self.folder.path())
            .args(["req", "-x509", "-days", "30", "-nodes", "-newkey", "rsa:2048"])
            .args(["-config", &format!("{name}.cnf")])
            .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
            .args(by)
            .stderr(Stdio::null())
            .status();
        match tool {
            Ok(status) => assert!(status.success(), "openssl made no certificate"),
            Err(_) => {
                eprintln!("openssl is not installed: nothing was sent over TLS");
                return None;
            }
        }
        Some(())
    }
}

/// A door with TLS before a server without: each request goes through on a line of its own.
fn door(house: &House, inside: u16) -> u16 {
    let certificate = CertificateDer::from_pem_slice(house.text("pacs.pem").as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(house.text("pacs.key").as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // Whoever does not trust it goes away, which ends this visit only.
            let _ = through(StreamOwned::new(connection, stream), inside);
        }
    });
    port
}

fn through(mut line: impl Read + Write, inside: u16) -> std::io::Result<()> {
    let asked = read(&mut line)?;
    let Some((first, rest)) = asked.head.split_once("\r\n") else { return Ok(()) };
    let mut server = TcpStream::connect(("127.0.0.1", inside))?;
    write!(server, "{first}\r\nConnection: close\r\n{rest}")?;
    server.write_all(&asked.body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    line.write_all(&answer)?;
    line.flush()
}

#[test]
fn https_needs_a_certificate_that_is_trusted() {
    let Some(house) = House::build() else { return };
    let Some(orthanc) = orthanc(&[]) else { return };
    let story = story();
    // Orthanc's own TLS for HTTP crashes in Debian 12.
    let url = format!("https://localhost:{}/dicom-web", door(&house, orthanc.http));
    set(&story, &with(node(&url)));
    assert_eq!(reason(tests(&story)), "tls");
    assert_eq!(reason(story.sends()), "tls");
    let trusted = PacsSettingsRequest { certificate: Some(house.text("house.pem")), ..with(node(&url)) };
    let view = set(&story, &trusted);
    let fingerprint = view.certificate.unwrap();
    assert_eq!((fingerprint.len(), fingerprint.matches(':').count()), (95, 31));
    tests(&story).unwrap();
    assert!(all_stored(&story.sends().unwrap()));
    // Another authority is not that of the server, and an empty text leaves it to the system again.
    let other = House::build().unwrap();
    set(&story, &PacsSettingsRequest { certificate: Some(other.text("house.pem")), ..with(node(&url)) });
    assert_eq!(reason(tests(&story)), "tls");
    let view = set(&story, &PacsSettingsRequest { certificate: Some(String::new()), ..with(node(&url)) });
    assert_eq!(view.certificate, None);
    assert_eq!(reason(tests(&story)), "tls");
}

#[test]
fn an_association_travels_over_tls_to_a_trusted_certificate_alone() {
    let Some(house) = House::build() else { return };
    let secure = [
        ("DicomTlsEnabled", json!(true)),
        ("DicomTlsCertificate", json!(house.path("pacs.pem"))),
        ("DicomTlsPrivateKey", json!(house.path("pacs.key"))),
        ("DicomTlsTrustedCertificates", json!(house.path("house.pem"))),
        ("DicomTlsRemoteCertificateRequired", json!(false)),
    ];
    let Some(orthanc) = Orthanc::start(&secure) else { return };
    let story = story();
    let associated = PacsNode {
        way: PacsWay::Dimse,
        host: "localhost".into(),
        port: orthanc.dicom,
        called_title: "SEEBLICK".into(),
        tls: true,
        ..node("")
    };
    set(&story, &with(associated.clone()));
    assert_eq!(reason(tests(&story)), "tls");
    assert_eq!(reason(story.sends()), "tls");
    set(
        &story,
        &PacsSettingsRequest { certificate: Some(house.text("house.pem")), ..with(associated.clone()) },
    );
    tests(&story).unwrap();
    assert!(all_stored(&story.sends().unwrap()));
    assert_eq!(orthanc.holds().len(), 4);
    // What expects TLS does not talk without it.
    set(&story, &with(PacsNode { tls: false, patience_seconds: 10, ..associated }));
    assert!(["closed", "timeout", "refused"].contains(&reason(tests(&story)).as_str()));
}
