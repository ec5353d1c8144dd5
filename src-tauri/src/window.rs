//! The window and what it may do.

use std::sync::Arc;
use std::time::Duration;

use clinic::Workstation;
use clinic::events::Event;
use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{Emitter, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

use crate::wire::Desk;
use crate::{commands, pictures};

/// How often the desk looks whether it was left alone.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// How often the desk looks whether a backup is due.
const BACKUP_LOOK: Duration = Duration::from_secs(30);

/// A page that never says it is ready is shown all the same, so that its trouble can be seen.
const LATEST_SHOW: Duration = Duration::from_secs(4);
/// How long the program waits for the reading under way when it ends.
const LAST_READING: Duration = Duration::from_secs(10);

/// Everything but the window itself; generic so that the border can be driven without a display.
pub fn configure<R: Runtime>(builder: tauri::Builder<R>, desk: Arc<Desk>) -> tauri::Builder<R> {
    builder
        .plugin(tauri_plugin_dialog::init())
        .manage(desk)
        .invoke_handler(commands::handler())
        .register_asynchronous_uri_scheme_protocol("vault", pictures::serve)
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When the webview cannot be started.
pub fn run(workstation: Arc<Workstation>) -> tauri::Result<()> {
    let desk = Arc::new(Desk::new(workstation));
    let at_end = Arc::clone(&desk);
    configure(tauri::Builder::default(), Arc::clone(&desk))
        .setup(move |app| {
            forward_events(app.handle(), &desk);
            watch_idle(&desk);
            keep_backups(&desk);
            open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(move |_, event| {
            if matches!(event, tauri::RunEvent::Exit) {
                let _ = at_end.sign_out();
                // The reading under way ends first.
                let _ = at_end.workstation.jobs().settle(LAST_READING);
                let _ = at_end.workstation.keyring().settle();
            }
        });
    Ok(())
}

/// The page keeps nothing (no storage, no cache on disk) and can go nowhere.
fn open<R: Runtime>(app: &tauri::App<R>) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Lentigo")
        .inner_size(1440.0, 900.0)
        .min_inner_size(1024.0, 700.0)
        .visible(false)
        .incognito(!under_automation())
        // Photographs are dropped on the page itself, as bytes.
        .disable_drag_drop_handler()
        .on_permission_request(|_, kind| permitted(&kind))
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    suit_webview(&window)?;
    let app = app.handle().clone();
    std::thread::spawn(move || {
        std::thread::sleep(LATEST_SHOW);
        if let Some(window) = app.get_webview_window("main") {
            show(&window);
        }
    });
    Ok(())
}

/// WebKitGTK has cameras only where it is told so, and draws as for a graphics card also where the processor has to
/// stand in for one, which then does little else: without a card the page is painted once, straight to the window.
#[cfg(target_os = "linux")]
fn suit_webview<R: Runtime>(window: &tauri::WebviewWindow<R>) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    window.with_webview(|view| {
        let Some(settings) = WebViewExt::settings(&view.inner()) else { return };
        settings.set_enable_media_stream(true);
        if !has_graphics_card() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Whether the kernel offers a card to draw with.
#[cfg(target_os = "linux")]
fn has_graphics_card() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|cards| {
        cards.flatten().any(|card| card.file_name().as_encoded_bytes().starts_with(b"renderD"))
    })
}

#[cfg(not(target_os = "linux"))]
fn suit_webview<R: Runtime>(_: &tauri::WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

/// The page may see through a camera, for stills of lesions, and nothing else: it never hears, tells no place,
/// sends no notice and shares no screen. The page is the program's own and goes nowhere.
fn permitted(kind: &PermissionKind) -> PermissionResponse {
    match kind {
        PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    }
}

/// WebKitGTK cannot be driven in its private mode; tauri-driver says so by this variable.
fn under_automation() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Shows the window, once.
pub fn show<R: Runtime>(window: &tauri::WebviewWindow<R>) {
    if !window.is_visible().unwrap_or(false) && window.show().is_ok() {
        tracing::info!("window usable");
    }
}

fn forward_events<R: Runtime>(app: &tauri::AppHandle<R>, desk: &Desk) {
    let app = app.clone();
    desk.workstation.events().listen(move |event| {
        let sent = match event {
            Event::RecordChanged { what, id } => {
                app.emit("record_changed", serde_json::json!({ "what": what, "id": id }))
            }
            Event::SessionLocked => app.emit("session_locked", serde_json::json!({})),
        };
        if sent.is_err() {
            tracing::warn!("an event did not reach the window");
        }
    });
}

fn watch_idle(desk: &Arc<Desk>) {
    let desk = Arc::downgrade(desk);
    std::thread::spawn(move || {
        while let Some(desk) = desk.upgrade() {
            let _ = desk.session();
            let _ = desk.visit();
            desk.forget_challenge();
            drop(desk);
            std::thread::sleep(IDLE_LOOK);
        }
    });
}

fn keep_backups(desk: &Arc<Desk>) {
    let desk = Arc::downgrade(desk);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(BACKUP_LOOK);
            let Some(desk) = desk.upgrade() else { return };
            desk.back_up_if_due();
        }
    });
}
