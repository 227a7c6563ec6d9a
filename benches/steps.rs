//! Whole training steps with AdamW on the CPU, without Python.

mod common;

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use rutile_core::compose::{self, CrossEntropy, Reduction};
use rutile_core::dtype::{DType, Scalar};
use rutile_core::tensor::set_grad_enabled;
use rutile_core::variable::Variable;
use rutile_core::{Backward, Device, Result, Tensor, backward, eval};

/// A parameter with its moments.
struct Parameter {
    value: Tensor,
    mean: Tensor,
    square: Tensor,
}

impl Parameter {
    fn new(shape: &[usize], device: &Device) -> Result<Parameter> {
        let scale = 1.0 / shape[shape.len() - 1] as f64;
        let value = (common::numbers(shape, device) * scale).as_variable(Arc::new(Variable::default()))?;
        let zeros = || Tensor::full(shape, Scalar::float(0.0, DType::F32), device);
        let parameter = Parameter { value, mean: zeros()?, square: zeros()? };
        eval(&[parameter.value.clone(), parameter.mean.clone(), parameter.square.clone()])?;
        Ok(parameter)
    }

    /// One AdamW update; `corrections` are 1 / (1 - beta^step), as numbers that may change.
    fn update(&mut self, corrections: &[Tensor; 2]) -> Result<()> {
        let variable = self.value.variable().expect("a leaf").clone();
        let grad = variable.grad().expect("after backward");
        variable.set_grad(None);
        self.mean = &self.mean * 0.9 + &grad * 0.1;
        self.square = &self.square * 0.999 + &(&grad * &grad) * 0.001;
        let root = (&self.square * &corrections[1]).sqrt() + 1e-8;
        let step = &self.mean * &corrections[0] / root * 1e-3;
        self.value = (&self.value * (1.0 - 1e-5) - step).as_variable(variable)?;
        Ok(())
    }
}

/// Linear layers with ReLU between them.
struct Network {
    layers: Vec<[Parameter; 2]>,
    x: Tensor,
    y: Tensor,
    steps: i32,
}

impl Network {
    fn new(widths: &[usize], rows: usize, device: &Device) -> Result<Network> {
        let layer =
            |pair: &[usize]| Ok([Parameter::new(&[pair[1], pair[0]], device)?, Parameter::new(&[pair[1]], device)?]);
        let layers = widths.windows(2).map(layer).collect::<Result<_>>()?;
        let labels: Vec<u8> = (0..rows as i32).flat_map(|row| (row % 10).to_ne_bytes()).collect();
        let y = Tensor::from_bytes(&labels, &[rows], DType::I32, device)?;
        Ok(Network { layers, x: common::numbers(&[rows, widths[0]], device), y, steps: 0 })
    }

    fn loss(&self) -> Result<Tensor> {
        let mut x = self.x.clone();
        for (index, [weight, bias]) in self.layers.iter().enumerate() {
            x = compose::linear(&x, &weight.value, Some(&bias.value))?;
            x = if index + 1 < self.layers.len() { x.relu() } else { x };
        }
        let options =
            CrossEntropy { weight: None, ignore_index: -100, reduction: Reduction::Mean, label_smoothing: 0.0 };
        compose::cross_entropy(&x, &self.y, &options)
    }

    fn step(&mut self) -> Result<Tensor> {
        let loss = self.loss()?;
        backward(std::slice::from_ref(&loss), &[None], Backward::default())?;
        let former = set_grad_enabled(false);
        self.steps += 1;
        let corrections = [0.9f64, 0.999].map(|beta| {
            let factor = 1.0 / (1.0 - beta.powi(self.steps));
            Tensor::scalar(Scalar::float(factor, DType::F32), loss.device())
        });
        let mut results = vec![loss.clone()];
        for parameter in self.layers.iter_mut().flatten() {
            parameter.update(&corrections)?;
            results.extend([&parameter.value, &parameter.mean, &parameter.square].map(Tensor::clone));
        }
        set_grad_enabled(former);
        eval(&results)?;
        Ok(loss)
    }
}

fn steps(criterion: &mut Criterion) {
    let workloads: [(&str, &[usize], usize); 2] = [("tiny-mlp", &[64, 32, 10], 32), ("mlp", &[784, 512, 512, 10], 128)];
    for (name, widths, rows) in workloads {
        for device in [common::cpu(), Device::null()] {
            let mut network = Network::new(widths, rows, &device).expect("a network");
            (0..3).for_each(|_| drop(network.step().expect("a step")));
            device.reset_stats();
            criterion.bench_function(&format!("step of {name} on {}", device.id()), |b| b.iter(|| network.step()));
            assert_eq!(device.stats().plans_built, 0, "a step builds no plan");
        }
    }
}

criterion_group! { name = benches; config = common::settings(); targets = steps }
criterion_main!(benches);
