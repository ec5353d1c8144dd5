//! Mail through a real SMTP server (RFC 5321, AUTH PLAIN of RFC 4954) that the test runs itself.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use clinic::views::*;
use clinic::{Error, ErrorCode, settings, staff};
use domain::Role;
use domain::user::UserDetails;
use support::{EMAIL, World};

use crate::people::{NURSE, administrator, joins, user_named};

/// One message as it arrived.
#[derive(Default)]
struct Arrived {
    credentials: String,
    sender: String,
    recipient: String,
    text: String,
}

struct Server {
    port: u16,
    messages: Receiver<Arrived>,
}

impl Server {
    /// Takes every message, or refuses every recipient.
    fn start(refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away in the middle ends its conversation only.
                let _ = converse(&stream, refuses, &sender);
            }
        });
        Self { port, messages }
    }

    fn message(&self) -> Arrived {
        self.messages.recv_timeout(Duration::from_secs(10)).expect("a message")
    }

    fn nothing_more(&self) {
        assert!(self.messages.recv_timeout(Duration::from_millis(300)).is_err());
    }

    fn settings(&self) -> MailSettingsRequest {
        MailSettingsRequest {
            enabled: true,
            host: "127.0.0.1".into(),
            port: self.port,
            security: MailSecurity::None,
            user: "lentigo".into(),
            password: Some("quince-and-plum".into()),
            from: "desk@seeblick.example".into(),
        }
    }
}

fn converse(stream: &TcpStream, refuses: bool, sender: &Sender<Arrived>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let say = |text: &str| (&mut &*stream).write_all(format!("{text}\r\n").as_bytes());
    let mut arrived = Arrived::default();
    say("220 post.seeblick.example")?;
    while let Some(line) = lines.next().transpose()? {
        match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-post.seeblick.example\r\n250 AUTH PLAIN")?,
            "AUTH" => {
                arrived.credentials = line;
                say("235 welcome")?;
            }
            "MAIL" => {
                arrived.sender = line;
                say("250 ok")?;
            }
            "RCPT" if refuses => say("550 nobody of that name")?,
            "RCPT" => {
                arrived.recipient = line;
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    arrived.text += &line;
                    arrived.text.push('\n');
                }
                say("250 taken")?;
                let _ = sender.send(std::mem::take(&mut arrived));
            }
            "QUIT" => return say("221 bye"),
            _ => say("502 not here")?,
        }
    }
    Ok(())
}

fn colleague(world: &World) -> domain::UserId {
    let details = UserDetails {
        full_name: "Bea Lindqvist".into(),
        email: "bea@seeblick.example".into(),
        ..UserDetails::default()
    };
    staff::invite(&world.session, UserInviteRequest { details, role: Role::FrontDesk }).unwrap().id
}

fn reason(error: &Error) -> &str {
    assert_eq!(error.code, ErrorCode::MailFailed);
    error.details["reason"].as_str().unwrap()
}

#[test]
fn nothing_is_sent_until_an_administrator_switches_mail_on() {
    let world = World::founded();
    let server = Server::start(false);
    assert!(!settings::mail(&world.session).unwrap().enabled);
    assert_eq!(reason(&settings::test_mail(&world.session).unwrap_err()), "off");
    colleague(&world);
    server.nothing_more();
    assert!(world.trail(&world.session, "mail_sent").is_empty());
}

#[test]
fn a_test_message_arrives_with_the_credentials_of_the_clinic() {
    let world = World::founded();
    let server = Server::start(false);
    let shown = settings::change_mail(&world.session, &server.settings()).unwrap();
    assert!(shown.enabled && shown.has_password);
    settings::test_mail(&world.session).unwrap();
    let message = server.message();
    // base64 of "\0lentigo\0quince-and-plum"
    assert_eq!(message.credentials, "AUTH PLAIN AGxlbnRpZ28AcXVpbmNlLWFuZC1wbHVt");
    assert!(message.sender.contains("<desk@seeblick.example>"));
    assert!(message.recipient.contains(EMAIL));
    assert!(message.text.contains("Subject: Seeblick Dermatology: test message"), "{}", message.text);
    let trail = world.trail(&world.session, "setting_changed");
    assert!(!format!("{trail:?}").contains("quince"), "the password is not in the trail");
}

#[test]
fn a_kept_password_goes_on_working_and_an_invitation_carries_no_code() {
    let world = World::founded();
    let server = Server::start(false);
    settings::change_mail(&world.session, &server.settings()).unwrap();
    settings::change_mail(&world.session, &MailSettingsRequest { password: None, ..server.settings() })
        .unwrap();
    let id = colleague(&world);
    let message = server.message();
    assert!(message.credentials.ends_with("AGxlbnRpZ28AcXVpbmNlLWFuZC1wbHVt"));
    assert!(message.recipient.contains("bea@seeblick.example"));
    assert!(!message.text.contains("Bea"), "no name beside the address");
    assert!(!message.text.contains(&id.to_string()));
}

#[test]
fn a_reset_code_is_mailed_to_its_owner_and_a_failure_stops_nothing() {
    let world = World::founded();
    let server = Server::start(false);
    drop(joins(&world, NURSE, Role::FrontDesk));
    let request = UserRequest { id: user_named(&administrator(&world), NURSE).id };
    settings::change_mail(&world.session, &server.settings()).unwrap();
    let issued = staff::issue_reset(&world.session, &request).unwrap();
    assert!(issued.mailed);
    assert!(server.message().text.contains(&issued.code));

    let refusing = Server::start(true);
    settings::change_mail(&world.session, &refusing.settings()).unwrap();
    let issued = staff::issue_reset(&world.session, &request).unwrap();
    assert!(!issued.mailed && issued.code.len() == 6);
    let failed = world.trail(&world.session, "mail_failed");
    assert_eq!(failed[0]["reason"], "refused");
    assert!(!format!("{failed:?}").contains(&issued.code));
}

#[test]
fn what_goes_wrong_is_named() {
    let world = World::founded();
    let refusing = Server::start(true);
    settings::change_mail(&world.session, &refusing.settings()).unwrap();
    assert_eq!(reason(&settings::test_mail(&world.session).unwrap_err()), "refused");

    // A server that does not offer STARTTLS gets neither message nor password.
    let plain = Server::start(false);
    let wants_tls = MailSettingsRequest { security: MailSecurity::StartTls, ..plain.settings() };
    settings::change_mail(&world.session, &wants_tls).unwrap();
    assert!(settings::test_mail(&world.session).is_err());
    plain.nothing_more();

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = MailSettingsRequest { port: closed, ..plain.settings() };
    settings::change_mail(&world.session, &nobody).unwrap();
    assert_eq!(reason(&settings::test_mail(&world.session).unwrap_err()), "unreachable");

    let far = MailSettingsRequest { host: "mail.seeblick.example".into(), ..plain.settings() };
    let refused = settings::change_mail(&world.session, &far).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput, "no password in clear to another machine");
}
