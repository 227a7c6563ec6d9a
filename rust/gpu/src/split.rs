//! Splits long sums with few results in two kernels, so that they fill the device: the first folds pieces of the reduced
//! axes into working memory, the second folds the pieces. How is a matter of sizes alone, so results repeat bit for bit.

use rutile_core::dtype::{DType, Scalar};
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::{
    Access, Arg, Block, BufferRef, BufferSpec, Fold, Instruction, Kernel, KernelKind, Launch, Plan, Role, Store, Value,
};
use rutile_core::shape::{Coefs, Shape, contiguous_strides, numel};
use rutile_core::view::{Guard, Level, View};

use crate::contract;
use crate::wgsl::WORKGROUP;

/// Invocations that fill a large device, as a power of two.
const MANY_INVOCATIONS: usize = 65536;
/// Workgroups of a product that fill a large device.
const MANY_WORKGROUPS: usize = 128;
/// Least elements of a piece of a reduction, and least depth of a piece of a product: less is not worth a second kernel.
const LEAST_FOLDED: usize = 2048;
const LEAST_DEPTH: usize = 512;

/// The plan with its long sums split, its kernels in simplified form.
pub fn split(plan: &Plan, max_buffers: usize) -> Plan {
    let mut plan = plan.clone();
    let own = plan.temporaries.len();
    let originals = std::mem::take(&mut plan.kernels);
    let mut passes: Vec<Vec<(usize, Vec<Source>)>> = Vec::new();
    for kernel in &originals {
        let kernel = crate::prepare(kernel);
        let buffers = |kernel: &Kernel| kernel.args.len() + kernel.has_checks() as usize;
        let stages = in_two(&kernel).filter(|stages| stages.iter().all(|stage| buffers(&stage.kernel) <= max_buffers));
        let stages = stages.map_or_else(|| vec![Stage::whole(kernel)], Vec::from);
        let add = |stage: Stage| {
            plan.kernels.push(stage.kernel);
            (plan.kernels.len() - 1, stage.sources)
        };
        passes.push(stages.into_iter().map(add).collect());
    }
    for launch in std::mem::take(&mut plan.launches) {
        for (kernel, sources) in &passes[launch.kernel] {
            let buffer = |source: &Source| match *source {
                Source::Argument(n) => launch.buffers[n],
                Source::Piece(n) => BufferRef::Temporary(own + n),
            };
            let buffers = sources.iter().map(buffer).collect();
            plan.launches.push(Launch { kernel: *kernel, buffers, scalars: launch.scalars.clone() });
            // All splits take turns with the same working memory.
            for store in &plan.kernels[*kernel].stores {
                if let Source::Piece(n) = sources[store.arg] {
                    let empty = BufferSpec { dtype: DType::F32, len: 0 };
                    plan.temporaries.resize(plan.temporaries.len().max(own + n + 1), empty);
                    let len = &mut plan.temporaries[own + n].len;
                    *len = numel(&plan.kernels[*kernel].out).max(*len);
                }
            }
        }
    }
    plan
}

/// A kernel and what its arguments are.
struct Stage {
    kernel: Kernel,
    sources: Vec<Source>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Argument n of the original kernel.
    Argument(usize),
    /// The pieces of its result n.
    Piece(usize),
}

impl Stage {
    fn whole(kernel: Kernel) -> Stage {
        let sources = (0..kernel.args.len()).map(Source::Argument).collect();
        Stage { kernel, sources }
    }

    /// The number of a source among the arguments.
    fn argument(&mut self, source: Source, arg: Arg) -> usize {
        match self.sources.iter().position(|&known| known == source) {
            Some(place) => place,
            None => {
                self.sources.push(source);
                self.kernel.args.push(arg);
                self.sources.len() - 1
            }
        }
    }

    /// A block of the original kernel with its arguments renumbered.
    fn adopt(&mut self, block: &Block, args: &[Arg]) -> Block {
        let mut block = block.clone();
        for instruction in &mut block.code {
            if let Value::Load { arg, .. } | Value::Gather { arg, .. } = &mut instruction.value {
                *arg = self.argument(Source::Argument(*arg), args[*arg]);
            }
        }
        block
    }
}

