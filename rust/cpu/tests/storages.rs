//! Memory: uploads, reuse of inputs by outputs, temporaries, errors.

mod common;

use std::sync::Arc;

use common::*;
use rutile_core::backend::{Backend, Storage};
use rutile_core::dtype::DType::{self, F32};
use rutile_core::elementwise::Elementwise::{Add, Mul};
use rutile_core::kernel::*;
use rutile_core::view::View;
use rutile_cpu::CpuBackend;

/// `x + 1` in place: argument 0 is read and written.
fn increment(len: usize) -> Plan {
    let mut body = Builder::default();
    let x = body.load(0, F32, View::contiguous(&[len]));
    let one = body.constant(1.0);
    let sum = body.op(Add, &[x, one]);
    let kernel = Kernel {
        kind: KernelKind::Map,
        out: [len][..].into(),
        reduced: Default::default(),
        args: vec![Arg { dtype: F32, access: Access::ReadWrite }],
        scalars: vec![],
        body: body.done(),
        stores: vec![Store { arg: 0, value: sum }],
    };
    let buffer = BufferSpec { dtype: F32, len };
    Plan {
        inputs: vec![buffer],
        outputs: vec![OutputSpec { buffer, reuses: Some(0) }],
        temporaries: vec![],
        scalars: vec![],
        kernels: vec![kernel],
        launches: vec![Launch { kernel: 0, buffers: vec![BufferRef::Output(0)], scalars: vec![] }],
        checks: vec![],
    }
}

fn floats(storage: &Storage) -> Vec<f64> {
    from_bytes(F32, storage.host_bytes().unwrap())
}

#[test]
fn an_output_takes_an_inputs_memory_over_unless_others_hold_it() {
    let cpu = CpuBackend::new();
    let program = cpu.compile(Arc::new(increment(3000))).unwrap();
    let input = cpu.upload(F32, &to_bytes(F32, &vec![1.0; 3000])).unwrap();
    let address = input.host_bytes().unwrap().as_ptr();
    let moved = program.run(&mut vec![input], &[], &[]).unwrap().outputs.remove(0);
    assert_eq!(moved.host_bytes().unwrap().as_ptr(), address);
    assert_eq!(floats(&moved), vec![2.0; 3000]);
    let copied = program.run(&mut vec![moved.clone()], &[], &[]).unwrap().outputs.remove(0);
    assert_eq!(floats(&moved), vec![2.0; 3000]);
    assert_eq!(floats(&copied), vec![3.0; 3000]);
}

#[test]
fn a_steady_state_takes_no_new_memory() {
    let cpu = CpuBackend::new();
    let len = 100_000;
    let view = View::contiguous(&[len]);
    let square = |arg: usize| {
        let mut body = Builder::default();
        let x = body.load(arg, F32, view.clone());
        body.op(Mul, &[x, x]);
        kernel(KernelKind::Map, &[len], &[], &[F32], body.done(), 0)
    };
    let mut plan = plan(&square(0), &[len]);
    plan.temporaries.push(BufferSpec { dtype: F32, len });
    plan.launches = vec![
        Launch { kernel: 0, buffers: vec![BufferRef::Input(0), BufferRef::Temporary(0)], scalars: vec![] },
        Launch { kernel: 0, buffers: vec![BufferRef::Temporary(0), BufferRef::Output(0)], scalars: vec![] },
    ];
    let program = cpu.compile(Arc::new(plan)).unwrap();
    let mut x = cpu.upload(F32, &to_bytes(F32, &vec![-1.0; len])).unwrap();
    x = program.run(&mut vec![x], &[], &[]).unwrap().outputs.remove(0);
    let peak = cpu.memory().peak_bytes;
    for _ in 0..5 {
        x = program.run(&mut vec![x], &[], &[]).unwrap().outputs.remove(0);
    }
    assert_eq!(floats(&x), vec![1.0; len]);
    assert_eq!(cpu.memory().peak_bytes, peak);
    drop((x, program));
    assert_eq!(cpu.memory().live_bytes, 0);
}

#[test]
fn every_dtype_is_held() {
    let cpu = CpuBackend::new();
    for dtype in DType::ALL {
        let bytes: Vec<u8> = (0..3 * dtype.size()).map(|i| (i % 2) as u8).collect();
        let storage = cpu.upload(dtype, &bytes).unwrap();
        assert_eq!((storage.dtype(), storage.len()), (dtype, 3));
        assert_eq!(cpu.download(&storage).unwrap(), bytes);
    }
    assert!(cpu.upload(DType::F64, &[0; 7]).is_err());
    assert!(cpu.info().features.iter().any(|feature| feature.contains("threads")));
}
