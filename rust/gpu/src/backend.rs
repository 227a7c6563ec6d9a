//! The device as the engine sees it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rutile_core::backend::{Backend, Capabilities, DeviceCounters, DeviceInfo, Memory, Program, Storage};
use rutile_core::dtype::DType;
use rutile_core::error::{Error, ErrorKind, Result};
use rutile_core::kernel::Plan;

use crate::Limits;
use crate::adapter::{self, Cooperative, Options};
use crate::attention::MOST_COLUMNS;
use crate::fault::{self, Faults};
use crate::memory::{ALIGNMENT, GpuStorage, Pool, SMALLEST};
use crate::pipeline::Pipelines;
use crate::program::GpuProgram;
use crate::tune::{self, Tuner};
use crate::units::{self, Units};
use crate::wgsl::MAX_SCALARS;

/// Uniform buffers that each kernel takes beside its arguments: the parameter page and the scalars.
const UNIFORMS: u32 = 2;
/// Most elements of a row that rows kernels take: what 256 invocations hold in registers.
const MAX_ROW: usize = 4096;
/// Submits that may be under way before the host waits for the device.
const MAX_IN_FLIGHT: usize = 16;
/// Bytes of uploads after which they are sent off without waiting for a submit.
const MAX_PENDING_UPLOAD: u64 = 64 << 20;

/// One GPU.
pub struct GpuBackend {
    shared: Arc<Shared>,
}

/// What the backend, its programs and its storages have in common.
pub struct Shared {
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    pub pool: Arc<Pool>,
    pub pipelines: Pipelines,
    pub faults: Faults,
    /// Run-time scalars of the run that is submitted next; the lock is held from writing them to the submit.
    pub scalars: Mutex<wgpu::Buffer>,
    pub limits: Limits,
    pub tuner: Tuner,
    info: DeviceInfo,
    capabilities: Capabilities,
    /// The first error that no scope caught, or why the device was lost.
    failure: Arc<Mutex<Option<Error>>>,
    in_flight: Mutex<VecDeque<wgpu::SubmissionIndex>>,
    pending_upload: AtomicU64,
    submits: AtomicU64,
    readbacks: AtomicU64,
}

impl GpuBackend {
    /// Opens the device that `selector` names: "gpu", "gpu:1", "vulkan:0", "metal", "dx12:0".
    pub fn open(selector: &str) -> Result<GpuBackend> {
        GpuBackend::open_with(selector, Options::default())
    }

    pub fn open_with(selector: &str, options: Options) -> Result<GpuBackend> {
        let opened = adapter::open(selector, options)?;
        let (device, queue) = (opened.device, opened.queue);
        let failure = Arc::new(Mutex::new(None));
        watch(&device, &failure, &opened.info.name);
        let limits = device.limits();
        let combined = limits.max_buffers_and_acceleration_structures_per_shader_stage.saturating_sub(UNIFORMS + 1);
        let max_buffers = limits.max_storage_buffers_per_shader_stage.min(combined).min(30) as usize;
        let max_bytes = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) & !(SMALLEST - 1);
        let max_bytes = options.max_tensor_bytes.unwrap_or(u64::MAX).min(max_bytes);
        let scalars = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("scalars"),
            size: MAX_SCALARS as u64 * 4,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let faults = Faults::new(&device);
        let shared = Shared {
            scalars: Mutex::new(scalars),
            pool: Pool::new(device.clone(), opened.info.name.clone(), max_bytes),
            pipelines: Pipelines::new(device.clone(), &opened.adapter, faults.layout().clone()),
            faults,
            device,
            queue,
            info: opened.info,
            limits: Limits {
                max_buffers,
                workgroup_bytes: limits.max_compute_workgroup_storage_size as usize,
                tiles: tune::defaults(opened.adapter.device_type, opened.adapter.vendor),
                units: Units::default(),
            },
            tuner: Tuner::new(&opened.adapter),
            capabilities: Capabilities {
                // Where packed results need a second kernel, it reads what the first has left in working memory.
                max_buffers: max_buffers - 1,
                dtypes: opened.dtypes,
                max_instructions: 256,
                attention: MOST_COLUMNS,
                linalg: false,
                max_row: MAX_ROW,
                recomputed: 64,
                rematerialized: usize::MAX,
                horizontal: true,
                host_memory: false,
            },
            failure,
            in_flight: Mutex::default(),
            pending_upload: AtomicU64::new(0),
            submits: AtomicU64::new(0),
            readbacks: AtomicU64::new(0),
        };
        let mut shared = Arc::new(shared);
        units::tested(&mut shared, &opened.units);
        if shared.check_alive().is_err() {
            // The test of cooperative matrices has cost the device.
            return GpuBackend::open_with(selector, Options { cooperative: Cooperative::Never, ..options });
        }
        Ok(GpuBackend { shared })
    }
}

