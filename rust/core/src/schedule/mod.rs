//! Turns a pending graph into a plan: simplify, group, lower, order, plan memory.

mod emit;
mod frame;
mod graph;
mod group;
mod horizontal;
mod join;
pub(crate) mod lower;
mod rematerialize;
mod subpixel;
mod sums;

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::backend::Capabilities;
use crate::dtype::DType;
use crate::kernel::{BufferSpec, Check, Launch, Plan};
use crate::memory::{self, Memory};
use crate::shape::numel;
use crate::tensor::Op;
pub(crate) use graph::{Graph, Kind, Node};
use group::{Core, Group, Request};
use lower::{Buffer, Lowered};

/// One node of the pending graph, as evaluation found it.
pub(crate) struct Pending {
    pub node: Node,
    /// Grows in the order in which nodes were made.
    pub id: u64,
    pub wanted: Wanted,
    /// Evaluation must leave the node's inputs in place.
    pub keeps_inputs: bool,
}

/// Who else needs a node's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Wanted {
    /// Nobody but other pending nodes.
    No,
    /// Somebody holds a handle: kept if it gets a buffer anyway.
    Held,
    /// It was asked for.
    Root,
}

pub(crate) struct InputInfo {
    pub spec: BufferSpec,
    /// Nobody but the pending graph holds it.
    pub sole: bool,
}

/// Where a node's value is after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Output(usize),
    Input(usize),
}

pub(crate) struct Planned {
    pub plan: Plan,
    /// Pending nodes that have a value after a run.
    pub produced: Vec<(usize, Place)>,
}

/// To compute values again is worthwhile if temporaries then need no more than this part of what they did.
const WORTHWHILE: (usize, usize) = (7, 8);

/// The pending graph simplified.
struct Simplified {
    graph: Graph,
    /// The simplified node of each pending one.
    of: Vec<usize>,
    /// When each simplified node was made.
    made: Vec<u64>,
}

/// Kernels in their order, and their memory.
struct Draft {
    lowered: Vec<Lowered>,
    /// For each node, whether it has a buffer.
    stored: Vec<bool>,
    /// Stored nodes that outlive the run.
    outputs: Vec<usize>,
    produced: Vec<(usize, Place)>,
    memory: Memory,
}

pub(crate) fn plan(
    pending: &[Pending],
    inputs: &[InputInfo],
    scalars: &[DType],
    capabilities: &Capabilities,
    fuse: bool,
) -> Planned {
    let mut simplified = Simplified::of(pending, capabilities, fuse);
    let mut draft = Draft::of(&simplified, pending, inputs, capabilities, fuse);
    if fuse && let Some(other) = rematerialize::rematerialize(&simplified, &draft, capabilities) {
        let second = Draft::of(&other, pending, inputs, capabilities, fuse);
        if second.memory.temporary_bytes() < draft.memory.temporary_bytes() / WORTHWHILE.1 * WORTHWHILE.0 {
            (simplified, draft) = (other, second);
        }
    }
    let Draft { lowered, mut produced, memory, .. } = draft;
    for (_, place) in &mut produced {
        if let Place::Output(node) = place {
            match memory.of[&Buffer::Node(*node)] {
                crate::kernel::BufferRef::Output(output) => *node = output,
                other => unreachable!("node {node} is an output, not {other:?}"),
            }
        }
    }
    let mut kernels = Vec::new();
    let mut known = FxHashMap::default();
    let mut launches = Vec::new();
    for launch in lowered {
        let (kernel, buffers, scalars) = memory::bind(launch, &memory);
        if numel(&kernel.out) == 0 {
            continue;
        }
        let index = *known.entry(kernel.clone()).or_insert_with(|| {
            kernels.push(kernel);
            kernels.len() - 1
        });
        launches.push(Launch { kernel: index, buffers, scalars });
    }
    let plan = Plan {
        inputs: inputs.iter().map(|input| input.spec).collect(),
        outputs: memory.outputs,
        temporaries: memory.temporaries,
        scalars: scalars.to_vec(),
        kernels,
        launches,
        checks: simplified.graph.checks.iter().map(|check| Check::clone(check)).collect(),
    };
    Planned { plan, produced }
}

