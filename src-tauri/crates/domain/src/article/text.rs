//! An article as plain text: the form it has in the program's files, and line by line for a comparison.

use super::{ArticleContent, ArticleSection, CodeSystem, SectionText};

impl ArticleContent {
    /// Reads the words of an article: title and other names in its first lines, then sections under `# name`.
    /// Lines that belong nowhere are left out.
    #[must_use]
    pub fn read(source: &str) -> Self {
        let (mut content, mut here, mut text) = (Self::default(), Place::Head, Vec::new());
        for line in source.lines() {
            if let Some(name) = line.strip_prefix("# ") {
                content.close(here, &text);
                text.clear();
                here = Place::named(name.trim());
            } else if here == Place::Head {
                content.head(line);
            } else {
                text.push(line);
            }
        }
        content.close(here, &text);
        content.tidied()
    }

    /// Every line of the article, as two editions are compared by.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines =
            vec![format!("title: {}", self.title), format!("synonyms: {}", self.synonyms.join("; "))];
        for (name, system) in [("icd10", CodeSystem::Icd10), ("snomed_ct", CodeSystem::SnomedCt)] {
            let codes = self.codes.iter().filter(|one| one.system == system).map(|one| one.code.as_str());
            lines.push(format!("{name}: {}", codes.collect::<Vec<_>>().join("; ")));
        }
        lines.push(format!("classes: {}", self.classes.join("; ")));
        let contagious = self.contagious.map_or("", |yes| if yes { "yes" } else { "no" });
        lines.push(format!("contagious: {contagious}"));
        for one in &self.sections {
            lines.push(format!("# {}", one.section.name()));
            lines.extend(one.text.lines().map(str::to_owned));
        }
        if !self.sources.is_empty() {
            lines.push("# sources".to_owned());
            lines.extend(self.sources.iter().map(|source| format!("- {source}")));
        }
        lines
    }

    fn head(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else { return };
        match name.trim() {
            "title" => value.trim().clone_into(&mut self.title),
            "synonyms" => self.synonyms = value.split(';').map(str::to_owned).collect(),
            _ => {}
        }
    }

    fn close(&mut self, place: Place, lines: &[&str]) {
        match place {
            Place::Section(section) => {
                self.sections.push(SectionText { section, text: lines.join("\n") });
            }
            Place::Sources => {
                let sources = lines.iter().filter_map(|line| line.strip_prefix("- "));
                self.sources.extend(sources.map(str::to_owned));
            }
            Place::Head | Place::Nowhere => {}
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Section(ArticleSection),
    Sources,
    Nowhere,
}

impl Place {
    fn named(name: &str) -> Self {
        if name == "sources" {
            return Self::Sources;
        }
        ArticleSection::ALL
            .into_iter()
            .find(|section| section.name() == name)
            .map_or(Self::Nowhere, Self::Section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "title: Scabies\nsynonyms: Mange; The itch\n\n# description\n\nA mite.\n\n- one\n- two\n\n\
        # elsewhere\nLost.\n# sources\n- WHO, 2020\n";

    #[test]
    fn a_file_reads_into_title_sections_and_sources() {
        let content = ArticleContent::read(SOURCE);
        assert_eq!((content.title.as_str(), content.synonyms.len()), ("Scabies", 2));
        assert_eq!(content.of(ArticleSection::Description), "A mite.\n\n- one\n- two");
        assert_eq!((content.sections.len(), content.sources), (1, vec!["WHO, 2020".to_owned()]));
    }

    #[test]
    fn the_lines_read_back_into_the_same_words() {
        let content = ArticleContent::read(SOURCE);
        assert_eq!(ArticleContent::read(&content.lines().join("\n")), content);
    }
}
