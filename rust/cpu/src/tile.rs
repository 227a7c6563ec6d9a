//! The evaluator: straight-line code run op by op over tiles, so that what lies between two ops stays in the cache.
//!
//! A tile is a range of the code's iteration space in row-major order. Values are slices of the tile's length, or one
//! element that stands for all (scalars, constants, broadcasts along the whole tile, and what is computed from those).

use rutile_core::dtype::DType;
use rutile_core::elementwise::Elementwise;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{Access, Arg, Block, Instruction, Store, Value};
use rutile_core::view::View;
use smallvec::SmallVec;

use crate::loops::{self, Loop, Operand};
use crate::scratch::Scratch;
use crate::view::{Extent, Rows};

/// Most elements of a tile: a slot of it is 4 KiB, so that some eight live values fit the first-level cache.
pub const TILE: usize = 1024;

const SLOT_BYTES: usize = TILE * 4;

/// Bytes that any absent element can be read from.
static ZERO: [u64; 1] = [0];

/// What a kernel's launch works on.
#[derive(Clone, Copy)]
pub struct Launch<'a> {
    pub buffers: &'a [*mut u8],
    pub scalars: &'a [u32],
}

// SAFETY: threads of a launch write disjoint elements of the buffers, and read what no thread of it writes.
unsafe impl Send for Launch<'_> {}
// SAFETY: as above.
unsafe impl Sync for Launch<'_> {}

/// Compiled straight-line code over an iteration space.
pub struct Code {
    steps: Vec<Step>,
    constants: Vec<u32>,
    results: Vec<usize>,
    slots: usize,
    total: usize,
    row: usize,
    cost: f64,
}

/// The code that runs for each element of a kernel's output, and its stores.
pub struct Body {
    pub code: Code,
    stores: Vec<Target>,
}

struct Target {
    arg: usize,
    value: usize,
    size: usize,
}

struct Step {
    work: Work,
    slot: usize,
    size: usize,
    /// The result that is wanted in the caller's memory, and may be computed there.
    destination: Option<usize>,
}

enum Work {
    Load { arg: usize, rows: Rows, copy: bool },
    Index { rows: Rows },
    Valid { rows: Rows },
    Scalar(usize),
    Constant(usize),
    Accumulator(usize),
    Compute { function: Loop, operands: [usize; 3], arity: usize },
}

/// One thread's registers for a piece of code.
pub struct Frame {
    scratch: Scratch,
    values: Vec<Operand>,
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
    pub fn new(block: &Block, stores: &[Store], args: &[Arg], shape: &[usize]) -> Result<Body> {
        let axes: Vec<usize> = (0..shape.len()).collect();
        let values: Vec<usize> = stores.iter().map(|store| store.value).collect();
        let code = Code::new(block, &values, args, shape, &axes)?;
        let target = |store: &Store| Target { arg: store.arg, value: store.value, size: args[store.arg].dtype.size() };
        Ok(Body { code, stores: stores.iter().map(target).collect() })
    }

    /// The argument that takes accumulator 0 as it is, if that is all the body does.
    pub fn plain_store(&self) -> Option<usize> {
        match (&self.stores[..], &self.code.steps[..]) {
            ([store], [Step { work: Work::Accumulator(0), .. }]) => Some(store.arg),
            _ => None,
        }
    }

    /// Arguments that the body writes.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        self.stores.iter().map(|store| store.arg)
    }

    /// Runs and stores the range `start..start + len`, at most a tile.
    pub fn run(&self, launch: Launch, accumulators: &[Operand], start: usize, len: usize, frame: &mut Frame) {
        let at = |store: &Target| launch.buffers[store.arg].wrapping_add(start * store.size);
        let destinations: SmallVec<[*mut u8; 4]> = self.stores.iter().map(at).collect();
        self.code.run(launch, accumulators, start, len, frame, &destinations);
        self.store(&destinations, len, frame);
    }

    /// As `run`, where the accumulators may lie in the memory that is stored to.
    pub fn run_over(&self, launch: Launch, accumulators: &[Operand], start: usize, len: usize, frame: &mut Frame) {
        let at = |store: &Target| launch.buffers[store.arg].wrapping_add(start * store.size);
        let destinations: SmallVec<[*mut u8; 4]> = self.stores.iter().map(at).collect();
        self.code.run(launch, accumulators, start, len, frame, &[]);
        self.store(&destinations, len, frame);
    }

    fn store(&self, destinations: &[*mut u8], len: usize, frame: &Frame) {
        for (store, &destination) in self.stores.iter().zip(destinations) {
            let operand = frame.values[store.value];
            // SAFETY: the value has `len` elements, and the store's range belongs to this tile alone.
            unsafe { copy(operand, destination, len, store.size) };
        }
    }
}

