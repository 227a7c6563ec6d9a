//! Whole graphs on the GPU against the interpreter: views, reductions, products, models and their gradients.

mod common;

use common::{bools, check, check_on, data, gpu, integers, open, words};
use rutile_core::attention::{Options as AttentionOptions, attention};
use rutile_core::compose::{CrossEntropy, Reduction};
use rutile_core::kernel::Fold;
use rutile_core::random::Generator;
use rutile_core::{DType, Device, Scalar, Tensor, compose, gradients};
use rutile_gpu::{GpuBackend, Options};

fn number(value: f64) -> Scalar {
    Scalar::float(value, DType::F32)
}

#[test]
fn elementwise_chains_broadcast_and_store_several_results() {
    check(1e-5, |d| {
        let (x, row, column) = (data(&[7, 300], d), data(&[300], d), data(&[7, 1], d));
        let y = &(&x + &row) * &column.exp();
        let z = y.relu();
        vec![y.tanh(), z, x.erf()]
    });
}

#[test]
fn sizes_around_the_workgroup_and_empty_and_0d() {
    for size in [0, 1, 2, 255, 256, 257, 1024] {
        check(1e-6, |d| vec![&data(&[size], d) + &data(&[size], d)]);
    }
    check(1e-6, |d| vec![Tensor::scalar(number(3.0), d).exp()]);
}

#[test]
fn grids_fold_beyond_65535_workgroups() {
    let count = 65536 * 256 + 300;
    let device = gpu();
    let x = Tensor::iota(count, &device);
    let doubled = (&x + &x).to_bytes().unwrap();
    let right = |(n, c): (usize, &[u8])| i32::from_ne_bytes(c.try_into().unwrap()) == 2 * n as i32;
    assert!(doubled.chunks_exact(4).enumerate().all(right));
}

#[test]
fn unfused_graphs_give_the_same() {
    let device = Device::new(open("gpu"));
    device.set_fuse(false);
    check_on(&device, 1e-4, |d| {
        let (x, w) = (variable(&[6, 30], d), variable(&[30, 9], d));
        let y = compose::softmax(&x.matmul(&w).unwrap().tanh(), -1).unwrap();
        let loss = (&y * &y.log()).reduce(Fold::Sum, None, false).unwrap();
        let mut all = gradients(std::slice::from_ref(&loss), &[None], &[x, w]).unwrap();
        all.extend([y, loss]);
        all
    });
}

#[test]
fn views() {
    check(0.0, |d| {
        let x = data(&[4, 6, 5], d);
        let one = x.constant_like(1.0);
        vec![
            &x.permute(&[2, 0, 1]).unwrap() + &one,
            &x.slice(1, 4, -2, 3).unwrap() + &one,
            &x.flip(2) + &one,
            &x.pad(&[(1, 2), (0, 0), (3, 1)], number(-7.0)).unwrap() + &one,
            &x.pad(&[(1, 2), (0, 0), (3, 1)], number(0.0)).unwrap().reshape(&[-1]).unwrap() + &one,
            &x.window(1, 3, 2, 1).unwrap() + &one,
            &x.transpose(0, 2).unwrap().reshape(&[10, 12]).unwrap() + &one,
            &x.slice(0, 0, 1, 1).unwrap().expand(&[9, 6, 5]).unwrap() + &one,
        ]
    });
}

#[test]
fn reductions_of_every_kind_and_shape() {
    let shapes: [&[usize]; 8] =
        [&[5], &[1000], &[3, 1000], &[1000, 3], &[40, 33], &[2, 300, 40], &[700, 20], &[4, 5, 6, 7]];
    for shape in shapes {
        for axes in [None, Some(vec![0i64]), Some(vec![-1])] {
            check(2e-4, |d| {
                let x = data(shape, d);
                let folds = [Fold::Sum, Fold::Product, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin];
                folds.iter().map(|&fold| x.reduce(fold, axes.as_deref(), false).unwrap()).collect()
            });
        }
    }
}

