//! How the AI does in this clinic, on paper: the figures of the page with their intervals and sources.

mod plots;
mod table;

use domain::image::ImageKind;
use domain::model::ModelIdentity;
use domain::statistics::{AgreementFigures, DriftReport, Grouping, Performance, Proportion};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, paginate};
use crate::paper::{BOTTOM, Paper};
use crate::pdf::{About, write};
use crate::words::{self, performance as said};

use table::Table;

const CLINIC: Style = Style::new(Face::SemiBold, 13.0, Ink::Text);
const TITLE: Style = Style::new(Face::SemiBold, 20.0, Ink::Accent);
const HEADING: Style = Style::new(Face::SemiBold, 11.0, Ink::Accent);
const BODY: Style = Style::new(Face::Regular, 9.0, Ink::Text);
const SMALL: Style = Style::new(Face::Regular, 7.5, Ink::Muted);

/// What the pages say.
#[derive(Clone, Debug)]
pub struct PerformanceContent {
    pub clinic_name: String,
    pub made_at: Timestamp,
    /// The same for people.
    pub made: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub model: Option<String>,
    pub kind: Option<ImageKind>,
    /// Where lesions without change count as benign.
    pub follow_up_months: Option<u32>,
    pub figures: Performance,
    pub before: AgreementFigures,
    pub after: AgreementFigures,
    pub models: Vec<ModelIdentity>,
    pub drift: DriftReport,
}

/// Renders the figures over as many pages as they need, the same bytes for the same content.
///
/// # Errors
/// [`DocumentError`] when the file cannot be made.
pub fn render_performance(content: &PerformanceContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let sheet = Sheet { fonts: &fonts, measure: paper.measure(), content };
    let mut pieces = sheet.head();
    for part in [
        sheet.confusion(),
        sheet.thresholds(),
        sheet.curve(),
        sheet.calibration(),
        sheet.subgroups(),
        sheet.agreement(),
        sheet.read_first(),
        sheet.drift(),
    ] {
        pieces.extend(part);
    }
    let foot_top = paper.size().1 - BOTTOM - SMALL.leading() - 6.0;
    let bodies = paginate(pieces, foot_top - 10.0 - Paper::top());
    let count = bodies.len();
    let pages: Vec<Fragment> = bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            let mut page = Fragment::new(paper.size().1);
            page.place(body, Paper::left(), Paper::top());
            page.place(sheet.foot(index + 1, count), Paper::left(), foot_top);
            page
        })
        .collect();
    let about = About {
        title: said::PERFORMANCE,
        author: &content.clinic_name,
        created_at: content.made_at,
        sealed: false,
    };
    write(&fonts, paper, &pages, Vec::new(), &about)
}

struct Sheet<'a> {
    fonts: &'a Fonts,
    measure: f32,
    content: &'a PerformanceContent,
}