impl Backend for GpuBackend {
    fn info(&self) -> &DeviceInfo {
        &self.shared.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.shared.capabilities
    }

    fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage> {
        let shared = &self.shared;
        shared.check_dtype("upload", dtype)?;
        shared.check_alive()?;
        let len = bytes.len() / dtype.size();
        let allocation = shared.pool.allocate(bytes.len() as u64, None)?;
        if len > 0 {
            let (words, rest) = bytes.split_at(bytes.len() & !(ALIGNMENT as usize - 1));
            shared.queue.write_buffer(allocation.buffer(), 0, words);
            if !rest.is_empty() {
                let mut last = [0; ALIGNMENT as usize];
                last[..rest.len()].copy_from_slice(rest);
                shared.queue.write_buffer(allocation.buffer(), words.len() as u64, &last);
            }
            let size = bytes.len() as u64;
            if shared.pending_upload.fetch_add(size, Ordering::Relaxed) + size > MAX_PENDING_UPLOAD {
                shared.submit(None)?;
            }
        }
        shared.check_alive()?;
        Ok(Arc::new(GpuStorage { dtype, len, allocation: Arc::new(allocation) }))
    }

    fn download(&self, storage: &Storage) -> Result<Vec<u8>> {
        let storage = own(storage)?;
        let mut encoder = self.shared.device.create_command_encoder(&Default::default());
        let copy = Readback::record(&self.shared, &mut encoder, storage);
        let report = self.shared.faults.record(&self.shared.device, &mut encoder, false);
        let submission = self.shared.submit(Some(encoder.finish()))?;
        let (bytes, fault) = Readback::finish(&self.shared, &[copy], report, submission)?;
        fault.map_or_else(|| Ok(bytes.into_iter().next().expect("one copy gives one result")), Err)
    }

    fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>> {
        Ok(Arc::new(GpuProgram::compile(self.shared.clone(), plan)?))
    }

    fn check_timing(&self) -> Result<()> {
        if self.shared.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return Ok(());
        }
        let got = format!("{}, whose driver ({}) offers none", self.shared.name(), self.shared.info.backend);
        Err(Error::device("profile", "a device with timestamp queries", got)
            .hint("time whole steps by the clock between two calls of rutile.synchronize()"))
    }

    fn synchronize(&self) -> Result<()> {
        let mut encoder = self.shared.device.create_command_encoder(&Default::default());
        let report = self.shared.faults.record(&self.shared.device, &mut encoder, false);
        self.shared.submit(report.is_some().then(|| encoder.finish()))?;
        self.shared.wait(None)?;
        self.shared.faults.error(report)?.map_or(Ok(()), Err)
    }

    fn memory(&self) -> Memory {
        self.shared.pool.memory()
    }

    fn reset_peak_memory(&self) {
        self.shared.pool.reset_peak();
    }

    fn counters(&self) -> DeviceCounters {
        DeviceCounters {
            pipelines_built: self.shared.pipelines.built(),
            submits: self.shared.submits.load(Ordering::Relaxed),
            readbacks: self.shared.readbacks.load(Ordering::Relaxed),
        }
    }
}

impl Shared {
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// The error that no scope has caught, if any. Lack of memory is reported once and survived; any other stays.
    pub fn check_alive(&self) -> Result<()> {
        let mut failure = self.failure.lock().expect("no holder of the lock panics");
        let passes = failure.as_ref().is_some_and(|error| error.kind == ErrorKind::OutOfMemory);
        let error = if passes { failure.take() } else { failure.clone() };
        error.map_or(Ok(()), Err)
    }

    pub fn check_dtype(&self, op: &str, dtype: DType) -> Result<()> {
        if self.capabilities.dtypes.contains(&dtype) {
            return Ok(());
        }
        let known: Vec<&str> = self.capabilities.dtypes.iter().map(|dtype| dtype.name()).collect();
        let needs = format!("one of {} on the GPU {}", known.join(", "), self.info.name);
        Err(Error::dtype(op, needs, dtype.name()).hint("convert it with astype, or compute with it on device=\"cpu\""))
    }

    /// Sends commands (or only the pending uploads) to the device, and reclaims what earlier ones have left.
    pub fn submit(&self, commands: Option<wgpu::CommandBuffer>) -> Result<wgpu::SubmissionIndex> {
        self.check_alive()?;
        let waits = commands.is_some() || self.pending_upload.load(Ordering::Relaxed) > 0;
        let submission = self.queue.submit(commands);
        self.pending_upload.store(0, Ordering::Relaxed);
        if waits {
            self.submits.fetch_add(1, Ordering::Relaxed);
        }
        let oldest = {
            let mut in_flight = self.in_flight.lock().expect("no holder of the lock panics");
            in_flight.push_back(submission.clone());
            if in_flight.len() > MAX_IN_FLIGHT { in_flight.pop_front() } else { None }
        };
        match oldest {
            Some(oldest) => self.wait(Some(oldest))?,
            None => poll(&self.device)?,
        }
        self.check_alive()?;
        Ok(submission)
    }