impl Simplified {
    fn of(pending: &[Pending], capabilities: &Capabilities, fuse: bool) -> Simplified {
        let mut graph = Graph::default();
        let mut of: Vec<usize> = Vec::with_capacity(pending.len());
        let mut made: Vec<u64> = Vec::with_capacity(pending.len());
        let sums = if fuse { Some(sums::Sums::find(pending, capabilities)) } else { None };
        for (n, item) in pending.iter().enumerate() {
            let mut node = item.node.clone();
            node.inputs.iter_mut().for_each(|input| *input = of[*input]);
            let sum = sums.as_ref().and_then(|sums| sums.add_to(&mut graph, n, &of));
            let subpixel = || if fuse { graph.add_subpixel(&node) } else { None };
            let added = sum.or_else(subpixel).unwrap_or_else(|| graph.add(node));
            made.resize(graph.nodes.len(), item.id);
            made[added] = made[added].min(item.id);
            of.push(added);
        }
        Simplified { graph, of, made }
    }
}

impl Draft {
    fn of(
        simplified: &Simplified,
        pending: &[Pending],
        inputs: &[InputInfo],
        capabilities: &Capabilities,
        fuse: bool,
    ) -> Draft {
        let Simplified { graph, of, made } = simplified;
        let count = graph.nodes.len();
        let (mut targets, mut held, mut needed_later) = (vec![false; count], vec![false; count], vec![false; count]);
        let mut kept_alive = vec![false; pending.len()];
        for n in (0..pending.len()).rev() {
            let item = &pending[n];
            let base = graph.through_reshapes(of[n]);
            match item.wanted {
                Wanted::Root => targets[base] = true,
                Wanted::Held => held[base] = true,
                Wanted::No => {}
            }
            // Whatever keeps its inputs and is itself reachable may be walked by a later backward pass or evaluation.
            kept_alive[n] |= item.wanted != Wanted::No && item.keeps_inputs;
            if kept_alive[n] {
                needed_later[of[n]] = true;
                walked_later(&item.node).iter().for_each(|&input| kept_alive[input] = true);
            }
        }
        // The values of calls that are kept, which nobody walks behind.
        let mut is_result = vec![false; pending.len()];
        for (n, item) in pending.iter().enumerate() {
            if let (true, Some(Op::Output(_))) = (kept_alive[n], item.node.op()) {
                is_result[item.node.inputs[1]] = true;
            }
        }
        for (n, node) in graph.nodes.iter().enumerate() {
            targets[n] &= !matches!(node.kind, Kind::Input(_));
        }
        let request =
            Request { graph, targets: &targets, held: &held, needed_later: &needed_later, capabilities, fuse };
        let grouping = group::group(&request);
        let lowered = grouping.groups.iter().map(|group| lower::lower(graph, &grouping.stored, group)).collect();
        let age = |group: &Group| match &group.core {
            Core::Heavy(heavy, _) => made[*heavy],
            _ => group.stored.iter().map(|&n| made[n]).min().expect("a group stores"),
        };
        let made = grouping.groups.iter().map(age).collect();

        let mut produced = Vec::new();
        let mut outputs: Vec<usize> = Vec::new();
        // A run that fails leaves its inputs as they were.
        let can_fail =
            graph.nodes.iter().any(|node| matches!(node.op(), Some(Op::Linalg(routine)) if routine.can_fail()));
        let mut donated: Vec<bool> = inputs.iter().map(|input| input.sole && !can_fail).collect();
        for (n, item) in pending.iter().enumerate() {
            let base = graph.through_reshapes(of[n]);
            let is_leaf = matches!(item.node.kind, Kind::Input(_));
            if let (Kind::Input(input), false) = (&graph.nodes[base].kind, is_leaf)
                && item.wanted == Wanted::Root
            {
                donated[*input] = false;
                produced.push((n, Place::Input(*input)));
                continue;
            }
            let keep = item.wanted != Wanted::No || kept_alive[n] || is_result[n];
            if grouping.stored[base] && keep {
                if !outputs.contains(&base) {
                    outputs.push(base);
                }
                produced.push((n, Place::Output(base)));
            } else if item.wanted == Wanted::Held {
                // The handle's value may be asked for later, from what lies behind it.
                kept_alive[n] = true;
            }
        }
        for n in (0..pending.len()).rev() {
            if kept_alive[n] {
                let node = &pending[n].node;
                let stored = grouping.stored[graph.through_reshapes(of[n])];
                let inputs = if stored { walked_later(node) } else { &node.inputs };
                inputs.iter().for_each(|&input| kept_alive[input] = true);
                if let Kind::Input(input) = pending[n].node.kind {
                    donated[input] = false;
                }
            }
        }
        let mut lowered = in_order(lowered, made, &donated);
        let specs: Vec<BufferSpec> = inputs.iter().map(|input| input.spec).collect();
        let remember = |lowered: &[Lowered]| memory::plan(lowered, &specs, &donated, &outputs, fuse);
        let mut memory = remember(&lowered);
        if fuse && capabilities.horizontal {
            lowered = horizontal::join(lowered, &memory, &donated, capabilities);
            memory = remember(&lowered);
        }
        Draft { lowered, stored: grouping.stored, outputs, produced, memory }
    }
}

