//! The articles that the program comes with. Their words lie in `library/`, a file for each article and language;
//! what holds in every language stands here.

use std::sync::LazyLock;

use domain::article::{ArticleCode, ArticleContent, CodeSystem};
use domain::report_text::TextLanguage;
use sha2::{Digest, Sha256};

/// An article of the program.
pub(crate) struct BuiltIn {
    pub slug: &'static str,
    icd10: &'static [&'static str],
    snomed: &'static [&'static str],
    classes: &'static [&'static str],
    contagious: bool,
    /// In the order of [`TextLanguage::ALL`].
    sources: [&'static str; 3],
}

macro_rules! built_in {
    ($($slug:literal, $icd10:expr, $snomed:expr, $classes:expr, $contagious:literal;)+) => {
        const BUILT_IN: &[BuiltIn] = &[$(BuiltIn {
            slug: $slug,
            icd10: &$icd10,
            snomed: &$snomed,
            classes: &$classes,
            contagious: $contagious,
            sources: [
                include_str!(concat!("../../library/en/", $slug, ".md")),
                include_str!(concat!("../../library/de/", $slug, ".md")),
                include_str!(concat!("../../library/es/", $slug, ".md")),
            ],
        },)+];
    };
}

// Concepts of SNOMED CT stand where the published concept was checked.
built_in! {
    "acne", ["L70.0"], ["88616000"], [], false;
    "eczema", ["L20.9"], ["24079001"], [], false;
    "melanoma", ["C43.9", "D03.9"], ["93655004"], ["mel"], false;
    "psoriasis", ["L40.9"], ["9014002"], [], false;
    "rosacea", ["L71.9"], ["398909004"], [], false;
    "fungal-infection", ["B35.9"], ["47382004"], [], true;
    "vitiligo", ["L80"], ["56727007"], [], false;
    "warts", ["B07"], [], [], true;
    "melanocytic-naevus", ["D22.9"], ["400096001"], ["nv"], false;
    "basal-cell-carcinoma", ["C44.9"], ["254701007"], ["bcc"], false;
    "squamous-cell-carcinoma", ["C44.9", "D04.9"], ["254651007"], ["scc"], false;
    "actinic-keratosis", ["L57.0"], ["201101007"], ["ak"], false;
    "benign-keratosis", ["L82", "L81.4"], [], ["bkl"], false;
    "dermatofibroma", ["D23.9"], [], ["df"], false;
    "vascular-lesion", ["D18.0", "L98.0"], [], ["vasc"], false;
}

/// An article of the program in one language.
pub(crate) struct Text {
    pub slug: &'static str,
    pub language: TextLanguage,
    pub content: ArticleContent,
    /// SHA-256 of its lines, in hexadecimal.
    pub digest: String,
}

static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| BUILT_IN.iter().flat_map(BuiltIn::texts).collect());

/// Every article of the program in every language.
pub(crate) fn texts() -> &'static [Text] {
    &TEXTS
}

/// The program's text of an article.
pub(crate) fn text(slug: &str, language: TextLanguage) -> Option<&'static Text> {
    TEXTS.iter().find(|one| one.slug == slug && one.language == language)
}

/// Stands for all texts of this version of the program together.
pub(crate) fn stamp() -> String {
    let mut all = Sha256::new();
    for text in texts() {
        all.update(&text.digest);
    }
    hex::encode(all.finalize())
}

