//! Working memory of threads: taken and given back like a stack, so that a thread which steals work inside a kernel
//! finds memory of its own, and a steady state allocates nothing.

use std::cell::RefCell;

#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Line([u8; 64]);

thread_local! {
    static IDLE: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// Initialised, 64-byte-aligned bytes; goes back to its thread when dropped.
pub struct Scratch {
    lines: Vec<Line>,
}

impl Scratch {
    /// At least `bytes` bytes of unspecified content.
    pub fn take(bytes: usize) -> Scratch {
        let count = bytes.div_ceil(64);
        // The smallest idle block that is large enough, else the largest one, grown.
        let idle = IDLE.with_borrow_mut(|idle| {
            let fits = (0..idle.len()).filter(|&i| idle[i].len() >= count).min_by_key(|&i| idle[i].len());
            let chosen = fits.or_else(|| (0..idle.len()).max_by_key(|&i| idle[i].len()));
            chosen.map(|i| idle.swap_remove(i))
        });
        let lines = match idle {
            Some(lines) if lines.len() >= count => lines,
            // Freed before there is another, of just the size that is needed.
            smaller => {
                drop(smaller);
                vec![Line([0; 64]); count]
            }
        };
        Scratch { lines }
    }

    /// Sets all of it to zero.
    pub fn clear(&mut self) {
        self.lines.fill(Line([0; 64]));
    }

    pub fn pointer(&mut self) -> *mut u8 {
        self.lines.as_mut_ptr().cast()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        // A thread that is ending has no list any more: the memory is then simply freed.
        let _ = IDLE.try_with(|idle| idle.borrow_mut().push(lines));
    }
}
