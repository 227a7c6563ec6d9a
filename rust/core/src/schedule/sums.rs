//! Sums with many terms, as gradients of what is used at many steps are.
//!
//! Products are one product over all their inner axes, Σ Aᵢ·Bᵢ = [A₁ A₂ …]·[B₁; B₂; …], so that the sum is written once
//! instead of once for each term. Parts amid zeros, which is what stacking and slicing leave, are put beside each other a few
//! at a time, so that each kernel looks at few of them.

use smallvec::{SmallVec, smallvec};

use super::graph::{Graph, Kind, Node};
use super::{Pending, Wanted};
use crate::backend::Capabilities;
use crate::dtype::Scalar;
use crate::elementwise::Elementwise;
use crate::shape::{Axes, Shape, numel};
use crate::tensor::Op;
use crate::view::Affine;

/// Fewest products or parts that are joined: fewer cost less than copying them does.
const FEWEST: usize = 4;
/// Tensors that are put beside each other at a time, where each element is looked for in all of them.
const TOGETHER: usize = 7;
/// Instructions of a kernel for each tensor that it puts beside others.
const INSTRUCTIONS: usize = 8;

/// For pending nodes that are a sum with many terms, what they are the sum of.
pub(super) struct Sums {
    of: Vec<Option<Sum>>,
    /// Tensors that are put one after the other in memory at a time.
    in_a_row: usize,
}

/// Terms of a sum: products alike in shape, parts that lie beside each other, and others.
#[derive(Default)]
struct Sum {
    products: Vec<Product>,
    parts: Vec<Part>,
    others: Vec<usize>,
}

/// Factors, and how their product is permuted.
struct Product {
    factors: [usize; 2],
    order: Option<Axes>,
}

/// A tensor amid zeros, its elements beginning at `start` of the axis.
struct Part {
    source: usize,
    axis: usize,
    start: i64,
    fill: Scalar,
}

impl Sums {
    pub fn find(pending: &[Pending], capabilities: &Capabilities) -> Sums {
        let mut uses = vec![0; pending.len()];
        pending.iter().flat_map(|item| &item.node.inputs).for_each(|&input| uses[input] += 1);
        let adds = |n: usize| matches!(pending[n].node.op(), Some(Op::Elementwise(Elementwise::Add)));
        let private = |n: usize| uses[n] == 1 && pending[n].wanted == Wanted::No;
        let mut of: Vec<Option<Sum>> = (0..pending.len()).map(|_| None).collect();
        let mut is_part = vec![false; pending.len()];
        for n in (0..pending.len()).rev().filter(|&n| adds(n)) {
            if is_part[n] {
                continue;
            }
            let alike = |m: usize| pending[m].node.shape == pending[n].node.shape;
            let (mut terms, mut stack) = (Vec::new(), pending[n].node.inputs.to_vec());
            while let Some(m) = stack.pop() {
                if adds(m) && private(m) && alike(m) {
                    is_part[m] = true;
                    stack.extend(&pending[m].node.inputs);
                } else {
                    terms.push(m);
                }
            }
            if terms.len() >= FEWEST {
                of[n] = Sum::of(pending, terms, |m| private(m) && alike(m));
            }
        }
        let buffers = capabilities.max_buffers.saturating_sub(1);
        Sums { of, in_a_row: buffers.min(capabilities.max_instructions / INSTRUCTIONS).max(TOGETHER) }
    }

    /// The pending node as a node of the graph, in which `of` are those before it; None if it is no such sum.
    pub fn add_to(&self, graph: &mut Graph, n: usize, of: &[usize]) -> Option<usize> {
        let Sum { products, parts, others } = self.of[n].as_ref()?;
        let mut terms: Vec<usize> = Vec::new();
        if let Some(Product { order, .. }) = products.first() {
            let side = |side: usize| products.iter().map(|product| of[product.factors[side]]).collect::<Vec<_>>();
            terms.push(graph.product_of_all(side(0), side(1), order, self.in_a_row));
        }
        if let Some(first) = parts.first() {
            let sources = parts.iter().map(|part| of[part.source]).collect();
            terms.push(graph.beside(sources, first.axis, first.fill, self.in_a_row));
        }
        terms.extend(others.iter().map(|&term| of[term]));
        terms.into_iter().reduce(|sum, term| graph.sum(sum, term))
    }
}

