//! From groups of nodes to kernels: views are pushed down to the loads, everything else becomes straight-line code.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::emit::Emitter;
use super::frame::{Frame, RowFrame, cut_coefs};
use super::graph::{Graph, Kind, Node};
use super::group::{Core, Group};
use crate::dtype::{DType, Scalar};
use crate::kernel::{Access, Arg, Block, Instruction, Kernel, KernelKind, Operand, RowStep, RowStore, Store, Value};
use crate::shape::{Axes, Coefs, Shape, contiguous_strides, numel};
use crate::tensor::Op;
use crate::view::{View, Walk};

/// A buffer before memory is planned: an input of the plan, or the stored value of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Buffer {
    Input(usize),
    Node(usize),
}

/// A kernel with the buffers that its arguments stand for and the plan scalars that its scalars stand for.
pub(crate) struct Lowered {
    pub kernel: Kernel,
    pub buffers: Vec<Buffer>,
    pub scalars: Vec<usize>,
    /// Stored nodes that it waits for without reading them.
    pub after: Vec<usize>,
}

pub(crate) fn lower(graph: &Graph, stored: &[bool], group: &Group) -> Lowered {
    let (lowered, cuts) = lower_over(graph, stored, group, None);
    let Kernel { kind, out, reduced, .. } = &lowered.kernel;
    let space: Shape = match kind {
        KernelKind::Map => out.clone(),
        KernelKind::Contract { .. } if !is_dot(graph, group) => out.clone(),
        KernelKind::Contract { .. } | KernelKind::Reduce { .. } | KernelKind::Rows { .. } => {
            out.iter().chain(reduced).copied().collect()
        }
        _ => return lowered,
    };
    let Some(pieces) = pieces(&space, &cuts) else { return lowered };
    let levels = |lowered: &Lowered| {
        lowered.kernel.blocks().into_iter().flat_map(Block::views).map(|view| view.levels.len() - 1).sum::<usize>()
    };
    let cut = lower_over(graph, stored, group, Some(&pieces)).0;
    if levels(&cut) < levels(&lowered) { cut } else { lowered }
}

/// Whether the group is a product of matrices, whose inner axis may be cut; taps of a convolution are not.
fn is_dot(graph: &Graph, group: &Group) -> bool {
    matches!(&group.core, Core::Heavy(heavy, _) if matches!(graph.nodes[*heavy].op(), Some(Op::Dot)))
}

/// The kernel of a group with the axes of its iteration space cut into pieces, and the cuts that would spare its views a level.
fn lower_over(
    graph: &Graph,
    stored: &[bool],
    group: &Group,
    pieces: Option<&[Axes]>,
) -> (Lowered, FxHashSet<(usize, usize)>) {
    let mut lowering = Lowering {
        graph,
        stored,
        group,
        accumulators: FxHashMap::default(),
        args: Vec::new(),
        buffers: Vec::new(),
        scalars: Vec::new(),
        cuts: FxHashSet::default(),
    };
    let mut own = group.stored.clone();
    let (out, reduced, kind) = match &group.core {
        Core::Map => {
            let shape = &graph.nodes[own[0]].shape;
            let out = pieces.map_or_else(|| shape.clone(), |pieces| pieces.iter().flatten().copied().collect());
            (out, Shape::new(), KernelKind::Map)
        }
        Core::Heavy(heavy, frame) => {
            let (kept, folded) = pieces.map_or((None, &[][..]), |pieces| {
                let (kept, folded) = pieces.split_at(frame.out.len());
                (Some(kept), folded)
            });
            let frame = kept.map_or(Cow::Borrowed(frame), |pieces| Cow::Owned(frame.cut(pieces)));
            lowering.accumulators.insert(*heavy, 0);
            let (reduced, kind) = lowering.heavy(*heavy, &frame, folded);
            (frame.out.clone(), reduced, kind)
        }
        Core::Rows(frame) => {
            // What is stored for each element is no business of the body.
            own.retain(|&n| numel(&graph.nodes[n].shape) == numel(&frame.out()));
            let whole = || frame.vars().iter().map(|&size| Axes::from_elem(size, 1)).collect();
            lowering.rows(frame, &pieces.map_or_else(whole, <[Axes]>::to_vec))
        }
    };
    let mut body = Emitter::new(&mut lowering);
    let mut values = Vec::new();
    for &n in &own {
        let mut walk = Walk::start(&out);
        walk.reshape(&graph.nodes[n].shape);
        values.push(body.root(n, walk));
    }
    let body = body.finish(Vec::new());
    let stores = own.iter().zip(values).map(|(&n, value)| Store { arg: lowering.stored_arg(n), value });
    let stores = stores.collect();
    let scalars: Vec<DType> = lowering.scalars.iter().map(|&(_, dtype)| dtype).collect();
    let kernel = Kernel { kind, out, reduced, args: lowering.args, scalars, body, stores };
    let scalars = lowering.scalars.into_iter().map(|(slot, _)| slot).collect();
    (Lowered { kernel, buffers: lowering.buffers, scalars, after: group.after.clone() }, lowering.cuts)
}

