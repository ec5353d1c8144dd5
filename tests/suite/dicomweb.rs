//! Sending to a PACS by DICOMweb: a real Orthanc with its plugin, and small HTTP servers that refuse, hang, point
//! elsewhere or talk nonsense.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use clinic::exchange::{pacs, sending};
use clinic::views::*;
use documents::dicom::Travelling;
use serde_json::{Value, json};

use crate::dicom_export::{Story, story};
use crate::language_model::{Asked, read};
use crate::pacs::{Orthanc, all_stored, free_port, reason, with};

const PLUGIN: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const PASSWORD: &str = "quince and plum";

pub fn node(url: &str) -> PacsNode {
    PacsNode {
        enabled: true,
        way: PacsWay::Dicomweb,
        url: url.to_owned(),
        patience_seconds: 60,
        ..PacsNode::default()
    }
}

fn opened_by_password(url: &str) -> PacsSettingsRequest {
    let node = PacsNode { access: PacsAccess::Password, user: "lentigo".into(), ..node(url) };
    PacsSettingsRequest { secret: Some(PASSWORD.into()), ..with(node) }
}

pub fn set(story: &Story, request: &PacsSettingsRequest) -> PacsSettingsView {
    pacs::change(&story.world.session, request).unwrap()
}

pub fn tests(story: &Story) -> clinic::Result<()> {
    pacs::test(&story.world.session)
}

/// An Orthanc with the DICOMweb plugin; nothing where one of them is not installed.
pub fn orthanc(more: &[(&str, Value)]) -> Option<Orthanc> {
    if !fs::exists(PLUGIN).unwrap() {
        eprintln!("the DICOMweb plugin of Orthanc is not installed: nothing was sent to a real server");
        return None;
    }
    let mut settings =
        vec![("Plugins", json!([PLUGIN])), ("DicomWeb", json!({ "Enable": true, "Root": "/dicom-web/" }))];
    settings.extend(more.iter().cloned());
    Orthanc::start(&settings)
}

#[test]
fn a_real_server_takes_every_object_once() {
    let Some(orthanc) = orthanc(&[]) else { return };
    let story = story();
    set(&story, &with(node(&format!("http://127.0.0.1:{}/dicom-web/", orthanc.http))));
    tests(&story).unwrap();
    let view = story.sends().unwrap();
    assert!(all_stored(&view), "{view:?}");
    assert_eq!((view.stored, view.objects.len()), (4, 4));
    let held = orthanc.holds();
    let mut modalities: Vec<&str> = held.iter().map(|tags| tags["Modality"].as_str().unwrap()).collect();
    modalities.sort_unstable();
    assert_eq!(modalities, ["DMS", "DOC", "SR", "XC"]);
    for tags in &held {
        assert_eq!(tags["PatientID"], story.number.as_str());
    }
    let told: Vec<_> = ["dicom_send_started", "dicom_sent"].iter().map(|word| story.trail(word)).collect();
    assert_eq!((&told[0][0]["way"], &told[0][0]["host"]), (&"dicomweb".into(), &"127.0.0.1".into()));
    assert_eq!((&told[1][0]["stored"], &told[1][0]["reason"]), (&4.into(), &Value::Null));
    // The same again adds nothing: the objects have their identities.
    assert!(all_stored(&story.sends().unwrap()));
    assert_eq!(orthanc.holds().len(), 4);
    // There is a server under this URL, and no DICOMweb.
    set(&story, &with(node(&format!("http://127.0.0.1:{}/patients", orthanc.http))));
    assert_eq!(reason(tests(&story)), "not_dicomweb");
}

#[test]
fn a_real_server_opens_to_its_password_alone() {
    let users = [("AuthenticationEnabled", json!(true)), ("RegisteredUsers", json!({ "lentigo": PASSWORD }))];
    let Some(orthanc) = orthanc(&users) else { return };
    let story = story();
    let url = format!("http://127.0.0.1:{}/dicom-web", orthanc.http);
    set(&story, &with(node(&url)));
    assert_eq!(reason(tests(&story)), "denied");
    assert_eq!(reason(story.sends()), "denied");
    let wrong = PacsSettingsRequest { secret: Some("quince".into()), ..opened_by_password(&url) };
    set(&story, &wrong);
    assert_eq!(reason(story.sends()), "denied");
    let view = set(&story, &opened_by_password(&url));
    assert!(view.has_secret);
    tests(&story).unwrap();
    assert!(all_stored(&story.sends().unwrap()));
}