#[test]
fn many_reductions_at_once() {
    for size in [40, 5000] {
        check(2e-4, |d| {
            let x = data(&[3, size], d);
            let all = (1..25).map(|n| {
                let fold = [Fold::ArgMax, Fold::Sum, Fold::ArgMin][n % 3];
                (&x * (n as f64)).sin().reduce(fold, Some(&[1]), false).unwrap()
            });
            all.collect()
        });
    }
}

#[test]
fn reductions_of_integers_bools_and_special_values() {
    check(0.0, |d| {
        let i = integers(&(0..600).map(|n: i32| n.wrapping_mul(1234567891)).collect::<Vec<_>>(), &[20, 30], d);
        let u = words(&(0..600).map(|n: u32| n.wrapping_mul(2654435761)).collect::<Vec<_>>(), &[20, 30], d);
        let b = bools(&(0..600).map(|n: u32| n.is_multiple_of(7) as u8).collect::<Vec<_>>(), &[20, 30], d);
        let mut all = Vec::new();
        for x in [&i, &u] {
            for fold in [Fold::Sum, Fold::Product, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin] {
                all.push(x.reduce(fold, Some(&[1]), false).unwrap());
                all.push(x.reduce(fold, Some(&[0]), false).unwrap());
            }
        }
        for fold in [Fold::Max, Fold::Min] {
            all.push(b.reduce(fold, Some(&[1]), false).unwrap());
        }
        all
    });
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    for row in [vec![-inf; 40], vec![inf; 40], vec![nan; 40], [vec![1.0; 20], vec![nan], vec![inf; 19]].concat()] {
        check(0.0, |d| {
            let x = Tensor::from_slice(&row, &[1, 40], d).unwrap();
            let small = x.slice(1, 15, 1, 8).unwrap();
            let folds = [Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin];
            let each = |x: &Tensor| folds.map(|fold| x.reduce(fold, Some(&[1]), false).unwrap());
            each(&x).into_iter().chain(each(&small)).collect()
        });
    }
}

#[test]
fn long_sums_are_split() {
    let shapes: [&[usize]; 6] = [&[50000], &[50021], &[3, 20011], &[20011, 3], &[30, 2, 4000], &[9000, 2, 5]];
    for shape in shapes {
        for axes in [None, Some(vec![0i64]), Some(vec![0, -1])] {
            let unique = shape.len() > 1 || axes.as_ref().is_none_or(|axes| axes.len() == 1);
            check(1e-3, |d| {
                let x = data(shape, d);
                let axes = axes.as_deref().filter(|_| unique);
                let positive = &x + 3.0;
                rutile_core::eval(std::slice::from_ref(&positive)).unwrap();
                let bits = &(&x * 1e9).cast(DType::I32).unwrap() + &integers(&[1], &[], d);
                let all = [
                    (&x.exp().reduce(Fold::Sum, axes, false).unwrap() * 1e-4).tanh(),
                    (&(&bits + &bits) + 1.0).reduce(Fold::Product, axes, false).unwrap(),
                    (-&positive).reduce(Fold::Max, axes, false).unwrap(),
                    positive.reduce(Fold::Min, axes, true).unwrap(),
                    bits.reduce(Fold::Sum, axes, false).unwrap(),
                    bits.reduce(Fold::Min, axes, false).unwrap(),
                    x.less(&x.constant_like(-0.99)).reduce(Fold::Max, axes, false).unwrap(),
                ];
                all.into()
            });
        }
    }
}

#[test]
fn deep_products_are_split() {
    for (m, k, n) in [(10, 4096, 20), (33, 5003, 9), (3, 20011, 2), (1, 20000, 1)] {
        check(1e-4, |d| {
            let (a, b) = (data(&[m, k], d), data(&[k, n], d));
            let bias = data(&[n], d);
            vec![(&a.matmul(&b).unwrap() + &bias).relu(), (&a - 4.0).exp().matmul(&(&b - 4.0).exp()).unwrap()]
        });
    }
    check(1e-4, |d| {
        let (x, w) = (data(&[9, 3, 17, 17], d), variable(&[8, 3, 3, 3], d));
        let y = compose::conv(&x, &w, None, &[1; 2], &[(1, 1); 2], &[1; 2], 1).unwrap();
        let loss = (&y * &y).reduce(Fold::Sum, None, false).unwrap();
        gradients(std::slice::from_ref(&loss), &[None], &[w]).unwrap()
    });
}

