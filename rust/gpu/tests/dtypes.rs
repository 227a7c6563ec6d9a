//! Every kind of kernel for every dtype of the GPU against the interpreter, in sizes that fill words and that do not.

mod common;

use common::{check, check_on, data, dtypes, integers, open};
use rutile_core::kernel::Fold;
use rutile_core::{DType, Device, Scalar, Tensor, compose, gradients};
use rutile_gpu::{Cooperative, GpuBackend, Options};

const SUMS: [Fold; 4] = [Fold::Sum, Fold::Product, Fold::Max, Fold::Min];

/// Small whole numbers and quarters of both signs, wrapped or cut to what the dtype has.
fn values(shape: &[usize], dtype: DType, device: &Device) -> Tensor {
    let count: usize = shape.iter().product();
    let value = |n: usize| (n as i64 * 7919 + 3) % 23 - 11;
    let values: Vec<Scalar> = match dtype.is_float() {
        true => (0..count).map(|n| Scalar::float(value(n) as f64 / 4.0, dtype)).collect(),
        false => (0..count).map(|n| Scalar::int(value(n), dtype)).collect(),
    };
    if count == 0 {
        return Tensor::from_bytes(&[], shape, dtype, device).unwrap();
    }
    common::numbers(&values, shape, device)
}

#[test]
fn maps_of_every_size_with_results_of_every_width() {
    for dtype in dtypes() {
        for size in [0, 1, 2, 3, 4, 5, 8, 63, 255, 1024, 1025, 1027] {
            check(1e-5, |d| {
                let (x, y) = (values(&[size], dtype, d), values(&[size], dtype, d));
                let row = values(&[1], dtype, d);
                // One kernel: bools, the dtype itself and float32 side by side.
                vec![&x + &y, x.less(&row), x.cast(DType::F32).unwrap(), &x * &row, x.cast(DType::BF16).unwrap()]
            });
        }
        check(1e-5, |d| {
            let x = values(&[5, 7, 3], dtype, d);
            let one = Scalar::int(1, dtype);
            vec![
                &x.permute(&[2, 0, 1]).unwrap() + &x.permute(&[2, 0, 1]).unwrap(),
                &x.slice(1, 6, -2, 3).unwrap() * &x.slice(1, 0, 2, 3).unwrap(),
                x.pad(&[(1, 2), (0, 0), (3, 1)], one).unwrap().flip(2),
                x.transpose(0, 2).unwrap().reshape(&[35, 3]).unwrap().maximum(&values(&[35, 1], dtype, d)),
            ]
        });
    }
}

#[test]
fn numbers_and_scalars_of_every_dtype() {
    for dtype in dtypes() {
        check(1e-6, |d| {
            let x = values(&[9], dtype, d);
            let scalars = [Scalar::int(-3, dtype), Scalar::float(2.75, dtype), Scalar::int(i64::MIN + 12345, dtype)];
            scalars
                .iter()
                .flat_map(|&value| [&x + &Tensor::scalar(value, d), &x * &Tensor::constant(value, d)])
                .collect()
        });
    }
}

#[test]
fn updates_in_place() {
    for dtype in dtypes() {
        let run = |device: &Device| {
            let mut x = values(&[131], dtype, device);
            for _ in 0..3 {
                x = (&(&x + &x) + &values(&[131], dtype, device)).detach();
                rutile_core::eval(std::slice::from_ref(&x)).unwrap();
            }
            vec![x]
        };
        check(1e-5, run);
    }
}

#[test]
fn reductions_of_every_fold_and_tiling() {
    let shapes: [(&[usize], i64); 7] = [
        (&[7, 5], 1),
        (&[5, 300], 1),
        (&[3, 2, 70], -1),
        (&[300, 5], 0),
        (&[700, 9], 0),
        (&[9, 1000], 1),
        (&[5, 7], 0),
    ];
    for dtype in dtypes() {
        for (shape, axis) in shapes {
            check(1e-4, |d| {
                let x = values(shape, dtype, d);
                let mut all: Vec<Tensor> =
                    SUMS[2..].iter().map(|&fold| x.reduce(fold, Some(&[axis]), false).unwrap()).collect();
                if dtype != DType::Bool {
                    all.extend([Fold::ArgMax, Fold::ArgMin].map(|fold| x.reduce(fold, Some(&[axis]), false).unwrap()));
                }
                let sum = x.reduce(Fold::Sum, Some(&[axis]), false).unwrap();
                // Sums of small integers are wider than their elements: stored narrow again, and beside a bool.
                all.extend([sum.cast(dtype).unwrap(), sum.less(&sum.constant_like(3.0)), sum]);
                all
            });
        }
    }
}

