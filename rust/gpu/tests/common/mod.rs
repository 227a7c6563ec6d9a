//! The GPU under test, and a reference device that interprets plans word by word, as `kernel` and `view` define them.

#![allow(dead_code, unused_imports)] // Each test binary uses a part.

mod reference;

use std::sync::OnceLock;

use rutile_core::{DType, Device, Tensor};
use rutile_gpu::GpuBackend;

pub use reference::{ReferenceBackend, apply};

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
        let (a, b) = (expected.to_bytes().unwrap(), got.to_bytes().unwrap());
        if expected.dtype() == DType::F32 {
            compare(n, &floats(&a), &floats(&b), tolerance);
        } else {
            assert_eq!(a, b, "result {n}");
        }
    }
}

fn compare(n: usize, expected: &[f32], got: &[f32], tolerance: f32) {
    assert_eq!(expected.len(), got.len());
    for (i, (&a, &b)) in expected.iter().zip(got).enumerate() {
        let close = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * (1.0 + a.abs());
        assert!(close, "result {n}, element {i}: expected {a}, got {b}");
    }
}

pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|c| f32::from_ne_bytes(c.try_into().unwrap())).collect()
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
