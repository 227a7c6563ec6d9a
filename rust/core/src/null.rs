//! A backend that plans and counts but computes nothing: for tests of the scheduler and for counting.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::backend::{
    Backend, Capabilities, DeviceCounters, DeviceInfo, Memory, Program, Ran, Storage, StorageObject, Timed,
};
use crate::dtype::DType;
use crate::error::Result;
use crate::kernel::{BufferSpec, Plan};

pub struct NullBackend {
    info: DeviceInfo,
    capabilities: Capabilities,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    pipelines: AtomicU64,
    submits: AtomicU64,
    readbacks: AtomicU64,
    live: AtomicU64,
    peak: AtomicU64,
}

impl Default for NullBackend {
    /// With the limits of a WebGPU device.
    fn default() -> NullBackend {
        let info = DeviceInfo {
            id: "null".into(),
            name: "null".into(),
            kind: "null".into(),
            backend: "null".into(),
            ..DeviceInfo::default()
        };
        let dtypes = vec![DType::Bool, DType::I32, DType::U32, DType::F32];
        let capabilities = Capabilities {
            // WebGPU promises 8. A kernel that needs more than a device has is split, which costs launches and bytes.
            max_buffers: 16,
            dtypes,
            max_instructions: 256,
            max_row: 4096,
            recomputed: 64,
            rematerialized: usize::MAX,
            attention: 128,
            linalg: true,
            horizontal: true,
            host_memory: false,
        };
        NullBackend { info, capabilities, counts: Arc::default() }
    }
}

struct NullStorage {
    spec: BufferSpec,
    counts: Arc<Counts>,
}

impl NullStorage {
    fn allocate(spec: BufferSpec, counts: &Arc<Counts>) -> Storage {
        let bytes = spec.bytes() as u64;
        let live = counts.live.fetch_add(bytes, Ordering::Relaxed) + bytes;
        counts.peak.fetch_max(live, Ordering::Relaxed);
        Arc::new(NullStorage { spec, counts: counts.clone() })
    }
}

impl Drop for NullStorage {
    fn drop(&mut self) {
        self.counts.live.fetch_sub(self.spec.bytes() as u64, Ordering::Relaxed);
    }
}

impl StorageObject for NullStorage {
    fn dtype(&self) -> DType {
        self.spec.dtype
    }

    fn len(&self) -> usize {
        self.spec.len
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

struct NullProgram {
    plan: Arc<Plan>,
    counts: Arc<Counts>,
    _temporaries: Vec<Storage>,
}

impl Program for NullProgram {
    fn run(&self, inputs: &mut Vec<Storage>, _scalars: &[u64], read: &[usize]) -> Result<Ran> {
        self.counts.submits.fetch_add(1, Ordering::Relaxed);
        self.counts.readbacks.fetch_add(read.len() as u64, Ordering::Relaxed);
        let outputs = self.plan.outputs.iter().map(|output| match output.reuses {
            Some(input) => inputs[input].clone(),
            None => NullStorage::allocate(output.buffer, &self.counts),
        });
        let outputs: Vec<Storage> = outputs.collect();
        inputs.clear();
        let read = read.iter().map(|&i| vec![0; outputs[i].len() * outputs[i].dtype().size()]).collect();
        Ok(Ran { outputs, read, fault: None })
    }

    /// What computes nothing takes no time.
    fn run_timed(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed> {
        let ran = self.run(inputs, scalars, read)?;
        Ok(Timed { ran, plan: self.plan.clone(), nanoseconds: vec![0; self.plan.launches.len()] })
    }
}

impl Backend for NullBackend {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage> {
        Ok(NullStorage::allocate(BufferSpec { dtype, len: bytes.len() / dtype.size() }, &self.counts))
    }

    fn download(&self, storage: &Storage) -> Result<Vec<u8>> {
        self.counts.readbacks.fetch_add(1, Ordering::Relaxed);
        Ok(vec![0; storage.len() * storage.dtype().size()])
    }

    fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>> {
        self.counts.pipelines.fetch_add(plan.kernels.len() as u64, Ordering::Relaxed);
        let temporaries = plan.temporaries.iter().map(|&spec| NullStorage::allocate(spec, &self.counts)).collect();
        Ok(Arc::new(NullProgram { plan, counts: self.counts.clone(), _temporaries: temporaries }))
    }

    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn memory(&self) -> Memory {
        Memory {
            live_bytes: self.counts.live.load(Ordering::Relaxed),
            peak_bytes: self.counts.peak.load(Ordering::Relaxed),
        }
    }

    fn reset_peak_memory(&self) {
        self.counts.peak.store(self.counts.live.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    fn counters(&self) -> DeviceCounters {
        DeviceCounters {
            pipelines_built: self.counts.pipelines.load(Ordering::Relaxed),
            submits: self.counts.submits.load(Ordering::Relaxed),
            readbacks: self.counts.readbacks.load(Ordering::Relaxed),
        }
    }
}
