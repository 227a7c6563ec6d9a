//! Checks of integers: what they find, where they do not look, and what a run at fault leaves behind.

mod common;

use std::sync::Arc;

use common::{check_plan, reference};
use rutile_core::dtype::{DType, Scalar};
use rutile_core::kernel::Fold;
use rutile_core::{Backward, Device, ErrorKind, Result, Tensor, backward, eval, variable};

fn integers(values: &[i32], device: &Device) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    Tensor::from_bytes(&bytes, &[values.len()], DType::I32, device).unwrap()
}

/// Elements of a vector of five at checked positions.
fn taken(positions: &Tensor) -> Result<Tensor> {
    let x = Tensor::from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5], positions.device())?;
    x.take_along_axis(&positions.checked_positions("take", 0, 5)?, 0)
}

#[test]
fn a_position_outside_is_an_error_that_says_so() {
    for fuse in [true, false] {
        let device = reference(8, fuse);
        for (positions, got) in [([0, 4, 5], 5), ([-6, 0, 9], -6), ([0, 0, i32::MIN], i32::MIN)] {
            let result = taken(&integers(&positions, &device)).unwrap();
            // As nothing was overwritten, the graph is as it was, and every read says so.
            for _ in 0..2 {
                let error = result.to_bytes().unwrap_err();
                assert_eq!(error.kind, ErrorKind::Index);
                let expected = format!("take needs positions from -5 to 4 on axis 0 of size 5, got {got}");
                assert_eq!(error.to_string(), expected);
            }
            assert!(result.storage().is_none());
        }
        assert_eq!(taken(&integers(&[-5, 4], &device)).unwrap().to_vec().unwrap(), [1.0, 5.0]);
    }
}

#[test]
fn an_axis_without_elements_has_no_positions() {
    let device = Device::null();
    let error = integers(&[0], &device).checked_positions("take", 2, 0).unwrap_err();
    assert_eq!(error.to_string(), "take needs no positions on axis 2, which has no elements, got shape (1,)");
    assert!(integers(&[], &device).checked_positions("take", 0, 0).is_ok());
}

#[test]
fn nothing_is_checked_where_a_view_shows_nothing() {
    for fuse in [true, false] {
        let device = reference(8, fuse);
        // Zeros, as padding reads them, would become positions far outside.
        let positions = integers(&[10, 14, 12], &device) - 10.0;
        let x = taken(&positions).unwrap();
        let padded = x.pad(&[(2, 3)], Scalar::float(7.0, DType::F32)).unwrap();
        assert_eq!(padded.to_vec().unwrap(), [7.0, 7.0, 1.0, 5.0, 3.0, 7.0, 7.0, 7.0]);
        let total = padded.reduce(Fold::Sum, None, false).unwrap();
        assert_eq!(total.to_vec().unwrap(), [44.0]);
    }
}

#[test]
fn a_step_at_fault_leaves_parameters_usable() {
    for (fuse, reused) in [(true, Some(0)), (false, None)] {
        let device = reference(8, fuse);
        let variable = Arc::new(variable::Variable::default());
        let mut table =
            Tensor::from_slice(&[1.0, 2.0, 3.0], &[3], &device).unwrap().as_variable(variable.clone()).unwrap();
        let mut step = |positions: &[i32]| {
            let at = integers(positions, &device).checked_positions("embedding", 0, 3).unwrap();
            let loss = table.take_along_axis(&at, 0).unwrap().reduce(Fold::Sum, None, false).unwrap();
            backward(std::slice::from_ref(&loss), &[None], Backward::default()).unwrap();
            let gradient = variable.grad().unwrap();
            variable.set_grad(None);
            table = (table.detach() - &gradient).as_variable(variable.clone()).unwrap();
            drop(gradient);
            let both = [loss, table.clone()];
            assert_eq!(Tensor::explain(&both).unwrap().outputs[1].reuses, reused);
            (eval(&both), table.to_vec().unwrap())
        };
        let (result, values) = step(&[0, 1, 7]);
        assert!(result.unwrap_err().to_string().starts_with("embedding needs positions from -3 to 2"));
        assert_eq!(values, [0.0, 1.0, 3.0]);
        let (result, values) = step(&[2, 2, -1]);
        result.unwrap();
        assert_eq!(values, [0.0, 1.0, 0.0]);
    }
}

#[test]
fn checks_cost_no_kernel() {
    let device = Device::null();
    let table = Tensor::from_slice(&[0.0; 40], &[10, 4], &device).unwrap();
    let at = integers(&[1, 2, 3], &device).reshape(&[3, 1]).unwrap();
    let kernels = |positions: &Tensor| {
        let rows = table.take_along_axis(positions, 0).unwrap();
        let sums = rows.tanh().scatter_add(&positions.expand(&[3, 4]).unwrap(), 0, 10).unwrap();
        // The first two are joined.
        let plan = Tensor::explain(&[&rows * 3.0, rows.sin(), sums * 2.0]).unwrap();
        check_plan(&plan, 16);
        plan.launches.len()
    };
    assert_eq!(kernels(&at.checked_positions("take", 0, 10).unwrap()), kernels(&at));
}

#[test]
fn kernels_with_checks_leave_room_for_where_they_report() {
    let device = Device::null();
    let positions = integers(&[1, 2, 0], &device).checked_positions("take", 0, 3).unwrap();
    let leaf = |i: usize| Tensor::from_slice(&[i as f32; 3], &[3], &device).unwrap();
    let take = |i: usize| leaf(i).take_along_axis(&positions, 0).unwrap();
    for count in 1..24 {
        let sum = (1..count).fold(take(0), |sum, i| sum + &take(i));
        let each: Vec<Tensor> = (0..count).map(|i| take(i) * &leaf(i)).collect();
        check_plan(&Tensor::explain(&[sum]).unwrap(), 16);
        check_plan(&Tensor::explain(&each).unwrap(), 16);
    }
}
