//! Splits long sums with few results in two kernels, so that they fill the device: the first folds pieces of the reduced
//! axes into working memory, the second folds the pieces. How is a matter of sizes alone, so results repeat bit for bit.
//! Kernels that produce single elements of words are split as well, as are those that have too many buffers for working
//! memory of their own: a map takes what they leave in working memory.

use rutile_core::dtype::{DType, Kind, Scalar};
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::{
    Access, Arg, Block, BufferRef, BufferSpec, Fold, Instruction, Kernel, KernelKind, Launch, Plan, Role, RowStore,
    Store, Value,
};
use rutile_core::shape::{Coefs, Shape, contiguous_strides, numel};
use rutile_core::view::{Guard, Level, View};

use crate::stage::{Source, Stage};
use crate::value::register;
use crate::wgsl::WORKGROUP;
use crate::{Limits, contract, cooperative, packed, rows, segments, tune};

/// Invocations that fill a large device, as a power of two.
const MANY_INVOCATIONS: usize = 65536;
/// Workgroups of a product that fill a large device.
const MANY_WORKGROUPS: usize = 128;
/// Least elements of a piece of a reduction, and least depth of a piece of a product: less is not worth a second kernel.
const LEAST_FOLDED: usize = 2048;
const LEAST_DEPTH: usize = 512;

/// The plan with its long sums split, its kernels in simplified form.
pub fn split(plan: &Plan, limits: &Limits) -> Plan {
    let max_buffers = limits.max_buffers;
    let mut plan = plan.clone();
    let own = plan.temporaries.len();
    let originals = std::mem::take(&mut plan.kernels);
    let mut passes: Vec<Vec<(usize, Vec<Source>)>> = Vec::new();
    for kernel in &originals {
        let kernel = crate::prepare(kernel);
        let buffers = |stage: &Stage| stage.kernel.args.len() + stage.kernel.has_checks() as usize;
        let have_room = |stages: &Vec<Stage>| stages.iter().all(|stage| buffers(stage) <= max_buffers);
        let pieces = match &kernel.kind {
            KernelKind::Horizontal { parts } => parts_in_pieces(parts, limits),
            _ => in_pieces(&kernel, limits).map(Vec::from),
        };
        let stages = match pieces.filter(have_room) {
            Some(stages) => stages,
            None if writes_whole_words(&kernel) && segments::have_room(&kernel, max_buffers) => {
                vec![Stage::whole(kernel)]
            }
            None => match &kernel.kind {
                KernelKind::Rows { stores, .. } => rows_in_words(&kernel, stores),
                _ => Vec::from(in_words(&kernel)),
            },
        };
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
            let kernel = &plan.kernels[*kernel];
            for (arg, elements) in kernel.written() {
                if let Source::Piece(n) = sources[arg] {
                    let empty = BufferSpec { dtype: DType::F32, len: 0 };
                    plan.temporaries.resize(plan.temporaries.len().max(own + n + 1), empty);
                    let bytes = elements * kernel.args[arg].dtype.size();
                    let len = &mut plan.temporaries[own + n].len;
                    *len = bytes.div_ceil(DType::F32.size()).max(*len);
                }
            }
        }
    }
    plan
}

/// Whether the kernel's invocations can store whole words; scatters, scans and sorts produce single elements.
fn writes_whole_words(kernel: &Kernel) -> bool {
    let single = packed::lanes(kernel) == 1;
    match &kernel.kind {
        KernelKind::Map | KernelKind::Reduce { .. } | KernelKind::Horizontal { .. } => true,
        KernelKind::Rows { stores, .. } => rows::has_whole_words(kernel, stores),
        KernelKind::Contract { roles, .. } => single || contract::has_whole_words(kernel, roles),
        KernelKind::Scatter { .. }
        | KernelKind::Scan { .. }
        | KernelKind::Sort { .. }
        | KernelKind::Attention { .. }
        | KernelKind::Linalg { .. } => single,
    }
}