impl Code {
    /// Compiles `block` over the given axes of the space `shape` that its views see; `wanted` values stay readable.
    pub fn new(block: &Block, wanted: &[usize], args: &[Arg], shape: &[usize], axes: &[usize]) -> Result<Code> {
        let in_place = args.iter().any(|arg| arg.access == Access::ReadWrite);
        let mut constants = Vec::new();
        let mut steps = Vec::new();
        let mut row = usize::MAX;
        let mut cost = 0.3;
        for (value, instruction) in block.code.iter().enumerate() {
            let mut rows = |view: &View| {
                let rows = Rows::new(view, axes);
                row = row.min(rows.row());
                rows
            };
            let work = match &instruction.value {
                Value::Load { arg, view } => {
                    let copy = args[*arg].access == Access::ReadWrite && wanted.contains(&value);
                    Work::Load { arg: *arg, rows: rows(view), copy }
                }
                Value::Index { view } => Work::Index { rows: rows(view) },
                Value::Valid { view } => Work::Valid { rows: rows(view) },
                Value::Scalar(n) => Work::Scalar(*n),
                Value::Constant(scalar) => {
                    constants.push(scalar.word());
                    Work::Constant(constants.len() - 1)
                }
                Value::Accumulator(n) => Work::Accumulator(*n),
                Value::Elementwise { op, operands } => compute(*op, operands, &block.code)?,
                Value::Cast(operand) => {
                    let (from, to) = (block.code[*operand].dtype, instruction.dtype);
                    let function = loops::cast(from, to)
                        .ok_or_else(|| unsupported("astype", if supports(from) { to } else { from }))?;
                    Work::Compute { function, operands: [*operand; 3], arity: 1 }
                }
            };
            if !supports(instruction.dtype) {
                return Err(unsupported("evaluation", instruction.dtype));
            }
            cost += step_cost(&instruction.value);
            let destination = if in_place { None } else { wanted.iter().position(|&want| want == value) };
            steps.push(Step { work, slot: 0, size: instruction.dtype.size(), destination });
        }
        let slots = assign_slots(&mut steps, wanted);
        let total = axes.iter().map(|&axis| shape[axis]).product();
        Ok(Code { steps, constants, results: wanted.to_vec(), slots, total, row: row.clamp(1, total.max(1)), cost })
    }

