//! An examination: two photographs into the tray, to a new lesion, measured, compared, read, ticked off, decided.

use std::path::Path;
use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use vision::phantom::PhantomPair;

use crate::driver::{Window, answer_save_dialog, file_arrives};
use crate::staff::look;
use crate::{add_photograph, asked_for, found_clinic, pdf_text, register_patient};

impl Window {
    /// A click at a share of the element's width and height.
    async fn click_at(&self, css: &str, across: f64, down: f64) {
        let (x, y, width, height) = self.find(css).await.rectangle().await.unwrap();
        let to = PointerAction::MoveTo {
            duration: Some(Duration::from_millis(40)),
            x: x + width * across,
            y: y + height * down,
        };
        let hand = MouseActions::new("mouse".into())
            .then(to)
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(hand).await.unwrap();
    }
}

async fn take_in(window: &Window, photographs: &[&Path]) {
    window.click("[data-testid=tab-import]").await;
    look(window, "[data-testid=drop-zone]", "50-tray-empty").await;
    for photograph in photographs {
        add_photograph(window, photograph).await;
    }
    window.text_where("[data-testid=import-summary]", |words| words.contains('2')).await;
    for at in 1..=2 {
        window.click(&format!("[data-testid=tray-photo]:nth-child({at})")).await;
    }
    look(window, "[data-testid=tray-photo]:nth-child(2)", "51-tray").await;
    window.click("[data-testid=tray-new-lesion]").await;
    window.fill("#lesion-label", "L1 left calf").await;
    window.choose("#lesion-site", "lower_leg").await;
    window.click("[data-testid=save-lesion]").await;
    window.click("[data-testid=tray-assign]:not([disabled])").await;
    look(window, "[data-testid=ready-lesion]", "52-ready").await;
    window.click("[data-testid=ready-open]").await;
}

/// A ruler beside the lesion gives the photograph its millimetres.
async fn measure(window: &Window) {
    window.click("[data-testid=scale-toggle]").await;
    window.click("[data-testid=scale-ruler]").await;
    window.click_at("[data-testid=stage]", 0.3, 0.5).await;
    window.click_at("[data-testid=stage]", 0.7, 0.5).await;
    window.fill("#distance-mm", "8").await;
    look(window, "#distance-mm", "53-ruler").await;
    window.click("[data-testid=scale-ruler-save]").await;
    window.text_where("[data-testid=scale-now]", |words| words.contains("µm per pixel")).await;
    window.click("[data-testid=scale-toggle]").await;
}

async fn compare(window: &Window) {
    window.click("[data-testid=compare-open]").await;
    window.find("[data-testid=compare-fit-text]").await;
    look(window, "[data-testid=compare-figures]", "54-compared").await;
    for mode in ["overlay", "blink", "swipe"] {
        window.click(&format!("[data-testid=mode-{mode}]")).await;
        look(window, "[data-testid=compare-stage]", &format!("55-compared-{mode}")).await;
    }
    window.click("[data-testid=compare-close]").await;
}

async fn read(window: &Window) {
    for at in 1..=2 {
        window.click(&format!("li:nth-child({at}) [data-testid=choose-photo]")).await;
    }
    window.click("[data-testid=analyse]:not([disabled])").await;
    window.find("[data-testid=result-band]").await;
    window.click("[data-testid=outline-toggle]").await;
    look(window, "[data-testid=outline]", "56-read").await;
}

async fn tick_off(window: &Window) {
    window.click("[data-testid=tab-checklists]").await;
    window.choose("#checklist-kind", "seven_point").await;
    for (item, answer) in [
        ("network", 1),
        ("veil", 0),
        ("vessels", 0),
        ("streaks", 1),
        ("dots", 0),
        ("blotches", 0),
        ("regression", 0),
    ] {
        window.click(&format!("#checklist-{item}-{answer}")).await;
    }
    window.text_where("[data-testid=checklist-sum]", |sum| sum.starts_with('3')).await;
    look(window, "[data-testid=checklist-verdict]", "57-checklist").await;
    window.click("[data-testid=checklist-save]").await;
    window.find("[data-testid=checklist-save][disabled]").await;
}

/// To a colleague, with a letter.
async fn decide(window: &Window) {
    window.click("[data-testid=tab-decision]").await;
    window.choose("#decision-term", "mel").await;
    window.click("#decision-confidence-moderate").await;
    window.click("#decision-plan-refer").await;
    window.fill("#decision-note", "Irregular network, grown since the last visit.").await;
    look(window, "[data-testid=decision-save]", "58-decision").await;
    window.click("[data-testid=decision-save]").await;
    window.fill("#recipient", "Department of Dermatology, Cantonal Hospital").await;
    window.fill("#question", "Excision with margins, please.").await;
    look(window, "#recipient", "59-letter").await;
    window.click("[data-testid=referral-save]").await;
    let letter = window.home.path().join("letter.pdf");
    window.click("[data-testid=letter-export]").await;
    answer_save_dialog(&letter);
    file_arrives(&letter).await;
    let text = pdf_text(&letter);
    for expected in ["Cantonal Hospital", "Lindenhoff", "Irregular network", "Excision with margins"] {
        assert!(text.contains(expected), "the letter lacks {expected:?}:\n{text}");
    }
    look(window, "[data-testid=decision]", "60-decided").await;
}

/// A photograph more, and all that has no result goes to the queue.
async fn read_what_is_left(window: &Window, photograph: &Path) {
    add_photograph(window, photograph).await;
    window.text_where("[data-testid=import-summary]", |words| words.starts_with("1 imported")).await;
    window.click("[data-testid=back-to-patient]").await;
    window.click("[data-testid=batch-ask]").await;
    look(window, "[data-testid=batch-preview]", "61-batch").await;
    window.click("[data-testid=batch-start]").await;
    window.click("[data-testid=jobs-open]").await;
    window.find("[data-testid=batch][data-state=finished]").await;
    look(window, "[data-testid=batch-counts]", "62-jobs").await;
}

#[tokio::test]
async fn an_examination_from_the_tray_to_the_letter() {
    if !asked_for() {
        return;
    }
    let window = Window::open().await;
    let pair = PhantomPair::painted(6, 1.4);
    let [earlier, later, another] =
        ["earlier.jpg", "later.jpg", "another.jpg"].map(|name| window.home.path().join(name));
    std::fs::write(&earlier, pair.earlier.to_jpeg(92)).unwrap();
    std::fs::write(&later, pair.later.to_jpeg(92)).unwrap();
    std::fs::write(&another, support::marked_naevus_jpeg()).unwrap();
    found_clinic(&window).await;
    window.click("[data-testid=totp-skip]").await;
    window.click("[data-testid=nav-patients]").await;
    register_patient(&window, "[data-testid=patient-banner]").await;
    take_in(&window, &[&earlier, &later]).await;
    measure(&window).await;
    compare(&window).await;
    read(&window).await;
    tick_off(&window).await;
    decide(&window).await;
    read_what_is_left(&window, &another).await;
    window.close().await;
}
