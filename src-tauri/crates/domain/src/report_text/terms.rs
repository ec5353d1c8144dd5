//! Names of classes and of what a clinician takes a lesion for, as they stand within a sentence.

use crate::model::Label;

use super::TextLanguage;

/// Code, and the name in English, German and Spanish.
const NAMES: &[(&str, [&str; 3])] = &[
    ("nv", ["melanocytic naevus", "melanozytärer Nävus", "nevus melanocítico"]),
    ("mel", ["melanoma", "Melanom", "melanoma"]),
    ("bcc", ["basal cell carcinoma", "Basalzellkarzinom", "carcinoma basocelular"]),
    (
        "scc",
        [
            "squamous cell carcinoma or Bowen's disease",
            "Plattenepithelkarzinom oder Morbus Bowen",
            "carcinoma espinocelular o enfermedad de Bowen",
        ],
    ),
    ("ak", ["actinic keratosis", "aktinische Keratose", "queratosis actínica"]),
    ("bkl", ["benign keratosis", "benigne Keratose", "queratosis benigna"]),
    ("df", ["dermatofibroma", "Dermatofibrom", "dermatofibroma"]),
    ("vasc", ["vascular lesion", "vaskuläre Läsion", "lesión vascular"]),
    ("dysplastic_naevus", ["dysplastic naevus", "dysplastischer Nävus", "nevus displásico"]),
    ("congenital_naevus", ["congenital naevus", "kongenitaler Nävus", "nevus congénito"]),
    ("blue_naevus", ["blue naevus", "blauer Nävus", "nevus azul"]),
    ("spitz_naevus", ["Spitz naevus", "Spitz-Nävus", "nevus de Spitz"]),
    ("melanoma_in_situ", ["melanoma in situ", "Melanoma in situ", "melanoma in situ"]),
    ("lentigo_maligna", ["lentigo maligna", "Lentigo maligna", "lentigo maligno"]),
    (
        "nodular_bcc",
        ["nodular basal cell carcinoma", "noduläres Basalzellkarzinom", "carcinoma basocelular nodular"],
    ),
    ("bowen", ["Bowen's disease", "Morbus Bowen", "enfermedad de Bowen"]),
    ("keratoacanthoma", ["keratoacanthoma", "Keratoakanthom", "queratoacantoma"]),
    ("seborrhoeic_keratosis", ["seborrhoeic keratosis", "seborrhoische Keratose", "queratosis seborreica"]),
    ("solar_lentigo", ["solar lentigo", "Lentigo solaris", "léntigo solar"]),
    ("haemangioma", ["haemangioma", "Hämangiom", "hemangioma"]),
    ("angiokeratoma", ["angiokeratoma", "Angiokeratom", "angioqueratoma"]),
    ("pyogenic_granuloma", ["pyogenic granuloma", "pyogenes Granulom", "granuloma piógeno"]),
    ("wart", ["viral wart", "virale Warze", "verruga vírica"]),
    ("eczema", ["eczema", "Ekzem", "eccema"]),
    ("psoriasis", ["psoriasis", "Psoriasis", "psoriasis"]),
];

/// The name of a term; nothing for one that is said in a clinician's own words.
pub(super) fn term(code: &str, language: TextLanguage) -> Option<&'static str> {
    let (_, names) = NAMES.iter().find(|(known, _)| *known == code)?;
    Some(names[language as usize])
}

/// The name of a class; that of its model's card where this table does not know it.
pub(super) fn class(label: &Label, language: TextLanguage) -> String {
    term(&label.code, language).map_or_else(|| label.name.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::impression::TERMS;

    #[test]
    fn every_term_of_the_clinic_has_a_name_in_every_language() {
        for known in TERMS {
            for language in TextLanguage::ALL {
                assert!(term(known.code, language).is_some_and(|name| !name.is_empty()), "{}", known.code);
            }
        }
        assert_eq!(NAMES.len(), TERMS.len());
        assert_eq!(term(crate::impression::OTHER, TextLanguage::En), None);
    }
}
