//! What a tumour is under the microscope, in the morphology codes of ICD-O-3.
//!
//! A code is four digits of histology, a slash, and a digit of behaviour (Fritz et al., *International
//! Classification of Diseases for Oncology*, 3rd edition, WHO 2000, section "Morphology"; codes run from
//! 8000/0 to 9993/3). The table holds the entities of the skin that a biopsy commonly brings: the codes are
//! those of LeBoit et al., *WHO Classification of Tumours: Skin Tumours*, IARC 2005, and of the ICD-O-3
//! value sets of HL7 FHIR (`http://terminology.hl7.org/CodeSystem/icd-o-3`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::model::Malignancy;

/// The fifth digit of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// `/0`; also what is no tumour at all.
    Benign,
    /// `/1`: borderline, or uncertain whether benign or malignant.
    Uncertain,
    /// `/2`; also what is about to become a carcinoma.
    InSitu,
    /// `/3`, and `/6` and `/9` for what has spread.
    Malignant,
}

/// An entity with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Morphology {
    pub code: &'static str,
    /// English term for documents.
    pub name: &'static str,
}

/// The behaviour that a code states, where it is one at all.
#[must_use]
pub fn behaviour_of(code: &str) -> Option<Behaviour> {
    let (histology, behaviour) = code.split_once('/')?;
    let digits = histology.len() == 4 && histology.bytes().all(|b| b.is_ascii_digit());
    let within = (8000..=9993).contains(&histology.parse::<u32>().ok()?);
    if !digits || !within {
        return None;
    }
    match behaviour {
        "0" => Some(Behaviour::Benign),
        "1" => Some(Behaviour::Uncertain),
        "2" => Some(Behaviour::InSitu),
        "3" | "6" | "9" => Some(Behaviour::Malignant),
        _ => None,
    }
}

/// The entity of the table that has this code.
#[must_use]
pub fn known(code: &str) -> Option<&'static Morphology> {
    SKIN.iter().find(|entity| entity.code == code)
}

/// How an opinion about a lesion stands to what the pathologist found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    Agrees,
    Disagrees,
    /// There is no opinion, or the pathologist leaves it open.
    NotComparable,
}

/// Compares by malignancy class. What is in situ answers both to "premalignant" and to "malignant": a
/// melanoma in situ was rightly called melanoma, and Bowen's disease a precursor.
#[must_use]
pub const fn agreement(opinion: Option<Malignancy>, found: Behaviour) -> Agreement {
    let Some(opinion) = opinion else { return Agreement::NotComparable };
    let same = match found {
        Behaviour::Uncertain => return Agreement::NotComparable,
        Behaviour::Benign => matches!(opinion, Malignancy::Benign),
        Behaviour::InSitu => matches!(opinion, Malignancy::Premalignant | Malignancy::Malignant),
        Behaviour::Malignant => matches!(opinion, Malignancy::Malignant),
    };
    if same { Agreement::Agrees } else { Agreement::Disagrees }
}

macro_rules! entities {
    ($($code:literal $name:literal,)+) => { &[$(Morphology { code: $code, name: $name },)+] };
}

/// Common entities of the skin, by code.
pub const SKIN: &[Morphology] = entities! {
    "8051/3" "Verrucous carcinoma",
    "8070/2" "Squamous cell carcinoma in situ",
    "8070/3" "Squamous cell carcinoma",
    "8074/3" "Squamous cell carcinoma, spindle cell",
    "8075/3" "Squamous cell carcinoma, acantholytic",
    "8081/2" "Bowen disease",
    "8090/3" "Basal cell carcinoma",
    "8091/3" "Basal cell carcinoma, superficial",
    "8092/3" "Basal cell carcinoma, infiltrating",
    "8093/3" "Basal cell carcinoma, fibroepithelial",
    "8094/3" "Basosquamous carcinoma",
    "8097/3" "Basal cell carcinoma, nodular",
    "8100/0" "Trichoepithelioma",
    "8102/0" "Trichilemmoma",
    "8110/0" "Pilomatricoma",
    "8247/3" "Merkel cell carcinoma",
    "8410/0" "Sebaceous adenoma",
    "8410/3" "Sebaceous carcinoma",
    "8720/0" "Melanocytic naevus",
    "8720/2" "Melanoma in situ",
    "8720/3" "Melanoma",
    "8721/3" "Nodular melanoma",
    "8722/3" "Balloon cell melanoma",
    "8723/0" "Halo naevus",
    "8727/0" "Dysplastic naevus",
    "8730/3" "Amelanotic melanoma",
    "8740/0" "Junctional naevus",
    "8742/2" "Lentigo maligna",
    "8742/3" "Lentigo maligna melanoma",
    "8743/3" "Superficial spreading melanoma",
    "8744/3" "Acral lentiginous melanoma",
    "8745/3" "Desmoplastic melanoma",
    "8750/0" "Intradermal naevus",
    "8760/0" "Compound naevus",
    "8761/0" "Congenital melanocytic naevus",
    "8770/0" "Spitz naevus",
    "8780/0" "Blue naevus",
    "8780/3" "Melanoma arising in a blue naevus",
    "8790/0" "Cellular blue naevus",
    "8830/1" "Atypical fibroxanthoma",
    "8832/0" "Dermatofibroma",
    "8832/3" "Dermatofibrosarcoma protuberans",
    "8850/0" "Lipoma",
    "8890/0" "Leiomyoma",
    "9120/0" "Haemangioma",
    "9120/3" "Angiosarcoma",
    "9140/3" "Kaposi sarcoma",
    "9141/0" "Angiokeratoma",
    "9540/0" "Neurofibroma",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_has_a_real_code_once_and_in_order() {
        for pair in SKIN.windows(2) {
            assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
        }
        for entity in SKIN {
            assert!(behaviour_of(entity.code).is_some(), "{}", entity.code);
        }
        assert_eq!(known("8743/3").unwrap().name, "Superficial spreading melanoma");
        assert_eq!(known("8743/2"), None);
    }

    #[test]
    fn a_code_is_four_digits_and_a_behaviour() {
        assert_eq!(behaviour_of("8720/0"), Some(Behaviour::Benign));
        assert_eq!(behaviour_of("8830/1"), Some(Behaviour::Uncertain));
        assert_eq!(behaviour_of("8081/2"), Some(Behaviour::InSitu));
        assert_eq!(behaviour_of("8720/6"), Some(Behaviour::Malignant));
        for bad in
            ["", "8720", "8720/", "8720/4", "8720/33", "872/3", "+872/3", "7999/0", "9994/3", "M8720/3"]
        {
            assert_eq!(behaviour_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn opinions_are_compared_by_malignancy() {
        use Agreement::{Agrees, Disagrees, NotComparable};
        use Malignancy::{Benign, Malignant, Premalignant};
        for (opinion, found, expected) in [
            (Some(Benign), Behaviour::Benign, Agrees),
            (Some(Benign), Behaviour::Malignant, Disagrees),
            (Some(Malignant), Behaviour::Benign, Disagrees),
            (Some(Malignant), Behaviour::InSitu, Agrees),
            (Some(Premalignant), Behaviour::InSitu, Agrees),
            (Some(Premalignant), Behaviour::Malignant, Disagrees),
            (Some(Malignant), Behaviour::Uncertain, NotComparable),
            (None, Behaviour::Malignant, NotComparable),
        ] {
            assert_eq!(agreement(opinion, found), expected, "{opinion:?} and {found:?}");
        }
    }
}