    pub fn wait(&self, submission: Option<wgpu::SubmissionIndex>) -> Result<()> {
        wait(&self.device, submission)?;
        self.check_alive()
    }
}

/// Waits until a submission (or all of them) has ended.
pub fn wait(device: &wgpu::Device, submission_index: Option<wgpu::SubmissionIndex>) -> Result<()> {
    guarded(device, wgpu::PollType::Wait { submission_index, timeout: None })
}

fn poll(device: &wgpu::Device) -> Result<()> {
    guarded(device, wgpu::PollType::Poll)
}

/// wgpu panics where a poll finds the device lost; a tensor library must not take the process with it.
fn guarded(device: &wgpu::Device, poll: wgpu::PollType) -> Result<()> {
    match catch_unwind(AssertUnwindSafe(|| device.poll(poll))) {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(lost(&error.to_string())),
        Err(_) => Err(lost("a failure while waiting for it")),
    }
}

pub fn lost(why: &str) -> Error {
    Error::device("the GPU", "a device that still runs", why)
        .hint("its tensors are gone: restart the process and resume from the last checkpoint; if it recurs, use smaller batches")
}

/// Keeps the first error that nothing else catches, so that the next call reports it.
fn watch(device: &wgpu::Device, failure: &Arc<Mutex<Option<Error>>>, name: &str) {
    let keep = |failure: &Mutex<Option<Error>>, error: Error| {
        failure.lock().expect("no holder of the lock panics").get_or_insert(error);
    };
    let name = name.to_string();
    let on_error = {
        let failure = failure.clone();
        move |error: wgpu::Error| {
            let error = match error {
                wgpu::Error::OutOfMemory { .. } => {
                    Error::new(ErrorKind::OutOfMemory, "the GPU", format!("more memory on {name}"), "none left")
                        .hint("use smaller batches, or device=\"cpu\"")
                }
                other => lost(&other.to_string()),
            };
            keep(&failure, error);
        }
    };
    device.on_uncaptured_error(Arc::new(on_error));
    let failure = failure.clone();
    device.set_device_lost_callback(move |reason, message| {
        if reason != wgpu::DeviceLostReason::Destroyed {
            keep(&failure, lost(&message));
        }
    });
}

/// The storage as this backend's own.
pub fn own(storage: &Storage) -> Result<&GpuStorage> {
    storage.as_any().downcast_ref::<GpuStorage>().ok_or_else(|| {
        Error::device("the GPU", "tensors that lie on it", "one of another device").hint("move it with x.to(\"gpu\")")
    })
}

/// A copy of a tensor on its way to the host.
pub struct Readback {
    staging: Option<wgpu::Buffer>,
    bytes: usize,
}

impl Readback {
    pub fn record(shared: &Shared, encoder: &mut wgpu::CommandEncoder, storage: &GpuStorage) -> Readback {
        shared.readbacks.fetch_add(1, Ordering::Relaxed);
        let bytes = storage.bytes() as usize;
        if bytes == 0 {
            return Readback { staging: None, bytes };
        }
        let size = (bytes as u64).next_multiple_of(ALIGNMENT);
        let staging = shared.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        encoder.copy_buffer_to_buffer(storage.allocation.buffer(), 0, &staging, 0, size);
        encoder.map_buffer_on_submit(&staging, wgpu::MapMode::Read, .., |_| {});
        Readback { staging: Some(staging), bytes }
    }

    /// Waits for the submission that held the copies; gives the tensors' bytes and the fault that was reported, if any.
    pub fn finish(
        shared: &Shared,
        copies: &[Readback],
        report: Option<fault::Copy>,
        submission: wgpu::SubmissionIndex,
    ) -> Result<(Vec<Vec<u8>>, Option<Error>)> {
        if report.is_some() || copies.iter().any(|copy| copy.staging.is_some()) {
            shared.wait(Some(submission))?;
        }
        let bytes = copies.iter().map(Readback::bytes).collect::<Result<_>>()?;
        Ok((bytes, shared.faults.error(report)?))
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        let Some(staging) = &self.staging else { return Ok(Vec::new()) };
        let view = staging.slice(..).get_mapped_range().map_err(|error| lost(&error.to_string()))?;
        Ok(view[..self.bytes].to_vec())
    }
}
