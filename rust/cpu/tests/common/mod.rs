//! Kernels by hand, and the plan format read literally: one element at a time, in float64.

// Each test file uses a part of it.
#![allow(dead_code)]

use std::sync::Arc;

use rutile_core::backend::{Backend, Storage};
use rutile_core::dtype::{DType, Scalar};
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::*;
use rutile_core::shape::numel;
use rutile_core::view::View;

/// Builds a block; values are numbered in the order of the calls.
#[derive(Default)]
pub struct Builder(pub Block);

impl Builder {
    fn push(&mut self, dtype: DType, value: Value) -> usize {
        self.0.code.push(Instruction { dtype, value });
        self.0.code.len() - 1
    }
    pub fn load(&mut self, arg: usize, dtype: DType, view: View) -> usize {
        self.push(dtype, Value::Load { arg, view })
    }
    pub fn index(&mut self, view: View) -> usize {
        self.push(DType::I32, Value::Index { view })
    }
    pub fn valid(&mut self, view: View) -> usize {
        self.push(DType::Bool, Value::Valid { view })
    }
    pub fn constant(&mut self, value: f64) -> usize {
        self.push(DType::F32, Value::Constant(Scalar::float(value, DType::F32)))
    }
    pub fn scalar(&mut self, n: usize) -> usize {
        self.push(DType::F32, Value::Scalar(n))
    }
    pub fn accumulator(&mut self, n: usize, dtype: DType) -> usize {
        self.push(dtype, Value::Accumulator(n))
    }
    pub fn cast(&mut self, value: usize, dtype: DType) -> usize {
        self.push(dtype, Value::Cast(value))
    }
    pub fn op(&mut self, op: Elementwise, operands: &[usize]) -> usize {
        let last = self.0.code[*operands.last().unwrap()].dtype;
        let dtype = if op.row().bool_result { DType::Bool } else { last };
        self.push(dtype, Value::Elementwise { op, operands: operands.to_vec() })
    }
    pub fn result(mut self, value: usize) -> Block {
        self.0.results.push(value);
        self.0
    }
    pub fn done(self) -> Block {
        self.0
    }
}

/// A kernel whose last argument is its output, of the body's last value.
pub fn kernel(
    kind: KernelKind,
    out: &[usize],
    reduced: &[usize],
    inputs: &[DType],
    body: Block,
    scalars: usize,
) -> Kernel {
    let dtype = body.code.last().unwrap().dtype;
    let mut args: Vec<Arg> = inputs.iter().map(|&dtype| Arg { dtype, access: Access::Read }).collect();
    args.push(Arg { dtype, access: Access::Write });
    let stores = vec![Store { arg: inputs.len(), value: body.code.len() - 1 }];
    Kernel { kind, out: out.into(), reduced: reduced.into(), args, scalars: vec![DType::F32; scalars], body, stores }
}

/// A body that stores accumulator 0.
pub fn store(dtype: DType) -> Block {
    let mut body = Builder::default();
    body.accumulator(0, dtype);
    body.done()
}

/// Whole numbers of both signs, exact in float32, with no small period.
pub fn values(dtype: DType, len: usize, seed: usize) -> Vec<f64> {
    let number = |i: usize| ((i * 7919 + seed * 104_729 + (i * i) % 31) % 23) as f64 - 11.0;
    let convert = |x: f64| match dtype {
        DType::Bool => (x > 0.0) as u8 as f64,
        DType::U32 => x.abs(),
        DType::F32 => x / 4.0,
        _ => x,
    };
    (0..len).map(number).map(convert).collect()
}

pub fn to_bytes(dtype: DType, values: &[f64]) -> Vec<u8> {
    let bytes = |&x: &f64| match dtype {
        DType::Bool => vec![x as u8],
        DType::I32 => (x as i32).to_ne_bytes().to_vec(),
        DType::U32 => (x as u32).to_ne_bytes().to_vec(),
        _ => (x as f32).to_ne_bytes().to_vec(),
    };
    values.iter().flat_map(bytes).collect()
}