/// Both kernels, if the split is worth it.
fn in_two(kernel: &Kernel) -> Option<[Stage; 2]> {
    let cut = Cut::choose(kernel)?;
    let mut first = Stage { kernel: Kernel { args: Vec::new(), ..kernel.clone() }, sources: Vec::new() };
    let mut second = Stage { kernel: Kernel { args: Vec::new(), ..kernel.clone() }, sources: Vec::new() };
    let results: Vec<(Fold, DType)> = match &kernel.kind {
        KernelKind::Reduce { load, folds } => {
            let dtypes = load.results.iter().map(|&value| load.code[value].dtype);
            let results: Vec<_> = folds.iter().copied().zip(dtypes).collect();
            let load = cut.apply(first.adopt(load, &kernel.args), |n| folds[n]);
            first.kernel.kind = KernelKind::Reduce { load, folds: folds.clone() };
            results
        }
        KernelKind::Contract { left, right, roles } => {
            let [left, right] = [left, right].map(|block| cut.apply(first.adopt(block, &kernel.args), |_| Fold::Sum));
            let dtype = left.code[left.results[0]].dtype;
            let roles = std::iter::once(Role::Batch).chain(roles.iter().copied()).collect();
            first.kernel.kind = KernelKind::Contract { left, right, roles };
            vec![(Fold::Sum, dtype)]
        }
        KernelKind::Map
        | KernelKind::Rows { .. }
        | KernelKind::Scatter { .. }
        | KernelKind::Scan { .. }
        | KernelKind::Sort { .. }
        | KernelKind::Linalg { .. } => {
            return None;
        }
    };
    first.kernel.out.insert(0, cut.pieces);
    first.kernel.reduced[cut.axis] = cut.len;
    first.kernel.body = Block::default();
    first.kernel.stores = Vec::new();

    // Pieces lie one after the other, each with an element for every output.
    let mut space: Shape = kernel.out.clone();
    let mut strides: Coefs = contiguous_strides(&kernel.out);
    strides.push(numel(&kernel.out) as i64);
    space.push(cut.pieces);
    let level = Level { shape: space, strides, offset: 0, guards: Vec::new() };
    let view = View { levels: [level].into_iter().collect() };
    let mut load = Block::default();
    for (n, &(_, dtype)) in results.iter().enumerate() {
        let arg = first.argument(Source::Piece(n), Arg { dtype, access: Access::Write });
        first.kernel.body.code.push(Instruction { dtype, value: Value::Accumulator(n) });
        first.kernel.stores.push(Store { arg, value: n });
        let arg = second.argument(Source::Piece(n), Arg { dtype, access: Access::Read });
        load.code.push(Instruction { dtype, value: Value::Load { arg, view: view.clone() } });
        load.results.push(n);
    }
    second.kernel.kind = KernelKind::Reduce { load, folds: results.iter().map(|&(fold, _)| fold).collect() };
    second.kernel.reduced = [cut.pieces].into_iter().collect();
    second.kernel.body = second.adopt(&kernel.body, &kernel.args);
    for store in 0..kernel.stores.len() {
        let arg = kernel.stores[store].arg;
        second.kernel.stores[store].arg = second.argument(Source::Argument(arg), kernel.args[arg]);
    }
    Some([first, second])
}

/// One reduced axis cut into pieces, which become the outermost axis of the output.
struct Cut {
    /// The iteration space of the first kernel.
    space: Shape,
    /// Axis of `reduced`, and its place in the index of the views.
    axis: usize,
    place: usize,
    size: usize,
    pieces: usize,
    /// Elements of a piece; the last one may have fewer.
    len: usize,
}

