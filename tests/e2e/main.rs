//! What a user lives by, in the real window: first run, sign-in, patient, photograph, result, PDF.
//!
//! Needs a display and tauri-driver; `./dev test` provides both and sets `LENTIGO_E2E`.

mod driver;
mod examination;
mod guide;
mod journeys;
mod memory;
mod network;
mod rooms;
mod signing;
mod staff;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use driver::{Window, answer_save_dialog, file_arrives};
use vault::{KdfPolicy, Vault};

const PASSWORD: &str = "copper lantern walks upstream";

fn asked_for() -> bool {
    let asked = std::env::var_os("LENTIGO_E2E").is_some();
    if !asked {
        eprintln!("skipped: the window tests run under ./dev test");
    }
    asked
}

async fn found_clinic(window: &Window) {
    window.find("[data-testid=next]").await;
    window.shot_both("01-welcome").await;
    window.click("[data-testid=next]").await;
    window.fill("#clinic-name", "Seeblick Dermatology").await;
    window.click("[data-testid=next]").await;
    window.fill("#full-name", "Dr Ada Okonkwo").await;
    window.fill("#email", "ada@seeblick.example").await;
    window.shot_both("02-administrator").await;
    window.click("[data-testid=next]").await;
    window.fill("#password", "lantern").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    window.shot_both("03-weak-password").await;
    window.fill("#password", PASSWORD).await;
    window.fill("#password-repeat", PASSWORD).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    window.click("[data-testid=next]").await;
    window.find("[data-testid=recovery-group]").await;
    window.shot_both("04-recovery-sheet").await;
    confirm_sheet(window).await;
}

/// The telephone of the person at the desk.
struct Authenticator {
    key: String,
    used: i64,
}

