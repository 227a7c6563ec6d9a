//! The evaluator: straight-line code run op by op over tiles, so that what lies between two ops stays in the cache.
//!
//! A tile is a range of the code's iteration space in row-major order. Values are slices of the tile's length, or one
//! element that stands for all (scalars, constants, broadcasts along the whole tile, and what is computed from those).

use rutile_core::error::Result;
use rutile_core::kernel::{Access, Arg, Block, Kernel, Store};
use smallvec::SmallVec;

use crate::check::Faults;
use crate::compile::{Compiler, Step, Work, assign_slots, step_cost};
use crate::convert;
use crate::cross::{Crossing, Lines};
use crate::loops::{Loop, Operand};
use crate::read::{Places, Positions, ZERO, index, valid};
use crate::scratch::Scratch;
use crate::stream::{self, Early};
use crate::view::{Extent, Rows};

/// Most elements of a tile: a slot of 4-byte elements is 4 KiB, so that some eight live values fit the first-level cache.
pub const TILE: usize = 1024;

/// What a kernel's launch works on.
#[derive(Clone, Copy)]
pub struct Launch<'a> {
    pub buffers: &'a [*mut u8],
    /// Each in its first bytes as registers hold it.
    pub scalars: &'a [[u8; 8]],
    /// The launch's number in the run, and what the run has found wrong.
    pub number: usize,
    pub faults: &'a Faults,
}

// SAFETY: threads of a launch write disjoint elements of the buffers, and read what no thread of it writes.
unsafe impl Send for Launch<'_> {}
// SAFETY: as above.
unsafe impl Sync for Launch<'_> {}

/// Compiled straight-line code over an iteration space.
pub struct Code {
    steps: Vec<Step>,
    constants: Vec<[u8; 8]>,
    results: Vec<usize>,
    slots: usize,
    slot_bytes: usize,
    total: usize,
    row: usize,
    cost: f64,
    /// The axis by which tiles are ordered, and how many loads read across it.
    crossing: Option<(Crossing, usize)>,
    /// Whether a tile fetches the next one's elements while it computes.
    fetches: bool,
}

/// The code that runs for each element of a kernel's output, and its stores.
pub struct Body {
    pub code: Code,
    stores: Vec<Target>,
    /// In which stores happen: a value that is stored as it was found may lie where another goes.
    order: Vec<usize>,
}

struct Target {
    arg: usize,
    value: usize,
    size: usize,
    /// Converts what registers hold to half precision.
    narrow: Option<Loop>,
    past_caches: bool,
}

/// One thread's registers for a piece of code.
pub struct Frame {
    scratch: Scratch,
    values: Vec<Operand>,
    lines: Vec<Lines>,
}

/// How an iteration space is cut into tiles: pieces of a row, or several whole rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tiling {
    total: usize,
    row: usize,
    tile: usize,
}

impl Body {
    /// Compiles a kernel's body over its whole output.
    pub fn new(kernel: &Kernel) -> Result<Body> {
        let Kernel { body: block, stores, args, out: shape, .. } = kernel;
        let axes: Vec<usize> = (0..shape.len()).collect();
        let values: Vec<usize> = stores.iter().map(|store| store.value).collect();
        let mut code = Code::new(block, &values, args, shape, &axes)?;
        // Half-precision values are no use where they are stored before they are narrowed.
        code.keep_destinations(|n| convert::narrow(args[stores[n].arg].dtype).is_none());
        let target = |(n, store): (usize, &Store)| {
            let dtype = args[store.arg].dtype;
            let (value, narrow) = (code.results[n], convert::narrow(dtype));
            Target { arg: store.arg, value, size: dtype.size(), narrow, past_caches: false }
        };
        let stores: Vec<Target> = stores.iter().enumerate().map(target).collect();
        let found = |&n: &usize| matches!(code.steps[stores[n].value].work, Work::Load { .. } | Work::Accumulator(_));
        let (mut order, computed): (Vec<usize>, Vec<usize>) = (0..stores.len()).partition(found);
        order.extend(computed);
        Ok(Body { code, stores, order })
    }