impl Cut {
    fn choose(kernel: &Kernel) -> Option<Cut> {
        let (outputs, folded) = (numel(&kernel.out).max(1), numel(&kernel.reduced));
        let wanted = match &kernel.kind {
            KernelKind::Reduce { folds, .. } => {
                let positions = folds.iter().any(|fold| matches!(fold, Fold::ArgMax | Fold::ArgMin));
                if positions { 1 } else { (MANY_INVOCATIONS / WORKGROUP / outputs).min(folded / LEAST_FOLDED) }
            }
            KernelKind::Contract { roles, .. } => {
                (MANY_WORKGROUPS / contract::workgroups(kernel, roles)).min(folded / LEAST_DEPTH)
            }
            KernelKind::Map
            | KernelKind::Rows { .. }
            | KernelKind::Scatter { .. }
            | KernelKind::Scan { .. }
            | KernelKind::Sort { .. }
            | KernelKind::Linalg { .. } => 1,
        };
        let (axis, &size) = kernel.reduced.iter().enumerate().max_by_key(|&(_, &size)| size)?;
        let most = wanted.min(size);
        if most < 2 {
            return None;
        }
        // Pieces of equal length need no test of whether an element exists.
        let pieces = (most / 2 + 1..=most).rev().find(|&pieces| size.is_multiple_of(pieces)).unwrap_or(most);
        let (place, len) = (kernel.out.len() + axis, size.div_ceil(pieces));
        let pieces = size.div_ceil(len);
        let mut space: Shape = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        space[place] = len;
        space.insert(0, pieces);
        Some(Cut { space, axis, place, size, pieces, len })
    }

    /// The code as one piece runs it. Elements beyond the end of the axis count as the start value of result n's fold.
    fn apply(&self, mut block: Block, fold: impl Fn(usize) -> Fold) -> Block {
        let exact = self.pieces * self.len == self.size;
        for instruction in &mut block.code {
            let is_valid = matches!(instruction.value, Value::Valid { .. });
            if let Some(view) = instruction.value.view_mut() {
                self.cut_level(&mut view.levels[0], exact, is_valid);
            }
        }
        if exact {
            return block;
        }
        let strides = Coefs::from_elem(0, self.space.len());
        let level = Level { shape: self.space.clone(), strides, offset: 0, guards: vec![self.end()] };
        let view = View { levels: [level].into_iter().collect() };
        for instruction in &mut block.code {
            instruction.value.operands_mut().into_iter().for_each(|operand| *operand += 1);
            if let Value::Check { valid, .. } = &mut instruction.value {
                valid.get_or_insert(0);
            }
        }
        block.code.insert(0, Instruction { dtype: DType::Bool, value: Value::Valid { view } });
        for n in 0..block.results.len() {
            let value = block.results[n] + 1;
            let dtype = block.code[value].dtype;
            block.code.push(Instruction { dtype, value: Value::Constant(start(fold(n), dtype)) });
            let operands = vec![0, value, block.code.len() - 1];
            block.results[n] = block.code.len();
            block.code.push(Instruction { dtype, value: Value::Elementwise { op: Elementwise::Where, operands } });
        }
        block
    }

    /// Splits the axis in a view's first level; unless the cut is exact, `is_valid` makes it fail beyond the end of the axis.
    fn cut_level(&self, level: &mut Level, exact: bool, is_valid: bool) {
        let coefs = std::iter::once(&mut level.strides).chain(level.guards.iter_mut().map(|guard| &mut guard.coefs));
        let mut varies = false;
        for coefs in coefs {
            varies |= coefs[self.place] != 0;
            coefs.insert(0, coefs[self.place] * self.len as i64);
        }
        level.shape = self.space.clone();
        if (varies || is_valid) && !exact {
            level.guards.push(self.end());
        }
    }

    /// Holds for elements before the end of the axis.
    fn end(&self) -> Guard {
        let mut coefs = Coefs::from_elem(0, self.space.len());
        (coefs[0], coefs[self.place + 1]) = (self.len as i64, 1);
        Guard { coefs, offset: 0, divisor: 1, bound: self.size as i64, stride: 0 }
    }
}

/// What a fold of `dtype` starts from.
fn start(fold: Fold, dtype: DType) -> Scalar {
    let (least, greatest) = match dtype {
        DType::Bool => (Scalar::int(0, dtype), Scalar::int(1, dtype)),
        DType::I32 => (Scalar::int(i32::MIN as i64, dtype), Scalar::int(i32::MAX as i64, dtype)),
        DType::U32 => (Scalar::int(0, dtype), Scalar::int(u32::MAX as i64, dtype)),
        _ => (Scalar::float(f64::NEG_INFINITY, dtype), Scalar::float(f64::INFINITY, dtype)),
    };
    match fold {
        Fold::Sum => Scalar::int(0, dtype),
        Fold::Product => Scalar::int(1, dtype),
        Fold::Max | Fold::ArgMax => least,
        Fold::Min | Fold::ArgMin => greatest,
    }
}
