//! The CPU as a device.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rutile_core::backend::{Backend, Capabilities, DeviceCounters, DeviceInfo, HostMemory, Memory, Program, Storage};
use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::Plan;

use crate::pool::Pool;
use crate::program::CpuProgram;
use crate::storage::CpuStorage;
use crate::{parallel, simd};

/// Most elements of a row that rows kernels take, so that what they pass over several times stays in the cache.
const MAX_ROW: usize = 1 << 16;

/// Values of fewer bytes stay near enough in the caches that to compute them again gains nothing.
const REMATERIALIZED: usize = 1 << 20;

/// Runs plans on the processor's cores.
pub struct CpuBackend {
    info: DeviceInfo,
    capabilities: Capabilities,
    pool: Arc<Pool>,
    readbacks: AtomicU64,
}

impl CpuBackend {
    pub fn new() -> CpuBackend {
        let mut features = simd::features();
        features.push(format!("{} threads", parallel::threads()));
        let info = DeviceInfo {
            id: "cpu".into(),
            name: processor_name(),
            kind: "cpu".into(),
            backend: "native".into(),
            memory_bytes: memory_bytes(),
            features,
            ..DeviceInfo::default()
        };
        let dtypes = DType::ALL.to_vec();
        let capabilities = Capabilities {
            max_buffers: 72,
            dtypes,
            max_instructions: 576,
            max_row: MAX_ROW,
            recomputed: 8,
            rematerialized: REMATERIALIZED,
            attention: usize::MAX,
            linalg: true,
            horizontal: false,
            host_memory: true,
        };
        CpuBackend { info, capabilities, pool: Arc::default(), readbacks: AtomicU64::new(0) }
    }
}

impl Default for CpuBackend {
    fn default() -> CpuBackend {
        CpuBackend::new()
    }
}

impl Backend for CpuBackend {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage> {
        if !bytes.len().is_multiple_of(dtype.size()) {
            let needs = format!("a multiple of {} bytes for {dtype}", dtype.size());
            return Err(Error::value("tensor", needs, format!("{} bytes", bytes.len())));
        }
        let mut buffer = self.pool.take(bytes.len())?;
        buffer.bytes_mut(bytes.len()).copy_from_slice(bytes);
        Ok(Arc::new(CpuStorage::new(dtype, bytes.len() / dtype.size(), buffer)))
    }

    fn adopt(&self, dtype: DType, memory: Box<dyn HostMemory>) -> Result<Storage> {
        let bytes = memory.bytes();
        if bytes.is_empty() || !(bytes.as_ptr() as usize).is_multiple_of(dtype.size()) {
            return self.upload(dtype, bytes);
        }
        Ok(Arc::new(CpuStorage::foreign(dtype, bytes.len() / dtype.size(), memory)))
    }

    fn download(&self, storage: &Storage) -> Result<Vec<u8>> {
        self.readbacks.fetch_add(1, Ordering::Relaxed);
        Ok(CpuStorage::of(storage)?.bytes().to_vec())
    }

    fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>> {
        Ok(Arc::new(CpuProgram::new(plan, self.pool.clone())?))
    }

    /// Nothing to wait for: a run returns when it is done.
    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn memory(&self) -> Memory {
        self.pool.memory()
    }

    fn reset_peak_memory(&self) {
        self.pool.reset_peak();
    }

    fn counters(&self) -> DeviceCounters {
        DeviceCounters { pipelines_built: 0, submits: 0, readbacks: self.readbacks.load(Ordering::Relaxed) }
    }
}

/// The processor's model where the system tells it, else its architecture.
fn processor_name() -> String {
    let field = |line: &str| Some(line.strip_prefix("model name")?.split_once(':')?.1.trim().to_string());
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines().find_map(field).unwrap_or_else(|| std::env::consts::ARCH.to_string())
}

/// Bytes of main memory; 0 where the system does not tell.
fn memory_bytes() -> u64 {
    let field = |line: &str| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok();
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    text.lines().find_map(field).map_or(0, |kilobytes| kilobytes * 1024)
}