impl Sum {
    /// Sorts terms; None if too few are of a kind. `joins` tells which nodes nobody else needs.
    fn of(pending: &[Pending], terms: Vec<usize>, joins: impl Fn(usize) -> bool) -> Option<Sum> {
        let mut sum = Sum::default();
        let (mut of_products, mut of_parts) = (Vec::new(), Vec::new());
        for &m in terms.iter().rev() {
            let alike = |product: &Product| sum.products.first().is_none_or(|first| first.is_like(product, pending));
            let product = product_of(pending, m, &joins).filter(alike);
            let alike =
                |part: &Part| sum.parts.first().is_none_or(|first| (first.axis, first.fill) == (part.axis, part.fill));
            let part = part_of(pending, m, &joins).filter(alike);
            of_products.extend(product.is_some().then_some(m));
            of_parts.extend(part.is_some().then_some(m));
            sum.products.extend(product);
            sum.parts.extend(part);
        }
        sum.parts.sort_by_key(|part| part.start);
        let mut end = 0;
        let follows = |part: &Part| {
            let start = std::mem::replace(&mut end, part.start + pending[part.source].node.shape[part.axis] as i64);
            start == part.start
        };
        let side_by_side = sum.parts.iter().all(follows);
        let whole = sum.parts.first().is_none_or(|part| pending[terms[0]].node.shape[part.axis] as i64 == end);
        // Parts and one more term, or none, are added up to the same bits in any order.
        let exact = terms.len() - of_parts.len() <= 1;
        if !(side_by_side && whole && exact && of_parts.len() >= FEWEST) {
            (sum.parts, of_parts) = Default::default();
        }
        if of_products.len() < FEWEST {
            (sum.products, of_products) = Default::default();
        }
        let is_other = |m: &usize| !of_products.contains(m) && !of_parts.contains(m);
        sum.others = terms.iter().rev().copied().filter(is_other).collect();
        (sum.others.len() < terms.len()).then_some(sum)
    }
}

impl Product {
    fn is_like(&self, other: &Product, pending: &[Pending]) -> bool {
        let shape = |n: usize| &pending[n].node.shape;
        self.order == other.order && (0..2).all(|side| shape(self.factors[side]) == shape(other.factors[side]))
    }
}

/// What a term multiplies, if it is a product that nobody else needs.
fn product_of(pending: &[Pending], term: usize, joins: &impl Fn(usize) -> bool) -> Option<Product> {
    let node = |n: usize| &pending[n].node;
    let (dot, order) = match node(term).op()? {
        Op::Permute(order) => (node(term).inputs[0], Some(order.clone())),
        _ => (term, None),
    };
    let is_product = matches!(node(dot).op(), Some(Op::Dot)) && joins(term);
    is_product.then(|| Product { factors: [node(dot).inputs[0], node(dot).inputs[1]], order })
}

/// What a term shows amid zeros, if nobody else needs it.
fn part_of(pending: &[Pending], term: usize, joins: &impl Fn(usize) -> bool) -> Option<Part> {
    let node = &pending[term].node;
    let Some(Op::Affine { affine: Affine { axis, scale: 1, offset, divisor: 1, with: None, .. }, fill }) = node.op()
    else {
        return None;
    };
    let inside = *offset <= 0 && node.shape[*axis] as i64 + offset >= pending[node.inputs[0]].node.shape[*axis] as i64;
    (inside && fill.is(0) && joins(term)).then(|| Part {
        source: node.inputs[0],
        axis: *axis,
        start: -offset,
        fill: *fill,
    })
}

