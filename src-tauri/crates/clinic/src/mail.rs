//! Notices through the clinic's own SMTP server: off unless an administrator switched it on, and without
//! a word about patients.

use std::net::IpAddr;
use std::time::Duration;

use domain::audit::AuditAction;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use records::audit::{self, AuditEntry};
use serde_json::json;

use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::settings::{MailServer, mail_server};
use crate::views::MailSecurity;

const PATIENCE: Duration = Duration::from_secs(10);

/// What is said, and to whom.
pub enum Mail<'a> {
    /// An account was prepared; the code is on paper.
    Invited {
        to: &'a str,
    },
    Approved {
        to: &'a str,
    },
    /// Six digits for a forgotten password.
    ResetCode {
        to: &'a str,
        code: &'a str,
    },
    Test {
        to: &'a str,
    },
}

impl Mail<'_> {
    const fn to(&self) -> &str {
        match self {
            Self::Invited { to } | Self::Approved { to } | Self::ResetCode { to, .. } | Self::Test { to } => {
                to
            }
        }
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "invited",
            Self::Approved { .. } => "approved",
            Self::ResetCode { .. } => "reset_code",
            Self::Test { .. } => "test",
        }
    }

    fn subject(&self, clinic: &str) -> String {
        match self {
            Self::Invited { .. } | Self::Approved { .. } => format!("{clinic}: your Lentigo account"),
            Self::ResetCode { .. } => format!("{clinic}: code for a new password"),
            Self::Test { .. } => format!("{clinic}: test message"),
        }
    }

    fn body(&self) -> String {
        match self {
            Self::Invited { .. } => {
                "An account was prepared for you. Ask your administrator for the slip with \
                 the activation code; it is not sent by mail.\n"
                    .into()
            }
            Self::Approved { .. } => {
                "Your account was approved. Sign in at the workstation with the password you chose.\n".into()
            }
            Self::ResetCode { code, .. } => format!(
                "Your code for a new password is {code}.\n\nIt works for ten minutes, once, at the workstation \
                 where it was issued. If you did not ask for it, tell your administrator.\n"
            ),
            Self::Test { .. } => "This message shows that the mail server of the clinic is set up.\n".into(),
        }
    }
}

/// Sends a notice if mail is on; a failure is in the audit trail and stops nothing. True when it was sent.
pub(crate) fn notify(session: &Session, mail: &Mail<'_>) -> bool {
    let on = session.store().read(mail_server).is_ok_and(|server| server.enabled);
    on && send(session, mail).is_ok()
}

pub(crate) fn send(session: &Session, mail: &Mail<'_>) -> Result<()> {
    let server = session.store().read(mail_server)?;
    let sent = deliver(&server, &session.office().clinic.name, mail);
    let reason = sent.as_ref().err().map(|error| error.details["reason"].clone());
    let action = if sent.is_ok() { AuditAction::MailSent } else { AuditAction::MailFailed };
    let entry = AuditEntry::new(action).with(json!({ "notice": mail.word(), "reason": reason }));
    session.store().write(&session.actor(), |tx| audit::record(tx, entry))?;
    sent
}

fn deliver(server: &MailServer, clinic: &str, mail: &Mail<'_>) -> Result<()> {
    if !server.enabled {
        return Err(failed("off"));
    }
    let address = |text: &str| text.parse().map_err(|_| failed("rejected"));
    let message = Message::builder()
        .from(Mailbox::new(Some(clinic.to_owned()), address(&server.from)?))
        .to(Mailbox::new(None, address(mail.to())?))
        .subject(mail.subject(clinic))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body())
        .map_err(|_| failed("rejected"))?;
    transport(server)?.send(&message).map(drop).map_err(|error| {
        failed(if error.is_tls() {
            "tls"
        } else if error.is_permanent() || error.is_transient() {
            "refused"
        } else {
            "unreachable"
        })
    })
}

fn transport(server: &MailServer) -> Result<SmtpTransport> {
    let parameters = || TlsParameters::new(server.host.clone()).map_err(|_| failed("tls"));
    let tls = match server.security {
        MailSecurity::Tls => Tls::Wrapper(parameters()?),
        MailSecurity::StartTls => Tls::Required(parameters()?),
        MailSecurity::None if is_this_machine(&server.host) => Tls::None,
        MailSecurity::None => return Err(failed("tls")),
    };
    let builder = SmtpTransport::builder_dangerous(server.host.as_str())
        .port(server.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    Ok(if server.user.is_empty() {
        builder.build()
    } else {
        builder.credentials(Credentials::new(server.user.clone(), server.password.clone())).build()
    })
}

/// Whether a host name or address is that of this machine alone.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn failed(reason: &str) -> Error {
    Error::with(ErrorCode::MailFailed, json!({ "reason": reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for (host, is) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("mail.clinic.example", false),
            ("192.168.1.10", false),
            ("localhost.clinic.example", false),
        ] {
            assert_eq!(is_this_machine(host), is, "{host}");
        }
    }
}
