//! Kernels side by side: each is a function, of which a workgroup runs the one that it belongs to. All invocations of a
//! workgroup take the same branch, so each part reads memory and takes its barriers as it would alone; the registers are those
//! of the part that needs most, and reductions share their workgroup memory.

use rutile_core::kernel::{Kernel, KernelKind};

use crate::wgsl::{Shader, WORKGROUP, Writer};
use crate::{map, reduce};

pub fn generate(kernel: &Kernel, parts: &[Kernel]) -> Shader {
    let mut writer = Writer::new(kernel);
    let groups: Vec<usize> =
        parts.iter().enumerate().map(|(n, part)| writer.part(format!("part{n}"), part, write)).collect();
    writer.open_groups(groups.iter().sum(), WORKGROUP);
    let (mut own, mut next) = ("group".to_string(), 0);
    for (n, groups) in groups.into_iter().enumerate() {
        next += groups;
        let end = writer.parameter(next as u32);
        let condition = format!("if (group < {end}) {{");
        match n {
            0 => writer.open(condition),
            _ => writer.reopen(format!("}} else {condition}")),
        }
        writer.line(format!("part{n}({own}, lane);"));
        own = format!("group - {end}");
    }
    writer.close();
    writer.close();
    writer.finish()
}

/// The code of a part.
fn write(writer: &mut Writer) {
    match &writer.kernel.kind {
        KernelKind::Map => map::write(writer),
        KernelKind::Reduce { load, folds } => reduce::write(writer, load, folds),
        other => unreachable!("{other:?} beside others"),
    }
}
