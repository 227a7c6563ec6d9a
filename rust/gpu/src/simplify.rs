//! Rewrites a kernel's iteration space into as few axes as its views allow, so that the generated text divides less
//! and kernels that differ only in how their axes are split share one pipeline.

use rutile_core::kernel::{Block, Kernel, KernelKind, Role, Value};
use rutile_core::view::View;

/// The same kernel without axes of size 1 and with neighbouring axes merged wherever every view steps regularly across them.
pub fn simplify(kernel: &Kernel) -> Kernel {
    let mut kernel = kernel.clone();
    let mut axis = 0;
    while axis < kernel.out.len() + kernel.reduced.len() {
        if size(&kernel, axis) == 1 {
            remove(&mut kernel, axis);
        } else if axis > 0 && can_merge(&mut kernel, axis - 1) {
            merge(&mut kernel, axis - 1);
        } else {
            axis += 1;
        }
    }
    kernel
}

fn size(kernel: &Kernel, axis: usize) -> usize {
    kernel.out.iter().chain(&kernel.reduced).copied().nth(axis).expect("an axis of the iteration space")
}

/// Axis `axis` and the next one belong to the same part of the iteration space, and no view tells them apart.
fn can_merge(kernel: &mut Kernel, axis: usize) -> bool {
    let rank = kernel.out.len();
    if axis + 1 == rank {
        return false;
    }
    if let KernelKind::Contract { roles, .. } = &kernel.kind
        && axis + 1 < rank
        && roles[axis] != roles[axis + 1]
    {
        return false;
    }
    let inner = size(kernel, axis + 1) as i64;
    let mut regular = true;
    for_each_view(kernel, axis, |view| {
        let level = &view.levels[0];
        let steps = std::iter::once(&level.strides).chain(level.guards.iter().map(|guard| &guard.coefs));
        regular &= steps.into_iter().all(|coefs| coefs[axis] == coefs[axis + 1] * inner);
    });
    regular
}

fn merge(kernel: &mut Kernel, axis: usize) {
    let outer = size(kernel, axis);
    for_each_view(kernel, axis, |view| {
        let level = &mut view.levels[0];
        level.shape[axis + 1] *= outer;
    });
    let rank = kernel.out.len();
    if axis < rank {
        kernel.out[axis + 1] *= outer;
    } else {
        kernel.reduced[axis - rank + 1] *= outer;
    }
    remove(kernel, axis);
}

fn remove(kernel: &mut Kernel, axis: usize) {
    for_each_view(kernel, axis, |view| {
        let level = &mut view.levels[0];
        level.shape.remove(axis);
        level.strides.remove(axis);
        level.guards.iter_mut().for_each(|guard| {
            guard.coefs.remove(axis);
        });
    });
    let rank = kernel.out.len();
    if axis < rank {
        kernel.out.remove(axis);
        if let KernelKind::Contract { roles, .. } = &mut kernel.kind {
            roles.remove(axis);
        }
    } else {
        kernel.reduced.remove(axis - rank);
    }
}

/// Calls `visit` on each view whose iteration space has `axis`.
fn for_each_view(kernel: &mut Kernel, axis: usize, mut visit: impl FnMut(&mut View)) {
    let in_body = axis < kernel.out.len();
    let mut blocks: Vec<&mut Block> = match &mut kernel.kind {
        KernelKind::Map => vec![],
        KernelKind::Reduce { load, .. } => vec![load],
        KernelKind::Contract { left, right, .. } => vec![left, right],
    };
    if in_body {
        blocks.push(&mut kernel.body);
    }
    for block in blocks {
        for instruction in &mut block.code {
            if let Value::Load { view, .. } | Value::Index { view } | Value::Valid { view } = &mut instruction.value {
                visit(view);
            }
        }
    }
}

/// The axes of `out` that have a role.
pub fn axes_of(roles: &[Role], role: Role) -> Vec<usize> {
    (0..roles.len()).filter(|&axis| roles[axis] == role).collect()
}
