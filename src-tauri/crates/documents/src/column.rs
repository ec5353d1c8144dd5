//! Pages of parts set one below the other, as on the sheets and slips that carry a code.

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Style};
use crate::layout::Fragment;
use crate::paper::{BOTTOM, Paper};
use crate::report::Logo;
use crate::words;

const TITLE: Style = Style::new(Face::SemiBold, 22.0, Ink::Accent);
const CLINIC: Style = Style::new(Face::SemiBold, 13.0, Ink::Text);
const HEADING: Style = Style::new(Face::SemiBold, 11.5, Ink::Accent);
const LABEL: Style = Style::new(Face::Regular, 8.0, Ink::Muted);
pub(crate) const BODY: Style = Style::new(Face::Regular, 10.0, Ink::Text);
pub(crate) const STRONG: Style = Style::new(Face::SemiBold, 10.0, Ink::Text);

/// Parts set one below the other.
pub(crate) struct Column<'a> {
    pub fonts: &'a Fonts,
    pub width: f32,
    fragment: Fragment,
}

impl<'a> Column<'a> {
    pub fn new(fonts: &'a Fonts, width: f32) -> Self {
        Self { fonts, width, fragment: Fragment::default() }
    }

    /// # Errors
    /// [`DocumentError::TooLong`] when it needs more than one page.
    pub fn page(self, paper: Paper) -> Result<Fragment, DocumentError> {
        let height = paper.size().1;
        if self.fragment.height > height - Paper::top() - BOTTOM {
            return Err(DocumentError::TooLong);
        }
        let mut page = Fragment::new(height);
        page.place(self.fragment, Paper::left(), Paper::top());
        Ok(page)
    }

    pub fn into_fragment(self) -> Fragment {
        self.fragment
    }

    pub fn add(&mut self, part: Fragment, gap: f32, x: f32) {
        let top = self.fragment.height + gap;
        self.fragment.height = top + part.height;
        self.fragment.place(part, x, top);
    }

    pub fn paragraph(&mut self, style: Style, text: &str, gap: f32) {
        self.add(Fragment::paragraph(self.fonts, style, text, self.width), gap, 0.0);
    }

    pub fn head(&mut self, clinic: &str, title: &str, aside: &str) {
        self.head_beside(None, clinic, title, aside);
    }

    /// A head with the logo at the right of the clinic's name.
    pub fn head_beside(&mut self, logo: Option<&Logo>, clinic: &str, title: &str, aside: &str) {
        let room = self.width - logo.map_or(0.0, Logo::room);
        let mut name = Fragment::paragraph(self.fonts, CLINIC, clinic, room);
        if let Some(logo) = logo {
            logo.place(&mut name, self.width);
        }
        self.add(name, 0.0, 0.0);
        let mut rule = Fragment::new(1.2);
        rule.fill(0.0, 0.0, self.width, 1.2, Ink::Accent);
        self.add(rule, 6.0, 0.0);
        let mut line = Fragment::new(TITLE.leading());
        line.text(0.0, TITLE.baseline(), TITLE, title);
        line.text_right(self.fonts, self.width, TITLE.baseline(), BODY, aside);
        self.add(line, 12.0, 0.0);
    }

    pub fn heading(&mut self, text: &str) {
        self.paragraph(HEADING, text, 15.0);
        self.fragment.height += 4.0;
    }

    pub fn list<'t>(&mut self, items: impl Iterator<Item = &'t str>, mark: impl Fn(usize) -> String) {
        const INDENT: f32 = 18.0;
        for (index, item) in items.enumerate() {
            let mut part = Fragment::paragraph(self.fonts, BODY, item, self.width - INDENT);
            part = {
                let mut indented = Fragment::new(part.height);
                indented.place(part, INDENT, 0.0);
                indented
            };
            part.text(0.0, BODY.baseline(), BODY, &mark(index + 1));
            self.add(part, if index == 0 { 0.0 } else { 3.0 }, 0.0);
        }
    }

    /// The code in large groups, numbered, row by row in a frame.
    pub fn groups(&mut self, groups: &[String]) {
        const CODE: Style = Style::new(Face::Mono, 21.0, Ink::Text);
        const NUMBER: f32 = 20.0;
        const GAP: f32 = 22.0;
        const PADDING: f32 = 14.0;
        const ROW: f32 = 37.0;
        let inner = self.width - 2.0 * PADDING;
        let widest = groups.iter().map(|group| self.fonts.width(CODE, group)).fold(1.0_f32, f32::max);
        let style = if widest + NUMBER > inner {
            Style { size: CODE.size * (inner - NUMBER) / widest, ..CODE }
        } else {
            CODE
        };
        let cell = NUMBER + widest.min(inner - NUMBER) + GAP;
        let per_row = (((inner + GAP) / cell) as usize).clamp(1, 4);
        let pitch = (inner + GAP) / per_row as f32;
        let rows = groups.len().div_ceil(per_row);
        let mut frame = Fragment::new(rows as f32 * ROW + 2.0 * PADDING - 8.0);
        frame.frame(0.0, 0.0, self.width, frame.height, 0.9, Ink::Text);
        for (index, group) in groups.iter().enumerate() {
            let x = PADDING + (index % per_row) as f32 * pitch;
            let y = PADDING - 4.0 + (index / per_row) as f32 * ROW + ROW * 0.68;
            let number = (index + 1).to_string();
            frame.text_right(self.fonts, x + NUMBER - 7.0, y, LABEL, &number);
            frame.text(x + NUMBER, y, style, group);
        }
        self.add(frame, 0.0, 0.0);
    }

    /// Lines to fill in by hand.
    pub fn blanks(&mut self) {
        let half = (self.width - 24.0) / 2.0;
        let mut part = Fragment::new(3.0 + LABEL.leading());
        for (x, label) in [(0.0, words::RECOVERY_KEPT_AT), (half + 24.0, words::RECOVERY_KEPT_BY)] {
            part.rule(x, 0.0, half, 0.6, Ink::Text);
            part.text(x, 3.0 + LABEL.baseline(), LABEL, label);
        }
        self.add(part, 44.0, 0.0);
    }
}