/// The sizes of the axes that each axis becomes by the given cuts, as far as they go into each other.
fn pieces(out: &[usize], cuts: &FxHashSet<(usize, usize)>) -> Option<Vec<Axes>> {
    let mut any = false;
    let of_axis = |(axis, &extent): (usize, &usize)| {
        let mut sizes: Vec<usize> = cuts.iter().filter(|cut| cut.0 == axis).map(|cut| cut.1).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let (mut pieces, mut rest) = (Axes::new(), extent);
        for size in sizes.into_iter().filter(|size| extent % size == 0) {
            if rest % size == 0 && rest > size {
                pieces.push(rest / size);
                rest = size;
                any = true;
            }
        }
        pieces.push(rest);
        pieces
    };
    let pieces = out.iter().enumerate().map(of_axis).collect();
    any.then_some(pieces)
}

pub(super) struct Lowering<'a> {
    pub graph: &'a Graph,
    stored: &'a [bool],
    group: &'a Group,
    /// The number of each reduction's, product's or scan's result.
    pub accumulators: FxHashMap<usize, usize>,
    args: Vec<Arg>,
    buffers: Vec<Buffer>,
    scalars: Vec<(usize, DType)>,
    /// Axes of the output, and into what pieces they would have to be cut for views to need fewer levels.
    pub cuts: FxHashSet<(usize, usize)>,
}

