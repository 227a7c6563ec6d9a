//! Launches whose rows have nothing to do with each other, as the steps of a recurrence over a batch: each thread takes some
//! of the rows through all of them, without waiting for the others after each launch. What all rows read of products is
//! packed once for all launches.

use std::ops::Range;

use rustc_hash::FxHashMap;
use rutile_core::kernel::{Block, BufferRef, Kernel, KernelKind, Plan, Role, Value};
use rutile_core::shape::numel;
use rutile_core::view::View;

use crate::boxes;
use crate::parallel;
use crate::program::Compiled;
use crate::scratch::Scratch;
use crate::tile::Launch;

/// Fewest launches that are worth it, and fewest rows of a thread: with fewer, products read too much for what they compute.
const FEWEST: usize = 8;
const ROWS: usize = 8;
/// A launch of more nanoseconds shares its work well enough on its own, and a group of fewer is not worth it.
const LONGEST: f64 = 500_000.0;
const LEAST: f64 = 40_000.0;

/// What is run at a time.
pub enum Step {
    Launch(usize),
    Strips(Strips),
}

/// Consecutive launches that go through the same number of rows.
pub struct Strips {
    pub launches: Range<usize>,
    rows: usize,
    /// For each launch, where what its rows share of a product begins in memory of `bytes` bytes.
    panels: Vec<usize>,
    bytes: usize,
    /// Launches that pack what they and others share.
    packing: Vec<usize>,
}

/// What a kernel reads and writes, seen from the first axis of its output.
struct Accesses {
    rows: usize,
    /// Arguments with the bytes from one row to the next, where a row reads nothing beyond its own.
    reads: Vec<(usize, Option<i64>)>,
    writes: Vec<(usize, i64)>,
}

/// What the launches of a group do so far with each buffer.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Reads(Option<i64>),
    Writes(i64),
}

/// The plan's launches, in groups where there are enough of them.
pub fn steps(plan: &Plan, kernels: &[Compiled]) -> Vec<Step> {
    let accesses = plan.kernels.iter().zip(kernels).map(|(kernel, compiled)| {
        let accesses = Accesses::of(kernel)?;
        let rows = accesses.rows >= ROWS * parallel::threads();
        (rows && compiled.takes_strips() && compiled.nanoseconds() < LONGEST).then_some(accesses)
    });
    let accesses: Vec<Option<Accesses>> = accesses.collect();
    let mut steps = Vec::new();
    let mut first = 0;
    while first < plan.launches.len() {
        let mut uses = FxHashMap::default();
        let rows = accesses[plan.launches[first].kernel].as_ref().map(|accesses| accesses.rows);
        let joins = |launch: &usize| match &accesses[plan.launches[*launch].kernel] {
            Some(own) => Some(own.rows) == rows && own.agree(plan, *launch, &mut uses),
            None => false,
        };
        let count = (first..plan.launches.len()).take_while(joins).count();
        let own = &plan.launches[first..first + count];
        let nanoseconds: f64 = own.iter().map(|launch| kernels[launch.kernel].nanoseconds()).sum();
        match rows {
            Some(rows) if count >= FEWEST && nanoseconds >= LEAST => {
                steps.push(Step::Strips(Strips::new(plan, kernels, first..first + count, rows)))
            }
            _ => steps.extend((first..first + count.max(1)).map(Step::Launch)),
        }
        first += count.max(1);
    }
    steps
}

impl Accesses {
    fn of(kernel: &Kernel) -> Option<Accesses> {
        let rows = *kernel.out.first()?;
        let factors: &[&Block] = match &kernel.kind {
            KernelKind::Map => &[],
            KernelKind::Contract { left, right, .. } => &[left, right],
            _ => return None,
        };
        let mut reads = Vec::new();
        for instruction in factors.iter().copied().chain([&kernel.body]).flat_map(|block| &block.code) {
            match &instruction.value {
                Value::Load { arg, view } => {
                    let size = kernel.args[*arg].dtype.size() as i64;
                    reads.push((*arg, row_step(view).map(|step| step * size)));
                }
                Value::Gather { arg, .. } => reads.push((*arg, None)),
                Value::Check { .. } => return None,
                _ => {}
            }
        }
        let row = (numel(&kernel.out) / rows.max(1)) as i64;
        let writes = kernel.stores.iter().map(|store| (store.arg, row * kernel.args[store.arg].dtype.size() as i64));
        Some(Accesses { rows, reads, writes: writes.collect() })
    }

