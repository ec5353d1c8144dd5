//! The world the tests live in: temporary encrypted clinics and photographs of painted lesions.

pub mod dicom_file;
pub mod doing;
pub mod figure;
pub mod onnx;
#[cfg(target_os = "linux")]
pub mod screen;
mod shared;
mod sharp_outline;
pub mod tampering;
pub mod untrusted;
mod window;
mod world;

pub use shared::{SharedLesions, root};
pub use sharp_outline::install_sharp_outline;
pub use window::{Driver, open_window};
pub use world::{EMAIL, PASSWORD, World, challenged, details, signed_in};

/// The code an authenticator shows for a key typed by hand.
#[must_use]
pub fn authenticator(manual_key: &str, at: jiff::Timestamp) -> String {
    let key = manual_key.replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(key).expect("base 32");
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("a compliant secret");
    totp.generate(u64::try_from(at.as_second()).expect("after 1970")).to_string()
}

use vision::phantom::{Artefacts, Phantom, PhantomSpec, samples};

/// A photograph as a dermatoscope would give it: the built-in melanoma-like phantom.
#[must_use]
pub fn melanoma_like_jpeg() -> Vec<u8> {
    sample("melanoma")
}

#[must_use]
pub fn naevus_jpeg() -> Vec<u8> {
    sample("naevus")
}

/// A naevus with hair and pen marks, which the shipped model names with some doubt.
#[must_use]
pub fn marked_naevus_jpeg() -> Vec<u8> {
    sample("marked_naevus")
}

fn sample(name: &str) -> Vec<u8> {
    let sample = samples().into_iter().find(|s| s.name == name).expect("a built-in sample");
    sample.render().to_jpeg(92)
}

/// A painted lesion of any size, for limits.
#[must_use]
pub fn painted(width: u32, height: u32) -> Phantom {
    Phantom::render(&PhantomSpec { width, height, artefacts: Artefacts::default(), ..PhantomSpec::default() })
}
