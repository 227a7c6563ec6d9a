//! The GPU backend: plans become WGSL compute shaders, which wgpu runs on Vulkan, Metal or DX12.
//!
//! `adapter` finds and opens devices, `memory` pools buffers, `program` compiles and runs plans; `split` and `simplify`
//! rewrite what the device runs better in another form; `wgsl`, `view` (addresses), `packed` (memory) and `value` (registers)
//! write code, `map`, `reduce`, `rows`, `contract`, `scatter`, `scan` and `sort` one kind of kernel each.

mod adapter;
mod backend;
mod contract;
mod fault;
mod map;
mod memory;
mod packed;
mod pipeline;
mod prelude;
mod program;
mod reduce;
mod rows;
mod scan;
mod scatter;
mod simplify;
mod sort;
mod split;
mod value;
mod view;
mod wgsl;

pub use adapter::{Options, enumerate};
pub use backend::GpuBackend;
pub use split::split;
pub use wgsl::Shader;

use rutile_core::kernel::{Kernel, KernelKind};

/// The WGSL text of a kernel, with the parameters and the grid of its launch.
pub fn generate(kernel: &Kernel) -> Shader {
    let kernel = prepare(kernel);
    match &kernel.kind {
        KernelKind::Map => map::generate(&kernel),
        KernelKind::Reduce { load, folds } => reduce::generate(&kernel, load, folds),
        KernelKind::Rows { steps, each, stores } => rows::generate(&kernel, steps, each, stores),
        KernelKind::Contract { left, right, roles } => contract::generate(&kernel, left, right, roles),
        KernelKind::Scatter { load, axis } => scatter::generate(&kernel, load, *axis),
        KernelKind::Scan { load, fold } => scan::generate(&kernel, load, *fold),
        KernelKind::Sort { load, descending } => sort::generate(&kernel, load, *descending),
        KernelKind::Linalg { .. } => unreachable!("linear algebra runs on another device"),
    }
}

/// The kernel in the form that code is written for.
fn prepare(kernel: &Kernel) -> Kernel {
    contract::thin_as_sum(simplify::simplify(kernel))
}
