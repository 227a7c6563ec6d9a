//! Joins groups into kernels that pass over memory once: elementwise groups over one shape, reductions over the same axes with
//! what lies between and after them, and what follows a product, reduction or scatter element by element.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use super::frame::RowFrame;
use super::graph::{Graph, Kind};
use super::group::{Core, Group, Request};
use crate::shape::{Shape, numel};
use crate::tensor::Op;
use crate::view::{View, Walk};

/// A stored node or input that a group reads.
struct Read {
    node: usize,
    /// Where it is read, if that is known: as a view of the space of the level.
    view: Option<(Level, View)>,
}

/// The space that something is computed over: a reduction's operand has the elements, its results are the rows. What has no
/// reduction in it computes elements if it is elementwise, and rows if it is a product or the like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Element,
    Row,
}

/// One of the groups that came in.
struct Part {
    core: Form,
    reads: Vec<Read>,
    /// Whether it checks positions, for which a kernel takes one more buffer.
    checks: bool,
    /// Stored nodes that it waits for without reading them.
    after: Vec<usize>,
    /// The level of an elementwise part in the cluster that it has joined.
    level: Level,
}

/// What a cluster of groups is built around.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// Elements of this shape.
    Map(Shape),
    /// Reductions of this frame.
    Rows(RowFrame),
    /// A heavy node of so many elements.
    Heavy(usize),
    /// A routine of linear algebra, which nothing joins.
    Alone,
}

/// Groups joined so far.
struct Cluster {
    form: Form,
    parts: SmallVec<[usize; 4]>,
    /// Nodes that the cluster stores at each level.
    elements: Vec<usize>,
    rows: Vec<usize>,
    /// The last part among its own and those of all clusters that it depends on.
    reach: usize,
}

struct Joiner<'a> {
    request: &'a Request<'a>,
    parts: Vec<Part>,
    clusters: Vec<Cluster>,
    /// Cluster of each part, and part that stores each node.
    host: Vec<usize>,
    owner: Vec<Option<usize>>,
    /// Parts that read each stored node, or wait for it.
    readers: FxHashMap<usize, Vec<usize>>,
    size: &'a [usize],
}

/// Of the parts that read one buffer, how many each further one is compared with.
const MOST_SHARERS: usize = 8;
/// How many clusters a search for what must run between two others looks at, before it takes for granted that there is some.
const MOST_SEARCHED: usize = 1000;

/// `size`: instructions of each stored node's expression. Values that only their own kernel reads are no longer stored.
pub(crate) fn join(request: &Request, stored: &mut [bool], size: &[usize], groups: &mut Vec<Group>) {
    let mut joiner = Joiner::new(request, stored, size, groups);
    joiner.join_all();
    joiner.drop_stores(stored);
    joiner.rebuild(groups);
}

