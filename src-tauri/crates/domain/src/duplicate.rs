//! Whether two records are of one person: evidence weighed after Fellegi and Sunter (J Am Stat Assoc 1969).
//!
//! Each comparison of a field ends in a finding with two probabilities: m, that two records of the *same*
//! person show it, and u, that two records of *different* people do. It weighs log2(m/u) bits; findings are
//! taken as independent and their bits added. People of one household break that assumption (they share
//! name and telephone), so a score is a reason to look and never decides.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Share of newly typed people who are on record already; spread over all patients it is the prior.
const SHARE_KNOWN: f64 = 0.05;
/// A clinic with fewer patients is weighed as if it had so many.
const FEWEST: u64 = 1_000;
/// From this probability on a person is warned, in per cent.
pub const WARN_FROM: u8 = 5;

macro_rules! findings {
    ($($(#[doc = $doc:literal])* $name:ident => $m:literal, $u:literal;)+) => {
        /// What comparing one field showed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum DuplicateFinding {
            $($(#[doc = $doc])* $name,)+
        }

        impl DuplicateFinding {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// (m, u) of the finding.
            const fn chances(self) -> (f64, f64) {
                match self { $(Self::$name => ($m, $u),)+ }
            }
        }
    };
}

// m from how often details are mistyped or change (marriage, a new telephone); u from how often they agree
// by chance: a common family name is borne by one in 500, a day of birth shared by one in 25,000.
findings! {
    SameFamilyName => 0.88, 0.002;
    FamilyNameOneLetterOff => 0.04, 0.003;
    FamilyNameSoundsAlike => 0.01, 0.003;
    /// One of several family names agrees.
    FamilyNameInPart => 0.03, 0.004;
    DifferentFamilyName => 0.04, 0.988;
    SameGivenNames => 0.85, 0.005;
    GivenNameOneLetterOff => 0.04, 0.006;
    GivenNameSoundsAlike => 0.01, 0.006;
    /// One of several given names agrees.
    GivenNameInPart => 0.07, 0.01;
    DifferentGivenNames => 0.03, 0.973;
    /// Family name and given names stand in each other's place.
    NamesSwapped => 0.015, 0.000_001;
    SameDateOfBirth => 0.95, 0.000_04;
    /// Two digits swapped, one digit off, or day and month swapped.
    DateOfBirthMistyped => 0.03, 0.001;
    DifferentDateOfBirth => 0.02, 0.998_96;
    SameSex => 0.98, 0.5;
    DifferentSex => 0.02, 0.5;
    /// Shared within a household.
    SamePhone => 0.6, 0.001;
    DifferentPhone => 0.4, 0.999;
    SameEmail => 0.6, 0.000_5;
    DifferentEmail => 0.4, 0.999_5;
}

impl DuplicateFinding {
    /// Its weight in bits, log2(m/u): positive speaks for one person, negative for two.
    #[must_use]
    pub fn bits(self) -> f64 {
        let (m, u) = self.chances();
        (m / u).log2()
    }
}

/// A finding with its weight, for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DuplicateReason {
    pub finding: DuplicateFinding,
    /// Bits, rounded to tenths.
    pub bits: f64,
}

impl From<DuplicateFinding> for DuplicateReason {
    fn from(finding: DuplicateFinding) -> Self {
        Self { finding, bits: (finding.bits() * 10.0).round() / 10.0 }
    }
}

/// Probability in per cent that two records are of one person, in a clinic of so many patients.
#[must_use]
pub fn likelihood(findings: &[DuplicateFinding], patients: u64) -> u8 {
    #[allow(clippy::cast_precision_loss)]
    let prior = (SHARE_KNOWN / patients.max(FEWEST) as f64).log2();
    let odds = (prior + findings.iter().map(|finding| finding.bits()).sum::<f64>()).exp2();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let percent = (odds / (1.0 + odds) * 100.0).floor().min(99.0) as u8;
    percent
}

#[cfg(test)]
mod tests {
    use super::DuplicateFinding as F;
    use super::*;

    #[test]
    fn agreement_weighs_for_and_difference_against() {
        for finding in F::ALL {
            let word = serde_json::to_string(finding).unwrap();
            assert_eq!(finding.bits() < 0.0, word.starts_with("\"different"), "{word}");
        }
    }

    #[test]
    fn the_weights_do_what_people_expect() {
        let large = 200_000;
        let same = [F::SameFamilyName, F::SameGivenNames, F::SameDateOfBirth, F::SameSex];
        assert_eq!(likelihood(&same, large), 99);
        let mistyped = [F::FamilyNameOneLetterOff, F::SameGivenNames, F::SameDateOfBirth, F::SameSex];
        assert!(likelihood(&mistyped, large) >= 90);
        let swapped = [F::NamesSwapped, F::SameDateOfBirth, F::SameSex];
        assert!(likelihood(&swapped, large) >= 90);
        let married =
            [F::DifferentFamilyName, F::SameGivenNames, F::SameDateOfBirth, F::SameSex, F::SamePhone];
        assert!(likelihood(&married, large) >= WARN_FROM);
        let namesakes = [F::SameFamilyName, F::SameGivenNames, F::DifferentDateOfBirth, F::SameSex];
        assert!(likelihood(&namesakes, large) < WARN_FROM, "a common name is no duplicate");
        let strangers = [F::DifferentFamilyName, F::DifferentGivenNames, F::SameDateOfBirth];
        assert!(likelihood(&strangers, large) < WARN_FROM);
        let home = [F::DifferentFamilyName, F::DifferentGivenNames, F::DifferentDateOfBirth, F::SamePhone];
        assert!(likelihood(&home, 1_000) < WARN_FROM);
    }

    #[test]
    fn a_larger_clinic_needs_more_evidence() {
        let findings = [F::SameFamilyName, F::DifferentGivenNames, F::SameDateOfBirth];
        assert!(likelihood(&findings, 1_000) > likelihood(&findings, 200_000));
        assert_eq!(likelihood(&findings, 0), likelihood(&findings, 1_000));
    }
}
