//! A visit from the door to the follow-up: the front desk with the keyboard alone, then the clinician.

use std::path::Path;

use crate::driver::{Keyboard, Window, answer_save_dialog, file_arrives};
use crate::staff::{activate, invite, look, sign_in};
use crate::{PASSWORD, asked_for, found_clinic, pdf_text};

/// Tabs on until the element has the focus, as somebody without a mouse would.
async fn tab_to(window: &Window, keyboard: &Keyboard, id: &str) {
    for _ in 0..40 {
        let focused = window.focused().await;
        if focused == id {
            return;
        }
        keyboard.press("Tab");
        window.focus_moved_from(&focused).await;
    }
    window.shot("failed").await;
    panic!("#{id} is not reached by Tab");
}

async fn register_walk_in(window: &Window, keyboard: &Keyboard) {
    keyboard.press("ctrl+n");
    window.find("#family-name").await;
    window.focus_on("family-name").await;
    for word in ["Marchetti", "Elena", "1984-07-22"] {
        keyboard.write(word);
        keyboard.press("Tab");
    }
    for consent in ["photo-consent", "ai-consent"] {
        tab_to(window, keyboard, consent).await;
        keyboard.press("space");
    }
    look(window, "#photo-consent", "40-walk-in").await;
    keyboard.press("ctrl+Return");
    window.find("[data-testid=queue-row][data-state=arrived]").await;
}

async fn take_photograph_in(window: &Window, photograph: &Path) {
    window.click("[data-testid=queue-open]").await;
    let input = window.find("#desk-file-input").await;
    input.send_keys(&photograph.display().to_string()).await.unwrap();
    window.find("[data-testid=desk-photo-entry][data-state=added]").await;
    window.fill("#visit-note", "Mole on the left calf, bled twice").await;
    look(window, "[data-testid=visit-panel-close]", "41-visit").await;
    assert!(!window.has("#visit-panel img").await, "the front desk opens no photograph");
    window.click("[data-testid=visit-save]").await;
}

async fn hand_out_slip(window: &Window) {
    let slip = window.home.path().join("slip.pdf");
    window.click("[data-testid=visit-slip]").await;
    answer_save_dialog(&slip);
    file_arrives(&slip).await;
    let text = pdf_text(&slip);
    assert!(text.contains("P-000001") && text.contains("Elena"), "{text}");
}

/// A scanner that types, read off the slip.
async fn scan(window: &Window, keyboard: &Keyboard) {
    keyboard.press("Escape");
    keyboard.write("P-000001");
    keyboard.press("Return");
    window.text_where("[data-testid=scan-name]", |name| name.contains("Marchetti")).await;
    look(window, "#scan-result", "42-scanned").await;
    window.click("[data-testid=scan-open]").await;
    window.find("[data-testid=patient-banner]").await;
    assert!(!window.has("[data-testid=waiting-photo]").await, "nor does it find it again afterwards");
}

/// On the map with arrow keys, then named.
async fn place_lesion(window: &Window, keyboard: &Keyboard) {
    window.click("[data-testid=map-place-new]").await;
    window.find("[data-testid=map-placing]").await;
    for _ in 0..6 {
        keyboard.press("Down");
    }
    look(window, "[data-testid=map-placing]", "43-placing").await;
    keyboard.press("Return");
    window.fill("#lesion-label", "L1 left calf").await;
    window.click("[data-testid=save-lesion]").await;
    // The new lesion is open; the photograph of the front desk waits on the page of the patient.
    window.click("[data-testid=back-to-patient]").await;
}

async fn read_photograph(window: &Window) {
    window.find("[data-testid=waiting-photo]").await;
    look(window, "[data-testid=waiting-photo]", "44-waiting").await;
    window.choose_by_index("[data-testid=waiting-photo] select[id^=waiting-lesion]", 1).await;
    window.click("[data-testid=waiting-assign]").await;
    window.gone("[data-testid=waiting-photo]").await;
    window.click("[data-testid=map-entry]").await;
    window.click("[data-testid=map-open]").await;
    window.click("[data-testid=analyse]:not([disabled])").await;
    window.find("[data-testid=result-band]").await;
    look(window, "[data-testid=result-band]", "45-read").await;
    window.click("[data-testid=back-to-patient]").await;
}

async fn plan(window: &Window) {
    window.click("[data-testid=tab-follow-up]").await;
    window.click("[data-testid=recall-plan]").await;
    window.fill("#interval", "3").await;
    window.fill("#reason", "Short-term monitoring of L1").await;
    window.click("[data-testid=recall-submit]").await;
    window.find("[data-testid=recall-row]").await;
    window.click("[data-testid=biopsy-take]").await;
    window.fill("#specimen-number", "H-26-118").await;
    window.click("[id^=site-image-id-]").await;
    look(window, "#specimen-number", "46-specimen").await;
    window.click("[data-testid=specimen-submit]").await;
    window.find("[data-testid=biopsy-row]").await;
    look(window, "[data-testid=biopsy-row]", "47-follow-up").await;
}

#[tokio::test]
async fn a_visit_from_the_door_to_the_follow_up() {
    if !asked_for() {
        return;
    }
    let window = Window::open().await;
    let photograph = window.home.path().join("desk.jpg");
    std::fs::write(&photograph, support::marked_naevus_jpeg()).unwrap();
    found_clinic(&window).await;
    window.click("[data-testid=totp-skip]").await;
    let code = invite(&window).await;
    window.click("[data-testid=sign-out]").await;

    activate(&window, &code).await;
    window.click("[data-testid=nav-today]").await;
    window.find("[data-testid=queue-day]").await;
    let keyboard = Keyboard::of_window();
    register_walk_in(&window, &keyboard).await;
    take_photograph_in(&window, &photograph).await;
    hand_out_slip(&window).await;
    scan(&window, &keyboard).await;
    window.click("[data-testid=sign-out]").await;

    sign_in(&window, "ada@seeblick.example", PASSWORD).await;
    window.click("[data-testid=nav-today]").await;
    window.holds("[data-testid=queue-row]", "bled twice").await;
    window.click("[data-testid=queue-step]").await;
    window.find("[data-testid=queue-row][data-state=in_room]").await;
    look(&window, "[data-testid=queue-table]", "48-today").await;
    window.click("[data-testid=queue-open]").await;
    window.click("[data-testid=visit-open-patient]").await;
    place_lesion(&window, &keyboard).await;
    read_photograph(&window).await;
    plan(&window).await;

    window.click("[data-testid=nav-today]").await;
    window.click("[data-testid=tab-net]").await;
    window.holds("[data-testid=safety-net]", "Marchetti").await;
    look(&window, "[data-testid=safety-net]", "49-safety-net").await;
    window.close().await;
}
