//! Articles of the library: what they hold, what is wrong with one, what was changed between two.

mod diff;
mod text;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::{FieldProblem, ProblemCode, Problems};

pub use diff::{DiffKind, DiffLine, difference};

/// Longest title, other name or class code, section, and source, in characters.
pub const LONGEST_TITLE: usize = 120;
pub const LONGEST_NAME: usize = 80;
pub const LONGEST_CLASS: usize = 40;
pub const LONGEST_SECTION: usize = 6_000;
pub const LONGEST_SOURCE: usize = 300;
/// Longest question to the search, in characters.
pub const LONGEST_QUESTION: usize = 200;
const MOST_NAMES: usize = 20;
const MOST_CODES: usize = 10;
const MOST_SOURCES: usize = 20;

/// Articles that the program comes with. Their names never change: links lead to them.
pub const BUILT_IN_SLUGS: [&str; 15] = [
    "acne",
    "eczema",
    "melanoma",
    "psoriasis",
    "rosacea",
    "fungal-infection",
    "vitiligo",
    "warts",
    "melanocytic-naevus",
    "basal-cell-carcinoma",
    "squamous-cell-carcinoma",
    "actinic-keratosis",
    "benign-keratosis",
    "dermatofibroma",
    "vascular-lesion",
];

/// The built-in article on a class of the shipped classifier.
#[must_use]
pub fn slug_of_class(class: &str) -> Option<&'static str> {
    Some(match class {
        "nv" => "melanocytic-naevus",
        "mel" => "melanoma",
        "bcc" => "basal-cell-carcinoma",
        "scc" => "squamous-cell-carcinoma",
        "ak" => "actinic-keratosis",
        "bkl" => "benign-keratosis",
        "df" => "dermatofibroma",
        "vasc" => "vascular-lesion",
        _ => return None,
    })
}

/// The built-in article on a term of an impression that belongs to no class of the classifier.
#[must_use]
pub fn slug_of_term(term: &str) -> Option<&'static str> {
    Some(match term {
        "wart" => "warts",
        "eczema" => "eczema",
        "psoriasis" => "psoriasis",
        _ => return None,
    })
}

/// Parts of an article, in the order they are read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArticleSection {
    Description,
    /// When to see a doctor at once.
    Urgent,
    Symptoms,
    Dermoscopy,
    Causes,
    Treatment,
    Prevention,
    SeverityMild,
    SeverityModerate,
    SeveritySevere,
    /// Whether and how it passes from one person to another.
    Contagion,
}

impl ArticleSection {
    pub const ALL: [Self; 11] = [
        Self::Description,
        Self::Urgent,
        Self::Symptoms,
        Self::Dermoscopy,
        Self::Causes,
        Self::Treatment,
        Self::Prevention,
        Self::SeverityMild,
        Self::SeverityModerate,
        Self::SeveritySevere,
        Self::Contagion,
    ];

    /// The word that stands above it in a file, and names its field in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Urgent => "urgent",
            Self::Symptoms => "symptoms",
            Self::Dermoscopy => "dermoscopy",
            Self::Causes => "causes",
            Self::Treatment => "treatment",
            Self::Prevention => "prevention",
            Self::SeverityMild => "severity_mild",
            Self::SeverityModerate => "severity_moderate",
            Self::SeveritySevere => "severity_severe",
            Self::Contagion => "contagion",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SectionText {
    pub section: ArticleSection,
    /// Paragraphs, lists with `- `, **bold** and *italic*; everything else is shown as it is written.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeSystem {
    Icd10,
    SnomedCt,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ArticleCode {
    pub system: CodeSystem,
    pub code: String,
}

/// An article in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ArticleContent {
    pub title: String,
    pub synonyms: Vec<String>,
    pub codes: Vec<ArticleCode>,
    /// Classes of a classifier that it is about, by their codes.
    pub classes: Vec<String>,
    /// Null where the article does not say.
    pub contagious: Option<bool>,
    /// Those that have a text, in their order.
    pub sections: Vec<SectionText>,
    pub sources: Vec<String>,
}

impl ArticleContent {
    /// The text of a section; empty where there is none.
    #[must_use]
    pub fn of(&self, section: ArticleSection) -> &str {
        self.sections.iter().find(|one| one.section == section).map_or("", |one| &one.text)
    }

    /// The same without outer spaces, empty entries and empty sections, and with the sections in their order.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let lines = |lines: &[String]| -> Vec<String> {
            lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        };
        let sections = ArticleSection::ALL.into_iter().filter_map(|section| {
            let text = self.of(section).trim().to_owned();
            (!text.is_empty()).then_some(SectionText { section, text })
        });
        let codes = self.codes.iter().filter(|one| !one.code.trim().is_empty());
        Self {
            title: self.title.trim().to_owned(),
            synonyms: lines(&self.synonyms),
            codes: codes
                .map(|one| ArticleCode { system: one.system, code: one.code.trim().to_owned() })
                .collect(),
            classes: lines(&self.classes),
            contagious: self.contagious,
            sections: sections.collect(),
            sources: lines(&self.sources),
        }
    }

    /// # Errors
    /// What is wrong, by field: a title and a description must be there.
    pub fn check(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("title", &self.title, LONGEST_TITLE);
        problems.one_line("title", &self.title);
        few_lines(&mut problems, "synonyms", &self.synonyms, MOST_NAMES, LONGEST_NAME);
        few_lines(&mut problems, "classes", &self.classes, MOST_CODES, LONGEST_CLASS);
        few_lines(&mut problems, "sources", &self.sources, MOST_SOURCES, LONGEST_SOURCE);
        if self.codes.len() > MOST_CODES || !self.codes.iter().all(ArticleCode::reads) {
            problems.add("codes", ProblemCode::BadFormat);
        }
        if self.of(ArticleSection::Description).trim().is_empty() {
            problems.add(ArticleSection::Description.name(), ProblemCode::Required);
        }
        for one in &self.sections {
            problems.text(one.section.name(), &one.text, LONGEST_SECTION);
        }
        problems.into_result()
    }
}

