//! Scatters: elements are added to where their positions say.
//!
//! The output is (before, axis, after). Tasks share what lies before and after the axis, so that each sum has one thread.
//! Where that gives few tasks, the elements are cut into pieces with sums of their own, which are added up in order: how
//! many is a matter of sizes alone, so that results do not depend on the number of threads.

use std::ops::Range;

use rutile_core::error::Result;
use rutile_core::kernel::{Access, Block, Kernel};
use rutile_core::shape::numel;

use crate::element::{Element, register, with_element};
use crate::loops::Operand;
use crate::parallel::{self, Shared};
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Launch, TILE};

pub struct Scatter {
    positions: Code,
    values: Code,
    /// Whether all elements after the axis share their position, so that positions have no axes after it.
    one_position: bool,
    loops: Loops,
    body: Body,
    size: usize,
    before: usize,
    axis: usize,
    after: usize,
    inner: usize,
    /// The argument that takes the sums as they are, if that is all there is to do.
    direct: Option<usize>,
}

/// The loops for one dtype.
struct Loops {
    /// Adds rows of `len` values to lines of `out`, `stride` elements apart, each by its position on an axis of `bound` lines.
    ///
    /// # Safety
    /// Positions must hold as many as there are rows, values `len` for each, and each line of `out` be writable for `len`.
    rows: unsafe fn(positions: &[i32], values: *const u8, len: usize, out: *mut u8, stride: usize, bound: usize),
    /// As `rows`, where each value has its own position.
    ///
    /// # Safety
    /// Positions and values must hold `len` elements for each row, and each line of `out` be writable for `len`.
    each: unsafe fn(positions: &[i32], values: *const u8, len: usize, out: *mut u8, stride: usize, bound: usize),
    /// Adds `len` values to those in `out`.
    ///
    /// # Safety
    /// Both must hold `len` elements.
    sum: unsafe fn(values: *const u8, len: usize, out: *mut u8),
}

/// A part of the elements after the axis has at least this many: shorter rows are no work for a thread.
const WIDTH: usize = 64;
/// Elements of a piece, and most pieces.
const PIECE: usize = 1 << 16;
const MOST_PIECES: usize = 16;