/// The inputs that a later backward pass walks; what computed a call's output is not among them.
fn walked_later(node: &Node) -> &[usize] {
    if matches!(node.op(), Some(Op::Output(_))) { &node.inputs[..1] } else { &node.inputs }
}

/// Kernels in an order in which each runs after those whose results it reads: as near as can be to the order in which the
/// program made what they compute, but those whose results no kernel reads, such as updates of parameters, as soon as what
/// they read is there and needed by nobody else, so that it can be let go of or overwritten.
fn in_order(lowered: Vec<Lowered>, made: Vec<u64>, donated: &[bool]) -> Vec<Lowered> {
    let stores = |l: &Lowered| l.kernel.written().map(|(arg, _)| l.buffers[arg]).collect::<Vec<_>>();
    let waits_for = |l: &Lowered| l.after.iter().map(|&n| Buffer::Node(n)).collect::<Vec<_>>();
    let (mut producer, mut readers): (FxHashMap<Buffer, usize>, FxHashMap<Buffer, Vec<usize>>) = Default::default();
    for (k, launch) in lowered.iter().enumerate() {
        let own = stores(launch);
        let read = launch.buffers.iter().copied().filter(|buffer| !own.contains(buffer));
        read.chain(waits_for(launch)).for_each(|buffer| readers.entry(buffer).or_default().push(k));
        own.into_iter().for_each(|buffer| {
            producer.insert(buffer, k);
        });
    }
    let is_last = |launch: &Lowered| stores(launch).iter().all(|buffer| !readers.contains_key(buffer));
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); lowered.len()];
    for (k, launch) in lowered.iter().enumerate() {
        let last = is_last(launch);
        for buffer in launch.buffers.iter().copied().chain(waits_for(launch)) {
            before[k].extend(producer.get(&buffer).filter(|&&other| other != k));
            // It may overwrite an input once others have read it.
            if let (true, Buffer::Input(input)) = (last, buffer)
                && donated[input]
            {
                let others = readers[&buffer].iter().filter(|&&other| other != k && !is_last(&lowered[other]));
                before[k].extend(others);
            }
        }
    }
    let rank = |k: usize| match is_last(&lowered[k]) {
        true => before[k].iter().map(|&other| made[other]).max().unwrap_or(made[k]),
        false => made[k],
    };
    let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); lowered.len()];
    for (k, before) in before.iter().enumerate() {
        before.iter().for_each(|&other| followers[other].push(k));
    }
    let entry = |k: usize| std::cmp::Reverse((rank(k), made[k], k));
    let mut ready: BinaryHeap<_> = (0..lowered.len()).filter(|&k| waiting[k] == 0).map(entry).collect();
    let mut order = Vec::new();
    while let Some(std::cmp::Reverse((_, _, k))) = ready.pop() {
        order.push(k);
        for &next in &followers[k] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(entry(next));
            }
        }
    }
    assert_eq!(order.len(), lowered.len(), "kernels that wait for each other");
    let mut slots: Vec<Option<Lowered>> = lowered.into_iter().map(Some).collect();
    order.into_iter().map(|k| slots[k].take().expect("each kernel once")).collect()
}