#[test]
fn rows_that_fill_words_and_that_do_not() {
    let shapes: [(&[usize], &[i64]); 7] = [
        (&[5, 12], &[1]),
        (&[6, 13], &[1]),
        (&[3, 1030], &[1]),
        (&[300, 6], &[1]),
        (&[12, 9], &[0]),
        (&[3, 5, 8], &[0, 2]),
        (&[2, 3, 7], &[0, 2]),
    ];
    for dtype in dtypes().into_iter().filter(|dtype| dtype.is_float()) {
        for (shape, axes) in shapes {
            check(1e-3, |d| {
                let x = values(shape, dtype, d);
                let greatest = x.reduce(Fold::Max, Some(axes), true).unwrap();
                let exps = (&x - &greatest).exp();
                let sum = exps.reduce(Fold::Sum, Some(axes), true).unwrap();
                let shares = &exps / &sum;
                // Elements of four widths, and results for rows of four.
                let spread = shares.reduce(Fold::Max, Some(axes), false).unwrap();
                vec![
                    shares.cast(DType::F32).unwrap(),
                    shares.less(&(&greatest * 0.01)),
                    shares,
                    sum.less(&greatest),
                    sum,
                    spread.cast(DType::F32).unwrap(),
                    spread,
                ]
            });
        }
    }
    for dtype in [DType::F16, DType::I8] {
        // Two tensors that are overwritten while rows of odd size are read, and positions among rounded elements.
        let run = |device: &Device| {
            let mut pair = [values(&[7, 9], dtype, device), values(&[7, 9], dtype, device).flip(0)];
            for x in &mut pair {
                *x = (&*x + &*x).detach();
            }
            rutile_core::eval(&pair).unwrap();
            for _ in 0..2 {
                let [x, y] = &pair;
                let (top, least) = (x.reduce(Fold::Max, Some(&[1]), true), y.reduce(Fold::Min, Some(&[1]), true));
                let (x, y) = ((x - &least.unwrap()).detach(), (y - &top.unwrap()).detach());
                pair = [x, y];
                rutile_core::eval(&pair).unwrap();
            }
            let [x, y] = &pair;
            let third = &(x * 0.3) - &(x * 0.3).reduce(Fold::Max, Some(&[1]), true).unwrap();
            let position = third.reduce(Fold::ArgMin, Some(&[1]), true).unwrap();
            vec![&third + &position.cast(dtype).unwrap(), position, x.clone(), y.clone()]
        };
        check(0.0, run);
    }
}

#[test]
fn long_reductions_keep_the_precision_of_registers() {
    for dtype in dtypes() {
        check(1e-3, |d| {
            let x = values(&[50021], dtype, d);
            let columns = values(&[20011, 3], dtype, d);
            let sum =
                (&x.cast(DType::F32).unwrap() * 1e-3).cast(dtype).unwrap().reduce(Fold::Sum, None, false).unwrap();
            vec![
                sum.cast(dtype).unwrap(),
                x.reduce(Fold::Max, None, false).unwrap(),
                columns.reduce(Fold::Min, Some(&[0]), false).unwrap(),
            ]
        });
    }
}

#[test]
fn products_whose_rows_fill_words_and_that_do_not() {
    for dtype in dtypes().into_iter().filter(|&dtype| dtype != DType::Bool) {
        for (m, k, n) in [(9, 33, 12), (3, 70, 5)] {
            check(1e-4, |d| {
                let (a, b) = (values(&[m, k], dtype, d), values(&[k, n], dtype, d));
                vec![(&a.matmul(&b).unwrap() + &values(&[n], dtype, d)).relu()]
            });
        }
    }
    for dtype in [DType::BF16, DType::U8] {
        for (m, k, n) in [(9, 33, 12), (12, 9, 9), (16, 3000, 10)] {
            check(1e-4, |d| {
                let (a, b) = (values(&[m, k], dtype, d), values(&[k, n], dtype, d));
                vec![
                    &a.matmul(&values(&[n, k], dtype, d).transpose(0, 1).unwrap()).unwrap()
                        + &values(&[m, n], dtype, d),
                    // Stored transposed, so that rows lie beside each other.
                    (&a * &a).matmul(&b).unwrap().transpose(0, 1).unwrap(),
                    (&a + &a).matmul(&b).unwrap().less(&values(&[n], dtype, d)),
                ]
            });
        }
        check(1e-4, |d| {
            let (a, b) = (values(&[3, 1, 10, 20], dtype, d), values(&[2, 20, 9], dtype, d));
            vec![a.matmul(&b).unwrap()]
        });
    }
}