    /// The argument that takes accumulator 0 as it is, if that is all the body does.
    pub fn plain_store(&self) -> Option<usize> {
        match (&self.stores[..], &self.code.steps[..]) {
            ([store], [Step { work: Work::Accumulator(0), .. }]) => Some(store.arg),
            _ => None,
        }
    }

    /// Bytes of all results.
    pub fn bytes(&self) -> usize {
        self.code.total * self.stores.iter().map(|store| store.size).sum::<usize>()
    }

    /// Lets results go past the caches, and what is read be fetched early; whoever runs the code must [`finish`](Body::finish) on each thread.
    pub fn store_past_caches(&mut self) {
        self.code.keep_destinations(|_| false);
        self.code.fetches = true;
        self.stores.iter_mut().for_each(|store| store.past_caches = true);
    }

    pub fn finish(&self) {
        if self.stores.iter().any(|store| store.past_caches) {
            stream::finish();
        }
    }

    /// Arguments that the body writes.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        self.order.iter().map(|&n| self.stores[n].arg)
    }

    /// Runs and stores the range `start..start + len`, at most a tile.
    pub fn run(&self, launch: Launch, accumulators: &[Operand], start: usize, len: usize, frame: &mut Frame) {
        let at = |store: &Target| launch.buffers[store.arg].wrapping_add(start * store.size);
        let destinations: SmallVec<[*mut u8; 4]> = self.stores.iter().map(at).collect();
        self.code.run(launch, accumulators, start, len, frame, &destinations);
        self.store(&destinations, len, frame);
    }

    /// Runs and stores a range of any length, whose sums lie beside each other.
    pub fn run_all(&self, launch: Launch, sums: &[f32], start: usize, frame: &mut Frame) {
        let mut done = 0;
        while done < sums.len() {
            let count = self.code.piece(start + done, sums.len() - done);
            let operand = Operand { pointer: sums[done..].as_ptr().cast(), uniform: false };
            self.run(launch, &[operand], start + done, count, frame);
            done += count;
        }
    }

    /// As `run`, where the accumulators may lie in the memory that is stored to.
    pub fn run_over(&self, launch: Launch, accumulators: &[Operand], start: usize, len: usize, frame: &mut Frame) {
        let at = |store: &Target| launch.buffers[store.arg].wrapping_add(start * store.size);
        let destinations: SmallVec<[*mut u8; 4]> = self.stores.iter().map(at).collect();
        self.code.run(launch, accumulators, start, len, frame, &[]);
        self.store(&destinations, len, frame);
    }

    /// As `run`, where the elements lie in the output as `place` says.
    pub fn run_at(&self, launch: Launch, place: &Rows, start: usize, len: usize, frame: &mut Frame) {
        if let Extent::Consecutive(address) = place.extent(start, len) {
            let at = |store: &Target| launch.buffers[store.arg].wrapping_add(address * store.size);
            let destinations: SmallVec<[*mut u8; 4]> = self.stores.iter().map(at).collect();
            self.code.run(launch, &[], start, len, frame, &destinations);
            return self.store(&destinations, len, frame);
        }
        self.code.run(launch, &[], start, len, frame, &[]);
        for &n in &self.order {
            let (store, operand) = (&self.stores[n], frame.values[self.stores[n].value]);
            let bytes = self.code.steps[store.value].size;
            place.runs(start, len, &mut |run| {
                let skipped = if operand.uniform { 0 } else { run.at * bytes };
                let part = Operand { pointer: operand.pointer.wrapping_add(skipped), ..operand };
                store.put(part, launch.buffers[store.arg].wrapping_add(run.address as usize * store.size), run.count);
            });
        }
    }

    fn store(&self, destinations: &[*mut u8], len: usize, frame: &Frame) {
        for &n in &self.order {
            self.stores[n].put(frame.values[self.stores[n].value], destinations[n], len);
        }
    }
}