impl BuiltIn {
    fn texts(&self) -> impl Iterator<Item = Text> {
        TextLanguage::ALL.into_iter().zip(self.sources).map(|(language, source)| {
            let words = ArticleContent::read(source);
            let of = |system, codes: &[&str]| -> Vec<ArticleCode> {
                codes.iter().map(|code| ArticleCode { system, code: (*code).to_owned() }).collect()
            };
            let mut codes = of(CodeSystem::Icd10, self.icd10);
            codes.extend(of(CodeSystem::SnomedCt, self.snomed));
            let classes = self.classes.iter().map(|class| (*class).to_owned()).collect();
            let content = ArticleContent { codes, classes, contagious: Some(self.contagious), ..words };
            let digest = hex::encode(Sha256::digest(content.lines().join("\n")));
            Text { slug: self.slug, language, content, digest }
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::article::{ArticleSection, BUILT_IN_SLUGS, slug_of_class};

    use super::*;

    #[test]
    fn every_article_is_complete_in_every_language() {
        assert_eq!(BUILT_IN.iter().map(|one| one.slug).collect::<Vec<_>>(), BUILT_IN_SLUGS);
        for Text { slug, language, content, .. } in texts() {
            assert_eq!(content.check(), Ok(()), "{slug} {language:?}");
            assert_eq!(*content, content.tidied(), "{slug} {language:?}");
            let lesion = !content.classes.is_empty();
            for section in ArticleSection::ALL {
                let expected = lesion || section != ArticleSection::Dermoscopy;
                assert!(!expected || content.of(section).len() >= 20, "{slug} {language:?} {section:?}");
            }
            assert!(!content.synonyms.is_empty() && content.sources.len() >= 2, "{slug} {language:?}");
            let words: usize = content.sections.iter().map(|one| one.text.split_whitespace().count()).sum();
            assert!((180..=600).contains(&words), "{slug} {language:?}: {words} words");
            assert!(!content.lines().iter().any(|line| line.contains('<')), "{slug} {language:?}");
        }
    }

    #[test]
    fn a_language_has_the_sections_of_the_others_and_words_of_its_own() {
        for one in BUILT_IN {
            let [en, de, es] = TextLanguage::ALL.map(|language| &text(one.slug, language).unwrap().content);
            for other in [de, es] {
                let sections = |content: &ArticleContent| -> Vec<ArticleSection> {
                    content.sections.iter().map(|part| part.section).collect()
                };
                assert_eq!(sections(en), sections(other), "{}", one.slug);
                assert_eq!(en.sources.len(), other.sources.len(), "{}", one.slug);
                for (section, translated) in en.sections.iter().zip(&other.sections) {
                    assert_ne!(section.text, translated.text, "{} {:?}", one.slug, section.section);
                }
            }
        }
    }

    #[test]
    fn the_classes_lead_where_the_links_say() {
        for one in BUILT_IN {
            for class in one.classes {
                assert_eq!(slug_of_class(class), Some(one.slug));
            }
        }
    }

    #[test]
    fn what_is_urgent_says_within_what_time() {
        let times = [["two weeks", "at once"], ["zwei Wochen", "sofort"], ["dos semanas", "de inmediato"]];
        for (language, words) in TextLanguage::ALL.into_iter().zip(times) {
            let urgent = text("melanoma", language).unwrap().content.of(ArticleSection::Urgent);
            assert!(words.iter().all(|word| urgent.contains(word)), "{language:?}: {urgent}");
        }
        for Text { slug, language, content, .. } in texts() {
            let bold = content.of(ArticleSection::Urgent).contains("**");
            assert!(bold, "{slug} {language:?} stresses nothing");
        }
    }

    #[test]
    fn concepts_have_a_right_check_digit() {
        for concept in BUILT_IN.iter().flat_map(|one| one.snomed) {
            assert!(checks(concept), "{concept}");
        }
    }

    /// The check digit of SNOMED CT identifiers (Verhoeff 1969).
    fn checks(identifier: &str) -> bool {
        let turned = |digit: usize, times: usize| {
            const TURN: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
            (0..times % 8).fold(digit, |digit, _| TURN[digit])
        };
        // The dihedral group of order ten.
        let joined = |one: usize, other: usize| match (one < 5, other < 5) {
            (true, true) => (one + other) % 5,
            (true, false) => 5 + (one + other - 5) % 5,
            (false, true) => 5 + (one + 5 - other - 5) % 5,
            (false, false) => (one + 5 - other) % 5,
        };
        let digits = identifier.bytes().rev().map(|byte| usize::from(byte - b'0')).enumerate();
        digits.fold(0, |sum, (place, digit)| joined(sum, turned(digit, place))) == 0
    }
}