impl Graph {
    /// Σ left·right, permuted.
    fn product_of_all(&mut self, left: Vec<usize>, right: Vec<usize>, order: &Option<Axes>, in_a_row: usize) -> usize {
        let rank = self.nodes[left[0]].shape.len();
        let zero = Scalar::int(0, self.nodes[left[0]].dtype);
        let [a, b] = [(left, rank - 1), (right, rank - 2)].map(|(factors, axis)| {
            // What is permuted alike is put together as it lies in memory.
            let sources: Option<Vec<(Axes, usize)>> = factors.iter().map(|&factor| self.permutation(factor)).collect();
            match sources.filter(|all| all.iter().all(|(order, _)| *order == all[0].0)) {
                Some(all) => {
                    let order = all[0].0.clone();
                    let sources = all.into_iter().map(|(_, source)| source).collect();
                    let joined = self.beside(sources, order[axis], zero, in_a_row);
                    self.permuted(joined, &order)
                }
                None => self.beside(factors, axis, zero, in_a_row),
            }
        });
        let mut shape: Shape = self.nodes[a].shape[..rank - 1].into();
        shape.push(self.nodes[b].shape[rank - 1]);
        let dtype = self.nodes[a].dtype;
        let total = self.add(Node { kind: Kind::Op(Op::Dot), inputs: smallvec![a, b], shape, dtype });
        order.iter().fold(total, |total, order| self.permuted(total, order))
    }

    /// Nodes beside each other along an axis, as adding them up amid fills, zeros of either sign, would give them.
    fn beside(&mut self, mut parts: Vec<usize>, axis: usize, fill: Scalar, in_a_row: usize) -> usize {
        let mut shape = self.nodes[parts[0]].shape.clone();
        shape[axis] = parts.iter().map(|&part| self.nodes[part].shape[axis]).sum();
        // Along the first axis, they lie one after the other in memory.
        let (mut along, mut together) = (axis, TOGETHER);
        if numel(&shape[..axis]) == 1 {
            (along, together) = (0, in_a_row);
            for part in &mut parts {
                let flat = smallvec![numel(&self.nodes[*part].shape)];
                *part = self.view(Op::Reshape, *part, flat);
            }
        }
        while parts.len() > 1 {
            // As even as can be.
            let size = parts.len().div_ceil(parts.len().div_ceil(together));
            parts = parts.chunks(size).map(|chunk| self.few_beside(chunk, along)).collect();
        }
        let mut joined = parts[0];
        if !fill.as_f64().is_sign_negative() {
            // Minus zero becomes zero.
            let Node { dtype, shape, .. } = self.nodes[joined].clone();
            let zero = Node { kind: Kind::Op(Op::Constant(fill)), inputs: smallvec![], shape: Shape::new(), dtype };
            let zero = self.add(zero);
            let zeros = self.view(Op::Expand, zero, shape);
            joined = self.sum(joined, zeros);
        }
        self.view(Op::Reshape, joined, shape)
    }

    /// Each amid minus zeros, which change no sum, and added up.
    fn few_beside(&mut self, parts: &[usize], axis: usize) -> usize {
        let size: usize = parts.iter().map(|&part| self.nodes[part].shape[axis]).sum();
        let mut start = 0;
        let mut sum: Option<usize> = None;
        for &part in parts {
            let affine = Affine { axis, size, scale: 1, offset: -(start as i64), divisor: 1, with: None };
            let (mut shape, dtype) = (self.nodes[part].shape.clone(), self.nodes[part].dtype);
            start += shape[axis];
            shape[axis] = size;
            let amid = self.view(Op::Affine { affine, fill: Scalar::float(-0.0, dtype) }, part, shape);
            sum = Some(sum.map_or(amid, |sum| self.sum(sum, amid)));
        }
        sum.expect("at least one part")
    }

    fn permutation(&self, n: usize) -> Option<(Axes, usize)> {
        match self.nodes[n].op()? {
            Op::Permute(order) => Some((order.clone(), self.nodes[n].inputs[0])),
            _ => None,
        }
    }

    fn permuted(&mut self, input: usize, order: &Axes) -> usize {
        let shape = order.iter().map(|&axis| self.nodes[input].shape[axis]).collect();
        self.view(Op::Permute(order.clone()), input, shape)
    }

    fn view(&mut self, op: Op, input: usize, shape: Shape) -> usize {
        let dtype = self.nodes[input].dtype;
        self.add(Node { kind: Kind::Op(op), inputs: smallvec![input], shape, dtype })
    }

    fn sum(&mut self, a: usize, b: usize) -> usize {
        let (shape, dtype) = (self.nodes[a].shape.clone(), self.nodes[a].dtype);
        let inputs: SmallVec<[usize; 3]> = smallvec![a, b];
        self.add(Node { kind: Kind::Op(Op::Elementwise(Elementwise::Add)), inputs, shape, dtype })
    }
}
