//! Plans made ready to run: compiled kernels, and where temporaries lie in a run's working memory.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rutile_core::backend::{Program, Ran, Storage, Timed};
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{BufferRef, BufferSpec, Kernel, KernelKind, OutputSpec, Plan};

use crate::attention::Attention;
use crate::check::Faults;
use crate::compile::register_bytes;
use crate::contract::Contract;
use crate::linalg::Linalg;
use crate::map::Map;
use crate::parallel;
use crate::pick::Pick;
use crate::pool::{ALIGNMENT, Buffer, Pool, WorkingMemory};
use crate::reduce::Reduce;
use crate::rows::Rows;
use crate::scan::Scan;
use crate::scatter::Scatter;
use crate::sort::Sort;
use crate::storage::CpuStorage;
use crate::strips::{self, Step};
use crate::tile::Launch;

/// Bytes between temporaries: those of a power of two would else fall on the same lines of the cache, element by element.
const APART: usize = 5 * ALIGNMENT;

pub struct CpuProgram {
    plan: Arc<Plan>,
    kernels: Vec<Compiled>,
    steps: Vec<Step>,
    /// Where each temporary begins in the working memory of a run, which has so many bytes.
    places: Vec<usize>,
    working_bytes: usize,
    pool: Arc<Pool>,
    /// True if some launch goes to several threads.
    shares: bool,
}

pub enum Compiled {
    Map(Map),
    Pick(Pick),
    Reduce(Reduce),
    Rows(Rows),
    Contract(Contract),
    Scatter(Scatter),
    Scan(Scan),
    Sort(Sort),
    Attention(Box<Attention>),
    Linalg(Linalg),
}

impl CpuProgram {
    pub fn new(plan: Arc<Plan>, pool: Arc<Pool>) -> Result<CpuProgram> {
        let kernels = plan.kernels.iter().map(Compiled::new).collect::<Result<Vec<Compiled>>>()?;
        let steps = strips::steps(&plan, &kernels);
        // Each launch's time, where it is worth sharing.
        let shared = |step: &Step| match step {
            Step::Launch(n) => {
                Some(kernels[plan.launches[*n].kernel].nanoseconds()).filter(|&own| parallel::worth_sharing(own))
            }
            Step::Strips(_) => Some(f64::INFINITY),
        };
        let shares = parallel::worth_entering(steps.iter().filter_map(shared).sum());
        let mut working_bytes = 0;
        let place = |spec: &BufferSpec| {
            let start = working_bytes;
            working_bytes += spec.bytes().next_multiple_of(ALIGNMENT) + APART;
            start
        };
        let places = plan.temporaries.iter().map(place).collect();
        Ok(CpuProgram { plan, kernels, steps, places, working_bytes, pool, shares })
    }

    /// Memory for the outputs that cannot take over an input's: it is not theirs to reuse, too small, or held elsewhere.
    fn fresh_outputs(&self, inputs: &[Storage]) -> Result<Vec<Option<Buffer>>> {
        let fresh = |output: &OutputSpec| {
            let bytes = output.buffer.bytes();
            match output.reuses.map(|input| &inputs[input]) {
                Some(input) if CpuStorage::is_sole(input, bytes)? => Ok(None),
                Some(input) => self.pool.take(bytes.max(CpuStorage::of(input)?.bytes().len())).map(Some),
                None => self.pool.take(bytes).map(Some),
            }
        };
        self.plan.outputs.iter().map(fresh).collect()
    }

    fn outputs(&self, fresh: Vec<Option<Buffer>>, inputs: &mut [Option<Storage>]) -> Vec<Buffer> {
        let place = |(output, fresh): (&OutputSpec, Option<Buffer>)| {
            let reused = output.reuses.map(|input| inputs[input].take().expect("each input is reused once"));
            match (fresh, reused) {
                (Some(buffer), None) => buffer,
                (Some(mut buffer), Some(storage)) => {
                    let source = CpuStorage::of(&storage).expect("inputs have been checked").bytes();
                    buffer.bytes_mut(source.len()).copy_from_slice(source);
                    buffer
                }
                (None, Some(storage)) => CpuStorage::take_buffer(storage),
                (None, None) => unreachable!("an output has memory of its own or an input's"),
            }
        };
        self.plan.outputs.iter().zip(fresh).map(place).collect()
    }

