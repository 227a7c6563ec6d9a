//! Random graphs, the device that runs them literally, and what every plan must satisfy.

#![allow(dead_code)] // Each test binary uses a part.

// The GPU's tests measure shaders against the same interpreter.
#[path = "../../../gpu/tests/common/reference.rs"]
mod reference;

use std::collections::HashSet;

use rutile_core::backend::Capabilities;
use rutile_core::kernel::{Access, BufferRef, BufferSpec, Fold, Kernel, Plan, Value};
use rutile_core::shape::numel;
use rutile_core::{DType, Device, Elementwise, Scalar, Tensor, compose};

pub use reference::ReferenceBackend;

/// A device that interprets plans, which compute values again wherever that saves memory.
pub fn reference(max_buffers: usize, fuse: bool) -> Device {
    let device = rematerializing(max_buffers, 0);
    device.set_fuse(fuse);
    device
}

/// A device that interprets plans, which compute values of so many bytes again wherever that saves memory.
pub fn rematerializing(max_buffers: usize, rematerialized: usize) -> Device {
    let dtypes = vec![DType::Bool, DType::I32, DType::U32, DType::F32];
    let capabilities = Capabilities {
        max_buffers,
        dtypes,
        max_instructions: 256,
        max_row: 4096,
        recomputed: 64,
        rematerialized,
        attention: 0,
        linalg: false,
        horizontal: true,
        host_memory: false,
    };
    Device::new(ReferenceBackend::new(capabilities))
}

/// Panics unless each launch keeps to the limits, reads only what has been written, and no buffer is overwritten that
/// is still to be read.
pub fn check_plan(plan: &Plan, max_buffers: usize) {
    let spec = |buffer: &BufferRef| -> BufferSpec {
        match *buffer {
            BufferRef::Input(n) => plan.inputs[n],
            BufferRef::Output(n) => plan.outputs[n].buffer,
            BufferRef::Temporary(n) => plan.temporaries[n],
        }
    };
    let donors: Vec<usize> = plan.outputs.iter().filter_map(|output| output.reuses).collect();
    assert_eq!(donors.len(), donors.iter().collect::<HashSet<_>>().len(), "an input reused twice: {donors:?}");
    let mut written: HashSet<BufferRef> = HashSet::new();
    let mut overwritten: HashSet<usize> = HashSet::new();
    for (time, launch) in plan.launches.iter().enumerate() {
        let kernel = &plan.kernels[launch.kernel];
        assert_eq!(launch.buffers.len(), kernel.args.len());
        let buffers = launch.buffers.len() + kernel.has_checks() as usize;
        assert!(buffers <= max_buffers, "launch {time} has {buffers} buffers");
        assert_eq!(launch.buffers.len(), launch.buffers.iter().collect::<HashSet<_>>().len(), "launch {time}");
        for (n, &scalar) in launch.scalars.iter().enumerate() {
            assert_eq!(plan.scalars[scalar], kernel.scalars[n]);
        }
        for (arg, buffer) in launch.buffers.iter().enumerate() {
            let stored = kernel.written().find(|&(stored, _)| stored == arg);
            let stores = stored.is_some();
            let loads = loaded(kernel).contains(&arg);
            let access = kernel.args[arg].access;
            assert_eq!(access != Access::Read, stores, "launch {time}, argument {arg}");
            assert_eq!(access != Access::Write, loads, "launch {time}, argument {arg}");
            let donor = match *buffer {
                BufferRef::Output(n) => plan.outputs[n].reuses,
                BufferRef::Input(n) => {
                    assert!(!overwritten.contains(&n), "launch {time} reads input {n} after it was overwritten");
                    None
                }
                BufferRef::Temporary(_) => None,
            };
            if let (BufferRef::Input(_), true) = (buffer, stores) {
                panic!("launch {time} writes an input");
            }
            if loads && !matches!(buffer, BufferRef::Input(_)) {
                assert!(
                    written.contains(buffer) || donor.is_some(),
                    "launch {time} reads {buffer:?} before it is written"
                );
            }
            if let Some((_, len)) = stored {
                assert!(len <= spec(buffer).len, "launch {time} writes past {buffer:?}");
            }
        }
        for (arg, _) in kernel.written() {
            let buffer = launch.buffers[arg];
            written.insert(buffer);
            if let BufferRef::Output(n) = buffer {
                overwritten.extend(plan.outputs[n].reuses);
            }
        }
        let shared = launch.buffers.iter().filter_map(|b| if let BufferRef::Input(n) = b { Some(n) } else { None });
        shared.for_each(|n| {
            assert!(!overwritten.contains(n), "launch {time} reads what it overwrites under another name")
        });
    }
    for n in 0..plan.outputs.len() {
        let filled = written.contains(&BufferRef::Output(n)) || plan.outputs[n].buffer.len == 0;
        assert!(filled, "output {n} is never written");
    }
}

