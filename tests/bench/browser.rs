//! The window's own page in Chromium's application window: the peer of whoever wraps a page in a browser.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};

use tempfile::TempDir;

/// What the page asks a core for until it stands: the first start of a clinic, as in ours beside it.
const CORE: &str = "<script>
    const answers = {
      app_status: { stage: 'first_run', session: null, version: '', password_min_length: 15, password_min_length_with_factor: 12 },
    };
    window.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: () => {} };
    window.__TAURI_INTERNALS__ = {
      metadata: { currentWindow: { label: 'main' }, currentWebview: { windowLabel: 'main', label: 'main' } },
      transformCallback: () => 0,
      convertFileSrc: (path) => path,
      invoke: async (name) => {
        if (name === 'app_ready') requestAnimationFrame(() => fetch('/usable'));
        return answers[name] ?? null;
      },
    };</script>";

/// A browser that shows the page, until it is dropped.
pub struct Browser {
    child: Child,
    usable: Receiver<()>,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        crate::window::end(&mut self.child);
    }
}

impl Browser {
    /// Nothing where Chromium or the built page is missing.
    pub fn open() -> Option<Self> {
        let program =
            ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| at_hand(name))?;
        let pages = support::root().join("ui/dist");
        let listener = TcpListener::bind("127.0.0.1:0").ok()?;
        let address = format!("http://{}/", listener.local_addr().ok()?);
        let (told, usable) = mpsc::channel();
        fs::metadata(pages.join("index.html")).ok()?;
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if answer(stream, &pages).as_deref() == Some("/usable") && told.send(()).is_err() {
                    return;
                }
            }
        });
        let profile = tempfile::tempdir().ok()?;
        let child = Command::new(program)
            .arg(format!("--app={address}"))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            // The sandbox refuses root, as which benches may run.
            .args(["--no-first-run", "--no-sandbox", "--disable-gpu", "--window-size=1440,900"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { child, usable, _profile: profile })
    }

    pub fn is_usable(&self) -> bool {
        self.usable.recv_timeout(crate::window::PATIENCE).is_ok()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

fn at_hand(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Serves a file of the page, and gives the path that was asked for.
fn answer(mut stream: TcpStream, pages: &Path) -> Option<String> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let (kind, body) = file(&path, pages).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    Some(path)
}

fn file(path: &str, pages: &Path) -> Option<(&'static str, Vec<u8>)> {
    if path == "/" {
        let page = fs::read_to_string(pages.join("index.html")).ok()?;
        return Some(("text/html", page.replacen("<head>", &format!("<head>{CORE}"), 1).into_bytes()));
    }
    let file: PathBuf = pages.join(path.trim_start_matches('/'));
    let kind = match file.extension()?.to_str()? {
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Some((kind, fs::read(file).ok()?))
}
