//! A language model that drafts a report's text: real HTTP servers that the test starts, good and bad ones.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use clinic::views::*;
use clinic::{Error, ErrorCode, Session, language_model, report};
use domain::Role;
use domain::decision::Plan;
use domain::report_text::{TextLanguage, TextSource, TextStanding};
use serde_json::{Value, json};
use support::World;

use crate::decisions::{Case, code_of, entry, named};
use crate::people::{NURSE, joins};
use crate::report_texts::{accepted, origin, unread, writes};
use crate::reports::{saved, signing, signs, text_of};

const DRAFT: &str = "  Asymmetric lesion in the highest band.\n\nPrompt specialist assessment is advised. ";

/// A request as it arrived.
pub struct Asked {
    pub head: String,
    pub body: Vec<u8>,
}

struct Server {
    port: u16,
    asked: Receiver<Asked>,
}

impl Server {
    /// Reads each request and answers with what the test says.
    fn start(answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if let Ok(request) = read(&stream) {
                    let _ = sender.send(request);
                }
                // A client that goes away in the middle ends its conversation only.
                let _ = answer(&mut stream);
            }
        });
        Self { port, asked }
    }

    fn says(text: &'static str) -> Self {
        Self::start(move |stream| answers(stream, "application/json", &completion(text)))
    }

    fn settings(&self) -> LanguageModelSettingsRequest {
        settings(&format!("http://127.0.0.1:{}/v1", self.port))
    }

    fn nothing_came(&self) -> bool {
        self.asked.recv_timeout(Duration::from_millis(300)).is_err()
    }
}

pub fn read(stream: impl Read) -> std::io::Result<Asked> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Asked { head, body })
}

