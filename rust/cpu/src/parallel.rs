//! When work goes to other threads.

use rayon::prelude::*;

/// Work below this many nanoseconds stays on its thread.
const GRAIN: f64 = 10_000.0;
/// Work below this many is not worth waking the threads for.
const COLD: f64 = 40_000.0;

pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// True if work of `nanoseconds` in all is worth entering the thread pool for.
pub fn worth_entering(nanoseconds: f64) -> bool {
    nanoseconds >= COLD && threads() > 1
}

/// True if a whole of `nanoseconds` is worth sharing among threads that have woken.
pub fn worth_sharing(nanoseconds: f64) -> bool {
    nanoseconds >= 2.0 * GRAIN && threads() > 1
}

/// Calls `work` with consecutive ranges that cover `0..count`: one range, or several in parallel, by the whole's cost. Outside
/// the thread pool all stays on the thread: who called has found that it isn't worth entering.
pub fn ranges(count: usize, nanoseconds: f64, work: impl Fn(std::ops::Range<usize>) + Sync) {
    let shares = worth_sharing(nanoseconds) && rayon::current_thread_index().is_some();
    let most = if shares { (nanoseconds / GRAIN) as usize } else { 1 };
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
