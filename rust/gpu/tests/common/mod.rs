//! The GPU under test, and a reference device that interprets plans word by word, as `kernel` and `view` define them.

#![allow(dead_code, unused_imports)] // Each test binary uses a part.

mod reference;

use std::sync::OnceLock;

use rutile_core::{DType, Device, Scalar, Tensor};
use rutile_gpu::GpuBackend;

pub use reference::{ReferenceBackend, Word, apply, rounded, to_bytes};

/// The first GPU, software ones included.
pub fn gpu() -> Device {
    static GPU: OnceLock<Device> = OnceLock::new();
    GPU.get_or_init(|| Device::new(open("gpu"))).clone()
}

pub fn open(selector: &str) -> GpuBackend {
    // SAFETY: tests only set the same variable to the same value, before they read the environment in other ways.
    unsafe { std::env::set_var("RUTILE_SOFTWARE_GPU", "1") };
    GpuBackend::open(selector).unwrap_or_else(|error| panic!("{error}"))
}

pub fn reference() -> Device {
    static REFERENCE: OnceLock<Device> = OnceLock::new();
    REFERENCE.get_or_init(|| Device::new(ReferenceBackend::new(gpu().backend().capabilities().clone()))).clone()
}

/// Builds the same graph on both devices and compares every result.
pub fn check(tolerance: f32, build: impl Fn(&Device) -> Vec<Tensor>) {
    check_on(&gpu(), tolerance, build);
}

pub fn check_on(device: &Device, tolerance: f32, build: impl Fn(&Device) -> Vec<Tensor>) {
    let (expected, got) = (build(&reference()), build(device));
    rutile_core::eval(&expected).unwrap_or_else(|error| panic!("{error}"));
    rutile_core::eval(&got).unwrap_or_else(|error| panic!("{error}"));
    for (n, (expected, got)) in expected.iter().zip(&got).enumerate() {
        assert_eq!(expected.shape(), got.shape());
        let dtype = expected.dtype();
        assert_eq!(dtype, got.dtype());
        let (a, b) = (expected.to_bytes().unwrap(), got.to_bytes().unwrap());
        if dtype.is_float() {
            compare(&format!("{dtype} result {n}"), &scalars(&a, dtype), &scalars(&b, dtype), tolerance);
        } else {
            assert_eq!(a, b, "{dtype} result {n}");
        }
    }
}

fn compare(result: &str, expected: &[Scalar], got: &[Scalar], tolerance: f32) {
    assert_eq!(expected.len(), got.len());
    for (i, (expected, got)) in expected.iter().zip(got).enumerate() {
        // Beside rounding what is computed, there is rounding to half precision.
        let tolerance = if tolerance == 0.0 { 0.0 } else { (tolerance as f64).max(unit(expected.dtype)) };
        let (a, b) = (expected.as_f64(), got.as_f64());
        let close = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * (1.0 + a.abs());
        assert!(close, "{result}, element {i}: expected {a}, got {b}");
    }
}

/// The distance of a half-precision float from one to the next number; zero for other dtypes.
pub fn unit(dtype: DType) -> f64 {
    match dtype {
        DType::F16 => 2f64.powi(-10),
        DType::BF16 => 2f64.powi(-7),
        _ => 0.0,
    }
}

pub fn scalars(bytes: &[u8], dtype: DType) -> Vec<Scalar> {
    bytes.chunks_exact(dtype.size()).map(|element| Scalar::from_bytes(element, dtype)).collect()
}

/// The numbers as a tensor of any dtype.
pub fn numbers(values: &[Scalar], shape: &[usize], device: &Device) -> Tensor {
    let dtype = values[0].dtype;
    let words: Vec<u64> = values.iter().map(|value| value.word()).collect();
    Tensor::from_bytes(&to_bytes(dtype, &words), shape, dtype, device).unwrap()
}

/// The dtypes that the GPU under test computes with.
pub fn dtypes() -> Vec<DType> {
    gpu().backend().capabilities().dtypes.clone()
}

/// Values between -1 and 1 that look random and are the same everywhere.
pub fn data(shape: &[usize], device: &Device) -> Tensor {
    let count: usize = shape.iter().product();
    let value = |i: usize| ((i as u32).wrapping_mul(2654435761).wrapping_add(12345) >> 8) as f32 / 8388608.0 - 1.0;
    Tensor::from_slice(&(0..count).map(value).collect::<Vec<_>>(), shape, device).unwrap()
}

pub fn integers(values: &[i32], shape: &[usize], device: &Device) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    Tensor::from_bytes(&bytes, shape, DType::I32, device).unwrap()
}

pub fn words(values: &[u32], shape: &[usize], device: &Device) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    Tensor::from_bytes(&bytes, shape, DType::U32, device).unwrap()
}

pub fn bools(values: &[u8], shape: &[usize], device: &Device) -> Tensor {
    Tensor::from_bytes(values, shape, DType::Bool, device).unwrap()
}
