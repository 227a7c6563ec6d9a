//! Rows kernels: several reductions over a row in turn, then code for each of its elements, while the row is in the cache.
//!
//! Several rows go through the steps together, as many as fit the cache, so that code for rows runs for all of them at once.
//! Code for elements takes short rows several at a time, so that a tile is full: what is the same for a row is then repeated
//! for each of its elements. Values that later steps would take long to compute again are kept for them instead.

mod blocks;

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Access, Block, Fold, Kernel, RowStep, RowStore};
use rutile_core::shape::numel;
use rutile_core::view::{Level, View};
use smallvec::{SmallVec, smallvec};

use self::blocks::{MOST_KEPT, accumulators_of, keep_shared, results_of, store_in_last_fold};
use crate::convert;
use crate::element::register;
use crate::fold::{CARRY, Folder, MOST_AT_ONCE, folder};
use crate::loops::{Loop, Operand};
use crate::parallel;
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Frame, Launch, TILE, copy};
use crate::view::Rows as Addresses;

pub struct Rows {
    steps: Vec<Step>,
    /// Code for the elements that are stored, unless the last fold computes them on its way, and the accumulators it reads.
    each: Option<(Code, Vec<usize>)>,
    stores: Vec<Store>,
    body: Body,
    count: usize,
    len: usize,
    /// Rows that go through the steps together, and those of them that one run of code for elements takes.
    together: usize,
    in_tile: usize,
    /// Bytes of an element of each accumulator.
    accumulators: Vec<usize>,
    /// Each value that is kept for all elements.
    kept: Vec<Kept>,
    nanoseconds: f64,
}

enum Step {
    /// Of each row: the numbers of the accumulators that it fills.
    Compute {
        code: Code,
        results: Range<usize>,
    },
    Fold(FoldStep),
}

/// The code's results are values that later steps read again, those that are folded, and what is stored, if it is.
struct FoldStep {
    code: Code,
    /// Accumulators that it reads, and those that it fills.
    reads: Vec<usize>,
    results: Range<usize>,
    folders: Vec<Folder>,
    /// Bytes of an element of what is folded.
    sizes: Vec<usize>,
    kept: Range<usize>,
    stores: bool,
}

#[derive(Clone, Copy)]
struct Kept {
    /// Bytes of an element.
    size: usize,
    /// Whether it lies where the only store goes, until that overwrites it: so memory is fetched while there is much to compute.
    in_place: bool,
}

struct Store {
    arg: usize,
    value: usize,
    size: usize,
    /// Converts what registers hold to half precision.
    narrow: Option<Loop>,
    /// Where the elements go, unless it is one after the other.
    scattered: Option<Addresses>,
}

/// Most elements of the rows that are taken together, which with what is kept of them fit the second-level cache.
const MOST_ELEMENTS: usize = 1 << 13;

