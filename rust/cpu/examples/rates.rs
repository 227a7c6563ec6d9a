//! Rates of the backend's kernels beside what bounds them: `cargo run --release -p rutile-cpu --example rates`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::Arc;
use std::time::Instant;

use common::{Builder, kernel, plan, store};
use rutile_core::backend::Backend;
use rutile_core::dtype::DType::F32;
use rutile_core::elementwise::Elementwise::{self, *};
use rutile_core::kernel::{Fold, Kernel, KernelKind, Role};
use rutile_core::view::{Affine, View, Walk};
use rutile_cpu::CpuBackend;

fn main() {
    let cpu = CpuBackend::new();
    println!("{} {:?}", cpu.info().name, cpu.info().features);
    for (m, n, k) in [(1024, 1024, 1024), (512, 128, 784), (32, 64, 64), (32, 10, 64), (1, 4096, 4096)] {
        let seconds = time(&cpu, &product(m, n, k, false), &[m * k, k * n]);
        let fused = time(&cpu, &product(m, n, k, true), &[m * k, k * n]);
        let alone = time_gemm(m, n, k);
        let rate = |s: f64| 2.0 * (m * n * k) as f64 / s / 1e9;
        println!(
            "product {m}x{n}x{k}: {:.1} GFLOP/s ({:.1} us), with relu {:.1}, gemm alone {:.1} ({:.1} us)",
            rate(seconds),
            seconds * 1e6,
            rate(fused),
            rate(alone),
            alone * 1e6
        );
    }
    let count = 10_000_000;
    for (name, ops) in [
        ("copy", &[][..]),
        ("10 additions and products", &[Add, Mul, Add, Mul, Add, Mul, Add, Mul, Add, Mul]),
        ("exp", &[Exp]),
        ("log", &[Log]),
        ("tanh", &[Tanh]),
        ("erf", &[Erf]),
        ("sin", &[Sin]),
        ("relu", &[Relu]),
    ] {
        let seconds = time(&cpu, &chain(count, ops), &[count]);
        println!("map {name}: {:.2} ms, {:.2} G elements/s", seconds * 1e3, count as f64 / seconds / 1e9);
    }
    let mut target = vec![0f32; count];
    let source = vec![1f32; count];
    let seconds = best(|| std::hint::black_box(&mut target).copy_from_slice(std::hint::black_box(&source)));
    println!("memcpy on one thread: {:.2} ms", seconds * 1e3);
    for (name, rows, columns, over_rows, fold) in [
        ("sum over all", 1, count, false, Fold::Sum),
        ("sum over rows of 1000", 10_000, 1000, false, Fold::Sum),
        ("max over rows of 10", 1_000_000, 10, false, Fold::Max),
        ("sum over columns of 10000", 10_000, 1000, true, Fold::Sum),
        ("max over columns of 10000", 10_000, 1000, true, Fold::Max),
        ("sum over columns of 128, 10 wide", 128, 10, true, Fold::Sum),
    ] {
        let seconds = time(&cpu, &reduction(rows, columns, over_rows, fold), &[rows * columns]);
        println!("reduce {name}: {:.3} ms, {:.2} G elements/s", seconds * 1e3, (rows * columns) as f64 / seconds / 1e9);
    }
    let seconds = time(&cpu, &transposition(2048), &[2048 * 2048]);
    println!("transposed copy of 2048x2048: {:.2} ms", seconds * 1e3);
    for (batch, from, to, size) in [(64, 32, 64, 28), (16, 64, 64, 32), (16, 512, 512, 4)] {
        let lengths = [to * from * 9, batch * from * size * size];
        let seconds = time(&cpu, &convolution(batch, from, to, size), &lengths);
        let rate = 2.0 * (batch * from * to * size * size * 9) as f64 / seconds / 1e9;
        println!("convolution {batch}x{from}x{size}x{size} to {to}: {:.2} ms, {rate:.1} GFLOP/s", seconds * 1e3);
    }
}

/// Seconds of the fastest of several runs.
fn best(mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut(), repeats: usize| {
        let start = Instant::now();
        (0..repeats).for_each(|_| run());
        start.elapsed().as_secs_f64() / repeats as f64
    };
    let first = once(&mut run, 2);
    let repeats = (0.02 / first).clamp(1.0, 10_000.0) as usize;
    (0..9).map(|_| once(&mut run, repeats)).fold(f64::INFINITY, f64::min)
}

