//! Kernels side by side in one launch, against the interpreter.

mod common;

use common::{check, data, gpu, integers, reference, scalars};
use rutile_core::kernel::Fold;
use rutile_core::{DType, Device, Scalar, Tensor};

fn number(value: f64) -> Scalar {
    Scalar::float(value, DType::F32)
}

/// The results' plan, of which each kernel is several side by side.
fn side_by_side(results: Vec<Tensor>) -> Vec<Tensor> {
    let plan = Tensor::explain(&results).unwrap();
    let names: Vec<&str> = plan.launches.iter().map(|launch| plan.kernels[launch.kernel].name()).collect();
    assert!(names.iter().all(|&name| name == "horizontal"), "{names:?}");
    results
}

#[test]
fn maps_side_by_side() {
    check(1e-5, |d| {
        let factor = Tensor::scalar(number(0.7), d);
        let picked = data(&[5, 9], d).take_along_axis(&integers(&[3, -2, 0, 8, 1], &[5, 1], d), 1).unwrap();
        side_by_side(vec![
            &data(&[300], d) * &factor,
            &data(&[7, 300], d).transpose(0, 1).unwrap() - &factor,
            data(&[513], d).cast(DType::F16).unwrap(),
            data(&[9, 31], d).less(&data(&[31], d)),
            picked.exp(),
            Tensor::iota(70_000, d),
            data(&[1, 4], d).sin(),
        ])
    });
    // More workgroups than one dimension of a grid holds.
    let device = gpu();
    let long = Tensor::iota(65535 * 256 - 70, &device);
    let results = side_by_side(vec![Tensor::iota(3, &device), &long + &long, Tensor::iota(300, &device)]);
    for (result, factor) in results.iter().zip([1, 2, 1]) {
        let bytes = result.to_bytes().unwrap();
        let right = |(n, c): (usize, &[u8])| i32::from_ne_bytes(c.try_into().unwrap()) == factor * n as i32;
        assert!(bytes.chunks_exact(4).enumerate().all(right));
    }
}

#[test]
fn reductions_side_by_side() {
    // Short ones, ones that a workgroup folds, and ones that are split: all, some or none.
    let sizes: [&[usize]; 4] = [&[50_000, 20_021, 4_100], &[3, 9_000, 40], &[5, 16, 300], &[30_000, 2]];
    for (sizes, fold) in sizes.into_iter().zip([Fold::Sum, Fold::Max, Fold::ArgMin, Fold::Product]) {
        check(1e-4, |d| {
            let factor = Tensor::scalar(number(0.01), d);
            let folded = sizes.iter().map(|&size| {
                let x = data(&[2, size], d);
                let axes: &[i64] = if size % 2 == 0 { &[0, 1] } else { &[1] };
                match fold {
                    Fold::ArgMin => x.reduce(fold, Some(&[1]), false).unwrap(),
                    Fold::Product => &(&(&x * &factor) + 1.0).reduce(fold, Some(axes), false).unwrap() * &factor,
                    _ => &(&x * &x).reduce(fold, Some(axes), false).unwrap() * &factor,
                }
            });
            side_by_side(folded.collect())
        });
    }
}

#[test]
fn updates_side_by_side_overwrite_what_they_read() {
    let device = gpu();
    let step = |values: &mut Vec<Tensor>, rate: f64, device: &Device| {
        let rate = Tensor::scalar(number(rate), device);
        let next: Vec<Tensor> = values.iter().map(|value| value - &(&value.sin() * &rate)).collect();
        *values = next;
        rutile_core::eval(values).unwrap();
        values.iter().map(|value| value.to_bytes().unwrap()).collect::<Vec<_>>()
    };
    let start = |device: &Device| [10, 700, 64].map(|size| data(&[size], device)).to_vec();
    let (mut values, mut alone) = (start(&device), start(&reference()));
    for rate in [0.1, 0.2, 0.3] {
        let results = step(&mut values, rate, &device);
        for (got, expected) in results.iter().zip(step(&mut alone, rate, &reference())) {
            let pairs = scalars(got, DType::F32).into_iter().zip(scalars(&expected, DType::F32));
            pairs.for_each(|(a, b)| assert!((a.as_f64() - b.as_f64()).abs() < 1e-6));
        }
    }
}