impl Target {
    /// Stores a value of `len` elements.
    fn put(&self, mut operand: Operand, destination: *mut u8, len: usize) {
        // SAFETY: the value has `len` elements, and the store's range belongs to its tile alone.
        unsafe {
            if let Some(narrow) = self.narrow {
                narrow(&[operand; 3], destination, if operand.uniform { 1 } else { len });
                operand.pointer = destination;
            }
            match self.past_caches && !operand.uniform && operand.pointer != destination.cast_const() {
                true => stream::copy(operand.pointer, destination, len * self.size),
                false => copy(operand, destination, len, self.size),
            }
        }
    }
}

impl Code {
    /// Compiles `block` over the given axes of the space `shape` that its views see; `wanted` values stay readable.
    pub fn new(block: &Block, wanted: &[usize], args: &[Arg], shape: &[usize], axes: &[usize]) -> Result<Code> {
        let in_place = args.iter().any(|arg| arg.access == Access::ReadWrite);
        let mut code = Compiler {
            block,
            args,
            axes,
            steps: Vec::new(),
            places: Vec::new(),
            constants: Vec::new(),
            row: usize::MAX,
        };
        let mut cost = 0.04;
        for (value, instruction) in block.code.iter().enumerate() {
            let in_place = in_place && wanted.contains(&value);
            code.add(instruction, in_place)?;
            cost += step_cost(&instruction.value);
        }
        let Compiler { mut steps, places, constants, row, .. } = code;
        let results: Vec<usize> = wanted.iter().map(|&value| places[value]).collect();
        for (n, step) in steps.iter_mut().enumerate().filter(|_| !in_place) {
            step.destination = results.iter().position(|&result| result == n);
        }
        let slots = assign_slots(&mut steps, &results);
        let slot_bytes = TILE * steps.iter().map(|step| step.size).max().unwrap_or(4).max(4);
        let total = axes.iter().map(|&axis| shape[axis]).product();
        Ok(Code {
            steps,
            constants,
            results,
            slots,
            slot_bytes,
            total,
            row: row.clamp(1, total.max(1)),
            cost,
            crossing: None,
            fetches: false,
        })
    }

    /// Lets only those results be computed where they are wanted of which `keep` is true.
    pub fn keep_destinations(&mut self, keep: impl Fn(usize) -> bool) {
        for step in &mut self.steps {
            step.destination = step.destination.filter(|&n| keep(n));
        }
    }

    /// Estimated nanoseconds for `elements` elements.
    pub fn nanoseconds(&self, elements: usize) -> f64 {
        self.cost * elements as f64
    }

    /// Orders tiles, where some load strides through memory, by the axis whose elements lie beside each other there.
    pub fn read_across(&mut self) {
        let tiling = self.tiling();
        let mut chosen = None;
        let mut count = 0;
        for step in &mut self.steps {
            let Work::Load { rows, lines, .. } = &mut step.work else { continue };
            let Some(crossing) = rows.crossing().filter(|crossing| crossing.suits(&tiling)) else { continue };
            if *chosen.get_or_insert(crossing) == crossing {
                *lines = Some(count);
                count += 1;
            }
        }
        self.crossing = chosen.map(|crossing| (crossing, count));
    }

    /// Start and length of the tile that is taken as the `turn`-th one.
    pub fn tile(&self, turn: usize) -> (usize, usize) {
        let tiling = self.tiling();
        tiling.tile(self.crossing.map_or(turn, |(crossing, _)| crossing.tile_at(turn, &tiling)))
    }

    /// Whether tiles have an order that some load depends on.
    pub fn reads_across(&self) -> bool {
        self.crossing.is_some()
    }

    /// Length of the piece to run from an element on, of at most `left`: ends at the end of a row, where rows are long
    /// enough to profit.
    pub fn piece(&self, start: usize, left: usize) -> usize {
        let in_row = self.row - start % self.row;
        if self.row >= TILE / 8 { left.min(TILE).min(in_row) } else { left.min(TILE) }
    }

    /// Elements of the iteration space.
    pub fn total(&self) -> usize {
        self.total
    }

    pub fn tiling(&self) -> Tiling {
        Tiling::new(self.total, self.row)
    }

