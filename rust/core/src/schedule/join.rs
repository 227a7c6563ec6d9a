//! Joins elementwise groups over one shape into kernels with several results.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::graph::{Graph, Kind, Node};
use super::group::Group;
use crate::backend::Capabilities;
use crate::shape::{Shape, numel};
use crate::tensor::Op;

/// What computing a stored node reads.
#[derive(Default)]
struct Reads {
    /// Stored nodes and inputs, by node.
    all: FxHashSet<usize>,
    /// Those that are read at other elements than the one that is computed.
    moved: FxHashSet<usize>,
    /// Whether it may be at fault, which takes a further buffer.
    checks: bool,
    /// Stored nodes that it waits for without reading them.
    after: Vec<usize>,
}

impl Reads {
    /// All that must have run before.
    fn before(&self) -> impl Iterator<Item = &usize> {
        self.all.iter().chain(&self.after)
    }
}

/// Joins a group into an earlier one if both are elementwise over one shape, one reads what the other stores or both
/// read a buffer of that shape, no third kernel has to run between them, and buffers and instructions fit.
pub(crate) fn join(graph: &Graph, stored: &[bool], size: &[usize], groups: &mut Vec<Group>, limits: &Capabilities) {
    let reads: Vec<Reads> = groups.iter().map(|group| reads(graph, stored, group)).collect();
    let shapes: Vec<Shape> = groups.iter().map(|group| graph.nodes[group.stored[0]].shape.clone()).collect();
    let mut owner = vec![usize::MAX; graph.nodes.len()];
    for (g, group) in groups.iter().enumerate() {
        group.stored.iter().for_each(|&n| owner[n] = g);
    }
    // Groups joined so far: `parts[g]` lists the original groups in g; a joined group is emptied.
    let mut parts: Vec<SmallVec<[usize; 4]>> = (0..groups.len()).map(|g| SmallVec::from_slice(&[g])).collect();
    let mut host: Vec<usize> = (0..groups.len()).collect();
    for g in 0..groups.len() {
        if groups[g].heavy.is_some() {
            continue;
        }
        let mut candidates: Vec<usize> = Vec::new();
        for &n in &reads[g].all {
            if owner[n] != usize::MAX {
                candidates.push(host[owner[n]]);
            }
        }
        for other in (0..g).filter(|&other| shapes[other] == shapes[g] && groups[host[other]].heavy.is_none()) {
            let of_full_size = |n: &&usize| numel(&graph.nodes[**n].shape) == numel(&shapes[g]);
            if reads[other].all.intersection(&reads[g].all).any(|n| of_full_size(&n)) {
                candidates.push(host[other]);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        for other in candidates {
            let target = host[g];
            let instructions = |g: usize| groups[g].stored.iter().map(|&n| size[n]).sum::<usize>();
            let small = instructions(other) + instructions(target) <= limits.max_instructions;
            let most = limits.max_buffers;
            if other != target && small && can_join(graph, groups, &reads, &parts, &host, &owner, other, target, most) {
                let moved = std::mem::take(&mut groups[other].stored);
                groups[target].stored.splice(0..0, moved);
                let moved = std::mem::take(&mut groups[other].after);
                groups[target].after.extend(moved);
                let moved = std::mem::take(&mut parts[other]);
                moved.iter().for_each(|&part| host[part] = target);
                parts[target].extend(moved);
            }
        }
    }
    groups.retain(|group| !group.stored.is_empty());
}

fn can_join(
    graph: &Graph,
    groups: &[Group],
    reads: &[Reads],
    parts: &[SmallVec<[usize; 4]>],
    host: &[usize],
    owner: &[usize],
    first: usize,
    second: usize,
    max_buffers: usize,
) -> bool {
    let (a, b) = (&groups[first], &groups[second]);
    if a.heavy.is_some() || b.heavy.is_some() || a.stored.is_empty() || b.stored.is_empty() {
        return false;
    }
    if graph.nodes[a.stored[0]].shape != graph.nodes[b.stored[0]].shape {
        return false;
    }
    let both = || parts[first].iter().chain(&parts[second]);
    let stores: FxHashSet<usize> = a.stored.iter().chain(&b.stored).copied().collect();
    if both().any(|&part| reads[part].moved.iter().any(|n| stores.contains(n))) {
        return false;
    }
    let loads: FxHashSet<usize> =
        both().flat_map(|&part| &reads[part].all).copied().filter(|n| !stores.contains(n)).collect();
    let checks = both().any(|&part| reads[part].checks);
    if loads.len() + stores.len() + checks as usize > max_buffers {
        return false;
    }
    // A path from one group to the other through a third kernel would become a cycle.
    let mut stack: Vec<usize> = Vec::new();
    let mut seen = FxHashSet::default();
    let before = |n: &usize| (owner[*n] != usize::MAX).then(|| host[owner[*n]]);
    for &part in both() {
        stack.extend(reads[part].before().filter_map(before).filter(|&g| g != first && g != second));
    }
    while let Some(g) = stack.pop() {
        if g == first || g == second {
            return false;
        }
        if seen.insert(g) {
            stack.extend(parts[g].iter().flat_map(|&part| reads[part].before()).filter_map(before));
        }
    }
    true
}

fn reads(graph: &Graph, stored: &[bool], group: &Group) -> Reads {
    let mut reads = Reads { after: group.after.clone(), ..Reads::default() };
    let mut seen = FxHashSet::default();
    let mut stack: Vec<(usize, bool)> = Vec::new();
    for &n in &group.stored {
        let node = &graph.nodes[n];
        reads.checks |= matches!(node.op(), Some(Op::Check(_)));
        stack.extend(node.reads().iter().enumerate().map(|(i, &input)| (input, moves(node, i))));
    }
    while let Some((n, moved)) = stack.pop() {
        if !seen.insert((n, moved)) {
            continue;
        }
        let node = &graph.nodes[n];
        if stored[n] || matches!(node.kind, Kind::Input(_)) {
            reads.all.insert(n);
            if moved {
                reads.moved.insert(n);
            }
        } else {
            reads.checks |= matches!(node.op(), Some(Op::Check(_)));
            stack.extend(node.reads().iter().enumerate().map(|(i, &input)| (input, moved || moves(node, i))));
        }
    }
    reads
}

/// Whether element i of a node is computed from other elements of input n than its element i.
fn moves(node: &Node, input: usize) -> bool {
    node.is_view() || node.is_heavy() || (matches!(node.op(), Some(Op::Gather { .. })) && input == 0)
}