/// The kernel with each result in a word of its own, and a map that runs the body and packs what it gives.
fn in_words(kernel: &Kernel) -> [Stage; 2] {
    let is_result = |instruction: &&Instruction| instruction.value == Value::Accumulator(0);
    let result = kernel.body.code.iter().find(is_result).expect("the body reads the result").clone();
    let dtype = packed::working(result.dtype);

    let bare = Kernel { body: Block::default(), stores: Vec::new(), ..kernel.clone() };
    let mut first = Stage::of(&bare);
    let blocks: Vec<Block> = bare.blocks().into_iter().map(|block| first.adopt(block, &kernel.args)).collect();
    first.kernel.blocks_mut().into_iter().zip(blocks).for_each(|(place, block)| *place = block);
    first.kernel.body.code.push(result.clone());
    if result.dtype == DType::Bool {
        first.kernel.body.code.push(Instruction { dtype, value: Value::Cast(0) });
    }
    let arg = first.argument(Source::Piece(0), Arg { dtype, access: Access::Write });
    first.kernel.stores.push(Store { arg, value: first.kernel.body.code.len() - 1 });

    let mut second = Stage::of(kernel);
    second.kernel.kind = KernelKind::Map;
    second.kernel.reduced = Shape::new();
    second.kernel.body = second.adopt(&kernel.body, &kernel.args);
    let arg = second.argument(Source::Piece(0), Arg { dtype, access: Access::Read });
    for instruction in second.kernel.body.code.iter_mut().filter(|instruction| is_result(&&**instruction)) {
        instruction.value = Value::Load { arg, view: View::contiguous(&kernel.out) };
    }
    second.adopt_stores(kernel);
    [first, second]
}

/// The rows kernel with each element of packed ones in a word of its own, and a map that packs them.
fn rows_in_words(kernel: &Kernel, stores: &[RowStore]) -> Vec<Stage> {
    let packed = |store: &RowStore| packed::per_word(kernel.args[store.arg].dtype) > 1;
    let whole: Vec<usize> = (0..stores.len()).filter(|&n| !packed(&stores[n])).collect();
    let apart: Vec<usize> = (0..stores.len()).filter(|&n| packed(&stores[n])).collect();
    let overwrites = |n: &&usize| kernel.args[stores[**n].arg].access == Access::ReadWrite;
    // Working memory beside one overwritten argument is all that buffers are sure to be left for.
    let at_once = if apart.iter().filter(overwrites).count() > 1 { 1 } else { apart.len() };
    let mut stages: Vec<Stage> = Vec::new();
    let mut rest = apart.chunks(at_once).peekable();
    while let Some(pieces) = rest.next() {
        // The last one may overwrite what the others read.
        let is_last = rest.peek().is_none();
        stages.push(rows_to_pieces(kernel, if is_last { &whole } else { &[] }, pieces, is_last));
    }
    stages.extend(apart.iter().map(|&n| pack(kernel, &stores[n], n)));
    stages
}

/// The rows kernel with the given stores, those of `pieces` to working memory, and of the results for each row or not.
fn rows_to_pieces(kernel: &Kernel, whole: &[usize], pieces: &[usize], results: bool) -> Stage {
    let KernelKind::Rows { stores, .. } = &kernel.kind else { unreachable!("the caller has looked") };
    let mut stage = Stage::of(kernel);
    let blocks: Vec<Block> = kernel.blocks().into_iter().map(|block| stage.adopt(block, &kernel.args)).collect();
    stage.kernel.blocks_mut().into_iter().zip(blocks).for_each(|(place, block)| *place = block);
    match results {
        true => stage.adopt_stores(kernel),
        false => (stage.kernel.body, stage.kernel.stores) = (Block::default(), Vec::new()),
    }
    let mut own = Vec::new();
    for &n in whole {
        let arg = stage.argument(Source::Argument(stores[n].arg), kernel.args[stores[n].arg]);
        own.push(RowStore { arg, ..stores[n].clone() });
    }
    for &n in pieces {
        let dtype = packed::working(kernel.args[stores[n].arg].dtype);
        let arg = stage.argument(Source::Piece(n), Arg { dtype, access: Access::Write });
        own.push(RowStore { arg, ..stores[n].clone() });
    }
    let KernelKind::Rows { each, stores, .. } = &mut stage.kernel.kind else { unreachable!("as above") };
    for store in &mut own {
        if each.code[store.value].dtype == DType::Bool {
            each.code.push(Instruction { dtype: packed::working(DType::Bool), value: Value::Cast(store.value) });
            store.value = each.code.len() - 1;
        }
    }
    *stores = own;
    stage
}

/// A map from working memory to the argument of a rows kernel's store.
fn pack(kernel: &Kernel, store: &RowStore, n: usize) -> Stage {
    let count: Shape = [numel(&kernel.out) * numel(&kernel.reduced)].into_iter().collect();
    let arg = kernel.args[store.arg];
    let mut stage = Stage::of(kernel);
    let piece = Arg { dtype: packed::working(arg.dtype), access: Access::Read };
    let value = Value::Load { arg: stage.argument(Source::Piece(n), piece), view: View::contiguous(&count) };
    let body = Block { code: vec![Instruction { dtype: arg.dtype, value }], results: Vec::new() };
    let store = Store { arg: stage.argument(Source::Argument(store.arg), arg), value: 0 };
    let kernel =
        Kernel { kind: KernelKind::Map, out: count, reduced: Shape::new(), body, stores: vec![store], ..stage.kernel };
    Stage { kernel, ..stage }
}