impl Lowering<'_> {
    pub fn arg(&mut self, buffer: Buffer, dtype: DType, access: Access) -> usize {
        match self.buffers.iter().position(|&known| known == buffer) {
            Some(arg) => arg,
            None => {
                self.buffers.push(buffer);
                self.args.push(Arg { dtype, access });
                self.args.len() - 1
            }
        }
    }

    /// The argument that takes the node's value.
    fn stored_arg(&mut self, n: usize) -> usize {
        self.arg(Buffer::Node(n), self.graph.nodes[n].dtype, Access::Write)
    }

    /// Whether the node's value lies in a buffer that another kernel has filled.
    pub fn is_loaded(&self, n: usize) -> bool {
        matches!(self.graph.nodes[n].kind, Kind::Input(_)) || (self.stored[n] && !self.group.stored.contains(&n))
    }

    pub fn buffer(&self, n: usize) -> Buffer {
        match self.graph.nodes[n].kind {
            Kind::Input(input) => Buffer::Input(input),
            _ => Buffer::Node(n),
        }
    }

    pub fn scalar(&mut self, slot: usize, dtype: DType) -> usize {
        match self.scalars.iter().position(|&(known, _)| known == slot) {
            Some(n) => n,
            None => {
                self.scalars.push((slot, dtype));
                self.scalars.len() - 1
            }
        }
    }

    /// The kept and the reduced axes of rows, cut into pieces, and the steps that rows go through.
    fn rows(&mut self, frame: &RowFrame, pieces: &[Axes]) -> (Shape, Shape, KernelKind) {
        let graph = self.graph;
        let sizes = |pieces: &[Axes]| pieces.iter().flatten().copied().collect::<Shape>();
        let (kept, folded) = pieces.split_at(pieces.len() - frame.axes.len());
        let (vars, out, reduced) = (sizes(pieces), sizes(kept), sizes(folded));
        // The place of each axis of the shape in the index of the kernel.
        let order: Axes = frame.kept().chain(frame.axes.iter().copied()).collect();
        let reads = (0..frame.shape.len()).map(|axis| {
            let coefs: Coefs = order.iter().map(|&other| (other == axis) as i64).collect();
            (cut_coefs(&coefs, pieces), 0, 1)
        });
        let walk = Walk::project(&vars, &frame.shape, reads.collect());
        let elements = |n: &usize| graph.nodes[*n].shape == frame.shape;
        let wide: Vec<usize> = self.group.stored.iter().copied().filter(elements).collect();
        let turns = self.reductions_in_turn();
        // One pass that stores nothing for each element is a plain reduction.
        let is_plain = turns.len() == 1 && wide.is_empty();
        let mut rows = RowValues::default();
        for reductions in turns {
            let (mut loads, mut folds) = (Vec::new(), Vec::new());
            let mut emitter = Emitter::new(self);
            for &n in &reductions {
                let node = &graph.nodes[n];
                let Some(Op::Reduce { fold, .. }) = node.op() else { unreachable!("rows are made of reductions") };
                loads.push(emitter.emit(node.inputs[0], walk.clone()));
                folds.push(*fold);
            }
            let load = emitter.finish(loads);
            if is_plain {
                self.accumulators.extend(reductions.into_iter().zip(0..));
                return (out, reduced, KernelKind::Reduce { load, folds });
            }
            let load = rows.lift(load, &mut Vec::new(), out.len());
            self.accumulators.extend(reductions.into_iter().zip(rows.results..));
            rows.results += folds.len();
            rows.steps.push(RowStep::Fold { load, folds });
        }
        let mut emitter = Emitter::new(self);
        let mut values: Vec<usize> = wide.iter().map(|&n| emitter.root(n, walk.clone())).collect();
        let each = rows.lift(emitter.finish(Vec::new()), &mut values, out.len());
        let own = contiguous_strides(&frame.shape);
        let strides = cut_coefs(&order.iter().map(|&axis| own[axis]).collect::<Coefs>(), pieces);
        let stores = wide.iter().zip(values).map(|(&n, value)| {
            let arg = self.stored_arg(n);
            RowStore { arg, value, strides: strides.clone() }
        });
        let stores = stores.collect();
        (out, reduced, KernelKind::Rows { steps: rows.steps, each, stores })
    }

    /// The reductions of the group, those first whose operands need no other's result.
    fn reductions_in_turn(&self) -> Vec<Vec<usize>> {
        let mut turn: FxHashMap<usize, usize> = FxHashMap::default();
        let mut turns: Vec<Vec<usize>> = Vec::new();
        let mut stack: Vec<(usize, bool)> = self.group.stored.iter().map(|&n| (n, false)).collect();
        while let Some((n, expanded)) = stack.pop() {
            let node = &self.graph.nodes[n];
            if expanded {
                let before = node.inputs.iter().filter_map(|input| turn.get(input)).max().copied().unwrap_or(0);
                let reduces = matches!(node.op(), Some(Op::Reduce { .. }));
                if reduces {
                    turns.resize(turns.len().max(before + 1), Vec::new());
                    turns[before].push(n);
                }
                turn.insert(n, before + reduces as usize);
            } else if !turn.contains_key(&n) && !self.is_loaded(n) {
                stack.push((n, true));
                stack.extend(node.inputs.iter().map(|&input| (input, false)));
            }
        }
        turns.iter_mut().for_each(|turn| {
            turn.sort_unstable();
            turn.dedup();
        });
        turns
    }

    /// The reduced axes of a heavy node and the code that loads what it combines; the axes that a reduction or a product
    /// sums over may be cut into pieces.
    fn heavy(&mut self, heavy: usize, Frame { out, axes, roles }: &Frame, folded: &[Axes]) -> (Shape, KernelKind) {
        let graph = self.graph;
        let node = &graph.nodes[heavy];
        let index = |reduced: &Shape| {
            let whole = || reduced.iter().map(|&size| Axes::from_elem(size, 1)).collect();
            Index::new(out, axes, if folded.is_empty() { whole() } else { folded.to_vec() })
        };
        match node.op() {
            Some(Op::Reduce { fold, axes: reduced_axes, .. }) => {
                let input = &graph.nodes[node.inputs[0]];
                let index = index(&reduced_axes.iter().map(|&axis| input.shape[axis]).collect());
                let (mut kept, mut taken) = (0, 0);
                let reads = (0..input.shape.len()).map(|axis| {
                    if reduced_axes.contains(&axis) {
                        taken += 1;
                        index.reduced(taken - 1)
                    } else {
                        kept += 1;
                        index.axis(kept - 1)
                    }
                });
                let walk = Walk::project(&index.vars, &input.shape, reads.collect());
                let load = self.factor(node.inputs[0], walk);
                (index.reduced_axes(), KernelKind::Reduce { load, folds: vec![*fold] })
            }
            Some(Op::Scatter { axis }) => {
                let (value, position) = (node.inputs[0], node.inputs[1]);
                let shape = &graph.nodes[value].shape;
                let reduced: Shape = [shape[*axis]].into_iter().collect();
                let index = index(&reduced);
                let reads = |a: usize| if a == *axis { index.reduced(0) } else { index.axis(a) };
                let walk = Walk::project(&index.vars, shape, (0..shape.len()).map(reads).collect());
                let mut emitter = Emitter::new(self);
                let results = vec![emitter.emit(position, walk.clone()), emitter.emit(value, walk)];
                (reduced, KernelKind::Scatter { load: emitter.finish(results), axis: *axis })
            }
            Some(Op::Scan { fold }) => {
                let load = self.factor(node.inputs[0], Walk::start(out));
                (Shape::new(), KernelKind::Scan { load, fold: *fold })
            }
            Some(Op::Sort { descending }) => {
                let load = self.factor(node.inputs[0], Walk::start(out));
                (Shape::new(), KernelKind::Sort { load, descending: *descending })
            }
            Some(Op::Attention(spec)) => {
                (Shape::new(), KernelKind::Attention { spec: *spec, operands: self.operands(node) })
            }
            Some(Op::Linalg(routine)) => {
                (Shape::new(), KernelKind::Linalg { routine: *routine, operands: self.operands(node) })
            }
            Some(Op::Dot) => {
                let (a, b) = (node.inputs[0], node.inputs[1]);
                let rank = node.shape.len();
                let reduced: Shape = [graph.nodes[a].shape[rank - 1]].into_iter().collect();
                let index = index(&reduced);
                let batch: Vec<_> = (0..rank - 2).map(|axis| index.axis(axis)).collect();
                let with = |tail: [(Coefs, i64, i64); 2]| batch.iter().cloned().chain(tail).collect();
                let left =
                    Walk::project(&index.vars, &graph.nodes[a].shape, with([index.axis(rank - 2), index.reduced(0)]));
                let right =
                    Walk::project(&index.vars, &graph.nodes[b].shape, with([index.reduced(0), index.axis(rank - 1)]));
                let (left, right) = (self.factor(a, left), self.factor(b, right));
                (index.reduced_axes(), KernelKind::Contract { left, right, roles: roles.to_vec() })
            }
            Some(Op::Conv(spec)) => {
                let (x, w) = (node.inputs[0], node.inputs[1]);
                let weight = &graph.nodes[w].shape;
                let reduced: Shape = weight[1..].into();
                let index = index(&reduced);
                let (filter, channel, first_spatial) = if spec.groups > 1 {
                    let filters = (weight[0] / spec.groups) as i64;
                    (
                        index.combine(&[(index.axis(1), filters), (index.axis(2), 1)], 0, 1),
                        index.combine(&[(index.axis(1), weight[1] as i64), (index.reduced(0), 1)], 0, 1),
                        3,
                    )
                } else {
                    (index.axis(1), index.reduced(0), 2)
                };
                let mut input = vec![index.axis(0), channel];
                let mut taps = vec![filter, index.reduced(0)];
                for (axis, rule) in spec.axes.iter().enumerate() {
                    let position = (index.axis(first_spatial + axis), rule.stride as i64);
                    let tap = (index.reduced(1 + axis), rule.dilation as i64);
                    input.push(index.combine(&[position, tap], -rule.before, rule.input_dilation as i64));
                    taps.push(index.reduced(1 + axis));
                }
                let left = Walk::project(&index.vars, weight, taps);
                let right = Walk::project(&index.vars, &graph.nodes[x].shape, input);
                let (left, right) = (self.factor(w, left), self.factor(x, right));
                (reduced, KernelKind::Contract { left, right, roles: roles.to_vec() })
            }
            _ => unreachable!("only heavy nodes have a frame"),
        }
    }

    /// The inputs of a node whole, each by an index of its own.
    fn operands(&mut self, node: &Node) -> Vec<Operand> {
        let operand = |&n: &usize| {
            let shape = self.graph.nodes[n].shape.clone();
            Operand { load: self.factor(n, Walk::start(&shape)), shape }
        };
        node.inputs.iter().map(operand).collect()
    }

    /// What is read of an operand; zero where a guard of the walk fails.
    fn factor(&mut self, node: usize, walk: Walk) -> Block {
        let dtype = self.graph.nodes[node].dtype;
        let mut emitter = Emitter::new(self);
        let value = emitter.emit(node, walk.clone());
        let value = emitter.filled(node, dtype, value, walk, Scalar::int(0, dtype));
        emitter.finish(vec![value])
    }
}

