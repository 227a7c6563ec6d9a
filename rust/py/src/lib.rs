//! `rutile._core`: the engine for Python. Contains no maths.

mod capture;
mod devices;
mod dlpack;
mod errors;
mod gradients;
mod guards;
mod handle;
mod numbers;
mod random;
mod trees;
mod values;
mod verbs;

use pyo3::prelude::*;

/// The engine, for the rutile package alone: use rutile.
#[pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::capture::{Arguments, Template, is_tracing, record, replay};
    #[pymodule_export]
    use crate::devices::{
        DeviceRow, default_device, devices, end_profile, held_dtypes, pop_device, push_device, reset_stats,
        set_default_device, set_fuse, start_profile, stats, synchronize,
    };
    #[pymodule_export]
    use crate::dlpack::{from_dlpack, to_dlpack};
    #[pymodule_export]
    use crate::gradients::{
        Batch, CallReference, RemovableHandle, add_hook, backward, call, checkpoint, closed, grad_enabled, gradients,
        gradients_if_any, next_id, set_grad_enabled, tangents, traced,
    };
    #[pymodule_export]
    use crate::guards::Guards;
    #[pymodule_export]
    use crate::handle::{Handle, set_result_class};
    #[pymodule_export]
    use crate::numbers::{Number, step_numbers};
    #[pymodule_export]
    use crate::random::RandomSource;
    #[pymodule_export]
    use crate::values::{
        HostBuffer, alias, attention, detach, dropout, eval, from_buffer, full, host_buffer, iota, item, plan_json,
        to_device,
    };
    #[pymodule_export]
    use crate::verbs::{
        argsort, avg_pool, binary, cast, checked, checked_positions, concat, conv, conv_transpose, cross_entropy,
        cumulate, expand, flip, index, layer_norm, linalg, linear, log_softmax, logsumexp, matmul, max_pool, mean,
        mse_loss, op_numbers, op_table, overlap, pad, permute, promote, promote_number, reduce, reshape, rms_norm,
        scatter_add, select, softmax, standardize, take_along_axis, transpose, unary, unsqueeze, var, window,
        with_index,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::register(module)
    }
}
