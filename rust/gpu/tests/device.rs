//! What a user meets beside results: devices, limits, memory, errors, counters.

mod common;

use std::sync::Arc;

use common::{data, open};
use rutile_core::backend::{Backend, Storage};
use rutile_core::kernel::{BufferSpec, OutputSpec, Plan};
use rutile_core::{DType, Device, ErrorKind, Tensor};
use rutile_gpu::{GpuBackend, Options, enumerate};

#[test]
fn devices_are_numbered_with_hardware_first() {
    let devices = enumerate();
    assert!(!devices.is_empty());
    for (n, device) in devices.iter().enumerate() {
        assert_eq!(device.id, if n == 0 { "gpu".to_string() } else { format!("gpu:{n}") });
        assert_eq!(device.software, device.kind == "software gpu");
        assert!(!device.name.is_empty() && !device.backend.is_empty());
    }
    assert!(devices.is_sorted_by_key(|device| device.software));
}

#[test]
fn a_device_opens_by_its_backend() {
    let info = &enumerate()[0];
    let backend = GpuBackend::open(&format!("{}:0", info.backend)).unwrap();
    assert_eq!(backend.info().id, info.backend);
    assert_eq!(backend.info().backend, info.backend);
}

#[test]
fn selectors_that_name_nothing_say_what_there_is() {
    for (selector, part) in [("gpu:99", "gpu:0 to gpu:"), ("vulkan:x", "\"vulkan:0\""), ("cuda", "\"vulkan:0\"")] {
        let error = GpuBackend::open(selector).err().unwrap();
        assert_eq!(error.kind, ErrorKind::Device);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn bytes_pass_through_for_every_dtype_and_length() {
    let gpu = open("gpu");
    for &dtype in &gpu.capabilities().dtypes {
        for len in [0, 1, 2, 3, 5, 40] {
            let bytes: Vec<u8> = (0..len * dtype.size()).map(|n| n as u8).collect();
            let storage = gpu.upload(dtype, &bytes).unwrap();
            assert_eq!((storage.dtype(), storage.len()), (dtype, len));
            assert_eq!(gpu.download(&storage).unwrap(), bytes);
        }
    }
}

#[test]
fn a_dtype_that_the_device_lacks_is_refused() {
    drop(open("gpu"));
    let options = Options { webgpu_defaults: true, ..Options::default() };
    let gpu = GpuBackend::open_with("gpu", options).unwrap();
    for dtype in [DType::I64, DType::U64, DType::F64] {
        let error = gpu.upload(dtype, &[0; 8]).err().unwrap();
        assert_eq!(error.kind, ErrorKind::DType);
        for part in [dtype.name(), &gpu.info().name, "float16, bfloat16, float32", "astype", "cpu"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

#[test]
fn a_device_without_timestamps_is_not_profiled() {
    drop(open("gpu"));
    let options = Options { webgpu_defaults: true, ..Options::default() };
    let device = Device::new(GpuBackend::open_with("gpu", options).unwrap());
    let error = device.start_profile().err().unwrap();
    assert_eq!(error.kind, ErrorKind::Device);
    for part in ["timestamp queries", &device.info().name, "rutile.synchronize()"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(device.end_profile().is_empty());
    let timed = Device::new(open("gpu"));
    timed.start_profile().unwrap();
    assert_eq!(timed.start_profile().err().unwrap().kind, ErrorKind::Value);
    let x = Tensor::from_slice(&[1.0f32, 2.0], &[2], &timed).unwrap();
    (&x + 1.0).to_bytes().unwrap();
    let kernels = timed.end_profile();
    assert_eq!((kernels.len(), kernels[0].calls, kernels[0].kernel.computes().as_str()), (1, 1, "add"));
    assert!(kernels[0].nanoseconds > 0);
}

#[test]
fn memory_is_counted_pooled_and_released() {
    let gpu = open("gpu");
    let first = gpu.upload(DType::F32, &[0; 4000]).unwrap();
    let second = gpu.upload(DType::Bool, &[0; 1001]).unwrap();
    assert_eq!(gpu.memory().live_bytes, 5001);
    drop(first);
    assert_eq!(gpu.memory().live_bytes, 1001);
    assert_eq!(gpu.memory().peak_bytes, 5001);
    gpu.reset_peak_memory();
    assert_eq!(gpu.memory().peak_bytes, 1001);
    drop(second);
    assert_eq!(gpu.memory().live_bytes, 0);
}

#[test]
fn a_reused_buffer_keeps_the_order_of_writes_and_reads() {
    let gpu = open("gpu");
    for n in 0..20u8 {
        let storage = gpu.upload(DType::F32, &[n; 400]).unwrap();
        let other = gpu.upload(DType::F32, &[n + 100; 400]).unwrap();
        assert_eq!(gpu.download(&storage).unwrap(), [n; 400]);
        assert_eq!(gpu.download(&other).unwrap(), [n + 100; 400]);
    }
}

#[test]
fn a_tensor_above_the_limit_is_refused_and_the_others_live_on() {
    drop(open("gpu"));
    let options = Options { max_tensor_bytes: Some(4096), ..Options::default() };
    let device = Device::new(GpuBackend::open_with("gpu", options).unwrap());
    let x = data(&[1024], &device);
    let error = Tensor::from_slice(&[0.0; 1025], &[1025], &device).err().unwrap();
    assert_eq!(error.kind, ErrorKind::OutOfMemory);
    assert!(error.to_string().contains("4096"), "{error}");
    let error = (&x.expand(&[2, 1024]).unwrap() + &x).to_vec().err().unwrap();
    assert_eq!(error.kind, ErrorKind::OutOfMemory);
    assert_eq!((&x + &x).to_vec().unwrap().len(), 1024);
}

#[test]
fn reads_ride_along_in_the_same_submit() {
    let gpu = open("gpu");
    let buffer = BufferSpec { dtype: DType::F32, len: 4 };
    let plan = Plan {
        inputs: vec![buffer],
        outputs: vec![OutputSpec { buffer, reuses: Some(0) }],
        temporaries: vec![],
        scalars: vec![],
        kernels: vec![],
        launches: vec![],
        checks: vec![],
    };
    let program = gpu.compile(Arc::new(plan)).unwrap();
    let bytes: Vec<u8> = (0..16).collect();
    let storage: Storage = gpu.upload(DType::F32, &bytes).unwrap();
    let before = gpu.counters();
    let ran = program.run(&mut vec![storage], &[], &[0]).unwrap();
    assert_eq!(ran.read, [bytes]);
    let after = gpu.counters();
    assert_eq!((after.submits - before.submits, after.readbacks - before.readbacks), (1, 1));
}

#[test]
fn programs_run_from_several_threads() {
    let device = Device::new(open("gpu"));
    std::thread::scope(|scope| {
        for n in 0..4 {
            let device = &device;
            scope.spawn(move || {
                for step in 0..20 {
                    let value = (n * 100 + step) as f32;
                    let x = Tensor::from_slice(&[value; 64], &[64], device).unwrap();
                    assert_eq!((&x + &x).to_vec().unwrap(), [2.0 * value; 64]);
                }
            });
        }
    });
}

#[test]
fn other_devices_storages_are_refused() {
    let gpu = open("gpu");
    let other = common::ReferenceBackend::new(gpu.capabilities().clone());
    let error = gpu.download(&other.upload(DType::F32, &[0; 4]).unwrap()).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Device);
}
