//! The least a Tauri window can be: the peer of the window bench, built in the same workspace with the
//! same profile.

use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tracing_subscriber::fmt().with_env_filter("info").with_writer(std::io::stderr).init();
    tauri::Builder::default()
        .register_uri_scheme_protocol("bare", |_, _| {
            let page = b"<!doctype html><title>bare</title><p>bare".to_vec();
            let typed = tauri::http::Response::builder().header("content-type", "text/html");
            typed.body(page).expect("a plain answer")
        })
        .setup(|app| {
            let url = "bare://localhost/".parse().map_err(|_| tauri::Error::WindowNotFound)?;
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(url))
                .title("bare")
                .inner_size(1440.0, 900.0)
                .incognito(true)
                .on_page_load(|_, payload| {
                    if payload.event() == PageLoadEvent::Finished {
                        tracing::info!("window usable");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
