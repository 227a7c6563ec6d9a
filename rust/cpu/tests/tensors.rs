//! The whole path from Rust tensors: gradients of a small network, fused and op by op, and the precision of functions.

use std::sync::Arc;

use rutile_core::compose::{conv, linear, log_softmax, max_pool};
use rutile_core::kernel::Fold;
use rutile_core::{Device, Elementwise, Tensor, gradients};
use rutile_cpu::CpuBackend;

fn numbers(shape: &[usize], seed: usize, device: &Device) -> Tensor {
    let count = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|i| ((i * 7919 + seed * 31) % 201) as f32 / 100.0 - 1.0).collect();
    Tensor::from_slice(&values, shape, device).unwrap()
}

fn variable(shape: &[usize], seed: usize, device: &Device) -> Tensor {
    numbers(shape, seed, device).as_variable(Arc::default()).unwrap()
}

/// Loss and gradients of convolution, pooling, a linear layer and a softmax.
fn step(device: &Device) -> Vec<Vec<f32>> {
    let images = variable(&[3, 2, 12, 12], 1, device);
    let filters = variable(&[4, 2, 3, 3], 2, device);
    let shift = variable(&[4], 3, device);
    let weights = variable(&[10, 4 * 6 * 6], 4, device);
    let bias = variable(&[10], 5, device);
    let hidden = conv(&images, &filters, Some(&shift), &[1, 1], &[(1, 1), (1, 1)], &[1, 1], 1).unwrap();
    let hidden = Tensor::apply(Elementwise::Relu, &[&hidden]).unwrap();
    let pooled = max_pool(&hidden, &[2, 2], &[2, 2], &[(0, 0), (0, 0)], &[1, 1]).unwrap();
    let scores = linear(&pooled.reshape(&[3, -1]).unwrap(), &weights, Some(&bias)).unwrap();
    let likelihood = log_softmax(&scores, -1).unwrap();
    let loss = Tensor::apply(Elementwise::Mul, &[&likelihood, &numbers(&[3, 10], 6, device)]).unwrap();
    let loss = loss.reduce(Fold::Sum, None, false).unwrap();
    let inputs = [images, filters, shift, weights, bias];
    let mut all = gradients(std::slice::from_ref(&loss), &[None], &inputs).unwrap();
    all.push(loss);
    all.iter().map(|tensor| tensor.to_vec().unwrap()).collect()
}

#[test]
fn a_network_and_its_gradients_are_the_same_fused_and_op_by_op() {
    let device = Device::new(CpuBackend::new());
    let fused = step(&device);
    device.set_fuse(false);
    let plain = step(&device);
    for (a, b) in fused.iter().zip(&plain) {
        assert!(a.iter().any(|x| *x != 0.0));
        let scale = b.iter().fold(1f32, |m, x| m.max(x.abs()));
        assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-5 * scale), "{a:?}\n{b:?}");
    }
}

#[test]
fn vector_functions_are_within_a_few_units_in_the_last_place() {
    let device = Device::new(CpuBackend::new());
    let wide: Vec<f32> = (0..200_000).map(|i| -86.0 + i as f32 * 8.7e-4).collect();
    let positive: Vec<f32> = (0..200_000).map(|i| f32::from_bits(0x0080_0000 + i * 10_000)).collect();
    type Row<'a> = (Elementwise, &'a [f32], fn(f64) -> f64, f64);
    let rows: [Row; 3] = [
        (Elementwise::Exp, &wide, f64::exp, 2.0),
        (Elementwise::Log, &positive, f64::ln, 2.0),
        (Elementwise::Tanh, &wide, f64::tanh, 3.0),
    ];
    for (op, inputs, exact, limit) in rows {
        let x = Tensor::from_slice(inputs, &[inputs.len()], &device).unwrap();
        let got = Tensor::apply(op, &[&x]).unwrap().to_vec().unwrap();
        let units = |(&x, &y): (&f32, &f32)| {
            let want = exact(x as f64);
            let unit = f32::from_bits((want.abs() as f32).to_bits() + 1) as f64 - want.abs() as f32 as f64;
            (y as f64 - want).abs() / unit
        };
        let worst = inputs.iter().zip(&got).map(units).fold(0.0, f64::max);
        assert!(worst <= limit, "{op:?}: {worst}");
    }
    let special = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, 200.0, -200.0, -1.0];
    let x = Tensor::from_slice(&special, &[7], &device).unwrap();
    for (op, exact) in
        [(Elementwise::Exp, f32::exp as fn(f32) -> f32), (Elementwise::Log, f32::ln), (Elementwise::Tanh, f32::tanh)]
    {
        let got = Tensor::apply(op, &[&x]).unwrap().to_vec().unwrap();
        for (x, y) in special.iter().zip(got) {
            let want = exact(*x);
            let same = (want.is_nan() && y.is_nan()) || want == y || (want - y).abs() <= 1e-5 * want.abs();
            assert!(same, "{op:?}({x}) = {y}, expected {want}");
        }
    }
}