impl Rows {
    pub fn new(kernel: &Kernel, steps: &[RowStep], each: &Block, stores: &[RowStore]) -> Result<Rows> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        let (count, len) = (numel(&kernel.out), numel(&kernel.reduced));
        let (axes, outer): (Vec<usize>, Vec<usize>) = ((0..shape.len()).collect(), (0..kernel.out.len()).collect());
        let block_of = |step: &RowStep| match step {
            RowStep::Compute(block) => block.clone(),
            // Positions must be those of the best among what would be stored.
            RowStep::Fold { load, folds } if folds.iter().any(|fold| matches!(fold, Fold::ArgMax | Fold::ArgMin)) => {
                load.rounded()
            }
            RowStep::Fold { load, .. } => load.clone(),
        };
        let mut blocks: Vec<Block> = steps.iter().map(block_of).collect();
        let mut each = each.clone();
        let mut values: Vec<usize> = stores.iter().map(|store| store.value).collect();
        let joined = !stores.is_empty() && store_in_last_fold(steps, &mut blocks, &mut each, &mut values);
        let folds = steps.iter().zip(&mut blocks).filter(|(step, _)| matches!(step, RowStep::Fold { .. }));
        let mut of_elements: Vec<&mut Block> = folds.map(|(_, block)| block).chain([&mut each]).collect();
        let total = steps.iter().map(results_of).sum();
        keep_shared(&mut of_elements, &mut values, total, len);
        let is_half = |n: usize| convert::narrow(kernel.args[stores[n].arg].dtype).is_some();
        let is_direct = |store: &RowStore| {
            let own = View::contiguous(&shape).levels[0].strides.clone();
            own.iter().zip(&store.strides).zip(&shape).all(|((a, b), &n)| a == b || n == 1)
        };
        let in_place = |n: usize| !is_half(n) && is_direct(&stores[n]);
        let (mut accumulators, mut first, mut kept) = (Vec::new(), 0, Vec::new());
        let mut compiled = Vec::new();
        for (number, (step, block)) in steps.iter().zip(&blocks).enumerate() {
            let stores_own = joined && number + 1 == steps.len();
            let results = first..first + results_of(step);
            first = results.end;
            let size = |&value: &usize| register(block.code[value].dtype).size();
            match step {
                RowStep::Compute(_) => {
                    accumulators.extend(block.results.iter().map(size));
                    let code = Code::new(block, &block.results, &kernel.args, &kernel.out, &outer)?;
                    compiled.push(Step::Compute { code, results });
                }
                RowStep::Fold { folds, .. } => {
                    let behind = if stores_own { stores.len() } else { 0 };
                    let own = block.results.len() - folds.len() - behind;
                    let folded = own..own + folds.len();
                    let dtypes = block.results[folded.clone()].iter().map(|&value| block.code[value].dtype);
                    let dtypes: Vec<DType> = dtypes.collect();
                    let fold_size = |(fold, dtype): (&Fold, &DType)| register(fold.result(*dtype)).size();
                    accumulators.extend(folds.iter().zip(&dtypes).map(fold_size));
                    let mut code = Code::new(block, &block.results, &kernel.args, &shape, &axes)?;
                    if stores_own {
                        let first = folded.end;
                        values = (first..first + behind).collect();
                        code.keep_destinations(|n| n < own || (n >= first && in_place(n - first)));
                    }
                    compiled.push(Step::Fold(FoldStep {
                        code,
                        reads: accumulators_of(block, total),
                        folders: folds.iter().zip(&dtypes).map(|(&fold, &dtype)| folder(fold, dtype)).collect(),
                        sizes: block.results[folded].iter().map(size).collect(),
                        results,
                        kept: kept.len()..kept.len() + own,
                        stores: stores_own,
                    }));
                    kept.extend(block.results[..own].iter().map(|value| Kept { size: size(value), in_place: false }));
                }
            }
        }
        if let ([store], false) = (stores, joined) {
            let arg = &kernel.args[store.arg];
            let takes = |kept: &&mut Kept| in_place(0) && arg.access == Access::Write && kept.size == arg.dtype.size();
            kept.iter_mut().find(takes).into_iter().for_each(|kept| kept.in_place = true);
        }
        let mut each_code = if joined { None } else { Some(Code::new(&each, &values, &kernel.args, &shape, &axes)?) };
        // Code does not read where it computes what is stored.
        let is_free = !kept.iter().any(|kept| kept.in_place);
        each_code.iter_mut().for_each(|code| code.keep_destinations(|n| is_free && in_place(n)));
        let first = if joined { values[0] } else { 0 };
        let store = |(value, store): (usize, &RowStore)| {
            let dtype = kernel.args[store.arg].dtype;
            let level =
                Level { shape: shape[..].into(), strides: store.strides.clone(), offset: 0, guards: Vec::new() };
            let scattered = (!is_direct(store)).then(|| Addresses::new(&View { levels: smallvec![level] }, &axes));
            Store {
                arg: store.arg,
                value: first + value,
                size: dtype.size(),
                narrow: convert::narrow(dtype),
                scattered,
            }
        };
        let stores = stores.iter().enumerate().map(store).collect();
        let body = Body::new(kernel)?;
        let cost = |step: &Step| match step {
            Step::Compute { code, .. } => code.nanoseconds(count),
            Step::Fold(fold) => fold.code.nanoseconds(count * len),
        };
        let nanoseconds = compiled.iter().map(cost).sum::<f64>()
            + each_code.iter().map(|code| code.nanoseconds(count * len)).sum::<f64>();
        let in_tile = (TILE / len.max(1)).max(1);
        let elements = MOST_ELEMENTS.min(MOST_KEPT / 4 / kept.len().max(1));
        let together = (elements / len.max(1)).clamp(in_tile, TILE);
        Ok(Rows {
            nanoseconds: nanoseconds + body.code.nanoseconds(count) + 50.0 * count as f64,
            steps: compiled,
            each: each_code.map(|code| (code, accumulators_of(&each, total))),
            stores,
            body,
            count,
            len,
            together,
            in_tile,
            accumulators,
            kept,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.nanoseconds
    }

    pub fn run(&self, launch: Launch) {
        // Few rows are spread over the threads.
        let together = self.together.min(self.count.div_ceil(4 * parallel::threads())).max(1);
        parallel::ranges(self.count.div_ceil(together), self.nanoseconds, |blocks| {
            let mut worker = Worker::new(self);
            for block in blocks {
                let first = block * together;
                self.run_block(launch, first, together.min(self.count - first), &mut worker);
            }
        });
    }

    /// Takes some rows through all steps.
    fn run_block(&self, launch: Launch, first: usize, rows: usize, worker: &mut Worker) {
        let memory = &worker.memory;
        for (step, frame) in self.steps.iter().zip(&mut worker.frames) {
            match step {
                Step::Compute { code, results } => {
                    code.run(launch, &memory.of_rows(self), first, rows, frame, &[]);
                    for (n, result) in results.clone().enumerate() {
                        // SAFETY: the accumulator's memory holds one element for each row.
                        unsafe {
                            copy(code.result(n, frame), memory.accumulator(result), rows, self.accumulators[result])
                        };
                    }
                }
                Step::Fold(fold) => {
                    self.fold(launch, fold, first, rows, memory, frame);
                    for (n, (folder, result)) in fold.folders.iter().zip(fold.results.clone()).enumerate() {
                        // SAFETY: the memory holds a carry of each fold and an accumulator's element for each row.
                        unsafe { (folder.finish)(memory.carries(self, n), rows, memory.accumulator(result)) };
                    }
                }
            }
        }
        if let (Some((code, reads)), false) = (&self.each, self.stores.is_empty()) {
            let frame = worker.frames.last_mut().expect("a frame for the last code");
            self.pieces(code, first, rows, |piece| {
                let at = piece.at(self.len);
                let places: SmallVec<[*mut u8; 8]> = self.places(launch, at).collect();
                code.run(launch, &memory.of_elements(self, launch, reads, piece), at, piece.len, frame, &places);
                self.store_all(launch, code, at, piece.len, frame);
            });
        }
        self.body.run(launch, &memory.of_rows(self), first, rows, &mut worker.body);
    }

    /// Folds the elements of some rows into carries.
    fn fold(&self, launch: Launch, fold: &FoldStep, first: usize, rows: usize, memory: &Memory, frame: &mut Frame) {
        let FoldStep { code, reads, folders, sizes, kept, stores, .. } = fold;
        let carries = |n: usize| memory.carries(self, n);
        for (n, folder) in folders.iter().enumerate() {
            // SAFETY: the memory holds a carry of each fold for each row.
            unsafe { (folder.begin)(carries(n), rows) };
        }
        if kept.is_empty()
            && !stores
            && self.len <= MOST_AT_ONCE
            && let Some(values) = code.loaded(launch, first * self.len, rows * self.len)
        {
            for (n, folder) in folders.iter().enumerate() {
                // SAFETY: the rows lie there; carries as above.
                unsafe { (folder.rows)(values, self.len, 0, carries(n), rows) };
            }
            return;
        }
        self.pieces(code, first, rows, |piece| {
            let (at, len) = (piece.at(self.len), piece.len);
            let mut places: SmallVec<[*mut u8; 8]> =
                kept.clone().map(|n| memory.kept(self, launch, n, piece)).collect();
            if *stores {
                // What is folded has no place.
                places.resize(kept.len() + folders.len(), std::ptr::null_mut());
                places.extend(self.places(launch, at));
            }
            code.run(launch, &memory.of_elements(self, launch, reads, piece), at, len, frame, &places);
            for (n, &to) in places[..kept.len()].iter().enumerate() {
                // SAFETY: the memory holds the value for all elements of the rows.
                unsafe { copy(code.result(n, frame), to, len, self.kept[kept.start + n].size) };
            }
            for (n, folder) in folders.iter().enumerate() {
                let values = code.values(kept.len() + n, len, sizes[n], frame);
                let carries = carries(n).wrapping_add(piece.row * folder.carry);
                // SAFETY: the run gave that many values; carries as above.
                unsafe { (folder.rows)(values, len / piece.count, piece.start, carries, piece.count) };
            }
            if *stores {
                self.store_all(launch, code, at, len, frame);
            }
        });
    }

    /// Calls `evaluate` with the pieces that the rows from `first` on, which are taken together, are computed in.
    fn pieces(&self, code: &Code, first: usize, rows: usize, mut evaluate: impl FnMut(Piece)) {
        for row in (0..rows).step_by(self.in_tile) {
            let count = self.in_tile.min(rows - row);
            if self.len <= TILE {
                evaluate(Piece { first, row, count, start: 0, len: count * self.len });
                continue;
            }
            let tiling = code.tiling_of(self.len);
            for number in 0..tiling.count() {
                let (start, len) = tiling.tile(number);
                evaluate(Piece { first, row, count, start, len });
            }
        }
    }

    /// Where the element `at` of each stored value goes, if they lie one after the other.
    fn places(&self, launch: Launch, at: usize) -> impl Iterator<Item = *mut u8> {
        self.stores.iter().map(move |store| launch.buffers[store.arg].wrapping_add(at * store.size))
    }

    /// Writes the elements `at..at + len` that the code has computed to where they belong.
    fn store_all(&self, launch: Launch, code: &Code, at: usize, len: usize, frame: &Frame) {
        for (store, place) in self.stores.iter().zip(self.places(launch, at)) {
            // SAFETY: the value has `len` elements, whose places in the argument belong to these rows alone.
            unsafe { self.store(launch, store, code.result(store.value, frame), place, at, len) };
        }
    }

    /// Writes a value's elements `at..at + len` to where they belong.
    ///
    /// # Safety
    /// The operand must have `len` elements, and their places in the argument must belong to the caller.
    unsafe fn store(&self, launch: Launch, store: &Store, mut operand: Operand, place: *mut u8, at: usize, len: usize) {
        let Some(addresses) = &store.scattered else {
            // SAFETY: the caller's contract.
            unsafe {
                if let Some(narrow) = store.narrow {
                    narrow(&[operand; 3], place, if operand.uniform { 1 } else { len });
                    operand.pointer = place;
                }
                return copy(operand, place, len, store.size);
            }
        };
        let mut narrowed = [0u16; TILE];
        if let Some(narrow) = store.narrow {
            // SAFETY: a range is at most a tile.
            unsafe { narrow(&[operand; 3], narrowed.as_mut_ptr().cast(), if operand.uniform { 1 } else { len }) };
            operand.pointer = narrowed.as_ptr().cast();
        }
        let to = launch.buffers[store.arg];
        // SAFETY: the caller's contract.
        unsafe {
            match store.size {
                1 => scatter::<u8>(operand, addresses, at, len, to.cast()),
                2 => scatter::<u16>(operand, addresses, at, len, to.cast()),
                4 => scatter::<u32>(operand, addresses, at, len, to.cast()),
                _ => scatter::<u64>(operand, addresses, at, len, to.cast()),
            }
        }
    }
}

/// Writes elements to the addresses of a view's range.
///
/// # Safety
/// The operand must hold `len` elements, and the addresses must be writable.
unsafe fn scatter<T: Copy>(operand: Operand, addresses: &Addresses, at: usize, len: usize, to: *mut T) {
    let from = operand.pointer.cast::<T>();
    addresses.runs(at, len, &mut |run| {
        let out = to.wrapping_offset(run.address as isize);
        for i in 0..run.count {
            let element = if operand.uniform { 0 } else { run.at + i * run.spacing };
            // SAFETY: the caller's contract.
            unsafe { *out.wrapping_offset(run.step as isize * i as isize) = *from.add(element) };
        }
    });
}

/// What one run of code for elements computes of the rows that are taken together.
#[derive(Clone, Copy)]
struct Piece {
    /// The first of the rows that are taken together.
    first: usize,
    /// The first of its own rows, counted from there, and how many.
    row: usize,
    count: usize,
    /// Elements: the first one's place in its row, and how many. Several rows are whole.
    start: usize,
    len: usize,
}

impl Piece {
    /// The number of its first element, in rows of `len` elements.
    fn at(self, len: usize) -> usize {
        (self.first + self.row) * len + self.start
    }
}

/// A thread's registers and working memory.
struct Worker {
    frames: Vec<Frame>,
    body: Frame,
    memory: Memory,
}

/// Where a block's accumulators and kept values lie.
struct Memory {
    _scratch: Scratch,
    accumulators: *mut u8,
    spread: *mut u8,
    kept: *mut u8,
    carries: *mut u8,
    kept_stride: usize,
    accumulator_stride: usize,
}

impl Worker {
    fn new(rows: &Rows) -> Worker {
        let code = |step: &Step| match step {
            Step::Compute { code, .. } => code.frame(),
            Step::Fold(fold) => fold.code.frame(),
        };
        let frames = rows.steps.iter().map(code).chain(rows.each.iter().map(|(code, _)| code.frame())).collect();
        let count = rows.accumulators.len();
        let accumulator_stride = (rows.together * 8).next_multiple_of(64);
        let spread = if rows.in_tile > 1 { count * TILE * 8 } else { 0 };
        let kept_stride = (rows.together * rows.len * 8).next_multiple_of(64);
        let folds = rows.steps.iter().map(|step| match step {
            Step::Fold(fold) => fold.folders.len(),
            Step::Compute { .. } => 0,
        });
        let carries = folds.max().unwrap_or(0) * rows.together * CARRY;
        let parts = [count * accumulator_stride, spread, rows.kept.len() * kept_stride, carries];
        let mut scratch = Scratch::take(parts.iter().sum());
        let mut start = scratch.pointer();
        let [accumulators, spread, kept, carries] = parts.map(|bytes| {
            let own = start;
            start = start.wrapping_add(bytes);
            own
        });
        let memory = Memory { _scratch: scratch, accumulators, spread, kept, carries, kept_stride, accumulator_stride };
        Worker { frames, body: rows.body.code.frame(), memory }
    }
}

impl Memory {
    /// An accumulator's elements, one for each row.
    fn accumulator(&self, n: usize) -> *mut u8 {
        self.accumulators.wrapping_add(n * self.accumulator_stride)
    }