    /// Whether a launch of the kernel, after those whose uses of buffers are given, leaves each row alone; adds its uses.
    fn agree(&self, plan: &Plan, launch: usize, uses: &mut FxHashMap<BufferRef, Use>) -> bool {
        let memory = |arg: usize| match plan.launches[launch].buffers[arg] {
            BufferRef::Output(output) => {
                plan.outputs[output].reuses.map_or(BufferRef::Output(output), BufferRef::Input)
            }
            other => other,
        };
        for &(arg, step) in &self.reads {
            match uses.entry(memory(arg)).or_insert(Use::Reads(step)) {
                Use::Writes(other) if step != Some(*other) => return false,
                Use::Reads(other) if *other != step => *other = None,
                _ => {}
            }
        }
        for &(arg, step) in &self.writes {
            let same = [Use::Reads(Some(step)), Use::Writes(step)];
            let known = uses.insert(memory(arg), Use::Writes(step));
            if known.is_some_and(|known| !same.contains(&known)) {
                return false;
            }
        }
        true
    }
}

/// The step from one index of a view's first axis to the next, if the elements of each lie within such a step.
fn row_step(view: &View) -> Option<i64> {
    let [level] = &view.levels[..] else { return None };
    let step = level.strides[0];
    let (mut least, mut most) = (level.offset, level.offset);
    for axis in 1..level.shape.len() {
        let (mut low, mut high) = (0, level.shape[axis] as i64);
        for (_, ends) in
            level.guards.iter().filter_map(|guard| boxes::ends(guard, &level.shape)).filter(|e| e.0 == axis)
        {
            (low, high) = (low.max(ends[0].min(ends[1])), high.min(ends[0].max(ends[1])));
        }
        let [a, b] = [low, high - 1].map(|index| index * level.strides[axis]);
        (least, most) = (least + a.min(b), most + a.max(b));
    }
    let plain = level.guards.iter().all(|guard| guard.stride == 0);
    (plain && least >= 0 && most < step).then_some(step)
}

impl Strips {
    fn new(plan: &Plan, kernels: &[Compiled], launches: Range<usize>, rows: usize) -> Strips {
        let mut strips = Strips { launches, rows, panels: Vec::new(), bytes: 0, packing: Vec::new() };
        let mut known: FxHashMap<_, usize> = FxHashMap::default();
        for (n, launch) in strips.launches.clone().enumerate() {
            let launch = &plan.launches[launch];
            let bytes = kernels[launch.kernel].shared_bytes();
            let panels = if bytes == 0 {
                0
            } else {
                *known.entry(shared_factor(&plan.kernels[launch.kernel], launch)).or_insert_with(|| {
                    strips.packing.push(n);
                    strips.bytes += bytes.next_multiple_of(64);
                    strips.bytes - bytes.next_multiple_of(64)
                })
            };
            strips.panels.push(panels);
        }
        strips
    }

    /// Runs the launches, given in their order.
    pub fn run(&self, plan: &Plan, kernels: &[Compiled], launches: &[Launch]) {
        let mut scratch = Scratch::take(self.bytes);
        let memory = parallel::Shared(scratch.pointer());
        let kernel = |n: usize| &kernels[plan.launches[self.launches.start + n].kernel];
        for &n in &self.packing {
            // SAFETY: the scratch has room for what each of them packs.
            unsafe { kernel(n).pack_shared(launches[n], memory.at(self.panels[n])) };
        }
        parallel::strips(self.rows, |rows| {
            for (n, &launch) in launches.iter().enumerate() {
                kernel(n).run_strip(launch, rows.clone(), memory.at(self.panels[n]));
            }
        });
    }
}

/// What tells a product's factor that does not vary along the first axis from others: its code, and what that reads.
fn shared_factor<'a>(
    kernel: &'a Kernel,
    launch: &'a rutile_core::kernel::Launch,
) -> impl Eq + std::hash::Hash + use<'a> {
    let KernelKind::Contract { left, right, roles } = &kernel.kind else {
        unreachable!("products alone share factors")
    };
    let factor = if roles[0] == Role::Left { right } else { left };
    let reads = factor.code.iter().filter_map(|instruction| match instruction.value {
        Value::Load { arg, .. } | Value::Gather { arg, .. } => Some(launch.buffers[arg]),
        _ => None,
    });
    let mut code = factor.clone();
    // Arguments are compared by the buffers that they stand for.
    code.code.iter_mut().for_each(|instruction| match &mut instruction.value {
        Value::Load { arg, .. } | Value::Gather { arg, .. } => *arg = 0,
        Value::Scalar(n) => *n = launch.scalars[*n],
        _ => {}
    });
    (code, reads.collect::<Vec<BufferRef>>(), &kernel.reduced)
}