/// A server that answers what the test says; what it was asked is kept.
struct Server {
    url: String,
    asked: Receiver<Asked>,
}

impl Server {
    fn start(answer: impl Fn(&Asked, &mut TcpStream) -> std::io::Result<()> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/web", listener.local_addr().unwrap());
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                while let Ok(request) = read(&stream) {
                    if request.head.is_empty() || answer(&request, &mut stream).is_err() {
                        break;
                    }
                    let _ = sender.send(request);
                }
            }
        });
        Self { url, asked }
    }

    /// A server of which every answer is the same.
    fn says(status: &'static str, kind: &'static str, body: &'static str) -> Self {
        Self::start(move |_, stream| says(stream, status, kind, body))
    }

    /// What becomes of a sending to it that reaches nothing.
    fn fails(&self, story: &Story) -> String {
        set(story, &with(node(&self.url)));
        let why = reason(story.sends());
        assert_eq!(story.trail("dicom_sent")[0]["reason"], why.as_str());
        why
    }
}

fn says(stream: &mut TcpStream, status: &str, kind: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// The one file of a request, by its boundary.
fn file_in(asked: &Asked) -> Vec<u8> {
    let boundary = asked.head.split("boundary=").nth(1).unwrap().lines().next().unwrap().trim();
    let head = format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n");
    let tail = format!("\r\n--{boundary}--\r\n");
    let rest = asked.body.strip_prefix(head.as_bytes()).expect("a part");
    rest.strip_suffix(tail.as_bytes()).expect("the last part").to_vec()
}

/// What a server says that has an object, or has not.
fn about(instance: &str, sequence: &str, reason: Option<(&str, u16)>) -> String {
    let mut item = json!({ "00081155": { "vr": "UI", "Value": [instance] } });
    if let Some((tag, code)) = reason {
        item[tag] = json!({ "vr": "US", "Value": [code] });
    }
    json!({ sequence: { "vr": "SQ", "Value": [item] } }).to_string()
}

const STORED: &str = "00081199";
const FAILED: &str = "00081198";

#[test]
fn every_object_has_its_own_outcome() {
    let story = story();
    let server = Server::start(|asked, stream| {
        let file = file_in(asked);
        let object = Travelling::of(&file).unwrap();
        let instance = &object.sop_instance_uid;
        let (status, said) = match object.sop_class_uid.as_str() {
            // The report is refused with a reason, and the reading without a word.
            "1.2.840.10008.5.1.4.1.1.104.1" => {
                ("409 Conflict", about(instance, FAILED, Some(("00081197", 0xA700))))
            }
            "1.2.840.10008.5.1.4.1.1.88.34" => ("413 Content Too Large", String::new()),
            "1.2.840.10008.5.1.4.1.1.77.1.4" => {
                ("202 Accepted", about(instance, STORED, Some(("00081196", 0xB000))))
            }
            _ => ("200 OK", about(instance, STORED, None)),
        };
        says(stream, status, "application/dicom+json", &said)
    });
    set(&story, &with(node(&server.url)));
    let view = story.sends().unwrap();
    assert!(view.error.is_none(), "{view:?}");
    assert_eq!((view.stored, view.objects.len()), (2, 4));
    for object in &view.objects {
        let expected: &[(DicomSendState, Option<u16>)] = match object.kind {
            DicomObjectKind::Report => &[(DicomSendState::Refused, Some(0xA700))],
            DicomObjectKind::Reading => &[(DicomSendState::Refused, None)],
            DicomObjectKind::Photograph => {
                &[(DicomSendState::Stored, Some(0)), (DicomSendState::StoredWithWarning, Some(0xB000))]
            }
        };
        assert!(expected.contains(&(object.state, object.status)), "{object:?}");
    }
    let asked: Vec<Asked> = server.asked.try_iter().collect();
    assert_eq!(asked.len(), 4);
    for one in &asked {
        assert!(one.head.starts_with("POST /web/studies HTTP/1.1\r\n"), "{}", one.head);
        let head = one.head.to_ascii_lowercase();
        assert!(head.contains("content-type: multipart/related; type=\"application/dicom\"; boundary="));
        assert!(head.contains("accept: application/dicom+json") && !head.contains("authorization"));
    }
}

#[test]
fn a_server_that_takes_no_jpeg_gets_the_pixels_plain() {
    let story = story();
    let server = Server::start(|asked, stream| {
        let file = file_in(asked);
        let object = Travelling::of(&file).unwrap();
        if object.transfer_syntax_uid == "1.2.840.10008.1.2.1" {
            let said = about(&object.sop_instance_uid, STORED, None);
            return says(stream, "200 OK", "application/dicom+json", &said);
        }
        says(stream, "415 Unsupported Media Type", "text/plain", "no")
    });
    set(&story, &with(node(&server.url)));
    assert!(all_stored(&story.sends().unwrap()));
    assert!(server.asked.try_iter().count() > 4, "a photograph went twice");
}

#[test]
fn secrets_are_kept_and_told_to_nobody_but_the_server() {
    let story = story();
    let server = Server::says("200 OK", "application/dicom+json", "[]");
    set(&story, &opened_by_password(&server.url));
    // Saving again without one keeps it.
    let kept = PacsSettingsRequest { secret: None, ..opened_by_password(&server.url) };
    assert!(set(&story, &kept).has_secret);
    tests(&story).unwrap();
    let asked = server.asked.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(asked.head.starts_with("GET /web/studies?StudyInstanceUID=2.25.0&limit=1 "), "{}", asked.head);
    assert!(asked.head.contains("Basic bGVudGlnbzpxdWluY2UgYW5kIHBsdW0="), "{}", asked.head);
    let token = PacsNode { access: PacsAccess::Token, ..node(&server.url) };
    set(&story, &PacsSettingsRequest { secret: Some("plum.7".into()), ..with(token.clone()) });
    tests(&story).unwrap();
    assert!(server.asked.recv().unwrap().head.contains("Bearer plum.7"));
    let trail = json!(story.trail("setting_changed")).to_string();
    assert!(trail.contains("pacs.keys") && !trail.contains("quince") && !trail.contains("plum.7"));
    // An open server is told nothing.
    assert!(!set(&story, &with(node(&server.url))).has_secret);
    tests(&story).unwrap();
    assert!(!server.asked.recv().unwrap().head.to_ascii_lowercase().contains("authorization"));

    assert_eq!(story.marks(&with(node("ftp://pacs"))), ["url"]);
    assert_eq!(story.marks(&with(node(""))), ["url"]);
    assert_eq!(story.marks(&with(token)), ["secret"]);
    // In clear to another machine.
    assert_eq!(story.marks(&opened_by_password("http://pacs.house/dicom-web")), ["secret"]);
    let nameless = opened_by_password("https://pacs.house");
    let nameless =
        PacsSettingsRequest { node: PacsNode { user: "a:b".into(), ..nameless.node.clone() }, ..nameless };
    assert_eq!(story.marks(&nameless), ["user"]);
    let rubbish = PacsSettingsRequest { certificate: Some("rubbish".into()), ..with(node(&server.url)) };
    assert_eq!(story.marks(&rubbish), ["certificate"]);
}

#[test]
fn nonsense_refusals_and_detours_are_told_apart() {
    let story = story();
    for (status, kind, body, why) in [
        ("200 OK", "text/html", "<h1>Welcome</h1>", "unreadable"),
        ("200 OK", "application/dicom+json", "{\"00081199\":", "unreadable"),
        // It confirms nothing.
        ("200 OK", "application/dicom+json", "{}", "unreadable"),
        ("401 Unauthorized", "text/plain", "", "denied"),
        ("403 Forbidden", "text/plain", "", "denied"),
        ("404 Not Found", "text/html", "", "not_dicomweb"),
        ("302 Found", "text/plain", "", "redirected"),
        ("503 Service Unavailable", "text/plain", "", "status"),
    ] {
        assert_eq!(Server::says(status, kind, body).fails(&story), why, "{status} {body}");
    }
    let failing = Server::says("503 Service Unavailable", "text/plain", "");
    set(&story, &with(node(&failing.url)));
    assert_eq!(tests(&story).unwrap_err().details, json!({ "reason": "status", "status": 503 }));
    let portal = Server::says("200 OK", "text/html", "<h1>Welcome</h1>");
    set(&story, &with(node(&portal.url)));
    assert_eq!(reason(tests(&story)), "not_dicomweb");
    // What it says is no HTTP.
    let shouting = Server::start(|_, stream| stream.write_all(b"NO CARRIER\r\n\r\n"));
    assert_eq!(shouting.fails(&story), "unreadable");
    // It talks without end.
    let endless = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\n\r\n[")?;
        loop {
            stream.write_all(&[b' '; 4096])?;
        }
    });
    assert_eq!(endless.fails(&story), "unreadable");
    set(&story, &with(node(&format!("http://127.0.0.1:{}", free_port()))));
    assert_eq!(reason(story.sends()), "unreachable");
    set(&story, &with(node("http://192.0.2.1/dicom-web")));
    assert_eq!(reason(story.sends()), "public_address");
    assert_eq!(reason(tests(&story)), "public_address");
}

