//! Words of old records, in English, German and Spanish.

use domain::lesion::{BodySite, Laterality};
use domain::patient::{FitzpatrickType, Sex};

/// Letters and digits alone, in lower case and without accents: what two spellings have in common.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => key.push_str("ae"),
            'ö' => key.push_str("oe"),
            'ü' => key.push_str("ue"),
            'ß' => key.push_str("ss"),
            'á' | 'à' | 'â' => key.push('a'),
            'é' | 'è' | 'ê' => key.push('e'),
            'í' => key.push('i'),
            'ó' => key.push('o'),
            'ú' => key.push('u'),
            'ñ' => key.push('n'),
            c if c.is_alphanumeric() => key.push(c),
            _ => {}
        }
    }
    key
}

/// In a column that knows an `H`, for *hombre*, an `M` is a *mujer*.
pub(super) fn sex(text: &str, spanish: bool) -> Option<Sex> {
    Some(match key(text).as_str() {
        "m" if spanish => Sex::Female,
        "f" | "female" | "w" | "weiblich" | "frau" | "woman" | "mujer" | "femenino" | "femenina" => {
            Sex::Female
        }
        "m" | "male" | "maennlich" | "mann" | "man" | "h" | "hombre" | "masculino" => Sex::Male,
        "d" | "divers" | "o" | "other" | "x" | "otro" | "otra" => Sex::Other,
        "" | "u" | "unknown" | "unbekannt" | "desconocido" => Sex::Unknown,
        _ => return None,
    })
}

pub(super) fn is_hombre(text: &str) -> bool {
    matches!(key(text).as_str(), "h" | "hombre")
}

pub(super) fn yes(text: &str) -> Option<bool> {
    Some(match key(text).as_str() {
        "1" | "y" | "yes" | "j" | "ja" | "s" | "si" | "true" | "wahr" | "x" => true,
        "" | "0" | "n" | "no" | "nein" | "false" | "falsch" => false,
        _ => return None,
    })
}

pub(super) fn phototype(text: &str) -> Option<Option<FitzpatrickType>> {
    use FitzpatrickType::{I, II, III, IV, V, VI};
    let word = key(text);
    let bare = ["fitzpatrick", "type", "typ", "tipo", "fototyp", "fototipo", "skin"]
        .iter()
        .fold(word.as_str(), |rest, before| rest.strip_prefix(before).unwrap_or(rest));
    Some(match bare {
        "" => None,
        "1" | "i" => Some(I),
        "2" | "ii" => Some(II),
        "3" | "iii" => Some(III),
        "4" | "iv" => Some(IV),
        "5" | "v" => Some(V),
        "6" | "vi" => Some(VI),
        _ => return None,
    })
}

pub(super) fn side(text: &str) -> Option<Laterality> {
    Some(match key(text).as_str() {
        "l" | "left" | "links" | "li" | "izquierda" | "izquierdo" | "izq" => Laterality::Left,
        "r" | "right" | "rechts" | "re" | "derecha" | "derecho" | "der" => Laterality::Right,
        "m" | "mid" | "midline" | "median" | "mitte" | "medio" | "central" => Laterality::Midline,
        "" | "na" | "none" | "keine" | "ninguno" => Laterality::NotApplicable,
        _ => return None,
    })
}

/// A site with the side that its words say.
pub(super) fn site(text: &str) -> (Option<BodySite>, Option<Laterality>) {
    let words: Vec<String> = text.split_whitespace().map(key).filter(|word| !word.is_empty()).collect();
    let mut telling = words.iter().filter(|word| word.len() > 1 && !FILLERS.contains(&word.as_str()));
    let said = telling.find_map(|word| side(word));
    let named: Vec<&str> = words
        .iter()
        .filter(|word| word.len() == 1 || side(word).is_none())
        .map(String::as_str)
        .filter(|word| !FILLERS.contains(word))
        .collect();
    (site_of(&named.concat()), said)
}

fn site_of(word: &str) -> Option<BodySite> {
    let own = |site: &&BodySite| {
        let stored = serde_json::to_value(site).ok();
        key(site.name()) == word || stored.and_then(|s| s.as_str().map(key)).is_some_and(|s| s == word)
    };
    let listed = || SITES.iter().find(|(_, words)| words.contains(&word)).map(|(site, _)| *site);
    BodySite::ALL.iter().find(own).copied().or_else(listed)
}

const FILLERS: [&str; 12] = ["of", "the", "skin", "der", "die", "das", "am", "de", "la", "el", "del", "haut"];

