//! A compiled plan: pipelines, one parameter page, and cached bind groups; a run is one submit.

use std::sync::{Arc, Mutex};

use rutile_core::backend::{Program, Ran, Storage, Timed};
use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{BufferRef, Plan};
use rutile_core::shape::numel;
use smallvec::SmallVec;
use wgpu::{BindGroup, BindGroupLayout, BufferUsages, ComputePipeline};

use crate::backend::{Readback, Shared, own};
use crate::contract::Tile;
use crate::memory::{Allocation, GpuStorage, bytes_of};
use crate::passes::{Pass, Passes};
use crate::stage::Source;
use crate::timer::Timer;
use crate::wgsl::{MAX_SCALARS, Shader, words_of};

/// Bind groups kept for each launch: inputs and outputs alternate between few buffers from run to run.
const MAX_BIND_GROUPS: usize = 4;

pub struct GpuProgram {
    shared: Arc<Shared>,
    plan: Arc<Plan>,
    launches: Vec<Launch>,
    /// Bytes of each temporary, and of the working memory that kernels with several passes take turns with.
    temporaries: Vec<u64>,
    common: BindGroup,
    state: Mutex<State>,
}

/// A launch that has work to do.
struct Launch {
    pipeline: ComputePipeline,
    layout: BindGroupLayout,
    /// Where its parameters begin on the page.
    offset: u32,
    grid: (u32, u32),
    /// Number of the plan's launch that this is, or is a pass of.
    number: usize,
    buffers: Vec<BufferRef>,
    has_checks: bool,
}

/// What one run leaves for the next.
struct State {
    /// By launch: bind groups with the buffers they hold, latest last.
    bind_groups: Vec<Vec<(BufferIds, BindGroup)>>,
    temporaries: Vec<Option<u64>>,
}

type BufferIds = SmallVec<[u64; 8]>;

impl GpuProgram {
    pub fn compile(shared: Arc<Shared>, plan: Arc<Plan>) -> Result<GpuProgram> {
        shared.check_alive()?;
        let plan = Arc::new(crate::split(&plan, &shared.limits));
        check(&shared, &plan)?;
        shared.tuner.build(&shared, &plan, |tiles| GpuProgram::assemble(shared.clone(), plan.clone(), tiles))
    }

