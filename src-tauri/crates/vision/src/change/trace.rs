//! An outline as a polygon, to be drawn over pictures by whoever shows them.

use crate::mask::Mask;
use crate::outline::enlarged;
use crate::resize::with_long_side;

/// Long side of the mask that is traced.
const SIDE: u32 = 512;
/// Farthest a corner that is left out lies from the polygon, in pixels of that mask.
const TOLERANCE: f64 = 0.8;

/// Corners of the border in pixels of the mask, without repeating the first; empty for an empty mask. Of
/// several parts the first from the top is followed, and holes are not seen.
#[must_use]
pub fn polygon(mask: &Mask) -> Vec<[f64; 2]> {
    let (width, height) = with_long_side(mask.width() as u32, mask.height() as u32, SIDE);
    let small = enlarged(mask, width as usize, height as usize);
    let corners = border(&small);
    let (x, y) = (mask.width() as f64 / f64::from(width), mask.height() as f64 / f64::from(height));
    simplified(&corners).into_iter().map(|(u, v)| [u * x, v * y]).collect()
}

/// The middles of the pixels' edges around the first part, the lesion on the right hand: less of a stair
/// than the corners.
fn border(mask: &Mask) -> Vec<(f64, f64)> {
    let Some((start_x, start_y)) = mask.places().next() else { return Vec::new() };
    let start = (start_x as i64, start_y as i64);
    const DIRECTIONS: [(i64, i64); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    // The pixels ahead to the left and to the right of a corner, by direction.
    const LEFT: [(i64, i64); 4] = [(0, -1), (0, 0), (-1, 0), (-1, -1)];
    const RIGHT: [(i64, i64); 4] = [(0, 0), (-1, 0), (-1, -1), (0, -1)];
    let (mut at, mut heading) = (start, 0usize);
    let mut corners = Vec::new();
    loop {
        let (dx, dy) = DIRECTIONS[heading];
        corners.push((at.0 as f64 + 0.5 * dx as f64, at.1 as f64 + 0.5 * dy as f64));
        at = (at.0 + dx, at.1 + dy);
        let inside = |offset: (i64, i64)| mask.contains(at.0 + offset.0, at.1 + offset.1);
        if inside(LEFT[heading]) && inside(RIGHT[heading]) {
            heading = (heading + 3) % 4;
        } else if !inside(RIGHT[heading]) {
            heading = (heading + 1) % 4;
        }
        if at == start && heading == 0 {
            return corners;
        }
    }
}

/// Douglas and Peucker 1973, on the two halves of the ring.
fn simplified(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if ring.len() < 4 {
        return ring.to_vec();
    }
    let far = (0..ring.len())
        .max_by(|&a, &b| distance(ring[a], ring[0]).total_cmp(&distance(ring[b], ring[0])))
        .unwrap_or(0);
    let mut kept = vec![false; ring.len() + 1];
    kept[0] = true;
    kept[far] = true;
    let closed: Vec<(f64, f64)> = ring.iter().copied().chain(ring.first().copied()).collect();
    let mut open = vec![(0, far), (far, ring.len())];
    while let Some((from, to)) = open.pop() {
        let worst = (from + 1..to)
            .map(|index| (index, off_line(closed[index], closed[from], closed[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((index, off)) = worst.filter(|(_, off)| *off > TOLERANCE) {
            kept[index] = true;
            open.push((from, index));
            open.push((index, to));
            debug_assert!(off.is_finite());
        }
    }
    let corners: Vec<(f64, f64)> =
        ring.iter().zip(kept).filter(|(_, kept)| *kept).map(|(corner, _)| *corner).collect();
    // What is smaller than the tolerance keeps its corners.
    if corners.len() < 3 { ring.to_vec() } else { corners }
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn off_line(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let length = distance(from, to);
    if length < 1e-9 {
        return distance(point, from);
    }
    ((to.0 - from.0) * (from.1 - point.1) - (from.0 - point.0) * (to.1 - from.1)).abs() / length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(corners: &[[f64; 2]]) -> f64 {
        let next = corners.iter().cycle().skip(1);
        (corners.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0).abs()
    }

    fn mask(width: u32, height: u32, inside: impl Fn(f64, f64) -> bool) -> Mask {
        let pixels =
            (0..width * height).map(|i| inside(f64::from(i % width), f64::from(i / width))).collect();
        Mask::new(width, height, pixels).unwrap()
    }

    #[test]
    fn the_polygon_of_a_disc_has_its_area_and_few_corners() {
        let disc = mask(400, 300, |x, y| (x - 200.0).hypot(y - 150.0) < 90.0);
        let corners = polygon(&disc);
        assert!(
            (area(&corners) / disc.area() as f64 - 1.0).abs() < 0.02 && corners.len() < 80,
            "{}",
            corners.len()
        );
    }

    #[test]
    fn a_large_mask_keeps_its_places() {
        let block = mask(2048, 1024, |x, y| (400.0..800.0).contains(&x) && (200.0..600.0).contains(&y));
        let corners = polygon(&block);
        assert!((area(&corners) / (400.0 * 400.0) - 1.0).abs() < 0.02);
        assert!(corners.iter().all(|[x, y]| (395.0..=805.0).contains(x) && (195.0..=605.0).contains(y)));
    }

    #[test]
    fn single_pixels_corners_and_nothing_are_followed_to_an_end() {
        assert_eq!(polygon(&mask(5, 5, |x, y| (x, y) == (2.0, 2.0))).len(), 4);
        assert!(polygon(&mask(5, 5, |_, _| false)).is_empty());
        // A mask that fills its frame has no pixel outside to turn at.
        assert!((area(&polygon(&mask(60, 60, |_, _| true))) / 3600.0 - 1.0).abs() < 0.03);
        let diagonal = mask(6, 6, |x, y| x == y);
        assert!(!polygon(&diagonal).is_empty());
    }
}
