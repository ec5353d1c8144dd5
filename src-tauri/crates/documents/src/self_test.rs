//! The result of the self-test on one page.

use jiff::Timestamp;

use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::Fonts;
use crate::paper::Paper;
use crate::pdf::{About, write};
use crate::words;

/// What the page says. Words come with the content, like those of a letter.
#[derive(Clone, Debug)]
pub struct SelfTestContent {
    pub clinic_name: String,
    pub version: String,
    pub made_at: Timestamp,
    /// The same for people.
    pub made: String,
    pub lines: Vec<SelfTestLine>,
}

#[derive(Clone, Debug)]
pub struct SelfTestLine {
    /// Sign and word.
    pub light: String,
    pub title: String,
    pub finding: String,
    pub advice: Option<String>,
}

/// Renders the page, the same bytes for the same content.
///
/// # Errors
/// [`DocumentError::TooLong`] when the content needs more than one page.
pub fn render_self_test(content: &SelfTestContent, paper: Paper) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let mut body = Column::new(&fonts, paper.measure());
    body.head(&content.clinic_name, words::SELF_TEST_TITLE, &content.made);
    body.paragraph(BODY, &format!("Lentigo {}", content.version), 4.0);
    for line in &content.lines {
        body.paragraph(STRONG, &format!("{}   {}", line.title, line.light), 9.0);
        body.paragraph(BODY, &line.finding, 1.0);
        if let Some(advice) = &line.advice {
            body.list(std::iter::once(advice.as_str()), |_| "→".to_owned());
        }
    }
    let page = body.page(paper)?;
    let about = About {
        title: words::SELF_TEST_TITLE,
        author: &content.clinic_name,
        created_at: content.made_at,
        sealed: false,
    };
    write(&fonts, paper, &[page], Vec::new(), &about)
}
