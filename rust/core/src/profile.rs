//! Time by kernel, for as long as somebody profiles a device.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::kernel::{Kernel, Plan};
use crate::stats::PlanLoad;

/// What the launches of equal kernels took together, and the work that they were.
#[derive(Clone, Debug)]
pub struct KernelTime {
    pub kernel: Kernel,
    pub calls: u64,
    pub nanoseconds: u64,
    pub bytes_read: u64,
    pub bytes_written: u64,
    pub flops: u64,
}

/// What has been timed since profiling began.
#[derive(Default)]
pub(crate) struct Profile {
    /// By the plan's address, which is nobody else's while the plan is held here.
    plans: FxHashMap<usize, PlanTimes>,
}

struct PlanTimes {
    plan: Arc<Plan>,
    runs: u64,
    /// Of each launch, all runs together.
    nanoseconds: Vec<u64>,
}

impl Profile {
    /// Adds a run of a plan that took so many nanoseconds launch by launch.
    pub fn add(&mut self, plan: &Arc<Plan>, nanoseconds: &[u64]) {
        let times = self.plans.entry(Arc::as_ptr(plan) as usize).or_insert_with(|| PlanTimes {
            plan: plan.clone(),
            runs: 0,
            nanoseconds: vec![0; plan.launches.len()],
        });
        times.runs += 1;
        times.nanoseconds.iter_mut().zip(nanoseconds).for_each(|(sum, more)| *sum += more);
    }

    /// The times of each kernel, the longest first.
    pub fn kernels(&self) -> Vec<KernelTime> {
        let mut kernels: FxHashMap<&Kernel, KernelTime> = FxHashMap::default();
        for PlanTimes { plan, runs, nanoseconds } in self.plans.values() {
            for ((launch, load), nanoseconds) in plan.launches.iter().zip(PlanLoad::of_launches(plan)).zip(nanoseconds)
            {
                let kernel = &plan.kernels[launch.kernel];
                let time = kernels.entry(kernel).or_insert_with(|| KernelTime {
                    kernel: kernel.clone(),
                    calls: 0,
                    nanoseconds: 0,
                    bytes_read: 0,
                    bytes_written: 0,
                    flops: 0,
                });
                time.calls += runs;
                time.nanoseconds += nanoseconds;
                time.bytes_read += runs * load.bytes_read;
                time.bytes_written += runs * load.bytes_written;
                time.flops += runs * load.flops;
            }
        }
        let mut kernels: Vec<KernelTime> = kernels.into_values().collect();
        let bytes = |time: &KernelTime| time.bytes_read + time.bytes_written;
        kernels.sort_by_cached_key(|time| Reverse((time.nanoseconds, bytes(time), time.flops, time.kernel.computes())));
        kernels
    }
}
