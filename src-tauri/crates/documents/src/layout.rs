//! Wrapping text and breaking pieces into pages.

use crate::fonts::{Fonts, prepare};
use crate::ink::{Ink, Mark, Style};

/// Marks within a height, measured from its upper left corner.
#[derive(Clone, Debug, Default)]
pub struct Fragment {
    pub height: f32,
    pub marks: Vec<Mark>,
}

impl Fragment {
    pub fn new(height: f32) -> Self {
        Self { height, marks: Vec::new() }
    }

    /// A line of text with its baseline at `y`.
    pub fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let text = prepare(text).replace('\n', " ");
        if !text.trim().is_empty() {
            self.marks.push(Mark::Text { x, y, style, text });
        }
    }

    /// A line of text that ends at `right`.
    pub fn text_right(&mut self, fonts: &Fonts, right: f32, y: f32, style: Style, text: &str) {
        self.text(right - fonts.width(style, &prepare(text)), y, style, text);
    }

    pub fn rule(&mut self, x: f32, y: f32, width: f32, thickness: f32, ink: Ink) {
        self.marks.push(Mark::Line { from: (x, y), to: (x + width, y), thickness, ink });
    }

    pub fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.marks.push(Mark::Fill { x, y, width, height, ink });
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, thickness: f32, ink: Ink) {
        let points = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.marks.push(Mark::Shape { points, fill: None, stroke: Some((thickness, ink)) });
    }

    /// Puts another fragment inside, moved by `dx` and `dy`.
    pub fn place(&mut self, inner: Self, dx: f32, dy: f32) {
        self.marks.extend(inner.marks.into_iter().map(|mark| mark.moved(dx, dy)));
    }

    /// Wrapped text as one fragment.
    pub fn paragraph(fonts: &Fonts, style: Style, text: &str, width: f32) -> Self {
        let lines = wrap(fonts, style, text, width);
        let mut fragment = Self::default();
        for line in lines {
            fragment.text(0.0, fragment.height + style.baseline(), style, &line);
            fragment.height += style.leading();
        }
        fragment
    }
}

/// A fragment on its way to a page.
#[derive(Clone, Debug)]
pub struct Piece {
    pub fragment: Fragment,
    /// Room above it, left out at the top of a page.
    pub before: f32,
    /// Stays on the page of the next piece.
    pub keep: bool,
}

impl Piece {
    pub fn new(fragment: Fragment, before: f32) -> Self {
        Self { fragment, before, keep: false }
    }

    pub fn kept(mut self) -> Self {
        self.keep = true;
        self
    }
}

/// Lines no wider than `width` points. Words break only when one alone is too wide; every
/// paragraph end (`\n`) ends a line.
pub fn wrap(fonts: &Fonts, style: Style, text: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in prepare(text).split('\n') {
        let mut line = String::new();
        let mut used = 0.0;
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let space = if line.is_empty() { 0.0 } else { fonts.width(style, " ") };
            let word_width = fonts.width(style, word);
            if used + space + word_width <= width {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                used += space + word_width;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for character in word.chars() {
                let advance = fonts.draw(style.face, character).advance * style.size;
                if used + advance > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += advance;
            }
        }
        lines.push(line);
    }
    lines
}

/// Text that may run over pages, a piece a line. A paragraph leaves at least two lines on each
/// side of a page break; an empty line becomes room above the next paragraph.
pub fn flow(fonts: &Fonts, style: Style, text: &str, width: f32) -> Vec<Piece> {
    const EMPTY_LINE: f32 = 0.6;
    let mut pieces = Vec::new();
    let mut before = 0.0;
    for paragraph in prepare(text).trim().split('\n') {
        if paragraph.trim().is_empty() {
            before = EMPTY_LINE * style.leading();
            continue;
        }
        let lines = wrap(fonts, style, paragraph, width);
        let count = lines.len();
        for (index, line) in lines.iter().enumerate() {
            let mut fragment = Fragment::new(style.leading());
            fragment.text(0.0, style.baseline(), style, line);
            let mut piece = Piece::new(fragment, std::mem::take(&mut before));
            piece.keep = index + 1 < count && (index == 0 || index + 2 == count);
            pieces.push(piece);
        }
    }
    pieces
}