/// A server that answers before it has heard anything, and hangs up.
#[test]
fn a_refusal_in_the_middle_of_an_object_is_heard() {
    let story = story();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = says(&mut stream, "401 Unauthorized", "text/plain", "");
        }
    });
    set(&story, &with(node(&url)));
    assert!(["denied", "closed"].contains(&reason(story.sends()).as_str()));
}

#[test]
fn a_server_that_hangs_is_given_up() {
    let story = story();
    let impatient = |url: &str| with(PacsNode { patience_seconds: 1, ..node(url) });
    let limit = Duration::from_secs(12);
    let silent = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(30));
        Ok(())
    });
    set(&story, &impatient(&silent.url));
    let began = Instant::now();
    assert_eq!(reason(tests(&story)), "timeout");
    assert!(began.elapsed() < limit);
    // A byte now and then, for ever.
    let slow = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nX: ")?;
        loop {
            stream.write_all(b"x")?;
            std::thread::sleep(Duration::from_millis(300));
        }
    });
    set(&story, &impatient(&slow.url));
    let began = Instant::now();
    assert_eq!(reason(story.sends()), "timeout");
    assert!(began.elapsed() < limit);
    assert_eq!(story.trail("dicom_sent")[0]["reason"], "timeout");
}

#[test]
fn a_sending_stops_in_the_middle_when_somebody_says_so() {
    let story = story();
    let (arrived, arrives) = channel();
    let server = Server::start(move |asked, stream| {
        let file = file_in(asked);
        let object = Travelling::of(&file).unwrap();
        if object.sop_class_uid.ends_with(".88.34") {
            let _ = arrived.send(());
            std::thread::sleep(Duration::from_secs(30));
        }
        says(stream, "200 OK", "application/dicom+json", &about(&object.sop_instance_uid, STORED, None))
    });
    set(&story, &with(node(&server.url)));
    std::thread::scope(|scope| {
        let under_way = scope.spawn(|| story.sends());
        arrives.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(reason(story.sends()), "busy");
        sending::cancel(&story.world.session).unwrap();
        let view = under_way.join().unwrap().unwrap();
        assert_eq!(view.error.unwrap().details["reason"], "cancelled");
        assert_eq!((view.stored, view.objects.len()), (2, 4));
        let left = view.objects.iter().filter(|one| one.state == DicomSendState::NotSent).count();
        assert_eq!(left, 2);
    });
}
