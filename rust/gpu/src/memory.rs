//! Device memory: buffers in size classes, which return to a pool when their last holder drops them.
//!
//! A buffer may be reused at once, while submitted work still uses it: all work runs in the order of one queue.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use rutile_core::backend::{Memory, StorageObject};
use rutile_core::dtype::DType;
use rutile_core::error::{Error, ErrorKind, Result};
use rutile_core::kernel::BufferSpec;
use wgpu::{BufferUsages, ErrorFilter};

/// What the sizes of copies and bindings must be multiples of.
pub const ALIGNMENT: u64 = 4;
/// Bytes of unused buffers that the pool keeps at most.
const MAX_POOLED: u64 = 1 << 30;
/// Bytes of the smallest buffer.
pub const SMALLEST: u64 = 256;

/// Hands out buffers and takes them back.
pub struct Pool {
    device: wgpu::Device,
    name: String,
    max_bytes: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Unused buffers by size, latest last.
    free: BTreeMap<u64, Vec<Buffer>>,
    pooled_bytes: u64,
    memory: Memory,
    next_id: u64,
}

struct Buffer {
    buffer: wgpu::Buffer,
    id: u64,
}

/// A buffer in use.
pub struct Allocation {
    pool: Arc<Pool>,
    buffer: wgpu::Buffer,
    id: u64,
    /// Bytes asked for, which is what the accounts show.
    bytes: u64,
}

impl Pool {
    pub fn new(device: wgpu::Device, name: String, max_bytes: u64) -> Arc<Pool> {
        Arc::new(Pool { device, name, max_bytes, state: Mutex::default() })
    }

    /// A buffer of at least `bytes` bytes with undefined content: the one called `preferred`, if it is free.
    pub fn allocate(self: &Arc<Pool>, bytes: u64, preferred: Option<u64>) -> Result<Allocation> {
        self.check_size(bytes)?;
        let class = self.class(bytes);
        let reused = self.take(class, preferred);
        let buffer = match reused {
            Some(buffer) => buffer,
            None => match self.create(class) {
                Some(buffer) => buffer,
                None => {
                    self.release_unused();
                    self.create(class).ok_or_else(|| self.out_of_memory(bytes))?
                }
            },
        };
        let memory = &mut self.state().memory;
        memory.live_bytes += bytes;
        memory.peak_bytes = memory.peak_bytes.max(memory.live_bytes);
        Ok(Allocation { pool: self.clone(), buffer: buffer.buffer, id: buffer.id, bytes })
    }

    /// An error if no tensor of `bytes` bytes can exist on the device.
    pub fn check_size(&self, bytes: u64) -> Result<()> {
        if bytes <= self.max_bytes {
            return Ok(());
        }
        let needs = format!("tensors of at most {} bytes each on {}", self.max_bytes, self.name);
        Err(Error::new(ErrorKind::OutOfMemory, "allocate", needs, format!("one of {bytes} bytes"))
            .hint("use smaller batches, split the tensor, or use device=\"cpu\""))
    }

    pub fn memory(&self) -> Memory {
        self.state().memory
    }

    pub fn reset_peak(&self) {
        let memory = &mut self.state().memory;
        memory.peak_bytes = memory.live_bytes;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of the lock panics")
    }

    /// Sizes in steps of an eighth of their power of two, so that similar tensors share buffers and waste at most an eighth.
    /// All are multiples of `SMALLEST`: the last word of packed elements is whole, and kernels may read a few words on.
    fn class(&self, bytes: u64) -> u64 {
        let bytes = bytes.max(SMALLEST);
        let step = (bytes.next_power_of_two() / 16).max(SMALLEST);
        bytes.next_multiple_of(step).min(self.max_bytes.next_multiple_of(SMALLEST))
    }

    fn take(&self, class: u64, preferred: Option<u64>) -> Option<Buffer> {
        let mut state = self.state();
        let free = state.free.get_mut(&class)?;
        let place = preferred.and_then(|id| free.iter().position(|buffer| buffer.id == id));
        let buffer = match place {
            Some(place) => free.remove(place),
            None => free.pop()?,
        };
        state.pooled_bytes -= class;
        Some(buffer)
    }

    fn create(&self, class: u64) -> Option<Buffer> {
        let scopes = [ErrorFilter::OutOfMemory, ErrorFilter::Internal, ErrorFilter::Validation]
            .map(|filter| self.device.push_error_scope(filter));
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: class,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut failed = false;
        for scope in scopes.into_iter().rev() {
            failed |= pollster::block_on(scope.pop()).is_some();
        }
        if failed {
            return None;
        }
        let mut state = self.state();
        state.next_id += 1;
        Some(Buffer { buffer, id: state.next_id })
    }

    /// Frees what the pool keeps, and waits until the device has really let go of it.
    fn release_unused(&self) {
        let free = std::mem::take(&mut self.state().free);
        self.state().pooled_bytes = 0;
        free.into_values().flatten().for_each(|buffer| buffer.buffer.destroy());
        let _ = crate::backend::wait(&self.device, None);
    }

    fn out_of_memory(&self, bytes: u64) -> Error {
        let live = self.memory().live_bytes;
        let needs = format!("{bytes} bytes of memory on {}", self.name);
        Error::new(ErrorKind::OutOfMemory, "allocate", needs, format!("no more than the {live} bytes in use"))
            .hint("drop tensors that you no longer need, use smaller batches, or use device=\"cpu\"")
    }

    fn give(&self, allocation: &Allocation) {
        let class = allocation.buffer.size();
        let mut state = self.state();
        state.memory.live_bytes -= allocation.bytes;
        state.pooled_bytes += class;
        let buffer = Buffer { buffer: allocation.buffer.clone(), id: allocation.id };
        state.free.entry(class).or_default().push(buffer);
        while state.pooled_bytes > MAX_POOLED {
            // The largest buffers go first: they cost most and are least likely to be asked for again.
            let mut entry = state.free.last_entry().expect("pooled bytes belong to a buffer");
            let buffer = entry.get_mut().remove(0);
            if entry.get().is_empty() {
                entry.remove();
            }
            state.pooled_bytes -= buffer.buffer.size();
            buffer.buffer.destroy();
        }
    }
}

impl Allocation {
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.buffer
    }

    /// Names the buffer for as long as the process lives.
    pub fn id(&self) -> u64 {
        self.id
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        self.pool.clone().give(self);
    }
}

/// Bytes that a buffer of the plan needs.
pub fn bytes_of(spec: &BufferSpec) -> u64 {
    (spec.len * spec.dtype.size()) as u64
}

/// A tensor's elements on the device.
pub struct GpuStorage {
    pub dtype: DType,
    pub len: usize,
    pub allocation: Arc<Allocation>,
}

impl GpuStorage {
    pub fn bytes(&self) -> u64 {
        bytes_of(&BufferSpec { dtype: self.dtype, len: self.len })
    }
}

impl StorageObject for GpuStorage {
    fn dtype(&self) -> DType {
        self.dtype
    }

    fn len(&self) -> usize {
        self.len
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn host_bytes(&self) -> Option<&[u8]> {
        None
    }
}
