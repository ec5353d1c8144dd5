//! A measured figure beside its peer.

use std::io::Write;

use serde_json::json;

pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    /// The peer's figure, in the same unit; nothing where the peer could not be run here.
    pub peer: Option<(&'static str, f64)>,
    /// What is good enough: with a peer of the ratio to it, without one of the value.
    pub target: Option<Target>,
}

#[derive(Clone, Copy)]
pub enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// Both ends are good enough.
    Within(f64, f64),
}

impl Target {
    fn met_by(self, judged: f64) -> bool {
        match self {
            Self::AtMost(most) => judged <= most,
            Self::AtLeast(least) => judged >= least,
            Self::Within(least, most) => (least..=most).contains(&judged),
        }
    }

    /// A number, or two where both ends count; `bound` says which side is good.
    fn json(self) -> serde_json::Value {
        match self {
            Self::AtMost(limit) | Self::AtLeast(limit) => json!(limit),
            Self::Within(least, most) => json!([least, most]),
        }
    }

    const fn bound(self) -> &'static str {
        match self {
            Self::AtMost(_) => "at_most",
            Self::AtLeast(_) => "at_least",
            Self::Within(..) => "within",
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::Within(least, most) => format!("{least}–{most}"),
        }
    }
}

impl Figure {
    /// Something that was counted, with nobody beside it.
    #[must_use]
    pub const fn count(name: &'static str, value: usize, target: Target) -> Self {
        Self { name, value: value as f64, unit: "", peer: None, target: Some(target) }
    }

    fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, peer)| self.value / peer)
    }

    #[must_use]
    pub fn ok(&self) -> Option<bool> {
        let judged = if self.peer.is_some() { self.ratio()? } else { self.value };
        Some(self.target?.met_by(judged))
    }
}

/// The first line of the table.
pub fn print_head() {
    let _ = writeln!(
        std::io::stdout(),
        "{:44} {:>10} {:4} {:>22} {:>10} {:>6} {:>10}  ok",
        "figure",
        "ours",
        "",
        "peer",
        "",
        "ratio",
        "target"
    );
}

pub fn print(figures: &[Figure], as_json: bool) {
    let mut out = std::io::stdout().lock();
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
        "target": figure.target.map(Target::json),
        "bound": figure.target.map(Target::bound),
        "ok": figure.ok(),
    })
}

fn row(figure: &Figure) -> String {
    let (peer, peer_value) = figure.peer.map_or(("", None), |(name, value)| (name, Some(value)));
    let ok = figure.ok().map_or("", |ok| if ok { "yes" } else { "NO" });
    format!(
        "{:44} {:>10} {:4} {:>22} {:>10} {:>6} {:>10}  {ok}",
        figure.name,
        plain(figure.value),
        figure.unit,
        peer,
        peer_value.map_or_else(String::new, plain),
        figure.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        figure.target.map_or_else(String::new, Target::words),
    )
}

/// Shares need more digits than milliseconds.
fn plain(value: f64) -> String {
    if value.fract() != 0.0 && value.abs() < 2.0 { format!("{value:.3}") } else { format!("{value:.1}") }
}

/// A line of what the system says of this process, such as `VmHWM` for the most memory it ever held, in megabytes.
pub fn megabytes(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes = found.and_then(|text| text.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kb| kb / 1_000.0)
}

/// The middle of several measurements, which a stray one does not move.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
