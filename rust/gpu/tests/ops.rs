//! Every elementwise op of the table on the GPU, for every dtype it accepts, against the table's own CPU expressions.

mod common;

use common::{apply, bools, data, gpu, integers, words};
use rutile_core::elementwise::{ELEMENTWISE, Elementwise, ElementwiseRow};
use rutile_core::{DType, Device, Tensor};

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
const INTEGERS: [i32; 12] = [0, 1, -1, 2, -2, 3, 7, -8, 31, 100, i32::MAX, i32::MIN];
const WORDS: [u32; 9] = [0, 1, 2, 3, 7, 31, 100, 1 << 31, u32::MAX];

#[test]
fn every_op_agrees_with_its_row() {
    let mut failures = Vec::new();
    for row in ELEMENTWISE {
        for dtype in [DType::F32, DType::I32, DType::U32, DType::Bool] {
            if row.accepts(dtype) {
                check(row, dtype, &mut failures);
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn smooth_functions_are_accurate_over_their_domain() {
    let device = gpu();
    for row in ELEMENTWISE.iter().filter(|row| row.accepts_float && row.arity == 1) {
        let (low, high) = (row.domain.0 as f32, row.domain.1 as f32);
        let values: Vec<f32> = (0..1000).map(|n| low + (high - low) * n as f32 / 999.0).collect();
        let x = Tensor::from_slice(&values, &[1000], &device).unwrap();
        let got = Tensor::apply(row.op, &[&x]).unwrap().to_vec().unwrap();
        for (&x, &got) in values.iter().zip(&got) {
            let expected = f32::from_bits(apply(row.op, DType::F32, &[x.to_bits()]));
            let error = (got - expected).abs() / (1.0 + expected.abs());
            assert!(error <= row.tolerance as f32, "{}({x}): expected {expected}, got {got}", row.name);
        }
    }
}

#[test]
fn casts_saturate_as_on_the_host() {
    common::check(0.0, |d| {
        let floats =
            Tensor::from_slice(&[SPECIAL.as_slice(), &[3e9, -3e9, 5e9, 2147483520.0]].concat(), &[20], d).unwrap();
        let sources = [floats, integers(&INTEGERS, &[12], d), words(&WORDS, &[9], d), bools(&[0, 1, 1], &[3], d)];
        let targets = [DType::F32, DType::I32, DType::U32, DType::Bool];
        sources.iter().flat_map(|x| targets.map(|dtype| x.cast(dtype).unwrap())).collect()
    });
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
    let device = gpu();
    let values: Vec<u32> = match dtype {
        DType::F32 => SPECIAL.iter().map(|value| value.to_bits()).collect(),
        DType::I32 => INTEGERS.iter().map(|&value| value as u32).collect(),
        DType::U32 => WORDS.to_vec(),
        _ => vec![0, 1],
    };
    let conditional = row.op == Elementwise::Where;
    let mut operands: Vec<Vec<u32>> = vec![Vec::new(); row.arity];
    for n in 0..values.len().pow(row.arity as u32) {
        for (place, operand) in operands.iter_mut().enumerate() {
            let word = values[n / values.len().pow(place as u32) % values.len()];
            operand.push(if conditional && place == 0 { (n % 2) as u32 } else { word });
        }
    }
    let count = operands[0].len();
    let dtypes = |place: usize| if conditional && place == 0 { DType::Bool } else { dtype };
    let tensors: Vec<Tensor> =
        operands.iter().enumerate().map(|(n, words)| upload(words, dtypes(n), &device)).collect();
    let result = Tensor::apply(row.op, &tensors.iter().collect::<Vec<_>>()).unwrap();
    let bytes = result.to_bytes().unwrap();
    for i in 0..count {
        let arguments: Vec<u32> = operands.iter().map(|operand| operand[i]).collect();
        let expected = apply(row.op, dtype, &arguments);
        let got = match result.dtype() {
            DType::Bool => bytes[i] as u32,
            _ => u32::from_ne_bytes(bytes[4 * i..4 * i + 4].try_into().unwrap()),
        };
        if !same(row, result.dtype(), expected, got) {
            let show = |word: u32| {
                if dtype == DType::F32 { f32::from_bits(word).to_string() } else { (word as i32).to_string() }
            };
            let arguments: Vec<String> = arguments.into_iter().map(show).collect();
            failures.push(format!(
                "{} {dtype} ({}): expected {}, got {}",
                row.name,
                arguments.join(", "),
                show(expected),
                show(got)
            ));
        }
    }
}

fn same(row: &ElementwiseRow, dtype: DType, expected: u32, got: u32) -> bool {
    if dtype != DType::F32 {
        return expected == got;
    }
    let (a, b) = (f32::from_bits(expected), f32::from_bits(got));
    let tiny = a.abs() < f32::MIN_POSITIVE && b.abs() < f32::MIN_POSITIVE;
    tiny || a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 3.0 * row.tolerance as f32 * (1.0 + a.abs())
}

fn upload(values: &[u32], dtype: DType, device: &Device) -> Tensor {
    let bytes: Vec<u8> = match dtype {
        DType::Bool => values.iter().map(|&word| word as u8).collect(),
        _ => values.iter().flat_map(|word| word.to_ne_bytes()).collect(),
    };
    Tensor::from_bytes(&bytes, &[values.len()], dtype, device).unwrap()
}