impl<'a> Joiner<'a> {
    fn new(request: &'a Request<'a>, stored: &[bool], size: &'a [usize], groups: &[Group]) -> Joiner<'a> {
        let graph = request.graph;
        let mut owner = vec![None; graph.nodes.len()];
        let mut readers: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let (mut parts, mut clusters) = (Vec::new(), Vec::new());
        for (g, group) in groups.iter().enumerate() {
            group.stored.iter().for_each(|&n| owner[n] = Some(g));
            let part = Part::of(graph, stored, group);
            part.before().for_each(|node| readers.entry(node).or_default().push(g));
            let (elements, rows) = match part.core {
                Form::Map(_) => (group.stored.clone(), Vec::new()),
                _ => (Vec::new(), group.stored.clone()),
            };
            clusters.push(Cluster { form: part.core.clone(), parts: smallvec![g], elements, rows, reach: g });
            parts.push(part);
        }
        Joiner { request, host: (0..parts.len()).collect(), parts, clusters, owner, readers, size }
    }

    fn join_all(&mut self) {
        let mut sharers: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for part in 0..self.parts.len() {
            let Part { core, reads, .. } = &self.parts[part];
            let mut candidates: Vec<usize> = reads.iter().filter_map(|read| self.owner[read.node]).collect();
            let size = match core {
                Form::Map(shape) => Some(numel(shape)),
                Form::Rows(frame) => Some(numel(&frame.shape)),
                Form::Heavy(_) | Form::Alone => None,
            };
            let whole =
                |read: &&Read| size.is_some_and(|size| numel(&self.request.graph.nodes[read.node].shape) >= size);
            for read in reads.iter().filter(whole) {
                let others = sharers.entry(read.node).or_default();
                candidates.extend(others.iter().rev().take(MOST_SHARERS));
                if others.last() != Some(&part) {
                    others.push(part);
                }
            }
            // The nearest first.
            candidates.sort_unstable_by(|a, b| b.cmp(a));
            candidates.dedup();
            for other in candidates {
                let (first, second) = (self.host[other], self.host[part]);
                if first == second {
                    continue;
                }
                if let Some((form, levels)) = self.joined_form(first, second)
                    && self.can_join(first, second, &form, levels)
                {
                    self.merge(first, second, form, levels);
                }
            }
        }
    }

    /// What a kernel of both clusters would be built around, and the level that the elements of each have in it.
    fn joined_form(&self, first: usize, second: usize) -> Option<(Form, [Level; 2])> {
        let both = [first, second].map(|cluster| &self.clusters[cluster].form);
        let level = |form: &Form, map: &Shape| match form {
            Form::Map(shape) => (shape == map).then_some(Level::Element),
            Form::Rows(frame) if frame.shape == *map => {
                frame.is_suitable(self.request.capabilities.max_row).then_some(Level::Element)
            }
            Form::Rows(frame) => (numel(&frame.out()) == numel(map)).then_some(Level::Row),
            Form::Heavy(elements) => (*elements == numel(map)).then_some(Level::Row),
            Form::Alone => None,
        };
        match both {
            [Form::Rows(a), Form::Rows(b)] => {
                (a == b).then(|| (Form::Rows(a.clone()), [Level::Element, Level::Element]))
            }
            [form, Form::Map(map)] => Some((form.clone(), [Level::Element, level(form, map)?])),
            [Form::Map(map), form] => Some((form.clone(), [level(form, map)?, Level::Element])),
            _ => None,
        }
    }

    fn can_join(&self, first: usize, second: usize, form: &Form, levels: [Level; 2]) -> bool {
        let (a, b) = (&self.clusters[first], &self.clusters[second]);
        let one_by_one = |frame: &RowFrame| !frame.is_suitable(self.request.capabilities.max_row);
        let along = |reader: (&Cluster, Level), writer: (&Cluster, Level)| {
            let both_reduce = matches!((&a.form, &b.form), (Form::Rows(frame), Form::Rows(_)) if one_by_one(frame));
            self.reads_along(reader, writer, form, both_reduce)
        };
        if !along((b, levels[1]), (a, levels[0])) || !along((a, levels[0]), (b, levels[1])) {
            return false;
        }
        let both = || a.parts.iter().chain(&b.parts);
        let own = |node: usize| self.owner[node].is_some_and(|part| [first, second].contains(&self.host[part]));
        let loads: FxHashSet<usize> =
            both().flat_map(|&part| &self.parts[part].reads).map(|read| read.node).filter(|&n| !own(n)).collect();
        let stores = || a.elements.iter().chain(&a.rows).chain(&b.elements).chain(&b.rows);
        let kept = stores().filter(|&&n| self.is_needed(n, &[first, second])).count();
        let instructions: usize = stores().map(|&n| self.size[n]).sum();
        let checks = both().any(|&part| self.parts[part].checks);
        let limits = self.request.capabilities;
        loads.len() + kept + checks as usize <= limits.max_buffers
            && instructions <= limits.max_instructions
            && !self.is_between(first, second)
    }

    /// Whether the reader takes, of what the writer stores, only what belongs to the element or row that it computes.
    /// `apart`: it must take nothing. The level is that of a cluster's elements if it is elementwise.
    fn reads_along(&self, reader: (&Cluster, Level), writer: (&Cluster, Level), form: &Form, apart: bool) -> bool {
        let level_of = |(cluster, level): (&Cluster, Level), part: usize| match cluster.form {
            Form::Map(_) => level,
            _ => self.parts[part].level,
        };
        let lowered = matches!(writer.0.form, Form::Map(_)) && writer.1 == Level::Row;
        reader.0.parts.iter().all(|&part| {
            let own = level_of(reader, part);
            self.parts[part].reads.iter().all(|read| {
                let in_elements = writer.0.elements.contains(&read.node);
                let in_rows = writer.0.rows.contains(&read.node) || (in_elements && lowered);
                if !in_elements && !in_rows {
                    return true;
                }
                let Some((level, view)) = &read.view else { return false };
                // An elementwise part has elements alone, whatever they are to the cluster that it joins.
                let level = if matches!(self.parts[part].core, Form::Map(_)) { own } else { *level };
                !apart
                    && match (level, in_rows, form) {
                        (Level::Element, true, Form::Rows(frame)) => frame.is_row_value(view),
                        (Level::Row, false, _) => false,
                        _ => view.is_contiguous(),
                    }
            })
        })
    }

    /// Whether a third cluster would have to run between the two.
    fn is_between(&self, first: usize, second: usize) -> bool {
        let before = |node: usize| self.owner[node].map(|part| self.host[part]);
        let of = |cluster: usize| self.clusters[cluster].parts.iter().flat_map(|&part| self.parts[part].before());
        let earliest = |cluster: usize| *self.clusters[cluster].parts.iter().min().expect("a cluster has parts");
        // Parts are in topological order: what reaches no part of either depends on neither.
        let start = earliest(first).min(earliest(second));
        let mut stack: Vec<usize> = [first, second].into_iter().flat_map(of).filter_map(before).collect();
        stack.retain(|&cluster| cluster != first && cluster != second);
        let mut seen = FxHashSet::default();
        while let Some(cluster) = stack.pop() {
            if cluster == first || cluster == second || seen.len() > MOST_SEARCHED {
                return true;
            }
            if self.clusters[cluster].reach >= start && seen.insert(cluster) {
                stack.extend(of(cluster).filter_map(before));
            }
        }
        false
    }

    fn merge(&mut self, from: usize, to: usize, form: Form, levels: [Level; 2]) {
        for (cluster, level) in [from, to].into_iter().zip(levels) {
            let own = &mut self.clusters[cluster];
            if matches!(own.form, Form::Map(_)) && level == Level::Row {
                let elements = std::mem::take(&mut own.elements);
                own.rows.extend(elements);
                own.parts.iter().for_each(|&part| self.parts[part].level = Level::Row);
            }
        }
        let (elements, rows) = Default::default();
        let empty = Cluster { form: form.clone(), parts: smallvec![], elements, rows, reach: 0 };
        let moved = std::mem::replace(&mut self.clusters[from], empty);
        moved.parts.iter().for_each(|&part| self.host[part] = to);
        let target = &mut self.clusters[to];
        target.form = form;
        target.parts.extend(moved.parts);
        target.elements.extend(moved.elements);
        target.rows.extend(moved.rows);
        self.extend_reach(to, moved.reach);
    }

    /// Tells a cluster, and those that depend on it, of a part that they depend on.
    fn extend_reach(&mut self, cluster: usize, part: usize) {
        let part = part.max(self.clusters[cluster].reach);
        let mut stack = vec![cluster];
        while let Some(cluster) = stack.pop() {
            let Cluster { elements, rows, reach, .. } = &mut self.clusters[cluster];
            *reach = part;
            let readers = elements.iter().chain(&*rows).filter_map(|node| self.readers.get(node)).flatten();
            let hosts: Vec<usize> = readers.map(|&reader| self.host[reader]).collect();
            stack.extend(hosts.into_iter().filter(|&host| self.clusters[host].reach < part));
        }
    }

    /// Whether a stored value must have memory though its kernel is made of these clusters.
    fn is_needed(&self, node: usize, clusters: &[usize]) -> bool {
        let Request { targets, held, needed_later, .. } = self.request;
        let elsewhere = |parts: &Vec<usize>| parts.iter().any(|&part| !clusters.contains(&self.host[part]));
        targets[node] || held[node] || needed_later[node] || self.readers.get(&node).is_none_or(elsewhere)
    }

    fn drop_stores(&mut self, stored: &mut [bool]) {
        for cluster in 0..self.clusters.len() {
            let Cluster { parts, elements, rows, .. } = &self.clusters[cluster];
            if parts.len() < 2 {
                continue;
            }
            let unneeded = elements.iter().chain(rows).copied().filter(|&n| !self.is_needed(n, &[cluster]));
            let unneeded: Vec<usize> = unneeded.collect();
            unneeded.iter().for_each(|&n| stored[n] = false);
            self.clusters[cluster].elements.retain(|n| !unneeded.contains(n));
            self.clusters[cluster].rows.retain(|n| !unneeded.contains(n));
        }
    }

    /// The groups that are left: a joined one in the place of its last part.
    fn rebuild(&mut self, groups: &mut Vec<Group>) {
        let mut cores: Vec<Option<Core>> = Vec::new();
        let mut result = Vec::new();
        let all = std::mem::take(groups);
        let last: Vec<usize> =
            self.clusters.iter().map(|cluster| cluster.parts.iter().copied().max().unwrap_or(usize::MAX)).collect();
        for group in all {
            cores.push(Some(group.core));
        }
        for part in 0..cores.len() {
            let cluster = &self.clusters[self.host[part]];
            if last[self.host[part]] != part {
                continue;
            }
            let mut own: Vec<usize> = cluster.elements.iter().chain(&cluster.rows).copied().collect();
            own.sort_unstable();
            let mut take = |wanted: fn(&Form) -> bool| {
                let part = cluster.parts.iter().find(|&&part| wanted(&self.parts[part].core));
                cores[*part.expect("a part of the cluster's form")].take().expect("each part's core goes once")
            };
            let core = match &cluster.form {
                Form::Map(_) => Core::Map,
                Form::Rows(frame) if cluster.parts.len() > 1 => Core::Rows(frame.clone()),
                Form::Rows(_) => take(|form| matches!(form, Form::Rows(_))),
                Form::Heavy(_) => take(|form| matches!(form, Form::Heavy(_))),
                Form::Alone => take(|form| *form == Form::Alone),
            };
            let after = cluster.parts.iter().flat_map(|&part| std::mem::take(&mut self.parts[part].after)).collect();
            result.push(Group { stored: own, core, after });
        }
        *groups = result;
    }
}

impl Part {
    /// The nodes that must be there before.
    fn before(&self) -> impl Iterator<Item = usize> {
        self.reads.iter().map(|read| read.node).chain(self.after.iter().copied())
    }

