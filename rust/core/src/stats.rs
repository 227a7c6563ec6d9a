//! Counters: how speed is judged where no clock can be trusted.

use rustc_hash::FxHashMap;

use crate::backend::{DeviceCounters, Memory};
use crate::kernel::Plan;

/// What a device has done since the last reset, and the memory it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub kernels: u64,
    pub submits: u64,
    pub readbacks: u64,
    /// Bytes of the distinct buffers that each kernel reads, summed over kernels.
    pub bytes_read: u64,
    pub bytes_written: u64,
    pub flops: u64,
    pub contractions: u64,
    /// Values that are folded over axes; one kernel may fold several.
    pub reductions: u64,
    pub plans_built: u64,
    pub plan_hits: u64,
    pub pipelines_built: u64,
    pub live_bytes: u64,
    pub peak_bytes: u64,
}

impl Stats {
    /// Names and values, in the order of the fields.
    pub fn entries(&self) -> [(&'static str, u64); 13] {
        [
            ("kernels", self.kernels),
            ("submits", self.submits),
            ("readbacks", self.readbacks),
            ("bytes_read", self.bytes_read),
            ("bytes_written", self.bytes_written),
            ("flops", self.flops),
            ("contractions", self.contractions),
            ("reductions", self.reductions),
            ("plans_built", self.plans_built),
            ("plan_hits", self.plan_hits),
            ("pipelines_built", self.pipelines_built),
            ("live_bytes", self.live_bytes),
            ("peak_bytes", self.peak_bytes),
        ]
    }

    pub(crate) fn new(work: &WorkCounters, now: DeviceCounters, base: DeviceCounters, memory: Memory) -> Stats {
        Stats {
            kernels: work.load.kernels,
            submits: now.submits - base.submits,
            readbacks: now.readbacks - base.readbacks,
            bytes_read: work.load.bytes_read,
            bytes_written: work.load.bytes_written,
            flops: work.load.flops,
            contractions: work.load.contractions,
            reductions: work.load.reductions,
            plans_built: work.plans_built,
            plan_hits: work.plan_hits,
            pipelines_built: now.pipelines_built - base.pipelines_built,
            live_bytes: memory.live_bytes,
            peak_bytes: memory.peak_bytes,
        }
    }
}

#[derive(Default)]
pub(crate) struct WorkCounters {
    pub load: PlanLoad,
    pub plans_built: u64,
    pub plan_hits: u64,
}

/// The work that one run of a plan, or of a launch, is.
#[derive(Clone, Copy, Default)]
pub(crate) struct PlanLoad {
    kernels: u64,
    pub bytes_read: u64,
    pub bytes_written: u64,
    pub flops: u64,
    contractions: u64,
    reductions: u64,
}

impl PlanLoad {
    pub fn of(plan: &Plan) -> PlanLoad {
        let mut whole = PlanLoad::default();
        PlanLoad::of_launches(plan).iter().for_each(|load| whole.add(load));
        whole
    }

    /// That of each launch.
    pub fn of_launches(plan: &Plan) -> Vec<PlanLoad> {
        use crate::kernel::{Access, BufferRef, KernelKind};
        // A temporary may be larger than the value that it holds at the moment.
        let mut held = FxHashMap::default();
        let whole = |buffer: &BufferRef| match *buffer {
            BufferRef::Input(i) => plan.inputs[i].bytes(),
            BufferRef::Output(i) => plan.outputs[i].buffer.bytes(),
            BufferRef::Temporary(i) => plan.temporaries[i].bytes(),
        };
        let mut loads = Vec::with_capacity(plan.launches.len());
        for launch in &plan.launches {
            let mut load = PlanLoad { kernels: 1, ..PlanLoad::default() };
            let kernel = &plan.kernels[launch.kernel];
            for (arg, buffer) in kernel.args.iter().zip(&launch.buffers) {
                if arg.access != Access::Write {
                    load.bytes_read += held.get(buffer).copied().unwrap_or_else(|| whole(buffer)) as u64;
                }
            }
            for (arg, elements) in kernel.written() {
                let bytes = elements * kernel.args[arg].dtype.size();
                load.bytes_written += bytes as u64;
                held.insert(launch.buffers[arg], bytes);
            }
            load.flops = kernel.flops();
            load.contractions = matches!(kernel.kind, KernelKind::Contract { .. }) as u64;
            load.reductions = kernel.folds() as u64;
            loads.push(load);
        }
        loads
    }

    pub fn add(&mut self, other: &PlanLoad) {
        self.kernels += other.kernels;
        self.bytes_read += other.bytes_read;
        self.bytes_written += other.bytes_written;
        self.flops += other.flops;
        self.contractions += other.contractions;
        self.reductions += other.reductions;
    }
}
