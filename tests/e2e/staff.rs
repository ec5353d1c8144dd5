//! Those who work at the clinic: invited, let in, kept from results, seen in the audit trail.

use std::time::Duration;

use crate::driver::Window;
use crate::{PASSWORD, asked_for, found_clinic, no_axe_violation, register_patient};

const DESK: &str = "bea@seeblick.example";
const DESK_PASSWORD: &str = "granite otters hum at dusk";

pub async fn look(window: &Window, css: &str, name: &str) {
    window.find(css).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    window.shot_both(name).await;
    no_axe_violation(window, name).await;
}

pub async fn sign_in(window: &Window, email: &str, password: &str) {
    window.fill("#sign-in-email", email).await;
    window.fill("#sign-in-password", password).await;
    window.click("[data-testid=sign-in]").await;
    window.find("[data-testid=lock]").await;
}

/// Gives the code that the slip would carry.
pub async fn invite(window: &Window) -> String {
    window.click("[data-testid=nav-administration]").await;
    look(window, "[data-testid=users-table]", "20-users").await;
    window.click("[data-testid=user-invite]").await;
    window.fill("#full-name", "Bea Lindqvist").await;
    window.fill("#email", DESK).await;
    window.choose("#invite-role", "front_desk").await;
    look(window, "#invite-role", "21-invite").await;
    window.click("[data-testid=invite-submit]").await;
    let code = window.text("[data-testid=activation-code]").await;
    look(window, "[data-testid=activation-code]", "22-activation-code").await;
    window.click("[data-testid=activation-done]").await;
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

async fn other_tabs(window: &Window) {
    for (tab, shown, name) in [
        ("directory", "[data-testid=clinician-add]", "23-directory"),
        ("emergency", "[data-testid=tab-emergency][aria-current=page]", "24-emergency-looks"),
        ("security", "#idle-lock-minutes", "25-security"),
        ("mail", "[data-testid=mail-state]", "26-mail"),
    ] {
        window.click(&format!("[data-testid=tab-{tab}]")).await;
        look(window, shown, name).await;
    }
}

pub async fn activate(window: &Window, code: &str) {
    window.click("[data-testid=link-activate]").await;
    window.fill("#email", DESK).await;
    for (index, group) in code.as_bytes().chunks(5).enumerate() {
        window.fill(&format!("#code-{}", index + 1), std::str::from_utf8(group).unwrap()).await;
    }
    window.fill("#password", DESK_PASSWORD).await;
    window.fill("#password-repeat", DESK_PASSWORD).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    look(window, "#password-repeat", "27-activate").await;
    window.click("[data-testid=activate-submit]").await;
    window.find("[data-testid=lock]").await;
}

async fn emergency(window: &Window) {
    window.click("[data-testid=emergency-open]").await;
    window.fill("#reason", "Patient collapsed, last result needed now.").await;
    look(window, "#reason", "28-emergency").await;
    window.click("[data-testid=emergency-submit]").await;
    look(window, "[data-testid=emergency-banner]", "29-emergency-open").await;
}

async fn audit_trail(window: &Window) {
    window.click("[data-testid=nav-audit]").await;
    window.find("[data-testid=audit-table]").await;
    window.click("[data-testid=audit-verify]").await;
    window.text_where("[data-testid=audit-verdict]", |text| text.to_lowercase().contains("intact")).await;
    look(window, "[data-testid=audit-verdict]", "30-audit").await;
    let table = window.text("[data-testid=audit-table]").await;
    assert!(table.contains("Bea Lindqvist") && table.contains("P-000001"), "{table}");
}

#[tokio::test]
async fn the_staff_from_invitation_to_the_audit_trail() {
    if !asked_for() {
        return;
    }
    let window = Window::open().await;
    found_clinic(&window).await;
    window.click("[data-testid=totp-skip]").await;
    let code = invite(&window).await;
    other_tabs(&window).await;
    window.click("[data-testid=sign-out]").await;

    activate(&window, &code).await;
    window.click("[data-testid=nav-patients]").await;
    register_patient(&window, "[data-testid=patient-banner]").await;
    assert!(!window.has("[data-testid=add-lesion]").await, "lesions are not for the front desk");
    assert!(!window.has("[data-testid=nav-administration]").await);
    emergency(&window).await;
    window.click("[data-testid=sign-out]").await;

    sign_in(&window, "ada@seeblick.example", PASSWORD).await;
    window.click("[data-testid=nav-administration]").await;
    window.click("[data-testid=tab-emergency]").await;
    window.find("[data-testid=look-review]").await;
    window.shot_both("31-to-review").await;
    audit_trail(&window).await;
    window.click("[data-testid=profile-open]").await;
    look(&window, "[data-testid=password-change]", "32-profile").await;
    window.close().await;
}
