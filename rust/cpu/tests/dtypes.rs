//! Every op on every dtype that it accepts, against float64, int64 and bool instances of the same table.

use std::sync::Arc;

use rutile_core::dtype::{DType, Kind, Scalar};
use rutile_core::elementwise::ELEMENTWISE;
use rutile_core::kernel::Fold;
use rutile_core::{Device, Elementwise, Tensor, gradients};
use rutile_cpu::CpuBackend;

fn device() -> Device {
    Device::new(CpuBackend::new())
}

fn scalars(tensor: &Tensor) -> Vec<Scalar> {
    let (bytes, dtype) = (tensor.to_bytes().unwrap(), tensor.dtype());
    bytes.chunks(dtype.size()).map(|element| Scalar::from_bytes(element, dtype)).collect()
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    scalars(tensor).iter().map(|scalar| scalar.as_f64()).collect()
}

fn tensor(values: &[f64], shape: &[usize], dtype: DType, device: &Device) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let tensor = Tensor::from_bytes(&bytes, shape, DType::F64, device).unwrap().cast(dtype).unwrap();
    rutile_core::eval(std::slice::from_ref(&tensor)).unwrap();
    tensor
}

/// The distance of neighbouring numbers at 1.
fn precision(dtype: DType) -> f64 {
    match dtype {
        DType::BF16 => 2f64.powi(-7),
        DType::F16 => 2f64.powi(-10),
        DType::F32 => 2f64.powi(-23),
        _ => 2f64.powi(-52),
    }
}

macro_rules! result_type {
    (same) => {
        T
    };
    (bool) => {
        bool
    };
}

/// One row's expression on numbers of type `T`, or None where the op refuses them.
macro_rules! reference_row {
    ($operands:ident $op:ident $result:ident ($($arg:ident),*) {}) => {
        None
    };
    ($operands:ident Where $result:ident ($c:ident, $a:ident, $b:ident) { $($body:tt)+ }) => {{
        let ($c, $a, $b) = ($operands[0] != T::default(), $operands[1], $operands[2]);
        Some({ $($body)+ })
    }};
    ($operands:ident $op:ident $result:ident ($($arg:ident),*) { $($body:tt)+ }) => {{
        let [$($arg),*, ..] = $operands;
        let result: result_type!($result) = { $($body)+ };
        Some(result.into())
    }};
}

macro_rules! references {
    ($names:tt $({ $op:ident $name:literal $args:tt -> $result:ident $doc:literal;
         float $float:tt int $int:tt bool $bool:tt
         wgsl $wgsl:literal; grad $grad:tt; domain $domain:tt $tolerance:literal })*) => {
        fn float_reference(op: Elementwise, operands: [f64; 3]) -> Option<f64> {
            type T = f64;
            use rutile_core::math::FloatMath;
            match op {
                $(Elementwise::$op => reference_row!(operands $op $result $args $float),)*
            }
        }

        #[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
        fn int_reference(op: Elementwise, operands: [i64; 3]) -> Option<i64> {
            type T = i64;
            use rutile_core::math::{IntMath, threefry};
            match op {
                $(Elementwise::$op => reference_row!(operands $op $result $args $int),)*
            }
        }

        #[allow(clippy::bool_comparison, clippy::nonminimal_bool, clippy::useless_conversion)]
        fn bool_reference(op: Elementwise, operands: [bool; 3]) -> Option<bool> {
            type T = bool;
            match op {
                $(Elementwise::$op => reference_row!(operands $op $result $args $bool),)*
            }
        }
    };
}

rutile_core::elementwise_rows!(references);

fn reference(op: Elementwise, dtype: DType, operands: [Scalar; 3]) -> f64 {
    let result = if op.row().bool_result { DType::Bool } else { dtype };
    let accepted = match dtype.kind() {
        Kind::Float => return float_reference(op, operands.map(Scalar::as_f64)).unwrap(),
        Kind::Bool => bool_reference(op, operands.map(|x| !x.is(0))).map(|x| x as i64),
        _ => int_reference(op, operands.map(Scalar::as_i64)),
    };
    Scalar::int(accepted.unwrap(), result).as_f64()
}

