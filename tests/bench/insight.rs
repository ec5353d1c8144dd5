//! Numbers about a clinic of 200,000 patients and 2,000,000 photographs that came in over five years.

use clinic::views::TrendRequest;
use clinic::{Session, insight};
use domain::insight::{TrendBy, TrendStep};
use support::{EMAIL, PASSWORD, signed_in};

use crate::figure::{Figure, Target};
use crate::insight_performance::{add_findings, insight_performance_ms};
use crate::records::probe::median;
use crate::records::{self, LARGE, probe};

type Measure = fn(&Session) -> f64;

/// Name, how it is measured, and the milliseconds that are good enough. A new figure is a line.
const FIGURES: [(&str, Measure, f64); 3] = [
    ("insight_dashboard_ms", dashboard, 100.0),
    ("insight_trends_ms", trends, 250.0),
    ("insight_performance_ms", insight_performance_ms, 500.0),
];

pub fn run() -> Vec<Figure> {
    let folder = records::filled(records::scaled(LARGE));
    let keys = probe::keys(folder.path());
    let store = probe::opened(folder.path(), &keys);
    add_findings(&store, keys.user_id).expect("findings");
    drop(store);
    let workstation = records::workstation(folder.path());
    let session = signed_in(&workstation, EMAIL, PASSWORD).expect("a session");
    FIGURES
        .into_iter()
        .map(|(name, measure, limit)| Figure {
            name,
            value: measure(&session),
            unit: "ms",
            peer: None,
            target: Some(Target::AtMost(limit)),
        })
        .collect()
}

fn dashboard(session: &Session) -> f64 {
    median(|| drop(insight::dashboard(session).expect("a dashboard")))
}

/// The slowest of all trends over everything there is.
fn trends(session: &Session) -> f64 {
    let all = [TrendBy::Photographs, TrendBy::Band, TrendBy::Class, TrendBy::Site, TrendBy::Reviewer];
    let steps = [TrendStep::Week, TrendStep::Month];
    let asked =
        all.into_iter().flat_map(|by| steps.map(|step| TrendRequest { by, step, from: None, to: None }));
    asked
        .map(|request| median(|| drop(insight::trend(session, &request).expect("a trend"))))
        .fold(0.0, f64::max)
}