/// Pieces placed on pages of `height` points; marks are measured from the top of the page body.
/// A run of kept pieces moves to the next page as a whole, unless it is taller than a page.
pub fn paginate(pieces: Vec<Piece>, height: f32) -> Vec<Fragment> {
    let mut pages = vec![Fragment::default()];
    let mut y = 0.0;
    let mut rest = pieces.into_iter().peekable();
    while rest.peek().is_some() {
        let mut run = Vec::new();
        for piece in rest.by_ref() {
            let keep = piece.keep;
            run.push(piece);
            if !keep {
                break;
            }
        }
        let needed: f32 = run.iter().map(|piece| piece.before + piece.fragment.height).sum();
        let needed_on_top = needed - run[0].before;
        if y > 0.0 && y + needed > height && needed_on_top <= height {
            pages.push(Fragment::default());
            y = 0.0;
        }
        for piece in run {
            if y > 0.0 && y + piece.before + piece.fragment.height > height {
                pages.push(Fragment::default());
                y = 0.0;
            }
            if y > 0.0 {
                y += piece.before;
            }
            let tall = piece.fragment.height;
            if let Some(page) = pages.last_mut() {
                page.place(piece.fragment, 0.0, y);
            }
            y += tall;
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Face;

    const STYLE: Style = Style::new(Face::Regular, 10.0, Ink::Text);

    fn tall(height: f32) -> Piece {
        let mut fragment = Fragment::new(height);
        fragment.fill(0.0, 0.0, 1.0, height, Ink::Text);
        Piece::new(fragment, 5.0)
    }

    #[test]
    fn no_line_is_wider_than_its_measure() {
        let fonts = Fonts::load().unwrap();
        let text = "A lesion of the left calf, Donaudampfschifffahrtsgesellschaftskapitän 李李李李李李李李李李李李李李李";
        for width in [30.0, 77.0, 200.0] {
            let lines = wrap(&fonts, STYLE, text, width);
            assert!(lines.iter().all(|line| fonts.width(STYLE, line) <= width + 0.01));
            let squeezed = |s: &str| s.replace(' ', "");
            assert_eq!(squeezed(&lines.concat()), squeezed(text));
        }
    }

    #[test]
    fn empty_lines_between_paragraphs_stay() {
        let fonts = Fonts::load().unwrap();
        assert_eq!(wrap(&fonts, STYLE, "a\n\nb", 100.0), ["a", "", "b"]);
    }

    #[test]
    fn a_paragraph_never_leaves_a_single_line() {
        let fonts = Fonts::load().unwrap();
        let keeps = |words: usize| -> Vec<bool> {
            flow(&fonts, STYLE, &vec!["mmmm"; words].join(" "), 50.0).iter().map(|piece| piece.keep).collect()
        };
        assert_eq!(keeps(1), [false]);
        assert_eq!(keeps(2), [true, false]);
        assert_eq!(keeps(3), [true, true, false]);
        assert_eq!(keeps(5), [true, false, false, true, false]);
    }

    #[test]
    fn an_empty_line_is_room_and_not_a_line() {
        let fonts = Fonts::load().unwrap();
        let pieces = flow(&fonts, STYLE, "one\n\n\ntwo\nthree\n", 100.0);
        assert_eq!(pieces.len(), 3);
        assert!(pieces[1].before > 0.0 && pieces[2].before == 0.0);
    }

    #[test]
    fn kept_pieces_move_together() {
        let pages = paginate(vec![tall(60.0), tall(20.0).kept(), tall(30.0)], 100.0);
        assert_eq!(pages.iter().map(|page| page.marks.len()).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_run_taller_than_a_page_is_still_printed_whole() {
        let pages = paginate((0..10).map(|_| tall(40.0).kept()).collect(), 100.0);
        assert_eq!(pages.iter().map(|page| page.marks.len()).sum::<usize>(), 10);
        assert_eq!(pages.len(), 5);
    }
}