const SITES: &[(BodySite, &[&str])] = &[
    (BodySite::Scalp, &["kopfhaut", "kapillitium", "head", "kopf", "cuerocabelludo", "cabeza"]),
    (BodySite::Forehead, &["stirn", "frente"]),
    (BodySite::Temple, &["schlaefe", "sien"]),
    (BodySite::EyeRegion, &["eyelid", "eye", "augenlid", "lid", "auge", "parpado", "ojo"]),
    (BodySite::Ear, &["ohr", "ohrmuschel", "oreja"]),
    (BodySite::Nose, &["nase", "nariz"]),
    (BodySite::Cheek, &["wange", "mejilla"]),
    (BodySite::Lip, &["lippe", "labio"]),
    (BodySite::Chin, &["kinn", "menton", "barbilla"]),
    (BodySite::Face, &["gesicht", "cara", "rostro"]),
    (BodySite::Neck, &["hals", "nacken", "cuello", "nuca"]),
    (
        BodySite::Chest,
        &["brustkorb", "thorax", "pecho", "torax", "anteriortorso", "trunk", "torso", "rumpf", "tronco"],
    ),
    (BodySite::Breast, &["brust", "mamma", "mama"]),
    (BodySite::Axilla, &["armpit", "achsel", "achselhoehle", "axila"]),
    (BodySite::Abdomen, &["belly", "bauch", "abdomen", "vientre"]),
    (BodySite::Groin, &["leiste", "ingle"]),
    (BodySite::GenitalRegion, &["genital", "genitals", "genitalbereich", "genitales"]),
    (BodySite::UpperBack, &["obererruecken", "espaldasuperior"]),
    (BodySite::Back, &["ruecken", "espalda", "dorso", "posteriortorso"]),
    (BodySite::LowerBack, &["untererruecken", "lende", "lumbar", "espaldainferior"]),
    (BodySite::Buttock, &["buttocks", "gesaess", "nalga", "gluteo"]),
    (BodySite::PerianalRegion, &["perianal"]),
    (BodySite::Shoulder, &["schulter", "hombro"]),
    (BodySite::UpperArm, &["arm", "oberarm", "brazo", "upperextremity"]),
    (BodySite::Elbow, &["ellenbogen", "ellbogen", "codo"]),
    (BodySite::Forearm, &["unterarm", "antebrazo", "lowerarm"]),
    (BodySite::Wrist, &["handgelenk", "muneca"]),
    (BodySite::Hand, &["handruecken", "mano"]),
    (BodySite::Palm, &["handflaeche", "palma"]),
    (BodySite::Finger, &["daumen", "thumb", "dedo"]),
    (BodySite::FingerNail, &["nail", "nagel", "fingernagel", "una"]),
    (BodySite::Thigh, &["oberschenkel", "muslo"]),
    (BodySite::Knee, &["knie", "rodilla"]),
    (
        BodySite::LowerLeg,
        &["leg", "calf", "shin", "bein", "unterschenkel", "wade", "pierna", "pantorrilla", "lowerextremity"],
    ),
    (BodySite::Ankle, &["knoechel", "sprunggelenk", "tobillo"]),
    (BodySite::Foot, &["fuss", "fussruecken", "pie"]),
    (BodySite::Heel, &["ferse", "talon"]),
    (BodySite::Sole, &["sole", "fusssohle", "sohle", "planta"]),
    (BodySite::Toe, &["zeh", "zehe", "dedopie"]),
    (BodySite::ToeNail, &["zehennagel"]),
    (BodySite::Other, &["other", "andere", "sonstige", "otro", "otra", "unknown", "unbekannt"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_in_three_languages() {
        assert_eq!(
            ["weiblich", "Mann", "D", "", "?!a"].map(|word| sex(word, false)),
            [Some(Sex::Female), Some(Sex::Male), Some(Sex::Other), Some(Sex::Unknown), None]
        );
        assert_eq!((sex("M", false), sex("M", true)), (Some(Sex::Male), Some(Sex::Female)));
        assert_eq!(
            ["Ja", "Sí", "x", "nein", "", "maybe"].map(yes),
            [Some(true), Some(true), Some(true), Some(false), Some(false), None]
        );
        assert_eq!(phototype("Fitzpatrick III"), Some(Some(FitzpatrickType::III)));
        assert_eq!((phototype(""), phototype("9")), (Some(None), None));
        assert_eq!(site("Rücken"), (Some(BodySite::Back), None));
        assert_eq!(site("Unterschenkel links"), (Some(BodySite::LowerLeg), Some(Laterality::Left)));
        assert_eq!(site("left lower leg"), (Some(BodySite::LowerLeg), Some(Laterality::Left)));
        assert_eq!(site("espalda"), (Some(BodySite::Back), None));
        assert_eq!(site("lower_leg"), (Some(BodySite::LowerLeg), None));
        assert_eq!(site("somewhere"), (None, None));
    }

    #[test]
    fn every_word_of_a_site_can_be_met() {
        for (site, words) in SITES {
            for word in *words {
                assert_eq!(key(word), *word, "{site:?}");
                assert_eq!(site_of(word), Some(*site), "{word}");
            }
        }
    }
}
