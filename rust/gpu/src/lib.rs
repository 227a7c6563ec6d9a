//! The GPU backend: plans become WGSL compute shaders, which wgpu runs on Vulkan, Metal or DX12.
//!
//! `adapter` finds and opens devices, `memory` pools buffers, `program` compiles and runs plans, `timer` times them,
//! `tune` chooses tiles of products, `disk` keeps what it found; `split` and `simplify` rewrite what the device runs
//! better in another form; `wgsl`, `view` (addresses), `packed` (memory) and `value` (registers) write code, `map`,
//! `reduce`, `rows`, `contract` (by `cooperative` matrices where the device has `units` for them), `scatter` (many
//! sources: `segments`), `scan`, `sort` (long rows: `merge`), `attention` and `horizontal` (several side by side) one kind of
//! kernel each, in one pass or in several (`passes`) that share working memory and a submit.
//!
//! A workgroup has 256 invocations (small products, sorts and attention fewer). Elements of 8 and 16 bits share words, and an
//! invocation has all elements of the words that it writes. Neighbouring invocations read neighbouring words where the
//! table says "beside each other".
//!
//! | kernel | one invocation has | reads of memory | workgroup memory, registers |
//! |---|---|---|---|
//! | map | 1 element, or a word of 2 or 4 | each operand once, beside each other unless it is transposed | none; what its code computes |
//! | reduce | a part of one result | each element once, beside each other within a result or across results | 1 KiB a fold; 1 a fold |
//! | rows | up to 16 elements of a row | each element once, beside each other | 1 KiB a fold; its elements |
//! | contract | 8 × 8 or 4 × 4 sums | per step 8 elements, each of which 128, 64 or 32 invocations use | 8.3, 8.5, 2.1 or 2.3 KiB; 64 or 16 sums, 16 or 8 factors |
//! | contract, cooperative | a part of 32 × 32 sums of its subgroup | per step 1 to 16 quads of each factor, which 64 rows or columns use | 9.5 to 13 KiB; 16 to 128 sums |
//! | scatter, few | 1 element of the output | every position, and the values that are its own | none; 1 sum |
//! | scatter, many | 1 element of a block of 32 sources, then of the output | each value once, beside each other along axes after the positions' | none; 1 sum |
//! | scan | 1 element of each block of 256, or a short row | each element once, beside each other in blocks | 1 KiB; 1 |
//! | sort | 1 element, and pairs in turn | each element once | 16 KiB; 1 |
//! | sort, merge | 8 neighbours of a merged run (4 of 64 bits) | each key, then each entry, beside each other | 8 KiB; its choices |
//! | horizontal | what its part has alone | as alone | as alone |
//! | attention | 4 rows of scores for each 4 columns, and their sums | `attention` says | 9 to 26 KiB; 16 to 64 sums |
//!
//! Sums with few results, and deep products with few tiles, are cut into pieces (`split`); products with fewer than eight
//! rows or columns are sums.

mod adapter;
mod attention;
mod backend;
mod contract;
mod cooperative;
mod disk;
mod fault;
mod horizontal;
mod map;
mod memory;
mod merge;
mod packed;
mod passes;
mod pipeline;
mod prelude;
mod program;
mod reduce;
mod rows;
mod scan;
mod scatter;
mod segments;
mod simplify;
mod sort;
mod split;
mod stage;
mod timer;
mod tune;
mod units;
mod value;
mod view;
mod wgsl;

pub use adapter::{Cooperative, Options, enumerate};
pub use backend::GpuBackend;
pub use passes::{Pass, Passes};
pub use split::split;
pub use stage::Source;
pub use units::{Unit, Units};
pub use wgsl::Shader;

use rutile_core::kernel::{Kernel, KernelKind};

/// What shaders of a device may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub max_buffers: usize,
    pub workgroup_bytes: usize,
    tiles: tune::Defaults,
    pub units: Units,
}

impl Limits {
    /// What every WebGPU device allows.
    pub const WEBGPU: Limits = Limits {
        max_buffers: 8,
        workgroup_bytes: 16384,
        tiles: tune::LARGE_DEVICE,
        units: Units { half: None, single: None },
    };
}

/// The passes of a kernel on a device with such limits: WGSL texts with the parameters and the grid of each launch. What they
/// are is a matter of the kernel and the limits alone, so results repeat bit for bit.
pub fn generate(kernel: &Kernel, limits: &Limits) -> Passes {
    generate_tiled(kernel, limits, None)
}

/// As `generate`, where a product may have a tile that serves the device better than its default. The results are the same.
fn generate_tiled(kernel: &Kernel, limits: &Limits, tile: Option<contract::Tile>) -> Passes {
    let kernel = &prepare(kernel);
    let shader = match &kernel.kind {
        KernelKind::Map => Shader::of(kernel, map::write),
        KernelKind::Reduce { load, folds } => Shader::of(kernel, |writer| reduce::write(writer, load, folds)),
        KernelKind::Horizontal { parts } => horizontal::generate(kernel, parts),
        KernelKind::Rows { steps, each, stores } => rows::generate(kernel, steps, each, stores),
        KernelKind::Contract { left, right, roles } => {
            let sizes = contract::Sizes::of(kernel, roles);
            match cooperative::unit(left, right, &sizes, &limits.units) {
                Some(unit) => cooperative::generate(kernel, left, right, roles, unit),
                None => {
                    let tile = tile.unwrap_or_else(|| tune::default_tile(&sizes, limits.tiles));
                    contract::generate(kernel, left, right, roles, tile)
                }
            }
        }
        KernelKind::Scatter { load, axis } => {
            if segments::are_many(kernel) && segments::have_room(kernel, limits.max_buffers) {
                return segments::passes(kernel, load, *axis);
            }
            scatter::generate(kernel, load, *axis)
        }
        KernelKind::Scan { load, fold } => scan::generate(kernel, load, *fold),
        KernelKind::Sort { load, descending } => return sort::passes(kernel, load, *descending),
        KernelKind::Attention { spec, operands } => return attention::passes(kernel, spec, operands, limits),
        KernelKind::Linalg { .. } => unreachable!("linear algebra runs on another device"),
    };
    Passes::single(kernel, shader)
}

/// The kernel in the form that code is written for.
fn prepare(kernel: &Kernel) -> Kernel {
    match &kernel.kind {
        KernelKind::Horizontal { parts } => Kernel::horizontal(parts.iter().map(prepare).collect()),
        _ => contract::thin_as_sum(simplify::simplify(kernel)),
    }
}
