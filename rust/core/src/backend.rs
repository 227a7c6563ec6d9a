//! What the engine asks of a device.

use std::any::Any;
use std::sync::Arc;

use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::kernel::Plan;

/// A device that holds buffers and runs plans.
pub trait Backend: Send + Sync {
    fn info(&self) -> &DeviceInfo;

    fn capabilities(&self) -> &Capabilities;

    /// Copies host data (native byte order, bools as one byte each) into a new buffer.
    fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage>;

    /// A buffer in memory that is not the engine's: that memory itself where the device can read it, else a copy.
    fn adopt(&self, dtype: DType, memory: Box<dyn HostMemory>) -> Result<Storage> {
        self.upload(dtype, memory.bytes())
    }

    /// Copies a buffer to the host in the layout that `upload` takes; waits until all work on it has ended.
    fn download(&self, storage: &Storage) -> Result<Vec<u8>>;

    /// Prepares a plan for running any number of times.
    fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>>;

    /// An error where launches cannot be timed, see [`Program::run_timed`].
    fn check_timing(&self) -> Result<()> {
        Ok(())
    }

    /// Waits until all submitted work has ended.
    fn synchronize(&self) -> Result<()>;

    /// Device memory in use now and at most since the last reset, in bytes: tensors and working memory.
    fn memory(&self) -> Memory;

    fn reset_peak_memory(&self);

    /// Compiled pipelines so far (0 where nothing is compiled), submits and readbacks so far.
    fn counters(&self) -> DeviceCounters;
}

/// A compiled plan. May be run from several threads at once.
pub trait Program: Send + Sync {
    /// Runs the plan. `scalars` holds one word per scalar of the plan, see [`Scalar::word`](crate::dtype::Scalar::word).
    /// Takes the inputs on success, so that outputs can take over the memory of those they reuse; on an error `inputs`
    /// is as it was and nothing in it has changed. A plan that can fail while it runs reuses no input.
    /// For each output index in `read`, the output's bytes come back as well, copied within the same submit.
    fn run(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran>;

    /// As [`run`](Program::run), each launch being timed; waits until all have ended.
    fn run_timed(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed>;
}

/// What a run gives: the outputs, and the bytes of those that were to be read.
pub struct Ran {
    pub outputs: Vec<Storage>,
    pub read: Vec<Vec<u8>>,
    /// What this run did not find as it must be (see [`Check`](crate::kernel::Check)), or an earlier one whose faults are
    /// known only now. All launches have run; the outputs hold what came of it.
    pub fault: Option<Error>,
}

/// A run and what its launches took.
pub struct Timed {
    pub ran: Ran,
    /// The plan as the device runs it, which may have cut kernels in several.
    pub plan: Arc<Plan>,
    /// Of each launch of that plan.
    pub nanoseconds: Vec<u64>,
}

/// A device buffer; freed (or pooled) by its backend when the last holder drops it.
pub type Storage = Arc<dyn StorageObject>;

pub trait StorageObject: Send + Sync + Any {
    fn dtype(&self) -> DType;
    fn len(&self) -> usize;
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
    /// The elements in host memory, if they lie there, in the layout that `upload` takes.
    fn host_bytes(&self) -> Option<&[u8]>;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Memory of somebody else's, which neither moves nor changes while this lives.
pub trait HostMemory: Send + Sync {
    fn bytes(&self) -> &[u8];
}

/// How a device presents itself to the user.
#[derive(Clone, Debug, Default)]
pub struct DeviceInfo {
    /// "cpu", "gpu", "gpu:1", "null".
    pub id: String,
    /// The hardware's name, such as "AMD Radeon 890M" or "llvmpipe (LLVM 15.0.6, 256 bits)".
    pub name: String,
    /// "cpu", "discrete gpu", "integrated gpu", "software gpu".
    pub kind: String,
    /// "native", "vulkan", "metal", "dx12".
    pub backend: String,
    /// Name and version of what drives it, such as "radv Mesa 25.2.1"; empty where there is none.
    pub driver: String,
    /// 0 if unknown.
    pub memory_bytes: u64,
    pub features: Vec<String>,
    /// What the hardware allows, by WebGPU's names.
    pub limits: Vec<(&'static str, u64)>,
    pub software: bool,
}

/// What the scheduler may count on.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Most buffers that one kernel may touch.
    pub max_buffers: usize,
    pub dtypes: Vec<DType>,
    /// Most instructions worth putting into one kernel.
    pub max_instructions: usize,
    /// Most columns of the operands of an attention kernel; 0 if the device has none.
    pub attention: usize,
    /// Runs the routines of linear algebra.
    pub linalg: bool,
    /// Most elements of a row that a rows kernel takes through several reductions; 0 if the device has no such kernels.
    pub max_row: usize,
    /// Most elementwise instructions (a transcendental function counts as ten) that are cheaper than to keep their result in
    /// memory.
    pub recomputed: usize,
    /// Fewest bytes of a value that is rather computed again than kept for readers that come late, if it is cheap.
    pub rematerialized: usize,
    /// Runs kernels of several shapes side by side in one launch.
    pub horizontal: bool,
    /// Buffers lie in host memory, so that reading them costs nothing.
    pub host_memory: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub live_bytes: u64,
    pub peak_bytes: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceCounters {
    pub pipelines_built: u64,
    pub submits: u64,
    pub readbacks: u64,
}
