//! Memory of tensors and programs: aligned blocks, kept for reuse when their holder drops them.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex};

use rutile_core::backend::Memory;
use rutile_core::error::{Error, ErrorKind, Result};

/// Alignment of every block, in bytes: a cache line, and the widest vector.
pub const ALIGNMENT: usize = 64;

/// Idle blocks may take this much beyond a quarter of the peak use.
const SPARE_BYTES: u64 = 256 << 20;

/// Working memory of which so many runs in a row needed less than half is given back to the system.
const MOST_SMALL_RUNS: usize = 64;

/// Gives out blocks in size classes and takes them back.
#[derive(Default)]
pub struct Pool {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By capacity, and by the number that a block had when it came back.
    idle: BTreeMap<(usize, u64), Block>,
    /// The capacity of each idle block by that number: those that have lain longest come first.
    ages: BTreeMap<u64, usize>,
    returned: u64,
    idle_bytes: u64,
    /// What serves the runs of all plans one after the other; several if they run at the same time.
    working: Vec<Working>,
    memory: Memory,
}

/// A block of initialised bytes that belongs to a pool.
pub struct Buffer {
    block: Block,
    pool: Arc<Pool>,
}

/// A run's working memory, of unspecified content.
pub struct WorkingMemory {
    working: Working,
    /// What the run needs of it.
    bytes: u64,
    pool: Arc<Pool>,
}

#[derive(Clone, Copy)]
struct Working {
    block: Block,
    /// How many runs in a row have needed less than half of it.
    small_runs: usize,
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
        let block = match state.take_idle(capacity) {
            Some(block) => block,
            None => allocate(capacity)?,
        };
        state.count(block.capacity as u64);
        Ok(Buffer { block, pool: self.clone() })
    }

    /// At least `bytes` bytes for a run, which the next run gets again.
    pub fn take_working(self: &Arc<Pool>, bytes: usize) -> Result<WorkingMemory> {
        let mut state = self.state.lock().expect("no panic while locked");
        let mut working = state.working.pop();
        if let Some(last) = &mut working {
            last.small_runs = if last.block.capacity / 2 > bytes { last.small_runs + 1 } else { 0 };
            if last.block.capacity < bytes || last.small_runs > MOST_SMALL_RUNS {
                free(last.block);
                working = None;
            }
        }
        let working = match working {
            Some(working) => working,
            None => Working { block: allocate(bytes.next_multiple_of(ALIGNMENT))?, small_runs: 0 },
        };
        state.count(bytes as u64);
        Ok(WorkingMemory { working, bytes: bytes as u64, pool: self.clone() })
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
        state.memory.live_bytes -= block.capacity as u64;
        state.idle_bytes += block.capacity as u64;
        let number = state.returned;
        state.returned += 1;
        state.idle.insert((block.capacity, number), block);
        state.ages.insert(number, block.capacity);
        state.free_oldest();
    }
}

impl State {
    /// The smallest idle block that serves, if it wastes at most a quarter.
    fn take_idle(&mut self, capacity: usize) -> Option<Block> {
        let (&(found, _), _) = self.idle.range((capacity, 0)..=(capacity / 4 * 5, u64::MAX)).next()?;
        // Of one class the block that came back last: it may still be in a cache.
        let (&(_, number), _) = self.idle.range((found, 0)..=(found, u64::MAX)).next_back()?;
        self.remove_idle(found, number)
    }

    fn remove_idle(&mut self, capacity: usize, number: u64) -> Option<Block> {
        self.ages.remove(&number);
        self.idle_bytes -= capacity as u64;
        self.idle.remove(&(capacity, number))
    }

    /// Frees what has lain idle longest until the rest is within what the pool may hold.
    fn free_oldest(&mut self) {
        let limit = self.memory.peak_bytes / 4 * 5 + SPARE_BYTES;
        while self.memory.live_bytes + self.idle_bytes > limit {
            let Some((&number, &capacity)) = self.ages.first_key_value() else { return };
            self.remove_idle(capacity, number).into_iter().for_each(free);
        }
    }

    fn count(&mut self, bytes: u64) {
        self.memory.live_bytes += bytes;
        self.memory.peak_bytes = self.memory.peak_bytes.max(self.memory.live_bytes);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let state = self.state.get_mut().expect("no panic while locked");
        std::mem::take(&mut state.idle).into_values().for_each(free);
        state.working.drain(..).for_each(|working| free(working.block));
    }
}

impl WorkingMemory {
    pub fn pointer(&self) -> *mut u8 {
        self.working.block.start.as_ptr()
    }
}

impl Drop for WorkingMemory {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock().expect("no panic while locked");
        state.memory.live_bytes -= self.bytes;
        state.working.push(self.working);
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

/// Rounds up so that a class wastes at most a sixteenth: 16 classes per power of two.
fn size_class(bytes: usize) -> usize {
    let bytes = bytes.max(ALIGNMENT);
    let step = (bytes.next_power_of_two() / 32).max(ALIGNMENT);
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
        for (bytes, reused) in [(1024, true), (850, true), (750, false), (1025, false)] {
            let next = pool.take(bytes).unwrap();
            assert_eq!(next.pointer() == address, reused, "{bytes}");
        }
        pool.reset_peak();
        assert_eq!(pool.memory().peak_bytes, 0);
    }

    #[test]
    fn what_lies_longest_makes_room_for_what_came_back_last() {
        let pool = Arc::new(Pool::default());
        let limit = |peak: usize| peak / 4 * 5 + SPARE_BYTES as usize;
        let first = SPARE_BYTES as usize / 4;
        // More of ever larger blocks than the pool may hold together, each used once.
        let sizes: Vec<usize> = (0..12).map(|n| size_class(first + (n << 23))).collect();
        for &bytes in &sizes {
            drop(pool.take(bytes).unwrap());
            let peak = pool.memory().peak_bytes as usize;
            let idle = pool.state.lock().unwrap().idle_bytes as usize;
            assert!((bytes..=limit(peak)).contains(&idle), "{idle} after {bytes}");
        }
        let state = pool.state.lock().unwrap();
        assert_eq!(state.idle.len(), state.ages.len());
        assert!(state.idle.len() < sizes.len());
        assert_eq!(state.ages.last_key_value().map(|(_, &capacity)| capacity), sizes.last().copied());
    }

    #[test]
    fn runs_one_after_the_other_share_working_memory() {
        let pool = Arc::new(Pool::default());
        let take = |bytes| pool.take_working(bytes).unwrap();
        let first = take(4096);
        let beside = take(4096);
        assert_ne!(first.pointer(), beside.pointer());
        assert_eq!(pool.memory().live_bytes, 8192);
        drop(beside);
        let address = first.pointer();
        drop(first);
        assert_eq!(pool.memory(), Memory { live_bytes: 0, peak_bytes: 8192 });
        assert_eq!(take(64).pointer(), address);
        let capacity = |bytes| take(bytes).working.block.capacity;
        assert_eq!(capacity(1 << 20), 1 << 20, "it grows");
        assert!((0..MOST_SMALL_RUNS).all(|_| capacity(64) == 1 << 20));
        assert_eq!(capacity(64), 64, "nobody needs so much any more");
    }

    #[test]
    fn classes_waste_at_most_a_sixteenth() {
        for bytes in [1, 63, 64, 65, 1000, 4097, 1_000_001, 123_456_789] {
            let class = size_class(bytes);
            assert!(class >= bytes && class.is_multiple_of(ALIGNMENT));
            assert!(class <= bytes + bytes / 16 + ALIGNMENT, "{bytes} -> {class}");
        }
    }
}
