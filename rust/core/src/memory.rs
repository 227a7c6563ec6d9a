//! The memory plan: which buffer each stored value gets, and which buffers serve twice.

use rustc_hash::FxHashMap;

use crate::kernel::{Access, BufferRef, BufferSpec, OutputSpec, Value};
use crate::schedule::lower::{Buffer, Lowered};

/// What the plan's buffers are.
pub(crate) struct Memory {
    pub outputs: Vec<OutputSpec>,
    pub temporaries: Vec<BufferSpec>,
    pub of: FxHashMap<Buffer, BufferRef>,
}

/// Assigns buffers, launches running in the given order. `outputs` are stored nodes that outlive the run, `donated`
/// tells which inputs nobody reads after it.
pub(crate) fn plan(
    launches: &[Lowered],
    inputs: &[BufferSpec],
    donated: &[bool],
    outputs: &[usize],
    reuse: bool,
) -> Memory {
    let mut last_use: FxHashMap<Buffer, usize> = FxHashMap::default();
    for (time, launch) in launches.iter().enumerate() {
        launch.buffers.iter().for_each(|&buffer| {
            last_use.insert(buffer, time);
        });
    }
    let mut memory = Memory { outputs: Vec::new(), temporaries: Vec::new(), of: FxHashMap::default() };
    (0..inputs.len()).for_each(|i| {
        memory.of.insert(Buffer::Input(i), BufferRef::Input(i));
    });
    let mut free_inputs: Vec<bool> = donated.to_vec();
    // Temporaries that hold nothing any more at the present launch.
    let mut free: Vec<usize> = Vec::new();
    for (time, launch) in launches.iter().enumerate() {
        for (stored, len) in launch.kernel.written() {
            let buffer = launch.buffers[stored];
            let Buffer::Node(node) = buffer else { unreachable!("stores go to nodes") };
            let spec = BufferSpec { dtype: launch.kernel.args[stored].dtype, len };
            // An operand that dies here and is read element by element can be overwritten.
            let dying = launch.buffers.iter().enumerate().filter(|&(arg, operand)| {
                reuse
                    && launch.kernel.args[arg].access == Access::Read
                    && last_use[operand] == time
                    && launch.kernel.args[arg].dtype == spec.dtype
                    && launch.reads_in_place(arg, stored)
            });
            let mut candidates = dying.map(|(_, operand)| memory.of[operand]);
            let place = if outputs.contains(&node) {
                let fits = |i: &usize| free_inputs[*i] && inputs[*i] == spec;
                let in_place = candidates.find_map(|r| match r {
                    BufferRef::Input(i) if fits(&i) => Some(i),
                    _ => None,
                });
                let idle = |i: &usize| last_use.get(&Buffer::Input(*i)).is_none_or(|&last| last < time);
                let reuses = in_place.or_else(|| (0..inputs.len()).find(|i| reuse && fits(i) && idle(i)));
                reuses.into_iter().for_each(|i| free_inputs[i] = false);
                memory.outputs.push(OutputSpec { buffer: spec, reuses });
                BufferRef::Output(memory.outputs.len() - 1)
            } else {
                let taken = |t: usize, memory: &Memory, launch: &Lowered| {
                    launch
                        .kernel
                        .written()
                        .any(|(other, _)| memory.of.get(&launch.buffers[other]) == Some(&BufferRef::Temporary(t)))
                };
                let in_place = candidates.find_map(|r| match r {
                    BufferRef::Temporary(t) if memory.temporaries[t] == spec && !taken(t, &memory, launch) => Some(t),
                    _ => None,
                });
                BufferRef::Temporary(in_place.unwrap_or_else(|| take_temporary(&mut memory, &mut free, spec)))
            };
            memory.of.insert(buffer, place);
        }
        for buffer in &launch.buffers {
            if let (BufferRef::Temporary(t), true) = (memory.of[buffer], last_use[buffer] == time) {
                let overwritten = launch.kernel.written().any(|(arg, _)| {
                    let stored = launch.buffers[arg];
                    memory.of[&stored] == BufferRef::Temporary(t) && last_use[&stored] > time
                });
                if reuse && !overwritten && !free.contains(&t) {
                    free.push(t);
                }
            }
        }
    }
    memory
}

/// The free temporary that fits best, grown if need be, or a new one.
fn take_temporary(memory: &mut Memory, free: &mut Vec<usize>, spec: BufferSpec) -> usize {
    let same_width = |t: &usize| memory.temporaries[*t].dtype.size() == spec.dtype.size();
    let misfit = |t: &usize| {
        let len = memory.temporaries[*t].len;
        (len < spec.len, len.abs_diff(spec.len))
    };
    match free.iter().copied().filter(same_width).min_by_key(misfit) {
        Some(t) => {
            free.retain(|&other| other != t);
            memory.temporaries[t].len = memory.temporaries[t].len.max(spec.len);
            t
        }
        None => {
            memory.temporaries.push(spec);
            memory.temporaries.len() - 1
        }
    }
}

/// Names a kernel's arguments by real buffers; arguments that share one become one that is read and written.
pub(crate) fn bind(mut lowered: Lowered, memory: &Memory) -> (crate::kernel::Kernel, Vec<BufferRef>, Vec<usize>) {
    let canonical = |buffer: &Buffer| match memory.of[buffer] {
        BufferRef::Output(o) => memory.outputs[o].reuses.map_or(BufferRef::Output(o), BufferRef::Input),
        other => other,
    };
    let mut bound: Vec<BufferRef> = Vec::new();
    let mut canon: Vec<BufferRef> = Vec::new();
    let mut args = Vec::new();
    let mut renamed = Vec::new();
    for (arg, buffer) in lowered.kernel.args.iter().zip(&lowered.buffers) {
        let place = canonical(buffer);
        match canon.iter().position(|&known| known == place) {
            Some(same) => {
                let known: &mut crate::kernel::Arg = &mut args[same];
                if known.access != arg.access {
                    known.access = Access::ReadWrite;
                    // The output's name stands for the memory that both share.
                    bound[same] =
                        if matches!(memory.of[buffer], BufferRef::Output(_)) { memory.of[buffer] } else { bound[same] };
                }
                renamed.push(same);
            }
            None => {
                canon.push(place);
                bound.push(memory.of[buffer]);
                args.push(*arg);
                renamed.push(args.len() - 1);
            }
        }
    }
    for instruction in lowered.kernel.blocks_mut().into_iter().flat_map(|block| &mut block.code) {
        if let Value::Load { arg, .. } | Value::Gather { arg, .. } = &mut instruction.value {
            *arg = renamed[*arg];
        }
    }
    lowered.kernel.stored_args_mut().into_iter().for_each(|arg| *arg = renamed[*arg]);
    lowered.kernel.args = args;
    (lowered.kernel, bound, lowered.scalars)
}
