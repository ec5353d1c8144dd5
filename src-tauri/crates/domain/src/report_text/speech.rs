//! Numbers, dates and counted things as each language writes them.

use jiff::civil::Date;

use crate::measure::DermoscopicColour;

use super::TextLanguage::{self, De, En, Es};

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// A day, its month as a word.
#[must_use]
pub fn date(day: Date, language: TextLanguage) -> String {
    let at = usize::try_from(day.month() - 1).unwrap_or(0);
    let (number, year) = (day.day(), day.year());
    match language {
        En => format!("{number} {} {year}", MONTHS_EN[at]),
        De => format!("{number}. {} {year}", MONTHS_DE[at]),
        Es => format!("{number} de {} de {year}", MONTHS_ES[at]),
    }
}

fn number(value: f64, decimals: usize, language: TextLanguage) -> String {
    let written = format!("{value:.decimals$}");
    match language {
        En => written,
        De | Es => written.replace('.', ","),
    }
}

/// A share of 0 to 1. None rounds to certainty, as on the printed tables.
#[must_use]
pub fn percent(share: f64, language: TextLanguage) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.1 {
        format!("< {} %", number(0.1, 1, language))
    } else if value < 100.0 && value > 99.9 {
        format!("> {} %", number(99.9, 1, language))
    } else {
        format!("{} %", number(value, 1, language))
    }
}

/// A ratio as a change, with its sign.
pub(super) fn change(ratio: f64, language: TextLanguage) -> String {
    let value = ((ratio - 1.0) * 100.0).round();
    let sign = match value {
        v if v > 0.0 => "+",
        v if v < 0.0 => "\u{2212}",
        _ => "",
    };
    format!("{sign}{} %", number(value.abs(), 0, language))
}

pub(super) fn interval(low: f64, high: f64, language: TextLanguage) -> String {
    let to = match language {
        En => "to",
        De => "bis",
        Es => "a",
    };
    format!("{} {to} {}", change(low, language), change(high, language))
}

/// A length or an area; a lower bound where the lesion is cut off.
pub(super) fn size(value: f64, unit: &str, least: bool, language: TextLanguage) -> String {
    let written = format!("{} {unit}", number(value, 1, language));
    match (least, language) {
        (false, _) => written,
        (true, En) => format!("at least {written}"),
        (true, De) => format!("mindestens {written}"),
        (true, Es) => format!("al menos {written}"),
    }
}

/// A sum of points, without a decimal that says nothing.
pub(super) fn score(value: f64, language: TextLanguage) -> String {
    number(value, usize::from(value.fract().abs() > 1e-9), language)
}

pub(super) fn axes(count: u8, language: TextLanguage) -> String {
    match language {
        En => format!("{count} of 2 axes"),
        De => format!("{count} von 2 Achsen"),
        Es => format!("{count} de 2 ejes"),
    }
}

pub(super) fn segments(count: u8, language: TextLanguage) -> String {
    match language {
        En => format!("{count} of 8 segments"),
        De => format!("{count} von 8 Segmenten"),
        Es => format!("{count} de 8 segmentos"),
    }
}

pub(super) fn photographs(count: usize, language: TextLanguage) -> String {
    match (language, count) {
        (En, 1) => "1 photograph".to_owned(),
        (En, _) => format!("{count} photographs"),
        (De, 1) => "1 Aufnahme".to_owned(),
        (De, _) => format!("{count} Aufnahmen"),
        (Es, 1) => "1 fotografía".to_owned(),
        (Es, _) => format!("{count} fotografías"),
    }
}

pub(super) fn in_months(months: u32, language: TextLanguage) -> String {
    match (language, months) {
        (En, 1) => "in 1 month".to_owned(),
        (En, _) => format!("in {months} months"),
        (De, 1) => "in 1 Monat".to_owned(),
        (De, _) => format!("in {months} Monaten"),
        (Es, 1) => "en 1 mes".to_owned(),
        (Es, _) => format!("en {months} meses"),
    }
}

/// Colours of dermoscopy, the largest first.
pub(super) fn colours(found: &[DermoscopicColour], language: TextLanguage) -> String {
    let names: Vec<&str> = found.iter().map(|colour| colour_name(*colour, language)).collect();
    names.join(", ")
}

const fn colour_name(colour: DermoscopicColour, language: TextLanguage) -> &'static str {
    use DermoscopicColour as C;
    match (language, colour) {
        (En, C::White) => "white",
        (En, C::Red) => "red",
        (En, C::LightBrown) => "light brown",
        (En, C::DarkBrown) => "dark brown",
        (En, C::BlueGrey) => "blue-grey",
        (En, C::Black) => "black",
        (De, C::White) => "weiß",
        (De, C::Red) => "rot",
        (De, C::LightBrown) => "hellbraun",
        (De, C::DarkBrown) => "dunkelbraun",
        (De, C::BlueGrey) => "blaugrau",
        (De, C::Black) => "schwarz",
        (Es, C::White) => "blanco",
        (Es, C::Red) => "rojo",
        (Es, C::LightBrown) => "marrón claro",
        (Es, C::DarkBrown) => "marrón oscuro",
        (Es, C::BlueGrey) => "azul grisáceo",
        (Es, C::Black) => "negro",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn each_language_writes_numbers_and_dates_its_own_way() {
        let said = |language| {
            [
                size(6.44, "mm", false, language),
                percent(0.8312, language),
                date(day(2026, 3, 5), language),
                change(1.336, language),
                interval(0.9, 1.2, language),
                in_months(3, language),
                score(5.5, language),
            ]
        };
        assert_eq!(
            said(En),
            ["6.4 mm", "83.1 %", "5 March 2026", "+34 %", "−10 % to +20 %", "in 3 months", "5.5"]
        );
        assert_eq!(
            said(De),
            ["6,4 mm", "83,1 %", "5. März 2026", "+34 %", "−10 % bis +20 %", "in 3 Monaten", "5,5"]
        );
        assert_eq!(
            said(Es),
            ["6,4 mm", "83,1 %", "5 de marzo de 2026", "+34 %", "−10 % a +20 %", "en 3 meses", "5,5"]
        );
    }

    #[test]
    fn nothing_rounds_to_certainty_and_no_change_has_no_sign() {
        assert_eq!([percent(0.0004, De), percent(0.9996, En)], ["< 0,1 %", "> 99.9 %"]);
        assert_eq!([change(1.0, En), change(0.999, En), score(3.0, De)], ["0 %", "0 %", "3"]);
        assert_eq!(size(4.0, "mm²", true, Es), "al menos 4,0 mm²");
    }
}
