//! The pending graph as the scheduler sees it: plain nodes in topological order, simplified while they are added.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::kernel::Check;
use crate::shape::{Axes, Shape};
use crate::tensor::Op;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Buffer n of the plan's inputs.
    Input(usize),
    /// Run-time scalar n of the plan.
    Scalar(usize),
    Op(Op),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub kind: Kind,
    pub inputs: SmallVec<[usize; 3]>,
    pub shape: Shape,
    pub dtype: DType,
}

/// Equal nodes are one node, so that common subexpressions are found as the graph is built.
#[derive(Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    /// Distinct checks of the nodes.
    pub checks: Vec<Arc<Check>>,
    index: FxHashMap<Node, usize>,
}

impl Node {
    pub fn op(&self) -> Option<&Op> {
        match &self.kind {
            Kind::Op(op) => Some(op),
            _ => None,
        }
    }

    /// The inputs whose values it is computed from: a barrier only waits for the others.
    pub fn reads(&self) -> &[usize] {
        if matches!(self.op(), Some(Op::Barrier)) { &self.inputs[..1] } else { &self.inputs }
    }

    /// Reductions, products, convolutions and the like: what a kernel is built around.
    pub fn is_heavy(&self) -> bool {
        let alone = |op: &Op| {
            matches!(op, Op::Scatter { .. } | Op::Scan { .. } | Op::Sort { .. } | Op::Attention(_) | Op::Linalg(_))
        };
        self.takes_chains() || self.op().is_some_and(alone)
    }

    /// Heavy nodes whose kernels also run the elementwise ops that follow.
    pub fn takes_chains(&self) -> bool {
        matches!(self.op(), Some(Op::Reduce { .. } | Op::Dot | Op::Conv(_)))
    }

    /// Whether its kernel may read elements of its inputs many times over.
    pub fn rereads(&self) -> bool {
        self.is_contraction() || matches!(self.op(), Some(Op::Attention(_)))
    }

    pub fn is_contraction(&self) -> bool {
        matches!(self.op(), Some(Op::Dot | Op::Conv(_)))
    }

    /// Computed for each element from the elements of its inputs at the same index.
    pub fn is_elementwise(&self) -> bool {
        matches!(self.op(), Some(Op::Elementwise(_) | Op::Cast | Op::Check(_) | Op::Gather { .. }))
    }

    pub fn is_view(&self) -> bool {
        matches!(self.op(), Some(Op::Reshape | Op::Permute(_) | Op::Expand | Op::Affine { .. } | Op::Barrier))
    }

    /// A view that also chooses between its source and a value other than zero.
    pub fn is_filled(&self) -> bool {
        matches!(self.op(), Some(Op::Affine { fill, .. }) if !fill.is(0))
    }
}

impl Graph {
    /// Adds a node, or finds one that has the same value.
    pub fn add(&mut self, node: Node) -> usize {
        if let Some(same) = self.simplify(&node) {
            return same;
        }
        let node = self.merge_views(node);
        if let Some(&same) = self.index.get(&node) {
            return same;
        }
        if let Some(Op::Check(check)) = node.op()
            && !self.checks.contains(check)
        {
            self.checks.push(check.clone());
        }
        self.nodes.push(node.clone());
        self.index.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// The node whose buffer holds the same elements in the same order.
    pub fn through_reshapes(&self, mut node: usize) -> usize {
        while let Some(Op::Reshape | Op::Barrier) = self.nodes[node].op() {
            node = self.nodes[node].inputs[0];
        }
        node
    }

    /// For each node, whether it is elementwise ops and views of numbers and positions alone.
    pub fn computed_from_nothing(&self) -> Vec<bool> {
        let mut result: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let heavy = node.is_heavy() || matches!(node.kind, Kind::Input(_));
            result.push(!heavy && node.reads().iter().all(|&input| result[input]));
        }
        result
    }

    /// An existing node that equals the new one.
    fn simplify(&self, node: &Node) -> Option<usize> {
        let first = *node.inputs.first()?;
        let source = &self.nodes[first];
        let same = source.shape == node.shape && source.dtype == node.dtype;
        match node.op()? {
            Op::Detach => Some(first),
            Op::Output(_) => Some(node.inputs[1]),
            Op::Reshape | Op::Expand | Op::Cast if same => Some(first),
            Op::Permute(order) if order.iter().enumerate().all(|(i, &axis)| i == axis) => Some(first),
            Op::Elementwise(op) => self.neutral(*op, node),
            _ => None,
        }
    }

    /// x for x + 0, x - 0, x · 1, x / 1 and -(-x).
    fn neutral(&self, op: Elementwise, node: &Node) -> Option<usize> {
        use Elementwise::*;
        let keeps = |x: usize| (self.nodes[x].shape == node.shape && self.nodes[x].dtype == node.dtype).then_some(x);
        let is = |x: usize, value: i64| self.constant(x).is_some_and(|c| c.is(value) && c.as_f64().is_sign_positive());
        match (op, &node.inputs[..]) {
            (Mul, &[a, b]) if is(b, 1) => keeps(a),
            (Mul, &[a, b]) if is(a, 1) => keeps(b),
            (Div, &[a, b]) if is(b, 1) => keeps(a),
            (Sub, &[a, b]) if is(b, 0) => keeps(a),
            // x + 0 turns -0.0 into 0.0, so it may go only for integers.
            (Add, &[a, b]) if is(b, 0) && !node.dtype.is_float() => keeps(a),
            (Neg, &[a]) => match (self.nodes[a].op(), &self.nodes[a].inputs[..]) {
                (Some(Op::Elementwise(Neg)), &[x]) => keeps(x),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a constant, broadcast or not.
    fn constant(&self, mut node: usize) -> Option<Scalar> {
        loop {
            match self.nodes[node].op()? {
                Op::Constant(value) => return Some(*value),
                Op::Expand | Op::Reshape => node = self.nodes[node].inputs[0],
                _ => return None,
            }
        }
    }

    /// A view of a view of the same kind is one view.
    fn merge_views(&self, mut node: Node) -> Node {
        let Some(&first) = node.inputs.first() else { return node };
        let source = &self.nodes[first];
        match (&node.kind, &source.kind) {
            (Kind::Op(Op::Reshape), Kind::Op(Op::Reshape)) | (Kind::Op(Op::Expand), Kind::Op(Op::Expand)) => {
                node.inputs = source.inputs.clone();
            }
            (Kind::Op(Op::Permute(outer)), Kind::Op(Op::Permute(inner))) => {
                let order: Axes = outer.iter().map(|&axis| inner[axis]).collect();
                node.kind = Kind::Op(Op::Permute(order));
                node.inputs = source.inputs.clone();
            }
            _ => {}
        }
        node
    }
}
