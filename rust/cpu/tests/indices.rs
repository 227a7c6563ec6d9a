//! Gathers, scatters, scans and sorts from Rust tensors, against plain loops.

use std::sync::Arc;

use rutile_core::dtype::{DType, Scalar};
use rutile_core::kernel::Fold;
use rutile_core::{Device, Elementwise, Tensor, gradients};
use rutile_cpu::CpuBackend;

/// (before, axis, after) of a shape.
fn split(shape: &[usize], axis: usize) -> (usize, usize, usize) {
    (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product())
}

fn floats(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 31 + i * i % 17) % 41) as f32 / 4.0 - 5.0).collect()
}

fn tensor(values: &[f32], shape: &[usize], device: &Device) -> Tensor {
    Tensor::from_slice(values, shape, device).unwrap()
}

fn positions(values: &[i32], shape: &[usize], device: &Device) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    Tensor::from_bytes(&bytes, shape, DType::I32, device).unwrap()
}

fn integers(tensor: &Tensor) -> Vec<i32> {
    tensor.to_bytes().unwrap().chunks(4).map(|b| i32::from_ne_bytes(b.try_into().unwrap())).collect()
}

/// Positions in `-size..size` and some outside.
fn mixed_positions(count: usize, size: usize) -> Vec<i32> {
    let span = 2 * size as i32 + 3;
    (0..count).map(|i| (i * 7907 + i / 3) as i32 % span - size as i32 - 1).collect()
}

fn wrap(position: i32, size: usize) -> Option<usize> {
    let wrapped = if position < 0 { position + size as i32 } else { position };
    (0..size as i32).contains(&wrapped).then_some(wrapped as usize)
}

fn take(x: &[f32], own: &[usize], at: &[i32], count: usize, axis: usize) -> Vec<f32> {
    let (before, size, after) = split(own, axis);
    let index = |(b, k, a): (usize, usize, usize)| {
        wrap(at[(b * count + k) * after + a], size).map_or(0.0, |p| x[(b * size + p) * after + a])
    };
    let all = (0..before).flat_map(|b| (0..count).flat_map(move |k| (0..after).map(move |a| (b, k, a))));
    all.map(index).collect()
}

fn scatter(x: &[f32], own: &[usize], at: &[i32], size: usize, axis: usize) -> Vec<f32> {
    let (before, count, after) = split(own, axis);
    let mut sums = vec![0f32; before * size * after];
    for (i, (&value, &position)) in x.iter().zip(at).enumerate() {
        let (b, a) = (i / (count * after), i % after);
        if let Some(p) = wrap(position, size) {
            sums[(b * size + p) * after + a] += value;
        }
    }
    sums
}

const SHAPES: &[(&[usize], usize, usize)] = &[
    (&[7], 0, 5),
    (&[5, 3], 0, 9),
    (&[5, 3], 1, 2),
    (&[4, 30, 6], 1, 11),
    (&[3, 2, 2000], 1, 4),
    (&[1, 1500], 1, 3000),
    (&[40, 700], 0, 300),
    (&[10], 0, 200_000),
    (&[9, 3], 0, 60_000),
    (&[0, 3], 1, 2),
    (&[3, 4], 0, 0),
];

#[test]
fn taking_and_scattering_are_what_plain_loops_give() {
    let device = Device::new(CpuBackend::new());
    for &(shape, axis, count) in SHAPES {
        let total = shape.iter().product();
        let (x, mut asked) = (floats(total, 1), shape.to_vec());
        asked[axis] = count;
        let at = mixed_positions(asked.iter().product(), shape[axis]);
        let (source, index) = (tensor(&x, shape, &device), positions(&at, &asked, &device));
        let got = source.take_along_axis(&index, axis as i64).unwrap().to_vec().unwrap();
        assert_eq!(got, take(&x, shape, &at, count, axis), "take {shape:?} {axis}");
        // Producer and consumer in the same plan.
        let twice = (&source + &source).take_along_axis(&index, axis as i64).unwrap() * 0.5;
        assert_eq!(twice.to_vec().unwrap(), got, "fused take {shape:?} {axis}");
        let values = floats(at.len(), 2);
        let sums = scatter(&values, &asked, &at, shape[axis], axis);
        let values = tensor(&values, &asked, &device);
        let got = values.scatter_add(&index, axis as i64, shape[axis]).unwrap();
        assert_eq!(got.to_vec().unwrap(), sums, "scatter {shape:?} {axis}");
        let fused = (&values * 2.0).scatter_add(&index, axis as i64, shape[axis]).unwrap() * 0.5;
        assert_eq!(fused.to_vec().unwrap(), sums, "fused scatter {shape:?} {axis}");
    }
}

#[test]
fn rows_of_an_embedding_and_their_gradient() {
    let device = Device::new(CpuBackend::new());
    for width in [1, 3, 8, 64, 768, 3000] {
        let (words, count) = (50, 200);
        let table = floats(words * width, 3);
        let ids: Vec<i32> = (0..count).map(|i| (i * 37 % 53) - 2).collect();
        let table = tensor(&table, &[words, width], &device);
        let weights = table.as_variable(Arc::default()).unwrap();
        let index = positions(&ids, &[count as usize, 1], &device).expand(&[count as usize, width]).unwrap();
        let rows = weights.take_along_axis(&index, 0).unwrap();
        let at: Vec<i32> = ids.iter().flat_map(|&id| vec![id; width]).collect();
        let seed = floats(count as usize * width, 4);
        let loss = (&rows * &tensor(&seed, &[count as usize, width], &device)).reduce(Fold::Sum, None, false).unwrap();
        let gradient = gradients(&[loss], &[None], std::slice::from_ref(&weights)).unwrap().remove(0);
        assert_eq!(gradient.to_vec().unwrap(), scatter(&seed, &[count as usize, width], &at, words, 0), "{width}");
        let expected = take(&table.to_vec().unwrap(), &[words, width], &at, count as usize, 0);
        assert_eq!(rows.to_vec().unwrap(), expected, "{width}");
    }
}

