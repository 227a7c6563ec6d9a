//! Which nodes get a buffer, and which nodes share a kernel.

use rustc_hash::FxHashSet;
use smallvec::{SmallVec, smallvec};

use super::frame::{Frame, RowFrame};
use super::graph::{Graph, Kind, Node};
use crate::backend::Capabilities;
use crate::shape::numel;
use crate::tensor::Op;

/// What the planner is asked for, by node of the graph.
pub(crate) struct Request<'a> {
    pub graph: &'a Graph,
    /// Nodes that must have a buffer in the end.
    pub targets: &'a [bool],
    /// Nodes that somebody outside the graph holds a handle to.
    pub held: &'a [bool],
    /// Nodes that a later backward pass may walk.
    pub needed_later: &'a [bool],
    pub capabilities: &'a Capabilities,
    pub fuse: bool,
}

/// A kernel to be: nodes computed in one pass and stored.
#[derive(Debug)]
pub(crate) struct Group {
    pub stored: Vec<usize>,
    pub core: Core,
    /// Stored nodes that it waits for besides those that it reads.
    pub after: Vec<usize>,
}

/// What a kernel is built around.
#[derive(Debug)]
pub(crate) enum Core {
    /// Nothing: each element is computed on its own.
    Map,
    /// A heavy node, and how the kernel sees its axes.
    Heavy(usize, Frame),
    /// Reductions over the same axes of the same shape.
    Rows(RowFrame),
}

pub(crate) struct Grouping {
    pub groups: Vec<Group>,
    /// For each node, whether it has a buffer.
    pub stored: Vec<bool>,
}

/// Most elementwise instructions of a factor that a contraction computes each time that it reads an element.
const FACTOR_WEIGHT: usize = 4;
/// Stands among an expression's sources for the buffer to which a device reports faults.
const FAULTS: usize = usize::MAX;
/// What a view that widens counts as, as padding does: each element that is read is first looked for.
const WIDENING_WEIGHT: usize = 4;
/// What a transcendental function counts as.
const EXPENSIVE_WEIGHT: usize = 10;

pub(crate) fn group(request: &Request) -> Grouping {
    let mut planner = Grouper::new(request);
    planner.leave_room_for_chains();
    planner.grow_chains();
    planner.store_shared_values();
    planner.recompute_cheap_values();
    planner.keep_within_limits();
    let groups = planner.collect();
    Grouping { groups, stored: planner.stored }
}

struct Grouper<'a> {
    request: &'a Request<'a>,
    graph: &'a Graph,
    live: Vec<bool>,
    consumers: Vec<SmallVec<[usize; 4]>>,
    stored: Vec<bool>,
    /// For the last node of a chain that begins at a heavy node: that node, and how the kernel sees it.
    chain: Vec<Option<(usize, Frame)>>,
    /// Whether the node lies on the path of a chain, its ends included.
    in_chain: Vec<bool>,
    /// Buffers and heavy nodes that a node's expression reads.
    sources: Vec<SmallVec<[usize; 8]>>,
    /// Instructions of a node's expression.
    size: Vec<usize>,
    /// Estimated cost of computing one element from heavy nodes and inputs.
    weight: Vec<usize>,
    /// Stored for no other reason than that several kernels use it.
    is_shared: Vec<bool>,
}

/// Cost of computing one element of a node from its inputs' elements; None for heavy nodes and inputs.
pub(super) fn own_weight(graph: &Graph, node: &Node) -> Option<usize> {
    let widens = |node: &Node| numel(&node.shape) > numel(&graph.nodes[node.inputs[0]].shape);
    match node.op()? {
        Op::Elementwise(op) if op.is_expensive() => Some(EXPENSIVE_WEIGHT),
        Op::Elementwise(_) | Op::Cast | Op::Gather { .. } => Some(1),
        Op::Check(_) => Some(0),
        Op::Barrier => None,
        Op::Affine { .. } if widens(node) || node.is_filled() => Some(WIDENING_WEIGHT),
        _ if node.is_view() => Some(0),
        _ => None,
    }
}