#[test]
fn products_of_every_size_class() {
    let sizes = [
        (1, 1, 1),
        (1, 70, 1),
        (3, 5, 2),
        (1, 300, 40),
        (40, 300, 1),
        (8, 8, 8),
        (32, 32, 32),
        (33, 17, 65),
        (64, 128, 64),
        (100, 50, 30),
        (70, 9, 200),
    ];
    for (m, k, n) in sizes {
        check(1e-4, |d| {
            let (a, b) = (data(&[m, k], d), data(&[k, n], d));
            let (at, bt) = (data(&[k, m], d).transpose(0, 1).unwrap(), data(&[n, k], d).transpose(0, 1).unwrap());
            vec![a.matmul(&b).unwrap().relu(), at.matmul(&b).unwrap(), &a.matmul(&bt).unwrap() + &data(&[n], d)]
        });
    }
}

#[test]
fn large_tiles_with_and_without_edges() {
    check(1e-4, |d| {
        let (a, b) = (data(&[64, 64, 16], d), data(&[64, 16, 64], d));
        vec![a.matmul(&b).unwrap()]
    });
    check(1e-4, |d| {
        let (a, b) = (data(&[66, 50, 19], d), data(&[66, 19, 35], d));
        vec![a.matmul(&b).unwrap()]
    });
}

#[test]
fn the_largest_tiles_with_and_without_edges() {
    let device = gpu();
    let floats = |x: &Tensor| -> Vec<f64> {
        common::scalars(&x.to_bytes().unwrap(), DType::F32).into_iter().map(Scalar::as_f64).collect()
    };
    for (m, k, n) in [(1408, 16, 1536), (1400, 9, 1530)] {
        let (a, b) = (data(&[m, k], &device), data(&[k, n], &device));
        let got = floats(&a.matmul(&b).unwrap());
        let (a, b) = (floats(&a), floats(&b));
        for (i, got) in got.iter().enumerate() {
            let expected: f64 = (0..k).map(|at| a[i / n * k + at] * b[at * n + i % n]).sum();
            assert!((expected - got).abs() < 1e-4, "{i}: expected {expected}, got {got}");
        }
    }
}

#[test]
fn batched_broadcast_and_integer_products() {
    check(1e-4, |d| vec![data(&[3, 1, 10, 20], d).matmul(&data(&[4, 20, 12], d)).unwrap()]);
    check(0.0, |d| {
        let a = integers(&(0..200).collect::<Vec<_>>(), &[10, 20], d);
        vec![a.matmul(&a.transpose(0, 1).unwrap()).unwrap()]
    });
}

/// Shapes of q, k and v, a mask that broadcasts to the scores ("seen" is of bools, "biased" of floats), and further options.
type AttentionCase<'a> = ([&'a [usize]; 3], Option<(&'a str, &'a [usize])>, AttentionOptions<'a>);

