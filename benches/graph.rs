//! Cost of the engine around the kernels: nodes, gradients, finding a plan again, making one.
//! On the null backend, which computes nothing, but where a bench names the CPU.

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rutile_core::dtype::{DType, Scalar};
use rutile_core::kernel::Fold;
use rutile_core::variable::Variable;
use rutile_core::{Device, Tensor, compose, gradients};

fn nodes(criterion: &mut Criterion) {
    let device = Device::null();
    let (x, y) = (common::numbers(&[64, 64], &device), common::numbers(&[64, 64], &device));
    let row = common::numbers(&[64], &device);
    let mut group = criterion.benchmark_group("node");
    group.bench_function("binary", |b| b.iter(|| black_box(&x + &y)));
    group.bench_function("binary, broadcast", |b| b.iter(|| black_box(&x + &row)));
    group.bench_function("binary, scalar", |b| b.iter(|| black_box(&x * 2.0)));
    group.bench_function("unary", |b| b.iter(|| black_box(x.exp())));
    group.bench_function("cast", |b| b.iter(|| black_box(x.cast(DType::I32))));
    group.bench_function("reshape", |b| b.iter(|| black_box(x.reshape(&[16, -1]))));
    group.bench_function("transpose", |b| b.iter(|| black_box(x.transpose(0, 1))));
    group.bench_function("slice", |b| b.iter(|| black_box(x.slice(0, 1, 2, 16))));
    group.bench_function("sum", |b| b.iter(|| black_box(x.reduce(Fold::Sum, Some(&[1]), false))));
    group.bench_function("matmul", |b| b.iter(|| black_box(x.matmul(&y))));
    group.bench_function("softmax", |b| b.iter(|| black_box(compose::softmax(&x, 1))));
    group.finish();
}

/// 20 ops after one another, from a leaf that asks for its gradient.
fn chain(x: &Tensor) -> Tensor {
    (0..10).fold(x.clone(), |y, _| (&y * 1.01).tanh())
}

fn plans(criterion: &mut Criterion) {
    let device = Device::null();
    let leaf = common::numbers(&[64, 64], &device).as_variable(Variable::default().into()).expect("a float tensor");
    rutile_core::eval(std::slice::from_ref(&leaf)).expect("a run");
    let mut group = criterion.benchmark_group("plan");
    group.bench_function("20 nodes", |b| b.iter(|| black_box(chain(&leaf))));
    group.bench_function("20 nodes and their gradients", |b| {
        b.iter(|| {
            let loss = chain(&leaf).reduce(Fold::Sum, None, false).expect("a sum");
            black_box(gradients(&[loss], &[None], std::slice::from_ref(&leaf)))
        })
    });
    group.bench_function("20 nodes, known plan", |b| b.iter(|| rutile_core::eval(&[chain(&leaf)]).expect("a run")));
    let one = common::numbers(&[1], &common::cpu());
    group.bench_function("20 nodes of one element, known plan, CPU", |b| {
        b.iter(|| rutile_core::eval(&[chain(&one)]).expect("a run"))
    });
    group.bench_function("20 nodes, known plan, other numbers", |b| {
        let mut number = 0.0;
        b.iter(|| {
            number += 1.0;
            let scalar = Tensor::scalar(Scalar::float(number, DType::F32), &device);
            rutile_core::eval(&[&chain(&leaf) * &scalar]).expect("a run")
        })
    });
    group.bench_function("20 nodes, new plan", |b| {
        // Of a size not seen before, so that no plan is known.
        let mut size = 0;
        b.iter(|| {
            size += 1;
            let x = Tensor::full(&[size], Scalar::float(1.0, DType::F32), &device).expect("a tensor");
            rutile_core::eval(&[chain(&x)]).expect("a run")
        })
    });
    group.finish();
    assert_eq!(device.stats().readbacks, 0);
}

criterion_group! { name = benches; config = common::settings(); targets = nodes, plans }
criterion_main!(benches);