#[cfg(test)]
mod tests {
    use rutile_core::compose::linear;
    use rutile_core::kernel::Fold;
    use rutile_core::{Device, Elementwise, Tensor, gradients};

    use super::*;
    use crate::CpuBackend;

    /// The states of a recurrence whose steps read slices of one product, and the gradients of their sum.
    fn recurrence(rows: usize, device: &Device) -> Vec<Tensor> {
        let numbers = |shape: &[usize], seed: usize| {
            let values = (0..numel(shape)).map(|i| ((i * 7919 + seed * 31) % 201) as f32 / 400.0 - 0.25);
            let tensor = Tensor::from_slice(&values.collect::<Vec<f32>>(), shape, device).unwrap();
            tensor.as_variable(Default::default()).unwrap()
        };
        let [x, w, u] = [numbers(&[10, rows, 8], 1), numbers(&[64, 8], 2), numbers(&[64, 32], 3)];
        let inputs = linear(&x, &w, None).unwrap();
        let mut state = numbers(&[rows, 32], 4);
        let apply = |op: Elementwise, inputs: &[&Tensor]| Tensor::apply(op, inputs).unwrap();
        for step in 0..10 {
            let input = inputs.slice(0, step, 1, 1).unwrap().reshape(&[rows as i64, 64]).unwrap();
            let total = apply(Elementwise::Add, &[&input, &linear(&state, &u, None).unwrap()]);
            let [gate, new] = [0, 32].map(|start| total.slice(1, start, 1, 32).unwrap());
            state =
                apply(Elementwise::Mul, &[&apply(Elementwise::Sigmoid, &[&gate]), &apply(Elementwise::Tanh, &[&new])]);
        }
        let loss = state.reduce(Fold::Sum, None, false).unwrap();
        let mut all = gradients(&[loss], &[None], &[x, w, u]).unwrap();
        all.push(state);
        all
    }

    #[test]
    fn recurrences_run_in_strips_and_give_the_same() {
        let device = Device::new(CpuBackend::new());
        let rows = ROWS * parallel::threads();
        let tensors = recurrence(rows, &device);
        let plan = Tensor::explain(&tensors).unwrap();
        let kernels: Vec<Compiled> = plan.kernels.iter().map(|kernel| Compiled::new(kernel).unwrap()).collect();
        let in_strips = |step: &Step| if let Step::Strips(strips) = step { strips.launches.len() } else { 0 };
        let count: usize = steps(&plan, &kernels).iter().map(in_strips).sum();
        assert!(count >= 2 * 18, "{count} of {} launches", plan.launches.len());
        let fused: Vec<Vec<f32>> = tensors.iter().map(|tensor| tensor.to_vec().unwrap()).collect();
        device.set_fuse(false);
        for (got, want) in fused.iter().zip(recurrence(rows, &device)) {
            let want: Vec<f32> = want.to_vec().unwrap();
            assert!(got.iter().zip(&want).all(|(a, b)| (a - b).abs() <= 1e-5 && *b != 0.0), "{got:?}\n{want:?}");
        }
    }

    #[test]
    fn rows_are_apart_if_each_reads_its_own_alone() {
        let view = |shape: &[usize], strides: &[i64], offset: i64, guards: &[(i64, i64)]| {
            let guard = |&(start, bound): &(i64, i64)| rutile_core::view::Guard {
                coefs: (0..shape.len()).map(|axis| (axis == 1) as i64).collect(),
                offset: -start,
                divisor: 1,
                bound,
                stride: 0,
            };
            let guards = guards.iter().map(guard).collect();
            let level = rutile_core::view::Level { shape: shape.into(), strides: strides.into(), offset, guards };
            row_step(&View { levels: [level].into_iter().collect() })
        };
        assert_eq!(view(&[4, 8], &[8, 1], 0, &[]), Some(8));
        assert_eq!(view(&[4, 8, 3], &[8, 0, 1], 5, &[]), Some(8));
        assert_eq!(view(&[4, 8], &[8, 1], 1, &[]), None);
        assert_eq!(view(&[4, 8], &[1, 4], 0, &[]), None);
        assert_eq!(view(&[4, 8], &[0, 1], 0, &[]), None);
        // The last four of eight columns show a row of four.
        assert_eq!(view(&[4, 8], &[4, 1], -4, &[(4, 4)]), Some(4));
        assert_eq!(view(&[4, 8], &[4, 1], -4, &[(3, 4)]), None);
    }
}
