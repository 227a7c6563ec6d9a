//! `rutile._core`: the engine for Python. Contains no maths.

mod devices;
mod errors;
mod handle;
mod values;
mod verbs;

use pyo3::prelude::*;

/// The engine, for the rutile package alone: use rutile.
#[pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::devices::{
        DeviceRow, default_device, devices, pop_device, push_device, reset_stats, set_default_device, set_fuse, stats,
        synchronize,
    };
    #[pymodule_export]
    use crate::handle::{Handle, set_result_class};
    #[pymodule_export]
    use crate::values::{
        HostBuffer, alias, backward, detach, dropout, eval, from_buffer, full, grad_enabled, gradients, host_buffer,
        iota, item, plan_json, random_bits, random_normal, random_permutation, random_state, random_uniform,
        set_grad_enabled, set_random_state, to_device,
    };
    #[pymodule_export]
    use crate::verbs::{
        avg_pool, binary, cast, conv, cross_entropy, expand, flip, index, linear, log_softmax, matmul, max_pool, mean,
        mse_loss, op_numbers, op_table, pad, permute, reduce, reshape, select, softmax, transpose, unary, unsqueeze,
        var, with_index,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::register(module)
    }
}
