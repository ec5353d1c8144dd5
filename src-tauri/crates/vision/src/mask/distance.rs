//! Exact Euclidean distances on the pixel grid.

use std::ops::Range;

/// For each pixel the squared distance to the nearest one that is set, in pixels; infinite where none
/// is (Felzenszwalb and Huttenlocher 2012: the lower envelope of parabolas, columns and then rows).
pub fn squared_distance(set: &[bool], width: usize) -> Vec<f32> {
    let height = set.len() / width;
    let mut field: Vec<f32> = set.iter().map(|&set| if set { 0.0 } else { f32::INFINITY }).collect();
    let mut envelope = Envelope::default();
    let mut line = vec![0.0; height];
    for x in 0..width {
        for (y, value) in line.iter_mut().enumerate() {
            *value = field[y * width + x];
        }
        envelope.lower(&mut line);
        for (y, value) in line.iter().enumerate() {
            field[y * width + x] = *value;
        }
    }
    for row in field.chunks_exact_mut(width) {
        envelope.lower(row);
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
        for (place, &height) in line.iter().enumerate().filter(|(_, height)| height.is_finite()) {
            self.add(place as f32, height);
        }
        if self.parabolas.is_empty() {
            return;
        }
        for current in 0..self.parabolas.len() {
            let (place, height) = self.parabolas[current];
            for x in self.reign(current, line.len()) {
                line[x] = (x as f32 - place).powi(2) + height;
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
        let at = |start: f32| (start.ceil().max(0.0) as usize).min(length);
        let end = self.starts.get(index + 1).map_or(length, |&next| at(next));
        at(self.starts[index])..end
    }
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
    fn without_a_set_pixel_everything_is_infinitely_far() {
        assert!(squared_distance(&[false; 12], 4).iter().all(|d| d.is_infinite()));
        assert!(squared_distance(&[true; 12], 4).iter().all(|&d| d == 0.0));
    }
}
