//! What everything shares that speaks over a network.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::jobs::Cancel;

/// How often somebody's wish to stop is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// Why an exchange was given up from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    Timeout,
    Cancelled,
}

/// Runs an exchange on the thread of the caller, which is not that of the window.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // The search for a name cannot be broken off; it ends by itself.
    runtime.shutdown_background();
    Ok(done)
}

/// Work with an end: its time is over, or somebody wants to stop.
pub(crate) async fn within<T, E: From<GivenUp>>(
    time: Duration,
    cancel: &Cancel,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let stopped = async {
        while !cancel.is_requested() {
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::select! {
        done = tokio::time::timeout(time, work) => done.unwrap_or(Err(GivenUp::Timeout.into())),
        () = stopped => Err(GivenUp::Cancelled.into()),
    }
}

/// Trusts what the system trusts.
///
/// # Errors
/// Those of rustls.
pub(crate) fn trusting() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    resting_on(roots)
}

/// Trusts these certificates alone, one after the other in PEM (RFC 7468): authorities, or the server's own.
///
/// # Errors
/// Those of rustls, also where there is none among them.
pub(crate) fn trusting_only(certificates: &str) -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(certificates.as_bytes()) {
        let certificate = certificate.map_err(|_| rustls::Error::NoCertificatesPresented)?;
        roots.add(certificate)?;
    }
    if roots.is_empty() { Err(rustls::Error::NoCertificatesPresented) } else { resting_on(roots) }
}

fn resting_on(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