    /// A tiling of `total` elements that share a larger row with this code's views.
    pub fn tiling_of(&self, total: usize) -> Tiling {
        Tiling::new(total, self.row.min(total))
    }

    /// Of the loads that vary: how many run through memory along the innermost axis, and how long their rows are at least.
    pub fn innermost_steps(&self) -> impl Iterator<Item = (Option<i64>, usize)> {
        self.steps.iter().filter_map(|step| match &step.work {
            Work::Load { rows, .. } | Work::Gather { rows, .. } => Some((rows.innermost_step(), rows.row())),
            _ => None,
        })
    }

    pub fn frame(&self) -> Frame {
        let unset = Operand { pointer: ZERO.as_ptr().cast(), uniform: true };
        Frame {
            scratch: Scratch::take((self.slots + 1) * self.slot_bytes),
            values: vec![unset; self.steps.len()],
            lines: self.crossing.map_or(Vec::new(), |(_, loads)| (0..loads).map(|_| Lines::new()).collect()),
        }
    }

    /// Evaluates the range `start..start + len`, at most a tile; `destinations` hold memory where wanted values may be put.
    pub fn run(
        &self,
        launch: Launch,
        accumulators: &[Operand],
        start: usize,
        len: usize,
        frame: &mut Frame,
        destinations: &[*mut u8],
    ) {
        debug_assert!(len > 0 && len <= TILE && start + len <= self.total);
        let slots = frame.scratch.pointer();
        let mut early: SmallVec<[Early; 4]> = SmallVec::new();
        let spare = slots.wrapping_add(self.slots * self.slot_bytes);
        for (value, step) in self.steps.iter().enumerate() {
            let slot = slots.wrapping_add(step.slot * self.slot_bytes);
            let destination = step.destination.and_then(|n| destinations.get(n).copied());
            let out = destination.unwrap_or(slot);
            let uniform = |pointer: *const u8| Operand { pointer, uniform: true };
            // SAFETY (all unsafe calls below): slots hold a tile, destinations `len` elements; addresses that a view
            // gives lie within its argument by the plan's contract; steps read only values defined before them.
            frame.values[value] = match &step.work {
                Work::Load { source, rows, copy, lines } => {
                    let base: *const u8 = launch.buffers[source.arg];
                    let places = Places { out, slot, spare };
                    let operand = match (lines, self.crossing) {
                        (Some(n), Some((crossing, _))) => unsafe {
                            source.read_across(rows, base, start, len, (crossing, &mut frame.lines[*n]), places)
                        },
                        _ => unsafe { source.read(rows, base, start, len, places) },
                    };
                    if self.fetches && !operand.uniform && operand.pointer != slot.cast_const() {
                        let later = self.steps[value..].iter().filter(|step| matches!(step.work, Work::Compute { .. }));
                        early.push(Early::new(operand.pointer, len * step.size, later.count()));
                    }
                    if *copy && operand.pointer != out.cast_const() {
                        unsafe { self::copy(operand, out, len, step.size) };
                        Operand { pointer: out, uniform: false }
                    } else {
                        operand
                    }
                }
                Work::Gather { source, rows, position, stride, bound } => {
                    let base: *const u8 = launch.buffers[source.arg];
                    let positions = frame.values[*position];
                    let places = Places { out, slot, spare };
                    unsafe {
                        if positions.uniform {
                            let position = *positions.pointer.cast::<i32>() as i64;
                            let base = base.wrapping_offset((position * stride) as isize * source.size as isize);
                            match (0..*bound).contains(&position) {
                                true => source.read(rows, base, start, len, places),
                                false => uniform(ZERO.as_ptr().cast()),
                            }
                        } else {
                            let positions = std::slice::from_raw_parts(positions.pointer.cast::<i32>(), len);
                            source.pick(
                                rows,
                                base,
                                start,
                                Positions { positions, stride: *stride, bound: *bound },
                                places,
                            )
                        }
                    }
                }
                Work::Index { rows } => unsafe {
                    index(rows, start, len, out.cast());
                    Operand { pointer: out, uniform: false }
                },
                Work::Valid { rows } => match rows.extent(start, len) {
                    // A uniform value takes a slot: a destination is for all elements.
                    Extent::Mixed => unsafe {
                        valid(rows, start, len, out);
                        Operand { pointer: out, uniform: false }
                    },
                    extent => unsafe {
                        *slot = (extent != Extent::Absent) as u8;
                        uniform(slot)
                    },
                },
                Work::Scalar(n) => uniform((&raw const launch.scalars[*n]).cast()),
                Work::Constant(n) => uniform((&raw const self.constants[*n]).cast()),
                Work::Accumulator(n) => accumulators[*n],
                Work::Check { operand, valid, check } => {
                    let (operand, valid) = (frame.values[*operand], valid.map(|valid| frame.values[valid]));
                    unsafe { check.run(operand, valid, launch.faults, launch.number, start, len) };
                    operand
                }
                Work::Compute { function, operands, arity, neutral } => {
                    let operands = operands.map(|operand| frame.values[operand]);
                    if let Some(neutral) = neutral {
                        let is_neutral = |operand: &Operand| unsafe {
                            operand.uniform
                                && std::slice::from_raw_parts(operand.pointer, step.size) == &neutral[..step.size]
                        };
                        if let Some(n) = operands[..2].iter().position(is_neutral) {
                            frame.values[value] = operands[1 - n];
                            continue;
                        }
                    }
                    let uniform = operands[..*arity].iter().all(|operand| operand.uniform);
                    // A uniform value takes a slot: a destination is for all elements.
                    let out = if uniform { slot } else { out };
                    unsafe { function(&operands, out, if uniform { 1 } else { len }) };
                    early.iter_mut().for_each(Early::fetch);
                    Operand { pointer: out, uniform }
                }
            };
        }
    }