    fn of(graph: &Graph, stored: &[bool], group: &Group) -> Part {
        let mut tracer = Tracer { graph, stored, reads: Vec::new(), checks: false, seen: FxHashSet::default() };
        let shape = &graph.nodes[group.stored[0]].shape;
        let (core, level) = match &group.core {
            Core::Heavy(heavy, _) => match RowFrame::of_reduction(graph, *heavy) {
                Some(frame) if runs_by_row(graph, group.stored[0], *heavy, &frame) => {
                    let mut walk = Walk::start(&frame.out());
                    walk.reshape(shape);
                    tracer.compute(group.stored[0], Level::Row, walk);
                    (Form::Rows(frame), Level::Row)
                }
                _ => {
                    tracer.anywhere(group);
                    let alone = matches!(graph.nodes[*heavy].op(), Some(Op::Linalg(_) | Op::Attention(_)));
                    (if alone { Form::Alone } else { Form::Heavy(numel(shape)) }, Level::Row)
                }
            },
            _ => {
                group.stored.iter().for_each(|&n| tracer.compute(n, Level::Element, Walk::start(shape)));
                (Form::Map(shape.clone()), Level::Element)
            }
        };
        Part { core, reads: tracer.reads, checks: tracer.checks, after: group.after.clone(), level }
    }
}

/// Whether what follows a reduction in its kernel, up to `end`, takes its results in their order.
fn runs_by_row(graph: &Graph, end: usize, heavy: usize, frame: &RowFrame) -> bool {
    let mut walk = Walk::start(&frame.out());
    walk.reshape(&graph.nodes[end].shape);
    // Down the chain to the reduction: a permutation on the way changes the order.
    let mut stack = vec![(end, walk)];
    let mut seen = FxHashSet::default();
    while let Some((n, mut walk)) = stack.pop() {
        if n == heavy {
            return walk.finish().is_contiguous();
        }
        let node = &graph.nodes[n];
        match node.op() {
            Some(Op::Reshape) => walk.reshape(&graph.nodes[node.inputs[0]].shape),
            Some(Op::Permute(order)) => walk.permute(order),
            Some(Op::Elementwise(_) | Op::Cast | Op::Check(_)) => {}
            _ => continue,
        }
        for &input in &node.inputs {
            if input >= heavy && seen.insert(input) {
                stack.push((input, walk.clone()));
            }
        }
    }
    false
}

/// Finds what a group reads, and where.
struct Tracer<'a> {
    graph: &'a Graph,
    stored: &'a [bool],
    reads: Vec<Read>,
    checks: bool,
    seen: FxHashSet<(usize, bool, Walk)>,
}