fn time(cpu: &CpuBackend, kernel: &Kernel, lengths: &[usize]) -> f64 {
    let program = cpu.compile(Arc::new(plan(kernel, lengths))).expect("a valid plan");
    let upload = |&len: &usize| {
        let bytes: Vec<u8> = (0..len).flat_map(|i| (((i * 37) % 101) as f32 / 101.0).to_ne_bytes()).collect();
        cpu.upload(F32, &bytes).expect("memory")
    };
    let inputs: Vec<_> = lengths.iter().map(upload).collect();
    best(|| drop(program.run(&mut inputs.clone(), &[], &[]).expect("a run")))
}

fn time_gemm(m: usize, n: usize, k: usize) -> f64 {
    let (a, b, mut c) = (vec![0.5f32; m * k], vec![0.5f32; k * n], vec![0f32; m * n]);
    let threads = gemm::Parallelism::Rayon(rayon::current_num_threads());
    // SAFETY: the matrices have these sizes and strides.
    best(|| unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            n as isize,
            false,
            a.as_ptr(),
            1,
            k as isize,
            b.as_ptr(),
            1,
            n as isize,
            0.0,
            1.0,
            false,
            false,
            false,
            threads,
        )
    })
}

fn product(m: usize, n: usize, k: usize, relu: bool) -> Kernel {
    let factor = |arg: usize, source: [usize; 3], axes: [usize; 3]| {
        let mut walk = Walk::start(&[m, n, k]);
        walk.expand(&source);
        walk.permute(&axes);
        let mut load = Builder::default();
        let x = load.load(arg, F32, walk.finish());
        load.result(x)
    };
    let left = factor(0, [m, 1, k], [0, 1, 2]);
    let right = factor(1, [1, n, k], [0, 2, 1]);
    let mut body = Builder::default();
    let sum = body.accumulator(0, F32);
    if relu {
        body.op(Relu, &[sum]);
    }
    let kind = KernelKind::Contract { left, right, roles: vec![Role::Left, Role::Right] };
    kernel(kind, &[m, n], &[k], &[F32, F32], body.done(), 0)
}

fn chain(count: usize, ops: &[Elementwise]) -> Kernel {
    let mut body = Builder::default();
    let mut x = body.load(0, F32, View::contiguous(&[count]));
    let constant = body.constant(0.5);
    for &op in ops {
        x = if op.row().arity == 1 { body.op(op, &[x]) } else { body.op(op, &[x, constant]) };
    }
    if ops.is_empty() {
        body = Builder::default();
        body.load(0, F32, View::contiguous(&[count]));
    }
    kernel(KernelKind::Map, &[count], &[], &[F32], body.done(), 0)
}

fn reduction(rows: usize, columns: usize, over_rows: bool, fold: Fold) -> Kernel {
    let (out, reduced) = if over_rows { (columns, rows) } else { (rows, columns) };
    let mut walk = Walk::start(&[out, reduced]);
    if over_rows {
        walk.permute(&[1, 0]);
    }
    let mut load = Builder::default();
    let x = load.load(0, F32, walk.finish());
    let kind = KernelKind::Reduce { load: load.result(x), folds: vec![fold] };
    kernel(kind, &[out], &[reduced], &[F32], store(F32), 0)
}

fn transposition(size: usize) -> Kernel {
    let mut walk = Walk::start(&[size, size]);
    walk.permute(&[1, 0]);
    let mut body = Builder::default();
    body.load(0, F32, walk.finish());
    kernel(KernelKind::Map, &[size, size], &[], &[F32], body.done(), 0)
}

/// A 3x3 convolution with padding 1.
fn convolution(batch: usize, from: usize, to: usize, size: usize) -> Kernel {
    let out = [batch, to, size, size];
    let all = [batch, to, size, size, from, 3, 3];
    let mut weights = Walk::start(&all);
    weights.permute(&[4, 0, 5, 6, 1, 2, 3]);
    weights.expand(&[to, from, 3, 3, 1, 1, 1]);
    let mut windows = Walk::start(&all);
    let along =
        |axis: usize, with: usize| Affine { axis, size, scale: 1, offset: -1, divisor: 1, with: Some((with, 1)) };
    windows.affine(&along(2, 5), size);
    windows.affine(&along(3, 6), size);
    windows.expand(&[batch, 1, size, size, from, 1, 1]);
    windows.permute(&[0, 4, 2, 3, 1, 5, 6]);
    let factor = |arg: usize, walk: Walk| {
        let mut load = Builder::default();
        let x = load.load(arg, F32, walk.finish());
        load.result(x)
    };
    let roles = vec![Role::Right, Role::Left, Role::Right, Role::Right];
    let kind = KernelKind::Contract { left: factor(0, weights), right: factor(1, windows), roles };
    kernel(kind, &out, &[from, 3, 3], &[F32, F32], store(F32), 0)
}