pub fn from_bytes(dtype: DType, bytes: &[u8]) -> Vec<f64> {
    let word = |b: &[u8]| -> [u8; 4] { b.try_into().unwrap() };
    match dtype {
        DType::Bool => bytes.iter().map(|&b| b as f64).collect(),
        DType::I32 => bytes.chunks(4).map(|b| i32::from_ne_bytes(word(b)) as f64).collect(),
        DType::U32 => bytes.chunks(4).map(|b| u32::from_ne_bytes(word(b)) as f64).collect(),
        _ => bytes.chunks(4).map(|b| f32::from_ne_bytes(word(b)) as f64).collect(),
    }
}

/// A plan of one launch of a kernel.
pub fn plan(kernel: &Kernel, lengths: &[usize]) -> Plan {
    let inputs = lengths.len();
    let spec = |arg: usize, len: usize| BufferSpec { dtype: kernel.args[arg].dtype, len };
    let output = OutputSpec { buffer: spec(inputs, numel(&kernel.out)), reuses: None };
    let mut buffers: Vec<BufferRef> = (0..inputs).map(BufferRef::Input).collect();
    buffers.push(BufferRef::Output(0));
    Plan {
        inputs: lengths.iter().enumerate().map(|(arg, &len)| spec(arg, len)).collect(),
        outputs: vec![output],
        temporaries: vec![],
        scalars: kernel.scalars.clone(),
        kernels: vec![kernel.clone()],
        launches: vec![Launch { kernel: 0, buffers, scalars: (0..kernel.scalars.len()).collect() }],
        checks: vec![],
    }
}

pub fn run(backend: &dyn Backend, kernel: &Kernel, inputs: &[Vec<f64>], scalars: &[f32]) -> Vec<f64> {
    let lengths: Vec<usize> = inputs.iter().map(Vec::len).collect();
    let upload = |(arg, values): (usize, &Vec<f64>)| {
        let dtype = kernel.args[arg].dtype;
        backend.upload(dtype, &to_bytes(dtype, values)).unwrap()
    };
    let mut storages: Vec<Storage> = inputs.iter().enumerate().map(upload).collect();
    let words: Vec<u64> = scalars.iter().map(|x| x.to_bits() as u64).collect();
    let program = backend.compile(Arc::new(plan(kernel, &lengths))).unwrap();
    let ran = program.run(&mut storages, &words, &[0]).unwrap();
    assert_eq!(ran.outputs[0].host_bytes().unwrap(), ran.read[0]);
    from_bytes(kernel.args[inputs.len()].dtype, &ran.read[0])
}

/// What the plan format says the kernel computes.
pub fn expected(kernel: &Kernel, inputs: &[Vec<f64>], scalars: &[f32]) -> Vec<f64> {
    let reduced = numel(&kernel.reduced);
    let space: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
    let result = |linear: usize| {
        let full = |position: usize| unravel(linear * reduced + position, &space);
        let one = |block: &Block, position: usize| {
            let all = evaluate(block, &full(position), inputs, scalars, &[]);
            block.results.iter().map(|&r| all[r]).collect::<Vec<f64>>()
        };
        let accumulators = match &kernel.kind {
            KernelKind::Map => vec![],
            KernelKind::Contract { left, right, .. } => {
                vec![(0..reduced).map(|k| one(left, k)[0] * one(right, k)[0]).sum()]
            }
            KernelKind::Reduce { load, folds } => {
                let elements: Vec<Vec<f64>> = (0..reduced).map(|k| one(load, k)).collect();
                let column = |n: usize| elements.iter().map(|e| e[n]).collect::<Vec<f64>>();
                folds.iter().enumerate().map(|(n, &f)| fold(f, &column(n))).collect()
            }
            _ => unreachable!("checked from tensors"),
        };
        let all = evaluate(&kernel.body, &unravel(linear, &kernel.out), inputs, scalars, &accumulators);
        all[kernel.stores[0].value]
    };
    (0..numel(&kernel.out)).map(result).collect()
}