impl Tracer<'_> {
    fn visit(&mut self, n: usize, level: Level, walk: Walk) {
        if !self.seen.insert((n, level == Level::Row, walk.clone())) {
            return;
        }
        if self.stored[n] || matches!(self.graph.nodes[n].kind, Kind::Input(_)) {
            self.reads.push(Read { node: n, view: Some((level, walk.finish())) });
        } else {
            self.compute(n, level, walk);
        }
    }

    fn compute(&mut self, n: usize, level: Level, mut walk: Walk) {
        let graph = self.graph;
        let node = &graph.nodes[n];
        let first = || node.inputs[0];
        match node.op() {
            Some(Op::Reshape) => walk.reshape(&graph.nodes[first()].shape),
            Some(Op::Permute(order)) => walk.permute(order),
            Some(Op::Expand) => walk.expand(&graph.nodes[first()].shape),
            Some(Op::Affine { affine, .. }) => walk.affine(affine, graph.nodes[first()].shape[affine.axis]),
            Some(Op::Gather { .. }) => {
                self.reads.push(Read { node: graph.through_reshapes(first()), view: None });
                return self.visit(node.inputs[1], level, walk);
            }
            Some(Op::Reduce { .. }) => {
                // Only its own group comes here: its operand is read element by element.
                let shape = graph.nodes[first()].shape.clone();
                return self.visit(first(), Level::Element, Walk::start(&shape));
            }
            Some(Op::Check(_)) => self.checks = true,
            _ => {}
        }
        for &input in node.reads() {
            self.visit(input, level, walk.clone());
        }
    }

    /// All that a group reads, wherever.
    fn anywhere(&mut self, group: &Group) {
        let mut seen = FxHashSet::default();
        let mut stack: Vec<usize> = group.stored.clone();
        while let Some(n) = stack.pop() {
            if !seen.insert(n) {
                continue;
            }
            let node = &self.graph.nodes[n];
            let leaf = self.stored[n] && !group.stored.contains(&n);
            if leaf || matches!(node.kind, Kind::Input(_)) {
                self.reads.push(Read { node: n, view: None });
            } else {
                self.checks |= matches!(node.op(), Some(Op::Check(_)));
                stack.extend(node.reads());
            }
        }
    }
}
