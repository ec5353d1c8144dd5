//! Every room of the house once, in the real window: insights, library, assistant, guide, all of the administration, and
//! the window in another language.

use std::time::Duration;

use crate::driver::Window;
use crate::staff::look;
use crate::{asked_for, found_clinic, no_axe_violation, register_patient};

async fn insights(window: &Window) {
    window.click("[data-testid=nav-insights]").await;
    window.text_where("[data-testid=total-patients]", |text| text.starts_with('1')).await;
    look(window, "#insight-uploads", "70-dashboard").await;
    window.click("[data-testid=tab-trends]").await;
    look(window, "[data-testid=tab-trends][aria-current=page]", "71-trends").await;
    window.click("[data-testid=tab-performance]").await;
    look(window, "[data-testid=tab-performance][aria-current=page]", "72-no-histology").await;
    window.click("[data-testid=tab-usage]").await;
    look(window, "[data-testid=tab-usage][aria-current=page]", "73-usage").await;
    window.click("[data-testid=tab-dashboard]").await;
    window.click("[data-testid=total-patients]").await;
    window.find("[data-testid=patient-row]").await;
}

async fn library(window: &Window) {
    window.click("[data-testid=nav-library]").await;
    window.fill("#library-search", "melnoma").await;
    let first = window.text("[data-testid=library-hit]").await;
    assert!(first.contains("Melanoma"), "a typing error is forgiven: {first}");
    window.click("[data-testid=library-hit]").await;
    window.text_where("[data-testid=article-text]", |text| text.contains("C43")).await;
    look(window, "[data-testid=article-print]", "74-article").await;
}

async fn assistant(window: &Window) {
    window.click("[data-testid=nav-assistant]").await;
    window.fill("#assistant-question", "What is melanoma?").await;
    window.click("[data-testid=assistant-ask]").await;
    window.find("[data-testid=answer-urgent]").await;
    look(window, "[data-testid=answer-disclaimer]", "75-assistant").await;
    window.click("[data-testid=answer-article]").await;
    window.find("[data-testid=article-text]").await;
    window.click("[data-testid=help]").await;
    look(window, "[data-testid=guide-text]", "76-guide").await;
    window.click("[data-testid=guide-close]").await;
}

/// Every part that the navigation offers: a part that is added is looked at without a word here.
async fn administration(window: &Window) {
    window.click("[data-testid=nav-administration]").await;
    window.find("[data-testid=tab-users]").await;
    let script = "return [...document.querySelectorAll('nav [id^=tab-]')].map(entry => entry.id)";
    let ids = window.client.execute(script, vec![]).await.unwrap();
    let ids: Vec<String> = serde_json::from_value(ids).unwrap();
    assert!(ids.len() > 15, "{ids:?}");
    for id in &ids {
        window.click(&format!("#{id}")).await;
        window.find(&format!("#{id}[aria-current=page]")).await;
        let name = id.trim_start_matches("tab-");
        look(window, "main", &format!("77-{name}")).await;
        assert!(!window.has("[data-testid=failure]").await, "{name} shows what it is for");
    }
}

async fn health(window: &Window) {
    window.click("[data-testid=tab-selftest]").await;
    window.click("[data-testid=selftest-run]").await;
    window.find("[data-testid=check-database]").await;
    look(window, "[data-testid=selftest-save]", "78-self-test").await;
    window.click("[data-testid=tab-derived]").await;
    window.click("[data-testid=derived-look]").await;
    window.text_where("[data-testid=derived-outcome]", |text| text.contains("Everything is there")).await;
    look(window, "[data-testid=derived-outcome]", "79-derived").await;
}

async fn in_german(window: &Window) {
    window.click("[data-testid=profile-open]").await;
    window.choose("#profile-language", "de").await;
    window.text_where("[data-testid=nav-administration]", |text| text.contains("Verwaltung")).await;
    for section in
        ["today", "patients", "reports", "history", "insights", "model", "assistant", "library", "audit"]
    {
        window.click(&format!("[data-testid=nav-{section}]")).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        window.shot(&format!("80-de-{section}")).await;
        no_axe_violation(window, section).await;
    }
}

#[tokio::test]
async fn every_room_of_an_administrator() {
    if !asked_for() {
        return;
    }
    let window = Window::open().await;
    found_clinic(&window).await;
    window.click("[data-testid=totp-skip]").await;
    window.click("[data-testid=nav-patients]").await;
    register_patient(&window, "[data-testid=patient-banner]").await;
    insights(&window).await;
    library(&window).await;
    assistant(&window).await;
    administration(&window).await;
    health(&window).await;
    in_german(&window).await;
    window.close().await;
}
