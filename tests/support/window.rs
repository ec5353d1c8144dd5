//! The real window through tauri-driver and WebKitWebDriver.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};

use crate::root;

/// Ends with the window it opened.
pub struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // SIGTERM: a killed tauri-driver leaves the program behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Starts a program on a clinic, with the shipped models and a home of its own, and waits for its page.
pub async fn open_window(program: &Path, clinic: &Path, home: &Path) -> (Driver, Client) {
    let (port, native) = (free_port(), free_port());
    let driver = Command::new("tauri-driver")
        .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
        .env("LENTIGO_HOME", clinic)
        .env("HOME", home)
        .env("LENTIGO_MODELS", root().join("models"))
        .stdout(Stdio::null())
        .spawn()
        .expect("tauri-driver");
    let driver = Driver(driver);
    let client = connect(&format!("http://127.0.0.1:{port}"), program).await;
    (driver, client)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|at| at.local_addr()).expect("a port").port()
}

async fn connect(url: &str, program: &Path) -> Client {
    let options = json!({ "tauri:options": { "application": program } });
    let Value::Object(capabilities) = options else { unreachable!() };
    let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
    builder.capabilities(capabilities);
    for _ in 0..100 {
        if let Ok(client) = builder.connect(url).await {
            // The session opens on about:blank; the program's own page follows.
            while client.current_url().await.map_or(true, |u| u.scheme() != "tauri") {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            return client;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("no session at {url}");
}
