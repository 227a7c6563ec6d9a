//! When work goes to other threads.

use rayon::prelude::*;

/// Work below this many nanoseconds stays on its thread.
const GRAIN: f64 = 20_000.0;

pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// True if a whole of `nanoseconds` is worth sharing.
pub fn worth_sharing(nanoseconds: f64) -> bool {
    nanoseconds >= 2.0 * GRAIN && threads() > 1
}

/// Calls `work` with consecutive ranges that cover `0..count`: one range, or several in parallel, by the whole's cost.
pub fn ranges(count: usize, nanoseconds: f64, work: impl Fn(std::ops::Range<usize>) + Sync) {
    let most = if worth_sharing(nanoseconds) { (nanoseconds / GRAIN) as usize } else { 1 };
    let pieces = most.min(threads() * 4).min(count).max(1);
    if pieces == 1 {
        return work(0..count);
    }
    let bound = |piece: usize| piece * count / pieces;
    (0..pieces).into_par_iter().with_max_len(1).for_each(|piece| work(bound(piece)..bound(piece + 1)));
}

/// Calls `work` with a part of `0..rows` on each thread.
pub fn strips(rows: usize, work: impl Fn(std::ops::Range<usize>) + Sync) {
    let bound = |strip: usize| strip * rows / threads();
    (0..threads()).into_par_iter().with_max_len(1).for_each(|strip| work(bound(strip)..bound(strip + 1)));
}

/// Memory that tasks share, each with a part of its own.
#[derive(Clone, Copy)]
pub struct Shared<T>(pub *mut T);

// SAFETY: tasks write disjoint parts, and read what is complete.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub fn at(&self, element: usize) -> *mut T {
        self.0.wrapping_add(element)
    }
}
