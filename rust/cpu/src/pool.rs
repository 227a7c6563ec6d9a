//! Memory of tensors and programs: aligned blocks, kept for reuse when their holder drops them.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex};

use rutile_core::backend::Memory;
use rutile_core::error::{Error, ErrorKind, Result};

/// Alignment of every block, in bytes: a cache line, and the widest vector.
pub const ALIGNMENT: usize = 64;

/// Idle blocks may take this much beyond a quarter of the peak use.
const SPARE_BYTES: u64 = 256 << 20;

/// Gives out blocks in size classes and takes them back.
#[derive(Default)]
pub struct Pool {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: HashMap<usize, Vec<Block>>,
    idle_bytes: u64,
    memory: Memory,
}

/// A block of initialised bytes that belongs to a pool.
pub struct Buffer {
    block: Block,
    pool: Arc<Pool>,
}

#[derive(Clone, Copy)]
struct Block {
    start: NonNull<u8>,
    capacity: usize,
}

// SAFETY: a block is plain memory with one owner; who may write it is decided by the owner's `&mut`, or by the plan.
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Pool {
    /// A block of at least `bytes` bytes, whose content is unspecified.
    pub fn take(self: &Arc<Pool>, bytes: usize) -> Result<Buffer> {
        let capacity = size_class(bytes);
        let mut state = self.state.lock().expect("no panic while locked");
        let idle = state.idle.get_mut(&capacity).and_then(Vec::pop);
        let block = match idle {
            Some(block) => {
                state.idle_bytes -= capacity as u64;
                block
            }
            None => allocate(capacity)?,
        };
        state.memory.live_bytes += capacity as u64;
        state.memory.peak_bytes = state.memory.peak_bytes.max(state.memory.live_bytes);
        Ok(Buffer { block, pool: self.clone() })
    }

    pub fn memory(&self) -> Memory {
        self.state.lock().expect("no panic while locked").memory
    }

    pub fn reset_peak(&self) {
        let mut state = self.state.lock().expect("no panic while locked");
        state.memory.peak_bytes = state.memory.live_bytes;
    }

    fn give_back(&self, block: Block) {
        let mut state = self.state.lock().expect("no panic while locked");
        let bytes = block.capacity as u64;
        state.memory.live_bytes -= bytes;
        let limit = state.memory.peak_bytes / 4 * 5 + SPARE_BYTES;
        if state.memory.live_bytes + state.idle_bytes + bytes <= limit {
            state.idle_bytes += bytes;
            state.idle.entry(block.capacity).or_default().push(block);
        } else {
            free(block);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let state = self.state.get_mut().expect("no panic while locked");
        state.idle.drain().flat_map(|(_, blocks)| blocks).for_each(free);
    }
}

impl Buffer {
    pub fn pointer(&self) -> *mut u8 {
        self.block.start.as_ptr()
    }

    pub fn capacity(&self) -> usize {
        self.block.capacity
    }

    pub fn bytes(&self, len: usize) -> &[u8] {
        assert!(len <= self.block.capacity);
        // SAFETY: the block holds `capacity` initialised bytes, and is written only while nobody else holds the buffer.
        unsafe { std::slice::from_raw_parts(self.pointer(), len) }
    }

    pub fn bytes_mut(&mut self, len: usize) -> &mut [u8] {
        assert!(len <= self.block.capacity);
        // SAFETY: as in `bytes`, and `&mut self` is the only way to the block.
        unsafe { std::slice::from_raw_parts_mut(self.pointer(), len) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.pool.give_back(self.block);
    }
}

/// Rounds up so that a class wastes at most a quarter: four classes per power of two.
fn size_class(bytes: usize) -> usize {
    let bytes = bytes.max(ALIGNMENT);
    let step = (bytes.next_power_of_two() / 8).max(ALIGNMENT);
    bytes.div_ceil(step) * step
}

fn layout(capacity: usize) -> Option<Layout> {
    Layout::from_size_align(capacity, ALIGNMENT).ok()
}

fn allocate(capacity: usize) -> Result<Block> {
    // SAFETY: the size is not zero, as size classes start at ALIGNMENT.
    let start = layout(capacity).and_then(|layout| NonNull::new(unsafe { alloc_zeroed(layout) }));
    let refused = || {
        Error::new(ErrorKind::OutOfMemory, "allocation", format!("{capacity} bytes of host memory"), "a refusal")
            .hint("use a smaller batch, or free tensors that are no longer needed")
    };
    Ok(Block { start: start.ok_or_else(refused)?, capacity })
}

fn free(block: Block) {
    let layout = layout(block.capacity).expect("the layout it was allocated with");
    // SAFETY: the block came from `allocate` with this layout, and its owner is gone.
    unsafe { dealloc(block.start.as_ptr(), layout) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_reused_and_counted() {
        let pool = Arc::new(Pool::default());
        let first = pool.take(1000).unwrap();
        let address = first.pointer();
        assert_eq!(address as usize % ALIGNMENT, 0);
        assert_eq!(pool.memory().live_bytes, 1024);
        drop(first);
        assert_eq!(pool.memory(), Memory { live_bytes: 0, peak_bytes: 1024 });
        assert_eq!(pool.take(1024).unwrap().pointer(), address);
        pool.reset_peak();
        assert_eq!(pool.memory().peak_bytes, 0);
    }

    #[test]
    fn classes_waste_at_most_a_quarter() {
        for bytes in [1, 63, 64, 65, 1000, 4097, 1_000_001, 123_456_789] {
            let class = size_class(bytes);
            assert!(class >= bytes && class.is_multiple_of(ALIGNMENT));
            assert!(class <= bytes + bytes / 4 + ALIGNMENT, "{bytes} -> {class}");
        }
    }
}
