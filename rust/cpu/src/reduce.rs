//! Reductions: tiles of the reduced space are folded into carries, and the body runs on the results.
//!
//! The iteration space is either `out ++ reduced` (rows: a result's elements lie beside each other) or `reduced ++ out`
//! (columns: neighbouring results' elements do). Few results with much to reduce are split along the reduction, by sizes
//! alone: the same bits come out for any number of threads.

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Fold, Kernel};
use rutile_core::shape::numel;
use smallvec::SmallVec;

use crate::element::register;
use crate::fold::{CARRY, COLUMN_ROWS, Folder, MOST_AT_ONCE, folder};
use crate::loops::Operand;
use crate::parallel::{self, Shared};
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Frame, Launch, TILE, Tiling};

/// Elements of the reduction that a part has at least, where it is split.
const SPLIT_ELEMENTS: usize = 1 << 16;
const MOST_SPLITS: usize = 64;
/// Most results whose elements lie side by side that are worked on together: rows are read from end to end.
const MOST_COLUMNS: usize = 4 * TILE;

pub struct Reduce {
    load: Code,
    folders: Vec<Folder>,
    /// Bytes of an element of what is folded, and of what that gives.
    sizes: Vec<usize>,
    result_sizes: Vec<usize>,
    body: Body,
    columns: bool,
    results: usize,
    reduced: usize,
    /// Results that are worked on together, and parts that the reduction is split into.
    block: usize,
    splits: usize,
}

