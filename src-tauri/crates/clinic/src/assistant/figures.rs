//! Figures of this clinic in answers: of its settings, of the model in use by its card, of its backups. What is not
//! known is not said.

use domain::assistant::Figure;
use domain::report_text::{TextLanguage, date, percent};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::backups::{self, BackupRunKind};
use records::{Reading, RecordsError, deletions};
use serde_json::Value;
use vision::card::ModelCard;

use crate::models::stored;
use crate::session::Office;
use crate::{password, settings};

/// What the records know; the model's card is read when it is asked for.
pub(super) struct Figures {
    lock_minutes: u64,
    retention_days: u32,
    last_backup: Option<Date>,
}

impl Figures {
    pub fn read(tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        let backup = backups::last_good(tx, BackupRunKind::Backup)?;
        Ok(Self {
            lock_minutes: settings::idle_lock(tx)?.as_mins().unsigned_abs(),
            retention_days: deletions::retention_days(tx)?,
            last_backup: backup.map(|run| run.ended_at.to_zoned(TimeZone::system()).date()),
        })
    }

    pub fn say(&self, figure: Figure, language: TextLanguage, office: &Office) -> Option<String> {
        match figure {
            Figure::LockMinutes => Some(self.lock_minutes.to_string()),
            Figure::RetentionDays => Some(self.retention_days.to_string()),
            Figure::PasswordLength => Some(password::MIN_LENGTH.to_string()),
            Figure::LastBackup => self.last_backup.map(|day| date(day, language)),
            _ => of_card(figure, language, stored::in_use(office).ok()?.card()),
        }
    }
}

fn of_card(figure: Figure, language: TextLanguage, card: &ModelCard) -> Option<String> {
    let metrics = &card.metrics;
    let share = |value: &Value| value.as_f64().map(|share| percent(share, language));
    let interval = |bounds: &Value| {
        Some((share(&bounds[0])?, share(&bounds[1])?)).map(|(low, high)| between(&low, &high))
    };
    let suspicious = &metrics["bands"]["suspicious"];
    match figure {
        Figure::Model => Some(format!("{} {}", card.name, card.version)),
        Figure::Classes => Some(card.labels.len().to_string()),
        Figure::ModelPictures => metrics["all"]["images"].as_u64().map(|count| thousands(count, language)),
        Figure::Accuracy => share(&metrics["all"]["accuracy"]["value"]),
        Figure::AccuracyInterval => interval(&metrics["all"]["accuracy"]["ci95"]),
        Figure::MelanomaRecall => share(&metrics["by_class"]["mel"]["recall"]),
        Figure::MelanomaRecallInterval => interval(&metrics["by_class"]["mel"]["recall_ci95"]),
        Figure::Sensitivity => share(&suspicious["sensitivity"]),
        Figure::SensitivityInterval => interval(&suspicious["sensitivity_ci95"]),
        Figure::Specificity => share(&suspicious["specificity"]),
        Figure::SpecificityInterval => interval(&suspicious["specificity_ci95"]),
        Figure::Coverage => card.conformal.map(|conformal| percent(1.0 - conformal.alpha, language)),
        Figure::NamedFrom => Some(percent(card.thresholds.inconclusive_below, language)),
        Figure::LockMinutes | Figure::RetentionDays | Figure::PasswordLength | Figure::LastBackup => None,
    }
}

/// Two bounds of an interval.
fn between(low: &str, high: &str) -> String {
    format!("{low} – {high}")
}

fn thousands(count: u64, language: TextLanguage) -> String {
    let digits = count.to_string();
    let mark = match language {
        TextLanguage::En => ',',
        TextLanguage::De => '.',
        TextLanguage::Es => '\u{202f}',
    };
    // Spanish writes four digits without a gap.
    if digits.len() <= 3 || (language == TextLanguage::Es && digits.len() == 4) {
        return digits;
    }
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(mark);
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_each_language_does() {
        for (count, language, written) in [
            (1_724, TextLanguage::En, "1,724"),
            (1_724, TextLanguage::De, "1.724"),
            (1_724, TextLanguage::Es, "1724"),
            (12_345, TextLanguage::Es, "12\u{202f}345"),
            (999, TextLanguage::En, "999"),
        ] {
            assert_eq!(thousands(count, language), written);
        }
    }
}
