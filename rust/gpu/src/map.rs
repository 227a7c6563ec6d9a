//! Elementwise kernels: one invocation per element.

use rutile_core::kernel::{Block, Kernel, Value};
use rutile_core::shape::numel;

use crate::wgsl::{Scope, Shader, WORKGROUP, Writer};

pub fn generate(kernel: &Kernel) -> Shader {
    let mut writer = Writer::new(kernel);
    let count = numel(&kernel.out);
    let groups = count.div_ceil(WORKGROUP);
    let overshoots = writer.open_main(groups, WORKGROUP);
    writer.line(format!("let i = group * {WORKGROUP}u + lane;"));
    if overshoots || !count.is_multiple_of(WORKGROUP) {
        let count = writer.parameter(count as u32);
        writer.open(format!("if (i >= {count}) {{"));
        writer.line("return;");
        writer.close();
    }
    let index = if needs_index(&kernel.body) { writer.split("i", &kernel.out, "x") } else { Vec::new() };
    let scope = Scope { index: &index, linear: Some("i"), accumulators: &[] };
    let values = writer.block(&kernel.body, &scope);
    for store in &kernel.stores {
        writer.store(store, &kernel.body, &values, "i");
    }
    writer.close();
    writer.finish()
}

/// Whether the block has a view that is not simply the row-major number of the index.
fn needs_index(block: &Block) -> bool {
    block.code.iter().any(|instruction| match &instruction.value {
        Value::Load { view, .. } | Value::Index { view } | Value::Valid { view } => !view.is_contiguous(),
        _ => false,
    })
}