#[test]
fn attention_and_its_gradients() {
    let plain = || AttentionOptions { mask: None, causal: false, scale: None, dropout: 0.0, grouped: false };
    let causal = || AttentionOptions { causal: true, ..plain() };
    let grouped = AttentionOptions { grouped: true, ..plain() };
    let cases: [AttentionCase; 9] = [
        ([&[9, 5], &[7, 5], &[7, 3]], None, AttentionOptions { scale: Some(0.3), ..plain() }),
        ([&[70, 33], &[100, 33], &[100, 20]], None, causal()),
        ([&[1, 2, 64, 48], &[1, 2, 64, 48], &[1, 2, 64, 64]], None, plain()),
        ([&[40, 20], &[70, 20], &[70, 128]], None, causal()),
        ([&[2, 2, 33, 128], &[2, 2, 20, 128], &[2, 2, 20, 40]], Some(("seen", &[2, 1, 33, 20])), plain()),
        (
            [&[2, 40, 8], &[2, 70, 8], &[2, 70, 8]],
            Some(("biased", &[70])),
            AttentionOptions { dropout: 0.3, ..causal() },
        ),
        // Some rows see nothing.
        ([&[1, 1, 4, 20, 8], &[1, 1, 2, 20, 8], &[1, 1, 2, 20, 8]], Some(("seen", &[20, 1])), grouped),
        // Enough workgroups for larger tiles.
        ([&[130, 9, 4], &[130, 20, 4], &[130, 20, 4]], None, plain()),
        ([&[130, 9, 40], &[130, 9, 40], &[130, 9, 40]], None, causal()),
    ];
    for (shapes, mask, options) in &cases {
        check(1e-4, |d| {
            let variables = shapes.map(|shape| data(shape, d));
            // What is cheap to compute is computed where it is read.
            let variables = [&variables[0] * 2.0, variables[1].exp(), &variables[2] - 0.3];
            let [q, k, v] = variables.map(|x| x.as_variable(Default::default()).unwrap());
            let mask = mask.map(|(kind, shape)| match kind {
                "seen" => data(shape, d).less(&data(&[], d)),
                _ => data(shape, d),
            });
            let options = AttentionOptions { mask: mask.as_ref(), ..*options };
            let result = attention(&q, &k, &v, &options, &mut Generator::new(3)).unwrap();
            let mut all =
                gradients(std::slice::from_ref(&result), &[Some(data(result.shape(), d))], &[q, k, v]).unwrap();
            all.push(result);
            all
        });
    }
}

#[test]
fn what_is_no_number_spreads_along_its_query_alone() {
    check(1e-4, |d| {
        let mut q = data(&[9, 5], d).to_vec().unwrap();
        (q[3], q[11], q[21]) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
        let (q, k) = (Tensor::from_slice(&q, &[9, 5], d).unwrap(), data(&[40, 5], d).exp());
        let options = AttentionOptions { mask: None, causal: true, scale: None, dropout: 0.0, grouped: false };
        vec![attention(&q, &k, &data(&[40, 3], d), &options, &mut Generator::new(0)).unwrap()]
    });
}