/// Expressions over a heavy kernel's whole index: its output axes, then its reduced ones.
struct Index<'a> {
    vars: Shape,
    axes: &'a [(Coefs, i64)],
    /// The axes that each reduced axis consists of.
    pieces: Vec<Axes>,
}

impl Index<'_> {
    fn new<'a>(out: &[usize], axes: &'a [(Coefs, i64)], pieces: Vec<Axes>) -> Index<'a> {
        Index { vars: out.iter().chain(pieces.iter().flatten()).copied().collect(), axes, pieces }
    }

    fn reduced_axes(&self) -> Shape {
        self.pieces.iter().flatten().copied().collect()
    }

    /// Axis n of the heavy node.
    fn axis(&self, n: usize) -> (Coefs, i64, i64) {
        let (coefs, offset) = &self.axes[n];
        let mut coefs = coefs.clone();
        coefs.resize(self.vars.len(), 0);
        (coefs, *offset, 1)
    }

    /// Reduced axis n.
    fn reduced(&self, n: usize) -> (Coefs, i64, i64) {
        let own: Coefs = (0..self.pieces.len()).map(|other| (other == n) as i64).collect();
        let folded = cut_coefs(&own, &self.pieces);
        let mut coefs = Coefs::from_elem(0, self.vars.len() - folded.len());
        coefs.extend(folded);
        (coefs, 0, 1)
    }

    /// `(Σ term·factor + offset) / divisor`
    fn combine(&self, terms: &[((Coefs, i64, i64), i64)], offset: i64, divisor: i64) -> (Coefs, i64, i64) {
        let mut sum = (Coefs::from_elem(0, self.vars.len()), offset, divisor);
        for ((coefs, own, _), factor) in terms {
            sum.0.iter_mut().zip(coefs).for_each(|(s, c)| *s += c * factor);
            sum.1 += own * factor;
        }
        sum
    }
}