impl<'a> Grouper<'a> {
    fn new(request: &'a Request<'a>) -> Grouper<'a> {
        let graph = request.graph;
        let count = graph.nodes.len();
        let mut live = request.targets.to_vec();
        let mut consumers: Vec<SmallVec<[usize; 4]>> = vec![smallvec![]; count];
        for n in (0..count).rev() {
            if live[n] {
                for &input in graph.nodes[n].reads() {
                    live[input] = true;
                    if !consumers[input].contains(&n) {
                        consumers[input].push(n);
                    }
                }
            }
        }
        let computes = |node: &Node| node.is_elementwise() || node.is_filled();
        let mut stored: Vec<bool> = (0..count)
            .map(|n| {
                let node = &graph.nodes[n];
                let op_by_op = !request.fuse && computes(node);
                live[n] && (request.targets[n] || node.is_heavy() || op_by_op) && !matches!(node.kind, Kind::Input(_))
            })
            .collect();
        // A gather reads its source at positions that are known only while it runs, so the source needs a buffer; what is
        // behind a barrier is kept, unless it is computed from nothing.
        let from_nothing = graph.computed_from_nothing();
        for (n, node) in graph.nodes.iter().enumerate() {
            if let (true, Some(op @ (Op::Gather { .. } | Op::Barrier))) = (live[n], node.op()) {
                let source = graph.through_reshapes(node.inputs[0]);
                let cheap = matches!(op, Op::Barrier) && from_nothing[source];
                stored[source] |= !cheap && !matches!(graph.nodes[source].kind, Kind::Input(_));
            }
        }
        let weight = Self::weights(graph);
        Grouper {
            request,
            graph,
            live,
            consumers,
            stored,
            chain: (0..count).map(|_| None).collect(),
            in_chain: vec![false; count],
            sources: vec![smallvec![]; count],
            size: vec![0; count],
            weight,
            is_shared: vec![false; count],
        }
    }

    fn weights(graph: &Graph) -> Vec<usize> {
        let mut weight: Vec<usize> = Vec::with_capacity(graph.nodes.len());
        for node in &graph.nodes {
            let below: usize = node.reads().iter().map(|&input| weight[input]).sum();
            weight.push(own_weight(graph, node).map_or(0, |own| (below + own).min(10_000)));
        }
        weight
    }

    /// Splits expressions so that the kernels around heavy nodes have buffers left for what follows them.
    fn leave_room_for_chains(&mut self) {
        let buffers = self.request.capabilities.max_buffers;
        self.limit_sizes(|node| if node.is_contraction() { buffers / 2 } else { buffers - 2 });
    }

    /// Splits whatever reads too many buffers now that shared values have buffers of their own.
    fn keep_within_limits(&mut self) {
        let buffers = self.request.capabilities.max_buffers;
        loop {
            // A value stored late is a further source of expressions that were measured before.
            while self.limit_sizes(|_| buffers - 1) {}
            let crowded = |&end: &usize| self.chain[end].is_some() && self.sources[end].len() >= buffers;
            let Some(end) = (0..self.graph.nodes.len()).find(crowded) else { break };
            self.break_chain(end);
        }
    }

    /// Gives a chain's heavy node a kernel of its own.
    fn break_chain(&mut self, end: usize) {
        let (heavy, _) = self.chain[end].take().expect("a chain ends here");
        self.stored[heavy] = true;
        let mut n = heavy;
        while n != end {
            self.in_chain[n] = false;
            n = self.consumers[n][0];
        }
        self.in_chain[end] = false;
    }

    /// Stores values wherever an expression would outgrow the buffers that a node may read or a kernel's instructions;
    /// returns whether it stored any.
    fn limit_sizes(&mut self, most_sources: impl Fn(&Node) -> usize) -> bool {
        let graph = self.graph;
        let most_instructions = self.request.capabilities.max_instructions / 2;
        let mut changed = false;
        for n in 0..graph.nodes.len() {
            if !self.live[n] {
                continue;
            }
            let node = &graph.nodes[n];
            loop {
                let mut union: SmallVec<[usize; 8]> = smallvec![];
                union.extend(matches!(node.op(), Some(Op::Check(_))).then_some(FAULTS));
                let mut total = 1;
                for &input in node.reads() {
                    let own = [input];
                    let leaf = self.is_buffer(input);
                    let list = if leaf { &own[..] } else { &self.sources[input][..] };
                    list.iter().for_each(|s| {
                        if !union.contains(s) {
                            union.push(*s)
                        }
                    });
                    total += if leaf { 1 } else { self.size[input] };
                }
                let splittable = |&input: &usize| {
                    let node = &graph.nodes[input];
                    !self.stored[input] && !self.in_chain[input] && (node.is_elementwise() || node.is_view())
                };
                let cost = |&input: &usize| (self.sources[input].len(), self.size[input]);
                let largest = node.reads().iter().copied().filter(splittable).max_by_key(cost);
                let fits = union.len() <= most_sources(node) && total <= most_instructions;
                if let (false, Some(input)) = (fits, largest) {
                    // What a view shows is stored rather than the view: it has no more elements, and others may use it.
                    let base = self.through_views(input);
                    let computed = graph.nodes[base].is_elementwise() && !self.is_buffer(base) && !self.in_chain[base];
                    let split = if computed { base } else { input };
                    self.stored[split] = true;
                    changed = true;
                    let mut view = input;
                    while view != split {
                        (self.sources[view], self.size[view]) = (smallvec![split], 1);
                        view = graph.nodes[view].inputs[0];
                    }
                    continue;
                }
                (self.sources[n], self.size[n]) = (union, total);
                break;
            }
        }
        changed
    }

    fn is_buffer(&self, n: usize) -> bool {
        self.stored[n] || matches!(self.graph.nodes[n].kind, Kind::Input(_))
    }

    /// The first node below views that have no buffer.
    fn through_views(&self, mut n: usize) -> usize {
        while self.graph.nodes[n].is_view() && !self.is_buffer(n) {
            n = self.graph.nodes[n].inputs[0];
        }
        n
    }

    /// Lets the elementwise ops that follow a heavy node run in its kernel, before the only store.
    fn grow_chains(&mut self) {
        if !self.request.fuse {
            return;
        }
        for heavy in 0..self.graph.nodes.len() {
            if !self.live[heavy] || !self.graph.nodes[heavy].takes_chains() {
                continue;
            }
            let mut path = vec![heavy];
            let mut ends = vec![];
            while let Some(next) = self.next_in_chain(*path.last().expect("a path has its start")) {
                path.push(next);
                // All readers of the heavy node read it permuted, so its kernel may as well store it so.
                let permutes = matches!(self.graph.nodes[next].op(), Some(Op::Permute(_)));
                if self.graph.nodes[next].is_elementwise() || permutes || self.request.targets[next] {
                    ends.push(path.len());
                }
            }
            while let Some(len) = ends.pop() {
                let end = path[len - 1];
                let frame = self.buffers_fit(heavy, end).then(|| Frame::of_chain(self.graph, &path[..len])).flatten();
                if let Some(frame) = frame {
                    for &n in &path[..len] {
                        self.stored[n] = false;
                        self.in_chain[n] = true;
                    }
                    self.stored[end] = true;
                    self.chain[end] = Some((heavy, frame));
                    break;
                }
            }
        }
    }

    fn buffers_fit(&self, heavy: usize, end: usize) -> bool {
        let mut buffers: FxHashSet<usize> = self.sources[heavy].iter().chain(&self.sources[end]).copied().collect();
        buffers.remove(&heavy);
        buffers.len() < self.request.capabilities.max_buffers
    }

    /// The only consumer of a chain's last node, if it can run in the same kernel.
    fn next_in_chain(&self, last: usize) -> Option<usize> {
        let [next] = self.consumers[last][..] else { return None };
        let (node, graph) = (&self.graph.nodes[next], self.graph);
        if self.request.targets[last] || self.request.held[last] || self.in_chain[next] {
            return None;
        }
        if self.stored[last] && !graph.nodes[last].is_heavy() {
            return None;
        }
        if self.request.needed_later[last] && self.is_read_by_gradient(last, next) {
            return None;
        }
        let is_source = matches!(node.op(), Some(Op::Gather { .. })) && node.inputs[0] == last;
        let follows = (node.is_elementwise() && !is_source) || matches!(node.op(), Some(Op::Reshape | Op::Permute(_)));
        follows.then_some(next)
    }

    /// Whether the gradients of `last` or of its consumer read the value of `last`.
    fn is_read_by_gradient(&self, last: usize, next: usize) -> bool {
        let nodes = &self.graph.nodes;
        let by_consumer = match nodes[next].op() {
            Some(Op::Elementwise(op)) => {
                let reads = op.gradient_reads();
                nodes[next].inputs.iter().enumerate().any(|(i, &input)| input == last && reads.operands[i])
            }
            _ => false,
        };
        let by_itself = match nodes[last].op() {
            Some(Op::Elementwise(op)) => op.gradient_reads().output,
            Some(Op::Reduce { fold, .. }) => *fold != crate::kernel::Fold::Sum,
            _ => false,
        };
        by_consumer || by_itself
    }

    /// Stores elementwise values that several kernels use, unless they are cheap to recompute.
    fn store_shared_values(&mut self) {
        if !self.request.fuse {
            return;
        }
        let mut users: Vec<SmallVec<[usize; 4]>> = vec![smallvec![]; self.graph.nodes.len()];
        // Whether a kernel reads the node many times over.
        let mut is_factor = vec![false; self.graph.nodes.len()];
        for n in (0..self.graph.nodes.len()).rev() {
            if !self.live[n] {
                continue;
            }
            let node = &self.graph.nodes[n];
            let mut own: SmallVec<[usize; 4]> = smallvec![];
            for &consumer in &self.consumers[n] {
                let add = |own: &mut SmallVec<[usize; 4]>, user: usize| {
                    if !own.contains(&user) {
                        own.push(user);
                    }
                };
                if self.stored[consumer] {
                    add(&mut own, consumer);
                } else {
                    users[consumer].iter().for_each(|&user| add(&mut own, user));
                }
                let reader = &self.graph.nodes[consumer];
                is_factor[n] |= reader.rereads() || (reader.is_view() && is_factor[consumer]);
            }
            let costly_factor = is_factor[n] && self.weight[n] > FACTOR_WEIGHT;
            let mut place = n;
            if node.is_elementwise() && (own.len() > 1 || costly_factor) && !self.in_chain[n] {
                place = if self.stored[n] { n } else { self.arranged(n) };
                self.is_shared[place] = !self.stored[place] && !costly_factor;
                self.stored[place] = true;
            }
            users[n] = if self.stored[place] { smallvec![place] } else { own };
        }
    }

    /// Where all who read the value read it rearranged, and nobody else: what they read may as well be what is stored.
    fn arranged(&self, mut n: usize) -> usize {
        let rearranges = |n: usize| match self.graph.nodes[n].op() {
            Some(Op::Reshape) => true,
            // Products read matrices either way, so that to turn them round would be work for nothing.
            Some(Op::Permute(order)) => {
                order.last() == Some(&(order.len() - 1))
                    || !self.consumers[n].iter().all(|&reader| self.graph.nodes[reader].is_contraction())
            }
            _ => false,
        };
        while let [reader] = self.consumers[n][..]
            && rearranges(reader)
        {
            n = reader;
        }
        n
    }

    /// Lets the kernels that use a shared value compute it each for itself, where that costs less than memory does.
    fn recompute_cheap_values(&mut self) {
        let most = self.request.capabilities.recomputed;
        // What one element costs, counted from what is stored.
        let mut weight = vec![0; self.graph.nodes.len()];
        for n in 0..self.graph.nodes.len() {
            let node = &self.graph.nodes[n];
            let below: usize = node.reads().iter().map(|&input| weight[input]).sum();
            let total = own_weight(self.graph, node).map_or(0, |own| (below + own).min(10_000));
            let cheap = total <= most && self.full_sources(n) <= 1;
            if self.is_shared[n] && cheap {
                self.stored[n] = false;
            }
            weight[n] = if self.is_buffer(n) { 0 } else { total };
        }
    }

    /// The stored nodes that barriers in the expression of a stored node wait for.
    fn waits_for(&self, n: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        // Whether a node is part of the expression, or of what a barrier waits for.
        let mut stack = vec![(n, false)];
        while let Some((m, waited)) = stack.pop() {
            if !seen.insert((m, waited)) {
                continue;
            }
            if waited && self.stored[m] {
                found.push(m);
            } else if m == n || !self.is_buffer(m) {
                let node = &self.graph.nodes[m];
                stack.extend(node.reads().iter().map(|&input| (input, waited)));
                stack.extend(node.inputs[node.reads().len()..].iter().map(|&input| (input, true)));
            }
        }
        found
    }

    /// Number of distinct buffers of full size that the value is computed from.
    fn full_sources(&self, n: usize) -> usize {
        let size = numel(&self.graph.nodes[n].shape);
        let mut found = FxHashSet::default();
        let mut stack = vec![n];
        while let Some(m) = stack.pop() {
            let node = &self.graph.nodes[m];
            let leaf = m != n && (self.stored[m] || node.is_heavy()) || matches!(node.kind, Kind::Input(_));
            if !leaf {
                stack.extend(node.reads());
            } else if numel(&node.shape) >= size {
                found.insert(m);
            }
        }
        found.len()
    }

    /// One group for each stored node; then groups are joined where one pass over rows or over elements can serve them.
    fn collect(&mut self) -> Vec<Group> {
        let mut groups = Vec::new();
        for n in 0..self.graph.nodes.len() {
            if self.live[n] && self.stored[n] {
                let core = match self.chain[n].take() {
                    Some((heavy, frame)) => Core::Heavy(heavy, frame),
                    None if self.graph.nodes[n].is_heavy() => {
                        Core::Heavy(n, Frame::of_chain(self.graph, &[n]).expect("a heavy node alone has a frame"))
                    }
                    None => Core::Map,
                };
                groups.push(Group { stored: vec![n], core, after: self.waits_for(n) });
            }
        }
        if self.request.fuse {
            super::join::join(self.request, &mut self.stored, &self.size, &mut groups);
        }
        groups
    }
}
