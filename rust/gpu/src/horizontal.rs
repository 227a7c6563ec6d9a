//! Kernels side by side: each is a function, of which a workgroup runs the one that it belongs to. All invocations of a
//! workgroup take the same branch, so each part reads memory and takes its barriers as it would alone; the registers are those
//! of the part that needs most, and reductions share their workgroup memory.

use rutile_core::kernel::{Kernel, KernelKind};

use crate::wgsl::{Shader, WORKGROUP, Writer};
use crate::{map, reduce};

pub fn generate(kernel: &Kernel, parts: &[Kernel]) -> Shader {
    let mut writer = Writer::new(kernel);
    let parts: Vec<(String, usize)> = parts
        .iter()
        .enumerate()
        .map(|(n, part)| {
            let name = format!("part{n}");
            (name.clone(), writer.part(name, part, write))
        })
        .collect();
    let all = parts.iter().map(|(_, groups)| groups).sum();
    writer.open_groups(all, WORKGROUP);
    let (mut own, mut next) = ("group".to_string(), 0);
    for (n, (name, groups)) in parts.iter().enumerate() {
        next += groups;
        let end = writer.parameter(next as u32);
        let condition = format!("if (group < {end}) {{");
        match n {
            0 => writer.open(condition),
            _ => writer.reopen(format!("}} else {condition}")),
        }
        writer.line(format!("{name}({own}, lane);"));
        own = format!("group - {end}");
    }
    writer.close();
    writer.close();
    writer.finish()
}

/// A kernel by itself.
pub fn alone(kernel: &Kernel) -> Shader {
    let mut writer = Writer::new(kernel);
    write(&mut writer);
    writer.finish()
}

fn write(writer: &mut Writer) {
    match &writer.kernel.kind {
        KernelKind::Map => map::write(writer),
        KernelKind::Reduce { load, folds } => reduce::write(writer, load, folds),
        other => unreachable!("{other:?} beside others"),
    }
}