#[test]
fn convolutions_and_their_gradients() {
    for (stride, padding, dilation, groups) in [(1, 1, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (2, 0, 1, 2)] {
        check(1e-4, |d| {
            let (x, w) = (variable(&[2, 4, 9, 9], d), variable(&[6, 4 / groups, 3, 3], d));
            let y =
                compose::conv(&x, &w, None, &[stride; 2], &[(padding, padding); 2], &[dilation; 2], groups).unwrap();
            let loss = (&y * &y).reduce(Fold::Sum, None, false).unwrap();
            let mut all = gradients(std::slice::from_ref(&loss), &[None], &[x, w]).unwrap();
            all.extend([y, loss]);
            all
        });
    }
}

#[test]
fn pooling_softmax_and_losses_with_gradients() {
    let options = CrossEntropy { weight: None, ignore_index: -100, reduction: Reduction::Mean, label_smoothing: 0.1 };
    check(1e-4, |d| {
        let x = variable(&[2, 3, 8, 8], d);
        let pooled = compose::max_pool(&x, &[2, 2], &[2, 2], &[(0, 0); 2], &[1, 1]).unwrap();
        let averaged = compose::avg_pool(&x, &[3, 3], &[2, 2], &[(1, 1); 2]).unwrap();
        let flat = pooled.reshape(&[2, -1]).unwrap();
        let loss = compose::cross_entropy(&flat, &integers(&[3, 40], &[2], d), &options).unwrap();
        let mut all = gradients(std::slice::from_ref(&loss), &[None], std::slice::from_ref(&x)).unwrap();
        all.extend([loss, averaged, compose::softmax(&flat, -1).unwrap(), compose::log_softmax(&x, 1).unwrap()]);
        all
    });
}

#[test]
fn gathers_along_each_axis_with_positions_in_and_outside_it() {
    for axis in 0..3 {
        check(1e-6, |d| {
            let x = data(&[5, 6, 7], d);
            let positions = integers(&(0..5 * 6 * 7).map(|n| n * 31 % 19 - 9).collect::<Vec<_>>(), &[5, 6, 7], d);
            let other = words(&(0..7).map(|n| n * 3).collect::<Vec<_>>(), &[1, 1, 7], d);
            let chained = x.take_along_axis(&positions, axis).unwrap();
            let (x, flags) = (&x, x.cast(DType::I32).unwrap().cast(DType::Bool).unwrap());
            vec![
                x.take_along_axis(&positions, axis).unwrap(),
                x.exp().take_along_axis(&positions, axis).unwrap().tanh(),
                x.take_along_axis(&other, axis).unwrap(),
                flags.take_along_axis(&positions, axis).unwrap(),
                chained.reduce(Fold::Sum, Some(&[1]), false).unwrap(),
                chained.transpose(0, 2).unwrap().pad(&[(1, 0); 3], number(2.0)).unwrap(),
                chained.reshape(&[35, 6]).unwrap().matmul(&data(&[6, 10], d)).unwrap(),
            ]
        });
    }
}

#[test]
fn scatters_along_each_axis_and_their_gradients() {
    for axis in 0..3 {
        check(1e-5, |d| {
            let x = variable(&[4, 30, 5], d);
            let positions = integers(&(0..600).map(|n| n * 37 % 23 - 11).collect::<Vec<_>>(), &[4, 30, 5], d);
            let row = integers(&(0..30).map(|n| n * 7 % 5).collect::<Vec<_>>(), &[1, 30, 1], d);
            let row = row.expand(&[4, 30, 5]).unwrap();
            let sums = x.scatter_add(&positions, axis, 9).unwrap();
            let loss = (&sums * &sums).reduce(Fold::Sum, None, false).unwrap();
            let mut all = gradients(std::slice::from_ref(&loss), &[None], std::slice::from_ref(&x)).unwrap();
            let integer = positions.scatter_add(&row, axis, 5).unwrap();
            all.extend([
                sums.tanh(),
                x.scatter_add(&row, axis, 1).unwrap(),
                x.exp().scatter_add(&row, axis, 70).unwrap(),
                integer,
            ]);
            all
        });
    }
}

#[test]
fn scatters_of_many_sources_are_sorted_first() {
    let positions = |count: usize, size: i32| -> Vec<i32> {
        (0..count as i32).map(|n| n.wrapping_mul(7919) % (size + 2) - size / 2).collect()
    };
    // Shape of the sources, that of their positions, the axis and its size in the result.
    let cases: [(&[usize], &[usize], i64, usize); 8] = [
        (&[2049], &[2049], 0, 90),
        (&[3000, 2], &[3000, 1], 0, 7),
        (&[300, 40], &[300, 1], 0, 100),
        (&[2100, 3], &[2100, 3], 0, 5),
        (&[2, 2500, 2], &[2, 2500, 1], 1, 3),
        (&[2, 2500, 2], &[1, 2500, 2], 1, 80),
        (&[2, 4500], &[1, 4500], 1, 1),
        (&[70_000], &[70_000], 0, 3),
    ];
    for (shape, own, axis, size) in cases {
        check(1e-4, |d| {
            let count = own.iter().product();
            let at = integers(&positions(count, size as i32), own, d).expand(shape).unwrap();
            let x = variable(shape, d);
            let sums = (&x * 2.0).scatter_add(&at, axis, size).unwrap();
            let loss = (&sums * &sums).reduce(Fold::Sum, None, false).unwrap();
            let mut all = gradients(&[loss], &[None], &[x]).unwrap();
            let whole = (data(shape, d) * 9.0).cast(DType::I32).unwrap();
            all.extend([
                sums.tanh(),
                whole.scatter_add(&at, axis, size).unwrap(),
                whole.cast(DType::Bool).unwrap().scatter_add(&at, axis, size).unwrap(),
            ]);
            all
        });
    }
}

#[test]
fn an_embedding_and_its_gradient() {
    check(1e-5, |d| {
        let table = variable(&[40, 12], d);
        let tokens = integers(&(0..66).map(|n| n * n % 40).collect::<Vec<_>>(), &[66, 1], d);
        let rows = table.take_along_axis(&tokens.expand(&[66, 12]).unwrap(), 0).unwrap();
        let loss = compose::softmax(&rows, -1).unwrap().exp().reduce(Fold::Sum, None, false).unwrap();
        let mut all = gradients(std::slice::from_ref(&loss), &[None], &[table]).unwrap();
        all.extend([rows, loss]);
        all
    });
}

#[test]
fn scans_of_every_fold_size_and_axis() {
    let shapes: [&[usize]; 9] =
        [&[1], &[5], &[300, 7], &[3, 32], &[33, 3], &[2, 256], &[2, 3, 257], &[2, 1000], &[0, 4]];
    for shape in shapes {
        for axis in [0, -1] {
            check(1e-5, |d| {
                let x = data(shape, d);
                let folds = [Fold::Sum, Fold::Product, Fold::Max, Fold::Min];
                let mut all: Vec<Tensor> = folds.iter().map(|&fold| x.cumulate(fold, axis).unwrap()).collect();
                all.push(
                    (&x + 1.0)
                        .exp()
                        .cumulate(Fold::Sum, axis)
                        .unwrap()
                        .reduce(Fold::Max, Some(&[0]), false)
                        .unwrap_or(x),
                );
                all
            });
        }
    }
    check(0.0, |d| {
        let i = integers(&(0..600).map(|n: i32| n.wrapping_mul(1234567891)).collect::<Vec<_>>(), &[2, 300], d);
        let u = words(&(0..600).map(|n: u32| n.wrapping_mul(2654435761)).collect::<Vec<_>>(), &[20, 30], d);
        let b = bools(&(0..600).map(|n: u32| n.is_multiple_of(7) as u8).collect::<Vec<_>>(), &[2, 300], d);
        let folds = [Fold::Sum, Fold::Product, Fold::Max, Fold::Min];
        [i, u, b].iter().flat_map(|x| folds.map(|fold| x.cumulate(fold, 1).unwrap())).collect()
    });
    check(1e-4, |d| {
        let x = variable(&[3, 400], d);
        let sums = x.cumulate(Fold::Sum, 1).unwrap();
        let loss = (&sums * &sums).reduce(Fold::Sum, None, false);
        gradients(&[loss.unwrap()], &[None], &[x]).unwrap()
    });
}

#[test]
fn sorts_are_stable_and_take_nan_as_greatest() {
    let special = [1.0, f32::NAN, -0.0, 0.0, f32::INFINITY, -f32::NAN, f32::NEG_INFINITY, 1e-40, -1e-40, -3.5, 1.0];
    // Rows of more than 2048 elements are merged from blocks, once or several times, the last run being short or not; a
    // grid of more than 65,535 rows is folded.
    let shapes: [&[usize]; 11] = [
        &[1],
        &[11],
        &[7, 11],
        &[3, 64],
        &[2, 3, 65],
        &[2, 2048],
        &[2, 2049],
        &[4096],
        &[3, 5000],
        &[70_000],
        &[65_537, 2],
    ];
    for shape in shapes {
        for descending in [false, true] {
            check(0.0, |d| {
                let count: usize = shape.iter().product();
                let random = data(shape, d);
                let values: Vec<f32> = (0..count).map(|n| special[n * 7 % special.len()]).collect();
                let repeated = Tensor::from_slice(&values, shape, d).unwrap();
                let bits: Vec<u32> = (0..count as u32).map(|n| n.wrapping_mul(2654435761) >> 3 << 3).collect();
                let unsigned = words(&bits, shape, d);
                let signed = integers(&bits.iter().map(|&word| word as i32).collect::<Vec<_>>(), shape, d);
                let flags = bools(&bits.iter().map(|word| (word >> 20 & 1) as u8).collect::<Vec<_>>(), shape, d);
                let all = [random, repeated, unsigned, signed, flags];
                all.iter().map(|x| x.argsort(-1, descending).unwrap()).collect()
            });
        }
    }
}

#[test]
fn sorted_values_and_their_gradient() {
    check(1e-6, |d| {
        let x = variable(&[40, 6], d);
        let positions = x.argsort(0, true).unwrap();
        let sorted = x.take_along_axis(&positions, 0).unwrap();
        let loss = (&sorted * &data(&[40, 6], d)).reduce(Fold::Sum, None, false).unwrap();
        let mut all = gradients(std::slice::from_ref(&loss), &[None], &[x]).unwrap();
        all.extend([sorted, positions]);
        all
    });
}

#[test]
fn random_numbers_are_the_same_on_every_device() {
    check(1e-5, |d| {
        let mut generator = Generator::new(7);
        vec![
            generator.bits(&[300], d).unwrap(),
            generator.uniform(&[10, 7], -1.0, 1.0, DType::F32, d).unwrap(),
            generator.normal(&[33], 0.0, 1.0, DType::F32, d).unwrap(),
        ]
    });
}

#[test]
fn works_on_webgpu_default_limits() {
    let _ = gpu();
    let options = Options { webgpu_defaults: true, ..Options::default() };
    let device = Device::new(GpuBackend::open_with("gpu", options).unwrap());
    check_on(&device, 1e-4, |d| {
        let inputs: Vec<Tensor> = (0..20).map(|n| data(&[40, 40 + n], d).slice(1, n, 1, 40).unwrap()).collect();
        let sum = inputs.iter().skip(1).fold(inputs[0].clone(), |sum, x| &sum + &x.exp());
        let sorted = data(&[2, 2048], d).argsort(1, false).unwrap();
        let merged = data(&[4500], d).argsort(0, true).unwrap();
        let mut all = vec![sum.matmul(&inputs[0]).unwrap(), compose::softmax(&sum, -1).unwrap(), sorted, merged];
        // With a mask there would be a buffer too many.
        let mask = data(&[9, 9], d);
        for mask in [None, Some(&mask)] {
            let [q, k, v] = [3, 4, 5].map(|n| variable(&[n, 9, 5], d).slice(0, n - 3, 1, 1).unwrap());
            let options = AttentionOptions { mask, causal: true, scale: None, dropout: 0.0, grouped: false };
            let result = attention(&q, &k, &v, &options, &mut Generator::new(0)).unwrap();
            all.extend(gradients(std::slice::from_ref(&result), &[Some(data(result.shape(), d))], &[q, k, v]).unwrap());
        }
        all
    });
}

#[test]
fn a_training_step_is_one_submit_and_repeats_without_building_anything() {
    let device = Device::new(open("gpu"));
    let mut w = data(&[20, 10], &device);
    let x = data(&[32, 20], &device);
    // Many: their gradient is a kernel of several passes.
    let tokens = integers(&[3; 2100], &[2100, 1], &device).expand(&[2100, 10]).unwrap();
    let mut before = device.stats();
    for step in 0..4 {
        let leaf = w.detach().as_variable(Default::default()).unwrap();
        let rows = leaf.take_along_axis(&tokens, 0).unwrap().exp().reduce(Fold::Sum, None, false).unwrap();
        let loss = &x.matmul(&leaf).unwrap().tanh().reduce(Fold::Sum, None, false).unwrap() + &rows;
        let gradient = gradients(std::slice::from_ref(&loss), &[None], std::slice::from_ref(&leaf)).unwrap().remove(0);
        let rate = Tensor::scalar(number(0.1 / (step + 1) as f64), &device);
        w = (&leaf - &(&gradient * &rate)).detach();
        rutile_core::eval(&[w.clone(), loss]).unwrap();
        let after = device.stats();
        if step >= 2 {
            assert_eq!(after.submits - before.submits, 1);
            assert_eq!(after.pipelines_built, before.pipelines_built);
            assert_eq!(after.readbacks, 0);
        }
        before = after;
    }
}

fn variable(shape: &[usize], device: &Device) -> Tensor {
    data(shape, device).as_variable(Default::default()).unwrap()
}