    /// The program of a plan that the device can run as it is, with the tile of each kernel's product, or None for the default.
    pub fn assemble(shared: Arc<Shared>, plan: Arc<Plan>, tiles: &[Option<Tile>]) -> Result<GpuProgram> {
        let kernels = plan.kernels.iter().zip(tiles);
        let kernels: Vec<Passes> =
            kernels.map(|(kernel, tile)| crate::generate_tiled(kernel, &shared.limits, *tile)).collect();
        let shaders: Vec<&Shader> = kernels.iter().flat_map(|passes| &passes.list).map(|pass| &pass.shader).collect();
        let mut pipelines = shared.pipelines.get(&shaders)?.into_iter();
        let pipelines: Vec<Vec<ComputePipeline>> =
            kernels.iter().map(|passes| pipelines.by_ref().take(passes.list.len()).collect()).collect();
        let temporaries = temporaries(&plan, &kernels);
        temporaries.iter().try_for_each(|&bytes| shared.pool.check_size(bytes))?;
        let alignment = shared.device.limits().min_uniform_buffer_offset_alignment as usize;
        let mut page: Vec<u8> = Vec::new();
        let mut launches = Vec::new();
        let mut longest = 16;
        let scalars = scalar_places(&plan);
        for (number, launch) in plan.launches.iter().enumerate() {
            let kernel = &plan.kernels[launch.kernel];
            if numel(&kernel.out) == 0 {
                continue;
            }
            for (Pass { shader, sources }, pipeline) in
                kernels[launch.kernel].list.iter().zip(&pipelines[launch.kernel])
            {
                let mut parameters = shader.parameters.clone();
                for &(place, scalar, word) in &shader.scalars {
                    parameters[place] = (scalars[launch.scalars[scalar]] + word) as u32;
                }
                for &(place, check) in &shader.checks {
                    parameters[place] = shared.faults.number(&plan.checks[check]);
                }
                page.resize(page.len().next_multiple_of(alignment), 0);
                let offset = page.len() as u32;
                page.extend_from_slice(bytemuck::cast_slice(&parameters));
                longest = longest.max((parameters.len() * 4).next_multiple_of(16));
                let buffer = |source: &Source| match *source {
                    Source::Argument(n) => launch.buffers[n],
                    Source::Piece(n) => BufferRef::Temporary(plan.temporaries.len() + n),
                };
                launches.push(Launch {
                    pipeline: pipeline.clone(),
                    layout: shared.pipelines.argument_layout(&shader.accesses),
                    offset,
                    grid: shader.grid,
                    number,
                    buffers: sources.iter().map(buffer).collect(),
                    has_checks: !shader.checks.is_empty(),
                });
            }
        }
        page.resize(page.len() + longest, 0);
        let parameters = shared.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: page.len() as u64,
            usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        shared.queue.write_buffer(&parameters, 0, &page);
        let scalars = shared.scalars.lock().expect("no holder of the lock panics").clone();
        let common = shared.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("parameters"),
            layout: shared.pipelines.common_layout(),
            entries: &[
                wgpu::BindGroupEntry {
                    binding: 0,
                    resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer: &parameters,
                        offset: 0,
                        size: wgpu::BufferSize::new(longest as u64),
                    }),
                },
                wgpu::BindGroupEntry { binding: 1, resource: scalars.as_entire_binding() },
            ],
        });
        let state = State {
            bind_groups: launches.iter().map(|_| Vec::new()).collect(),
            temporaries: vec![None; temporaries.len()],
        };
        Ok(GpuProgram { shared, plan, launches, temporaries, common, state: Mutex::new(state) })
    }

    /// The memory of each output; one that reuses an input's memory takes it over.
    fn outputs(&self, inputs: &[Arc<Allocation>]) -> Result<Vec<Arc<Allocation>>> {
        let outputs = self.plan.outputs.iter().map(|output| match output.reuses {
            Some(input) => Ok(inputs[input].clone()),
            None => Ok(Arc::new(self.shared.pool.allocate(bytes_of(&output.buffer), None)?)),
        });
        outputs.collect()
    }

    /// One run; the timer, if there, times each launch.
    fn run_once(
        &self,
        storages: &mut Vec<Storage>,
        scalars: &[u64],
        read: &[usize],
        timer: Option<&Timer>,
    ) -> Result<Ran> {
        let shared = &self.shared;
        let inputs: Vec<Arc<Allocation>> =
            storages.iter().map(|input| Ok(own(input)?.allocation.clone())).collect::<Result<_>>()?;
        let mut state = self.state.lock().expect("no holder of the lock panics");
        let mut encoder = shared.device.create_command_encoder(&Default::default());
        let outputs = self.outputs(&inputs)?;
        let temporaries = self
            .temporaries
            .iter()
            .zip(&state.temporaries)
            .map(|(&bytes, &previous)| Ok(Arc::new(shared.pool.allocate(bytes, previous)?)));
        let temporaries: Vec<Arc<Allocation>> = temporaries.collect::<Result<_>>()?;
        state.temporaries = temporaries.iter().map(|allocation| Some(allocation.id())).collect();
        let resolve = |reference: &BufferRef| match *reference {
            BufferRef::Input(n) => &inputs[n],
            BufferRef::Output(n) => &outputs[n],
            BufferRef::Temporary(n) => &temporaries[n],
        };
        // All launches are one pass; devices time passes, so that each launch that is timed is one.
        let launches_of_pass = if timer.is_some() { 1 } else { self.launches.len().max(1) };
        let passes = self.launches.chunks(launches_of_pass).zip(state.bind_groups.chunks_mut(launches_of_pass));
        for (number, (launches, groups)) in passes.enumerate() {
            let timestamp_writes = timer.map(|timer| timer.writes(number));
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: None, timestamp_writes });
            let mut current: Option<&ComputePipeline> = None;
            for (launch, groups) in launches.iter().zip(groups) {
                if current != Some(&launch.pipeline) {
                    pass.set_pipeline(&launch.pipeline);
                    current = Some(&launch.pipeline);
                }
                let buffers: SmallVec<[&Arc<Allocation>; 8]> = launch.buffers.iter().map(resolve).collect();
                pass.set_bind_group(0, bind_group(shared, launch, groups, &buffers), &[]);
                pass.set_bind_group(1, &self.common, &[launch.offset]);
                if launch.has_checks {
                    pass.set_bind_group(2, shared.faults.group(), &[]);
                }
                pass.dispatch_workgroups(launch.grid.0, launch.grid.1, 1);
            }
        }
        let outputs: Vec<GpuStorage> = outputs
            .into_iter()
            .zip(&self.plan.outputs)
            .map(|(allocation, spec)| GpuStorage { dtype: spec.buffer.dtype, len: spec.buffer.len, allocation })
            .collect();
        let copies: Vec<Readback> = read.iter().map(|&n| Readback::record(shared, &mut encoder, &outputs[n])).collect();
        drop(state);
        if let Some(timer) = timer {
            timer.record(&mut encoder);
        }
        let checks = self.launches.iter().any(|launch| launch.has_checks);
        // The report is read in the same submit, if anything is.
        let reads = !read.is_empty();
        let report = if reads { shared.faults.record(&shared.device, &mut encoder, checks) } else { None };
        let commands = encoder.finish();
        let submission = {
            // Scalars are written and the work that reads them is submitted without another run coming between.
            let buffer = shared.scalars.lock().expect("no holder of the lock panics");
            if !scalars.is_empty() {
                let words: Vec<u32> = self.plan.scalars.iter().zip(scalars).flat_map(words_of_scalar).collect();
                shared.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(&words));
            }
            shared.submit(Some(commands))?
        };
        if checks && report.is_none() {
            shared.faults.expect();
        }
        let (read, fault) = Readback::finish(shared, &copies, report, submission)?;
        storages.clear();
        let outputs = outputs.into_iter().map(|output| Arc::new(output) as Storage).collect();
        Ok(Ran { outputs, read, fault })
    }
}

