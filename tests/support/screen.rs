//! What a window shows, as the display has it: WebDriver takes no pictures of a page that is painted without a
//! compositor, which is how the window is painted where there is no graphics card.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt, ImageFormat, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// The largest window on the display whose title this is, as PNG.
///
/// # Panics
/// Without a display of X11, and where no such window is on it.
#[must_use]
pub fn picture_of(title: &str) -> Vec<u8> {
    let (display, screen) = x11rb::connect(None).expect("a display");
    let root = display.setup().roots[screen].root;
    let mut found = vec![];
    windows_below(&display, root, title, &mut found);
    let (window, width, height) = found
        .into_iter()
        .max_by_key(|&(_, width, height)| u32::from(width) * u32::from(height))
        .expect("a window");
    let image = display.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, !0);
    let image = image.expect("a question").reply().expect("a picture");
    // 24 bits deep, in four bytes: blue, green, red, nothing.
    let rgb: Vec<u8> = image.data.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
    vision::encode::encode_png(&rgb, width.into(), height.into()).expect("a picture of four bytes a pixel")
}

fn windows_below(display: &RustConnection, above: Window, title: &str, found: &mut Vec<(Window, u16, u16)>) {
    let Some(tree) = display.query_tree(above).ok().and_then(|asked| asked.reply().ok()) else { return };
    for window in tree.children {
        found.extend(shown(display, window, title).map(|(width, height)| (window, width, height)));
        windows_below(display, window, title, found);
    }
}

/// The sides of a window that is on the display under this title.
fn shown(display: &RustConnection, window: Window, title: &str) -> Option<(u16, u16)> {
    let name =
        display.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok()?.reply().ok()?;
    let state = display.get_window_attributes(window).ok()?.reply().ok()?.map_state;
    let sides = display.get_geometry(window).ok()?.reply().ok()?;
    (name.value == title.as_bytes() && state == MapState::VIEWABLE).then_some((sides.width, sides.height))
}
