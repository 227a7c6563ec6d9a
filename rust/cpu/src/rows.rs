//! Rows kernels: several reductions over a row in turn, then code for each of its elements, while the row is in the cache.
//!
//! Short rows are taken several at a time, so that a tile is full: what is the same for a row is then repeated for each of its
//! elements. Costly values that a later step computes again are kept for the length of the row instead.

use std::ops::Range;

use rustc_hash::FxHashMap;
use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Fold, Instruction, Kernel, RowStep, RowStore, Value};
use rutile_core::shape::numel;
use rutile_core::view::{Level, View};
use smallvec::{SmallVec, smallvec};

use crate::convert;
use crate::element::register;
use crate::fold::{CARRY, Folder, folder};
use crate::loops::{Loop, Operand};
use crate::parallel;
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Frame, Launch, TILE, copy};
use crate::view::Rows as Addresses;

pub struct Rows {
    steps: Vec<Step>,
    /// Code for the elements that are stored, unless the last fold computes them on its way.
    each: Option<Code>,
    stores: Vec<Store>,
    body: Body,
    count: usize,
    len: usize,
    /// Rows that are taken at a time.
    together: usize,
    /// Of each accumulator: bytes of an element, and whether code for elements reads it.
    accumulators: Vec<(usize, bool)>,
    /// Bytes of an element of each value that is kept for the length of a row.
    kept: Vec<usize>,
    nanoseconds: f64,
}

