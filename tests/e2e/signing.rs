//! A draft is looked at, signed and handed out in the window, and checked from the command line.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::driver::{Window, answer_save_dialog, file_arrives};
use crate::{Authenticator, PASSWORD, no_axe_violation, pdf_text};

/// Begins and ends on the page of the lesion.
pub async fn signs_the_report(window: &Window, authenticator: &mut Authenticator, folder: &Path) {
    window.click("[data-testid=open-report]").await;
    // Only pages that were drawn are counted.
    window.find("[data-testid=report-preview][data-pages]").await;
    window.shot_both("19-report-draft").await;
    no_axe_violation(window, "report").await;
    window.click("[data-testid=sign-report]").await;
    window.click("input[name=meaning][value=author]").await;
    window.fill("#password", PASSWORD).await;
    window.fill("#code", &authenticator.code().await).await;
    window.shot_both("20-sign").await;
    no_axe_violation(window, "signing").await;
    window.click("[data-testid=sign-confirm]").await;
    window.text_where("[data-testid=report-state]", |state| state.contains("Signed")).await;
    // The draft stays in sight until the signed pages are there.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    window.find("[data-testid=report-preview][data-pages]").await;
    window.shot_both("21-report-signed").await;
    no_axe_violation(window, "signed report").await;

    let signed = folder.join("signed.pdf");
    window.click("[data-testid=export-report]").await;
    answer_save_dialog(&signed);
    file_arrives(&signed).await;
    let text = pdf_text(&signed);
    assert!(text.contains("SIGNED, EDITION 1") && !text.contains("DRAFT"), "{text}");
    assert!(verified(window, &signed).starts_with("Genuine"));
    let mut bytes = std::fs::read(&signed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let altered = folder.join("altered.pdf");
    std::fs::write(&altered, bytes).unwrap();
    assert!(verified(window, &altered).starts_with("ALTERED"));
    window.click("[data-testid=report-lesion]").await;
    window.find("[data-testid=write-report]").await;
}

/// What the program says of a file without a window.
fn verified(window: &Window, file: &Path) -> String {
    let said = Command::new(env!("CARGO_BIN_EXE_lentigo"))
        .arg("verify")
        .arg(file)
        .env("LENTIGO_HOME", window.home.path().join("clinic"))
        .output()
        .unwrap();
    String::from_utf8_lossy(&said.stdout).into_owned()
}