impl ArticleCode {
    /// A category of ICD-10 with or without its subdivision; an identifier of SNOMED CT.
    fn reads(&self) -> bool {
        let code = self.code.as_bytes();
        match self.system {
            CodeSystem::Icd10 => match code {
                [letter, tens, ones, rest @ ..] => {
                    letter.is_ascii_uppercase()
                        && tens.is_ascii_digit()
                        && ones.is_ascii_digit()
                        && match rest {
                            [] => true,
                            [b'.', places @ ..] => {
                                matches!(places.len(), 1 | 2) && places.iter().all(u8::is_ascii_digit)
                            }
                            _ => false,
                        }
                }
                _ => false,
            },
            CodeSystem::SnomedCt => {
                (6..=18).contains(&code.len()) && code.iter().all(u8::is_ascii_digit) && code[0] != b'0'
            }
        }
    }
}

fn few_lines(problems: &mut Problems, field: &str, lines: &[String], most: usize, longest: usize) {
    let mut here = Problems::default();
    for line in lines {
        here.text(field, line, longest);
        here.one_line(field, line);
    }
    if lines.len() > most {
        here.add(field, ProblemCode::TooLong);
    }
    // One mark a field, however many of its lines are wrong.
    if let Err(found) = here.into_result()
        && let Some(first) = found.first()
    {
        problems.add(field, first.code);
    }
}

/// Where the text of an article comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArticleState {
    /// The program's text.
    BuiltIn,
    /// The clinic's text.
    Own,
    /// Of the clinic, and shown to nobody who only reads.
    Hidden,
}

/// A piece of text that was found or stands beside what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextPiece {
    pub text: String,
    pub hit: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(content: &ArticleContent) -> Vec<String> {
        content.check().err().unwrap_or_default().into_iter().map(|problem| problem.field).collect()
    }

    fn small() -> ArticleContent {
        ArticleContent {
            title: "Scabies".into(),
            sections: vec![SectionText { section: ArticleSection::Description, text: "A mite.".into() }],
            ..ArticleContent::default()
        }
    }

    #[test]
    fn an_article_needs_a_title_and_a_description() {
        assert_eq!(fields(&small()), Vec::<String>::new());
        assert_eq!(fields(&ArticleContent::default()), ["title", "description"]);
    }

    #[test]
    fn what_is_too_long_or_no_code_is_named_by_its_field() {
        let mut content = small();
        content.synonyms = vec!["x".repeat(LONGEST_NAME + 1), "y".repeat(LONGEST_NAME + 1)];
        content.sources = vec!["a\nb".into()];
        content.codes = vec![ArticleCode { system: CodeSystem::Icd10, code: "B8.6".into() }];
        content.sections[0].text = "z".repeat(LONGEST_SECTION + 1);
        assert_eq!(fields(&content), ["synonyms", "sources", "codes", "description"]);
    }

    #[test]
    fn codes_are_told_apart() {
        for (system, code, good) in [
            (CodeSystem::Icd10, "B86", true),
            (CodeSystem::Icd10, "L57.0", true),
            (CodeSystem::Icd10, "l57.0", false),
            (CodeSystem::Icd10, "L57.", false),
            (CodeSystem::Icd10, "", false),
            (CodeSystem::SnomedCt, "372244006", true),
            (CodeSystem::SnomedCt, "12345", false),
            (CodeSystem::SnomedCt, "", false),
        ] {
            assert_eq!(ArticleCode { system, code: code.into() }.reads(), good, "{code}");
        }
    }

    #[test]
    fn tidying_orders_sections_and_drops_what_is_empty() {
        let mut content = small();
        content.sections = vec![
            SectionText { section: ArticleSection::Causes, text: " ".into() },
            SectionText { section: ArticleSection::Symptoms, text: " Itch. ".into() },
            SectionText { section: ArticleSection::Description, text: "A mite.".into() },
        ];
        content.sources = vec![String::new(), " WHO ".into()];
        let tidy = content.tidied();
        let order: Vec<_> = tidy.sections.iter().map(|one| one.section).collect();
        assert_eq!(order, [ArticleSection::Description, ArticleSection::Symptoms]);
        assert_eq!(tidy.of(ArticleSection::Symptoms), "Itch.");
        assert_eq!(tidy.sources, ["WHO"]);
    }

    #[test]
    fn every_class_leads_to_a_built_in_article() {
        for class in ["nv", "mel", "bcc", "scc", "ak", "bkl", "df", "vasc"] {
            assert!(BUILT_IN_SLUGS.contains(&slug_of_class(class).unwrap()), "{class}");
        }
        assert_eq!(slug_of_class("unknown"), None);
        for term in crate::impression::TERMS {
            let slug = term.class.map_or_else(|| slug_of_term(term.code), slug_of_class);
            assert!(slug.is_some_and(|slug| BUILT_IN_SLUGS.contains(&slug)), "{}", term.code);
        }
    }
}
