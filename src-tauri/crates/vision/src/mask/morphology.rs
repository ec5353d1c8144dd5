//! Growing, shrinking and choosing parts of a mask.

use super::{Mask, squared_distance};
use crate::plane::regions;

impl Mask {
    /// All pixels within `radius` of the lesion.
    #[must_use]
    pub(crate) fn dilated(&self, radius: f64) -> Self {
        let limit = (radius * radius) as f32;
        self.redrawn(radius as usize + 1, |part| {
            squared_distance(&part.inside, part.width).into_iter().map(|d| d <= limit).collect()
        })
    }

    /// Pixels farther than `radius` from everything outside. The frame is no border: a lesion that
    /// leaves the picture goes on beyond it.
    #[must_use]
    pub(crate) fn eroded(&self, radius: f64) -> Self {
        let limit = (radius * radius) as f32;
        self.redrawn(1, |part| {
            let outside: Vec<bool> = part.inside.iter().map(|inside| !inside).collect();
            squared_distance(&outside, part.width).into_iter().map(|d| d > limit).collect()
        })
    }

    /// Draws the lesion anew with `margin` around it; beyond that there stays nothing.
    fn redrawn(&self, margin: usize, draw: impl FnOnce(&Self) -> Vec<bool>) -> Self {
        let Some(mut window) = self.window(margin) else { return self.clone() };
        window.mask.inside = draw(&window.mask);
        self.around(&window)
    }

    /// Opening by a disc: what a disc of `radius` fits into.
    #[must_use]
    pub(crate) fn opened(&self, radius: f64) -> Self {
        self.eroded(radius).dilated(radius)
    }

    /// Closing by a disc: gaps that a disc of `radius` does not fit into are filled.
    #[must_use]
    pub(crate) fn closed(&self, radius: f64) -> Self {
        self.dilated(radius).eroded(radius)
    }

    /// Regions outside that do not reach the frame become inside.
    #[must_use]
    pub(crate) fn filled(&self) -> Self {
        let mut open = vec![false; self.inside.len()];
        let mut stack = Vec::new();
        for x in 0..self.width {
            stack.extend([x, (self.height - 1) * self.width + x]);
        }
        for y in 0..self.height {
            stack.extend([y * self.width, (y + 1) * self.width - 1]);
        }
        while let Some(at) = stack.pop() {
            if open[at] || self.inside[at] {
                continue;
            }
            open[at] = true;
            let (x, y) = (at % self.width, at / self.width);
            if x > 0 {
                stack.push(at - 1);
            }
            if x + 1 < self.width {
                stack.push(at + 1);
            }
            if y > 0 {
                stack.push(at - self.width);
            }
            if y + 1 < self.height {
                stack.push(at + self.width);
            }
        }
        Self::of(self.width, self.height, open.into_iter().map(|open| !open).collect())
    }

    /// The connected part (8-neighbourhood) with the largest sum of `weight(x, y)` over its pixels;
    /// an empty mask stays empty.
    #[must_use]
    pub(crate) fn heaviest_part(&self, weight: impl Fn(usize, usize) -> f64) -> Self {
        let total = |pixels: &[usize]| -> f64 {
            pixels.iter().map(|&at| weight(at % self.width, at / self.width)).sum()
        };
        let parts = regions(&self.inside, self.width);
        let best = parts
            .iter()
            .map(|part| (total(&part.pixels), part))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, part)| part);
        let mut inside = vec![false; self.inside.len()];
        for &at in best.map_or(&[][..], |part| &part.pixels) {
            inside[at] = true;
        }
        Self::of(self.width, self.height, inside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::drawn;

    #[test]
    fn growing_and_shrinking_follow_the_disc() {
        let dot = drawn(&[".....", ".....", "..#..", ".....", "....."]);
        assert_eq!(dot.dilated(1.0), drawn(&[".....", "..#..", ".###.", "..#..", "....."]));
        assert_eq!(dot.dilated(1.0).eroded(1.0), dot);
        assert_eq!(dot.opened(1.0).area(), 0);
    }

    #[test]
    fn the_frame_is_no_border_of_the_lesion() {
        let half = drawn(&["##..", "##..", "##.."]);
        assert_eq!(half.eroded(1.0), drawn(&["#...", "#...", "#..."]));
        let full = drawn(&["###", "###"]);
        assert_eq!(full.eroded(50.0), full);
    }

    #[test]
    fn holes_are_filled_and_bays_are_not() {
        let mask = drawn(&["#####", "#...#", "#.#.#", "#####", "#...#"]);
        assert_eq!(mask.filled(), drawn(&["#####", "#####", "#####", "#####", "#...#"]));
    }

    #[test]
    fn the_heaviest_part_need_not_be_the_largest() {
        let mask = drawn(&["##...", "##..#", "##..."]);
        assert_eq!(mask.heaviest_part(|_, _| 1.0).area(), 6);
        assert_eq!(mask.heaviest_part(|x, _| if x == 4 { 10.0 } else { 1.0 }).area(), 1);
        assert_eq!(drawn(&["..."]).heaviest_part(|_, _| 1.0).area(), 0);
    }
}
