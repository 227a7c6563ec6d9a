//! The code of a block: views on the way to a load become the load's view, all else instructions.

use rustc_hash::FxHashMap;

use super::graph::Kind;
use super::lower::Lowering;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::kernel::{Access, Block, Instruction, Value};
use crate::shape::contiguous_strides;
use crate::tensor::Op;
use crate::view::{View, Walk};

/// Writes the code of one block.
pub(super) struct Emitter<'a, 'b> {
    lowering: &'a mut Lowering<'b>,
    code: Vec<Instruction>,
    known: FxHashMap<(usize, Walk), usize>,
    values: FxHashMap<Instruction, usize>,
}

impl<'a, 'b> Emitter<'a, 'b> {
    pub fn new(lowering: &'a mut Lowering<'b>) -> Emitter<'a, 'b> {
        Emitter { lowering, code: Vec::new(), known: FxHashMap::default(), values: FxHashMap::default() }
    }

    pub fn finish(self, results: Vec<usize>) -> Block {
        Block { code: self.code, results }
    }

    /// The view at the end of a walk.
    fn view(&mut self, walk: Walk) -> View {
        self.lowering.cuts.extend(walk.cuts());
        walk.finish()
    }

    /// Whether all guards of a walk hold.
    fn valid(&mut self, walk: Walk) -> usize {
        let view = self.view(walk);
        match view.existence() {
            Some(exists) => self.push(DType::Bool, Value::Constant(Scalar::int(exists as i64, DType::Bool))),
            None => self.push(DType::Bool, Value::Valid { view }),
        }
    }

    fn push(&mut self, dtype: DType, value: Value) -> usize {
        let instruction = Instruction { dtype, value };
        if let Some(&known) = self.values.get(&instruction) {
            return known;
        }
        self.code.push(instruction.clone());
        self.values.insert(instruction, self.code.len() - 1);
        self.code.len() - 1
    }

    /// A node that this kernel stores: computed here, not loaded.
    pub fn root(&mut self, n: usize, walk: Walk) -> usize {
        if let Some(&value) = self.known.get(&(n, walk.clone())) {
            return value;
        }
        let value = self.compute(n, walk.clone());
        self.known.insert((n, walk), value);
        value
    }

    pub fn emit(&mut self, n: usize, walk: Walk) -> usize {
        if let Some(&value) = self.known.get(&(n, walk.clone())) {
            return value;
        }
        let graph = self.lowering.graph;
        let node = &graph.nodes[n];
        let value = if self.lowering.is_loaded(n) {
            let view = self.view(walk.clone());
            if view.existence() == Some(false) {
                self.push(node.dtype, Value::Constant(Scalar::int(0, node.dtype)))
            } else {
                let arg = self.lowering.arg(self.lowering.buffer(n), node.dtype, Access::Read);
                self.push(node.dtype, Value::Load { arg, view })
            }
        } else {
            self.compute(n, walk.clone())
        };
        self.known.insert((n, walk), value);
        value
    }

    fn compute(&mut self, n: usize, mut walk: Walk) -> usize {
        let graph = self.lowering.graph;
        let node = &graph.nodes[n];
        let op = match &node.kind {
            Kind::Scalar(slot) => {
                let scalar = self.lowering.scalar(*slot, node.dtype);
                return self.push(node.dtype, Value::Scalar(scalar));
            }
            Kind::Input(_) => unreachable!("inputs are loaded"),
            Kind::Op(op) => op,
        };
        match op {
            Op::Constant(value) => self.push(node.dtype, Value::Constant(*value)),
            Op::Iota => {
                let view = self.view(walk);
                self.push(node.dtype, Value::Index { view })
            }
            Op::Elementwise(op) => {
                let operands = node.inputs.iter().map(|&input| self.operand(input, &walk)).collect();
                self.push(node.dtype, Value::Elementwise { op: *op, operands })
            }
            Op::Cast => {
                let operand = self.operand(node.inputs[0], &walk);
                self.push(node.dtype, Value::Cast(operand))
            }
            Op::Check(check) => {
                let operand = self.operand(node.inputs[0], &walk);
                // What is computed where a guard fails is nobody's value.
                let valid = walk.has_guards().then(|| self.valid(walk));
                let number = graph.checks.iter().position(|known| known == check).expect("the graph lists its checks");
                let (low, high, except) = (check.low, check.high, check.except);
                self.push(node.dtype, Value::Check { operand, valid, low, high, except, number })
            }
            Op::Barrier => self.emit(node.inputs[0], walk),
            Op::Reshape => {
                walk.reshape(&graph.nodes[node.inputs[0]].shape);
                self.emit(node.inputs[0], walk)
            }
            Op::Permute(order) => {
                walk.permute(order);
                self.emit(node.inputs[0], walk)
            }
            Op::Expand => {
                walk.expand(&graph.nodes[node.inputs[0]].shape);
                self.emit(node.inputs[0], walk)
            }
            Op::Affine { affine, fill } => {
                let source = node.inputs[0];
                walk.affine(affine, graph.nodes[source].shape[affine.axis]);
                let value = self.emit(source, walk.clone());
                self.filled(source, node.dtype, value, walk, *fill)
            }
            Op::Gather { axis } => {
                let (source, index) = (node.inputs[0], node.inputs[1]);
                let position = self.emit(index, walk.clone());
                let node = &graph.nodes[source];
                let (stride, bound) = (contiguous_strides(&node.shape)[*axis], node.shape[*axis] as i64);
                walk.drop_axis(*axis, node.shape[*axis]);
                let arg =
                    self.lowering.arg(self.lowering.buffer(graph.through_reshapes(source)), node.dtype, Access::Read);
                let view = self.view(walk);
                self.push(node.dtype, Value::Gather { arg, view, position, stride, bound })
            }
            Op::Reduce { .. }
            | Op::Dot
            | Op::Conv(_)
            | Op::Scatter { .. }
            | Op::Scan { .. }
            | Op::Sort { .. }
            | Op::Attention(_)
            | Op::Linalg(_) => self.push(node.dtype, Value::Accumulator(self.lowering.accumulators[&n])),
            Op::Leaf | Op::Placeholder | Op::Scalar(_) | Op::Detach | Op::Transfer | Op::Call(_) | Op::Output(_) => {
                unreachable!("{op:?} is computed nowhere")
            }
        }
    }

    fn operand(&mut self, input: usize, walk: &Walk) -> usize {
        self.emit(input, walk.clone())
    }

    /// A value of the node, replaced by `fill` where a guard of the walk fails.
    pub fn filled(&mut self, source: usize, dtype: DType, value: usize, walk: Walk, fill: Scalar) -> usize {
        let zero = fill.is(0) && fill.as_f64().is_sign_positive();
        if !walk.has_guards() || (zero && self.reads_zero(source)) {
            return value;
        }
        let valid = self.valid(walk);
        let fill = self.push(dtype, Value::Constant(fill));
        if let Value::Constant(exists) = self.code[valid].value {
            return if exists.is(1) { value } else { fill };
        }
        self.push(dtype, Value::Elementwise { op: Elementwise::Where, operands: vec![valid, value, fill] })
    }

    /// Whether the node is loaded, so that it reads as zero wherever a guard fails.
    fn reads_zero(&self, n: usize) -> bool {
        let node = &self.lowering.graph.nodes[n];
        if self.lowering.is_loaded(n) {
            return true;
        }
        node.is_view() && !node.is_filled() && self.reads_zero(node.inputs[0])
    }
}
