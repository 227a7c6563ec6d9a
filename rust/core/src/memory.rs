//! The memory plan: which buffer each stored value gets, and which buffers serve twice.

use rustc_hash::FxHashMap;

use crate::kernel::{Access, BufferRef, BufferSpec, OutputSpec};
use crate::schedule::lower::{Buffer, Lowered};

/// What the plan's buffers are.
pub(crate) struct Memory {
    pub outputs: Vec<OutputSpec>,
    pub temporaries: Vec<BufferSpec>,
    pub of: FxHashMap<Buffer, BufferRef>,
}

impl Memory {
    pub fn temporary_bytes(&self) -> usize {
        self.temporaries.iter().map(BufferSpec::bytes).sum()
    }
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
    // What needs a temporary, named by its place in this list until those are known.
    let mut tenants: Vec<Tenant> = Vec::new();
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
                    BufferRef::Temporary(t) if tenants[t].spec == spec && !taken(t, &memory, launch) => Some(t),
                    _ => None,
                });
                let tenant = in_place.unwrap_or_else(|| {
                    tenants.push(Tenant { spec, first: time, last: time });
                    tenants.len() - 1
                });
                tenants[tenant].last = last_use[&buffer];
                BufferRef::Temporary(tenant)
            };
            memory.of.insert(buffer, place);
        }
    }
    let temporary_of = house(&tenants, reuse, &mut memory.temporaries);
    for place in memory.of.values_mut() {
        if let BufferRef::Temporary(t) = place {
            *t = temporary_of[*t];
        }
    }
    memory
}

/// Values that overwrite one another, and the launches from the first that writes to the last that reads them.
struct Tenant {
    spec: BufferSpec,
    first: usize,
    last: usize,
}

/// Bytes of a value that lives only where others of its size do: to spare so little is not worth it that kernels whose rows
/// differ in length meet in one buffer, as those that run in strips of rows may not.
const SMALL: usize = 1 << 18;

/// The temporary of each tenant. The largest choose first, so that none has to grow, and smaller ones move in while nobody is
/// there: into the smallest that has room, and of those the one left longest ago.
fn house(tenants: &[Tenant], reuse: bool, temporaries: &mut Vec<BufferSpec>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..tenants.len()).collect();
    order.sort_by_key(|&tenant| std::cmp::Reverse(tenants[tenant].spec.len));
    let mut stays: Vec<Vec<usize>> = Vec::new();
    let mut result = vec![0; tenants.len()];
    for tenant in order {
        let Tenant { spec, first, last } = tenants[tenant];
        let away = |t: &usize| {
            let apart = |other: &Tenant| other.last < first || last < other.first;
            reuse
                && temporaries[*t].dtype.size() == spec.dtype.size()
                && (temporaries[*t].len == spec.len || spec.bytes() > SMALL)
                && stays[*t].iter().all(|&other| apart(&tenants[other]))
        };
        let left = |t: usize| stays[t].iter().map(|&other| tenants[other].last).filter(|&last| last < first).max();
        let chosen = (0..temporaries.len()).filter(away).min_by_key(|&t| (temporaries[t].len, left(t)));
        let t = chosen.unwrap_or_else(|| {
            temporaries.push(spec);
            stays.push(Vec::new());
            temporaries.len() - 1
        });
        stays[t].push(tenant);
        result[tenant] = t;
    }
    result
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
    lowered.kernel.replace_args(&args, |arg| renamed[arg]);
    (lowered.kernel, bound, lowered.scalars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::DType;

    #[test]
    fn large_values_move_in_with_larger_ones_and_small_ones_with_their_like() {
        for (len, expected) in [(SMALL, [0, 0, 0, 1]), (SMALL / 16, [0, 1, 0, 1])] {
            let tenant = |len, first, last| Tenant { spec: BufferSpec { dtype: DType::F32, len }, first, last };
            let tenants = [tenant(4 * len, 0, 2), tenant(len, 3, 4), tenant(4 * len, 5, 6), tenant(len, 5, 6)];
            let mut temporaries = Vec::new();
            assert_eq!(house(&tenants, true, &mut temporaries), expected);
            assert_eq!(temporaries.iter().map(|spec| spec.len).collect::<Vec<_>>(), [4 * len, len]);
            assert_eq!(house(&tenants, false, &mut Vec::new()), [0, 2, 1, 3], "nothing shared");
        }
    }
}
