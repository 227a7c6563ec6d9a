//! Kernels on the CPU, each through a graph that is built anew, beside what bounds them.

mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rutile_core::kernel::Fold;
use rutile_core::{Tensor, compose};

fn evaluate(tensor: Tensor) {
    rutile_core::eval(&[tensor]).expect("a run");
}

fn products(criterion: &mut Criterion) {
    let device = common::cpu();
    let mut group = criterion.benchmark_group("matmul");
    for (m, n, k) in [(256, 256, 256), (1024, 1024, 1024), (128, 512, 784), (32, 32, 64)] {
        let (a, b) = (common::numbers(&[m, k], &device), common::numbers(&[k, n], &device));
        // An element is one multiplication and one addition.
        group.throughput(Throughput::Elements((m * n * k) as u64));
        group.bench_function(format!("{m}x{n}x{k}"), |bench| bench.iter(|| evaluate(a.matmul(&b).expect("a product"))));
    }
    group.finish();
}

fn maps(criterion: &mut Criterion) {
    const COUNT: usize = 10_000_000;
    let device = common::cpu();
    let x = common::numbers(&[COUNT], &device);
    let mut group = criterion.benchmark_group("map of 1e7");
    group.throughput(Throughput::Bytes(8 * COUNT as u64));
    let source = vec![1f32; COUNT];
    let mut target = vec![0f32; COUNT];
    group.bench_function("memcpy on one thread", |b| b.iter(|| target.copy_from_slice(std::hint::black_box(&source))));
    group.bench_function("1 op", |b| b.iter(|| evaluate(&x + 0.5)));
    group.bench_function("10 ops", |b| b.iter(|| evaluate((0..5).fold(x.clone(), |y, _| (&y + 0.5) * 0.9))));
    group.bench_function("exp", |b| b.iter(|| evaluate(x.exp())));
    group.bench_function("tanh", |b| b.iter(|| evaluate(x.tanh())));
    group.finish();
}

fn rows(criterion: &mut Criterion) {
    let device = common::cpu();
    let mut group = criterion.benchmark_group("rows");
    for (rows, columns) in [(10_000, 1_000), (128, 10)] {
        let x = common::numbers(&[rows, columns], &device);
        group.throughput(Throughput::Bytes(4 * (rows * columns) as u64));
        let name = |what: &str| format!("{what} of {rows}x{columns}");
        let sum = |axes: Option<&[i64]>| evaluate(x.reduce(Fold::Sum, axes, false).expect("a sum"));
        group.bench_function(name("sum"), |b| b.iter(|| sum(None)));
        group.bench_function(name("sum along rows"), |b| b.iter(|| sum(Some(&[1]))));
        group.bench_function(name("sum along columns"), |b| b.iter(|| sum(Some(&[0]))));
        let greatest = || evaluate(x.reduce(Fold::ArgMax, Some(&[1]), false).expect("an index"));
        group.bench_function(name("argmax along rows"), |b| b.iter(greatest));
        group.bench_function(name("softmax"), |b| b.iter(|| evaluate(compose::softmax(&x, 1).expect("a softmax"))));
    }
    group.finish();
}

criterion_group! { name = benches; config = common::settings(); targets = products, maps, rows }
criterion_main!(benches);