const COUNT: usize = 1500;

/// Numbers for operand n of an op: floats from its domain, integers that int8 holds, shifts by less than a width.
fn operand(op: Elementwise, n: usize, dtype: DType, device: &Device) -> Tensor {
    let (low, high) = op.row().domain;
    let shifts = matches!(op, Elementwise::ShiftLeft | Elementwise::ShiftRight) && n == 1;
    let number = |i: usize| {
        let part = ((i * 7919 + n * 6101 + i / 13) % 101) as f64 / 100.0;
        match dtype.kind() {
            Kind::Float => low + (high - low) * part,
            Kind::Bool => (part * 100.0) as i64 as f64 % 2.0,
            _ if shifts => (part * 5.0).floor(),
            Kind::Unsigned => (part * 100.0).round(),
            Kind::Signed => (part * 100.0).round() - 50.0,
        }
    };
    tensor(&(0..COUNT).map(number).collect::<Vec<f64>>(), &[COUNT], dtype, device)
}

#[test]
fn every_op_on_every_dtype_it_accepts() {
    let device = device();
    for row in ELEMENTWISE {
        for dtype in DType::ALL.into_iter().filter(|&dtype| row.accepts(dtype)) {
            let dtype_of = |n: usize| if row.op == Elementwise::Where && n == 0 { DType::Bool } else { dtype };
            let all: Vec<Tensor> = (0..row.arity).map(|n| operand(row.op, n, dtype_of(n), &device)).collect();
            // All operands vary, or one of them is a number.
            for number in (0..row.arity).map(Some).chain([None]).filter(|number| row.arity > 1 || number.is_none()) {
                let mut operands = all.clone();
                if let Some(n) = number {
                    operands[n] = Tensor::scalar(scalars(&all[n])[5], &device);
                }
                let values: Vec<Vec<Scalar>> = operands.iter().map(|x| scalars(&x.expand(&[COUNT]).unwrap())).collect();
                let got = numbers(&Tensor::apply(row.op, &operands.iter().collect::<Vec<_>>()).unwrap());
                for i in 0..COUNT {
                    let at = |n: usize| values[n.min(row.arity - 1)][i];
                    let want = reference(row.op, dtype, [at(0), at(1), at(2)]);
                    let tolerance = match row.bool_result || !dtype.is_float() {
                        true => 0.0,
                        false if dtype == DType::F64 => 1e-14 * want.abs().max(1.0),
                        false => row.tolerance.max(precision(dtype)) * want.abs().max(1.0),
                    };
                    let near =
                        (got[i] - want).abs() <= tolerance || got[i] == want || (got[i].is_nan() && want.is_nan());
                    assert!(
                        near,
                        "{} {dtype} {number:?}: {} of {:?}, expected {want}",
                        row.name,
                        got[i],
                        [at(0), at(1), at(2)]
                    );
                }
            }
        }
    }
}

#[test]
fn casts_between_all_dtypes() {
    let device = device();
    let values =
        [0.0, 1.0, -1.0, 2.5, -3.75, 100.0, 300.0, -300.0, 70000.0, 3e9, -3e9, 1e19, -1e19, f64::INFINITY, f64::NAN];
    for from in DType::ALL {
        let source = tensor(&values, &[values.len()], from, &device);
        for to in DType::ALL {
            let expected: Vec<Scalar> = scalars(&source).iter().map(|value| value.cast(to)).collect();
            for (got, want) in scalars(&source.cast(to).unwrap()).iter().zip(&expected) {
                let (a, b) = (got.as_f64(), want.as_f64());
                let largest = if to == DType::F16 { 65520.0 } else { 3.4e38 };
                let same = a == b
                    || (a.is_nan() && b.is_nan())
                    || (to.is_float() && to != DType::F64 && {
                        (b.abs() >= largest && a.is_infinite()) || (a - b).abs() <= b.abs() * precision(to)
                    });
                assert!(same, "{from} to {to}: {a}, expected {b}");
            }
        }
    }
    let saturated = tensor(&[300.0, -300.0, f64::NAN], &[3], DType::F32, &device);
    assert_eq!(numbers(&saturated.cast(DType::I8).unwrap()), [127.0, -128.0, 0.0]);
    assert_eq!(numbers(&saturated.cast(DType::U8).unwrap()), [255.0, 0.0, 0.0]);
}

