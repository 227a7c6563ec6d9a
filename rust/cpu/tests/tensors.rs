//! The whole path from Rust tensors: gradients of a small network, fused and op by op, functions in vectors, and permuted copies.

use std::sync::Arc;

use rutile_core::attention::{Options, attention};
use rutile_core::compose::{conv, linear, log_softmax, max_pool};
use rutile_core::kernel::Fold;
use rutile_core::math::FloatMath;
use rutile_core::random::Generator;
use rutile_core::{DType, Device, Elementwise, Tensor, gradients};
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

/// A loop over vectors gives the bits that the function gives, whichever instructions it is taken in, and far angles too.
#[test]
fn vector_loops_give_what_the_functions_give() {
    let device = Device::new(CpuBackend::new());
    let inputs: Vec<f32> = (0..100_000u32).map(|i| f32::from_bits(i * 42_949)).collect();
    let x = Tensor::from_slice(&inputs, &[inputs.len()], &device).unwrap();
    type Row = (Elementwise, fn(f32) -> f32);
    let rows: [Row; 16] = [
        (Elementwise::Exp, FloatMath::exp_),
        (Elementwise::Exp2, FloatMath::exp2_),
        (Elementwise::Expm1, FloatMath::expm1_),
        (Elementwise::Log, FloatMath::log_),
        (Elementwise::Log2, FloatMath::log2_),
        (Elementwise::Log10, FloatMath::log10_),
        (Elementwise::Log1p, FloatMath::log1p_),
        (Elementwise::Tanh, FloatMath::tanh_),
        (Elementwise::Sinh, FloatMath::sinh_),
        (Elementwise::Cosh, FloatMath::cosh_),
        (Elementwise::Sin, FloatMath::sin_),
        (Elementwise::Cos, FloatMath::cos_),
        (Elementwise::Tan, FloatMath::tan_),
        (Elementwise::Atan, FloatMath::atan_),
        (Elementwise::Erf, FloatMath::erf_),
        (Elementwise::Pow, |x| x.pow_(x)),
    ];
    for (op, function) in rows {
        let operands: &[&Tensor] = if op == Elementwise::Pow { &[&x, &x] } else { &[&x] };
        let got = Tensor::apply(op, operands).unwrap().to_vec().unwrap();
        for (&x, y) in inputs.iter().zip(got) {
            let want = function(x);
            assert!(y.to_bits() == want.to_bits() || (y.is_nan() && want.is_nan()), "{op:?}({x:e}) = {y}, not {want}");
        }
    }
}

/// Views across rows: whole blocks and what is left of them, several rows in a tile and tiles in a row, two at once.
#[test]
fn permuted_copies() {
    let device = Device::new(CpuBackend::new());
    let cases: [(&[usize], &[usize]); 9] = [
        (&[2048, 33], &[1, 0]),
        (&[1027, 1100], &[1, 0]),
        (&[3, 50, 70], &[0, 2, 1]),
        (&[40, 9, 600], &[2, 1, 0]),
        (&[2, 19, 24, 33], &[0, 2, 3, 1]),
        (&[2, 17, 600, 5], &[0, 3, 1, 2]),
        (&[5, 300, 4], &[2, 1, 0]),
        (&[1500, 20], &[1, 0]),
        (&[4, 1030], &[1, 0]),
    ];
    for (shape, order) in cases {
        let total: usize = shape.iter().product();
        let order_of: Vec<i64> = order.iter().map(|&axis| axis as i64).collect();
        let turned_shape: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        for dtype in [DType::U8, DType::F16, DType::F32, DType::F64] {
            let size = dtype.size();
            let bytes: Vec<u8> = (0..total * size).map(|i| (i * 7919 / 13 % 97) as u8).collect();
            let x = Tensor::from_bytes(&bytes, shape, dtype, &device).unwrap();
            let expected: Vec<u8> = (0..total)
                .flat_map(|mut rest| {
                    let mut index = vec![0; shape.len()];
                    for (&axis, &count) in order.iter().zip(&turned_shape).rev() {
                        index[axis] = rest % count;
                        rest /= count;
                    }
                    let from = index.iter().zip(shape).fold(0, |place, (i, count)| place * count + i) * size;
                    bytes[from..from + size].to_vec()
                })
                .collect();
            let got = x.permute(&order_of).unwrap().to_bytes().unwrap();
            assert!(got == expected, "{shape:?} {order:?} {dtype}");
            let (copy, other) = (
                Tensor::from_bytes(&got, &turned_shape, dtype, &device),
                Tensor::from_bytes(&bytes, &turned_shape, dtype, &device),
            );
            let (copy, other) = (copy.unwrap(), other.unwrap());
            let doubled = &x.permute(&order_of).unwrap() + &(&other + &x.permute(&order_of).unwrap());
            let (got, expected) = (doubled.to_bytes().unwrap(), (&copy + &(&other + &copy)).to_bytes().unwrap());
            assert!(got == expected, "{shape:?} {order:?} {dtype}, added");
        }
    }
}

#[test]
fn attention_sums_in_the_same_order_on_any_number_of_threads() {
    let device = Device::new(CpuBackend::new());
    let [q, k, v] = [1, 2, 3].map(|seed| variable(&[1, 600, 16], seed, &device));
    let options = Options { mask: None, causal: true, scale: None, dropout: 0.0, grouped: false };
    let results = |threads: usize| -> Vec<Vec<u32>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = || {
            let result = attention(&q, &k, &v, &options, &mut Generator::new(0)).unwrap();
            let seed = Some(numbers(result.shape(), 4, &device));
            let mut all =
                gradients(std::slice::from_ref(&result), &[seed], &[q.clone(), k.clone(), v.clone()]).unwrap();
            all.push(result);
            all.iter().map(|tensor| tensor.to_vec().unwrap().iter().map(|x: &f32| x.to_bits()).collect()).collect()
        };
        pool.install(run)
    };
    assert_eq!(results(1), results(3));
}

#[test]
fn gradients_of_taps_sum_in_the_same_order_on_any_number_of_threads() {
    let device = Device::new(CpuBackend::new());
    // Parts of the positions, fewer than threads or more, and all of them in turn.
    for (images, channels, filters, size) in [(2, 64, 40, 31), (2, 33, 17, 15), (2, 256, 256, 8)] {
        let x = numbers(&[images, channels, size, size], 1, &device);
        let w = variable(&[filters, channels, 3, 3], 2, &device);
        let results = |threads: usize| -> Vec<u32> {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let run = || {
                let y = conv(&x, &w, None, &[1; 2], &[(1, 1); 2], &[1; 2], 1).unwrap();
                let seed = Some(numbers(y.shape(), 3, &device));
                let gradient = gradients(&[y], &[seed], std::slice::from_ref(&w)).unwrap().remove(0);
                gradient.to_vec().unwrap().iter().map(|x: &f32| x.to_bits()).collect()
            };
            pool.install(run)
        };
        let expected = results(1);
        assert!([3, 5, 20].into_iter().all(|threads| results(threads) == expected), "{channels} channels");
    }
}
