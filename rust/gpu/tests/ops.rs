//! Every elementwise op of the table on the GPU, for every dtype it accepts, against the table's own CPU expressions.

mod common;

use common::{Word, apply, data, dtypes, gpu, numbers, rounded, scalars, unit};
use rutile_core::dtype::Kind;
use rutile_core::elementwise::{ELEMENTWISE, Elementwise, ElementwiseRow};
use rutile_core::{DType, Scalar, Tensor};

/// Values where functions tend to go wrong.
const SPECIAL: [f32; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    3.0,
    1.5,
    2.5,
    -3.7,
    30.0,
    -100.0,
    1e-3,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];
/// Beside the least and the greatest number.
const INTEGERS: [i64; 10] = [0, 1, -1, 2, -2, 3, 7, -8, 31, 100];

#[test]
fn every_op_agrees_with_its_row() {
    let mut failures = Vec::new();
    for row in ELEMENTWISE {
        for dtype in dtypes() {
            if row.accepts(dtype) {
                check(row, dtype, &mut failures);
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn smooth_functions_are_accurate_over_their_domain() {
    for dtype in [DType::F32, DType::F64].into_iter().filter(|dtype| dtypes().contains(dtype)) {
        for row in ELEMENTWISE.iter().filter(|row| row.accepts_float && row.arity == 1) {
            let (low, high) = row.domain;
            let values = (0..1000).map(|n| Scalar::float(low + (high - low) * n as f64 / 999.0, dtype));
            // Numbers that the dtype has, and whose function can be compared.
            let values: Vec<Scalar> = values.map(|value| number(value.word(), dtype)).collect();
            let x = numbers(&values, &[1000], &gpu());
            let got = scalars(&Tensor::apply(row.op, &[&x]).unwrap().to_bytes().unwrap(), dtype);
            for (x, got) in values.iter().zip(&got) {
                let expected = number(apply(row.op, dtype, &[x.word()]), dtype).as_f64();
                let error = (got.as_f64() - expected).abs() / (1.0 + expected.abs());
                assert!(error <= tolerance(row, dtype), "{} {dtype} ({x}): expected {expected}, got {got}", row.name);
            }
        }
    }
}

#[test]
fn casts_saturate_as_on_the_host() {
    common::check(0.0, |d| {
        let all = dtypes();
        let sources = all.iter().map(|&dtype| {
            let mut values = interesting(dtype);
            if dtype.is_float() {
                let large =
                    [3e9, -3e9, 5e9, 2147483520.0, 1e10, 1e20, -1e20, 200.7, -200.7, 40000.0, 1e-6, 6.1e-5, 70000.0];
                values.extend(large.map(|value| Scalar::float(value, dtype)));
            }
            numbers(&values, &[values.len()], d)
        });
        sources.flat_map(|x| all.iter().map(|&dtype| x.cast(dtype).unwrap()).collect::<Vec<_>>()).collect()
    });
}

#[test]
fn half_precision_numbers_pass_through_and_are_rounded_to_nearest() {
    let device = gpu();
    for dtype in [DType::F16, DType::BF16] {
        let all: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_ne_bytes).collect();
        let x = Tensor::from_bytes(&all, &[1 << 16], dtype, &device).unwrap();
        for (x, y) in
            scalars(&all, dtype).iter().zip(scalars(&x.cast(DType::F32).unwrap().to_bytes().unwrap(), DType::F32))
        {
            let subnormal = dtype == DType::BF16 && x.as_f64().abs() < f32::MIN_POSITIVE as f64;
            assert!(x.as_f64() == y.as_f64() || (x.as_f64().is_nan() && y.as_f64().is_nan()) || subnormal, "{x} {y}");
        }
        // Ties and their neighbours, and numbers of all sizes.
        let ties =
            (0..1 << 15).flat_map(|half: u32| [0, 1, u32::MAX].map(|step| (half << 17 | 0x8000).wrapping_add(step)));
        let fine = (0..1 << 16).flat_map(|n: u32| [0x1000, 0xfff].map(|step| 0x3300_0000 + (n << 13) + step));
        let words: Vec<u32> = ties.chain(fine).collect();
        let values: Vec<Scalar> = words.iter().map(|&word| number(word as u64, DType::F32)).collect();
        let x = numbers(&values, &[values.len()], &device);
        let got = scalars(&x.cast(dtype).unwrap().to_bytes().unwrap(), dtype);
        for (value, got) in values.iter().zip(got) {
            let expected = number(rounded(value.word(), dtype), DType::F32).as_f64();
            let same = expected == got.as_f64() || (expected.is_nan() && got.as_f64().is_nan());
            assert!(same || value.as_f64().abs() < f32::MIN_POSITIVE as f64, "{value}: {expected} {got}");
        }
    }
}

#[test]
fn constants_of_every_kind() {
    common::check(0.0, |d| {
        let x = data(&[3], d);
        [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-30, 3.4e38, 0.1, -0.0]
            .map(|value| Tensor::apply(Elementwise::Maximum, &[&x, &x.constant_like(value)]).unwrap())
            .into()
    });
}

/// All combinations of interesting operands.
fn check(row: &ElementwiseRow, dtype: DType, failures: &mut Vec<String>) {
    let values = interesting(dtype);
    let conditional = row.op == Elementwise::Where;
    let mut operands: Vec<Vec<Scalar>> = vec![Vec::new(); row.arity];
    for n in 0..values.len().pow(row.arity as u32) {
        for (place, operand) in operands.iter_mut().enumerate() {
            let value = values[n / values.len().pow(place as u32) % values.len()];
            operand.push(if conditional && place == 0 { Scalar::int((n % 2) as i64, DType::Bool) } else { value });
        }
    }
    let count = operands[0].len();
    let tensors: Vec<Tensor> = operands.iter().map(|values| numbers(values, &[count], &gpu())).collect();
    let result = Tensor::apply(row.op, &tensors.iter().collect::<Vec<_>>()).unwrap();
    let got = scalars(&result.to_bytes().unwrap(), result.dtype());
    for i in 0..count {
        let arguments: Vec<Scalar> = operands.iter().map(|operand| operand[i]).collect();
        let words: Vec<u64> = arguments.iter().map(|value| value.word()).collect();
        let expected = number(rounded(apply(row.op, dtype, &words), result.dtype()), result.dtype());
        if !same(row, expected, got[i]) {
            let arguments: Vec<String> = arguments.iter().map(Scalar::to_string).collect();
            failures.push(format!(
                "{} {dtype} ({}): expected {expected}, got {}",
                row.name,
                arguments.join(", "),
                got[i]
            ));
        }
    }
}

fn same(row: &ElementwiseRow, expected: Scalar, got: Scalar) -> bool {
    if !expected.dtype.is_float() {
        return expected == got;
    }
    let (a, b) = (expected.as_f64(), got.as_f64());
    let tiny = a.abs() < f32::MIN_POSITIVE as f64 && b.abs() < f32::MIN_POSITIVE as f64;
    tiny || a == b
        || (a.is_nan() && b.is_nan())
        || (a - b).abs() <= 3.0 * tolerance(row, expected.dtype) * (1.0 + a.abs())
}

/// The row's tolerance is one of float32.
fn tolerance(row: &ElementwiseRow, dtype: DType) -> f64 {
    if dtype == DType::F64 { 1e-13 } else { row.tolerance.max(unit(dtype)) }
}

/// Values where functions tend to go wrong.
fn interesting(dtype: DType) -> Vec<Scalar> {
    let unused = 64 - 8 * dtype.size() as u32;
    let integers = |ends: [i64; 2]| INTEGERS.into_iter().chain(ends).map(|value| Scalar::int(value, dtype)).collect();
    match dtype.kind() {
        Kind::Bool => [0, 1].map(|value| Scalar::int(value, dtype)).into(),
        Kind::Signed => integers([i64::MIN >> unused, i64::MAX >> unused]),
        Kind::Unsigned => integers([1 << (63 - unused), -1]),
        Kind::Float => {
            let words = SPECIAL.map(|value| Scalar::float(value as f64, dtype).word());
            words.map(|word| number(rounded(word, dtype), dtype)).into()
        }
    }
}

/// The number that a word stands for.
fn number(word: u64, dtype: DType) -> Scalar {
    match dtype.kind() {
        Kind::Float if dtype == DType::F64 => Scalar::float(f64::get(word), dtype),
        Kind::Float => Scalar::float(f32::get(word) as f64, dtype),
        _ => Scalar::int(word as i64, dtype),
    }
}