#[test]
fn half_precision_is_rounded_where_it_shows() {
    let device = device();
    for (dtype, rounded) in [(DType::F16, 0.0999755859375), (DType::BF16, 0.10009765625)] {
        let x = tensor(&[0.1; 3], &[3], dtype, &device);
        assert_eq!(numbers(&x)[0], rounded);
        let one = tensor(&[1.0; 3], &[3], DType::F32, &device) * 0.1;
        let there_and_back = one.cast(dtype).unwrap().cast(DType::F32).unwrap();
        assert_eq!(numbers(&there_and_back)[0], rounded);
        // A recomputed value must equal the stored one that it is compared with.
        let x = tensor(&[0.1, 0.7, 0.3], &[3], dtype, &device).as_variable(Arc::default()).unwrap();
        let best = (&x * &x).reduce(Fold::Max, None, false).unwrap();
        let gradient = gradients(&[best], &[None], std::slice::from_ref(&x)).unwrap().remove(0);
        let gradient = numbers(&gradient);
        assert!(gradient[0] == 0.0 && (gradient[1] - 1.4).abs() < 0.02 && gradient[2] == 0.0, "{dtype} {gradient:?}");
    }
}

#[test]
fn reductions_of_every_dtype() {
    let device = device();
    let shape = [5, 300, 7];
    let count: usize = shape.iter().product();
    for dtype in DType::ALL {
        let values: Vec<f64> = (0..count)
            .map(|i| ((i * 31 + i / 7) % 11) as f64 - if dtype.kind() == Kind::Unsigned { 0.0 } else { 4.0 })
            .collect();
        let x = tensor(&values, &shape, dtype, &device);
        let values = numbers(&x);
        for axis in 0..3 {
            let (before, size, after): (usize, usize, usize) =
                (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product());
            for fold in [Fold::Sum, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin] {
                let result = x.reduce(fold, Some(&[axis as i64]), false).unwrap();
                let sum_dtype = dtype.sum();
                assert_eq!(result.dtype(), if fold == Fold::Sum { sum_dtype } else { fold.result(dtype) });
                let got = numbers(&result);
                for lane in 0..before * after {
                    let of = |k: usize| values[(lane / after * size + k) * after + lane % after];
                    let lane_values: Vec<f64> = (0..size).map(of).collect();
                    let max = lane_values.iter().copied().fold(f64::MIN, f64::max);
                    let min = lane_values.iter().copied().fold(f64::MAX, f64::min);
                    let first = |best: f64| lane_values.iter().position(|&x| x == best).unwrap() as f64;
                    let want = match fold {
                        Fold::Sum => lane_values.iter().sum(),
                        Fold::Max => max,
                        Fold::Min => min,
                        Fold::ArgMax => first(max),
                        _ => first(min),
                    };
                    let tolerance = if dtype.is_float() { precision(dtype) * f64::abs(want) } else { 0.0 };
                    assert!((got[lane] - want).abs() <= tolerance, "{fold:?} {dtype} {axis}: {} {want}", got[lane]);
                }
            }
        }
        let whole = x.reduce(Fold::Sum, None, false).unwrap();
        assert!((numbers(&whole)[0] - values.iter().sum::<f64>()).abs() <= 1e-2 * values.iter().sum::<f64>().abs());
    }
}

