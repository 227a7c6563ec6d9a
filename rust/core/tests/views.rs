//! Random chains of views against the same operations on plain vectors.

mod common;

use common::reference;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rutile_core::shape::numel;
use rutile_core::{DType, Scalar, Tensor};

/// An array that copies its elements at every operation.
#[derive(Clone, Debug)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Array {
    /// The array of a shape whose element at an index is what `source` names, or `fill`.
    fn gather(&self, shape: &[usize], fill: f32, source: impl Fn(&[usize]) -> Option<Vec<usize>>) -> Array {
        let mut data = Vec::new();
        for linear in 0..numel(shape) {
            let from = source(&split(linear, shape));
            data.push(from.map_or(fill, |index| self.data[join(&index, &self.shape)]));
        }
        Array { shape: shape.to_vec(), data }
    }
}

fn split(mut linear: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for axis in (0..shape.len()).rev() {
        index[axis] = linear % shape[axis];
        linear /= shape[axis];
    }
    index
}

fn join(index: &[usize], shape: &[usize]) -> usize {
    index.iter().zip(shape).fold(0, |linear, (&i, &n)| linear * n + i)
}

/// Applies one random view to both sides; does nothing where the view does not fit.
fn apply(x: &Tensor, a: &Array, what: u8, n: usize) -> (Tensor, Array) {
    let shape = a.shape.clone();
    let rank = shape.len();
    let axis = n % rank.max(1);
    match what % 8 {
        0 => {
            let all = numel(&shape);
            let factor = (1..=all).filter(|&f| all.is_multiple_of(f)).nth(n % 3).unwrap_or(1);
            let target = if n.is_multiple_of(2) { vec![factor, all / factor] } else { vec![all / factor, 1, factor] };
            let sizes: Vec<i64> = target.iter().map(|&size| size as i64).collect();
            (x.reshape(&sizes).unwrap(), Array { shape: target, data: a.data.clone() })
        }
        1 if rank > 1 => {
            let order: Vec<usize> = (0..rank).map(|i| (i + 1 + n % (rank - 1)) % rank).collect();
            let permuted: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
            let axes: Vec<i64> = order.iter().map(|&axis| axis as i64).collect();
            let source = |index: &[usize]| {
                let mut from = vec![0; rank];
                order.iter().zip(index).for_each(|(&axis, &i)| from[axis] = i);
                Some(from)
            };
            (x.permute(&axes).unwrap(), a.gather(&permuted, 0.0, source))
        }
        2 if numel(&shape) < 60 => {
            let wide: Vec<usize> = [2].into_iter().chain(shape.iter().map(|&s| if s == 1 { 3 } else { s })).collect();
            let source = |index: &[usize]| {
                Some(index[1..].iter().zip(&shape).map(|(&i, &s)| if s == 1 { 0 } else { i }).collect())
            };
            (x.expand(&wide).unwrap(), a.gather(&wide, 0.0, source))
        }
        3 if rank > 0 => {
            let source = |index: &[usize]| {
                let mut from = index.to_vec();
                from[axis] = shape[axis] - 1 - index[axis];
                Some(from)
            };
            (x.flip(axis), a.gather(&shape, 0.0, source))
        }
        4 if rank > 0 && numel(&shape) < 60 => {
            let (before, after, fill) = (n % 3, n / 3 % 2, (n % 5) as f32);
            let mut padding = vec![(0, 0); rank];
            padding[axis] = (before as i64, after as i64);
            let mut padded = shape.clone();
            padded[axis] += before + after;
            let source = |index: &[usize]| {
                let mut from = index.to_vec();
                from[axis] = from[axis].checked_sub(before).filter(|&i| i < shape[axis])?;
                Some(from)
            };
            let scalar = Scalar::float(fill as f64, DType::F32);
            (x.pad(&padding, scalar).unwrap(), a.gather(&padded, fill, source))
        }
        5 if rank > 0 && shape[axis] > 1 => {
            let (start, step) = (n % 2, 1 + n / 2 % 2);
            let size = (shape[axis] - start).div_ceil(step);
            let mut cut = shape.clone();
            cut[axis] = size;
            let source = |index: &[usize]| {
                let mut from = index.to_vec();
                from[axis] = start + step * index[axis];
                Some(from)
            };
            (x.slice(axis, start, step as i64, size).unwrap(), a.gather(&cut, 0.0, source))
        }
        6 if rank > 0 && shape[axis] > 1 && rank < 5 => {
            let (size, stride) = (2, 1 + n % 2);
            let mut cut = shape.clone();
            cut[axis] = (shape[axis] - size) / stride + 1;
            cut.insert(axis + 1, size);
            let source = |index: &[usize]| {
                let mut from = index.to_vec();
                let tap = from.remove(axis + 1);
                from[axis] = from[axis] * stride + tap;
                Some(from)
            };
            (x.window(axis, size, stride, 1).unwrap(), a.gather(&cut, 0.0, source))
        }
        7 => (x + &x.constant_like(1.0), Array { shape, data: a.data.iter().map(|v| v + 1.0).collect() }),
        _ => (x.clone(), a.clone()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(0), ..ProptestConfig::default() })]

    #[test]
    fn chains_of_views_equal_index_arithmetic(steps in proptest::collection::vec((any::<u8>(), 0usize..64), 1..10)) {
        let device = reference(8, true);
        let data: Vec<f32> = (0..24).map(|i| i as f32).collect();
        let mut x = Tensor::from_slice(&data, &[2, 3, 4], &device).unwrap();
        let mut a = Array { shape: vec![2, 3, 4], data };
        for (what, n) in steps {
            (x, a) = apply(&x, &a, what, n);
            prop_assert_eq!(x.shape(), &a.shape[..]);
        }
        prop_assert_eq!(x.to_vec().unwrap(), a.data);
    }
}
