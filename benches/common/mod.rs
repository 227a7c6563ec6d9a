//! What the benches of the engine share.

use std::time::Duration;

use criterion::Criterion;
use rutile_core::{Device, Tensor};
use rutile_cpu::CpuBackend;

/// Short enough that all benches together end within four minutes.
pub fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1200))
}

pub fn cpu() -> Device {
    Device::new(CpuBackend::new())
}

/// A computed tensor of small numbers, some of them negative.
pub fn numbers(shape: &[usize], device: &Device) -> Tensor {
    let count: usize = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|i| ((i * 37) % 101) as f32 / 101.0 - 0.4).collect();
    Tensor::from_slice(&values, shape, device).expect("memory")
}