/// Kernels side by side, if any is worth splitting: those that fold pieces beside those that stay whole, then those that fold
/// the pieces.
fn parts_in_pieces(parts: &[Kernel], limits: &Limits) -> Option<Vec<Stage>> {
    let (mut first, mut second, mut pieces) = (Vec::new(), Vec::new(), 0);
    for part in parts {
        match in_pieces(part, limits) {
            None => first.push(Stage::of_used(part.clone())),
            Some([mut a, mut b]) => {
                for source in a.sources.iter_mut().chain(&mut b.sources) {
                    if let Source::Piece(n) = source {
                        *n += pieces;
                    }
                }
                pieces += part.folds();
                first.push(a);
                second.push(b);
            }
        }
    }
    (!second.is_empty()).then(|| vec![Stage::beside(first), Stage::beside(second)])
}

/// Both kernels, if the split is worth it.
fn in_pieces(kernel: &Kernel, limits: &Limits) -> Option<[Stage; 2]> {
    let cut = Cut::choose(kernel, limits)?;
    let [mut first, mut second] = [Stage::of(kernel), Stage::of(kernel)];
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
        | KernelKind::Attention { .. }
        | KernelKind::Linalg { .. }
        | KernelKind::Horizontal { .. } => {
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
        // As they are in registers: pieces of half-precision sums are not rounded.
        let piece = register(dtype);
        let arg = first.argument(Source::Piece(n), Arg { dtype: piece, access: Access::Write });
        first.kernel.body.code.push(Instruction { dtype, value: Value::Accumulator(n) });
        first.kernel.stores.push(Store { arg, value: n });
        let arg = second.argument(Source::Piece(n), Arg { dtype: piece, access: Access::Read });
        load.code.push(Instruction { dtype, value: Value::Load { arg, view: view.clone() } });
        load.results.push(n);
    }
    second.kernel.kind = KernelKind::Reduce { load, folds: results.iter().map(|&(fold, _)| fold).collect() };
    second.kernel.reduced = [cut.pieces].into_iter().collect();
    second.adopt_body(kernel);
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
    fn choose(kernel: &Kernel, limits: &Limits) -> Option<Cut> {
        let (outputs, folded) = (numel(&kernel.out).max(1), numel(&kernel.reduced));
        let wanted = match &kernel.kind {
            KernelKind::Reduce { folds, .. } => {
                let positions = folds.iter().any(|fold| matches!(fold, Fold::ArgMax | Fold::ArgMin));
                if positions { 1 } else { (MANY_INVOCATIONS / WORKGROUP / outputs).min(folded / LEAST_FOLDED) }
            }
            KernelKind::Contract { left, right, roles } => {
                let sizes = contract::Sizes::of(kernel, roles);
                // By the default tile, never by a measured one: a cut changes the order of sums.
                let workgroups = match cooperative::unit(left, right, &sizes, &limits.units) {
                    Some(_) => cooperative::workgroups(&sizes),
                    None => sizes.workgroups(tune::default_tile(&sizes, limits.tiles)),
                };
                (MANY_WORKGROUPS / workgroups).min(folded / LEAST_DEPTH)
            }
            KernelKind::Map
            | KernelKind::Rows { .. }
            | KernelKind::Scatter { .. }
            | KernelKind::Scan { .. }
            | KernelKind::Sort { .. }
            | KernelKind::Attention { .. }
            | KernelKind::Linalg { .. }
            | KernelKind::Horizontal { .. } => 1,
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
    let unused = 64 - 8 * dtype.size() as u32;
    let (least, greatest) = match dtype.kind() {
        Kind::Bool => (Scalar::int(0, dtype), Scalar::int(1, dtype)),
        Kind::Signed => (Scalar::int(i64::MIN >> unused, dtype), Scalar::int(i64::MAX >> unused, dtype)),
        Kind::Unsigned => (Scalar::int(0, dtype), Scalar::int(-1, dtype)),
        Kind::Float => (Scalar::float(f64::NEG_INFINITY, dtype), Scalar::float(f64::INFINITY, dtype)),
    };
    match fold {
        Fold::Sum => Scalar::int(0, dtype),
        Fold::Product => Scalar::int(1, dtype),
        Fold::Max | Fold::ArgMax => least,
        Fold::Min | Fold::ArgMin => greatest,
    }
}
