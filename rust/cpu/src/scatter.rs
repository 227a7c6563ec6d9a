//! Scatters: elements are added to where their positions say, in the order of the reduction.
//!
//! The output is (before, axis, after). Threads share what lies before and after the axis, so that each sum has one
//! thread and the same order for any number of them.

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Access, Block, Kernel};
use rutile_core::shape::numel;

use crate::element::{Element, register, with_element};
use crate::loops::Operand;
use crate::parallel;
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Launch, TILE};

pub struct Scatter {
    load: Code,
    add: Add,
    body: Body,
    size: usize,
    before: usize,
    axis: usize,
    after: usize,
    inner: usize,
    /// The argument that takes the sums as they are, if that is all there is to do.
    direct: Option<usize>,
}

/// Adds rows of `len` values to lines of `out`, `stride` elements apart, by their positions on an axis of `bound` lines.
///
/// # Safety
/// Positions and values must hold `rows · len` elements, and each line of `out` be writable for `len`.
type Add = unsafe fn(
    positions: Operand,
    values: *const u8,
    rows: usize,
    len: usize,
    out: *mut u8,
    stride: usize,
    bound: usize,
);

/// A part of the elements after the axis has at least this many: shorter rows are no work for a thread.
const WIDTH: usize = 256;

impl Scatter {
    pub fn new(kernel: &Kernel, load: &Block, axis: usize) -> Result<Scatter> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        let outer = kernel.out.len();
        let order: Vec<usize> = (0..axis).chain(outer..shape.len()).chain(axis + 1..outer).collect();
        let dtype = register(load.code[load.results[1]].dtype);
        let body = Body::new(&kernel.body, &kernel.stores, &kernel.args, &kernel.out)?;
        let takes_sums = |&arg: &usize| kernel.args[arg].dtype == dtype && kernel.args[arg].access == Access::Write;
        Ok(Scatter {
            load: Code::new(load, &load.results, &kernel.args, &shape, &order)?,
            add: adder(dtype),
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
        self.load.nanoseconds(elements) + elements as f64 + self.body.code.nanoseconds(self.body.code.total())
    }

    pub fn run(&self, launch: Launch) {
        let total = self.body.code.total();
        let mut scratch = Scratch::take(if self.direct.is_none() { total * self.size } else { 0 });
        let sums = Sums(self.direct.map_or_else(|| scratch.pointer(), |arg| launch.buffers[arg]));
        let width = match self.before >= 2 * parallel::threads() {
            true => self.after,
            false => self.after.div_ceil(2 * parallel::threads()).max(WIDTH).min(self.after),
        };
        let parts = self.after.div_ceil(width.max(1));
        parallel::ranges(self.before * parts, self.nanoseconds(), |tasks| {
            for task in tasks {
                let start = task % parts * width;
                self.add_up(launch, sums, task / parts, start..(start + width).min(self.after));
            }
        });
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

    /// The sums of a part of the elements after the axis, for one index before it.
    fn add_up(&self, launch: Launch, sums: Sums, before: usize, part: Range<usize>) {
        let line = |position: usize, column: usize| {
            sums.at(((before * self.axis + position) * self.after + column) * self.size)
        };
        // SAFETY (here and below): the lines lie in the sums, and this part of them belongs to this task alone.
        if part.len() == self.after {
            unsafe { line(0, 0).write_bytes(0, self.axis * self.after * self.size) };
        } else {
            (0..self.axis).for_each(|p| unsafe { line(p, part.start).write_bytes(0, part.len() * self.size) });
        }
        let mut frame = self.load.frame();
        let mut add = |first: usize, rows: usize, column: usize, len: usize| {
            let start = (before * self.inner + first) * self.after + column;
            self.load.run(launch, &[], start, rows * len, &mut frame, &[]);
            let positions = self.load.result(0, &frame);
            let values = self.load.values(1, rows * len, self.size, &mut frame);
            unsafe { (self.add)(positions, values, rows, len, line(0, column), self.after, self.axis) };
        };
        if part.len() == self.after && self.after <= TILE / 2 && self.after > 0 {
            let together = TILE / self.after;
            for first in (0..self.inner).step_by(together) {
                add(first, together.min(self.inner - first), 0, self.after);
            }
            return;
        }
        for first in 0..self.inner {
            for column in part.clone().step_by(TILE) {
                add(first, 1, column, TILE.min(part.end - column));
            }
        }
    }
}

/// The memory of the sums, of which each task fills a part.
#[derive(Clone, Copy)]
struct Sums(*mut u8);

// SAFETY: tasks write disjoint parts.
unsafe impl Send for Sums {}
// SAFETY: as above.
unsafe impl Sync for Sums {}

impl Sums {
    fn at(&self, byte: usize) -> *mut u8 {
        self.0.wrapping_add(byte)
    }
}

fn adder(dtype: DType) -> Add {
    with_element!(dtype, T => add::<T>)
}

/// # Safety
/// As for [`Add`].
unsafe fn add<T: Element>(
    positions: Operand,
    values: *const u8,
    rows: usize,
    len: usize,
    out: *mut u8,
    stride: usize,
    bound: usize,
) {
    let (all, values, out) = (positions.pointer.cast::<i32>(), values.cast::<T>(), out.cast::<T>());
    // A negative position is a large one when it is read as unsigned.
    let line = |position: i32| (position as u32 as usize) < bound;
    for row in 0..rows {
        // SAFETY: the caller's contract; a position is used only where it lies on the axis.
        unsafe {
            let own = all.add(if positions.uniform { 0 } else { row * len });
            let values = values.add(row * len);
            let one = positions.uniform || (1..len).fold(0, |differences, i| differences | (*own.add(i) ^ *own)) == 0;
            if one {
                if line(*own) {
                    let sums = out.add(*own as usize * stride);
                    for i in 0..len {
                        *sums.add(i) = (*sums.add(i)).add(*values.add(i));
                    }
                }
                continue;
            }
            for i in (0..len).filter(|&i| line(*own.add(i))) {
                let sum = out.add(*own.add(i) as usize * stride + i);
                *sum = (*sum).add(*values.add(i));
            }
        }
    }
}