enum Step {
    /// Of each row: the numbers of the accumulators that it fills.
    Compute { code: Code, results: Range<usize> },
    /// `kept`: the values, before the folded ones, that later steps read again. Behind them is what it `stores`, if it does.
    Fold {
        code: Code,
        folders: Vec<Folder>,
        sizes: Vec<usize>,
        results: Range<usize>,
        kept: Range<usize>,
        stores: bool,
    },
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

/// Most bytes of the values that are kept: a share of the second-level cache.
const MOST_KEPT: usize = 1 << 17;

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
        keep_costly(&mut of_elements, &mut values, steps.iter().map(results_of).sum(), len);
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
                    compiled.push(Step::Fold {
                        code,
                        folders: folds.iter().zip(&dtypes).map(|(&fold, &dtype)| folder(fold, dtype)).collect(),
                        sizes: block.results[folded].iter().map(size).collect(),
                        results,
                        kept: kept.len()..kept.len() + own,
                        stores: stores_own,
                    });
                    kept.extend(block.results[..own].iter().map(size));
                }
            }
        }
        let elements = blocks.iter().zip(steps).filter(|(_, step)| matches!(step, RowStep::Fold { .. }));
        let elements: Vec<&Block> = elements.map(|(block, _)| block).chain([&each]).collect();
        let is_read = |n: usize| {
            let reads = |i: &Instruction| i.value == Value::Accumulator(n);
            elements.iter().any(|block| block.code.iter().any(reads))
        };
        let accumulators = accumulators.into_iter().enumerate().map(|(n, size)| (size, is_read(n))).collect();
        let mut each_code = if joined { None } else { Some(Code::new(&each, &values, &kernel.args, &shape, &axes)?) };
        each_code.iter_mut().for_each(|code| code.keep_destinations(in_place));
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
            Step::Fold { code, .. } => code.nanoseconds(count * len),
        };
        let nanoseconds = compiled.iter().map(cost).sum::<f64>()
            + each_code.iter().map(|code| code.nanoseconds(count * len)).sum::<f64>();
        Ok(Rows {
            nanoseconds: nanoseconds + body.code.nanoseconds(count) + 50.0 * count as f64,
            steps: compiled,
            each: each_code,
            stores,
            body,
            count,
            len,
            together: (TILE / len.max(1)).max(1),
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
            let results = match step {
                Step::Compute { code, results } => {
                    code.run(launch, &memory.of_rows(self), first, rows, frame, &[]);
                    for (n, result) in results.clone().enumerate() {
                        let size = self.accumulators[result].0;
                        // SAFETY: the accumulator's memory holds one element for each row.
                        unsafe { copy(code.result(n, frame), memory.accumulator(result), rows, size) };
                    }
                    results
                }
                Step::Fold { code, folders, sizes, results, kept, stores } => {
                    let carries = memory.carries;
                    for (n, folder) in folders.iter().enumerate() {
                        // SAFETY: the memory holds a carry of each fold for each row.
                        unsafe { (folder.begin)(carries.wrapping_add(n * self.together * CARRY), rows) };
                    }
                    self.pieces(code, rows, |start, len| {
                        let at = first * self.len + start;
                        let mut places: SmallVec<[*mut u8; 8]> =
                            kept.clone().map(|n| memory.kept(self, n, start)).collect();
                        if *stores {
                            // What is folded has no place.
                            places.resize(kept.len() + folders.len(), std::ptr::null_mut());
                            places.extend(self.places(launch, at));
                        }
                        code.run(launch, &memory.of_elements(self, rows, start), at, len, frame, &places);
                        for (n, &to) in places[..kept.len()].iter().enumerate() {
                            // SAFETY: the memory holds the value for all elements of the rows.
                            unsafe { copy(code.result(n, frame), to, len, self.kept[kept.start + n]) };
                        }
                        let (each, position) = if rows == 1 { (len, start) } else { (self.len, 0) };
                        for (n, folder) in folders.iter().enumerate() {
                            let values = code.values(kept.len() + n, len, sizes[n], frame);
                            let carries = carries.wrapping_add(n * self.together * CARRY);
                            // SAFETY: the run gave that many values; carries as above.
                            unsafe { (folder.rows)(values, each, position, carries, len / each.max(1)) };
                        }
                        if *stores {
                            self.store_all(launch, code, at, len, frame);
                        }
                    });
                    for (n, (folder, result)) in folders.iter().zip(results.clone()).enumerate() {
                        let carries = carries.wrapping_add(n * self.together * CARRY);
                        // SAFETY: carries and accumulators as above.
                        unsafe { (folder.finish)(carries, rows, memory.accumulator(result)) };
                    }
                    results
                }
            };
            if rows > 1 {
                results.clone().for_each(|n| memory.spread(self, n, rows));
            }
        }
        if let (Some(code), false) = (&self.each, self.stores.is_empty()) {
            let frame = worker.frames.last_mut().expect("a frame for the last code");
            self.pieces(code, rows, |start, len| {
                let at = first * self.len + start;
                let places: SmallVec<[*mut u8; 8]> = self.places(launch, at).collect();
                code.run(launch, &memory.of_elements(self, rows, start), at, len, frame, &places);
                self.store_all(launch, code, at, len, frame);
            });
        }
        self.body.run(launch, &memory.of_rows(self), first, rows, &mut worker.body);
    }

    /// Calls `evaluate` with the ranges of elements, from the first row's first one on, that make up the rows.
    fn pieces(&self, code: &Code, rows: usize, mut evaluate: impl FnMut(usize, usize)) {
        if rows > 1 || self.len <= TILE {
            return evaluate(0, rows * self.len);
        }
        let tiling = code.tiling_of(self.len);
        for number in 0..tiling.count() {
            let (start, len) = tiling.tile(number);
            evaluate(start, len);
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

fn results_of(step: &RowStep) -> usize {
    match step {
        RowStep::Compute(block) => block.results.len(),
        RowStep::Fold { folds, .. } => folds.len(),
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
            Step::Compute { code, .. } | Step::Fold { code, .. } => code.frame(),
        };
        let frames = rows.steps.iter().map(code).chain(rows.each.iter().map(Code::frame)).collect();
        let count = rows.accumulators.len();
        let accumulator_stride = (rows.together * 8).next_multiple_of(64);
        let spread = if rows.together > 1 { count * TILE * 8 } else { 0 };
        let kept_stride = (rows.together * rows.len * 8).next_multiple_of(64);
        let folds = rows.steps.iter().map(|step| match step {
            Step::Fold { folders, .. } => folders.len(),
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

    /// A kept value from an element on.
    fn kept(&self, rows: &Rows, n: usize, element: usize) -> *mut u8 {
        self.kept.wrapping_add(n * self.kept_stride + element * rows.kept[n])
    }

    /// The accumulators as code for rows reads them.
    fn of_rows(&self, rows: &Rows) -> SmallVec<[Operand; 8]> {
        let operand = |n| Operand { pointer: self.accumulator(n), uniform: false };
        (0..rows.accumulators.len()).map(operand).collect()
    }

    /// The accumulators and kept values as code for elements reads them, from an element on.
    fn of_elements(&self, rows: &Rows, count: usize, element: usize) -> SmallVec<[Operand; 8]> {
        let accumulator = |n: usize| match count {
            1 => Operand { pointer: self.accumulator(n), uniform: true },
            _ => Operand { pointer: self.spread.wrapping_add(n * TILE * 8), uniform: false },
        };
        let kept = |n| Operand { pointer: self.kept(rows, n, element), uniform: false };
        (0..rows.accumulators.len()).map(accumulator).chain((0..rows.kept.len()).map(kept)).collect()
    }

    /// Repeats each row's element of an accumulator for all elements of the row.
    fn spread(&self, rows: &Rows, n: usize, count: usize) {
        let (size, is_read) = rows.accumulators[n];
        if !is_read {
            return;
        }
        for row in 0..count {
            let from = Operand { pointer: self.accumulator(n).wrapping_add(row * size), uniform: true };
            let to = self.spread.wrapping_add(n * TILE * 8 + row * rows.len * size);
            // SAFETY: rows that are taken together fill at most a tile.
            unsafe { copy(from, to, rows.len, size) };
        }
    }
}

/// Lets the last fold, if what is stored needs no result of it, compute that on its way: as results behind its own.
fn store_in_last_fold(steps: &[RowStep], blocks: &mut [Block], each: &mut Block, values: &mut Vec<usize>) -> bool {
    let (Some(RowStep::Fold { folds, .. }), Some(fold)) = (steps.last(), blocks.last_mut()) else { return false };
    let before = steps.iter().map(results_of).sum::<usize>() - folds.len();
    let needs = |i: &Instruction| matches!(i.value, Value::Accumulator(n) if n >= before);
    if each.code.iter().any(needs) {
        return false;
    }
    let mut place: Vec<usize> = Vec::new();
    for mut instruction in each.code.drain(..) {
        instruction.value.operands_mut().into_iter().for_each(|operand| *operand = place[*operand]);
        let known = fold.code.iter().position(|other| *other == instruction);
        place.push(known.unwrap_or_else(|| {
            fold.code.push(instruction);
            fold.code.len() - 1
        }));
    }
    fold.results.extend(values.drain(..).map(|value| place[value]));
    true
}

/// Lets costly values that several blocks compute for each element be kept by the first one: as results before its own,
/// which the others read as accumulators from number `accumulators` on. `values` are those in use of the last block.
fn keep_costly(blocks: &mut [&mut Block], values: &mut [usize], accumulators: usize, len: usize) {
    // What each value is, operands by their numbers; the block that computes it first, and whether a later one does.
    let mut known: FxHashMap<Instruction, usize> = FxHashMap::default();
    let mut first: Vec<(usize, usize)> = Vec::new();
    let mut again: Vec<bool> = Vec::new();
    let mut numbers: Vec<Vec<usize>> = Vec::new();
    for (b, block) in blocks.iter().enumerate() {
        let mut own: Vec<usize> = Vec::new();
        for (n, instruction) in block.code.iter().enumerate() {
            let mut key = instruction.clone();
            key.value.operands_mut().into_iter().for_each(|operand| *operand = own[*operand]);
            let number = *known.entry(key).or_insert_with(|| {
                first.push((b, n));
                again.push(false);
                first.len() - 1
            });
            let costly = matches!(&instruction.value, Value::Elementwise { op, .. } if op.is_expensive());
            again[number] |= costly && first[number].0 < b;
            own.push(number);
        }
        numbers.push(own);
    }
    let mut kept: Vec<usize> = (0..first.len()).filter(|&number| again[number]).collect();
    kept.truncate(MOST_KEPT / (4 * len.max(1)));
    let place: FxHashMap<usize, usize> = kept.iter().enumerate().map(|(place, &number)| (number, place)).collect();
    let last = blocks.len() - 1;
    for (b, block) in blocks.iter_mut().enumerate() {
        let mut results: Vec<usize> =
            kept.iter().filter(|&&number| first[number].0 == b).map(|&number| first[number].1).collect();
        for (n, number) in numbers[b].iter().enumerate() {
            if let (Some(place), true) = (place.get(number), first[*number].0 < b) {
                block.code[n].value = Value::Accumulator(accumulators + place);
            }
        }
        results.append(&mut block.results);
        block.results = results;
        block.drop_unused(if b == last { values } else { &mut [] });
    }
}
