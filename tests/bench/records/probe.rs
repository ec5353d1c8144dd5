//! What a user of a filled clinic waits for, measured through the use cases with their audit rows.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic::views::{PatientReadRequest, PatientSearchRequest, QueueReadRequest, SafetyNetRequest};
use clinic::{Session, patient, safety_net, visit};
use domain::{Actor, PatientId, Role, SystemClock, UserId};
use records::{Store, patients};
use support::{EMAIL, PASSWORD, signed_in};
use vault::{KdfPolicy, Unlocked, Vault};

use super::crowd::{person, scatter};
use super::examination;
use crate::figure::megabytes;

/// Tells this program to measure the clinic of a folder and print the figures.
pub const FLAG: &str = "--measure-clinic";

pub type Measured = BTreeMap<String, f64>;

/// Name, unit, and what is good enough.
pub const FIGURES: [(&str, &str, f64); 8] = [
    ("records_search_keystroke_p99", "ms", 20.0),
    ("records_patient_page", "ms", 30.0),
    ("records_today", "ms", 50.0),
    ("records_safety_net", "ms", 50.0),
    ("records_open_after_key", "ms", 150.0),
    ("records_memory", "MB", 250.0),
    ("records_analyse", "ms", 1_000.0),
    ("records_report", "ms", 500.0),
];

/// Those that must not grow with the clinic, under the names of their ratios to a tenth and to a hundredth of it.
pub const GROWN: [[&str; 3]; 7] = [
    [
        "records_search_keystroke_p99",
        "records_search_keystroke_p99_growth",
        "records_search_keystroke_p99_growth_100",
    ],
    ["records_patient_page", "records_patient_page_growth", "records_patient_page_growth_100"],
    ["records_today", "records_today_growth", "records_today_growth_100"],
    ["records_safety_net", "records_safety_net_growth", "records_safety_net_growth_100"],
    ["records_open_after_key", "records_open_after_key_growth", "records_open_after_key_growth_100"],
    ["records_analyse", "records_analyse_growth", "records_analyse_growth_100"],
    ["records_report", "records_report_growth", "records_report_growth_100"],
];

const SEARCHED: u32 = 60;
const PAGES: u32 = 60;
const ROUNDS: usize = 15;

pub fn run(folder: &Path) {
    let count = std::env::var("LENTIGO_BENCH_COUNT").ok().and_then(|c| c.parse().ok()).unwrap_or(0);
    let mut measured = Measured::new();
    let mut note = |name: &str, value: f64| {
        measured.insert(name.to_owned(), value);
    };
    note("records_open_after_key", opening(folder));
    note("records_search_alone_p99", searches(&opened(folder, &keys(folder)), count));
    let workstation = super::workstation(folder);
    let session = signed_in(&workstation, EMAIL, PASSWORD).expect("a session");
    let typed = keystrokes(&session, count);
    note("records_search_keystroke_p99", quantile(typed, 0.99));
    note("records_patient_page", pages(&session, count));
    note(
        "records_today",
        median(|| drop(visit::queue(&session, &QueueReadRequest { day: None }).expect("a queue"))),
    );
    let most = SafetyNetRequest { limit: 500 };
    note("records_safety_net", median(|| drop(safety_net::read(&session, &most).expect("a safety net"))));
    // Before the models are loaded, which are of one size in every clinic.
    note("records_memory", megabytes("VmHWM"));
    let (reading, report) = examination::times(&session);
    note("records_analyse", reading);
    note("records_report", report);
    print(&measured);
}

fn print(measured: &Measured) {
    use std::io::Write;
    let text = serde_json::to_string(measured).unwrap_or_default();
    let _ = writeln!(std::io::stdout(), "{text}");
}

pub fn milliseconds(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() * 1e3
}

pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(((values.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

/// What a person types, one key after the other.
pub fn typed(count: u32) -> Vec<String> {
    let mut all = vec![];
    for n in 0..SEARCHED.min(count) {
        let person = person(scatter(n, 77) as u32 % count);
        let chars: Vec<char> = person.family_name.chars().collect();
        all.extend((1..=chars.len()).map(|end| chars[..end].iter().collect::<String>()));
        all.push(format!("{} {}", person.given_names, person.family_name));
        all.push(person.date_of_birth.to_string());
        all.push(person.phone.clone());
        // Two letters that changed places: no word begins like that, and the typing error is looked for.
        let mut slip = chars;
        slip.swap(1, 2);
        all.push(slip.into_iter().collect());
    }
    all
}

fn keystrokes(session: &Session, count: u32) -> Vec<f64> {
    let mut times = vec![];
    for text in typed(count) {
        let request = PatientSearchRequest { text, limit: 20, offset: 0 };
        // The better of two, so that other work on the machine is left out.
        let once = || {
            let begun = Instant::now();
            patient::search(session, &request).expect("an answer");
            milliseconds(begun.elapsed())
        };
        times.push(once().min(once()));
    }
    times
}

fn some_patients(session: &Session, count: u32) -> Vec<PatientId> {
    (0..PAGES)
        .filter_map(|n| {
            let text = person(scatter(n, 99) as u32 % count).family_name;
            let request = PatientSearchRequest { text, limit: 1, offset: 0 };
            patient::search(session, &request).ok()?.rows.first().map(|row| row.id)
        })
        .collect()
}

fn pages(session: &Session, count: u32) -> f64 {
    let times = some_patients(session, count).into_iter().map(|id| {
        let begun = Instant::now();
        patient::read(session, &PatientReadRequest { id }).expect("a page");
        milliseconds(begun.elapsed())
    });
    quantile(times.collect(), 0.5)
}

/// From the keys to a clinic that answers: what sign-in costs besides the password.
fn opening(folder: &Path) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let keys = keys(folder);
        let begun = Instant::now();
        let store = opened(folder, &keys);
        assert!(store.read(records::clinics::get).is_ok());
        milliseconds(begun.elapsed())
    });
    quantile(times.collect(), 0.5)
}

pub fn keys(folder: &Path) -> Unlocked {
    Vault::unlock(&folder.join("clinic"), EMAIL, PASSWORD, KdfPolicy::for_tests()).expect("keys")
}

pub fn opened(folder: &Path, keys: &Unlocked) -> Store {
    let connection = vault::open_database(&folder.join("clinic"), keys).expect("a database");
    Store::open(connection, keys.audit_key.clone(), Arc::new(SystemClock)).expect("a store")
}

/// The database's part of a keystroke: neither the audit row's way to the disk nor the use case around it.
fn searches(store: &Store, count: u32) -> f64 {
    let actor = Actor { user: UserId::fresh(), role: Role::Administrator };
    let mut times = vec![];
    for text in typed(count) {
        let once = || {
            let timed = store.write(&actor, |tx| {
                let begun = Instant::now();
                patients::search(tx, &text, 20, 0)?;
                Ok(milliseconds(begun.elapsed()))
            });
            timed.expect("an answer")
        };
        times.push(once().min(once()));
    }
    quantile(times, 0.99)
}

/// Milliseconds, of some rounds the middle one.
pub fn median(work: impl Fn()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let begun = Instant::now();
        work();
        milliseconds(begun.elapsed())
    });
    quantile(times.collect(), 0.5)
}