impl Authenticator {
    /// Waits for a code that was not used yet: none is accepted twice.
    async fn code(&mut self) -> String {
        loop {
            let now = jiff::Timestamp::now();
            if now.as_second() / 30 > self.used {
                self.used = now.as_second() / 30;
                return support::authenticator(&self.key, now);
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

async fn set_up_second_factor(window: &Window) -> Authenticator {
    let key = window.text("[data-testid=totp-manual-key]").await;
    window.find("[data-testid=totp-qr]").await;
    window.shot_both("16-second-factor").await;
    no_axe_violation(window, "second factor").await;
    let mut authenticator = Authenticator { key, used: 0 };
    let code = authenticator.code().await;
    window.fill("#totp-code", &code).await;
    window.find("[data-testid=recovery-codes]").await;
    window.shot_both("17-recovery-codes").await;
    window.click("#codes-kept").await;
    window.click("[data-testid=recovery-codes-done]").await;
    authenticator
}

async fn sign_in(window: &Window, authenticator: &mut Authenticator) {
    window.fill("#sign-in-password", PASSWORD).await;
    window.click("[data-testid=sign-in]").await;
    window.find("#second-factor-code").await;
    window.shot_both("18-second-factor-asked").await;
    no_axe_violation(window, "second factor asked").await;
    window.fill("#second-factor-code", &authenticator.code().await).await;
    window.find("[data-testid=lock]").await;
}

/// Types back the group that the wizard asks for.
async fn confirm_sheet(window: &Window) {
    let groups =
        window.client.find_all(fantoccini::Locator::Css("[data-testid=recovery-group]")).await.unwrap();
    let mut texts = Vec::new();
    for group in groups {
        texts.push(group.text().await.unwrap().trim().to_owned());
    }
    let asked: usize = window
        .find("[data-testid=recovery-confirm]")
        .await
        .attr("data-group")
        .await
        .unwrap()
        .expect("the group asked for")
        .parse()
        .unwrap();
    window.fill("#recovery-text", &texts[asked - 1]).await;
    window.click("[data-testid=finish]").await;
}

/// Ends when the element is there.
async fn register_patient(window: &Window, then: &str) {
    window.click("[data-testid=register-patient]").await;
    window.fill("#family-name", "Lindenhoff").await;
    window.fill("#given-names", "Brigitte").await;
    window.fill("#date-of-birth", "1961-04-23").await;
    window.choose("#sex", "female").await;
    window.click("#photo-consent").await;
    window.click("#ai-consent").await;
    window.shot_both("06-register").await;
    window.click("[data-testid=save-patient]").await;
    window.find(then).await;
}

async fn add_lesion(window: &Window) {
    window.click("[data-testid=add-lesion]").await;
    window.fill("#lesion-label", "L1 left calf").await;
    window.choose("#lesion-site", "lower_leg").await;
    window.shot_both("07-lesion").await;
    window.click("[data-testid=save-lesion]").await;
}

async fn add_photograph(window: &Window, file: &Path) {
    let input = window.find("#file-input").await;
    input.send_keys(&file.display().to_string()).await.unwrap();
}

fn pdf_text(file: &Path) -> String {
    let out = Command::new("pdftotext").args(["-layout"]).arg(file).arg("-").output().unwrap();
    assert!(out.status.success(), "pdftotext: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

async fn no_axe_violation(window: &Window, screen: &str) {
    let found = window.axe().await;
    assert!(found.is_empty(), "{screen}: {found:#?}");
}

/// A second after the lock: no name, no password, no key.
async fn nothing_is_left_in_memory(window: &Window, authenticator: &Authenticator) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    let clinic = window.home.path().join("clinic");
    let keys = Vault::unlock(&clinic, "ada@seeblick.example", PASSWORD, KdfPolicy::STANDARD).unwrap();
    let clinical = keys.clinical_key.as_ref().expect("an administrator holds it");
    let words = [
        ("family name", b"Lindenhoff".to_vec()),
        ("given names", b"Brigitte".to_vec()),
        ("conclusion", b"Excision biopsy planned".to_vec()),
        ("password", PASSWORD.into()),
        ("second factor", authenticator.key.clone().into()),
        ("database key", keys.database_key.expose().to_vec()),
        ("clinical key", clinical.expose().to_vec()),
        ("audit key", keys.audit_key.expose().to_vec()),
    ];
    let running = memory::processes(&clinic);
    assert_eq!(running.len(), 1, "one program works on this clinic");
    let Some(found) = memory::count(running[0], &words) else {
        eprintln!("skipped: this user may not read the memory of another process");
        return;
    };
    let left: Vec<_> = found.iter().filter(|(_, times)| *times > 0).collect();
    assert!(left.is_empty(), "left in memory: {left:?}");
}

#[tokio::test]
async fn the_main_job_from_first_run_to_the_pdf() {
    if !asked_for() {
        return;
    }
    let window = Window::open().await;
    let folder = window.home.path().to_path_buf();
    let photograph = folder.join("calf.jpg");
    std::fs::write(&photograph, support::marked_naevus_jpeg()).unwrap();
    let broken = folder.join("notes.jpg");
    std::fs::write(&broken, b"not a picture at all").unwrap();

    found_clinic(&window).await;
    let mut authenticator = set_up_second_factor(&window).await;
    window.find("[data-testid=register-patient]").await;
    window.shot_both("05-patients-empty").await;
    no_axe_violation(&window, "patients").await;

    register_patient(&window, "[data-testid=add-lesion]").await;
    window.shot_both("08-patient").await;
    no_axe_violation(&window, "patient").await;
    add_lesion(&window).await;

    add_photograph(&window, &broken).await;
    add_photograph(&window, &photograph).await;
    window.find("[data-testid=analyse]:not([disabled])").await;
    window.shot_both("09-photograph").await;
    window.click("[data-testid=analyse]").await;
    let band = window.text("[data-testid=result-band]").await;
    assert!(!band.trim().is_empty());
    window.find("[data-testid=heatmap]").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.shot_both("10-result").await;
    no_axe_violation(&window, "result").await;

    window.click("[data-testid=write-report]").await;
    window.fill("#conclusion", "Excision biopsy planned within two weeks.").await;
    window.shot_both("11-report").await;
    window.click("[data-testid=create-report]").await;
    window.click("[data-testid=export-report]").await;
    let pdf = folder.join("report.pdf");
    answer_save_dialog(&pdf);
    file_arrives(&pdf).await;
    window.shot_both("12-exported").await;
    let text = pdf_text(&pdf);
    for expected in [
        "Seeblick Dermatology",
        "Brigitte Lindenhoff",
        "P-000001",
        "1961",
        "Excision biopsy planned",
        "not a diagnosis",
        "lentigo-lesion",
    ] {
        assert!(text.contains(expected), "the PDF lacks {expected:?}:\n{text}");
    }
    assert!(text.to_lowercase().contains("page 1 of"), "{text}");
    signing::signs_the_report(&window, &mut authenticator, &folder).await;

    window.click("[data-testid=lock]").await;
    window.find("#sign-in-password").await;
    nothing_is_left_in_memory(&window, &authenticator).await;
    window.shot_both("13-locked").await;
    no_axe_violation(&window, "sign-in").await;
    let page = window.client.source().await.unwrap();
    assert!(!page.contains("Lindenhoff"), "a patient's name is left on a locked screen");

    window.fill("#sign-in-password", "copper lantern walks downstream").await;
    window.click("[data-testid=sign-in]").await;
    window.find("[data-testid=failure], [role=alert]").await;
    window.shot_both("14-refused").await;
    sign_in(&window, &mut authenticator).await;
    window.click("[data-testid=nav-patients]").await;
    window.fill("#patient-search", "lindenhof").await;
    window.text_where("[data-testid=patient-row]", |t| t.contains("Lindenhoff")).await;
    window.shot_both("15-patients").await;
    window.close().await;
}