/// Runs and compares, with a tolerance relative to the largest value.
pub fn check(backend: &dyn Backend, kernel: &Kernel, lengths: &[usize], scalars: &[f32], tolerance: f64) {
    let inputs: Vec<Vec<f64>> =
        lengths.iter().enumerate().map(|(arg, &len)| values(kernel.args[arg].dtype, len, arg)).collect();
    let got = run(backend, kernel, &inputs, scalars);
    let want = expected(kernel, &inputs, scalars);
    assert_eq!(got.len(), want.len());
    let scale = want.iter().filter(|x| x.is_finite()).fold(1.0, |m: f64, x| m.max(x.abs()));
    for (i, (g, w)) in got.iter().zip(&want).enumerate() {
        let near = (g - w).abs() <= tolerance * scale || g == w || (g.is_nan() && w.is_nan());
        assert!(near, "element {i}: got {g}, expected {w}\n{kernel:?}");
    }
}

fn unravel(linear: usize, shape: &[usize]) -> Vec<usize> {
    let mut rest = linear;
    let mut index = vec![0; shape.len()];
    for axis in (0..shape.len()).rev() {
        index[axis] = rest % shape[axis];
        rest /= shape[axis];
    }
    index
}

fn fold(fold: Fold, elements: &[f64]) -> f64 {
    let best = |better: fn(f64, f64) -> bool| {
        let pick = |best: usize, i: usize| if better(elements[i], elements[best]) { i } else { best };
        (1..elements.len()).fold(0, pick)
    };
    match fold {
        Fold::Sum => elements.iter().sum(),
        Fold::Product => elements.iter().product(),
        Fold::Max => elements.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Fold::Min => elements.iter().copied().fold(f64::INFINITY, f64::min),
        Fold::ArgMax => best(|a, b| a > b) as f64,
        Fold::ArgMin => best(|a, b| a < b) as f64,
    }
}

fn evaluate(block: &Block, index: &[usize], inputs: &[Vec<f64>], scalars: &[f32], accumulators: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = Vec::new();
    for instruction in &block.code {
        let value = match &instruction.value {
            Value::Load { arg, view } => view.address(index).map_or(0.0, |address| inputs[*arg][address]),
            Value::Gather { arg, view, position, stride, bound } => {
                let position = values[*position] as i64;
                let place = view.address(index).filter(|_| (0..*bound).contains(&position));
                place.map_or(0.0, |address| inputs[*arg][(address as i64 + position * stride) as usize])
            }
            Value::Index { view } => view.address(index).unwrap_or(0) as f64,
            Value::Valid { view } => view.address(index).is_some() as u8 as f64,
            Value::Scalar(n) => scalars[*n] as f64,
            Value::Constant(scalar) => scalar.as_f64(),
            Value::Accumulator(n) => accumulators[*n],
            Value::Check { operand, .. } => values[*operand],
            Value::Cast(operand) => match instruction.dtype {
                DType::Bool => (values[*operand] != 0.0) as u8 as f64,
                DType::F32 => values[*operand],
                _ => values[*operand].trunc(),
            },
            Value::Elementwise { op, operands } => {
                let a: Vec<f64> = operands.iter().map(|&o| values[o]).collect();
                match op {
                    Elementwise::Add => a[0] + a[1],
                    Elementwise::Sub => a[0] - a[1],
                    Elementwise::Mul => a[0] * a[1],
                    Elementwise::Relu => a[0].max(0.0),
                    Elementwise::Exp => a[0].exp(),
                    Elementwise::Log => a[0].ln(),
                    Elementwise::Tanh => a[0].tanh(),
                    Elementwise::Abs => a[0].abs(),
                    Elementwise::Maximum => a[0].max(a[1]),
                    Elementwise::Less => (a[0] < a[1]) as u8 as f64,
                    Elementwise::Where => {
                        if a[0] != 0.0 {
                            a[1]
                        } else {
                            a[2]
                        }
                    }
                    _ => unreachable!("not used by these tests"),
                }
            }
        };
        values.push(value);
    }
    values
}
