//! Computes values again for readers that come late, as a backward pass does, instead of keeping them meanwhile.
//!
//! Once a plan is drafted, it is known where it holds most memory, and which large values it keeps there for later alone. One
//! that is cheap to compute from what is kept anyway gets a copy for the late readers, behind barriers that hold it back.

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{Graph, Kind, Node};
use super::group::own_weight;
use super::lower::Buffer;
use super::{Draft, Simplified};
use crate::backend::Capabilities;
use crate::shape::numel;
use crate::tensor::Op;

/// Most that computing an element again may cost, where a transcendental function counts as ten.
const MOST_WEIGHT: usize = 16;
/// A value that has so many times fewer elements is kept for little.
const SMALL: usize = 16;

/// The graph with copies of such values, if there are any; whether that needs less memory shows when it is drafted too.
pub(super) fn rematerialize(simplified: &Simplified, draft: &Draft, capabilities: &Capabilities) -> Option<Simplified> {
    let graph = &simplified.graph;
    let is_large = |&n: &usize| draft.stored[n] && bytes(&graph.nodes[n]) >= capabilities.rematerialized;
    let large: Vec<usize> = (0..graph.nodes.len()).filter(is_large).collect();
    if large.is_empty() {
        return None;
    }
    let search = Search::new(graph, draft);
    let mut chosen: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for n in large {
        if search.only_waits(n)
            && let Some(leaves) = search.leaves(n)
            && !leaves.iter().any(|leaf| chosen.contains_key(leaf))
        {
            chosen.insert(n, leaves);
        }
    }
    let rewriter = Rewriter {
        simplified,
        search,
        chosen,
        graph: Graph::default(),
        of: Vec::new(),
        copies: FxHashMap::default(),
        latest: (0, 0),
    };
    (!rewriter.chosen.is_empty()).then(|| rewriter.run())
}

fn bytes(node: &Node) -> usize {
    numel(&node.shape) * node.dtype.size()
}

/// What a draft says of the graph's nodes.
struct Search<'a> {
    graph: &'a Graph,
    draft: &'a Draft,
    /// The first launch at which temporaries hold most.
    peak: usize,
    /// The launches that write or read each stored node, in order.
    accesses: FxHashMap<usize, Vec<usize>>,
    /// Whether launches up to the peak compute the node.
    is_early: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, draft: &'a Draft) -> Search<'a> {
        let mut accesses: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (time, launch) in draft.lowered.iter().enumerate() {
            for buffer in &launch.buffers {
                if let Buffer::Node(n) = buffer {
                    accesses.entry(*n).or_default().push(time);
                }
            }
        }
        // What becomes live at each launch, less what was last used by the one before.
        let mut change = vec![0i64; draft.lowered.len() + 1];
        for (n, times) in &accesses {
            if let (false, [first, .., last]) = (draft.outputs.contains(n), &times[..]) {
                let bytes = bytes(&graph.nodes[*n]) as i64;
                change[*first] += bytes;
                change[last + 1] -= bytes;
            }
        }
        let (mut live, mut most, mut peak) = (0, 0, 0);
        for (time, change) in change.into_iter().enumerate() {
            live += change;
            if live > most {
                (most, peak) = (live, time);
            }
        }
        let stores = |time: usize| {
            let launch = &draft.lowered[time];
            launch.kernel.written().filter_map(|(arg, _)| match launch.buffers[arg] {
                Buffer::Node(n) => Some(n),
                Buffer::Input(_) => None,
            })
        };
        let mut is_early = vec![false; graph.nodes.len()];
        let mut stack: Vec<usize> = (0..=peak).flat_map(stores).collect();
        while let Some(n) = stack.pop() {
            if !std::mem::replace(&mut is_early[n], true) {
                stack.extend(graph.nodes[n].reads());
            }
        }
        Search { graph, draft, peak, accesses, is_early }
    }

    /// Whether the value lies in memory at the peak for later readers alone.
    fn only_waits(&self, n: usize) -> bool {
        let times = self.accesses.get(&n).filter(|_| !self.draft.outputs.contains(&n));
        times.is_some_and(|times| {
            times[0] < self.peak && times[times.len() - 1] > self.peak && !times.contains(&self.peak)
        })
    }

    /// What the value can be computed from after the peak: what is kept until then anyway, and what is small.
    fn leaves(&self, n: usize) -> Option<Vec<usize>> {
        let size = numel(&self.graph.nodes[n].shape);
        let (mut leaves, mut weight, mut seen) = (Vec::new(), 0, FxHashSet::default());
        let mut stack = vec![n];
        while let Some(m) = stack.pop() {
            if !seen.insert(m) {
                continue;
            }
            let node = &self.graph.nodes[m];
            let small = numel(&node.shape) * SMALL <= size;
            match &node.kind {
                Kind::Scalar(_) | Kind::Op(Op::Constant(_) | Op::Iota) => {}
                Kind::Input(_) => leaves.push(m),
                Kind::Op(_) if m != n && self.draft.stored[m] => {
                    let read_later = self.accesses.get(&m).is_some_and(|times| times[times.len() - 1] > self.peak);
                    if !read_later && !small && !self.draft.outputs.contains(&m) {
                        return None;
                    }
                    leaves.push(m);
                }
                Kind::Op(Op::Check(_) | Op::Gather { .. }) => return None,
                Kind::Op(_) if m != n && small => leaves.push(m),
                Kind::Op(_) => {
                    weight += own_weight(self.graph, node)?;
                    stack.extend(node.reads());
                }
            }
        }
        (weight > 0 && weight <= MOST_WEIGHT && !leaves.is_empty()).then_some(leaves)
    }
}

