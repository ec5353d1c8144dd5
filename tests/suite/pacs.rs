//! Sending to a PACS by associations: a real Orthanc that the test starts, and small servers that hang, refuse or close.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use clinic::exchange::{pacs, sending};
use clinic::views::*;
use clinic::{Error, ErrorCode};
use dicom_ul::association::{ServerAssociation, ServerAssociationOptions};
use domain::Role;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dicom_export::{Story, story};
use crate::people::{NURSE, joins};

const TITLE: &str = "SEEBLICK";

fn node(port: u16) -> PacsNode {
    PacsNode {
        enabled: true,
        host: "127.0.0.1".into(),
        port,
        called_title: TITLE.into(),
        patience_seconds: 60,
        ..PacsNode::default()
    }
}

pub fn with(node: PacsNode) -> PacsSettingsRequest {
    PacsSettingsRequest { node, secret: None, certificate: None }
}

impl Story {
    fn connects(&self, node: PacsNode) {
        pacs::change(&self.world.session, &with(node)).unwrap();
    }

    pub fn sends(&self) -> Result<DicomSendView, Error> {
        let request = PatientDicomSendRequest { selection: self.selection(None) };
        sending::send(&self.world.session, &request, |_| {})
    }

    /// The fields of a form that is refused, in order.
    pub fn marks(&self, request: &PacsSettingsRequest) -> Vec<String> {
        let refused = pacs::change(&self.world.session, request).unwrap_err();
        let problems = refused.details["problems"].as_array().unwrap();
        let mut fields: Vec<String> =
            problems.iter().map(|problem| problem["field"].as_str().unwrap().to_owned()).collect();
        fields.sort_unstable();
        fields
    }

    pub fn trail(&self, action: &str) -> Vec<Value> {
        self.world.trail(&self.world.session, action)
    }
}