    /// A fold's carries, one for each row.
    fn carries(&self, rows: &Rows, n: usize) -> *mut u8 {
        self.carries.wrapping_add(n * rows.together * CARRY)
    }

    /// A kept value's elements in a piece.
    fn kept(&self, rows: &Rows, launch: Launch, n: usize, piece: Piece) -> *mut u8 {
        let Kept { size, in_place } = rows.kept[n];
        match in_place {
            true => launch.buffers[rows.stores[0].arg].wrapping_add(piece.at(rows.len) * size),
            false => self.kept.wrapping_add(n * self.kept_stride + Piece { first: 0, ..piece }.at(rows.len) * size),
        }
    }

    /// The accumulators as code for rows reads them.
    fn of_rows(&self, rows: &Rows) -> SmallVec<[Operand; 8]> {
        let operand = |n| Operand { pointer: self.accumulator(n), uniform: false };
        (0..rows.accumulators.len()).map(operand).collect()
    }

    /// The accumulators and kept values as code for elements reads them, of which it `reads` some.
    fn of_elements(&self, rows: &Rows, launch: Launch, reads: &[usize], piece: Piece) -> SmallVec<[Operand; 8]> {
        let Piece { row, count, .. } = piece;
        let own = |n: usize| self.accumulator(n).wrapping_add(row * rows.accumulators[n]);
        let spread = |n: usize| self.spread.wrapping_add(n * TILE * 8);
        if count > 1 {
            for &n in reads {
                let size = rows.accumulators[n];
                for row in 0..count {
                    let from = Operand { pointer: own(n).wrapping_add(row * size), uniform: true };
                    // SAFETY: the rows of a piece fill at most a tile.
                    unsafe { copy(from, spread(n).wrapping_add(row * rows.len * size), rows.len, size) };
                }
            }
        }
        let accumulator = |n: usize| match count {
            1 => Operand { pointer: own(n), uniform: true },
            _ => Operand { pointer: spread(n), uniform: false },
        };
        let kept = |n| Operand { pointer: self.kept(rows, launch, n, piece), uniform: false };
        (0..rows.accumulators.len()).map(accumulator).chain((0..rows.kept.len()).map(kept)).collect()
    }
}