impl Scatter {
    pub fn new(kernel: &Kernel, load: &Block, axis: usize) -> Result<Scatter> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        let outer = kernel.out.len();
        let order: Vec<usize> = (0..axis).chain(outer..shape.len()).chain(axis + 1..outer).collect();
        let (positions, values) = (load.part(load.results[0]), load.part(load.results[1]));
        let one_position = (axis + 1..outer).all(|after| positions.views().all(|view| view.ignores(after)));
        let position_axes = if one_position { &order[..axis + kernel.reduced.len()] } else { &order[..] };
        let dtype = register(values.code[values.results[0]].dtype);
        let body = Body::new(kernel)?;
        let takes_sums = |&arg: &usize| kernel.args[arg].dtype == dtype && kernel.args[arg].access == Access::Write;
        Ok(Scatter {
            positions: Code::new(&positions, &positions.results, &kernel.args, &shape, position_axes)?,
            values: Code::new(&values, &values.results, &kernel.args, &shape, &order)?,
            one_position,
            loops: with_element!(dtype, T => Loops { rows: add_rows::<T>, each: add_each::<T>, sum: add::<T> }),
            direct: body.plain_store().filter(takes_sums),
            body,
            size: dtype.size(),
            before: numel(&kernel.out[..axis]),
            axis: kernel.out[axis],
            after: numel(&kernel.out[axis + 1..]),
            inner: numel(&kernel.reduced),
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let elements = self.before * self.inner * self.after;
        let load = self.positions.nanoseconds(self.positions.total()) + self.values.nanoseconds(elements);
        load + elements as f64 + self.body.code.nanoseconds(self.body.code.total())
    }

    pub fn run(&self, launch: Launch) {
        let (total, pieces) = (self.body.code.total(), self.pieces());
        let own = if self.direct.is_none() { pieces } else { pieces - 1 };
        let mut scratch = Scratch::take(own * total * self.size);
        let memory = Shared(scratch.pointer());
        let sums = Shared(self.direct.map_or(memory.0, |arg| launch.buffers[arg]));
        let sums_of = |piece: usize| match piece {
            0 => sums,
            _ => Shared(memory.at((piece - 1 + self.direct.is_none() as usize) * total * self.size)),
        };
        let tasks = 2 * parallel::threads();
        let width = match self.before * pieces >= tasks {
            true => self.after,
            false => self.after.div_ceil(tasks).max(WIDTH).min(self.after),
        };
        let parts = self.after.div_ceil(width.max(1));
        parallel::ranges(self.before * pieces * parts, self.nanoseconds(), |tasks| {
            for task in tasks {
                let start = task % parts * width;
                let (before, piece) = (task / parts / pieces, task / parts % pieces);
                let rows = piece * self.inner / pieces..(piece + 1) * self.inner / pieces;
                self.add_up(launch, sums_of(piece), before, rows, start..(start + width).min(self.after));
            }
        });
        if pieces > 1 {
            parallel::ranges(total.div_ceil(TILE), (total * pieces) as f64 * 0.5, |tiles| {
                for first in tiles.map(|tile| tile * TILE) {
                    let (at, len) = (first * self.size, TILE.min(total - first));
                    // SAFETY: all sums hold this tile, which belongs to this task alone.
                    (1..pieces).for_each(|piece| unsafe { (self.loops.sum)(sums_of(piece).at(at), len, sums.at(at)) });
                }
            });
        }
        if self.direct.is_some() {
            return;
        }
        let tiling = self.body.code.tiling();
        parallel::ranges(tiling.count(), self.body.code.nanoseconds(total), |tiles| {
            let mut frame = self.body.code.frame();
            for number in tiles {
                let (start, len) = tiling.tile(number);
                let operand = Operand { pointer: sums.at(start * self.size), uniform: false };
                self.body.run(launch, &[operand], start, len, &mut frame);
            }
        });
    }

    /// How many pieces the elements are cut into: where there is little else to share, and clearing and adding up the
    /// pieces' sums costs little beside adding the elements.
    fn pieces(&self) -> usize {
        let (elements, sums) = (self.inner * self.after, self.axis * self.after);
        let shared = self.before * self.after.div_ceil(WIDTH);
        (MOST_PIECES / shared.max(1)).min(elements / PIECE).min(elements / (4 * sums).max(1)).max(1)
    }

    /// The sums of some rows of elements, for one index before the axis and a part of those after it.
    fn add_up(&self, launch: Launch, sums: Shared<u8>, before: usize, rows: Range<usize>, part: Range<usize>) {
        let line = |position: usize, column: usize| {
            sums.at(((before * self.axis + position) * self.after + column) * self.size)
        };
        // SAFETY (here and below): the lines lie in the sums, and this part of them belongs to this task alone.
        if part.len() == self.after {
            unsafe { line(0, 0).write_bytes(0, self.axis * self.after * self.size) };
        } else {
            (0..self.axis).for_each(|p| unsafe { line(p, part.start).write_bytes(0, part.len() * self.size) });
        }
        let whole = part.len() == self.after && self.after <= TILE / 2;
        let together = if whole { TILE / self.after.max(1) } else { 1 };
        let (mut at, mut frame) = (self.positions.frame(), self.values.frame());
        // All positions that fit into a tile are found at once.
        let block = if self.one_position { TILE } else { together };
        for first in rows.clone().step_by(block) {
            let count = block.min(rows.end - first);
            let first = before * self.inner + first;
            if self.one_position {
                self.positions.run(launch, &[], first, count, &mut at, &[]);
            }
            for column in part.clone().step_by(TILE) {
                let len = if whole { self.after } else { TILE.min(part.end - column) };
                for row in (0..count).step_by(together) {
                    let rows = together.min(count - row);
                    let start = (first + row) * self.after + column;
                    self.values.run(launch, &[], start, rows * len, &mut frame, &[]);
                    let values = self.values.values(0, rows * len, self.size, &mut frame);
                    let add = if self.one_position { self.loops.rows } else { self.loops.each };
                    let positions = if self.one_position {
                        &self.positions.slice::<i32>(0, count, &mut at)[row..row + rows]
                    } else {
                        self.positions.run(launch, &[], start, rows * len, &mut at, &[]);
                        self.positions.slice::<i32>(0, rows * len, &mut at)
                    };
                    unsafe { add(positions, values, len, line(0, column), self.after, self.axis) };
                }
            }
        }
    }
}

/// Whether a position lies on an axis: a negative one is a large one when it is read as unsigned.
#[inline(always)]
fn inside(position: i32, bound: usize) -> bool {
    (position as u32 as usize) < bound
}

/// # Safety
/// As for [`Loops::rows`].
unsafe fn add_rows<T: Element>(
    positions: &[i32],
    values: *const u8,
    len: usize,
    out: *mut u8,
    stride: usize,
    bound: usize,
) {
    let (values, out) = (values.cast::<T>(), out.cast::<T>());
    for (row, &position) in positions.iter().enumerate().filter(|&(_, &position)| inside(position, bound)) {
        let (values, out) = (values.wrapping_add(row * len), out.wrapping_add(position as usize * stride));
        // SAFETY: the caller's contract; a position is used only where it lies on the axis.
        unsafe {
            match len {
                1 => *out = (*out).add(*values),
                _ => add::<T>(values.cast(), len, out.cast()),
            }
        }
    }
}

/// # Safety
/// As for [`Loops::each`].
unsafe fn add_each<T: Element>(
    positions: &[i32],
    values: *const u8,
    len: usize,
    out: *mut u8,
    stride: usize,
    bound: usize,
) {
    let (values, out) = (values.cast::<T>(), out.cast::<T>());
    for (row, positions) in positions.chunks(len).enumerate() {
        for (i, &position) in positions.iter().enumerate().filter(|&(_, &position)| inside(position, bound)) {
            // SAFETY: as above.
            unsafe {
                let sum = out.add(position as usize * stride + i);
                *sum = (*sum).add(*values.add(row * len + i));
            }
        }
    }
}

/// # Safety
/// As for [`Loops::sum`].
#[inline]
unsafe fn add<T: Element>(values: *const u8, len: usize, out: *mut u8) {
    let (values, out) = (values.cast::<T>(), out.cast::<T>());
    for i in 0..len {
        // SAFETY: the caller's contract.
        unsafe { *out.add(i) = (*out.add(i)).add(*values.add(i)) };
    }
}
