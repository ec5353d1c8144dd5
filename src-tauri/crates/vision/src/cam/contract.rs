//! Tensor contraction for the head's matrix products, forward and backward.

/// One axis of a contraction with its stride in each of the three tensors; stride 0 where the tensor
/// does not have the axis or repeats along it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    pub dim: usize,
    pub a: usize,
    pub b: usize,
    pub out: usize,
}

/// `out[..] += a[..] * b[..]` over all axes; axes without a stride in `out` are summed.
pub fn contract(axes: &[Axis], a: &[f32], b: &[f32], out: &mut [f32]) {
    let mut axes: Vec<Axis> = axes.iter().copied().filter(|axis| axis.dim != 1).collect();
    // The innermost loop should be long and step by one.
    axes.sort_by_key(|axis| {
        let steps = [axis.a, axis.b, axis.out].iter().filter(|&&stride| stride > 1).count();
        (std::cmp::Reverse(steps), axis.dim)
    });
    let Some((inner, outer)) = axes.split_last() else {
        out[0] += a[0] * b[0];
        return;
    };
    let mut index = vec![0; outer.len()];
    let (mut at_a, mut at_b, mut at_out) = (0, 0, 0);
    loop {
        innermost(*inner, &a[at_a..], &b[at_b..], &mut out[at_out..]);
        // Odometer over the outer axes.
        let mut level = outer.len();
        loop {
            if level == 0 {
                return;
            }
            level -= 1;
            let axis = outer[level];
            index[level] += 1;
            if index[level] < axis.dim {
                (at_a, at_b, at_out) = (at_a + axis.a, at_b + axis.b, at_out + axis.out);
                break;
            }
            index[level] = 0;
            at_a -= axis.a * (axis.dim - 1);
            at_b -= axis.b * (axis.dim - 1);
            at_out -= axis.out * (axis.dim - 1);
        }
    }
}

fn innermost(axis: Axis, a: &[f32], b: &[f32], out: &mut [f32]) {
    match axis {
        Axis { dim, a: 1, b: 1, out: 0 } => out[0] += dot(&a[..dim], &b[..dim]),
        Axis { dim, a: 1, b: 0, out: 1 } => scaled_add(&mut out[..dim], &a[..dim], b[0]),
        Axis { dim, a: 0, b: 1, out: 1 } => scaled_add(&mut out[..dim], &b[..dim], a[0]),
        Axis { dim, a: step_a, b: step_b, out: step_out } => {
            for i in 0..dim {
                out[i * step_out] += a[i * step_a] * b[i * step_b];
            }
        }
    }
}

fn scaled_add(out: &mut [f32], values: &[f32], factor: f32) {
    for (o, v) in out.iter_mut().zip(values) {
        *o += v * factor;
    }
}

/// Eight running sums: the compiler may keep them in one register, and rounding errors stay small.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (chunks_a, chunks_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = chunks_a.remainder().iter().zip(chunks_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in chunks_a.zip(chunks_b) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_product_and_its_two_gradients() {
        // out[m, n] = sum_k a[m, k] b[k, n] with m = 2, k = 3, n = 2.
        let m = Axis { dim: 2, a: 3, b: 0, out: 2 };
        let k = Axis { dim: 3, a: 1, b: 2, out: 0 };
        let n = Axis { dim: 2, a: 0, b: 1, out: 1 };
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let b = [1.0, 0.0, 0.0, 1.0, 2.0, 2.0];
        let mut out = [0.0; 4];
        contract(&[m, k, n], &a, &b, &mut out);
        assert_eq!(out, [7.0, 8.0, 16.0, 17.0]);
        // d a = g b^T for g = 1 everywhere.
        let swap = |x: Axis| Axis { dim: x.dim, a: x.out, b: x.b, out: x.a };
        let mut gradient = [0.0; 6];
        contract(&[m, k, n].map(swap), &[1.0; 4], &b, &mut gradient);
        assert_eq!(gradient, [1.0, 1.0, 4.0, 1.0, 1.0, 4.0]);
    }

    #[test]
    fn long_dots_use_every_lane() {
        let a: Vec<f32> = (0..21).map(|i| i as f32).collect();
        let axis = Axis { dim: 21, a: 1, b: 1, out: 0 };
        let mut out = [0.0];
        contract(&[axis], &a, &a, &mut out);
        assert_eq!(out, [2870.0]);
    }
}
