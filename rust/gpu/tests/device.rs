//! What a user meets beside results: devices, limits, memory, errors, counters.

mod common;

use std::sync::Arc;

use common::{data, open};
use rutile_core::backend::{Backend, Program, Storage};
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
fn all_dtypes_pass_through_and_others_are_refused() {
    let gpu = open("gpu");
    let bytes: Vec<u8> = (0..40).collect();
    for dtype in [DType::F32, DType::I32, DType::U32] {
        let storage = gpu.upload(dtype, &bytes).unwrap();
        assert_eq!((storage.dtype(), storage.len()), (dtype, 10));
        assert_eq!(gpu.download(&storage).unwrap(), bytes);
    }
    let truths = [1, 0, 0, 1, 1];
    assert_eq!(gpu.download(&gpu.upload(DType::Bool, &truths).unwrap()).unwrap(), truths);
    assert!(gpu.download(&gpu.upload(DType::F32, &[]).unwrap()).unwrap().is_empty());
    let error = gpu.upload(DType::F64, &bytes).err().unwrap();
    assert_eq!(error.kind, ErrorKind::DType);
    assert!(error.to_string().contains("float64") && error.to_string().contains("cpu"), "{error}");
}

#[test]
fn memory_is_counted_pooled_and_released() {
    let gpu = open("gpu");
    let first = gpu.upload(DType::F32, &[0; 4000]).unwrap();
    let second = gpu.upload(DType::Bool, &[0; 1000]).unwrap();
    assert_eq!(gpu.memory().live_bytes, 8000);
    drop(first);
    assert_eq!(gpu.memory().live_bytes, 4000);
    assert_eq!(gpu.memory().peak_bytes, 8000);
    gpu.reset_peak_memory();
    assert_eq!(gpu.memory().peak_bytes, 4000);
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
    let program = handing_over(&gpu, BufferSpec { dtype: DType::F32, len: 4 });
    let bytes: Vec<u8> = (0..16).collect();
    let storage: Storage = gpu.upload(DType::F32, &bytes).unwrap();
    let before = gpu.counters();
    let ran = program.run(&mut vec![storage], &[], &[0]).unwrap();
    assert_eq!(ran.read, [bytes]);
    let after = gpu.counters();
    assert_eq!((after.submits - before.submits, after.readbacks - before.readbacks), (1, 1));
}

#[test]
fn an_output_that_outgrows_the_input_it_reuses_keeps_its_content() {
    let gpu = open("gpu");
    // Bools take a word each on the device, so 1024 of them need more than the 256 words that the plan lends them.
    let program = handing_over(&gpu, BufferSpec { dtype: DType::Bool, len: 1024 });
    let storage = gpu.upload(DType::U32, &[1; 1024]).unwrap();
    let ran = program.run(&mut vec![storage], &[], &[0]).unwrap();
    assert_eq!(ran.read[0][..256], [1; 256]);
    assert_eq!(ran.read[0].len(), 1024);
}

/// A program without kernels, whose output takes over a float32 input of as many bytes.
fn handing_over(gpu: &GpuBackend, output: BufferSpec) -> Arc<dyn Program> {
    let plan = Plan {
        inputs: vec![BufferSpec { dtype: DType::F32, len: output.len * output.dtype.size() / 4 }],
        outputs: vec![OutputSpec { buffer: output, reuses: Some(0) }],
        temporaries: vec![],
        scalars: vec![],
        kernels: vec![],
        launches: vec![],
        checks: vec![],
    };
    gpu.compile(Arc::new(plan)).unwrap()
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