impl Program for GpuProgram {
    fn run(&self, storages: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran> {
        self.run_once(storages, scalars, read, None)
    }

    fn run_timed(&self, storages: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed> {
        let timer = Timer::new(&self.shared, self.launches.len());
        let ran = self.run_once(storages, scalars, read, Some(&timer))?;
        self.shared.wait(None)?;
        let mut nanoseconds = vec![0; self.plan.launches.len()];
        self.launches.iter().zip(timer.nanoseconds()?).for_each(|(launch, taken)| nanoseconds[launch.number] += taken);
        Ok(Timed { ran, plan: self.plan.clone(), nanoseconds })
    }
}

/// The launch's bind group for these buffers, from its cache where it has been used lately.
fn bind_group<'a>(
    shared: &Shared,
    launch: &Launch,
    groups: &'a mut Vec<(BufferIds, BindGroup)>,
    buffers: &[&Arc<Allocation>],
) -> &'a BindGroup {
    let ids: BufferIds = buffers.iter().map(|allocation| allocation.id()).collect();
    match groups.iter().position(|(known, _)| *known == ids) {
        Some(place) => {
            let found = groups.remove(place);
            groups.push(found);
        }
        None => {
            let mut entries: SmallVec<[wgpu::BindGroupEntry; 8]> = SmallVec::new();
            for (n, allocation) in buffers.iter().enumerate() {
                let resource = allocation.buffer().as_entire_binding();
                entries.push(wgpu::BindGroupEntry { binding: n as u32, resource });
            }
            let group = shared.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: None,
                layout: &launch.layout,
                entries: &entries,
            });
            if groups.len() == MAX_BIND_GROUPS {
                groups.remove(0);
            }
            groups.push((ids, group));
        }
    }
    &groups.last().expect("just pushed").1
}

/// Refuses plans that the device cannot run.
fn check(shared: &Shared, plan: &Plan) -> Result<()> {
    let specs = plan.inputs.iter().chain(plan.outputs.iter().map(|output| &output.buffer));
    for spec in specs.clone() {
        shared.pool.check_size(bytes_of(spec))?;
    }
    for spec in specs.chain(&plan.temporaries) {
        shared.check_dtype("compile", spec.dtype)?;
    }
    for kernel in &plan.kernels {
        for instruction in kernel.blocks().into_iter().flat_map(|block| &block.code) {
            shared.check_dtype("compile", instruction.dtype)?;
        }
        let sizes = kernel.parts().iter().map(|part| numel(&part.out).max(numel(&part.reduced)));
        let largest = sizes.max().expect("a kernel has parts");
        if largest > u32::MAX as usize {
            let needs = format!("at most 2^32 - 1 elements in one kernel on {}", shared.name());
            return Err(Error::value("compile", needs, format!("{largest}")).hint("split the tensor"));
        }
    }
    let words: usize = plan.scalars.iter().map(|&dtype| words_of(dtype)).sum();
    if words > MAX_SCALARS {
        let needs = format!("at most {MAX_SCALARS} words of run-time scalars in one evaluation");
        return Err(Error::value("compile", needs, words.to_string())
            .hint("evaluate in smaller steps with rt.eval, or use device=\"cpu\""));
    }
    Ok(())
}

/// Bytes of the plan's temporaries and, after them, of the pieces of working memory that its kernels take turns with.
fn temporaries(plan: &Plan, kernels: &[Passes]) -> Vec<u64> {
    let mut work: Vec<u64> = Vec::new();
    for (n, &bytes) in kernels.iter().flat_map(|passes| passes.work.iter().enumerate()) {
        work.resize(work.len().max(n + 1), 0);
        work[n] = work[n].max(bytes);
    }
    plan.temporaries.iter().map(bytes_of).chain(work).collect()
}

/// Where each of the plan's scalars begins among the words that are handed to a run.
fn scalar_places(plan: &Plan) -> Vec<usize> {
    let begins = plan.scalars.iter().scan(0, |next, &dtype| {
        *next += words_of(dtype);
        Some(*next - words_of(dtype))
    });
    begins.collect()
}

fn words_of_scalar((&dtype, &word): (&DType, &u64)) -> impl Iterator<Item = u32> {
    (0..words_of(dtype)).map(move |n| (word >> (32 * n)) as u32)
}
