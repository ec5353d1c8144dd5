//! Body sites and their codes.
//!
//! The codes are SNOMED CT body structures as DICOM lists them for dermatology (PS3.16, CID 4029
//! "Dermatology Anatomic Site", version 20240913): structures of the skin, side left out and said apart
//! ([`Laterality`](crate::lesion::Laterality), CID 244 and 245). That list has front and back of arm and
//! leg but no whole segment of a limb; those, and what else it lacks, are from HL7's value set of anatomic
//! locations of skin wounds (shoulder, upper arm, thigh, wrist, perianal area), HL7 Belgium's body sites
//! (forearm, elbow), HL7 FHIM's exterior body sites (knee), the anatomy codes of the GTEx slides converted to
//! DICOM (lower leg), SNOMED International's guide to decision support (ankle) and SNOMED CT itself (sole).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A term of a coding scheme, as DICOM and FHIR carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CodedTerm {
    /// Coding scheme designator of DICOM PS3.16, section 8: `SCT` is SNOMED CT (`http://snomed.info/sct`).
    pub scheme: &'static str,
    pub code: &'static str,
    pub meaning: &'static str,
}

macro_rules! sites {
    ($($variant:ident => $name:literal, $code:literal, $meaning:literal;)+) => {
        /// Where on the body a lesion is, from head to foot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum BodySite {
            $($variant,)+
        }

        impl BodySite {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// English name for documents.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The body structure of SNOMED CT.
            #[must_use]
            pub const fn term(self) -> CodedTerm {
                match self {
                    $(Self::$variant => CodedTerm { scheme: "SCT", code: $code, meaning: $meaning },)+
                }
            }
        }
    };
}

sites! {
    Scalp => "Scalp", "43067004", "Skin of scalp";
    Forehead => "Forehead", "68698007", "Skin of forehead";
    Temple => "Temple", "16621002", "Skin of temporal region";
    EyeRegion => "Eyelid or eye region", "362916000", "Skin of eye region";
    Ear => "Ear", "1902009", "Skin of ear";
    Nose => "Nose", "113179006", "Skin of nose";
    Cheek => "Cheek", "36141000", "Skin of cheek";
    Lip => "Lip", "88089004", "Skin of lip";
    Chin => "Chin", "23747009", "Skin of chin";
    Face => "Face", "73897004", "Skin of face";
    Neck => "Neck", "43081002", "Skin of neck";
    Chest => "Chest", "244106003", "Skin of anterior surface of thorax";
    Breast => "Breast", "82038008", "Skin of breast";
    Axilla => "Axilla", "76261009", "Skin of axilla";
    Abdomen => "Abdomen", "75093004", "Skin of abdomen";
    Groin => "Groin", "39687006", "Skin of inguinal region";
    GenitalRegion => "Genital region", "60944009", "Skin of external genitalia";
    UpperBack => "Upper back", "699893008", "Skin of back of upper thoracic region";
    Back => "Back", "66643007", "Skin of back";
    LowerBack => "Lower back", "113182001", "Skin of lower back";
    Buttock => "Buttock", "22180002", "Skin of buttock";
    PerianalRegion => "Perianal region", "21308002", "Skin structure of perianal area";
    Shoulder => "Shoulder", "76552005", "Skin structure of shoulder";
    UpperArm => "Upper arm", "371309009", "Skin structure of upper arm";
    Elbow => "Elbow", "74757004", "Skin structure of elbow";
    Forearm => "Forearm", "5742000", "Skin structure of forearm";
    Wrist => "Wrist", "24785000", "Skin structure of wrist region";
    Hand => "Hand", "33712006", "Skin of hand";
    Palm => "Palm", "70887009", "Skin of palm of hand";
    Finger => "Finger", "244169007", "Skin of digit of hand";
    FingerNail => "Fingernail", "770809003", "Nail unit of finger";
    Thigh => "Thigh", "371305003", "Skin structure of thigh";
    Knee => "Knee", "63464009", "Skin structure of knee";
    LowerLeg => "Lower leg", "75144006", "Skin of lower leg";
    Ankle => "Ankle", "67269001", "Skin structure of ankle";
    Foot => "Foot", "60496002", "Skin of foot";
    Heel => "Heel", "84607009", "Skin of heel";
    Sole => "Sole of foot", "57999000", "Structure of sole of foot";
    Toe => "Toe", "52034004", "Skin of toe";
    ToeNail => "Toenail", "770805009", "Nail unit of toe";
    Other => "Other site", "39937001", "Skin";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The check digit of a SNOMED CT identifier (Verhoeff 1969; SNOMED CT release file specification, 6.3).
    fn verhoeff(digits: &str) -> u8 {
        const TURNS: [[u8; 10]; 2] = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]];
        let turned = |digit: u8, times: usize| (0..times).fold(digit, |d, _| TURNS[1][usize::from(d)]);
        // Multiplication in the dihedral group of the pentagon.
        let times = |a: u8, b: u8| match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => 5 + (a + b - 5) % 5,
            (false, true) => 5 + (a - 5 + 5 - b) % 5,
            (false, false) => (a + 5 - b) % 5,
        };
        digits
            .bytes()
            .rev()
            .enumerate()
            .fold(0, |sum, (place, byte)| times(sum, turned(byte - b'0', place % 8)))
    }

    #[test]
    fn every_site_has_a_well_formed_code_of_its_own() {
        assert_ne!(verhoeff("43067005"), 0, "the check must be able to fail");
        let mut codes = HashSet::new();
        for site in BodySite::ALL {
            let term = site.term();
            assert_eq!(verhoeff(term.code), 0, "{site:?}");
            // A concept identifier of the international edition ends in 00 before its check digit.
            assert_eq!(&term.code[term.code.len() - 3..term.code.len() - 1], "00", "{site:?}");
            assert!(codes.insert(term.code), "{site:?}");
        }
    }

    #[test]
    fn sites_of_older_records_still_read() {
        for word in [
            "scalp",
            "face",
            "ear",
            "neck",
            "chest",
            "abdomen",
            "back",
            "buttock",
            "genital_region",
            "shoulder",
            "upper_arm",
            "forearm",
            "hand",
            "thigh",
            "lower_leg",
            "foot",
            "other",
        ] {
            let site: BodySite = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(site).unwrap(), word);
        }
    }
}