#[test]
fn scans_are_running_folds_along_any_axis() {
    let device = Device::new(CpuBackend::new());
    let folds: [(Fold, fn(f64, f64) -> f64, f64); 4] = [
        (Fold::Sum, |a, b| a + b, 0.0),
        (Fold::Product, |a, b| a * b, 1.0),
        (Fold::Max, f64::max, f64::NEG_INFINITY),
        (Fold::Min, f64::min, f64::INFINITY),
    ];
    for &(shape, axis, _) in SHAPES {
        let x: Vec<f32> = floats(shape.iter().product(), 5).iter().map(|x| x / 5.0).collect();
        let (before, size, after) = split(shape, axis);
        for (fold, step, identity) in folds {
            let mut expected = vec![0f32; x.len()];
            for lane in 0..before * after {
                let mut total = identity;
                for k in 0..size {
                    let place = (lane / after * size + k) * after + lane % after;
                    total = step(total, x[place] as f64);
                    expected[place] = total as f32;
                }
            }
            let source = tensor(&x, shape, &device);
            let got = (&source * 1.0).cumulate(fold, axis as i64).unwrap();
            assert_eq!(got.to_vec().unwrap(), expected, "{fold:?} {shape:?} {axis}");
        }
    }
    let variable = tensor(&[1.0, 2.0, 3.0], &[3], &device).as_variable(Arc::default()).unwrap();
    let total = variable.cumulate(Fold::Sum, 0).unwrap().reduce(Fold::Sum, None, false).unwrap();
    assert_eq!(gradients(&[total], &[None], &[variable]).unwrap()[0].to_vec().unwrap(), [3.0, 2.0, 1.0]);
    let broken = tensor(&[1.0, f32::NAN, 3.0], &[3], &device).cumulate(Fold::Max, 0).unwrap().to_vec().unwrap();
    assert!(broken[0] == 1.0 && broken[1].is_nan() && broken[2].is_nan());
}

#[test]
fn sorts_are_stable_and_nan_is_greatest() {
    let device = Device::new(CpuBackend::new());
    let rank = |x: f32| if x.is_nan() { f32::INFINITY } else { x };
    for &(shape, axis, _) in SHAPES.iter().chain(&[(&[40_000][..], 0, 0), (&[20, 3000], 1, 0)]) {
        let mut x = floats(shape.iter().product(), 6);
        x.iter_mut().skip(3).step_by(11).for_each(|value| *value = f32::NAN);
        x.iter_mut().step_by(7).for_each(|value| *value *= -0.0);
        let (before, size, after) = split(shape, axis);
        for descending in [false, true] {
            let mut expected = vec![0; x.len()];
            for lane in 0..before * after {
                let place = |k: usize| (lane / after * size + k) * after + lane % after;
                let mut order: Vec<usize> = (0..size).collect();
                order.sort_by(|&a, &b| {
                    let (a, b) = (x[place(a)], x[place(b)]);
                    let ascending = rank(a).partial_cmp(&rank(b)).unwrap().then(a.is_nan().cmp(&b.is_nan()));
                    if descending { ascending.reverse() } else { ascending }
                });
                (0..size).for_each(|k| expected[place(k)] = order[k] as i32);
            }
            let got = (&tensor(&x, shape, &device) * 1.0).argsort(axis as i64, descending).unwrap();
            assert_eq!(integers(&got), expected, "{shape:?} {axis} {descending}");
        }
    }
}

#[test]
fn positions_and_values_from_views() {
    let device = Device::new(CpuBackend::new());
    let x = floats(6 * 5, 7);
    let turned = tensor(&x, &[6, 5], &device).transpose(0, 1).unwrap();
    let flat: Vec<f32> = (0..30).map(|i| x[i % 6 * 5 + i / 6]).collect();
    let at: Vec<i32> = (0..20).map(|i| i * 3 % 6).collect();
    let index = positions(&at, &[5, 4], &device);
    let got = turned.take_along_axis(&index, 1).unwrap();
    assert_eq!(got.to_vec().unwrap(), take(&flat, &[5, 6], &at, 4, 1));
    let padded = got.pad(&[(1, 0), (0, 2)], Scalar::int(0, DType::F32)).unwrap();
    let first = padded.reduce(Fold::Sum, Some(&[1]), false).unwrap().to_vec().unwrap();
    let sums: Vec<f32> = take(&flat, &[5, 6], &at, 4, 1).chunks(4).map(|row| row.iter().sum()).collect();
    assert_eq!(first[1..], sums[..]);
    // Sorting by taking along the order that argsort gives.
    let order = turned.argsort(-1, false).unwrap();
    let sorted = turned.take_along_axis(&order, -1).unwrap().to_vec().unwrap();
    assert!(sorted.chunks(6).all(|row| row.is_sorted()));
    let back = Tensor::apply(Elementwise::Abs, &[&turned]).unwrap().scatter_add(&order, -1, 6).unwrap();
    assert_eq!(back.to_vec().unwrap().len(), 30);
}