/// On cooperative matrices, where the device has them.
#[test]
fn half_precision_products_of_whole_and_partial_tiles() {
    drop(open("gpu"));
    let options = Options { cooperative: Cooperative::Always, ..Options::default() };
    let device = Device::new(GpuBackend::open_with("gpu", options).unwrap());
    let half = |shape: &[usize], d: &Device| values(shape, DType::F16, d);
    check_on(&device, 1e-2, |d| {
        let (a, b) = (half(&[100, 45], d), half(&[45, 90], d));
        vec![
            (&a.matmul(&b).unwrap() + &half(&[90], d)).relu(),
            a.matmul(&half(&[90, 45], d).transpose(0, 1).unwrap()).unwrap().cast(DType::F32).unwrap(),
            (&a * 0.3).matmul(&b).unwrap().transpose(0, 1).unwrap(),
            half(&[3, 1, 60, 40], d).matmul(&half(&[2, 40, 96], d)).unwrap(),
        ]
    });
    // Deep ones in pieces.
    check_on(&device, 1e-2, |d| vec![half(&[64, 1100], d).matmul(&half(&[1100, 64], d)).unwrap()]);
}

#[test]
fn convolutions_of_half_precision_and_their_gradients() {
    for dtype in [DType::F16, DType::BF16] {
        for size in [6, 7] {
            check(2e-2, |d| {
                let x = values(&[2, 4, size, size], dtype, d).as_variable(Default::default()).unwrap();
                let w = (&values(&[8, 4, 3, 3], dtype, d) * 0.25).as_variable(Default::default()).unwrap();
                let y = compose::conv(&x, &w, None, &[1; 2], &[(1, 1); 2], &[1; 2], 1).unwrap();
                let loss = (&y * &values(&[2, 8, size, size], dtype, d)).reduce(Fold::Sum, None, false).unwrap();
                let mut all = gradients(std::slice::from_ref(&loss), &[None], &[x, w]).unwrap();
                all.push(y);
                all
            });
        }
    }
}

#[test]
fn gathers_scatters_scans_and_sorts() {
    for dtype in dtypes() {
        for size in [7, 8, 300] {
            check(1e-3, |d| {
                let x = values(&[3, size], dtype, d);
                let small = (&x.cast(DType::F32).unwrap() * 0.125).cast(dtype).unwrap();
                let count = 3 * size as i32;
                let positions = integers(&(0..count).map(|n| n * 31 % 19 - 9).collect::<Vec<_>>(), &[3, size], d);
                let taken = x.take_along_axis(&positions, 1).unwrap();
                let sums = small.scatter_add(&positions, 1, 9).unwrap();
                let mut all = vec![
                    taken.maximum(&x),
                    sums.maximum(&sums.constant_like(1.0)),
                    sums.less(&sums.constant_like(1.0)),
                    x.argsort(1, false).unwrap(),
                    x.argsort(0, true).unwrap(),
                    x.argsort(1, true).unwrap().cast(dtype).unwrap(),
                    x.take_along_axis(&x.argsort(1, true).unwrap(), 1).unwrap(),
                    small.cumulate(Fold::Sum, 1).unwrap().cast(dtype).unwrap(),
                ];
                all.extend(SUMS[2..].iter().map(|&fold| x.cumulate(fold, 1).unwrap()));
                all
            });
        }
    }
}

/// Rows of one value, in order, in reverse order, in no order, and of special values.
fn rows_to_sort(size: usize, dtype: DType, device: &Device) -> Tensor {
    let special = [1.0, f64::NAN, -0.0, 0.0, f64::INFINITY, -f64::NAN, f64::NEG_INFINITY, 1e-3, -3.5];
    let value = |row: usize, n: usize| match (row, dtype.is_float()) {
        (0, _) => Scalar::int(1, dtype),
        (1, _) => Scalar::int((n * 120 / size) as i64, dtype),
        (2, _) => Scalar::int(((size - n) * 120 / size) as i64, dtype),
        (4, true) => Scalar::float(special[n * 7 % special.len()], dtype),
        _ => Scalar::int((n as i64).wrapping_mul(0x5851_f42d_4c95_7f2d) >> 20, dtype),
    };
    let values: Vec<Scalar> = (0..5 * size).map(|n| value(n / size, n % size)).collect();
    common::numbers(&values, &[5, size], device)
}

