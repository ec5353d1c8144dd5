//! `lentigo selftest`: whether the records, the model and the machine are as they should be.

use clinic::views::{Light, SelfTestView};
use clinic::{Result, self_test};
use serde_json::json;

use super::{entering, output};

/// The gravest light. Without a name, what needs somebody's keys is left out.
///
/// # Errors
/// Those of signing in, `not_permitted` for others than administrators.
pub fn run(user: Option<&str>, as_json: bool) -> Result<Light> {
    let workstation = entering::workstation();
    let view = match user {
        Some(email) => entering::signed_in(&workstation, email, self_test::run)?,
        None => self_test::run_without_keys(&workstation),
    };
    if as_json {
        output::line(&json!(view));
    } else {
        output::text(&in_words(&view));
    }
    Ok(view.light)
}

fn in_words(view: &SelfTestView) -> String {
    let mut lines = Vec::new();
    for check in &view.checks {
        let (title, light) = (check.check.title(), check.light.sign_and_word());
        lines.push(format!("{light:<8} {title}: {}", check.sentence()));
        lines.extend(check.advice().map(|advice| format!("         -> {advice}")));
    }
    if !view.left_out.is_empty() {
        let names: Vec<_> = view.left_out.iter().map(|check| check.title()).collect();
        lines.push(format!("Left out, since they need a password (--user NAME): {}.", names.join(", ")));
    }
    lines.join("\n")
}