    /// Where all results of a range lie in memory, if all that the code does is to load them; the range may be of any length.
    pub fn loaded(&self, launch: Launch, start: usize, len: usize) -> Option<*const u8> {
        let [Step { work: Work::Load { source, rows, lines: None, .. }, .. }] = &self.steps[..] else { return None };
        let Extent::Consecutive(address) = rows.extent(start, len) else { return None };
        source.widen.is_none().then(|| launch.buffers[source.arg].wrapping_add(address * source.size).cast_const())
    }

    /// Evaluates a range of any length into `out`, of elements of `size` bytes: result 0, in order.
    ///
    /// # Safety
    /// `out` must be writable for `len` elements that nobody else touches.
    pub unsafe fn run_into(
        &self,
        launch: Launch,
        start: usize,
        len: usize,
        size: usize,
        frame: &mut Frame,
        out: *mut u8,
    ) {
        let mut done = 0;
        while done < len {
            let here = start + done;
            let count = self.piece(here, len - done);
            let destination = out.wrapping_add(done * size);
            self.run(launch, &[], here, count, frame, &[destination]);
            // SAFETY: the range was checked by the caller.
            unsafe { copy(frame.values[self.results[0]], destination, count, size) };
            done += count;
        }
    }

    /// Result `n` of the last run as it lies.
    pub fn result(&self, n: usize, frame: &Frame) -> Operand {
        frame.values[self.results[n]]
    }

    /// Result `n` of the last run as `len` elements of `size` bytes, each in its own place; valid until the frame is used.
    pub fn values(&self, n: usize, len: usize, size: usize, frame: &mut Frame) -> *const u8 {
        let operand = self.result(n, frame);
        if !operand.uniform {
            return operand.pointer;
        }
        let spare = frame.scratch.pointer().wrapping_add(self.slots * self.slot_bytes);
        // SAFETY: the spare slot holds a tile.
        unsafe { copy(operand, spare, len, size) };
        spare
    }