/// Builds the graph again, late readers of chosen values reading copies.
struct Rewriter<'a> {
    simplified: &'a Simplified,
    search: Search<'a>,
    /// The chosen values, and what each is computed from again.
    chosen: FxHashMap<usize, Vec<usize>>,
    graph: Graph,
    /// The new node of each old one, and the copies of chosen ones.
    of: Vec<usize>,
    copies: FxHashMap<usize, usize>,
    /// Of the early nodes so far, the one stored last, and the launch that does.
    latest: (usize, usize),
}

impl Rewriter<'_> {
    fn run(mut self) -> Simplified {
        let old = &self.simplified.graph;
        let mut made = Vec::new();
        for (n, node) in old.nodes.iter().enumerate() {
            let mut node = node.clone();
            let reads_late = !self.search.is_early[n] && !node.is_view();
            let rereads = node.rereads();
            for input in &mut node.inputs {
                let value = if reads_late { self.chosen_behind(*input) } else { None };
                *input = value.map_or(self.of[*input], |value| self.late_view(*input, value, rereads));
            }
            let new = self.graph.add(node);
            made.resize(self.graph.nodes.len(), self.simplified.made[n]);
            made[new] = made[new].min(self.simplified.made[n]);
            self.of.push(new);
            if let (true, Some(times)) = (self.search.is_early[n], self.search.accesses.get(&n)) {
                self.latest = self.latest.max((times[0], n));
            }
        }
        let of = self.simplified.of.iter().map(|&n| self.of[n]).collect();
        Simplified { graph: self.graph, of, made }
    }

    /// The chosen value that the node is a view of.
    fn chosen_behind(&self, mut n: usize) -> Option<usize> {
        let nodes = &self.simplified.graph.nodes;
        while !self.chosen.contains_key(&n) {
            let node = &nodes[n];
            if !node.is_view() || matches!(node.op(), Some(Op::Barrier)) {
                return None;
            }
            n = node.inputs[0];
        }
        Some(n)
    }

    /// The node as a view of the copy of `value`. `in_memory`: the copy must have a buffer.
    fn late_view(&mut self, n: usize, value: usize, in_memory: bool) -> usize {
        if n != value {
            let mut node = self.simplified.graph.nodes[n].clone();
            node.inputs[0] = self.late_view(node.inputs[0], value, in_memory);
            return self.graph.add(node);
        }
        let copy = match self.copies.get(&value) {
            Some(&copy) => copy,
            None => self.copy(n, value),
        };
        self.copies.insert(value, copy);
        if in_memory { self.barrier(copy, None) } else { copy }
    }

    /// A node of the expression of `value`, computed again from what waits for early kernels.
    fn copy(&mut self, n: usize, value: usize) -> usize {
        if self.chosen[&value].contains(&n) {
            return self.barrier(self.of[n], Some(self.of[self.latest.1]));
        }
        let mut node = self.simplified.graph.nodes[n].clone();
        for input in &mut node.inputs {
            *input = self.copy(*input, value);
        }
        self.graph.add(node)
    }

    fn barrier(&mut self, source: usize, after: Option<usize>) -> usize {
        let Node { shape, dtype, .. } = self.graph.nodes[source].clone();
        let inputs = std::iter::once(source).chain(after).collect();
        self.graph.add(Node { kind: Kind::Op(Op::Barrier), inputs, shape, dtype })
    }
}
