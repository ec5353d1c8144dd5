//! A measured figure beside its peer.

use std::io::Write;

use serde_json::json;

pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    /// The peer's figure, in the same unit; nothing where the peer could not be run here.
    pub peer: Option<(&'static str, f64)>,
    /// What is good enough: with a peer the largest ratio to it, without one the largest value.
    pub target: Option<f64>,
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, peer)| self.value / peer)
    }

    fn ok(&self) -> Option<bool> {
        let judged = if self.peer.is_some() { self.ratio()? } else { self.value };
        Some(judged <= self.target?)
    }
}

pub fn print(figures: &[Figure], as_json: bool) {
    let mut out = std::io::stdout().lock();
    if !as_json {
        let _ = writeln!(
            out,
            "{:34} {:>10} {:4} {:>22} {:>10} {:>6} {:>6}  ok",
            "figure", "ours", "", "peer", "", "ratio", "target"
        );
    }
    for figure in figures {
        let _ = if as_json { writeln!(out, "{}", line(figure)) } else { writeln!(out, "{}", row(figure)) };
    }
}

fn line(figure: &Figure) -> serde_json::Value {
    json!({
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "peer": figure.peer.map(|(name, value)| json!({ "name": name, "value": value })),
        "ratio": figure.ratio(),
        "target": figure.target,
        "ok": figure.ok(),
    })
}

fn row(figure: &Figure) -> String {
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(String::new, |v| format!("{v:.digits$}"));
    let (peer, peer_value) = figure.peer.map_or(("", None), |(name, value)| (name, Some(value)));
    let ok = figure.ok().map_or("", |ok| if ok { "yes" } else { "NO" });
    format!(
        "{:34} {:10.1} {:4} {:>22} {:>10} {:>6} {:>6}  {ok}",
        figure.name,
        figure.value,
        figure.unit,
        peer,
        number(peer_value, 1),
        number(figure.ratio(), 2),
        number(figure.target, 2),
    )
}

/// The middle of several measurements, which a stray one does not move.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