#[test]
fn rows_around_the_size_of_workgroup_memory_are_sorted() {
    for dtype in dtypes() {
        for size in [1023, 1024, 1025, 2047, 2048, 2049, 5000] {
            check(0.0, |d| {
                let x = rows_to_sort(size, dtype, d);
                let positions = x.argsort(1, false).unwrap();
                vec![x.take_along_axis(&positions, 1).unwrap(), positions, x.argsort(1, true).unwrap()]
            });
        }
    }
}

#[test]
fn sums_of_many_sources() {
    for dtype in dtypes() {
        // Sums of whole and quarter numbers are exact in every order.
        let tolerance = if dtype.is_half() { 1e-2 } else { 0.0 };
        for size in [2048, 4500] {
            check(tolerance, |d| {
                let x = values(&[2, size], dtype, d);
                let mixed: Vec<i32> = (0..size as i32).map(|n| n * 7919 % 19 - 5).collect();
                let mixed = integers(&mixed, &[1, size], d).expand(&[2, size]).unwrap();
                // All to one target, and in order.
                let whole: Vec<i32> = (0..2 * size as i32).map(|n| n / (size as i32) * (n % 3000 / 40)).collect();
                let whole = integers(&whole, &[2, size], d);
                vec![x.scatter_add(&mixed, 1, 9).unwrap(), x.scatter_add(&whole, 1, 90).unwrap()]
            });
        }
    }
}

#[test]
fn comparisons_see_what_memory_would_hold() {
    for dtype in [DType::F16, DType::BF16] {
        check(0.0, |d| {
            let x = data(&[64], d).cast(dtype).unwrap();
            let product = &x * &x;
            let stored = product.detach();
            rutile_core::eval(std::slice::from_ref(&stored)).unwrap();
            let again = &x * &x;
            vec![again.equal(&stored), again.cast(DType::F32).unwrap(), (&x * 1000.0).cast(DType::I32).unwrap()]
        });
    }
}

#[test]
fn kernels_that_need_a_second_one_fit_the_least_number_of_buffers() {
    drop(open("gpu"));
    let options = rutile_gpu::Options { webgpu_defaults: true, ..Default::default() };
    let device = Device::new(rutile_gpu::GpuBackend::open_with("gpu", options).unwrap());
    check_on(&device, 1e-3, |d| {
        let x = values(&[3, 35], DType::BF16, d);
        let others: Vec<Tensor> = (0..12).map(|n| &values(&[3, 35], DType::BF16, d) * (0.1 * n as f64)).collect();
        let scanned = x.cumulate(Fold::Max, 1).unwrap();
        let sums = data(&[2100], d).scatter_add(&integers(&[4; 2100], &[2100], d), 0, 5).unwrap();
        let numbers: Vec<Tensor> = (0..12).map(|n| &data(&[5], d) * (0.1 * n as f64)).collect();
        vec![
            others.iter().fold(&scanned + &x, |sum, other| &sum * other),
            numbers.iter().fold(sums, |sum, other| &sum + &other.exp()),
        ]
    });
}

#[test]
fn results_are_the_same_bits_in_a_hundred_runs() {
    let device = Device::new(open("gpu"));
    let d = &device;
    let x = data(&[60, 33], d);
    let half = x.cast(DType::BF16).unwrap();
    let positions = integers(&(0..60 * 33).map(|n| n * 37 % 23).collect::<Vec<_>>(), &[60, 33], d);
    let (many, places) = (data(&[3000], d), integers(&(0..3000).map(|n| n * n % 5).collect::<Vec<_>>(), &[3000], d));
    rutile_core::eval(std::slice::from_ref(&half)).unwrap();
    let run = || {
        let rate = Tensor::scalar(Scalar::float(0.5, DType::F32), d);
        let w = (&x * &rate).as_variable(Default::default()).unwrap();
        let sums = w.scatter_add(&positions, 0, 23).unwrap();
        let logits = sums.matmul(&x.transpose(0, 1).unwrap()).unwrap();
        let loss = compose::softmax(&logits, -1).unwrap().log().reduce(Fold::Sum, None, false).unwrap();
        let mut all = gradients(std::slice::from_ref(&loss), &[None], &[w]).unwrap();
        all.extend([
            loss,
            half.scatter_add(&positions, 1, 7).unwrap(),
            many.scatter_add(&places, 0, 3).unwrap(),
            many.argsort(0, false).unwrap(),
            half.matmul(&half.transpose(0, 1).unwrap()).unwrap(),
        ]);
        all.extend([x.cumulate(Fold::Sum, 0).unwrap(), data(&[50021], d).reduce(Fold::Sum, None, false).unwrap()]);
        all.iter().map(|x| x.to_bytes().unwrap()).collect::<Vec<_>>()
    };
    let first = run();
    for _ in 1..100 {
        assert!(run() == first);
    }
}
