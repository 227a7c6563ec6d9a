//! Random graphs: every plan is sound, fused or not, and fusing changes no bit.

mod common;

use common::{Choice, bits, build, check_plan, reference, rematerializing};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rutile_core::kernel::{BufferSpec, Plan};
use rutile_core::{Backward, Device, Tensor, backward, eval};

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    proptest::collection::vec(any::<Choice>(), 1..60)
}

/// Evaluates tensors after checking their plan.
fn checked(tensors: &[Tensor], max_buffers: usize) {
    if tensors.iter().any(|tensor| tensor.storage().is_none()) {
        check_plan(&Tensor::explain(tensors).unwrap(), max_buffers);
    }
    eval(tensors).unwrap();
}

fn results(choices: &[Choice], max_buffers: usize, fuse: bool) -> Vec<Vec<u32>> {
    let device = reference(max_buffers, fuse);
    let held = build(choices, &device, |tensors| checked(tensors, max_buffers));
    checked(&held, max_buffers);
    held.iter().map(bits).collect()
}

/// Gradients of the sum of all tensors held at the end, with respect to scaled leaves; some values are read before.
fn gradients(choices: &[Choice], max_buffers: usize, fuse: bool, read_first: bool) -> Vec<Vec<u32>> {
    let device = reference(max_buffers, fuse);
    let leaf = |shape: &[usize]| {
        let values: Vec<f32> = (0..shape.iter().product()).map(|i| (i as f32 * 0.7).cos()).collect();
        let value = Tensor::from_slice(&values, shape, &device).unwrap();
        value.as_variable(Default::default()).unwrap()
    };
    let scales = [leaf(&[]), leaf(&[4])];
    let held = build(choices, &device, |tensors| checked(tensors, max_buffers));
    let mut loss = &scales[0] * &scales[0];
    for tensor in held {
        let ends_in_four = tensor.shape().last() == Some(&4);
        let product = &tensor * if ends_in_four { &scales[1] } else { &scales[0] };
        loss = loss + &product.tanh().reduce(rutile_core::kernel::Fold::Sum, None, false).unwrap();
    }
    if read_first {
        checked(std::slice::from_ref(&loss), max_buffers);
    }
    backward(&[loss], &[None], Backward::default()).unwrap();
    let grads: Vec<Tensor> = scales.iter().filter_map(|scale| scale.variable().unwrap().grad()).collect();
    checked(&grads, max_buffers);
    grads.iter().map(bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(0), ..ProptestConfig::default() })]

    #[test]
    fn fusing_changes_no_bit(choices in choices(), max_buffers in 5usize..9) {
        prop_assert_eq!(results(&choices, max_buffers, true), results(&choices, max_buffers, false));
    }

    #[test]
    fn gradients_do_not_depend_on_fusing_nor_on_earlier_reads(choices in choices(), max_buffers in 5usize..9) {
        let plain = gradients(&choices, max_buffers, false, false);
        prop_assert_eq!(&gradients(&choices, max_buffers, true, false), &plain);
        prop_assert_eq!(&gradients(&choices, max_buffers, true, true), &plain);
    }

    #[test]
    fn plans_for_the_null_device_are_sound_and_survive_json(choices in choices()) {
        let device = Device::null();
        let held = build(&choices, &device, |tensors| checked(tensors, 8));
        if held.iter().any(|tensor| tensor.storage().is_none()) {
            let plan = Tensor::explain(&held).unwrap();
            check_plan(&plan, 16);
            let text = plan.to_json();
            let back: Plan = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(back.to_json(), text);
        }
    }
}

#[test]
fn values_that_many_kernels_share_keep_to_the_devices_buffers() {
    for max_buffers in [5, 8] {
        let device = reference(max_buffers, true);
        let x = Tensor::from_slice(&[0.1, 0.2, 0.3, 0.4], &[4], &device).unwrap();
        let parts: Vec<Tensor> = (1..12).map(|k| (&x * k as f64).sin()).collect();
        let product = parts.iter().skip(1).fold(parts[0].clone(), |product, part| &product * part);
        let mut wanted: Vec<Tensor> = parts.iter().map(|part| part.sum_keep(&[0])).collect();
        wanted.push(product);
        checked(&wanted, max_buffers);
    }
}

#[test]
fn a_chain_with_many_shared_operands_is_broken_where_the_buffers_end() {
    for max_buffers in [5, 8] {
        let device = reference(max_buffers, true);
        let x = Tensor::from_slice(&[0.5; 16], &[4, 4], &device).unwrap();
        let masks: Vec<Tensor> = (1..10)
            .map(|k| (Tensor::iota(16, &device).cast(rutile_core::DType::F32).unwrap() * k as f64).sin())
            .collect();
        let mut y = x.matmul(&x).unwrap();
        let mut wanted = Vec::new();
        for mask in &masks {
            let mask = mask.reshape(&[4, 4]).unwrap();
            y = &y * &mask;
            wanted.push(mask.sum_keep(&[1]));
        }
        wanted.push(y);
        checked(&wanted, max_buffers);
    }
}

/// Bytes of a gradient's temporaries, and the gradients, where layers widen a batch and narrow it again.
fn step_of_layers(depth: usize, rematerialized: usize) -> (usize, Vec<Vec<u32>>) {
    let device = rematerializing(8, rematerialized);
    let leaf = |shape: &[usize]| {
        let values: Vec<f32> = (0..shape.iter().product()).map(|i| (i as f32 * 0.7).cos()).collect();
        Tensor::from_slice(&values, shape, &device).unwrap()
    };
    let weight = |shape: &[usize]| leaf(shape).as_variable(Default::default()).unwrap();
    let weights: Vec<[Tensor; 2]> = (0..depth).map(|_| [weight(&[2, 64]), weight(&[64, 2])]).collect();
    let mut x = leaf(&[16, 2]);
    for [widen, narrow] in &weights {
        x = &x + &x.matmul(widen).unwrap().sin().matmul(narrow).unwrap();
    }
    backward(&[x.tanh().sum_keep(&[0, 1])], &[None], Backward::default()).unwrap();
    let grads: Vec<Tensor> =
        weights.iter().flatten().map(|weight| weight.variable().unwrap().grad().unwrap()).collect();
    let plan = Tensor::explain(&grads).unwrap();
    checked(&grads, 8);
    (plan.temporaries.iter().map(BufferSpec::bytes).sum(), grads.iter().map(bits).collect())
}

#[test]
fn what_is_cheap_to_compute_again_is_not_kept_for_the_backward_pass() {
    let (depth, wide) = (6, 4 * 16 * 64);
    let (bytes, grads) = step_of_layers(depth, usize::MAX);
    let (fewer, same) = step_of_layers(depth, 0);
    // Of each layer the operand of the sine is kept, from which the weight's gradient gets its result again.
    assert!(bytes > (2 * depth - 1) * wide && fewer < (depth + 3) * wide, "{bytes}, {fewer}");
    assert_eq!(grads, same);
}
