//! The real window through tauri-driver and WebKitWebDriver.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use support::{Driver, open_window, root};

use crate::network;

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Window {
    pub client: Client,
    _driver: Driver,
    pub home: tempfile::TempDir,
}

/// Where the pictures of the screens are left for a person to look at.
pub fn screens() -> PathBuf {
    let folder = root().join("target/screens");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Window {
    pub async fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let program = network::traced(home.path()).unwrap_or_else(|| env!("CARGO_BIN_EXE_lentigo").into());
        let (driver, client) = open_window(&program, &home.path().join("clinic"), home.path()).await;
        Self { client, _driver: driver, home }
    }

    /// Ends the program; it must not have spoken to another machine.
    pub async fn close(self) {
        self.client.close().await.unwrap();
        if let Ok(trace) = std::fs::read_to_string(network::trace(self.home.path())) {
            assert!(trace.contains("AF_UNIX"), "the trace saw the display's socket at least");
            let outward = network::outward(&trace);
            assert!(outward.is_empty(), "network connections: {outward:#?}");
        }
    }

    pub async fn find(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                self.shot("failed").await;
                panic!("no {css}: {error}; see target/screens/failed.png");
            }
        }
    }

    /// Whether the page has it now.
    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        if element.click().await.is_err() {
            // Something may still be moving, or lie over it at the edge: one more look, scrolled to the middle.
            tokio::time::sleep(Duration::from_millis(300)).await;
            let script = format!("document.querySelector(`{css}`)?.scrollIntoView({{ block: 'center' }})");
            self.client.execute(&script, vec![]).await.unwrap();
            if let Err(error) = self.find(css).await.click().await {
                self.shot("failed").await;
                panic!("click {css}: {error}; see target/screens/failed.png");
            }
        }
    }

    pub async fn fill(&self, css: &str, text: &str) {
        if self.retype(css, text).await.is_err() {
            // The field may just have been drawn anew: one more look.
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Err(error) = self.retype(css, text).await {
                self.shot("failed").await;
                panic!("type into {css}: {error}");
            }
        }
    }

    async fn retype(&self, css: &str, text: &str) -> Result<(), CmdError> {
        let element = self.find(css).await;
        element.clear().await?;
        element.send_keys(text).await
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap();
    }

    pub async fn choose_by_index(&self, css: &str, index: usize) {
        self.find(css).await.select_by_index(index).await.unwrap();
    }

    /// Waits until the page has it no more.
    pub async fn gone(&self, css: &str) {
        for _ in 0..100 {
            if !self.has(css).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.shot("failed").await;
        panic!("{css} is still there; see target/screens/failed.png");
    }

    /// The id of what has the keyboard.
    pub async fn focused(&self) -> String {
        let id = self.client.execute("return document.activeElement?.id ?? ''", vec![]).await.unwrap();
        id.as_str().unwrap_or_default().to_owned()
    }

    pub async fn focus_on(&self, id: &str) {
        for _ in 0..50 {
            if self.focused().await == id {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.shot("failed").await;
        panic!("the keyboard never came to #{id}, it is at #{}", self.focused().await);
    }

    /// After Tab: elements without an id follow each other, so a short wait is enough.
    pub async fn focus_moved_from(&self, id: &str) {
        for _ in 0..5 {
            if self.focused().await != id {
                return;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Waits until the element's text satisfies the test.
    pub async fn text_where(&self, css: &str, good: impl Fn(&str) -> bool) -> String {
        let mut said = String::new();
        for _ in 0..100 {
            // What is drawn anew between finding and reading is read the next time.
            if let Ok(text) = self.find(css).await.text().await {
                if good(&text) {
                    return text;
                }
                said = text;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.shot("failed").await;
        panic!("{css} never said what was expected: {said}");
    }

    /// Waits until the element holds the words, cut off at the edge of a cell or not.
    pub async fn holds(&self, css: &str, words: &str) {
        let script = format!("return document.querySelector(`{css}`)?.textContent ?? ''");
        for _ in 0..100 {
            let text = self.client.execute(&script, vec![]).await.unwrap();
            if text.as_str().is_some_and(|text| text.contains(words)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.shot("failed").await;
        panic!("{css} never held {words:?}; see target/screens/failed.png");
    }

    pub async fn shot(&self, name: &str) {
        // Two frames later everything that was asked for is painted; then the display needs a moment.
        let painted =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.client.execute_async(painted, vec![]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let png = support::screen::picture_of("Lentigo");
        crate::guide::keep(name, &png);
        std::fs::write(screens().join(format!("{name}.png")), png).unwrap();
    }

    /// Both themes of what is on screen now.
    pub async fn shot_both(&self, name: &str) {
        for theme in ["light", "dark"] {
            self.theme(theme).await;
            self.shot(&format!("{name}-{theme}")).await;
        }
        self.theme("light").await;
    }

    async fn theme(&self, theme: &str) {
        let script = format!("document.documentElement.dataset.theme = '{theme}'");
        self.client.execute(&script, vec![]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }

    /// Rules of WCAG that the page breaks, by axe-core.
    pub async fn axe(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js")).unwrap();
        self.client.execute(&axe, vec![]).await.unwrap();
        let found = self
            .client
            .execute_async(
                "const done = arguments[0];
                 axe.run(document, { resultTypes: ['violations'] })
                   .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))))
                   .catch(e => done(['axe failed: ' + e]));",
                vec![],
            )
            .await
            .unwrap();
        serde_json::from_value(found).unwrap()
    }
}

/// Waits until a dialog's answer has led to the file.
pub async fn file_arrives(file: &Path) {
    for _ in 0..100 {
        if file.is_file() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the file was never written");
}

/// Types a path into the GTK save dialog that is on screen and accepts it.
pub fn answer_save_dialog(path: &Path) {
    for _ in 0..50 {
        let window = xdotool(&["search", "--onlyvisible", "--class", "lentigo"]);
        let dialogs: Vec<_> = window.lines().collect();
        if let Some(dialog) = dialogs.iter().find(|id| !xdotool(&["getwindowname", id]).trim().eq("Lentigo"))
        {
            xdotool(&["windowfocus", "--sync", dialog]);
            std::thread::sleep(Duration::from_millis(400));
            xdotool(&["key", "--clearmodifiers", "ctrl+a"]);
            xdotool(&["type", "--delay", "8", &path.display().to_string()]);
            std::thread::sleep(Duration::from_millis(300));
            xdotool(&["key", "Return"]);
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("no save dialog appeared");
}

/// The keyboard of the workstation: real key events through the display, not through the page.
pub struct Keyboard;

impl Keyboard {
    /// The window has to have the display's focus; there is no window manager that would give it.
    pub fn of_window() -> Self {
        for _ in 0..50 {
            let windows = xdotool(&["search", "--onlyvisible", "--name", "^Lentigo$"]);
            if let Some(id) = windows.lines().last() {
                xdotool(&["windowfocus", "--sync", id]);
                return Self;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the window was never shown");
    }

    pub fn press(&self, key: &str) {
        xdotool(&["key", "--clearmodifiers", key]);
    }

    /// As fast as a scanner that types.
    pub fn write(&self, text: &str) {
        xdotool(&["type", "--delay", "4", text]);
    }
}

fn xdotool(args: &[&str]) -> String {
    let out = Command::new("xdotool").args(args).output().expect("xdotool");
    String::from_utf8_lossy(&out.stdout).into_owned()
}