/// The steps of a rows kernel so far, and what is known of each row.
#[derive(Default)]
struct RowValues {
    steps: Vec<RowStep>,
    /// Results of all steps.
    results: usize,
    /// A number for each value of a row, by how it is computed from others, and its result, if some step has it for one.
    numbers: FxHashMap<Instruction, usize>,
    accumulators: Vec<Option<usize>>,
}

impl RowValues {
    /// Takes out of a block what is the same for all elements of a row, into a step of its own that runs once for each row,
    /// unless an earlier one has done so; such values become further results of the steps. `values` are those in use besides
    /// the block's results.
    fn lift(&mut self, block: Block, values: &mut [usize], rank: usize) -> Block {
        let code = &block.code;
        // Of each value: whether it is the same for a whole row, and whether finding it takes any work.
        let (mut of_row, mut works) = (vec![true; code.len()], vec![false; code.len()]);
        for (n, instruction) in code.iter().enumerate() {
            let operands = instruction.value.operands();
            let fixed =
                instruction.value.view().is_none_or(|view| (rank..view.shape().len()).all(|axis| view.ignores(axis)));
            of_row[n] = fixed && operands.iter().all(|&operand| of_row[operand]);
            let free = matches!(instruction.value, Value::Scalar(_) | Value::Constant(_) | Value::Accumulator(_));
            works[n] = !free
                && (instruction.value.view().is_some() || operands.iter().any(|&operand| !is_number(code, operand)));
        }
        let mut wanted = vec![false; code.len()];
        for (_, instruction) in code.iter().enumerate().filter(|(n, _)| !of_row[*n]) {
            let operands = instruction.value.operands();
            operands.iter().for_each(|&operand| wanted[operand] |= of_row[operand] && works[operand]);
        }
        block.results.iter().chain(values.iter()).for_each(|&value| wanted[value] |= of_row[value] && works[value]);
        if !wanted.contains(&true) {
            return block;
        }
        let (mut row, mut each) = (Block::default(), Block::default());
        // Of each value: its place in the step's code and in the rest, and its number among the values of rows.
        let [mut in_row, mut in_each, mut numbers] = [(); 3].map(|()| vec![usize::MAX; code.len()]);
        for (n, instruction) in code.iter().enumerate() {
            let of = |places: &[usize], mut own: Instruction| {
                own.value.operands_mut().into_iter().for_each(|operand| *operand = places[*operand]);
                own
            };
            let result = |number| Instruction { dtype: instruction.dtype, value: Value::Accumulator(number) };
            if of_row[n] {
                let mut own = instruction.clone();
                if let Some(view) = own.value.view_mut() {
                    let level = &mut view.levels[0];
                    level.shape.truncate(rank);
                    level.strides.truncate(rank);
                    level.guards.iter_mut().for_each(|guard| guard.coefs.truncate(rank));
                }
                numbers[n] = *self.numbers.entry(of(&numbers, own.clone())).or_insert(self.accumulators.len());
                if numbers[n] == self.accumulators.len() {
                    self.accumulators.push(None);
                }
                row.code.push(self.accumulators[numbers[n]].map_or_else(|| of(&in_row, own), result));
                in_row[n] = row.code.len() - 1;
            }
            if wanted[n] {
                let accumulator = self.accumulators[numbers[n]].unwrap_or_else(|| {
                    row.results.push(in_row[n]);
                    self.accumulators[numbers[n]] = Some(self.results);
                    self.results += 1;
                    self.results - 1
                });
                each.code.push(result(accumulator));
            } else if !of_row[n] || !works[n] {
                each.code.push(of(&in_each, instruction.clone()));
            } else {
                continue;
            }
            in_each[n] = each.code.len() - 1;
        }
        each.results = block.results.iter().map(|&value| in_each[value]).collect();
        values.iter_mut().for_each(|value| *value = in_each[*value]);
        each.drop_unused(values);
        if !row.results.is_empty() {
            row.drop_unused(&mut []);
            self.steps.push(RowStep::Compute(row));
        }
        each
    }
}

