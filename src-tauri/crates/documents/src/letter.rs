//! A letter of referral: letterhead, identity, findings and question.

use domain::patient::Sex;
use domain::report::Letterhead;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::column::{BODY, Column, STRONG};
use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::{Fragment, Piece, flow, paginate};
use crate::paper::{BOTTOM, Paper};
use crate::pdf::{About, write};
use crate::report::Logo;
use crate::words;

const SMALL: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
const FOOT_HEIGHT: f32 = 18.0;

/// What a letter prints.
#[derive(Clone, Debug)]
pub struct LetterContent {
    pub letterhead: Letterhead,
    pub written_at: Timestamp,
    /// Name and address, a line each.
    pub recipient: String,
    /// An appointment as soon as possible is asked for.
    pub urgent: bool,
    pub patient_number: String,
    pub patient_name: String,
    pub date_of_birth: Date,
    pub age: i16,
    pub sex: Sex,
    /// Label and site.
    pub lesion: String,
    /// What the lesion is taken for.
    pub impression: String,
    pub findings: String,
    pub question: String,
    pub author: String,
    /// A JPEG or PNG.
    pub logo: Option<Vec<u8>>,
}

/// Renders the letter as a PDF, dated in `zone`; the same content gives the same bytes. Long words of a clinician
/// run on to a second page, and every page says whose letter it is.
///
/// # Errors
/// [`DocumentError::Fonts`] or [`DocumentError::Pdf`] when the document cannot be set;
/// [`DocumentError::LogoUnreadable`].
pub fn render_letter(
    content: &LetterContent,
    paper: Paper,
    zone: &TimeZone,
) -> Result<Vec<u8>, DocumentError> {
    let fonts = Fonts::load()?;
    let measure = paper.measure();
    let logo = content.logo.as_deref().map(|logo| Logo::prepare(logo, 0)).transpose()?;
    let (logo, pictures) = logo.map_or_else(Default::default, |(logo, jpeg)| (Some(logo), vec![jpeg]));
    let height = paper.size().1;
    let foot_top = height - BOTTOM - FOOT_HEIGHT;
    let bodies = paginate(pieces(content, logo.as_ref(), &fonts, measure, zone), foot_top - Paper::top());
    let count = bodies.len();
    let pages: Vec<Fragment> = bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            let mut page = Fragment::new(height);
            page.place(body, Paper::left(), Paper::top());
            page.place(foot(content, &fonts, measure, (index + 1, count)), Paper::left(), foot_top);
            page
        })
        .collect();
    let about = About {
        title: words::REFERRAL,
        author: &content.author,
        created_at: content.written_at,
        sealed: false,
    };
    write(&fonts, paper, &pages, pictures, &about)
}

fn pieces(
    content: &LetterContent,
    logo: Option<&Logo>,
    fonts: &Fonts,
    measure: f32,
    zone: &TimeZone,
) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(head(content, logo, fonts, measure, zone), 0.0)];
    for (heading, text) in [(words::FINDINGS, &content.findings), (words::QUESTION, &content.question)] {
        let mut title = Column::new(fonts, measure);
        title.heading(heading);
        pieces.push(Piece::new(title.into_fragment(), 0.0).kept());
        pieces.extend(flow(fonts, BODY, text, measure));
    }
    let mut close = Column::new(fonts, measure);
    close.paragraph(BODY, words::REGARDS, 18.0);
    close.paragraph(STRONG, &content.author, 26.0);
    close.paragraph(SMALL, words::LETTER_STATEMENT, 18.0);
    pieces.push(Piece::new(close.into_fragment(), 0.0));
    pieces
}

/// Letterhead, recipient, and who and what the letter is about.
fn head(
    content: &LetterContent,
    logo: Option<&Logo>,
    fonts: &Fonts,
    measure: f32,
    zone: &TimeZone,
) -> Fragment {
    let mut head = Column::new(fonts, measure);
    let day = words::date(content.written_at.to_zoned(zone.clone()).date());
    head.head_beside(logo, &content.letterhead.clinic_name, words::REFERRAL, &day);
    let lines = content.letterhead.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let address = lines.collect::<Vec<_>>().join("  ·  ");
    if !address.is_empty() {
        head.paragraph(SMALL, &address, 2.0);
    }
    head.paragraph(BODY, &content.recipient, 12.0);
    if content.urgent {
        head.paragraph(STRONG, words::URGENT, 12.0);
    }
    head.heading(words::PATIENT);
    head.paragraph(STRONG, &content.patient_name, 0.0);
    let person = format!(
        "{} {} ({}), {}, {} {}",
        words::DATE_OF_BIRTH,
        words::date(content.date_of_birth),
        words::years(content.age),
        content.sex.name(),
        words::PATIENT_NUMBER,
        content.patient_number,
    );
    head.paragraph(BODY, &person, 2.0);
    head.paragraph(BODY, &format!("{}: {}", words::LESION, content.lesion), 2.0);
    head.paragraph(BODY, &format!("{}: {}", words::IMPRESSION, content.impression), 2.0);
    head.into_fragment()
}

fn foot(content: &LetterContent, fonts: &Fonts, measure: f32, (number, count): (usize, usize)) -> Fragment {
    let mut foot = Fragment::new(FOOT_HEIGHT);
    foot.rule(0.0, 0.0, measure, 0.5, Ink::Hairline);
    let baseline = 5.0 + SMALL.baseline();
    let identity = format!("{} {}", words::PATIENT_NUMBER, content.patient_number);
    foot.text(0.0, baseline, SMALL, &identity);
    foot.text_right(fonts, measure, baseline, SMALL, &words::page(number, count));
    foot
}
