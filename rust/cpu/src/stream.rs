//! Stores that go past the caches. Results larger than they are would push out what is still needed there, and each line of them
//! would be read before it is overwritten.

/// Bytes of results from which a kernel stores past the caches.
pub const LARGE: usize = 1 << 25;

/// Copies bytes that [`finish`] makes visible to other threads.
///
/// # Safety
/// `from` must be readable, `to` writable for so many bytes, and both apart.
pub unsafe fn copy(from: *const u8, to: *mut u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    if (to as usize).is_multiple_of(16) {
        use std::arch::x86_64::{_mm_loadu_si128, _mm_stream_si128};
        let whole = bytes / 16 * 16;
        // SAFETY: the caller's contract; `to` is aligned.
        unsafe {
            for at in (0..whole).step_by(16) {
                _mm_stream_si128(to.add(at).cast(), _mm_loadu_si128(from.add(at).cast()));
            }
            std::ptr::copy_nonoverlapping(from.add(whole), to.add(whole), bytes - whole);
        }
        return;
    }
    // SAFETY: the caller's contract.
    unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) }
}

/// To be called on each thread that has stored, before others read.
pub fn finish() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 processor has the instruction.
    unsafe {
        std::arch::x86_64::_mm_sfence()
    }
}

/// Lets bytes come to the first-level cache.
pub fn fetch(start: *const u8, bytes: usize) {
    for at in (0..bytes).step_by(64) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: fetching does nothing but that, whatever the address.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(at).cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (start, at);
    }
}

/// The bytes that follow some others, to be fetched part by part while there is something else to do.
pub struct Early {
    next: *const u8,
    end: *const u8,
    part: usize,
}

impl Early {
    /// As many bytes as there are at `start`, which lie behind them, in so many parts.
    pub fn new(start: *const u8, bytes: usize, parts: usize) -> Early {
        let part = bytes.div_ceil(parts.max(1)).next_multiple_of(64);
        Early { next: start.wrapping_add(bytes), end: start.wrapping_add(2 * bytes), part }
    }

    pub fn fetch(&mut self) {
        let part = (self.end as usize).saturating_sub(self.next as usize).min(self.part);
        fetch(self.next, part);
        self.next = self.next.wrapping_add(part);
    }
}