fn answers(stream: &mut TcpStream, kind: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn completion(text: &str) -> String {
    let message = json!({ "role": "assistant", "content": text });
    json!({ "id": "x", "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] }).to_string()
}

fn settings(url: &str) -> LanguageModelSettingsRequest {
    LanguageModelSettingsRequest {
        enabled: true,
        url: url.into(),
        model: "house-model-8b".into(),
        key: None,
        patience_seconds: 20,
    }
}

fn asks(session: &Session, case: &Case) -> Result<ReportProposalView, Error> {
    let request = ReportTextAskRequest { analysis_id: case.reading, language: TextLanguage::En };
    report::ask_for_text(session, &request)
}

fn reason<T>(result: Result<T, Error>) -> String {
    let error = result.err().expect("a failure");
    assert_eq!(error.code, ErrorCode::LanguageModelFailed);
    error.details["reason"].as_str().unwrap().to_owned()
}

/// What becomes of a question to a server.
fn failing(world: &World, case: &Case, request: &LanguageModelSettingsRequest) -> String {
    language_model::change(&world.session, request).unwrap();
    let why = reason(asks(&world.session, case));
    assert_eq!(world.trail(&world.session, "language_model_failed")[0]["reason"], why.as_str());
    // The templates go on.
    let template = ReportTextProposeRequest {
        analysis_id: case.reading,
        template: "short".into(),
        language: TextLanguage::En,
    };
    assert!(!report::propose_text(&world.session, &template).unwrap().text.is_empty());
    why
}

#[test]
fn nothing_is_asked_until_an_administrator_switches_it_on() {
    let world = World::founded();
    let case = named(&world);
    let server = Server::says(DRAFT);
    let off = LanguageModelSettingsRequest { enabled: false, ..server.settings() };
    let shown = language_model::change(&world.session, &off).unwrap();
    assert!(!shown.enabled && !shown.has_key);
    assert_eq!(reason(asks(&world.session, &case)), "off");
    assert_eq!(reason(language_model::test(&world.session)), "off");
    assert_eq!(report::text_options(&world.session).unwrap().language_model, None);
    assert!(server.nothing_came());
    assert!(world.trail(&world.session, "language_model_asked").is_empty());
    let clinician = joins(&world, NURSE, Role::Clinician);
    assert_eq!(code_of(language_model::change(&clinician, &server.settings())), ErrorCode::NotPermitted);
    assert_eq!(code_of(language_model::test(&clinician)), ErrorCode::NotPermitted);
}

#[test]
fn it_learns_class_band_and_measures_and_nothing_else() {
    let world = World::founded();
    let case = named(&world);
    case.decides(&world.session, None, entry("mel", Plan::Biopsy, "")).unwrap();
    let server = Server::says(DRAFT);
    let with_key = LanguageModelSettingsRequest { key: Some("quince-and-plum".into()), ..server.settings() };
    assert!(language_model::change(&world.session, &with_key).unwrap().has_key);
    asks(&world.session, &case).unwrap();
    let asked = server.asked.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(asked.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", asked.head);
    assert!(asked.head.to_ascii_lowercase().contains("authorization: bearer quince-and-plum"));

    let question: Value = serde_json::from_slice(&asked.body).unwrap();
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(keys(&question), ["max_tokens", "messages", "model", "stream", "temperature"]);
    assert_eq!((&question["temperature"], &question["stream"]), (&0.into(), &false.into()));
    let messages = question["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    let told: Value = serde_json::from_str(messages[1]["content"].as_str().unwrap()).unwrap();
    assert_eq!(keys(&told), ["band", "class", "malignant_sum", "measures"]);
    assert_eq!(
        keys(&told["measures"]),
        [
            "abrupt_border_segments_of_8",
            "area_mm2",
            "asymmetric_axes_of_2",
            "dermoscopic_colours",
            "largest_diameter_mm"
        ]
    );
    // Nobody's name, birth, number or identity, and no word that somebody typed.
    let sent = format!("{}{}", asked.head, String::from_utf8(asked.body).unwrap());
    let patient = clinic::patient::read(&world.session, &PatientReadRequest { id: case.patient }).unwrap();
    let secrets = [
        "Lindenhoff".to_owned(),
        support::details().given_names,
        support::details().date_of_birth.to_string(),
        patient.patient.patient.number,
        case.patient.to_string(),
        case.lesion.to_string(),
        case.image.to_string(),
        case.reading.to_string(),
        "Okonkwo".to_owned(),
        "Seeblick".to_owned(),
        "Discussed with the patient".to_owned(),
    ];
    for secret in secrets {
        assert!(!sent.contains(&secret), "{secret}");
    }
    let settings = world.trail(&world.session, "setting_changed");
    assert!(!format!("{settings:?}").contains("quince"), "the key is not in the trail");
}

#[test]
fn its_words_are_kept_as_they_came_and_marked_until_accepted() {
    let world = World::founded();
    let case = named(&world);
    let session = &world.session;
    let server = Server::says(DRAFT);
    language_model::change(session, &server.settings()).unwrap();
    language_model::test(session).unwrap();
    assert_eq!(world.trail(session, "language_model_tested")[0]["reason"], Value::Null);
    assert_eq!(report::text_options(session).unwrap().language_model.unwrap(), "house-model-8b");

    let proposal = asks(session, &case).unwrap();
    assert_eq!(proposal.text, DRAFT);
    let told = world.trail(session, "report_text_proposed");
    assert_eq!((&told[0]["text"], &told[0]["source"]["kind"]), (&DRAFT.into(), &"language_model".into()));
    assert_eq!(world.trail(session, "language_model_asked")[0]["host"], "127.0.0.1");

    let draft = writes(session, &case, &proposal.text, unread(&proposal)).unwrap();
    assert_eq!(origin(session, &draft).unwrap().standing, TextStanding::Unread);
    assert_eq!(code_of(report::sign(session, &signing(&draft))), ErrorCode::ReportTextUnread);
    let squeezed = |pdf: &[u8]| text_of(pdf).split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = squeezed(&saved(session, &draft).unwrap());
    assert!(printed.contains("Drafted by the language model house-model-8b"), "{printed}");
    assert!(printed.contains("no clinician has accepted it yet"), "{printed}");

    let request = ReportUpdateRequest {
        id: draft.id,
        version: draft.version,
        conclusion: proposal.text.clone(),
        proposal: accepted(&proposal),
    };
    let signed = signs(session, &report::update(session, &request).unwrap());
    let kept = signed.text_origin.unwrap();
    assert!(matches!(kept.source, TextSource::LanguageModel { ref model, .. } if model == "house-model-8b"));
    assert!(squeezed(&saved(session, &signed.report).unwrap()).contains("the clinician accepted it"));

    let refused = asks(session, &case).unwrap();
    report::refuse_text(session, &ReportProposalRequest { id: refused.id }).unwrap();
    assert_eq!(code_of(writes(session, &case, DRAFT, accepted(&refused))), ErrorCode::NotFound);
}

#[test]
fn an_answer_that_is_none_is_refused_by_name() {
    let world = World::founded();
    let case = named(&world);
    let kind = "application/json; charset=utf-8";
    let nonsense = Server::start(move |stream| answers(stream, kind, "{\"lorem\": \"ipsum\"}"));
    assert_eq!(failing(&world, &case, &nonsense.settings()), "unreadable");
    let no_http = Server::start(|stream| stream.write_all(b"220 post.seeblick.example ESMTP\r\n"));
    assert_eq!(failing(&world, &case, &no_http.settings()), "unreadable");
    let empty = Server::says("   ");
    assert_eq!(failing(&world, &case, &empty.settings()), "empty");
    let html = Server::start(|stream| answers(stream, "text/html", "<h1>Welcome</h1>"));
    assert_eq!(failing(&world, &case, &html.settings()), "content_type");
    let broken = Server::start(|stream| {
        stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
    });
    assert_eq!(failing(&world, &case, &broken.settings()), "refused");
    assert_eq!(asks(&world.session, &case).unwrap_err().details["status"], 500);
    let endless = Server::start(|stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n";
        stream.write_all(head.as_bytes())?;
        let part = vec![b' '; 64 * 1024];
        (0..160).try_for_each(|_| stream.write_all(&part))
    });
    assert_eq!(failing(&world, &case, &endless.settings()), "too_large");
    let wordy =
        Server::start(|stream| answers(stream, "application/json", &completion(&"word ".repeat(1_000))));
    assert_eq!(failing(&world, &case, &wordy.settings()), "too_long");
    let closing = Server::start(|_| Ok(()));
    assert_eq!(failing(&world, &case, &closing.settings()), "closed");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(failing(&world, &case, &settings(&format!("http://{nobody}"))), "unreachable");
    assert_eq!(failing(&world, &case, &settings(&format!("https://127.0.0.1:{}", closing.port))), "tls");
    assert_eq!(world.trail(&world.session, "report_text_proposed").len(), 10, "those of the templates alone");
}

#[test]
fn a_server_that_hangs_or_babbles_is_given_up() {
    let world = World::founded();
    let case = named(&world);
    let patient = |server: &Server| LanguageModelSettingsRequest { patience_seconds: 1, ..server.settings() };
    let silent = Server::start(|_| {
        std::thread::sleep(Duration::from_secs(30));
        Ok(())
    });
    let began = Instant::now();
    assert_eq!(failing(&world, &case, &patient(&silent)), "timeout");
    // A byte now and then, for ever.
    let babbling = Server::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")?;
        loop {
            stream.write_all(b" ")?;
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    assert_eq!(failing(&world, &case, &patient(&babbling)), "timeout");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_question_can_be_stopped_and_there_is_one_at_a_time() {
    let world = World::founded();
    let case = named(&world);
    let silent = Server::start(|_| {
        std::thread::sleep(Duration::from_secs(30));
        Ok(())
    });
    language_model::change(&world.session, &silent.settings()).unwrap();
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| asks(&world.session, &case));
        silent.asked.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(reason(asks(&world.session, &case)), "busy");
        let began = Instant::now();
        report::cancel_asking(&world.session).unwrap();
        assert_eq!(reason(asking.join().unwrap()), "cancelled");
        assert!(began.elapsed() < Duration::from_secs(5));
    });
}

#[test]
fn only_the_house_is_spoken_to() {
    let world = World::founded();
    let case = named(&world);
    // A redirect is not followed.
    let elsewhere = Server::says(DRAFT);
    let place = format!("http://127.0.0.1:{}/v1/chat/completions", elsewhere.port);
    let redirecting = Server::start(move |stream| {
        write!(stream, "HTTP/1.1 307 Temporary Redirect\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n")
    });
    assert_eq!(failing(&world, &case, &redirecting.settings()), "redirected");
    assert!(elsewhere.nothing_came());
    // What counts is the address behind the name: these names are resolved without asking anybody (inet_aton(3)).
    for public in ["http://203.0.113.7/v1", "http://0xCB007107/v1", "http://[2001:db8::1]/v1"] {
        let began = Instant::now();
        assert_eq!(failing(&world, &case, &settings(public)), "public_address", "{public}");
        assert!(began.elapsed() < Duration::from_secs(10), "it was not even tried");
    }
    let loopback = settings(&format!("http://0x7F000001:{}/v1", elsewhere.port));
    language_model::change(&world.session, &loopback).unwrap();
    assert_eq!(asks(&world.session, &case).unwrap().text, DRAFT);
}

#[test]
fn settings_are_checked_field_by_field() {
    let world = World::founded();
    let refused = |request: &LanguageModelSettingsRequest| {
        let error = language_model::change(&world.session, request).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput);
        let problems = error.details["problems"].as_array().unwrap().clone();
        problems.iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let good = settings("http://127.0.0.1:11434/v1");
    let empty = LanguageModelSettingsRequest {
        url: " ".into(),
        model: String::new(),
        patience_seconds: 61,
        ..settings("")
    };
    assert_eq!(refused(&empty), ["url", "model", "patience_seconds"]);
    for url in ["localhost:11434", "ftp://localhost/v1", "http://ada:word@localhost/v1"] {
        assert_eq!(refused(&settings(url)), ["url"], "{url}");
    }
    let clear = LanguageModelSettingsRequest {
        url: "http://llm.house/v1".into(),
        key: Some("quince".into()),
        ..settings("")
    };
    assert_eq!(refused(&clear), ["key"], "no key in clear to another machine");
    let kept = LanguageModelSettingsRequest { key: Some("quince".into()), ..settings(&good.url) };
    assert!(language_model::change(&world.session, &kept).unwrap().has_key);
    assert!(language_model::change(&world.session, &good).unwrap().has_key, "it stays");
    let taken = LanguageModelSettingsRequest { key: Some("".into()), ..settings(&good.url) };
    assert!(!language_model::change(&world.session, &taken).unwrap().has_key);
}