impl Reduce {
    pub fn new(kernel: &Kernel, load: &Block, folds: &[Fold]) -> Result<Reduce> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        // Positions must be those of the best among what would be stored.
        let load = match folds.iter().any(|fold| matches!(fold, Fold::ArgMax | Fold::ArgMin)) {
            true => &load.rounded(),
            false => load,
        };
        let (outer, all) = (kernel.out.len(), shape.len());
        let row_order: Vec<usize> = (0..all).collect();
        let column_order: Vec<usize> = (outer..all).chain(0..outer).collect();
        let compile = |axes: &[usize]| Code::new(load, &load.results, &kernel.args, &shape, axes);
        let (rows, columns) = (compile(&row_order)?, compile(&column_order)?);
        let use_columns = prefers_columns(&rows, &columns, numel(&kernel.reduced));
        let dtype_of = |&result: &usize| load.code[result].dtype;
        let dtypes: Vec<DType> = load.results.iter().map(dtype_of).collect();
        let folders = folds.iter().zip(&dtypes).map(|(&fold, &dtype)| folder(fold, dtype)).collect();
        let (results, reduced) = (numel(&kernel.out), numel(&kernel.reduced));
        let block = if use_columns { results.min(MOST_COLUMNS) } else { (16 * TILE / reduced.max(1)).clamp(1, TILE) };
        let blocks = results.div_ceil(block.max(1));
        let parts = results.saturating_mul(reduced) / SPLIT_ELEMENTS / blocks.max(1);
        let splits = if blocks >= 16 { 1 } else { parts.min(MOST_SPLITS).min(reduced / 2).max(1) };
        Ok(Reduce {
            load: if use_columns { columns } else { rows },
            folders,
            sizes: dtypes.iter().map(|&dtype| register(dtype).size()).collect(),
            result_sizes: folds.iter().zip(&dtypes).map(|(fold, &dtype)| register(fold.result(dtype)).size()).collect(),
            body: Body::new(kernel)?,
            columns: use_columns,
            results,
            reduced,
            block: block.max(1),
            splits,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.load.nanoseconds(self.results * self.reduced) + self.body.code.nanoseconds(self.results)
    }

    pub fn run(&self, launch: Launch) {
        if self.splits == 1 { self.run_whole(launch) } else { self.run_split(launch) }
    }

    fn run_whole(&self, launch: Launch) {
        parallel::ranges(self.results.div_ceil(self.block), self.nanoseconds(), |blocks| {
            let mut scratch = Scratch::take(self.block * self.folders.len() * CARRY);
            let carries = scratch.pointer();
            let (mut frame, mut body) = (self.load.frame(), self.body.code.frame());
            for number in blocks {
                let range = self.results_of(number);
                // SAFETY: the scratch holds a block's carries of all folds and belongs to this call alone.
                unsafe {
                    self.fold(launch, range.clone(), 0..self.reduced, carries, &mut frame);
                    self.finish(launch, range, carries, &mut body);
                }
            }
        });
    }

    fn run_split(&self, launch: Launch) {
        let blocks = self.results.div_ceil(self.block);
        let stride = self.block * self.folders.len() * CARRY;
        let mut scratch = Scratch::take(blocks * self.splits * stride);
        let shared = Shared(scratch.pointer());
        let part = |block: usize, split: usize| shared.at(0).wrapping_add((block * self.splits + split) * stride);
        parallel::ranges(blocks * self.splits, self.nanoseconds(), |tasks| {
            let mut frame = self.load.frame();
            for task in tasks {
                let (block, split) = (task / self.splits, task % self.splits);
                let bound = |split: usize| split * self.reduced / self.splits;
                let range = bound(split)..bound(split + 1);
                // SAFETY: the scratch holds carries for each block and part, each of which one task fills.
                unsafe { self.fold(launch, self.results_of(block), range, part(block, split), &mut frame) };
            }
        });
        let mut frame = self.body.code.frame();
        for block in 0..blocks {
            let range = self.results_of(block);
            let total = part(block, 0);
            for split in 1..self.splits {
                let later = part(block, split);
                for (n, folder) in self.folders.iter().enumerate() {
                    let of_fold = |carries: *mut u8| carries.wrapping_add(n * range.len() * CARRY);
                    // SAFETY: both parts hold a carry of each fold for each result of the block.
                    unsafe { (folder.merge)(of_fold(total), of_fold(later), range.len()) };
                }
            }
            // SAFETY: as above.
            unsafe { self.finish(launch, range, total, &mut frame) };
        }
    }

    fn results_of(&self, block: usize) -> Range<usize> {
        block * self.block..((block + 1) * self.block).min(self.results)
    }

    /// Folds a part of the reduction for some results; `carries` holds those of fold 0, then those of fold 1, …
    ///
    /// # Safety
    /// `carries` must be writable for CARRY bytes for each result and fold.
    unsafe fn fold(
        &self,
        launch: Launch,
        results: Range<usize>,
        part: Range<usize>,
        carries: *mut u8,
        frame: &mut Frame,
    ) {
        for (n, folder) in self.folders.iter().enumerate() {
            // SAFETY: the caller's contract.
            unsafe { (folder.begin)(carries.wrapping_add(n * results.len() * CARRY), results.len()) };
        }
        if part.is_empty() {
        } else if self.columns {
            self.fold_columns(launch, results, part, carries, frame)
        } else {
            self.fold_rows(launch, results, part, carries, frame)
        }
    }

    fn fold_rows(
        &self,
        launch: Launch,
        results: Range<usize>,
        part: Range<usize>,
        carries: *mut u8,
        frame: &mut Frame,
    ) {
        let count = results.len();
        let fold = |n: usize, values: *const u8, result: usize, rows: usize, first: usize, len: usize| {
            let folder = &self.folders[n];
            let carries = carries.wrapping_add(n * count * CARRY + result * folder.carry);
            // SAFETY: the callers have that many values, and the carries are there by the caller's contract.
            unsafe { (folder.rows)(values, len, first, carries, rows) };
        };
        let place = |result: usize, first: usize| (results.start + result) * self.reduced + first;
        if part.len() == self.reduced
            && self.reduced <= MOST_AT_ONCE
            && let Some(values) = self.load.loaded(launch, place(0, 0), count * self.reduced)
        {
            return (0..self.folders.len()).for_each(|n| fold(n, values, 0, count, 0, self.reduced));
        }
        let mut evaluate = |result: usize, rows: usize, first: usize, len: usize| {
            self.load.run(launch, &[], place(result, first), rows * len, frame, &[]);
            for n in 0..self.folders.len() {
                fold(n, self.load.values(n, rows * len, self.sizes[n], frame), result, rows, first, len);
            }
        };
        if part.len() == self.reduced && self.reduced <= TILE / 2 {
            let together = TILE / self.reduced;
            for result in (0..count).step_by(together) {
                evaluate(result, together.min(count - result), 0, self.reduced);
            }
            return;
        }
        let tiling = self.load.tiling_of(self.reduced);
        for result in 0..count {
            if let Some(values) = self.load.loaded(launch, place(result, part.start), part.len()) {
                for first in part.clone().step_by(MOST_AT_ONCE) {
                    let len = MOST_AT_ONCE.min(part.end - first);
                    let own = |n: usize| values.wrapping_add((first - part.start) * self.sizes[n]);
                    (0..self.folders.len()).for_each(|n| fold(n, own(n), result, 1, first, len));
                }
                continue;
            }
            for (first, len) in pieces(tiling, &part) {
                evaluate(result, 1, first, len);
            }
        }
    }

    fn fold_columns(
        &self,
        launch: Launch,
        results: Range<usize>,
        part: Range<usize>,
        carries: *mut u8,
        frame: &mut Frame,
    ) {
        let count = results.len();
        // Rows that one run computes, runs whose rows are folded at once, and pieces that long rows are computed in.
        let together = if count == self.results { (TILE / count).max(1) } else { 1 };
        let runs = COLUMN_ROWS.div_ceil(together);
        let pieces = count.div_ceil(TILE);
        let folds = self.folders.len();
        let mut scratch = Scratch::take(runs * folds * TILE * 8);
        let memory = scratch.pointer();
        let place = |run: usize, n: usize| memory.wrapping_add((run * folds + n) * TILE * 8);
        let mut values: SmallVec<[*const u8; COLUMN_ROWS]> = SmallVec::new();
        for first in part.clone().step_by(runs * together) {
            let end = (first + runs * together).min(part.end);
            for piece in 0..pieces {
                let (skipped, width) = (piece * TILE, (count - piece * TILE).min(TILE));
                values.clear();
                for (run, position) in (first..end).step_by(together).enumerate() {
                    let (start, len) =
                        (position * self.results + results.start + skipped, together.min(end - position) * width);
                    if let Some(loaded) = self.load.loaded(launch, start, len) {
                        values.extend((0..folds).map(|_| loaded));
                        continue;
                    }
                    let destinations: SmallVec<[*mut u8; 4]> = (0..folds).map(|n| place(run, n)).collect();
                    self.load.run(launch, &[], start, len, frame, &destinations);
                    // SAFETY: each destination has room for a tile, and this call's alone.
                    let keep = |n: usize| unsafe { self.load.keep(n, len, self.sizes[n], frame, destinations[n]) };
                    values.extend((0..folds).map(keep));
                }
                for (n, folder) in self.folders.iter().enumerate() {
                    let row = |position: usize| {
                        let run = values[(position - first) / together * folds + n];
                        run.wrapping_add((position - first) % together * width * self.sizes[n])
                    };
                    let carries = carries.wrapping_add(n * count * CARRY + skipped * folder.carry);
                    for start in (first..end).step_by(COLUMN_ROWS) {
                        let rows: SmallVec<[*const u8; COLUMN_ROWS]> =
                            (start..(start + COLUMN_ROWS).min(end)).map(row).collect();
                        // SAFETY: each row has `width` values, and the carries are there by the caller's contract.
                        unsafe { (folder.columns)(&rows, start, carries, width) };
                    }
                }
            }
        }
    }

    /// # Safety
    /// `carries` must be readable for CARRY bytes for each result and fold.
    unsafe fn finish(&self, launch: Launch, results: Range<usize>, carries: *const u8, frame: &mut Frame) {
        let count = results.len();
        let mut scratch = Scratch::take(self.folders.len() * count * 8);
        let mut operands: SmallVec<[Operand; 4]> = SmallVec::new();
        for (n, folder) in self.folders.iter().enumerate() {
            let out = scratch.pointer().wrapping_add(n * count * 8);
            // SAFETY: the scratch holds `count` results of at most 8 bytes for each fold.
            unsafe { (folder.finish)(carries.wrapping_add(n * count * CARRY), count, out) };
            operands.push(Operand { pointer: out, uniform: false });
        }
        for start in (0..count).step_by(TILE) {
            let part = |(n, operand): (usize, &Operand)| {
                let size = self.result_sizes[n];
                Operand { pointer: operand.pointer.wrapping_add(start * size), ..*operand }
            };
            let operands: SmallVec<[Operand; 4]> = operands.iter().enumerate().map(part).collect();
            self.body.run(launch, &operands, results.start + start, TILE.min(count - start), frame);
        }
    }
}

/// Columns if neighbouring results are nearer in memory than the elements of one result, or if its runs are very short. What
/// is the same for all of a run costs neither order anything.
fn prefers_columns(rows: &Code, columns: &Code, reduced: usize) -> bool {
    const SHORT: usize = 8;
    if rows.total() == reduced {
        return false;
    }
    let good = |code: &Code| {
        let useful = |(step, row): &(Option<i64>, usize)| matches!(step, Some(0 | 1)) && *row >= SHORT;
        code.innermost_steps().filter(useful).count()
    };
    match (good(rows), good(columns)) {
        (0, 0) => reduced < 64,
        (in_rows, in_columns) => in_columns > in_rows,
    }
}

/// The tiles of `0..total` that lie in `part`, cut at its ends.
fn pieces(tiling: Tiling, part: &Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let (begin, end) = (part.start, part.end);
    let first = tiling.number_of(begin);
    (first..tiling.count()).map(move |number| tiling.tile(number)).take_while(move |(start, _)| *start < end).map(
        move |(start, len)| {
            let (low, high) = (start.max(begin), (start + len).min(end));
            (low, high - low)
        },
    )
}