impl Sheet<'_> {
    fn paragraph(&self, style: Style, text: &str) -> Fragment {
        Fragment::paragraph(self.fonts, style, text, self.measure)
    }

    fn heading(&self, text: &str) -> Piece {
        let mut fragment = Fragment::new(HEADING.leading() + 4.0);
        fragment.text(0.0, HEADING.baseline(), HEADING, text);
        fragment.rule(0.0, HEADING.leading() + 1.0, self.measure, 0.5, Ink::Hairline);
        Piece::new(fragment, 14.0).kept()
    }

    fn source(&self, text: &str) -> Piece {
        Piece::new(self.paragraph(SMALL, text), 3.0)
    }

    fn head(&self) -> Vec<Piece> {
        let content = self.content;
        let counts = content.figures.counts;
        let mut lines = vec![said::period(content.from, content.to)];
        lines.extend(content.kind.map(|kind| said::kind(kind).to_owned()));
        lines.extend(content.model.as_ref().map(|model| format!("model {}", self.model(model))));
        let what = format!(
            "{}: {} with histology, {} by follow-up; {} malignant and {} benign ones were assessed, {} findings leave \
             it open, {} pictures were not assessed.",
            said::LESIONS,
            counts.by_histology,
            counts.by_follow_up,
            counts.malignant,
            counts.benign,
            counts.uncertain,
            counts.not_assessed
        );
        let mut pieces = vec![
            Piece::new(self.paragraph(CLINIC, &content.clinic_name), 0.0).kept(),
            Piece::new(self.paragraph(TITLE, said::PERFORMANCE), 8.0).kept(),
            Piece::new(self.paragraph(BODY, &format!("{}. {}.", content.made, lines.join(", "))), 3.0),
            Piece::new(self.paragraph(BODY, &what), 6.0),
            Piece::new(self.paragraph(BODY, said::WHAT_COUNTS), 6.0),
            Piece::new(self.paragraph(BODY, said::BIAS), 6.0),
        ];
        if let Some(months) = content.follow_up_months {
            pieces.push(Piece::new(self.paragraph(BODY, &said::follow_up(months)), 6.0));
        }
        pieces
    }

    /// Name and version where a reading said them, with the start of the hash.
    fn model(&self, sha256: &str) -> String {
        let short: String = sha256.chars().take(12).collect();
        let known = self.content.models.iter().find(|model| model.sha256 == sha256);
        known.map_or_else(|| short.clone(), |model| format!("{} {} ({short})", model.name, model.version))
    }

    fn confusion(&self) -> Vec<Piece> {
        let matrix = &self.content.figures.confusion;
        if matrix.rows.is_empty() {
            return Vec::new();
        }
        let mut heads = vec![String::new()];
        heads.extend(matrix.columns.iter().map(|column| said::class(column).to_owned()));
        let mut table = Table::even(self.measure, heads, 90.0);
        for (row, cells) in matrix.rows.iter().zip(&matrix.cells) {
            let mut line = vec![said::class(row).to_owned()];
            line.extend(cells.iter().map(u32::to_string));
            table.row(line);
        }
        self.part(said::CONFUSION, table, None)
    }

    fn part(&self, title: &str, table: Table, source: Option<&str>) -> Vec<Piece> {
        let mut pieces = vec![self.heading(title)];
        pieces.extend(table.pieces(self.fonts));
        pieces.extend(source.map(|source| self.source(source)));
        pieces
    }

    fn thresholds(&self) -> Vec<Piece> {
        let mut table = Table::even(self.measure, owned(&said::THRESHOLD_HEADS), 108.0);
        for at in &self.content.figures.thresholds {
            let shares = [&at.sensitivity, &at.specificity, &at.positive_predictive, &at.negative_predictive];
            let mut line = vec![said::from_band(at.from).to_owned()];
            line.extend(shares.map(said::proportion));
            table.row(line);
        }
        let mut pieces = self.part(said::THRESHOLDS, table, Some(said::THRESHOLDS_SOURCE));
        pieces.push(self.source(said::PREVALENCE));
        pieces
    }

    fn curve(&self) -> Vec<Piece> {
        let mut pieces = vec![self.heading(said::CURVE)];
        match &self.content.figures.roc {
            Some(curve) => {
                let area = format!("AUC {}", said::figure(Some(curve.auc), curve.interval));
                pieces.push(Piece::new(self.paragraph(BODY, &area), 0.0).kept());
                pieces.push(Piece::new(plots::curve(self.fonts, curve), 6.0).kept());
            }
            None => pieces.push(Piece::new(self.paragraph(BODY, said::FEW), 0.0).kept()),
        }
        pieces.push(self.source(said::CURVE_SOURCE));
        pieces
    }

    fn calibration(&self) -> Vec<Piece> {
        let Some(figures) = &self.content.figures.calibration else {
            let few = Piece::new(self.paragraph(BODY, said::FEW), 0.0).kept();
            return vec![self.heading(said::CALIBRATION), few, self.source(said::CALIBRATION_SOURCE)];
        };
        let mut table = Table::even(self.measure, owned(&said::CALIBRATION_HEADS), 90.0);
        for bin in &figures.bins {
            table.row(vec![
                format!("{:.0}–{:.0} %", bin.from * 100.0, bin.to * 100.0),
                bin.malignant.of.to_string(),
                bin.said.map_or_else(|| "–".to_owned(), words::percent),
                if bin.malignant.of == 0 { "–".to_owned() } else { said::proportion(&bin.malignant) },
            ]);
        }
        let sums = format!(
            "Expected calibration error {:.3}, Brier score {:.3}",
            figures.expected_error, figures.brier
        );
        let mut pieces = vec![self.heading(said::CALIBRATION)];
        pieces.push(Piece::new(self.paragraph(BODY, &sums), 0.0).kept());
        pieces.push(Piece::new(plots::reliability(self.fonts, figures), 6.0).kept());
        pieces.extend(table.pieces(self.fonts));
        pieces.push(self.source(said::CALIBRATION_SOURCE));
        pieces
    }

    fn subgroups(&self) -> Vec<Piece> {
        if self.content.figures.subgroups.is_empty() {
            return Vec::new();
        }
        let mut table = Table::even(self.measure, owned(&said::SUBGROUP_HEADS), 150.0);
        for group in &self.content.figures.subgroups {
            let key = match group.grouping {
                Grouping::Model => self.model(&group.key),
                grouping => said::key(grouping, &group.key),
            };
            table.row(vec![
                format!("{}: {key}", said::grouping(group.grouping)),
                of_any(&group.sensitivity),
                of_any(&group.specificity),
                said::figure(group.auc, group.auc_interval),
            ]);
        }
        self.part(said::SUBGROUPS, table, Some(said::THRESHOLDS_SOURCE))
    }

    fn agreement(&self) -> Vec<Piece> {
        let mut table = Table::even(self.measure, owned(&said::AGREEMENT_HEADS), 210.0);
        for (when, figures) in
            [("before the reading", &self.content.before), ("after the reading", &self.content.after)]
        {
            for (what, kappa) in [("malignancy", &figures.malignancy), ("class", &figures.class)] {
                table.row(vec![
                    format!("{what}, clinician {when}"),
                    of_any(&kappa.agree),
                    said::kappa(kappa),
                ]);
            }
        }
        self.part(said::AGREEMENT, table, Some(said::AGREEMENT_SOURCE))
    }

    fn read_first(&self) -> Vec<Piece> {
        let figures = &self.content.figures.read_first;
        if figures.lesions == 0 {
            return Vec::new();
        }
        let mut table = Table::even(self.measure, owned(&said::READ_FIRST_HEADS), 150.0);
        for (name, step) in said::STEPS.iter().zip([&figures.alone, &figures.reading, &figures.after]) {
            table.row(vec![(*name).to_owned(), of_any(&step.sensitivity), of_any(&step.specificity)]);
        }
        for (name, tests) in [
            ("Alone against the AI", &figures.alone_and_reading),
            ("Alone against after the AI", &figures.alone_and_after),
        ] {
            let [malignant, benign] = tests;
            table.row(vec![name.to_owned(), said::tested(malignant), said::tested(benign)]);
        }
        let changes = figures.changes;
        let mut pieces = self.part(said::READ_FIRST, table, None);
        let text = format!(
            "After the AI the clinician changed {} of {} lesions: {} to malignant and {} to benign; {} from wrong to \
             right and {} from right to wrong.",
            changes.to_malignant + changes.to_benign,
            figures.lesions,
            changes.to_malignant,
            changes.to_benign,
            changes.helped,
            changes.harmed
        );
        pieces.push(Piece::new(self.paragraph(BODY, &text), 4.0));
        pieces.push(self.source(said::READ_FIRST_SOURCE));
        pieces
    }

    fn drift(&self) -> Vec<Piece> {
        if self.content.drift.months.is_empty() {
            return Vec::new();
        }
        let mut table = Table::even(self.measure, owned(&said::DRIFT_HEADS), 70.0);
        for month in &self.content.drift.months {
            let [benign, suspicious, malignant] = month.bands;
            let stability = month.stability;
            let highest = [stability.malignant_sum, stability.class, stability.quality]
                .into_iter()
                .flatten()
                .reduce(f64::max);
            let mark = if month.warns { " !" } else { "" };
            let index =
                if month.in_reference { "reference".to_owned() } else { said::plain(highest, 2) + mark };
            let fresh = if month.new_models.is_empty() { "" } else { ", new model" };
            table.row(vec![
                format!("{}{fresh}", month.month),
                month.readings.to_string(),
                month.outside.value.map_or_else(|| month.outside.hits.to_string(), words::percent),
                format!("{benign} / {suspicious} / {malignant}"),
                said::plain(month.mean_malignant_sum, 3),
                said::plain(month.quality.score, 2),
                index,
            ]);
        }
        self.part(said::DRIFT, table, Some(said::DRIFT_SOURCE))
    }

    fn foot(&self, number: usize, count: usize) -> Fragment {
        let mut foot = Fragment::new(SMALL.leading() + 6.0);
        foot.rule(0.0, 0.0, self.measure, 0.5, Ink::Hairline);
        foot.text(0.0, 5.0 + SMALL.baseline(), SMALL, &self.content.clinic_name);
        foot.text_right(self.fonts, self.measure, 5.0 + SMALL.baseline(), SMALL, &words::page(number, count));
        foot
    }
}

fn owned(heads: &[&str]) -> Vec<String> {
    heads.iter().map(|head| (*head).to_owned()).collect()
}

/// A share, or a dash where there is none of the kind at all.
fn of_any(share: &Proportion) -> String {
    if share.of == 0 { "–".to_owned() } else { said::proportion(share) }
}