fn loaded(kernel: &Kernel) -> HashSet<usize> {
    let loads = kernel.blocks().into_iter().flat_map(|block| &block.code);
    let arg = |value: &Value| match value {
        Value::Load { arg, .. } | Value::Gather { arg, .. } => Some(*arg),
        _ => None,
    };
    loads.filter_map(|instruction| arg(&instruction.value)).collect()
}

/// One step of a random graph: what to do, and numbers that choose operands and sizes.
pub type Choice = (u8, u8, u8, u8);

/// Builds what the choices say from two leaves, evaluating now and then; returns the tensors still held.
pub fn build(choices: &[Choice], device: &Device, mut evaluate: impl FnMut(&[Tensor])) -> Vec<Tensor> {
    let leaf = |shape: &[usize], start: f32| {
        let values: Vec<f32> = (0..numel(shape)).map(|i| ((i as f32 + start) * 0.37).sin()).collect();
        Tensor::from_slice(&values, shape, device).unwrap()
    };
    let mut held = vec![leaf(&[3, 4], 0.0), leaf(&[4], 9.0)];
    for &(what, a, b, c) in choices {
        let x = held[a as usize % held.len()].clone();
        let y = held[b as usize % held.len()].clone();
        let c = c as usize;
        match what % 23 {
            0 => held.push(x.tanh()),
            1 => held.push(x.sin()),
            2 => held.push(-&x),
            3..=6 => {
                let op = [Elementwise::Add, Elementwise::Mul, Elementwise::Sub, Elementwise::Maximum][c % 4];
                held.extend(Tensor::apply(op, &[&x, &y]).ok());
            }
            7 => held.push(x.clone() * (c as f64 * 0.1 - 1.0)),
            8 | 9 if x.ndim() > 0 => {
                let fold = [Fold::Sum, Fold::Max, Fold::Min][c % 3];
                let axis = (c / 3 % x.ndim()) as i64;
                held.push(x.reduce(fold, Some(&[axis]), c.is_multiple_of(2)).unwrap());
            }
            10 => held.push(x.reshape(&[-1]).unwrap()),
            11 if x.numel().is_multiple_of(2) => held.push(x.reshape(&[2, -1]).unwrap()),
            12 if x.ndim() > 1 => held.push(x.transpose(0, -1).unwrap()),
            13 if x.ndim() > 0 && x.shape()[0] > 1 => held.push(x.slice(0, c % 2, 1, x.shape()[0] - 1).unwrap()),
            14 if x.ndim() > 0 && x.numel() < 40 => {
                let mut padding = vec![(0, 0); x.ndim()];
                padding[c % x.ndim()] = (1, (c % 3) as i64);
                held.push(x.pad(&padding, Scalar::float((c % 2) as f64, DType::F32)).unwrap());
            }
            15 if x.ndim() > 0 => held.push(x.flip(c % x.ndim())),
            16 if x.ndim() == 2 && y.ndim() == 2 => {
                let both =
                    if x.shape()[1] == y.shape()[0] { x.matmul(&y) } else { x.matmul(&x.transpose(0, 1).unwrap()) };
                held.push(both.unwrap() * 0.3);
            }
            17 => {
                let choice = Tensor::apply(Elementwise::Less, &[&x, &x.constant_like(0.1)]).unwrap();
                held.push(Tensor::apply(Elementwise::Where, &[&choice, &x, &(&x * &x)]).unwrap());
            }
            18 if held.len() > 2 => {
                held.remove(a as usize % held.len());
            }
            19 if x.ndim() > 0 => {
                let axis = c % x.ndim();
                // Positions of this axis, some counted from its end, for as many elements of the axis as the number says.
                let n = x.shape()[axis];
                let wave =
                    Tensor::apply(Elementwise::Remainder, &[&(x.sin() * 50.0), &x.constant_like(2.0 * n as f64)]);
                let at =
                    (wave.unwrap().cast(DType::I32).unwrap() - n as f64).checked_positions("take", axis, n).unwrap();
                held.push(x.take_along_axis(&at, axis as i64).unwrap());
                held.push(x.scatter_add(&at, axis as i64, n).unwrap() * 0.5);
            }
            20 => {
                let n = b as usize % held.len();
                evaluate(&held[n..(n + 1 + c % 2).min(held.len())]);
            }
            21 if x.ndim() > 0 => held.push(compose::softmax(&x, c as i64 % x.ndim() as i64).unwrap()),
            22 if x.ndim() > 0 => held.push(compose::standardize(&x, &[-1], 0.01).unwrap() * &x),
            _ => {}
        }
    }
    held
}

/// The elements as bits; every NaN is one.
pub fn bits(tensor: &Tensor) -> Vec<u32> {
    let canonical = |value: f32| if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() };
    tensor.to_vec().unwrap().into_iter().map(canonical).collect()
}
