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
