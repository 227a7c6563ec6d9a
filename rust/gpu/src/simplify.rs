//! Rewrites a kernel's iteration space into as few axes as its views allow, so that the generated text divides less
//! and kernels that differ only in how their axes are split share one pipeline.

use rutile_core::kernel::{Block, Kernel, KernelKind, Role, RowStep};
use rutile_core::view::View;

/// The same kernel without axes of size 1 and with neighbouring axes merged wherever every view steps regularly across them.
pub fn simplify(kernel: &Kernel) -> Kernel {
    let mut kernel = kernel.clone();
    let mut axis = 0;
    while axis < kernel.out.len() + kernel.reduced.len() {
        if size(&kernel, axis) == 1 && own_axis(&kernel) != Some(axis) {
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

/// The axis of `out` that means something to the kernel beyond its part in the views, so that it stays as it is.
fn own_axis(kernel: &Kernel) -> Option<usize> {
    match &kernel.kind {
        KernelKind::Map | KernelKind::Reduce { .. } | KernelKind::Rows { .. } | KernelKind::Contract { .. } => None,
        KernelKind::Scatter { axis, .. } => Some(*axis),
        KernelKind::Scan { .. }
        | KernelKind::Sort { .. }
        | KernelKind::Attention { .. }
        | KernelKind::Linalg { .. } => Some(kernel.out.len() - 1),
        KernelKind::Horizontal { .. } => unreachable!("its parts are simplified"),
    }
}

/// Axis `axis` and the next one belong to the same part of the iteration space, and no view tells them apart.
fn can_merge(kernel: &mut Kernel, axis: usize) -> bool {
    let rank = kernel.out.len();
    let own = own_axis(kernel);
    if axis + 1 == rank || own == Some(axis) || own == Some(axis + 1) {
        return false;
    }
    if let KernelKind::Contract { roles, .. } = &kernel.kind
        && axis + 1 < rank
        && roles[axis] != roles[axis + 1]
    {
        return false;
    }
    let inner = size(kernel, axis + 1) as i64;
    let mut regular = match &kernel.kind {
        KernelKind::Rows { stores, .. } => stores.iter().all(|s| s.strides[axis] == s.strides[axis + 1] * inner),
        _ => true,
    };
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
    if let KernelKind::Rows { stores, .. } = &mut kernel.kind {
        stores.iter_mut().for_each(|store| {
            store.strides.remove(axis);
        });
    }
    if axis < rank {
        kernel.out.remove(axis);
        match &mut kernel.kind {
            KernelKind::Contract { roles, .. } => {
                roles.remove(axis);
            }
            KernelKind::Scatter { axis: own, .. } => *own -= (axis < *own) as usize,
            KernelKind::Map
            | KernelKind::Reduce { .. }
            | KernelKind::Rows { .. }
            | KernelKind::Scan { .. }
            | KernelKind::Sort { .. }
            | KernelKind::Attention { .. }
            | KernelKind::Linalg { .. }
            | KernelKind::Horizontal { .. } => {}
        }
    } else {
        kernel.reduced.remove(axis - rank);
    }
}

/// Calls `visit` on each view whose iteration space has `axis`.
fn for_each_view(kernel: &mut Kernel, axis: usize, mut visit: impl FnMut(&mut View)) {
    let in_body = axis < kernel.out.len();
    let mut blocks: Vec<&mut Block> = match &mut kernel.kind {
        KernelKind::Map | KernelKind::Attention { .. } | KernelKind::Linalg { .. } | KernelKind::Horizontal { .. } => {
            vec![]
        }
        KernelKind::Reduce { load, .. }
        | KernelKind::Scatter { load, .. }
        | KernelKind::Scan { load, .. }
        | KernelKind::Sort { load, .. } => vec![load],
        KernelKind::Contract { left, right, .. } => vec![left, right],
        KernelKind::Rows { steps, each, .. } => {
            let of_axis = steps.iter_mut().filter_map(|step| match step {
                RowStep::Compute(block) => in_body.then_some(block),
                RowStep::Fold { load, .. } => Some(load),
            });
            of_axis.chain([each]).collect()
        }
    };
    if in_body {
        blocks.push(&mut kernel.body);
    }
    let code = blocks.into_iter().flat_map(|block| &mut block.code);
    code.filter_map(|instruction| instruction.value.view_mut()).for_each(&mut visit);
}

/// The axes of `out` that have a role.
pub fn axes_of(roles: &[Role], role: Role) -> Vec<usize> {
    (0..roles.len()).filter(|&axis| roles[axis] == role).collect()
}