    /// As `values`, but valid for as long as what the code reads: in memory that was loaded, or put where it has been `kept`.
    ///
    /// # Safety
    /// `kept` must be writable for `len` elements; the run may have had it for a destination.
    pub unsafe fn keep(&self, n: usize, len: usize, size: usize, frame: &mut Frame, kept: *mut u8) -> *const u8 {
        let operand = self.result(n, frame);
        let start = frame.scratch.pointer() as usize;
        let is_slot = (start..start + (self.slots + 1) * self.slot_bytes).contains(&(operand.pointer as usize));
        if !operand.uniform && !is_slot {
            return operand.pointer;
        }
        // SAFETY: the caller's contract.
        unsafe { copy(operand, kept, len, size) };
        kept
    }

    /// As `values`, as a slice.
    pub fn slice<'f, T: Copy>(&self, n: usize, len: usize, frame: &'f mut Frame) -> &'f [T] {
        let values = self.values(n, len, size_of::<T>(), frame);
        // SAFETY: there are `len` elements; the frame keeps them while it is borrowed.
        unsafe { std::slice::from_raw_parts(values.cast(), len) }
    }
}

impl Tiling {
    pub fn new(total: usize, row: usize) -> Tiling {
        let row = row.clamp(1, total.max(1));
        let tile = if row >= TILE / 4 { row.div_ceil(row.div_ceil(TILE)) } else { TILE / row * row };
        Tiling { total, row, tile }
    }

    pub fn total(&self) -> usize {
        self.total
    }

    pub fn count(&self) -> usize {
        if self.tile > self.row {
            return self.total.div_ceil(self.tile);
        }
        self.total.div_ceil(self.row) * self.row.div_ceil(self.tile)
    }

    /// The tile that holds an element.
    pub fn number_of(&self, element: usize) -> usize {
        if self.tile > self.row {
            return element / self.tile;
        }
        element / self.row * self.row.div_ceil(self.tile) + element % self.row / self.tile
    }

    /// Start and length of a tile.
    pub fn tile(&self, number: usize) -> (usize, usize) {
        if self.tile > self.row {
            let start = number * self.tile;
            return (start, self.tile.min(self.total - start));
        }
        let pieces = self.row.div_ceil(self.tile);
        let (row, piece) = (number / pieces, number % pieces);
        let start = row * self.row + piece * self.tile;
        (start, self.tile.min(self.row - piece * self.tile).min(self.total.saturating_sub(start)))
    }
}

/// Copies or splats an operand; does nothing if it lies there already.
///
/// # Safety
/// The operand must hold `len` elements of `size` bytes, `out` must be writable for as many.
pub unsafe fn copy(operand: Operand, out: *mut u8, len: usize, size: usize) {
    /// # Safety
    /// As for `copy`, of a uniform operand.
    unsafe fn splat<T: Copy>(operand: Operand, out: *mut u8, len: usize) {
        // SAFETY: the caller's contract; storages and slots are aligned for their elements.
        unsafe {
            let value = *operand.pointer.cast::<T>();
            std::slice::from_raw_parts_mut(out.cast::<T>(), len).fill(value);
        }
    }
    if operand.uniform {
        // SAFETY: the caller's contract.
        unsafe {
            match size {
                1 => splat::<u8>(operand, out, len),
                2 => splat::<u16>(operand, out, len),
                4 => splat::<u32>(operand, out, len),
                _ => splat::<u64>(operand, out, len),
            }
        }
    } else if operand.pointer != out.cast_const() {
        // SAFETY: as above; source and destination are different slots or buffers, or the same range exactly.
        unsafe { std::ptr::copy(operand.pointer, out, len * size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_the_space_once() {
        for (total, row) in
            [(0, 1), (1, 1), (5000, 5000), (5000, 1000), (3000, 1500), (4900, 49), (770, 7), (2048, 1024)]
        {
            let tiling = Tiling::new(total, row);
            let mut next = 0;
            for number in 0..tiling.count() {
                let (start, len) = tiling.tile(number);
                assert_eq!((start, tiling.number_of(start)), (next, number), "{tiling:?}");
                assert!(len <= TILE && len > 0);
                next += len;
            }
            assert_eq!(next, total, "{tiling:?}");
        }
    }
}