    fn launch_all(
        &self,
        inputs: &[*mut u8],
        outputs: &[Buffer],
        working: Option<&WorkingMemory>,
        words: &[[u8; 8]],
        faults: &Faults,
        mut nanoseconds: Option<&mut Vec<u64>>,
    ) -> Result<()> {
        let address = |reference: &BufferRef| match *reference {
            BufferRef::Input(n) => inputs[n],
            BufferRef::Output(n) => outputs[n].pointer(),
            BufferRef::Temporary(n) => {
                working.expect("a plan with temporaries has working memory").pointer().wrapping_add(self.places[n])
            }
        };
        let (mut buffers, mut scalars, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for step in &self.steps {
            buffers.clear();
            scalars.clear();
            let start = nanoseconds.is_some().then(Instant::now);
            match step {
                &Step::Launch(number) => {
                    let launch = &self.plan.launches[number];
                    buffers.extend(launch.buffers.iter().map(address));
                    scalars.extend(launch.scalars.iter().map(|&n| words[n]));
                    self.kernels[launch.kernel].run(Launch { buffers: &buffers, scalars: &scalars, number, faults })?;
                }
                Step::Strips(strips) => {
                    ends.clear();
                    for launch in &self.plan.launches[strips.launches.clone()] {
                        let start = (buffers.len(), scalars.len());
                        buffers.extend(launch.buffers.iter().map(address));
                        scalars.extend(launch.scalars.iter().map(|&n| words[n]));
                        ends.push((start.0..buffers.len(), start.1..scalars.len()));
                    }
                    let launch = |(number, (own, numbers)): (usize, &(Range<usize>, Range<usize>))| Launch {
                        buffers: &buffers[own.clone()],
                        scalars: &scalars[numbers.clone()],
                        number,
                        faults,
                    };
                    let launches: Vec<Launch> = strips.launches.clone().zip(&ends).map(launch).collect();
                    strips.run(&self.plan, &self.kernels, &launches);
                }
            }
            if let (Some(nanoseconds), Some(start)) = (&mut nanoseconds, start) {
                self.share(step, start.elapsed().as_nanos() as f64, nanoseconds);
            }
        }
        Ok(())
    }

    /// Adds the time of each launch of a step; those that ran in strips share theirs as they were estimated.
    fn share(&self, step: &Step, elapsed: f64, nanoseconds: &mut Vec<u64>) {
        let launches = match step {
            &Step::Launch(number) => number..number + 1,
            Step::Strips(strips) => strips.launches.clone(),
        };
        let estimates = self.plan.launches[launches].iter().map(|launch| self.kernels[launch.kernel].nanoseconds());
        let estimates: Vec<f64> = estimates.collect();
        let all: f64 = estimates.iter().sum();
        let count = estimates.len() as f64;
        let share = |own: f64| if all > 0.0 { own / all } else { 1.0 / count };
        nanoseconds.extend(estimates.into_iter().map(|own| (elapsed * share(own)) as u64));
    }

    /// One run; adds what each launch takes to `nanoseconds`, if there.
    fn run_once(
        &self,
        storages: &mut Vec<Storage>,
        scalars: &[u64],
        read: &[usize],
        nanoseconds: Option<&mut Vec<u64>>,
    ) -> Result<Ran> {
        let plan = &self.plan;
        if storages.len() != plan.inputs.len() || scalars.len() != plan.scalars.len() {
            let needs = format!("{} inputs and {} scalars", plan.inputs.len(), plan.scalars.len());
            return Err(Error::value("run", needs, format!("{} and {}", storages.len(), scalars.len())));
        }
        for (storage, spec) in storages.iter().zip(&plan.inputs) {
            let bytes = CpuStorage::of(storage)?.bytes().len();
            if bytes < spec.bytes() {
                return Err(Error::value(
                    "run",
                    format!("an input of {} {}", spec.len, spec.dtype),
                    format!("{bytes} bytes"),
                ));
            }
        }
        let words: Vec<[u8; 8]> =
            scalars.iter().zip(&plan.scalars).map(|(&word, &dtype)| register_bytes(word, dtype)).collect();
        let working = (self.working_bytes > 0).then(|| self.pool.take_working(self.working_bytes)).transpose()?;
        // Inputs are only read, so that a pointer from a shared slice serves; those that are reused get the output's below.
        let address = |storage: &Storage| Ok(CpuStorage::of(storage)?.bytes().as_ptr().cast_mut());
        let mut pointers = storages.iter().map(address).collect::<Result<Vec<*mut u8>>>()?;
        let fresh = self.fresh_outputs(storages)?;
        // Of a plan that can fail from here on, no output takes an input over, so that all can be given back.
        let mut inputs: Vec<Option<Storage>> = storages.drain(..).map(Some).collect();
        let outputs = self.outputs(fresh, &mut inputs);
        for (output, buffer) in plan.outputs.iter().zip(&outputs) {
            if let Some(input) = output.reuses {
                pointers[input] = buffer.pointer();
            }
        }
        let faults = Faults::default();
        let ran = if self.shares {
            // Entering the thread pool once is cheaper than once for each kernel.
            let (pointers, outputs, working, words) = (Pointers(&pointers), &outputs, working.as_ref(), &words);
            let faults = &faults;
            rayon::scope(move |_| self.launch_all(pointers.get(), outputs, working, words, faults, nanoseconds))
        } else {
            self.launch_all(&pointers, &outputs, working.as_ref(), &words, &faults, nanoseconds)
        };
        drop(working);
        if let Err(error) = ran {
            storages.extend(inputs.into_iter().flatten());
            return Err(error);
        }
        let spec = |n: usize| plan.outputs[n].buffer;
        let read = read.iter().map(|&n| outputs[n].bytes(spec(n).bytes()).to_vec()).collect();
        let storage = |(n, buffer)| Arc::new(CpuStorage::new(spec(n).dtype, spec(n).len, buffer)) as Storage;
        let outputs = outputs.into_iter().enumerate().map(storage).collect();
        Ok(Ran { outputs, read, fault: faults.error(&plan.checks) })
    }
}

impl Program for CpuProgram {
    fn run(&self, storages: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran> {
        self.run_once(storages, scalars, read, None)
    }

    fn run_timed(&self, storages: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed> {
        let mut nanoseconds = Vec::with_capacity(self.plan.launches.len());
        let ran = self.run_once(storages, scalars, read, Some(&mut nanoseconds))?;
        Ok(Timed { ran, plan: self.plan.clone(), nanoseconds })
    }
}

impl Compiled {
    pub fn new(kernel: &Kernel) -> Result<Compiled> {
        Ok(match &kernel.kind {
            KernelKind::Map => match Pick::new(kernel)? {
                Some(pick) => Compiled::Pick(pick),
                None => Compiled::Map(Map::new(kernel)?),
            },
            KernelKind::Reduce { load, folds } => Compiled::Reduce(Reduce::new(kernel, load, folds)?),
            KernelKind::Rows { steps, each, stores } => Compiled::Rows(Rows::new(kernel, steps, each, stores)?),
            KernelKind::Contract { left, right, roles } => {
                Compiled::Contract(Contract::new(kernel, left, right, roles)?)
            }
            KernelKind::Scatter { load, axis } => Compiled::Scatter(Scatter::new(kernel, load, *axis)?),
            KernelKind::Scan { load, fold } => Compiled::Scan(Scan::new(kernel, load, *fold)?),
            KernelKind::Sort { load, descending } => Compiled::Sort(Sort::new(kernel, load, *descending)?),
            KernelKind::Attention { spec, operands } => {
                Compiled::Attention(Box::new(Attention::new(kernel, *spec, operands)?))
            }
            KernelKind::Linalg { routine, operands } => Compiled::Linalg(Linalg::new(kernel, *routine, operands)?),
            KernelKind::Horizontal { .. } => unreachable!("the capabilities have it not"),
        })
    }

    /// Whether it can run for some indices of the output's first axis alone.
    pub fn takes_strips(&self) -> bool {
        match self {
            Compiled::Map(map) => map.takes_strips(),
            Compiled::Contract(contract) => contract.shared_bytes().is_some(),
            _ => false,
        }
    }

    /// Bytes of what all strips of a launch share.
    pub fn shared_bytes(&self) -> usize {
        if let Compiled::Contract(contract) = self { contract.shared_bytes().unwrap_or(0) } else { 0 }
    }

    /// Makes what all strips of a launch share.
    ///
    /// # Safety
    /// `shared` must be writable for `shared_bytes`.
    pub unsafe fn pack_shared(&self, launch: Launch, shared: *mut u8) {
        if let Compiled::Contract(contract) = self {
            // SAFETY: the caller's contract.
            unsafe { contract.pack_shared(launch, shared) }
        }
    }

    /// Runs the part of a launch whose index along the output's first axis lies in a range.
    pub fn run_strip(&self, launch: Launch, range: Range<usize>, shared: *mut u8) {
        match self {
            Compiled::Map(map) => map.run_strip(launch, range),
            Compiled::Contract(contract) => contract.run_strip(launch, range, shared),
            _ => unreachable!("others take no strips"),
        }
    }

    pub fn nanoseconds(&self) -> f64 {
        match self {
            Compiled::Map(map) => map.nanoseconds(),
            Compiled::Pick(pick) => pick.nanoseconds(),
            Compiled::Reduce(reduce) => reduce.nanoseconds(),
            Compiled::Rows(rows) => rows.nanoseconds(),
            Compiled::Contract(contract) => contract.nanoseconds(),
            Compiled::Scatter(scatter) => scatter.nanoseconds(),
            Compiled::Scan(scan) => scan.nanoseconds(),
            Compiled::Sort(sort) => sort.nanoseconds(),
            Compiled::Attention(attention) => attention.nanoseconds(),
            Compiled::Linalg(linalg) => linalg.nanoseconds(),
        }
    }

    fn run(&self, launch: Launch) -> Result<()> {
        match self {
            Compiled::Map(map) => map.run(launch),
            Compiled::Pick(pick) => pick.run(launch),
            Compiled::Reduce(reduce) => reduce.run(launch),
            Compiled::Rows(rows) => rows.run(launch),
            Compiled::Contract(contract) => contract.run(launch),
            Compiled::Scatter(scatter) => scatter.run(launch),
            Compiled::Scan(scan) => scan.run(launch),
            Compiled::Sort(sort) => sort.run(launch),
            Compiled::Attention(attention) => attention.run(launch),
            Compiled::Linalg(linalg) => return linalg.run(launch),
        }
        Ok(())
    }
}

/// Buffer addresses on their way into the thread pool.
#[derive(Clone, Copy)]
struct Pointers<'a>(&'a [*mut u8]);

// SAFETY: the addresses are of buffers that outlive the run, which waits for the pool.
unsafe impl Send for Pointers<'_> {}

impl<'a> Pointers<'a> {
    fn get(self) -> &'a [*mut u8] {
        self.0
    }
}
