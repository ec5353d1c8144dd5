//! Exact Euclidean distances on the pixel grid.

use std::ops::Range;

/// For each pixel the squared distance to the nearest one that is set, in pixels; infinite where none
/// is (Felzenszwalb and Huttenlocher 2012): along the columns by counting, then along the rows by the lower
/// envelope of parabolas.
pub fn squared_distance(set: &[bool], width: usize) -> Vec<f32> {
    let mut field = squared_in_columns(set, width);
    let mut envelope = Envelope::default();
    for row in field.chunks_exact_mut(width) {
        envelope.lower(row);
    }
    field
}

/// Whole rows at a time, downwards and upwards.
fn squared_in_columns(set: &[bool], width: usize) -> Vec<f32> {
    let mut field: Vec<f32> = set.iter().map(|&set| if set { 0.0 } else { f32::INFINITY }).collect();
    for start in (width..field.len()).step_by(width) {
        let (above, row) = field[start - width..start + width].split_at_mut(width);
        for (value, above) in row.iter_mut().zip(above) {
            *value = value.min(*above + 1.0);
        }
    }
    for start in (0..field.len() - width).step_by(width).rev() {
        let (row, below) = field[start..start + 2 * width].split_at_mut(width);
        for (value, below) in row.iter_mut().zip(below) {
            *value = value.min(*below + 1.0);
        }
    }
    for value in &mut field {
        *value *= *value;
    }
    field
}

/// Parabolas `(x - place)² + height` that are lowest somewhere, from left to right.
#[derive(Default)]
struct Envelope {
    parabolas: Vec<(f32, f32)>,
    /// Where each parabola begins to be the lowest.
    starts: Vec<f32>,
}

impl Envelope {
    fn lower(&mut self, line: &mut [f32]) {
        self.parabolas.clear();
        self.starts.clear();
        let set = |place: Option<&f32>| place.is_some_and(|&height| height == 0.0);
        for (place, &height) in line.iter().enumerate().filter(|(_, height)| height.is_finite()) {
            // Between two that are set, one that is set is the nearest to itself alone.
            let amid = height == 0.0 && place > 0 && set(line.get(place - 1)) && set(line.get(place + 1));
            if !amid {
                self.add(place as f32, height);
            }
        }
        for current in 0..self.parabolas.len() {
            let (place, height) = self.parabolas[current];
            for x in self.reign(current, line.len()) {
                if line[x] > 0.0 {
                    line[x] = (x as f32 - place).powi(2) + height;
                }
            }
        }
    }

    fn add(&mut self, place: f32, height: f32) {
        let mut start = f32::NEG_INFINITY;
        while let Some(&(last, low)) = self.parabolas.last() {
            start = ((height + place * place) - (low + last * last)) / (2.0 * (place - last));
            if start > self.starts[self.starts.len() - 1] {
                break;
            }
            self.parabolas.pop();
            self.starts.pop();
            start = f32::NEG_INFINITY;
        }
        self.parabolas.push((place, height));
        self.starts.push(start);
    }

    /// Positions at which a parabola is the lowest.
    fn reign(&self, index: usize, length: usize) -> Range<usize> {
        let end = self.starts.get(index + 1).map_or(length, |&next| rounded_up(next).min(length));
        rounded_up(self.starts[index]).min(length)..end
    }
}

/// Nothing below 0. `f32::ceil` is a call of its own on processors of before 2008, for which this is built.
fn rounded_up(value: f32) -> usize {
    let whole = value.max(0.0) as usize;
    whole + usize::from((whole as f32) < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_that_of_the_nearest_pixel() {
        let (width, height) = (23usize, 17usize);
        let set: Vec<bool> = (0..width * height).map(|i| (i * 7919) % 41 == 0).collect();
        let found = squared_distance(&set, width);
        for (index, &got) in found.iter().enumerate() {
            let (x, y) = ((index % width) as f32, (index / width) as f32);
            let want = set
                .iter()
                .enumerate()
                .filter(|(_, set)| **set)
                .map(|(other, _)| {
                    let (u, v) = ((other % width) as f32, (other / width) as f32);
                    (x - u).powi(2) + (y - v).powi(2)
                })
                .fold(f32::INFINITY, f32::min);
            assert!((got - want).abs() < 1e-3, "{x} {y}: {got} instead of {want}");
        }
    }

    #[test]
    fn areas_have_the_distances_of_their_borders() {
        let (width, height) = (31usize, 24usize);
        let disc = |i: usize| ((i % width) as f32 - 14.0).hypot((i / width) as f32 - 11.0);
        for outwards in [true, false] {
            let set: Vec<bool> = (0..width * height).map(|i| (disc(i) < 8.0) == outwards).collect();
            let places = || (0..set.len()).filter(|&i| set[i]).map(|i| (i % width, i / width));
            for (index, &got) in squared_distance(&set, width).iter().enumerate() {
                let (x, y) = (index % width, index / width);
                let want = places().map(|(u, v)| x.abs_diff(u).pow(2) + y.abs_diff(v).pow(2)).min();
                assert_eq!(Some(got as usize), want, "{x} {y}");
            }
        }
    }

    #[test]
    fn without_a_set_pixel_everything_is_infinitely_far() {
        assert!(squared_distance(&[false; 12], 4).iter().all(|d| d.is_infinite()));
        assert!(squared_distance(&[true; 12], 4).iter().all(|&d| d == 0.0));
    }
}