    /// Estimated nanoseconds for `elements` elements.
    pub fn nanoseconds(&self, elements: usize) -> f64 {
        self.cost * elements as f64
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
            Work::Load { rows, .. } => Some((rows.innermost_step(), rows.row())),
            _ => None,
        })
    }

    pub fn frame(&self) -> Frame {
        let unset = Operand { pointer: ZERO.as_ptr().cast(), uniform: true };
        Frame { scratch: Scratch::take((self.slots + 1) * SLOT_BYTES), values: vec![unset; self.steps.len()] }
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
        for (value, step) in self.steps.iter().enumerate() {
            let slot = slots.wrapping_add(step.slot * SLOT_BYTES);
            let destination = step.destination.and_then(|n| destinations.get(n).copied());
            let out = destination.unwrap_or(slot);
            let uniform = |pointer: *const u8| Operand { pointer, uniform: true };
            // SAFETY (all unsafe calls below): slots hold a tile, destinations `len` elements; addresses that a view
            // gives lie within its argument by the plan's contract; steps read only values defined before them.
            frame.values[value] = match &step.work {
                Work::Load { arg, rows, copy } => {
                    let base: *const u8 = launch.buffers[*arg];
                    let operand = match rows.extent(start, len) {
                        Extent::Consecutive(address) => {
                            Operand { pointer: base.wrapping_add(address * step.size), uniform: false }
                        }
                        Extent::Constant(address) => uniform(base.wrapping_add(address * step.size)),
                        Extent::Absent => uniform(ZERO.as_ptr().cast()),
                        Extent::Mixed => unsafe {
                            match step.size {
                                1 => gather::<u8>(rows, base.cast(), start, len, out),
                                _ => gather::<u32>(rows, base.cast(), start, len, out.cast()),
                            };
                            Operand { pointer: out, uniform: false }
                        },
                    };
                    if *copy && operand.pointer != out.cast_const() {
                        unsafe { self::copy(operand, out, len, step.size) };
                        Operand { pointer: out, uniform: false }
                    } else {
                        operand
                    }
                }
                Work::Index { rows } => unsafe {
                    index(rows, start, len, out.cast());
                    Operand { pointer: out, uniform: false }
                },
                Work::Valid { rows } => unsafe {
                    valid(rows, start, len, out);
                    Operand { pointer: out, uniform: false }
                },
                Work::Scalar(n) => uniform((&raw const launch.scalars[*n]).cast()),
                Work::Constant(n) => uniform((&raw const self.constants[*n]).cast()),
                Work::Accumulator(n) => accumulators[*n],
                Work::Compute { function, operands, arity } => {
                    let operands = operands.map(|operand| frame.values[operand]);
                    let uniform = operands[..*arity].iter().all(|operand| operand.uniform);
                    // A uniform value takes a slot: a destination is for all elements.
                    let out = if uniform { slot } else { out };
                    unsafe { function(&operands, out, if uniform { 1 } else { len }) };
                    Operand { pointer: out, uniform }
                }
            };
        }
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
            let left = len - done;
            // Ends at the end of a row, where rows are long enough to profit.
            let in_row = self.row - here % self.row;
            let count = if self.row >= TILE / 8 { left.min(TILE).min(in_row) } else { left.min(TILE) };
            let destination = out.wrapping_add(done * size);
            self.run(launch, &[], here, count, frame, &[destination]);
            // SAFETY: the range was checked by the caller.
            unsafe { copy(frame.values[self.results[0]], destination, count, size) };
            done += count;
        }
    }

    /// Result `n` of the last run as a slice of `len` elements, each in its own place.
    pub fn slice<'f, T: Copy>(&self, n: usize, len: usize, frame: &'f mut Frame) -> &'f [T] {
        let operand = frame.values[self.results[n]];
        let mut pointer = operand.pointer;
        if operand.uniform {
            let spare = frame.scratch.pointer().wrapping_add(self.slots * SLOT_BYTES);
            // SAFETY: the spare slot holds a tile.
            unsafe { copy(operand, spare, len, size_of::<T>()) };
            pointer = spare;
        }
        // SAFETY: a value that is not uniform holds the run's `len` elements; the frame keeps them while it is borrowed.
        unsafe { std::slice::from_raw_parts(pointer.cast(), len) }
    }
}

impl Tiling {
    pub fn new(total: usize, row: usize) -> Tiling {
        let row = row.clamp(1, total.max(1));
        let tile = if row >= TILE / 4 { row.div_ceil(row.div_ceil(TILE)) } else { TILE / row * row };
        Tiling { total, row, tile }
    }

