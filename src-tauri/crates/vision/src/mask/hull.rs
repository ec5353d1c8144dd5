//! The convex hull of a mask.

use super::Mask;

/// A convex polygon, counter-clockwise in a frame whose y axis points up, without repeated points.
#[derive(Clone, Debug, PartialEq)]
pub struct Hull {
    pub points: Vec<(f64, f64)>,
}

/// Hull of the pixels' corners; `None` for an empty mask. The pixel in column `x` covers `x..x + 1`.
pub fn hull_of_corners(mask: &Mask) -> Option<Hull> {
    let corners = row_ends(mask)
        .flat_map(|(first, last, y)| [(first, y), (first, y + 1), (last + 1, y), (last + 1, y + 1)]);
    hull(corners.collect())
}

/// Hull of the pixels' centres, the first pixel's at 0; `None` for an empty mask.
pub fn hull_of_centres(mask: &Mask) -> Option<Hull> {
    hull(row_ends(mask).flat_map(|(first, last, y)| [(first, y), (last, y)]).collect())
}

/// First and last column inside of each row, which hold every extreme point.
fn row_ends(mask: &Mask) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
    mask.pixels().chunks_exact(mask.width()).enumerate().filter_map(|(y, row)| {
        let first = row.iter().position(|&inside| inside)?;
        let last = row.iter().rposition(|&inside| inside)?;
        Some((first as i64, last as i64, y as i64))
    })
}

/// Andrew's monotone chain.
fn hull(mut points: Vec<(i64, i64)>) -> Option<Hull> {
    points.sort_unstable();
    points.dedup();
    let mut lower = half(points.iter().copied());
    let mut upper = half(points.iter().rev().copied());
    if lower.len() > 1 {
        lower.pop();
        upper.pop();
        lower.append(&mut upper);
    }
    let points: Vec<_> = lower.into_iter().map(|(x, y)| (x as f64, y as f64)).collect();
    (!points.is_empty()).then_some(Hull { points })
}

fn half(points: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut chain: Vec<(i64, i64)> = Vec::new();
    for point in points {
        while let [.., a, b] = chain[..]
            && (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0) <= 0
        {
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

impl Hull {
    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + '_ {
        self.points.iter().copied().zip(self.points.iter().copied().cycle().skip(1))
    }

    pub fn area(&self) -> f64 {
        self.edges().map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
    }

    pub fn perimeter(&self) -> f64 {
        self.edges().map(|(a, b)| (b.0 - a.0).hypot(b.1 - a.1)).sum()
    }

    /// Largest and smallest distance between two parallel lines that enclose the hull (Feret). The
    /// smallest lies along an edge, the largest joins two corners.
    pub fn feret(&self) -> (f64, f64) {
        let mut largest: f64 = 0.0;
        for (index, a) in self.points.iter().enumerate() {
            for b in &self.points[index + 1..] {
                largest = largest.max((b.0 - a.0).hypot(b.1 - a.1));
            }
        }
        let smallest = self
            .edges()
            .filter(|(a, b)| a != b)
            .map(|(a, b)| {
                let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                let length = dx.hypot(dy);
                let across = |p: &(f64, f64)| ((p.0 - a.0) * dy - (p.1 - a.1) * dx).abs() / length;
                self.points.iter().map(across).fold(0.0, f64::max)
            })
            .fold(largest, f64::min);
        (largest, smallest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::drawn;
    use super::*;

    #[test]
    fn a_rectangle_is_its_own_hull() {
        let hull = hull_of_corners(&drawn(&[".....", ".###.", ".###.", "....."])).unwrap();
        assert_eq!(hull.points.len(), 4);
        assert!((hull.area() - 6.0).abs() < 1e-12);
        assert!((hull.perimeter() - 10.0).abs() < 1e-12);
        let (largest, smallest) = hull.feret();
        assert!((largest - 13f64.sqrt()).abs() < 1e-12 && (smallest - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_notch_is_bridged() {
        let hull = hull_of_corners(&drawn(&["#.#", "###"])).unwrap();
        assert!((hull.area() - 6.0).abs() < 1e-12);
    }

    #[test]
    fn one_pixel_has_the_hull_of_a_pixel() {
        let hull = hull_of_corners(&drawn(&["...", ".#.", "..."])).unwrap();
        assert!((hull.area() - 1.0).abs() < 1e-12);
        assert!(hull_of_corners(&drawn(&["..."])).is_none());
        let centres = hull_of_centres(&drawn(&["...", ".#.", "..."])).unwrap();
        assert_eq!((centres.points.len(), centres.feret()), (1, (0.0, 0.0)));
        let two = hull_of_centres(&drawn(&["#..#"])).unwrap();
        assert_eq!(two.feret(), (3.0, 0.0));
    }
}
