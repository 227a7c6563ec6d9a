//! Transposed convolutions in sub-pixel form: Shi et al. (2016), "Is the deconvolution layer the same as a convolutional layer?"
//!
//! An input spread by s has s - 1 zeros between its elements. Outputs whose positions leave one remainder meet one in s taps,
//! always the same. So each remainder gets filters of its own, of these taps alone, and the results are interleaved.

use smallvec::smallvec;

use super::graph::{Graph, Kind, Node};
use crate::conv::{ConvAxis, ConvSpec};
use crate::dtype::Scalar;
use crate::shape::{Axes, Shape};
use crate::tensor::Op;
use crate::view::Affine;

/// How one axis is taken apart: output `spread·q + r - start`, of remainder `r`, is output `q` of kernel `r`.
struct Split {
    /// By how much the input was spread.
    spread: i64,
    /// One kernel for each remainder, but one in all for a single tap, which the other remainders do not meet.
    kernels: usize,
    start: i64,
    /// Outputs of each kernel.
    count: usize,
    /// Taps of each kernel: tap j of kernel r is tap `spread·j + first - r` of the whole one, if that has it.
    taps: usize,
    first: i64,
    /// How a kernel walks the input.
    rule: ConvAxis,
}

impl Split {
    /// For `n` inputs, `k` taps and so many outputs; None if the axis can't be taken apart.
    fn of(rule: &ConvAxis, n: usize, k: usize, outputs: usize) -> Option<Split> {
        let (spread, before) = (rule.input_dilation as i64, rule.before);
        if spread == 1 {
            return Some(Split { spread, kernels: 1, start: 0, count: outputs, taps: k, first: 0, rule: *rule });
        }
        if rule.stride != 1 || rule.dilation != 1 {
            return None;
        }
        let kernels = if k == 1 { 1 } else { rule.input_dilation };
        // Output q meets the inputs from q + shift on.
        let shift = |start: i64| -(start + before).div_euclid(spread);
        let last = |start: i64| (kernels as i64 + k as i64 - 2 - start - before).div_euclid(spread);
        let taps = |start: i64| last(start) - shift(start) + 1;
        let start = if k == 1 { -before.rem_euclid(spread) } else { (0..spread).min_by_key(|&start| taps(start))? };
        let count = (outputs as i64 + start + spread - 1).div_euclid(spread);
        let (taps, shift) = (taps(start), shift(start));
        let after = count + taps - 1 + shift - n as i64;
        let rule = ConvAxis { stride: 1, dilation: 1, before: -shift, after, input_dilation: 1 };
        let first = spread * shift + before + start;
        (count > 0).then_some(Split { spread, kernels, start, count: count as usize, taps: taps as usize, first, rule })
    }
}

impl Graph {
    /// A convolution of a spread input, without the zeros; None for other nodes.
    pub fn add_subpixel(&mut self, node: &Node) -> Option<usize> {
        let Some(Op::Conv(spec)) = node.op() else { return None };
        if spec.axes.iter().all(|rule| rule.input_dilation == 1) {
            return None;
        }
        let (x, w) = (node.inputs[0], node.inputs[1]);
        let (inputs, weight) = (self.nodes[x].shape.clone(), self.nodes[w].shape.clone());
        let rank = spec.axes.len();
        let split = |axis: usize| Split::of(&spec.axes[axis], inputs[axis + 2], weight[axis + 2], node.shape[axis + 2]);
        let splits: Vec<Split> = (0..rank).map(split).collect::<Option<_>>()?;
        let kernels = || splits.iter().map(|split| split.kernels);
        let all: usize = kernels().product();
        let chain = |parts: &[&[usize]]| parts.concat().into_iter().collect::<Shape>();

        let filters = self.kernels_apart(w, &splits);
        let taps: Vec<usize> = splits.iter().map(|split| split.taps).collect();
        let filters = self.apply(Op::Reshape, filters, chain(&[&[weight[0] * all, weight[1]], &taps]));
        // Else each use of a tap would look for its place.
        let filters = self.apply(Op::Barrier, filters, self.nodes[filters].shape.clone());
        let counts: Vec<usize> = splits.iter().map(|split| split.count).collect();
        let spec = ConvSpec { groups: spec.groups, axes: splits.iter().map(|split| split.rule).collect() };
        let apart = self.add(Node {
            kind: Kind::Op(Op::Conv(Box::new(spec))),
            inputs: smallvec![x, filters],
            shape: chain(&[&[inputs[0], weight[0] * all], &counts]),
            dtype: node.dtype,
        });

        // (N, F·kernels, *counts) to (N, F, *(counts·kernels)), and from there to the outputs.
        let head = [inputs[0], weight[0]];
        let apart = self.apply(Op::Reshape, apart, chain(&[&head, &kernels().collect::<Vec<_>>(), &counts]));
        let order: Axes = [0, 1].into_iter().chain((0..rank).flat_map(|axis| [axis + 2 + rank, axis + 2])).collect();
        let shape = order.iter().map(|&axis| self.nodes[apart].shape[axis]).collect();
        let beside = self.apply(Op::Permute(order), apart, shape);
        let joined: Vec<usize> = splits.iter().map(|split| split.count * split.kernels).collect();
        let mut result = self.apply(Op::Reshape, beside, chain(&[&head, &joined]));
        for (axis, split) in splits.iter().enumerate() {
            let (size, divisor) = (node.shape[axis + 2], split.spread / split.kernels as i64);
            if (split.start, divisor, size) != (0, 1, joined[axis]) {
                let affine = Affine { axis: axis + 2, size, scale: 1, offset: split.start, divisor, with: None };
                result = self.affine(result, affine);
            }
        }
        Some(result)
    }

    /// The kernels of each axis in a weight (F, C, *taps): (F, *kernels, C, *taps of each).
    fn kernels_apart(&mut self, weight: usize, splits: &[Split]) -> usize {
        let shape = self.nodes[weight].shape.clone();
        let rank = splits.len();
        let with = |kernels: &[usize]| [&shape[..1], kernels, &shape[1..]].concat().into_iter().collect::<Shape>();
        let mut result = self.apply(Op::Reshape, weight, with(&vec![1; rank]));
        result = self.apply(Op::Expand, result, with(&splits.iter().map(|split| split.kernels).collect::<Vec<_>>()));
        for (axis, split) in splits.iter().enumerate().filter(|(_, split)| split.kernels > 1) {
            let (size, scale, offset) = (split.taps, split.spread, split.first);
            let with = Some((axis + 1, -1));
            result = self.affine(result, Affine { axis: axis + 2 + rank, size, scale, offset, divisor: 1, with });
        }
        result
    }

    fn apply(&mut self, op: Op, input: usize, shape: Shape) -> usize {
        let dtype = self.nodes[input].dtype;
        self.add(Node { kind: Kind::Op(op), inputs: smallvec![input], shape, dtype })
    }

    /// A view with zeros where it has no source.
    fn affine(&mut self, input: usize, affine: Affine) -> usize {
        let mut shape = self.nodes[input].shape.clone();
        shape[affine.axis] = affine.size;
        self.apply(Op::Affine { affine, fill: Scalar::int(0, self.nodes[input].dtype) }, input, shape)
    }
}
