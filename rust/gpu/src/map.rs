//! Elementwise kernels: one invocation per element.

use rutile_core::kernel::{Block, Kernel};
use rutile_core::shape::numel;

use crate::wgsl::{Scope, Shader, Writer};

pub fn generate(kernel: &Kernel) -> Shader {
    let mut writer = Writer::new(kernel);
    writer.open_elements(numel(&kernel.out));
    let index = if needs_index(&kernel.body) { writer.split("i", &kernel.out, "x") } else { Vec::new() };
    writer.body(&Scope { index: &index, linear: Some("i"), accumulators: &[] });
    writer.close();
    writer.finish()
}

/// Whether the block has a view that is not simply the row-major number of the index.
fn needs_index(block: &Block) -> bool {
    block.views().any(|view| !view.is_contiguous())
}
