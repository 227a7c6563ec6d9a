//! The GPU backend: plans become WGSL compute shaders, which wgpu runs on Vulkan, Metal or DX12.
//!
//! `adapter` finds and opens devices, `memory` pools buffers, `program` compiles and runs plans; `split` and `simplify`
//! rewrite what the device runs better in another form; `wgsl`, `view` (addresses), `packed` (memory) and `value` (registers)
//! write code, `map`, `reduce`, `rows`, `contract`, `scatter`, `scan` and `sort` one kind of kernel each.
//!
//! A workgroup has 256 invocations (small products and sorts fewer). Elements of 8 and 16 bits share words, and an
//! invocation has all elements of the words that it writes. Neighbouring invocations read neighbouring words where the
//! table says "beside each other".
//!
//! | kernel | one invocation has | reads of memory | workgroup memory, registers |
//! |---|---|---|---|
//! | map | 1 element, or a word of 2 or 4 | each operand once, beside each other unless it is transposed | none; what its code computes |
//! | reduce | a part of one result | each element once, beside each other within a result or across results | 1 KiB a fold; 1 a fold |
//! | rows | up to 16 elements of a row | each element once, beside each other | 1 KiB a fold; its elements |
//! | contract | 8 × 8 or 4 × 4 sums | per step 8 elements, each of which 128, 64 or 32 invocations use | 8.3, 8.5 or 2.3 KiB; 64 or 16 sums, 16 or 8 factors |
//! | scatter | 1 element of the output | every position, and the values that are its own | none; 1 sum |
//! | scan | 1 element of each block of 256, or a short row | each element once, beside each other in blocks | 1 KiB; 1 |
//! | sort | 1 element, and pairs in turn | each element once; in rows above 2048, every element of the row | 16 KiB; 1 |
//!
//! Sums with few results, and deep products with few tiles, are cut into pieces (`split`); products with fewer than eight
//! rows or columns are sums.

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