pub fn reason<T>(result: Result<T, Error>) -> String {
    let error = result.err().expect("a failure");
    assert_eq!(error.code, ErrorCode::PacsFailed);
    error.details["reason"].as_str().unwrap().to_owned()
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running Orthanc in a folder of its own.
pub struct Orthanc {
    child: Child,
    pub http: u16,
    pub dicom: u16,
    _folder: TempDir,
}

impl Orthanc {
    /// Nothing where it is not installed. `more` goes into its configuration.
    pub fn start(more: &[(&str, Value)]) -> Option<Self> {
        let program =
            ["/usr/sbin/Orthanc", "/usr/bin/Orthanc"].into_iter().find(|path| fs::exists(path).unwrap());
        let Some(program) = program else {
            eprintln!("Orthanc is not installed: nothing was sent to a real PACS");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let (http, dicom) = (free_port(), free_port());
        let mut settings = json!({
            "Name": "Lentigo test",
            "StorageDirectory": folder.path().join("storage"),
            "IndexDirectory": folder.path().join("index"),
            "HttpPort": http,
            "DicomPort": dicom,
            "DicomAet": TITLE,
            "DicomCheckCalledAet": true,
            "DicomAlwaysAllowEcho": true,
            "DicomAlwaysAllowStore": true,
            "RemoteAccessAllowed": false,
            "AuthenticationEnabled": false,
            "UnknownSopClassAccepted": true,
            "Plugins": [],
        });
        for (key, value) in more {
            settings[*key] = value.clone();
        }
        let path = folder.path().join("orthanc.json");
        fs::write(&path, settings.to_string()).unwrap();
        let child =
            Command::new(program).arg(&path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let orthanc = Self { child, http, dicom, _folder: folder };
        let ready = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        let began = Instant::now();
        while !(ready(http) && ready(dicom)) {
            assert!(began.elapsed() < Duration::from_secs(60), "Orthanc does not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(orthanc)
    }

    /// What its REST interface answers.
    fn ask(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.http)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{path}: {head}");
        serde_json::from_str(body).unwrap()
    }

    /// The tags of every object it holds.
    pub fn holds(&self) -> Vec<Value> {
        let ids = self.ask("/instances");
        let of = |id: &Value| self.ask(&format!("/instances/{}/simplified-tags", id.as_str().unwrap()));
        ids.as_array().unwrap().iter().map(of).collect()
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn all_stored(view: &DicomSendView) -> bool {
    view.error.is_none() && view.objects.iter().all(|one| one.state == DicomSendState::Stored)
}

#[test]
fn a_real_pacs_takes_every_object_once() {
    let Some(orthanc) = Orthanc::start(&[]) else { return };
    let story = story();
    story.connects(node(orthanc.dicom));
    pacs::test(&story.world.session).unwrap();
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
    assert_eq!((&told[0][0]["photographs"], &told[0][0]["title"]), (&2.into(), &TITLE.into()));
    assert_eq!((&told[1][0]["stored"], &told[1][0]["reason"]), (&4.into(), &Value::Null));
    // The same again adds nothing: the objects have their identities.
    assert!(all_stored(&story.sends().unwrap()));
    assert_eq!(orthanc.holds().len(), 4);
}

#[test]
fn a_pacs_without_jpeg_gets_the_pixels_plain() {
    let Some(orthanc) = Orthanc::start(&[("JpegTransferSyntaxAccepted", json!(false))]) else { return };
    let story = story();
    story.connects(node(orthanc.dicom));
    let view = story.sends().unwrap();
    assert!(all_stored(&view), "{view:?}");
    let dermoscopic = orthanc.holds().into_iter().find(|tags| tags["Modality"] == "DMS").unwrap();
    assert_eq!(dermoscopic["PhotometricInterpretation"], "RGB");
    assert_eq!(dermoscopic["LossyImageCompression"], "01");
}

#[test]
fn a_title_that_is_not_known_is_named() {
    let Some(orthanc) = Orthanc::start(&[]) else { return };
    let story = story();
    story.connects(PacsNode { called_title: "ELSEWHERE".into(), ..node(orthanc.dicom) });
    assert_eq!(reason(pacs::test(&story.world.session)), "called_title");
    assert_eq!(reason(story.sends()), "called_title");
    assert!(orthanc.holds().is_empty());
}

/// A server that does with its one connection what the test says.
fn served(work: impl FnOnce(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || work(listener.accept().unwrap().0));
    port
}

/// Agrees to whatever is proposed.
fn accepted(stream: TcpStream) -> ServerAssociation<TcpStream> {
    ServerAssociationOptions::new().accept_any().promiscuous(true).ae_title(TITLE).establish(stream).unwrap()
}

#[test]
fn nothing_is_connected_to_until_an_administrator_says_so() {
    let story = story();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    story.connects(PacsNode { enabled: false, ..node(port) });
    assert_eq!(reason(story.sends()), "off");
    assert_eq!(reason(pacs::test(&story.world.session)), "off");
    assert!(listener.accept().is_err(), "nobody called");
    assert!(story.trail("dicom_send_started").is_empty());
    assert!(!pacs::status(&story.world.session).unwrap().enabled);

    let desk = joins(&story.world, NURSE, Role::Clinician);
    let refused = pacs::change(&desk, &with(node(port))).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotPermitted);
    let wrong = PacsNode {
        host: " ".into(),
        port: 0,
        called_title: "WITH\\BACKSLASH".into(),
        calling_title: "SEVENTEEN-LETTERS".into(),
        patience_seconds: 121,
        ..node(port)
    };
    assert_eq!(
        story.marks(&with(wrong)),
        ["called_title", "calling_title", "host", "patience_seconds", "port"]
    );
}

#[test]
fn a_pacs_that_hangs_is_given_up() {
    let story = story();
    let patient = PacsNode { patience_seconds: 1, ..node(0) };
    let limit = Duration::from_secs(8);
    // It takes the connection and says nothing.
    let port = served(|stream| {
        std::thread::sleep(Duration::from_secs(30));
        drop(stream);
    });
    story.connects(PacsNode { port, ..patient.clone() });
    let began = Instant::now();
    assert_eq!(reason(pacs::test(&story.world.session)), "timeout");
    assert!(began.elapsed() < limit);
    // It says a byte now and then, for ever.
    let port = served(|mut stream| {
        while stream.write_all(&[2]).is_ok() {
            std::thread::sleep(Duration::from_millis(600));
        }
    });
    story.connects(PacsNode { port, ..patient.clone() });
    let began = Instant::now();
    assert_eq!(reason(story.sends()), "timeout");
    assert!(began.elapsed() < limit);
    // It agrees to everything and never answers.
    let port = served(|stream| {
        let mut line = accepted(stream);
        while line.receive().is_ok() {}
    });
    story.connects(PacsNode { port, ..patient });
    let began = Instant::now();
    let view = story.sends().unwrap();
    assert!(began.elapsed() < limit + Duration::from_secs(10));
    assert_eq!(view.error.unwrap().details["reason"], "timeout");
    assert!(view.stored == 0 && view.objects.iter().all(|one| one.state == DicomSendState::NotSent));
    assert_eq!(story.trail("dicom_sent")[0]["reason"], "timeout");
}

#[test]
fn a_pacs_that_refuses_closes_or_is_not_there_is_told_apart() {
    let story = story();
    story.connects(node(free_port()));
    assert_eq!(reason(story.sends()), "unreachable");
    let port = served(|stream| {
        let options = ServerAssociationOptions::new().accept_called_ae_title().ae_title("ANOTHER");
        let _ = options.with_abstract_syntax("1.2.840.10008.1.1").establish(stream);
    });
    story.connects(node(port));
    assert_eq!(reason(story.sends()), "called_title");
    // It goes away before it has said anything.
    let port = served(drop);
    story.connects(node(port));
    assert_eq!(reason(story.sends()), "closed");
    // It goes away in the middle of the first object.
    let port = served(|stream| {
        let mut line = accepted(stream);
        let _ = line.receive();
    });
    story.connects(node(port));
    let view = story.sends().unwrap();
    assert_eq!(view.error.unwrap().details["reason"], "closed");
    assert_eq!((view.stored, view.objects.len()), (0, 4));
    // It breaks off.
    let port = served(|stream| {
        let mut line = accepted(stream);
        let _ = line.receive();
        let _ = line.abort();
    });
    story.connects(node(port));
    assert_eq!(story.sends().unwrap().error.unwrap().details["reason"], "closed");
    // What it says is no DICOM.
    let port = served(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read(&mut [0; 64]);
    });
    story.connects(node(port));
    assert_eq!(reason(story.sends()), "closed");
}

#[test]
fn a_sending_stops_when_somebody_says_so_and_there_is_one_at_a_time() {
    let story = story();
    let (arrived, arrives) = channel();
    let port = served(move |stream| {
        let mut line = accepted(stream);
        while line.receive().is_ok() {
            let _ = arrived.send(());
        }
    });
    story.connects(node(port));
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| story.sends());
        arrives.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(reason(story.sends()), "busy");
        sending::cancel(&story.world.session).unwrap();
        let view = sending.join().unwrap().unwrap();
        assert_eq!(view.error.unwrap().details["reason"], "cancelled");
    });
    assert_eq!(reason(story.sends()), "unreachable", "the place is free again");
}