    /// Length of a row.
    pub fn row(&self) -> usize {
        self.row
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

/// dtypes that the loops exist for.
pub fn supports(dtype: DType) -> bool {
    matches!(dtype, DType::F32 | DType::I32 | DType::U32 | DType::Bool)
}

pub fn unsupported(op: &str, dtype: DType) -> Error {
    Error::dtype(op, "float32, int32, uint32 or bool on the cpu", dtype.name())
        .hint("convert it first with x.astype(...)")
}

/// Copies or splats an operand; does nothing if it lies there already.
///
/// # Safety
/// The operand must hold `len` elements of `size` bytes, `out` must be writable for as many.
pub unsafe fn copy(operand: Operand, out: *mut u8, len: usize, size: usize) {
    if operand.uniform {
        // SAFETY: the caller's contract; storages and slots are aligned for their elements.
        unsafe {
            match size {
                1 => out.write_bytes(*operand.pointer, len),
                _ => std::slice::from_raw_parts_mut(out.cast::<u32>(), len).fill(*operand.pointer.cast::<u32>()),
            }
        }
    } else if operand.pointer != out.cast_const() {
        // SAFETY: as above; source and destination are different slots or buffers, or the same range exactly.
        unsafe { std::ptr::copy(operand.pointer, out, len * size) }
    }
}

/// Reads a range of a view, element by element where it has no simple form.
///
/// # Safety
/// The view's addresses must lie in `base`, and `out` must be writable for `len` elements.
unsafe fn gather<T: Copy + Default>(rows: &Rows, base: *const T, start: usize, len: usize, out: *mut T) {
    if rows.has_guards() {
        // SAFETY: the caller's contract; zero bytes are a zero of every element type.
        unsafe { out.write_bytes(0, len) };
    }
    rows.runs(start, len, &mut |run| {
        let mut from = base.wrapping_offset(run.address as isize);
        let mut to = out.wrapping_add(run.at);
        // SAFETY: runs stay within the range, and their addresses within the buffer.
        unsafe {
            match (run.spacing, run.step) {
                (1, 1) if run.count >= 16 => std::ptr::copy_nonoverlapping(from, to, run.count),
                (1, 1) => {
                    for i in 0..run.count {
                        *to.add(i) = *from.add(i);
                    }
                }
                (1, 0) => std::slice::from_raw_parts_mut(to, run.count).fill(*from),
                (spacing, step) => {
                    for _ in 0..run.count {
                        *to = *from;
                        from = from.wrapping_offset(step as isize);
                        to = to.wrapping_add(spacing);
                    }
                }
            }
        }
    });
}

/// # Safety
/// `out` must be writable for `len` elements.
unsafe fn index(rows: &Rows, start: usize, len: usize, out: *mut i32) {
    // SAFETY: the caller's contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, len) };
    if rows.has_guards() {
        out.fill(0);
    }
    rows.runs(start, len, &mut |run| {
        for i in 0..run.count {
            out[run.at + i * run.spacing] = (run.address + run.step * i as i64) as i32;
        }
    });
}

/// # Safety
/// `out` must be writable for `len` elements.
unsafe fn valid(rows: &Rows, start: usize, len: usize, out: *mut u8) {
    // SAFETY: the caller's contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, len) };
    out.fill(0);
    rows.runs(start, len, &mut |run| (0..run.count).for_each(|i| out[run.at + i * run.spacing] = 1));
}

fn compute(op: Elementwise, operands: &[usize], code: &[Instruction]) -> Result<Work> {
    let last = *operands.last().expect("an op has operands");
    let dtype = code[last].dtype;
    let function = loops::elementwise(op, dtype).ok_or_else(|| unsupported(op.row().name, dtype))?;
    let operand = |n: usize| operands.get(n).copied().unwrap_or(operands[0]);
    Ok(Work::Compute { function, operands: [operand(0), operand(1), operand(2)], arity: operands.len() })
}

/// Nanoseconds for one element, roughly.
fn step_cost(value: &Value) -> f64 {
    match value {
        Value::Elementwise {
            op: Elementwise::Pow | Elementwise::Remainder | Elementwise::Sin | Elementwise::Cos,
            ..
        } => 8.0,
        Value::Elementwise { op, .. } if op.is_expensive() => 1.5,
        Value::Load { view, .. } if view.levels.len() > 1 => 3.0,
        Value::Load { .. } => 0.4,
        Value::Index { .. } | Value::Valid { .. } => 0.5,
        Value::Elementwise { .. } | Value::Cast(_) => 0.12,
        Value::Scalar(_) | Value::Constant(_) | Value::Accumulator(_) => 0.0,
    }
}

/// Gives each step that needs memory a slot that no living value has; returns how many there are.
fn assign_slots(steps: &mut [Step], wanted: &[usize]) -> usize {
    let mut last_use = vec![0; steps.len()];
    for (value, step) in steps.iter().enumerate() {
        last_use[value] = last_use[value].max(value);
        if let Work::Compute { operands, .. } = &step.work {
            operands.iter().for_each(|&operand| last_use[operand] = value);
        }
    }
    wanted.iter().for_each(|&value| last_use[value] = usize::MAX);
    let (mut free, mut count) = (Vec::new(), 0);
    let mut dying: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for value in 0..steps.len() {
        let takes = !matches!(steps[value].work, Work::Scalar(_) | Work::Constant(_) | Work::Accumulator(_));
        if takes {
            steps[value].slot = free.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            if last_use[value] != usize::MAX {
                dying[last_use[value]].push(steps[value].slot);
            }
        }
        // Only now: a step's output overlaps no operand.
        free.append(&mut dying[value]);
    }
    count
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
