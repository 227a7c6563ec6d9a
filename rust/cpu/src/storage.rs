//! Tensors' storages: typed blocks of host memory.

use std::any::Any;
use std::sync::Arc;

use rutile_core::backend::{HostMemory, Storage, StorageObject};
use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};

use crate::pool::Buffer;

/// `len` elements of a dtype in host memory.
pub struct CpuStorage {
    dtype: DType,
    len: usize,
    memory: Memory,
}

enum Memory {
    Own(Buffer),
    /// Only ever read.
    Foreign(Box<dyn HostMemory>),
}

impl CpuStorage {
    pub fn new(dtype: DType, len: usize, buffer: Buffer) -> CpuStorage {
        CpuStorage { dtype, len, memory: Memory::Own(buffer) }
    }

    /// Elements in memory that is not the engine's, aligned as the dtype asks.
    pub fn foreign(dtype: DType, len: usize, memory: Box<dyn HostMemory>) -> CpuStorage {
        CpuStorage { dtype, len, memory: Memory::Foreign(memory) }
    }

    /// The CPU storage behind a handle, or an error if it lies on another device.
    pub fn of(storage: &Storage) -> Result<&CpuStorage> {
        storage.as_any().downcast_ref::<CpuStorage>().ok_or_else(|| {
            Error::device("run", "tensors on the cpu", "a tensor on another device").hint("move it with x.to(\"cpu\")")
        })
    }

    /// Whether this is the only handle to memory of at least so many bytes, so that `take_buffer` may have it.
    pub fn is_sole(storage: &Storage, bytes: usize) -> Result<bool> {
        let own = CpuStorage::of(storage)?;
        let large = matches!(&own.memory, Memory::Own(buffer) if buffer.capacity() >= bytes);
        Ok(large && Arc::strong_count(storage) == 1)
    }

    /// Moves the memory out of the only handle: nobody else is there to make another one meanwhile.
    pub fn take_buffer(storage: Storage) -> Buffer {
        let own = storage.into_any().downcast::<CpuStorage>().ok().and_then(Arc::into_inner);
        match own.map(|own| own.memory) {
            Some(Memory::Own(buffer)) => buffer,
            _ => unreachable!("the only handle to a CPU storage of its own memory, as `is_sole` has said"),
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.memory {
            Memory::Own(buffer) => buffer.bytes(self.len * self.dtype.size()),
            Memory::Foreign(memory) => memory.bytes(),
        }
    }
}

impl StorageObject for CpuStorage {
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
        Some(self.bytes())
    }
}