#[test]
fn products_of_every_dtype() {
    let device = device();
    for dtype in DType::ALL.into_iter().filter(|&dtype| dtype != DType::Bool) {
        for (m, k, n) in [(1, 1, 1), (3, 5, 2), (40, 1100, 30), (130, 20, 64)] {
            let values =
                |count: usize, seed: usize| (0..count).map(|i| ((i * 37 + seed) % 3) as f64).collect::<Vec<f64>>();
            let (a, b) = (values(m * k, 1), values(k * n, 2));
            let x = tensor(&a, &[m, k], dtype, &device);
            let y = tensor(&b, &[n, k], dtype, &device).transpose(0, 1).unwrap();
            let one = Tensor::constant(Scalar::int(1, dtype), &device);
            let got = numbers(&(&x.matmul(&(&y + &one)).unwrap() + &one));
            for i in 0..m {
                for j in 0..n {
                    let sum: f64 = (0..k).map(|l| a[i * k + l] * (b[j * k + l] + 1.0)).sum();
                    let want = if dtype.is_float() { sum + 1.0 } else { Scalar::int(sum as i64 + 1, dtype).as_f64() };
                    let tolerance = if dtype.is_float() { precision(dtype) * want } else { 0.0 };
                    assert!(
                        (got[i * n + j] - want).abs() <= tolerance,
                        "{dtype} {m} {k} {n}: {} {want}",
                        got[i * n + j]
                    );
                }
            }
        }
    }
}

#[test]
fn taking_scattering_scanning_and_sorting_every_dtype() {
    let device = device();
    let values: Vec<f64> = (0..3000).map(|i| ((i * 7919) % 97 % 13) as f64 - 3.0).collect();
    for dtype in DType::ALL {
        let x = tensor(&values, &[2, 1500], dtype, &device);
        let stored = numbers(&x);
        let order = x.argsort(1, true).unwrap();
        let sorted = numbers(&x.take_along_axis(&order, 1).unwrap());
        assert!(sorted.chunks(1500).all(|row| row.is_sorted_by(|a, b| a >= b)), "{dtype}");
        let scattered = x.scatter_add(&order, 1, 1500).unwrap();
        let taken = numbers(&scattered.take_along_axis(&order, 1).unwrap());
        assert_eq!(taken, stored, "{dtype}");
        let highest = numbers(&x.cumulate(Fold::Max, 1).unwrap());
        let sums = x.cumulate(Fold::Sum, 1).unwrap();
        let sums = (sums.dtype(), numbers(&sums));
        for row in 0..2 {
            let (mut best, mut sum) = (f64::MIN, 0.0);
            for i in row * 1500..(row + 1) * 1500 {
                best = stored[i].max(best);
                sum += stored[i];
                assert_eq!(highest[i], best, "{dtype}");
                let want = if dtype.is_float() { sum } else { Scalar::int(sum as i64, sums.0).as_f64() };
                assert!((sums.1[i] - want).abs() <= precision(dtype) * want.abs(), "{dtype}");
            }
        }
    }
}

#[test]
fn scalars_keep_all_their_bits() {
    let device = device();
    let values = [
        Scalar::int(i64::MIN + 1, DType::I64),
        Scalar::int(-1, DType::U64),
        Scalar::float(0.1, DType::F64),
        Scalar::int(-7, DType::I8),
        Scalar::int(250, DType::U8),
        Scalar::int(-30_000, DType::I16),
        Scalar::int(1, DType::Bool),
        Scalar::float(1.5, DType::BF16),
    ];
    for value in values {
        assert_eq!(Tensor::full(&[2], value, &device).unwrap().slice(0, 1, 1, 1).unwrap().item().unwrap(), value);
        let constant = Tensor::constant(value, &device).expand(&[3]).unwrap();
        assert_eq!(scalars(&constant), [value; 3]);
    }
    let large = Tensor::full(&[1], Scalar::int(-1, DType::U64), &device).unwrap();
    assert_eq!(large.item().unwrap().as_u64(), u64::MAX);
}