/// Whether a value is made of run-time scalars and constants alone.
fn is_number(code: &[Instruction], n: usize) -> bool {
    match &code[n].value {
        Value::Scalar(_) | Value::Constant(_) => true,
        Value::Elementwise { operands, .. } => operands.iter().all(|&operand| is_number(code, operand)),
        Value::Cast(operand) => is_number(code, *operand),
        _ => false,
    }
}

impl Lowered {
    /// Whether `arg` may be overwritten by the store to `stored`: every load of it reads, for the element that is stored, the
    /// element at the same address alone.
    pub fn reads_in_place(&self, arg: usize, stored: usize) -> bool {
        self.kernel.parts().iter().all(|part| {
            let stores = part.written().any(|(own, _)| own == stored);
            if stores { reads_in_place(part, arg, stored) } else { !part.reads(arg) }
        })
    }
}

fn reads_in_place(kernel: &Kernel, arg: usize, stored: usize) -> bool {
    let loads = |block: &Block, in_place: &dyn Fn(&View) -> bool| {
        block.code.iter().all(|instruction| match &instruction.value {
            Value::Load { arg: loaded, view } if *loaded == arg => in_place(view),
            Value::Gather { arg: loaded, .. } => *loaded != arg,
            _ => true,
        })
    };
    let never = |_: &View| false;
    let before = match &kernel.kind {
        KernelKind::Map => true,
        KernelKind::Reduce { load, .. }
        | KernelKind::Scatter { load, .. }
        | KernelKind::Scan { load, .. }
        | KernelKind::Sort { load, .. } => loads(load, &never),
        KernelKind::Contract { left, right, .. } => loads(left, &never) && loads(right, &never),
        KernelKind::Attention { operands, .. } | KernelKind::Linalg { operands, .. } => {
            operands.iter().all(|operand| loads(&operand.load, &never))
        }
        KernelKind::Rows { steps, each, stores } => {
            // Elements are overwritten by the invocation that holds them, a row's own values by the one that runs the body.
            let store = stores.iter().find(|store| store.arg == stored);
            let same = |view: &View| store.is_some_and(|store| view.is_plain(&store.strides));
            let steps = steps.iter().all(|step| match step {
                RowStep::Compute(block) => loads(block, &never),
                RowStep::Fold { load, .. } => loads(load, &same),
            });
            steps && loads(each, &same) && (store.is_none() || loads(&kernel.body, &never))
        }
        KernelKind::Horizontal { .. } => unreachable!("one of its parts"),
    };
    before && loads(&kernel.body, &View::is_contiguous)
}
